//! What a hostile reply can make the client keep: measured by a counting allocator, at the default limit.
#![cfg(feature = "domestic-account")]

use crate::support::{self, Bars, Step, TestServer, reply, token_body};
use kiwoom_api::codes::{BalanceDetail, BalanceVenue};
use kiwoom_api::domestic::account::BalanceValuation;
use kiwoom_api::endpoint::{Effect, Endpoint, Meta, ReadRequest};
use kiwoom_api::record::{Keys, Record, Slot};
use kiwoom_api::value::StockCode;
use kiwoom_api::{Client, Error, Limits, Reply};

/// The default of `max_reply_bytes`.
const LIMIT: usize = 32 << 20;
/// As its documentation says.
const TIMES: u64 = 4;
/// What the worst of these replies was seen to take.
const MEASURED_MIB: u64 = 115;

/// A reply of `length` bytes with this list, over and over.
fn of(list: &str, element: &str, length: usize) -> String {
    let (head, tail) = (format!(r#"{{"{list}":["#), r#"],"return_code":0,"return_msg":""}"#);
    let count = (length - head.len() - tail.len()) / (element.len() + 1);
    format!("{head}{}{tail}", vec![element; count].join(","))
}

/// Lists of every kind, and lists within rows.
#[derive(Clone, Default)]
struct Nest {
    rows: Vec<Nest>,
    texts: Vec<String>,
    codes: Vec<StockCode>,
    inside: Vec<Nest>,
    tuples: Vec<Nest>,
    name: String,
    _width: [u64; 16],
}

impl Record for Nest {
    fn keys(&self) -> &'static Keys {
        &Keys {
            api: "",
            record: "Nest",
            names: &["\"rows\":", "\"texts\":", "\"codes\":", "\"inside\":", "\"tuples\":", "\"name\":"],
        }
    }

    fn slot(&mut self, index: usize) -> Slot<'_> {
        match index {
            0 => Slot::List(&mut self.rows),
            1 => Slot::Texts(&mut self.texts),
            2 => Slot::Joined(&mut self.codes, ';'),
            3 => Slot::Embedded(&mut self.inside),
            4 => Slot::Tuples(&mut self.tuples),
            _ => Slot::Text(&mut self.name),
        }
    }
}

impl Endpoint for Nest {
    type Reply = Nest;
    type Answer = Result<Reply<Nest>, Error>;
    const META: &'static Meta = &Meta::new("zz00001", "/api/nest", Effect::Read);
}

/// A client of a server in a thread of its own, whose memory is not counted.
fn serve(body: String) -> (tokio::runtime::Runtime, TestServer) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let (token, body) = (reply("200 OK", &[], &token_body("TOKEN-of-a-test")), reply("200 OK", &[], &body));
    let server = runtime.block_on(TestServer::answering(move |request| {
        Step::Write(if request.is_about_tokens() { token.clone() } else { body.clone() })
    }));
    (runtime, server)
}

/// What one call gives, and how many bytes it took at most at the same time.
fn peak<R: ReadRequest>(client: &Client, request: &R) -> (Result<Reply<R::Reply>, Error>, u64) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(client.sign_in()).unwrap();
    let mut result = None;
    let used = allocation_counter::measure(|| result = Some(runtime.block_on(async { client.call(request).await })));
    (result.unwrap(), used.bytes_max)
}

fn client(server: &TestServer) -> Client {
    support::builder(server).limits(Limits::unlimited()).build().unwrap()
}

