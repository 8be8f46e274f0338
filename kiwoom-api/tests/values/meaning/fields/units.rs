//! Units, averages, counts and scales: what the number counts.

use kiwoom_api::value::{
    ByRequest, HundredMillionWon, HundredShares, MillionWon, Price, TenMillionWon, ThousandGrams, ThousandShares,
    ThousandUsd, ThousandWon,
};

use super::{dec, pct};

said! {
    // One label, three units: the type says which.
    (ka10081.stk_dt_pole_chart_qry[].trde_prica = "648525" => Some(MillionWon::from(648_525)), "ka10081!G34 A45")
    (ka10082.stk_stk_pole_chart_qry[].trde_prica = "3922030535087" => Some(dec("3922030535087")), "ka10082!G34 A45")
    (ka10083.stk_mth_pole_chart_qry[].trde_prica = "15774571011618" => Some(dec("15774571011618")), "ka10083!G34 A45")
    (ka10094.stk_yr_pole_chart_qry[].trde_prica = "698972287992549" => Some(dec("698972287992549")), "ka10094!G34 A42")
    (ka10003.cntr_infr[].acc_trde_prica = "524269500" => Some(dec("524269500")), "ka10003!G38 A44")
    (ka10084.tdy_pred_cntr[].acc_trde_prica = "0" => Some(MillionWon::from(0)), "ka10084!G41 A47")
    (ka50081.gds_day_chart_qry[].acc_trde_prica = "45980" => Some(MillionWon::from(45_980)), "ka50081!G33 A42")
    (ka50082.gds_week_chart_qry[].acc_trde_prica = "8553629" => Some(dec("8553629")), "ka50082!G33 A41")
    (ka50083.gds_month_chart_qry[].acc_trde_prica = "793461419830" => Some(dec("793461419830")), "ka50083!G33 A41")
    (rt0_b::Push "14" .value = "632640" => Some(MillionWon::from(632_640)), "0B!G49 A87")

    // A fraction that the document calls a percentage, and ratios in times that it calls percent.
    (kt00013.evlt_repl_rt = "0.6322053" => Some(pct("63.22053")), "kt00013!3915500 / 6193400")
    (usa24210.result_list[].int = "18.99" => Some(dec("18.99")), "usa24210!21080 / 1110")
    (usa24210.result_list[].now_rt = "15501.00" => Some(dec("15501")), "usa24210!7895.00 beside")
    (usa24210.result_list[].sdnin_rt = "15482.01" => Some(dec("15482.01")), "usa24210!15501.00 - 18.99")
    (usa24211.result_list[].int = "0.37" => Some(dec("0.37")), "usa24211!4866 / 13177")
    (usa24211.result_list[].now_rt = "2500.00" => Some(dec("2500")), "usa24211!2105.00 beside")
    (usa24211.result_list[].sdnin_rt = "2498.99" => Some(dec("2498.99")), "usa24211!2500.00 - 1.01")

    // Units that the arithmetic of the examples corrects.
    (ka20006.inds_dt_pole_qry[].trde_qty = "393564" => Some(ThousandShares::from(393_564)), "ka20006!G32 A41")
    (ka20006.inds_dt_pole_qry[].trde_prica = "10582466" => Some(MillionWon::from(10_582_466)), "ka20006!G37 A41")
    (ka20007.inds_stk_pole_qry[].trde_qty = "2339138" => Some(ThousandShares::from(2_339_138)), "ka20007!G32 A41")
    (ka20019.inds_yr_pole_qry[].trde_qty = "11034579" => Some(ThousandShares::from(11_034_579)), "ka20019!G32 A41")
    (ka20008.inds_mth_pole_qry[].trde_prica = "47770055" => Some(MillionWon::from(47_770_055)), "ka20008!G37 A41")
    (ka20008.inds_mth_pole_qry[].trde_qty = "706969" => Some(ThousandShares::from(706_969)), "ka20008!G32 A41")
    (ka20001.trde_qty = "890" => Some(ThousandShares::from(890)), "ka20001!G33 A62")
    (ka10051.inds_netprps[].trde_qty = "1164" => Some(ThousandShares::from(1_164)), "ka10051!G38 A55")
    (rt0_j::Push "13" .volume = "725277" => Some(ThousandShares::from(725_277)), "0J!G46 A56")
    (rt0_j::Push "26" .volume_change = "-1482363" => Some(ThousandShares::from(-1_482_363)), "0J!G52 A56")
    (rt0_u::Push "13" .volume = "741784" => Some(ThousandShares::from(741_784)), "0U!G47 A58")
    (ka50012.gold_daly_trnsn[].trde_qty = "304439" => Some(304_439), "ka50012!G33 A46")
    (ka50081.gds_day_chart_qry[].acc_trde_qty = "304439" => Some(304_439), "ka50081!G32 A42")
    (usa20590.result_list[].trde_prica = "27062654154" => Some(dec("27062654154")), "usa20590!G37 A48")
    (usa24120.result_list[].trde_prica = "387305" => Some(ThousandUsd::from(387_305)), "usa24120!G47 A55")
    (usa24121.result_list[].trde_prica = "540653" => Some(ThousandUsd::from(540_653)), "usa24121!G47 A55")
    (rt_f_e::Push "14" .value = "36384473.963000" => Some(ThousandUsd(dec("36384473.963"))), "FE!G45 A62")
    (ka10001.flo_stk = "25527" => Some(ThousandShares::from(25_527)), "ka10001!G33 A76")
    (ka10095.atn_stk_infr[].stkcnt = "5969783" => Some(ThousandShares::from(5_969_783)), "ka10095!G65 A95")
    (ka10060.stk_invsr_orgn_chart[].acc_trde_prica = "1105968" => Some(1_105_968), "ka10060!G36 A53")
    (rt0w::Push "208" .buy_amount = "483" => Some(MillionWon::from(483)), "0w!G50 A61")

    // Other units off base.
    (ka10001.cap = "1311" => Some(HundredMillionWon::from(1_311)), "ka10001!G32 A76")
    (ka10014.shrts_trnsn[].shrts_trde_prica = "46985302" => Some(ThousandWon::from(46_985_302)), "ka10014!G41 A46")
    (ka10044.daly_orgn_trde_stk[].netprps_qty = "-0" => Some(HundredShares::from(0)), "ka10044!G35 A40")
    (ka90009.frgnr_orgn_trde_upper[].for_netslmt_amt = "-130811" => Some(TenMillionWon::from(-130_811)), "ka90009!G35 A52")
    (ka90009.frgnr_orgn_trde_upper[].for_netslmt_qty = "-50312" => Some(ThousandShares::from(-50_312)), "ka90009!G36 A52")
    (ka50012.gold_daly_trnsn[].orgn_netprps = "112" => Some(ThousandGrams::from(112)), "ka50012!G40 A46")
    (ka50012.gold_daly_trnsn[].ind_netprps = "-51" => Some(ThousandGrams::from(-51)), "ka50012!G42 A46")
    (ka52301.inve_trad_stat[].all_dfrt_trst_sell_qty = "14" => Some(ThousandGrams::from(14)), "ka52301!G28 A49")
    (ka52301.inve_trad_stat[].all_dfrt_trst_sell_amt = "22" => Some(HundredMillionWon::from(22)), "ka52301!G30 A49")
    (usa20100.mac = "4875574000" => Some(ThousandUsd::from(4_875_574_000_i64)), "usa20100!G40 A73")
    (usa20101.trde_prica = "93029" => Some(ThousandUsd::from(93_029)), "usa20101!G37 A120")
    (rt0_a::Push "311" .market_cap = "5181771" => Some(HundredMillionWon::from(5_181_771)), "0A!G57 A63")

    // Units that a parameter of the request chooses.
    (ka90003.prm_netprps_upper_50[].prm_netprps_amt = "17" => Some(ByRequest::from(17)), "ka90003!G42")
    (ka10060.stk_invsr_orgn_chart[].frgnr_invsr = "-61779" => Some(ByRequest::from(-61_779)), "ka10060!G38 A53")
    (ka10059.stk_invsr_orgn[].natn = "0" => Some(ByRequest::from(0)), "ka10059!G50 A56")
    (ka10051.inds_netprps[].frgnr_netprps = "-622" => Some(ByRequest::from(-622)), "ka10051!G47 A55")
    (ka10086.daly_stkpc[].ind = "--714" => Some(ByRequest::from(-714)), "ka10086!G41 A56")
    (usa06012.result_list[].acc_trde_prica = "86910071" => Some(ByRequest::from(86_910_071)), "usa06012!G37 A47")
    (usa06013.result_list[].acc_trde_prica = "65203629396" => Some(ByRequest::from(65_203_629_396_i64)), "usa06013!G35 A45")
    (usa06014.result_list[].acc_trde_prica = "62369291703" => Some(ByRequest::from(62_369_291_703_i64)), "usa06014!G35 A45")
    (usa06015.result_list[].acc_trde_prica = "2084225821160" => Some(ByRequest::from(2_084_225_821_160_i64)), "usa06015!G35 A45")
    (usa06016.result_list[].acc_trde_prica = "693089656759" => Some(ByRequest::from(693_089_656_759_i64)), "usa06016!G35 A45")
    (ust21170.tot_evlt_amt = "163076.2972" => Some(ByRequest(dec("163076.2972"))), "ust21170!G29 A59")
    (ust21530.tot_pl_amt = "-17579.00" => Some(ByRequest::from(-17_579)), "ust21530!G34 A58")
    (ust21610.tot_buy_amt = "14123.0000" => Some(ByRequest::from(14_123)), "ust21610!G31 A55")
    (ust21630.result_list[].tdy_pl_amt = "-14432.0000" => Some(ByRequest::from(-14_432)), "ust21630!G40 A49")
    (ust21640.result_list[].pl_amt = "-9.4902" => Some(ByRequest(dec("-9.4902"))), "ust21640!G40 A50")
    (ust21640.tot_pl_amt_krw = "-00000000014432" => Some(dec("-14432")), "ust21640!G32 A50")

    // Money in its base unit.
    (kt00001.entr = "000000000017534" => Some(dec("17534")), "kt00001!G28 A115")
    (kt00001.min_ord_alow_yn = "000000000000000" => Some(dec("0")), "kt00001!G79 A115")
    (kt00001.n20stk_ord_alow_amt = "000000000012550" => Some(dec("12550")), "kt00001!G61 A115")
    (kt00018.tot_pur_amt = "000000017598258" => Some(dec("17598258")), "kt00018!G29 A64")
    (ust21120.result_list[].fx_entr = "-159.68" => Some(dec("-159.68")), "ust21120!G33 A42")
    (ust20000.fc_entra = "18042538.7700" => Some(dec("18042538.77")), "ust20000!G34 A41")
    (ust21160.usd_exch_rate = "1,507.70" => Some(dec("1507.70")), "ust21160!G31 A62")
    (kt00015.trst_ovrl_trde_prps_array[].trde_unit = "56,900" => Some(dec("56900")), "kt00015!G71 A91")

    // Averages and unit costs have fractions.
    (kt00018.acnt_evlt_remn_indv_tot[].pur_pric = "000000000124500" => Some(dec("124500")), "kt00018!G42 A64")
    (ka10077.tdy_rlzt_pl_dtl[].buy_uv = "97602.9573459" => Some(dec("97602.9573459")), "ka10077!G32 A42")
    (ka10077.tdy_rlzt_pl_dtl[].tdy_sel_pl = "59813.0426541" => Some(dec("59813.0426541")), "ka10077!G34 A42")
    (kt50020.gold_acnt_evlt_prst[].pl_prch_prc = "153380.50" => Some(dec("153380.50")), "kt50020!G47 A55")
    (kt50032.gold_trde_hist[].uv_exrt = "159290.00" => Some(dec("159290")), "kt50032!G44 A60")
    (ka10014.shrts_trnsn[].shrts_avg_pric = "55841" => Some(dec("55841")), "ka10014!G42 A46")
    (ka10062.eql_nettrde_rank[].for_nettrde_avg_pric = "213342" => Some(dec("213342")), "ka10062!G48 A54")
    (ust21640.result_list[].avg_buy_uv = "210.1282" => Some(dec("210.1282")), "ust21640!G38 A50")

    // Counts.
    (kt00018.acnt_evlt_remn_indv_tot[].rmnd_qty = "000000000000003" => Some(3), "kt00018!G44 A64")
    (ka10085.acnt_prft_rt[].setl_remn = "39" => Some(39), "ka10085!G41 A49")
    (kt10003.cncl_qty = "000000000001" => Some(1), "kt10003!G33 A37")
    (ka10024.trde_qty_updt[].now_trde_qty = "31399114" => Some(31_399_114), "ka10024!G39 A45")
    (ka20001.fall = "130" => Some(130), "ka20001!G43 A62")
    (rt0_u::Push "256" .traded_count = "416" => Some(416), "0U!G52 A58")
    (rt0w::Push "211" .net_buy_qty_change = "0" => Some(0), "0w!G52 A61")
    (rt0_b::Push "13" .volume = "30379732" => Some(30_379_732), "0B!G48 A87")
    (ka10039.sec_trde_upper[].rank = "2" => Some(2), "ka10039!G33 A48")
    (usa20100.stk_cnt = "24200000000" => Some(24_200_000_000), "usa20100!G39 A73")
    // US quantities may split.
    (ust21070.result_list[].poss_qty = "000000000395" => Some(dec("395")), "ust21070!G48 A70")

    // The decimal point was left out.
    (ka20004.inds_tic_chart_qry[].cur_prc = "388193" => Some(Price::plain(dec("3881.93"))), "ka20004!G31 A42")
    (ka20004.inds_tic_chart_qry[].pred_pre = "18031" => Some(dec("180.31")), "ka20004!G37 A42")
    (ka20005.inds_min_pole_qry[].pred_pre = "18031" => Some(dec("180.31")), "ka20005!G39")
    (ka20006.inds_dt_pole_qry[].cur_prc = "252127" => Some(Price::plain(dec("2521.27"))), "ka20006!G31 A41")
    (ka10051.inds_netprps[].cur_prc = "+265381" => Some(Price::up(dec("2653.81"))), "ka10051!G34 A55")
    (ka10051.inds_netprps[].pred_pre = "+9030" => Some(dec("90.30")), "ka10051!G36 A55")
    (ka10051.inds_netprps[].flu_rt = "352" => Some(pct("3.52")), "ka10051!G37 A55")
    (ka10059.stk_invsr_orgn[].flu_rt = "+698" => Some(pct("6.98")), "ka10059!G37 A56")
    (ka10172::Reply "data.12" .data[0].change_rate = "-00000130" => Some(pct("-0.130")), "ka10172!G45 A53")
    (ka10048.elwdaly_snst_ix[].iv = "1901" => Some(pct("19.01")), "ka10048!G30 A40")
    (ka10048.elwdaly_snst_ix[].delta = "126664" => Some(dec("0.126664")), "ka10048!G31 A40")
    (ka10048.elwdaly_snst_ix[].theta = "-5271886" => Some(dec("-5.271886")), "ka10048!G33 A40")
    (ka10050.elwsnst_ix_array[].elwtheory_pric = "4" => Some(dec("0.04")), "ka10050!G31 A42")
    (ka30005.elwcnd_qry[].theory_pric = "65637" => Some(dec("656.37")), "ka30005!G53 A75")
    (ka30005.elwcnd_qry[].delta = "282426" => Some(dec("0.282426")), "ka30005!G55 A75")
    (ka30012.elwtheory_pric = "27412" => Some(dec("274.12")), "ka30012!G38 A96")
    (ka40003.etfdaly_trnsn[].trace_eor_rt = "0" => Some(pct("0")), "ka40003!G39 A46")

    // What the second reading of the document found.
    (ka10030.tdy_trde_qty_upper[].opmr_trde_amt = "0" => Some(MillionWon::from(0)), "ka10030!G50 A62")
    (ka40009.etfnavarray[].stkcnt = "133100" => Some(ThousandShares::from(133_100)), "ka40009!G34 A44")
    (ka52301.inve_trad_stat[].all_dfrt_trst_netprps_qty = "-8" => Some(ThousandGrams::from(-8)), "ka52301!G36 A49")
    (ka30012.exp_rght_pric = "3179.00" => Some(dec("3179.00")), "ka30012!G41 A96")
    (ust31302.sell_fc_amt = "9987.00" => Some(ByRequest(dec("9987.00"))), "ust31302!G55 A60")
    (ust31300.buy_expc_amt = "0.06" => Some(ByRequest(dec("0.06"))), "ust31300!G42 A46")
    (ust31490.tdy_rebuy_alowa_50 = "1993584.88" => Some(dec("1993584.88")), "ust31490!G39 A62")
    (ust21110.result_list[].fc_booka = "000027114520714" => Some(dec("27114520714")), "ust21110!G36 A44")
    (ka40006.etftisl_trnsn[].trace_idex = "+164680" => Some(Price::up(dec("1646.80"))), "ka40006!G45 A51")
}
