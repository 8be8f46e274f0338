//! Names: a total function from wire names to Rust identifiers. The only place for such rules.

/// The Rust name of a field: `250hgst` is `n250hgst`, `type` is `type_`, `stexTp` is `stex_tp`, `9201` is `fid_9201`.
pub fn field(wire: &str) -> String {
    let mut out = snake(wire);
    if out.is_empty() {
        return "blank".to_owned();
    }
    if out.bytes().all(|b| b.is_ascii_digit()) {
        return format!("fid_{out}");
    }
    if out.as_bytes()[0].is_ascii_digit() {
        out.insert(0, 'n');
    }
    if is_keyword(&out) {
        out.push('_');
    }
    out
}

/// `StockDailyChart` is `stock_daily_chart`; runs of capitals stay together (`ETFList` is `etf_list`).
pub fn snake(name: &str) -> String {
    let chars: Vec<char> = name.chars().collect();
    let mut out = String::new();
    for (i, &c) in chars.iter().enumerate() {
        if c.is_ascii_uppercase() {
            let after_small = i > 0 && (chars[i - 1].is_ascii_lowercase() || chars[i - 1].is_ascii_digit());
            let before_small =
                i > 0 && chars[i - 1].is_ascii_uppercase() && chars.get(i + 1).is_some_and(char::is_ascii_lowercase);
            if (after_small || before_small) && !out.ends_with('_') {
                out.push('_');
            }
            out.push(c.to_ascii_lowercase());
        } else if c.is_ascii_alphanumeric() {
            out.push(c);
        } else if !out.ends_with('_') && !out.is_empty() {
            out.push('_');
        }
    }
    while out.ends_with('_') {
        out.pop();
    }
    out
}

/// The module and method of an API: its name in snake case, and never a Rust keyword.
pub fn method(name: &str) -> String {
    let name = snake(name);
    if is_keyword(&name) { format!("{name}_") } else { name }
}

/// `stk_dt_pole` is `StkDtPole`.
pub fn pascal(name: &str) -> String {
    let parts = snake(name);
    parts.split('_').filter(|p| !p.is_empty()).map(|p| p[..1].to_ascii_uppercase() + &p[1..]).collect()
}

/// The module of an API id under `kiwoom_api::id`: upper-case letters are marked so that `0g` and `0G` stay apart, and
/// a name that would not begin with a lower-case letter, or is a Rust keyword, begins with `rt`.
pub fn id_module(id: &str) -> String {
    let mut out = String::new();
    for c in id.chars() {
        if c.is_ascii_uppercase() {
            out.push('_');
        }
        out.push(c.to_ascii_lowercase());
    }
    // An id that itself begins with `rt` is marked as well, so that no two ids collide.
    let odd = out.starts_with("rt") || out.starts_with(|c: char| !c.is_ascii_lowercase()) || is_keyword(&out);
    if odd { format!("rt{out}") } else { out }
}

/// Unique names within one struct: the second of two equal ones gets a number, and so does any name in `taken`.
pub fn unique(names: &mut [String], taken: &[&str]) {
    for i in 0..names.len() {
        let mut n = 2;
        // `self_` becomes `self_2`: two underscores in a row are no name that the compiler likes.
        let base = names[i].trim_end_matches('_').to_owned();
        while names[..i].contains(&names[i]) || taken.contains(&names[i].as_str()) {
            names[i] = format!("{base}_{n}");
            n += 1;
        }
    }
}

fn is_keyword(name: &str) -> bool {
    const WORDS: &[&str] = &[
        "as", "async", "await", "break", "const", "continue", "crate", "dyn", "else", "enum", "extern", "false", "fn",
        "for", "gen", "if", "impl", "in", "let", "loop", "match", "mod", "move", "mut", "pub", "ref", "return", "self",
        "static", "struct", "super", "trait", "true", "type", "unsafe", "use", "where", "while", "abstract", "become",
        "box", "default", "do", "final", "macro", "override", "priv", "try", "typeof", "unsized", "virtual", "yield",
        "union", "new",
    ];
    WORDS.contains(&name)
}

/// Words that are written in capitals.
const ACRONYMS: [&str; 16] = [
    "ETF", "ETN", "ELW", "NAV", "LP", "PER", "KRX", "NXT", "SOR", "KOSPI", "KOSDAQ", "NYSE", "NASDAQ", "AMEX", "KONEX",
    "SPAC",
];

/// `AtLeast5K` is `At least 5K`, `EtfInfo` is `ETF info`, `qty_change` is `Qty change`.
pub fn words(name: &str) -> String {
    let chars: Vec<char> = name.chars().collect();
    let mut out = String::new();
    for (i, &c) in chars.iter().enumerate() {
        let before = i.checked_sub(1).map(|i| chars[i]);
        let word = c.is_ascii_uppercase() && chars.get(i + 1).is_some_and(char::is_ascii_lowercase);
        let number = c.is_ascii_digit() && before.is_some_and(|b| b.is_ascii_alphabetic());
        if i > 0 && (word || number || c == '_') {
            out.push(' ');
        }
        match c {
            '_' => {}
            c if word && i > 0 => out.push(c.to_ascii_lowercase()),
            c if i == 0 => out.push(c.to_ascii_uppercase()),
            c => out.push(c),
        }
    }
    let capitals = |word: &str| match ACRONYMS.iter().any(|a| a.eq_ignore_ascii_case(word)) {
        true => word.to_ascii_uppercase(),
        false => word.to_owned(),
    };
    out.split(' ').map(capitals).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trap_15_names() {
        for (wire, want) in [
            ("stk_cd", "stk_cd"),
            ("250hgst", "n250hgst"),
            ("52wk_hgst_pric", "n52wk_hgst_pric"),
            ("20ord_alow_amt", "n20ord_alow_amt"),
            ("type", "type_"),
            ("stexTp", "stex_tp"),
            ("listCount", "list_count"),
            ("cont-yn", "cont_yn"),
            ("9201", "fid_9201"),
            ("조회 데이터", "blank"),
            ("", "blank"),
        ] {
            assert_eq!(field(wire), want, "{wire}");
        }
    }

    #[test]
    fn trap_14_ids_that_differ_by_case() {
        for (id, want) in [
            ("ka10081", "ka10081"),
            ("0g", "rt0g"),
            ("0G", "rt0_g"),
            ("00", "rt00"),
            ("1h", "rt1h"),
            ("F4", "rt_f4"),
            ("rt0g", "rtrt0g"),
            ("type", "rttype"),
        ] {
            assert_eq!(id_module(id), want);
        }
    }

    #[test]
    fn words_are_split_where_a_reader_would() {
        for (name, snaked) in [
            ("StockDailyChart", "stock_daily_chart"),
            ("ETFList", "etf_list"),
            ("ProgramNetBuyTop50", "program_net_buy_top50"),
            ("ElwNAVChange", "elw_nav_change"),
        ] {
            assert_eq!(snake(name), snaked);
        }
        assert_eq!(pascal("stk_dt_pole"), "StkDtPole");
    }

    #[test]
    fn equal_names_are_numbered() {
        let mut names = ["a", "b", "a", "a"].map(str::to_owned);
        unique(&mut names, &["b"]);
        assert_eq!(names, ["a", "b_2", "a_2", "a_3"]);
        let mut names = ["self", "Self", "type"].map(field);
        unique(&mut names, &[]);
        assert_eq!(names, ["self_", "self_2", "type_"]);
    }
}
