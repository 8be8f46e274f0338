//! One row of any of the broker's order lists, with the words of the lists already understood.
//!
//! Words are looked for inside texts (`BEHAVIOUR.md` N10): `현금매수`, `+매수`, `매수정정` all name the same side.

use jiff::civil::Date;
use jiff::tz::Offset;
use jiff::{Span, Timestamp};

use super::verdict::Listed;
use crate::order::{Action, Desk, Intent, OrderRef};
use crate::value::{Decimal, OrderNo, Side, Time};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// The day that was asked for.
    pub date: Date,
    pub number: OrderNo,
    pub symbol: String,
    pub side: Option<Side>,
    /// `None` where the list does not say.
    pub action: Option<Action>,
    pub original: Original,
    pub qty: Option<i64>,
    pub price: Option<Decimal>,
    pub pricing: Pricing,
    /// Blank where the list does not say.
    pub venue: String,
    /// On a margin loan; `None` where the list does not say.
    pub margin: Option<bool>,
    pub filled: Option<i64>,
    pub remaining: Option<i64>,
    pub status: String,
    pub time: Option<Time>,
    pub channel: String,
}

/// The order that a row changes or cancels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::order) enum Original {
    None,
    Number(OrderNo),
    /// The list has no such column.
    NotListed,
}

impl Original {
    /// The number, if there is one.
    pub fn number(self) -> Option<OrderNo> {
        match self {
            Original::Number(number) => Some(number),
            Original::None | Original::NotListed => None,
        }
    }
}

/// What a list calls the kind of order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pricing {
    Market,
    Limit,
    Other,
    /// A word that the documents do not list.
    Unknown,
    NotListed,
}

impl Row {
    /// As the caller sees it, who looks for `intent`.
    pub fn shown(&self, intent: &Intent) -> Listed {
        let venue = if self.venue.is_empty() { &intent.venue } else { &self.venue };
        let order = OrderRef::new(intent.desk, self.date, self.number.clone())
            .of(self.side.unwrap_or(intent.side), self.symbol.clone())
            .at(venue.clone());
        Listed {
            order: match self.original.clone().number() {
                Some(original) => order.instead_of(original),
                None => order,
            },
            qty: self.qty,
            price: self.price,
            filled: self.filled,
            remaining: self.remaining,
            time: self.time,
            status: self.status.clone(),
            channel: self.channel.clone(),
        }
    }

    /// Takes over what only another list says of the same order.
    pub fn fill(&mut self, other: &Row) {
        if self.original == Original::NotListed {
            self.original = other.original.clone();
        }
        if matches!(self.pricing, Pricing::NotListed | Pricing::Unknown) && other.pricing != Pricing::NotListed {
            self.pricing = other.pricing;
        }
        if self.channel.is_empty() {
            self.channel.clone_from(&other.channel);
        }
        self.action = self.action.or(other.action);
        self.side = self.side.or(other.side);
        self.time = self.time.or(other.time);
    }

    /// The moments that date and time of the row may stand for; none where the list names no time.
    ///
    /// Neither the zone of the times in US lists nor the day to which a night belongs is documented: all readings count.
    pub fn moments(&self, desk: Desk) -> Vec<Timestamp> {
        let Some(time) = self.time else { return Vec::new() };
        let (hours, days): (&[i8], &[i32]) = if desk == Desk::Us { (&[9, -4, -5], &[-1, 0, 1]) } else { (&[9], &[0]) };
        let days = days.iter().filter_map(|by| self.date.checked_add(Span::new().days(*by)).ok());
        let moment = |day: Date, hours: i8| Offset::constant(hours).to_timestamp(day.to_datetime(time)).ok();
        days.flat_map(|day| hours.iter().filter_map(move |hours| moment(day, *hours))).collect()
    }
}

/// Adds the rows of another list of the same orders: what both have is one row. A night's orders may stand under both of its
/// days, with the same time.
pub(super) fn join(rows: &mut Vec<Row>, others: Vec<Row>) {
    for other in others {
        let same = |row: &&mut Row| {
            let same_moment = row.date == other.date || row.time.is_some() && row.time == other.time;
            same_number(&row.number, &other.number) && row.symbol == other.symbol && same_moment
        };
        match rows.iter_mut().find(same) {
            Some(row) => row.fill(&other),
            None => rows.push(other),
        }
    }
}

