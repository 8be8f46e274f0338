//! TLS, with the crypto provider chosen at build time: it reads and sets no process-wide state.
//!
//! `ring` by default; with the feature `tls-aws-lc` it is AWS-LC. Certificates are verified as the system does, so a
//! company's own authority is trusted here if the system trusts it.

use std::sync::Arc;

use rustls::crypto::CryptoProvider;
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::BuilderVerifierExt;

use crate::Error;
use crate::language::both;

/// Whose certificates are trusted.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Trust {
    /// Those that the system trusts.
    System,
    /// None: nothing is encrypted, on a loopback address.
    Nobody,
}

/// The configuration for reqwest. Only HTTP/1.1 is used.
pub(super) fn config(trust: Trust) -> Result<ClientConfig, Error> {
    let unusable = |error: rustls::Error| {
        Error::setup(both!(
            "TLS cannot be used: {error} (install the system's certificates, such as the package ca-certificates)",
            "TLS를 쓸 수 없습니다: {error} (ca-certificates 패키지 같은 시스템 인증서를 설치하세요)"
        ))
    };
    let builder =
        ClientConfig::builder_with_provider(provider()).with_safe_default_protocol_versions().map_err(unusable)?;
    let mut config = match trust {
        Trust::System => builder.with_platform_verifier().map_err(unusable)?.with_no_client_auth(),
        Trust::Nobody => builder.with_root_certificates(RootCertStore::empty()).with_no_client_auth(),
    };
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

fn provider() -> Arc<CryptoProvider> {
    #[cfg(feature = "tls-aws-lc")]
    let provider = rustls::crypto::aws_lc_rs::default_provider();
    #[cfg(not(feature = "tls-aws-lc"))]
    let provider = rustls::crypto::ring::default_provider();
    Arc::new(provider)
}
