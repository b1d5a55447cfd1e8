//! Messages in a byte stream (RFC 8656 §3.2, §12.5): STUN says its length, and so does a channel's data, padded to four.

/// The longest message that a client may send: the longest packet, in an indication with an IPv6 address.
pub const MAX_MESSAGE: usize = 2048 + 20 + 24 + 4 + 4;

/// The header of a STUN message.
const STUN: usize = 20;
/// The header of a channel's data: its number, the length of what follows.
pub(crate) const CHANNEL: usize = 4;

/// What begins with these bytes is neither STUN nor a channel's data, or is longer than anything of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotTurn;

/// How long the first message of a stream is, with its padding; `None` as long as too little has come to tell.
///
/// # Errors
/// [`NotTurn`]: whoever sends this is no client.
pub fn first_length(stream: &[u8]) -> Result<Option<usize>, NotTurn> {
    let Some(&[first, second, high, low]) = stream.first_chunk() else {
        // So that nobody who speaks something else is waited for.
        let alien = stream.first().is_some_and(|first| first & 0x80 != 0);
        return if alien { Err(NotTurn) } else { Ok(None) };
    };
    let length = usize::from(u16::from_be_bytes([high, low]));
    let whole = match first >> 6 {
        0 if length % 4 == 0 => STUN + length,
        1 if is_channel(u16::from_be_bytes([first, second])) => CHANNEL + length + padding(length),
        _ => return Err(NotTurn),
    };
    if whole > MAX_MESSAGE { Err(NotTurn) } else { Ok(Some(whole)) }
}

/// Bytes behind a channel's data in a stream, so that the next message begins at a multiple of four.
pub const fn padding(length: usize) -> usize {
    length.wrapping_neg() % 4
}

/// Is it a number that channels have? RFC 8656 §12 ends at 0x4FFF, for ports that carry other protocols too; clients of RFC 5766 go
/// up to 0x7FFF, and here nothing else begins so.
pub(crate) const fn is_channel(number: u16) -> bool {
    number >= 0x4000 && number <= 0x7fff
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_says_its_length_as_soon_as_its_head_is_there() {
        assert_eq!(first_length(&[]), Ok(None));
        assert_eq!(first_length(&[0, 3, 0]), Ok(None));
        assert_eq!(first_length(&[0, 3, 0, 8]), Ok(Some(28)));
        assert_eq!(first_length(&[0x40, 0, 0, 0]), Ok(Some(4)));
        assert_eq!(first_length(&[0x4f, 0xff, 0, 5, 1]), Ok(Some(12)));
    }

    #[test]
    fn other_protocols_and_lengths_beyond_any_packet_are_no_turn() {
        for alien in [&b"GET / HTTP/1.1"[..], &[22, 3, 1, 2], &[0x80, 1, 0, 0], &[0xff], &[0xc0, 0, 0, 4]] {
            assert_eq!(first_length(alien), Err(NotTurn), "{alien:?}");
        }
        assert_eq!(first_length(&[0, 3, 0, 7]), Err(NotTurn), "STUN is padded");
        assert_eq!(first_length(&[0x40, 0, 0xff, 0xff]), Err(NotTurn));
        assert_eq!(first_length(&[0, 1, 0xff, 0xfc]), Err(NotTurn));
    }

    #[test]
    fn padding_fills_up_to_four() {
        assert_eq!([0, 1, 2, 3, 4, 1201].map(padding), [0, 3, 2, 1, 0, 3]);
    }
}
