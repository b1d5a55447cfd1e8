//! Layers: up and down, storms of requests, numbers that wrap.

use viva_tests::sim::{Conditions, PeerSpec, TrackSpec, scenario};

#[test]
fn a_tile_that_grows_and_shrinks_gets_its_layer_within_a_second() {
    scenario("sim::layers::a_tile_that_grows_and_shrinks_gets_its_layer_within_a_second", 0..5, |world| {
        let publisher = world.join(&PeerSpec::publisher(1));
        let viewer = world.join(&PeerSpec::viewer(1));
        world.view(viewer, 0, publisher, 180);
        world.run(3_000);
        for (height, layer) in [(720, 2), (180, 0), (360, 1), (720, 2), (90, 0)] {
            let now = world.now;
            world.places[viewer].peer.video(0).decoder.measure(now);
            world.view(viewer, 0, publisher, height);
            world.run(1_000);
            let now = world.now;
            let decoder = &world.places[viewer].peer.video(0).decoder;
            assert_eq!(decoder.source.map(|(_, layer)| layer), Some(layer), "{height} rows");
            let freeze = decoder.freeze(now);
            assert!(freeze < 400_000, "{freeze} µs without a picture");
            world.run(4_000);
        }
        assert!(world.places[viewer].tap.comparisons > 100);
        world.end();
    });
}

#[test]
fn layers_that_nobody_watches_are_paused_and_come_back() {
    scenario("sim::layers::layers_that_nobody_watches_are_paused_and_come_back", 0..3, |world| {
        let publisher = world.join(&PeerSpec::publisher(1));
        let viewer = world.join(&PeerSpec::viewer(1));
        world.view(viewer, 0, publisher, 180);
        world.run(8_000);
        let active = |world: &mut viva_tests::sim::World| {
            let camera = world.places[publisher].peer.camera().expect("a camera");
            camera.layers.iter().map(|layer| layer.active).collect::<Vec<_>>()
        };
        assert_eq!(active(world), [true, false, false]);
        world.view(viewer, 0, publisher, 720);
        world.run(1_500);
        assert!(active(world)[2]);
        assert_eq!(world.places[viewer].peer.video(0).decoder.source.map(|source| source.1), Some(2));
        world.end();
    });
}

#[test]
fn a_hundred_newcomers_share_a_key_frame() {
    scenario("sim::layers::a_hundred_newcomers_share_a_key_frame", 0..2, |world| {
        let publisher = world.join(&PeerSpec::publisher(1));
        world.run(2_000);
        let requests = |world: &mut viva_tests::sim::World| -> u64 {
            let camera = world.places[publisher].peer.camera().expect("a camera");
            camera.layers.iter().map(|layer| layer.requests).sum()
        };
        let before = requests(world);
        let viewers: Vec<_> =
            (0..100).map(|_| world.join(&PeerSpec { audio_slots: 0, ..PeerSpec::viewer(1) })).collect();
        for viewer in &viewers {
            world.view(*viewer, 0, publisher, 720);
        }
        world.run(3_000);
        let asked = requests(world) - before;
        assert!(asked <= 12, "{asked} requests");
        for viewer in viewers {
            assert!(world.places[viewer].peer.video(0).decoder.decoded > 20);
        }
        world.end();
    });
}

#[test]
fn numbers_of_the_publisher_wrap_unnoticed() {
    scenario("sim::layers::numbers_of_the_publisher_wrap_unnoticed", 0..5, |world| {
        let tracks =
            [TrackSpec::CAMERA, TrackSpec::MICROPHONE].map(|spec| TrackSpec { near_wrap: true, ..spec });
        let still = Conditions { jitter: 0, ..Conditions::GOOD };
        let spec = PeerSpec { tracks: tracks.to_vec(), ..PeerSpec::publisher(1) };
        let publisher = world.join(&spec.on(still));
        let viewer = world.join(&PeerSpec::viewer(1));
        world.view(viewer, 0, publisher, 720);
        world.run(300);
        let lossy = Conditions { loss: 300, jitter: 8_000, ..Conditions::GOOD };
        world.places[publisher].up.conditions = lossy;
        world.places[viewer].down.conditions = lossy;
        world.run(15_000);
        world.view(viewer, 0, publisher, 180);
        world.run(5_000);
        let now = world.now;
        let video = world.places[viewer].peer.video(0);
        assert!(video.decoder.decoded > 350, "{}", video.decoder.decoded);
        assert!(video.decoder.freeze(now) < 1_500_000, "{}", video.decoder.freeze(now));
        world.end();
    });
}

#[test]
fn numbers_of_a_slot_wrap_unnoticed() {
    scenario("sim::layers::numbers_of_a_slot_wrap_unnoticed", 0..1, |world| {
        let camera = TrackSpec { layers: 1, rate: 50, packets: 24, ..TrackSpec::CAMERA };
        let publisher = world.join(&PeerSpec { tracks: vec![camera], ..PeerSpec::publisher(1) });
        let viewer = world.join(&PeerSpec { audio_slots: 0, ..PeerSpec::viewer(1) });
        world.view(viewer, 0, publisher, 720);
        world.run(60_000);
        let stream = world.places[viewer].tap.streams.values().next().expect("a stream");
        assert!(stream.highest > 70_000, "{}", stream.highest);
        let now = world.now;
        let freeze = world.places[viewer].peer.video(0).decoder.freeze(now);
        assert!(freeze < 700_000, "{freeze}");
        world.end();
    });
}
