//! Offers as deployed software writes them: FFmpeg 8, OBS, GStreamer, munged browsers. What is clear is accepted, what is
//! odd costs only itself, and what is refused is named.

use super::*;
use crate::sdp::MAX_ENCODINGS;
use viva_media::{Codec, Encoding, Extension, H264Format, H264Profile, MediaKind};

/// Every offer of `fixtures/deployed`, by name.
const DEPLOYED: [(&str, &str); 14] = [
    (
        "bundle-names-a-missing-section",
        include_str!("../../../fixtures/deployed/bundle-names-a-missing-section.sdp"),
    ),
    ("control", include_str!("../../../fixtures/deployed/control.sdp")),
    ("extmap-id-twice", include_str!("../../../fixtures/deployed/extmap-id-twice.sdp")),
    ("h264-42c01f", include_str!("../../../fixtures/deployed/h264-42c01f.sdp")),
    ("h264-without-fmtp", include_str!("../../../fixtures/deployed/h264-without-fmtp.sdp")),
    ("mid-of-36-characters", include_str!("../../../fixtures/deployed/mid-of-36-characters.sdp")),
    ("no-bundle", include_str!("../../../fixtures/deployed/no-bundle.sdp")),
    ("opus-without-channels", include_str!("../../../fixtures/deployed/opus-without-channels.sdp")),
    ("profile-seven-digits", include_str!("../../../fixtures/deployed/profile-seven-digits.sdp")),
    ("setup-passive", include_str!("../../../fixtures/deployed/setup-passive.sdp")),
    ("simulcast-3-largest-first", include_str!("../../../fixtures/deployed/simulcast-3-largest-first.sdp")),
    ("simulcast-4", include_str!("../../../fixtures/deployed/simulcast-4.sdp")),
    ("simulcast-ssrc-group", include_str!("../../../fixtures/deployed/simulcast-ssrc-group.sdp")),
    ("ssrc-negative", include_str!("../../../fixtures/deployed/ssrc-negative.sdp")),
];

fn deployed(name: &str) -> &'static str {
    DEPLOYED.iter().find(|(other, _)| *other == name).unwrap().1
}

