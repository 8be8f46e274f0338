// The words of the page in Korean and English, numbers as people read them, and the few helpers that build elements.
// Texts go into the document as text nodes only: nothing that a server or a client says is ever markup.

const WORDS = {
  skip: ["차트로 바로 가기", "Skip to the chart"],
  title: ["키움 시뮬레이터", "Kiwoom simulator"],
  offline: ["실제 주문이 나가지 않는 로컬 서버 · 시드", "Local server, no real orders · seed"],
  speed: ["시간 속도", "Speed"], still: ["정지", "Pause"],
  session: ["시간 이동", "Go to"], minute: ["+1분", "+1 min"], toOpen: ["개장", "Open"], toClose: ["마감", "Close"],
  toDay: ["다음 날", "Next day"],
  view: ["화면", "View"], colours: ["색상", "Colours"], theme: ["테마", "Theme"],
  instruments: ["종목", "Instruments"],
  stocks: ["국내 주식", "Korean stocks"], stock: ["주식", "Stocks"], etf: ["ETF", "ETF"], index: ["지수", "Indices"], gold: ["금현물", "Gold"], us: ["미국 주식", "US stocks"],
  opening: ["시가 동시호가", "Opening auction"], open: ["정규장", "Market open"], closing: ["종가 동시호가", "Closing auction"],
  closed: ["장 마감", "Market closed"],
  book: ["호가", "Order book"], tape: ["체결", "Trades"], spread: ["스프레드", "Spread"],
  asks: ["매도 잔량", "Ask"], bids: ["매수 잔량", "Bid"], priceHead: ["가격", "Price"],
  account: ["계좌", "Account"], total: ["총 자산", "Total"], cash: ["예수금", "Cash"], orderable: ["주문 가능", "Buying power"],
  profit: ["평가 손익", "Open profit"], realized: ["실현 손익", "Realised"],
  costs: ["수수료·세금", "Fees and tax"],
  nothingHeld: ["보유 종목이 없습니다. 주문을 내면 여기에 표시됩니다.", "No positions yet. What you buy appears here."],
  instrument: ["종목", "Instrument"], held: ["수량", "Qty"], average: ["평균 단가", "Avg price"], lastHead: ["현재가", "Last"],
  value: ["평가 금액", "Value"], gain: ["손익", "Profit"],
  orders: ["오늘의 주문", "Orders today"], fills: ["체결 내역", "Fills"],
  noOrders: ["오늘 낸 주문이 없습니다.", "No orders today."], noFills: ["체결된 내역이 없습니다.", "No fills yet."],
  number: ["번호", "No."], at: ["시각", "Time"], side: ["구분", "Side"], orderPrice: ["주문가", "Price"], fillPrice: ["체결가", "Price"], amount: ["체결 금액", "Amount"], filled: ["체결", "Filled"],
  left: ["미체결", "Left"], state: ["상태", "State"], order: ["주문", "Order"],
  buy: ["매수", "Buy"], sell: ["매도", "Sell"], market: ["시장가", "Market"],
  isOpen: ["미체결", "Open"], isPart: ["일부 체결", "Partly filled"], isFilled: ["체결 완료", "Filled"], isCancelled: ["취소·만료", "Ended"],
  cancelOf: ["취소 접수", "Cancellation"], modifyOf: ["정정", "Change"],
  cancel: ["취소", "Cancel"], cancelOrder: ["주문 취소", "Cancel order"],
  ticket: ["직접 주문", "Order by hand"], qty: ["수량 (주)", "Quantity"], limit: ["가격 (비우면 시장가)", "Price (empty: market)"],
  sent: ["주문 접수: ", "Order accepted: "], cancelled: ["취소 접수: ", "Cancelled: "],
  notHere: ["지수는 주문할 수 없습니다.", "An index cannot be ordered."], usMarket: ["미국", "US"], onLoan: ["신용", "margin"],
  faults: ["장애 시험", "Faults"], fault: ["장애", "Fault"], of: ["API (비우면 전체)", "API (empty: all)"],
  times: ["횟수 (비우면 계속)", "Times (empty: always)"], seconds: ["지연 (초)", "Delay (s)"],
  strike: ["켜기", "Switch on"], heal: ["모두 끄기", "All off"], kick: ["소켓 끊기", "Drop sockets"],
  noFaults: ["켜진 장애가 없습니다.", "No fault is on."], every: ["모든 API", "all APIs"], timesLeft: ["회 남음", " left"],
  always: ["계속", "always"],
  log: ["요청 기록", "Request log"], all: ["전체", "All"], calls: ["REST", "REST"], frames: ["웹소켓", "WebSocket"],
  failed: ["오류만", "Failed"],
  noEntries: ["아직 요청이 없습니다. 클라이언트를 이 주소에 연결해 보세요.", "No requests yet. Point a client at this address."],
  pick: ["왼쪽에서 요청을 고르면 모든 값의 뜻을 보여 줍니다.", "Choose an entry to see what every value means."],
  request: ["요청", "Request"], reply: ["응답", "Reply"], frame: ["내용", "Content"],
  field: ["필드", "Field"], meaning: ["종류", "Kind"], decoded: ["값", "Value"], wire: ["전송 값", "On the wire"], row: ["행", "Row"],
  noValues: ["값이 없습니다.", "No values."], notJson: ["JSON이 아닌 본문", "A body that is no JSON"], bytes: ["바이트", "bytes"],
  blank: ["값 없음", "no value"],
  misread: ["필드에 맞지 않는 값: ", "Values that do not fit their field: "],
  heard: ["클라이언트 → 서버", "client → server"], sentFrame: ["서버 → 클라이언트", "server → client"],
  closedLine: ["소켓 종료", "Socket closed"], struck: ["장애", "fault"], lines: ["개 연결", "lines"],
  notApi: ["API ID 없음", "no API id"],
  openPrice: ["시가", "Open"], high: ["고가", "High"], low: ["저가", "Low"], closePrice: ["종가", "Close"], volume: ["거래량", "Volume"],
  turnover: ["거래대금", "Turnover"], previous: ["전일", "Prev"],
  minutesOf: ["분", "m"], days: ["일", "D"],
  chartOf: ["차트", "chart"], keys: ["화살표 키로 봉을 살펴봅니다.", "Arrow keys walk through the bars."],
  gone: ["시뮬레이터에 연결할 수 없습니다. 다시 시도하는 중입니다.", "The simulator does not answer. Trying again."],
  audit: ["계좌 검산이 맞지 않습니다: ", "The account does not add up: "],
  mine: ["내 주문", "my order"], averageLine: ["평균", "avg"], week: ["월화수목금토일", "MonTueWedThuFriSatSun"],
};

