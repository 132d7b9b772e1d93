//! The address of a database, and how it is spoken to.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use postgres::Config;
use postgres::config::{Host, SslMode};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use store::Error;
use tokio_postgres_rustls::MakeRustlsConnect;

/// How long a server is waited for, unless the address says otherwise.
const PATIENCE: Duration = Duration::from_secs(10);

/// An address that was understood.
#[derive(Debug)]
pub(crate) struct Address {
    pub(crate) config: Config,
    /// What it is called in messages: without the password.
    pub(crate) name: String,
    authorities: Option<PathBuf>,
}

impl Address {
    pub(crate) fn parse(url: &str) -> Result<Self, Error> {
        let (base, asked) = url.split_once('?').unwrap_or((url, ""));
        let mut authorities = None;
        let mut rest: Vec<String> = Vec::new();
        for part in asked.split('&').filter(|part| !part.is_empty()) {
            match part.split_once('=') {
                Some(("sslrootcert", path)) => authorities = Some(PathBuf::from(path)),
                // We always check the certificate and its name.
                Some(("sslmode", "verify-full" | "verify-ca")) => rest.push("sslmode=require".to_owned()),
                _ => rest.push(part.to_owned()),
            }
        }
        let plain = if rest.is_empty() { base.to_owned() } else { format!("{base}?{}", rest.join("&")) };
        let mut config: Config = plain.parse().map_err(|error: postgres::Error| {
            let why = std::error::Error::source(&error).map_or_else(|| error.to_string(), ToString::to_string);
            Error::Asked(format!(
                "the address of the database is not understood ({why}): expected postgresql://user:password@host/database"
            ))
        })?;
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(PATIENCE);
        }
        if config.get_application_name().is_none() {
            config.application_name("watchpost");
        }
        let local = |host: &Host| match host {
            Host::Tcp(name) => matches!(name.as_str(), "localhost" | "127.0.0.1" | "::1"),
            #[cfg(unix)]
            Host::Unix(_) => true,
        };
        // On this machine nobody listens in between, and servers have certificates that nobody vouches for.
        // Where an address is given, it is that which is connected to, whatever the host is called.
        let here = config.get_hosts().iter().all(local)
            && config.get_hostaddrs().iter().all(std::net::IpAddr::is_loopback)
            && !(config.get_hosts().is_empty() && config.get_hostaddrs().is_empty());
        if config.get_ssl_mode() == SslMode::Prefer && here {
            config.ssl_mode(SslMode::Disable);
        } else if config.get_ssl_mode() == SslMode::Prefer {
            // Reports may name sources that are in danger: what leaves the machine does so in the clear only where that was said.
            config.ssl_mode(SslMode::Require);
        }
        let hosts: Vec<String> = config
            .get_hosts()
            .iter()
            .map(|host| match host {
                Host::Tcp(name) => name.clone(),
                #[cfg(unix)]
                Host::Unix(path) => path.display().to_string(),
            })
            .collect();
        let database = config.get_dbname().or_else(|| config.get_user()).unwrap_or_default();
        let name = format!("the database {database} on {}", hosts.join(", "));
        Ok(Self { config, name, authorities })
    }

    /// What speaks TLS to the server.
    pub(crate) fn tls(&self) -> Result<MakeRustlsConnect, Error> {
        // Who names authorities trusts these and no others.
        let mut roots = match self.authorities {
            Some(_) => RootCertStore::empty(),
            None => RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() },
        };
        if let Some(path) = &self.authorities {
            let wrong = |what: String| {
                Error::Asked(format!(
                    "`sslrootcert` {}: {what}; expected a file of certificates in PEM",
                    path.display()
                ))
            };
            let mut read = 0;
            for certificate in
                CertificateDer::pem_file_iter(path).map_err(|error| wrong(error.to_string()))?
            {
                let certificate = certificate.map_err(|error| wrong(error.to_string()))?;
                roots.add(certificate).map_err(|error| wrong(error.to_string()))?;
                read += 1;
            }
            if read == 0 {
                return Err(wrong("there is no certificate in it".to_owned()));
            }
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| Error::Asked(error.to_string()))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(MakeRustlsConnect::new(config))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_in_no_message() {
        let address = Address::parse("postgresql://me:secret@db.example.org:5433/watch").expect("an address");
        assert_eq!(address.name, "the database watch on db.example.org");
        let error =
            Address::parse("postgresql://me:secret@db:notaport/watch").expect_err("no port").to_string();
        assert!(!error.contains("secret") && error.contains("expected postgresql://"), "{error}");
    }

    #[test]
    fn what_leaves_the_machine_is_not_in_the_clear_unless_said() {
        let mode = |url: &str| Address::parse(url).expect("an address").config.get_ssl_mode();
        assert_eq!(mode("postgresql://u@localhost/w"), SslMode::Disable);
        assert_eq!(mode("postgresql://u@localhost/w?sslmode=require"), SslMode::Require);
        assert_eq!(mode("postgresql://u@db.example.org/w?sslmode=verify-full"), SslMode::Require);
        assert_eq!(mode("postgresql://u@db.example.org/w?sslmode=disable"), SslMode::Disable);
        assert_eq!(mode("postgresql://u@db.example.org/w"), SslMode::Require);
        // The address decides, not what it is called.
        assert_eq!(mode("postgresql://u@localhost/w?hostaddr=203.0.113.9"), SslMode::Require);
        assert_eq!(mode("postgresql://u@localhost/w?hostaddr=127.0.0.1"), SslMode::Disable);
    }

    #[test]
    fn authorities_are_read_or_it_is_said() {
        let tls = |url: &str| Address::parse(url).and_then(|address| address.tls().map(|_| ()));
        assert!(tls("postgresql://u@db.example.org/w").is_ok());
        let error = tls("postgresql://u@db.example.org/w?sslrootcert=/no/such/file")
            .expect_err("no file")
            .to_string();
        assert!(error.contains("/no/such/file") && error.contains("PEM"), "{error}");
        let manifest = format!("{}/Cargo.toml", env!("CARGO_MANIFEST_DIR"));
        let error =
            tls(&format!("postgresql://u@db.example.org/w?sslrootcert={manifest}")).expect_err("no PEM");
        assert!(error.to_string().contains("no certificate"), "{error}");
    }
}
