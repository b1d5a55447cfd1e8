//! Narrow signed tokens: one seat in one room, for a limited time (JWT, RFC 7519, with HS256).
//!
//! Whoever holds the secret may make them: `viva token`, or any JWT library of the institution's own systems.

use crate::message::ErrorCode;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The shortest secret, in bytes: as long as the hash (RFC 7518 §3.2).
pub const MIN_SECRET: usize = 32;
/// The longest token, in bytes.
pub const MAX_TOKEN: usize = 4096;
/// The most characters of a name, a room and an identity.
pub const MAX_CHARACTERS: usize = 64;

/// What a token says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// The room: 1 to 64 characters, no control characters.
    pub room: String,
    /// The name that the others see: 1 to 64 characters, no control characters.
    pub name: String,
    /// Names the seat for good, 1 to 64 characters: a second join with the same identity takes the place of the first.
    #[serde(rename = "sub")]
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
    /// May send tracks.
    #[serde(default)]
    pub publish: bool,
    /// May receive tracks.
    #[serde(default)]
    pub subscribe: bool,
    /// Good until before this moment, in seconds since 1970 UTC. It ends joining, not a seat that is taken.
    #[serde(rename = "exp")]
    pub expires: u64,
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
        let claims = match jsonwebtoken::decode::<Claims>(token, &self.verifying, &self.validation) {
            Ok(token) => token.claims,
            Err(_) => return Err(ErrorCode::Unauthorized),
        };
        if now >= claims.expires || claims.check().is_err() {
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
mod tests {
    use super::*;

    const SECRET: &[u8] = b"0123456789abcdef0123456789abcdef";

    fn claims() -> Claims {
        Claims {
            room: "demo".to_owned(),
            name: "考生 张三".to_owned(),
            identity: "candidate-7".to_owned(),
            seat: None,
            second_camera: None,
            mark: None,
            publish: true,
            subscribe: true,
            expires: 1_000,
        }
    }

    #[test]
    fn a_token_says_what_was_signed_until_it_expires() {
        let key = Key::new(SECRET).unwrap();
        let token = key.sign(&claims()).unwrap();
        assert_eq!(key.verify(&token, 999), Ok(claims()));
        assert_eq!(key.verify(&token, 1_000), Err(ErrorCode::Unauthorized));
        assert_eq!(key.verify(&token, u64::MAX), Err(ErrorCode::Unauthorized));
    }

    #[test]
    fn a_token_of_another_secret_or_changed_in_any_byte_is_refused() {
        let key = Key::new(SECRET).unwrap();
        let token = key.sign(&claims()).unwrap();
        let other = Key::new(b"another secret, and long enough too").unwrap();
        assert_eq!(other.verify(&token, 0), Err(ErrorCode::Unauthorized));
        for index in 0..token.len() {
            let mut bytes = token.clone().into_bytes();
            bytes[index] = if bytes[index] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(bytes).unwrap();
            assert_eq!(key.verify(&changed, 0), Err(ErrorCode::Unauthorized), "byte {index}");
            assert_eq!(key.verify(&token[..index], 0), Err(ErrorCode::Unauthorized), "cut at {index}");
        }
    }

    #[test]
    fn a_seat_is_named_by_its_id_in_an_interview_that_is_named_by_its_own() {
        let key = Key::new(SECRET).unwrap();
        let with = |room: &str, seat: &str| {
            let seat = Some(seat.to_owned());
            key.sign(&Claims { room: room.to_owned(), seat, ..claims() }).map(|_| ())
        };
        assert_eq!(with("0123456789abcdef", "fedcba9876543210"), Ok(()));
        for (room, seat) in
            [("demo", "fedcba9876543210"), ("0123456789abcdef", "7"), ("0123456789ABCDEF", "0")]
        {
            assert_eq!(with(room, seat), Err(InvalidClaim("seat")), "{room} {seat}");
        }
    }

    #[test]
    fn a_second_camera_belongs_to_a_seat() {
        let key = Key::new(SECRET).unwrap();
        let seat = Some("fedcba9876543210".to_owned());
        let claims = Claims { room: "0123456789abcdef".to_owned(), second_camera: Some(1), ..claims() };
        assert_eq!(key.sign(&claims), Err(InvalidClaim("second_camera")));
        assert!(key.sign(&Claims { seat, ..claims }).is_ok());
    }

    #[test]
    fn no_other_algorithm_is_taken() {
        let key = Key::new(SECRET).unwrap();
        // {"alg":"none","typ":"JWT"} and the claims without a signature.
        let payload = key.sign(&claims()).unwrap().split('.').nth(1).unwrap().to_owned();
        let none = format!("eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{payload}.");
        assert_eq!(key.verify(&none, 0), Err(ErrorCode::Unauthorized));
        let longer = jsonwebtoken::encode(
            &Header::new(Algorithm::HS512),
            &claims(),
            &EncodingKey::from_secret(SECRET),
        );
        assert_eq!(key.verify(&longer.unwrap(), 0), Err(ErrorCode::Unauthorized));
    }

    #[test]
    fn a_token_of_another_library_is_read() {
        // Made with Python's hmac: header {"typ":"JWT","alg":"HS256"}, claims in another order, one unknown claim.
        let token = concat!(
            "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.",
            "eyJleHAiOjUwMDAsImlzcyI6InNjaG9vbCIsInN1YiI6ImV4YW1pbmVyLTEiLCJuYW1lIjoiTGkiLCJyb29tIjoiYSIsInN1YnNjcmliZSI6dHJ1ZX0.",
            "9aJ1SlT4e1v9ydjpYtfjz_0NHT9MS7ze6mysalbG7EI"
        );
        let key = Key::new(SECRET).unwrap();
        let claims = key.verify(token, 4_999).unwrap();
        assert_eq!((claims.identity.as_str(), claims.publish, claims.subscribe), ("examiner-1", false, true));
    }

    #[test]
    fn secrets_and_texts_have_limits() {
        assert_eq!(Key::new(&SECRET[1..]).map(|_| ()), Err(WeakSecret));
        let key = Key::new(SECRET).unwrap();
        let with = |name: &str| key.sign(&Claims { name: name.to_owned(), ..claims() }).map(|_| ());
        assert_eq!(with(&"字".repeat(64)), Ok(()));
        for name in ["", "  ", "a\nb", "a\u{202e}b", &"字".repeat(65)] {
            assert_eq!(with(name), Err(InvalidClaim("name")), "{name:?}");
        }
        assert_eq!(key.sign(&Claims { room: String::new(), ..claims() }), Err(InvalidClaim("room")));
        // A foreign signer with the right secret is held to the same limits.
        let long = Claims { identity: "x".repeat(65), ..claims() };
        let token =
            jsonwebtoken::encode(&Header::new(Algorithm::HS256), &long, &EncodingKey::from_secret(SECRET));
        assert_eq!(key.verify(&token.unwrap(), 0), Err(ErrorCode::Unauthorized));
        assert_eq!(key.verify(&"a.".repeat(MAX_TOKEN), 0), Err(ErrorCode::Unauthorized));
    }
}
