//! Order books by REST before the first push of each symbol, and again after a gap.
//!
//! A push is a whole book, so a reply is of use only until one comes: a task asks for the books one after the other, and the
//! queue takes a reply if no push of its symbol came meanwhile.

use std::collections::BTreeMap;
use std::sync::{Mutex, Weak};

use jiff::Timestamp;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::book::Book;
use super::engine::{Key, KeyItem};
use super::event::Event;
use super::hub::{lock, wake};
use super::queue::Queue;
use crate::Client;
use crate::error::{Error, Kind};
use crate::language::{Both, both, fixed};

/// An order book that was asked for by REST.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Snapshot {
    /// Its symbol, as it was subscribed to.
    pub symbol: String,
    /// When the reply came.
    pub received: Timestamp,
    /// The book.
    pub book: Book,
}

impl Snapshot {
    /// A snapshot that is received now: for tests.
    pub fn new(symbol: &str, book: Book) -> Snapshot {
        Snapshot { symbol: symbol.to_owned(), received: Timestamp::now(), book }
    }
}

/// The order books that a subscription waits for.
#[derive(Default)]
pub(super) struct Awaited {
    /// All that it wants, by symbol; none without snapshots.
    keys: Vec<Key>,
    /// Those that nothing came of yet, with the number of the question.
    open: BTreeMap<String, u64>,
    questions: u64,
    ask: Option<UnboundedSender<Question>>,
}

/// A book that is wanted, and the number of the question.
pub(super) type Question = (KeyItem, u64);

impl Awaited {
    /// Wants the books of these keys from now on.
    pub fn want(&mut self, keys: Vec<Key>) -> UnboundedReceiver<Question> {
        let (ask, questions) = unbounded_channel();
        (self.keys, self.ask) = (keys, Some(ask));
        questions
    }

    /// Everything is registered: asks for all books.
    pub fn all(&mut self) {
        self.again(&self.keys.clone());
    }

    /// Asks for the books of `keys` as far as they are wanted.
    pub fn again(&mut self, keys: &[Key]) {
        let Some(ask) = &self.ask else { return };
        for key in keys.iter().filter(|key| self.keys.contains(key)) {
            self.questions += 1;
            self.open.insert(key.item.code.as_str().to_owned(), self.questions);
            // nobody listens after the end
            let _ = ask.send((key.item.clone(), self.questions));
        }
    }

    /// A push came: it is newer than any reply.
    pub fn pushed(&mut self, topic: &str, symbol: &str) {
        if self.open.is_empty() || self.keys.first().is_none_or(|key| key.topic != topic) {
            return;
        }
        self.open.remove(symbol);
        if let Some((base, _)) = symbol.split_once('_') {
            self.open.remove(base);
        }
    }

    /// Whether a reply to this question would be of use.
    pub fn is_open(&self, symbol: &str, question: u64) -> bool {
        self.open.get(symbol) == Some(&question)
    }

    /// Whether the reply to this question is still of use; it is the last one.
    pub fn is_still(&mut self, symbol: &str, question: u64) -> bool {
        self.is_open(symbol, question) && self.open.remove(symbol).is_some()
    }
}

/// Whether books of this topic can be asked for, or why not.
pub(super) fn problem(topic: &str) -> Option<Both> {
    let missing = |feature: &'static str| {
        both!(
            "snapshots need the feature {feature} of kiwoom-api",
            "스냅샷에는 kiwoom-api의 {feature} feature가 필요합니다"
        )
    };
    match topic {
        "0D" => (!cfg!(feature = "domestic-quote")).then(|| missing("domestic-quote")),
        "FT" => (!cfg!(feature = "us-quote")).then(|| missing("us-quote")),
        _ => Some(fixed!(
            "snapshots are for order books (add the topic OrderBook)",
            "스냅샷은 호가에만 있습니다 (OrderBook 항목을 더하세요)"
        )),
    }
}

/// Answers questions until the subscription is gone.
pub(super) async fn run(client: Client, queue: Weak<Mutex<Queue>>, mut questions: UnboundedReceiver<Question>) {
    while let Some((item, question)) = questions.recv().await {
        let symbol = item.code.as_str().to_owned();
        // a push came meanwhile, or a gap with a question of its own: no call is spent on it
        let open = queue.upgrade().is_some_and(|queue| lock(&queue).awaited.is_open(&symbol, question));
        if !open {
            continue;
        }
        let fetched = fetch(&client, &item).await;
        let Some(queue) = queue.upgrade() else { return };
        wake(&queue, |queue| match fetched {
            Ok(book) => {
                let received = client.clock().wall();
                queue.snapshot(Snapshot { symbol, received, book }, question);
            }
            Err(error) => {
                if queue.awaited.is_still(&symbol, question) {
                    queue.event(Event::NoSnapshot { symbol, why: error.to_string() });
                }
            }
        });
    }
}

async fn fetch(client: &Client, item: &KeyItem) -> Result<Book, Error> {
    let (code, exchange) = (item.code.as_str(), item.exchange);
    #[cfg(feature = "domestic-quote")]
    if exchange.is_empty() {
        // the reply would be the book of KRX alone
        if code.ends_with("_AL") {
            return Err(Error::new(Kind::Realtime(fixed!(
                "there is no REST book of all venues together",
                "통합 호가의 REST 스냅샷은 없습니다"
            ))));
        }
        use crate::generated::domestic::quote::StockOrderBookSnapshot;
        return Ok(Book::from(&*client.call(StockOrderBookSnapshot::new(code)).await?));
    }
    #[cfg(feature = "us-quote")]
    if let Some(exchange) = us_exchange(exchange) {
        use crate::generated::us::quote::OrderBookSnapshot;
        return Ok(Book::from(&*client.call(OrderBookSnapshot::new(exchange, code)).await?));
    }
    let _ = client;
    Err(Error::new(Kind::Realtime(both!("{exchange} {code}: no REST book", "{exchange} {code}: REST 호가가 없습니다"))))
}

#[cfg(feature = "us-quote")]
fn us_exchange(code: &str) -> Option<crate::generated::codes::UsExchange> {
    use crate::generated::us::quote::OrderBookSnapshot;
    crate::record::meaning_in::<OrderBookSnapshot, crate::generated::codes::UsExchange>("stex_tp", code)
}
