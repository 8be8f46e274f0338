//! What a call is: its constructor, its defaults, what an unset field sends, what a trade answers.

use crate::show;
use crate::support::{Draft, generate, items};

/// The frozen `ctor` row decides, not the Required column; a filter with one code for all starts there.
#[test]
fn neutral_defaults_and_frozen_constructor() {
    let made = generate(&[Draft::new("zz00301")
        .named("name = \"SampleList\"\neffect = \"read\"\nctor = [\"stk_cd\", \"side\"]\ndefault = { upd_tp = \"1\" }")
        .request(&[
            ["mrkt_tp", "구분", "String", "Y", "000:전체, 001:코스피, 101:코스닥"],
            ["side", "구분", "String", "N", "1:순매도, 2:순매수"],
            ["upd_tp", "구분", "String", "Y", "0 or 1"],
            ["stk_cd", "종목", "String", "N", ""],
            ["strt_dt", "일자", "String", "N", "YYYYMMDD"],
        ])]);
    let wanted = ["pub struct SampleList {", "impl crate::record::Empty for", "impl SampleList {", "impl Endpoint for"];
    show!("quirk_defaults_and_constructor", items(made.file("sample_list.rs"), &wanted));
}

/// Where the example leaves a field blank, unset is sent as blank; an erratum can say so too, or the opposite.
#[test]
fn blank_when_unset() {
    let made = generate(&[Draft::new("zz00302")
        .named("name = \"SampleList\"\neffect = \"read\"")
        .request(&[
            ["shown_blank", "이름", "String", "N", ""],
            ["ruled_blank", "이름", "String", "N", ""],
            ["ruled_omit", "이름", "String", "N", ""],
            ["filled", "이름", "String", "N", ""],
        ])
        .sends(r#"{"shown_blank": "", "ruled_blank": "x", "ruled_omit": "", "filled": "y"}"#)
        .erratum(["request.ruled_blank", "unset", "", "blank"])
        .erratum(["request.ruled_omit", "unset", "", "omit"])]);
    show!("quirk_blank_when_unset", items(made.file("sample_list.rs"), &["impl Endpoint for"]));
}

/// A trade answers with an outcome, is never paged, and its method says that it is sent once.
#[test]
fn a_trade_gives_an_outcome() {
    let made = generate(&[Draft::new("zz00303")
        .info("메뉴 위치", "견본 > 주문 > 견본주문")
        .info("API 명", "견본주문")
        .named("name = \"SampleBuy\"\neffect = \"trade\"\nctor = [\"stk_cd\", \"ord_qty\"]")
        .request(&[["stk_cd", "종목", "String", "Y", ""], ["ord_qty", "물량", "String", "Y", ""]])
        .response(&[
            ["ord_no", "주문번호", "String", "N", ""],
            ["rows", "목록", "LIST", "N", ""],
            ["- ord_no", "주문번호", "String", "N", ""],
        ])]);
    show!("quirk_trade", items(made.file("sample_buy.rs"), &["impl Endpoint for"]));
    show!("quirk_trade_method", made.file("sample_order/mod.rs"));
}

/// A read beside it: the method, its aliases, the client handle.
#[test]
fn a_read_gives_a_reply() {
    let made = generate(&[Draft::new("zz00304")
        .named("name = \"SampleList\"\neffect = \"read\"")
        .response(&[["rows", "목록", "LIST", "N", ""], ["- cur_prc", "시세", "String", "N", ""]])]);
    show!("quirk_read", items(made.file("sample_list.rs"), &["impl Endpoint for", "impl Listing for"]));
    show!("quirk_read_method", made.file("sample/mod.rs"));
}
