//! Condition searches: rows C1 to C3 of `BEHAVIOUR.md`, and what a lost connection means for them.

use kiwoom_api::domestic::realtime::StockTrade;
use kiwoom_api::realtime::{Condition, Event, Hit, Watch};
use tokio::sync::mpsc;

use crate::server::{SOON, Socket, Talk, real};

const LIST: &str = r#"{"trnm":"CNSRLST","return_code":0,"return_msg":"","data":[["0","급등"],["4  ","눌림목"]]}"#;

fn pullback() -> Condition {
    Condition { number: "4".into(), name: "눌림목".into() }
}

/// The first answer of a search.
fn found(codes: &[&str]) -> String {
    let rows: Vec<String> = codes.iter().map(|code| format!(r#"{{"jmcode":"{code}"}}"#)).collect();
    format!(r#"{{"trnm":"CNSRREQ","seq":"4  ","return_code":0,"return_msg":"","data":[{}]}}"#, rows.join(","))
}

async fn next(watch: &mut Watch) -> Hit {
    tokio::time::timeout(SOON, watch.next()).await.expect("a hit in time").expect("no end")
}

/// The next hit that is no event.
async fn hit(watch: &mut Watch) -> Hit {
    loop {
        match next(watch).await {
            Hit::Event(_) => {}
            hit => return hit,
        }
    }
}

#[tokio::test]
async fn c1_the_list_comes_first_on_every_connection() {
    let (heard, mut log) = mpsc::unbounded_channel();
    let socket = Socket::start(move |stream, number| {
        let heard = heard.clone();
        async move {
            let mut talk = Talk::welcome(stream).await;
            heard.send((number, talk.hear().await)).unwrap();
            talk.say(LIST).await;
            while let Some(text) = talk.hear_within(SOON).await {
                if text.contains("CNSRREQ") {
                    talk.say(&found(&["A005930"])).await;
                } else {
                    talk.say(LIST).await;
                }
                let _ = heard.send((number, text));
            }
        }
    })
    .await;
    let conditions = socket.client().conditions();
    let list = conditions.list().await.unwrap();
    let names: Vec<_> = list.iter().map(|one| (one.number.as_str(), one.name.as_str())).collect();
    assert_eq!(names, [("0", "급등"), ("4", "눌림목")]);
    let mut watch = conditions.watch(&list[1]).await.unwrap();
    assert_eq!(hit(&mut watch).await, Hit::Snapshot { codes: vec!["005930".into()] });
    assert_eq!(conditions.named(" 눌림목").await.unwrap(), list[1]);
    let error = conditions.named("없음").await.unwrap_err().to_string();
    assert!(error.contains("0 급등, 4 눌림목"), "{error}");
    let ask = r#"{"trnm":"CNSRREQ","seq":"4","search_type":"1","stex_tp":"K"}"#;
    let list = r#"{"trnm":"CNSRLST"}"#;
    for want in [(0, list), (1, list), (1, ask)] {
        let (number, text) = log.recv().await.unwrap();
        assert_eq!((number, text.as_str()), want);
    }
}

#[tokio::test]
async fn c2_codes_compare_equal_and_a_lost_connection_is_made_up_for() {
    let socket = Socket::start(|stream, number| async move {
        let mut talk = Talk::welcome(stream).await;
        talk.hear().await;
        talk.say(LIST).await;
        talk.hear().await;
        if number == 0 {
            talk.say(&found(&["A005930", "Q500001"])).await;
            let change = |code: &str, event: &str| {
                real("02", "x", &format!(r#""841":"4  ","9001":"{code}","843":"{event}","20":"090001","907":"2""#))
            };
            talk.say(&change("000660", "I")).await;
            talk.say(&change("005930", "D")).await;
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        } else {
            talk.say(&found(&["A000660", "A035720"])).await;
            talk.hang().await;
        }
    })
    .await;
    let mut watch = socket.client().conditions().watch(&pullback()).await.unwrap();
    assert_eq!(hit(&mut watch).await, Hit::Snapshot { codes: vec!["005930".into(), "500001".into()] });
    let entered = hit(&mut watch).await;
    assert!(matches!(&entered, Hit::Entered { code, at: Some(_) } if code == "000660"), "{entered:?}");
    let left = hit(&mut watch).await;
    assert!(matches!(&left, Hit::Left { code, .. } if code == "005930"), "{left:?}");
    let mut events = Vec::new();
    let resynced = loop {
        match next(&mut watch).await {
            Hit::Event(event) => events.push(event),
            hit => break hit,
        }
    };
    assert!(events.iter().any(|event| matches!(event, Event::Gap { .. })), "{events:?}");
    assert_eq!(resynced, Hit::Resynced { entered: vec!["035720".into()], left: vec!["500001".into()] });
    assert_eq!(watch.hits().collect::<Vec<_>>(), ["000660", "035720"]);
}

#[cfg(feature = "domestic-condition")]
#[test]
fn c3_the_rate_of_a_search_is_thousandfold() {
    let text = r#"{"seq":"4","data":[{"9001":"A005930","10":"000020900","11":"-00001460","12":"-00006530"}]}"#;
    let reply = kiwoom_api::domestic::condition::ConditionSearchReply::from_json(text).unwrap();
    assert_eq!(reply.data[0].change_rate.unwrap().to_f64(), -6.53);
}

#[tokio::test]
async fn c3_a_search_over_the_socket_says_the_same() {
    let socket = Socket::start(|stream, _| async move {
        let mut talk = Talk::welcome(stream).await;
        talk.hear().await;
        talk.say(LIST).await;
        talk.hear().await;
        let row = row("A005930", "-00006530", "");
        talk.say(&format!(r#"{{"trnm":"CNSRREQ","seq":"4","return_code":0,"data":[{row}]}}"#)).await;
        talk.hang().await;
    })
    .await;
    let found = socket.client().conditions().search(&pullback()).await.unwrap();
    assert_eq!((found[0].change_rate.unwrap().to_f64(), found[0].change), (-6.53, Some((-1_460).into())));
}

#[tokio::test]
async fn a_search_ends_with_its_watch_and_not_with_the_connection() {
    let (heard, mut log) = mpsc::unbounded_channel();
    let socket = Socket::start(move |stream, _| {
        let heard = heard.clone();
        async move {
            let mut talk = Talk::welcome(stream).await;
            while let Some(text) = talk.hear_within(SOON).await {
                match &text {
                    text if text.contains("CNSRLST") => talk.say(LIST).await,
                    text if text.contains("CNSRREQ") => talk.say(&found(&[])).await,
                    text if text.contains("CNSRCLR") => {
                        talk.say(r#"{"trnm":"CNSRCLR","return_code":0,"return_msg":"","seq":"4"}"#).await;
                    }
                    _ => talk.answer("REG", 0, "").await,
                }
                let _ = heard.send(text);
            }
        }
    })
    .await;
    let client = socket.client();
    let feed = client.realtime().topic::<StockTrade>(["005930"]).open().await.unwrap();
    let watch = client.conditions().watch(&pullback()).await.unwrap();
    assert_eq!(feed.slots_used(), 1, "a search takes no place of a symbol");
    drop(watch);
    let mut last = String::new();
    while !last.contains("CNSRCLR") {
        last = tokio::time::timeout(SOON, log.recv()).await.expect("in time").unwrap();
    }
    assert_eq!((last.as_str(), socket.came().len()), (r#"{"trnm":"CNSRCLR","seq":"4"}"#, 1));
    assert_eq!(feed.standing().confirmed, 1);
}

#[tokio::test]
async fn giving_up_leaves_nothing_behind_and_next_loses_nothing() {
    let (ended, mut log) = mpsc::unbounded_channel();
    let socket = Socket::start(move |stream, number| {
        let ended = ended.clone();
        async move {
            let mut talk = Talk::welcome(stream).await;
            talk.hear().await;
            if number > 0 {
                talk.say(LIST).await;
                talk.hear().await;
            }
            if number > 1 {
                talk.say(&found(&["A005930"])).await;
                for code in 0..30 {
                    talk.say(&real("02", "4", &format!(r#""841":"4","9001":"{code:06}","843":"I""#))).await;
                    tokio::time::sleep(std::time::Duration::from_millis(3)).await;
                }
            }
            talk.end().await;
            ended.send(number).unwrap();
        }
    })
    .await;
    let conditions = socket.client().conditions();
    let short = std::time::Duration::from_millis(400);
    // the list hangs, then the search
    assert!(tokio::time::timeout(short, conditions.list()).await.is_err());
    assert_eq!(tokio::time::timeout(SOON, log.recv()).await.unwrap(), Some(0));
    assert!(tokio::time::timeout(short * 5, conditions.watch(&pullback())).await.is_err());
    assert_eq!(tokio::time::timeout(SOON, log.recv()).await.unwrap(), Some(1));
    let mut watch = conditions.watch(&pullback()).await.unwrap();
    let mut codes = Vec::new();
    while codes.len() < 30 {
        if let Ok(Some(Hit::Entered { code, .. })) =
            tokio::time::timeout(std::time::Duration::from_millis(1), watch.next()).await
        {
            codes.push(code);
        }
    }
    assert_eq!(codes, (0..30).map(|code| format!("{code:06}")).collect::<Vec<_>>());
    watch.close().await;
    assert_eq!(tokio::time::timeout(SOON, log.recv()).await.unwrap(), Some(2));
}

#[tokio::test]
async fn refusals_are_errors() {
    let socket = Socket::start(|stream, _| async move {
        let mut talk = Talk::welcome(stream).await;
        talk.hear().await;
        talk.say(LIST).await;
        talk.hear().await;
        talk.say(r#"{"trnm":"CNSRREQ","seq":"4","return_code":900,"return_msg":"no such condition"}"#).await;
        talk.hang().await;
    })
    .await;
    let client = socket.client();
    let error = client.conditions().watch(&pullback()).await.unwrap_err().to_string();
    assert!(error.contains("900 no such condition"), "{error}");
    let wrong = Condition { number: "4\",".into(), name: String::new() };
    let error = client.conditions().watch(&wrong).await.unwrap_err().to_string();
    assert!(error.contains("not the number of a condition"), "{error}");
    assert_eq!(socket.came().len(), 1);
}

/// A row of a search that is asked for once.
fn row(code: &str, rate: &str, more: &str) -> String {
    format!(
        r#"{{"9001":"{code}","302":"이름","10":"000020900","25":"5","11":"-00001460","12":"{rate}","13":"000000123"{more}}}"#
    )
}

#[tokio::test]
async fn a_search_that_is_asked_once_yields_all_pages() {
    let (heard, mut log) = mpsc::unbounded_channel();
    let socket = Socket::start(move |stream, _| {
        let heard = heard.clone();
        async move {
            let mut talk = Talk::welcome(stream).await;
            while let Some(text) = talk.hear_within(SOON).await {
                let page = |rows: &str, more: &str| {
                    format!(r#"{{"trnm":"CNSRREQ","seq":"4  ",{more},"return_code":0,"data":[{rows}]}}"#)
                };
                if text.contains("CNSRLST") {
                    talk.say(LIST).await;
                } else if text.contains(r#""next_key":"k\"2""#) {
                    talk.say(&page(&row("A000660", "-00006530", ""), r#""cont_yn":"N","next_key":"""#)).await;
                } else if text.contains(r#""seq":"9""#) {
                    let loops = page("", r#""cont_yn":"Y","next_key":"same""#).replace("4  ", "9");
                    talk.say(&loops).await;
                } else if text.contains(r#""seq":"7""#) {
                    talk.say(r#"{"trnm":"CNSRREQ","seq":"7","return_code":900001,"return_msg":"no"}"#).await;
                } else {
                    talk.say(&page(&row("A005930", "-00006530", ""), r#""cont_yn":"Y","next_key":"k\"2""#)).await;
                }
                let _ = heard.send(text);
            }
        }
    })
    .await;
    let conditions = socket.client().conditions();
    let found = conditions.search(&pullback()).await.unwrap();
    let codes: Vec<&str> = found.iter().map(|row| row.symbol.code()).collect();
    assert_eq!(codes, ["005930", "000660"], "bare, as in pushes");
    let first = &found[0];
    assert_eq!(first.change_rate.unwrap().0, "-6.53".parse().unwrap());
    assert_eq!((first.price.unwrap().won(), first.volume, first.name.as_str()), (Some(20_900), Some(123), "이름"));
    let ask = r#"{"trnm":"CNSRREQ","seq":"4","search_type":"0","stex_tp":"K"}"#;
    assert_eq!(log.recv().await.unwrap(), r#"{"trnm":"CNSRLST"}"#);
    assert_eq!(log.recv().await.unwrap(), ask);
    let again = r#"{"trnm":"CNSRREQ","seq":"4","search_type":"0","stex_tp":"K","cont_yn":"Y","next_key":"k\"2"}"#;
    assert_eq!(log.recv().await.unwrap(), again, "over the same connection");
    let condition = |number: &str| Condition { number: number.into(), name: String::new() };
    let error = conditions.search(&condition("9")).await.unwrap_err().to_string();
    assert!(error.contains("do not end"), "{error}");
    let error = conditions.search(&condition("7")).await.unwrap_err().to_string();
    assert!(error.contains("900001"), "{error}");
    let error = conditions.search(&condition("\"x")).await.unwrap_err().to_string();
    assert!(error.contains("not the number"), "{error}");
}

#[tokio::test]
async fn us_searches_have_names_of_their_own_and_rows_with_exchanges() {
    let (heard, mut log) = mpsc::unbounded_channel();
    let socket = Socket::start(move |stream, _| {
        let heard = heard.clone();
        async move {
            let mut talk = Talk::welcome(stream).await;
            while let Some(text) = talk.hear_within(SOON).await {
                if text.contains("GCNSRLST") {
                    talk.say(&LIST.replace("CNSRLST", "GCNSRLST")).await;
                } else if text.contains(r#""search_type":"0""#) {
                    let rows = [("NVDA", "ND"), ("IBM", "NY"), ("A", "NY"), ("SPY", "NA")];
                    let rows = rows.map(|(code, exchange)| row(code, "-1.25", &format!(r#","stex_tp":"{exchange}""#)));
                    let rows = rows.join(",").replace("000020900", "000000.1602");
                    talk.say(&format!(r#"{{"trnm":"GCNSRREQ","seq":"4","return_code":0,"data":[{rows}]}}"#)).await;
                } else {
                    talk.say(
                        r#"{"trnm":"GCNSRREQ","seq":"4","return_code":0,"data":[{"jmcode":"NVDA"},{"jmcode":"A"}]}"#,
                    )
                    .await;
                    talk.say(&real("S2", "4", r#""841":"4","9001":"A","843":"D","20":"230156""#)).await;
                    talk.say(&real("S2", "4", r#""841":"4","9001":"COIN","843":"I","20":"230156""#)).await;
                }
                let _ = heard.send(text);
            }
        }
    })
    .await;
    let client = socket.client();
    let conditions = client.us_conditions();
    let found = conditions.search(&pullback()).await.unwrap();
    let symbols = ["NVDA", "IBM", "A", "SPY"];
    assert_eq!(found.iter().map(|row| row.symbol.code()).collect::<Vec<_>>(), symbols, "a US ticker has no prefix");
    assert_eq!(found[1].symbol, kiwoom_api::realtime::Symbol::nyse("IBM"));
    assert_eq!(found[0].change_rate.unwrap().to_string(), "-1.25");
    assert_eq!(found[0].price.unwrap().amount.to_string(), "0.1602");
    let mut watch = conditions.watch(&pullback()).await.unwrap();
    assert_eq!(hit(&mut watch).await, Hit::Snapshot { codes: vec!["A".into(), "NVDA".into()] });
    assert!(matches!(hit(&mut watch).await, Hit::Left { code, .. } if code == "A"));
    assert!(matches!(hit(&mut watch).await, Hit::Entered { code, at, .. } if code == "COIN" && at.is_some()));
    assert_eq!(watch.hits().collect::<Vec<_>>(), ["COIN", "NVDA"]);
    let mut asked = Vec::new();
    while let Ok(text) = log.try_recv() {
        asked.push(text);
    }
    assert!(asked.contains(&r#"{"trnm":"GCNSRREQ","seq":"4","search_type":"0"}"#.to_owned()), "{asked:?}");
    assert!(asked.contains(&r#"{"trnm":"GCNSRREQ","seq":"4","search_type":"1"}"#.to_owned()), "{asked:?}");
}
