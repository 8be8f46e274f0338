//! The grammar against the broker's own short phrases, trap by trap (census of the documents, 5 and 10).
//!
//! Each row is a phrase and everything that is read out of it, in one line.

use kiwoom_spec::describe::{Facts, describe};
use serde_json::Value;

/// All facts in one line, in the order of the struct: `unit won; signed; decimals 2`.
fn brief(facts: &Facts) -> String {
    let Ok(Value::Object(facts)) = serde_json::to_value(facts) else {
        unreachable!("facts are a struct")
    };
    let facts = facts.iter().map(|(name, value)| match value {
        Value::Bool(_) => name.clone(),
        Value::Array(items) if name == "codes" => format!("codes {}", join(items, " | ")),
        Value::Array(items) => format!("{name} {}", join(items, ",")),
        Value::Object(threshold) => bounds(threshold),
        value => format!("{name} {}", word(value)),
    });
    facts.collect::<Vec<_>>().join("; ")
}

fn bounds(threshold: &serde_json::Map<String, Value>) -> String {
    let mut line = String::from("threshold ");
    line += &threshold["bounds"]
        .as_array()
        .map(|items| join(items, ","))
        .unwrap_or_default();
    line += &format!(" x{}", threshold["multiplier"]);
    if let Some(unit) = threshold.get("unit") {
        line += &format!(" {}", word(unit));
    }
    if let Some(all) = threshold.get("all") {
        line += &format!(" all {}", word(all));
    }
    line
}

fn join(items: &[Value], between: &str) -> String {
    items.iter().map(word).collect::<Vec<_>>().join(between)
}

fn word(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(pair) => join(pair, "="),
        other => other.to_string(),
    }
}

#[track_caller]
fn check(rows: &[(&str, &str)]) {
    for (text, want) in rows {
        assert_eq!(brief(&describe(text)), *want, "{text:?}");
    }
}

#[test]
fn numbers_and_units() {
    check(&[
        ("단위: 원", "unit won"),
        ("단위 : 원", "unit won"),
        ("단위: 원, 부호가 포함된 숫자", "unit won; signed"),
        (
            "단위: %, 부호 포함 소수점 둘째 자리까지 포맷된 백분율",
            "unit percent; signed; decimals 2",
        ),
        (
            "단위: %, 소수점 일곱번째 자리까지 포맷된 백분율",
            "unit percent; decimals 7",
        ),
        ("단위: 지수", "unit point"),
        (
            "단위: 1주, 좌측 0-padding 처리된 부호 포함 12자리 숫자",
            "unit share; signed; pad 12",
        ),
        (
            "단위: 1주, 좌측 0-padding 처리된 12자리 숫자",
            "unit share; pad 12",
        ),
        ("단위: 천만", "unit ten-million-won"),
        ("단위: 천USD", "unit thousand-usd"),
        (
            "단위: 1000주(천주), 부호가 포함된 숫자",
            "unit thousand-share; signed",
        ),
        ("단위: 10000주(만주)", "unit ten-thousand-share"),
        (
            "단위: 억원 혹은 1000주",
            "units hundred-million-won,thousand-share",
        ),
        (
            "단위: 백만원, 1주, 부호가 포함된 숫자",
            "units million-won,share; signed",
        ),
        (
            "단위: 1주 혹은 백만원(amt_qty_tp파라미터로 설정)",
            "units share,million-won; unit-by amt_qty_tp",
        ),
        (
            "금액 단위: 백만원, 수량 단위: 1000주 혹은 1주(unit_tp값으로 설정)",
            "units million-won,thousand-share,share; unit-by unit_tp",
        ),
        (
            "융자단위: 백만원, 대주단위: 백만주",
            "units million-won,million-share",
        ),
        ("단위: 1주, '0' 입력시 전부", "unit share"),
        (
            "0 백만원 이상, 거래대금구분 1일때만 입력(공백허용)",
            "unit million-won; conditional",
        ),
        ("100000000 주 이하", "unit share; max 100000000"),
        ("원화 값", "unit won"),
        ("%가 포함된 백분율 값", "unit percent"),
        ("계약,주", "units contract,share"),
        ("n일, 최대 300일", "unit day; max 300"),
        ("n%, 최대 100%", "unit percent; max 100"),
        ("0~100 입력", "max 100"),
        ("1일 ~ 99일 날짜입력", "unit day; max 99"),
        ("최대 999999.99", ""),
        ("소수점 이하2자리 포함", "decimals 2"),
        ("부호 미포함", ""),
        ("+는 매수체결,-는 매도체결", "signed"),
    ]);
}

