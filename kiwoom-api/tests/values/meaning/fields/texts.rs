//! Dates, times, stock codes, identifiers, codes and text.

use jiff::civil::{date, time};
use kiwoom_api::codes::*;
use kiwoom_api::value::{AccountNo, Code, GoldCode, IndexCode, OrderNo, TimeMark, UsTicker};

use super::stock;

said! {
    // Dates and times.
    (ka10081.stk_dt_pole_chart_qry[].dt = "20250908" => Some(date(2025, 9, 8)), "ka10081!G35 A45")
    (ka10085.acnt_prft_rt[].loan_dt = "00000000" => None, "ka10085!G40 A49")
    (ka10048.elwdaly_snst_ix[].dt = "000000" => None, "ka10048!G29 A40")
    (ka10079.stk_tic_chart_qry[].cntr_tm = "20250917131939" => Some(date(2025, 9, 17).at(13, 19, 39, 0)), "ka10079!G35 A44")
    (ka50082.gds_week_chart_qry[].dt = "20250825000000" => Some(date(2025, 8, 25).at(0, 0, 0, 0)), "ka50082!G37 A41")
    (usa21730.result_list[].frst_base_dt = "2026-06-28" => Some(date(2026, 6, 28)), "usa21730!G34 A54")
    (usa21731.result_list[].frst_base_dt = "2026-06-03 00:00:00.0" => Some(date(2026, 6, 3)), "usa21731!G34 A54")
    (ka10004.bid_req_base_tm = "162000" => Some(time(16, 20, 0, 0)), "ka10004!G28 A100")
    (kt00007.acnt_ord_cntr_prps_dtl[].ord_tm = "13:05:43" => Some(time(13, 5, 43, 0)), "kt00007!G44 A60")
    (rt0_b::Push "20" .time = "165208" => Some(time(16, 52, 8, 0)), "0B!G41 A87")
    (rt0_j::Push "20" .time = "110430" => Some(TimeMark::Time(time(11, 4, 30, 0))), "0J!G41 A56")
    (rt0s::Push "20" .time = "888888" => Some(TimeMark::Close), "0s!G42")
    (usa20920.result_list[].cntr_tm = "09:30" => Some(TimeMark::Time(time(9, 30, 0, 0))), "usa20920!G49 A54")
    (usa23100.result_list[].cntr_tm = "27:44" => Some(TimeMark::Late { hour: 27, minute: 44, second: 0 }), "usa23100!G45 A49")
    (usa20150.result_list[].cntr_tm = "273500" => Some(TimeMark::Late { hour: 27, minute: 35, second: 0 }), "usa20150!G34 A39")

    // Stock codes join: the prefix is taken off, the venue stays readable.
    (ka10024.trde_qty_updt[].stk_cd = "005930" => Some(stock("005930")), "ka10024!G32 A45")
    (kt00018.acnt_evlt_remn_indv_tot[].stk_cd = "A005930" => Some(stock("005930")), "kt00018!G38 A64")
    (kt00007.acnt_ord_cntr_prps_dtl[].stk_cd = "A069500" => Some(stock("069500")), "kt00007!G36 A60")
    (ka10072.dt_stk_div_rlzt_pl[].stk_cd = "A005930" => Some(stock("005930")), "ka10072!G36 A47")
    (ka10077.tdy_rlzt_pl_dtl[].stk_cd = "A005930" => Some(stock("005930")), "ka10077!G38 A42")
    (kt20016.crd_loan_pos_stk[].stk_cd = "A039490" => Some(stock("039490")), "kt20016!G32 A42")
    (ka10172::Reply "data.9001" .data[0].symbol = "A005930" => Some(stock("005930")), "ka10172!G40 A53")
    (ka10173::Reply "data.jmcode" .data[0].jmcode = "A005930" => Some(stock("005930")), "ka10173!G37 A52")
    (ka10173::Push "9001" .symbol = "005930" => Some(stock("005930")), "ka10173!G45 A52")
    (ka10039.sec_trde_upper[].stk_cd = "219550_AL" => Some(stock("219550_AL")), "ka10039!G34 A48")
    (ka10011.newstk_recvrht_mrpr[].stk_cd = "J0036221D" => Some(stock("J0036221D")), "ka10011!G29 A44")
    (ka30002.trde_ori_elwnettrde_upper[].stk_cd = "57JBHH" => Some(stock("57JBHH")), "ka30002!G33 A44")
    (ka20003.all_inds_idex[].stk_cd = "001" => Some(IndexCode::from("001")), "ka20003!G29 A47")
    (ka10051.inds_netprps[].inds_cd = "001_AL" => Some(IndexCode::from("001_AL")), "ka10051!G32 A55")
    (kt50020.gold_acnt_evlt_prst[].stk_cd = "M04020000" => Some(GoldCode::from("M04020000")), "kt50020!G36 A55")
    (usa20510.result_list[].stk_cd = "EVGOW" => Some(UsTicker::from("EVGOW")), "usa20510!G38 A51")
    (rt_f5::Push "9001" .symbol = "NVDA" => Some(UsTicker::from("NVDA")), "F5!G43 A80")

    // What may not have happened has no time, and midnight elsewhere is midnight.
    (rt0_b::Push "567" .upper_limit_time = "000000" => None, "0B!G63")
    (rt0_b::Push "568" .lower_limit_time = "090512" => Some(time(9, 5, 12, 0)), "0B!G64")
    (rt0_a::Push "568" .lower_limit_time = "000000" => None, "0A!G59")
    (rt1h::Push "1224" .release_time = "000000" => None, "1h!G50")
    (rt0_b::Push "20" .time = "000000" => Some(time(0, 0, 0, 0)), "0B!G41")

    // Identifiers keep their zeros.
    (ka10075.oso[].ord_no = "0000069" => Some(OrderNo::from("0000069")), "ka10075!G33 A65")
    (kt10000.ord_no = "00024" => Some(OrderNo::from("00024")), "kt10000!G33 A38")
    (ust20000.ord_no = "000000282" => Some(OrderNo::from("000000282")), "ust20000!G33 A41")
    (kt00015.trst_ovrl_trde_prps_array[].trde_no = "000000001" => Some(Code::from("000000001")), "kt00015!G38 A91")
    (rt00::Push "9201" .account_no = "1111111111" => Some(AccountNo::from("1111111111")), "00!G41 A79")
    (rt0_f::Push "150" .sellers[4].code = "005" => Some(Code::from("005")), "0F!G84 A101")
    (ka10172.seq = "2  " => Some(Code::from("2")), "ka10172!G36 A53")

    // Codes: one meaning, whatever stands for it.
    (ka10024.trde_qty_updt[].pred_pre_sig = "5" => Some(ChangeSign::Down), "ka10024!G35 A45")
    (ka10024.trde_qty_updt[].pred_pre_sig = "1" => Some(ChangeSign::UpperLimit), "ka10024!G35 A45")
    (ka20004.inds_tic_chart_qry[].pred_pre_sig = "43" => ChangeSign::from_wire("43"), "ka20004!G38 A42")
    // 0 stands where the change beside it is 0, or where there is no price.
    (ka10087.ovt_sigpric_pred_pre_sig = "0" => Some(ChangeSign::Flat), "ka10087!G70 A77")
    (rt0_d::Push "6111" .krx.mid.change_sign = "0" => Some(ChangeSign::Flat), "0D!6111")
    (ka50080.gds_min_chart_qry[].pred_pre_sig = "" => None, "ka50080!G40 A44")
    (rt0_d::Push "238" .expected.change_sign = "3" => Some(ChangeSign::Flat), "0D!G114 A207")
    (ka10075.oso[].stex_tp = "1" => Some(Venue::Krx), "ka10075!G58 A65")
    (ka10076.cntr[].stex_tp = "0" => Some(Venue::Unified), "ka10076!G48 A55")
    (ka10003.cntr_infr[].stex_tp = "KRX" => Some(Venue::Krx), "ka10003!G40 A44")
    (kt00007.acnt_ord_cntr_prps_dtl[].dmst_stex_tp = "KRX" => Some(OrderVenue::Krx), "kt00007!G55 A60")
    (rt0_b::Push "9081" .venue = "1" => Some(Venue::Krx), "0B!G83 A87")
    (rt00::Push "2134" .venue = "1" => Some(Venue::Krx), "00!G73 A79")
    (rt00::Push "2135" .venue_name = "KRX" => Some(Venue::Krx), "00!G74 A79")
    (usa20910.result_list[].stex_tp = "ND" => Some(UsExchange::Nasdaq), "usa20910!G38 A53")
    (usa20520.result_list[].stex_tp = "NDPLSM" => UsExchange::from_wire("NDPLSM"), "usa20520!G38 A53")
    (rt00::Push "905" .action = "+매수" => Some(OrderAction::Buy), "00!G53 A79")
    (rt00::Push "907" .side = "2" => Some(Side::Buy), "00!G55 A79")
    (rt00::Push "913" .status = "접수" => Some(OrderStatus::Accepted), "00!G46 A79")
    (rt_f5::Push "907" .side = "02" => Some(Side::Buy), "F5!G48 A80")
    (ust21050.result_list[].slby_tp = "2" => Some(Side::Buy), "ust21050!G41 A60")
    (ust21050.result_list[].slby_tp_nm = "매수" => Some(Side::Buy), "ust21050!G42 A60")
    (rt0_b::Push "290" .session = "2" => Some(Session::Regular), "0B!G61 A87")
    (rt1h::Push "1225" .vi_kind = "정적" => Some(ViKind::Static), "1h!G51 A63")
    (rt1h::Push "9008" .market = "101" => Some(MarketFilter::Kosdaq), "1h!G46 A63")
    (ka10173::Push "843" .event = "I" => Some(ConditionEvent::Entered), "ka10173!G46 A52")
    (kt00009.acnt_ord_cntr_prst_array[].stk_bond_tp = "1" => Some(StockOrBond::Stock), "kt00009!G39 A64")
    (ka00198.item_inq_rank[].rank_chg_sign = "-" => Some(RankMove::Down), "ka00198!G32 A44")
    (rt00::Push "2136" .sor = "Y" => Some(YesNo::Yes), "00!G75 A79")

    // Text: blank is empty, everything else stays.
    (ka10024.trde_qty_updt[].stk_nm = "삼성전자" => "삼성전자".to_owned(), "ka10024!G33 A45")
    (rt0g::Push "592" .pre_market_auction_extension = " " => "".to_owned(), "0g!G42 A54")
    (ka10100.state = "증거금20%|담보대출|신용가능" => "증거금20%|담보대출|신용가능".to_owned(), "ka10100!G34 A45")
    (ka30005.elwcnd_qry[].lpmmcm_nm_1 = "0.00" => "0.00".to_owned(), "ka30005!G68 A75")

    // The words beside a flag, not the flag again.
    (kt20016.crd_loan_pos_stk[].crd_limit_over_txt = "회사한도 초과" => "회사한도 초과".to_owned(), "kt20016!G38")
}
