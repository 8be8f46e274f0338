//! What a field is about, by its key: the vocabulary that most replies share. Keys of pushes are FIDs.

use kiwoom_api::value::Decimal;

use super::quote::Quote;

/// The price that a field of prices shows.
pub(super) fn price(key: &str, quote: &Quote) -> Decimal {
    let has = |words: &[&str]| words.iter().any(|word| key.contains(word));
    if let Some((levels, place)) = level(key, quote).filter(|_| key.ends_with("bid")) {
        return levels.get(place).map_or(Decimal::ZERO, |level| level.0);
    }
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
        _ if has(&["sel_bid", "sel_fpr_bid", "sel_pri_bid"]) => quote.ask,
        _ if has(&["buy_bid", "buy_fpr_bid", "buy_pri_bid"]) => quote.bid,
        _ => quote.last,
    }
}

/// The level of the book that a key names: `sel_3bid`, `buy_1th_bid_req`; those of its side, and its place among them.
fn level<'a>(key: &str, quote: &'a Quote) -> Option<(&'a [(Decimal, i64)], usize)> {
    let (levels, rest) = match key.split_once('_')? {
        ("sel", rest) => (&quote.asks, rest),
        ("buy", rest) => (&quote.bids, rest),
        _ => return None,
    };
    let digits = rest.find(|c: char| !c.is_ascii_digit())?;
    let (number, what) = rest.split_at(digits);
    let is_level = matches!(what, "bid" | "th_bid" | "bid_req" | "th_bid_req");
    let place = number.parse::<usize>().ok()?.checked_sub(1)?;
    (is_level && !levels.is_empty()).then_some((levels, place))
}

/// A rate that follows from the quote.
pub(super) fn rate(key: &str, quote: &Quote) -> Option<Decimal> {
    match key.strip_suffix("_n").unwrap_or(key) {
        "12" | "flu_rt" | "pre_rt" | "pred_pre_rt" => Some(quote.rate()),
        "228" | "cntr_str" => Some(quote.strength),
        _ => None,
    }
}

/// A number that follows from the quote: volume, levels of the book, what is listed.
pub(super) fn count(key: &str, quote: &Quote) -> Option<i64> {
    let total = |levels: &[(Decimal, i64)]| levels.iter().map(|level| level.1).sum();
    let has_book = !quote.asks.is_empty() || !quote.bids.is_empty();
    if let Some((levels, place)) = level(key, quote).filter(|_| key.ends_with("req")) {
        return Some(levels.get(place).map_or(0, |level| level.1));
    }
    match key.strip_suffix("_n").unwrap_or(key) {
        "13" | "trde_qty" | "acc_trde_qty" | "now_trde_qty" => Some(quote.volume),
        "26" => Some(quote.volume - quote.volume_before),
        "pred_trde_qty" | "prev_trde_qty" => Some(quote.volume_before),
        "tot_sel_req" if has_book => Some(total(&quote.asks)),
        "tot_buy_req" if has_book => Some(total(&quote.bids)),
        "pri_sel_req" if has_book => quote.asks.first().map(|level| level.1),
        "pri_buy_req" if has_book => quote.bids.first().map(|level| level.1),
        "listCount" => Some(quote.listed),
        _ => member(key).map(|share| quote.volume * share / 100),
    }
}

/// Percents of the volume that the five members have who trade most: `sel_trde_qty_1`.
fn member(key: &str) -> Option<i64> {
    let place = key.strip_prefix("sel_trde_qty_").or(key.strip_prefix("buy_trde_qty_"))?;
    [21, 13, 9, 7, 4].get(place.parse::<usize>().ok()?.checked_sub(1)?).copied()
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
