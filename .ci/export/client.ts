// Calls the loopback server with the generated TypeScript types: `node client.js URL`.
import assert from "node:assert/strict";
import process from "node:process";
import createClient from "openapi-fetch";
import type { components, paths } from "./kiwoom.js";

type Row = components["schemas"]["DomesticStockDailyChartRow"];

const baseUrl = process.argv[2];
const open = createClient<paths>({ baseUrl });
const issued = await open.POST("/oauth2/token#au10001", {
  params: { header: { "api-id": "au10001" } },
  body: { grant_type: "client_credentials", appkey: "key", secretkey: "secret" },
});
assert.equal(issued.data?.return_code, 0);

const client = createClient<paths>({ baseUrl, headers: { Authorization: `Bearer ${issued.data?.token}` } });
const body = { stk_cd: "005930", base_dt: "20260703", upd_stkpc_tp: "1" } as const;
const rows: Row[] = [];
let next: string | undefined;
do {
  const page = await client.POST("/api/dostk/chart#ka10081", {
    params: { header: { "api-id": "ka10081", ...(next === undefined ? {} : { "cont-yn": "Y", "next-key": next }) } },
    body,
  });
  assert.equal(page.data?.return_code, 0, JSON.stringify(page.error));
  rows.push(...(page.data?.stk_dt_pole_chart_qry ?? []));
  next = page.response.headers.get("cont-yn") === "Y" ? (page.response.headers.get("next-key") ?? undefined) : undefined;
} while (next !== undefined);
assert.deepEqual(rows.map((row) => row.cur_prc), ["-42900", "+74800", " 67300"]);
assert.deepEqual(rows.map((row) => row.pred_pre_sig), ["5", "2", "9"]);

// @ts-expect-error lists of codes are closed in requests
const closed: components["schemas"]["DomesticStockDailyChart"] = { ...body, upd_stkpc_tp: "7" };
// @ts-expect-error what the constructor needs is required
const short: components["schemas"]["DomesticStockDailyChart"] = { stk_cd: "005930" };
assert.ok(closed && short);

const order = await client.POST("/api/dostk/ordr#kt10000", {
  params: { header: { "api-id": "kt10000" } },
  body: { dmst_stex_tp: "KRX", stk_cd: "005930", ord_qty: "10", ord_uv: "70100", trde_tp: "0", cond_uv: "" },
});
assert.equal(order.data?.ord_no, "0000138", JSON.stringify(order.error));

const limited = await client.POST("/api/dostk/stkinfo#ka10001", { params: { header: { "api-id": "ka10001" } }, body: { stk_cd: "005930" } });
assert.equal(limited.response.status, 429);
// a fault may be a page of HTML instead
assert.equal(typeof limited.error === "object" ? limited.error.return_code : limited.error, 5);
const refused = await client.POST("/api/dostk/stkinfo#ka10003", { params: { header: { "api-id": "ka10003" } }, body: { stk_cd: "005930" } });
assert.deepEqual([refused.response.status, refused.data?.return_code], [200, 2]);
console.log("TypeScript: compiles; token, two pages, an order, a refusal and the quota as expected");
