//! Recordings: what came over the connection, with the time at which it came, and the same typed items from it later.
//!
//! ```no_run
//! # #[cfg(feature = "domestic-realtime")] {
//! use kiwoom_api::domestic::realtime::StockTrade;
//! use kiwoom_api::realtime::{Item, Recorder, Recording, Speed, Subscription};
//!
//! # async fn example(client: kiwoom_api::Client) -> Result<(), Box<dyn std::error::Error>> {
//! let recorder = Recorder::append("2026-07-06.kwr")?;
//! let mut feed = client.realtime().topic::<StockTrade>(["005930"]).record(&recorder).open().await?;
//! while let Some(item) = feed.next().await { /* trade */ }
//! println!("{:?}", recorder.finish()?);
//!
//! // later, without keys or a network
//! let recording = Recording::open("2026-07-06.kwr")?;
//! let mut replay = Subscription::offline().topic::<StockTrade>(["005930"]).replay(recording, Speed::AtOnce)?;
//! while let Some(item) = replay.next().await {
//!     if let Item::Push(push) = item? {
//!         println!("{} {}", push.received(), push.symbol());
//!     }
//! }
//! # Ok(()) }
//! # }
//! ```
//!
//! # What a recording holds
//!
//! Every frame of the connection, whatever subscription it is for, and when connections began and ended. Account numbers and
//! tokens become zeros before anything reaches the disk; long numbers in messages, too. Nothing that was sent is recorded.
//!
//! # The format
//!
//! A file is a row of blocks and nothing else, so files may be joined. Numbers are little-endian. A block:
//!
//! | bytes | what |
//! |---|---|
//! | 4 | `KWR1` |
//! | 4 | length of the packed content |
//! | 4 | length of the content, at most 64 MiB |
//! | 4 | CRC-32 of the packed content |
//! | 4 | CRC-32 of the 16 bytes before |
//! | | the content, packed as one LZ4 block |
//!
//! The content is a row of entries:
//!
//! | bytes | what |
//! |---|---|
//! | 8 | nanoseconds since 1970-01-01 UTC, signed |
//! | 1 | kind: 0 a connection opened, 1 a frame, 2 the connection ended, 3 another session took its place, 4 frames were not recorded because the disk was slow; 128 more in the US market |
//! | 4 | length of the text |
//! | | the text, UTF-8: the frame, why the connection ended, how many frames |
//!
//! A file whose last block is not whole ends before it. A block that is whole and whose checksums are wrong is an error that
//! names it.

mod block;
mod note;
mod recorder;
mod recording;
mod redaction;
mod replay;
mod tap;
mod watch;

pub(super) use self::note::{Note, What};
pub use self::recorder::{Recorded, Recorder};
pub use self::recording::Recording;
pub(super) use self::recording::begin;
pub use self::replay::{Replay, Speed};
pub(super) use self::tap::{Tap, Taps};
pub use self::watch::WatchReplay;
