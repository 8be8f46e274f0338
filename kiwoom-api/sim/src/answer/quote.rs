//! Quotes of one instrument: what most fields of most replies are about.

use kiwoom_api::jiff::civil::Date;
use kiwoom_api::registry::Entry;
use kiwoom_api::value::Decimal;

use super::form::date_text;
use super::given::{Given, Page};
use crate::envelope::Ask;
use crate::market::{Kind, OrderSide, Stock, whole};
use crate::session::clock_text;
use crate::view::View;

/// One instrument now, in the unit of its market.
#[derive(Clone, Debug)]
pub(crate) struct Quote {
    pub code: String,
    pub name: &'static str,
    pub kind: Kind,
    pub last: Decimal,
    pub open: Decimal,
    pub high: Decimal,
    pub low: Decimal,
    pub previous: Decimal,
    pub highest: Decimal,
    pub lowest: Decimal,
    pub ask: Decimal,
    pub bid: Decimal,
    pub volume: i64,
    /// That of the day before.
    pub volume_before: i64,
    /// Value of its trades, in won or dollars; of an index, that of the thousands that its volume counts.
    pub value: Decimal,
    /// Bought from the book in percent of what was sold to it (체결강도).
    pub strength: Decimal,
    pub listed: i64,
    /// The US exchange; blank for Korea.
    pub venue: &'static str,
    /// Levels of the book, the best first, where a reply may show them: price and quantity.
    pub asks: Vec<(Decimal, i64)>,
    pub bids: Vec<(Decimal, i64)>,
}

impl Quote {
    /// The state of an instrument.
    pub fn of(stock: &Stock) -> Quote {
        let number = |amount: i64| stock.listing.number(amount);
        let today = stock.today();
        let flat = stock.previous;
        Quote {
            code: stock.listing.code.to_owned(),
            name: stock.listing.name,
            kind: stock.listing.kind,
            last: number(stock.last()),
            open: number(today.map_or(flat, |bar| bar.open)),
            high: number(today.map_or(flat, |bar| bar.high)),
            low: number(today.map_or(flat, |bar| bar.low)),
            previous: number(stock.previous),
            highest: number(stock.highest()),
            lowest: number(stock.lowest()),
            ask: number(stock.best(OrderSide::Sell).unwrap_or(stock.last())),
            bid: number(stock.best(OrderSide::Buy).unwrap_or(stock.last())),
            volume: today.map_or(0, |bar| bar.volume),
            volume_before: stock.volume_before(),
            value: value_of(stock, today.map_or(0, |bar| bar.value)),
            strength: strength(stock.taken()),
            listed: stock.listing.listed,
            venue: stock.listing.venue,
            asks: Vec::new(),
            bids: Vec::new(),
        }
    }

    /// The same, with the levels of its book.
    pub fn with_book(stock: &Stock) -> Quote {
        let levels = |side| stock.levels(side).into_iter().map(|(price, qty)| (stock.listing.number(price), qty));
        let (asks, bids) = (levels(OrderSide::Sell).collect(), levels(OrderSide::Buy).collect());
        Quote { asks, bids, ..Quote::of(stock) }
    }

    /// The instrument at the end of one of its days, the newest being 0.
    pub fn of_day(stock: &Stock, place: usize) -> Option<(Date, Quote)> {
        let (day, previous, bars) = stock.days().nth(place)?;
        let bar = whole(bars)?;
        let number = |amount: i64| stock.listing.number(amount);
        let quote = Quote {
            last: number(bar.close),
            open: number(bar.open),
            high: number(bar.high),
            low: number(bar.low),
            previous: number(previous),
            ask: number(bar.close),
            bid: number(bar.close),
            volume: bar.volume,
            value: value_of(stock, bar.value),
            ..Quote::of(stock)
        };
        Some((day, quote))
    }

    /// The instrument that a request is about; one of its market if it names none.
    pub fn asked(view: &View<'_>, ask: &Ask, entry: &Entry) -> Quote {
        let named = ["stk_cd", "inds_cd"].into_iter().find_map(|key| {
            let code = ask.field(key);
            view.market.find(code).map(|stock| Quote { code: code.to_owned(), ..Quote::with_book(stock) })
        });
        named.unwrap_or_else(|| Quote::with_book(view.market.of(kind_of(entry)).next().unwrap_or(view.market.stock(0))))
    }

    /// Against the previous close.
    pub fn change(&self) -> Decimal {
        self.last - self.previous
    }

    /// The same in percent, to two places.
    pub fn rate(&self) -> Decimal {
        rate(self.change(), self.previous)
    }
}

