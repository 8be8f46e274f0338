//! US orders as the broker pushes and lists them, padded as it pads. Prices are cents.

use serde_json::{Value, json};

use super::{Execution, PAGE, Placed, pushes::real};

/// `198.42`
pub fn cents(text: &str) -> i64 {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let number = |text: &str| text.parse::<i64>().unwrap_or(0);
    100 * number(whole) + number(&format!("{:0<2}", &part[..part.len().min(2)]))
}

/// `0000198.4200`
fn dollars(cents: i64) -> String {
    format!("{:07}.{:02}00", cents / 100, cents % 100)
}

fn original(order: &Placed) -> &str {
    if order.original.is_empty() { "000000000" } else { &order.original }
}

fn action(order: &Placed) -> &'static str {
    match order.api.as_str() {
        "ust20002" => "11",
        "ust20003" => "12",
        _ => "10",
    }
}

fn side(order: &Placed) -> &'static str {
    if order.side == "매수" { "2" } else { "1" }
}

/// A push of `F4`.
pub fn sent(order: &Placed) -> String {
    let values = json!({
        "302": "NVIDIA", "900": order.quantity.to_string(), "901": dollars(order.price), "904": original(order),
        "905": action(order), "906": "00", "907": format!("0{}", side(order)), "908": order.time.replace(':', ""),
        "913": "주문전송", "9001": order.symbol, "9201": super::super::ACCOUNT, "9203": order.number, "50072": order.side,
        "50841": "0",
    });
    real("F4", "해외주식주문", (&order.symbol, values))
}

/// A push of `F5` about what is at the exchange now.
pub fn taken(order: &Placed) -> String {
    execution(order, "접수", Execution { number: 0, quantity: 0, price: 0 })
}

/// A push of `F5` about the last fill.
pub fn filled(order: &Placed) -> String {
    let status = if order.filled() == order.quantity { "체결완료" } else { "부분체결" };
    execution(order, status, *order.fills.last().expect("it is filled"))
}

fn execution(order: &Placed, status: &str, fill: Execution) -> String {
    let values = json!({
        "302": "NVIDIA", "900": order.quantity.to_string(), "901": dollars(order.price),
        "902": order.remaining.to_string(), "904": original(order), "905": "25", "907": format!("0{}", side(order)),
        "908": order.time.replace(':', ""), "909": format!("{:09}", fill.number), "910": dollars(fill.price), "911": fill.quantity.to_string(),
        "913": status, "9001": order.symbol, "9201": super::super::ACCOUNT, "9203": order.number, "50072": order.side,
        "50841": "0",
    });
    real("F5", "해외주식체결", (&order.symbol, values))
}

/// A page of a list, and where the next one begins.
pub fn list(orders: &[Placed], (api, asked): (&str, &Value), from: usize) -> (Option<usize>, Value) {
    let shown = |order: &&Placed| match api {
        "ust21050" => {
            let venue = &asked["stex_tp"];
            let here = venue.as_str().is_none_or(|venue| venue.is_empty() || venue == order.venue);
            order.remaining > 0 && here && asked["ord_dt"] == order.date
        }
        "ust21150" => asked["ord_dt"] == order.date,
        _ => true,
    };
    let orders: Vec<&Placed> = orders.iter().filter(shown).collect();
    let rows: Vec<Value> = orders.iter().skip(from).take(PAGE).map(|order| row(api, order)).collect();
    let key = if api == "ust21050" { "result_list" } else { "result_lsit" };
    ((orders.len() > from + PAGE).then_some(from + PAGE), json!({ key: rows }))
}

fn row(api: &str, order: &Placed) -> Value {
    let average = order.value() / order.filled().max(1);
    // one that was changed or cancelled keeps its state (`BEHAVIOUR.md` O5)
    let state = match action(order) {
        "11" => "정정확인",
        "12" => "취소확인",
        _ => "접수",
    };
    let mut row = json!({
        "ord_no": order.number, "crnc_code": "USD", "stk_cd": order.symbol, "frgn_stk_nm": "NVIDIA",
        "ord_qty": format!("{:012}", order.quantity), "ord_uv": dollars(order.price),
        "cntr_qty": format!("{:012}", order.filled()), "cntr_uv": dollars(average),
        "ord_remnq": format!("{:012}", order.remaining), "ord_time": order.time, "stop_pric": "0.0000",
        "rsrv_tp": "일반",
    });
    let own = match api {
        "ust21150" => json!({
            "frgn_trde_tp": "지정가", "slby_tp_nm": order.side, "ord_stat_nm": state, "inpt_chnl_tp": order.channel,
            "comm_ord_tp_nm": "",
        }),
        _ => json!({
            "orig_ord_no": original(order), "frgn_trde_tp": "00", "frgn_trde_nm": "지정가", "slby_tp": side(order),
            "slby_tp_nm": order.side, "ord_stat": state,
        }),
    };
    for (key, value) in own.as_object().expect("an object") {
        row[key] = value.clone();
    }
    if api == "ust21050" {
        row["ord_cntr_tp"] = json!(action(order));
    }
    row
}
