//! A read and a trade, written by hand as the generator writes them.

use kiwoom_api::endpoint::{Effect, Endpoint, Listing, Meta};
use kiwoom_api::record::{Keys, Num, Record, Slot};
use kiwoom_api::value::Side;
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
    fn keys(&self) -> &'static Keys {
        &Keys { api: "ka10081", record: "Bars", names: &["\"stk_cd\":", "\"base_dt\":", "\"upd_stkpc_tp\":"] }
    }
    fn slot(&mut self, index: usize) -> Slot<'_> {
        match index {
            0 => Slot::Text(&mut self.stk_cd),
            1 => Slot::Text(&mut self.base_dt),
            _ => Slot::Const("1"),
        }
    }
}

#[derive(Clone, Debug, Default)]
pub struct BarsReply {
    pub stk_cd: String,
    pub bars: Vec<Row>,
}

impl Record for BarsReply {
    fn keys(&self) -> &'static Keys {
        &Keys { api: "ka10081", record: "BarsReply", names: &["\"stk_cd\":", "\"stk_dt_pole_chart_qry\":"] }
    }
    fn slot(&mut self, index: usize) -> Slot<'_> {
        match index {
            0 => Slot::Text(&mut self.stk_cd),
            _ => Slot::List(&mut self.bars),
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
    fn keys(&self) -> &'static Keys {
        &Keys { api: "ka10081", record: "Row", names: &["\"trde_qty\":"] }
    }
    fn slot(&mut self, _: usize) -> Slot<'_> {
        Slot::Count(&mut self.trde_qty, Num::PLAIN)
    }
}

impl Endpoint for Bars {
    type Reply = BarsReply;
    type Answer = Result<Reply<BarsReply>, Error>;
    const META: &'static Meta = &Meta::new("ka10081", "/api/dostk/chart", Effect::Read).paged();
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
    fn keys(&self) -> &'static Keys {
        &Keys { api: "kt10000", record: "Order", names: &["\"stk_cd\":", "\"ord_qty\":"] }
    }
    fn slot(&mut self, index: usize) -> Slot<'_> {
        match index {
            0 => Slot::Text(&mut self.stk_cd),
            _ => Slot::Count(&mut self.ord_qty, Num::PLAIN),
        }
    }
}

#[derive(Clone, Debug, Default)]
pub struct OrderReply {
    pub ord_no: String,
}

impl Record for OrderReply {
    fn keys(&self) -> &'static Keys {
        &Keys { api: "kt10000", record: "OrderReply", names: &["\"ord_no\":"] }
    }
    fn slot(&mut self, _: usize) -> Slot<'_> {
        Slot::Text(&mut self.ord_no)
    }
}

impl Endpoint for Order {
    type Reply = OrderReply;
    type Answer = Outcome<Reply<OrderReply>>;
    const META: &'static Meta = &Meta::new("kt10000", "/api/dostk/ordr", Effect::Trade);
    const REQUIRED: &'static [usize] = &[0, 1];
}

/// A trade whose code is none of the field's.
#[derive(Clone)]
pub struct MiscodedOrder(Option<Side>);

impl MiscodedOrder {
    pub fn new() -> MiscodedOrder {
        MiscodedOrder(Some(Side::Sell))
    }
}

impl Record for MiscodedOrder {
    fn keys(&self) -> &'static Keys {
        &Keys { api: "kt10000", record: "MiscodedOrder", names: &["\"trde_tp\":"] }
    }
    fn slot(&mut self, _: usize) -> Slot<'_> {
        Slot::Code(&mut self.0, &[("0", 0)])
    }
}

impl Endpoint for MiscodedOrder {
    type Reply = OrderReply;
    type Answer = Outcome<Reply<OrderReply>>;
    const META: &'static Meta = Order::META;
    const REQUIRED: &'static [usize] = &[0];
}
