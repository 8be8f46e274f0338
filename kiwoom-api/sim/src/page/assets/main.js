// The page: asks the simulator for its state, shows it, and turns its switches.

import * as chart from "./chart.js";
import * as log from "./log.js";
import * as panels from "./panels.js";
import { $, either, el, keep, look, nameOf, percent, price, short, translate, w, way, whole, write } from "./words.js";

const view = { code: "005930", minutes: 1, days: null, state: null };

/** Turns a switch; the error of the simulator is the error. */
const turn = async (order) => {
  const answer = await fetch("/page/do", {
    method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(order),
  });
  const said = await answer.json();
  if (!answer.ok) throw new Error(said.error ?? String(answer.status));
  return said;
};

let asking = null;
let timer = 0;

/** Asks for the state, again and again. */
const ask = async () => {
  clearTimeout(timer);
  asking?.abort();
  asking = new AbortController();
  const known = view.minutes === 0 && view.days?.code === view.code ? `${view.code}.${view.days.today}` : "";
  const query = new URLSearchParams({ code: view.code, minutes: view.minutes, after: log.last(), days: known });
  try {
    const answer = await fetch(`/page/state?${query}`, { signal: asking.signal });
    if (!answer.ok) throw new Error(String(answer.status));
    view.state = await answer.json();
    show(view.state);
    $("trouble").hidden = !view.state.audit;
    if (view.state.audit) write("trouble", w("audit") + view.state.audit);
  } catch (error) {
    if (error.name === "AbortError") return;
    write("trouble", w("gone"));
    $("trouble").hidden = false;
  }
  timer = setTimeout(ask, document.hidden ? 3000 : view.state?.speed >= 10 ? 300 : 500);
};

const show = (state) => {
  top(state);
  instruments(state);
  quote(state);
  draw(state);
  panels.book(state.quote);
  panels.purses(state.purses, choose);
  panels.orders(state, choose, (number) => place({ do: "cancel", number }, "cancelled"));
  panels.rules(state.faults);
  log.add(state.log);
};

const top = (state) => {
  write("clock", state.now.slice(11));
  const days = w("week");
  const size = days.length / 7;
  write("date", `${state.now.slice(0, 10)} ${days.slice(state.day * size, (state.day + 1) * size)}`);
  write("phase", (state.market === "us" ? `${w("usMarket")} ` : "") + w(state.phase), `pill ${state.phase}`);
  write("seed", state.seed);
  for (const button of document.querySelectorAll("[data-speed]")) {
    button.setAttribute("aria-pressed", Number(button.dataset.speed) === state.speed);
  }
};

const KINDS = ["stock", "etf", "index", "gold", "us"];
let listed = "";

const instruments = (state) => {
  const box = $("instruments");
  const key = look.language + state.instruments.map((it) => it.code).join();
  if (key !== listed) {
    listed = key;
    box.replaceChildren(...KINDS.filter((kind) => state.instruments.some((it) => it.kind === kind)).map((kind) =>
      el("div", "group", el("h3", "", w(kind)), ...state.instruments.filter((it) => it.kind === kind).map((it) => {
        const button = el("button", "instrument", el("span", "name", nameOf(it)), el("span", "last num"), el("span", "rate num"));
        button.type = "button";
        button.dataset.code = it.code;
        button.addEventListener("click", () => choose(it.code));
        return button;
      }))));
  }
  const of = new Map(state.instruments.map((it) => [it.code, it]));
  for (const button of box.querySelectorAll("button")) {
    const it = of.get(button.dataset.code);
    const moved = it.last - it.previous;
    write(button.children[1], price(it.last, it.decimals), `last num ${way(moved)}`);
    write(button.children[2], percent(moved, it.previous), `rate num ${way(moved)}`);
    button.setAttribute("aria-pressed", it.code === state.quote.code);
  }
};

const choose = (code) => {
  view.code = code;
  view.days = null;
  $("price").value = "";
  ask();
};

const quote = (state) => {
  const it = state.quote;
  const moved = it.last - it.previous;
  write("name", nameOf(it));
  write("code", it.code);
  $("price").min = $("price").step = 1 / 10 ** it.decimals;
  write("last", price(it.last, it.decimals), `num big ${way(moved)}`);
  const arrow = moved > 0 ? "▲" : moved < 0 ? "▼" : "";
  write("change", `${arrow} ${price(Math.abs(moved), it.decimals)}  ${percent(moved, it.previous)}`, `num ${way(moved)}`);
  const facts = [
    ["openPrice", price(it.open, it.decimals), way(it.open - it.previous)],
    ["high", price(it.high, it.decimals), way(it.high - it.previous)],
    ["low", price(it.low, it.decimals), way(it.low - it.previous)],
    ["previous", price(it.previous, it.decimals), ""],
    ["volume", short(it.volume), ""],
    ["turnover", short(it.value / 10 ** it.decimals), ""],
  ];
  $("facts").replaceChildren(...facts.map(([name, text, kind]) => el("div", "", el("dt", "", w(name)), el("dd", `num ${kind}`, text))));
  for (const button of document.querySelectorAll("[data-minutes]")) {
    const minutes = Number(button.dataset.minutes);
    write(button, minutes === 0 ? w("days") : minutes + w("minutesOf"));
    button.setAttribute("aria-pressed", minutes === view.minutes);
  }
};

