"""The package `pykiwoom-rest` 2.2.0: a constant of its base class is its address."""

import asyncio
import logging
import sys
from datetime import datetime, timedelta

import requests
from steps import Steps, check

url, socket, today = sys.argv[1:]

from pykiwoom_rest import KiwoomAPIBase, KiwoomRest, WebSocketAPI

KiwoomAPIBase.BASE_URL = url
# what it cannot is told below
logging.disable(logging.CRITICAL)
steps = Steps("pykiwoom-rest")
kiwoom = KiwoomRest(account_no="1234567890", appkey="my key", appsecret="my secret")


def token():
    return kiwoom.get_access_token()


def by_hand():
    """Gives it a token, so that the rest of it can be tried."""
    body = {"grant_type": "client_credentials", "appkey": "my key", "secretkey": "my secret"}
    given = requests.post(f"{url}/oauth2/token", json=body, timeout=10).json()["token"]
    for part in (kiwoom.stock_api, kiwoom.chart_api, kiwoom.order_api, kiwoom.account_api):
        part.access_token, part.token_expires = given, datetime.now() + timedelta(hours=20)


def stock():
    said = kiwoom.get_stock_price("005930")
    check("삼성전자" in repr(said), said)


def bars():
    said = kiwoom.get_daily_chart("005930", end_date=today, count=30)
    check(f"'dt': '{today}'" in repr(said), said)


def order():
    return kiwoom.buy_stock("005930", 3)


def order_with_a_price():
    return kiwoom.buy_stock("005930", 3, price=70000, order_type="00")


def realtime():
    return asyncio.run(WebSocketAPI("token", "my key", "my secret", base_url=socket).connect())


steps.cannot("token", token, "it reads the expiry of a token as ISO 8601 and finds `yyyyMMddHHmmss`", "만료 정보")
steps.works("a token that is given to it", by_hand)
steps.works("stock info", stock)
steps.works("daily bars", bars)
steps.cannot("market order", order, "it asks for a price", "price must be positive")
steps.cannot("limit order", order_with_a_price, "its fields are not those of the broker", "1517")
steps.cannot("balance", kiwoom.get_balance_detail, "its field is not one of the broker's", "1517")
steps.cannot("WebSocket", realtime, "it takes TLS addresses only, and sends no LOGIN", "wss://")
steps.end()
