//! Tests of the feedback, read back by two other implementations over random loss and reordering.

use super::*;
use crate::rtcp::{Feedback, read};
use ::rtcp::{
    packet::unmarshal,
    transport_feedbacks::transport_layer_cc::{PacketStatusChunk, SymbolTypeTcc, TransportLayerCc},
};
use std::collections::BTreeMap;

fn ms(ms: u64) -> Micros {
    Micros::from_millis(ms)
}

type Statuses = Vec<(u16, Option<u32>)>;

/// The statuses of one packet by our reader, which is `rtcp-types`.
fn statuses(packet: &[u8]) -> Statuses {
    match read(packet).collect::<Vec<_>>()[..] {
        [Ok(Feedback::TransportFeedback(feedback))] => feedback.packets().collect(),
        ref other => panic!("{other:?}"),
    }
}

/// The same by the `rtcp` crate.
fn statuses_by_rtcp(packet: &[u8]) -> Statuses {
    let parts = unmarshal(&mut bytes::Bytes::copy_from_slice(packet)).unwrap();
    let feedback = parts[0].as_any().downcast_ref::<TransportLayerCc>().unwrap();
    let mut symbols = Vec::new();
    for chunk in &feedback.packet_chunks {
        match chunk {
            PacketStatusChunk::RunLengthChunk(run) => {
                symbols.extend(vec![run.packet_status_symbol; usize::from(run.run_length)]);
            }
            PacketStatusChunk::StatusVectorChunk(vector) => {
                symbols.extend(vector.symbol_list.iter().copied())
            }
        }
    }
    symbols.truncate(usize::from(feedback.packet_status_count));
    assert_eq!(symbols.len(), usize::from(feedback.packet_status_count));
    let mut deltas = feedback.recv_deltas.iter();
    let mut time = feedback.reference_time << 8;
    let statuses = symbols.into_iter().enumerate().map(|(n, symbol)| {
        let arrival = (symbol != SymbolTypeTcc::PacketNotReceived).then(|| {
            time = time.wrapping_add_signed((deltas.next().unwrap().delta / 250) as i32);
            time
        });
        (feedback.base_sequence_number.wrapping_add(n as u16), arrival)
    });
    statuses.collect()
}

/// Everything due at `now`.
fn feedback(recorder: &mut Recorder, now: Micros) -> Vec<Vec<u8>> {
    let mut buffer = [0xaa; 1500];
    std::iter::from_fn(|| {
        let length = recorder.feedback(now, Ssrc(1), Ssrc(2), &mut buffer)?;
        assert!(length <= MAX_FEEDBACK && length % 4 == 0);
        Some(buffer[..length].to_vec())
    })
    .collect()
}

fn units(at: Micros) -> u32 {
    (at.0 / UNIT) as u32
}

#[test]
fn feedback_says_who_arrived_when() {
    let mut recorder = Recorder::default();
    let arrivals = [(65_534, 1_000), (65_535, 1_001), (1, 1_080), (2, 1_079)];
    for (sequence, at) in arrivals {
        assert!(recorder.record(sequence, ms(at)));
    }
    let packets = feedback(&mut recorder, ms(1_100));
    let [packet] = &packets[..] else { panic!() };
    let arrived = |at| Some(units(ms(at)));
    let expected = [
        (65_534, arrived(1_000)),
        (65_535, arrived(1_001)),
        (0, None),
        (1, arrived(1_080)),
        (2, arrived(1_079)),
    ];
    assert_eq!(statuses(packet), expected);
    assert_eq!(statuses_by_rtcp(packet), expected);
    // 20 bytes of header, one chunk of seven places, deltas of 1 + 1 + 2 + 2 bytes.
    assert_eq!(packet.len(), 28);
    assert_eq!(recorder.next_deadline(), None);
    assert!(feedback(&mut recorder, ms(9_000)).is_empty());
}

#[test]
fn a_long_even_run_is_one_chunk() {
    let mut recorder = Recorder::default();
    for n in 0..100 {
        recorder.record(n, ms(2_000 + u64::from(n)));
    }
    let packets = feedback(&mut recorder, ms(2_100));
    assert_eq!(packets.len(), 1);
    assert_eq!(packets[0].len(), (HEADER + 2 + 100_usize).next_multiple_of(4));
}

