//! Deterministic inputs: JSON for the record that has everything, in many spellings, and broken in many ways.

use kiwoom_api::record::{Record, Slot};

use crate::decode_records::Everything;

pub struct Input {
    pub bytes: Vec<u8>,
    /// Neither broken nor with a key that comes twice.
    pub plain: bool,
}

/// The input of a seed.
pub fn input(seed: u64) -> Input {
    let mut maker = Maker { random: Random::seeded(seed), twice: false, style: 0 };
    maker.style = maker.random.below(4);
    let mut out = String::new();
    if maker.random.one_in(400) {
        maker.deep(&mut out);
    } else {
        maker.object(&mut Everything::default(), true, &mut out);
    }
    maker.gap(&mut out);
    let mut bytes = out.into_bytes();
    let broken = maker.random.one_in(2);
    if broken {
        for _ in 0..=maker.random.below(3) {
            maker.break_it(&mut bytes);
        }
    }
    Input { bytes, plain: !broken && !maker.twice }
}

struct Random(fastrand::Rng);

impl Random {
    fn seeded(seed: u64) -> Random {
        Random(fastrand::Rng::with_seed(seed))
    }

    fn byte(&mut self) -> u8 {
        self.0.u8(..)
    }

    fn below(&mut self, limit: usize) -> usize {
        self.0.usize(..limit)
    }

    fn one_in(&mut self, chances: usize) -> bool {
        self.below(chances) == 0
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len())]
    }
}

struct Maker {
    random: Random,
    twice: bool,
    style: usize,
}

const NUMBERS: &[&str] = &[
    "0",
    "-0",
    "+0",
    "70100",
    "-42900",
    "+74800",
    " 67300",
    "  67300",
    "--335",
    "++0.34",
    "+-121",
    "-+5",
    "---1",
    "0000198.4200",
    "-00000163958",
    "56,900",
    "1,507.70",
    "5,6",
    "1,,000",
    "20%",
    "-1.5%",
    "%",
    "+",
    "-",
    ".",
    "5.",
    ".5",
    "-.5",
    ". 950",
    ".-203",
    "-21474836.00",
    "4294967295",
    "2147483647",
    "-2147483648",
    "2147483648",
    "21474836.47",
    "000000000000000000012",
    "12345678",
    "123456789",
    "1234567890123456",
    "12345678901234567",
    "9223372036854775807",
    "9223372036854775808",
    "79228162514264337593543950335",
    "79228162514264337593543950336",
    "0.0000000000000000000000000001",
    "0.00000000000000000000000000001",
    "159290.00",
    "159290.50",
    "12345678.1234567",
    "1234567.12345678",
    "123456789.5",
    "1e5",
    "0x10",
    "١٢",
    "97602.9573459",
    "12 34",
    "\\t5",
    "000001500",
    "1.0",
    "99999999",
    "100000000",
    "-12345678",
    "+12345678.9",
    "0.00",
    "-0.00",
    "00",
    "1.23.4",
    "NaN",
];
const TIMES: &[&str] = &[
    "20250908",
    "20250825000000",
    "20250825153000",
    "2025-09-08",
    "2025/09/08",
    "2025-09/08",
    "2026-06-03 00:00:00.0",
    "2026-06-03 12:00:00.5",
    "2026-06-03T09:01",
    "00000000",
    "0000-00-00",
    "20251301",
    "20250230",
    "20240229",
    "000000",
    "170500",
    "1705",
    "09:30",
    "17:05:00",
    "27:44",
    "274400",
    "480000",
    "240000",
    "888888",
    "999999",
    ":  :",
    "162000",
    "235960",
    "202509",
    "2025-09",
    "202513",
    "2025-00",
    "000000000000",
    "2025090",
    "202509081",
    "20250908 ",
    " 170500",
    "99991231",
    "9999-12-31 23:59:59",
];
const TEXTS: &[&str] = &[
    "",
    " ",
    "   ",
    "005930",
    "A005930",
    "005930_NX",
    "005930_AL",
    "Q57JBHH",
    "J0036221D",
    "00680K",
    "NVDA",
    "BRK.B",
    "A00593",
    "0123456789ABC",
    "M04020000",
    "삼성전자",
    "키움 증권",
    "ND",
    "NY",
    "NA",
    "+NY",
    "1",
    "2",
    "3",
    "0",
    "9",
    "ATS2",
    "+매수",
    "-매도",
    "000000011",
    "01111111",
    "012345678",
    "005930|000660",
    "005930||000660|",
    "|",
    "a|",
    "12345678",
    "정적+동적 그리고 훨씬 더 긴 글",
    "a text that is longer than any inline text can be",
    "\\\"",
    "\\\\",
    "\\/\\b\\f\\n\\r\\t",
    "\\u0041",
    "\\ud55c",
    "\\ud83d\\ude00",
    "\\ud83d",
    "\\ude00",
    "\\ud83d\\u0041",
    "\\ud83d\\ud83d",
    "\\u00zz",
    "\\x",
    "\\u0000",
    "\\u0020",
    "😀",
    "[]",
    "[{\\\"stex_tp\\\":\\\"NY\\\",\\\"stk_cd\\\":\\\"BA\\\"}]",
    "[{\\\"stex_tp\\\":\\\"XX\\\"},null,5]",
    "[{\\\"stex_tp\\\":5}",
    "{}",
];
const OTHERS: &[&str] = &[
    "null",
    "true",
    "false",
    "0",
    "-1",
    "42",
    "-42900",
    "2147483647",
    "007",
    "-",
    "1.5",
    "1e3",
    "1E400",
    "-0",
    "18446744073709551615",
    "123456789012345678901234567890",
    "[]",
    "{}",
    "[1,2]",
    "[[]]",
    "{\"a\":[1,{\"b\":null}]}",
    "[\"a\",5,null,true,[],{}]",
    "nul",
    "tru",
    "",
    "[1,]",
    "{,}",
    "{\"a\"}",
    "{\"a\":}",
    "+1",
    ".5",
    "1.",
    "0.5e",
    "\"",
    "'a'",
];
const KEYS: &[&str] = &[
    "return_code",
    "return_msg",
    "returnCode",
    "trnm",
    "new_key",
    "rows2",
    "",
    "텍스트",
    "\\u0074ext",
    "cur_prc",
    "count ",
];

