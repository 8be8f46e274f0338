//! One number in two APIs is one number: pushes, quotes, books and charts of one instrument, and the lists of one account.

use std::collections::BTreeMap;
use std::time::Duration;

use kiwoom_api::registry::find;
use kiwoom_api::value::Decimal;
use kiwoom_api::{Client, Limits};
use kiwoom_sim::Sim;
use serde_json::{Value, json};

use crate::ask::{request, token};
use crate::talk::{KOREA, Talk, US};

/// A simulator in which nobody waits, so that no time passes between two calls, and its client.
async fn still(start: &str) -> (Sim, Client) {
    let sim = Sim::builder().at(start.parse().unwrap()).cash(1_000_000_000).without_quotas().start().await.unwrap();
    let client = sim.client_builder().limits(Limits::unlimited()).build().unwrap();
    (sim, client)
}

/// The body of a reply to a request with these fields and what else the API requires.
async fn reply(client: &Client, id: &str, own: &[(&str, &str)]) -> Value {
    let entry = find(id).unwrap();
    let reply = client.call_raw(id, entry.meta.path, request(entry, own)).await;
    serde_json::from_str(reply.accepted().unwrap_or_else(|| panic!("{id}")).text()).unwrap()
}

/// The rows of the only list of a reply.
fn rows(reply: &Value) -> &Vec<Value> {
    reply.as_object().unwrap().values().find_map(Value::as_array).unwrap_or_else(|| panic!("{reply}"))
}

/// A number with its sign; that of a price says nothing about it.
#[track_caller]
fn signed(row: &Value, key: &str) -> Decimal {
    let text = row[key].as_str().unwrap_or_else(|| panic!("{key} of {row}")).trim();
    let digits = text.trim_start_matches(['+', '-']);
    let number: Decimal = digits.parse().unwrap_or_else(|_| panic!("{key} {text:?} of {row}"));
    if text[..text.len() - digits.len()].ends_with('-') { -number } else { number }
}

#[track_caller]
fn number(row: &Value, key: &str) -> Decimal {
    signed(row, key).abs()
}

/// The same numbers under the keys of two replies.
#[track_caller]
fn same(left: &Value, right: &Value, keys: &[(&str, &str)]) {
    for (key, other) in keys {
        assert_eq!(signed(left, key), signed(right, other), "{key} of {left}\n{other} of {right}");
    }
}

/// The last push of each topic within the first second in which all of them came.
async fn pushes(sim: &Sim, path: &str, item: Value, topics: &[&str]) -> BTreeMap<String, Value> {
    let mut talk = Talk::open(sim, path, &token(sim).await).await;
    let data = json!([{ "item": [item], "type": topics }]);
    talk.ask(json!({ "trnm": "REG", "grp_no": "1", "refresh": "1", "data": data })).await;
    for _ in 0..60 {
        sim.advance(Duration::from_secs(1)).await;
        let mut last = BTreeMap::new();
        while let Ok(Some(frame)) = tokio::time::timeout(Duration::from_millis(30), talk.hear_echoing()).await {
            let pushed = &frame["data"][0];
            last.insert(pushed["type"].as_str().unwrap().to_owned(), pushed["values"].clone());
        }
        if last.len() == topics.len() {
            return last;
        }
    }
    panic!("no second in which {topics:?} came");
}

const LEVELS: usize = 10;

/// The ten levels of a book push are those of a reply, whose keys `of` names by side and place.
#[track_caller]
fn same_book(push: &Value, reply: &Value, of: impl Fn(&str, usize) -> [String; 2]) {
    for (side, price, qty) in [("sel", 41, 61), ("buy", 51, 71)] {
        for place in 0..LEVELS {
            let [bid, req] = of(side, place + 1);
            let fids = [price + place, qty + place].map(|fid| fid.to_string());
            same(push, reply, &[(&fids[0], &bid), (&fids[1], &req)]);
        }
    }
}