const draw = (state) => {
  let shown = state.chart;
  if (shown.minutes === 0 && shown.part && view.days) {
    const [today] = shown.bars;
    const before = view.days.bars.filter((bar) => bar[0] !== today?.[0]);
    shown = { ...shown, bars: today ? [...before, today] : before };
  }
  if (shown.minutes === 0) view.days = shown;
  const { decimals } = state.quote;
  const lines = state.quote.own.map(([side, at, left]) => ({ price: at, kind: side, text: `${w(side)} ${whole(left)}` }));
  const held = state.purses.flatMap((purse) => purse.positions).find((it) => it.code === state.quote.code);
  if (held) lines.push({ price: held.cost / held.qty, kind: "average", text: `${w("averageLine")} ${price(held.cost / held.qty, decimals)}` });
  chart.show(shown, state.quote, lines);
};

const place = async (order, word) => {
  try {
    const said = await turn(order);
    write("said", w(word) + (said.number ?? ""), "said good");
  } catch (error) {
    write("said", error.message, "said bad");
  }
  ask();
};

const trade = (side) => {
  const kind = view.state?.quote.kind;
  if (kind === "index") return void write("said", w("notHere"), "said bad");
  if (!$("ticket").reportValidity()) return;
  const at = $("price").value;
  place({ do: "order", code: view.code, side, qty: Number($("qty").value), price: at === "" ? null : Math.round(Number(at) * 10 ** view.state.quote.decimals) }, "sent");
};

let faults = [];
let apis = [];

const words = () => {
  translate();
  $("language").textContent = look.language === "ko" ? "English" : "한국어";
  $("language").lang = look.language === "ko" ? "en" : "ko";
  const root = document.documentElement;
  root.dataset.colours = look.colours;
  root.dataset.theme = look.theme;
  const chosen = $("fault-id").value;
  $("fault-id").replaceChildren(...faults.map((it) => {
    const option = el("option", "", either(it.name));
    option.value = it.id;
    return option;
  }));
  if (chosen) $("fault-id").value = chosen;
  $("apis").replaceChildren(...apis.map((it) => {
    const option = el("option", "", either(it.name));
    option.value = it.id;
    return option;
  }));
  timed();
  chart.redraw();
  log.list();
  log.explain();
  if (view.state) show(view.state.log.length ? { ...view.state, log: [] } : view.state);
};

const timed = () => {
  $("fault-wait").hidden = !faults.find((it) => it.id === $("fault-id").value)?.timed;
};

const next = (key, all) => {
  look[key] = all[(all.indexOf(look[key]) + 1) % all.length];
  keep(key, look[key]);
  words();
};

const quietly = (order) => turn(order).catch((error) => write("said", error.message, "said bad")).finally(ask);

const listen = () => {
  for (const button of document.querySelectorAll("[data-speed]")) {
    button.addEventListener("click", () => quietly({ do: "speed", factor: Number(button.dataset.speed) }));
  }
  for (const button of document.querySelectorAll("#jump button")) {
    const to = button.dataset.do;
    button.addEventListener("click", () => quietly(to === "step" ? { do: "step", seconds: 60 } : { do: "jump", to, code: view.code }));
  }
  for (const button of document.querySelectorAll("[data-minutes]")) {
    button.addEventListener("click", () => {
      view.minutes = Number(button.dataset.minutes);
      view.days = null;
      ask();
    });
  }
  $("language").addEventListener("click", () => next("language", ["ko", "en"]));
  $("colours").addEventListener("click", () => next("colours", ["korean", "western"]));
  $("theme").addEventListener("click", () => next("theme", matchMedia("(prefers-color-scheme: dark)").matches
    ? ["system", "light", "dark"] : ["system", "dark", "light"]));
  $("buy").addEventListener("click", () => trade("buy"));
  $("sell").addEventListener("click", () => trade("sell"));
  $("ticket").addEventListener("submit", (event) => event.preventDefault());
  $("fault-id").addEventListener("change", timed);
  $("fault").addEventListener("submit", (event) => {
    event.preventDefault();
    const times = $("fault-times").value;
    quietly({ do: "fault", fault: $("fault-id").value, of: $("fault-of").value, times: times === "" ? null : Number(times),
      seconds: Number($("fault-seconds").value) });
  });
  $("heal").addEventListener("click", () => quietly({ do: "heal" }));
  $("kick").addEventListener("click", () => quietly({ do: "kick" }));
  document.addEventListener("visibilitychange", () => document.hidden || ask());
  chart.listen();
  log.listen();
};

listen();
words();
fetch("/page/known").then((answer) => answer.json()).then((known) => {
  ({ faults, apis } = known);
  words();
});
ask();
