//! Who gets what of a line that does not carry all.

use viva_media::{MediaKind, Priority};
use viva_sfu::Command;
use viva_tests::sim::{
    PeerSpec, World,
    line::{Conditions, Line},
    peer::Encoder,
    scenario,
};

/// Bits a second of the encodings of a camera.
const PICTURES: [u64; 3] = [150_000, 450_000, 1_500_000];

/// A camera whose encoder keeps to rates.
fn camera(world: &mut World) -> usize {
    let place = world.join(&PeerSpec::publisher(1));
    let random = world.random.fork();
    if let Some(camera) = world.places[place].peer.camera() {
        camera.encoder = Some(Encoder::new(PICTURES, random));
    }
    place
}

/// Somebody who sees two others over a line of this rate.
fn viewer(world: &mut World, rate: u64) -> usize {
    let place = world.join(&PeerSpec { audio_slots: 0, video_slots: 2, ..PeerSpec::viewer(1) });
    let conditions = Conditions {
        rates: vec![(0, rate)],
        queue: 300_000,
        delay: 25_000,
        jitter: 0,
        reorders: false,
        loss: 0,
        bursts: (0, 0),
        traffic: Vec::new(),
    };
    let random = world.random.fork();
    world.places[place].line = Some(world.lines.len());
    world.lines.push(Line::new(world.now, conditions, random));
    place
}

/// Pictures that each tile shows in so many milliseconds.
fn pictures(world: &mut World, viewer: usize, millis: u64) -> Vec<u64> {
    let shown = |world: &World| {
        let slots = &world.places[viewer].peer.receivers;
        let videos = slots.iter().filter(|slot| slot.kind == MediaKind::Video);
        videos.map(|slot| slot.decoder.decoded).collect::<Vec<_>>()
    };
    let before = shown(world);
    world.run(millis);
    shown(world).iter().zip(before).map(|(after, before)| after - before).collect()
}

#[test]
fn what_the_server_puts_first_moves_however_small_its_tile_and_only_as_long() {
    let name = "sim::shares::what_the_server_puts_first_moves_however_small_its_tile_and_only_as_long";
    scenario(name, 0..3, |world| {
        // What waits before a narrow line is told of by reports before it leaves: the checker knows no such line.
        world.checked = false;
        let (small, large) = (camera(world), camera(world));
        let viewer = viewer(world, 180_000);
        world.view(viewer, 0, small, 180);
        world.view(viewer, 1, large, 360);
        let put = |world: &mut World, priority| {
            let publication = world.places[small].peer.camera().expect("a camera").id;
            world.must(0, Command::Prioritize { publication, priority });
            world.run(6_000);
            let shown = pictures(world, viewer, 5_000);
            (shown[0], shown[1])
        };
        let (small, large) = put(world, Priority::Usual);
        assert!(large > 50 && large > 2 * small, "{small} {large}");
        let (small, large) = put(world, Priority::First);
        assert!(small > 50 && small > 2 * large, "{small} {large}");
        let (small, large) = put(world, Priority::Usual);
        assert!(large > 50 && large > 2 * small, "{small} {large}");
        world.end();
    });
}