#[test]
fn dates_codes_and_other_formats() {
    check(&[
        ("YYYYMMDD", "formats YYYYMMDD"),
        ("YYYYMMDD(융자일경우필수)", "formats YYYYMMDD; conditional"),
        ("YYYMMDD", "formats YYYYMMDD"),
        ("YYYYMMDDHHmmss", "formats YYYYMMDDHHmmss"),
        ("HHmmss", "formats HHmmss"),
        ("YYYYMM", "formats YYYYMM"),
        ("YYYY", "formats YYYY"),
        ("YYYY-MM-DD HH:mm:ss", "formats YYYY-MM-DD HH:mm:ss"),
        ("yyyymmdd", "formats YYYYMMDD"),
        (
            "조회시간 4자리, 오전 9시일 경우 0900",
            "width 4; formats HHmm",
        ),
        ("7자리 주문번호", "width 7"),
        ("종목코드 6자리", "width 6"),
        ("(연도4자리, 월 2자리)", ""),
        ("원 주문이 없는 경우 '0000000'으로 출력", "absent 0000000"),
        (
            "[{'stex_tp':'거래소구분','stk_cd':'종목코드'},...]",
            "keys stex_tp,stk_cd",
        ),
    ]);
}

#[test]
fn notes() {
    check(&[
        ("CNSRREQ 고정값", "fixed CNSRREQ"),
        ("CNSRLST고정값", "fixed CNSRLST"),
        ("REAL", "fixed REAL"),
        ("5:KRX금현물, 5값으로 고정", "fixed 5; codes 5=KRX금현물"),
        ("2:순매수(고정값)", "fixed 2; codes 2=순매수"),
        ("1:급등(기본값),2:급락", "codes 1=급등 | 2=급락; default 1"),
        ("1:전일 5:5일,기본값:1", "codes 1=전일 | 5=5일; default 1"),
        (
            "0:기존유지안함 1:기존유지(Default)\n 0일경우 해지",
            "codes 0=기존유지안함 | 1=기존유지; default 1; conditional",
        ),
        ("미입력시 전체", "blank 전체"),
        (
            "미입력시 전체, ND:NASDAQ,NY:NYSE",
            "codes ND=NASDAQ | NY=NYSE; blank 전체",
        ),
        ("전체 조회는 빈값('')으로 설정", "blank 전체"),
        (
            "1:최근거래순, 2:과거거래순(미입력시 과거거래순)",
            "codes 1=최근거래순 | 2=과거거래순; blank 과거거래순",
        ),
        ("공백입력시 금일데이터", "blank 금일데이터"),
        (
            "순위 변동 없음(rank_chg=0)인 경우 빈값('') 출력",
            "blank 순위 변동 없음",
        ),
        ("여러개의 종목코드 입력시 | 로 구분", "joined |"),
        ("회원사 코드는 ka10102 조회", "see ka10102"),
        (
            "000:전체, usa10101 API 참고, stk_tp(종목구분) 1일 경우",
            "codes 000=전체; conditional; see usa10101",
        ),
        ("7자리 TR코드, ex) ka00001", "width 7"),
        ("250:250일, 250일까지 입력가능", "codes 250=250일; max 250"),
    ]);
}

#[test]
fn bare_lists() {
    check(&[
        ("KRX,NXT,SOR", "values KRX,NXT,SOR"),
        ("KRX , NXT , 통합", "values KRX,NXT,통합"),
        ("Y, N", "values Y,N"),
        ("0 or 1", "values 0,1"),
        ("0 or 1 / 수정주가", "values 0,1"),
        ("정적/동적/동적+정적", "values 정적,동적,동적+정적"),
        (
            "접수, 체결, 확인, 취소, 거부",
            "values 접수,체결,확인,취소,거부",
        ),
        (
            "\"+/-\", 매도, 매수, 매도정정",
            "signed; values 매도,매수,매도정정",
        ),
        (
            "보통, 시장가(IOC), 중간가(FOK)",
            "values 보통,시장가(IOC),중간가(FOK)",
        ),
        ("5일, 10일, 20일", "unit day; values 5,10,20"),
        (
            "%:(전체), KRX, NXT, SOR",
            "codes %=전체; values KRX,NXT,SOR",
        ),
        ("거래소별 종목코드, 업종코드", ""),
        ("매수/매도", ""),
    ]);
}

