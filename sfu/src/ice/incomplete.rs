//! A binding request that is no complete check: without PRIORITY, say (RFC 8445 §7.1.1). Read just far enough to see whose
//! it is, so that its sender learns that it is wrong.

use super::{BINDING_REQUEST, answer};
use aws_lc_rs::hmac;

const USERNAME: u16 = 0x0006;
const MESSAGE_INTEGRITY: u16 = 0x0008;
const HEADER: usize = 20;

/// A binding request with user name and integrity, neither of them proven, and whatever else.
#[derive(Debug, Clone, Copy)]
pub struct Incomplete<'a> {
    pub(super) datagram: &'a [u8],
    /// Our user fragment, as the peer wrote it.
    pub ufrag: &'a str,
    pub(super) remote: &'a str,
    /// Where MESSAGE-INTEGRITY begins.
    signed: usize,
    signature: &'a [u8],
}

impl<'a> Incomplete<'a> {
    /// Reads one; `None` for everything else.
    pub fn read(datagram: &'a [u8]) -> Option<Self> {
        let length: [u8; 2] = datagram.get(2..4)?.try_into().ok()?;
        let whole =
            datagram.len() == HEADER + usize::from(u16::from_be_bytes(length)) && datagram.len() <= 1500;
        if !whole || datagram.get(..2)? != BINDING_REQUEST || datagram.get(4..8)? != answer::MAGIC_COOKIE {
            return None;
        }
        let mut username = None;
        let mut at = HEADER;
        // What follows MESSAGE-INTEGRITY is not covered by it, and does not matter (RFC 8489 §14.5).
        while let [k0, k1, l0, l1, rest @ ..] = datagram.get(at..)? {
            let length = usize::from(u16::from_be_bytes([*l0, *l1]));
            let value = rest.get(..length)?;
            match u16::from_be_bytes([*k0, *k1]) {
                MESSAGE_INTEGRITY if length == 20 => {
                    let (ufrag, remote) = std::str::from_utf8(username?).ok()?.split_once(':')?;
                    return Some(Self { datagram, ufrag, remote, signed: at, signature: value });
                }
                USERNAME => username = Some(value),
                _ => {}
            }
            at += 4 + length.next_multiple_of(4);
        }
        None
    }

    /// Was it signed with this key?
    pub(super) fn is_signed_by(&self, key: &hmac::Key) -> bool {
        // The length in the header is that up to the integrity's own end (RFC 8489 §14.5).
        let Some(signed) = self.datagram.get(..self.signed) else { return false };
        let Ok(length) = u16::try_from(self.signed + 24 - HEADER) else { return false };
        let (Some(head), Some(tail)) = (signed.get(..2), signed.get(4..)) else { return false };
        let mut context = hmac::Context::with_key(key);
        context.update(head);
        context.update(&length.to_be_bytes());
        context.update(tail);
        aws_lc_rs::constant_time::verify_slices_are_equal(context.sign().as_ref(), self.signature).is_ok()
    }
}
