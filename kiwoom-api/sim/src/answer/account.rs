//! Balances, from the account of the simulator. The same amounts in every reply that has them.

use kiwoom_api::jiff::civil::Date;
use kiwoom_api::value::Decimal;

use super::form::date_text;
use super::given::{Given, Page};
use super::quote::rate;
use crate::broker::{Credit, Desk, Lot, Position, Sale};
use crate::market::Listing;
use crate::view::View;

/// A position at the price of now; money in won or cents.
pub(crate) struct Valued {
    pub listing: &'static Listing,
    /// The day of the loan, if it was bought with one.
    pub borrowed: Option<Date>,
    pub qty: i64,
    pub sellable: i64,
    /// Rounded down.
    pub average: i64,
    pub last: i64,
    pub previous: i64,
    pub cost: i64,
    pub loan: i64,
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

    /// The same in percent of what the shares cost.
    pub fn profit_rate(&self) -> Decimal {
        rate(self.profit().into(), self.cost.into())
    }

    /// All positions of a market.
    pub fn all(view: &View<'_>, desk: Desk) -> Vec<Valued> {
        view.account.positions(desk).filter_map(|(lot, position)| Valued::of(view, *lot, position)).collect()
    }

    fn of(view: &View<'_>, lot: Lot, position: &Position) -> Option<Valued> {
        let stock = view.market.find(lot.code)?;
        let value = stock.last() * position.qty;
        let (sells_for, tax) = view.account.cost_of_sale(value, stock.listing.kind);
        let credit = lot.loan.map_or(Credit::Cash, |day| Credit::Loan(Some(day)));
        Some(Valued {
            listing: stock.listing,
            borrowed: lot.loan,
            qty: position.qty,
            sellable: view.account.sellable(lot.code, credit),
            average: position.cost / position.qty,
            last: stock.last(),
            previous: stock.previous,
            cost: position.cost,
            loan: position.loan,
            value,
            bought_for: position.commission,
            sells_for,
            tax,
            bought_today: position.bought_today,
            sold_today: position.sold_today,
        })
    }

    /// How the shares were paid: code and name.
    pub fn credit(&self) -> (&'static str, &'static str) {
        if self.borrowed.is_some() { ("03", "융자") } else { ("00", "") }
    }

    /// What there was before the trades of today.
    pub fn settled(&self) -> i64 {
        self.qty - self.bought_today + self.sold_today
    }

    pub fn loan_day(&self) -> String {
        self.borrowed.map_or(String::new(), date_text)
    }
}

/// A sum over positions.
pub(crate) fn sum(all: &[Valued], of: fn(&Valued) -> i64) -> i64 {
    all.iter().map(of).sum()
}

/// Cash and positions, less what is borrowed.
pub(crate) fn assets(view: &View<'_>, all: &[Valued]) -> i64 {
    let purse = view.account.purse(Desk::Stocks);
    purse.cash + sum(all, |v| v.value) - purse.loan
}

/// `kt00018`
pub(crate) fn balance(view: &View<'_>) -> Page {
    let all = Valued::all(view, Desk::Stocks);
    let (cost, value, profit) = (sum(&all, |v| v.cost), sum(&all, |v| v.value), sum(&all, Valued::profit));
    let loan = view.account.purse(Desk::Stocks).loan;
    let head = Given::default()
        .with("tot_pur_amt", cost)
        .with("tot_evlt_amt", value)
        .with("tot_evlt_pl", profit)
        .with("tot_prft_rt", rate(profit.into(), cost.into()))
        .with("prsm_dpst_aset_amt", assets(view, &all))
        .with("tot_loan_amt", loan)
        .with("tot_crd_loan_amt", loan)
        .with("tot_crd_ls_amt", 0);
    let rows = all.iter().map(|v| {
        Given::default()
            .with("stk_cd", format!("A{}", v.listing.code))
            .with("stk_nm", v.listing.name)
            .with("evltv_prft", v.profit())
            .with("prft_rt", v.profit_rate())
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
            .with("crd_tp", v.credit().0)
            .with("crd_tp_nm", v.credit().1)
            .with("crd_loan_dt", v.loan_day())
    });
    Page { head, ..Page::rows(rows.collect()) }
}

/// Money that may be taken out.
pub(crate) fn withdrawable(view: &View<'_>) -> i64 {
    let purse = view.account.purse(Desk::Stocks);
    purse.deposit.min(purse.cash).min(view.account.orderable(Desk::Stocks)).max(0)
}

/// `kt00001`
pub(crate) fn deposit(view: &View<'_>) -> Page {
    let purse = view.account.purse(Desk::Stocks);
    let (deposit, cash, orderable) = (purse.deposit, purse.cash, view.account.orderable(Desk::Stocks));
    let withdrawable = withdrawable(view);
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
    let all = Valued::all(view, Desk::Stocks);
    let (cost, value) = (sum(&all, |v| v.cost), sum(&all, |v| v.value));
    let purse = view.account.purse(Desk::Stocks);
    let today = Desk::Stocks.exchange().day(view.session.now());
    let sales = view.account.sales(Desk::Stocks).filter(|sale| sale.day == today);
    let (realized, assets): (i64, _) = (sales.map(Sale::profit).sum(), assets(view, &all));
    let head = Given::default()
        .with("acnt_nm", "시뮬레이터")
        .with("brch_nm", "시뮬레이터")
        .with("entr", purse.deposit)
        .with("d2_entra", purse.cash)
        .with("tot_est_amt", value)
        .with("aset_evlt_amt", assets)
        .with("tot_pur_amt", cost)
        .with("prsm_dpst_aset_amt", assets)
        .with("tdy_lspft", realized)
        .with("tdy_lspft_rt", Decimal::ZERO)
        .with("lspft_ratio", Decimal::ZERO)
        .with("lspft_rt", Decimal::ZERO);
    let rows = all.iter().map(|v| {
        Given::default()
            .with("stk_cd", format!("A{}", v.listing.code))
            .with("stk_nm", v.listing.name)
            .with("rmnd_qty", v.qty)
            .with("avg_prc", v.average)
            .with("cur_prc", v.last)
            .with("evlt_amt", v.value)
            .with("pl_amt", v.profit())
            .with("pl_rt", v.profit_rate())
            .with("pur_amt", v.cost)
            .with("setl_remn", v.settled())
            .with("tdy_buyq", v.bought_today)
            .with("tdy_sellq", v.sold_today)
            .with("loan_dt", v.loan_day())
    });
    Page { head, ..Page::rows(rows.collect()) }
}
