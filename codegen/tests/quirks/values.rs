//! What a field holds: units, scales, codes with one value, strings that carry structure.

use crate::show;
use crate::support::{Draft, generate, items};

const NAMED: &str = "name = \"SampleList\"\neffect = \"read\"";

/// Several codes in one string, joined by a mark.
#[test]
fn trap_21_codes_joined_by_a_mark() {
    let made = generate(&[Draft::new("zz00201")
        .named("name = \"SampleList\"\neffect = \"read\"\nctor = [\"stk_cd\"]")
        .request(&[["stk_cd", "종목", "String", "Y", "여러개 입력시 | 로 구분"]])
        .sends(r#"{"stk_cd": "005930|000660"}"#)]);
    let wanted = ["pub struct SampleList {", "impl Record for SampleList {", "impl SampleList {"];
    show!("quirk_joined_codes", items(made.file("sample_list.rs"), &wanted));
}

/// A list that goes out as JSON text inside a string.
#[test]
fn trap_21_json_inside_a_string() {
    let made = generate(&[Draft::new("zz00202")
        .named("name = \"SampleList\"\neffect = \"read\"\nctor = [\"stk_cd\"]")
        .request(&[["stk_cd", "종목", "String", "Y", "[{'stex_tp':'구분','stk_cd':'종목'},...]"]])
        .sends(r#"{"stk_cd": "[{\"stex_tp\":\"NY\",\"stk_cd\":\"BA\"},{\"stex_tp\":\"ND\",\"stk_cd\":\"AMD\"}]"}"#)]);
    let wanted =
        ["pub struct SampleList {", "pub struct SampleListItem", "impl Record for SampleList {", "impl SampleList {"];
    show!("quirk_json_in_a_string", items(made.file("sample_list.rs"), &wanted));
}

/// Nine on/off digits; only an erratum can say it.
#[test]
fn trap_21_nine_digit_mask() {
    let made = generate(&[Draft::new("zz00203")
        .named("name = \"SampleList\"\neffect = \"read\"\ndefault = { skip_stk = \"000000000\" }")
        .request(&[["skip_stk", "구분", "String", "N", ""]])
        .erratum(["request.skip_stk", "kind", "", "mask"])]);
    let wanted = ["pub struct SampleList {", "impl Record for SampleList {", "impl Default for", "impl SampleList {"];
    show!("quirk_nine_digit_mask", items(made.file("sample_list.rs"), &wanted));
}

/// One legal value is no parameter: it is sent, and there is nothing to set.
#[test]
fn single_values_are_constants() {
    let made = generate(&[Draft::new("zz00204").named(NAMED).request(&[
        ["trnm", "서비스명", "String", "Y", "ZZREQ 고정값"],
        ["mrkt_tp", "구분", "String", "Y", "5:견본시장"],
        ["qry_tp", "구분", "String", "Y", "1:가, 2:나"],
    ])]);
    let wanted = ["pub struct SampleList {", "impl Record for SampleList {", "impl SampleList {"];
    show!("quirk_single_values_are_constants", items(made.file("sample_list.rs"), &wanted));
}

/// Lower bounds with a code for "none": the bounds are values, the code in brackets is an illustration.
#[test]
fn thresholds() {
    let made = generate(&[Draft::new("zz00205").named(NAMED).request(&[[
        "prica_cnd",
        "구분",
        "String",
        "Y",
        "0:전체 1,3,10(USD, 1만단위) 이상 (ex. 10: USD 10만 이상)",
    ]])]);
    show!(
        "quirk_thresholds",
        items(made.file("sample_list.rs"), &["pub struct SampleList {", "impl Default for", "impl SampleList {"])
    );
}

/// The decimal point was removed, per API and field.
#[test]
fn trap_12_scaled_numbers() {
    let made = generate(&[Draft::new("zz00206").named(NAMED).response(&[
        ["cur_prc", "시세", "String", "N", "소수점 제거 된 100배 값으로 제공"],
        ["flu_rt", "비율", "String", "N", "소수점 제거 된 1000배 값으로 제공"],
        ["pred_pre", "등락", "String", "N", ""],
    ])]);
    show!(
        "quirk_scaled_numbers",
        items(made.file("sample_list.rs"), &["pub struct SampleListReply", "impl Record for SampleListReply"])
    );
}

/// Units off base are types; where the request chooses, the type says only that.
#[test]
fn units_off_base_and_by_request() {
    let made = generate(&[Draft::new("zz00207")
        .named(NAMED)
        .request(&[["amt_qty_tp", "구분", "String", "Y", "1:금액, 2:수량"]])
        .response(&[
            ["trde_prica", "대금", "String", "N", "단위: 백만원"],
            ["cap", "대금", "String", "N", "단위: 억원"],
            ["trde_qty", "물량", "String", "N", "단위: 1000주"],
            ["netprps", "대금", "String", "N", "단위: 1주 혹은 백만원(amt_qty_tp파라미터로 설정)"],
            ["plain", "대금", "String", "N", "단위: 원"],
            ["unknown", "대금", "String", "N", ""],
        ])]);
    show!(
        "quirk_units",
        items(
            made.file("sample_list.rs"),
            &["use crate::value", "pub struct SampleListReply", "impl Record for SampleListReply"]
        )
    );
}

/// A letter before the stock code is documented here and taken off; there it is not.
#[test]
fn prefixed_stock_codes() {
    let made = generate(&[Draft::new("zz00208").named(NAMED).response(&[
        ["stk_cd", "종목", "String", "N", "접두어 1자리 + 종목코드 6자리, 접두어(A: 주식 / J: ELW / Q: ETN)"],
        ["und_cd", "종목", "String", "N", ""],
    ])]);
    show!(
        "quirk_prefixed_stock_codes",
        items(made.file("sample_list.rs"), &["pub struct SampleListReply", "impl Record for SampleListReply"])
    );
}
