"""A small broker on this machine for the generated clients. Prints its port and serves until its standard input ends.

It refuses, with HTTP 400, what the broker would not understand: a path with its fragment, no `api-id`, no token, another body.
"""

import json
import os
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TOKEN = "loopback-token"
CHART = {"stk_cd": "005930", "base_dt": "20260703", "upd_stkpc_tp": "1"}
ORDER = {"dmst_stex_tp": "KRX", "stk_cd": "005930", "ord_qty": "10", "ord_uv": "70100", "trde_tp": "0", "cond_uv": ""}


def rows(*closes):
    signs = {"+": "2", "-": "5"}
    return [{"cur_prc": c, "dt": "20260703", "pred_pre_sig": signs.get(c[0], "9"), "new_key": "x"} for c in closes]


class Broker(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body, **headers):
        text = json.dumps({"return_msg": "", **body}).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json;charset=UTF-8", "Content-Length": str(len(text)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(text)

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        api, path, token = self.headers.get("api-id"), self.path, self.headers.get("Authorization")
        if api == "au10001" and path == "/oauth2/token" and token is None:
            right = body == {"grant_type": "client_credentials", "appkey": "key", "secretkey": "secret"}
            return self.answer(200, {"token": TOKEN, "token_type": "bearer", "expires_dt": "20991107083713", "return_code": 0} if right else {"return_code": 3})
        if token != f"Bearer {TOKEN}":
            return self.answer(400, {"return_code": 3, "return_msg": f"no token: {token}"})
        if api == "ka10081" and path == "/api/dostk/chart" and body == CHART:
            if self.headers.get("cont-yn") == "Y" and self.headers.get("next-key") == "PAGE2":
                return self.answer(200, {"stk_dt_pole_chart_qry": rows(" 67300"), "return_code": 0}, cont_yn="N", next_key="")
            return self.answer(200, {"stk_dt_pole_chart_qry": rows("-42900", "+74800"), "return_code": 0}, cont_yn="Y", next_key="PAGE2")
        if api == "kt10000" and path == "/api/dostk/ordr" and body == ORDER:
            return self.answer(200, {"ord_no": "0000138", "return_code": 0})
        if api == "ka10001" and path == "/api/dostk/stkinfo":
            return self.answer(429, {"return_code": 5, "return_msg": "[1700:..]"})
        if api == "ka10003" and path == "/api/dostk/stkinfo":
            return self.answer(200, {"return_code": 2, "return_msg": "[1902:..]"})
        return self.answer(400, {"return_code": 1, "return_msg": f"not understood: {api} {path} {body}"})


server = ThreadingHTTPServer(("127.0.0.1", 0), Broker)
print(server.server_port, flush=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
sys.stdin.read()
os._exit(0)
