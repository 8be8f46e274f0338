//! Constructed changes, one per row: each is found, once, with its rule, class and place, and nothing else is.

use std::collections::BTreeSet;

use kiwoom_spec::describe::{Unit, describe};
use kiwoom_spec::diff::{Class, Rule, apis, compare};
use kiwoom_spec::import::digest;
use kiwoom_spec::ir::{Api, Block, ErrorCode, Field, Shape, Side, Source, Spec};

/// A field with a filled row.
fn field(key: &str, label: &str, text: &str) -> Field {
    Field {
        key: key.to_owned(),
        name: label.to_owned(),
        ty: Some("String".to_owned()),
        required: Some("N".to_owned()),
        length: Some("20".to_owned()),
        says: describe(text),
        text: (!text.is_empty()).then(|| digest(text)),
        seen: vec![Shape::Int],
        ..Field::default()
    }
}

fn list(key: &str, label: &str, fields: Vec<Field>) -> Field {
    Field { ty: Some("LIST".to_owned()), seen: vec![Shape::Objects], fields, ..field(key, label, "") }
}

fn side(fields: Vec<Field>) -> Side {
    Side { example: Some("0".to_owned()), blocks: vec![Block { fields, ..Block::default() }], ..Side::default() }
}

fn base() -> Spec {
    let request = vec![
        Field { required: Some("Y".to_owned()), ..field("stk_cd", "종목코드", "(KRX:039490,NXT:039490_NX)") },
        field("side_tp", "매매구분", "1:매수, 2:매도"),
        field("sort_tp", "정렬구분", "0:전체, 1:상승률, 2:하락률, 3:거래량"),
        field("unit_tp", "금액수량구분", "1:금액, 2:수량 (Default:1)"),
        field("venue", "거래소", "KRX,NXT,SOR"),
        field("floor", "금액조건", "0:전체 1,3,5(USD, 1만단위) 이상 (ex. 50: USD 50만 이상)"),
        field("const_tp", "고정값", "CNSRREQ 고정값"),
        field("note", "비고", ""),
    ];
    let rows = vec![
        field("dt", "일자", "YYYYMMDD"),
        field("cur_prc", "현재가", "단위: 원, 부호가 포함된 숫자"),
        field("trde_qty", "거래량", "단위: 1주"),
        field("flu_rt", "등락율", "소수점 제거 된 100배 값으로 제공"),
        field("tm", "시간", "HHmmss"),
        field("memo", "메모", ""),
    ];
    let response =
        vec![field("name", "종목명", ""), field("total", "총금액", "단위: 백만원"), list("rows", "목록", rows)];
    let api = Api {
        id: "zz10001".to_owned(),
        name: "시험조회요청".to_owned(),
        menu: vec!["국내주식".to_owned(), "차트".to_owned()],
        real: "https://api.example.com".to_owned(),
        mock: Some("https://mock.example.com".to_owned()),
        path: "/api/chart".to_owned(),
        overview: Some("11".to_owned()),
        request: side(request),
        response: side(response),
        ..Api::default()
    };
    let other =
        Api { id: "zz10002".to_owned(), name: "다른조회".to_owned(), path: "/api/other".to_owned(), ..api.clone() };
    let apis = [api, other].into_iter().map(|a| (a.id.clone(), a)).collect();
    let mut spec = Spec { apis, ..Spec::default() };
    for code in ["1501", "1700"] {
        let error = ErrorCode { code: code.to_owned(), holes: vec!["API ID".to_owned()], text: "aa".to_owned() };
        spec.errors.insert(code.to_owned(), error);
    }
    spec
}

fn api(spec: &mut Spec) -> &mut Api {
    spec.apis.get_mut("zz10001").expect("the first API")
}

fn requests(spec: &mut Spec) -> &mut Vec<Field> {
    &mut api(spec).request.blocks[0].fields
}

fn replies(spec: &mut Spec) -> &mut Vec<Field> {
    &mut api(spec).response.blocks[0].fields
}

fn rows(spec: &mut Spec) -> &mut Vec<Field> {
    &mut replies(spec)[2].fields
}

fn find<'a>(fields: &'a mut [Field], key: &str) -> &'a mut Field {
    fields.iter_mut().find(|f| f.key == key).unwrap_or_else(|| panic!("no {key}"))
}