/// `part` of `whole` in percent, to two places.
pub(crate) fn rate(part: Decimal, whole: Decimal) -> Decimal {
    part.checked_div(whole).map_or(Decimal::ZERO, |ratio| (ratio * Decimal::from(100)).round_dp(2))
}

/// The value of a bar in won or dollars.
fn value_of(stock: &Stock, value: i64) -> Decimal {
    let value = stock.listing.number(value);
    if stock.listing.kind == Kind::Index { value * Decimal::ONE_THOUSAND } else { value }
}

/// What was bought from the book in percent of what was sold to it.
pub(crate) fn strength([bought, sold]: [i64; 2]) -> Decimal {
    rate(bought.into(), sold.into())
}

/// The highest and the lowest price since a day, and when that was: day and price.
pub(super) fn extremes(stock: &Stock, days: usize, since: Date) -> Option<[(Date, i64); 2]> {
    let bars = stock.days().take(days).take_while(|(day, ..)| *day >= since);
    let bars: Vec<_> = bars.filter_map(|(day, _, bars)| Some((day, whole(bars)?))).collect();
    let high = bars.iter().max_by_key(|(_, bar)| bar.high)?;
    let low = bars.iter().min_by_key(|(_, bar)| bar.low)?;
    Some([(high.0, high.1.high), (low.0, low.1.low)])
}

/// The kind of instrument that an API is about.
pub(crate) fn kind_of(entry: &Entry) -> Kind {
    let meta = entry.meta;
    match meta.menu {
        menu if menu.starts_with("미국") => Kind::Us,
        menu if menu.ends_with("업종") => Kind::Index,
        menu if menu.ends_with("ETF") => Kind::Etf,
        _ if meta.id.starts_with("kt500") || meta.id.starts_with("ka500") || meta.korean.contains("금현물") => {
            Kind::Gold
        }
        _ => Kind::Stock,
    }
}

/// `ka10001`
pub(crate) fn stock_info(view: &View<'_>, ask: &Ask) -> Page {
    let Some(stock) = view.market.find(ask.field("stk_cd")) else { return blank() };
    let listing = stock.listing;
    // more than a whole number of 64 bits holds
    let value = i64::try_from(i128::from(stock.last()) * i128::from(listing.listed) / 100_000_000).unwrap_or(i64::MAX);
    let mut head = Given::default()
        .with("stk_cd", ask.field("stk_cd"))
        .with("stk_nm", listing.name)
        .with("flo_stk", listing.listed / 1_000)
        .with("dstr_stk", listing.listed / 1_000 * 7 / 10)
        .with("dstr_rt", Decimal::new(700, 1))
        .with("mac", value);
    if let Some([high, low]) = extremes(stock, usize::MAX, stock.day().first_of_year()) {
        head = head.price("oyr_hgst", high.1, stock.previous).price("oyr_lwst", low.1, stock.previous);
    }
    if let Some([high, low]) = extremes(stock, 250, Date::MIN) {
        let against = |price: i64| rate(Decimal::from(stock.last() - price), price.into());
        head = head
            .price("250hgst", high.1, stock.previous)
            .price("250lwst", low.1, stock.previous)
            .with("250hgst_pric_dt", date_text(high.0))
            .with("250lwst_pric_dt", date_text(low.0))
            .with("250hgst_pric_pre_rt", against(high.1))
            .with("250lwst_pric_pre_rt", against(low.1));
    }
    Page { head, ..Page::default() }
}

/// `ka10004`
pub(crate) fn book(view: &View<'_>, ask: &Ask) -> Page {
    let Some(stock) = view.market.find(ask.field("stk_cd")) else { return blank() };
    let mut head = Given::default().with("bid_req_base_tm", clock_text(view.session.second()));
    for (side, name) in [(OrderSide::Sell, "sel"), (OrderSide::Buy, "buy")] {
        let levels = stock.levels(side);
        for place in 1..=10 {
            let (price, qty) = levels.get(place - 1).copied().unwrap_or((0, 0));
            let (bid, req) = match place {
                1 => (format!("{name}_fpr_bid"), format!("{name}_fpr_req")),
                place => (format!("{name}_{place}th_pre_bid"), format!("{name}_{place}th_pre_req")),
            };
            head = head.price(bid, price, stock.previous).with(req, qty);
        }
        head = head.with(format!("tot_{name}_req"), levels.iter().map(|level| level.1).sum::<i64>());
    }
    Page { head, is_all: true, ..Page::default() }
}

/// What the broker says of a code that it does not know: nothing, and no error (`BEHAVIOUR.md` H8).
pub(crate) fn blank() -> Page {
    Page { rows: Some(vec![Given::default()]), is_all: true, is_blank: true, ..Page::default() }
}
