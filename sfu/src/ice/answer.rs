//! The answer to a valid check, a binding success response, and to an incomplete one (RFC 8489 §6.3.1).

use std::{array, net::SocketAddr};

/// The largest answer: header, XOR-MAPPED-ADDRESS for IPv6, MESSAGE-INTEGRITY, FINGERPRINT.
pub const MAX_ANSWER: usize = HEADER + 24 + INTEGRITY + FINGERPRINT;

const HEADER: usize = 20;
const INTEGRITY: usize = 24;
const FINGERPRINT: usize = 8;

/// What a STUN message has behind type and length.
pub(super) const MAGIC_COOKIE: [u8; 4] = [0x21, 0x12, 0xa4, 0x42];

/// The transaction of a request that was read.
pub(super) fn transaction(request: &[u8]) -> Option<[u8; 12]> {
    request.get(8..)?.first_chunk().copied()
}

/// Writes the answer to a check that came from `remote`; its length, or `None` where it has no room.
pub(super) fn write(
    answer: &mut [u8],
    transaction: [u8; 12],
    remote: SocketAddr,
    sign: impl FnOnce(&[u8]) -> [u8; 20],
) -> Option<usize> {
    let mut writer = Writer { answer, len: 0 };
    // Success; the length is written when it is known.
    writer.put(&[1, 1, 0, 0])?;
    writer.put(&MAGIC_COOKIE)?;
    writer.put(&transaction)?;
    // XOR-MAPPED-ADDRESS: under the cookie, an IPv6 address under the transaction too (§14.2).
    let [p0, p1] = remote.port().to_be_bytes();
    let port = [p0 ^ MAGIC_COOKIE[0], p1 ^ MAGIC_COOKIE[1]];
    let mask = |index: usize| *MAGIC_COOKIE.iter().chain(&transaction).nth(index).unwrap_or(&0);
    match remote {
        SocketAddr::V4(remote) => {
            let address = remote.ip().octets();
            writer.put(&[0, 0x20, 0, 8, 0, 1])?;
            writer.put(&port)?;
            writer.put(&array::from_fn::<u8, 4, _>(|index| address[index] ^ mask(index)))?;
        }
        SocketAddr::V6(remote) => {
            let address = remote.ip().octets();
            writer.put(&[0, 0x20, 0, 20, 0, 2])?;
            writer.put(&port)?;
            writer.put(&array::from_fn::<u8, 16, _>(|index| address[index] ^ mask(index)))?;
        }
    }
    writer.seal(sign)
}

/// Writes the answer to an authentic request that is not complete: error 400, Bad Request (RFC 8489 §6.3.1, §14.8), without
/// words, so that it is no longer than the request.
pub(super) fn write_refusal(
    answer: &mut [u8],
    transaction: [u8; 12],
    sign: impl FnOnce(&[u8]) -> [u8; 20],
) -> Option<usize> {
    let mut writer = Writer { answer, len: 0 };
    writer.put(&[1, 0x11, 0, 0])?;
    writer.put(&MAGIC_COOKIE)?;
    writer.put(&transaction)?;
    writer.put(&[0, 9, 0, 4, 0, 0, 4, 0])?;
    writer.seal(sign)
}

struct Writer<'a> {
    answer: &'a mut [u8],
    len: usize,
}

impl Writer<'_> {
    fn put(&mut self, bytes: &[u8]) -> Option<()> {
        self.answer.get_mut(self.len..)?.get_mut(..bytes.len())?.copy_from_slice(bytes);
        self.len += bytes.len();
        Some(())
    }

    fn written(&self) -> &[u8] {
        self.answer.get(..self.len).unwrap_or_default()
    }

    /// MESSAGE-INTEGRITY and FINGERPRINT: each covers what stands before it, under a length that includes it
    /// (RFC 8489 §14.5, §14.7).
    fn seal(mut self, sign: impl FnOnce(&[u8]) -> [u8; 20]) -> Option<usize> {
        self.set_length(INTEGRITY)?;
        let signature = sign(self.written());
        self.put(&[0, 8, 0, 20])?;
        self.put(&signature)?;
        self.set_length(FINGERPRINT)?;
        let checksum = crc32(self.written()) ^ 0x5354_554e;
        self.put(&[0x80, 0x28, 0, 4])?;
        self.put(&checksum.to_be_bytes())?;
        Some(self.len)
    }

    /// Counts the attributes that are written and `more` bytes.
    fn set_length(&mut self, more: usize) -> Option<()> {
        let length = u16::try_from(self.len - HEADER + more).ok()?;
        *self.answer.get_mut(2..)?.first_chunk_mut()? = length.to_be_bytes();
        Some(())
    }
}

/// The checksum of Ethernet (ITU V.42), as FINGERPRINT uses it.
fn crc32(bytes: &[u8]) -> u32 {
    const TABLE: [u32; 256] = {
        let mut table = [0; 256];
        let mut index = 0;
        while index < 256 {
            let mut remainder = index as u32;
            let mut bit = 0;
            while bit < 8 {
                remainder = remainder >> 1 ^ if remainder & 1 == 1 { 0xedb8_8320 } else { 0 };
                bit += 1;
            }
            table[index] = remainder;
            index += 1;
        }
        table
    };
    !bytes.iter().fold(!0, |sum, byte| sum >> 8 ^ TABLE[usize::from(sum as u8 ^ byte)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use is::stun::{StunMessage, TransId};

    fn sign(parts: &[&[u8]]) -> [u8; 20] {
        let sum = parts.iter().copied().flatten().fold(7u8, |sum, byte| sum.rotate_left(1) ^ byte);
        array::from_fn(|index| sum.wrapping_mul(index as u8 | 1))
    }

    #[test]
    fn an_answer_is_what_another_implementation_writes() {
        let remotes = ["192.0.2.7:1", "255.255.0.1:65535", "[2001:db8::5:ff]:40000", "[::ffff:192.0.2.7]:9"];
        for remote in remotes.map(|remote| remote.parse::<SocketAddr>().unwrap()) {
            let id = TransId::new();
            let mut request = [0; 300];
            StunMessage::binding_request("us:them", id, true, 7, 1, false)
                .to_bytes(Some(b"password"), &mut request, |_, parts| sign(parts))
                .unwrap();
            let transaction = transaction(&request).unwrap();
            let mut theirs = [0; 300];
            let due = StunMessage::binding_reply(id, remote)
                .to_bytes(Some(b"password"), &mut theirs, |_, parts| sign(parts))
                .unwrap();
            let mut ours = [0; MAX_ANSWER];
            let len = write(&mut ours, transaction, remote, |bytes| sign(&[bytes])).unwrap();
            assert_eq!(ours[..len], theirs[..due]);
            for room in 0..len {
                let answer = &mut ours[..room];
                assert_eq!(write(answer, transaction, remote, |bytes| sign(&[bytes])), None, "{room}");
            }
        }
    }

    #[test]
    fn the_checksum_is_that_of_the_standard() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
    }
}
