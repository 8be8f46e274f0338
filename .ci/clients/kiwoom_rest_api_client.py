"""The package `kiwoom-rest-api` 0.1.12: its address and keys come from its own environment variables."""

import os
import sys

from steps import Steps, check

url, _, today = sys.argv[1:]
os.environ.update(KIWOOM_DEFAULT_BASE_URL=url, KIWOOM_API_KEY="my key", KIWOOM_API_SECRET="my secret")

from kiwoom_rest_api.auth.token import TokenManager
from kiwoom_rest_api.koreanstock.account import Account
from kiwoom_rest_api.koreanstock.chart import Chart
from kiwoom_rest_api.koreanstock.order import Order
from kiwoom_rest_api.koreanstock.stockinfo import StockInfo

steps = Steps("kiwoom-rest-api")
tokens = TokenManager()
make = {"base_url": url, "token_manager": tokens}


def token():
    first = tokens.get_token()
    check(first, first)
    # its own clock decides whether it asks again
    check(tokens._is_access_token_valid(), tokens._token_expiry)


def stock():
    said = StockInfo(**make).basic_stock_information_request_ka10001("005930")
    check(said["return_code"] == 0 and said["stk_nm"] == "삼성전자" and said["cur_prc"], said)


def bars():
    chart = Chart(**make)
    rows = chart.stock_daily_chart_request_ka10081("005930", today, "1")["stk_dt_pole_chart_qry"]
    check(len(rows) == 600 and rows[0]["dt"] <= today and rows[0]["dt"] > rows[-1]["dt"], rows[:2])


def pages():
    # it shows the headers of paging only where the server names them as exposed
    chart = Chart(**make)
    said = chart.stock_daily_chart_request_ka10081("005930", today, "1")
    check(said.get("cont-yn") == "Y" and said.get("next-key"), sorted(said))
    more = chart.stock_daily_chart_request_ka10081("005930", today, "1", cont_yn="Y", next_key=said["next-key"])
    check(more["stk_dt_pole_chart_qry"][0]["dt"] < said["stk_dt_pole_chart_qry"][-1]["dt"], more)


def order():
    said = Order(**make).stock_buy_order_request_kt10000("KRX", "005930", "3", "3")
    check(said["return_code"] == 0 and len(said["ord_no"]) == 7, said)
    refused = Order(**make).stock_buy_order_request_kt10000("KRX", "005930", "3", "3", ord_uv="70000")
    check(refused["return_code"] != 0 and refused["return_msg"], refused)


def balance():
    said = Account(**make).account_evaluation_balance_detail_request_kt00018("1", "KRX")
    held = said["acnt_evlt_remn_indv_tot"]
    check([(row["stk_cd"], int(row["rmnd_qty"])) for row in held] == [("A005930", 3)], said)


steps.works("token", token)
steps.works("stock info", stock)
steps.works("600 daily bars", bars)
steps.works("pages", pages)
steps.works("order, and a refusal", order)
steps.works("balance", balance)
steps.end()
