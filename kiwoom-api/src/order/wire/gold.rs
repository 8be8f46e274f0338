//! Orders of KRX gold, which has no venues.

use super::{ALL, Dispatch};
use crate::Outcome;
use crate::domestic::order::codes::GoldOrderType;
use crate::domestic::order::{GoldBuyOrder, GoldCancelOrder, GoldModifyOrder, GoldSellOrder};
use crate::order::{Action, Intent};
use crate::record::Empty;
use crate::value::{GoldCode, OrderNo, Side};

pub(super) async fn send(dispatch: Dispatch<'_>, intent: &Intent) -> Outcome<OrderNo> {
    let stk_cd = Some(GoldCode::from(intent.symbol.as_str()));
    let trde_tp = GoldOrderType::from_wire(&intent.kind);
    let orig_ord_no = intent.original.clone();
    let Intent { qty, price, .. } = *intent;
    let all_or_some = Some(qty.unwrap_or(ALL));
    match (intent.action, intent.side) {
        (Action::Place, Side::Sell) => {
            let more = GoldSellOrder::empty();
            dispatch.exchange(GoldSellOrder { stk_cd, ord_qty: qty, ord_uv: price, trde_tp, ..more }).await
        }
        (Action::Place, _) => {
            let more = GoldBuyOrder::empty();
            dispatch.exchange(GoldBuyOrder { stk_cd, ord_qty: qty, ord_uv: price, trde_tp, ..more }).await
        }
        (Action::Modify, _) => {
            let more = GoldModifyOrder { mdfy_qty: all_or_some, mdfy_uv: price, ..GoldModifyOrder::empty() };
            dispatch.exchange(GoldModifyOrder { stk_cd, orig_ord_no, ..more }).await
        }
        (Action::Cancel, _) => {
            let more = GoldCancelOrder { cncl_qty: all_or_some, ..GoldCancelOrder::empty() };
            dispatch.exchange(GoldCancelOrder { stk_cd, orig_ord_no, ..more }).await
        }
    }
}
