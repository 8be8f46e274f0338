"""Calls the loopback server with the generated Python client: `client.py FILE URL`."""

import importlib
import json
import pkgutil
import sys

import kiwoom.api
import kiwoom.models as models
from kiwoom import AuthenticatedClient, Client
from kiwoom.api.domestic_chart import domestic_stock_daily_chart as chart
from kiwoom.api.domestic_order import domestic_buy_order as order
from kiwoom.api.domestic_stock import domestic_recent_trades as trades
from kiwoom.api.domestic_stock import domestic_stock_basic_info as info
from kiwoom.api.oauth_token import oauth_issue_token as issue

spec, url = sys.argv[1:]

# every operation of the file is a module that imports
wanted = {item["post"]["operationId"] for item in json.load(open(spec))["paths"].values()}
modules = {m.name.rsplit(".")[-1]: importlib.import_module(m.name) for m in pkgutil.walk_packages(kiwoom.api.__path__, "kiwoom.api.") if not m.ispkg}
assert modules.keys() == wanted, wanted ^ modules.keys()

keys = models.OauthIssueToken(appkey="key", secretkey="secret")
token = issue.sync(client=Client(base_url=url), body=keys)
assert token.return_code == 0 and token.token, token
client = AuthenticatedClient(base_url=url, token=token.token)

request = models.DomesticStockDailyChart.from_dict({"stk_cd": "005930", "base_dt": "20260703", "upd_stkpc_tp": "1"})
first = chart.sync_detailed(client=client, body=request)
assert first.parsed.return_code == 0, first.content
rows = list(first.parsed.stk_dt_pole_chart_qry)
assert first.headers["cont-yn"] == "Y"
second = chart.sync_detailed(client=client, body=request, cont_yn="Y", next_key=first.headers["next-key"])
rows += second.parsed.stk_dt_pole_chart_qry
assert [r.cur_prc for r in rows] == ["-42900", "+74800", " 67300"], rows
assert [str(getattr(r.pred_pre_sig, "value", r.pred_pre_sig)) for r in rows] == ["5", "2", "9"], "a code that is not listed stays"
assert rows[0]["new_key"] == "x", "a key that nobody knows stays"

try:
    models.DomesticStockDailyChart.from_dict({"stk_cd": "005930", "base_dt": "20260703", "upd_stkpc_tp": "7"})
except ValueError:
    pass
else:
    raise AssertionError("lists of codes are closed in requests")
try:
    models.DomesticStockDailyChart(stk_cd="005930")
except TypeError:
    pass
else:
    raise AssertionError("what the constructor needs is required")

bought = {"dmst_stex_tp": "KRX", "stk_cd": "005930", "ord_qty": "10", "ord_uv": "70100", "trde_tp": "0", "cond_uv": ""}
placed = order.sync(client=client, body=models.DomesticBuyOrder.from_dict(bought))
assert (placed.return_code, placed.ord_no) == (0, "0000138"), placed

limited = info.sync_detailed(client=client, body=models.DomesticStockBasicInfo(stk_cd="005930"))
assert limited.status_code == 429 and isinstance(limited.parsed, models.Refusal) and limited.parsed.return_code == 5
refused = trades.sync(client=client, body=models.DomesticRecentTrades(stk_cd="005930"))
assert refused.return_code == 2 and "1902" in refused.return_msg, "a refusal comes with HTTP 200"
print(f"Python: {len(modules)} operations import; token, two pages, an order, a refusal and the quota as expected")
