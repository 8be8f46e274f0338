//! The promises about orders, and what is not promised.
//!
#![doc = include_str!("promises.md")]

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;
    use std::time::Duration;

    use crate::net::transport::{self, Bounds};
    use crate::net::{broker_time, pipeline, token};
    use crate::order::journal::{self, slow_disk_tests};
    use crate::order::reconcile::{self, bound};

    const PAGE: &str = include_str!("promises.md");
    const MEMORY_TEST: &str = "tests/memory/bounds.rs";

    /// What the table must say, according to the constants of the code.
    fn figures() -> Vec<(&'static str, String)> {
        let bounds = Bounds::default();
        let travel = |socket| socket + bound::QUEUE + reconcile::DELAY + bound::MARGIN;
        let memory_test = source(MEMORY_TEST);
        vec![
            ("timeout of a call and of an order", time(bounds.call)),
            ("kept for the answer, at most", time(pipeline::kept_for_the_answer(Some(Duration::MAX)))),
            ("unacknowledged bytes are given up (`TCP_USER_TIMEOUT`)", time(transport::UNACKNOWLEDGED)),
            ("life of a packet, where that option is missing", time(bound::PACKET)),
            ("queue time elsewhere (assumed)", time(bound::QUEUE)),
            ("delay of the lists", time(reconcile::DELAY)),
            ("margin", time(bound::MARGIN)),
            ("`Reconcile::TRAVEL` on Linux and Android", time(travel(transport::UNACKNOWLEDGED))),
            ("`Reconcile::TRAVEL` elsewhere", time(travel(bound::PACKET))),
            ("time window of an order in the lists", time(reconcile::SKEW)),
            ("days looked through for one order", format!("{} days", reconcile::MOST_DAYS)),
            ("resolution of the `Date` header", time(broker_time::RESOLUTION)),
            ("idle time of a connection of orders", time(transport::orders::IDLE)),
            ("patience with the lock of a journal", time(journal::PATIENCE)),
            ("first pause after a refused token request", time(token::refusals::FIRST)),
            ("longest pause after refused token requests", time(token::refusals::LONGEST)),
            ("patience with the lock of a token file, beyond one request", time(token::SPARE)),
            ("life that an order wants of a token", time(token::TRADE)),
            ("default of `max_reply_bytes`", format!("{} MiB", bounds.reply_bytes >> 20)),
            (
                "memory of a reply, in multiples of `max_reply_bytes`",
                format!("{} times", constant(&memory_test, "TIMES")),
            ),
            ("measured memory of a hostile reply", format!("{} MiB", constant(&memory_test, "MEASURED_MIB"))),
            ("flush of the slow disk in the test", time(slow_disk_tests::FLUSH)),
            ("absence of a runtime thread that the test allows", time(slow_disk_tests::AWAY)),
        ]
    }

    /// Those of live orders stand last; `order::live` compares them, in builds that have it.
    const LIVE: usize = 5;

    fn time(time: Duration) -> String {
        match time.subsec_millis() {
            0 => format!("{} s", time.as_secs()),
            _ => format!("{} ms", time.as_millis()),
        }
    }

    fn source(file: &str) -> String {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
        std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{file}: {error}"))
    }

    /// The value of a constant of a test, which this crate cannot see.
    fn constant(source: &str, name: &str) -> u64 {
        let (_, rest) = source.split_once(&format!("const {name}: u64 = ")).unwrap_or_else(|| panic!("no {name}"));
        rest.split(';').next().unwrap().parse().unwrap()
    }

    /// Number, title and text of each promise.
    fn promises() -> Vec<(usize, &'static str, &'static str)> {
        let (_, page) = PAGE.split_once("\n# The promises\n").unwrap();
        let (page, _) = page.split_once("\n# ").unwrap();
        let parts = page.split("\n## ").skip(1).map(|part| {
            let (heading, text) = part.split_once('\n').unwrap();
            let (number, title) = heading.split_once(". ").unwrap();
            (number.parse().unwrap(), title, text)
        });
        parts.collect()
    }

    /// The texts in backquotes.
    fn quoted(text: &str) -> impl Iterator<Item = &str> {
        text.split('`').skip(1).step_by(2)
    }

    /// Numbers with a unit: `90 s`, `115 MiB`, `4 times`.
    fn named(text: &str) -> BTreeSet<String> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let bare = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
        let pairs = words.windows(2).map(|pair| (bare(pair[0]), bare(pair[1])));
        let is_figure = |(number, unit): &(String, String)| {
            number.parse::<u64>().is_ok() && ["s", "ms", "MiB", "times", "days", "events"].contains(&unit.as_str())
        };
        pairs.filter(is_figure).map(|(number, unit)| format!("{number} {unit}")).collect()
    }

    fn is_test(source: &str, name: &str) -> bool {
        let lines: Vec<&str> = source.lines().map(str::trim).collect();
        // a scenario becomes a test where its file lists its name
        if lines.iter().any(|line| line.starts_with(&format!("pub async fn {name}<"))) {
            return lines.contains(&name);
        }
        let declares = |line: &str| {
            let line = line.strip_prefix("async ").unwrap_or(line);
            line.strip_prefix("fn ").and_then(|line| line.strip_prefix(name)).is_some_and(|rest| rest.starts_with('('))
        };
        let Some(at) = lines.iter().position(|line| declares(line)) else { return false };
        let attributes = lines[..at].iter().rev().take_while(|line| line.starts_with('#') || line.starts_with("//"));
        let attributes: Vec<&&str> = attributes.collect();
        let runs = attributes.iter().any(|line| **line == "#[test]" || line.starts_with("#[tokio::test"));
        runs && !attributes.iter().any(|line| line.starts_with("#[ignore"))
    }

    #[test]
    fn each_promise_has_an_assumption_a_bound_and_a_test_that_exists() {
        let promises = promises();
        assert!(promises.iter().map(|promise| promise.0).eq(1..=24), "numbered without gaps");
        for (number, title, text) in promises {
            let (promise, rest) =
                text.split_once("* **Assumes**: ").unwrap_or_else(|| panic!("{number}: no assumption"));
            let (assumption, rest) = rest.split_once("* **Bound**: ").unwrap_or_else(|| panic!("{number}: no bound"));
            let (bound, tests) = rest.split_once("* **Held by**: ").unwrap_or_else(|| panic!("{number}: no test"));
            for part in [title, promise, assumption, bound] {
                assert!(!part.trim().is_empty(), "{number}: a part is empty");
            }
            assert!(quoted(tests).count() > 0, "{number}: no test");
            for test in quoted(tests) {
                let (file, name) = test.split_once("::").unwrap_or_else(|| panic!("{number}: {test}: no file::test"));
                assert!(is_test(&source(file), name), "{number}: {file} has no test {name} that runs");
            }
        }
    }

    #[test]
    fn each_figure_of_the_page_is_that_of_the_code() {
        let rows: Vec<(&str, String)> = PAGE
            .lines()
            .filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |")?.split_once(" | "))
            .skip(1)
            .map(|(label, value)| (label, value.to_owned()))
            .collect();
        let figures = figures();
        let (rows, live) = rows.split_at(rows.len() - LIVE);
        assert_eq!(rows, figures);
        let (text, _) = PAGE.split_once("\n# The figures\n").unwrap();
        let known: BTreeSet<String> = figures.iter().chain(live).map(|(_, value)| value.clone()).collect();
        let mut named = named(text);
        named.remove("0 s");
        assert_eq!(named.difference(&known).collect::<Vec<_>>(), Vec::<&String>::new(), "figures without a row");
        assert!(named.len() > 15, "{named:?}");
    }

    #[test]
    fn the_sums_and_parts_that_the_page_explains() {
        let this_machine = bound::SOCKET + bound::QUEUE + reconcile::DELAY + bound::MARGIN;
        assert_eq!(super::super::Reconcile::TRAVEL, this_machine);
        assert!([transport::UNACKNOWLEDGED, bound::PACKET].contains(&bound::SOCKET));
        let second = Duration::from_secs(1);
        assert_eq!(pipeline::kept_for_the_answer(Some(4 * second)), second, "a quarter");
    }

    /// The same figures in other documents.
    #[test]
    fn other_documents_name_the_figures_of_the_code() {
        let seconds = |time: Duration| time.as_secs();
        let travel = |socket| seconds(socket + bound::QUEUE + reconcile::DELAY + bound::MARGIN);
        let (here, elsewhere) = (travel(transport::UNACKNOWLEDGED), travel(bound::PACKET));
        let (socket, packet) = (seconds(transport::UNACKNOWLEDGED), seconds(bound::PACKET));
        let kept = seconds(pipeline::kept_for_the_answer(Some(Duration::MAX)));
        let (first, longest) = (seconds(token::refusals::FIRST), seconds(token::refusals::LONGEST) / 60);
        let verdict = "src/order/reconcile/verdict.rs";
        for (file, text) in [
            ("README.md", format!("({here} seconds on Linux, {elsewhere} where")),
            ("README.ko.md", format!("(리눅스 {here}초, 그 밖에는 {elsewhere}초)")),
            (verdict, format!("TRAVEL), {here} s or {elsewhere} s")),
            (
                verdict,
                format!(
                    "| {socket} on Linux and Android, where the client sets `TCP_USER_TIMEOUT`; {packet} elsewhere"
                ),
            ),
            (verdict, format!("an assumption | {} |", seconds(bound::QUEUE))),
            (verdict, format!("Reconcile::delay)) | {} |", seconds(reconcile::DELAY))),
            (verdict, format!("| margin | {} |", seconds(bound::MARGIN))),
            ("src/order/reconcile/mod.rs", format!("{} seconds by default", seconds(reconcile::DELAY))),
            ("src/order/reconcile/mod.rs", format!("{} minutes by default", seconds(reconcile::SKEW) / 60)),
            ("src/order/orders.rs", format!("at most {kept} seconds, is kept for the answer")),
            ("src/client.rs", format!("for {first} seconds at first and for up to {longest} minutes")),
        ] {
            let words: Vec<String> = [source(file), text].map(|text| words(&text)).into();
            assert!(words[0].contains(&words[1]), "{file} does not say: {}", words[1]);
        }
    }

    /// The text without line ends and comment signs.
    fn words(text: &str) -> String {
        text.split_whitespace().filter(|word| *word != "///").collect::<Vec<_>>().join(" ")
    }

    /// The checks above detect what is wrong.
    #[test]
    fn a_test_that_does_not_run_is_none() {
        assert!(is_test("#[test]\nfn a() {}", "a") && is_test("    #[tokio::test]\n    async fn a() {}", "a"));
        for source in ["fn a() {}", "#[test]\nfn ab() {}", "#[test]\n#[ignore]\nfn a() {}", "// #[test] fn a()"] {
            assert!(!is_test(source, "a"), "{source}");
        }
        let found = named("within 90 s (elsewhere\n190 s), 4 times, and 7 apples");
        assert_eq!(found.into_iter().collect::<Vec<_>>(), ["190 s", "4 times", "90 s"]);
    }
}
