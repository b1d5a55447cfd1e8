//! Narrow signed tokens: one seat in one room, for a limited time (JWT, RFC 7519, with HS256).
//!
//! Whoever holds the secret may make them: `viva token`, or any JWT library of the institution's own systems.

mod foreign;

use crate::message::ErrorCode;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt;
use viva_media::CodecKind;

/// The shortest secret, in bytes: as long as the hash (RFC 7518 §3.2).
pub const MIN_SECRET: usize = 32;
/// The longest token, in bytes.
pub const MAX_TOKEN: usize = 4096;
/// The most characters of a name, a room and an identity.
pub const MAX_CHARACTERS: usize = 64;

/// The longest that a token may still be good, in seconds: one without end would outlive everybody who knows of it.
pub const HORIZON: u64 = 400 * 24 * 60 * 60;
/// How far the clock of another signer may be ahead of ours, in seconds, for `nbf`.
pub const LEEWAY: u64 = 10;
/// What `aud` may name, where it is there.
pub const AUDIENCE: &str = "viva";

/// What a token says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// The room: 1 to 64 characters, no control characters.
    #[serde(deserialize_with = "foreign::text")]
    pub room: String,
    /// The name that the others see: 1 to 64 characters, no control characters.
    #[serde(deserialize_with = "foreign::text")]
    pub name: String,
    /// Names the seat for good, 1 to 64 characters: a second join with the same identity takes the place of the first.
    #[serde(rename = "sub", deserialize_with = "foreign::text")]
    pub identity: String,
    /// The seat in the interview that `room` names, both 16 hexadecimal digits; such a token opens that seat alone, and
    /// what it may send and receive is the interview's to say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seat: Option<String>,
    /// The paired phone of that seat, by the number of its link: it may send one picture, and receives nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second_camera: Option<u32>,
    /// Of a seat: what its holder was known by when the token was made, at most 64 characters. Once that is another, since
    /// the account was given a new password or a candidate has entered on another device, the token opens nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mark: Option<String>,
    /// Of a seat: what its page is to encode pictures with, where it can. A word to the page alone; the server reads it not.
    #[serde(default, skip_deserializing, skip_serializing_if = "Option::is_none")]
    pub codec: Option<CodecKind>,
    /// May send tracks.
    #[serde(default, deserialize_with = "foreign::yes")]
    pub publish: bool,
    /// May receive tracks.
    #[serde(default, deserialize_with = "foreign::yes")]
    pub subscribe: bool,
    /// Good until before this moment, in seconds since 1970 UTC. It ends joining, not a seat that is taken.
    #[serde(rename = "exp", deserialize_with = "foreign::moment")]
    pub expires: u64,
}

/// Claims with what only verifying asks for.
#[derive(Deserialize)]
struct Foreign {
    #[serde(flatten)]
    claims: Claims,
    /// Not good before this moment.
    #[serde(rename = "nbf", default, deserialize_with = "foreign::moment_if_any")]
    begins: Option<u64>,
    /// Whom it is for.
    #[serde(default)]
    aud: Value,
}

impl Foreign {
    /// Is it for us, as far as it says? One name, or several of which one is ours (RFC 7519 §4.1.3).
    fn is_ours(&self) -> bool {
        match &self.aud {
            Value::Null => true,
            Value::Array(names) => names.iter().any(|name| name == AUDIENCE),
            name => name == AUDIENCE,
        }
    }
}

impl Claims {
    /// Checks the texts.
    ///
    /// # Errors
    ///
    /// The name of the first claim that is not of the form that its field asks for.
    pub fn check(&self) -> Result<(), InvalidClaim> {
        for (claim, text) in [("room", &self.room), ("name", &self.name), ("identity", &self.identity)] {
            let blank = text.trim().is_empty();
            if blank || text.chars().nth(MAX_CHARACTERS).is_some() || text.chars().any(unseen) {
                return Err(InvalidClaim(claim));
            }
        }
        let hex =
            |text: &str| text.len() == 16 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        if let Some(seat) = &self.seat
            && !(hex(seat) && hex(&self.room))
        {
            return Err(InvalidClaim("seat"));
        }
        if self.mark.as_ref().is_some_and(|mark| mark.chars().nth(MAX_CHARACTERS).is_some()) {
            return Err(InvalidClaim("mark"));
        }
        if self.second_camera.is_some() && self.seat.is_none() {
            return Err(InvalidClaim("second_camera"));
        }
        Ok(())
    }
}

/// A claim that is empty, too long, or has control characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` must have 1 to {MAX_CHARACTERS} characters and no control characters")]
pub struct InvalidClaim(pub &'static str);

/// A secret of fewer than [`MIN_SECRET`] bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the secret has fewer than {MIN_SECRET} bytes")]
pub struct WeakSecret;

/// The secret that signs and verifies.
#[derive(Clone)]
pub struct Key {
    signing: EncodingKey,
    verifying: DecodingKey,
    validation: Validation,
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(…)")
    }
}

impl Key {
    /// Takes the secret.
    ///
    /// # Errors
    ///
    /// [`WeakSecret`].
    pub fn new(secret: &[u8]) -> Result<Self, WeakSecret> {
        if secret.len() < MIN_SECRET {
            return Err(WeakSecret);
        }
        let mut validation = Validation::new(Algorithm::HS256);
        // The library would read a clock; `verify` is told the time.
        validation.validate_exp = false;
        validation.required_spec_claims.clear();
        // The library accepts an audience that it cannot read; `Foreign::is_ours` does not.
        validation.validate_aud = false;
        Ok(Self {
            signing: EncodingKey::from_secret(secret),
            verifying: DecodingKey::from_secret(secret),
            validation,
        })
    }

    /// Makes a token.
    ///
    /// # Errors
    ///
    /// [`InvalidClaim`].
    pub fn sign(&self, claims: &Claims) -> Result<String, InvalidClaim> {
        claims.check()?;
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), claims, &self.signing)
            .map_err(|_| InvalidClaim("claims"))
    }

    /// Reads a token at the moment `now`, in seconds since 1970 UTC. The signature is compared in constant time.
    ///
    /// # Errors
    ///
    /// [`ErrorCode::Unauthorized`], whatever is wrong: nothing is to be learned from the difference.
    pub fn verify(&self, token: &str, now: u64) -> Result<Claims, ErrorCode> {
        if token.len() > MAX_TOKEN {
            return Err(ErrorCode::Unauthorized);
        }
        let foreign = match jsonwebtoken::decode::<Foreign>(token, &self.verifying, &self.validation) {
            // What a header declares critical must be understood, and nothing of the kind is (RFC 7515 §4.1.11).
            Ok(token) if token.header.crit.is_none() && token.claims.is_ours() => token.claims,
            _ => return Err(ErrorCode::Unauthorized),
        };
        let Foreign { claims, begins, .. } = foreign;
        let early = begins.is_some_and(|begins| begins > now.saturating_add(LEEWAY));
        let endless = claims.expires > now.saturating_add(HORIZON);
        if early || endless || now >= claims.expires || claims.check().is_err() {
            return Err(ErrorCode::Unauthorized);
        }
        Ok(claims)
    }
}

/// Control characters, and those that turn the direction of the text around them.
fn unseen(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests;