fn whole(name: &str) -> Negotiated {
    let agreed = answer(deployed(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    assert_eq!(agreed.declined, [], "{name}");
    assert!(!agreed.answer.contains(" 0 UDP/TLS"), "{name}");
    agreed
}

fn codecs(agreed: &Negotiated, kind: MediaKind) -> Vec<Codec> {
    let publication = agreed.media.publications.iter().find(|publication| publication.kind == kind).unwrap();
    publication.codecs.iter().map(|codec| codec.codec).collect()
}

fn h264(profile: H264Profile, fragments: bool) -> Codec {
    Codec::H264(H264Format { profile, fragments })
}

#[test]
fn what_is_clear_is_accepted_whole() {
    for (name, sections) in [
        ("bundle-names-a-missing-section", 1),
        ("control", 2),
        ("h264-42c01f", 2),
        ("h264-without-fmtp", 2),
        ("mid-of-36-characters", 2),
        ("opus-without-channels", 2),
        ("profile-seven-digits", 2),
        ("simulcast-3-largest-first", 2),
        ("simulcast-4", 2),
        ("simulcast-ssrc-group", 1),
    ] {
        assert_eq!(whole(name).media.publications.len(), sections, "{name}");
    }
}

#[test]
fn what_is_refused_names_line_and_attribute() {
    for (name, error) in [
        ("extmap-id-twice", "line 29: extension id 1 stands for two extensions"),
        ("no-bundle", "no a=group:BUNDLE"),
        ("setup-passive", "line 14: a=setup must be actpass or active (FFmpeg: -whip_flags dtls_active)"),
        ("ssrc-negative", "line 28: a=ssrc: "),
    ] {
        let said = answer(deployed(name)).unwrap_err().to_string();
        assert!(said.starts_with(error), "{name}: {said}");
    }
}

#[test]
fn profiles_are_read_by_their_meaning() {
    use H264Profile::{Baseline, ConstrainedBaseline};
    for (name, codec) in [
        ("control", h264(ConstrainedBaseline, true)),
        ("h264-42c01f", h264(ConstrainedBaseline, true)),
        ("profile-seven-digits", h264(ConstrainedBaseline, true)),
        // RFC 6184 §8.1: what is not said.
        ("h264-without-fmtp", h264(Baseline, false)),
    ] {
        assert_eq!(codecs(&whole(name), MediaKind::Video), [codec], "{name}");
    }
    let answered = |name: &str| {
        let fmtp = |line: &&str| line.starts_with("a=fmtp:96");
        whole(name).answer.lines().find(fmtp).map(str::to_owned)
    };
    let expected = "a=fmtp:96 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=";
    assert_eq!(answered("h264-42c01f"), Some(format!("{expected}42c01f")));
    assert_eq!(answered("profile-seven-digits"), Some(format!("{expected}42e01f")));
    assert_eq!(answered("h264-without-fmtp"), None);
}

#[test]
fn a_profile_that_nobody_can_read_costs_its_codec_alone() {
    for odd in ["42e0", "42001f0", "zz001f", "42e01f;packetization-mode=2", ""] {
        let offer = deployed("control").replace("packetization-mode=1;profile-level-id=42e01f", "")
            + &format!("a=fmtp:96 profile-level-id={odd}\r\n");
        let agreed = answer(&offer).unwrap();
        assert_eq!(
            agreed.declined[0].to_string(),
            "line 17: media section 1 (video) has no codec that is forwarded: opus, VP8, H264 (packetization-mode 0 or 1)",
            "{odd:?}"
        );
        let with_vp8 = offer.replace("SAVPF 96", "SAVPF 96 97") + "a=rtpmap:97 VP8/90000\r\n";
        assert_eq!(codecs(&answer(&with_vp8).unwrap(), MediaKind::Video), [Codec::Vp8], "{odd:?}");
    }
}

#[test]
fn opus_is_opus_with_and_without_channels() {
    for channels in ["", "/1", "/2"] {
        let offer = deployed("control").replace("opus/48000/2", &format!("opus/48000{channels}"));
        let agreed = answer(&offer).unwrap();
        assert_eq!(codecs(&agreed, MediaKind::Audio), [Codec::Opus]);
        assert!(agreed.answer.contains(&format!("a=rtpmap:111 opus/48000{channels}\r\n")), "{channels}");
    }
    let six = deployed("control").replace("opus/48000/2", "opus/48000/6");
    assert_eq!(answer(&six).unwrap().declined.len(), 1);
}

#[test]
fn a_group_may_name_what_is_not_there_and_one_section_needs_none() {
    let agreed = whole("bundle-names-a-missing-section");
    assert!(agreed.answer.contains("a=group:BUNDLE 1\r\n"), "{}", agreed.answer);
    let alone = deployed("bundle-names-a-missing-section").replace("a=group:BUNDLE 0 1\r\n", "");
    let agreed = answer(&alone).unwrap();
    assert_eq!((agreed.declined.len(), agreed.media.publications.len()), (0, 1));
    assert!(!agreed.answer.contains("a=group"));
    // Two sections and a group of one: the other is named.
    let outside = deployed("control").replace("BUNDLE 0 1", "BUNDLE 0 0 7");
    let declined = &answer(&outside).unwrap().declined;
    assert_eq!(declined[0].to_string(), "line 17: media section 1 (video) is not in a=group:BUNDLE");
}

#[test]
fn a_long_mid_is_answered_and_no_packet_shall_carry_it() {
    let extension = "a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\r\n";
    let agreed = answer(&(deployed("mid-of-36-characters").to_owned() + extension)).unwrap();
    let name = "3f2b9c1e-5d7a-4e0b-9c64-1a2b3c4d5e6f";
    assert!(agreed.answer.contains(&format!("a=group:BUNDLE 0 {name}\r\n")));
    assert!(agreed.answer.contains(&format!("a=mid:{name}\r\n")));
    assert_eq!(publication(&agreed, name).mid.to_string(), name);
    assert_eq!(agreed.media.extensions.id(Extension::Mid), None);
    let short = answer(&(deployed("control").to_owned() + extension)).unwrap();
    assert_eq!(short.media.extensions.id(Extension::Mid), Some(4));
    let longest = deployed("control").replace("a=mid:1", &format!("a=mid:{}", "x".repeat(65)));
    assert_eq!(answer(&longest).unwrap_err().line, Some(19));
}

#[test]
fn simulcast_by_rid_and_by_a_group_of_ssrcs_is_taken_up_to_four() {
    let rids = |name: &str| -> Vec<String> {
        let agreed = whole(name);
        let encodings = &publication(&agreed, "1").encodings;
        encodings.iter().filter_map(|encoding| encoding.rid).map(|rid| rid.to_string()).collect()
    };
    assert_eq!(rids("simulcast-3-largest-first"), ["0", "1", "2"]);
    assert_eq!(rids("simulcast-4"), ["0", "1", "2", "3"]);
    assert!(whole("simulcast-4").answer.contains("a=simulcast:recv 0;1;2;3\r\n"));
    let stream = |ssrc, rtx_ssrc: Option<u32>| Encoding {
        rid: None,
        ssrc: Some(Ssrc(ssrc)),
        rtx_ssrc: rtx_ssrc.map(Ssrc),
    };
    let grouped = whole("simulcast-ssrc-group");
    assert_eq!(publication(&grouped, "0").encodings, [stream(2001, None), stream(2002, None)]);
    let pairs = "a=ssrc-group:FID 2002 3002\r\na=ssrc-group:FID 2001 3001\r\n";
    let repaired = answer(&(deployed("simulcast-ssrc-group").to_owned() + pairs)).unwrap();
    let expected = [stream(2001, Some(3001)), stream(2002, Some(3002))];
    assert_eq!(publication(&repaired, "0").encodings, expected);
    let many = deployed("simulcast-ssrc-group").replace("SIM 2001 2002", "SIM 1 2 3 4 5 6");
    assert_eq!(publication(&answer(&many).unwrap(), "0").encodings.len(), MAX_ENCODINGS);
}

#[test]
fn odd_lines_cost_only_themselves() {
    for odd in [
        "a=rtpmap:96 VP8",
        "a=rtpmap:x H264/90000",
        "a=rtpmap:200 VP9/90000",
        "a=fmtp:x y",
        "a=fmtp:300 apt=96",
        "a=fmtp",
        "a=rtcp-fb:x nack",
        "a=rtcp-fb:96",
        "a=rtcp-fb:96 goog-remb",
        "a=rtcp-fb:96 ccm viv",
        "a=rtcp-fb:300 nack",
        "a=extmap:x urn:x",
        "a=extmap:300000 urn:x",
        "a=extmap:",
        "a=rid:a.b send",
        "a=rid:x",
        "a=ssrc-group:FID 1",
        "a=ssrc-group:FID x y",
        "a=ssrc-group:FEC-FR 1002 1003",
        "a=ssrc-group:WHAT 1 2",
        "a=rtcp-mux:x",
        "a=rtcp-mux-only",
        "a=bundle-only:x",
        "a=candidate:x",
        "a=candidate:1 1 ssltcp 1 192.0.2.1 443 typ host",
        "a=candidate:1 1 UDP 2122260223 fe80::1%eth0 9 typ host",
        "a=candidate:1 1 udp 2122260223 7f0c-1.local 9 typ host",
        "a=candidate:1 1 TCP-ACT 1 192.0.2.1 9 typ srflx raddr 192.0.2.1",
        "a=fingerprint:sha-1 x",
        "a=fingerprint:sha-256 no",
        "a=msid:x",
        "a=framerate:29.97",
        "a=x-google-flag:conference",
        "a=extmap-allow-mixed",
        "a=ice-options",
        "a=sctp-port:5000",
        "a=rtcp:9 IN IP4",
        "a=",
        "b=AS",
        "c=IN IP4",
        "c=IN IP6 2cf85dc7-5ba6-424c-bde4-bd6084bcdcb3.local",
        "k=x",
        "y=0100008888",
        "nonsense",
        "a=msid:tab\there",
        "=",
    ] {
        let control = whole("control");
        let offer = deployed("control").replace("a=ssrc:1002", &format!("{odd}\r\na=ssrc:1002"));
        let agreed = answer(&offer).unwrap_or_else(|error| panic!("{odd}: {error}"));
        assert_eq!(agreed.declined, [], "{odd}");
        if !odd.starts_with("a=rtpmap:96") {
            assert_eq!(agreed.media, control.media, "{odd}");
        }
    }
}

#[test]
fn the_words_of_media_lines_are_read_with_patience() {
    let control = whole("control");
    for (from, to) in [
        ("UDP/TLS/RTP/SAVPF", "RTP/SAVPF"),
        ("UDP/TLS/RTP/SAVPF", "RTP/AVPF"),
        ("UDP/TLS/RTP/SAVPF", "TCP/TLS/RTP/SAVPF"),
        ("m=video 9 ", "m=video 50000/2 "),
        ("m=video 9 ", "m=video 0 "),
        ("SAVPF 96", "SAVPF 96 300 x 96"),
        ("v=0", "\u{feff}v=0"),
        ("\r\n", "\n"),
        ("\r\n", "\r\n\r\n"),
        ("a=rtcp-mux\r\n", "a=rtcp-mux-only\r\n"),
        ("a=mid:1", "a=mid:1 "),
    ] {
        let agreed = answer(&deployed("control").replace(from, to)).unwrap();
        assert_eq!((&agreed.media, agreed.declined.len()), (&control.media, 0), "{to}");
    }
    let plain = deployed("control").replace("m=video 9 UDP/TLS/RTP/SAVPF", "m=video 9 RTP/XAVP");
    let declined = &answer(&plain).unwrap().declined;
    assert_eq!(
        declined[0].to_string(),
        "line 17: media section 1 (video) is not of the form of UDP/TLS/RTP/SAVPF"
    );
    let data = "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:2\r\n";
    let with_data = deployed("control").replace("BUNDLE 0 1", "BUNDLE 0 1 2") + data;
    assert_eq!(answer(&with_data).unwrap().declined, [], "nobody misses a data channel");
}

#[test]
fn a_receiver_of_mode_0_alone_is_answered_in_mode_0() {
    let both = deployed("control").replace("SAVPF 96", "SAVPF 97 96")
        + "a=rtpmap:97 H264/90000\r\na=fmtp:97 packetization-mode=0;profile-level-id=42e01f\r\n";
    // Mode 1 is offered too, and says more.
    let constrained = |fragments| h264(H264Profile::ConstrainedBaseline, fragments);
    assert_eq!(codecs(&answer(&both).unwrap(), MediaKind::Video), [constrained(true)]);
    let alone = deployed("control").replace("packetization-mode=1", "packetization-mode=0");
    let agreed = answer(&alone).unwrap();
    assert_eq!(codecs(&agreed, MediaKind::Video), [constrained(false)]);
    assert!(agreed.answer.contains("packetization-mode=0;profile-level-id=42e01f"));
}

#[test]
fn every_offer_of_the_folder_is_tried() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/deployed");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    files.sort();
    assert_eq!(files, DEPLOYED.map(|(name, _)| name));
}
