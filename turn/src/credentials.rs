//! Names and passwords of seats that the server makes and checks without remembering any, and its nonces.
//!
//! A name says until when it is good and whose it is; the password follows from the name and the server's secret, so that it
//! holds on every shard, after a restart, and for nothing else.

use aws_lc_rs::{constant_time::verify_slices_are_equal, hmac};
use std::{fmt, sync::Arc};
use stun_types::message::{IntegrityAlgorithm, IntegrityKey, LongTermKeyCredentials};
use viva_media::ParticipantId;

/// How long a nonce is good, in seconds: a client has its credentials for some minutes.
const NONCE_LASTS: u64 = 600;
/// Bytes of a proof that are shown.
const PROOF: usize = 16;

/// Makes and checks credentials. Cheap to clone.
#[derive(Clone)]
pub struct Secret {
    key: Arc<hmac::Key>,
    realm: Arc<str>,
}

/// What a client shows to allocate (RFC 8489 §9.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credentials {
    /// Until when they are good, in seconds of Unix time, and for which seat.
    pub username: String,
    /// The password.
    pub password: String,
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secret({})", self.realm)
    }
}

impl Secret {
    /// With a key of its own, drawn from the server's secret.
    pub fn new(secret: &[u8], realm: &str) -> Self {
        let root = hmac::Key::new(hmac::HMAC_SHA256, secret);
        let key = hmac::Key::new(hmac::HMAC_SHA256, hmac::sign(&root, b"viva turn 1").as_ref());
        Self { key: Arc::new(key), realm: realm.into() }
    }

    /// The realm that clients are told.
    pub fn realm(&self) -> &str {
        &self.realm
    }

    /// Credentials of a seat, good until `expires` (seconds of Unix time).
    pub fn issue(&self, participant: ParticipantId, expires: u64) -> Credentials {
        let username = format!("{expires}:{participant}");
        let password = self.prove("password", &username);
        Credentials { username, password }
    }

    /// Whose name it is, if it is still good; only what is signed with [`Secret::key`] proves that we have made it.
    pub(crate) fn holder(&self, username: &str, unix: u64) -> Option<ParticipantId> {
        let (expires, participant) = username.split_once(':')?;
        let expires: u64 = expires.parse().ok()?;
        let participant: ParticipantId = participant.parse().ok()?;
        // What we have written ourselves has one way to be written.
        let ours = username == format!("{expires}:{participant}");
        (ours && unix < expires).then_some(participant)
    }

    /// What messages under this name are signed with (RFC 8489 §9.2.2).
    pub(crate) fn key(&self, username: &str) -> IntegrityKey {
        let password = self.prove("password", username);
        LongTermKeyCredentials::new(username.to_owned(), password, self.realm.to_string())
            .make_key(IntegrityAlgorithm::Sha1)
    }

    /// A nonce of this second; it needs no memory. It does not depend on the address: a client may have several.
    pub(crate) fn nonce(&self, unix: u64) -> String {
        format!("{unix:x}-{}", self.prove("nonce", &unix.to_string()))
    }

    /// Have we given this nonce to somebody, not too long ago?
    pub(crate) fn is_fresh(&self, nonce: &str, unix: u64) -> bool {
        let Some((made, proof)) = nonce.split_once('-') else { return false };
        let Ok(made) = u64::from_str_radix(made, 16) else { return false };
        let expected = self.prove("nonce", &made.to_string());
        let ours = verify_slices_are_equal(expected.as_bytes(), proof.as_bytes()).is_ok();
        ours && made <= unix && unix - made < NONCE_LASTS
    }

    /// What only we can say about `text`, in hexadecimal digits.
    pub(crate) fn prove(&self, purpose: &str, text: &str) -> String {
        let tag = hmac::sign(&self.key, format!("{purpose} {text}").as_bytes());
        tag.as_ref().iter().take(PROOF).map(|byte| format!("{byte:02x}")).collect()
    }
}
