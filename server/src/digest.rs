//! What stands for a secret where the secret itself must not: keyed digests of passwords and codes, seals of cookies.

use crate::text::hex;
use aws_lc_rs::{constant_time, hmac};
use std::fmt;
use viva_interview::{InterviewId, SeatId, Seed, writing};

/// Makes keyed digests with the server's secret. Cheap to clone.
#[derive(Clone)]
pub struct Digests(hmac::Key);

impl fmt::Debug for Digests {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Digests(…)")
    }
}

impl Digests {
    /// With a key of its own, drawn from the server's secret.
    pub fn new(secret: &str) -> Self {
        let secret = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
        Self(hmac::Key::new(hmac::HMAC_SHA256, hmac::sign(&secret, b"viva digests 1").as_ref()))
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
            *hmac::sign(&self.0, format!("draw\n{interview} {salt}").as_bytes())
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
        hex(hmac::sign(&self.0, format!("{purpose}\n{text}").as_bytes()).as_ref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
