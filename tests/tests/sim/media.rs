//! Media flows: from one to many, in all codecs, over UDP and TCP.

use viva_media::Protocol;
use viva_tests::sim::{Conditions, PeerSpec, TrackSpec, World, peer::BASELINE, scenario};

/// The viewer of one publisher after ten seconds: frames decoded, packets of sound heard.
fn watch(world: &mut World, publisher: &PeerSpec, viewer: &PeerSpec) -> (u64, u64) {
    let publisher = world.join(publisher);
    let viewer = world.join(viewer);
    world.view(viewer, 0, publisher, 720);
    world.run(10_000);
    let peer = &mut world.places[viewer].peer;
    (peer.video(0).decoder.decoded, peer.receivers[0].heard.values().sum())
}

fn assert_seen_and_heard(world: &mut World, publisher: &PeerSpec, viewer: &PeerSpec) {
    let (decoded, heard) = watch(world, publisher, viewer);
    assert!(decoded > 200, "{decoded} frames");
    assert!(heard > 400, "{heard} packets of sound");
    world.end();
}

#[test]
fn a_publisher_is_seen_and_heard() {
    scenario("sim::media::a_publisher_is_seen_and_heard", 0..3, |world| {
        assert_seen_and_heard(world, &PeerSpec::publisher(1), &PeerSpec::viewer(1));
    });
}

#[test]
fn h264_is_seen() {
    scenario("sim::media::h264_is_seen", 0..3, |world| {
        let tracks = vec![TrackSpec { codec: BASELINE, ..TrackSpec::CAMERA }, TrackSpec::MICROPHONE];
        let publisher = PeerSpec { tracks, ..PeerSpec::publisher(1) };
        assert_seen_and_heard(world, &publisher, &PeerSpec::viewer(1));
    });
}

#[test]
fn a_single_encoding_with_declared_streams_is_seen() {
    scenario("sim::media::a_single_encoding_with_declared_streams_is_seen", 0..3, |world| {
        let tracks = vec![TrackSpec { layers: 1, ..TrackSpec::CAMERA }, TrackSpec::MICROPHONE];
        let publisher = PeerSpec { tracks, ..PeerSpec::publisher(1) };
        assert_seen_and_heard(world, &publisher, &PeerSpec::viewer(1));
    });
}

#[test]
fn tcp_carries_what_udp_does() {
    scenario("sim::media::tcp_carries_what_udp_does", 0..3, |world| {
        let tcp = |spec| PeerSpec { protocol: Protocol::Tcp, ..spec };
        assert_seen_and_heard(world, &tcp(PeerSpec::publisher(1)), &tcp(PeerSpec::viewer(1)));
    });
}

#[test]
fn a_lossless_line_leaves_no_hole_in_any_stream() {
    scenario("sim::media::a_lossless_line_leaves_no_hole_in_any_stream", 0..3, |world| {
        let still = Conditions { jitter: 0, ..Conditions::GOOD };
        let publisher = world.join(&PeerSpec::publisher(1).on(still));
        let viewer = world.join(&PeerSpec::viewer(1).on(still));
        for height in [720, 180, 360, 720] {
            world.view(viewer, 0, publisher, height);
            world.run(3_000);
        }
        let streams = &world.places[viewer].tap.streams;
        assert!(streams.len() >= 2);
        for stream in streams.values() {
            assert_eq!((stream.holes(), stream.repaired), (0, 0), "{}", stream.ssrc);
        }
        world.end();
    });
}

#[test]
fn publishers_hear_when_their_packets_arrived() {
    scenario("sim::media::publishers_hear_when_their_packets_arrived", 0..2, |world| {
        let publisher = world.join(&PeerSpec::publisher(1));
        let viewer = world.join(&PeerSpec::viewer(1));
        world.view(viewer, 0, publisher, 720);
        world.run(5_000);
        let peer = &world.places[publisher].peer;
        let sent: u32 =
            peer.tracks.iter().flat_map(|track| &track.layers).map(|layer| layer.out.packets).sum();
        assert!(peer.feedback >= 20, "{} reports", peer.feedback);
        assert!(peer.feedback_arrivals + 100 > sent.into(), "{} of {sent}", peer.feedback_arrivals);
        world.end();
    });
}
