//! What one publisher may send: floods are dropped and told, and cost nobody else anything.

use std::time::Duration;
use viva_sfu::{Allowance, Command, Dropped, Event, Totals};
use viva_tests::sim::{PeerSpec, TrackSpec, World, scenario};

/// Packets dropped since they were too much: of a publication, of a transport.
fn excess(world: &mut World) -> (u64, u64) {
    let Totals { dropped, .. } = world.stats(0).totals;
    (dropped[Dropped::PublicationExcess as usize], dropped[Dropped::TransportExcess as usize])
}

/// What was told last of whether a peer sends too much.
fn told(world: &World, place: usize) -> Option<bool> {
    let id = world.places[place].peer.id;
    world.events.iter().rev().find_map(|(_, _, event)| match event {
        Event::Excess { participant, excess } if *participant == id => Some(*excess),
        _ => None,
    })
}

/// A quiet publisher, somebody who watches it, and a third who will flood.
fn hall(world: &mut World, flooder: &PeerSpec) -> (usize, usize) {
    let quiet = world.join(&PeerSpec::publisher(1));
    let viewer = world.join(&PeerSpec { video_slots: 2, ..PeerSpec::viewer(1) });
    let flooder = world.join(flooder);
    world.view(viewer, 0, quiet, 720);
    world.run(3_000);
    let now = world.now;
    world.places[viewer].peer.video(0).decoder.measure(now);
    (viewer, flooder)
}

fn assert_undisturbed(world: &mut World, viewer: usize) {
    let now = world.now;
    let freeze = world.places[viewer].peer.video(0).decoder.freeze(now);
    assert!(freeze < 300_000, "{freeze} µs without a picture");
}

#[test]
fn who_keeps_to_the_limits_loses_nothing() {
    scenario("sim::limits::who_keeps_to_the_limits_loses_nothing", 0..3, |world| {
        let camera = TrackSpec { rate: 30, packets: 16, ..TrackSpec::CAMERA };
        let spec = PeerSpec { tracks: vec![camera, TrackSpec::MICROPHONE], ..PeerSpec::talker(1) };
        let publisher = world.join(&spec);
        let viewers: Vec<_> = (0..3).map(|_| world.join(&PeerSpec::viewer(1))).collect();
        for (viewer, height) in viewers.iter().zip([180, 360, 720]) {
            world.view(*viewer, 0, publisher, height);
        }
        world.run(20_000);
        assert_eq!(excess(world), (0, 0));
        assert_eq!((told(world, publisher), world.places[publisher].peer.asked_for_less), (None, None));
        world.end();
    });
}

#[test]
fn a_flood_of_sound_is_held_to_what_a_voice_needs() {
    scenario("sim::limits::a_flood_of_sound_is_held_to_what_a_voice_needs", 0..3, |world| {
        let spec = PeerSpec { tracks: vec![TrackSpec::MICROPHONE], ..PeerSpec::publisher(1) };
        let (viewer, flooder) = hall(world, &spec);
        let id = world.places[flooder].peer.microphone().expect("a microphone").id.0;
        let heard = |world: &World| -> u64 {
            world.places[viewer].peer.receivers.iter().filter_map(|receiver| receiver.heard.get(&id)).sum()
        };
        world.places[flooder].peer.microphone().expect("a microphone").frames = 100;
        let before = heard(world);
        world.run(4_000);
        // Of 20,000 packets: 200 a second, and the burst once.
        let passed = heard(world) - before;
        assert!((800..=1_050).contains(&passed), "{passed} packets");
        assert_eq!(told(world, flooder), Some(true));
        assert_undisturbed(world, viewer);
        world.places[flooder].peer.microphone().expect("a microphone").frames = 1;
        world.run(9_000);
        assert_eq!(told(world, flooder), Some(true), "not over at once");
        world.run(3_000);
        assert_eq!(told(world, flooder), Some(false));
        world.end();
    });
}

