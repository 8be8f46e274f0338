//! What a person counted in the July workbook before there was a `lint`: each case is exactly one finding.
#![cfg(feature = "workbook")]

use std::collections::BTreeMap;

use crate::import_support::{books, both_imported};
use crate::lint_real::tables;
use kiwoom_spec::check::doubts::doubts;
use kiwoom_spec::reading::Reading;

/// The case in a few words, the kind of finding, its places: `api at`, `api` alone for a cell of the sheet, `at` alone
/// for an element of several APIs.
const CASES: &[(&str, &str, &str)] = &[
    // Type, Required, Length
    ("the Type column was lost", "column-blank", "Type"),
    ("two forms of a body", "several-forms", "ka10173"),
    (
        "Required in responses",
        "response-required",
        "au10001 response, ka10173 response, ka10174 response, usa20291 response",
    ),
    (
        "required and blank",
        "required-but-blank",
        "ka50079 request.tic_scope, ka50080 request.tic_scope, ust21132 request.base_dt, ust21180 request.strt_dt, ust21180 request.end_dt, ust21630 request.fc_krw_tp, ust31302 request.fc_exmn_amt",
    ),
    (
        "longer than Length",
        "longer-than-length",
        "ka01300 response.nofi.name, ka20007 request.base_dt, ka30012 response.elwrght_cntn, ka90001 response.thema_grp.thema_nm, kt50020 response.gold_acnt_evlt_prst.stk_nm, kt50032 response.gold_trde_hist.orig_deal_no, ust20000 response.fc_entra, ust20002 response.fc_entra, ust21660 response.tot_sell_amt, ust21660 response.tot_pl_amt, ust21661 response.tot_sell_amt, ust21661 response.tot_pl_amt",
    ),
    (
        "codes longer than Length",
        "code-longer-than-length",
        "ka10017 request.stk_cnd, ka10019 request.trde_qty_tp, ka10020 request.trde_qty_tp, ka10022 request.trde_qty_tp, ka10023 request.stk_cnd, ka10023 request.trde_qty_tp, ka10024 request.cycle_tp, ka10024 request.trde_qty_tp, ka10025 request.cycle_tp, ka10030 request.mang_stk_incls, ka10030 request.trde_qty_tp, ka10030 request.pric_tp, ka10030 request.trde_prica_tp, ka10033 request.trde_qty_tp, ka10038 request.dt, ka10062 request.unit_tp",
    ),
    // Descriptions
    ("a code twice", "duplicate-code", "usa24140 request.alacc_rt, usa24141 request.alacc_rt"),
    ("a code without a label", "code-without-label", "ka10052 request.qty_tp"),
    ("one code, other meanings", "opposite-codes", "stex_tp, trde_tp, mang_stk_incls, amt_qty_tp, mrkt_tp"),
    (
        "signs of changes that no list has",
        "unlisted-code",
        "ka10013 response.crd_trde_trend.pred_pre_sig, ka10015 response.daly_trde_dtl.pred_pre_sig, ka10018 response.high_low_pric_alacc.pred_pre_sig, ka10045 response.stk_orgn_trde_trnsn.pre_sig, ka10078 response.sec_stk_trde_trend.pre_sig, ka40003 response.etfdaly_trnsn.pre_sig, ka90013 response.stk_daly_prm_trde_trnsn.pre_sig, ka20004 response.inds_tic_chart_qry.pred_pre_sig",
    ),
    (
        "other codes that no list has",
        "unlisted-code",
        "ka00198 response.item_inq_rank.rank_chg_sign, ka10017 request.trde_qty_tp, ka10018 request.trde_qty_tp, ka10019 request.trde_qty_tp, usa20520 response.result_list.stex_tp, kt00015 response.trst_ovrl_trde_prps_array.trde_ocr_tp, usa24140 request.sort_tp, usa24140 request.updown_tp, usa24141 request.sort_tp, usa24141 request.updown_tp",
    ),
    (
        "labels instead of codes",
        "unlisted-code",
        "ust21050 response.result_list.frgn_trde_nm, ust21050 response.result_list.rsrv_tp",
    ),
    (
        "signs of changes left blank",
        "blank-code",
        "ka10001 response.pre_sig, ka50080 response.gds_min_chart_qry.pred_pre_sig",
    ),
    ("a year where a date is said", "format-wrong", "usa26410 response.result_list.dt"),
    (
        "wrong widths",
        "padding-wrong",
        "kt00003 response.prsm_dpst_aset_amt, kt50020 response.gold_acnt_evlt_prst.pl_prch_prc",
    ),
    ("a date that is a time", "format-wrong", "ka10004 response.bid_req_base_tm"),
    (
        "prices in %",
        "unit-against-label",
        "usa20972 response.result_list.high_pric, usa20972 response.result_list.low_pric, usa20972 response.result_list.sel_bid, usa20972 response.result_list.buy_bid",
    ),
    ("a rate without its point", "decimals-wrong", "ka10051 response.inds_netprps.flu_rt"),
    // Examples
    (
        "trailing commas",
        "example-not-json",
        "ka00198 response, ka01301 response, ka10014 response, ka10039 response, ka10068 response, ka10079 response, ka10080 response, ka10081 response, ka10082 response, ka10083 response, ka10094 response, ka20004 response, ka20005 response, ka20006 response, ka20007 response, ka20008 response, ka20068 response, ka50010 response, ka50079 response, ka50081 response, ka50082 response, ka50083 response, ka50091 response, kt20016 response, kt50030 response, kt50031 response, kt50032 response, kt50075 response, usa10102 response, usa20200 response, usa20201 response, usa20280 response, ust21150 response, ust21510 response",
    ),
    ("single quotes", "example-not-json", "ka10063 response, ka10171 response, ka10172 response, ka10174 response"),
    (
        "two documents",
        "example-not-json",
        "00 response, 04 response, 0A response, 0B response, 0C response, 0D response, 0E response, 0F response, 0G response, 0H response, 0I response, 0J response, 0U response, 0g response, 0m response, 0s response, 0u response, 0w response, 1h response, ka10173 response, usa20290 response",
    ),
    (
        "other damage",
        "example-not-json",
        "au10001 response, ka00001 response, kt10000 response, ka30005 response, ka30012 response, usa10099 response",
    ),
    ("another spelling of the envelope", "envelope-spelling", "ka10030 response, ka10084 response"),
    (
        "the example of another API",
        "foreign-example",
        "ka90003 response.prm_netprps_upper_50, ka20005 response.inds_min_pole_qry",
    ),
    ("one example for two", "shared-example", "usa20931 response"),
    (
        "result_lsit",
        "list-misspelt",
        "usa20972 response.result_list, usa23402 response.result_list, usa24162 response.result_list, ust21131 response.result_list, ust21150 response.result_list, ust21180 response.result_list, ust21510 response.result_list, ust21610 response.result_list, ust21620 response.result_list, ust21660 response.result_list, ust21661 response.result_list",
    ),
    ("shifted values: dates", "format-wrong", "ka10001 response.250hgst_pric_dt, ka10001 response.250lwst_pric_dt"),
    (
        "shifted values: a broker's code as a date",
        "not-a-date",
        "ka10053 response.tdy_upper_scesn_ori.qry_dt, ka10053 response.tdy_upper_scesn_ori.qry_tm",
    ),
    ("shifted values: words as a time", "not-a-date", "ka30001 response.base_pric_tm"),
    ("shifted values: a number as a name", "not-a-name", "ka30005 response.elwcnd_qry.lpmmcm_nm_1"),
    ("a push that no table describes", "form-only-in-example", "usa20290 response"),
    ("one name, two spellings", "only-in-example", "usa20290 response.data.stex_tp"),
    ("the service of another API", "fixed-value-differs", "usa20291 response.trnm"),
    ("a slip in the service", "fixed-value-differs", "usa20280 response.trnm"),
    (
        "keys under other names",
        "key-misspelt",
        "usa10104 response.list.code, usa24220 response.result_list.pric_cnd_st, usa24221 response.result_list.pric_cnd_st",
    ),
    (
        "keys in other places",
        "key-elsewhere",
        "usa24140 response.result_list.pre_high_pric, usa24141 response.result_list.pre_high_pric",
    ),
    (
        "keys that no example shows",
        "only-in-table",
        "ka10063 response.opmr_invsr_trde.netprps_amt, ka10063 response.opmr_invsr_trde.prev_netprps_amt, ka10063 response.opmr_invsr_trde.buy_amt, ka10063 response.opmr_invsr_trde.netprps_amt_irds, ka10063 response.opmr_invsr_trde.buy_amt_irds, ka10063 response.opmr_invsr_trde.sell_amt, ka10063 response.opmr_invsr_trde.sell_amt_irds, ka10075 response.oso.stop_pric, ka10076 response.cntr.stop_pric, ka10084 response.tdy_pred_cntr.stex_tp, ka10172 response.return_msg, ka10173 response.return_msg, kt10000 response.dmst_stex_tp, usa20101 response.sel_5bid, usa20281 response.return_msg, usa20290 response.return_msg, usa23100 response.result_list.sel_bid, usa23100 response.result_list.buy_bid, F4 response.return_code, F4 response.return_msg, F4 response.data.stexTp, F5 response.return_code, F5 response.return_msg, FE response.return_code, FE response.return_msg, FT response.return_code, FT response.return_msg",
    ),
    (
        "keys that no table has",
        "only-in-example",
        "ka10005 response.stk_ddwkmm.cntr_str, ka10044 response.daly_orgn_trde_stk.prsm_avg_pric, ka10044 response.daly_orgn_trde_stk.cur_prc, ka10044 response.daly_orgn_trde_stk.avg_pric_pre, ka10044 response.daly_orgn_trde_stk.pre_rt, ka10080 response.stk_min_pole_chart_qry.acc_trde_qty, ka10088 response.osop.acnt_no, ka20001 response.inds_cur_prc_tm.stex_tp, ka52301 response.inve_trad_stat.chg_qty, ka52301 response.inve_trad_stat.mont_trde_qty, kt00015 response.acnt_no, usa10101 response.list.gubun, usa10102 response.list.stex_tp, usa20100 response.fnc_health_lv, usa20101 response.sel_1bid_cnt, usa20201 response.nofj.memo, usa20201 response.nofj.memo_opt, usa20940 response.result_list.inds_cd, usa20941 response.result_list.inds_cd, usa20960 response.result_list.pred_trde_qty, usa20961 response.result_list.pred_trde_qty, usa23100 response.result_list.trde_prica, usa24290 response.result_list.sel_bid, usa24290 response.result_list.buy_bid, usa24290 response.result_list.sel_req, usa24290 response.result_list.buy_req, ust20000 response.acnt_nm, ust20001 response.acnt_nm, ust20002 response.acnt_nm, ust20003 response.acnt_nm, ust21050 response.result_list.frgn_ord_id, ust21070 response.stex_tp, ust21100 response.result_list.isin_code, ust21100 response.result_list.wrkr_id, ust21100 response.result_list.proc_brch, ust31300 response.sell_crnc_entra_prerm, ust31300 response.buy_crnc_etc_loana_prerm, FE response.data.stexTp, FT response.data.stexTp",
    ),
    // Forms of values
    (
        "two signs",
        "double-sign",
        "ka10043 response.trde_ori_prps_anly.pred_pre, ka10044 response.daly_orgn_trde_stk.avg_pric_pre, ka10058 response.invsr_daly_trde_stk.avg_pric_pre, ka30005 response.elwcnd_qry.dispty_rt, ka50087 response.gold_expt_exec.exp_flu_rt, ka50087 response.gold_expt_exec.exp_cntr_trde_qty",
    ),
    ("a signed zero", "signed-zero", "ka10001 response.open_pric"),
    (
        "percent signs",
        "percent-sign",
        "kt00011 response.stk_profa_rt, kt00011 response.profa_rt, kt00011 response.aplc_rt, ust31490 response.stk_profa_rt, ust31490 response.profa_rt, ust31490 response.aplc_rt, kt00012 response.stk_assr_rt_nm, kt20016 response.crd_loan_pos_stk.crd_assr_rt",
    ),
    (
        "thousands separators",
        "grouped-number",
        "kt00015 response.trst_ovrl_trde_prps_array.trde_unit, ust21160 response.usd_exch_rate",
    ),
    (
        "blanks in values",
        "blank-padded",
        "0A response.data.values.18, 0m response.data.values.10, ka10172 response.seq, 0g response.data.values.592, 0g response.data.values.593",
    ),
    (
        "a sign before a word",
        "signed-text",
        "ka10052 response.trde_ori_mont_trde_qty.tp, ka10075 response.oso.io_tp_nm, 00 response.data.values.905, 1h response.data.values.1279, ust21620 response.result_list.slby_tp_nm",
    ),
    (
        "dates with marks",
        "marked-date",
        "usa21730 response.result_list.frst_base_dt, usa21731 response.result_list.frst_base_dt, usa21732 response.result_list.frst_base_dt",
    ),
    ("an hour past midnight", "marked-date", "usa23100 response.result_list.cntr_tm"),
    (
        "the end of an integer type",
        "sentinel",
        "ka10022 response.req_rt_sdnin.now_rt, ka10022 response.req_rt_sdnin.sdnin_rt",
    ),
    (
        "a number here, a text there",
        "number-and-text",
        "9001, 905, 906, acnt_nm, acnt_no, bid_tm, buy_trde_ori_1, buy_trde_ori_2, sel_trde_ori_1, sel_trde_ori_2, sel_trde_ori_3, cntr_tm, cod2, crd_tp, frgn_trde_tp, inds_cd, item, lpmmcm_nm_1, ord_tm, sell_tp, stex_tp, stk_cd, tp, type",
    ),
    (
        "whole here, with decimals there",
        "integer-and-decimal",
        "cur_prc, pred_pre, high_pric, flu_rt, pl_amt, ord_uv, buy_amt",
    ),
    ("one element, several units", "unit-differs", "high_pric, buy_amt"),
    // Realtime
    (
        "flattened requests",
        "example-flattened",
        "00 request, 04 request, 0A request, 0B request, 0C request, 0D request, 0E request, 0F request, 0G request, 0H request, 0I request, 0J request, 0U request, 0g request, 0m request, 0s request, 0u request, 0w request, 1h request, F4 request, F5 request, FE request, FT request",
    ),
    ("a topic without return_code", "envelope-missing", "0I response.return_code"),
    (
        "FIDs that no example shows",
        "only-in-table",
        "0G response.data.values.667, 0G response.data.values.668, 0G response.data.values.669, 0w response.data.values.214, 0w response.data.values.215, 0w response.data.values.216",
    ),
    ("a FID that no table has", "only-in-example", "F4 response.data.values.8046"),
    (
        "pushes called otherwise",
        "push-name-differs",
        "04 response.data.name, 0w response.data.name, F4 response.data.name, F5 response.data.name, FE response.data.name, FT response.data.name",
    ),
    ("FIDs with several labels", "fid-names-differ", "15, 26, 20"),
];

#[test]
fn what_was_counted_by_hand_is_found_once() {
    let (Some([_, july]), Some(spec)) = (books(), both_imported()) else { return };
    let mut found: BTreeMap<(&str, String), usize> = BTreeMap::new();
    let all = doubts(&Reading::of(july), spec, &tables());
    all.iter().for_each(|d| *found.entry((d.kind.id(), d.place())).or_default() += 1);
    let mut wrong = Vec::new();
    let mut cases = 0;
    for (case, kind, places) in CASES {
        for place in places.split(", ") {
            cases += 1;
            match found.get(&(*kind, place.to_owned())) {
                Some(1) => {}
                n => wrong.push(format!("{case}: {kind} {place}: {n:?}")),
            }
        }
    }
    assert!(wrong.is_empty() && cases > 340, "{cases} cases, not found once:\n{}", wrong.join("\n"));
}
