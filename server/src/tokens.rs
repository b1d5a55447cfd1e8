//! Tokens with the clock and the key of this server.

use crate::clock::unix_time;
use viva_signaling::{
    message::ErrorCode,
    token::{Claims, InvalidClaim, Key, WeakSecret},
};

/// Signs and verifies tokens. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Tokens(std::sync::Arc<Key>);

impl Tokens {
    /// With the server's secret.
    ///
    /// # Errors
    /// The secret is too short.
    pub fn new(secret: &str) -> Result<Self, WeakSecret> {
        Key::new(secret.as_bytes()).map(|key| Self(key.into()))
    }

    /// A token that says so.
    ///
    /// # Errors
    /// A claim is empty or too long.
    pub fn sign(&self, claims: &Claims) -> Result<String, InvalidClaim> {
        self.0.sign(claims)
    }

    /// What a token says, if it is ours and has not expired.
    ///
    /// # Errors
    /// [`ErrorCode::Unauthorized`], whatever is wrong.
    pub fn verify(&self, token: &str) -> Result<Claims, ErrorCode> {
        self.0.verify(token, unix_time().as_secs())
    }
}
