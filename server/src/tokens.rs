//! Tokens with the clock and the key of this server.

use aws_lc_rs::hmac;
use serde::{Deserialize, Serialize};
use std::{
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};
use viva_signaling::message::ErrorCode;

/// Seam: what a token says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    pub room: String,
    pub identity: String,
    pub name: String,
    pub publish: bool,
    pub subscribe: bool,
    pub expires: u64,
}

/// Signs and verifies tokens. Cheap to clone.
#[derive(Clone)]
pub struct Tokens(Arc<hmac::Key>);

impl Tokens {
    /// With the server's secret.
    pub fn new(secret: &str) -> Self {
        Self(Arc::new(hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes())))
    }

    /// A token that says so.
    pub fn sign(&self, claims: &Claims) -> String {
        let text = serde_json::to_string(claims).unwrap_or_default();
        let mac = hmac::sign(&self.0, text.as_bytes());
        let hex = |bytes: &[u8]| bytes.iter().map(|b| format!("{b:02x}")).collect::<String>();
        format!("{}.{}", hex(text.as_bytes()), hex(mac.as_ref()))
    }

    /// What a token says, if it is ours and has not expired.
    pub fn verify(&self, token: &str) -> Result<Claims, ErrorCode> {
        let unhex = |text: &str| -> Option<Vec<u8>> {
            (0..text.len() / 2).map(|i| u8::from_str_radix(text.get(2 * i..2 * i + 2)?, 16).ok()).collect()
        };
        let (text, mac) = token.split_once('.').ok_or(ErrorCode::Unauthorized)?;
        let (Some(text), Some(mac)) = (unhex(text), unhex(mac)) else { return Err(ErrorCode::Unauthorized) };
        hmac::verify(&self.0, &text, &mac).map_err(|_| ErrorCode::Unauthorized)?;
        let claims: Claims = serde_json::from_slice(&text).map_err(|_| ErrorCode::Unauthorized)?;
        if claims.expires <= unix_time().as_secs() {
            return Err(ErrorCode::Unauthorized);
        }
        Ok(claims)
    }
}

/// Time of day since 1970.
pub fn unix_time() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}
