//! Several sizes in one stream: each tile gets its own, and whatever is sent can be decoded.

use viva_media::{Codec, Extension};
use viva_peer::numbers;
use viva_tests::sim::{Conditions, Layering, PeerSpec, TrackSpec, World, scenario, world::ALL};

const CODECS: [Codec; 2] = [Codec::Vp9(0), Codec::Av1(0)];

fn camera(codec: Codec, layering: Layering) -> TrackSpec {
    TrackSpec { codec, layering: Some(layering), ..TrackSpec::LAYERED }
}

/// A publisher of such a camera and somebody who watches it.
fn watched(world: &mut World, codec: Codec, layering: Layering) -> (usize, usize) {
    let tracks = vec![camera(codec, layering)];
    let publisher = world.join(&PeerSpec { tracks, ..PeerSpec::publisher(1) });
    (publisher, world.join(&PeerSpec::viewer(1)))
}

/// Frames decoded of each size during so many milliseconds.
fn decoded(world: &mut World, viewer: usize, milliseconds: u64) -> [u64; 3] {
    let of = |world: &mut World| {
        let decoder = &world.places[viewer].peer.video(0).decoder;
        [0, 1, 2]
            .map(|layer| decoder.of.iter().filter(|((_, l), _)| *l == layer).map(|(_, n)| n).sum::<u64>())
    };
    let before = of(world);
    world.run(milliseconds);
    let after = of(world);
    [0, 1, 2].map(|layer| after[layer] - before[layer])
}

/// What the unit says of its slots and lines.
fn sent(world: &mut World) -> String {
    let stats = world.stats(0);
    let slots =
        stats.transports.iter().map(|transport| format!("{:?} {:?}", transport.slots, transport.line));
    slots.collect::<Vec<_>>().join("; ")
}

/// Frames that were sent to the viewer without what they refer to, and pictures without an end.
fn unfounded(world: &World, viewer: usize) -> (u64, u64) {
    let streams = || world.places[viewer].tap.streams.values();
    (streams().map(|stream| stream.unfounded).sum(), streams().map(|stream| stream.unmarked).sum())
}

/// Tiles of all sizes are filled by frames of theirs, and of those that these need.
fn each_tile_gets_its_size(world: &mut World, (publisher, viewer): (usize, usize), layering: Layering) {
    world.run(1_000);
    for (height, size) in [(180, 0), (720, 2), (360, 1), (2160, 2), (180, 0)] {
        world.view(viewer, 0, publisher, height);
        world.run(1_500);
        let frames = decoded(world, viewer, 2_000);
        for (layer, frames) in frames.into_iter().enumerate() {
            let due = layer == size || layering == Layering::Full && layer < size;
            let fits = if due { frames >= 48 } else { frames <= 2 };
            assert!(fits, "{layering:?}, {height} rows, size {layer}: {frames}, {}", sent(world));
        }
    }
    let (unfounded, unmarked) = unfounded(world, viewer);
    assert_eq!(unfounded, 0);
    assert!(unmarked <= 1, "{unmarked} pictures without an end");
}

#[test]
fn each_tile_gets_its_size_of_one_stream() {
    scenario("sim::spatial::each_tile_gets_its_size_of_one_stream", 0..4, |world| {
        let layering = if world.fresh_id() % 2 == 0 { Layering::Key } else { Layering::Full };
        let codec = CODECS[usize::from(world.fresh_id() % 3 == 0)];
        let both = watched(world, codec, layering);
        each_tile_gets_its_size(world, both, layering);
        world.end();
    });
}

#[test]
fn vp9_needs_no_descriptors() {
    scenario("sim::spatial::vp9_needs_no_descriptors", 0..4, |world| {
        let layering = if world.fresh_id() % 2 == 0 { Layering::Key } else { Layering::Full };
        let spec = PeerSpec { tracks: vec![camera(Codec::Vp9(0), layering)], ..PeerSpec::publisher(1) };
        let id = viva_media::ParticipantId(world.fresh_id());
        let publisher = world.prepare(id, &spec);
        let known = [Extension::TransportWideCc, Extension::Mid];
        world.places[publisher].peer.set_extensions(numbers::extensions(&known));
        let command = world.join_command(publisher, ALL);
        world.must(0, command);
        world.negotiate(publisher);
        let viewer = world.join(&PeerSpec::viewer(1));
        each_tile_gets_its_size(world, (publisher, viewer), layering);
        world.end();
    });
}

#[test]
fn a_lossy_line_is_repaired() {
    scenario("sim::spatial::a_lossy_line_is_repaired", 0..6, |world| {
        let codec = CODECS[usize::from(world.fresh_id() % 2 == 0)];
        let tracks = vec![camera(codec, Layering::Key)];
        let publisher = world.join(&PeerSpec { tracks, ..PeerSpec::publisher(1) }.on(Conditions::LOSSY));
        let viewer = world.join(&PeerSpec::viewer(1).on(Conditions::LOSSY));
        world.view(viewer, 0, publisher, 360);
        assert!(
            world.run_until(5_000, |world| { world.places[viewer].peer.receivers[2].decoder.decoded > 0 })
        );
        world.run(2_000);
        let frames: u64 = decoded(world, viewer, 20_000).iter().sum();
        let video = world.places[viewer].peer.video(0);
        let (nacks, plis, lost) = (video.nacks, video.plis, video.given_up);
        let said = format!("{nacks} asked for, {lost} given up, {plis} key frames, {}", sent(world));
        assert!(frames * 100 >= 500 * 85, "{frames} of 500 frames, {said}");
        world.end();
    });
}

#[test]
fn a_size_that_is_not_sent_any_more_is_not_waited_for() {
    scenario("sim::spatial::a_size_that_is_not_sent_any_more_is_not_waited_for", 0..4, |world| {
        let codec = CODECS[usize::from(world.fresh_id() % 2 == 0)];
        let both = watched(world, codec, Layering::Key);
        let (publisher, viewer) = both;
        world.view(viewer, 0, publisher, 720);
        world.run(3_000);
        for (top, size) in [(0, 0), (1, 1), (2, 2)] {
            world.places[publisher].peer.tracks[0].set_top(top);
            world.run(1_000);
            let frames = decoded(world, viewer, 2_000);
            assert!(frames[size] >= 48, "up to {top}: {frames:?}, {}", sent(world));
        }
        let (unfounded, _) = unfounded(world, viewer);
        assert_eq!(unfounded, 0);
        world.end();
    });
}
