//! APIs that answer over HTTP.

use super::{Host, Sample};

pub const TOKEN: Sample = Sample {
    id: "au10001",
    name: "접근토큰 발급",
    menu: ["OAuth 인증", "접근토큰발급"],
    host: Host::Rest,
    path: "/oauth2/token",
    overview: "",
    request: &[
        "grant_type | grant_type | String | Y | | client_credentials 고정값",
        "appkey | 앱키 | String | Y",
        "secretkey | 시크릿키 | String | Y",
    ],
    response: &[
        "expires_dt | 만료일 | String | Y",
        "token_type | 토큰타입 | String | Y",
        "token | 접근토큰 | String | Y",
    ],
    examples: [
        r#"{
    "grant_type": "client_credentials",
    "appkey": "sample-app-key",
    "secretkey": "sample-secret-key"
}"#,
        r#"{
    "expires_dt": "20260103083000",
    "token_type": "bearer",
    "token": "sample-token",
    "return_code": 0,
    "return_msg": "ok"
}"#,
    ],
};

pub const VOLUME_RENEWAL: Sample = Sample {
    id: "ka10024",
    name: "거래량갱신요청",
    menu: ["국내주식", "종목정보"],
    host: Host::Rest,
    path: "/api/dostk/stkinfo",
    overview: "견본",
    request: &[
        "mrkt_tp | 시장구분 | String | Y | 3 | 000:전체, 001:코스피, 101:코스닥",
        "cycle_tp | 주기구분 | String | Y | 1 | 5:5일, 10:10일, 20:20일, 60:60일, 250:250일",
        "trde_qty_tp | 거래량구분 | String | Y | 1 | 5:5천주이상, 10:만주이상, 50:5만주이상, 100:10만주이상, 200:20만주이상, 300:30만주이상, 500:50만주이상, 1000:백만주이상",
        "stex_tp | 거래소구분 | String | Y | 1 | 1:KRX, 2:NXT 3.통합",
    ],
    response: &[
        "trde_qty_updt | 거래량갱신 | LIST | N",
        "- stk_cd | 종목코드 | String | N | 20",
        "- stk_nm | 종목명 | String | N | 40",
        "- cur_prc | 현재가 | String | N | 20 | 단위: 원, 부호 포함",
        "- pred_pre_sig | 전일대비기호 | String | N | 20 | 1: 상한가, 2:상승, 3:보합, 4:하한가, 5:하락",
        "- pred_pre | 전일대비 | String | N | 20 | 단위: 원, 부호 포함",
        "- flu_rt | 등락률 | String | N | 20 | 단위: %, 부호 포함 소수점 둘째 자리까지",
        "- prev_trde_qty | 이전거래량 | String | N | 20 | 단위: 1주",
        "- now_trde_qty | 현재거래량 | String | N | 20 | 단위: 1주",
        "- sel_bid | 매도호가 | String | N | 20 | 단위: 원, 부호 포함",
        "- buy_bid | 매수호가 | String | N | 20 | 단위: 원, 부호 포함",
    ],
    examples: [
        r#"{
    "mrkt_tp": "000",
    "cycle_tp": "20",
    "trde_qty_tp": "10",
    "stex_tp": "3"
}"#,
        r#"{
    "trde_qty_updt": [
        {
            "stk_cd": "000001",
            "stk_nm": "견본 하나",
            "cur_prc": "+12300",
            "pred_pre_sig": "2",
            "pred_pre": "+300",
            "flu_rt": "+2.50",
            "prev_trde_qty": "1000",
            "now_trde_qty": "2500",
            "sel_bid": "0",
            "buy_bid": "+12300"
        },
        {
            "stk_cd": "000002",
            "stk_nm": "견본 둘",
            "cur_prc": "-970",
            "pred_pre_sig": "5",
            "pred_pre": "-30",
            "flu_rt": "-3.00",
            "prev_trde_qty": "400",
            "now_trde_qty": "900",
            "sel_bid": "-971",
            "buy_bid": "-970"
        }
    ],
    "return_code": 0,
    "return_msg": "ok"
}"#,
    ],
};

/// Its example is the one of another API, as in the broker's document.
pub const PROGRAM_NET_BUYING: Sample = Sample {
    id: "ka90003",
    name: "프로그램순매수상위50요청",
    menu: ["국내주식", "종목정보"],
    host: Host::Rest,
    path: "/api/dostk/stkinfo",
    overview: "견본",
    request: &[
        "trde_upper_tp | 매매상위구분 | String | Y | 1 | 1:순매도상위, 2:순매수상위",
        "amt_qty_tp | 금액수량구분 | String | Y | 2 | 1:금액, 2:수량",
        "mrkt_tp | 시장구분 | String | Y | 10 | P00101:코스피, P10102:코스닥",
        "stex_tp | 거래소구분 | String | Y | 1 | 1:KRX, 2:NXT 3.통합",
    ],
    response: &[
        "prm_netprps_upper_50 | 프로그램순매수상위50 | LIST | N",
        "- rank | 순위 | String | N | 20",
        "- stk_cd | 종목코드 | String | N | 20",
        "- stk_nm | 종목명 | String | N | 40",
        "- cur_prc | 현재가 | String | N | 20 | 단위: 원, 부호 포함",
        "- flu_sig | 등락기호 | String | N | 20 | 1: 상한가, 2:상승, 3:보합, 4:하한가, 5:하락",
        "- pred_pre | 전일대비 | String | N | 20 | 단위: 원, 부호 포함",
        "- flu_rt | 등락율 | String | N | 20 | 단위: %, 부호 포함 소수점 둘째 자리까지",
        "- acc_trde_qty | 누적거래량 | String | N | 20 | 단위: 1주",
        "- prm_sell_amt | 프로그램매도금액 | String | N | 20 | 단위: 백만원",
        "- prm_buy_amt | 프로그램매수금액 | String | N | 20 | 단위: 백만원",
        "- prm_netprps_amt | 프로그램순매수금액 | String | N | 20 | 단위: 백만원",
    ],
    examples: [
        r#"{
    "trde_upper_tp": "2",
    "amt_qty_tp": "1",
    "mrkt_tp": "P00101",
    "stex_tp": "1"
}"#,
        r#"{
    "prm_trde_trnsn": [
        {
            "cntr_tm": "101500",
            "dfrt_trde_sel": "10",
            "dfrt_trde_buy": "20",
            "dfrt_trde_netprps": "10",
            "ndiffpro_trde_sel": "50",
            "ndiffpro_trde_buy": "30",
            "ndiffpro_trde_netprps": "-20",
            "dfrt_trde_sell_qty": "1",
            "dfrt_trde_buy_qty": "2",
            "dfrt_trde_netprps_qty": "1",
            "ndiffpro_trde_sell_qty": "5",
            "ndiffpro_trde_buy_qty": "3",
            "ndiffpro_trde_netprps_qty": "-2",
            "all_sel": "60",
            "all_buy": "50",
            "all_netprps": "-10",
            "kospi200": "+300",
            "basis": "-0.20"
        }
    ],
    "return_code": 0,
    "return_msg": "ok"
}"#,
    ],
};

