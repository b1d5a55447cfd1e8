//! Trickle and restart by HTTP.

use super::*;
use crate::sdp::{Bandwidth, Fragment};

/// RFC 9725 §4.3.3, figure 5.
const RESTART: &str = "a=ice-options:trickle ice2\r\na=group:BUNDLE 0 1\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\n\
    a=ice-ufrag:ysXw\r\na=ice-pwd:vw5LmwG4y/e6dPP/zAP9Gp5k\r\n\
    a=candidate:1387637174 1 udp 2122260223 192.0.2.1 61764 typ host generation 0 ufrag EsAw network-id 1\r\n\
    a=candidate:3471623853 1 udp 2122194687 198.51.100.2 61765 typ host generation 0 ufrag EsAw network-id 2\r\n\
    a=end-of-candidates\r\n";

#[test]
fn a_restart_gets_our_new_credentials_and_candidates() {
    let agreed = answer(fixture("chromium-whip")).unwrap();
    let fragment = Fragment::parse(RESTART).unwrap();
    assert_eq!(fragment.mid, Some(mid("0")));
    assert_eq!((fragment.candidates.len(), fragment.end_of_candidates), (2, true));
    assert!(fragment.restarts(&agreed));
    let local = credentials("fresh");
    let terms = Terms {
        local: &local,
        fingerprint: Fingerprint([0; 32]),
        candidates: &[Candidate { protocol: Protocol::Udp, address: "[2001:db8::7]:9".parse().unwrap() }],
        permissions: BOTH,
        bandwidth: Bandwidth::default(),
    };
    let restart = agreed.restart(fragment.credentials.clone().unwrap(), &terms);
    assert!(restart.negotiated.ice_restarted);
    assert_eq!(restart.negotiated.transport.remote.ufrag, "ysXw");
    assert_eq!(restart.negotiated.media, agreed.media);
    assert_ne!(restart.negotiated.ice_session(), agreed.ice_session());
    assert_eq!(
        restart.fragment,
        "a=ice-lite\r\na=ice-options:ice2 trickle\r\na=group:BUNDLE 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\n\
         a=ice-ufrag:fresh\r\na=ice-pwd:0123456789abcdefghijkl\r\n\
         a=candidate:1 1 udp 2130706431 2001:db8::7 9 typ host\r\na=end-of-candidates\r\n"
    );
    // The same fragment again is a repetition, not another restart.
    assert!(!fragment.restarts(&restart.negotiated));
}

#[test]
fn a_trickle_names_the_credentials_in_force_or_none() {
    let agreed = answer(fixture("chromium-whip")).unwrap();
    let IceCredentials { ufrag, pwd } = &agreed.transport.remote;
    let text = format!("a=ice-ufrag:{ufrag}\r\na=ice-pwd:{pwd}\r\nm=audio 9 RTP/AVP 0\r\na=mid:0\r\n");
    assert!(!Fragment::parse(&text).unwrap().restarts(&agreed));
    assert!(
        !Fragment::parse("m=audio 9 RTP/AVP 0\na=mid:0\na=end-of-candidates\n").unwrap().restarts(&agreed)
    );
    assert_eq!(Fragment::parse(""), Ok(Fragment::default()));
}

#[test]
fn a_broken_fragment_is_told_its_line() {
    let line = |text: &str| Fragment::parse(text).unwrap_err().line;
    assert_eq!(line("a=ice-ufrag:abcd\r\n"), Some(1));
    assert_eq!(line("a=ice-ufrag:a b\r\na=ice-pwd:x\r\n"), Some(1));
    assert_eq!(line(&"a=candidate:1 1 udp 1 192.0.2.1 9 typ host\r\n".repeat(1000)), None);
}

#[test]
fn odd_candidates_and_lines_do_not_take_the_good_ones_with_them() {
    let good = "candidate:1 1 udp 1 192.0.2.1 9 typ host";
    for odd in [
        "nonsense",
        "=",
        "a=candidate:nonsense",
        "a=candidate:1 1 ssltcp 1 192.0.2.1 443 typ host",
        "a=candidate:1 1 quic 1 192.0.2.1 443 typ host",
        "a=candidate:1 1 udp x 192.0.2.1 9 typ host",
        "a=candidate:1 1 udp 1 192.0.2.1 70000 typ host",
        "a=candidate:1 1 udp 1 192.0.2.1",
        "a=candidate:1 9 udp 1 192.0.2.1 9 typ what",
        "a=candidate:",
        "a=rtcp-fb:x",
        "a=ice-options:trickle",
    ] {
        let text = format!(
            "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\n{odd}\r\na={good}\r\na=end-of-candidates\r\n"
        );
        let fragment = Fragment::parse(&text).unwrap_or_else(|error| panic!("{odd}: {error}"));
        assert!(fragment.candidates.contains(&good.to_owned()) && fragment.end_of_candidates, "{odd}");
        assert_eq!(fragment.mid, Some(mid("0")), "{odd}");
    }
    let many = format!("a={good}\r\n").repeat(70);
    assert_eq!(Fragment::parse(&many).unwrap().candidates.len(), 64);
}

#[test]
fn what_holds_no_line_of_sdp_is_no_fragment() {
    for text in ["{}", "[1]", "null", "candidate:1 1 udp 1 192.0.2.7 5 typ host", "\u{feff}{}\r\n"] {
        let error = Fragment::parse(text).unwrap_err().to_string();
        assert!(error.contains("line 1") && error.contains("<letter>=<value>"), "{text}: {error}");
    }
    for text in ["", "\r\n", "a=ice-options:trickle\r\n{}\r\n"] {
        assert_eq!(Fragment::parse(text).unwrap(), Fragment::default(), "{text}");
    }
}