fn say(field: &mut Field, text: &str) {
    field.says = describe(text);
    field.text = (!text.is_empty()).then(|| digest(text));
}

type Make = fn(&mut Spec);

/// What is done to the facts, and what must be found: `rule class place`, then old and new words.
const CHANGES: &[(&str, Make, &[&str])] = &[
    ("nothing", |_| {}, &[]),
    // APIs
    (
        "an API more",
        |s| {
            let a = Api { id: "zz20001".into(), name: "새조회".into(), path: "/new".into(), ..Api::default() };
            s.apis.insert(a.id.clone(), a);
        },
        &["api-added docs zz20001:  > 새조회"],
    ),
    (
        "an API less",
        |s| {
            s.apis.remove("zz10002");
        },
        &["api-removed wire zz10002: 다른조회 > "],
    ),
    (
        "an API with another id",
        |s| {
            let mut a = s.apis.remove("zz10002").unwrap();
            a.id = "zz10003".into();
            s.apis.insert(a.id.clone(), a);
        },
        &["api-id-changed wire zz10003: zz10002 > zz10003"],
    ),
    (
        "an API with another name",
        |s| api(s).name = "시험일봉".into(),
        &["api-renamed docs zz10001: 시험조회요청 > 시험일봉"],
    ),
    (
        "another menu",
        |s| api(s).menu[1] = "시세".into(),
        &["api-menu-moved docs zz10001: 국내주식 > 차트 > 국내주식 > 시세"],
    ),
    ("another path", |s| api(s).path = "/api/v2".into(), &["api-path-changed wire zz10001: /api/chart > /api/v2"]),
    ("another method", |s| api(s).method = Some("GET".into()), &["api-method-changed wire zz10001: POST > GET"]),
    (
        "another host",
        |s| api(s).real = "https://b.example.com".into(),
        &["api-host-changed wire zz10001: https://api.example.com > https://b.example.com"],
    ),
    (
        "another mock host",
        |s| api(s).mock = Some("https://m".into()),
        &["api-mock-host-changed wire zz10001: https://mock.example.com > https://m"],
    ),
    ("no mock host", |s| api(s).mock = None, &["api-mock-lost meaning zz10001: https://mock.example.com > "]),
    (
        "a note beside the mock host",
        |s| api(s).mock_note = Some("KRX만".into()),
        &["api-mock-note-changed docs zz10001:  > KRX만"],
    ),
    ("another body format", |s| api(s).format = Some("XML".into()), &["api-format-changed wire zz10001: JSON > XML"]),
    ("another overview", |s| api(s).overview = Some("22".into()), &["api-overview-changed docs zz10001:  > "]),
    (
        "a header more",
        |s| api(s).request.headers.push(field("x-key", "열쇠", "")),
        &["header-added wire zz10001 request:  > x-key"],
    ),
    (
        "another example",
        |s| api(s).response.example = Some("9".into()),
        &["example-changed docs zz10001 response:  > "],
    ),
    ("no example", |s| api(s).response.example = None, &["example-lost docs zz10001 response:  > "]),
    (
        "a message form more",
        |s| {
            api(s).response.blocks.push(Block {
                title: Some("실시간".into()),
                fields: vec![field("a", "가", "")],
                ..Block::default()
            })
        },
        &["message-form-added decode zz10001 response#2:  > a"],
    ),
    // Fields
    (
        "a request field that may be left out",
        |s| requests(s).push(field("more", "추가", "")),
        &["request-field-added wire zz10001 request.more:  > 추가"],
    ),
    (
        "a request field that must be sent",
        |s| requests(s).push(Field { required: Some("Y".into()), ..field("more", "추가", "") }),
        &["request-field-needed wire zz10001 request.more:  > 추가"],
    ),
    (
        "a request field less",
        |s| requests(s).retain(|f| f.key != "note"),
        &["request-field-removed wire zz10001 request.note: 비고 > "],
    ),
    (
        "a response field more",
        |s| rows(s).insert(2, field("open", "시가", "")),
        &["response-field-added wire zz10001 response.rows.open:  > 시가"],
    ),
    (
        "a response field less",
        |s| rows(s).retain(|f| f.key != "memo"),
        &["response-field-removed wire zz10001 response.rows.memo: 메모 > "],
    ),
    (
        "a field with another key and the same label",
        |s| find(rows(s), "trde_qty").key = "vol".into(),
        &["field-renamed wire zz10001 response.rows.vol: trde_qty > vol"],
    ),
    (
        "a field with a key and a label nearly the same",
        |s| {
            let f = find(rows(s), "cur_prc");
            f.key = "cur_prc2".into();
            f.name = "현재가격".into();
        },
        &[
            "field-renamed wire zz10001 response.rows.cur_prc2: cur_prc > cur_prc2",
            "label-redefined meaning zz10001 response.rows.cur_prc2: 현재가 > 현재가격",
        ],
    ),
    (
        "a list with another key",
        |s| find(replies(s), "rows").key = "row_lsit".into(),
        &["field-renamed wire zz10001 response.row_lsit: rows > row_lsit"],
    ),
    (
        "a field that is another one",
        |s| {
            let f = find(rows(s), "memo");
            f.key = "rank".into();
            f.name = "순위".into();
        },
        &[
            "response-field-added wire zz10001 response.rows.rank:  > 순위",
            "response-field-removed wire zz10001 response.rows.memo: 메모 > ",
        ],
    ),
    (
        "two fields exchange their keys",
        |s| {
            find(rows(s), "dt").key = "x".into();
            find(rows(s), "tm").key = "dt".into();
            find(rows(s), "x").key = "tm".into();
        },
        &[
            "order-changed docs zz10001 response.rows: dt cur_prc trde_qty flu_rt tm memo > tm cur_prc trde_qty flu_rt dt memo",
            "label-redefined meaning zz10001 response.rows.dt: 일자 > 시간",
            "format-changed decode zz10001 response.rows.dt: YYYYMMDD > HHmmss",
            "label-redefined meaning zz10001 response.rows.tm: 시간 > 일자",
            "format-changed decode zz10001 response.rows.tm: HHmmss > YYYYMMDD",
        ],
    ),
    (
        "a field moves into the list",
        |s| {
            let f = replies(s).remove(0);
            replies(s)[1].fields.push(f);
        },
        &["field-moved wire zz10001 response.rows.name: response > response.rows"],
    ),
    (
        "a field moves to the other side",
        |s| {
            let f = requests(s).remove(7);
            replies(s).push(f);
        },
        &["field-changed-side wire zz10001 response.note: request > response"],
    ),
    (
        "a row of the table goes, the example keeps it",
        |s| find(rows(s), "memo").source = Source::Example,
        &["field-undocumented docs zz10001 response.rows.memo:  > "],
    ),
    (
        "the example sends another order",
        |s| rows(s).swap(0, 1),
        &[
            "order-changed docs zz10001 response.rows: dt cur_prc trde_qty flu_rt tm memo > cur_prc dt trde_qty flu_rt tm memo",
        ],
    ),
    (
        "a field comes first and nothing is out of order",
        |s| rows(s).insert(0, field("no", "번호", "")),
        &["response-field-added wire zz10001 response.rows.no:  > 번호"],
    ),
    // Cells
    (
        "a label spelt differently",
        |s| find(rows(s), "flu_rt").name = "등락률".into(),
        &["label-respelt docs zz10001 response.rows.flu_rt: 등락율 > 등락률"],
    ),
    (
        "a label that says something else",
        |s| find(rows(s), "cur_prc").name = "기준가".into(),
        &["label-redefined meaning zz10001 response.rows.cur_prc: 현재가 > 기준가"],
    ),
    (
        "a label that says the opposite",
        |s| find(requests(s), "note").name = "비고2".into(),
        &["label-redefined meaning zz10001 request.note: 비고 > 비고2"],
    ),
    (
        "another Type word",
        |s| find(rows(s), "memo").ty = Some("Number".into()),
        &["type-word-changed docs zz10001 response.rows.memo: String > Number"],
    ),
    (
        "one blank Type",
        |s| find(rows(s), "memo").ty = None,
        &["cell-lost docs zz10001 response.rows.memo: Type String > "],
    ),
    (
        "a list becomes an object",
        |s| find(replies(s), "rows").seen = vec![Shape::Object],
        &["list-became-object decode zz10001 response.rows: objects > object"],
    ),
    (
        "rows become arrays",
        |s| find(replies(s), "rows").seen = vec![Shape::Arrays],
        &["rows-became-arrays decode zz10001 response.rows: objects > arrays"],
    ),
    (
        "rows become JSON inside a text",
        |s| find(replies(s), "rows").seen = vec![Shape::Embedded],
        &["json-type-changed decode zz10001 response.rows: objects > embedded"],
    ),
    (
        "a text becomes a JSON number",
        |s| find(rows(s), "memo").seen = vec![Shape::Number],
        &["json-type-changed decode zz10001 response.rows.memo: int > number"],
    ),
    (
        "values of another form",
        |s| find(rows(s), "memo").seen = vec![Shape::Padded],
        &["example-shapes-changed docs zz10001 response.rows.memo: int > padded"],
    ),
    (
        "a value becomes a container",
        |s| {
            let f = find(rows(s), "memo");
            f.fields = vec![field("a", "가", "")];
            f.seen = vec![Shape::Objects];
        },
        &[
            "value-became-container decode zz10001 response.rows.memo: int > objects",
            "response-field-added wire zz10001 response.rows.memo.a:  > 가",
        ],
    ),
    (
        "a value becomes a list in the table, while the example is the old one",
        |s| {
            let f = find(rows(s), "memo");
            f.fields = vec![field("a", "가", "")];
            f.ty = Some("LIST".into());
        },
        &[
            "value-became-container decode zz10001 response.rows.memo: value > list",
            "type-word-changed docs zz10001 response.rows.memo: String > LIST",
            "response-field-added wire zz10001 response.rows.memo.a:  > 가",
        ],
    ),
    (
        "a request field becomes required",
        |s| find(requests(s), "side_tp").required = Some("Y".into()),
        &["required-now wire zz10001 request.side_tp: N > Y"],
    ),
    (
        "a request field is no longer required",
        |s| find(requests(s), "stk_cd").required = Some("N".into()),
        &["required-dropped wire zz10001 request.stk_cd: Y > N"],
    ),
    (
        "Required of a response field",
        |s| find(rows(s), "dt").required = Some("Y".into()),
        &["response-required-changed docs zz10001 response.rows.dt: N > Y"],
    ),
    (
        "a longer field",
        |s| find(rows(s), "dt").length = Some("40".into()),
        &["response-length-changed docs zz10001 response.rows.dt: 20 > 40"],
    ),
    (
        "a longer request field",
        |s| find(requests(s), "stk_cd").length = Some("30".into()),
        &["length-longer docs zz10001 request.stk_cd: 20 > 30"],
    ),
    (
        "a shorter field",
        |s| find(requests(s), "stk_cd").length = Some("6".into()),
        &["length-shorter wire zz10001 request.stk_cd: 20 > 6"],
    ),
    // Descriptions
    (
        "another unit",
        |s| say(find(replies(s), "total"), "단위: 천원"),
        &["unit-changed meaning zz10001 response.total: million-won > thousand-won"],
    ),
    (
        "another unit of equal type",
        |s| say(find(rows(s), "cur_prc"), "단위: USD, 부호가 포함된 숫자"),
        &["unit-changed meaning zz10001 response.rows.cur_prc: won > usd"],
    ),
    (
        "a unit where there was none",
        |s| {
            let f = find(rows(s), "tm");
            say(f, "HHmmss");
            f.says.unit = Some(Unit::Day);
        },
        &["unit-added meaning zz10001 response.rows.tm: none > day"],
    ),
    (
        "no unit any more",
        |s| say(find(rows(s), "cur_prc"), "부호가 포함된 숫자"),
        &["unit-dropped meaning zz10001 response.rows.cur_prc: won > none"],
    ),
    (
        "a unit chosen by a parameter",
        |s| {
            let f = find(rows(s), "trde_qty");
            f.says.unit = None;
            f.says.units = vec![Unit::Share, Unit::MillionWon];
            f.says.unit_by = Some("unit_tp".into());
        },
        &["unit-choice-changed meaning zz10001 response.rows.trde_qty: share > share, million-won by unit_tp"],
    ),
    (
        "another scale",
        |s| find(rows(s), "flu_rt").says.scale = Some(3),
        &["scale-changed decode zz10001 response.rows.flu_rt: 2 > 3"],
    ),
    (
        "no scale",
        |s| find(rows(s), "flu_rt").says.scale = None,
        &["scale-changed decode zz10001 response.rows.flu_rt: 2 > none"],
    ),
    (
        "no sign any more",
        |s| say(find(rows(s), "cur_prc"), "단위: 원"),
        &["sign-dropped meaning zz10001 response.rows.cur_prc:  > "],
    ),
    (
        "a sign",
        |s| say(find(rows(s), "trde_qty"), "단위: 1주, 부호가 포함된 숫자"),
        &["sign-added meaning zz10001 response.rows.trde_qty:  > "],
    ),
    (
        "padding",
        |s| find(rows(s), "trde_qty").says.pad = Some(12),
        &["padding-changed wire zz10001 response.rows.trde_qty: none > 12"],
    ),
    (
        "a documented width",
        |s| find(rows(s), "trde_qty").says.width = Some(7),
        &["width-changed docs zz10001 response.rows.trde_qty: none > 7"],
    ),
    (
        "decimals",
        |s| find(rows(s), "flu_rt").says.decimals = Some(2),
        &["decimals-changed docs zz10001 response.rows.flu_rt: none > 2"],
    ),
    (
        "another date layout",
        |s| say(find(rows(s), "dt"), "YYYYMM"),
        &["format-changed decode zz10001 response.rows.dt: YYYYMMDD > YYYYMM"],
    ),
    (
        "no venue suffix any more",
        |s| find(requests(s), "stk_cd").says.symbol.clear(),
        &["symbol-form-changed decode zz10001 request.stk_cd: venue-suffix > none"],
    ),
    (
        "another fixed value",
        |s| say(find(requests(s), "const_tp"), "CNSRCLR 고정값"),
        &["fixed-value-changed wire zz10001 request.const_tp: CNSRREQ > CNSRCLR"],
    ),
    (
        "another default",
        |s| find(requests(s), "unit_tp").says.default = Some("2".into()),
        &["default-changed wire zz10001 request.unit_tp: 1 > 2"],
    ),
    (
        "an empty value means all",
        |s| find(requests(s), "venue").says.blank = Some("전체".into()),
        &["blank-meaning-changed meaning zz10001 request.venue: none > 전체"],
    ),
    (
        "a value for none",
        |s| find(rows(s), "trde_qty").says.absent = Some("0000000".into()),
        &["absent-value-changed decode zz10001 response.rows.trde_qty: none > 0000000"],
    ),
    (
        "JSON inside a text",
        |s| find(requests(s), "stk_cd").says.keys = vec!["stex_tp".into()],
        &["embedded-keys-changed wire zz10001 request.stk_cd: none > stex_tp"],
    ),
    (
        "another separator",
        |s| find(requests(s), "stk_cd").says.joined = Some("|".into()),
        &["separator-changed wire zz10001 request.stk_cd: none > |"],
    ),
    (
        "a limit",
        |s| find(requests(s), "stk_cd").says.max = Some(100),
        &["limit-changed wire zz10001 request.stk_cd: none > 100"],
    ),
    (
        "a condition",
        |s| find(requests(s), "venue").says.conditional = true,
        &["condition-changed docs zz10001 request.venue: always > conditional"],
    ),
    (
        "a reference",
        |s| find(requests(s), "stk_cd").says.see = vec!["zz10002".into()],
        &["reference-changed docs zz10001 request.stk_cd: none > zz10002"],
    ),
    (
        "no codes any more",
        |s| say(find(requests(s), "side_tp"), "구분을 적는다"),
        &["codes-unlisted wire zz10001 request.side_tp: 1=매수 2=매도 > "],
    ),
    (
        "a code more",
        |s| say(find(requests(s), "sort_tp"), "0:전체, 1:상승률, 2:하락률, 3:거래량, 4:거래대금"),
        &["code-added decode zz10001 request.sort_tp:  > 4=거래대금"],
    ),
    (
        "a code less",
        |s| say(find(requests(s), "sort_tp"), "0:전체, 1:상승률, 2:하락률"),
        &["code-removed wire zz10001 request.sort_tp: 3=거래량 > "],
    ),
    (
        "a code spelt differently",
        |s| say(find(requests(s), "sort_tp"), "0:전체, 1:상승율, 2:하락률, 3:거래량"),
        &["code-relabelled docs zz10001 request.sort_tp: 1=상승률 > 1=상승율"],
    ),
    (
        "a code of another meaning",
        |s| say(find(requests(s), "sort_tp"), "0:전체, 1:상승률, 2:하락률, 3:거래대금"),
        &["code-redefined meaning zz10001 request.sort_tp: 3=거래량 > 3=거래대금"],
    ),
    (
        "codes exchange their meanings",
        |s| say(find(requests(s), "sort_tp"), "0:전체, 1:하락률, 2:거래량, 3:상승률"),
        &["codes-remapped meaning zz10001 request.sort_tp: 1=상승률 2=하락률 3=거래량 > 1=하락률 2=거래량 3=상승률"],
    ),
    (
        "opposite codes",
        |s| say(find(requests(s), "side_tp"), "1:매도, 2:매수"),
        &["codes-opposite meaning zz10001 request.side_tp: 1=매수 2=매도 > 1=매도 2=매수"],
    ),
    (
        "a meaning with another code",
        |s| say(find(requests(s), "side_tp"), "1:매수, 3:매도"),
        &["code-moved wire zz10001 request.side_tp: 2=매도 > 3=매도"],
    ),
    (
        "codes in another order",
        |s| say(find(requests(s), "side_tp"), "2:매도, 1:매수"),
        &["description-reworded docs zz10001 request.side_tp:  > "],
    ),
    (
        "a bare value more",
        |s| say(find(requests(s), "venue"), "KRX,NXT,SOR,ATS"),
        &["value-added decode zz10001 request.venue:  > ATS"],
    ),
    (
        "a bare value less",
        |s| say(find(requests(s), "venue"), "KRX,SOR"),
        &["value-removed wire zz10001 request.venue: NXT > "],
    ),
    (
        "another bound",
        |s| say(find(requests(s), "floor"), "0:전체 1,3,9(USD, 1만단위) 이상 (ex. 50: USD 50만 이상)"),
        &["bounds-changed wire zz10001 request.floor: 1,3,5 > 1,3,9"],
    ),
    (
        "bounds of another size",
        |s| find(requests(s), "floor").says.threshold.as_mut().unwrap().multiplier = 1000,
        &["bounds-scaled meaning zz10001 request.floor: 10000 usd > 1000 usd"],
    ),
    (
        "other words, same facts",
        |s| find(rows(s), "cur_prc").text = Some("ff".into()),
        &["description-reworded docs zz10001 response.rows.cur_prc:  > "],
    ),
    (
        "a filled description",
        |s| say(find(rows(s), "memo"), "단위: 원"),
        &["description-filled docs zz10001 response.rows.memo:  > unit won"],
    ),
    (
        "a filled description with a scale",
        |s| say(find(rows(s), "memo"), "소수점 제거 된 100배 값으로 제공"),
        &[
            "scale-changed decode zz10001 response.rows.memo: none > 2",
            "description-filled docs zz10001 response.rows.memo:  > scale 2",
        ],
    ),
    (
        "a lost description",
        |s| say(find(rows(s), "trde_qty"), ""),
        &["description-lost docs zz10001 response.rows.trde_qty: unit share > "],
    ),
    (
        "a list that cannot be read",
        |s| find(requests(s), "note").says.unparsed = Some("no pairs".into()),
        &["description-filled docs zz10001 request.note:  > "],
    ),
    // Error codes
    (
        "an error code more",
        |s| {
            s.errors.insert("8200".into(), ErrorCode { code: "8200".into(), ..ErrorCode::default() });
        },
        &["error-added docs errors.8200:  > "],
    ),
    (
        "an error code less",
        |s| {
            s.errors.remove("1700");
        },
        &["error-removed docs errors.1700:  > "],
    ),
    (
        "another message",
        |s| s.errors.get_mut("1700").unwrap().text = "bb".into(),
        &["error-reworded docs errors.1700:  > "],
    ),
    (
        "other places in a message",
        |s| s.errors.get_mut("1700").unwrap().holes = vec!["URI".into()],
        &["error-places-changed decode errors.1700: API ID > URI"],
    ),
];