impl Maker {
    /// Blanks between tokens: none, one, or lines.
    fn gap(&mut self, out: &mut String) {
        match self.style {
            0 | 1 => {}
            2 => out.push(' '),
            _ => out.push_str(self.random.pick(&["\n    ", "\n            ", "\t", "\r\n", "", " "])),
        }
    }

    fn object(&mut self, record: &mut dyn Record, top: bool, out: &mut String) {
        self.gap(out);
        out.push('{');
        let keys = record.keys();
        let mut order: Vec<usize> = (0..keys.len()).collect();
        if self.random.one_in(4) {
            for i in (1..order.len()).rev() {
                order.swap(i, self.random.below(i + 1));
            }
        }
        let keep = 1 + self.random.below(if top { 8 } else { 3 });
        order.retain(|_| self.random.below(keep) < 2);
        if self.random.one_in(12) && !order.is_empty() {
            let again = order[self.random.below(order.len())];
            order.push(again);
            self.twice = true;
        }
        let mut first = true;
        for index in order {
            self.separate(&mut first, out);
            if self.random.one_in(30) {
                let unknown = self.random.pick(KEYS);
                // may be a key of the record in disguise
                self.twice = true;
                out.push_str(&format!("\"{unknown}\":"));
                self.any(out);
                self.separate(&mut first, out);
            }
            let key = keys[index];
            if self.style == 3 && self.random.one_in(4) {
                out.push_str(key.trim_end_matches(':'));
                out.push_str(" :");
            } else {
                out.push_str(key);
            }
            self.gap(out);
            self.value(record.slot(index), out);
            self.gap(out);
        }
        out.push('}');
    }

    fn separate(&mut self, first: &mut bool, out: &mut String) {
        if !*first {
            out.push(',');
            self.gap(out);
        }
        *first = false;
    }