#[tokio::test]
async fn pushes_and_quotes_of_a_stock_are_one() {
    let (sim, client) = still("2026-07-06T10:00:00").await;
    for code in ["005930", "069500", "00680K"] {
        let pushed = pushes(&sim, KOREA, json!(code), &["0B", "0C", "0D"]).await;
        let (trade, best, book) = (&pushed["0B"], &pushed["0C"], &pushed["0D"]);
        let own = [("stk_cd", code)];
        let info = reply(&client, "ka10001", &own).await;
        let quote = [("10", "cur_prc"), ("12", "flu_rt"), ("13", "trde_qty")];
        same(trade, &info, &quote);
        same(trade, &info, &[("11", "pred_pre"), ("16", "open_pric"), ("17", "high_pric"), ("18", "low_pric")]);
        let traded = reply(&client, "ka10003", &own).await;
        let newest = &rows(&traded)[0];
        same(trade, newest, &[("10", "cur_prc"), ("11", "pred_pre"), ("15", "cntr_trde_qty"), ("13", "acc_trde_qty")]);
        same(trade, newest, &[("27", "pri_sel_bid_unit"), ("28", "pri_buy_bid_unit"), ("228", "cntr_str")]);
        assert!(rows(&traded).iter().all(|row| number(row, "pri_sel_bid_unit") > number(row, "pri_buy_bid_unit")));
        let days = reply(&client, "ka10081", &[own[0], ("base_dt", "20260706")]).await;
        same(
            trade,
            &rows(&days)[0],
            &[("10", "cur_prc"), ("13", "trde_qty"), ("14", "trde_prica"), ("17", "high_pric")],
        );
        let quoted = reply(&client, "ka10004", &own).await;
        same_book(book, &quoted, |side, place| match place {
            1 => [format!("{side}_fpr_bid"), format!("{side}_fpr_req")],
            place => [format!("{side}_{place}th_pre_bid"), format!("{side}_{place}th_pre_req")],
        });
        same(book, &quoted, &[("121", "tot_sel_req"), ("125", "tot_buy_req")]);
        same(best, &quoted, &[("27", "sel_fpr_bid"), ("28", "buy_fpr_bid")]);
        same(trade, &quoted, &[("27", "sel_fpr_bid"), ("28", "buy_fpr_bid")]);
        // the quotes that are made up show the same book, the same value, the same size
        let table = reply(&client, "ka10007", &own).await;
        same_book(book, &table, |side, place| [format!("{side}_{place}bid"), format!("{side}_{place}bid_req")]);
        same(trade, &table, &[("10", "cur_prc"), ("13", "trde_qty"), ("14", "trde_prica")]);
        same(&quoted, &table, &[("tot_sel_req", "tot_sel_req"), ("tot_buy_req", "tot_buy_req")]);
        let watched = reply(&client, "ka10095", &own).await;
        let watched = &rows(&watched)[0];
        same(
            &info,
            watched,
            &[("cur_prc", "cur_prc"), ("mac", "mac"), ("upl_pric", "upl_pric"), ("trde_qty", "trde_qty")],
        );
        let [first, third] = ["sel_1th_bid", "buy_3th_bid"].map(|key| number(watched, key));
        assert_eq!([first, third], ["41", "53"].map(|fid| number(book, fid)));
        let members = reply(&client, "ka10002", &own).await;
        for side in ["sel", "buy"] {
            let traded: Decimal = (1..=5).map(|place| number(&members, &format!("{side}_trde_qty_{place}"))).sum();
            assert!(traded <= number(&info, "trde_qty"), "{members}");
        }
        assert!(number(&info, "oyr_hgst") <= number(&info, "250hgst"));
        assert!(number(&info, "oyr_lwst") >= number(&info, "250lwst"));
    }
}

