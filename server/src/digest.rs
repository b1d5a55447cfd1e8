//! What stands for a secret where the secret itself must not: keyed digests of passwords and codes, seals of cookies, and
//! passwords of invitations that only this server opens.

use crate::text::hex;
use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey},
    constant_time, hmac,
};
use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use std::{fmt, sync::Arc};
use viva_interview::{InterviewId, Password, SeatId, Seed, writing};

/// Makes keyed digests with the server's secret. Cheap to clone.
#[derive(Clone)]
pub struct Digests {
    key: hmac::Key,
    /// Opens passwords; only a library that is broken makes none.
    passwords: Option<Arc<RandomizedNonceKey>>,
}

impl fmt::Debug for Digests {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Digests(…)")
    }
}

impl Digests {
    /// With a key of its own, drawn from the server's secret.
    pub fn new(secret: &str) -> Self {
        let secret = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
        let derived = |purpose: &[u8]| hmac::sign(&secret, purpose);
        let passwords = RandomizedNonceKey::new(&AES_256_GCM, derived(b"viva passwords 1").as_ref()).ok();
        Self {
            key: hmac::Key::new(hmac::HMAC_SHA256, derived(b"viva digests 1").as_ref()),
            passwords: passwords.map(Arc::new),
        }
    }

    /// An invitation's password as it is kept: its digest, and what [`Digests::told`] opens.
    pub fn invitation(&self, seat: SeatId, password: &str) -> Password {
        let digest = self.password(seat, password);
        // As somebody can read and type it.
        let seen: String = password.chars().filter(|c| !c.is_control() && !writing::is_unseen(*c)).collect();
        match self.concealed(seat, seen.trim()) {
            Some(sealed) => Password::new(digest, sealed),
            None => Password::of_digest(digest),
        }
    }

    /// The password of an invitation for a message to whom it belongs; none where it is kept as a digest alone, or was
    /// sealed with another secret.
    pub fn told(&self, seat: SeatId, password: &Password) -> Option<String> {
        let mut sealed = STANDARD_NO_PAD.decode(password.sealed()?).ok()?;
        let (nonce, text) = sealed.split_first_chunk_mut::<NONCE_LEN>()?;
        let nonce = Nonce::from(&*nonce);
        let opened = self.passwords.as_ref()?.open_in_place(nonce, of(seat), text).ok()?;
        String::from_utf8(opened.to_vec()).ok()
    }

    fn concealed(&self, seat: SeatId, password: &str) -> Option<String> {
        let mut text = password.as_bytes().to_vec();
        let nonce = self.passwords.as_ref()?.seal_in_place_append_tag(of(seat), &mut text).ok()?;
        Some(STANDARD_NO_PAD.encode([&nonce.as_ref()[..], &text].concat()))
    }

    /// The digest of an invitation's password, the same however keyboards and messengers wrote it.
    pub fn password(&self, seat: SeatId, password: &str) -> String {
        self.of("password", &format!("{seat} {}", writing::password(password)))
    }

    /// The digest of the digits of a code sent by SMS.
    pub fn sms(&self, seat: SeatId, code: &str) -> String {
        self.of("sms", &format!("{seat} {}", writing::digits(code)))
    }

    /// The seed of a random draw: nobody finds it from the salt without this server's secret.
    pub fn draw_seed(&self, interview: InterviewId, salt: &str) -> Seed {
        Seed(
            *hmac::sign(&self.key, format!("draw\n{interview} {salt}").as_bytes())
                .as_ref()
                .first_chunk()
                .unwrap_or(&[0; 32]),
        )
    }

    /// What the password of a demo's administrator is made of.
    pub fn demo(&self) -> String {
        self.of("demo", "administrator")
    }

    /// `text` with a seal behind it that only this server can make.
    pub fn seal(&self, purpose: &str, text: &str) -> String {
        format!("{text}.{}", self.of(purpose, text))
    }

    /// The text of what [`Digests::seal`] made for the same purpose.
    pub fn open<'a>(&self, purpose: &str, sealed: &'a str) -> Option<&'a str> {
        let (text, seal) = sealed.rsplit_once('.')?;
        let right = self.of(purpose, text);
        constant_time::verify_slices_are_equal(right.as_bytes(), seal.as_bytes()).ok().map(|()| text)
    }

    fn of(&self, purpose: &str, text: &str) -> String {
        hex(hmac::sign(&self.key, format!("{purpose}\n{text}").as_bytes()).as_ref())
    }
}

/// A password belongs to its seat: no record can take the place of another.
fn of(seat: SeatId) -> Aad<String> {
    Aad::from(format!("password {seat}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_told_to_its_seat_alone_by_the_server_that_sealed_it() {
        let digests = Digests::new("one secret");
        let kept = digests.invitation(SeatId(1), " K7\u{200b}m2 密\r\n");
        assert_eq!(digests.told(SeatId(1), &kept).as_deref(), Some("K7m2 密"));
        assert_eq!(digests.told(SeatId(2), &kept), None);
        assert_eq!(Digests::new("another").told(SeatId(1), &kept), None);
        assert!(!serde_json::to_string(&kept).unwrap().contains("K7m2"));
        let old = Password::of_digest(digests.password(SeatId(1), "K7m2 密"));
        assert_eq!(digests.told(SeatId(1), &old), None);
        for damaged in ["", "AAAA", "?", &"A".repeat(80)] {
            assert_eq!(digests.told(SeatId(1), &Password::new("digest", damaged)), None, "{damaged}");
        }
        let longest = digests.invitation(SeatId(1), &"密".repeat(64));
        assert!(longest.sealed().unwrap().len() <= viva_interview::limit::SEALED);
    }

    #[test]
    fn a_digest_is_of_one_purpose_one_seat_one_text_and_one_secret() {
        let digests = Digests::new("one secret");
        let one = digests.sms(SeatId(1), "123456");
        assert_eq!(one, digests.sms(SeatId(1), "123456"));
        let others = [
            digests.sms(SeatId(2), "123456"),
            digests.sms(SeatId(1), "123457"),
            digests.password(SeatId(1), "123456"),
            Digests::new("another").sms(SeatId(1), "123456"),
        ];
        assert!(!others.contains(&one));
    }

    #[test]
    fn what_phones_and_messengers_leave_makes_no_other_digest() {
        let digests = Digests::new("one secret");
        let password = digests.password(SeatId(1), "K7m2-p9");
        for text in ["Ｋ7m2－p9", " K7m2–p9\u{a0}\n", "“K7m2-p9”。", "\u{200b}K7m2-p9\u{feff}"] {
            assert_eq!(digests.password(SeatId(1), text), password, "{text:?}");
        }
        assert_ne!(digests.password(SeatId(1), "k7m2-p9"), password, "case counts");
        assert_eq!(digests.sms(SeatId(1), "１２３ 4O6。"), digests.sms(SeatId(1), "123406"));
    }

    #[test]
    fn a_seal_opens_only_what_it_was_put_on() {
        let digests = Digests::new("one secret");
        let sealed = digests.seal("cookie", "a.b");
        assert_eq!(digests.open("cookie", &sealed), Some("a.b"));
        assert_eq!(digests.open("other", &sealed), None);
        assert_eq!(digests.open("cookie", &sealed.replace("a.b", "a.c")), None);
        assert_eq!(digests.open("cookie", "a.b"), None);
        assert_eq!(digests.open("cookie", ""), None);
    }
}