#[test]
fn every_delimiter_style() {
    check(&[
        ("1:금액, 2:수량", "codes 1=금액 | 2=수량"),
        (
            "0:전체,1:5미만,10:500이상",
            "codes 0=전체 | 1=5미만 | 10=500이상",
        ),
        (
            "1: 상한가, 2:상승, 3:보합",
            "codes 1=상한가 | 2=상승 | 3=보합",
        ),
        ("0 : 통합, 1 : KRX, 2 : NXT", "codes 0=통합 | 1=KRX | 2=NXT"),
        (
            "NA :AMEX, ND :NASDAQ, NY:NYSE",
            "codes NA=AMEX | ND=NASDAQ | NY=NYSE",
        ),
        ("REG : 등록 , REMOVE : 해지", "codes REG=등록 | REMOVE=해지"),
        ("S:성공 F:실패", "codes S=성공 | F=실패"),
        (
            "004:소형주 101:종합(KOSDAQ)",
            "codes 004=소형주 | 101=종합(KOSDAQ)",
        ),
        (
            "0:당일, 10;10일, 20:20일",
            "codes 0=당일 | 10=10일 | 20=20일",
        ),
        ("1;천주이상, 3:3천주", "codes 1=천주이상 | 3=3천주"),
        (
            "00:지정가 03시장가 26:VWAP지정가",
            "codes 00=지정가 | 03=시장가 | 26=VWAP지정가",
        ),
        (
            "05:0.5 10:1.0, 20:2.0. 25:2.5",
            "codes 05=0.5 | 10=1.0 | 20=2.0 | 25=2.5",
        ),
        ("0 : 코스피,\n10 : 코스닥", "codes 0=코스피 | 10=코스닥"),
        ("0 : 코스피,\r\n10 : 코스닥", "codes 0=코스피 | 10=코스닥"),
        ("0:보통 , 3:시장가", "codes 0=보통 | 3=시장가"),
        (
            "M04020000 금 99.99_1kg, M04020100 미니금 99.99_100g",
            "codes M04020000=금 99.99_1kg | M04020100=미니금 99.99_100g",
        ),
        (
            "M04020000: 금 99.99_1kg, M04020100: 미니금",
            "codes M04020000=금 99.99_1kg | M04020100=미니금",
        ),
        ("USD 0:전체,1:5미만", "unit usd; codes 0=전체 | 1=5미만"),
        (
            "원화대용약정등록상태 1:신청,2:해지 또는 미신청",
            "codes 1=신청 | 2=해지 또는 미신청",
        ),
        ("119:120일\n\n※ 빈값 설정", "codes 119=120일"),
        (
            "302:KOSTAR, 701: KRX100 나머지 ※ 업종코드 참고",
            "codes 302=KOSTAR | 701=KRX100",
        ),
        (
            "4:관리종목,우선주제외, 5:증100제외",
            "codes 4=관리종목,우선주제외 | 5=증100제외",
        ),
        (
            "0:기간으로 조회, 1:시작일자, 종료일자로 조회",
            "codes 0=기간으로 조회 | 1=시작일자, 종료일자로 조회",
        ),
        (
            "C:현금상환(융자,담보상환),F:환전",
            "codes C=현금상환(융자,담보상환) | F=환전",
        ),
        (
            "1:매수/매도비율, 2:매도/매수비율",
            "codes 1=매수/매도비율 | 2=매도/매수비율",
        ),
        ("0:매수/매도 1:매도/매수", "codes 0=매수/매도 | 1=매도/매수"),
        (
            "4:10~20,5: 20~50,6:50이상",
            "codes 4=10~20 | 5=20~50 | 6=50이상",
        ),
        (
            "1:NAV > 전일종가, 2:NAV < 전일종가",
            "codes 1=NAV > 전일종가 | 2=NAV < 전일종가",
        ),
        ("NQ:나스닥,NS:S&P500", "codes NQ=나스닥 | NS=S&P500"),
        (
            "1:원화(KRW)->달러(USD), 2:달러(USD)->원화(KRW)",
            "codes 1=원화(KRW)->달러(USD) | 2=달러(USD)->원화(KRW)",
        ),
        (
            "0:전체, 3:, 5:, 10:10000주",
            "codes 0=전체 | 3= | 5= | 10=10000주",
        ),
        (
            "3:3%이상,10:10%이상,10:10%이상",
            "codes 3=3%이상 | 10=10%이상",
        ),
        (
            "4:년,분단위(5:10분,6:30분)-미국 만 존재",
            "codes 4=년 | 5=10분 | 6=30분",
        ),
        (
            "0: 해당없음, 1: ETF투자주의요망(ETF인 경우만 전달",
            "codes 0=해당없음 | 1=ETF투자주의요망",
        ),
        (
            "%:전체,0:일반,1:반대매매",
            "codes %=전체 | 0=일반 | 1=반대매매",
        ),
        (
            "+: 상승, -:하락, '': 보합",
            "codes +=상승 | -=하락; blank 보합",
        ),
        (
            "+:상승, -:하락, 0:순위변동없음 , N:신규진입",
            "codes +=상승 | -=하락 | 0=순위변동없음 | N=신규진입",
        ),
        ("0.5:0.5%, 1.0:1.0%", "codes 0.5=0.5% | 1.0=1.0%"),
        (
            "0000:장시작전(0주이상), 00100:10만주이상",
            "codes 0000=장시작전(0주이상) | 00100=10만주이상",
        ),
        ("K:KRX", "codes K=KRX"),
        ("0: 순위 변동 없음", "codes 0=순위 변동 없음"),
        ("Y: 가능", "codes Y=가능"),
        ("1: 금액&수량", "codes 1=금액&수량"),
        ("0:일반,1:60%감면", "codes 0=일반 | 1=60%감면"),
        ("%:(전체),KRX:한국거래소", "codes %=전체 | KRX=한국거래소"),
        ("0:전체,1:NY(NYSE)", "codes 0=전체 | 1=NY(NYSE)"),
        ("갭비율 값(3:3%이상,5:5%이상)", "codes 3=3%이상 | 5=5%이상"),
        ("1:매수; 2:매도", "codes 1=매수 | 2=매도"),
        ("1=매수, 2=매도", "codes 1=매수 | 2=매도"),
        ("1:매수2:매도", "codes 1=매수 | 2=매도"),
        ("001:코스피，101:코스닥", "codes 001=코스피 | 101=코스닥"),
    ]);
}