#[tokio::test]
async fn rows_of_days_are_days_of_the_instrument_that_was_asked_for() {
    let (_sim, client) = still("2026-07-06T10:00:00").await;
    let stock = [("stk_cd", "035420"), ("base_dt", "20260706")];
    let bars = reply(&client, "ka10081", &stock).await;
    let bars = rows(&bars);
    for (id, day, close) in [
        ("ka10005", "date", "close_pric"),
        ("ka10086", "date", "close_pric"),
        ("ka10059", "dt", "cur_prc"),
        ("ka10060", "dt", "cur_prc"),
        ("ka10045", "dt", "close_pric"),
        ("ka10015", "dt", "close_pric"),
    ] {
        let listed = reply(&client, id, &stock[..1]).await;
        assert!(rows(&listed).len() >= 3, "{id}");
        for (row, bar) in rows(&listed).iter().zip(bars) {
            assert_eq!(row[day], bar["dt"], "{id}");
            assert_eq!(number(row, close), number(bar, "cur_prc"), "{id}: {row} {bar}");
            if row.get("high_pric").is_some() {
                same(row, bar, &[("open_pric", "open_pric"), ("high_pric", "high_pric"), ("low_pric", "low_pric")]);
            }
        }
    }
}

#[tokio::test]
async fn an_index_is_the_same_in_pushes_quotes_and_charts() {
    let (sim, client) = still("2026-07-06T10:00:00").await;
    for code in ["001", "201"] {
        let push = pushes(&sim, KOREA, json!(code), &["0J"]).await.remove("0J").unwrap();
        let own = [("inds_cd", code), ("base_dt", "20260706")];
        let now = reply(&client, "ka20001", &own[..1]).await;
        let quote = [("10", "cur_prc"), ("11", "pred_pre"), ("12", "flu_rt"), ("13", "trde_qty"), ("14", "trde_prica")];
        same(&push, &now, &quote);
        same(&push, &now, &[("16", "open_pric"), ("17", "high_pric"), ("18", "low_pric")]);
        let (days, by_day) = (reply(&client, "ka20006", &own).await, reply(&client, "ka20009", &own[..1]).await);
        same(&now, &rows(&days)[0], &[("trde_qty", "trde_qty"), ("trde_prica", "trde_prica")]);
        for (row, bar) in rows(&by_day).iter().zip(rows(&days)) {
            // charts of indices leave the point out
            assert_eq!(row["dt_n"], bar["dt"]);
            assert_eq!(number(row, "cur_prc_n") * Decimal::ONE_HUNDRED, number(bar, "cur_prc"), "{row} {bar}");
            assert_eq!(number(row, "acc_trde_qty_n"), number(bar, "trde_qty"));
        }
        let year = &rows(&days)[..250];
        let highest = year.iter().map(|bar| number(bar, "high_pric")).max().unwrap();
        assert_eq!(number(&now, "52wk_hgst_pric") * Decimal::ONE_HUNDRED, highest);
        let all = reply(&client, "ka20003", &own[..1]).await;
        same(&now, &rows(&all)[0], &[("cur_prc", "cur_prc"), ("trde_qty", "trde_qty"), ("trde_prica", "trde_prica")]);
    }
}

#[tokio::test]
async fn gold_is_the_same_in_quotes_and_charts() {
    let (_sim, client) = still("2026-07-06T10:00:00").await;
    let own = [("stk_cd", "M04020000"), ("base_dt", "20260706"), ("tic_scope", "1")];
    let quote = reply(&client, "ka50100", &own[..1]).await;
    let days = reply(&client, "ka50081", &own[..2]).await;
    let prices = [("open_pric", "open_pric"), ("high_pric", "high_pric"), ("low_pric", "low_pric")];
    same(&quote, &rows(&days)[0], &prices);
    same(&quote, &rows(&days)[0], &[("trde_qty", "acc_trde_qty")]);
    let traded = reply(&client, "ka50010", &own[..1]).await;
    same(&rows(&traded)[0], &quote, &[("trde_qty", "trde_qty"), ("pred_pre", "pred_pre"), ("flu_rt", "flu_rt")]);
    let by_day = reply(&client, "ka50012", &own[..2]).await;
    assert!(rows(&by_day).len() > 500);
    for (row, bar) in rows(&by_day).iter().zip(rows(&days)) {
        same(row, bar, &prices);
        same(row, bar, &[("cur_prc", "cur_prc"), ("trde_qty", "acc_trde_qty"), ("acc_trde_prica", "acc_trde_prica")]);
    }
    let minutes = reply(&client, "ka50092", &[own[0], own[2]]).await;
    assert!(rows(&minutes).len() > 30, "since nine");
    same(&rows(&minutes)[0], &rows(&days)[0], &[("cntr_pric", "cur_prc"), ("acc_trde_qty", "acc_trde_qty")]);
    let weeks = reply(&client, "ka50082", &own[..2]).await;
    same(&rows(&weeks)[0], &rows(&days)[0], &[("cur_prc", "cur_prc")]);
    assert!(rows(&weeks).len() > 100 && rows(&weeks).len() < 200, "weeks, not days");
}

