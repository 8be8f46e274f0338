//! Balances, from the account of the simulator. The same amounts in every reply that has them.

use kiwoom_api::value::Decimal;

use super::given::{Given, Page};
use super::quote::rate;
use crate::broker::Position;
use crate::view::View;

/// A position at the price of now; money in won.
pub(crate) struct Valued {
    pub code: &'static str,
    pub name: &'static str,
    pub qty: i64,
    pub sellable: i64,
    /// Whole won, rounded down.
    pub average: i64,
    pub last: i64,
    pub previous: i64,
    pub cost: i64,
    pub value: i64,
    pub bought_for: i64,
    pub sells_for: i64,
    pub tax: i64,
    pub bought_today: i64,
    pub sold_today: i64,
}

impl Valued {
    /// What selling now would gain, after all costs.
    pub fn profit(&self) -> i64 {
        self.value - self.cost - self.bought_for - self.sells_for - self.tax
    }

    /// All positions.
    pub fn all(view: &View<'_>) -> Vec<Valued> {
        view.account.positions().filter_map(|(code, position)| Valued::of(view, code, position)).collect()
    }

    fn of(view: &View<'_>, code: &'static str, position: &Position) -> Option<Valued> {
        let stock = view.market.find(code)?;
        let value = stock.last() * position.qty;
        let (sells_for, tax) = view.account.cost_of_sale(value, stock.listing.kind);
        Some(Valued {
            code,
            name: stock.listing.name,
            qty: position.qty,
            sellable: view.account.sellable(code),
            average: position.cost / position.qty,
            last: stock.last(),
            previous: stock.previous,
            cost: position.cost,
            value,
            bought_for: position.commission,
            sells_for,
            tax,
            bought_today: position.bought_today,
            sold_today: position.sold_today,
        })
    }
}

/// `kt00018`
pub(crate) fn balance(view: &View<'_>) -> Page {
    let all = Valued::all(view);
    let sum = |of: fn(&Valued) -> i64| all.iter().map(of).sum::<i64>();
    let (cost, value, profit) = (sum(|v| v.cost), sum(|v| v.value), sum(Valued::profit));
    let head = Given::default()
        .with("tot_pur_amt", cost)
        .with("tot_evlt_amt", value)
        .with("tot_evlt_pl", profit)
        .with("tot_prft_rt", rate(profit.into(), cost.into()))
        .with("prsm_dpst_aset_amt", view.account.cash + value)
        .with("tot_loan_amt", 0)
        .with("tot_crd_loan_amt", 0)
        .with("tot_crd_ls_amt", 0);
    let rows = all.iter().map(|v| {
        Given::default()
            .with("stk_cd", format!("A{}", v.code))
            .with("stk_nm", v.name)
            .with("evltv_prft", v.profit())
            .with("prft_rt", rate(v.profit().into(), v.cost.into()))
            .with("pur_pric", v.average)
            .with("pred_close_pric", v.previous)
            .with("rmnd_qty", v.qty)
            .with("trde_able_qty", v.sellable)
            .with("cur_prc", v.last)
            .with("pred_buyq", 0)
            .with("pred_sellq", 0)
            .with("tdy_buyq", v.bought_today)
            .with("tdy_sellq", v.sold_today)
            .with("pur_amt", v.cost)
            .with("pur_cmsn", v.bought_for)
            .with("evlt_amt", v.value)
            .with("sell_cmsn", v.sells_for)
            .with("tax", v.tax)
            .with("sum_cmsn", v.bought_for + v.sells_for)
            .with("poss_rt", rate(v.value.into(), value.into()))
            .with("crd_tp", "00")
    });
    Page { head, ..Page::rows(rows.collect()) }
}

/// `kt00001`
pub(crate) fn deposit(view: &View<'_>) -> Page {
    let account = view.account;
    let (deposit, cash, orderable) = (account.deposit, account.cash, account.orderable());
    let withdrawable = deposit.min(cash).min(orderable).max(0);
    let mut head = Given::default()
        .with("entr", deposit)
        .with("d1_entra", deposit)
        .with("d2_entra", cash)
        .with("d2_slby_exct_amt", cash - deposit)
        .with("pymn_alow_amt", withdrawable)
        .with("d1_pymn_alow_amt", withdrawable)
        .with("d2_pymn_alow_amt", withdrawable)
        .with("ord_alow_amt", orderable);
    // with less margin a deposit buys more; here every stock takes all of it
    for margin in [20, 30, 40, 50, 60, 100] {
        head = head.with(format!("{margin}stk_ord_alow_amt"), orderable);
    }
    Page { head, ..Page::rows(Vec::new()) }
}

/// `kt00004`
pub(crate) fn valuation(view: &View<'_>) -> Page {
    let all = Valued::all(view);
    let sum = |of: fn(&Valued) -> i64| all.iter().map(of).sum::<i64>();
    let (cost, value) = (sum(|v| v.cost), sum(|v| v.value));
    let head = Given::default()
        .with("acnt_nm", "시뮬레이터")
        .with("brch_nm", "시뮬레이터")
        .with("entr", view.account.deposit)
        .with("d2_entra", view.account.cash)
        .with("tot_est_amt", value)
        .with("aset_evlt_amt", view.account.cash + value)
        .with("tot_pur_amt", cost)
        .with("prsm_dpst_aset_amt", view.account.cash + value)
        .with("tdy_lspft", view.account.realized)
        .with("tdy_lspft_rt", Decimal::ZERO)
        .with("lspft_ratio", Decimal::ZERO)
        .with("lspft_rt", Decimal::ZERO);
    let rows = all.iter().map(|v| {
        Given::default()
            .with("stk_cd", format!("A{}", v.code))
            .with("stk_nm", v.name)
            .with("rmnd_qty", v.qty)
            .with("avg_prc", v.average)
            .with("cur_prc", v.last)
            .with("evlt_amt", v.value)
            .with("pl_amt", v.profit())
            .with("pl_rt", rate(v.profit().into(), v.cost.into()))
            .with("pur_amt", v.cost)
            .with("setl_remn", v.qty - v.bought_today + v.sold_today)
            .with("tdy_buyq", v.bought_today)
            .with("tdy_sellq", v.sold_today)
    });
    Page { head, ..Page::rows(rows.collect()) }
}