#[test]
fn a_flood_of_pictures_is_held_to_the_limits_and_its_sender_asked_for_less() {
    scenario(
        "sim::limits::a_flood_of_pictures_is_held_to_the_limits_and_its_sender_asked_for_less",
        0..2,
        |world| {
            let camera = TrackSpec { layers: 1, rate: 50, packets: 20, ..TrackSpec::CAMERA };
            let spec = PeerSpec { tracks: vec![camera], ..PeerSpec::publisher(1) };
            let (viewer, flooder) = hall(world, &spec);
            world.view(viewer, 1, flooder, 720);
            world.run(2_000);
            assert_eq!(excess(world), (0, 0), "2.6 Mbit/s are no flood");
            let bytes = |world: &mut World, place: usize| {
                let id = world.places[place].peer.id;
                let stats = world.stats(0);
                let of = stats.transports.iter().find(|transport| transport.participant == id);
                of.map_or((0, 0), |transport| (transport.bytes_in, transport.bytes_out))
            };
            // Fourteen times as much: 36 Mbit/s and 14,000 packets a second.
            world.places[flooder].peer.camera().expect("a camera").frames = 14;
            world.run(2_000);
            let before = (bytes(world, flooder).0, bytes(world, viewer).1);
            world.run(2_000);
            let (opened, sent) = (bytes(world, flooder).0 - before.0, bytes(world, viewer).1 - before.1);
            // In two seconds, of what a transport may send in all, and of what a camera may (and the quiet one sends).
            assert!(opened * 8 <= 2 * 24_000_000 + 200_000, "{opened} bytes were opened");
            assert!(sent * 8 <= 2 * (6_000_000 + 700_000), "{sent} bytes were sent on");
            let (of_publication, of_transport) = excess(world);
            assert!(of_publication > 1_000 && of_transport > 1_000, "{of_publication}, {of_transport}");
            assert_eq!(told(world, flooder), Some(true));
            assert_eq!(world.places[flooder].peer.asked_for_less.map(|bits| bits / 100_000), Some(54));
            assert_undisturbed(world, viewer);
            world.end();
        },
    );
}

#[test]
fn a_storm_of_requests_for_key_frames_costs_only_its_sender() {
    scenario("sim::limits::a_storm_of_requests_for_key_frames_costs_only_its_sender", 0..3, |world| {
        let publisher = world.join(&PeerSpec::publisher(1));
        let (storm, honest) = (world.join(&PeerSpec::viewer(1)), world.join(&PeerSpec::viewer(1)));
        for viewer in [storm, honest] {
            world.view(viewer, 0, publisher, 720);
        }
        world.run(3_000);
        let made = |world: &mut World| {
            let camera = world.places[publisher].peer.camera().expect("a camera");
            camera.layers[2].key_frames
        };
        let before = made(world);
        world.places[storm].peer.video(0).storms = true;
        world.run(60_000);
        // Six at once and one in four seconds, for a thousand requests.
        let caused = made(world) - before;
        assert!((10..=22).contains(&caused), "{caused} key frames");
        assert!(
            world.places[storm].peer.video(0).plis >= 1_000,
            "{}",
            world.places[storm].peer.video(0).plis
        );
        // Others get theirs at once meanwhile: who comes, and who has lost the picture.
        let late = world.join(&PeerSpec::viewer(1));
        world.view(late, 0, publisher, 720);
        world.run(1_500);
        assert!(world.places[late].peer.video(0).decoder.decoded > 5);
        for _ in 0..3 {
            world.places[honest].down.conditions.down = true;
            world.run(1_500);
            world.places[honest].down.conditions.down = false;
            let now = world.now;
            world.places[honest].peer.video(0).decoder.measure(now);
            world.run(2_000);
            let now = world.now;
            let freeze = world.places[honest].peer.video(0).decoder.freeze(now);
            assert!(freeze < 1_500_000, "{freeze} µs without a picture");
        }
        world.end();
    });
}

#[test]
fn turning_pages_in_a_hurry_makes_no_storm() {
    scenario("sim::limits::turning_pages_in_a_hurry_makes_no_storm", 0..2, |world| {
        let publisher = world.join(&PeerSpec::publisher(1));
        let viewer = world.join(&PeerSpec::viewer(1));
        world.view(viewer, 0, publisher, 180);
        world.run(3_000);
        let made = |world: &mut World| -> u64 {
            let camera = world.places[publisher].peer.camera().expect("a camera");
            camera.layers.iter().map(|layer| layer.key_frames).sum()
        };
        let before = made(world);
        for round in 0..300 {
            world.view(viewer, 0, publisher, [180, 720][round % 2]);
            world.run(100);
        }
        let caused = made(world) - before;
        assert!(caused <= 40, "{caused} key frames");
        world.view(viewer, 0, publisher, 720);
        world.run(5_000);
        assert_eq!(world.places[viewer].peer.video(0).decoder.source.map(|source| source.1), Some(2));
        world.end();
    });
}

