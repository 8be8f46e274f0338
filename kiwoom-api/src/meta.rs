//! The static facts of an API: its address, what a call does, its protocol.

/// What a call does at the broker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Effect {
    /// Reads: may be retried.
    Read,
    /// Places, changes or cancels something: one network attempt, never retried.
    Trade,
    /// Issues or revokes a token.
    Auth,
}

impl Effect {
    /// Whether a call places, changes or cancels something.
    pub const fn is_trade(self) -> bool {
        matches!(self, Effect::Trade)
    }
}

/// The protocol of an API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Protocol {
    /// One HTTP request, one reply.
    Rest,
    /// A realtime topic of the WebSocket.
    Realtime,
    /// A request and its reply on the WebSocket (condition search).
    Socket,
}

/// What the mock server offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Mock {
    /// Offered.
    Yes,
    /// Offered for KRX only.
    KrxOnly,
    /// Not offered.
    No,
}

/// The static facts of one API.
#[derive(Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Meta {
    /// The broker's API id, such as `ka10081`.
    pub id: &'static str,
    /// The English name, such as `StockDailyChart`.
    pub name: &'static str,
    /// The broker's name.
    pub korean: &'static str,
    /// Its menu in the guide.
    pub menu: &'static str,
    /// The path of the URL.
    pub path: &'static str,
    /// What a call does.
    pub effect: Effect,
    /// Its protocol.
    pub protocol: Protocol,
    /// The reply may continue on further pages.
    pub paged: bool,
    /// What the mock server offers.
    pub mock: Mock,
}

impl Meta {
    /// The facts of an API that this crate does not generate, for example in tests: REST, one page, offered by the mock
    /// server.
    pub const fn new(id: &'static str, path: &'static str, effect: Effect) -> Meta {
        let (protocol, mock) = (Protocol::Rest, Mock::Yes);
        Meta { id, name: id, korean: "", menu: "", path, effect, protocol, paged: false, mock }
    }

    /// The same, with replies that may continue on further pages.
    #[must_use]
    pub const fn paged(self) -> Meta {
        Meta { paged: true, ..self }
    }
}
