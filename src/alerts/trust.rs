//! Whose certificates are believed: those of the machine's own store, and of a house's own authority.
//!
//! The store of the system, not a list in the program: in a closed network somebody looks after it already, and it does not age with the
//! program. `SSL_CERT_FILE` and `SSL_CERT_DIR` name another, as for other programs.

use std::error::Error;
use std::io;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{CertificateError, ClientConfig, RootCertStore};

use super::error::DeliveryError;

/// Those of the machine that can be read. A store that lacks some of them, or all, is no error: a delivery that needs one fails, and says so.
static OF_THE_MACHINE: LazyLock<Vec<CertificateDer<'static>>> = LazyLock::new(|| {
    let found = rustls_native_certs::load_native_certs();
    for error in found.errors {
        tracing::warn!(%error, "certificates of this machine cannot be read");
    }
    let mut tried = RootCertStore::empty();
    found.certs.into_iter().filter(|certificate| tried.add(certificate.clone()).is_ok()).collect()
});

/// The authorities whose certificates are believed.
pub(super) struct Trust {
    certificates: Vec<CertificateDer<'static>>,
}

impl Trust {
    /// Those of the machine, and those in the PEM file `ca_file`.
    ///
    /// # Errors
    /// The file cannot be read, or holds something else.
    pub(super) fn load(ca_file: Option<&Path>) -> Result<Self, DeliveryError> {
        let mut certificates = OF_THE_MACHINE.clone();
        if let Some(path) = ca_file {
            let wrong =
                |reason: String| DeliveryError(format!("alerts.ca_file {}: {reason}", path.display()));
            let text = std::fs::read(path).map_err(|error| wrong(format!("cannot be read: {error}")))?;
            let own: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&text).collect();
            let own = own.map_err(|error| wrong(format!("is not a PEM file: {error}")))?;
            if own.is_empty() {
                return Err(wrong(
                    "holds no certificate; it begins with -----BEGIN CERTIFICATE-----".to_owned(),
                ));
            }
            let mut tried = RootCertStore::empty();
            for certificate in &own {
                let added = tried.add(certificate.clone());
                added.map_err(|error| wrong(format!("holds a certificate that cannot be used: {error}")))?;
            }
            certificates.extend(own);
        }
        Ok(Self { certificates })
    }

    /// What connects to a server that has a certificate of one of them.
    ///
    /// # Errors
    /// Those of the library; none is known.
    pub(super) fn client(&self) -> Result<ClientConfig, DeliveryError> {
        let mut store = RootCertStore::empty();
        store.add_parsable_certificates(self.certificates.iter().cloned());
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        let config = config.map_err(|error| DeliveryError::in_full(&error))?;
        Ok(config.with_root_certificates(store).with_no_client_auth())
    }

    /// The certificates themselves.
    pub(super) fn certificates(&self) -> impl Iterator<Item = &[u8]> {
        self.certificates.iter().map(|certificate| certificate.as_ref())
    }
}

/// Why there is no secure connection, for people, where that is the cause of `error`.
pub(super) fn insecure(error: &(dyn Error + 'static)) -> Option<DeliveryError> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(error) = error.downcast_ref::<rustls::Error>() {
            return Some(DeliveryError(in_words(error)));
        }
        // What an I/O error was made of is not its source.
        let inner = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        next = match inner {
            Some(inner) => Some(inner),
            None => error.source(),
        };
    }
    None
}

fn in_words(error: &rustls::Error) -> String {
    let rustls::Error::InvalidCertificate(reason) = error else {
        return format!("no secure connection came about: {error}");
    };
    match reason {
        CertificateError::UnknownIssuer => {
            "its certificate is from an authority that is not known here; if it is the house's own, name it in `alerts.ca_file` of \
             config.toml"
                .to_owned()
        }
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            "its certificate has expired".to_owned()
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "its certificate is not valid yet; is the clock of this machine right?".to_owned()
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "its certificate is for another name".to_owned()
        }
        other => format!("its certificate is not accepted: {other}"),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_not_one_of_certificates_is_refused_by_its_name() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("house.pem");
        let refused = || Trust::load(Some(&file)).err().unwrap().to_string();
        assert!(
            refused().contains("alerts.ca_file") && refused().contains("cannot be read"),
            "{}",
            refused()
        );
        std::fs::write(&file, "nothing").unwrap();
        assert!(refused().contains("holds no certificate"), "{}", refused());
        std::fs::write(&file, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n").unwrap();
        assert!(refused().contains("cannot be used"), "{}", refused());
    }

    #[test]
    fn reasons_are_found_however_deep_they_are() {
        let inner = rustls::Error::InvalidCertificate(CertificateError::NotValidForName);
        let error = io::Error::other(io::Error::other(inner));
        assert_eq!(insecure(&error).unwrap().to_string(), "its certificate is for another name");
        assert!(insecure(&io::Error::other("refused")).is_none());
    }
}
