//! Whoever goes, falls silent or never comes leaves nothing behind.

use viva_media::ParticipantId;
use viva_sfu::{Dropped, HandshakeFailure, LeaveReason};
use viva_tests::sim::{Conditions, PeerSpec, World, scenario, world::ALL};

#[test]
fn who_never_comes_is_forgotten() {
    scenario("sim::freed::who_never_comes_is_forgotten", 0..3, |world| {
        let absent = world.join(&PeerSpec::talker(1).on(Conditions::DOWN));
        world.run(29_000);
        assert_eq!(world.places[absent].left, None);
        world.run(2_500);
        assert!(matches!(
            world.places[absent].left,
            Some(LeaveReason::Handshake | LeaveReason::ConsentExpired)
        ));
        assert_eq!(world.failures(absent), [HandshakeFailure::Unreachable]);
        world.places[absent].peer.running = false;
        world.run(1_000);
        world.check_freed(0);
    });
}

#[test]
fn who_checks_but_never_shakes_hands_is_forgotten() {
    scenario("sim::freed::who_checks_but_never_shakes_hands_is_forgotten", 0..3, |world| {
        let half = world.join(&PeerSpec::talker(1));
        // Its line dies once the first check is answered.
        assert!(
            world.run_until(2_000, |world| world.places[half].peer.client.transport.connectivity.answers()
                > 0)
        );
        world.places[half].up.conditions = Conditions::DOWN;
        world.run(33_000);
        assert_eq!(world.places[half].left, Some(LeaveReason::Handshake));
        // The answer may have been quick enough to let a hello out.
        let failures = world.failures(half);
        assert!(
            matches!(failures[..], [HandshakeFailure::Silent | HandshakeFailure::Unfinished]),
            "{failures:?}"
        );
        world.places[half].peer.running = false;
        world.run(1_000);
        world.check_freed(0);
    });
}

#[test]
fn who_falls_silent_is_forgotten_after_the_consent() {
    scenario("sim::freed::who_falls_silent_is_forgotten_after_the_consent", 0..3, |world| {
        let talker = world.join(&PeerSpec::talker(1));
        let other = world.join(&PeerSpec::talker(1));
        world.view(other, 0, talker, 720);
        world.run(3_000);
        world.places[talker].peer.running = false;
        world.run(27_000);
        assert_eq!(world.places[talker].left, None);
        world.run(6_000);
        assert_eq!(world.places[talker].left, Some(LeaveReason::ConsentExpired));
        assert_eq!(world.stats(0).participants, 1);
        world.end();
    });
}

#[test]
fn a_publisher_that_checks_no_more_stays_as_long_as_its_media_comes() {
    scenario("sim::freed::a_publisher_that_checks_no_more_stays_as_long_as_its_media_comes", 0..3, |world| {
        let publisher = world.join(&PeerSpec::publisher(1));
        let viewer = world.join(&PeerSpec::viewer(1));
        world.view(viewer, 0, publisher, 720);
        world.places[publisher].peer.client.transport.connectivity.consents = false;
        world.run(45_000);
        assert_eq!(world.places[publisher].left, None);
        let (decoded, feedback) =
            (world.places[viewer].peer.video(0).decoder.decoded, world.places[publisher].peer.feedback);
        world.run(45_000);
        assert_eq!(world.places[publisher].left, None);
        assert!(world.places[viewer].peer.video(0).decoder.decoded > decoded + 1_000);
        assert!(world.places[publisher].peer.feedback > feedback + 300, "feedback goes on");
        // Neither checks nor media: gone.
        world.places[publisher].peer.running = false;
        world.run(33_000);
        assert_eq!(world.places[publisher].left, Some(LeaveReason::ConsentExpired));
        world.end();
    });
}

#[test]
fn media_is_sent_to_nobody_whose_consent_has_ended() {
    scenario("sim::freed::media_is_sent_to_nobody_whose_consent_has_ended", 0..3, |world| {
        let [publisher, talker] = [0; 2].map(|_| world.join(&PeerSpec::talker(1)));
        let receiver = world.join(&PeerSpec::viewer(1));
        for viewer in [talker, receiver] {
            world.view(viewer, 0, publisher, 720);
        }
        world.run(3_000);
        for place in [talker, receiver] {
            world.places[place].peer.client.transport.connectivity.consents = false;
        }
        world.run(25_000);
        let got = |world: &World, place: usize| -> u64 {
            world.places[place].peer.receivers.iter().map(|receiver| receiver.packets).sum()
        };
        let before = got(world, talker);
        world.run(1_000);
        assert!(got(world, talker) > before + 100, "within the time of consent");
        world.run(8_000);
        // Who only receives is gone; who sends is there, is sent nothing but feedback, and comes back with a check.
        assert_eq!(world.places[receiver].left, Some(LeaveReason::ConsentExpired));
        assert_eq!(world.places[talker].left, None);
        let (before, feedback) = (got(world, talker), world.places[talker].peer.feedback);
        world.run(5_000);
        assert_eq!(got(world, talker), before);
        assert!(world.places[talker].peer.feedback > feedback + 30);
        world.places[talker].peer.client.transport.connectivity.consents = true;
        world.run(4_000);
        assert!(got(world, talker) > before + 100);
        world.places[receiver].peer.running = false;
        world.end();
    });
}

#[test]
fn a_client_that_says_good_bye_is_gone_at_once() {
    scenario("sim::freed::a_client_that_says_good_bye_is_gone_at_once", 0..3, |world| {
        let talker = world.join(&PeerSpec::talker(1));
        world.run(2_000);
        world.say_good_bye(talker);
        world.run(200);
        assert_eq!(world.places[talker].left, Some(LeaveReason::Closed));
        world.places[talker].peer.running = false;
        world.run(1_000);
        world.check_freed(0);
    });
}

#[test]
fn joining_twice_is_joining_once() {
    scenario("sim::freed::joining_twice_is_joining_once", 0..3, |world| {
        let spec = PeerSpec::talker(1);
        let place = world.prepare(ParticipantId(77), &spec);
        let command = world.join_command(place, ALL);
        for _ in 0..3 {
            world.must(0, command.clone());
            world.negotiate(place);
            world.run(1_000);
        }
        let stats = world.stats(0);
        assert_eq!((stats.rooms, stats.participants, stats.publications, stats.slots), (1, 1, 2, 3));
        world.leave(place);
        world.run(1_000);
        world.check_freed(0);
    });
}

#[test]
fn a_client_with_endless_streams_is_bounded_and_hurts_nobody_else() {
    scenario("sim::freed::a_client_with_endless_streams_is_bounded_and_hurts_nobody_else", 0..3, |world| {
        let publisher = world.join(&PeerSpec::publisher(1));
        let viewer = world.join(&PeerSpec::viewer(1));
        let flooder = world.join(&PeerSpec::viewer(1));
        world.view(viewer, 0, publisher, 720);
        world.run(3_000);
        let now = world.now;
        world.places[viewer].peer.video(0).decoder.measure(now);
        world.flood(flooder, 500);
        world.run(1_000);
        let dropped = world.stats(0).totals.dropped;
        assert!(dropped[Dropped::TooManySsrcs as usize] >= 400);
        let now = world.now;
        let freeze = world.places[viewer].peer.video(0).decoder.freeze(now);
        assert!(freeze < 300_000, "{freeze}");
        world.end();
    });
}
