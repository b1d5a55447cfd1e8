//! First offers of real browsers.

use super::*;
use viva_media::{Codec, CodecKind, Encoding, Extension, H264Format, H264Profile, MediaKind, Pt, Rid};

#[test]
fn chromium_publishes_three_layers_and_gets_its_slots() {
    let agreed = answer(fixture("chromium-room")).unwrap();
    assert_eq!(agreed.media.publications.len(), 2);
    assert_eq!(agreed.media.slots.len(), 6);

    let microphone = publication(&agreed, "0");
    assert_eq!(microphone.kind, MediaKind::Audio);
    let codecs: Vec<_> = microphone.codecs.iter().map(|codec| (codec.codec, codec.pt)).collect();
    assert_eq!(codecs, [(Codec::Opus, Pt(111)), (Codec::Red, Pt(63))]);
    let declared = fixture("chromium-room").split("a=ssrc:").nth(1).and_then(|rest| rest.split(' ').next());
    let ssrc = declared.and_then(|ssrc| ssrc.parse().ok()).map(Ssrc);
    assert_eq!(microphone.encodings, [Encoding { ssrc, ..Encoding::default() }]);
    assert!(ssrc.is_some());

    let camera = publication(&agreed, "1");
    let rids: Vec<_> = camera.encodings.iter().map(|encoding| encoding.rid).collect();
    assert_eq!(rids, ["q", "h", "f"].map(|rid| rid.parse::<Rid>().ok()));
    assert!(camera.encodings.iter().all(|encoding| encoding.ssrc.is_none() && encoding.rtx_ssrc.is_none()));
    let vp8 = camera.codecs[0];
    assert_eq!((vp8.codec, vp8.pt, vp8.rtx), (Codec::Vp8, Pt(96), Some(Pt(97))));
    assert!(vp8.nack && vp8.pli && vp8.fir);
    let profiles: Vec<_> = camera.codecs[1..]
        .iter()
        .filter_map(|codec| match codec.codec {
            Codec::H264(H264Format { profile, fragments: true }) => Some((profile, codec.pt.0)),
            Codec::Vp9(_) | Codec::Av1(_) => None,
            other => panic!("{other:?}"),
        })
        .collect();
    // Constrained baseline, baseline, main; never packetization-mode 0 (104, 114, 39).
    let [constrained, baseline, main] =
        [H264Profile::ConstrainedBaseline, H264Profile::Baseline, H264Profile::Main];
    assert_eq!(profiles, [(constrained, 108), (baseline, 102), (main, 116)]);

    let layered = camera.codecs.iter().filter(|codec| codec.codec.has_layers());
    let layered: Vec<_> = layered.map(|codec| (codec.codec, codec.pt.0)).collect();
    assert_eq!(layered, [(Codec::Av1(0), 45), (Codec::Vp9(0), 98), (Codec::Vp9(2), 100)]);

    let video = slot(&agreed, "4");
    assert!(video.rtx_ssrc.is_some_and(|rtx| rtx != video.ssrc));
    assert_eq!(slot(&agreed, "2").rtx_ssrc, None);
    let ids: Vec<_> = agreed.media.extensions.iter().map(|(id, extension)| (extension, id)).collect();
    for expected in [
        (Extension::AudioLevel, 1),
        (Extension::TransportWideCc, 3),
        (Extension::Mid, 4),
        (Extension::Rid, 10),
    ] {
        assert!(ids.contains(&expected), "{ids:?}");
    }
    assert_eq!(agreed.transport.local, credentials("ours"));
    assert!(!agreed.ice_restarted);
}

