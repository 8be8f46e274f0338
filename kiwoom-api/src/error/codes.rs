//! What the broker's four-digit error codes mean and what to do about them, in our own words.
//!
//! The 37 codes the documents list; codes outside of it are reported by number alone. To be generated from
//! `spec/errors.json`; until then this table is the one place to correct.

/// One documented code.
struct Row {
    code: u16,
    meaning: &'static str,
    advice: &'static str,
}

const fn row(code: u16, meaning: &'static str, advice: &'static str) -> Row {
    Row { code, meaning, advice }
}

const REPORT: &str = "this is a defect of the client: please report it";
const KEYS: &str = "check that app key and secret key belong together and are still registered";
const TOKEN: &str = "call again: the next call asks for a new token";
const TOKEN_ISSUE: &str = "check the keys; the token endpoint has a request quota of its own";
const MIXUP: &str = "real and mock keys differ: choose the server that belongs to the key";
const DEVICE: &str = "register the address of this machine for the app key at the broker";
const QUOTA: &str = "wait more than a second before the next request";

/// Sorted by code (tested).
const TABLE: &[Row] = &[
    row(1501, "the api-id header is missing or empty", REPORT),
    row(1504, "this path does not serve this API id", "check API id and path"),
    row(1505, "there is no such API id", "check the API id"),
    row(1511, "a required value is missing", "set the named field"),
    row(1512, "an HTTP header is missing or unreadable", REPORT),
    row(1513, "the authorization header is missing", REPORT),
    row(1514, "the authorization header is malformed", REPORT),
    row(1515, "the kind of authorization is unknown", REPORT),
    row(1516, "the authorization header holds no token", REPORT),
    row(1517, "a value has the wrong format", "check the named field against its documentation"),
    row(1687, "the API was called in a loop and is blocked", "stop repeating the same call"),
    row(1700, "the request quota of this API is used up", QUOTA),
    row(1701, "the total request quota is used up", QUOTA),
    row(1702, "the request quota of this group of APIs is used up", QUOTA),
    row(1901, "the code belongs to no market", "check the stock code"),
    row(1902, "there is no such stock", "check the stock code; orders take it without _NX or _AL"),
    row(1903, "there is no such stock on this exchange", "check stock code and exchange"),
    row(1999, "the broker met an unexpected error", "read the broker's reason; retrying may not help"),
    row(8001, "app key and secret key were not accepted", KEYS),
    row(8002, "app key and secret key were not accepted", KEYS),
    row(8003, "the token could not be looked up", TOKEN),
    row(8005, "the token is not valid", TOKEN),
    row(8006, "the token could not be created", TOKEN_ISSUE),
    row(8009, "the token could not be issued", TOKEN_ISSUE),
    row(8010, "the token was issued to another address", "use one token per outgoing address"),
    row(8011, "the token request lacks grant_type", REPORT),
    row(8012, "the token request has a wrong grant_type", REPORT),
    row(8015, "the token could not be revoked", "it may be gone already"),
    row(8016, "the request to revoke names no token", REPORT),
    row(8020, "app key or secret key is missing", "set both keys"),
    row(8030, "the app key belongs to the other environment", MIXUP),
    row(8031, "the token belongs to the other environment", MIXUP),
    row(8040, "this machine was not accepted", DEVICE),
    row(8050, "this machine is not among the registered ones", DEVICE),
    row(8103, "token or machine was not accepted", DEVICE),
    row(8104, "the mock server does not offer this API", "use the real server for it"),
    row(8200, "the API is not offered to corporate customers", "use another API"),
];

/// Batch limit of ka10095: undocumented, but measured by two projects (`api-behaviour.md` R10).
const BATCH: Row = row(1634, "too many codes in one request", "send at most 100 codes at a time");

fn find(code: u16) -> Option<&'static Row> {
    if code == BATCH.code {
        return Some(&BATCH);
    }
    let at = TABLE.binary_search_by_key(&code, |row| row.code).ok()?;
    Some(&TABLE[at])
}

/// What a code means.
pub(crate) fn describe(code: u16) -> Option<&'static str> {
    find(code).map(|row| row.meaning)
}

/// What to do about a code.
pub(crate) fn advice(code: u16) -> Option<&'static str> {
    find(code).map(|row| row.advice)
}

/// What the system behind the API gave as its reason not to take an order, sorted (`api-behaviour.md` H4).
const ORDER_REFUSALS: &[&str] = &["RC4003", "RC4007", "RC4025", "RC4027", "RC4032", "RC4058", "RC7006", "RC9000"];

/// An inner code that says why an order was not taken.
pub(crate) fn is_order_refusal(inner: &str) -> bool {
    ORDER_REFUSALS.binary_search(&inner).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table_is_sorted_and_complete() {
        assert_eq!(TABLE.len(), 37);
        assert!(TABLE.is_sorted_by(|a, b| a.code < b.code));
        assert!(TABLE.iter().all(|row| !row.meaning.is_empty() && !row.advice.is_empty()));
    }

    #[test]
    fn known_and_unknown_codes() {
        assert_eq!(describe(8005), Some("the token is not valid"));
        assert!(advice(1634).is_some());
        assert_eq!(describe(2000), None);
        assert_eq!(describe(0), None);
    }
}
