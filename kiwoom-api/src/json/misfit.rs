//! What a value that did not fit its field is told as, in English and Korean.

use std::fmt;

use crate::Language;
use crate::json::decode::Anomaly;
use crate::language::{Both, both};

impl Anomaly {
    /// Where it is, what was sent and what the field takes, in this language. `Display` is English.
    ///
    /// ```
    /// # #[cfg(feature = "domestic-chart")] {
    /// use kiwoom_api::Language;
    /// use kiwoom_api::id::ka10081::Reply;
    ///
    /// let reply = Reply::from_json(r#"{"stk_dt_pole_chart_qry":[{"cur_prc":"7만"}]}"#).unwrap();
    /// let anomaly = &reply.anomalies()[0];
    /// assert_eq!(anomaly.to_string(), r#"stk_dt_pole_chart_qry[0].cur_prc: expected a price, got "7만""#);
    /// let korean = anomaly.display(Language::Korean).to_string();
    /// assert_eq!(korean, r#"stk_dt_pole_chart_qry[0].cur_prc: 가격이어야 하는데 "7만"이(가) 왔습니다"#);
    /// # }
    /// ```
    pub fn display(&self, language: Language) -> impl fmt::Display + '_ {
        self.both().into_told(language)
    }

    fn both(&self) -> Both {
        let Anomaly { raw, path, expected, .. } = self;
        let place = match self.page {
            Some(page) => both!("page {page}: {path}", "{page}쪽: {path}"),
            None => both!("{path}", "{path}"),
        };
        match self.against {
            Some(other) => both!(
                "{place}: {raw:?} contradicts {other}",
                "{place}: {raw:?}은(는) {other}과(와) 맞지 않습니다",
                place
            ),
            None => {
                let expected = Both::fixed(expected, in_korean(expected));
                both!(
                    "{place}: expected {expected}, got {raw:?}",
                    "{place}: {expected}이어야 하는데 {raw:?}이(가) 왔습니다",
                    place,
                    expected
                )
            }
        }
    }
}

impl fmt::Display for Anomaly {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.both().fmt(f)
    }
}

/// What a field takes, in Korean; the English words where this table lacks them.
pub(crate) fn in_korean(expected: &'static str) -> &'static str {
    let known = KOREAN.iter().find(|(english, _)| *english == expected);
    known.map_or(expected, |(_, korean)| korean)
}

/// Nouns that end in a consonant or before which `이어야` reads well.
const KOREAN: &[(&str, &str)] = &[
    ("a text", "글"),
    ("a whole number", "정수"),
    ("a number", "숫자"),
    ("a percentage", "백분율"),
    ("a price", "가격"),
    ("a ratio", "비율"),
    ("a signed quantity", "부호 있는 수량"),
    ("a date", "날짜"),
    ("a time", "시각"),
    ("a time or a closing mark", "시각이나 마감 표시"),
    ("a date with time", "날짜와 시각"),
    ("a month", "연월"),
    ("a stock code", "종목코드"),
    ("an identifier", "식별자"),
    ("a code", "코드"),
    ("a secret text", "비밀 값"),
    ("digits 0 and 1", "0과 1로 된 글"),
    ("joined values", "이어 붙인 값"),
    ("a JSON list inside a text", "글 속의 JSON 목록"),
    ("a constant", "정해진 값"),
    ("a list of objects", "객체의 목록"),
    ("a list of lists", "목록의 목록"),
    ("a list of texts", "글의 목록"),
    ("a list", "목록"),
    ("an object", "객체"),
];

#[cfg(test)]
mod tests {
    use super::*;

    /// The words stand in the decoder; what it says is said in Korean, too.
    #[test]
    fn every_word_of_the_decoder_has_a_korean_one() {
        let sources =
            [include_str!("decode/scalar.rs"), include_str!("decode/lists.rs"), include_str!("decode/walk.rs")];
        let quoted = sources.iter().flat_map(|source| source.split('"').skip(1).step_by(2));
        let said: Vec<&str> = quoted.filter(|text| text.starts_with("a ") || text.starts_with("an ")).collect();
        assert!(said.len() >= 20, "{said:?}");
        for text in said {
            assert!(KOREAN.iter().any(|(english, _)| *english == text), "{text}");
        }
    }

    #[test]
    fn both_languages_name_place_and_text() {
        let anomaly = |against, page| Anomaly {
            path: "list[3].cur_prc".into(),
            row: Some(3),
            page,
            field: "cur_prc",
            raw: "x".into(),
            expected: "a price",
            kind: crate::value::Doubt::Misfit,
            against,
        };
        for (anomaly, facts) in [
            (anomaly(None, None), ["list[3].cur_prc", "\"x\"", ""]),
            (anomaly(Some("pre_sig"), Some(2)), ["2", "\"x\"", "pre_sig"]),
        ] {
            for language in [Language::English, Language::Korean] {
                let text = anomaly.display(language).to_string();
                assert!(facts.iter().all(|fact| text.contains(fact)), "{text}");
            }
        }
    }
}
