//! Tells apart the protocols that share one port, by the first bytes of a datagram (RFC 7983 §7, RFC 5761 §4).

/// What a datagram claims to be. Whether it is so is for the protocol's own reader to find out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A STUN message (RFC 8489).
    Stun,
    /// A DTLS record (RFC 6347).
    Dtls,
    /// An SRTP packet (RFC 3711 §3.1).
    Rtp,
    /// An SRTCP packet (RFC 3711 §3.4).
    Rtcp,
}

/// The protocol of a datagram; `None` for everything that does not belong on this port (ZRTP, TURN channels and
/// QUIC included).
pub fn classify(datagram: &[u8]) -> Option<Kind> {
    match datagram {
        [0..=3, ..] => Some(Kind::Stun),
        [20..=63, ..] => Some(Kind::Dtls),
        // The packet types of RTCP, seen as payload types with the marker bit set, are 64 to 95: those are never
        // given to RTP where both share a port (RFC 5761 §4).
        [128..=191, 192..=223, ..] => Some(Kind::Rtcp),
        [128..=191, _, ..] => Some(Kind::Rtp),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_first_byte_has_the_meaning_of_rfc_7983() {
        for first in 0..=u8::MAX {
            let expected = match first {
                0..=3 => Some(Kind::Stun),
                20..=63 => Some(Kind::Dtls),
                128..=191 => Some(Kind::Rtp),
                _ => None,
            };
            assert_eq!(classify(&[first, 96, 0, 0]), expected, "{first}");
        }
    }

    #[test]
    fn rtcp_is_told_by_its_packet_type() {
        for (second, expected) in
            [(191, Kind::Rtp), (192, Kind::Rtcp), (200, Kind::Rtcp), (223, Kind::Rtcp), (224, Kind::Rtp)]
        {
            assert_eq!(classify(&[0x80, second]), Some(expected), "{second}");
        }
    }

    #[test]
    fn nothing_and_half_a_header_are_nothing_of_ours() {
        assert_eq!(classify(&[]), None);
        assert_eq!(classify(&[0x80]), None);
    }
}