#[test]
fn the_answer_to_chromium_says_what_was_agreed() {
    let agreed = answer(fixture("chromium-room")).unwrap();
    let head: Vec<_> = agreed.answer.lines().take_while(|line| !line.starts_with("m=")).collect();
    assert!(head.contains(&"a=ice-lite") && head.contains(&"a=group:BUNDLE 0 1 2 3 4 5 6 7"));
    let microphone = section(&agreed.answer, 0);
    assert_eq!(microphone[0], "audio 9 UDP/TLS/RTP/SAVPF 111 63");
    for line in [
        "a=setup:passive",
        "a=recvonly",
        "a=rtcp-mux",
        "a=rtcp-rsize",
        "a=ice-ufrag:ours",
        "a=candidate:1 1 udp 2130706431 192.0.2.1 7000 typ host",
        "a=end-of-candidates",
        "a=fmtp:111 minptime=10;useinbandfec=1",
        "a=fmtp:63 111/111",
    ] {
        assert!(microphone.contains(&line), "{line}");
    }
    let camera = section(&agreed.answer, 1);
    assert_eq!(camera[0], "video 9 UDP/TLS/RTP/SAVPF 96 97 108 109 102 103 116 117 45 46 98 99 100 101");
    for line in [
        "a=rid:q recv",
        "a=simulcast:recv q;h;f",
        "a=rtcp-fb:96 nack pli",
        "a=rtcp-fb:96 transport-cc",
        "a=fmtp:96 x-google-start-bitrate=1500",
        "a=fmtp:100 profile-id=2;x-google-start-bitrate=1500",
    ] {
        assert!(camera.contains(&line), "{line}");
    }
    assert!(!agreed.answer.contains("goog-remb") && !agreed.answer.contains("telephone-event"));
    assert_eq!(agreed.answer.matches("a=end-of-candidates").count(), 1);
    let video = section(&agreed.answer, 4);
    let (ssrc, rtx) = (slot(&agreed, "4").ssrc, slot(&agreed, "4").rtx_ssrc.unwrap());
    for line in [
        "a=sendonly".to_owned(),
        "a=msid:viva-4 4".to_owned(),
        format!("a=ssrc-group:FID {ssrc} {rtx}"),
        format!("a=ssrc:{ssrc} cname:viva"),
        format!("a=ssrc:{rtx} cname:viva"),
    ] {
        assert!(video.contains(&line.as_str()), "{line}");
    }
    // A slot carries no encodings' names.
    assert!(!video.iter().any(|line| line.contains("rtp-stream-id")));
}

#[test]
fn the_answer_says_how_much_a_picture_may_send_and_nothing_of_sound() {
    for name in ["chromium-room", "firefox-room"] {
        let named = [(mid("1"), 8_000_500)];
        let bandwidth = Bandwidth { named: &named, others: Some(6_000_000) };
        let terms = Terms {
            local: &credentials("ours"),
            fingerprint: Fingerprint([1; 32]),
            candidates: &[],
            permissions: BOTH,
            bandwidth,
        };
        let said = |terms: &Terms<'_>| {
            let agreed = negotiate(fixture(name), terms, None, &mut Counter(100)).unwrap();
            let sections = agreed.media.publications.len() + agreed.media.slots.len();
            let lines = (0..sections).map(|index| {
                let lines = section(&agreed.answer, index);
                // After c= and before any attribute (RFC 8866 §5).
                let first = lines.iter().position(|line| line.starts_with("a=")).unwrap();
                lines[2..first].join(" ")
            });
            lines.filter(|line| !line.is_empty()).collect::<Vec<_>>()
        };
        assert_eq!(said(&terms), ["b=AS:8001"], "{name}");
        let bandwidth = Bandwidth { named: &[], ..bandwidth };
        assert_eq!(said(&Terms { bandwidth, ..terms }), ["b=AS:6000"], "{name}");
        assert!(said(&Terms { bandwidth: Bandwidth::default(), ..terms }).is_empty());
    }
}

#[test]
fn firefox_keeps_its_own_numbers() {
    let agreed = answer(fixture("firefox-room")).unwrap();
    let camera = publication(&agreed, "1");
    let codecs: Vec<_> = camera.codecs.iter().map(|c| (c.codec, c.pt.0)).collect();
    assert_eq!(codecs, [(Codec::Vp8, 120), (Codec::Vp9(0), 121), (Codec::Av1(0), 99)]);
    assert_eq!(camera.encodings.len(), 3);
    assert_eq!(agreed.media.extensions.id(Extension::Mid), Some(3));
    // Bundle-only sections come with port 0 and are accepted.
    assert_eq!(agreed.media.slots.len(), 6);
    assert!(!agreed.answer.contains(" 0 UDP/TLS/RTP/SAVPF"));
    let video = section(&agreed.answer, 1);
    assert!(
        video.contains(&"a=extmap:9/recvonly urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id"),
        "{video:?}"
    );
    // What Firefox would only receive is of no use where it only sends.
    assert!(!video.iter().any(|line| line.contains("playout-delay")));
    // Its stereo wish is kept.
    assert!(agreed.answer.contains("a=fmtp:109 minptime=10;useinbandfec=1;stereo=1"));
}

#[test]
fn whip_declares_its_streams_and_whep_only_receives() {
    for browser in ["chromium", "firefox"] {
        let whip = answer(fixture(&format!("{browser}-whip"))).unwrap();
        assert_eq!((whip.media.publications.len(), whip.media.slots.len()), (2, 0), "{browser}");
        let video = &publication(&whip, "1").encodings;
        assert_eq!(video.len(), 1);
        assert!(video[0].rid.is_none() && video[0].ssrc.is_some() && video[0].rtx_ssrc.is_some());
        let whep = answer(fixture(&format!("{browser}-whep"))).unwrap();
        assert_eq!((whep.media.publications.len(), whep.media.slots.len()), (0, 2), "{browser}");
    }
}