#[test]
fn every_made_change_is_found_once_and_classed() {
    assert!(CHANGES.len() > 60);
    for (what, make, want) in CHANGES {
        let (old, mut new) = (base(), base());
        make(&mut new);
        let found: Vec<String> = compare(&old, &new)
            .iter()
            .map(|d| format!("{} {} {}: {} > {}", d.rule, d.class().word(), d.place(), d.was, d.now))
            .collect();
        let mut want: Vec<String> = want.iter().map(|w| (*w).to_owned()).collect();
        let mut sorted = found.clone();
        want.sort();
        sorted.sort();
        assert_eq!(sorted, want, "{what}");
    }
}

#[test]
fn the_other_way_round_every_made_change_is_found_too() {
    for (what, make, want) in CHANGES {
        let (old, mut new) = (base(), base());
        make(&mut new);
        let back = compare(&new, &old);
        assert_eq!(back.is_empty(), want.is_empty(), "{what}");
        assert_eq!(apis(&new, &old).is_empty(), back.iter().all(|d| d.api.is_empty()), "{what}");
    }
}

#[test]
fn the_rules_are_exercised() {
    let mut seen: BTreeSet<Rule> = BTreeSet::new();
    for (_, make, _) in CHANGES {
        let (old, mut new) = (base(), base());
        make(&mut new);
        seen.extend(compare(&old, &new).iter().chain(&compare(&new, &old)).map(|d| d.rule));
    }
    let never: Vec<&str> = Rule::ALL.iter().filter(|r| !seen.contains(r)).map(|r| r.id()).collect();
    // Columns have a test of their own, Rust items are the generator's.
    let elsewhere = [
        "positions-changed",
        "description-unread",
        "column-filled",
        "column-lost",
        "rust-item-removed",
        "rust-item-moved",
        "rust-item-changed",
        "rust-reading-changed",
    ];
    assert_eq!(never, elsewhere);
    assert!(seen.len() >= 40);
}

