//! Whom to trust where a cluster is asked over TLS: the authorities of one file, and nobody else.

use std::sync::Arc;

use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, TlsProvider, parse_pem};

use super::error::ClusterError;

/// The authorities that nodes are trusted by.
#[derive(Debug, Clone, Default)]
pub struct Trust {
    roots: Vec<Certificate<'static>>,
}

impl Trust {
    /// Those whose certificates are in `pem`.
    ///
    /// # Errors
    /// [`ClusterError::Roots`] where that has none, or one that cannot be read.
    pub fn of(pem: &[u8]) -> Result<Self, ClusterError> {
        let mut roots = Vec::new();
        for item in parse_pem(pem) {
            // A key that was left beside it says nothing.
            if let PemItem::Certificate(root) =
                item.map_err(|error| ClusterError::Roots { reason: error.to_string() })?
            {
                roots.push(root);
            }
        }
        if roots.is_empty() {
            return Err(ClusterError::Roots { reason: "it has no certificate".to_owned() });
        }
        Ok(Self { roots })
    }

    /// Whether it is nobody.
    pub(super) fn is_empty(&self) -> bool {
        self.roots.is_empty()
    }

    /// The same for the HTTP library. Its own roots, and the system's, are not looked at.
    pub(super) fn settings(&self) -> TlsConfig {
        TlsConfig::builder()
            .provider(TlsProvider::Rustls)
            .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .root_certs(RootCerts::new_with_certs(&self.roots))
            .build()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_a_certificate_is_refused() {
        for wrong in ["", "-----BEGIN CERTIFICATE-----\n", "not a certificate"] {
            assert!(matches!(Trust::of(wrong.as_bytes()), Err(ClusterError::Roots { .. })), "{wrong}");
        }
        assert!(Trust::default().is_empty());
    }
}
