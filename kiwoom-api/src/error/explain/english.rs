//! Causes and cures in English. The causes are part of `Display`: short, one line, no full stop.

use super::{Situation, Texts};

const REPORT: &str = "this is a defect of the client: please report it";
const HEADERS: &str =
    "look for a proxy that changes headers; without one, it is a defect of the client: please report it";
const KEYS: &str = "check that app key and secret key belong together and are still registered; keys that are not used on the real server for 3 months are cancelled";
const NEW_TOKEN: &str = "call again: the next call requests a new token";
const TOKEN_ISSUE: &str = "read the broker's reason and check the keys; token requests have a separate quota";
const MIXUP: &str = "real and mock keys differ: use the server that the key was issued for";
const ADDRESS: &str = "register this machine's outgoing address for the key at the broker, 10 at most; those of CI runners, serverless hosts and home lines change";
const QUOTA: &str = "wait more than a second; an order must be looked up before it is sent again";
const QUOTA_OF_READ: &str = "wait more than a second";
const FAULT: &str = "read its reason in message(); an order must be looked up before it is sent again";
const FIND: &str = "look the order up before anything else: without its number it can be neither changed nor cancelled";
const LOOK_UP: &str = "it may have been sent: an order must be looked up before it is sent again";

pub(super) const TEXTS: Texts = Texts {
    codes: &[
        (1501, "the request names no API", REPORT),
        (
            1504,
            "this path does not serve this API",
            "take path and API id of a raw call from the same page of the guide",
        ),
        (1505, "no API has this id", "check its spelling, and whether the broker withdrew it"),
        (1511, "a required value is missing", "set the named field"),
        (1512, "an HTTP header is missing or unreadable", HEADERS),
        (1513, "the request came without authorization", HEADERS),
        (1514, "the authorization of the request is malformed", HEADERS),
        (1515, "the kind of authorization is unknown", HEADERS),
        (1516, "the authorization of the request holds no token", HEADERS),
        (
            1517,
            "a value has the wrong format",
            "check the named field against its documentation, prices for their decimals",
        ),
        (
            1634,
            "too many codes in one request",
            "send at most 100 codes at a time; repeating the request does not help",
        ),
        (
            1687,
            "the API was called in a loop and is blocked",
            "stop and find the loop: repeating the call keeps it blocked",
        ),
        (1700, "the request quota of this API is used up", QUOTA),
        (1701, "the request quota of all APIs together is used up", QUOTA),
        (1702, "the request quota of this group of APIs is used up", QUOTA),
        (1901, "the stock code belongs to no market", "check the stock code and the kind of instrument"),
        (
            1902,
            "there is no such stock",
            "check the stock code, and the exchange of a US stock; orders take the code without _NX or _AL",
        ),
        (1903, "this exchange has no such stock", "check stock code and exchange together"),
        (1999, "a fault inside the broker's system", FAULT),
        (8001, "app key and secret key were not accepted", KEYS),
        (8002, "app key and secret key were not accepted, with a reason", KEYS),
        (8003, "the broker could not find the token", NEW_TOKEN),
        (
            8005,
            "the token has expired, or another one replaced it",
            "call again: the next call requests a new token; programs that use one key need to share it",
        ),
        (8006, "the broker could not create a token", TOKEN_ISSUE),
        (8009, "the broker did not issue a token", TOKEN_ISSUE),
        (
            8010,
            "the token was issued to another address",
            "use one token per outgoing address, and register each for the key, 10 at most",
        ),
        (8011, "the token request has no grant_type", REPORT),
        (8012, "the grant_type of the token request is unknown", REPORT),
        (8015, "the broker could not revoke the token", "read its reason; the token may be gone already"),
        (8016, "the request to revoke names no token", REPORT),
        (8020, "app key or secret key is missing", "set both keys"),
        (8030, "the app key belongs to the other server, real or mock", MIXUP),
        (8031, "the token belongs to the other server, real or mock", MIXUP),
        (8040, "this machine was not accepted", ADDRESS),
        (8050, "this machine is not among the registered ones", ADDRESS),
        (8103, "the token or this machine was not accepted", ADDRESS),
        (8104, "the mock server does not offer this API", "use the real server for it"),
        (8200, "corporate customers cannot use this API", "use another API, or ask the broker"),
    ],
    inner: &[
        ("RC4003", "the price is between two ticks", "round it to the tick size at that price"),
        (
            "RC4007",
            "this stock cannot be traded this way now",
            "check whether it is halted, under watch or limited to cash",
        ),
        ("RC4025", "not enough margin for this order", "order less, or look up the orderable amount first"),
        ("RC4027", "the price is outside today's limits", "choose one between the lower and the upper limit"),
        (
            "RC4032",
            "the order to change or cancel is not known",
            "look it up: it may be done, cancelled, replaced or at another venue",
        ),
        ("RC4058", "the mock market is closed", "order in the hours of the mock market"),
        ("RC7006", "the mock server does not offer this", "use the real server for it"),
        (
            "RC9000",
            "the mock server does not offer this",
            "use the real server for it; in the mock market orders go to KRX only",
        ),
    ],
    classes: &[
        (2, "the input was not accepted", "read message()"),
        (3, "keys, token or machine were not accepted", "check keys, server and the registered address"),
        (5, "too many requests, or too much in one", "read message(), then slow down or ask for less"),
        (20, "the request was understood and refused", "read message()"),
    ],
    reads: &[(QUOTA, QUOTA_OF_READ), (FAULT, "read its reason in message()")],
};

