"""The package `kiwoom-restful` 0.4.0: two constants are its addresses, one of requests and one of the WebSocket."""

import asyncio
import sys
from datetime import datetime, timedelta

from steps import Steps, check

url, socket, today = sys.argv[1:]
start = (datetime.now() - timedelta(days=7)).strftime("%Y%m%d")

from kiwoom import API, Bot, config
from kiwoom.http.socket import Socket

config.REAL, Socket.REAL = url, socket
steps = Steps("kiwoom-restful")


async def all_steps():
    bot = Bot(url, "my key", "my secret", api=API(url, "my key", "my secret"))
    other = API(url, "my key", "my secret")
    loop = {}

    async def works(name, step):
        try:
            loop[name] = await step()
        except BaseException as error:  # noqa: BLE001
            loop[name] = error

        def given():
            if isinstance(loop[name], BaseException):
                raise loop[name]
            return loop[name]

        return steps.works(name, given)

    async def unnamed():
        try:
            await other.connect()
        except Exception as error:
            return f"{error.__cause__!r}"
        return "connected"

    async def token():
        # without a name of its own the firewall of the broker refuses it, as that of the simulator does
        await bot.connect({"User-Agent": "my-bot/1.0"})
        check(bot.token(), bot.token())

    async def stocks():
        codes = await bot.stock_list("0")
        check("005930_AL" in codes or "005930" in codes, codes)

    async def bars():
        frame = await bot.candle("005930", "day", "stock", start="20240101")
        check(len(frame) > 600 and frame.index.is_monotonic_increasing and frame.index.is_unique, frame.tail(2))
        check((frame["저가"] <= frame["종가"]).all() and (frame["종가"] <= frame["고가"]).all(), frame.tail(2))

    async def minutes():
        frame = await bot.candle("005930", "min", "stock", start=today)
        check(len(frame) > 30 and frame.index.is_monotonic_increasing, frame.tail(2))

    async def index():
        frame = await bot.candle("001", "day", "sector", start="20250101")
        check(len(frame) > 100, frame.tail(2))

    async def order_and_balance():
        body = {"dmst_stex_tp": "KRX", "stk_cd": "005930", "ord_qty": "3", "ord_uv": "", "trde_tp": "3", "cond_uv": ""}
        said = await bot.api.request("/api/dostk/ordr", "kt10000", data=body)
        check(len(said.json()["ord_no"]) == 7, said.json())
        said = await bot.api.request("/api/dostk/acnt", "kt00018", data={"qry_tp": "1", "dmst_stex_tp": "KRX"})
        held = said.json()["acnt_evlt_remn_indv_tot"]
        check([(row["stk_cd"], int(row["rmnd_qty"])) for row in held] == [("A005930", 3)], held)

    async def fills():
        # it asks day by day, up to that of its own clock; at the weekend the simulated day is the next Monday
        if datetime.strptime(today, "%Y%m%d") > datetime.now():
            print("kiwoom-restful: fills of the day: skipped at the weekend, the simulated day is yet to come")
            return
        await asyncio.sleep(0.6)
        rows = await bot.api.trade(start)
        check(any(row["ord_no"] for row in rows), rows)

    async def realtime():
        trades, books, quiet = [], [], []

        async def trade(data):
            trades.append(data)

        async def book(data):
            books.append(data)

        async def acknowledged(said):
            quiet.append(said)

        bot.api.add_callback_on_real_data("0B", trade)
        bot.api.add_callback_on_real_data("0D", book)
        bot.api.add_callback_on_real_data("REG", acknowledged)
        await bot.api.register_tick("1", ["005930", "000660"])
        await bot.api.register_hoga("2", ["005930"])
        # longer than the first ping, at five times the speed of the wall
        await asyncio.sleep(3)
        check(trades and books and [said["return_code"] for said in quiet] == [0, 0], (len(trades), len(books), quiet))
        before = len(trades)
        await asyncio.sleep(2)
        check(len(trades) > before, "pushes end after a ping")

    refused = await unnamed()
    steps.cannot("token under the name of its HTTP library", lambda: refused, "the firewall of the broker wants another", "400")
    for name, step in [
        ("token and login of the WebSocket", token),
        ("list of stocks", stocks),
        ("daily bars on several pages", bars),
        ("minute bars", minutes),
        ("bars of an index", index),
        ("order and balance", order_and_balance),
        ("fills of the day", fills),
        ("trades and books over the WebSocket, with pings", realtime),
    ]:
        await works(name, step)
    await bot.close()


asyncio.run(all_steps())
steps.end()
