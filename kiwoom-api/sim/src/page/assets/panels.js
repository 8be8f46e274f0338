// Book, account, orders and faults: what the state says, as tables. What a click does, the page decides.

import { $, clock, either, el, look, nameOf, percent, price, signed, w, way, whole } from "./words.js";

/** The ladder of the book with the last trades. */
export const book = (it) => {
  const most = Math.max(1, ...it.asks.map((level) => level[1]), ...it.bids.map((level) => level[1]));
  const own = new Map(it.own.map(([side, at, left]) => [`${side}${at}`, left]));
  const level = ([at, qty], side) => {
    const mine = own.get((side === "ask" ? "sell" : "buy") + at);
    const bar = el("span", "depth");
    bar.style.setProperty("--part", `${(qty / most) * 100}%`);
    const amount = el("span", "amount num", whole(qty), mine ? el("b", "mine", whole(mine)) : null);
    if (mine) amount.title = `${w("mine")} ${whole(mine)}`;
    const middle = el("button", `at num ${way(at - it.previous)}`, price(at, it.decimals), el("small", "", percent(at - it.previous, it.previous)));
    middle.type = "button";
    middle.tabIndex = -1;
    middle.addEventListener("click", () => { $("price").value = at / 10 ** it.decimals; });
    return el("div", `level ${side}`, el("div", "size", bar, amount), middle);
  };
  const [ask, bid] = [it.asks[0]?.[0], it.bids[0]?.[0]];
  const sum = (levels) => levels.reduce((total, [, qty]) => total + qty, 0);
  const focused = document.activeElement?.classList.contains("at");
  $("book").replaceChildren(
    el("div", "sides-head", el("span", "", w("asks")), el("span", "", w("priceHead")), el("span", "", w("bids"))),
    ...[...it.asks].reverse().map((one) => level(one, "ask")),
    el("div", "middle", el("span", "", w("spread")),
      el("b", "num", ask && bid ? price(ask - bid, it.decimals) : "–"),
      el("span", "num dim", ask && bid ? `${(((ask - bid) / bid) * 100).toFixed(3)}%` : "")),
    ...it.bids.map((one) => level(one, "bid")),
    el("div", "sums", el("span", "num ask", whole(sum(it.asks))), el("span", "num bid", whole(sum(it.bids)))));
  if (focused) $("price").focus({ preventScroll: true });
  $("tape").replaceChildren(...it.tape.slice(0, 14).map(([second, at, qty, side]) =>
    el("div", "tick num", el("span", "dim", clock(second)), el("span", way(at - it.previous), price(at, it.decimals)),
      el("span", side === "buy" ? "up" : side === "sell" ? "down" : "dim", whole(qty)))));
};

/** Money and positions. */
export const purses = (all, choose) => {
  // a market without money and positions says nothing
  const used = all.filter((purse) => purse.cash || purse.initial || purse.positions.length);
  $("purses").replaceChildren(...used.flatMap((purse) => {
    const { decimals } = purse;
    const sum = (of) => purse.positions.reduce((total, it) => total + it[of], 0);
    const [value, gain, cost] = [sum("value"), sum("profit"), sum("cost")];
    const total = purse.cash + value - (purse.loan ?? 0);
    const cards = [
      ["total", price(total, decimals), percent(total - purse.initial, purse.initial), way(total - purse.initial)],
      ["cash", price(purse.cash, decimals), "", ""], ["orderable", price(purse.orderable, decimals), "", ""],
      ["profit", signed(price(gain, decimals), gain), cost ? percent(gain, cost) : "", way(gain)],
      ["realized", signed(price(purse.realized, decimals), purse.realized), "", way(purse.realized)],
      ["costs", price(purse.commission + purse.tax, decimals), "", ""],
    ];
    const head = el("dl", "cards", ...cards.map(([name, text, more, kind]) =>
      el("div", "", el("dt", "", w(name)), el("dd", `num ${kind}`, text, more ? el("small", "", ` ${more}`) : null))));
    const rows = purse.positions.map((it) => [
      link(it, choose), [whole(it.qty), ""], [price(it.cost / it.qty, it.decimals), ""], [price(it.last, it.decimals), ""],
      [price(it.value, it.decimals), ""], [`${signed(price(it.profit, it.decimals), it.profit)} ${percent(it.profit, it.cost)}`, way(it.profit)],
    ]);
    const title = used.length > 1 ? [el("h3", "desk", w(purse.desk))] : [];
    return [...title, head, table(["instrument", "held", "average", "lastHead", "value", "gain"], rows, w("nothingHeld"))];
  }));
};