// Names of companies in English: the market lists them in Korean.
const ENGLISH = {
  "005930": "Samsung Electronics", "000660": "SK hynix", "035420": "NAVER", "035720": "Kakao", "005380": "Hyundai Motor",
  "000270": "Kia", "105560": "KB Financial", "068270": "Celltrion", "051910": "LG Chem", "006400": "Samsung SDI",
  "015760": "KEPCO", "034220": "LG Display", "003490": "Korean Air", "011200": "HMM", "247540": "EcoPro BM",
  "041510": "SM Entertainment", "007280": "Korea Steel", "00680K": "Mirae Asset Sec. 2PB", "069500": "KODEX 200",
  "371460": "TIGER China EV SOLACTIVE", "001": "KOSPI", "101": "KOSDAQ", "201": "KOSPI 200", "M04020000": "Gold 99.99 1 kg",
  "M04020100": "Gold 99.99 100 g", NVDA: "NVIDIA", AAPL: "Apple", TSLA: "Tesla", KO: "Coca-Cola", SPY: "SPDR S&P 500 ETF",
};

const stored = (key, fallback) => {
  try { return localStorage.getItem(key) ?? fallback; } catch { return fallback; }
};

export const keep = (key, value) => {
  try { localStorage.setItem(key, value); } catch { /* a browser that keeps nothing */ }
};

export const look = {
  language: stored("language", navigator.language?.startsWith("ko") ? "ko" : "en"),
  colours: stored("colours", "korean"),
  theme: stored("theme", "system"),
};

/** A word in the language of the page. */
export const w = (key) => WORDS[key]?.[look.language === "ko" ? 0 : 1] ?? key;

/** One of two texts: Korean, English. */
export const either = (both) => both?.[look.language === "ko" ? 0 : 1] ?? "";

export const nameOf = (it) => (look.language === "ko" ? it.name : ENGLISH[it.code] ?? it.name) ?? it.code;

const grouped = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

/** A whole number, grouped. */
export const whole = (number) => grouped.format(number);

/** A price of the smallest unit: 17855 with two decimals is 178.55. */
export const price = (amount, decimals) =>
  amount === null || amount === undefined ? "–"
    : (amount / 10 ** decimals).toLocaleString("en-US", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });

export const signed = (text, number) => (number > 0 ? "+" : "") + text;

export const percent = (part, of) => (of ? signed(((part / of) * 100).toFixed(2), part) + "%" : "–");

/** A large amount in the words of its language: 1.2억, 120M. */
export const short = (number) => {
  const units = look.language === "ko"
    ? [[1e12, "조"], [1e8, "억"], [1e4, "만"]] : [[1e12, "T"], [1e9, "B"], [1e6, "M"], [1e3, "K"]];
  const unit = units.find(([size]) => Math.abs(number) >= size);
  if (!unit) return whole(number);
  const text = number / unit[0];
  return (Math.abs(text) >= 100 ? Math.round(text).toLocaleString("en-US") : text.toFixed(1)) + unit[1];
};

export const clock = (second) =>
  [second / 3600, (second / 60) % 60, second % 60].map((part) => String(Math.floor(part)).padStart(2, "0")).join(":");

/** up, down or flat: the class that gives the colour. */
export const way = (number) => (number > 0 ? "up" : number < 0 ? "down" : "flat");

export const $ = (id) => document.getElementById(id);

/** An element with a class, and texts or elements in it. */
export const el = (tag, kind, ...inside) => {
  const made = document.createElement(tag);
  if (kind) made.className = kind;
  made.append(...inside.filter((it) => it !== null && it !== undefined).map((it) => (it instanceof Node ? it : String(it))));
  return made;
};

const SVG = "http://www.w3.org/2000/svg";

/** An element of a drawing. */
export const svg = (tag, attributes, ...inside) => {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...inside);
  return made;
};

/** Writes the text of an element if it differs: no flicker, and a selection stays. */
export const write = (target, text, kind) => {
  const element = typeof target === "string" ? $(target) : target;
  if (element.textContent !== String(text)) element.textContent = text;
  if (kind !== undefined && element.className !== kind) element.className = kind;
};

/** All fixed words of the document. */
export const translate = () => {
  document.documentElement.lang = look.language;
  document.title = w("title");
  for (const element of document.querySelectorAll("[data-w]")) element.textContent = w(element.dataset.w);
};