#[test]
fn reversed_lists_are_turned_round() {
    check(&[
        ("코스피:0, 코스닥:1", "codes 0=코스피 | 1=코스닥"),
        ("당일 : 1, 전일 : 2", "codes 1=당일 | 2=전일"),
        (
            "전체:000000000000, 한국투자증권:3, KB증권:17",
            "codes 000000000000=전체 | 3=한국투자증권 | 17=KB증권",
        ),
        (
            "KOSPI200:201, 삼성전자:005930, KT:030200..",
            "codes 201=KOSPI200 | 005930=삼성전자 | 030200=KT",
        ),
        (
            "전체:000000000000, KT:030200,,",
            "codes 000000000000=전체 | 030200=KT",
        ),
        (
            "순위상승: +, 순위하락: -, 순위변동없음: '",
            "codes +=순위상승 | -=순위하락 | '=순위변동없음",
        ),
        (
            "12자리입력(전체:000000000000, 한국투자증권:000,,,3, KB증권:000,,,17)",
            "width 12; codes 000000000000=전체 | 000000000003=한국투자증권 | 000000000017=KB증권",
        ),
        (
            "3자리, 화면참조 (교보:001, 신한금융투자:002, ,,,)",
            "width 3; codes 001=교보 | 002=신한금융투자",
        ),
        (
            "코스피- 거래소구분값 1일경우:P00101, 2일경우:P001_NX01\n코스닥- 거래소구분값 1일경우:P10102",
            "codes P00101=코스피 1 | P001_NX01=코스피 2 | P10102=코스닥 1; conditional",
        ),
        ("KOSPI:0, KOSDAQ:1", "codes 0=KOSPI | 1=KOSDAQ"),
    ]);
}

#[test]
fn trap_17_separators() {
    check(&[
        ("1:KRX, 2:NXT 3.통합", "codes 1=KRX | 2=NXT | 3=통합"),
        ("10;10일, 20:20일", "codes 10=10일 | 20=20일"),
        (
            "00:지정가 03시장가 26:VWAP지정가 27:TWAP지정가 30:LOC",
            "codes 00=지정가 | 03=시장가 | 26=VWAP지정가 | 27=TWAP지정가 | 30=LOC",
        ),
        ("코스피:0, 코스닥:1", "codes 0=코스피 | 1=코스닥"),
    ]);
}