/** A name that shows its instrument. */
const link = (it, choose) => {
  const button = el("button", "link", nameOf(it), it.loan ? ` (${w("onLoan")})` : null);
  button.type = "button";
  button.addEventListener("click", () => choose(it.code));
  return [button, ""];
};

/** Columns of numbers, which stand at the right. */
const NUMBERS = new Set(["held", "average", "lastHead", "value", "gain", "orderPrice", "filled", "left", "fillPrice", "amount"]);

const table = (heads, rows, nothing) => {
  if (!rows.length) return el("p", "empty", nothing);
  const side = heads.map((name) => (NUMBERS.has(name) ? "right num" : ""));
  const head = el("tr", "", ...heads.map((name, at) => el("th", side[at], w(name))));
  const lines = rows.map((cells) => el("tr", "", ...cells.map(([text, kind], at) => el("td", `${side[at]} ${kind}`, text))));
  const wrap = el("div", "wide-table", el("table", "", el("thead", "", head), el("tbody", "", ...lines)));
  wrap.tabIndex = 0;
  return wrap;
};

const standing = (it) => {
  if (it.sort === "cancel") return w("cancelOf");
  const word = it.open ? (it.filled ? "isPart" : "isOpen") : it.filled >= it.qty ? "isFilled" : "isCancelled";
  return (it.sort === "modify" ? `${w("modifyOf")} · ` : "") + w(word);
};

let shownOrders = "";

/** Orders and fills. */
export const orders = (state, choose, cancel) => {
  const key = JSON.stringify([state.orders, state.fills, look.language]);
  // a button keeps its focus while nothing changes
  if (key === shownOrders) return;
  shownOrders = key;
  const side = (it) => [w(it.side), it.side === "buy" ? "up" : "down"];
  const rows = state.orders.map((it) => {
    const button = el("button", "link strong", w("cancel"));
    button.type = "button";
    button.setAttribute("aria-label", `${w("cancelOrder")} ${it.number}`);
    button.addEventListener("click", () => cancel(it.number));
    return [[it.number, "num"], [it.at, "num dim"], link(it, choose), side(it), [it.price === null ? w("market") : price(it.price, it.decimals), ""],
      [whole(it.qty), ""], [whole(it.filled), ""], [whole(it.left), ""], [standing(it), it.open ? "open-state" : "dim"],
      [it.open && it.sort !== "cancel" ? button : "", ""]];
  });
  $("orders").replaceChildren(table(
    ["number", "at", "instrument", "side", "orderPrice", "held", "filled", "left", "state", "order"], rows, w("noOrders")));
  const fills = state.fills.map((it) => [[it.number, "num"], [it.at.slice(11), "num dim"], [it.order, "num dim"], link(it, choose), side(it),
    [price(it.price, it.decimals), ""], [whole(it.qty), ""], [price(it.price * it.qty, it.decimals), ""]]);
  $("fills").replaceChildren(table(["number", "at", "order", "instrument", "side", "fillPrice", "held", "amount"], fills, w("noFills")));
};

/** The faults in force. */
export const rules = (all) => {
  const text = (it) => `${it.of ?? w("every")} · ${it.left === null ? w("always") : whole(it.left) + w("timesLeft")}`;
  const shown = all.map((it) => el("li", "", el("b", "", either(it.name)), " ", el("span", "dim", text(it))));
  $("rules").replaceChildren(...(shown.length ? shown : [el("li", "dim none", w("noFaults"))]));
};
