//! Turns a panic of the workbook reader into an error.
//!
//! Last resort: calamine adds up cell references without overflow checks (`ZZZZZZZZ1` panics in a
//! build that checks arithmetic), and the whole of a third-party reader cannot be proved free of panics.

use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

thread_local! {
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

/// Runs `work`; a panic becomes its message and prints nothing.
pub(super) fn caught<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    // The hook belongs to the process: it is chained once, and silent only on this thread during `work`.
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let previous = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !QUIET.get() {
                previous(info);
            }
        }));
    });
    let before = QUIET.replace(true);
    let result = panic::catch_unwind(AssertUnwindSafe(work));
    QUIET.set(before);
    result.map_err(|cause| {
        let text = cause.downcast_ref::<&str>().copied();
        text.or_else(|| cause.downcast_ref::<String>().map(String::as_str)).unwrap_or("no reason given").to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dump_guard_gives_the_reason_of_a_panic() {
        assert_eq!(caught(|| 7), Ok(7));
        assert_eq!(caught(|| -> u8 { panic!("cell {}", 3) }), Err("cell 3".to_owned()));
    }
}
