//! Units, formats, notes and bare lists: the grammar against the broker's own short phrases.
//!
//! Each row is a phrase and everything that is read out of it, in one line.

use kiwoom_spec::describe::describe;

#[track_caller]
fn check(rows: &[(&str, &str)]) {
    for (text, want) in rows {
        assert_eq!(describe(text).to_string(), *want, "{text:?}");
    }
}

#[test]
fn numbers_and_units() {
    check(&[
        ("단위: 원", "unit won"),
        ("단위 : 원", "unit won"),
        ("단위: 원, 부호가 포함된 숫자", "unit won; signed"),
        ("단위: %, 부호 포함 소수점 둘째 자리까지 포맷된 백분율", "unit percent; signed; decimals 2"),
        ("단위: %, 소수점 일곱번째 자리까지 포맷된 백분율", "unit percent; decimals 7"),
        ("단위: 지수", "unit point"),
        ("단위: 1주, 좌측 0-padding 처리된 부호 포함 12자리 숫자", "unit share; signed; pad 12"),
        ("단위: 1주, 좌측 0-padding 처리된 12자리 숫자", "unit share; pad 12"),
        ("단위: 천만", "unit ten-million-won"),
        ("단위: 천USD", "unit thousand-usd"),
        ("단위: 1000주(천주), 부호가 포함된 숫자", "unit thousand-share; signed"),
        ("단위: 10000주(만주)", "unit ten-thousand-share"),
        ("단위: 억원 혹은 1000주", "units hundred-million-won,thousand-share"),
        ("단위: 백만원, 1주, 부호가 포함된 숫자", "units million-won,share; signed"),
        ("단위: 1주 혹은 백만원(amt_qty_tp파라미터로 설정)", "units share,million-won; unit-by amt_qty_tp"),
        (
            "금액 단위: 백만원, 수량 단위: 1000주 혹은 1주(unit_tp값으로 설정)",
            "units million-won,thousand-share,share; unit-by unit_tp",
        ),
        ("융자단위: 백만원, 대주단위: 백만주", "units million-won,million-share"),
        ("단위: 1주, '0' 입력시 전부", "unit share"),
        ("0 백만원 이상, 거래대금구분 1일때만 입력(공백허용)", "unit million-won; conditional"),
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
        ("조회시간 4자리, 오전 9시일 경우 0900", "width 4; formats HHmm"),
        ("7자리 주문번호", "width 7"),
        ("종목코드 6자리", "width 6"),
        ("(연도4자리, 월 2자리)", ""),
        ("원 주문이 없는 경우 '0000000'으로 출력", "absent 0000000"),
        ("[{'stex_tp':'거래소구분','stk_cd':'종목코드'},...]", "keys stex_tp,stk_cd"),
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
        ("미입력시 전체, ND:NASDAQ,NY:NYSE", "codes ND=NASDAQ | NY=NYSE; blank 전체"),
        ("전체 조회는 빈값('')으로 설정", "blank 전체"),
        ("1:최근거래순, 2:과거거래순(미입력시 과거거래순)", "codes 1=최근거래순 | 2=과거거래순; blank 과거거래순"),
        ("공백입력시 금일데이터", "blank 금일데이터"),
        ("순위 변동 없음(rank_chg=0)인 경우 빈값('') 출력", "blank 순위 변동 없음"),
        ("여러개의 종목코드 입력시 | 로 구분", "joined |"),
        ("회원사 코드는 ka10102 조회", "see ka10102"),
        ("000:전체, usa10101 API 참고, stk_tp(종목구분) 1일 경우", "codes 000=전체; conditional; see usa10101"),
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
        ("접수, 체결, 확인, 취소, 거부", "values 접수,체결,확인,취소,거부"),
        ("\"+/-\", 매도, 매수, 매도정정", "signed; values 매도,매수,매도정정"),
        ("보통, 시장가(IOC), 중간가(FOK)", "values 보통,시장가(IOC),중간가(FOK)"),
        ("5일, 10일, 20일", "unit day; values 5,10,20"),
        ("%:(전체), KRX, NXT, SOR", "codes %=전체; values KRX,NXT,SOR"),
        ("거래소별 종목코드, 업종코드", ""),
        ("매수/매도", ""),
    ]);
}

#[test]
fn what_looks_like_a_list_and_is_not_read_is_reported() {
    check(&[
        ("buy:매수, sell:매도", "unparsed 2 colons, but no list of codes was recognised"),
        ("1:매수, 1:매도", "codes 1=매수; unparsed code \"1\" has two labels"),
        ("현재시간 09:30:00 기준", "codes 09= | 30=00 기준"),
        ("비율 1:2 로 분할", ""),
        ("소수점 제거", "unparsed decimal point removed, but by how many places is not said"),
    ]);
}
