//! Random ids and names, from the system's source.

use crate::text;
use aws_lc_rs::rand;

/// `N` random bytes.
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    // AWS-LC's generator reports no failure that a program could outlive: without it no key is safe.
    #[expect(clippy::expect_used, reason = "nothing may go on without randomness")]
    rand::fill(&mut bytes).expect("the system's random source works");
    bytes
}

/// `N` random bytes as 2·`N` lower-case hexadecimal digits.
pub fn hex<const N: usize>() -> String {
    text::hex(&bytes::<N>())
}

/// 64 random bits, for an id.
pub fn id() -> u64 {
    u64::from_le_bytes(bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_differ() {
        assert_ne!(id(), id());
        assert_eq!(hex::<16>().len(), 32);
    }
}