#[tokio::test]
async fn a_us_stock_is_the_same_in_pushes_quotes_and_charts() {
    let (sim, client) = still("2026-07-06T23:00:00").await;
    for (code, venue) in [("NVDA", "ND"), ("KO", "NY"), ("SPY", "NA")] {
        let pushed = pushes(&sim, US, json!({ "jmcode": code, "stex_tp": venue }), &["FE", "FT"]).await;
        let (trade, book) = (&pushed["FE"], &pushed["FT"]);
        let own = [("stk_cd", code), ("stex_tp", venue), ("base_dt", "20260706"), ("strt_dt", "20260101")];
        let info = reply(&client, "usa20100", &own[..2]).await;
        assert_eq!(info["stex_tp"], venue);
        same(trade, &info, &[("10", "cur_prc"), ("11", "pred_pre"), ("12", "flu_rt"), ("13", "acc_trde_qty")]);
        same(trade, &info, &[("16", "open_pric"), ("17", "high_pric"), ("18", "low_pric")]);
        let quoted = reply(&client, "usa20101", &own[..2]).await;
        same_book(book, &quoted, |side, place| [format!("{side}_{place}bid"), format!("{side}_{place}bid_req")]);
        same(
            book,
            &quoted,
            &[("41", "fpr_sel_bid"), ("51", "fpr_buy_bid"), ("121", "tot_sel_req"), ("125", "tot_buy_req")],
        );
        same(trade, &quoted, &[("10", "cur_prc"), ("13", "trde_qty")]);
        let traded = reply(&client, "usa20150", &own[..2]).await;
        same(trade, &rows(&traded)[0], &[("10", "cur_prc"), ("15", "trde_qty"), ("12", "flu_rt")]);
        let chart = reply(&client, "usa06012", &[own[0], own[1], own[3]]).await;
        same(trade, &rows(&chart)[0], &[("10", "cur_prc"), ("13", "acc_trde_qty")]);
        let [years, quarters] = ["usa06015", "usa06016"];
        let counts = [
            reply(&client, years, &[own[0], own[1], ("strt_dt", "20250101")]).await,
            reply(&client, quarters, &[own[0], own[1], ("strt_dt", "20250101")]).await,
        ];
        assert_eq!(counts.map(|periods| rows(&periods).len()), [2, 7], "years and quarters since 2025");
        for id in ["usa20151", "usa20590"] {
            let by_day = reply(&client, id, &own[..3]).await;
            assert!(rows(&by_day).len() > 100, "{id}");
            for (row, bar) in rows(&by_day).iter().zip(rows(&chart)) {
                assert_eq!(row["dt"], bar["dt"], "{id}");
                same(row, bar, &[("cur_prc", "cur_prc"), ("acc_trde_qty", "acc_trde_qty")]);
            }
        }
    }
}

#[tokio::test]
async fn what_investors_bought_and_sold_adds_up() {
    let (_sim, client) = still("2026-07-06T10:00:00").await;
    let parts = ["fnnc_invt", "insrnc", "invtrt", "etc_fnnc", "bank", "penfnd_etc", "samo_fund", "natn"];
    let all = ["ind_invsr", "frgnr_invsr", "orgn", "etc_corp", "natfor"];
    for id in ["ka10059", "ka10060", "ka10061"] {
        let listed = reply(&client, id, &[("stk_cd", "005930"), ("amt_qty_tp", "1"), ("trde_tp", "0")]).await;
        for row in rows(&listed) {
            let institutions: Decimal = parts.iter().map(|key| signed(row, key)).sum();
            assert_eq!(institutions, signed(row, "orgn"), "{id}: {row}");
            assert_eq!(all.iter().map(|key| signed(row, key)).sum::<Decimal>(), Decimal::ZERO, "{id}: {row}");
            assert!(parts.iter().any(|key| signed(row, key) < Decimal::ZERO), "{id}: somebody sold: {row}");
        }
    }
    let sectors = reply(&client, "ka10051", &[]).await;
    for row in rows(&sectors) {
        let of = |names: &[&str]| names.iter().map(|name| signed(row, &format!("{name}_netprps"))).sum::<Decimal>();
        let parts = ["sc", "insrnc", "invtrt", "bank", "jnsinkm", "endw", "samo_fund", "natn"];
        assert_eq!(of(&parts), of(&["orgn"]), "{row}");
        assert_eq!(of(&["ind", "frgnr", "native_trmt_frgnr", "orgn", "etc_corp"]), Decimal::ZERO, "{row}");
    }
}