#[test]
fn a_column_that_goes_blank_is_one_loss() {
    let (old, mut new) = (base(), base());
    for api in new.apis.values_mut() {
        for side in [&mut api.request, &mut api.response] {
            side.blocks.iter_mut().flat_map(|b| &mut b.fields).for_each(untyped);
        }
    }
    let found = compare(&old, &new);
    let words: Vec<String> = found.iter().map(|d| format!("{} {} {}", d.place(), d.rule, d.was)).collect();
    assert_eq!(words, ["Type column-lost 34 cells in 2 APIs"]);
    let back = compare(&new, &old);
    assert_eq!(back.iter().map(|d| (d.rule, d.at.as_str())).collect::<Vec<_>>(), [(Rule::ColumnFilled, "Type")]);
    // The two APIs are named all the same where changes are told by API.
    assert_eq!(apis(&new, &old).len(), 2);
}

fn untyped(field: &mut Field) {
    field.ty = None;
    field.fields.iter_mut().for_each(untyped);
}

#[test]
fn positions_of_arrays_are_more_than_an_order() {
    let arrays = |spec: &mut Spec| find(replies(spec), "rows").seen = vec![Shape::Arrays];
    let (mut old, mut new) = (base(), base());
    arrays(&mut old);
    arrays(&mut new);
    rows(&mut new).swap(0, 1);
    let found = compare(&old, &new);
    assert_eq!(
        found.iter().map(|d| (d.rule, d.class())).collect::<Vec<_>>(),
        [(Rule::PositionsChanged, Class::Decode)]
    );
}

#[test]
fn a_list_of_codes_that_cannot_be_read_any_more_is_said() {
    let (mut old, mut new) = (base(), base());
    say(find(requests(&mut old), "note"), "단위: 원");
    say(find(requests(&mut new), "note"), "단위: 원");
    find(requests(&mut new), "note").says.unparsed = Some("no pairs".to_owned());
    let found = compare(&old, &new);
    assert_eq!(found.iter().map(|d| d.rule.id()).collect::<Vec<_>>(), ["description-unread"]);
}
