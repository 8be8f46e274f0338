//! The grammar against the whole July workbook: domestic code lists against a list made by other
//! means (`code-lists.csv` beside the dumps), US lists against a review by eye, and counts of facts
//! against a count by other means. Skipped where the documents are not.
#![cfg(feature = "workbook")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::LazyLock;
use std::{env, fs};

use kiwoom_spec::describe::{Facts, Unit, describe};
use kiwoom_spec::dump;

/// An API and an Excel row.
type Place = (String, u32);

struct Field {
    api: String,
    row: u32,
    element: String,
    text: String,
    facts: Facts,
}

impl Field {
    fn place(&self) -> Place {
        (self.api.clone(), self.row)
    }

    fn is_us(&self) -> bool {
        self.api.starts_with("us") || self.api.starts_with('F')
    }
}

fn dumps() -> PathBuf {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/dumps");
    env::var_os("KIWOOM_DUMPS").map_or_else(|| default.into(), PathBuf::from)
}

/// Read once: every test but one asks for the same book.
static JULY: LazyLock<Option<Vec<Field>>> = LazyLock::new(|| fields("2026-07-04"));

/// All Body fields of a workbook, or nothing where it is not there.
fn fields(day: &str) -> Option<Vec<Field>> {
    let path = dumps().join(format!("kiwoom-rest-api-{day}.xlsx"));
    if !path.is_file() {
        println!("skipped: no {}", path.display());
        return None;
    }
    let documents = dump::read_path(&path).expect("the workbook is readable");
    let sheets = documents.iter().flat_map(|document| &document.sheets);
    Some(sheets.flat_map(body).collect())
}

/// Rows under `Body`, up to the next filled cell of column A.
fn body(sheet: &dump::Sheet) -> Vec<Field> {
    let (mut api, mut inside, mut found) = (String::new(), false, Vec::new());
    for row in &sheet.rows {
        if let Some(label) = row.cell(0) {
            inside = label == "Body";
            if label == "API ID" {
                api = row.cell(2).unwrap_or_default().to_owned();
            }
        }
        let (Some(element), true) = (row.cell(1), inside) else {
            continue;
        };
        let text = row.cell(6).unwrap_or_default().to_owned();
        let facts = describe(&text);
        found.push(Field { api: api.clone(), row: row.number, element: element.to_owned(), text, facts });
    }
    found
}

/// `1=KRX | 2=NXT`, as the list has it.
fn pairs(facts: &Facts) -> String {
    facts.codes.iter().map(|(code, label)| format!("{code}={label}")).collect::<Vec<_>>().join(" | ")
}

/// Rows of the list: place and pairs.
fn oracle() -> Option<BTreeMap<Place, String>> {
    let path = dumps().join("../facts/code-lists.csv");
    let Ok(text) = fs::read_to_string(&path) else {
        println!("skipped: no {}", path.display());
        return None;
    };
    let records = records(&text).into_iter().skip(1);
    Some(records.map(|r| ((r[0].clone(), r[2].parse().expect("a row number")), r[5].clone())).collect())
}

/// Comma-separated values with quoted fields.
fn records(text: &str) -> Vec<Vec<String>> {
    let (mut records, mut record, mut field, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    for c in text.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => record.push(std::mem::take(&mut field)),
            '\n' if !quoted => {
                record.push(std::mem::take(&mut field));
                records.push(std::mem::take(&mut record));
            }
            '\r' if !quoted => {}
            c => field.push(c),
        }
    }
    records
}