pub(super) fn situation(situation: Situation) -> [&'static str; 2] {
    match situation {
        #[cfg(feature = "realtime")]
        Situation::Realtime => [
            "realtime data cannot be had in this way, or the broker ended it",
            "do what the text of the error says: fewer symbols, valid ones, or one program at a time for each key",
        ],
        Situation::Journal => [
            "the order journal cannot be used, or does not let this order pass; nothing was sent",
            "do what the text of the error says: each account and server needs a file of its own, Journal::adopt takes a file \
             over to a new key of the same account, one program uses it at a time, and unsettled orders need reconcile() first",
        ],
        Situation::Setup => ["the client cannot be built", "correct what the text of the error names"],
        Situation::Request => {
            ["a value of the request is wrong and it was not sent", "correct the field that parameter() names"]
        }
        Situation::TradeAsRead => {
            ["this is a trade, so it cannot be called as a read", "leave read() out and look at the Outcome"]
        }
        Situation::Missing => {
            ["a required value is not set and the request was not sent", "set the field that parameter() names"]
        }
        Situation::MissingInRecord => [
            "the record has no value where one is needed",
            "look at anomalies() of the reply, or treat the value as absent",
        ],
        Situation::MissingInBlank => [
            "the record is blank: unknown code?",
            "check the code: the broker answers one that it does not know, and a day without trades, with blanks; a value that did \
             not fit its field is in anomalies() of the reply",
        ],
        Situation::Misfit => [
            "the broker sent a value that does not fit the field",
            "see anomalies() of the reply for what it sent, or exact() to get this as an error of the call",
        ],
        Situation::Unarmed => [
            "this client is not armed for trades with real money",
            "call arm() of the client or its builder with RealMoney::IUnderstand; declare a simulator with Server::sandbox",
        ],
        Situation::Halted => ["the kill switch is engaged", "find out why, then call kill_switch().release()"],
        Situation::NotJson => ["the body is no JSON object and was not sent", "give the documented object"],
        Situation::Connect => ["no connection to the broker", "check network, proxy and maintenance hours"],
        Situation::NoToken => ["the reply holds no usable token", "call again"],
        Situation::NoOrderNumber => ["accepted, but the reply holds no order number", FIND],
        Situation::Timeout => ["no whole reply in time", "raise the timeout"],
        Situation::TimeoutUnsettled => ["no whole reply in time", LOOK_UP],
        Situation::Late => [
            "the order did not leave in time, so it was not sent",
            "raise the timeout, or set a longer deadline for waiting and answer together",
        ],
        Situation::Broken => ["the connection broke before the reply was whole", "call again"],
        Situation::BrokenUnsettled => ["the connection broke before the reply was whole", LOOK_UP],
        Situation::TooManyRows => {
            ["the rows of the reply need more memory than the client allows", "raise max_reply_bytes of the client"]
        }
        Situation::TooLong => ["the reply is longer than the client takes", "raise max_reply_bytes of the client"],
        Situation::Html => ["a web page instead of JSON", "the broker's firewall or its maintenance; try later"],
        Situation::Status => ["an HTTP error without the broker's envelope", "try later"],
        Situation::StatusQuota => ["too many requests", QUOTA],
        Situation::StatusQuotaOfRead => ["too many requests", QUOTA_OF_READ],
        Situation::StatusUnsettled => ["an HTTP error without the broker's envelope", LOOK_UP],
        Situation::Decode => ["the reply cannot be read", "its bytes are in body()"],
        Situation::NoEnvelope => ["the reply has no return_code", "its bytes are in body()"],
        Situation::OtherApi => ["the reply belongs to another API", "call again"],
        Situation::OtherApiUnsettled => ["the reply belongs to another API", LOOK_UP],
        Situation::Inexact => ["values of the reply do not fit their type", "see anomalies()"],
        Situation::Unfinished => [
            "rows are missing: the walk over pages ended before its last page",
            "raise the limit that the text of the error names, or resume() at the continuation",
        ],
        Situation::Remembered => [
            "the client remembers this refusal and does not ask for a token yet",
            "once the cause is mended, call sign_in(): it asks at once",
        ],
        Situation::Refused => ["the reason is not known to the client", "read message()"],
        Situation::RefusedUnsettled => [
            "the reason is not known to the client",
            "read message(); an order must be looked up before it is sent again",
        ],
    }
}
