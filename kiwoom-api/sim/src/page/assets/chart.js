// Candles with volume, drawn as SVG. It is given bars and draws; it asks nobody for anything.

import { $, clock, el, look, price, short, svg, w, way, write } from "./words.js";

const AXIS = 68;
const FOOT = 22;
const GAP = 10;

let bars = [];
let about = { decimals: 0, previous: 0, last: 0, lines: [] };
let width = 8;
let chosen = -1;
let drawn = "";

/** Steps of 1, 2 or 5 that give about `count` lines. */
const steps = (low, high, count) => {
  const raw = Math.max((high - low) / count, 1e-9);
  const size = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((n) => n * size).find((n) => n >= raw);
  const out = [];
  for (let at = Math.ceil(low / step) * step; at <= high; at += step) out.push(at);
  return out;
};

const label = ([day, second], minutes) => (minutes === 0 ? day.slice(5).replace("-", ".") : clock(second).slice(0, 5));

/** Shows these bars. */
export const show = (chart, quote, lines) => {
  bars = chart.bars;
  about = { minutes: chart.minutes, decimals: quote.decimals, previous: quote.previous, last: quote.last, lines };
  draw();
};

/** Draws anew, whatever was drawn before: the language or the size changed. */
export const redraw = () => {
  drawn = "";
  draw();
};

const draw = () => {
  const box = $("chart");
  const [full, high] = [box.clientWidth, box.clientHeight];
  const key = JSON.stringify([full, high, width, chosen, look, about, bars.length, bars[0], bars.at(-1)]);
  if (key === drawn || full < 120 || high < 120) return;
  drawn = key;
  const inner = full - AXIS;
  const count = Math.max(8, Math.floor(inner / width));
  const seen = bars.slice(-count);
  legend(seen[chosen] ?? seen.at(-1), seen);
  if (!seen.length) return void box.replaceChildren(el("p", "empty", "–"));

  const foot = high - FOOT;
  const split = Math.round(foot * 0.78);
  const own = about.lines.map((line) => line.price);
  const prices = seen.flatMap((bar) => [bar[3], bar[4]]);
  let [low, top] = [Math.min(...prices), Math.max(...prices)];
  // lines of the account are shown where they are near
  const near = own.filter((it) => it > low - (top - low) && it < top + (top - low));
  [low, top] = [Math.min(low, ...near), Math.max(top, ...near)];
  const room = Math.max((top - low) * 0.06, 1);
  [low, top] = [low - room, top + room];
  const y = (amount) => GAP + ((top - amount) / (top - low)) * (split - GAP * 2);
  const loudest = Math.max(1, ...seen.map((bar) => bar[6]));
  const x = (at) => inner - (seen.length - at - 0.5) * width;

  const root = svg("svg", { viewBox: `0 0 ${full} ${high}`, width: full, height: high, "aria-hidden": "true" });
  for (const amount of steps(low, top, Math.max(3, split / 70))) {
    root.append(svg("line", { class: "grid", x1: 0, x2: inner, y1: y(amount), y2: y(amount) }),
      svg("text", { class: "axis", x: inner + 8, y: y(amount) + 4 }, price(amount, about.decimals)));
  }
  times(root, seen, { x, foot, inner });
  root.append(svg("line", { class: "edge", x1: inner, x2: inner, y1: 0, y2: foot }),
    svg("line", { class: "edge", x1: 0, x2: full, y1: foot, y2: foot }));
  if (about.previous > low && about.previous < top && about.minutes !== 0) {
    root.append(svg("line", { class: "previous", x1: 0, x2: inner, y1: y(about.previous), y2: y(about.previous) }));
  }
  const body = Math.max(1, Math.min(width * 0.66, width - 1.6));
  seen.forEach((bar, at) => {
    const [, , open, most, least, close, volume] = bar;
    const [from, to] = [y(Math.max(open, close)), y(Math.min(open, close))];
    const tall = (volume / loudest) * (foot - split - 6);
    const middle = Math.round(x(at)) + 0.5;
    root.append(svg("g", { class: `candle ${way(close - open)}` },
      svg("rect", { class: "volume", x: middle - body / 2, y: foot - tall, width: body, height: tall }),
      svg("line", { x1: middle, x2: middle, y1: y(most), y2: y(least) }),
      svg("rect", { class: "body", x: middle - body / 2, y: from, width: body, height: Math.max(1, to - from) })));
  });
  for (const line of about.lines) {
    if (line.price < low || line.price > top) continue;
    root.append(svg("line", { class: `own ${line.kind}`, x1: 0, x2: inner, y1: y(line.price), y2: y(line.price) }),
      svg("text", { class: `own ${line.kind}`, x: 6, y: y(line.price) - 4 }, line.text));
  }
  if (about.last >= low && about.last <= top) tag(root, y(about.last), inner);
  if (seen[chosen]) {
    root.append(svg("line", { class: "cross", x1: x(chosen), x2: x(chosen), y1: 0, y2: foot }),
      svg("line", { class: "cross", x1: 0, x2: inner, y1: y(seen[chosen][5]), y2: y(seen[chosen][5]) }));
  }
  box.replaceChildren(root);
};

