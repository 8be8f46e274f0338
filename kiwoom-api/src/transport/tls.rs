//! How connections are encrypted: one configuration for all of them, so that certificates are read once a client.

use std::sync::Arc;

use hyper_rustls::ConfigBuilderExt;
use rustls::ClientConfig;
use rustls::crypto::CryptoProvider;

use crate::error::{Error, Kind};

/// The system's certificates, HTTP/1.1.
pub(super) fn config() -> Result<ClientConfig, Error> {
    let builder = ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.try_with_platform_verifier());
    let mut config = builder.map_err(|cause| unusable(&cause))?.with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

/// What the program installed, or else this crate's choice.
fn provider() -> Arc<CryptoProvider> {
    CryptoProvider::get_default().cloned().unwrap_or_else(|| Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
}

pub(super) fn unusable(cause: &dyn std::error::Error) -> Error {
    Error::new(Kind::Setup(format!("the HTTP client cannot be built: {cause} (check the system's certificates)")))
}
