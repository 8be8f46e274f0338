//! US balances and deposits, to the cent.

use kiwoom_api::jiff::ToSpan;
use kiwoom_api::value::Decimal;

use super::{RATE, each, is_about, row, usd, won};
use crate::answer::account::{Valued, sum};
use crate::answer::form::date_text;
use crate::answer::given::{Given, Page};
use crate::answer::ledger::affordable;
use crate::answer::quote::rate;
use crate::broker::{Desk, Sale};
use crate::envelope::Ask;
use crate::market::Stock;
use crate::view::View;

/// `ust21070`
pub(crate) fn balance(view: &View<'_>, ask: &Ask) -> Page {
    let all: Vec<Valued> = Valued::all(view, Desk::Us).into_iter().filter(|v| is_about(v.listing, ask)).collect();
    let (cost, value, profit) = (sum(&all, |v| v.cost), sum(&all, |v| v.value), sum(&all, Valued::profit));
    let today = Desk::Us.exchange().day(view.session.now());
    let sold = || view.account.sales(Desk::Us).filter(|sale| sale.day == today && is_about(sale.listing, ask));
    let (book, gained) = (sold().map(|sale| sale.cost).sum::<i64>(), sold().map(Sale::profit).sum::<i64>());
    let head = Given::default()
        .with("stex_tp", ask.field("stex_tp"))
        .with("crnc_code", "USD")
        .with("tot_evlt_amt", usd(value))
        .with("tot_prch_amt", usd(cost))
        .with("tot_pl_amt", usd(profit))
        .with("tot_pl_rt", rate(profit.into(), cost.into()))
        .with("tdy_book_amt", usd(book))
        .with("tdy_pl_amt", usd(gained))
        .with("tdy_pl_rt", rate(gained.into(), book.into()))
        .with("tot_evlt_amt_krw", won(value))
        .with("tot_prch_amt_krw", won(cost))
        .with("tot_pl_amt_krw", won(profit))
        .with("tdy_book_amt_krw", won(book))
        .with("tdy_pl_amt_krw", won(gained));
    Page { head, ..Page::rows(all.iter().map(held).collect()) }
}

fn held(v: &Valued) -> Given {
    row(v.listing)
        .with("qty", v.settled())
        .with("poss_qty", v.qty)
        .with("sell_alowq", v.sellable)
        .with("tdy_cntr_sellq", v.sold_today)
        .with("tdy_cntr_buyq", v.bought_today)
        .with("frgn_stk_book_uv", each(v.cost, v.qty))
        .with("now_pric", usd(v.last))
        .with("evlt_amt", usd(v.value))
        .with("pl_amt", usd(v.profit()))
        .with("pl_rt", v.profit_rate())
        .with("evlt_amt_krw", won(v.value))
        .with("pl_amt_krw", won(v.profit()))
        .with("frgn_stk_book_uv_krw", won(v.average))
        .with("now_pric_krw", won(v.last))
        .with("frgn_stk_book_amt", usd(v.cost))
        .with("frgn_stk_book_amt_krw", won(v.cost))
}

/// Cash, what may be taken out, what may be ordered for; in cents.
fn cash(view: &View<'_>) -> (i64, i64, i64) {
    let (purse, orderable) = (view.account.purse(Desk::Us), view.account.orderable(Desk::Us));
    (purse.cash, purse.deposit.min(purse.cash).min(orderable).max(0), orderable)
}

/// `ust21110`
pub(crate) fn deposit(view: &View<'_>) -> Page {
    let (cash, withdrawable, orderable) = cash(view);
    let dollars = Given::default()
        .with("crnc_code", "USD")
        .with("crnc_nm", "미국 달러")
        .with("fc_entra", usd(cash))
        .with("fc_pymn_alowa", usd(withdrawable))
        .with("fc_booka", won(cash))
        .with("fc_ord_alowa", usd(orderable));
    let head = Given::default().with("krw_entra", view.account.purse(Desk::Stocks).cash);
    Page { head, ..Page::rows(vec![dollars]) }
}

/// `ust21160`
pub(crate) fn deposit_detail(view: &View<'_>) -> Page {
    let purse = view.account.purse(Desk::Us);
    let mut head = Given::default()
        .with("won_entr", view.account.purse(Desk::Stocks).cash)
        .with("usd_exch_rate", Decimal::new(RATE * 100, 2));
    for ahead in 0..=4_i64 {
        let day = date_text(view.session.today().saturating_add(ahead.days()));
        let cents = if ahead == 0 { purse.deposit } else { purse.cash };
        head = head
            .with(format!("d{ahead}_setl_dt"), day)
            .with(format!("d{ahead}_usd_fx_entr"), usd(cents))
            .with(format!("d{ahead}_won_conv_alow_ch"), won(cents));
    }
    head = head.with("d1_usd_exct_amt", usd(purse.cash - purse.deposit));
    Page { head, ..Page::rows(Vec::new()) }
}

/// `ust21120`
pub(crate) fn by_currency(view: &View<'_>) -> Page {
    let (value, cash) = (sum(&Valued::all(view, Desk::Us), |v| v.value), view.account.purse(Desk::Us).cash);
    let dollars = Given::default()
        .with("crnc_code", "USD")
        .with("fx_entr", usd(cash))
        .with("evlt_amt", usd(value))
        .with("crnc_rt", Decimal::from(RATE))
        .with("chg_entr", won(cash))
        .with("chg_evlt_amt", won(value))
        .with("evlt_amt_wght", Decimal::from(100));
    let krw = view.account.purse(Desk::Stocks).cash;
    let head = Given::default().with("won_entr", krw).with("aset_evlt_amt", krw + won(cash) + won(value));
    Page { head, ..Page::rows(vec![dollars]) }
}

/// `ust31490`
pub(crate) fn orderable_qty(view: &View<'_>, ask: &Ask) -> Page {
    let (cash, _, orderable) = cash(view);
    let price: Decimal = ask.field("uv").parse().unwrap_or_default();
    let cents = price.checked_mul(Decimal::ONE_HUNDRED).map_or(0, |cents| i64::try_from(cents.ceil()).unwrap_or(0));
    let qty = affordable(view, Desk::Us, cents);
    let mut head = Given::default()
        .with("crnc_code", "USD")
        .with("krw_ord_rqst_yn", "N")
        .with("krw_entra", view.account.purse(Desk::Stocks).cash)
        .with("fc_entra", usd(cash))
        .with("ord_alowa", usd(orderable))
        .with("min_ord_alowa", usd(orderable))
        .with("min_ord_alowq", qty);
    for margin in [50, 100] {
        head = head.with(format!("ord_alowa_{margin}"), usd(orderable)).with(format!("ord_alowq_{margin}"), qty);
    }
    for key in ["stk_profa_rt", "profa_rt", "aplc_rt"] {
        head = head.with(key, Decimal::from(100));
    }
    Page { head, ..Page::rows(Vec::new()) }
}

/// What the reply to an order says of money and shares.
pub(crate) fn order_told(view: &View<'_>, stock: &Stock, told: Given) -> Given {
    let (cash, _, orderable) = cash(view);
    let code = stock.listing.code;
    let held = view.account.positions(Desk::Us).find(|(lot, _)| lot.code == code).map_or(0, |(_, held)| held.qty);
    told.with("acnt_nm", "시뮬레이터")
        .with("fc_entra", usd(cash))
        .with("trst_prof_ch", usd(cash - orderable))
        .with("poss_qty", held)
}
