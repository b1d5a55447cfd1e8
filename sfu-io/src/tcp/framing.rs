//! Packets in a byte stream: each behind its length in two bytes (RFC 4571 §2).

/// The longest packet that a peer may send over TCP, as over UDP, in bytes.
pub(crate) const MAX_FRAME: usize = 2048;

/// Bytes before each packet.
pub(crate) const HEADER: usize = 2;

/// A frame longer than [`MAX_FRAME`]: whatever sends this is none of our peers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooLong;

/// Hands out the packets of all complete frames in `bytes` and says how many bytes those took; what remains is
/// the beginning of a frame, at most [`HEADER`] + [`MAX_FRAME`] - 1 bytes. Empty frames say nothing (RFC 4571 §2)
/// and are passed over.
///
/// # Errors
/// [`TooLong`] at the first frame that is; those before have been handed out.
pub(crate) fn for_each_frame(bytes: &mut [u8], mut handle: impl FnMut(&mut [u8])) -> Result<usize, TooLong> {
    let mut taken = 0;
    let mut rest = bytes;
    while let Some((&mut header, body)) = rest.split_first_chunk_mut::<HEADER>() {
        let length = usize::from(u16::from_be_bytes(header));
        if length > MAX_FRAME {
            return Err(TooLong);
        }
        let Some((packet, behind)) = body.split_at_mut_checked(length) else { break };
        if !packet.is_empty() {
            handle(packet);
        }
        taken += HEADER + length;
        rest = behind;
    }
    Ok(taken)
}

/// Does a packet look like a STUN message (RFC 8489 §5): two zero bits, the magic cookie, its own length?
pub(crate) fn looks_like_stun(packet: &[u8]) -> bool {
    let Some((header, attributes)) = packet.split_first_chunk::<20>() else { return false };
    let [kind, _, length @ .., c0, c1, c2, c3] = header.first_chunk::<8>().copied().unwrap_or_default();
    kind & 0xc0 == 0
        && [c0, c1, c2, c3] == [0x21, 0x12, 0xa4, 0x42]
        && usize::from(u16::from_be_bytes(length)) == attributes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(packet: &[u8]) -> Vec<u8> {
        let mut frame = (packet.len() as u16).to_be_bytes().to_vec();
        frame.extend(packet);
        frame
    }

    fn packets(bytes: &[u8]) -> (Vec<Vec<u8>>, Result<usize, TooLong>) {
        let mut packets = Vec::new();
        let taken = for_each_frame(&mut bytes.to_vec(), |packet| packets.push(packet.to_vec()));
        (packets, taken)
    }

    #[test]
    fn a_stream_cut_anywhere_gives_the_whole_frames_before_the_cut() {
        let sent: [&[u8]; 4] = [b"a", b"", b"four", &[7; 300]];
        let stream: Vec<u8> = sent.iter().flat_map(|packet| frame(packet)).collect();
        let mut ends = vec![0];
        sent.iter().for_each(|packet| ends.push(ends[ends.len() - 1] + HEADER + packet.len()));
        for cut in 0..=stream.len() {
            let (packets, taken) = packets(&stream[..cut]);
            let whole = ends.iter().filter(|&&end| end <= cut).count() - 1;
            let expected: Vec<_> = sent[..whole].iter().filter(|packet| !packet.is_empty()).collect();
            assert_eq!((packets.len(), taken), (expected.len(), Ok(ends[whole])), "cut at {cut}");
            assert!(packets.iter().zip(expected).all(|(got, &sent)| got == sent));
        }
    }

    #[test]
    fn the_longest_frame_passes_and_a_longer_one_does_not() {
        assert_eq!(packets(&frame(&[1; MAX_FRAME])).1, Ok(HEADER + MAX_FRAME));
        let mut stream = frame(b"before");
        stream.extend(((MAX_FRAME + 1) as u16).to_be_bytes());
        assert_eq!(packets(&stream), (vec![b"before".to_vec()], Err(TooLong)));
    }

    #[test]
    fn stun_is_told_from_http_and_tls() {
        let mut request = vec![0, 1, 0, 8, 0x21, 0x12, 0xa4, 0x42];
        request.extend([0; 12 + 8]);
        assert!(looks_like_stun(&request));
        request.pop();
        assert!(!looks_like_stun(&request), "the length is wrong");
        assert!(!looks_like_stun(b"GET / HTTP/1.1\r\nHost: example"));
        assert!(!looks_like_stun(&[0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]));
        assert!(!looks_like_stun(&[]));
    }
}