#[test]
fn feedback_comes_every_100_ms_faster_for_many_packets_and_at_once_when_full() {
    let mut recorder = Recorder::default();
    assert_eq!(recorder.next_deadline(), None);
    recorder.record(0, ms(1_000));
    assert_eq!(feedback(&mut recorder, ms(1_000)).len(), 1);
    recorder.record(1, ms(1_010));
    assert_eq!(recorder.next_deadline(), Some(ms(1_100)));
    assert!(feedback(&mut recorder, ms(1_099)).is_empty());
    for n in 2..40 {
        recorder.record(n, ms(1_050));
    }
    assert_eq!(feedback(&mut recorder, ms(1_100)).len(), 1);
    recorder.record(40, ms(1_110));
    assert_eq!(recorder.next_deadline(), Some(ms(1_150)));
    for n in 41..40 + FULL as u16 {
        recorder.record(n, ms(1_120));
    }
    assert_eq!(recorder.next_deadline(), Some(ms(1_120)));
}

#[test]
fn duplicates_and_old_numbers_are_ignored() {
    let mut recorder = Recorder::default();
    assert!(recorder.record(5, ms(1)));
    assert!(!recorder.record(5, ms(2)));
    assert!(!recorder.record(4, ms(2)), "before the first");
    assert_eq!(statuses(&feedback(&mut recorder, ms(200))[0]), [(5, Some(units(ms(1))))]);
    assert!(!recorder.record(5, ms(201)), "reported already");
    for n in 0..2 * WINDOW as u16 {
        recorder.record(6 + n, ms(300));
    }
    assert!(!recorder.record(100, ms(301)), "out of the window");
    assert_eq!(recorder.waiting as usize, WINDOW);
    assert_eq!(feedback(&mut recorder, ms(400)).iter().flat_map(|packet| statuses(packet)).count(), WINDOW);
}

#[test]
fn a_late_packet_is_told_with_what_follows_it() {
    let mut recorder = Recorder::default();
    for n in [0, 1, 3, 4] {
        recorder.record(n, ms(1_000));
    }
    assert_eq!(statuses(&feedback(&mut recorder, ms(1_000))[0])[2], (2, None));
    recorder.record(2, ms(1_020));
    recorder.record(5, ms(1_030));
    let packets = feedback(&mut recorder, ms(1_100));
    let told = statuses(&packets[0]);
    assert_eq!(told.iter().map(|(sequence, _)| *sequence).collect::<Vec<_>>(), [2, 3, 4, 5]);
    assert_eq!(told[0].1, Some(units(ms(1_020))));
    assert_eq!(told[1].1, Some(units(ms(1_000))));
}

#[test]
fn memory_ends_but_numbers_go_on() {
    let mut recorder = Recorder::default();
    for n in [0, 1, 2, 4] {
        recorder.record(n, ms(1_000));
    }
    feedback(&mut recorder, ms(1_000));
    recorder.record(6, ms(3_000));
    let told = statuses(&feedback(&mut recorder, ms(3_000))[0]);
    assert_eq!(told, [(5, None), (6, Some(units(ms(3_000))))]);
    assert!(!recorder.record(3, ms(3_001)), "half a second is over");
    assert!(!recorder.record(4, ms(3_001)));
    // The first of what is left is missing; it may still come.
    assert!(recorder.record(5, ms(3_002)));
    assert_eq!(statuses(&feedback(&mut recorder, ms(3_100))[0])[0], (5, Some(units(ms(3_002)))));
    feedback(&mut recorder, ms(9_000));
    recorder.record(7, ms(9_000));
    recorder.record(9, ms(9_001));
    assert_eq!(statuses(&feedback(&mut recorder, ms(9_100))[0])[1], (8, None));
}

#[test]
fn a_pause_that_16_bits_do_not_hold_splits_the_feedback() {
    let mut recorder = Recorder::default();
    recorder.record(0, ms(1_000));
    recorder.record(2, ms(1_000 + 9_000));
    recorder.record(3, ms(1_000 + 9_001));
    let packets = feedback(&mut recorder, ms(10_002));
    let told = packets.iter().map(|packet| statuses(packet)).collect::<Vec<_>>();
    assert_eq!(told[0], [(0, Some(units(ms(1_000)))), (1, None)]);
    assert_eq!(told[1], [(2, Some(units(ms(10_000)))), (3, Some(units(ms(10_001))))]);
    assert_eq!([packets[0][19], packets[1][19]], [0, 1], "the count goes on");
}

