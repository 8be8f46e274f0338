//! What recorded traffic and the arithmetic of the examples say against the words (BEHAVIOUR.md N15 to N19).

use jiff::civil::{date, time};
use kiwoom_api::codes::{Reservation, UsOrderAction, ViKind};
use kiwoom_api::domestic::realtime::codes::{ViDirection, ViSession};
use kiwoom_api::us::realtime::codes::{UsOrderStatus, UsSession};
use kiwoom_api::value::{
    ByRequest, Doubt, MillionWon, Price, TenThousandWon, ThousandShares, ThousandUsd, ThousandWon, Venue,
};

use super::{bought, dec, pct, sold};

said! {
    // Keys that only an example shows take the kind of their twins.
    (ka10044.daly_orgn_trde_stk[].cur_prc = "-95100" => Some(Price::down(95_100)), "ka10044!A42")
    (ka10044.daly_orgn_trde_stk[].pre_rt = "-32.07" => Some(pct("-32.07")), "ka10044!A42")
    (ka10044.daly_orgn_trde_stk[].prsm_avg_pric = "140000" => Some(dec("140000")), "ka10044!A42")
    (ka10044.daly_orgn_trde_stk[].avg_pric_pre = "--44900" => Some(dec("-44900")), "ka10044!A42")
    (ka10080.stk_min_pole_chart_qry[].acc_trde_qty = "14947571" => Some(14_947_571), "ka10080!A43")
    (ka10005.stk_ddwkmm[].cntr_str = "0.00" => Some(pct("0")), "ka10005!A47")
    (usa20960.result_list[].pred_trde_qty = "1122437780" => Some(1_122_437_780), "usa20960!A54")
    (usa20961.result_list[].pred_trde_qty = "778766089" => Some(778_766_089), "usa20961!A54")
    (usa23100.result_list[].trde_prica = "1067036" => Some(ThousandUsd::from(1_067_036)), "usa23100!A47")
    (usa24290.result_list[].sel_bid = "-2.2300" => Some(Price::down(dec("2.23"))), "usa24290!A60")
    (usa24290.result_list[].buy_bid = "+3.7400" => Some(Price::up(dec("3.74"))), "usa24290!A60")
    (usa24291.result_list[].sel_bid = "-2.2300" => Some(Price::down(dec("2.23"))), "usa24291!G47")

    // Twins.
    (usa21730.result_list[].last_base_dt = "2026-06-29" => Some(date(2026, 6, 29)), "usa21730!G35")
    (usa21731.result_list[].last_base_dt = "2026-06-29 00:00:00.0" => Some(date(2026, 6, 29)), "usa21731!G35")
    (kt00015.trst_ovrl_trde_prps_array[].vlbl_nowrm = "21.5" => Some(dec("21.5")), "kt00015!G58")
    (ust21100.result_list[].vlbl_nowrm = "20" => Some(dec("20")), "ust21100!G64")
    (rt_f4::Push "900" .order_qty = "0.5" => Some(dec("0.5")), "F4!G46")
    (rt_f5::Push "930" .held_qty = "54" => Some(dec("54")), "F5!G57")
    (rt_f5::Push "911" .reported_fill_qty = "0" => Some(dec("0")), "F5!G56")

    // Units.
    (ka10001.dstr_stk = "64812" => Some(ThousandShares::from(64_812)), "ka10001!G71")
    (ka10058.invsr_daly_trde_stk[].netslmt_amt = "+25467" => Some(TenThousandWon::from(25_467)), "ka10058!G37 A50")
    (rt0_b::Push "1313" .trade_value = "-4897" => Some(ThousandWon::from(-4_897)), "0B!G77")
    (rt0_b::Push "1314" .net_buy_volume = "-19" => Some(-19), "0B!G80")
    (rt0_b::Push "1315" .trade_sell_qty = "-19" => Some(sold(19)), "0B!G78")
    (rt0_b::Push "1316" .trade_buy_qty = "+19" => Some(bought(19)), "0B!G79")
    (rt0_b::Push "851" .same_time_volume_rate = "13878" => Some(pct("138.78")), "0B!G68")
    (ka10086.daly_stkpc[].for_netprps = "--266783" => Some(-266_783), "ka10086!G48 A57")
    (ka10086.daly_stkpc[].orgn_netprps = "+693" => Some(ByRequest::from(693)), "ka10086!G49 A57")
    (ka10013.crd_trde_trend[].rpya = "1200" => Some(1_200), "ka10013!G37")
    (ka10013.crd_trde_trend[].remn = "350000" => Some(350_000), "ka10013!G38")
    (ka10013.crd_trde_trend[].pre = "-500" => Some(-500), "ka10013!G40")
    (ka10013.crd_trde_trend[].amt = "24380" => Some(MillionWon::from(24_380)), "ka10013!G39")
    (ust21610.result_list[].tdy_avg_buy_uv = "0.5413" => Some(dec("54.13")), "ust21610!G46 A62")


    // Codes as they come.
    (rt0_b::Push "9081" .venue = "KRX" => Some(Venue::Krx), "0B!G86")
    (rt0_b::Push "9081" .venue = "NXT" => Some(Venue::Nxt), "0B!G86")
    (ka10076.cntr[].stex_tp_txt = "SOR" => Some(Venue::Unified), "ka10076!G50 A58")
    (ka10088.osop[].stex_tp_txt = "S-KRX" => Some(Venue::Krx), "ka10088!G43 A50")
    (ka10046.cntr_str_tm[].stex_tp = "1" => Some(Venue::Krx), "ka10046!G42")
    (rt0_f::Push "337" .venue = "2" => Some(Venue::Nxt), "0F!G98")
    (rt1h::Push "9068" .trigger_kind = "2" => Some(ViKind::Dynamic), "1h!G46")
    (rt1h::Push "9068" .trigger_kind = "3" => Some(ViKind::Both), "1h!G46")
    (rt1h::Push "9069" .trigger_direction = "2" => Some(ViDirection::Down), "1h!G58")
    (rt1h::Push "9075" .session = "1" => Some(ViSession::Regular), "1h!G48")
    (rt_f_e::Push "290" .session = "4" => Some(UsSession::PreMarket), "FE!G57 A62")
    (rt_f4::Push "905" .action = "12" => Some(UsOrderAction::Cancel), "F4!G43")
    (rt_f5::Push "913" .status = "체결완료" => Some(UsOrderStatus::Filled), "F5!G49")
    (rt_f4::Push "50841" .reservation = "0" => Some(Reservation::Normal), "F4!G54")

    // Nothing.
    (rt00::Push "919" .reject_reason = "0" => "".to_owned(), "00!G69")
    (rt00::Push "919" .reject_reason = "증거금 부족" => "증거금 부족".to_owned(), "00!G69")
    (ust21150.result_list[].text1 = "0" => "".to_owned(), "ust21150!G59")
    (ka10062.eql_nettrde_rank[].for_nettrde_avg_pric = "-2147483" => doubt Doubt::Saturated, "ka10062!G46")
    (ka10062.eql_nettrde_rank[].orgn_nettrde_avg_pric = "-2147483.64" => doubt Doubt::Saturated, "ka10062!G43")
    (ka10001.n250hgst_pric_dt = "0.00" => None, "ka10001!G58 A76")
    (ka10054.motn_stk[].virelis_time = "000000" => None, "ka10054!G46")
    (ka10054.motn_stk[].virelis_time = "172511" => Some(time(17, 25, 11, 0)), "ka10054!G46 A56")
    (rt0_b::Push "1890" .open_time = "000000" => None, "0B!G69")

    // Broker codes under the labels of a date and a time.
    (ka10053.tdy_upper_scesn_ori[].qry_dt = "012" => Some("012".into()), "ka10053!G35 A44")
    (ka10053.tdy_upper_scesn_ori[].qry_tm = "046" => Some("046".into()), "ka10053!G36 A44")

    // Warrants: times, not percent.
    (rt0u::Push "667" .gearing_ratio = "2267.53" => Some(dec("2267.53")), "0u!G43")
    (ka10095.atn_stk_infr[].gear = "4.50" => Some(dec("4.50")), "ka10095!G79")
}
