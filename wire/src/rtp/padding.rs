//! RTP padding (RFC 3550 §5.1).

/// Turns the end of a packet into padding: zeros, and their number in the last byte. The header's padding flag has
/// to be set too. Takes 1 to 255 bytes; more are cut to the last 255 and none is nothing.
pub fn fill_padding(padding: &mut [u8]) {
    debug_assert!(padding.len() <= usize::from(u8::MAX), "padding counts itself in one byte");
    padding.fill(0);
    let count = u8::try_from(padding.len()).unwrap_or(u8::MAX);
    if let Some(last) = padding.last_mut() {
        *last = count;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rtp::{FIXED_LEN, Header};

    #[test]
    fn the_reader_takes_off_what_was_filled_in() {
        for len in [1, 2, 255] {
            let mut packet = vec![0xff; FIXED_LEN + 3 + len];
            packet[..2].copy_from_slice(&[0xa0, 96]);
            fill_padding(&mut packet[FIXED_LEN + 3..]);
            let header = Header::parse(&packet).unwrap();
            assert_eq!(header.payload(&packet), Ok(&[0xff; 3][..]));
        }
        fill_padding(&mut []);
    }
}