#[test]
fn a_section_of_both_directions_is_a_publication_and_a_slot() {
    for browser in ["chromium", "firefox"] {
        let agreed = answer(fixture(&format!("{browser}-sendrecv"))).unwrap();
        assert_eq!((agreed.media.publications.len(), agreed.media.slots.len()), (2, 2), "{browser}");
        assert_eq!(publication(&agreed, "1").mid, slot(&agreed, "1").mid);
        assert!(section(&agreed.answer, 1).contains(&"a=sendrecv"));
        // The data channel is declined.
        assert_eq!(section(&agreed.answer, 2)[0], "application 0 UDP/DTLS/SCTP webrtc-datachannel");
        assert!(agreed.answer.contains("a=group:BUNDLE 0 1\r\n"));
    }
}

#[test]
fn what_is_not_permitted_is_answered_without_that_direction() {
    let offer = fixture("chromium-sendrecv");
    let only =
        |publish, subscribe| answer_with(offer, Permissions { publish, subscribe }, None, "ours").unwrap();
    let mute = only(false, true);
    assert_eq!((mute.media.publications.len(), mute.media.slots.len()), (0, 2));
    assert!(section(&mute.answer, 0).contains(&"a=sendonly"));
    let deaf = only(true, false);
    assert_eq!((deaf.media.publications.len(), deaf.media.slots.len()), (2, 0));
    assert!(section(&deaf.answer, 0).contains(&"a=recvonly"));
    let neither = only(false, false);
    assert!(section(&neither.answer, 0).contains(&"a=inactive"));
}

#[test]
fn libraries_are_answered_in_their_own_words() {
    let str0m = answer(fixture("str0m-room")).unwrap();
    assert_eq!((str0m.media.publications.len(), str0m.media.slots.len()), (3, 2));
    let camera =
        str0m.media.publications.iter().find(|publication| publication.kind == MediaKind::Video).unwrap();
    assert_eq!(camera.encodings.iter().filter_map(|encoding| encoding.rid).count(), 3);

    let webrtc = answer(fixture("webrtc-rs-sendrecv")).unwrap();
    assert_eq!((webrtc.media.publications.len(), webrtc.media.slots.len()), (2, 2));
    let video = publication(&webrtc, "1");
    assert_eq!((video.codecs[0].codec.kind(), video.codecs[0].rtx), (CodecKind::H264, Some(Pt(105))));
    assert_eq!(
        (video.encodings[0].ssrc, video.encodings[0].rtx_ssrc),
        (Some(Ssrc(222)), Some(Ssrc(454_274_684)))
    );
    assert_eq!(webrtc.media.extensions.id(Extension::TransportWideCc), Some(4));
}

#[test]
fn dependency_descriptors_are_agreed_where_layers_share_a_stream() {
    let described = |offer: &str| {
        let agreed = answer(offer).unwrap();
        let tells =
            |index| section(&agreed.answer, index).iter().any(|line| line.contains("dependency-desc"));
        (agreed.media.extensions.id(Extension::DependencyDescriptor), tells(1), tells(4))
    };
    let usual = fixture("chromium-room");
    let id = described(usual).0;
    assert!(id.is_some());
    assert_eq!(described(usual), (id, false, true), "VP8 is sent first, and anything received");
    let (before, camera) = usual.split_once("m=video 9 UDP/TLS/RTP/SAVPF 96 97").unwrap();
    let layered =
        format!("{before}m=video 9 UDP/TLS/RTP/SAVPF 98 99 96 97{}", camera.replacen(" 98 99", "", 1));
    assert_eq!(described(&layered), (id, true, true));
    let receives_av1 = |offer: &str| {
        let agreed = answer(offer).unwrap();
        slot(&agreed, "4").codecs.iter().any(|codec| codec.codec == Codec::Av1(0))
    };
    assert!(receives_av1(usual));
    let apart = usual.replace("#dependency-descriptor-rtp-header-extension", "#another");
    assert!(!receives_av1(&apart), "its sizes could not be told apart");
    // Those of key frames need the two-byte form.
    let short = usual.replace("a=extmap-allow-mixed\r\n", "").replace("a=extmap-allow-mixed\n", "");
    assert_eq!(described(&short), (None, false, false));
    let mixed = answer(usual).unwrap().answer;
    assert!(
        mixed.contains("a=extmap-allow-mixed") && !answer(&short).unwrap().answer.contains("allow-mixed")
    );
}
