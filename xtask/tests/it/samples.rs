//! The samples from document to code: what stands in a row of a sheet, in the facts and in Rust.

use std::fs;

use crate::workspace::{Run, Workspace, repository, sample, xtask};

/// The APIs of the samples and where their code is.
const CODE: [(&str, &str); 7] = [
    ("au10001", "oauth/token/issue_token.rs"),
    ("ka10024", "domestic/stock/volume_new_high.rs"),
    ("ka90003", "domestic/stock/program_net_buy_top50.rs"),
    ("ka10081", "domestic/chart/stock_daily_chart.rs"),
    ("kt10000", "domestic/order/buy_order.rs"),
    ("ka10171", "domestic/condition/condition_list.rs"),
    ("0B", "domestic/realtime/stock_trade.rs"),
];

#[test]
fn the_code_of_the_samples_is_the_committed_code() {
    let tree = Workspace::of_samples();
    for (id, path) in CODE {
        let path = format!("kiwoom-api/src/generated/{path}");
        let (got, want) = (tree.read(&path), fs::read_to_string(repository().join(&path)).expect(&path));
        // Which module holds a code set depends on who else uses it, and so does the number of its private table.
        let lines = |text: &str| text.lines().filter(|l| !l.starts_with("use ")).map(numberless).collect::<Vec<_>>();
        for (n, (got, want)) in (1..).zip(lines(&got).iter().zip(&lines(&want))) {
            assert_eq!(got, want, "{id}: {path}, line {n} without imports");
        }
        assert_eq!(lines(&got).len(), lines(&want).len(), "{id}: {path}");
    }
}

/// The command with which the READMEs invite to try the path works in a fresh clone, and writes nothing.
#[test]
fn the_command_of_the_readmes_shows_what_the_samples_would_change() {
    let root = repository();
    for file in ["README.md", "README.ko.md", "spec/samples/README.md"] {
        let text = fs::read_to_string(root.join(file)).expect(file);
        let commands: Vec<&str> = text
            .split('`')
            .filter_map(|piece| piece.strip_prefix("cargo xtask "))
            .filter(|command| command.contains("spec/samples"))
            .collect();
        assert_eq!(commands.len(), 1, "{file}: {commands:?}");
        let run = Run::of(xtask().args(commands[0].split(' ')).arg("--root").arg(&root).current_dir(&root));
        assert!(!run.err.contains("error["), "{file}: {}", run.err);
        assert!(
            run.out.contains("7 API sheets (partial)") && run.out.contains("would be changed"),
            "{file}: {}",
            run.out
        );
        assert!(commands[0].contains("--check"), "{file}");
    }
}

/// The line without the number of a code table: `tables::VENUE_3` is `tables::VENUE`.
fn numberless(line: &str) -> String {
    let Some((before, name)) = line.split_once("tables::") else { return line.to_owned() };
    let end = name.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(name.len());
    let (table, after) = name.split_at(end);
    let table = table.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end_matches('_');
    format!("{before}tables::{table}{after}")
}

#[test]
fn a_row_becomes_a_fact_and_a_fact_becomes_a_field() {
    let tree = Workspace::of_samples();
    let document = fs::read_to_string(sample("style1/ka10024.md")).expect("a sample");
    let facts = tree.read("spec/apis/ka10024.json");
    let code = tree.read("kiwoom-api/src/generated/domestic/stock/volume_new_high.rs");
    for (row, fact, field) in [
        (
            "| - cur_prc | 현재가 | String | N | 20 | 단위: 원, 부호 포함 |",
            r#"{"key":"cur_prc","name":"현재가","type":"String","required":"N","length":"20","says":{"unit":"won","signed":true}"#,
            "pub cur_prc: Option<Price>,",
        ),
        (
            "| - now_trde_qty | 현재거래량 | String | N | 20 | 단위: 1주 |",
            r#"{"key":"now_trde_qty","name":"현재거래량","type":"String","required":"N","length":"20","says":{"unit":"share"}"#,
            "pub now_trde_qty: Option<i64>,",
        ),
        (
            "| stex_tp | 거래소구분 | String | Y | 1 | 1:KRX, 2:NXT 3.통합 |",
            r#""says":{"codes":[["1","KRX"],["2","NXT"],["3","통합"]]}"#,
            "pub stex_tp: Option<Venue>,",
        ),
        (
            "| Body | trde_qty_updt | 거래량갱신 | LIST | N |",
            r#"{"key":"trde_qty_updt","name":"거래량갱신","type":"LIST","required":"N","seen":["objects"],"fields":["#,
            "pub trde_qty_updt: Vec<",
        ),
    ] {
        assert!(document.contains(row), "{row}");
        assert!(facts.contains(fact), "{fact}\n{facts}");
        assert!(code.contains(field), "{field}");
    }
}
