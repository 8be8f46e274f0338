//! A read and a trade, written by hand as the generator writes them.

use kiwoom_api::endpoint::{Effect, Endpoint, Listing, Meta, Mock, Protocol};
use kiwoom_api::record::{Num, Record, Slot, Value};
use kiwoom_api::{Error, Outcome, Reply};

/// A chart: paged, one list.
#[derive(Clone, Default)]
pub struct Bars {
    pub stk_cd: String,
    pub base_dt: String,
}

impl Bars {
    pub fn new(stk_cd: &str) -> Bars {
        Bars { stk_cd: stk_cd.into(), base_dt: String::new() }
    }
}

impl Record for Bars {
    fn keys(&self) -> &'static [&'static str] {
        &["\"stk_cd\":", "\"base_dt\":", "\"upd_stkpc_tp\":"]
    }
    fn slot(&mut self, index: usize) -> Slot<'_> {
        match index {
            0 => Slot::Text(&mut self.stk_cd),
            1 => Slot::Text(&mut self.base_dt),
            _ => Slot::Const("1"),
        }
    }
    fn value(&self, index: usize) -> Value<'_> {
        match index {
            0 => Value::Text(&self.stk_cd),
            1 => Value::Text(&self.base_dt),
            2 => Value::Const("1"),
            _ => Value::Skip,
        }
    }
}

#[derive(Clone, Debug, Default)]
pub struct BarsReply {
    pub stk_cd: String,
    pub bars: Vec<Row>,
}

impl Record for BarsReply {
    fn keys(&self) -> &'static [&'static str] {
        &["\"stk_cd\":", "\"stk_dt_pole_chart_qry\":"]
    }
    fn slot(&mut self, index: usize) -> Slot<'_> {
        match index {
            0 => Slot::Text(&mut self.stk_cd),
            _ => Slot::List(&mut self.bars),
        }
    }
    fn value(&self, index: usize) -> Value<'_> {
        match index {
            0 => Value::Text(&self.stk_cd),
            1 => Value::List(&self.bars),
            _ => Value::Skip,
        }
    }
}

impl Listing for BarsReply {
    type Row = Row;
    fn rows(&self) -> &[Row] {
        &self.bars
    }
    fn rows_mut(&mut self) -> &mut Vec<Row> {
        &mut self.bars
    }
}

#[derive(Clone, Debug, Default)]
pub struct Row {
    pub trde_qty: Option<i64>,
}

impl Record for Row {
    fn keys(&self) -> &'static [&'static str] {
        &["\"trde_qty\":"]
    }
    fn slot(&mut self, _: usize) -> Slot<'_> {
        Slot::Count(&mut self.trde_qty, Num::PLAIN)
    }
    fn value(&self, index: usize) -> Value<'_> {
        match index {
            0 => Value::Count(self.trde_qty, Num::PLAIN),
            _ => Value::Skip,
        }
    }
}

impl Endpoint for Bars {
    type Reply = BarsReply;
    type Answer = Result<Reply<BarsReply>, Error>;
    const META: &'static Meta = &Meta {
        id: "ka10081",
        name: "StockDailyChart",
        korean: "",
        menu: "",
        path: "/api/dostk/chart",
        effect: Effect::Read,
        protocol: Protocol::Rest,
        paged: true,
        mock: Mock::Yes,
    };
    const REQUIRED: &'static [usize] = &[0];
    const BLANK: &'static [usize] = &[1];
}

/// An order.
#[derive(Clone, Default)]
pub struct Order {
    pub stk_cd: String,
    pub ord_qty: Option<i64>,
}

impl Order {
    pub fn buy(stk_cd: &str, quantity: i64) -> Order {
        Order { stk_cd: stk_cd.into(), ord_qty: Some(quantity) }
    }
}

impl Record for Order {
    fn keys(&self) -> &'static [&'static str] {
        &["\"stk_cd\":", "\"ord_qty\":"]
    }
    fn slot(&mut self, index: usize) -> Slot<'_> {
        match index {
            0 => Slot::Text(&mut self.stk_cd),
            _ => Slot::Count(&mut self.ord_qty, Num::PLAIN),
        }
    }
    fn value(&self, index: usize) -> Value<'_> {
        match index {
            0 => Value::Text(&self.stk_cd),
            1 => Value::Count(self.ord_qty, Num::PLAIN),
            _ => Value::Skip,
        }
    }
}

#[derive(Clone, Debug, Default)]
pub struct OrderReply {
    pub ord_no: String,
}

impl Record for OrderReply {
    fn keys(&self) -> &'static [&'static str] {
        &["\"ord_no\":"]
    }
    fn slot(&mut self, _: usize) -> Slot<'_> {
        Slot::Text(&mut self.ord_no)
    }
    fn value(&self, index: usize) -> Value<'_> {
        match index {
            0 => Value::Text(&self.ord_no),
            _ => Value::Skip,
        }
    }
}

impl Endpoint for Order {
    type Reply = OrderReply;
    type Answer = Outcome<Reply<OrderReply>>;
    const META: &'static Meta = &Meta {
        id: "kt10000",
        name: "BuyOrder",
        korean: "",
        menu: "",
        path: "/api/dostk/ordr",
        effect: Effect::Trade,
        protocol: Protocol::Rest,
        paged: false,
        mock: Mock::KrxOnly,
    };
    const REQUIRED: &'static [usize] = &[0, 1];
}

/// A trade whose code is none of the field's.
pub struct MiscodedOrder;

struct Second;

impl kiwoom_api::value::CodeValue for Second {
    fn is_set(&self) -> bool {
        true
    }
    fn index(&self) -> Option<u8> {
        Some(1)
    }
    fn as_unlisted(&self) -> Option<&str> {
        None
    }
    fn names(&self) -> &'static [&'static str] {
        &["First", "Second"]
    }
}

impl Record for MiscodedOrder {
    fn keys(&self) -> &'static [&'static str] {
        &["\"trde_tp\":"]
    }
    fn slot(&mut self, _: usize) -> Slot<'_> {
        Slot::Const("")
    }
    fn value(&self, index: usize) -> Value<'_> {
        match index {
            0 => Value::Code(&Second, &[("0", 0)]),
            _ => Value::Skip,
        }
    }
}

impl Endpoint for MiscodedOrder {
    type Reply = OrderReply;
    type Answer = Outcome<Reply<OrderReply>>;
    const META: &'static Meta = Order::META;
    const REQUIRED: &'static [usize] = &[0];
}
