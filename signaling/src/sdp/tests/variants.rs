//! What other clients write, and what is wrong with an offer.

use super::*;
use crate::sdp::OfferReason;
use viva_media::{Codec, Encoding, H264Format, H264Profile};

fn refused(offer: &str) -> (Option<usize>, OfferReason) {
    let OfferError { line, reason } = answer(offer).unwrap_err();
    (line, reason)
}

#[test]
fn errors_name_the_line_and_the_reason() {
    let with = |from: &str, to: &str| {
        let offer = small("");
        assert!(offer.contains(from), "{from}");
        offer.replace(from, to)
    };
    let line_of =
        |offer: &str, start: &str| offer.lines().position(|line| line.starts_with(start)).map(|n| n + 1);
    let media = line_of(&small(""), "m=video");
    assert_eq!(refused(""), (None, OfferReason::NoVersion));
    assert_eq!(refused("\r\nhello"), (Some(2), OfferReason::NoVersion));
    assert_eq!(refused("v=0\r\ns=-\r\n"), (None, OfferReason::NoMedia));
    assert_eq!(refused("v=0\nwhat is this"), (None, OfferReason::NoMedia));
    assert_eq!(refused(&with("a=rtcp-mux\r\n", "")), (media, OfferReason::NoRtcpMux));
    assert_eq!(refused(&with("a=mid:v\r\n", "")), (media, OfferReason::NoMid));
    let unbundled = OfferReason::NotBundled("v (video)".into());
    assert_eq!(refused(&with("BUNDLE v", "BUNDLE w")), (media, unbundled));
    assert_eq!(refused(&with("actpass", "passive")), (Some(9), OfferReason::Setup));
    assert_eq!(refused(&with("a=setup", "a=ice-lite\r\na=setup")), (Some(9), OfferReason::IceLite));
    assert_eq!(refused(&with("ice-ufrag:them", "ice-ufrag:x")), (Some(7), OfferReason::Value("a=ice-ufrag")));
    assert_eq!(refused(&with("a=ice-pwd", "a=x-pwd")), (media, OfferReason::NoIce));
    assert_eq!(refused(&with("sha-256", "sha-1")).1, OfferReason::NoFingerprint);
    assert_eq!(refused(&with("sha-256 01", "sha-256 1")), (Some(6), OfferReason::Value("a=fingerprint")));
    let without = |name: &str| with("96 97 102", "96 97").replace("VP8", name);
    assert_eq!(refused(&without("VP7")), (media, OfferReason::NoCodec("v (video)".into())));
    assert_eq!(refused(&without("VP8/x")), (media, OfferReason::NoCodec("v (video)".into())));
    assert_eq!(refused(&with("m=video 9", "m=video 0")), (None, OfferReason::NothingAcceptable));
    assert_eq!(refused(&with("m=video 9", "m=video x")), (media, OfferReason::Value("the port of m=")));
    let (line, reason) = refused(&small("a=ssrc:x cname:y\r\n"));
    assert_eq!(line, Some(small("").lines().count() + 1));
    assert!(matches!(reason, OfferReason::Syntax(text) if text.starts_with("a=ssrc: ")));
}

#[test]
fn limits_hold() {
    let many = |line: &str, count: usize| {
        refused(&small(&(0..count).map(|n| line.replace('#', &n.to_string())).collect::<String>())).1
    };
    assert_eq!(many("a=extmap:# urn:x#\r\n", 65), OfferReason::TooMany("header extensions", 64));
    assert_eq!(many("a=rid:r# send\r\n", 17), OfferReason::TooMany("rids", 16));
    assert_eq!(many("m=audio 0 UDP/TLS/RTP/SAVPF 0\r\n", 300), OfferReason::Sections);
    assert_eq!(refused(&"v".repeat(256 * 1024 + 1)), (None, OfferReason::TooLong));
    let pts = (0..129).map(|n| (n % 128).to_string()).collect::<Vec<_>>().join(" ");
    assert_eq!(refused(&small("").replace("96 97 102", &pts)).1, OfferReason::TooMany("payload types", 128));
    let sending: String = (0..9)
        .map(|n| {
            format!("m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:m{n}\r\na=rtcp-mux\r\na=rtpmap:96 VP8/90000\r\n")
        })
        .collect();
    let group = (0..9).map(|n| format!(" m{n}")).collect::<String>();
    let offer = small(&sending).replace("BUNDLE v", &format!("BUNDLE{group}"));
    assert_eq!(refused(&offer).1, OfferReason::Publications);
}

