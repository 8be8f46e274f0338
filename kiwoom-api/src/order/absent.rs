//! What a build without a category of orders must not offer, as code that compiles only where it does not.
//!
//! A method of a trait gives way to one of the type itself. Each function here calls such a method and demands the trait's
//! answer, so the build fails as soon as the type offers one of that name. `.ci/features` builds the subsets.
#![allow(dead_code, reason = "compiled, never called")]

use super::{Journal, Orders};
use crate::Client;

/// The answer of what is not there.
struct Absent;

/// What the types offer with the right features, under the same names.
trait WithoutFeatures: Sized {
    fn orders(&self) -> Absent {
        Absent
    }
    fn cancel_all(&self) -> Absent {
        Absent
    }
    fn cancel_all_of(&self) -> Absent {
        Absent
    }
    fn reconcile(&self) -> Absent {
        Absent
    }
    fn live(&self) -> Absent {
        Absent
    }
    fn live_us(&self) -> Absent {
        Absent
    }
}

impl WithoutFeatures for Client {}
impl WithoutFeatures for Orders {}
impl WithoutFeatures for Journal {}

#[cfg(not(any(feature = "domestic-order", feature = "domestic-margin-order", feature = "us-order")))]
fn no_orders_without_a_category_of_orders(client: &Client) -> Absent {
    client.orders()
}

#[cfg(not(any(
    all(any(feature = "domestic-order", feature = "domestic-margin-order"), feature = "domestic-account"),
    all(feature = "us-order", feature = "us-account")
)))]
fn nothing_to_cancel_without_lists(orders: &Orders) -> [Absent; 3] {
    [orders.cancel_all(), orders.cancel_all_of(), orders.reconcile()]
}

#[cfg(not(any(feature = "domestic-account", feature = "us-account")))]
fn nothing_to_reconcile_without_lists(journal: &Journal) -> Absent {
    journal.reconcile()
}

#[cfg(not(all(
    feature = "realtime",
    all(
        any(feature = "domestic-order", feature = "domestic-margin-order"),
        feature = "domestic-account",
        feature = "domestic-realtime"
    )
)))]
fn nothing_to_watch_without_pushes_and_lists(orders: &Orders) -> Absent {
    orders.live()
}

#[cfg(not(all(feature = "realtime", all(feature = "us-order", feature = "us-account", feature = "us-realtime"))))]
fn nothing_to_watch_in_the_us_without_pushes_and_lists(orders: &Orders) -> Absent {
    orders.live_us()
}

/// Kinds of orders that a draft has with the feature of its desk.
trait WithoutKinds: Sized {
    fn limit(self) -> Absent {
        Absent
    }
    fn market(self) -> Absent {
        Absent
    }
    fn on_margin(self) -> Absent {
        Absent
    }
}

impl<D, S> WithoutKinds for super::Draft<D, S> {}

#[cfg(not(feature = "domestic-order"))]
fn no_orders_of_stocks_and_gold() -> [Absent; 3] {
    use super::Order;
    use crate::value::GoldCode;

    [Order::buy("005930").limit(), Order::buy("005930").market(), Order::buy(GoldCode::from("M04020000")).limit()]
}

#[cfg(not(feature = "domestic-margin-order"))]
fn no_orders_on_margin() -> Absent {
    super::Order::buy("005930").on_margin()
}