/// Places an order; its number.
async fn order(client: &Client, id: &str, own: &[(&str, &str)]) -> String {
    reply(client, id, own).await["ord_no"].as_str().unwrap().to_owned()
}

/// Positions by code, cash and on loan together: quantity, cost, value, profit.
fn held(reply: &Value, keys: [&str; 4]) -> BTreeMap<String, [Decimal; 4]> {
    let mut all = BTreeMap::new();
    for row in rows(reply) {
        let code = row["stk_cd"].as_str().unwrap().trim_start_matches('A').to_owned();
        let sums: &mut [Decimal; 4] = all.entry(code).or_default();
        for (sum, key) in sums.iter_mut().zip(keys).filter(|(_, key)| !key.is_empty()) {
            *sum += signed(row, key);
        }
    }
    all
}

#[tokio::test]
async fn every_list_of_the_account_tells_of_the_same_money_and_orders() {
    let (sim, client) = still("2026-07-06T10:00:00").await;
    let krx = ("dmst_stex_tp", "KRX");
    let at_market = |code, qty| [("stk_cd", code), ("trde_tp", "3"), ("ord_uv", ""), ("ord_qty", qty), krx];
    let token = token(&sim).await;
    let mut talk = Talk::open(&sim, KOREA, &token).await;
    let data = json!([{ "item": [""], "type": ["00", "04"] }]);
    talk.ask(json!({ "trnm": "REG", "grp_no": "1", "refresh": "1", "data": data })).await;
    let mut numbers = Vec::new();
    for (id, code, qty) in [
        ("kt10000", "005930", "50"),
        ("kt10001", "005930", "20"),
        ("kt10006", "005930", "30"),
        ("kt10000", "069500", "70"),
        ("kt10000", "000660", "9"),
        ("kt10001", "000660", "9"),
    ] {
        numbers.push(order(&client, id, &at_market(code, qty)).await);
    }
    let waits = [("stk_cd", "035720"), ("trde_tp", "0"), ("ord_uv", "40000"), ("ord_qty", "7"), krx];
    numbers.push(order(&client, "kt10000", &waits).await);
    sim.advance(Duration::from_secs(3)).await;

    let balance = reply(&client, "kt00018", &[krx]).await;
    let want = held(&balance, ["rmnd_qty", "pur_amt", "evlt_amt", "evltv_prft"]);
    assert_eq!(want.keys().collect::<Vec<_>>(), ["005930", "069500"]);
    assert_eq!(want["005930"][0], Decimal::from(60));
    let positions = reply(&client, "kt00005", &[krx]).await;
    assert_eq!(held(&positions, ["cur_qty", "pur_amt", "evlt_amt", "evltv_prft"]), want);
    let valued = reply(&client, "kt00004", &[krx]).await;
    assert_eq!(held(&valued, ["rmnd_qty", "pur_amt", "evlt_amt", "pl_amt"]), want);
    let daily = reply(&client, "ka01690", &[("qry_dt", "20260706")]).await;
    let without_cost = |all: &BTreeMap<String, [Decimal; 4]>| {
        all.iter()
            .map(|(code, sums)| (code.clone(), [sums[0], Decimal::ZERO, sums[2], sums[3]]))
            .collect::<BTreeMap<_, _>>()
    };
    assert_eq!(held(&daily, ["rmnd_qty", "", "evlt_amt", "evltv_prft"]), without_cost(&want));
    let returns = reply(&client, "ka10085", &[("stex_tp", "0")]).await;
    for (code, sums) in held(&returns, ["rmnd_qty", "pur_amt", "", ""]) {
        assert_eq!(sums[..2], want[&code][..2], "{code}");
    }
    assert_eq!(rows(&returns).len(), rows(&balance).len(), "cash and loan apart");

    // totals
    same(&balance, &positions, &[("tot_pur_amt", "stk_buy_tot_amt"), ("tot_evlt_amt", "evlt_amt_tot")]);
    same(
        &balance,
        &positions,
        &[("tot_evlt_pl", "tot_pl_tot"), ("tot_prft_rt", "tot_pl_rt"), ("tot_loan_amt", "crd_loan_tot")],
    );
    same(&balance, &daily, &[("tot_pur_amt", "tot_buy_amt"), ("tot_evlt_pl", "tot_evltv_prft")]);
    let estimated = reply(&client, "kt00003", &[]).await;
    same(&balance, &estimated, &[("prsm_dpst_aset_amt", "prsm_dpst_aset_amt")]);
    same(&balance, &valued, &[("prsm_dpst_aset_amt", "prsm_dpst_aset_amt")]);
    same(&balance, &daily, &[("prsm_dpst_aset_amt", "day_stk_asst")]);
    let by_day = reply(&client, "kt00002", &[("start_dt", "20260706"), ("end_dt", "20260706")]).await;
    same(&balance, &rows(&by_day)[0], &[("prsm_dpst_aset_amt", "prsm_dpst_aset_amt")]);

    // money
    let deposit = reply(&client, "kt00001", &[]).await;
    same(&deposit, &positions, &[("entr", "entr"), ("d2_entra", "entr_d2"), ("ord_alow_amt", "ord_alowa")]);
    same(&deposit, &positions, &[("pymn_alow_amt", "pymn_alow_amt"), ("100stk_ord_alow_amt", "100ord_alow_amt")]);
    let today = reply(&client, "kt00017", &[]).await;
    same(&deposit, &today, &[("d2_entra", "d2_entra")]);
    let diary = reply(&client, "ka10170", &[("base_dt", "20260706"), ("ottks_tp", "2"), ("ch_crd_tp", "0")]).await;
    same(&today, &diary, &[("buy_amt", "tot_buy_amt"), ("sell_amt", "tot_sell_amt")]);
    assert_eq!(number(&today, "cmsn") + number(&today, "tax"), number(&diary, "tot_cmsn_tax"));
    let gained = reply(&client, "ka10074", &[("strt_dt", "20260706"), ("end_dt", "20260706")]).await;
    same(
        &gained,
        &diary,
        &[("rlzt_pl", "tot_pl_amt"), ("tot_buy_amt", "tot_buy_amt"), ("tot_sell_amt", "tot_sell_amt")],
    );
    let sold: Decimal = rows(&diary).iter().map(|row| signed(row, "pl_amt")).sum();
    assert_eq!(sold, signed(&diary, "tot_pl_amt"));

    // orders and fills
    let history =
        reply(&client, "kt00007", &[("qry_tp", "1"), ("stk_bond_tp", "0"), ("sell_tp", "0"), ("dmst_stex_tp", "%")])
            .await;
    let prints = reply(&client, "kt00009", &[("qry_tp", "0"), ("dmst_stex_tp", "%"), ("stk_cd", "")]).await;
    let by_number = |reply: &Value| -> BTreeMap<String, Vec<Decimal>> {
        let keys = ["ord_qty", "ord_uv", "cntr_qty", "cntr_uv"];
        let row = |row: &Value| (row["ord_no"].as_str().unwrap().to_owned(), keys.map(|key| number(row, key)).to_vec());
        rows(reply).iter().map(row).collect()
    };
    assert_eq!(by_number(&prints), by_number(&history));
    assert_eq!(by_number(&prints).into_keys().collect::<Vec<_>>(), numbers);
    assert_eq!(number(&prints, "engg_amt"), number(&today, "buy_amt") + number(&today, "sell_amt"));
    let fills = reply(&client, "ka10076", &[("stk_cd", "")]).await;
    let open = reply(&client, "ka10075", &[("stk_cd", "")]).await;
    assert_eq!(rows(&open)[0]["ord_no"], json!(numbers[6]));
    let mut of_push: BTreeMap<String, [Decimal; 3]> = BTreeMap::new();
    let mut last_balance = BTreeMap::new();
    while let Ok(Some(frame)) = tokio::time::timeout(Duration::from_millis(100), talk.hear_echoing()).await {
        let values = &frame["data"][0]["values"];
        if frame["data"][0]["type"] == "04" {
            let key = (values["9001"].as_str().unwrap().to_owned(), values["917"].as_str().unwrap().to_owned());
            last_balance.insert(key, values.clone());
        } else if values["913"] == "체결" {
            let sums = of_push.entry(values["9203"].as_str().unwrap().to_owned()).or_default();
            let parts = [number(values, "915"), number(values, "914") * number(values, "915"), number(values, "938")];
            // what was filled adds up, its commission is told anew
            *sums = [sums[0] + parts[0], sums[1] + parts[1], parts[2]];
            assert_eq!(sums[0], number(values, "900") - number(values, "902"), "cumulative is ordered less open");
            assert_eq!(sums[1], number(values, "903"));
        }
    }
    for row in rows(&fills) {
        let [qty, amount, commission] = of_push[row["ord_no"].as_str().unwrap()];
        assert_eq!(qty, number(row, "cntr_qty"));
        assert_eq!((amount / qty).trunc(), number(row, "cntr_pric"));
        assert_eq!(commission, number(row, "tdy_trde_cmsn"));
    }
    assert_eq!(of_push.len(), rows(&fills).len());
    let mut compared = 0;
    for row in rows(&balance) {
        let key = (row["stk_cd"].as_str().unwrap().to_owned(), row["crd_tp"].as_str().unwrap().to_owned());
        let push = &last_balance[&key];
        same(push, row, &[("930", "rmnd_qty"), ("931", "pur_pric"), ("932", "pur_amt")]);
        compared += 1;
    }
    assert_eq!(compared, 3);
    sim.audit().unwrap();
}

