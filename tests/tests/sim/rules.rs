//! Who receives what: rooms, permissions, audiences, mute, views. Each packet is judged as it leaves.

use std::collections::{BTreeMap, BTreeSet};
use viva_media::{Audience, ParticipantId, Permissions, PublicationId};
use viva_sfu::{Command, Event, PublicationTerms, Refused, View};
use viva_tests::sim::{PeerSpec, TrackSpec, World, peer::BASELINE, scenario, world::mid};

fn decoded(world: &mut World, viewer: usize) -> u64 {
    world.places[viewer].peer.video(0).decoder.decoded
}

/// A publisher and a viewer who sees it.
fn pair(world: &mut World) -> (usize, usize) {
    let publisher = world.join(&PeerSpec::publisher(1));
    let viewer = world.join(&PeerSpec::viewer(1));
    world.view(viewer, 0, publisher, 720);
    world.run(3_000);
    assert!(decoded(world, viewer) > 20);
    (publisher, viewer)
}

#[test]
fn rooms_are_worlds_of_their_own() {
    scenario("sim::rules::rooms_are_worlds_of_their_own", 0..4, |world| {
        let rooms: Vec<Vec<usize>> =
            (1..4).map(|room| (0..3).map(|_| world.join(&PeerSpec::talker(room))).collect()).collect();
        for room in &rooms {
            for (index, peer) in room.iter().enumerate() {
                world.view(*peer, 0, room[(index + 1) % 3], 360);
            }
        }
        let foreign = world.places[rooms[1][0]].peer.camera().expect("a camera").id;
        let participant = world.places[rooms[0][0]].peer.id;
        let view = Some(View { publication: foreign, height: 180 });
        let command = Command::View { participant, mid: mid("v0"), view };
        assert_eq!(world.command(0, command), Err(Refused::UnknownPublication));
        world.run(5_000);
        for peer in rooms.iter().flatten() {
            assert!(decoded(world, *peer) > 50);
        }
        world.end();
    });
}

#[test]
fn a_publisher_who_may_no_longer_publish_falls_silent_at_once() {
    scenario("sim::rules::a_publisher_who_may_no_longer_publish_falls_silent_at_once", 0..4, |world| {
        let (publisher, viewer) = pair(world);
        let participant = world.places[publisher].peer.id;
        let permissions = Permissions { publish: false, subscribe: true };
        world.must(0, Command::Permit { participant, permissions });
        world.run(100);
        let before = decoded(world, viewer);
        world.run(3_000);
        assert_eq!(decoded(world, viewer), before);
        world.end();
    });
}

#[test]
fn a_receiver_who_may_no_longer_subscribe_gets_nothing_more() {
    scenario("sim::rules::a_receiver_who_may_no_longer_subscribe_gets_nothing_more", 0..4, |world| {
        let (publisher, viewer) = pair(world);
        let participant = world.places[viewer].peer.id;
        world.must(
            0,
            Command::Permit { participant, permissions: Permissions { publish: true, subscribe: false } },
        );
        world.run(100);
        let before = decoded(world, viewer);
        world.run(2_000);
        assert_eq!(decoded(world, viewer), before);
        world.must(
            0,
            Command::Permit { participant, permissions: Permissions { publish: true, subscribe: true } },
        );
        world.view(viewer, 0, publisher, 720);
        world.run(2_000);
        assert!(decoded(world, viewer) > before + 20);
        world.end();
    });
}

#[test]
fn an_audience_is_exact_from_the_next_packet_on() {
    scenario("sim::rules::an_audience_is_exact_from_the_next_packet_on", 0..4, |world| {
        let (publisher, one) = pair(world);
        let other = world.join(&PeerSpec::viewer(1));
        world.view(other, 0, publisher, 180);
        world.run(2_000);
        let ids: Vec<_> = world.places[publisher].peer.tracks.iter().map(|track| track.id).collect();
        for publication in ids {
            let audience = Audience::Only(BTreeSet::from([world.places[other].peer.id]));
            world.must(0, Command::Admit { publication, audience });
        }
        world.run(100);
        let before = (decoded(world, one), decoded(world, other));
        world.run(2_000);
        assert_eq!(decoded(world, one), before.0);
        assert!(decoded(world, other) > before.1 + 40);
        world.end();
    });
}

