//! Events of a subscription as they are told in each language; `Display` is English.

use std::fmt;

use super::event::{Closed, Event};
use crate::Language;
use crate::language::Both;

impl Closed {
    /// Why it is over, in this language.
    ///
    /// ```
    /// use kiwoom_api::Language;
    /// use kiwoom_api::realtime::Closed;
    ///
    /// let why = Closed::Kicked;
    /// assert_eq!(why.display(Language::English).to_string(), why.to_string());
    /// assert!(why.display(Language::Korean).to_string().contains("다른 세션"));
    /// ```
    pub fn display(&self, language: Language) -> impl fmt::Display + '_ {
        self.both().into_told(language)
    }

    pub(super) fn both(&self) -> Both {
        Both::new(self.to_string(), self.korean())
    }

    fn korean(&self) -> String {
        match self {
            Closed::Kicked => {
                "같은 키를 쓰는 다른 세션이 자리를 차지했습니다 (키와 시장마다 프로그램 하나만 실행하세요)".to_owned()
            }
            Closed::LoginRefused { code, message } => {
                format!("증권사가 로그인을 거절했습니다: {code} {message} (키, 서버, 등록된 IP를 확인하세요)")
            }
            Closed::KeysRefused { message } => format!("토큰을 받지 못했습니다: {message}"),
            #[cfg(feature = "testing")]
            Closed::FramesEnded => "프레임에 응답이 없습니다 (증권사의 CNSRLST나 CNSRREQ 프레임을 넣으세요)".to_owned(),
            Closed::RuntimeEnded => "연결의 tokio 런타임이 끝났습니다 (런타임을 유지하세요)".to_owned(),
        }
    }
}

impl Event {
    /// What happened, in this language.
    pub fn display(&self, language: Language) -> impl fmt::Display + '_ {
        self.both().into_told(language)
    }

    pub(super) fn both(&self) -> Both {
        Both::new(self.to_string(), self.korean())
    }

    fn korean(&self) -> String {
        match self {
            Event::Connected => "연결되었습니다".to_owned(),
            Event::Disconnected { why, retry_in } => {
                format!("연결이 끊겼습니다: {why}; {retry_in:?} 뒤에 다시 연결합니다")
            }
            Event::Gap { topic, symbols, from, to } => {
                format!("{from}부터 {to}까지 {topic} 시세가 빠졌을 수 있습니다: {}", symbols.join(" "))
            }
            Event::Kicked { retry_in } => {
                format!("다른 세션이 자리를 차지했습니다; {retry_in:?} 뒤에 다시 연결합니다")
            }
            Event::Stale { since } => format!("{since} 이후 시세가 오지 않았습니다"),
            Event::Lagged { topic, dropped } => format!("{topic} 시세 {dropped}건을 버렸습니다: 읽는 쪽이 느립니다"),
            Event::Skipped { events } => format!("오래 읽지 않아 이벤트 {events}건을 건너뛰었습니다"),
            Event::Missed { topic, symbol, volume, from, to } => {
                format!("{from}부터 {to}까지 {topic} {symbol} 체결 {volume} 주가 빠졌습니다")
            }
            Event::NoSnapshot { symbol, why } => format!("{symbol} 호가를 REST로 받지 못했습니다: {why}"),
            Event::SlotsFull { topic, symbols } => format!("{topic} 자리가 없습니다: {}", symbols.join(" ")),
            Event::Rejected { topic, symbol, code, message } => {
                format!("증권사가 거절했습니다: {topic} {symbol}: {code} {message}")
            }
            Event::Unknown { what } => format!("알 수 없는 것이 왔습니다: {what}"),
            Event::System { code, message } => format!("증권사 메시지 {code}: {message}"),
            Event::Closed { why } => format!("끝났습니다: {}", why.korean()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn events() -> Vec<Event> {
        let (from, to) = ("2026-07-06T00:00:01Z".parse().unwrap(), "2026-07-06T00:00:09Z".parse().unwrap());
        let (topic, symbol, retry_in) = ("0B", String::from("005930"), Duration::from_secs(7));
        let symbols = || vec![String::from("005930"), String::from("000660")];
        let (code, message) = (String::from("805004"), String::from("x41"));
        let mut events = vec![
            Event::Connected,
            Event::Disconnected { why: "e17".into(), retry_in },
            Event::Gap { topic, symbols: symbols(), from, to },
            Event::Kicked { retry_in },
            Event::Stale { since: from },
            Event::Lagged { topic, dropped: 12 },
            Event::Skipped { events: 34 },
            Event::Missed { topic, symbol: symbol.clone(), volume: 300, from, to },
            Event::NoSnapshot { symbol: symbol.clone(), why: "e18".into() },
            Event::SlotsFull { topic, symbols: symbols() },
            Event::Rejected { topic, symbol, code: code.clone(), message: message.clone() },
            Event::Unknown { what: "0Z".into() },
            Event::System { code: "R10002".into(), message: message.clone() },
        ];
        let ends = [
            Closed::Kicked,
            Closed::LoginRefused { code, message: message.clone() },
            Closed::KeysRefused { message },
            Closed::RuntimeEnded,
        ];
        events.extend(ends.map(|why| Event::Closed { why }));
        events
    }

    #[test]
    fn both_languages_tell_the_same_facts() {
        let mut facts = 0;
        for event in events() {
            let (english, korean) =
                (event.display(Language::English).to_string(), event.display(Language::Korean).to_string());
            assert_eq!(english, event.to_string());
            assert!(korean.contains(|c: char| ('가'..='힣').contains(&c)), "{korean}");
            let words = english.split(' ').map(|word| word.trim_matches([':', ';', '.', ',']));
            for fact in words.filter(|word| word.contains(|c: char| c.is_ascii_digit()) && *word != "REST") {
                assert!(korean.contains(fact), "{fact}\n{english}\n{korean}");
                facts += 1;
            }
            assert_eq!(english.contains('('), korean.contains('('), "{english}\n{korean}");
        }
        assert!(facts > 20, "{facts}");
    }
}