/** The price of the last trade, on the axis. */
const tag = (root, at, inner) => {
  const kind = way(about.last - about.previous);
  root.append(svg("line", { class: `last ${kind}`, x1: 0, x2: inner, y1: at, y2: at }),
    svg("rect", { class: `tag ${kind}`, x: inner + 1, y: at - 10, width: AXIS - 2, height: 20, rx: 3 }),
    svg("text", { class: "tag", x: inner + 8, y: at + 4 }, price(about.last, about.decimals)));
};

/** Times below, as many as have room; a new day has a line. */
const times = (root, seen, { x, foot, inner }) => {
  const every = Math.ceil(74 / width);
  let last = inner + 40;
  for (let at = seen.length - 1; at >= 0; at -= 1) {
    const begins = at > 0 && seen[at - 1][0] !== seen[at][0] && about.minutes !== 0;
    if (begins) root.append(svg("line", { class: "day", x1: x(at) - width / 2, x2: x(at) - width / 2, y1: 0, y2: foot }));
    const even = about.minutes === 0 ? at % every === 0 : (seen[at][1] / 60) % (about.minutes * Math.max(5, Math.ceil(every / 5) * 5)) === 0;
    if (!even || last - x(at) < 60 || x(at) < 20 || x(at) > inner - 16) continue;
    last = x(at);
    root.append(svg("line", { class: "grid", x1: x(at), x2: x(at), y1: 0, y2: foot }),
      svg("text", { class: "axis time", x: x(at), y: foot + 15 }, label(seen[at], about.minutes)));
  }
};

/** The values of one bar, above the chart. */
const legend = (bar, seen) => {
  const box = $("legend");
  if (!bar) return void write(box, "");
  const [day, second, open, most, least, close, volume] = bar;
  const at = about.minutes === 0 ? day : `${day.slice(5)} ${clock(second).slice(0, 5)}`;
  const part = (name, amount) => el("span", "", el("i", "", w(name)), " ", el("b", way(amount - open), price(amount, about.decimals)));
  box.replaceChildren(el("span", "dim", at), part("openPrice", open), part("high", most), part("low", least), part("closePrice", close),
    el("span", "", el("i", "", w("volume")), " ", el("b", "", short(volume))));
  $("chart").setAttribute("aria-label",
    `${w("chartOf")}: ${seen.length}, ${at} ${w("openPrice")} ${price(open, about.decimals)} ${w("closePrice")} ${price(close, about.decimals)}. ${w("keys")}`);
};

/** Mouse, touch, wheel and keys. */
export const listen = () => {
  const box = $("chart");
  const seen = () => Math.min(bars.length, Math.max(8, Math.floor((box.clientWidth - AXIS) / width)));
  const choose = (at) => {
    chosen = at < 0 || at >= seen() ? -1 : at;
    draw();
  };
  const zoom = (by) => {
    width = Math.min(28, Math.max(3, width * by));
    choose(-1);
    draw();
  };
  box.addEventListener("pointermove", (event) => {
    const from = box.getBoundingClientRect().left;
    choose(seen() - Math.ceil((box.clientWidth - AXIS - (event.clientX - from)) / width));
  });
  box.addEventListener("pointerleave", () => choose(-1));
  box.addEventListener("wheel", (event) => {
    event.preventDefault();
    zoom(event.deltaY < 0 ? 1.15 : 1 / 1.15);
  }, { passive: false });
  box.addEventListener("keydown", (event) => {
    const now = chosen < 0 ? seen() : chosen;
    const act = {
      ArrowLeft: () => choose(Math.max(0, now - 1)), ArrowRight: () => choose(now + 1), Home: () => choose(0),
      End: () => choose(seen() - 1), Escape: () => choose(-1), "+": () => zoom(1.15), "-": () => zoom(1 / 1.15),
    }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
  new ResizeObserver(draw).observe(box);
};
