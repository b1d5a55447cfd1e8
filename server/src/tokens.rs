//! Tokens with the clock and the key of this server.

use crate::clock::unix_time;
use std::time::Duration;
use viva_interview::{InterviewId, PictureCodec, SeatId};
use viva_media::CodecKind;
use viva_signaling::{
    message::ErrorCode,
    token::{Claims, InvalidClaim, Key, MAX_CHARACTERS, WeakSecret},
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

/// How the codec of an interview is called in a token.
pub const fn codec_claim(codec: PictureCodec) -> CodecKind {
    match codec {
        PictureCodec::Vp8 => CodecKind::Vp8,
        PictureCodec::H264 => CodecKind::H264,
        PictureCodec::Vp9 => CodecKind::Vp9,
        PictureCodec::Av1 => CodecKind::Av1,
    }
}

/// What the token of this seat in an interview says, for so long.
pub fn seat_claims(interview: InterviewId, seat: SeatId, name: &str, lasts: Duration) -> Claims {
    let name: String = name.split_whitespace().collect::<Vec<_>>().join(" ");
    Claims {
        room: interview.to_string(),
        name: name.chars().take(MAX_CHARACTERS).collect(),
        identity: seat.to_string(),
        seat: Some(seat.to_string()),
        second_camera: None,
        mark: None,
        codec: None,
        // What it may really do is the interview's to say when it joins.
        publish: false,
        subscribe: false,
        expires: unix_time().saturating_add(lasts).as_secs(),
    }
}
