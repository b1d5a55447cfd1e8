//! Paths: restarts, moves, silence, forgery. A session follows its owner and nobody else.

use std::net::SocketAddr;
use viva_media::{Carrier, Path};
use viva_sfu::{HandshakeFailure, LeaveReason, TransportState};
use viva_tests::sim::{Conditions, PeerSpec, World, scenario};

fn pair(world: &mut World) -> (usize, usize) {
    let publisher = world.join(&PeerSpec::publisher(1));
    let viewer = world.join(&PeerSpec::viewer(1));
    world.view(viewer, 0, publisher, 360);
    world.run(3_000);
    assert!(world.places[viewer].peer.video(0).decoder.decoded > 20);
    (publisher, viewer)
}

/// The longest time without a picture during so many milliseconds, in microseconds.
fn freeze(world: &mut World, viewer: usize, millis: u64) -> u64 {
    let now = world.now;
    world.places[viewer].peer.video(0).decoder.measure(now);
    world.run(millis);
    let now = world.now;
    world.places[viewer].peer.video(0).decoder.freeze(now)
}

#[test]
fn an_ice_restart_costs_no_picture() {
    scenario("sim::paths::an_ice_restart_costs_no_picture", 0..4, |world| {
        let (publisher, viewer) = pair(world);
        for place in [publisher, viewer] {
            world.restart_ice(place);
            let freeze = freeze(world, viewer, 4_000);
            assert!(freeze < 300_000, "{freeze}");
            assert!(world.places[place].peer.client.transport.connectivity.checked());
        }
        world.end();
    });
}

#[test]
fn an_ice_restart_from_another_network_heals_within_a_second() {
    scenario("sim::paths::an_ice_restart_from_another_network_heals_within_a_second", 0..4, |world| {
        let (publisher, viewer) = pair(world);
        for place in [publisher, viewer] {
            world.move_peer(place);
            world.restart_ice(place);
            let freeze = freeze(world, viewer, 5_000);
            assert!(freeze < 1_500_000, "{freeze}");
        }
        world.end();
    });
}

#[test]
fn a_nat_that_forgets_is_followed_after_the_next_check() {
    scenario("sim::paths::a_nat_that_forgets_is_followed_after_the_next_check", 0..4, |world| {
        let (publisher, viewer) = pair(world);
        for place in [publisher, viewer] {
            world.move_peer(place);
            let freeze = freeze(world, viewer, 8_000);
            assert!(freeze < 4_500_000, "{freeze}");
            let recovered = self::freeze(world, viewer, 3_000);
            assert!(recovered < 300_000, "{recovered}");
        }
        world.end();
    });
}

#[test]
fn a_stolen_nomination_steals_nothing() {
    scenario("sim::paths::a_stolen_nomination_steals_nothing", 0..4, |world| {
        let (publisher, viewer) = pair(world);
        for place in [publisher, viewer] {
            for last in 1..40 {
                // Caught on its way, so that only the copy arrives.
                let check = world.places[place].peer.client.transport.connectivity.check();
                let remote = SocketAddr::from(([203, 0, 113, last], 999));
                let local = world.units[0].address;
                let path = Path { carrier: Carrier::Udp, local, remote };
                // Media to a stranger fails the world.
                world.inject(0, path, check);
                world.run(50);
            }
        }
        let freeze = freeze(world, viewer, 3_000);
        assert!(freeze < 300_000, "{freeze}");
        world.end();
    });
}

#[test]
fn another_certificate_than_the_offer_names_closes() {
    scenario("sim::paths::another_certificate_than_the_offer_names_closes", 0..3, |world| {
        let stays = world.join(&PeerSpec::viewer(1));
        let liar = world.join(&PeerSpec { certificate: 2, ..PeerSpec::publisher(1) });
        world.run(3_000);
        assert_eq!(world.places[liar].left, Some(LeaveReason::Fingerprint));
        assert_eq!(world.failures(liar), [HandshakeFailure::Fingerprint]);
        assert_eq!(world.places[stays].left, None);
        assert_eq!(world.stats(0).participants, 1);
        world.end();
    });
}

#[test]
fn ten_seconds_of_silence_are_forgiven() {
    scenario("sim::paths::ten_seconds_of_silence_are_forgiven", 0..4, |world| {
        let (publisher, viewer) = pair(world);
        for place in [publisher, viewer] {
            let cut = &mut world.places[place];
            (cut.up.conditions, cut.down.conditions) = (Conditions::DOWN, Conditions::DOWN);
            world.run(10_000);
            assert_eq!(world.places[place].state, TransportState::Interrupted);
            let back = &mut world.places[place];
            (back.up.conditions, back.down.conditions) = (Conditions::GOOD, Conditions::GOOD);
            world.run(3_500);
            let state = world.places[place].state;
            // On such a line it may be interrupted again by now.
            assert!(matches!(state, TransportState::Connected(_) | TransportState::Interrupted), "{state:?}");
            let freeze = freeze(world, viewer, 3_000);
            assert!(freeze < 300_000, "{freeze}");
        }
        world.end();
    });
}

#[test]
fn a_lossy_handshake_comes_to_its_end() {
    scenario("sim::paths::a_lossy_handshake_comes_to_its_end", 0..6, |world| {
        let spec = PeerSpec::viewer(1).on(Conditions { loss: 2_000, ..Conditions::GOOD });
        let peers: Vec<_> = (0..5).map(|_| world.join(&spec)).collect();
        for place in &mut world.places {
            (place.up.lossy_handshake, place.down.lossy_handshake) = (true, true);
        }
        world.run(15_000);
        for place in peers {
            let state = world.places[place].state;
            // On such a line it may be interrupted again by now.
            assert!(matches!(state, TransportState::Connected(_) | TransportState::Interrupted), "{state:?}");
        }
        world.end();
    });
}
