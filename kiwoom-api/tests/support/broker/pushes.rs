//! What the broker pushes about orders: `00` for domestic ones, `F4` and `F5` for US ones.

use serde_json::json;

use super::{Book, Broker, Execution, LineTally, Placed, us};

impl Broker {
    /// The line loses, doubles and delays pushes, and breaks.
    pub fn break_the_line(&self, is_bad: bool) {
        self.book().line.is_bad = is_bad;
    }

    /// Nothing is pushed.
    pub fn silence(&self, is_silent: bool) {
        self.book().line.is_silent = is_silent;
    }

    /// Ends all connections of the socket.
    pub fn disconnect(&self) {
        self.book().line.cut();
    }

    /// Asks all connections of the socket whether they live.
    pub fn ping(&self) {
        self.book().line.ping();
    }

    pub fn line(&self) -> LineTally {
        self.book().line.tally
    }

    /// The lists answer HTTP 500.
    pub fn lists_fail(&self, fail: bool) {
        self.book().lists_fail = fail;
    }

    /// Fills a part of an order, and pushes that.
    pub fn fill(&self, number: &str, fill: (i64, i64)) {
        let mut book = self.book();
        if let Some(order) = book.fill(number, fill) {
            book.tell_fill(&order);
        }
    }

    /// Fills a part of an order, and says nothing.
    pub fn fill_unseen(&self, number: &str, fill: (i64, i64)) {
        self.book().fill(number, fill);
    }

    /// Pushes the last fill of an order once more, if it was pushed.
    pub fn repeat_last_fill(&self, number: &str) {
        let mut book = self.book();
        if let Some(text) = book.told.get(number).cloned() {
            book.line.push(text);
        }
    }
}

impl Book {
    /// As much of it as is left; the order after that, unless nothing is.
    fn fill(&mut self, number: &str, (quantity, price): (i64, i64)) -> Option<Placed> {
        let order = self.orders.iter_mut().find(|order| order.number == number && order.remaining > 0)?;
        let quantity = quantity.min(order.remaining);
        order.remaining -= quantity;
        self.fills += 1;
        order.fills.push(Execution { number: self.fills, quantity, price });
        Some(order.clone())
    }

    fn tell_fill(&mut self, order: &Placed) {
        let text = if order.is_us() { us::filled(order) } else { pushed(order, "체결") };
        self.told.insert(order.number.clone(), text.clone());
        self.line.push(text);
    }

    /// What is pushed when an order, change or cancellation was taken.
    pub fn tell_of(&mut self, order: &Placed) {
        if order.is_us() {
            self.line.push(us::sent(order));
            if !order.is_cancellation() {
                self.line.push(us::taken(order));
            }
            return;
        }
        self.line.push(pushed(order, "접수"));
        let original = self.orders.iter().find(|known| known.number == order.original).cloned();
        if let Some(original) = original {
            self.line.push(pushed(order, "확인"));
            self.line.push(pushed(&original, "확인"));
        }
    }
}

/// `+매수`, `-매도정정`, `매수취소`.
pub fn action(order: &Placed) -> String {
    let sign = if order.side == "매수" { "+" } else { "-" };
    match () {
        () if order.is_change() => format!("{sign}{}정정", order.side),
        () if order.is_cancellation() => format!("{}취소", order.side),
        () => format!("{sign}{}", order.side),
    }
}

/// A push of `00`; of a fill, the last one.
fn pushed(order: &Placed, status: &str) -> String {
    let fill = order.fills.last().filter(|_| status == "체결");
    let of_fill = |part: fn(&Execution) -> i64| fill.map_or_else(String::new, |fill| part(fill).to_string());
    let (quantity, price) = (of_fill(|fill| fill.quantity), of_fill(|fill| fill.price));
    let values = json!({
        "9201": super::super::ACCOUNT, "9203": order.number, "9001": order.symbol, "913": status, "302": "이름",
        "900": order.quantity.to_string(), "901": order.price.to_string(), "902": order.remaining.to_string(),
        "903": order.value().to_string(), "904": if order.original.is_empty() { "0000000" } else { &order.original },
        "905": action(order), "906": "보통", "907": if order.side == "매수" { "2" } else { "1" },
        "908": order.time.replace(':', ""), "909": of_fill(|fill| fill.number.into()),
        "910": price, "911": quantity, "914": price, "915": quantity, "919": "0", "922": "00", "2134": "1",
        "2135": order.venue, "2136": "N",
    });
    real("00", "주문체결", (&order.symbol, values))
}

/// A push of one element.
pub fn real(topic: &str, name: &str, (item, values): (&str, serde_json::Value)) -> String {
    json!({ "trnm": "REAL", "data": [{ "type": topic, "name": name, "item": item, "values": values }] }).to_string()
}
