//! What a field is about, by its key: the vocabulary that most replies share. Keys of pushes are FIDs.

use kiwoom_api::value::Decimal;

use super::quote::Quote;

/// The price that a field of prices shows.
pub(super) fn price(key: &str, quote: &Quote) -> Decimal {
    let has = |words: &[&str]| words.iter().any(|word| key.contains(word));
    match key {
        "16" => quote.open,
        "17" => quote.high,
        "18" => quote.low,
        "27" => quote.ask,
        "28" => quote.bid,
        "305" | "upl_pric" => quote.highest,
        "306" | "lst_pric" => quote.lowest,
        "307" | "base_pric" | "lastPrice" => quote.previous,
        _ if has(&["open"]) => quote.open,
        _ if has(&["high", "hgst"]) => quote.high,
        _ if has(&["low_", "lwst"]) => quote.low,
        _ if has(&["pred_close", "base_"]) => quote.previous,
        _ if has(&["sel_bid", "sel_fpr_bid"]) => quote.ask,
        _ if has(&["buy_bid", "buy_fpr_bid"]) => quote.bid,
        _ => quote.last,
    }
}

/// A rate that follows from the quote.
pub(super) fn rate(key: &str, quote: &Quote) -> Option<Decimal> {
    matches!(key, "12" | "flu_rt" | "pre_rt" | "pred_pre_rt").then(|| quote.rate())
}

/// The cumulative volume, where a field is that.
pub(super) fn count(key: &str, quote: &Quote) -> Option<i64> {
    matches!(key, "13" | "trde_qty" | "acc_trde_qty" | "now_trde_qty").then_some(quote.volume)
}

/// A text.
pub(super) fn text(key: &str, quote: &Quote) -> String {
    match key {
        _ if key.ends_with("_nm") || key.contains("name") || key == "302" => quote.name.to_owned(),
        _ if key.ends_with("_tm") || key.ends_with("time") => "090000".to_owned(),
        _ if key.contains("cd") || key.contains("code") => quote.code.clone(),
        _ => "0".to_owned(),
    }
}
