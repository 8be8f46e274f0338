//! The page at `/`: in a headless browser, and its routes without one.

use std::time::Duration;

use kiwoom_api::codes::OrderVenue;
use kiwoom_api::domestic::realtime::StockTrade;
use kiwoom_api::endpoint::{Effect, Protocol};
use kiwoom_api::order::Order;
use kiwoom_api::registry::ENTRIES;
use kiwoom_sim::{Fault, Sim};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::ask::{KEYS, post, request, token};
use crate::browser::{Page, find};

const HOSTILE: &str = "<img src=x onerror=window.hacked=1>";

/// One exchange with headers of one's own: status, head, body.
async fn get(sim: &Sim, path: &str, host: &str) -> (u16, String, String) {
    let mut stream = TcpStream::connect(sim.url().trim_start_matches("http://")).await.unwrap();
    let text = format!("GET {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n");
    stream.write_all(text.as_bytes()).await.unwrap();
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).await.unwrap();
    let reply = String::from_utf8(bytes).unwrap();
    let (head, body) = reply.split_once("\r\n\r\n").unwrap();
    (head.split(' ').nth(1).unwrap().parse().unwrap(), head.to_lowercase(), body.to_owned())
}

async fn read(sim: &Sim, path: &str) -> Value {
    let (status, _, body) = get(sim, path, "localhost").await;
    assert_eq!(status, 200, "{path}: {body}");
    serde_json::from_str(&body).unwrap()
}

/// Turns a switch as the page does.
async fn turn(sim: &Sim, order: Value) -> (u16, Value) {
    let headers = [("origin", sim.url()), ("content-type", "application/json".to_owned())];
    let headers = headers.each_ref().map(|(name, text)| (*name, text.as_str()));
    let (status, _, body) = post(sim, "/page/do", &headers, &order.to_string()).await;
    (status, serde_json::from_str(&body).unwrap())
}

/// The last entry of the log, with the meaning of its values.
async fn last_entry(sim: &Sim) -> Value {
    let state = read(sim, "/page/state").await;
    let number = state["log"].as_array().unwrap().last().unwrap()["number"].clone();
    read(sim, &format!("/page/entry?number={number}")).await
}

/// Calls an API over HTTP.
async fn call(sim: &Sim, (api, path): (&str, &str), body: &str) -> (u16, String) {
    let token = format!("Bearer {}", token(sim).await);
    let (status, _, body) = post(sim, path, &[("api-id", api), ("authorization", &token)], body).await;
    (status, body)
}

/// Ten prices on each side, and the best bid below the best ask.
fn has_a_book(quote: &Value) -> bool {
    let best = |side: &str| quote[side][0][0].as_i64();
    quote["asks"].as_array().is_some_and(|asks| asks.len() == 10) && best("bids") < best("asks")
}