/// Every disagreement: its kind, the APIs, the row, and why we are right. `note`: the list glues a
/// note to its last label, all else is equal. `none`: a review by eye says that these are no codes.
const ARGUED: &str = "
note | ka10016 | 29 | how many days may be given is `max`, not part of the label
note | ka10038 | 26 | what an empty value means is `blank`
note | ka10099 ka10100 | 40 | when the code is sent is a remark; the parenthesis never closes
note | ka10131 | 26 | `(고정값)` is `fixed`
note | ka20001 ka20002 ka20009 | 23 | `나머지 ※` says where the other codes are
note | ka20004 ka20005 ka20006 ka20007 ka20008 ka20019 | 22 | `나머지 ※` says where the other codes are
note | kt00015 | 30 | what an empty value means is `blank`
note | kt50030 kt50075 | 24 | `5값으로 고정` is `fixed`
note | kt50030 kt50075 | 27 | what an empty value means is `blank`
note | kt50031 | 26 | what an empty value means is `blank`
note | kt50032 | 25 | what an empty value means is `blank`
note | 00 04 0A 0B 0C 0D 0E 0F 0G 0H 0I 0J 0U 0g 0m 0s 0u 0w 1h | 24 | `(Default)` is `default`, the lines below explain both codes
note | 00 04 0A 0B 0C 0D 0E 0F 0G 0H 0J 0U 0g 0m 0s 0u 0w 1h | 33 | when the field is sent is a remark
none | ka10172 | 40 | letters before a stock code are `type-prefix`, not values of the field
none | ka10173 | 37 | letters before a stock code
none | kt00004 | 48 | letters before a stock code
none | kt00005 | 62 | letters before a stock code
none | kt00007 | 36 | letters before a stock code
none | kt00008 | 34 | letters before a stock code
none | kt00009 | 41 | letters before a stock code
none | kt00015 | 60 | letters before a stock code
none | kt00018 | 38 | letters before a stock code
none | 0I | 26 | units per instrument: two `values` and two `units`, the codes have no labels
none | 0s | 41 | clock times in parentheses are no codes (`8`, `09`, `15`, `16`, `18` of the list)
other | ka90005 ka90010 | 24 | the wire has P00101; 1 is the value of another field, and goes into the label
other | kt00007 kt50031 | 28 | parentheses around a whole label say nothing: `전체`, like everywhere else
other | kt00009 | 29 | parentheses around a whole label
other | kt00015 | 29 | parentheses around a whole label
other | kt50030 kt50075 | 29 | KRX, NXT and SOR are `values`, not part of the label of `%`";

/// Lists that the list does not have: APIs, row, and why they are lists.
const EXTRA: &str = "
ka50010 ka50012 ka50079 ka50080 ka50081 ka50082 ka50083 ka50087 ka50091 ka50092 ka50101 kt50000 kt50001 kt50002 | 22 | codes without colons
kt50003 | 23 | codes without colons
ka30002 | 22 | reversed and open-ended, in parentheses
ka30005 | 22 | reversed, in parentheses, codes elided: the example sends 000000000017";

