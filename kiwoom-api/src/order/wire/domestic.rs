//! Orders of domestic stocks. The desks for cash and for margin loans take the same fields; sales that repay a loan take two more.

use super::{ALL, Dispatch};
use crate::Outcome;
use crate::codes::{OrderType, OrderVenue};
use crate::order::{Action, Intent};
use crate::record::Empty;
use crate::value::{OrderNo, Side, StockCode};

/// The function of one desk: its requests, and what its sales take besides the common fields.
macro_rules! desk {
    ($menu:ident::$desk:ident: $buy:ident, $sell:ident ($($more:ident: $what:path),*), $modify:ident, $cancel:ident) => {
        pub(super) async fn $desk(dispatch: Dispatch<'_>, intent: &Intent) -> Outcome<OrderNo> {
            use crate::domestic::$menu::{$buy, $cancel, $modify, $sell};

            let dmst_stex_tp = OrderVenue::from_wire(&intent.venue);
            let trde_tp = OrderType::from_wire(&intent.kind);
            let stk_cd = Some(StockCode::from(intent.symbol.as_str()));
            let orig_ord_no = intent.original.clone();
            let Intent { qty, price, stop, .. } = *intent;
            match (intent.action, intent.side) {
                (Action::Place, side) => {
                    let (ord_qty, ord_uv, cond_uv) = (qty, price, stop);
                    if side == Side::Sell {
                        $(let $more = $what(intent);)*
                        let more = $sell { $($more,)* ..$sell::empty() };
                        dispatch.exchange($sell { dmst_stex_tp, stk_cd, ord_qty, ord_uv, trde_tp, cond_uv, ..more }).await
                    } else {
                        let more = $buy::empty();
                        dispatch.exchange($buy { dmst_stex_tp, stk_cd, ord_qty, ord_uv, trde_tp, cond_uv, ..more }).await
                    }
                }
                (Action::Modify, _) => {
                    let (mdfy_qty, mdfy_uv, mdfy_cond_uv) = (Some(qty.unwrap_or(ALL)), price, stop);
                    let more = $modify { mdfy_qty, mdfy_uv, mdfy_cond_uv, ..$modify::empty() };
                    dispatch.exchange($modify { dmst_stex_tp, orig_ord_no, stk_cd, ..more }).await
                }
                (Action::Cancel, _) => {
                    let more = $cancel { cncl_qty: Some(qty.unwrap_or(ALL)), ..$cancel::empty() };
                    dispatch.exchange($cancel { dmst_stex_tp, orig_ord_no, stk_cd, ..more }).await
                }
            }
        }
    };
}

#[cfg(feature = "domestic-order")]
desk!(order::stock: BuyOrder, SellOrder(), ModifyOrder, CancelOrder);

#[cfg(feature = "domestic-margin-order")]
desk!(
    margin_order::margin: MarginBuyOrder,
    MarginSellOrder(crd_deal_tp: repayment::whole, crd_loan_dt: repayment::loan),
    MarginModifyOrder,
    MarginCancelOrder
);

/// Which loan a sale repays.
#[cfg(feature = "domestic-margin-order")]
mod repayment {
    use crate::domestic::margin_order::codes::MarginRepayment;
    use crate::order::{Intent, Repay};
    use crate::value::Date;

    pub fn whole(intent: &Intent) -> Option<MarginRepayment> {
        Some(match intent.repay? {
            Repay::AllLoans => MarginRepayment::AllLoans,
            Repay::LoanOf(_) => MarginRepayment::OneLoan,
        })
    }

    pub fn loan(intent: &Intent) -> Option<Date> {
        match intent.repay? {
            Repay::AllLoans => None,
            Repay::LoanOf(date) => Some(date),
        }
    }
}