#[test]
fn an_agreement_brings_the_terms_of_its_publications_with_it() {
    scenario("sim::rules::an_agreement_brings_the_terms_of_its_publications_with_it", 0..4, |world| {
        let one = world.join(&PeerSpec::viewer(1));
        let other = world.join(&PeerSpec::viewer(1));
        let publisher = world.prepare(ParticipantId(77), &PeerSpec::publisher(1));
        let join = world.join_command(publisher, Permissions { publish: true, subscribe: true });
        world.must(0, join);
        let peer = &mut world.places[publisher].peer;
        let (participant, media, camera) = (peer.id, peer.media(), peer.camera().expect("a camera").id);
        let audience = Audience::Only(BTreeSet::from([world.places[one].peer.id]));
        let terms = |muted| PublicationTerms { audience: audience.clone(), muted, ..Default::default() };
        let negotiate = |named, muted| {
            let terms = BTreeMap::from([(named, terms(muted))]);
            Command::Negotiate { participant, media: media.clone(), terms }
        };
        let stranger = negotiate(PublicationId(1), false);
        assert_eq!(world.command(0, stranger), Err(Refused::UnknownPublication));
        assert_eq!(world.stats(0).publications, 0);
        world.must(0, negotiate(camera, true));
        let ask = |world: &mut World, place: usize| {
            let participant = world.places[place].peer.id;
            let view = Some(View { publication: camera, height: 720 });
            world.command(0, Command::View { participant, mid: mid("v0"), view })
        };
        assert_eq!(ask(world, other), Err(Refused::NotPermitted));
        assert_eq!(ask(world, one), Ok(()));
        world.run(3_000);
        assert_eq!(decoded(world, one), 0);
        world.must(0, negotiate(camera, false));
        world.run(3_000);
        assert!(decoded(world, one) > 20);
        world.must(0, Command::Admit { publication: camera, audience: Audience::Everyone });
        assert_eq!(ask(world, other), Ok(()));
        world.run(3_000);
        assert!(decoded(world, other) > 20);
        world.end();
    });
}

#[test]
fn what_is_muted_is_never_sent_not_even_as_a_repair() {
    scenario("sim::rules::what_is_muted_is_never_sent_not_even_as_a_repair", 0..6, |world| {
        let (publisher, viewer) = pair(world);
        world.places[viewer].down.conditions.loss = 500;
        let ids: Vec<_> = world.places[publisher].peer.tracks.iter().map(|track| track.id).collect();
        for _ in 0..3 {
            for publication in &ids {
                world.must(0, Command::Mute { publication: *publication, muted: true });
            }
            world.run(1_500);
            let before = decoded(world, viewer);
            for publication in &ids {
                world.must(0, Command::Mute { publication: *publication, muted: false });
            }
            world.run(2_000);
            assert!(decoded(world, viewer) > before + 20);
        }
        world.end();
    });
}

#[test]
fn a_slot_changes_its_source_with_a_key_frame() {
    scenario("sim::rules::a_slot_changes_its_source_with_a_key_frame", 0..4, |world| {
        let publishers: Vec<_> = (0..3).map(|_| world.join(&PeerSpec::publisher(1))).collect();
        let viewer = world.join(&PeerSpec::viewer(1));
        for round in 0..9 {
            let of = publishers[round % 3];
            world.view(viewer, 0, of, [180, 720][round % 2]);
            world.run(1_200);
            let id = world.places[of].peer.camera().expect("a camera").id;
            let source = world.places[viewer].peer.video(0).decoder.source;
            assert_eq!(source.map(|(publication, _)| publication), Some(id.0), "round {round}");
        }
        world.end();
    });
}

#[test]
fn a_slot_goes_from_codec_to_codec() {
    scenario("sim::rules::a_slot_goes_from_codec_to_codec", 0..4, |world| {
        let h264 = vec![TrackSpec { codec: BASELINE, ..TrackSpec::CAMERA }];
        let publishers = [
            world.join(&PeerSpec::publisher(1)),
            world.join(&PeerSpec { tracks: h264, ..PeerSpec::publisher(1) }),
        ];
        let viewer = world.join(&PeerSpec::viewer(1));
        for round in 0..6 {
            let of = publishers[round % 2];
            world.view(viewer, 0, of, 720);
            world.run(1_500);
            let id = world.places[of].peer.camera().expect("a camera").id;
            let source = world.places[viewer].peer.video(0).decoder.source;
            assert_eq!(source, Some((id.0, 2)), "round {round}");
        }
        world.end();
    });
}

#[test]
fn an_emptied_slot_is_silent_and_says_so() {
    scenario("sim::rules::an_emptied_slot_is_silent_and_says_so", 0..2, |world| {
        let (publisher, viewer) = pair(world);
        let participant = world.places[viewer].peer.id;
        world.must(0, Command::View { participant, mid: mid("v0"), view: None });
        world.run(100);
        let before = decoded(world, viewer);
        world.run(1_000);
        assert_eq!(decoded(world, viewer), before);
        let told = |event: &Event| {
            *event
                == Event::Slot {
                    participant,
                    mid: mid("v0"),
                    source: None,
                    unsupported: false,
                    paused: false,
                }
        };
        assert!(world.events.iter().any(|(_, _, event)| told(event)));
        world.leave(publisher);
        world.run(1_000);
        world.end();
    });
}