/// Reviewed by eye: every distinct text of the US sheets. These are the tricky ones.
const US: &str = "
usa01980 | 34 | - sign | codes +=상승 | -=하락; blank 보합
usa01990 | 31 | - rank_flu_sig | codes +=상승 | -=하락 | 0=순위변동없음 | N=신규진입
usa01980 | 22 | svc_type | codes B286=30초 | B281=1분 | B282=10분 | B283=1시간 | B284=당일
ust21620 | 22 | stex_tp | codes NA=AMEX | ND=NASDAQ | NY=NYSE
usa10099 | 22 | stex_tp | codes %=전체 | NA=AMEX | ND=NASDAQ | NY=NYSE
usa10102 | 22 | index_qry_tp | codes %=전체 | NQ=나스닥 | NS=S&P500 | NW=다우
usa01980 | 41 | - stex_tp | codes ND=NASDAQ | NY=NYSE | NA=AMEX
usa20510 | 22 | stex_tp | codes 0=전체 | 1=NYSE | 2=NASDAQ | 3=AMEX
usa20932 | 22 | stex_tp | codes 0=전체 | 1=NYSE | 2=AMEX | 3=NASDAQ
usa20510 | 23 | inds_cd | codes 000=전체; conditional; see usa10101
usa20510 | 26 | tm | codes 1=전일 | 5=5일 | 10=10일 | 30=30일; default 1
usa20510 | 27 | trde_qty_tp | threshold 10,15,20,30,50,100,300,500 x10000 all 0=전체
usa20510 | 29 | trde_prica_cnd | threshold 1,3,5,10,30,50,100,300,500,1000,3000,5000 x10000 usd all 0=전체
usa20510 | 28 | pric_cnd | codes 0=전체 | 1=5미만 | 2=10미만 | 3=10이상 | 4=10~20 | 5=20~50 | 6=50이상 | 7=50~100 | 8=100미만 | 9=100이상 | 10=500이상
usa20940 | 31 | pric_cnd | codes 0=전체 | 1=5미만 | 2=10미만 | 3=10이상 | 4=10~20 | 5=20~50 | 6=50이상 | 7=50~100 | 8=100미만 | 9=100이상 | 10=500이상
usa24140 | 29 | pric_cnd | unit usd; codes 0=전체 | 1=5미만 | 2=10미만 | 3=10이상 | 4=10~20 | 5=20~50 | 6=50이상 | 7=50~100 | 8=100미만 | 9=100이상 | 10=500이상
usa20510 | 25 | stk_cnd | codes 0=전체 | 1=증100% | 2=증50%
usa20520 | 24 | tm | unit day; values 5,10,20,30
usa20880 | 22 | qry_tp | codes 1=매수상위 | 2=매도상위 | 3=순매수상위 | 4=보유잔고상위 | 5=보유고객상위 | 6=거래비중상위 | 7=거래대금상위
usa20880 | 23 | dt_unit_tp | codes 1=일 | 2=주 | 3=월 | 4=년 | 5=10분 | 6=30분 | 7=60분 | 8=5분
usa20910 | 24 | inds_cls_tp | codes 0=전체 | 1=다우30 | 2=나스닥100 | 3=S&P500; conditional
usa20910 | 25 | sort_tp | codes 1=전일대비 상승률 | 2=전일대비 상승폭 | 3=보합 | 4=전일대비 하락률 | 5=전일대비 하락폭
usa20930 | 28 | tm | codes 1=1일전 | 2=5일전 | 3=1개월전 | 4=3개월전 | 5=6개월전 | 6=연중 | 7=1년전 | 8=3년전 | 9=5년전; max 30; conditional
usa20932 | 24 | flu_tp | codes 1=급등 | 2=급락; default 1
usa20970 | 26 | alacc_rt | codes 0.5=0.5% | 1.0=1.0% | 1.5=1.5% | 2.0=2.0% | 2.5=2.5% | 3.5=3.5%
usa23000 | 23 | inds_cd | codes 0=전체; see usa10101
usa23100 | 22 | stex_tp | codes 0=전체 | 1=NY(NYSE) | 2=NA(AMEX) | 3=ND(NASDAQ)
usa23100 | 24 | inds_cd | codes 000=전체; default 000; see usa10101
usa24140 | 27 | alacc_rt | codes 3=3%이상 | 5=5%이상 | 10=10%이상 | 50=50%이상 | 100=100%이상 | 150=150%이상 | 200=200%이상
usa24210 | 24 | rt_tp | codes 0=매수/매도 | 1=매도/매수
usa26410 | 30 | - dt | formats YYYY; codes 0=평균
ust20000 | 26 | trde_tp | codes 00=지정가 | 03=시장가 | 26=VWAP지정가 | 27=TWAP지정가 | 30=LOC | 36=VWAP시장가 | 37=TWAP시장가
ust20001 | 27 | trde_tp | codes 00=지정가 | 03=시장가 | 26=VWAP지정가 | 27=TWAP지정가 | 30=LOC | 33=MOC | 36=VWAP시장가 | 37=TWAP시장가 | 35=STOP | 34=STOP LIMIT
ust21050 | 23 | slby_tp | codes 0=전체 | 1=매도 | 2=매수; default 0
ust21050 | 24 | stex_tp | codes ND=NASDAQ | NY=NYSE | NA=AMEX; blank 전체
ust21050 | 39 | - frgn_trde_tp | codes 00=지정가 | 03=시장가 | 11=Enhanced Limit Order | 12=Special Limit Order | 30=Limit On Close | 33=Market On Close | 34=Stop Limit | 35=Stop Market | 36=VWAP | 37=TWAP
ust21100 | 24 | tp | codes 0=전체 | 1=입출금 | 2=입출고 | 3=매매 | 4=매수 | 5=매도 | F=환전 | M=입출금+환전(매체전용) | G=환전매수 | H=환전매도 | I=환전정산입금 | J=환전정산출금 | 6=입금 | 7=출금 | 8=배당금입금 | K=환전+환전정산입출금
ust21111 | 27 | rgst_abnd_tp | codes 1=신청 | 2=해지 또는 미신청
ust21150 | 27 | oppo_trde_tp | codes %=전체 | 0=일반 | 1=반대매매
ust31300 | 22 | exch_tp | codes 1=원화(KRW)->달러(USD) | 2=달러(USD)->원화(KRW)
F4 | 24 | refresh | codes 1=기존유지; default 1; conditional
F4 | 26 | - item | keys jmcode,stex_tp
usa20512 | 23 | stk_cd | keys stex_tp,stk_cd
ust21180 | 50 | - slby_tp_nm | nothing
ust21100 | 41 | - tax_tot_amt | nothing
ust21620 | 34 | - slby_tp_nm | nothing";

