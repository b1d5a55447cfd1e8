//! Bad lines: loss, bursts, reordering, duplicates, limited rate; repair and key frames heal.

use viva_tests::sim::{Conditions, Offered, PeerSpec, TrackSpec, peer::BASELINE, scenario};

#[test]
fn a_tenth_lost_both_ways_is_repaired() {
    scenario("sim::lines::a_tenth_lost_both_ways_is_repaired", 0..6, |world| {
        let publisher = world.join(&PeerSpec::publisher(1).on(Conditions::LOSSY));
        let viewer = world.join(&PeerSpec::viewer(1).on(Conditions::LOSSY));
        world.view(viewer, 0, publisher, 360);
        assert!(
            world.run_until(5_000, |world| { world.places[viewer].peer.receivers[2].decoder.decoded > 0 })
        );
        world.run(2_000);
        let now = world.now;
        let before = world.places[viewer].peer.video(0).decoder.decoded;
        world.places[viewer].peer.video(0).decoder.measure(now);
        world.run(20_000);
        let now = world.now;
        let video = world.places[viewer].peer.video(0);
        let decoded = video.decoder.decoded - before;
        assert!(decoded * 100 >= 500 * 90, "{decoded} of 500 frames");
        assert!(video.decoder.freeze(now) < 1_500_000, "{} µs without a picture", video.decoder.freeze(now));
        assert!(video.nacks > 0);
        world.end();
    });
}

#[test]
fn bursts_are_healed() {
    scenario("sim::lines::bursts_are_healed", 0..6, |world| {
        let bursts = Conditions { burst: 30, burst_length: 40, ..Conditions::GOOD };
        let publisher = world.join(&PeerSpec::publisher(1).on(bursts));
        let viewer = world.join(&PeerSpec::viewer(1).on(bursts));
        world.view(viewer, 0, publisher, 720);
        world.run(20_000);
        for place in [publisher, viewer] {
            let place = &mut world.places[place];
            (place.up.conditions, place.down.conditions) = (Conditions::GOOD, Conditions::GOOD);
        }
        // A line that was taken back again and again is tried less and less.
        world.run(10_000);
        let before = world.places[viewer].peer.video(0).decoder.decoded;
        world.run(4_000);
        let decoded = world.places[viewer].peer.video(0).decoder.decoded - before;
        assert!(decoded >= 98, "{decoded} of 100 frames once the line is good");
        world.end();
    });
}

#[test]
fn a_narrow_line_of_one_viewer_does_not_hurt_the_others() {
    scenario("sim::lines::a_narrow_line_of_one_viewer_does_not_hurt_the_others", 0..3, |world| {
        let publisher = world.join(&PeerSpec::publisher(1));
        let narrow = Conditions { rate: Some(150_000), ..Conditions::GOOD };
        let poor = world.join(&PeerSpec::viewer(1));
        world.places[poor].down.conditions = narrow;
        let good = world.join(&PeerSpec::viewer(1));
        world.view(poor, 0, publisher, 720);
        world.view(good, 0, publisher, 720);
        world.run(3_000);
        let now = world.now;
        world.places[good].peer.video(0).decoder.measure(now);
        world.run(10_000);
        let now = world.now;
        let freeze = world.places[good].peer.video(0).decoder.freeze(now);
        assert!(freeze < 300_000, "{freeze}");
        world.end();
    });
}

#[test]
fn sound_and_picture_stay_together_on_drifting_clocks() {
    scenario("sim::lines::sound_and_picture_stay_together_on_drifting_clocks", 0..4, |world| {
        let jitter = Conditions { jitter: 30_000, ..Conditions::GOOD };
        let publishers: Vec<_> = (0..2).map(|_| world.join(&PeerSpec::publisher(1).on(jitter))).collect();
        let viewer = world.join(&PeerSpec { video_slots: 2, ..PeerSpec::viewer(1) });
        for round in 0..8u64 {
            for (slot, publisher) in publishers.iter().enumerate() {
                let height = [180, 720, 360][(round as usize + slot) % 3];
                world.view(viewer, slot, *publisher, height);
            }
            world.run(5_000);
        }
        let tap = &world.places[viewer].tap;
        assert!(tap.comparisons > 1_000, "{}", tap.comparisons);
        world.end();
    });
}

#[test]
fn duplicates_and_reordering_alone_cost_no_picture() {
    scenario("sim::lines::duplicates_and_reordering_alone_cost_no_picture", 0..4, |world| {
        let line = Conditions { jitter: 25_000, duplicate: 1_500, ..Conditions::GOOD };
        let camera = TrackSpec { packets: 8, ..TrackSpec::CAMERA };
        let publisher = world.join(&PeerSpec { tracks: vec![camera], ..PeerSpec::publisher(1) }.on(line));
        let viewer = world.join(&PeerSpec::viewer(1).on(line));
        world.view(viewer, 0, publisher, 720);
        // Until so bad a line is known.
        world.run(20_000);
        let before = world.places[viewer].peer.video(0).decoder.decoded;
        world.run(10_000);
        let decoded = world.places[viewer].peer.video(0).decoder.decoded - before;
        assert!(decoded >= 248, "{decoded} of 250 frames");
        world.end();
    });
}

#[test]
fn unreadable_packets_cost_only_themselves() {
    scenario("sim::lines::unreadable_packets_cost_only_themselves", 0..4, |world| {
        let still = Conditions { jitter: 0, ..Conditions::GOOD };
        let codec = if world.fresh_id() % 2 == 0 { TrackSpec::CAMERA.codec } else { BASELINE };
        let offered = Offered { odd: true, ..Offered::USUAL };
        let camera = TrackSpec { codec, offered, ..TrackSpec::CAMERA };
        let publisher = PeerSpec { tracks: vec![camera], ..PeerSpec::publisher(1) };
        let publisher = world.join(&publisher.on(still));
        let viewer = world.join(&PeerSpec::viewer(1).on(still));
        world.view(viewer, 0, publisher, 720);
        world.run(3_000);
        let now = world.now;
        world.places[viewer].peer.video(0).decoder.measure(now);
        world.run(5_000);
        let now = world.now;
        let video = world.places[viewer].peer.video(0);
        assert_eq!((video.nacks, video.plis), (0, 0), "no hole is seen");
        assert!(video.decoder.freeze(now) < 150_000, "{}", video.decoder.freeze(now));
        assert_eq!(world.places[publisher].peer.asked, 0, "nothing is asked for again");
        world.end();
    });
}
