//! What a sign means where it is no direction of a price: the number's own, the side of a trade, a ratio's direction, decoration.

use kiwoom_api::value::{ByRequest, Directed, MillionWon, Percent, ThousandWon};

use super::{bought, dec, pct, sold, traded};

said! {
    // Changes: the sign is the number's own, however often it is written.
    (ka10043.trde_ori_prps_anly[].pred_pre = "--1100" => Some(dec("-1100")), "ka10043!G40 A49")
    (ka10080.stk_min_pole_chart_qry[].pred_pre = "-600" => Some(dec("-600")), "ka10080!G39 A44")
    (ka10081.stk_dt_pole_chart_qry[].pred_pre = "-600" => Some(dec("-600")), "ka10081!G39 A45")
    (ka10086.daly_stkpc[].pred_rt = "-22800" => Some(dec("-22800")), "ka10086!G36 A56")
    (ka20001.pred_pre = "-278.47" => Some(dec("-278.47")), "ka20001!G31 A62")
    (ka30011.elwalacc_rt[].pred_pre = "+0.03" => Some(dec("0.03")), "ka30011!G33 A40")
    (ka30002.trde_ori_elwnettrde_upper[].stkpc_flu = "--3140" => Some(dec("-3140")), "ka30002!G35 A44")
    (ka10039.sec_trde_upper[].prid_stkpc_flu = "+467" => Some(dec("467")), "ka10039!G36 A48")
    (ka50010.gold_cntr[].pred_pre = "+620" => Some(dec("620")), "ka50010!G30 A45")
    (ka50087.gold_expt_exec[].exp_flu_rt = "++0.34" => Some(pct("0.34")), "ka50087!G31 A40")
    (ka50087.gold_expt_exec[].exp_cntr_trde_qty = "+-121" => Some(-121), "ka50087!G33 A40")
    (ka10172::Reply "data.11" .data[0].change = "-00000100" => Some(dec("-100")), "ka10172!G44 A53")
    (usa20281::Reply "data.11" .data[0].change = "-00000.0265" => Some(dec("-0.0265")), "usa20281!G43 A54")
    (usa06012.result_list[].pred_pre = "-8.6100" => Some(dec("-8.61")), "usa06012!G34 A47")
    (rt0_b::Push "11" .change = "-50" => Some(dec("-50")), "0B!G43 A87")
    (rt0_b::Push "26" .volume_change = "-1057122" => Some(-1_057_122), "0B!G54 A87")
    (rt0_b::Push "29" .value_change = "-22041267850" => Some(dec("-22041267850")), "0B!G55 A87")
    (rt0_j::Push "11" .change = "-189.51" => Some(dec("-189.51")), "0J!G43 A56")
    (rt0_d::Push "122" .ask_total_change = "-1036021" => Some(-1_036_021), "0D!G103 A207")
    (rt0_d::Push "138" .net_ask = "-1830903" => Some(-1_830_903), "0D!G110 A207")
    (rt_f_e::Push "11" .change = "+3.5300" => Some(dec("3.53")), "FE!G42 A62")
    (ka00198.item_inq_rank[].rank_chg = "-1" => Some(-1), "ka00198!G31 A44")

    // Profit and net buying: true sign.
    (kt00001.d1_slby_exct_amt = "-00000000000084" => Some(dec("-84")), "kt00001!G84 A115")
    (kt00004.stk_acnt_evlt_prst[].pl_amt = "-00000163958" => Some(dec("-163958")), "kt00004!G54 A66")
    (kt50020.gold_acnt_evlt_prst[].est_lspft = "-00000003201" => Some(dec("-3201")), "kt50020!G42 A55")
    (ka01690.tot_evltv_prft = "-192359839" => Some(dec("-192359839")), "ka01690!G31 A50")
    (ust21070.tot_pl_amt_krw = "-00000002438684" => Some(dec("-2438684")), "ust21070!G39 A70")
    (ka10039.sec_trde_upper[].netprps = "+406895" => Some(406_895), "ka10039!G39 A48")
    (ka30002.trde_ori_elwnettrde_upper[].netprps = "--846970" => Some(-846_970), "ka30002!G38 A44")
    (ka10063.opmr_invsr_trde[].netprps_qty = "--261000" => Some(-261_000), "ka10063!G48 A58")
    (ka10061.stk_invsr_orgn_tot[].ind_invsr = "--28837" => Some(ByRequest::from(-28_837)), "ka10061!G34 A50")
    (ka10065.opmr_invsr_trde_upper[].netslmt = "+34033" => Some(ByRequest::from(34_033)), "ka10065!G36 A40")
    (ka10086.daly_stkpc[].for_qty = "--266783" => Some(ByRequest::from(-266_783)), "ka10086!G43 A56")
    (ka90008.stk_tm_prm_trde_trnsn[].prm_netprps_amt = "--3472" => Some(MillionWon::from(-3_472)), "ka90008!G39 A52")
    (ka10044.daly_orgn_trde_stk[].netprps_amt = "-1" => Some(MillionWon::from(-1)), "ka10044!G36 A40")

    // 1.3 Ratios whose sign is a direction: the volume is 96.64 % of the day before, not 96.64 % less.
    (rt0_b::Push "30" .volume_ratio = "-96.64" => Some(Directed::<Percent>::down(pct("96.64"))), "0B!G56 A87")
    (rt0_a::Push "30" .volume_ratio = "+156.15" => Some(Directed::<Percent>::up(pct("156.15"))), "0A!G54 A63")
    (rt0_d::Push "299" .expected_volume_ratio = "-1.06" => Some(Directed::<Percent>::down(pct("1.06"))), "0D!G141 A207")
    (rt_f_e::Push "30" .volume_ratio = "+11.85" => Some(Directed::<Percent>::up(pct("11.85"))), "FE!G55 A62")
    (ka50100.pred_rt = "-5.36" => Some(Directed::<Percent>::down(pct("5.36"))), "ka50100!G35 A42")
    (ka50010.gold_cntr[].trde_pre = "+0.45" => Some(Directed::<Percent>::up(pct("0.45"))), "ka50010!G39 A45")
    (ka50101.gold_bid[].trde_pre = "+5.40" => Some(Directed::<Percent>::up(pct("5.40"))), "ka50101!G40 A48")
    (ka10095.atn_stk_infr[].pred_trde_qty_pre = "+1995.22" => Some(Directed::<Percent>::up(pct("1995.22"))), "ka10095!G40 A95")
    (ka10007.pred_rt = "0.00" => Some(Directed::<Percent>::flat(pct("0"))), "ka10007!G41 A155")
    // ...but here it is a change: 462,027 shares are 0.3 % of the 153,496,196 of the day before (usa06012!A47).
    (usa20101.pre_trde_rt = "-99.69" => Some(pct("-99.69")), "usa20101!G46 A120")

    // Rates: true sign.
    (ka10024.trde_qty_updt[].flu_rt = "-0.35" => Some(pct("-0.35")), "ka10024!G37 A45")
    (ka20001.flu_rt = "-10.42" => Some(pct("-10.42")), "ka20001!G32 A62")
    (kt00004.stk_acnt_evlt_prst[].pl_rt = "-43.8977" => Some(pct("-43.8977")), "kt00004!G55 A66")
    (ka30005.elwcnd_qry[].dispty_rt = "--97.71" => Some(pct("-97.71")), "ka30005!G66 A75")
    (usa24120.result_list[].flu_rt = "135.34000" => Some(pct("135.34")), "usa24120!G51 A55")
    (usa20281::Reply "data.12" .data[0].change_rate = "-0014.19" => Some(pct("-14.19")), "usa20281!G44 A54")
    (kt00011.profa_rt = "100%" => Some(pct("100")), "kt00011!G30 A68")
    (kt20016.crd_loan_pos_stk[].crd_assr_rt = "45%" => Some(pct("45")), "kt20016!G34 A42")
    (rt0_d::Push "129" .bid_rate = "114.51" => Some(pct("114.51")), "0D!G109 A207")
    (rt0m::Push "706" .lp_implied_volatility = " 0.00" => Some(pct("0")), "0m!G50 A54")

    // 1.3 Traded quantities: the sign is the side.
    (rt0_b::Push "15" .trade_qty = "+82" => Some(bought(82)), "0B!G47 A87")
    (rt0_h::Push "15" .trade_qty = "-7805" => Some(sold(7_805)), "0H!G45 A51")
    (rt0_j::Push "15" .trade_qty = "2800" => Some(traded(2_800)), "0J!G45 A56")
    (rt_f_e::Push "15" .trade_qty = "+15" => Some(bought(15)), "FE!G46 A62")
    (ka10003.cntr_infr[].cntr_trde_qty = "1010" => Some(traded(1_010)), "ka10003!G35 A44")
    (ka10084.tdy_pred_cntr[].cntr_trde_qty = "-1" => Some(sold(1)), "ka10084!G38 A47")
    (ka10055.tdy_pred_cntr_qty[].cntr_qty = "-1793" => Some(sold(1_793)), "ka10055!G35 A41")
    (ka10095.atn_stk_infr[].cntr_qty = "-1" => Some(sold(1)), "ka10095!G38 A95")
    (ka10046.cntr_str_tm[].trde_qty = "-1" => Some(sold(1)), "ka10046!G34 A45")
    (ka10046.cntr_str_tm[].trde_qty = "823" => Some(traded(823)), "ka10046!G34 A45")
    (ka50010.gold_cntr[].cntr_trde_qty = "-10" => Some(sold(10)), "ka50010!G34 A45")
    (ka50101.gold_bid[].cntr_trde_qty = "124" => Some(traded(124)), "ka50101!G35 A48")
    (usa20150.result_list[].trde_qty = "+3" => Some(bought(3)), "usa20150!G33 A39")
    (usa20910.result_list[].trde_qty = "-10" => Some(sold(10)), "usa20910!G48 A53")
    (usa20911.result_list[].trde_qty = "+100" => Some(bought(100)), "usa20911!G47 A52")
    (ka10007.cntr_qty = "" => None, "ka10007!G45 A155")

    // 1.3 Gross columns: the sign is decoration, net = bought - sold with magnitudes.
    (ka10039.sec_trde_upper[].sel_trde_qty = "-20373" => Some(20_373), "ka10039!G41 A48")
    (ka10039.sec_trde_upper[].buy_trde_qty = "+427268" => Some(427_268), "ka10039!G40 A48")
    (ka10039.sec_trde_upper[].sell_amt = "-5863" => Some(ThousandWon::from(5_863)), "ka10039!G44 A48")
    (ka10039.sec_trde_upper[].buy_amt = "+125569" => Some(ThousandWon::from(125_569)), "ka10039!G43 A48")
    (ka30002.trde_ori_elwnettrde_upper[].sel_trde_qty = "-1566110" => Some(1_566_110), "ka30002!G40 A44")
    (ka30002.trde_ori_elwnettrde_upper[].buy_trde_qty = "+719140" => Some(719_140), "ka30002!G39 A44")
    (ka10037.frgn_wicket_trde_upper[].sel_trde_qty = "-0" => Some(0), "ka10037!G40 A49")
    (ka10037.frgn_wicket_trde_upper[].buy_trde_qty = "+0" => Some(0), "ka10037!G41 A49")
    (ka10065.opmr_invsr_trde_upper[].sel_qty = "-39420" => Some(ByRequest::from(39_420)), "ka10065!G34 A40")
    (ka10065.opmr_invsr_trde_upper[].buy_qty = "+73452" => Some(ByRequest::from(73_452)), "ka10065!G35 A40")
    (ka10063.opmr_invsr_trde[].sell_qty = "--30000" => Some(30_000), "ka10063!G53 A58")
    (rt0_f::Push "161" .sellers[0].qty = "9350409" => Some(9_350_409), "0F!G42 A101")
    (rt0_f::Push "167" .sellers[1].qty_change = "-9060" => Some(-9_060), "0F!G53 A101")
}