/// The columns of a table, of which the last may hold the separator.
fn rows<const N: usize>(table: &'static str) -> impl Iterator<Item = [&'static str; N]> {
    table.trim().lines().map(|line| {
        let columns: Vec<&str> = line.splitn(N, " | ").collect();
        columns.try_into().expect("all columns")
    })
}

fn places(apis: &str, row: &str) -> Vec<Place> {
    let row = row.parse().expect("a row number");
    apis.split(' ').map(|api| (api.to_owned(), row)).collect()
}

#[test]
fn describe_agrees_with_the_list_of_domestic_codes() {
    let (Some(fields), Some(oracle)) = (JULY.as_ref(), oracle()) else {
        return;
    };
    let by_place: BTreeMap<Place, &Field> = fields.iter().map(|f| (f.place(), f)).collect();
    let mut disagree = BTreeMap::new();
    for (place, want) in &oracle {
        let facts = &by_place[place].facts;
        let got = pairs(facts);
        if got == *want {
            continue;
        }
        let note = !got.is_empty() && facts.codes.len() == want.split(" | ").count() && want.starts_with(&got);
        disagree.insert(place.clone(), note);
    }
    let argued: BTreeMap<Place, &str> =
        rows(ARGUED).flat_map(|[kind, apis, row, _]| places(apis, row).into_iter().map(move |p| (p, kind))).collect();
    for (place, note) in &disagree {
        let got = pairs(&by_place[place].facts);
        let kind = argued.get(place).copied();
        assert!(kind.is_some(), "{place:?} is not argued: {got} against {}", oracle[place]);
        assert!(kind != Some("note") || *note, "{place:?} is no matter of a note: {got}");
    }
    let settled: Vec<_> = argued.keys().filter(|p| !disagree.contains_key(*p)).collect();
    assert!(settled.is_empty(), "argued, but they agree: {settled:?}");

    let count = |kind| argued.values().filter(|k| **k == kind).count();
    let (lists, exact) = (oracle.len(), oracle.len() - disagree.len());
    let (notes, none, other) = (count("note"), count("none"), count("other"));
    println!("{lists} lists: {exact} equal, {notes} up to a note, {none} no codes, {other} read otherwise");
    assert_eq!((lists, exact, notes, none, other), (554, 477, 58, 11, 8));
    assert!((exact + notes) * 100 >= (lists - none) * 98);

    let extra: BTreeSet<Place> = fields
        .iter()
        .filter(|f| !f.is_us() && !f.facts.codes.is_empty() && !oracle.contains_key(&f.place()))
        .map(Field::place)
        .collect();
    let want: BTreeSet<Place> = rows(EXTRA).flat_map(|[apis, row, _]| places(apis, row)).collect();
    assert_eq!(extra, want);
}

