//! Which account at which server a client acts for, in a form that can be stored in a file.
//!
//! The account number is not known here and never kept: a key belongs to one account, so a digest of the key stands for it.

use std::fmt;

use sha2::{Digest, Sha256};

use crate::{Credentials, Error, Server};

/// Environment, address, and a digest of the app key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Identity {
    /// `real`, `mock`, `sandbox`, `custom`.
    pub environment: String,
    /// The address of requests as the client uses it, without a trailing slash.
    pub address: String,
    /// A digest of the app key.
    pub key: String,
}

impl Identity {
    pub fn new(server: &Server, credentials: &Credentials) -> Result<Identity, Error> {
        let environment = match server {
            Server::Real => "real",
            Server::Mock => "mock",
            Server::Sandbox { .. } => "sandbox",
            Server::Custom { .. } => "custom",
        };
        let (environment, address) = (environment.to_owned(), server.base()?.at(""));
        Ok(Identity { environment, address, key: digest(credentials.app_key()) })
    }
}

impl Identity {
    pub fn english(&self) -> String {
        format!("the {} server at {} with the app key of digest {}", self.environment, self.address, self.key)
    }

    pub fn korean(&self) -> String {
        format!("{} 서버 {} (앱 키 다이제스트 {})", self.environment, self.address, self.key)
    }
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.english())
    }
}

/// Enough of a digest to tell keys apart. The text in front keeps it from being the digest by which token files are named.
fn digest(key: &str) -> String {
    let digest = Sha256::new().chain_update("kiwoom-api order journal\n").chain_update(key).finalize();
    digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identity(server: Server, key: &str) -> Identity {
        Identity::new(&server, &Credentials::new(key, "secret")).unwrap()
    }

    #[test]
    fn servers_addresses_and_keys_are_told_apart() {
        let all = [
            identity(Server::Real, "k"),
            identity(Server::Real, "l"),
            identity(Server::Mock, "k"),
            identity(Server::custom("http://127.0.0.1:1"), "k"),
            identity(Server::custom("http://127.0.0.1:2"), "k"),
            identity(Server::sandbox("http://127.0.0.1:1"), "k"),
            // the address of the real server, but declared as another server
            identity(Server::custom("https://api.kiwoom.com"), "k"),
        ];
        for (place, one) in all.iter().enumerate() {
            assert!(all[..place].iter().all(|other| other != one), "{one}");
        }
    }

    #[test]
    fn spellings_of_an_address_are_one() {
        for same in ["HTTP://LocalHost:80/", "http://localhost/", "http://localhost"] {
            assert_eq!(identity(Server::custom(same), "k").address, "http://localhost", "{same}");
        }
    }

    #[test]
    fn no_key_is_in_it_nor_the_digest_of_a_token_file() {
        let text = identity(Server::Real, "my-app-key").to_string();
        assert!(!text.contains("my-app-key"), "{text}");
        let plain: String = Sha256::digest("my-app-key").iter().map(|byte| format!("{byte:02x}")).collect();
        assert!(!text.contains(&plain[..12]), "{text}");
    }
}