#[test]
fn trap_18_pseudo_codes() {
    check(&[
        ("HH:mm:ss", "formats HH:mm:ss"),
        ("HH:mm", "formats HH:mm"),
        ("단위: 원, 부호가 포함된 숫자", "unit won; signed"),
        (
            "(KRX:039490,NXT:039490_NX,SOR:039490_AL)",
            "symbol venue-suffix",
        ),
        (
            "접두어 1자리 + 종목코드 6자리, 접두어(A: 주식 / J: ELW / Q: ETN)",
            "symbol type-prefix",
        ),
        (
            "최대30 or  tm_tp :3 입력 시, 기간(1:1일전,2:5일전)",
            "codes 1=1일전 | 2=5일전; max 30; conditional",
        ),
        (
            "stk_tp(종목구분): 0일경우, 0:전체,1:다우30",
            "codes 0=전체 | 1=다우30; conditional",
        ),
        (
            "0:전체 1,3,5,5000(USD, 1만단위) 이상 (ex. 50: USD 50만 이상)",
            "threshold 1,3,5,5000 x10000 usd all 0=전체",
        ),
        (
            "0:전체, 10,15,500(1만단위) 이상 (ex. 50: 50만 이상)",
            "threshold 10,15,500 x10000 all 0=전체",
        ),
        (
            "0 : 장시작전 알림(8:40~),\n3 : 장시작(09:00),\n8 : 정규장마감(거래소 수신시 15:30 이후)",
            "codes 0=장시작전 알림(8:40~) | 3=장시작(09:00) | 8=정규장마감",
        ),
        (
            "Map구조 ex) item: [{\"jmcode\":\"NVDA\", \"stex_tp\":\"ND\"}]",
            "keys jmcode,stex_tp",
        ),
        ("기존:세금합", ""),
        (
            "MGD: 원/g, MGU: $/온스,소수점2자리",
            "units won-per-gram,usd-per-ounce; decimals 2; values MGD,MGU",
        ),
        ("정상:0 나머지:에러", ""),
        ("정상 : 0", ""),
        ("\"1:매도", ""),
        ("0:평균, YYYY:년도", "formats YYYY; codes 0=평균"),
    ]);
}

#[test]
fn trap_12_scaled_values() {
    check(&[
        ("소수점 제거 된 100배 값으로 제공", "scale 2"),
        (
            "소수점 제거 된 100배 값으로 제공\n\n예) \"6197\"값은 61.87",
            "scale 2",
        ),
        (
            "소수점 제거한 값으로 제공\n\n예) \"590470\"값은 0.590470",
            "scale 6",
        ),
        (
            "소수점 제거한 값으로 제공\n \n예) \"-1057402\"값은 -1.057402",
            "scale 6",
        ),
        (
            "소수점 제거한 값으로 제공",
            "unparsed decimal point removed, but by how many places is not said",
        ),
        ("예) \"2658\"는 26.58%", "unit percent; scale 2"),
        (
            "단위: 원, 좌측 0-padding 처리된 부호 포함 9자리 숫자 \n※ '000001500' 값은 +1.50%",
            "unit percent; signed; pad 9; scale 3",
        ),
        ("우측 2자리 소수점자리수", "scale 2"),
        (
            "단위: 지수\n\n※ 지수 값은 소수점 제거 된 100배 값",
            "unit point; scale 2",
        ),
    ]);
}

#[test]
fn trap_16_opposite_codes() {
    check(&[
        (
            "0:전체,1:NYSE,2:NASDAQ,3:AMEX",
            "codes 0=전체 | 1=NYSE | 2=NASDAQ | 3=AMEX",
        ),
        (
            "0:전체,1:NYSE,2:AMEX,3:NASDAQ",
            "codes 0=전체 | 1=NYSE | 2=AMEX | 3=NASDAQ",
        ),
        ("0 : 통합, 1 : KRX, 2 : NXT", "codes 0=통합 | 1=KRX | 2=NXT"),
        ("1:KRX, 2:NXT, 3:통합", "codes 1=KRX | 2=NXT | 3=통합"),
        (
            "0:관리종목 포함, 1:관리종목 미포함",
            "codes 0=관리종목 포함 | 1=관리종목 미포함",
        ),
        (
            "0:관리종목 미포함, 1:관리종목 포함",
            "codes 0=관리종목 미포함 | 1=관리종목 포함",
        ),
        ("1:순매수, 2:순매도", "codes 1=순매수 | 2=순매도"),
        ("순매도:1, 순매수:2", "codes 1=순매도 | 2=순매수"),
        (
            "%:전체, 1:코스피, 0:코스닥",
            "codes %=전체 | 1=코스피 | 0=코스닥",
        ),
    ]);
}

#[test]
fn what_looks_like_a_list_and_is_not_read_is_reported() {
    check(&[
        (
            "buy:매수, sell:매도",
            "unparsed 2 colons, but no list of codes was recognised",
        ),
        (
            "1:매수, 1:매도",
            "codes 1=매수; unparsed code \"1\" has two labels",
        ),
        ("현재시간 09:30:00 기준", "codes 09= | 30=00 기준"),
        ("비율 1:2 로 분할", ""),
        (
            "소수점 제거",
            "unparsed decimal point removed, but by how many places is not said",
        ),
    ]);
}
