//! What upper floors keep with a client, each by a type of its own: clones share it, and it goes with the last of them.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// One value of each type.
#[derive(Default)]
pub(crate) struct Attached(Mutex<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>);

impl Attached {
    /// The value of this type, made when it is first asked for.
    pub fn get<T: Default + Send + Sync + 'static>(&self) -> Arc<T> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let one = all.entry(TypeId::of::<T>()).or_insert_with(|| Arc::new(T::default())).clone();
        drop(all);
        one.downcast().unwrap_or_else(|_| unreachable!("kept by its type"))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    #[test]
    fn one_of_each_type() {
        let all = Attached::default();
        all.get::<AtomicU32>().store(7, Ordering::Relaxed);
        assert_eq!(all.get::<AtomicU32>().load(Ordering::Relaxed), 7);
        assert!(!all.get::<std::sync::atomic::AtomicBool>().load(Ordering::Relaxed));
    }
}