/// Exact counts; where a count by other means differs, it stands beside them with the reason.
#[test]
fn describe_counts_what_another_count_finds() {
    let Some(fields) = JULY.as_ref() else {
        return;
    };
    let count = |has: &dyn Fn(&Facts) -> bool| fields.iter().filter(|f| has(&f.facts)).count();
    let unit = |unit| count(&|f| f.unit == Some(unit));
    let format = |name: &str| count(&|f| f.formats.iter().any(|x| serde_json::to_value(x).is_ok_and(|v| v == name)));
    let either = |unit| count(&|f| f.unit == Some(unit) || f.units.contains(&unit));
    assert_eq!(fields.len(), 7232);
    for (what, got, want) in [
        // counted otherwise 1622: and 4 whose signs are explained one by one (`+는 매수체결`)
        ("signed", count(&|f| f.signed), 1626),
        ("pad", count(&|f| f.pad.is_some()), 571),
        // counted otherwise 744: and `소수점2자리`, `소수점 이하2자리`
        ("decimals", count(&|f| f.decimals.is_some()), 751),
        ("scale", count(&|f| f.scale.is_some()), 57),
        ("thresholds", count(&|f| f.threshold.is_some()), 100),
        ("venue suffix", count(&|f| f.symbol.contains(&kiwoom_spec::describe::Symbol::VenueSuffix)), 56),
        ("type prefix", count(&|f| f.symbol.contains(&kiwoom_spec::describe::Symbol::TypePrefix)), 9),
        // counted otherwise 1050, with type prefixes (9) and without the lists that have no colons (14)
        ("codes", count(&|f| !f.codes.is_empty()), 1061),
        // counted otherwise 47; here also `Y .. N` in a sentence (2), `%:(전체), KRX, NXT, SOR` (2), MGD and MGU (1); which
        // two more it has is not known
        ("values", count(&|f| !f.values.is_empty()), 50),
        ("see", count(&|f| !f.see.is_empty()), 83),
        ("default", count(&|f| f.default.is_some()), 32),
        ("absent", count(&|f| f.absent.is_some()), 12),
        ("blank", count(&|f| f.blank.is_some()), 26),
        // counted otherwise 87, with two request fields whose labels name units
        ("several units", count(&|f| !f.units.is_empty()), 88),
        ("won", unit(Unit::Won), 1027),
        // counted otherwise 346; also worked examples in % (5), `%가 포함된` (4), `n%` (2)
        ("percent", unit(Unit::Percent), 357),
        // counted otherwise 312; also `USD 0:전체` (4) and `USD, ..` (6)
        ("usd", unit(Unit::Usd), 322),
        ("point", unit(Unit::Point), 44),
        ("issue", unit(Unit::Issue), 18),
        ("thousand usd", unit(Unit::ThousandUsd), 9),
        ("thousand won", unit(Unit::ThousandWon), 6),
        ("hundred shares", unit(Unit::HundredShare), 1),
        // counted otherwise 706, the first unit of a cell; here also the second (44), `계약,주` (5), `0 주 이상` (2)
        ("share", either(Unit::Share), 757),
        // counted otherwise 174; also the second unit (11) and `0 백만원 이상` (2)
        ("million won", either(Unit::MillionWon), 187),
        // counted otherwise 63; also the second unit (22)
        ("thousand shares", either(Unit::ThousandShare), 85),
        ("hundred million won", either(Unit::HundredMillionWon), 28),
        // counted otherwise 213 and the misprint `YYYMMDD` (3)
        ("YYYYMMDD", format("YYYYMMDD"), 216),
        ("YYYYMMDDHHmmss", format("YYYYMMDDHHmmss"), 15),
        ("HHmmss", format("HHmmss"), 50),
        ("HH:mm:ss", format("HH:mm:ss"), 14),
        ("HH:mm", format("HH:mm"), 7),
        ("YYYYMM", format("YYYYMM"), 6),
        // counted otherwise 6; also `0:평균, YYYY:년도` (3)
        ("YYYY", format("YYYY"), 9),
    ] {
        assert_eq!(got, want, "{what}");
    }
}

#[test]
fn describe_reads_us_lists_as_reviewed() {
    let Some(fields) = JULY.as_ref() else {
        return;
    };
    let us: Vec<&Field> = fields.iter().filter(|f| f.is_us()).collect();
    let lists: BTreeSet<String> = us.iter().map(|f| pairs(&f.facts)).filter(|list| !list.is_empty()).collect();
    let coded = us.iter().filter(|f| !f.facts.codes.is_empty()).count();
    assert_eq!((us.len(), coded, lists.len()), (2755, 500, 80));
    for [api, row, element, want] in rows(US) {
        let field = us.iter().find(|f| f.api == api && f.row.to_string() == row);
        let field = field.expect("a field of the workbook");
        let facts = field.facts.to_string();
        let facts = if facts.is_empty() { "nothing" } else { &facts };
        assert_eq!((field.element.as_str(), facts), (element, want), "{api} row {row}");
    }
}

/// Nothing is left unread, labels are no sentences, and re-saved or trimmed cells say the same.
#[test]
fn describe_reads_both_workbooks_without_a_doubt() {
    let june = fields("2026-06-30");
    for fields in [&june, &*JULY] {
        for field in fields.iter().flatten() {
            let Field { api, row, text, facts, .. } = field;
            assert_eq!(facts.unparsed, None, "{api} row {row}");
            assert!(facts.codes.iter().all(|(_, label)| label.chars().count() <= 24), "{api} row {row}");
            assert_eq!(describe(&text.replace('\n', "\r\n")), *facts, "{api} row {row}: CRLF");
            assert_eq!(describe(&format!(" {text}\t")), *facts, "{api} row {row}: untrimmed");
        }
    }
}
