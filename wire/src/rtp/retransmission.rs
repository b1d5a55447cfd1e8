//! The payload of a retransmission: the original sequence number, then the original payload (RFC 4588 §4).

use crate::Error;

/// Bytes of the original sequence number.
pub const OSN_LEN: usize = 2;

/// Splits a retransmission's payload into the original sequence number and the original payload.
///
/// A payload too short for the number, as of a probe, is [`Error::Retransmission`].
pub fn read_original_sequence(payload: &[u8]) -> Result<(u16, &[u8]), Error> {
    let (osn, original) = payload.split_first_chunk::<OSN_LEN>().ok_or(Error::Retransmission)?;
    Ok((u16::from_be_bytes(*osn), original))
}

/// Writes the original sequence number to the start of `payload`; the bytes written, or `None` where there is no
/// room for it.
pub fn write_original_sequence(payload: &mut [u8], sequence: u16) -> Option<usize> {
    *payload.first_chunk_mut::<OSN_LEN>()? = sequence.to_be_bytes();
    Some(OSN_LEN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let mut payload = [0, 0, 7, 8];
        assert_eq!(write_original_sequence(&mut payload, 0xfffe), Some(2));
        assert_eq!(read_original_sequence(&payload), Ok((0xfffe, &[7, 8][..])));
    }

    #[test]
    fn no_room_for_the_number_is_told() {
        assert_eq!(read_original_sequence(&[1]), Err(Error::Retransmission));
        assert_eq!(write_original_sequence(&mut [0], 1), None);
    }
}
