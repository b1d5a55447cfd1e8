//! Media flows: from one to many, in all codecs, over all kinds of lines.

use viva_tests::sim::{PeerSpec, World, scenario};

#[test]
fn a_publisher_is_seen_and_heard() {
    scenario("sim::media::a_publisher_is_seen_and_heard", 0..3, |world: &mut World| {
        let publisher = world.join(&PeerSpec::publisher(1));
        let viewer = world.join(&PeerSpec::viewer(1));
        world.view(viewer, 0, publisher, 720);
        world.run(10_000);
        let peer = &mut world.places[viewer].peer;
        let decoded = peer.video(0).decoder.decoded;
        let heard: u64 = peer.receivers[0].heard.values().sum();
        assert!(decoded > 200, "{decoded} frames");
        assert!(heard > 400, "{heard} packets of sound");
        world.end();
    });
}
