//! The two token exchanges and the stored token as records, written by hand: the runtime must not need generated code.

use jiff::civil;

use crate::Credentials;
use crate::record::{Keys, Layout, Record, Slot};
use crate::value::Secret;

/// Requests a token. The key is `secretkey`; `appsecret` gives 8020 (`BEHAVIOUR.md` A1).
pub(super) struct Issue {
    appkey: Secret,
    secretkey: Secret,
}

impl Issue {
    pub fn new(credentials: &Credentials) -> Issue {
        Issue { appkey: credentials.app_key().into(), secretkey: credentials.secret_key().into() }
    }
}

impl Record for Issue {
    fn keys(&self) -> &'static Keys {
        &Keys { api: "au10001", record: "Issue", names: &["\"grant_type\":", "\"appkey\":", "\"secretkey\":"] }
    }

    fn slot(&mut self, index: usize) -> Slot<'_> {
        match index {
            1 => Slot::Secret(&mut self.appkey),
            2 => Slot::Secret(&mut self.secretkey),
            _ => Slot::Const("client_credentials"),
        }
    }
}

/// A token, as issued.
#[derive(Default)]
pub(super) struct Issued {
    pub expires_dt: Option<civil::DateTime>,
    pub token_type: String,
    pub token: Secret,
}

impl Record for Issued {
    fn keys(&self) -> &'static Keys {
        &Keys { api: "au10001", record: "Issued", names: &["\"expires_dt\":", "\"token_type\":", "\"token\":"] }
    }

    fn slot(&mut self, index: usize) -> Slot<'_> {
        match index {
            0 => Slot::DateTime(&mut self.expires_dt, Layout::Plain),
            1 => Slot::Text(&mut self.token_type),
            _ => Slot::Secret(&mut self.token),
        }
    }
}

/// Revokes a token.
pub(super) struct Revoke {
    appkey: Secret,
    secretkey: Secret,
    token: Secret,
}

impl Revoke {
    pub fn new(credentials: &Credentials, token: &str) -> Revoke {
        Revoke { appkey: credentials.app_key().into(), secretkey: credentials.secret_key().into(), token: token.into() }
    }
}

impl Record for Revoke {
    fn keys(&self) -> &'static Keys {
        &Keys { api: "au10002", record: "Revoke", names: &["\"appkey\":", "\"secretkey\":", "\"token\":"] }
    }

    fn slot(&mut self, index: usize) -> Slot<'_> {
        match index {
            0 => Slot::Secret(&mut self.appkey),
            1 => Slot::Secret(&mut self.secretkey),
            _ => Slot::Secret(&mut self.token),
        }
    }
}

/// A token as stored in a file, with what it belongs to. Times are Korean wall time.
#[derive(Default)]
pub(super) struct Kept {
    pub version: String,
    pub environment: String,
    pub key: String,
    pub token: Secret,
    pub expires: Option<civil::DateTime>,
    pub issued: Option<civil::DateTime>,
    pub ends: Option<civil::DateTime>,
}

impl Record for Kept {
    fn keys(&self) -> &'static Keys {
        &Keys {
            api: "",
            record: "Kept",
            names: &[
                "\"version\":",
                "\"environment\":",
                "\"app_key_sha256\":",
                "\"token\":",
                "\"expires_dt\":",
                "\"issued\":",
                "\"ends\":",
            ],
        }
    }

    fn slot(&mut self, index: usize) -> Slot<'_> {
        match index {
            0 => Slot::Text(&mut self.version),
            1 => Slot::Text(&mut self.environment),
            2 => Slot::Text(&mut self.key),
            3 => Slot::Secret(&mut self.token),
            4 => Slot::DateTime(&mut self.expires, Layout::Plain),
            5 => Slot::DateTime(&mut self.issued, Layout::Plain),
            _ => Slot::DateTime(&mut self.ends, Layout::Plain),
        }
    }
}
