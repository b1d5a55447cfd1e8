//! Layers: up and down, storms of requests, numbers that wrap.

use viva_media::Codec;
use viva_sfu::{Command, Event, Refused, View};
use viva_tests::sim::{
    Conditions, Offered, PeerSpec, TrackSpec, World, peer::BASELINE, scenario, world::mid,
};

/// A publisher of one such camera and somebody who watches it.
fn watched(world: &mut World, codec: Codec, offered: Offered) -> (usize, usize) {
    let camera = TrackSpec { codec, offered, ..TrackSpec::CAMERA };
    let publisher = world.join(&PeerSpec { tracks: vec![camera], ..PeerSpec::publisher(1) });
    (publisher, world.join(&PeerSpec::viewer(1)))
}

/// Tiles of four sizes get their encodings: 180, 720, 720 and 360 rows.
fn each_tile_gets_its_encoding(world: &mut World, publisher: usize, viewer: usize) {
    for (height, layer) in [(180, 0), (720, 2), (2160, 2), (360, 1), (180, 0)] {
        world.view(viewer, 0, publisher, height);
        world.run(1_500);
        let decoder = &world.places[viewer].peer.video(0).decoder;
        assert_eq!(decoder.source.map(|(_, layer)| layer), Some(layer), "{height} rows");
    }
}

#[test]
fn a_tile_gets_its_encoding_wherever_that_stood_in_the_offer() {
    scenario("sim::layers::a_tile_gets_its_encoding_wherever_that_stood_in_the_offer", 0..3, |world| {
        let codec = if world.fresh_id() % 2 == 0 { Codec::Vp8 } else { BASELINE };
        let (publisher, viewer) = watched(world, codec, Offered { largest_first: true, ..Offered::USUAL });
        world.run(1_000);
        each_tile_gets_its_encoding(world, publisher, viewer);
        world.run(5_000);
        // The others rest, and `wanted` named the right one.
        let camera = world.places[publisher].peer.camera().expect("a camera");
        let active: Vec<_> = camera.layers.iter().map(|layer| layer.active).collect();
        assert_eq!(active, [true, false, false]);
        let stats = world.stats(0);
        let slot =
            stats.transports.iter().flat_map(|transport| &transport.slots).find(|s| s.encoding.is_some());
        assert_eq!(slot.and_then(|slot| slot.encoding), Some(0), "counted from the smallest");
        world.end();
    });
}

#[test]
fn a_group_of_ssrcs_is_simulcast() {
    scenario("sim::layers::a_group_of_ssrcs_is_simulcast", 0..2, |world| {
        let (publisher, viewer) = watched(world, Codec::Vp8, Offered { grouped: true, ..Offered::USUAL });
        world.run(1_000);
        each_tile_gets_its_encoding(world, publisher, viewer);
        let now = world.now;
        assert!(world.places[viewer].peer.video(0).decoder.freeze(now) < 500_000);
        world.end();
    });
}

#[test]
fn a_second_stream_of_an_encoding_does_not_take_turns_with_the_first() {
    let name = "sim::layers::a_second_stream_of_an_encoding_does_not_take_turns_with_the_first";
    scenario(name, 0..2, |world| {
        let offered = Offered { doubled: true, ..Offered::USUAL };
        let camera = TrackSpec { layers: 1, offered, ..TrackSpec::CAMERA };
        let publisher = world.join(&PeerSpec { tracks: vec![camera], ..PeerSpec::publisher(1) });
        let viewer = world.join(&PeerSpec::viewer(1));
        world.view(viewer, 0, publisher, 720);
        world.run(5_000);
        let now = world.now;
        let decoder = &world.places[viewer].peer.video(0).decoder;
        // Until the line is known, some of its pictures are left out.
        assert!(decoder.decoded > 70 && decoder.freeze(now) < 500_000, "{}", decoder.decoded);
        let camera = world.places[publisher].peer.camera().expect("a camera");
        assert!(camera.layers[0].key_frames < 6, "{} key frames", camera.layers[0].key_frames);
        world.end();
    });
}

#[test]
fn a_codec_that_a_receiver_cannot_decode_empties_its_slot_until_it_is_over() {
    let name = "sim::layers::a_codec_that_a_receiver_cannot_decode_empties_its_slot_until_it_is_over";
    scenario(name, 0..2, |world| {
        let offered = Offered { other: Some(BASELINE), ..Offered::USUAL };
        let (publisher, both) = watched(world, Codec::Vp8, offered);
        let only = PeerSpec { codecs: vec![Codec::Opus, Codec::Vp8], ..PeerSpec::viewer(1) };
        let viewer = world.join(&only);
        let participant = world.places[viewer].peer.id;
        for place in [viewer, both] {
            world.view(place, 0, publisher, 720);
        }
        world.run(3_000);
        assert!(world.places[viewer].peer.video(0).decoder.decoded > 40);
        world.places[publisher].peer.camera().expect("a camera").switch_codec(BASELINE);
        world.run(2_000);
        let slot = |world: &World| {
            world.events.iter().rev().find_map(|(_, _, event)| match event {
                Event::Slot { participant: of, source, unsupported, .. } if *of == participant => {
                    Some((source.is_some(), *unsupported))
                }
                _ => None,
            })
        };
        assert_eq!(slot(world), Some((false, true)), "it is told, and why");
        let now = world.now;
        assert!(world.places[both].peer.video(0).decoder.freeze(now) < 700_000, "who decodes both goes on");
        let publication = world.places[publisher].peer.camera().expect("a camera").id;
        let view = Some(View { publication, height: 720 });
        let again = world.command(0, Command::View { participant, mid: mid("v0"), view });
        assert_eq!(again, Err(Refused::Codec), "no `done` for a black tile");
        world.places[publisher].peer.camera().expect("a camera").switch_codec(Codec::Vp8);
        world.run(3_000);
        assert_eq!(slot(world), Some((true, false)));
        let before = world.places[viewer].peer.video(0).decoder.decoded;
        world.run(1_000);
        assert!(world.places[viewer].peer.video(0).decoder.decoded > before + 20);
        world.end();
    });
}

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
