// The request log: a list of calls and frames, and one of them with the meaning of every value.

import { $, either, el, look, w, whole } from "./words.js";

const KEPT = 200;

let entries = [];
let filter = "all";
let chosen = 0;
let details = null;

/** The number of the last entry. */
export const last = () => entries.at(-1)?.number ?? 0;

const isBad = (it) => (it.status ?? 200) >= 400 || (it.code ?? 0) !== 0 || (it.faults?.length ?? 0) > 0 || it.way === "closed";

const isSeen = (it) => filter === "all" || (filter === "bad" ? isBad(it) : (it.way === "call") === (filter === "call"));

/** Adds new entries. */
export const add = (fresh) => {
  if (!fresh.length) return;
  // the simulator began anew
  if (fresh[0].number <= last()) entries = [];
  const followed = chosen === 0 && !details;
  entries = [...entries, ...fresh];
  // calls and frames are kept apart, as the simulator does: pushes are many
  for (const isCall of [true, false]) {
    const same = entries.filter((it) => (it.way === "call") === isCall);
    if (same.length > KEPT) entries = entries.filter((it) => (it.way === "call") !== isCall || it.number >= same.at(-KEPT).number);
  }
  list();
  if (followed) {
    const call = fresh.findLast((it) => it.way === "call") ?? fresh.at(-1);
    choose(call.number, true);
  }
};

const titleOf = (it) => {
  if (it.way === "closed") return w("closedLine");
  const name = look.language === "ko" ? it.ko : it.en;
  return name || it.trnm || it.path || w("notApi");
};

const result = (it, times) => {
  if (it.way === "call") {
    const kind = isBad(it) ? "bad" : "good";
    const code = it.code === null || it.code === undefined ? "" : ` · ${it.code}`;
    return el("span", `state num ${kind}`, `${it.status}${code}`);
  }
  const arrow = { heard: "→", sent: "←", closed: "×" }[it.way];
  return el("span", `state num ${isBad(it) ? "bad" : "soft"}`, times > 1 ? `${arrow} ×${times}` : arrow);
};

/** Pushes of one topic and item that follow each other are one line: the newest, with their count. */
const merged = (all) => {
  let run = new Map();
  const out = [];
  for (const it of all) {
    const isPush = it.way === "sent" && it.trnm === "REAL";
    if (!isPush) run = new Map();
    const known = isPush ? run.get(it.api + it.about) : null;
    if (known) {
      known.times += 1;
      continue;
    }
    const line = { it, times: 1 };
    if (isPush) run.set(it.api + it.about, line);
    out.push(line);
  }
  return out;
};

/** Draws the list, newest first. */
export const list = () => {
  const seen = merged(entries.filter(isSeen).reverse()).slice(0, 120);
  const box = $("entries");
  const focused = box.contains(document.activeElement) ? document.activeElement.dataset.number : null;
  box.replaceChildren(...seen.map(({ it, times }) => {
    const button = el("button", it.number === chosen ? "entry chosen" : "entry",
      el("span", "num dim", it.at.slice(11)),
      el("span", "api num", it.api || it.trnm || "–"),
      el("span", "what", titleOf(it), it.about ? el("span", "dim num", ` ${it.about}`) : null,
        ...(it.faults ?? []).map((name) => el("span", "struck", either(name)))),
      result(it, times));
    button.type = "button";
    button.dataset.number = it.number;
    button.setAttribute("aria-pressed", it.number === chosen);
    button.addEventListener("click", () => choose(it.number));
    return button;
  }));
  if (!seen.length) box.append(el("p", "empty", w("noEntries")));
  if (focused) box.querySelector(`[data-number="${Number(focused)}"]`)?.focus({ preventScroll: true });
  for (const button of document.querySelectorAll("[data-filter]")) {
    button.setAttribute("aria-pressed", button.dataset.filter === filter);
  }
};

const choose = async (number, isFollowed = false) => {
  chosen = number;
  list();
  const answer = await fetch(`/page/entry?number=${number}`);
  const got = await answer.json();
  if (chosen !== number) return;
  details = answer.ok ? got : { error: got.error };
  if (isFollowed) chosen = 0;
  explain();
};