#[test]
fn memory_12_a_hostile_reply_at_the_default_limit() {
    let long = format!(r#"{{"trde_qty":"{}"}}"#, "x".repeat(200));
    for (what, element) in [
        ("rows that say nothing", "{}"),
        ("rows of misfits", r#"{"trde_qty":"x"}"#),
        ("long misfits", long.as_str()),
        ("no rows", "1"),
        ("keys that nobody knows", r#"{"a":1,"b":2}"#),
        ("values that come again", r#"{"trde_qty":"x","trde_qty":"y"}"#),
    ] {
        let (_runtime, server) = serve(of("stk_dt_pole_chart_qry", element, LIMIT - 1));
        let (result, bytes) = peak(&client(&server), &Bars::new("005930"));
        println!("{what}: {} MiB, {:?}", bytes >> 20, result.as_ref().map(|_| ()).map_err(ToString::to_string));
        assert!(bytes <= TIMES * LIMIT as u64, "{what}: {} MiB", bytes >> 20);
        match result {
            Ok(reply) => assert!(reply.anomalies().len() <= 1000),
            Err(error) => assert!(error.to_string().contains("max_reply_bytes"), "{error}"),
        }
    }
    // of a generated reply, whose rows are larger
    let request = BalanceValuation::new(BalanceDetail::Combined, BalanceVenue::Krx);
    let mut worst = 0;
    for element in ["{}", r#"{"stk_nm":"x"}"#, r#"{"stk_cd":"?","stk_nm":"가","evltv_prft":"?"}"#] {
        let (_runtime, server) = serve(of("acnt_evlt_remn_indv_tot", element, LIMIT - 1));
        let (result, bytes) = peak(&client(&server), &request);
        println!("{element}: {} MiB", bytes >> 20);
        assert!(bytes <= TIMES * LIMIT as u64, "{element}: {} MiB", bytes >> 20);
        worst = worst.max(bytes >> 20);
        let error = result.map(drop).unwrap_err();
        assert!(error.to_string().contains("max_reply_bytes"), "{error}");
    }
    assert!(MEASURED_MIB.abs_diff(worst) <= 5, "{worst} MiB: the docs of order::promises name another figure");
}

#[test]
fn memory_12_lists_of_every_kind() {
    let joined = format!(r#"{{"codes":"{}"}}"#, "1;".repeat(100_000));
    let inside = format!(r#"{{"inside":"[{}]"}}"#, vec!["{}"; 100_000].join(","));
    for (list, element) in [
        ("texts", r#""""#),
        ("texts", r#""x""#),
        ("texts", "1"),
        ("tuples", "[]"),
        ("tuples", r#"[[],["x","y"]]"#),
        ("rows", r#"{"rows":[{}]}"#),
        ("rows", r#"{"rows":[{"rows":[{"rows":[{}]}]}]}"#),
        ("rows", r#"{"name":"x"}"#),
        ("rows", r#"{"texts":["x"]}"#),
        ("rows", joined.as_str()),
        ("rows", inside.as_str()),
    ] {
        let (_runtime, server) = serve(of(list, element, LIMIT - 1));
        let (result, bytes) = peak(&client(&server), &Nest::default());
        let what = &element[..element.len().min(30)];
        println!("{list} {what}: {} MiB, {:?}", bytes >> 20, result.as_ref().map(|_| ()).map_err(ToString::to_string));
        assert!(bytes <= TIMES * LIMIT as u64, "{list} {what}: {} MiB", bytes >> 20);
    }
}

#[test]
fn memory_12_a_smaller_limit_takes_less() {
    let (_runtime, server) = serve(of("stk_dt_pole_chart_qry", "{}", 4 << 20));
    let client = support::builder(&server).max_reply_bytes(5 << 20).build().unwrap();
    let (result, bytes) = peak(&client, &Bars::new("005930"));
    let error = result.map(drop).unwrap_err();
    assert!(error.to_string().contains("5242880 bytes (raise max_reply_bytes"), "{error}");
    assert!(bytes <= TIMES * (5 << 20), "{} KiB", bytes >> 10);
}

/// Nothing that was seen comes near: pages of 900 rows, lists of some thousand.
#[test]
fn memory_12_real_replies_pass() {
    let row = r#"{"trde_qty":"9263135"}"#;
    let (_runtime, server) = serve(of("stk_dt_pole_chart_qry", row, 20_000 * (row.len() + 1)));
    let (result, _) = peak(&client(&server), &Bars::new("005930"));
    let reply = result.unwrap();
    assert!(reply.rows().len() > 19_000 && reply.anomalies().is_empty());
}

#[test]
fn memory_12_anomalies_beyond_the_cap_are_counted() {
    let row = r#"{"trde_qty":"x"}"#;
    let body = of("stk_dt_pole_chart_qry", row, 5_000 * (row.len() + 1));
    let (_runtime, server) = serve(body.clone());
    let all = body.matches(row).count();
    let (result, _) = peak(&client(&server), &Bars::new("005930"));
    let reply = result.unwrap();
    assert_eq!((reply.anomalies().len(), reply.omitted_anomalies()), (1000, all - 1000));
    let error = reply.exact().map(drop).unwrap_err();
    assert_eq!((error.anomalies().len(), error.omitted_anomalies()), (1000, all - 1000));
    assert!(error.to_string().contains(&all.to_string()), "{error}");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let strict = client(&server).strict();
    assert!(runtime.block_on(async { strict.call(&Bars::new("005930")).await }).is_err());
    let walked = runtime.block_on(client(&server).rows(&Bars::new("005930")).collect()).unwrap();
    assert_eq!((walked.rows.len(), walked.anomalies.len(), walked.omitted_anomalies), (all, 1000, all - 1000));
    assert!(walked.exact().is_err());
}
