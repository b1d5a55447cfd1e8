//! What lets somebody in: signed tokens, and the codes of invitations.

use super::Verdict::{self, Refused, Understood};
use aws_lc_rs::hmac;
use viva_interview::Code;
use viva_signaling::token::{HORIZON, Key};

const SECRET: &[u8] = b"the secret of the corpus, long enough";
/// When tokens of the corpus are read, in seconds since 1970 UTC.
const NOW: u64 = 1_800_000_000;

/// A code, or a token; two lines are a header and claims, which are signed, since no fuzzer guesses a signature.
pub fn token(data: &[u8]) -> Verdict {
    let Ok(text) = std::str::from_utf8(data) else { return Refused };
    let signed = text.split_once('\n').map(|(header, claims)| signed(header, claims));
    let taken = [invited(text), verified(text), signed.map_or(Refused, |token| verified(&token))];
    if taken.contains(&Understood) { Understood } else { Refused }
}

/// What is read as a code is shown in one way, and read again as the same.
fn invited(text: &str) -> Verdict {
    let Ok(code) = text.parse::<Code>() else { return Refused };
    let shown = code.to_string();
    assert_eq!(shown.len(), 14, "{shown}");
    assert_eq!(shown.parse(), Ok(code), "{shown}");
    Understood
}

/// What is taken is of the right form, good now and not for ever, under no other secret, and says the same signed anew.
fn verified(token: &str) -> Verdict {
    let key = |secret| Key::new(secret).expect("the secret is long enough");
    let Ok(claims) = key(SECRET).verify(token, NOW) else { return Refused };
    assert_eq!(claims.check(), Ok(()));
    assert!((NOW + 1..=NOW + HORIZON).contains(&claims.expires), "{claims:?}");
    assert!(key(SECRET).verify(token, claims.expires).is_err(), "good after its end: {claims:?}");
    assert!(key(b"another secret that is long enough too").verify(token, NOW).is_err());
    let again = key(SECRET).sign(&claims).expect("what was taken can be signed");
    assert_eq!(key(SECRET).verify(&again, NOW), Ok(claims));
    Understood
}

/// A token as any library makes it (RFC 7515 §3.1).
fn signed(header: &str, claims: &str) -> String {
    let signed = format!("{}.{}", base64url(header.as_bytes()), base64url(claims.as_bytes()));
    let seal = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, SECRET), signed.as_bytes());
    format!("{signed}.{}", base64url(seal.as_ref()))
}

/// Without padding (RFC 4648 §5).
fn base64url(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let group = |chunk: &[u8]| {
        let bits = (0..3).fold(0, |bits, at| bits << 8 | usize::from(chunk.get(at).copied().unwrap_or(0)));
        let letters = (0..=chunk.len()).map(move |at| char::from(LETTERS[bits >> (18 - 6 * at) & 63]));
        letters.collect::<String>()
    };
    bytes.chunks(3).map(group).collect()
}