/** Draws the chosen entry. */
export const explain = () => {
  const box = $("details");
  if (!details) return void box.replaceChildren(el("p", "empty", w("pick")));
  if (details.error) return void box.replaceChildren(el("p", "empty", details.error));
  const it = details;
  const head = el("div", "head",
    el("h3", "", it.api ? el("span", "num", `${it.api} `) : null, titleOf(it)),
    el("p", "dim", el("span", "num", it.at), " · ",
      it.way === "call" ? el("span", "num", `${it.path} · HTTP ${it.status}`) : it.way === "closed" ? "" : w(it.way === "heard" ? "heard" : "sentFrame"),
      ...(it.faults ?? []).map((name) => el("span", "struck", `${w("struck")}: ${either(name)}`))));
  const parts = it.way === "call"
    ? [part(w("request"), it.request), part(w("reply"), it.reply)]
    : (it.frames ?? []).map((body) => part(body.api ? `${body.api} ${look.language === "ko" ? body.ko : body.en}` : w("frame"), body, body.item));
  box.replaceChildren(head, ...parts);
};

const part = (title, body, item) => {
  const out = el("section", "part", el("h4", "", title, item ? el("span", "num dim", ` ${item}`) : null));
  if (!body) return out;
  if (body.broken) out.append(el("p", "dim", `${w("notJson")} · ${whole(body.broken)} ${w("bytes")}`));
  if (body.anomalies) out.append(el("p", "warn", w("misread") + whole(body.anomalies)));
  const plain = body.fields.filter((field) => !field.fields);
  if (plain.length) out.append(table(plain, 1, true));
  else if (!body.broken && !body.fields.length) out.append(el("p", "dim", w("noValues")));
  for (const field of body.fields.filter((it) => it.fields)) out.append(rows(field));
  return out;
};

/** A list of the reply: one line a field, one column a row. */
const rows = (field) => {
  const head = el("h5", "", either(field.label) || field.key, el("code", "", field.key));
  if (field.count !== undefined && field.shown !== undefined) {
    const text = look.language === "ko"
      ? `${whole(field.count)}행${field.count > field.shown ? ` 중 처음 ${field.shown}행` : ""}`
      : `${whole(field.count)} ${field.count === 1 ? "row" : "rows"}${field.count > field.shown ? `, the first ${field.shown} shown` : ""}`;
    head.append(el("span", "dim", text));
  }
  const plain = field.fields.filter((it) => !it.fields);
  const out = el("div", "rows", head);
  if (plain.length) out.append(table(plain, field.shown ?? 1, (field.shown ?? 1) === 1));
  for (const inner of field.fields.filter((it) => it.fields)) out.append(rows(inner));
  return out;
};

const table = (fields, columns, withWire) => {
  const head = el("tr", "", el("th", "", w("field")), el("th", "", w("meaning")),
    ...(columns === 1 ? [el("th", "right", w("decoded"))] : Array.from({ length: columns }, (_, at) => el("th", "right num", `${w("row")} ${at + 1}`))),
    withWire ? el("th", "right", w("wire")) : null);
  const lines = fields.map((field) => {
    const cells = Array.from({ length: columns }, (_, at) => field.cells?.[at] ?? {});
    const label = el("th", "label", either(field.label) || field.key, el("code", "", field.key));
    label.scope = "row";
    const unit = either(field.unit);
    const line = el("tr", field.unknown ? "unknown" : "", label,
      el("td", "dim", either(field.kind), unit ? el("span", "unit", unit) : null),
      ...cells.map((cell) => value(cell, columns === 1 ? unit : "")),
      withWire ? el("td", "right num wire", decoded(cells[0]) === null ? "" : cells[0].raw ?? "") : null);
    return line;
  });
  const wrap = el("div", "wide-table", el("table", "values", el("thead", "", head), el("tbody", "", ...lines)));
  wrap.tabIndex = 0;
  return wrap;
};

/** The decoded text of a cell, or null where there is none. */
const decoded = (cell) => (look.language === "ko" ? cell?.ko : cell?.en) ?? null;

const value = (cell, unit) => {
  const text = decoded(cell);
  if (text === null) {
    const out = el("td", "right dim long", cell.raw === null || cell.raw === undefined || String(cell.raw).trim() === "" ? "–" : cell.raw);
    out.title = cell.raw === null || cell.raw === undefined ? w("blank") : String(cell.raw);
    return out;
  }
  const arrow = { up: "▲ ", down: "▼ " }[cell.mark] ?? "";
  const out = el("td", `right num ${cell.mark ?? ""}`, arrow + text, unit ? el("small", "", ` ${unit}`) : null);
  out.title = `${w("wire")}: ${cell.raw}`;
  return out;
};

/** The switches of the list. */
export const listen = () => {
  for (const button of document.querySelectorAll("[data-filter]")) {
    button.addEventListener("click", () => {
      filter = button.dataset.filter;
      list();
    });
  }
};