#[test]
fn a_jump_begins_anew() {
    let mut recorder = Recorder::default();
    recorder.record(0, ms(1_000));
    recorder.record(20_000, ms(1_001));
    let packets = feedback(&mut recorder, ms(1_100));
    assert_eq!(statuses(&packets[0]), [(20_000, Some(units(ms(1_001))))]);
}

#[test]
fn a_buffer_too_small_for_one_status_gets_nothing_and_loses_nothing() {
    let mut recorder = Recorder::default();
    recorder.record(0, ms(1_000));
    for size in 0..24 {
        assert_eq!(recorder.feedback(ms(1_100), Ssrc(1), Ssrc(2), &mut vec![0; size]), None);
    }
    assert_eq!(recorder.feedback(ms(1_100), Ssrc(1), Ssrc(2), &mut [0; 24]), Some(24));
}

#[test]
fn reference_times_wrap_after_24_bits() {
    let mut recorder = Recorder::default();
    let late = Micros((64_000 << 24) + 64_000 * 5 + 1_000);
    recorder.record(0, late);
    let packets = feedback(&mut recorder, late);
    assert_eq!(statuses(&packets[0]), [(0, Some((5 << 8) + 4))]);
}

/// A network of random loss, delay and duplication; every arrival must be told exactly, every other one as missing.
#[test]
fn two_implementations_read_back_every_arrival() {
    for seed in 1..=60_u64 {
        let mut random = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mut next = move |bound: u64| {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            random % bound
        };
        let (loss, jitter, pace) = (next(60), [1, 400, 30_000, 90_000][next(4) as usize], 1 + next(9_000));
        let base = next(65_536);
        let mut network = BTreeMap::new();
        for n in 0..4_000_u64 {
            let sent = 1_000_000 + n * pace;
            if n > 0 && next(100) < loss {
                continue;
            }
            network.insert((sent + next(jitter), n), ());
            if next(50) == 0 {
                network.insert((sent + 1 + next(jitter), n), ());
            }
        }
        let mut recorder = Recorder::default();
        let (mut truth, mut told) = (BTreeMap::new(), BTreeMap::new());
        let mut hear = |packets: Vec<Vec<u8>>| {
            for packet in packets {
                let statuses = statuses(&packet);
                assert_eq!(statuses, statuses_by_rtcp(&packet), "seed {seed}");
                for (sequence, arrival) in statuses {
                    let before = told.insert(sequence, arrival).flatten();
                    assert!(before.is_none() || before == arrival, "what is told stays");
                }
            }
        };
        for (at, n) in network.into_keys() {
            let at = Micros(at);
            while let Some(due) = recorder.next_deadline().filter(|due| *due <= at) {
                hear(feedback(&mut recorder, due));
            }
            let sequence = (base + n) as u16;
            if recorder.record(sequence, at) {
                assert!(truth.insert(sequence, units(at)).is_none(), "counted once");
            }
        }
        hear(feedback(&mut recorder, Micros(u64::MAX / 2)));
        let arrived =
            told.into_iter().filter_map(|(sequence, at)| Some((sequence, at?))).collect::<BTreeMap<_, _>>();
        assert_eq!(arrived, truth, "seed {seed}");
        assert!(truth.len() > 1_000);
    }
}

#[test]
fn any_numbers_at_any_time_are_bounded() {
    let mut recorder = Recorder::default();
    let (mut random, mut sequence) = (7_u64, 0_u16);
    for _ in 0..100_000 {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        let now = Micros(random % 100_000_000);
        // Now and then a far jump, mostly a step within the window.
        let step = if random.is_multiple_of(500) { random >> 40 } else { (random >> 40) % 900 };
        sequence = sequence.wrapping_add(step as u16).wrapping_sub(440);
        recorder.record(sequence, now);
        assert!(recorder.arrivals.len() <= WINDOW);
        let reported = (recorder.cursor - recorder.start) as usize;
        assert_eq!(recorder.waiting, arrived(recorder.arrivals.range(reported..)));
        if random.is_multiple_of(64) {
            for packet in feedback(&mut recorder, now) {
                assert!(!statuses(&packet).is_empty());
            }
        }
    }
}
