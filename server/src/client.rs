//! How other servers are asked over HTTP.

use reqwest::{Certificate, Client, ClientBuilder, redirect::Policy};
use std::{fs, time::Duration};

/// A client that waits so long for an answer, and so long for a connection. It goes nowhere where somebody else points.
pub fn builder(patience: Duration, connect: Duration) -> ClientBuilder {
    Client::builder()
        .timeout(patience)
        .connect_timeout(connect)
        .redirect(Policy::none())
        .user_agent(concat!("viva/", env!("CARGO_PKG_VERSION")))
}

/// The same, which trusts those alone whose certificates (PEM) stand in the file; all that this machine trusts where it has no
/// name.
///
/// # Errors
/// The file cannot be read, or holds none.
pub fn trusting(client: ClientBuilder, path: &str) -> Result<ClientBuilder, String> {
    if path.is_empty() {
        return Ok(client);
    }
    let pem = fs::read(path).map_err(|error| format!("{path}: {error}"))?;
    let certificates = Certificate::from_pem_bundle(&pem).map_err(|error| format!("{path}: {error}"))?;
    Ok(client.tls_certs_only(certificates))
}