#[tokio::test]
async fn as_many_as_the_account_says_can_be_bought_and_not_one_more() {
    for (price, qty_of) in [("41000", "kt00010"), ("41050", "kt00011")] {
        let (_sim, client) = still("2026-07-06T10:00:00").await;
        let buys = [("stk_cd", "035720"), ("uv", price), ("trde_tp", "2")];
        let asked = reply(&client, qty_of, &buys[..if qty_of == "kt00010" { 3 } else { 2 }]).await;
        let most = number(&asked, "profa_100ord_alowq");
        let entry = find("kt10000").unwrap();
        for (qty, is_taken) in [(most + Decimal::ONE, false), (most, true)] {
            let qty = qty.to_string();
            let own = [
                ("stk_cd", "035720"),
                ("trde_tp", "0"),
                ("ord_uv", price),
                ("ord_qty", qty.as_str()),
                ("dmst_stex_tp", "KRX"),
            ];
            let outcome = client.call_raw("kt10000", entry.meta.path, request(entry, &own)).await;
            assert_eq!(outcome.accepted().is_some(), is_taken, "{qty} at {price}");
        }
    }
    let (_sim, client) = still("2026-07-06T23:00:00").await;
    let nvda = [("stk_cd", "NVDA"), ("stex_tp", "ND")];
    let asked = reply(&client, "ust31490", &[nvda[0], nvda[1], ("uv", "150.25")]).await;
    let most = number(&asked, "ord_alowq_100");
    let entry = find("ust20000").unwrap();
    for (qty, is_taken) in [(most + Decimal::ONE, false), (most, true)] {
        let qty = qty.to_string();
        let own = [nvda[0], nvda[1], ("trde_tp", "00"), ("ord_uv", "150.25"), ("ord_qty", qty.as_str())];
        let outcome = client.call_raw("ust20000", entry.meta.path, request(entry, &own)).await;
        assert_eq!(outcome.accepted().is_some(), is_taken, "{qty}");
    }
}