#[test]
fn h264_is_understood_however_it_is_spaced() {
    let offer = small(
        "a=fmtp:102 profile-level-id=42e01f; packetization-mode=1;sprop-parameter-sets=Z0LAH9oB,aM48gA==\r\n",
    );
    let agreed = answer(&offer).unwrap();
    let format = |fragments| H264Format { profile: H264Profile::ConstrainedBaseline, fragments };
    let baseline = Codec::H264(format(true));
    assert_eq!(
        publication(&agreed, "v").codecs.iter().map(|c| c.codec).collect::<Vec<_>>(),
        [Codec::Vp8, baseline]
    );
    assert!(
        agreed.answer.contains(
            "a=fmtp:102 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f\r\n"
        )
    );
    let mode_0 = answer(&small("a=fmtp:102 profile-level-id=42e01f\r\n")).unwrap();
    assert_eq!(publication(&mode_0, "v").codecs[1].codec, Codec::H264(format(false)));
    assert!(mode_0.answer.contains("a=fmtp:102 level-asymmetry-allowed=1;packetization-mode=0;profile"));
}

#[test]
fn simulcast_takes_first_alternatives_four_encodings_and_paused_ones() {
    let offer = small(
        "a=simulcast:send ~a;b,c;d;e;f\r\na=rid:a send\r\na=rid:b send pt=98\r\na=rid:c send pt=96\r\n\
         a=rid:d send\r\na=rid:e send\r\na=rid:f send\r\n",
    );
    let agreed = answer(&offer).unwrap();
    let names: Vec<_> =
        publication(&agreed, "v").encodings.iter().filter_map(|e| e.rid).map(|r| r.to_string()).collect();
    assert_eq!(names, ["a", "c", "d", "e"]);
    assert!(agreed.answer.contains("a=simulcast:recv a;c;d;e\r\n"));
    assert!(agreed.answer.contains("a=rid:c recv pt=96\r\n") && !agreed.answer.contains("a=rid:f"));
    let unknown = small("a=simulcast:send a;b\r\na=rid:a send\r\n");
    assert_eq!(refused(&unknown), (Some(unknown.lines().count() - 1), OfferReason::UnknownRid("b".into())));
    assert_eq!(refused(&small("a=rid:a send\r\na=rid:a send\r\n")).1, OfferReason::DuplicateRid("a".into()));
}

#[test]
fn restrictions_tell_the_order_of_the_encodings() {
    let offer = small(
        "a=rid:f send max-width=1280;max-height=720\r\na=rid:q send max-width=320;max-height=180;max-fps=15\r\na=simulcast:send f;q\r\n",
    );
    let agreed = answer(&offer).unwrap();
    let names: Vec<_> =
        publication(&agreed, "v").encodings.iter().filter_map(|e| e.rid).map(|r| r.to_string()).collect();
    assert_eq!(names, ["q", "f"]);
    assert!(agreed.answer.contains("a=rid:q recv max-width=320;max-height=180;max-fps=15\r\n"));
    assert!(agreed.answer.contains("a=simulcast:recv f;q\r\n"), "the answer keeps the offer's order");
}

#[test]
fn a_stream_is_declared_or_left_to_be_learned() {
    let none = answer(&small("")).unwrap();
    assert_eq!(publication(&none, "v").encodings, [Encoding::default()]);
    let declared =
        answer(&small("a=ssrc-group:FID 11 12\r\na=ssrc:11 cname:x\r\na=ssrc:12 cname:x\r\n")).unwrap();
    let expected = Encoding { rid: None, ssrc: Some(Ssrc(11)), rtx_ssrc: Some(Ssrc(12)) };
    assert_eq!(publication(&declared, "v").encodings, [expected]);
}