/// A publisher of one encoding of so many rows and packets a frame, 50 frames a second.
fn single(world: &mut World, rows: u16, packets: u16) -> usize {
    let camera = TrackSpec { layers: 1, rate: 50, packets, ..TrackSpec::CAMERA };
    let place = world.join(&PeerSpec { tracks: vec![camera], ..PeerSpec::publisher(1) });
    world.places[place].peer.camera().expect("a camera").rows = rows;
    place
}

/// Which of so many tiles got pictures within two seconds.
fn shown(world: &mut World, viewer: usize, tiles: usize) -> Vec<bool> {
    let decoded = |world: &mut World| -> Vec<u64> {
        (0..tiles).map(|tile| world.places[viewer].peer.video(tile).decoder.decoded).collect()
    };
    let before = decoded(world);
    world.run(2_000);
    decoded(world).iter().zip(before).map(|(now, before)| *now > before + 20).collect()
}

#[test]
fn a_wall_of_small_tiles_takes_few_pictures_that_are_much_too_large() {
    scenario(
        "sim::limits::a_wall_of_small_tiles_takes_few_pictures_that_are_much_too_large",
        0..2,
        |world| {
            // 2.6 Mbit/s each at 1,080 rows; one modest in bits, and one with small encodings.
            let mut publishers: Vec<_> = (0..3).map(|_| single(world, 1080, 20)).collect();
            publishers.push(single(world, 1080, 4));
            publishers.push(world.join(&PeerSpec::publisher(1)));
            let viewer = world.join(&PeerSpec { video_slots: 5, ..PeerSpec::viewer(1) });
            for (tile, publisher) in publishers.iter().enumerate() {
                world.view(viewer, tile, *publisher, if tile == 1 { 200 } else { 180 });
            }
            world.run(6_000);
            // Of the three large ones the largest tile has one: two would be more than 4 Mbit/s.
            assert_eq!(shown(world, viewer, 5), [false, true, false, true, true]);
            let participant = world.places[viewer].peer.id;
            let emptied = world.events.iter().rev().find_map(|(_, _, event)| match event {
                Event::Slot { participant: who, mid, source, .. }
                    if *who == participant && mid.as_str() == "v0" =>
                {
                    Some(*source)
                }
                _ => None,
            });
            assert_eq!(emptied, Some(None), "the receiver is told");
            // A tile that grows shows it at once.
            world.view(viewer, 0, publishers[0], 720);
            world.run(1_000);
            assert_eq!(shown(world, viewer, 5), [true, true, false, true, true]);
            // Room for one more is used.
            world.leave(publishers[1]);
            world.run(4_000);
            assert_eq!(shown(world, viewer, 5)[2..], [true, true, true]);
            world.end();
        },
    );
}

#[test]
fn a_lone_picture_of_720_rows_is_seen_however_small_its_tile() {
    scenario("sim::limits::a_lone_picture_of_720_rows_is_seen_however_small_its_tile", 0..2, |world| {
        let publisher = single(world, 720, 20);
        let viewer = world.join(&PeerSpec::viewer(1));
        world.view(viewer, 0, publisher, 90);
        world.run(3_000);
        for _ in 0..5 {
            assert_eq!(shown(world, viewer, 1), [true]);
        }
        world.end();
    });
}

#[test]
fn an_allowance_of_its_own_holds_for_a_publication() {
    scenario("sim::limits::an_allowance_of_its_own_holds_for_a_publication", 0..2, |world| {
        let publisher = world.join(&PeerSpec::publisher(1));
        let viewer = world.join(&PeerSpec::viewer(1));
        world.view(viewer, 0, publisher, 720);
        world.run(3_000);
        let publication = world.places[publisher].peer.camera().expect("a camera").id;
        let allowance = Allowance { bits: 200_000, packets: 2000, burst: Duration::from_millis(100) };
        world.must(0, Command::Allow { publication, allowance });
        world.run(5_000);
        assert!(excess(world).0 > 100);
        assert_eq!(told(world, publisher), Some(true));
        let generous = Allowance { bits: 6_000_000, packets: 2000, burst: Duration::from_secs(1) };
        world.must(0, Command::Allow { publication, allowance: generous });
        world.run(1_000);
        let before = excess(world);
        world.run(12_000);
        assert_eq!((excess(world), told(world, publisher)), (before, Some(false)));
        world.end();
    });
}