    /// Mostly what the field takes.
    fn value(&mut self, slot: Slot<'_>, out: &mut String) {
        if self.random.one_in(12) {
            return self.any(out);
        }
        match slot {
            Slot::List(_) => {
                self.list(|maker, out| maker.object(&mut crate::decode_records::Row::default(), false, out), out)
            }
            Slot::Tuples(_) => self.list(Maker::tuple, out),
            Slot::Texts(_) => self.list(Maker::text, out),
            Slot::Object(record) => self.object(record, false, out),
            Slot::Text(_) | Slot::Id(_) | Slot::StockCode(..) | Slot::Code(..) | Slot::Joined(..) | Slot::Mask(_) => {
                self.text(out);
            }
            Slot::Embedded(_) | Slot::Secret(_) | Slot::Const(_) => self.text(out),
            Slot::Date(..) | Slot::Time(..) | Slot::TimeMark(..) | Slot::DateTime(..) | Slot::YearMonth(..) => {
                let time = self.random.pick(TIMES);
                out.push_str(&format!("\"{time}\""));
            }
            _ => self.number(out),
        }
    }

    fn any(&mut self, out: &mut String) {
        match self.random.below(5) {
            0 => self.text(out),
            1 => self.number(out),
            2 => self.list(Maker::any, out),
            // the legal half of them
            3 => {
                let other = self.random.pick(&OTHERS[..22]);
                out.push_str(if matches!(other, "007" | "-") { "null" } else { other });
            }
            _ => out.push_str("null"),
        }
    }

    fn text(&mut self, out: &mut String) {
        // broken escapes are rare, or no input would be accepted
        let text = loop {
            let text = self.random.pick(TEXTS);
            let broken =
                matches!(text, "\\ud83d" | "\\ude00" | "\\ud83d\\u0041" | "\\ud83d\\ud83d" | "\\u00zz" | "\\x");
            if !broken || self.random.one_in(20) {
                break text;
            }
        };
        out.push_str(&format!("\"{text}\""));
    }

    fn number(&mut self, out: &mut String) {
        if self.random.one_in(3) {
            let sign = self.random.pick(&["", "", "+", "-", " ", "--"]);
            let digits = 1 + self.random.below(9) as u32;
            let whole = self.random.below(10usize.pow(digits));
            let fraction = match self.random.below(4) {
                0 => format!(".{:02}", self.random.below(100)),
                1 => format!(".{}", self.random.below(1_000_000)),
                _ => String::new(),
            };
            out.push_str(&format!("\"{sign}{whole}{fraction}\""));
        } else {
            let number = self.random.pick(NUMBERS);
            out.push_str(&format!("\"{number}\""));
        }
    }

    fn tuple(&mut self, out: &mut String) {
        match self.random.below(6) {
            0 => self.object(&mut crate::decode_records::Pair::default(), false, out),
            1 => out.push_str("[]"),
            2 => out.push_str("[\"1\",\"a\",\"more\"]"),
            _ => self.list(Maker::text, out),
        }
    }

    fn list(&mut self, mut item: impl FnMut(&mut Maker, &mut String), out: &mut String) {
        out.push('[');
        let mut first = true;
        for _ in 0..self.random.below(4) {
            self.separate(&mut first, out);
            item(self, out);
            self.gap(out);
        }
        out.push(']');
    }

    /// As deep as `serde_json` goes, give or take a level.
    fn deep(&mut self, out: &mut String) {
        let depth = 124 + self.random.below(6);
        let (open, close) = [("[", "]"), ("{\"a\":", "}")][self.random.below(2)];
        let key = self.random.pick(&["text", "rows", "unknown"]);
        out.push_str(&format!("{{\"{key}\":{}{}{}}}", open.repeat(depth), "1", close.repeat(depth)));
    }

    fn break_it(&mut self, bytes: &mut Vec<u8>) {
        if bytes.is_empty() {
            return;
        }
        let at = self.random.below(bytes.len());
        match self.random.below(8) {
            0 => bytes.truncate(at),
            1 => {
                bytes.remove(at);
            }
            2 => bytes[at] ^= 1 << self.random.below(8),
            3 => bytes[at] = self.random.byte(),
            4 => bytes.insert(at, b"\"\\{}[],: 0-+.\n\x00\x1f\x7f\xff"[self.random.below(18)]),
            5 => {
                let other = self.random.pick(OTHERS).as_bytes().to_vec();
                bytes.splice(at..at, other);
            }
            6 => {
                let end = (at + 1 + self.random.below(12)).min(bytes.len());
                let piece = bytes[at..end].to_vec();
                let to = self.random.below(bytes.len());
                bytes.splice(to..to, piece);
            }
            _ => bytes.extend_from_slice(self.random.pick(&[" ", "}", "\u{feff}", "{}", "\0", "//"]).as_bytes()),
        }
    }
}
