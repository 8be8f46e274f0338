//! The decoder against `serde_json`: the same texts are accepted, and the values are equal.
//!
//! The reference is slow and independent: it walks a `serde_json::Value` and puts each text into its slot. Inputs are
//! deterministic. `KIWOOM_FUZZ=10000000 cargo test --release -p kiwoom-api --test values decode::fuzz` runs as many as wanted.

pub mod inputs;
mod reference;

use crate::decode_records::Everything;
use kiwoom_api::decode::decode;
use proptest::prelude::*;

/// Compares both decoders on `input`; `plain` inputs have neither mutations nor double keys, so anomalies must agree too.
fn compare(input: &[u8], plain: bool) -> Result<(), String> {
    let mut ours = Everything::default();
    let decoded = decode(input, &mut ours);
    let expected = serde_json::from_slice::<serde_json::Value>(input);
    let (decoded, expected) = match (decoded, expected) {
        (Ok(decoded), Ok(expected)) if expected.is_object() => (decoded, expected),
        (Err(_), Err(_)) => return Ok(()),
        (Err(_), Ok(expected)) if !expected.is_object() => return Ok(()),
        (Ok(_), Ok(_)) => return Err("accepted something that is no object".to_owned()),
        (Ok(_), Err(error)) => return Err(format!("accepted, but serde_json says: {error}")),
        (Err(error), Ok(_)) => return Err(format!("rejected: {error}")),
    };
    let mut theirs = Everything::default();
    let mut notes = reference::Notes::default();
    reference::fill(&expected, &mut theirs, &mut notes);
    // serde_json keeps a number that is no integer as f64: its text is lost
    if notes.floats {
        return Ok(());
    }
    reference::equal(&mut ours, &mut theirs)?;
    if plain {
        let mut found: Vec<_> = decoded.anomalies().iter().map(|a| (a.path.clone(), a.kind)).collect();
        found.sort_by(|a, b| a.0.cmp(&b.0));
        notes.doubts.sort_by(|a, b| a.0.cmp(&b.0));
        if found != notes.doubts {
            return Err(format!("anomalies {found:?} instead of {:?}", notes.doubts));
        }
    }
    Ok(())
}

#[test]
fn agrees_with_serde_json() {
    let count: u64 = std::env::var("KIWOOM_FUZZ").ok().and_then(|count| count.parse().ok()).unwrap_or(20_000);
    let threads = std::thread::available_parallelism().map_or(1, |threads| threads.get() as u64);
    let start = std::time::Instant::now();
    let accepted: u64 = std::thread::scope(|scope| {
        let work = |first: u64| move || (first..count).step_by(threads as usize).map(try_seed).sum::<u64>();
        let workers: Vec<_> = (0..threads).map(|first| scope.spawn(work(first))).collect();
        workers.into_iter().map(|worker| worker.join().expect("agreement")).sum()
    });
    println!("{count} inputs, {accepted} of them accepted, {:?}", start.elapsed());
    assert!(accepted > count / 4, "the inputs are too broken to say much");
}

/// 1 if the input of this seed was accepted (by both).
fn try_seed(seed: u64) -> u64 {
    let input = inputs::input(seed);
    if let Err(problem) = compare(&input.bytes, input.plain) {
        panic!("seed {seed}: {problem}\n{}", String::from_utf8_lossy(&input.bytes));
    }
    u64::from(decode(&input.bytes, &mut Everything::default()).is_ok())
}

proptest! {
    #[test]
    fn agrees_on_any_text(text in "\\PC*") {
        prop_assert_eq!(compare(text.as_bytes(), false), Ok(()));
    }

    #[test]
    fn agrees_on_any_value_of_any_key(index in 0usize..34, text in "[-+ .,%0-9A-Z:_|가-힣\\\\\"]{0,24}") {
        use kiwoom_api::record::Record;
        let key = Everything::default().keys()[index];
        let value = serde_json::to_string(&text).expect("text");
        prop_assert_eq!(compare(format!("{{{key}{value}}}").as_bytes(), true), Ok(()));
    }

    #[test]
    fn agrees_on_any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
        prop_assert_eq!(compare(&bytes, false), Ok(()));
    }
}