/// Numbers are padded in some places and not in others (`00024` in a reply, `0000050` in a list).
pub(in crate::order) fn same_number(a: &OrderNo, b: &OrderNo) -> bool {
    bare(a) == bare(b)
}

pub(in crate::order) fn bare(number: &OrderNo) -> &str {
    number.as_str().trim_start_matches('0')
}

/// The order that `own` is about; an order that is about itself is about none.
pub(in crate::order) fn original(own: &OrderNo, number: Option<&OrderNo>) -> Original {
    match number {
        Some(number) if !bare(number).is_empty() && !same_number(own, number) => Original::Number(number.clone()),
        _ => Original::None,
    }
}

/// A side that a list gives as a code; an unlisted one is a word like others.
#[cfg_attr(not(feature = "us-account"), allow(dead_code, reason = "the US lists give codes"))]
pub(in crate::order) fn listed_side(code: Option<Side>) -> Option<Side> {
    match code? {
        Side::Unlisted(word) => side(word.as_str()),
        known => Some(known),
    }
}

pub(in crate::order) fn side(text: &str) -> Option<Side> {
    match (text.contains("매수"), text.contains("매도")) {
        (true, false) => Some(Side::Buy),
        (false, true) => Some(Side::Sell),
        _ => None,
    }
}

/// `None`: no word for a change or a cancellation.
pub(in crate::order) fn change(text: &str) -> Option<Action> {
    match (text.contains("정정"), text.contains("취소")) {
        (true, false) => Some(Action::Modify),
        (false, true) => Some(Action::Cancel),
        _ => None,
    }
}

/// Names and codes of the documents. A word that they do not list says nothing.
pub(super) fn pricing(text: &str) -> Pricing {
    /// 조건부지정가, 최유리지정가, 최우선지정가, 스톱지정가, 중간가, and the kinds outside of regular hours.
    const OTHERS: [&str; 6] = ["조건부", "최유리", "최우선", "스톱", "중간가", "시간외"];
    let kind = text.split('(').next().unwrap_or_default().trim();
    match kind {
        "보통" | "지정가" | "0" | "00" => Pricing::Limit,
        "시장가" | "3" | "03" => Pricing::Market,
        "" => Pricing::NotListed,
        _ if OTHERS.iter().any(|other| kind.starts_with(other)) => Pricing::Other,
        _ => Pricing::Unknown,
    }
}

/// Whether it is on a margin loan.
pub(in crate::order) fn margin(text: &str) -> Option<bool> {
    if ["신용", "융자", "대주", "유통"].iter().any(|word| text.contains(word)) {
        return Some(true);
    }
    ["보통", "현금"].iter().any(|word| text.contains(word)).then_some(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_the_lists() {
        for (text, want) in [
            ("현금매수", Some(Side::Buy)),
            ("+매수신용", Some(Side::Buy)),
            ("-매도", Some(Side::Sell)),
            ("", None),
            ("매도매수", None),
        ] {
            assert_eq!(side(text), want, "{text}");
        }
        for (text, want) in [("매수정정", Some(Action::Modify)), ("매도취소", Some(Action::Cancel)), ("현금매수", None)]
        {
            assert_eq!(change(text), want, "{text}");
        }
        for (text, want) in [
            ("시장가", Pricing::Market),
            ("시장가(IOC)", Pricing::Market),
            ("보통", Pricing::Limit),
            ("지정가", Pricing::Limit),
            ("보통(FOK)", Pricing::Limit),
            ("조건부지정가", Pricing::Other),
            ("최유리지정가", Pricing::Other),
            ("03", Pricing::Market),
            ("00", Pricing::Limit),
            ("31", Pricing::Unknown),
            ("VWAP", Pricing::Unknown),
            ("", Pricing::NotListed),
        ] {
            assert_eq!(pricing(text), want, "{text}");
        }
        for (text, want) in [("보통매매", Some(false)), ("유통융자", Some(true)), ("신용매수", Some(true)), ("", None)]
        {
            assert_eq!(margin(text), want, "{text}");
        }
    }

    #[test]
    fn zeros_are_no_original() {
        let own = "0000140".into();
        assert_eq!(original(&own, Some(&"0000000".into())), Original::None);
        assert_eq!(original(&own, None), Original::None);
        assert_eq!(original(&own, Some(&"140".into())), Original::None);
        assert_eq!(original(&own, Some(&"0000139".into())), Original::Number("0000139".into()));
    }
}