#[test]
fn ssrcs_of_the_client_are_not_given_to_slots() {
    // The allocator begins at 102 after the publication.
    let agreed = answer(&small("a=ssrc:102 cname:x\r\n")).unwrap();
    let slot = slot(&agreed, "v");
    assert!(slot.ssrc != Ssrc(102) && slot.rtx_ssrc.is_some_and(|rtx| rtx != Ssrc(102) && rtx != slot.ssrc));
}

#[test]
fn extension_ids_are_shared_and_one_byte() {
    let extensions = "a=extmap:15 urn:ietf:params:rtp-hdrext:sdes:mid\r\n\
        a=extmap:5 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time\r\na=extmap:6 urn:unknown\r\n";
    let agreed = answer(&small(extensions)).unwrap();
    assert_eq!(agreed.media.extensions.iter().count(), 1);
    let conflict = small("a=extmap:5 urn:x\r\na=extmap:5 urn:y\r\n");
    assert_eq!(refused(&conflict), (Some(conflict.lines().count()), OfferReason::ExtensionConflict(5)));
}

#[test]
fn sections_outside_the_bundle_or_unknown_are_declined() {
    let extra = "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:lonely\r\na=rtpmap:111 opus/48000/2\r\n\
        m=video 9 RTP/AVP 96\r\na=mid:open\r\na=rtpmap:96 VP8/90000\r\n\
        m=text 9 FOO/BAR x\r\na=mid:text\r\n";
    let agreed = answer(&small(extra)).unwrap();
    assert_eq!(section(&agreed.answer, 1)[0], "audio 0 UDP/TLS/RTP/SAVPF 111");
    assert_eq!(section(&agreed.answer, 2)[0], "video 0 RTP/AVP 96");
    assert_eq!(section(&agreed.answer, 3)[0], "text 0 FOO/BAR x");
    assert!(agreed.answer.contains("a=group:BUNDLE v\r\n"));
}

#[test]
fn lower_case_and_wildcards_are_understood() {
    let offer = small("a=rtcp-fb:* nack pli\r\na=rtcp-fb:* transport-cc\r\na=rtcp-fb:96 nack\r\n")
        .replace("sha-256", "SHA-256")
        .replace("VP8", "vp8");
    let agreed = answer(&offer).unwrap();
    let codec = publication(&agreed, "v").codecs[0];
    assert_eq!((codec.nack, codec.pli, codec.fir), (true, true, false));
    assert!(agreed.answer.contains("a=rtpmap:96 VP8/90000\r\n"));
}

#[test]
fn feedback_by_stream_is_agreed_on_where_the_client_only_receives_and_has_no_transport_wide_numbers() {
    const LINE: &str = "a=rtcp-fb:* ack ccfb";
    const NUMBERS: &str =
        "a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01\r\n";
    let agreed = |extra: &str| {
        let agreed = answer(&small(extra)).unwrap();
        let said = section(&agreed.answer, 0).into_iter().filter(|line| line.contains("ccfb"));
        (agreed.media.congestion_feedback, said.map(str::to_owned).collect::<Vec<_>>())
    };
    let yes = || (true, vec![LINE.to_owned()]);
    let no = || (false, Vec::new());
    assert_eq!(agreed(&format!("{LINE}\r\na=recvonly\r\n")), yes());
    assert_eq!(
        agreed("a=rtcp-fb:96  ack  ccfb \r\na=recvonly\r\n"),
        yes(),
        "of one payload type, as some write it"
    );
    assert_eq!(agreed("a=recvonly\r\n"), no());
    assert_eq!(
        agreed("a=rtcp-fb:* ack\r\na=rtcp-fb:* nack ccfb\r\na=rtcp-fb:ack ccfb\r\na=recvonly\r\n"),
        no()
    );
    assert_eq!(agreed(&format!("{LINE}\r\na=sendonly\r\n")), no(), "we tell nothing so ourselves");
    assert_eq!(agreed(&format!("{LINE}\r\na=sendrecv\r\n")), no());
    assert_eq!(agreed(&format!("{LINE}\r\n{NUMBERS}a=recvonly\r\n")), no());
    assert_eq!(agreed(&format!("{LINE}\r\na=rtcp-fb:96 transport-cc\r\na=recvonly\r\n")), no());
}