/// Its response example has a comma too many.
pub const DAILY_CHART: Sample = Sample {
    id: "ka10081",
    name: "주식일봉차트조회요청",
    menu: ["국내주식", "차트"],
    host: Host::Rest,
    path: "/api/dostk/chart",
    overview: "견본",
    request: &[
        "stk_cd | 종목코드 | String | Y | 20 | KRX:000001,NXT:000001_NX,SOR:000001_AL",
        "base_dt | 기준일자 | String | Y | 8 | YYYYMMDD",
        "upd_stkpc_tp | 수정주가구분 | String | Y | 1 | 0 or 1",
    ],
    response: &[
        "stk_cd | 종목코드 | String | N | 6",
        "stk_dt_pole_chart_qry | 주식일봉차트조회 | LIST | N",
        "- cur_prc | 현재가 | String | N | 20 | 단위: 원",
        "- trde_qty | 거래량 | String | N | 20 | 단위: 1주",
        "- trde_prica | 거래대금 | String | N | 20 | 단위: 백만원",
        "- dt | 일자 | String | N | 20 | YYYYMMDD",
        "- open_pric | 시가 | String | N | 20 | 단위: 원",
        "- high_pric | 고가 | String | N | 20 | 단위: 원",
        "- low_pric | 저가 | String | N | 20 | 단위: 원",
        "- pred_pre | 전일대비 | String | N | 20",
        "- pred_pre_sig | 전일대비기호 | String | N | 20 | 1: 상한가, 2:상승, 3:보합, 4:하한가, 5:하락",
        "- trde_tern_rt | 거래회전율 | String | N | 20 | 단위: %, 부호 포함 소수점 둘째 자리까지",
    ],
    examples: [
        r#"{
    "stk_cd": "000001",
    "base_dt": "20260105",
    "upd_stkpc_tp": "1"
}"#,
        r#"{
    "stk_cd": "000001",
    "stk_dt_pole_chart_qry": [
        {
            "cur_prc": "12300",
            "trde_qty": "2500",
            "trde_prica": "30",
            "dt": "20260105",
            "open_pric": "12000",
            "high_pric": "12400",
            "low_pric": "11900",
            "pred_pre": "+300",
            "pred_pre_sig": "2",
            "trde_tern_rt": "+0.25"
        },
    ],
    "return_code": 0,
    "return_msg": "ok"
}"#,
    ],
};

/// Its response example lacks a comma.
pub const BUY_ORDER: Sample = Sample {
    id: "kt10000",
    name: "주식 매수주문",
    menu: ["국내주식", "주문"],
    host: Host::Rest,
    path: "/api/dostk/ordr",
    overview: "견본",
    request: &[
        "dmst_stex_tp | 국내거래소구분 | String | Y | 3 | KRX,NXT,SOR",
        "stk_cd | 종목코드 | String | Y | 12",
        "ord_qty | 주문수량 | String | Y | 12 | 단위: 1주",
        "ord_uv | 주문단가 | String | N | 12 | 단위: 원",
        "trde_tp | 매매구분 | String | Y | 2 | 0:보통 , 3:시장가 , 5:조건부지정가 , 81:장마감후시간외 , 61:장시작전시간외, 62:시간외단일가 , 6:최유리지정가 , 7:최우선지정가 , 10:보통(IOC) , 13:시장가(IOC) , 16:최유리(IOC) , 20:보통(FOK) , 23:시장가(FOK) , 26:최유리(FOK) , 28:스톱지정가,29:중간가,30:중간가(IOC),31:중간가(FOK)",
        "cond_uv | 조건단가 | String | N | 12 | 단위: 원",
    ],
    response: &[
        "ord_no | 주문번호 | String | N | 7 | 7자리",
        "dmst_stex_tp | 국내거래소구분 | String | N | 6 | KRX, NXT, SOR",
    ],
    examples: [
        r#"{
    "dmst_stex_tp": "KRX",
    "stk_cd": "000001",
    "ord_qty": "1",
    "ord_uv": "",
    "trde_tp": "3",
    "cond_uv": ""
}"#,
        r#"{
    "ord_no": "0000012"
    "return_code": 0,
    "return_msg": "ok"
}"#,
    ],
};
