//! ICE candidates: ours are written, the client's are checked for their form.

use std::{fmt::Write as _, net::IpAddr};
use viva_media::{Candidate, Protocol};
use webrtc_sdp::attribute_type::SdpAttribute;

/// Is it a candidate (RFC 8839 §5.1), with or without `candidate:` before it? An empty text is the end of candidates
/// in the words of a browser.
pub fn is_candidate(text: &str) -> bool {
    let text = text.strip_prefix("a=").unwrap_or(text);
    let text = text.strip_prefix("candidate:").unwrap_or(text);
    text.is_empty() || (text.len() <= 512 && format!("candidate:{text}").parse::<SdpAttribute>().is_ok())
}

/// Writes `a=candidate` lines for our host candidates, best first as given, and the end of them (RFC 8838 §8.2).
pub(super) fn write(out: &mut String, candidates: &[Candidate]) {
    let mut foundations: Vec<(Protocol, IpAddr)> = Vec::new();
    for (index, candidate) in candidates.iter().enumerate() {
        let key = (candidate.protocol, candidate.address.ip());
        let known = foundations.iter().position(|other| *other == key);
        let foundation = known.unwrap_or_else(|| {
            foundations.push(key);
            foundations.len() - 1
        }) + 1;
        let (protocol, tcp_type) = match candidate.protocol {
            Protocol::Udp => ("udp", ""),
            Protocol::Tcp => ("tcp", " tcptype passive"),
        };
        let priority = priority(candidate.protocol, index);
        let (ip, port) = (candidate.address.ip(), candidate.address.port());
        let _ = write!(
            out,
            "a=candidate:{foundation} 1 {protocol} {priority} {ip} {port} typ host{tcp_type}\r\n"
        );
    }
    out.push_str("a=end-of-candidates\r\n");
}

/// RFC 8445 §5.1.2.1 for component 1. TCP has a type preference of its own, under every kind of UDP path that a client
/// could have, and the local preference of RFC 6544 §4.2: 4 is the direction preference of a passive host candidate.
fn priority(protocol: Protocol, index: usize) -> u32 {
    let (kind, local) = match protocol {
        Protocol::Udp => (126, 65_535 - index.min(65_535) as u32),
        Protocol::Tcp => (90, (4 << 13) + 8_191 - index.min(8_191) as u32),
    };
    (kind << 24) + (local << 8) + 255
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn priorities_follow_the_formula_and_udp_is_before_tcp() {
        assert_eq!(priority(Protocol::Udp, 0), 2_130_706_431);
        assert_eq!(priority(Protocol::Udp, 1), 2_130_706_175);
        assert_eq!(priority(Protocol::Tcp, 0), (90 << 24) + (((4 << 13) + 8_191) << 8) + 255);
        assert!(priority(Protocol::Udp, usize::MAX) > priority(Protocol::Tcp, 0));
    }

    #[test]
    fn candidates_share_a_foundation_by_protocol_and_address() {
        let mut out = String::new();
        let candidate = |protocol, address: &str| Candidate { protocol, address: address.parse().unwrap() };
        write(
            &mut out,
            &[
                candidate(Protocol::Udp, "192.0.2.1:7000"),
                candidate(Protocol::Udp, "[2001:db8::1]:7000"),
                candidate(Protocol::Tcp, "192.0.2.1:7000"),
                candidate(Protocol::Udp, "192.0.2.1:7001"),
            ],
        );
        let lines: Vec<_> = out.lines().collect();
        assert_eq!(lines[0], "a=candidate:1 1 udp 2130706431 192.0.2.1 7000 typ host");
        assert!(lines[1].starts_with("a=candidate:2 1 udp 2130706175 2001:db8::1 7000 typ host"));
        assert!(
            lines[2].starts_with("a=candidate:3 1 tcp ") && lines[2].ends_with(" typ host tcptype passive")
        );
        assert!(lines[3].starts_with("a=candidate:1 1 udp "));
        assert_eq!(lines[4], "a=end-of-candidates");
        assert!(lines.iter().take(4).all(|line| is_candidate(line)));
    }

    #[test]
    fn what_is_no_candidate_is_told_apart() {
        assert!(is_candidate(
            "candidate:1 1 udp 2113937151 7f0c-1.local 50000 typ host generation 0 ufrag abcd"
        ));
        assert!(is_candidate(""));
        for text in ["candidate:1", "hello", "candidate:1 1 udp x 1.2.3.4 5 typ host", &"1 ".repeat(300)] {
            assert!(!is_candidate(text), "{text}");
        }
    }
}
