//! The grammar never panics and never hangs, whatever a cell contains.
//!
//! Texts are made from the broker's own pieces by a fixed generator, so a failure can be repeated.

use std::fmt::Write as _;

use kiwoom_spec::describe::describe;

use crate::support::Random;

/// Words and punctuation that some rule looks for.
const PIECES: [&str; 64] = [
    "단위",
    ":",
    "원",
    "1주",
    "백만원",
    "혹은",
    "(",
    ")",
    ",",
    " ",
    "\n",
    "\r\n",
    ".",
    ";",
    "/",
    "부호",
    "포함",
    "좌측 0-padding",
    "자리",
    "소수점",
    "둘째",
    "제거",
    "100배",
    "예)",
    "\"2658\"",
    "'",
    "\"",
    "값은",
    "26.58",
    "%",
    "YYYYMMDD",
    "HH:mm",
    "_NX",
    "039490",
    "접두어(",
    "A",
    "KRX",
    "0",
    "1",
    "03시장가",
    "전체",
    "코스피",
    "1,3,5",
    "이상",
    "(USD, 1만단위)",
    "기본값",
    "(기본값)",
    "미입력시",
    "빈값('')으로 설정",
    "없는 경우 '",
    "로 구분",
    "|",
    "최대",
    "~",
    "일경우",
    "ka10102",
    "나머지",
    "※",
    "{",
    "}",
    "고정값",
    "또는",
    "+는 ",
    "\u{0}",
];

#[test]
fn describe_never_panics() {
    let mut dice = Random::new(20_260_704);
    let mut text = String::new();
    for round in 0..100_000 {
        text.clear();
        for _ in 0..dice.below(24) {
            match dice.below(12) {
                0 => text.extend(char::from_u32(u32::try_from(dice.below(0x3000)).unwrap_or_default())),
                1 => write!(text, "{}", dice.below(1_000_000)).unwrap_or_default(),
                _ => text.push_str(PIECES[dice.below(PIECES.len())]),
            }
        }
        let facts = describe(&text);
        assert!(facts.codes.iter().all(|(code, label)| code.len() <= 16 && label.chars().count() <= 40), "{text:?}");
        assert!(round > 0 || !text.is_empty());
    }
}

#[test]
fn describe_takes_every_truncation() {
    for whole in [
        "금액 단위: 백만원, 수량 단위: 1000주 혹은 1주(unit_tp값으로 설정)",
        "00:지정가 03시장가 26:VWAP지정가, 3.통합 10;10일, 0:전체(기본값) '': 보합",
        "12자리입력(전체:000000000000, 한국투자증권:000,,,3, KT:030200..)",
        "0:전체 1,3,5,5000(USD, 1만단위) 이상 (ex. 50: USD 50만 이상)",
        "거래소별 종목코드\n(KRX:039490,NXT:039490_NX)\n입력시 | 로 구분, 접두어(A: 주식 / J: ELW)",
        "※ '000001500' 값은 +1.50%, [{'stex_tp':'ND'}] 원 주문이 없는 경우 '0000000'으로 출력",
    ] {
        for (i, _) in whole.char_indices() {
            describe(&whole[..i]);
            describe(&whole[i..]);
        }
    }
}

/// A megabyte of anything costs no more than the longest cell that Excel allows: without bounds, one
/// of these takes minutes.
#[test]
fn huge_cells_do_not_hang() {
    for piece in PIECES.iter().chain(&["1:가,", "가:1,", "1:가(", "접두어(", "0,,1:", "(((", "1,", "미입력시 "])
    {
        describe(&piece.repeat((1 << 20) / piece.len()));
    }
}
