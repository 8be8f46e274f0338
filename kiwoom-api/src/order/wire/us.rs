//! Orders of US stocks. Changes and cancellations are about the whole order, so they have no quantity.

use super::Dispatch;
use crate::Outcome;
use crate::codes::UsExchange;
use crate::order::{Action, Intent};
use crate::record::Empty;
use crate::us::order::codes::{UsBuyOrderType, UsSellOrderType};
use crate::us::order::{BuyOrder, CancelOrder, ModifyOrder, SellOrder};
use crate::value::{Decimal, OrderNo, Side, UsTicker};

pub(super) async fn send(dispatch: Dispatch<'_>, intent: &Intent) -> Outcome<OrderNo> {
    let stex_tp = UsExchange::from_wire(&intent.venue);
    let stk_cd = Some(UsTicker::from(intent.symbol.as_str()));
    let orig_ord_no = intent.original.clone();
    let (ord_qty, ord_uv, stop_pric) = (intent.qty.map(Decimal::from), intent.price, intent.stop);
    match (intent.action, intent.side) {
        (Action::Place, Side::Sell) => {
            let more = SellOrder { trde_tp: UsSellOrderType::from_wire(&intent.kind), ..SellOrder::empty() };
            dispatch.exchange(SellOrder { stex_tp, stk_cd, ord_qty, ord_uv, stop_pric, ..more }).await
        }
        (Action::Place, _) => {
            let more = BuyOrder { trde_tp: UsBuyOrderType::from_wire(&intent.kind), ..BuyOrder::empty() };
            dispatch.exchange(BuyOrder { stex_tp, stk_cd, ord_qty, ord_uv, ..more }).await
        }
        (Action::Modify, _) => {
            let more = ModifyOrder { mdfy_uv: ord_uv, stop_pric, ..ModifyOrder::empty() };
            dispatch.exchange(ModifyOrder { stex_tp, stk_cd, orig_ord_no, ..more }).await
        }
        (Action::Cancel, _) => {
            dispatch.exchange(CancelOrder { stex_tp, stk_cd, orig_ord_no, ..CancelOrder::empty() }).await
        }
    }
}
