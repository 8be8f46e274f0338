//! One API as data: its facts, and how to make its records.

use crate::endpoint::{Endpoint, Meta, Topic};
use crate::record::{Empty, Record};

/// Makes an empty record.
pub type Make = fn() -> Box<dyn Record>;

/// One API.
#[non_exhaustive]
pub struct Entry {
    /// Its static facts.
    pub meta: &'static Meta,
    /// Its request; none for topics.
    pub request: Option<Make>,
    /// Its reply, or the record of a topic.
    pub reply: Make,
    /// The record of pushes, where an API has a reply and pushes.
    pub push: Option<Make>,
    /// Keys that must have a value, as positions in the request.
    pub required: &'static [usize],
    /// Keys that are sent as `""` when unset, as positions in the request.
    pub blank: &'static [usize],
}

impl Entry {
    /// The entry of an endpoint.
    pub const fn call<R: Endpoint + Empty + 'static>() -> Entry
    where
        R::Reply: 'static,
    {
        Entry {
            meta: R::META,
            request: Some(make::<R>),
            reply: make::<R::Reply>,
            push: None,
            required: R::REQUIRED,
            blank: R::BLANK,
        }
    }

    /// The entry of a realtime topic.
    pub const fn topic<T: Topic + 'static>() -> Entry {
        Entry { meta: T::META, request: None, reply: make::<T>, push: None, required: &[], blank: &[] }
    }

    /// Adds the record of pushes.
    pub const fn push<T: Topic + 'static>(mut self) -> Entry {
        self.push = Some(make::<T>);
        self
    }
}

fn make<R: Empty + 'static>() -> Box<dyn Record> {
    Box::new(R::empty())
}
