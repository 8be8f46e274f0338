//! Prices: the sign is a direction, never part of the number; zero is no price.

use kiwoom_api::value::{ByRequest, Price};

use super::{dec, pct};

said! {
    // The same words stand at prices and at changes: the label tells them apart.
    (ka10024.trde_qty_updt[].cur_prc = "-42900" => Some(Price::down(42_900)), "ka10024!G34 A45")
    (ka10024.trde_qty_updt[].cur_prc = "+74800" => Some(Price::up(74_800)), "ka10024!G34 A45")
    (ka10024.trde_qty_updt[].pred_pre = "-150" => Some(dec("-150")), "ka10024!G36 A45")
    (ka10024.trde_qty_updt[].pred_pre = "+17200" => Some(dec("17200")), "ka10024!G36 A45")
    (ka10024.trde_qty_updt[].buy_bid = "+45250" => Some(Price::up(45_250)), "ka10024!G41 A45")
    (usa20100.cur_prc = "+201.4700" => Some(Price::up(dec("201.47"))), "usa20100!G44 A73")
    (usa20100.pred_pre = "+1.4300" => Some(dec("1.43")), "usa20100!G46 A73")
    (usa20100.n52wk_lwst_pric = "-145.5000" => Some(Price::down(dec("145.5"))), "usa20100!G36 A73")
    (usa20100.base_close_pric = "200.0400" => Some(Price::plain(dec("200.04"))), "usa20100!G58 A73")
    (usa20100.upl_pric = "" => None, "usa20100!G59 A73")
    (usa20590.result_list[].cur_prc = "-198.4500" => Some(Price::down(dec("198.45"))), "usa20590!G32 A48")
    (usa20510.result_list[].stdt_base_pric = "-0.00360" => Some(Price::down(dec("0.0036"))), "usa20510!G41 A51")

    // A sign in a padded number is its format: padded prices never carry one, so nothing is said of the day before.
    (kt00018.acnt_evlt_remn_indv_tot[].cur_prc = "000000059000" => Some(Price::plain(59_000)), "kt00018!G46 A64")
    (kt00018.acnt_evlt_remn_indv_tot[].pred_close_pric = "000000045400" => Some(Price::plain(45_400)), "kt00018!G43 A64")
    (kt00018.acnt_evlt_remn_indv_tot[].evltv_prft = "-00000000196888" => Some(dec("-196888")), "kt00018!G40 A64")
    (kt00004.stk_acnt_evlt_prst[].cur_prc = "000000070000" => Some(Price::plain(70_000)), "kt00004!G52 A66")
    (kt00005.stk_cntr_remn[].cur_prc = "000000070000" => Some(Price::plain(70_000)), "kt00005!G66 A75")
    (kt20016.crd_loan_pos_stk[].pred_close_pric = "000000117500" => Some(Price::plain(117_500)), "kt20016!G36 A42")
    (kt50020.gold_acnt_evlt_prst[].cur_prc = "000000151780" => Some(Price::plain(151_780)), "kt50020!G40 A55")
    (ka10099::Reply "list.lastPrice" .list[0].last_price = "00000197" => Some(Price::plain(197)), "ka10099!G34 A46")
    (ka10172::Reply "data.10" .data[0].price = "000075000" => Some(Price::plain(75_000)), "ka10172!G42 A53")
    (usa20281::Reply "data.10" .data[0].price = "000000.1602" => Some(Price::plain(dec("0.1602"))), "usa20281!G41 A54")
    (ust21070.result_list[].now_pric = "275.2400" => Some(Price::plain(dec("275.24"))), "ust21070!G55 A70")
    (ust21070.result_list[].now_pric_krw = "000000419603" => Some(Price::plain(419_603)), "ust21070!G64 A70")

    // Labels that only look like prices.
    (ka10001.fav = "5000" => Some(dec("5000")), "ka10001!G31 A76")
    (ka10001.repl_pric = "66780" => Some(dec("66780")), "ka10001!G40 A76")
    (ka10036.for_limit_exh_rt_incrs_upper[].exh_rt_incrs = "+283.33" => Some(pct("283.33")), "ka10036!G42 A46")
    (ka10048.elwdaly_snst_ix[].vega = "41752995" => Some(dec("41.752995")), "ka10048!G34 A40")
    (ka10061.stk_invsr_orgn_tot[].natn = "0" => Some(ByRequest::from(0)), "ka10061!G44 A50")

    // Prices whose sign no word announces.
    (ka10085.acnt_prft_rt[].cur_prc = "-63000" => Some(Price::down(63_000)), "ka10085!G32 A49")
    (ka10085.acnt_prft_rt[].cur_prc = "+256500" => Some(Price::up(256_500)), "ka10085!G32 A49")
    (ka10075.oso[].cur_prc = "+74100" => Some(Price::up(74_100)), "ka10075!G50 A65")
    (ka10075.oso[].buy_bid = "+74100" => Some(Price::up(74_100)), "ka10075!G52 A65")
    (ka50080.gds_min_chart_qry[].open_pric = "+142180" => Some(Price::up(142_180)), "ka50080!G35 A44")
    (ka50080.gds_min_chart_qry[].cur_prc = "142170" => Some(Price::plain(142_170)), "ka50080!G31 A44")
    (ka50092.gds_min_chart_qry[].cntr_pric = "+152480" => Some(Price::up(152_480)), "ka50092!G30 A44")
    (rt_f_e::Push "10" .price = "+198.5000" => Some(Price::up(dec("198.5"))), "FE!G41 A62")
    (rt_f_e::Push "18" .low = "+195.1100" => Some(Price::up(dec("195.11"))), "FE!G49 A62")
    (rt_f_t::Push "41" .asks[0].price = "+198.5400" => Some(Price::up(dec("198.54"))), "FT!G42 A109")
    (rt_f_t::Push "51" .bids[0].price = "+198.4800" => Some(Price::up(dec("198.48"))), "FT!G45 A109")

    // No sign means unchanged only where the words say that there is one.
    (ka10081.stk_dt_pole_chart_qry[].cur_prc = "70100" => Some(Price::plain(70_100)), "ka10081!G32 A45")
    (ka10094.stk_yr_pole_chart_qry[].high_pric = "118800" => Some(Price::plain(118_800)), "ka10094!G37 A42")
    (ka10080.stk_min_pole_chart_qry[].cur_prc = "-78800" => Some(Price::down(78_800)), "ka10080!G33 A44")
    (ka20002.inds_stkpc[].cur_prc = "6200" => Some(Price::flat(6_200)), "ka20002!G33 A46")
    (ka20002.inds_stkpc[].low_pric = "-66000" => Some(Price::down(66_000)), "ka20002!G42 A46")
    (ka20002.inds_stkpc[].high_pric = "+68100" => Some(Price::up(68_100)), "ka20002!G41 A46")
    (ka10095.atn_stk_infr[].base_pric = "121700" => Some(Price::plain(121_700)), "ka10095!G32 A95")
    (ka10095.atn_stk_infr[].buy_5th_bid = "121700" => Some(Price::flat(121_700)), "ka10095!G52 A95")
    (ka10095.atn_stk_infr[].lst_pric = "-85200" => Some(Price::down(85_200)), "ka10095!G54 A95")
    (ka10005.stk_ddwkmm[].close_pric = "+95400" => Some(Price::up(95_400)), "ka10005!G33 A49")
    (ka10005.stk_ddwkmm[].open_pric = "95400" => Some(Price::flat(95_400)), "ka10005!G30 A49")
    (ka00198.item_inq_rank[].past_curr_prc = "+70700" => Some(Price::up(70_700)), "ka00198!G33 A44")
    (rt0_b::Push "10" .price = "-20800" => Some(Price::down(20_800)), "0B!G42 A87")
    (rt0_b::Push "16" .open = "20850" => Some(Price::flat(20_850)), "0B!G50 A87")
    (rt0_b::Push "17" .high = "+21150" => Some(Price::up(21_150)), "0B!G51 A87")
    (rt0_a::Push "18" .low = " 67300" => Some(Price::flat(67_300)), "0A!G50 A63")
    (rt0m::Push "10" .price = " 450" => Some(Price::flat(450)), "0m!G42 A54")
    (rt0_d::Push "41" .asks[0].price = "-20800" => Some(Price::down(20_800)), "0D!G42 A207")
    (rt0_d::Push "42" .asks[1].price = "+20900" => Some(Price::up(20_900)), "0D!G48 A207")
    (rt0_d::Push "51" .bids[0].price = "-20700" => Some(Price::down(20_700)), "0D!G45 A207")
    (rt0_d::Push "23" .expected.price = "20850" => Some(Price::plain(20_850)), "0D!G106 A207")
    (rt0_c::Push "28" .bid = "-20700" => Some(Price::down(20_700)), "0C!G42 A46")
    (rt0g::Push "306" .lower_limit = "-42300" => Some(Price::down(42_300)), "0g!G45 A54")
    (rt1h::Push "1221" .trigger_price = "4125" => Some(Price::plain(4_125)), "1h!G48 A63")
    (rt00::Push "28" .bid = "-60000" => Some(Price::down(60_000)), "00!G62 A79")
    (rt04::Push "10" .price = "-60150" => Some(Price::down(60_150)), "04!G46 A71")

    // Funds: a NAV quotes like a price.
    (ka40003.etfdaly_trnsn[].nav = "+100584.57" => Some(Price::up(dec("100584.57"))), "ka40003!G35 A46")
    (rt0_g::Push "36" .nav = "+7488.27" => Some(Price::up(dec("7488.27"))), "0G!G41 A59")

    // Index points.
    (ka20001.cur_prc = "-2394.49" => Some(Price::down(dec("2394.49"))), "ka20001!G29 A62")
    (ka20001.n52wk_hgst_pric = "+3001.91" => Some(Price::up(dec("3001.91"))), "ka20001!G45 A62")
    (ka20003.all_inds_idex[].cur_prc = "-2393.33" => Some(Price::down(dec("2393.33"))), "ka20003!G31 A47")
    (ka20009.inds_cur_prc_daly_rept[].cur_prc_n = "+2672.96" => Some(Price::up(dec("2672.96"))), "ka20009!G53 A61")
    (ka30011.elwalacc_rt[].cur_prc = "+431.78" => Some(Price::up(dec("431.78"))), "ka30011!G31 A40")
    (rt0_j::Push "10" .price = "-1762.61" => Some(Price::down(dec("1762.61"))), "0J!G42 A56")
    (rt0_u::Push "10" .price = "-1757.42" => Some(Price::down(dec("1757.42"))), "0U!G49 A58")

    // Gold.
    (ka50010.gold_cntr[].cntr_pric = "+152300" => Some(Price::up(152_300)), "ka50010!G29 A45")
    (ka50012.gold_daly_trnsn[].low_pric = "-150250" => Some(Price::down(150_250)), "ka50012!G37 A46")
    (ka50100.lst_pric = "-136520" => Some(Price::down(136_520)), "ka50100!G37 A42")
    // the item MGU: 3,377.82 USD an ounce, as its docs say; one field cannot have the scale of both items
    (rt0_i::Push "10" .price = "-337782" => Some(Price::down(337_782)), "0I!G40 A47")

    // Price zero means "no price".
    (ka10024.trde_qty_updt[].sel_bid = "0" => None, "ka10024!G40 A45")
    (ka20002.inds_stkpc[].open_pric = "0" => None, "ka20002!G40 A46")
    (ka10001.open_pric = "-0" => None, "ka10001!G53 A76")
    (ka10084.tdy_pred_cntr[].pri_sel_bid_unit = "-0" => None, "ka10084!G36 A47")
    (ka10087::Reply "ovt_sigpric_sel_bid_1" .asks[0].price = "-0" => None, "ka10087!G43 A77")
    (ka10004::Reply "sel_fpr_bid" .asks[0].price = "0" => None, "ka10004!G58 A100")
    (ka10004::Reply "buy_10th_pre_bid" .bids[9].price = "0" => None, "ka10004!G86 A100")
    (ka10075.oso[].sel_bid = "0" => None, "ka10075!G51 A65")
    (ka10075.oso[].ord_pric = "0" => None, "ka10075!G40 A65")
    (ka10075.oso[].cntr_pric = "0" => None, "ka10075!G48 A65")
    (ka01690.day_bal_rt[].cur_prc = "0" => None, "ka01690!G37 A50")
    (ka40003.etfdaly_trnsn[].nav = "0.00" => None, "ka40003!G35 A46")
    (ka30012.all_hgst_pric = "0.00" => None, "ka30012!G87 A96")
    (kt00007.acnt_ord_cntr_prps_dtl[].ord_uv = "0000000000" => None, "kt00007!G40 A60")
    (kt00007.acnt_ord_cntr_prps_dtl[].cond_uv = "0000000000" => None, "kt00007!G56 A60")
    (kt50075.acnt_ord_oso_prst[].cntr_uv = "0000000000" => None, "kt50075!G52 A61")
    (ust21050.result_list[].cntr_uv = "0.0000" => None, "ust21050!G47 A60")
    (ust21050.result_list[].stop_pric = "0.0000" => None, "ust21050!G45 A60")
    (rt0_d::Push "291" .auction.price = "0" => None, "0D!G115 A207")
    (rt0_d::Push "6102" .krx.mid.price = "0" => None, "0D!G190 A207")
    (rt1h::Push "1237" .dynamic_base_price = "0" => None, "1h!G53 A63")
    (rt00::Push "901" .order_price = "0" => None, "00!G49 A79")
    (rt00::Push "910" .reported_fill_price = "" => None, "00!G58 A79")
    (rt_f5::Push "910" .reported_fill_price = "000000000000" => None, "F5!G55 A80")

    // Prices of one's own orders and fills.
    (kt00007.acnt_ord_cntr_prps_dtl[].cntr_uv = "0000004900" => Some(Price::plain(4_900)), "kt00007!G50 A60")
    (kt50075.acnt_ord_oso_prst[].ord_uv = "0000140000" => Some(Price::plain(140_000)), "kt50075!G42 A61")
    (ka10076.cntr[].cntr_pric = "158200" => Some(Price::plain(158_200)), "ka10076!G38 A55")
    (ust21050.result_list[].ord_uv = "200.0000" => Some(Price::plain(200)), "ust21050!G44 A60")
    (rt_f5::Push "901" .order_price = "0000198.4200" => Some(Price::plain(dec("198.42"))), "F5!G52 A80")
    (rt_f4::Push "901" .order_price = "198.4200" => Some(Price::plain(dec("198.42"))), "F4!G49 A64")
}
