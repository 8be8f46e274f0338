//! Live orders against what the broker has.

use std::collections::BTreeMap;
use std::time::Duration;

use kiwoom_api::order::{LiveEvent, LiveEvents, LiveOrder, LiveOrders};
use kiwoom_api::value::Decimal;

use super::market::Market;
use super::time::Patience;
use crate::support::{Broker, Placed};

/// Waits until live orders are what the broker has.
pub async fn assert_same((live, patience): (&LiveOrders, Patience), broker: &Broker, (market, who): (Market, &str)) {
    loop {
        let different = differences(live, broker, market);
        if different.is_empty() {
            return;
        }
        assert!(!patience.is_over(), "{who}: after {patience:?}: {different:#?}");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

/// What is not as the broker has it.
fn differences(live: &LiveOrders, broker: &Broker, market: Market) -> Vec<String> {
    let (placed, known) = (broker.orders(), live.all());
    let mut different: Vec<String> = placed
        .iter()
        .filter(|order| !order.is_cancellation())
        .filter_map(|order| {
            let found = known.iter().find(|known| known.order.number.as_str() == order.number);
            found
                .map_or(Some("it is not there"), |found| difference(order, found, (&placed, market)))
                .map(|what| format!("{what}: {order:?} {found:?}"))
        })
        .collect();
    let made_up = known.iter().filter(|known| placed.iter().all(|order| order.number != known.order.number.as_str()));
    different.extend(made_up.map(|known| format!("made up: {known:?}")));
    let open = placed.iter().filter(|order| order.remaining > 0).count();
    if live.open_orders().len() != open {
        different.push(format!("{open} are open, not {}", live.open_orders().len()));
    }
    different
}

fn difference(order: &Placed, known: &LiveOrder, (all, market): (&[Placed], Market)) -> Option<&'static str> {
    let taken = |request: fn(&Placed) -> bool| -> i64 {
        let requests = all.iter().filter(|other| other.original == order.number && request(other));
        requests.map(|other| other.quantity).sum()
    };
    let moved: Vec<&str> =
        known.replaced_by.iter().map(|number| number.as_str()).filter(|number| !number.is_empty()).collect();
    let changes = all.iter().filter(|other| other.original == order.number && other.is_change());
    let equal = [
        (known.ordered, order.quantity, "ordered"),
        (known.filled, order.filled(), "filled"),
        (known.remaining, order.remaining, "remaining"),
        (known.moved, taken(Placed::is_change), "moved"),
        (known.cancelled, taken(Placed::is_cancellation), "cancelled"),
        (known.unexplained, 0, "unexplained"),
    ];
    if let Some((.., what)) = equal.into_iter().find(|(known, there, _)| *known != Decimal::from(*there)) {
        return Some(what);
    }
    if known.is_done() != (order.remaining == 0) {
        return Some("done");
    }
    if !changes.map(|change| &change.number).all(|number| moved.contains(&number.as_str())) {
        return Some("replaced by");
    }
    let worth = market.money(1) * Decimal::from(order.value());
    (known.value.is_some_and(|value| value != worth)).then_some("value")
}

/// What was told of fills: quantities, and numbers.
#[derive(Debug, Default)]
pub struct Told {
    pub fills: BTreeMap<String, Decimal>,
    numbers: Vec<(String, String)>,
    pub unnumbered: usize,
}

impl Told {
    /// Everything to the end of the stream.
    pub async fn all(mut events: LiveEvents, (patience, who): (Patience, &str)) -> Told {
        let mut told = Told::default();
        while let Some(event) = patience.wait((who, "the end of the events"), events.next()).await {
            crate::support::assert_clean(&format!("{event} {event:?}"));
            let LiveEvent::Filled { fill, order } = event else { continue };
            let number = order.order.number.as_str().to_owned();
            match fill.number {
                Some(ref of) => told.numbers.push((number.clone(), of.as_str().to_owned())),
                None => told.unnumbered += 1,
            }
            assert!(fill.qty > Decimal::ZERO, "{fill:?}");
            *told.fills.entry(number).or_default() += fill.qty;
        }
        let all = told.numbers.len();
        told.numbers.sort();
        told.numbers.dedup();
        assert_eq!(told.numbers.len(), all, "{who}: a fill was told twice");
        told
    }

    /// All fills were told, whoever placed the orders; those before this life were not.
    pub fn assert_all(&self, broker: &Broker, (is_first, who): (bool, &str)) {
        for order in broker.orders() {
            let told = self.fills.get(&order.number).copied().unwrap_or_default();
            let filled = Decimal::from(order.filled());
            assert!(told <= filled, "{who}: of {order:?}, {told} were told");
            assert!(!is_first || told == filled, "{who}: of {order:?}, {told} were told");
        }
    }
}
