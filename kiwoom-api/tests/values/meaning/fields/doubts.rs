//! Texts that are not values: an anomaly, never a number that looks right.

use kiwoom_api::value::Doubt;

said! {
    // Sentinels: the server had no number.
    (ka10022.req_rt_sdnin[].now_rt = "-21474836.00" => doubt Doubt::Saturated, "ka10022!G40 A47")
    (ka10024.trde_qty_updt[].now_trde_qty = "4294967295" => doubt Doubt::Saturated, "ka10024!G39")
    (ka10081.stk_dt_pole_chart_qry[].cur_prc = "2147483647" => doubt Doubt::Saturated, "ka10081!G32")

    // Words and broken numbers under a number.
    (ka10073.dt_stk_rlzt_pl[].tdy_htssel_cmsn = "현금" => doubt Doubt::Misfit, "ka10073!G32 A48")
    (ust21070.result_list[].pl_amt = ". 950" => doubt Doubt::Misfit, "ust21070!G57")
    (ust21070.result_list[].pl_amt = ".-203" => doubt Doubt::Misfit, "ust21070!G57")
    (ka10024.trde_qty_updt[].now_trde_qty = "12.5" => doubt Doubt::Misfit, "ka10024!G39")
    (ka10024.trde_qty_updt[].cur_prc = "42900%" => doubt Doubt::Misfit, "ka10024!G34")
    (kt00015.trst_ovrl_trde_prps_array[].trde_unit = "5,6900" => doubt Doubt::Misfit, "kt00015!G71")
    (ka10081.stk_dt_pole_chart_qry[].trde_prica = "1e6" => doubt Doubt::Misfit, "ka10081!G34")
    (rt0_b::Push "15" .trade_qty = "+-" => None, "0B!G47")

    // Dates and times that do not exist, codes that are none.
    (ka10081.stk_dt_pole_chart_qry[].dt = "20250230" => doubt Doubt::Misfit, "ka10081!G35")
    (rt0_b::Push "20" .time = "250000" => doubt Doubt::Misfit, "0B!G41")
    (rt0_b::Push "20" .time = "888888" => doubt Doubt::Misfit, "0B!G41")
    (kt00018.acnt_evlt_remn_indv_tot[].stk_cd = "삼성전자" => doubt Doubt::Misfit, "kt00018!G38")
}