#[tokio::test]
async fn every_instrument_has_bars_a_quote_and_a_book() {
    let sim = Sim::start().await.unwrap();
    let state = read(&sim, "/page/state").await;
    assert_eq!((&state["speed"], &state["phase"]), (&json!(0.0), &json!("open")));
    let mut kinds = std::collections::BTreeSet::new();
    for it in state["instruments"].as_array().unwrap() {
        kinds.insert(it["kind"].as_str().unwrap().to_owned());
        let code = it["code"].as_str().unwrap();
        for minutes in [1, 5, 60, 0] {
            let state = read(&sim, &format!("/page/state?code={code}&minutes={minutes}")).await;
            let (quote, bars) = (&state["quote"], state["chart"]["bars"].as_array().unwrap());
            assert_eq!(quote["code"], it["code"]);
            assert!(bars.len() >= 100, "{code} {minutes}: {}", bars.len());
            for bar in bars {
                let [open, high, low, close] = [2, 3, 4, 5].map(|at| bar[at].as_i64().unwrap());
                assert!(low <= open.min(close) && open.max(close) <= high, "{code}: {bar}");
            }
            // New York is closed
            assert!(it["kind"] == "us" || has_a_book(quote), "{code}");
        }
    }
    // 22:30 in Korea is half past nine there
    sim.advance(Duration::from_secs(13 * 3600)).await;
    assert!(has_a_book(&read(&sim, "/page/state?code=NVDA").await["quote"]));
    assert_eq!(kinds.into_iter().collect::<Vec<_>>(), ["etf", "gold", "index", "stock", "us"]);
    // what a page has is not sent again
    let again = read(&sim, "/page/state?code=005930&minutes=0&days=005930.2026-07-06").await;
    assert_eq!(again["chart"]["bars"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn every_value_of_every_api_has_a_label_in_both_languages_and_a_meaning() {
    let sim = Sim::builder().without_quotas().start().await.unwrap();
    let bearer = format!("Bearer {}", token(&sim).await);
    let (mut apis, mut values) = (0, 0);
    for entry in
        ENTRIES.iter().filter(|entry| entry.meta.protocol == Protocol::Rest && entry.meta.effect == Effect::Read)
    {
        let body = request(entry, &[]);
        post(&sim, entry.meta.path, &[("api-id", entry.meta.id), ("authorization", &bearer)], &body).await;
        let explained = last_entry(&sim).await;
        assert_eq!(explained["api"], entry.meta.id);
        assert!(explained["ko"].is_string() && explained["en"].as_str().unwrap().is_ascii(), "{}", entry.meta.id);
        apis += 1;
        for part in ["request", "reply"] {
            assert!(explained[part]["anomalies"].as_i64().unwrap_or(0) == 0, "{}", explained[part]);
            values += judge(&explained[part]["fields"], entry.meta.id);
        }
    }
    assert!(apis > 250 && values > 5_000, "{apis} APIs, {values} values");
}

/// How many values some fields have; each must have a label and, if it is there, a meaning.
fn judge(fields: &Value, place: &str) -> usize {
    let mut count = 0;
    for field in fields.as_array().unwrap() {
        let place = format!("{place}.{}", field["key"].as_str().unwrap());
        let [ko, en] = [0, 1].map(|at| field["label"][at].as_str().unwrap());
        assert_eq!(ko.is_empty(), en.is_empty(), "{place}");
        assert!(en.is_ascii() || en.chars().all(|c| !('가'..='힣').contains(&c)), "{place}: {en}");
        assert!(field["unknown"] != json!(true), "{place}");
        if field["fields"].is_array() {
            count += judge(&field["fields"], &place);
        }
        for cell in field["cells"].as_array().into_iter().flatten() {
            count += 1;
            let raw = cell["raw"].as_str().unwrap_or_default().trim();
            let is_nothing = raw.bytes().all(|b| matches!(b, b'0' | b'+' | b'-' | b'.' | b':' | b' '));
            let is_envelope = place.ends_with("return_msg");
            assert!(cell["ko"].is_string() == cell["en"].is_string(), "{place}: {cell}");
            assert!(is_nothing || is_envelope || cell["ko"].is_string(), "{place}: {cell}");
        }
    }
    count
}

#[tokio::test]
async fn keys_tokens_and_accounts_are_masked() {
    let sim = Sim::start().await.unwrap();
    let client = sim.client().unwrap();
    let _feed = client.realtime().topic::<StockTrade>(["005930"]).open().await.unwrap();
    let secret = token(&sim).await;
    post(&sim, "/oauth2/token", &[], &KEYS.replace("SECRET", "VERY-SECRET").replace("\"KEY\"", "\"MY-OWN-KEY\"")).await;
    call(&sim, ("ka00001", "/api/dostk/acnt"), "{}").await;
    // a body that is no JSON, and one with a secret where none belongs
    call(&sim, ("ka10001", "/api/dostk/stkinfo"), &format!("{secret} 1234-5678-90")).await;
    call(&sim, ("ka10001", "/api/dostk/stkinfo"), &format!(r#"{{"stk_cd":"{secret}","acct":"1234567890"}}"#)).await;
    let mut all = String::new();
    let state = read(&sim, "/page/state").await;
    all += &state.to_string();
    for entry in state["log"].as_array().unwrap() {
        all += &read(&sim, &format!("/page/entry?number={}", entry["number"])).await.to_string();
    }
    assert!(all.contains("LOGIN") && all.contains("au10001") && all.contains("ka00001") && all.contains("***"));
    for text in [secret.as_str(), "VERY-SECRET", "MY-OWN-KEY", "1234567890", "1234-5678-90", "\"0000000000\""] {
        assert!(!all.contains(text), "{text} is on the page");
    }
}

#[tokio::test]
async fn long_lists_are_cut_with_their_count() {
    let sim = Sim::start().await.unwrap();
    let body = r#"{"stk_cd":"005930","base_dt":"20260706","upd_stkpc_tp":"1"}"#;
    call(&sim, ("ka10081", "/api/dostk/chart"), body).await;
    let explained = last_entry(&sim).await;
    let list =
        explained["reply"]["fields"].as_array().unwrap().iter().find(|field| field["fields"].is_array()).unwrap();
    assert_eq!((&list["count"], &list["shown"]), (&json!(600), &json!(5)));
    let volume = list["fields"].as_array().unwrap().iter().find(|field| field["key"] == "trde_qty").unwrap();
    assert_eq!((&volume["label"], &volume["unit"]), (&json!(["거래량", "Volume"]), &json!(["주", "shares"])));
    assert_eq!(volume["cells"].as_array().unwrap().len(), 5);
    let adjusted = explained["request"]["fields"][2].clone();
    assert_eq!((&adjusted["cells"][0]["ko"], &adjusted["cells"][0]["en"]), (&json!("적용"), &json!("Adjusted")));
}

#[tokio::test]
async fn other_sites_and_other_names_of_this_machine_are_refused() {
    let sim = Sim::start().await.unwrap();
    for path in ["/", "/page/state", "/page/main.js"] {
        assert_eq!(get(&sim, path, "evil.example").await.0, 403, "{path}");
        let (status, head, _) = get(&sim, path, "127.0.0.1").await;
        assert_eq!(status, 200);
        assert!(head.contains("default-src 'none'") && head.contains("frame-ancestors 'none'"), "{head}");
        assert!(!head.contains("access-control-allow-origin"), "{head}");
    }
    let order = json!({ "do": "speed", "factor": 10 }).to_string();
    let (own, json_kind) = (sim.url(), "application/json");
    for (origin, kind) in [
        ("http://evil.example", json_kind),
        ("null", json_kind),
        ("http://127.0.0.1:1", json_kind),
        (own.as_str(), "text/plain"),
        (own.as_str(), "application/x-www-form-urlencoded"),
    ] {
        let (status, ..) = post(&sim, "/page/do", &[("origin", origin), ("content-type", kind)], &order).await;
        assert_eq!(status, 403, "{origin} {kind}");
    }
    assert_eq!(post(&sim, "/page/do", &[("content-type", json_kind)], &order).await.0, 403);
    // a link or a picture turns nothing
    assert_eq!(get(&sim, "/page/do?do=speed&factor=10", "localhost").await.0, 404);
    assert_eq!(read(&sim, "/page/state").await["speed"], 0.0);
    assert_eq!(turn(&sim, json!({ "do": "speed", "factor": 10 })).await.0, 200);
    assert_eq!(read(&sim, "/page/state").await["speed"], 10.0);
}

#[tokio::test]
async fn wrong_switches_are_told_and_change_nothing() {
    let sim = Sim::start().await.unwrap();
    for order in [
        json!({}),
        json!({ "do": "speed", "factor": -1 }),
        json!({ "do": "speed", "factor": "fast" }),
        json!({ "do": "step", "seconds": 0 }),
        json!({ "do": "jump", "to": "yesterday" }),
        json!({ "do": "fault", "fault": "Nothing" }),
        json!({ "do": "fault", "fault": "Latency", "seconds": -1 }),
        json!({ "do": "fault", "fault": "Html", "times": 0 }),
        json!({ "do": "order", "code": "005930", "side": "up", "qty": 1 }),
        json!({ "do": "order", "code": "001", "side": "buy", "qty": 1 }),
        json!({ "do": "order", "code": "M04020000", "side": "buy", "qty": 1 }),
        json!({ "do": "order", "code": "005930", "side": "buy", "qty": 0 }),
        json!({ "do": "order", "code": "005930", "side": "buy", "qty": 1, "price": 70_150 }),
        json!({ "do": "cancel", "number": "0000999" }),
        json!([1]),
    ] {
        let before = sim.now();
        let (status, said) = turn(&sim, order.clone()).await;
        assert!(status == 400 && !said["error"].as_str().unwrap().is_empty(), "{order}: {said}");
        let state = read(&sim, "/page/state").await;
        assert!(state["orders"] == json!([]) && state["faults"] == json!([]) && sim.now() == before, "{order}");
    }
}

#[tokio::test]
async fn switches_move_time_set_faults_and_place_orders() {
    let sim = Sim::start().await.unwrap();
    for (order, want) in [
        (json!({ "do": "step", "seconds": 60 }), "2026-07-06T10:01:00"),
        (json!({ "do": "jump", "to": "close" }), "2026-07-06T15:30:00"),
        (json!({ "do": "jump", "to": "open" }), "2026-07-07T09:00:00"),
        (json!({ "do": "jump", "to": "day" }), "2026-07-08T08:30:00"),
        (json!({ "do": "jump", "to": "open" }), "2026-07-08T09:00:00"),
    ] {
        assert_eq!(turn(&sim, order).await.0, 200);
        assert_eq!(sim.now().to_string(), want);
    }
    sim.advance(Duration::from_secs(60)).await;
    let (status, said) =
        turn(&sim, json!({ "do": "order", "code": "005930", "side": "buy", "qty": 3, "price": null })).await;
    assert_eq!(status, 200, "{said}");
    let state = read(&sim, "/page/state").await;
    assert_eq!((&state["orders"][0]["number"], &state["orders"][0]["filled"]), (&said["number"], &json!(3)));
    assert_eq!((&state["fills"][0]["order"], &state["purses"][0]["positions"][0]["qty"]), (&said["number"], &json!(3)));
    let low = state["quote"]["lowest"].as_i64().unwrap();
    let (_, said) = turn(&sim, json!({ "do": "order", "code": "005930", "side": "buy", "qty": 2, "price": low })).await;
    let state = read(&sim, "/page/state").await;
    assert_eq!((&state["orders"][0]["open"], &state["quote"]["own"]), (&json!(true), &json!([["buy", low, 2]])));
    assert_eq!(turn(&sim, json!({ "do": "cancel", "number": said["number"] })).await.0, 200);
    assert_eq!(read(&sim, "/page/state").await["quote"]["own"], json!([]));
    // gold, and US stocks while New York trades
    let gold = read(&sim, "/page/state?code=M04020000").await["quote"]["asks"][0][0].clone();
    let order = json!({ "do": "order", "code": "M04020000", "side": "buy", "qty": 2, "price": gold });
    assert_eq!(turn(&sim, order).await, (200, json!({ "number": "0000142" })));
    assert_eq!(turn(&sim, json!({ "do": "jump", "to": "open", "code": "NVDA" })).await.0, 200);
    sim.advance(Duration::from_secs(60)).await;
    let (status, said) = turn(&sim, json!({ "do": "order", "code": "NVDA", "side": "buy", "qty": 3 })).await;
    assert_eq!(status, 200, "{said}");
    let state = read(&sim, "/page/state?code=NVDA").await;
    assert_eq!((&state["market"], &state["phase"]), (&json!("us"), &json!("open")));
    for (at, code, qty) in [(1, "M04020000", 2), (2, "NVDA", 3)] {
        let position = &state["purses"][at]["positions"][0];
        assert_eq!((&position["code"], &position["qty"]), (&json!(code), &json!(qty)), "{}", state["purses"]);
    }
    let (_, said) = turn(&sim, json!({ "do": "order", "code": "NVDA", "side": "buy", "qty": 1, "price": 1_000 })).await;
    assert_eq!(turn(&sim, json!({ "do": "cancel", "number": said["number"] })).await.0, 200, "{said}");
    sim.audit().unwrap();

    let known = read(&sim, "/page/known").await;
    assert_eq!(known["apis"].as_array().unwrap().len(), ENTRIES.len());
    for fault in known["faults"].as_array().unwrap() {
        let order = json!({ "do": "fault", "fault": fault["id"], "of": "ka10001", "times": 2, "seconds": 0.5 });
        assert_eq!(turn(&sim, order).await.0, 200, "{fault}");
        let rules = read(&sim, "/page/state").await["faults"].clone();
        assert_eq!(
            (&rules[0]["name"], &rules[0]["left"], &rules[0]["of"]),
            (&fault["name"], &json!(2), &json!("ka10001"))
        );
        turn(&sim, json!({ "do": "heal" })).await;
    }
    turn(&sim, json!({ "do": "fault", "fault": "Status500", "of": "ka10001", "times": 1 })).await;
    let ask = || call(&sim, ("ka10001", "/api/dostk/stkinfo"), r#"{"stk_cd":"005930"}"#);
    assert_eq!((ask().await.0, ask().await.0), (500, 200));
    assert_eq!(
        sim.log().iter().rev().find(|call| call.api == "ka10001" && call.status == 500).unwrap().faults,
        [Fault::Status500]
    );
}

/// What the browser must never have told: errors of the page, and requests to other hosts.
fn complaints(page: &mut Page, home: &str) -> Vec<String> {
    let events = page.events();
    let wrong = events.iter().filter(|event| {
        let params = &event["params"];
        match event["method"].as_str().unwrap_or_default() {
            "Runtime.exceptionThrown" => true,
            "Runtime.consoleAPICalled" => params["type"] == "error" || params["type"] == "warning",
            "Log.entryAdded" => params["entry"]["level"] == "error",
            "Network.requestWillBeSent" => {
                let url = params["request"]["url"].as_str().unwrap_or_default();
                !url.starts_with(home) && !url.starts_with("data:") && url != "about:blank"
            }
            _ => false,
        }
    });
    wrong.map(Value::to_string).collect()
}

#[tokio::test]
async fn a_browser_shows_all_of_it_live_and_turns_the_switches() {
    let Some(browser) = find() else {
        eprintln!("skipped: no browser; set CHROME to a Chromium or install one");
        return;
    };
    let sim = Sim::builder().seed(7).start().await.unwrap();
    let client = sim.client().unwrap();
    let home = format!("{}/", sim.url());
    let mut page = Page::open(&browser).await;
    page.look((1400, 1900), "light").await;
    page.call("Page.navigate", json!({ "url": home })).await;

    // chart and book, before anything has moved
    page.until("document.querySelectorAll('.candle').length > 40").await;
    page.until("document.querySelectorAll('.level.ask').length === 10").await;
    page.until("document.querySelectorAll('.level.bid').length === 10").await;
    page.until("document.documentElement.lang === 'ko' && document.querySelector('#name').textContent === '삼성전자'")
        .await;

    // an order of a client, and requests, one of them hostile
    let order = Order::buy("005930").market().qty(11);
    let taken = client.orders().default_venue(OrderVenue::Krx).submit(order).await;
    let number = taken.accepted().expect("an order").number.as_str().to_owned();
    page.until(&format!("document.querySelector('#orders tbody')?.textContent.includes('{number}') ?? false")).await;
    page.until(&format!("document.querySelector('#fills tbody')?.textContent.includes('{number}') ?? false")).await;
    page.until("document.querySelector('#purses tbody')?.textContent.includes('삼성전자') ?? false").await;
    call(&sim, ("ka10001", "/api/dostk/stkinfo"), &json!({ "stk_cd": HOSTILE, HOSTILE: HOSTILE }).to_string()).await;
    page.until("document.querySelector('#entries').textContent.includes('onerror')").await;
    page.click(".entry").await;
    page.until("document.querySelector('#details').textContent.includes('onerror')").await;
    assert_eq!(page.value("document.querySelectorAll('img').length + (window.hacked ?? 0)").await, json!(0));

    // the meaning of a request in both languages
    page.value("[...document.querySelectorAll('.entry')].find((it) => it.textContent.includes('kt10000')).click()")
        .await;
    page.until("document.querySelector('#details').textContent.includes('주문수량')").await;
    page.until("document.querySelector('#details').textContent.includes('시장가')").await;
    page.click("#language").await;
    page.until("document.querySelector('#details').textContent.includes('Order quantity')").await;
    page.until("document.documentElement.lang === 'en' && document.querySelector('#name').textContent === 'Samsung Electronics'").await;
    assert_eq!(
        page.value("/[가-힣]/.test(document.querySelector('header').textContent.replace('한국어', ''))").await,
        json!(false)
    );

    // a fault for the next call
    page.value("document.querySelector('#fault-id').value = 'Status500'; document.querySelector('#fault-of').value = 'ka10001'").await;
    page.click("#fault [type=submit]").await;
    page.until("document.querySelector('#rules').textContent.includes('HTTP 500')").await;
    let ask = || call(&sim, ("ka10001", "/api/dostk/stkinfo"), r#"{"stk_cd":"005930"}"#);
    assert_eq!((ask().await.0, ask().await.0), (500, 200));
    page.until("document.querySelector('#entries .struck') !== null").await;

    // time
    let before = sim.now();
    page.click("[data-speed='100']").await;
    page.until("document.querySelector(\"[data-speed='100']\").getAttribute('aria-pressed') === 'true'").await;
    let clock = page.value("document.querySelector('#clock').textContent").await;
    page.until(&format!("document.querySelector('#clock').textContent !== {clock}")).await;
    assert!(sim.now() > before);
    page.click("[data-speed='0']").await;
    page.until("document.querySelector(\"[data-speed='0']\").getAttribute('aria-pressed') === 'true'").await;
    let still = sim.now();
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(sim.now(), still);

    // an order by hand, and its cancellation
    page.value("document.querySelector('#price').value = document.querySelectorAll('.level.bid .at')[9].firstChild.textContent.replaceAll(',', '')").await;
    page.click("#buy").await;
    page.until("document.querySelector('#said').classList.contains('good')").await;
    page.until("document.querySelector('.level .mine')?.textContent === '10'").await;
    page.click("#orders td .strong").await;
    page.until("document.querySelector('.level .mine') === null").await;

    // every kind of instrument, by days and minutes
    for (code, name) in [("NVDA", "NVIDIA"), ("M04020000", "Gold"), ("001", "KOSPI"), ("069500", "KODEX 200")] {
        page.click(&format!("[data-code='{code}']")).await;
        page.until(&format!("document.querySelector('#name').textContent.startsWith('{name}')")).await;
        page.click("[data-minutes='0']").await;
        page.until("document.querySelectorAll('.candle').length > 40 && !document.querySelector('#legend').textContent.includes(':')").await;
        page.click("[data-minutes='1']").await;
        page.until("document.querySelector('#legend').textContent.includes(':')").await;
    }
    page.click("[data-do='close']").await;
    page.until("document.querySelector('#phase').classList.contains('closed')").await;
    assert_eq!(sim.now().time().to_string(), "15:30:00");

    // the chart by keys, names for who does not see, and a narrow window
    page.value("document.querySelector('#chart').focus()").await;
    let key = json!({ "type": "keyDown", "key": "ArrowLeft", "code": "ArrowLeft", "windowsVirtualKeyCode": 37 });
    page.call("Input.dispatchKeyEvent", key).await;
    page.until("document.querySelectorAll('.cross').length === 2").await;
    let nameless = "[...document.querySelectorAll('button, input, select')].filter((it) => !it.textContent.trim() && \
                    !it.getAttribute('aria-label') && !it.labels?.length).length";
    assert_eq!(page.value(nameless).await, json!(0));
    page.look((390, 844), "dark").await;
    page.until("document.documentElement.scrollWidth <= 390").await;
    page.until("getComputedStyle(document.body).backgroundColor === 'rgb(10, 13, 18)'").await;
    assert_eq!(complaints(&mut page, &home), Vec::<String>::new());
    sim.audit().unwrap();
}

/// The picture of the README: `KIWOOM_PICTURE=page.png cargo test -p kiwoom-sim --test it picture -- --ignored`.
#[tokio::test]
#[ignore = "writes a picture"]
async fn picture() {
    let browser = find().expect("a browser");
    let target = std::env::var("KIWOOM_PICTURE").expect("KIWOOM_PICTURE names the file");
    let size = std::env::var("KIWOOM_PICTURE_SIZE").unwrap_or_else(|_| "1400x1500".to_owned());
    let (width, height) = size.split_once('x').unwrap();
    let scheme = std::env::var("KIWOOM_PICTURE_SCHEME").unwrap_or_else(|_| "dark".to_owned());
    let sim = Sim::builder().seed(7).at("2026-07-06T13:20:00".parse().unwrap()).start().await.unwrap();
    let client = sim.client().unwrap();
    let orders = client.orders().default_venue(OrderVenue::Krx);
    let _feed = client.realtime().topic::<StockTrade>(["005930"]).open().await.unwrap();
    for (code, qty) in [("005930", 120), ("000660", 30), ("069500", 200), ("035420", 25)] {
        assert!(orders.submit(Order::buy(code).market().qty(qty)).await.accepted().is_some());
        sim.advance(Duration::from_secs(70)).await;
    }
    let state = read(&sim, "/page/state").await;
    let (ask, bid) = (state["quote"]["asks"][4][0].as_i64().unwrap(), state["quote"]["bids"][2][0].as_i64().unwrap());
    assert!(orders.submit(Order::sell("005930").limit(ask).qty(40)).await.accepted().is_some());
    assert!(orders.submit(Order::buy("005930").limit(bid).qty(50)).await.accepted().is_some());
    sim.advance(Duration::from_secs(5)).await;
    call(&sim, ("ka10004", "/api/dostk/mrkcond"), r#"{"stk_cd":"005930"}"#).await;
    let body = r#"{"stk_cd":"005930","base_dt":"20260706","upd_stkpc_tp":"1"}"#;
    call(&sim, ("ka10081", "/api/dostk/chart"), body).await;
    let mut page = Page::open(&browser).await;
    page.look((width.parse().unwrap(), height.parse().unwrap()), &scheme).await;
    page.call("Page.navigate", json!({ "url": sim.url() })).await;
    page.until("document.querySelectorAll('.candle').length > 20").await;
    if std::env::var_os("KIWOOM_PICTURE_ENGLISH").is_some() {
        page.click("#language").await;
    }
    page.value("[...document.querySelectorAll('.entry')].find((it) => it.textContent.includes('ka10081')).click()")
        .await;
    page.until("document.querySelector('#details').textContent.includes('upd_stkpc_tp')").await;
    page.value("scrollTo(0, 0)").await;
    tokio::time::sleep(Duration::from_millis(700)).await;
    std::fs::write(target, page.picture().await).unwrap();
}
