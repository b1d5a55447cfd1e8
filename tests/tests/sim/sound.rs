//! Sound: the loudest fill the slots.

use std::collections::BTreeSet;
use viva_sfu::Event;
use viva_tests::sim::{PeerSpec, TrackSpec, World, scenario};

fn speak(world: &mut World, place: usize, speaks: bool) {
    world.places[place].peer.microphone().expect("a microphone").live = speaks;
}

/// Whom a listener heard within so many milliseconds: places of the publishers, with at least so many packets.
fn heard(world: &mut World, listener: usize, talkers: &[usize], millis: u64, least: u64) -> BTreeSet<usize> {
    for receiver in &mut world.places[listener].peer.receivers {
        receiver.heard.clear();
    }
    world.run(millis);
    let peers = &mut world.places;
    talkers
        .iter()
        .copied()
        .filter(|talker| {
            let id = peers[*talker].peer.microphone().expect("a microphone").id.0;
            let packets = |place: usize| -> u64 {
                peers[place].peer.receivers.iter().filter_map(|receiver| receiver.heard.get(&id)).sum()
            };
            packets(listener) >= least
        })
        .collect()
}

#[test]
fn more_talkers_than_slots_are_heard_by_loudness() {
    scenario("sim::sound::more_talkers_than_slots_are_heard_by_loudness", 0..4, |world| {
        let spec = PeerSpec { tracks: vec![TrackSpec::MICROPHONE], ..PeerSpec::publisher(1) };
        let talkers: Vec<_> = (0..6).map(|_| world.join(&spec)).collect();
        let listener = world.join(&PeerSpec::viewer(1));
        for (index, talker) in talkers.iter().enumerate() {
            world.places[*talker].peer.microphone().expect("a microphone").level = 15 + 5 * index as u8;
            speak(world, *talker, false);
        }
        world.run(3_000);
        for pair in [[0, 1], [4, 5], [2, 3]] {
            for index in pair {
                speak(world, talkers[index], true);
            }
            world.run(2_500);
            let wanted: BTreeSet<_> = pair.map(|index| talkers[index]).into();
            let now_heard = heard(world, listener, &talkers, 2_000, 80);
            assert_eq!(now_heard, wanted);
            for index in pair {
                speak(world, talkers[index], false);
            }
        }
        world.end();
    });
}

#[test]
fn the_active_speaker_is_told() {
    scenario("sim::sound::the_active_speaker_is_told", 0..4, |world| {
        let talkers: Vec<_> = (0..3).map(|_| world.join(&PeerSpec::talker(1))).collect();
        for talker in &talkers {
            speak(world, *talker, false);
        }
        world.run(2_000);
        for talker in &talkers {
            speak(world, *talker, true);
            world.run(3_000);
            speak(world, *talker, false);
            let told = world.events.iter().rev().find_map(|(_, _, event)| match event {
                Event::ActiveSpeaker { participant, .. } => Some(*participant),
                _ => None,
            });
            assert_eq!(told, Some(Some(world.places[*talker].peer.id)));
            world.run(500);
        }
        world.end();
    });
}

#[test]
fn who_tells_no_level_is_heard_before_those_who_are_silent() {
    scenario("sim::sound::who_tells_no_level_is_heard_before_those_who_are_silent", 0..4, |world| {
        let spec = PeerSpec { tracks: vec![TrackSpec::MICROPHONE], ..PeerSpec::publisher(1) };
        let first = world.join(&spec);
        speak(world, first, false);
        world.run(1_000);
        let untold = world.join(&spec);
        world.places[untold].peer.microphone().expect("a microphone").tells_level = false;
        let listener = world.join(&PeerSpec { audio_slots: 1, ..PeerSpec::viewer(1) });
        world.run(2_500);
        assert_eq!(heard(world, listener, &[first, untold], 2_000, 80), BTreeSet::from([untold]));
        // Who tells that they speak comes before who may be silent all the time.
        speak(world, first, true);
        world.run(1_500);
        assert_eq!(heard(world, listener, &[first, untold], 2_000, 80), BTreeSet::from([first]));
        world.end();
    });
}

#[test]
fn nobody_hears_themselves() {
    scenario("sim::sound::nobody_hears_themselves", 0..3, |world| {
        let talkers: Vec<_> = (0..2).map(|_| world.join(&PeerSpec::talker(1))).collect();
        world.run(3_000);
        for talker in &talkers {
            let own = heard(world, *talker, &[*talker], 500, 1);
            assert!(own.is_empty());
        }
        world.end();
    });
}
