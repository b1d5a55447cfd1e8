//! AV1 (its RTP specification, §4.4): the aggregation header in front of every packet. Layers are the dependency descriptor's.

use super::Frame;
use crate::Error;

pub(super) fn inspect(payload: &[u8]) -> Result<Frame, Error> {
    let [header, _, ..] = *payload else { return Err(Error::Descriptor) };
    // Z: the first element goes on from the packet before. N: a coded video sequence begins, with a key frame.
    let (goes_on, begins) = (header & 0x80 != 0, header & 0x08 != 0);
    if goes_on && begins {
        return Err(Error::Descriptor);
    }
    Ok(Frame { starts_frame: !goes_on, key_frame: begins, descriptor_len: 1, ..Frame::default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sequence_begins_where_the_header_says_so() {
        let begins = inspect(&[0x18, 0x0a, 0x01]).unwrap();
        assert!(begins.key_frame && begins.starts_frame);
        let next = inspect(&[0x10, 0x32]).unwrap();
        assert_eq!((next.key_frame, next.starts_frame), (false, true));
        let rest = inspect(&[0x90, 0x32]).unwrap();
        assert_eq!((rest.key_frame, rest.starts_frame), (false, false));
    }

    #[test]
    fn what_contradicts_itself_or_is_empty_is_refused() {
        for payload in [&[0x98, 0x0a][..], &[0x10], &[]] {
            assert_eq!(inspect(payload), Err(Error::Descriptor));
        }
    }
}
