//! Streams through selector and munger: what a receiver must be able to rely on.

use super::*;
use crate::{
    noise::Noise,
    selector::{Decision, Selector, Target},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};
use viva_media::LayerIndex;
use viva_wire::codec::PictureId;

fn packet(sequence: u64, timestamp: u32) -> Incoming {
    Incoming { sequence, timestamp, marker: false, frame: Frame { starts_frame: true, ..Frame::default() } }
}

fn vp8(sequence: u64, timestamp: u32, picture: u16, wide: bool, tl0: u8) -> Incoming {
    let frame = Frame {
        picture_id: Some(PictureId { value: picture, wide }),
        tl0_picture_index: Some(tl0),
        ..Frame::default()
    };
    Incoming { frame, ..packet(sequence, timestamp) }
}

fn video(sequence: u16) -> Munger<u8> {
    Munger::new(MediaKind::Video, sequence.into())
}

fn source(munger: &Munger<u8>, sequence: u16) -> Option<(u8, u64)> {
    match munger.original(sequence)? {
        Origin::Packet(source) => Some((source.layer, source.sequence)),
        Origin::Padding(_) => None,
    }
}

#[test]
fn a_stream_that_stopped_goes_on_by_one_in_every_number() {
    let mut before = video(100);
    before.switch(0, &vp8(7, 500, 0x1000, true, 9), 9000);
    let mut after = Munger::resume(MediaKind::Video, before.next_sequence(), before.last());
    assert_eq!(after.forward(0, &vp8(8, 3500, 0x1001, true, 10)), Err(Dropped::OldSequence));
    let first = after.switch(1, &vp8(40, 77, 3, true, 200), 8000);
    assert_eq!(
        (first.sequence, first.timestamp, first.picture_id, first.tl0_picture_index),
        (101, 9001, 0x1001, 10)
    );
}

#[test]
fn a_switch_goes_on_by_one_in_every_number() {
    let mut munger = video(65_535);
    let first = munger.switch(0, &vp8(70_000, 500, 0x7fff, true, 255), 9000);
    assert_eq!(
        (first.sequence, first.timestamp, first.picture_id, first.tl0_picture_index),
        (65_535, 9000, 0x7fff, 255)
    );
    let second = munger.forward(0, &vp8(70_001, 3500, 0, true, 0)).unwrap();
    assert_eq!(
        (second.sequence, second.timestamp, second.picture_id, second.tl0_picture_index),
        (65_536, 12_000, 0, 0)
    );
    let other = munger.switch(1, &vp8(12, u32::MAX, 0x1234, true, 77), 15_000);
    assert_eq!(
        (other.sequence, other.timestamp, other.picture_id, other.tl0_picture_index),
        (65_537, 15_000, 1, 1)
    );
    let next = munger.forward(1, &vp8(13, 2999, 0x1235, true, 78)).unwrap();
    assert_eq!(
        (next.sequence, next.timestamp, next.picture_id, next.tl0_picture_index),
        (65_538, 18_000, 2, 2)
    );
    assert_eq!(munger.timestamp(2999), Some(18_000));
}

#[test]
fn picture_ids_of_either_width_follow_each_other() {
    let mut munger = video(0);
    munger.switch(0, &vp8(1, 0, 300, true, 0), 0);
    let narrow = munger.switch(1, &vp8(1, 0, 126, false, 0), 3000);
    assert_eq!(narrow.picture_id & 0x7f, 301 & 0x7f);
    let wrapped: Vec<_> = [(2, 127), (3, 0), (4, 1)]
        .map(|(sequence, id)| munger.forward(1, &vp8(sequence, 0, id, false, 0)).unwrap().picture_id & 0x7f)
        .into();
    assert_eq!(wrapped, [302 & 0x7f, 303 & 0x7f, 304 & 0x7f]);
    assert!(munger.switch(2, &packet(9, 0), 90_000).sequence == 5);
    assert_eq!(munger.switch(3, &vp8(9, 0, 77, false, 0), 93_000).picture_id & 0x7f, 305 & 0x7f);
}

#[test]
fn time_never_stands_still_or_goes_back_at_a_switch() {
    let mut munger = video(0);
    munger.switch(0, &packet(1, 0), u32::MAX - 10);
    assert_eq!(munger.switch(1, &packet(1, 0), u32::MAX - 10).timestamp, u32::MAX - 9);
    assert_eq!(munger.switch(0, &packet(2, 0), u32::MAX - 100).timestamp, u32::MAX - 8);
    assert_eq!(munger.switch(1, &packet(2, 0), 0).timestamp, 0);
    assert_eq!(munger.switch(0, &packet(3, 0), 5).timestamp, 5);
    assert_eq!(munger.switch(1, &packet(3, 0), 5u32.wrapping_sub(90_000)).timestamp, 3005);
    let mut munger = Munger::new(MediaKind::Audio, 0);
    munger.switch(0, &packet(1, 0), 48_000);
    assert_eq!(munger.switch(1, &packet(1, 0), 48_001).timestamp, 48_960);
    assert_eq!(munger.switch(0, &packet(1, 0), 40_000).timestamp, 49_920);
}

#[test]
fn the_first_audio_packet_of_a_source_carries_the_marker_also_when_sent_again() {
    let mut munger = Munger::new(MediaKind::Audio, 100);
    assert!(munger.switch(0, &packet(7, 0), 0).marker);
    assert!(!munger.forward(0, &packet(8, 960)).unwrap().marker);
    let Some(Origin::Packet(again)) = munger.original(100) else { panic!("forgotten") };
    assert!(again.munge(0, false, &Frame::default()).marker);
    let mut munger = video(0);
    assert!(!munger.switch(0, &packet(7, 0), 0).marker);
}

#[test]
fn late_packets_use_the_numbers_of_their_time() {
    let mut munger = video(10);
    munger.switch(0, &vp8(100, 0, 20, true, 0), 0);
    // 101 is late; 102 is left out; 103 goes on.
    assert_eq!(munger.skip(0, &vp8(102, 6000, 22, true, 0)), None);
    let after = munger.forward(0, &vp8(103, 9000, 23, true, 1)).unwrap();
    assert_eq!((after.sequence, after.picture_id), (12, 22));
    let late = munger.forward(0, &vp8(101, 3000, 21, true, 0)).unwrap();
    assert_eq!((late.sequence, late.picture_id), (11, 21));
    assert_eq!(source(&munger, 11), Some((0, 101)));
    // Left out is left out, whoever asks.
    assert_eq!(munger.forward(0, &vp8(102, 6000, 22, true, 0)), Err(Dropped::OldSequence));
}

#[test]
fn packets_from_before_a_switch_are_refused_but_can_be_asked_for() {
    let mut munger = video(10);
    munger.switch(0, &packet(100, 0), 0);
    munger.forward(0, &packet(102, 0)).unwrap();
    munger.switch(1, &packet(50, 0), 3000);
    assert_eq!(munger.forward(0, &packet(101, 0)), Err(Dropped::OldSequence));
    assert_eq!(munger.forward(1, &packet(49, 0)), Err(Dropped::OldSequence));
    assert_eq!(
        [10, 11, 12, 13].map(|sequence| source(&munger, sequence)),
        [Some((0, 100)), Some((0, 101)), Some((0, 102)), Some((1, 50))]
    );
    assert_eq!(munger.original(14), None);
    assert_eq!(munger.original(9), None);
    // The same layer after a pause is a switch too; numbers that another source had are nobody's now.
    munger.switch(1, &packet(900, 0), 6000);
    for sequence in [50, 51, 101, 899] {
        assert_eq!(munger.forward(1, &packet(sequence, 0)), Err(Dropped::OldSequence), "{sequence}");
    }
    munger.close();
    assert_eq!(munger.forward(1, &packet(901, 0)), Err(Dropped::OldSequence));
    assert_eq!((munger.original(14), munger.timestamp(0)), (None, None));
    assert_eq!(munger.switch(1, &packet(905, 0), 6000).sequence, 15);
}

#[test]
fn a_left_out_frame_takes_its_lost_middle_along_and_a_late_head_leaves_a_hole() {
    let mut munger = video(0);
    munger.switch(0, &vp8(9, 0, 1, true, 0), 0);
    // Frame 2 is packets 10 to 13; 10 is late, 12 is lost.
    assert_eq!(munger.skip(0, &vp8(11, 3000, 2, true, 0)), None);
    assert_eq!(munger.skip(0, &vp8(13, 3000, 2, true, 0)), None);
    let next = munger.forward(0, &vp8(14, 6000, 3, true, 0)).unwrap();
    assert_eq!((next.sequence, next.picture_id), (2, 2));
    let hole = munger.skip(0, &vp8(10, 3000, 2, true, 0));
    assert_eq!(hole, Some(Padding { sequence: 1, timestamp: 3000 }), "between those before and after it");
    assert_eq!(munger.skip(0, &vp8(10, 3000, 2, true, 0)), None);
    assert_eq!(munger.skip(0, &vp8(12, 3000, 2, true, 0)), None);
    // The number is spent: sealed once, never for another packet.
    assert_eq!(munger.forward(0, &vp8(10, 3000, 2, true, 0)), Err(Dropped::OldSequence));
    assert!(matches!(munger.original(1), Some(Origin::Padding(Padding { sequence: 1, .. }))));
    assert_eq!(source(&munger, 2), Some((0, 14)));
}

#[test]
fn a_leap_of_the_source_shows_as_one_missing_packet() {
    let mut munger = video(0);
    munger.switch(0, &packet(1, 0), 0);
    assert_eq!(munger.forward(0, &packet(1_000_000, 0)).unwrap().sequence, 2);
    assert_eq!(munger.forward(0, &packet(1_000_001, 0)).unwrap().sequence, 3);
    assert_eq!(munger.skip(0, &packet(2_000_000, 0)), None);
    assert_eq!(munger.forward(0, &packet(2_000_001, 0)).unwrap().sequence, 5);
    assert_eq!(munger.forward(0, &packet(u64::MAX / 2, 0)).unwrap().sequence, 7);
}

/// One layer of a publisher: three temporal layers, 1 to 4 packets a frame.
struct Publisher {
    next: Incoming,
    frames: u64,
    wide: bool,
}

impl Publisher {
    fn new(noise: &mut Noise, wide: bool) -> Self {
        let mut next = vp8(
            noise.below(1 << 20),
            noise.next() as u32,
            noise.next() as u16 & 0x7fff,
            wide,
            noise.next() as u8,
        );
        if !wide {
            next.frame.picture_id =
                next.frame.picture_id.map(|id| PictureId { value: id.value & 0x7f, wide });
        }
        Self { next, frames: 0, wide }
    }

    fn frame(&mut self, noise: &mut Noise, key: bool) -> Vec<Incoming> {
        self.frames = if key { 0 } else { self.frames + 1 };
        let frame = &mut self.next.frame;
        frame.temporal = [0, 2, 1, 2][(self.frames % 4) as usize];
        frame.layer_sync = self.frames % 8 == 2 || self.frames % 8 == 3;
        if frame.temporal == 0 {
            frame.tl0_picture_index = frame.tl0_picture_index.map(|index| index.wrapping_add(1));
        }
        let mask = if self.wide { 0x7fff } else { 0x7f };
        frame.picture_id = frame.picture_id.map(|id| PictureId { value: (id.value + 1) & mask, ..id });
        self.next.timestamp = self.next.timestamp.wrapping_add(3000);
        let count = 1 + noise.below(4);
        (0..count)
            .map(|index| {
                self.next.sequence += 1;
                let mut packet = self.next;
                packet.marker = index + 1 == count;
                packet.frame.starts_frame = index == 0;
                packet.frame.key_frame = key && index == 0;
                packet
            })
            .collect()
    }
}

/// What one receiver got.
#[derive(Default)]
struct Receiver {
    sent: BTreeMap<u64, (u8, Incoming, Munged)>,
    padding: BTreeSet<u64>,
    /// The number of the newest switch.
    opened: Option<u64>,
}

impl Receiver {
    fn take(&mut self, layer: u8, packet: Incoming, munged: Munged) {
        assert!(!self.padding.contains(&munged.sequence));
        assert_eq!(
            self.sent.insert(munged.sequence, (layer, packet, munged)),
            None,
            "a number is used twice"
        );
    }

    fn fill(&mut self, padding: Padding) {
        assert!(!self.sent.contains_key(&padding.sequence));
        assert!(self.padding.insert(padding.sequence));
    }
}

fn hand_over(
    selector: &mut Selector,
    munger: &mut Munger<u8>,
    receiver: &mut Receiver,
    layer: u8,
    packet: Incoming,
    timestamp: u32,
) -> Decision {
    let decision = selector.decide(LayerIndex::new(layer.into()).unwrap(), &packet);
    match decision {
        Decision::Switch => {
            let munged = munger.switch(layer, &packet, timestamp);
            receiver.opened = Some(munged.sequence);
            receiver.take(layer, packet, munged);
        }
        Decision::Forward => {
            if let Ok(munged) = munger.forward(layer, &packet) {
                receiver.take(layer, packet, munged);
            }
        }
        Decision::Skip => {
            if let Some(padding) = munger.skip(layer, &packet) {
                receiver.fill(padding);
            }
        }
        Decision::Ignore => {}
    }
    decision
}

/// Keeps in `delivered` what the slot has had of its layers since it entered them.
fn note(delivered: &mut BTreeSet<(u8, u64)>, decision: Decision, layer: u8, sequence: u64) {
    match decision {
        Decision::Ignore => return,
        // The key frame may be late itself: what came before it is behind the switch now.
        Decision::Switch => delivered.retain(|seen| seen.0 != layer),
        Decision::Forward | Decision::Skip => {}
    }
    delivered.insert((layer, sequence));
}

/// Layers 0 and 1 by turns, temporal layers up and down, key frames now and then; `lossy` loses, delays and swaps packets.
fn run(seed: u64, lossy: bool) {
    let mut noise = Noise::new(seed);
    let mut publishers = [Publisher::new(&mut noise, true), Publisher::new(&mut noise, true)];
    let mut selector = Selector::new(Duration::from_millis(500));
    let mut munger = video(65_000);
    let mut receiver = Receiver::default();
    let mut delivered = BTreeSet::new();
    let mut delayed: Vec<(u64, u8, Incoming)> = Vec::new();
    let mut switches = 0;
    selector.set_target(Some(Target { layer: LayerIndex::FIRST, temporal: 2 }));
    for step in 0..3000u64 {
        if noise.one_in(20) {
            selector.set_target(Some(Target {
                layer: LayerIndex::new(noise.below(2) as usize).unwrap(),
                temporal: noise.below(3) as u8,
            }));
        }
        let timestamp = (step as u32).wrapping_mul(3000).wrapping_sub(1_000_000);
        for layer in 0..2u8 {
            let key = step == 0 || noise.one_in(30);
            for packet in publishers[usize::from(layer)].frame(&mut noise, key) {
                match noise.below(20) {
                    0 if lossy => {}
                    1 | 2 if lossy => delayed.push((step + noise.below(12), layer, packet)),
                    _ => {
                        let decision =
                            hand_over(&mut selector, &mut munger, &mut receiver, layer, packet, timestamp);
                        switches += u32::from(decision == Decision::Switch);
                        note(&mut delivered, decision, layer, packet.sequence);
                    }
                }
            }
        }
        let due: Vec<_> = delayed.extract_if(.., |(at, ..)| *at <= step).collect();
        for (_, layer, packet) in due {
            let decision = hand_over(&mut selector, &mut munger, &mut receiver, layer, packet, timestamp);
            note(&mut delivered, decision, layer, packet.sequence);
        }
        check_nack(&munger, &receiver, &delivered, lossy);
    }
    assert!(switches > 10, "{switches}");
    assert!(munger.next_sequence() > 65_536 + 1000);
    if !lossy {
        check_continuous(&receiver, &munger);
    }
}

/// The newest hundred numbers map back to what was sent under them, and what was not sent never arrived in time.
fn check_nack(munger: &Munger<u8>, receiver: &Receiver, delivered: &BTreeSet<(u8, u64)>, lossy: bool) {
    for sequence in munger.next_sequence().saturating_sub(100).max(65_000)..munger.next_sequence() {
        let origin = munger.original(sequence as u16);
        match receiver.sent.get(&sequence) {
            Some((layer, packet, munged)) => {
                let Some(Origin::Packet(source)) = origin else { panic!("{sequence}: {origin:?}") };
                assert_eq!((source.layer, source.sequence), (*layer, packet.sequence));
                assert_eq!(source.munge(packet.timestamp, packet.marker, &packet.frame), *munged);
            }
            None if receiver.padding.contains(&sequence) => {
                assert!(matches!(origin, Some(Origin::Padding(_))), "{sequence}: {origin:?}");
            }
            None => {
                let Some(Origin::Packet(source)) = origin else { panic!("{sequence}: {origin:?}") };
                // Missing: lost on the way to us, or come while the slot showed another layer; then the cache has it.
                // Before the switch the same packet may have had two numbers, if a late key frame was entered.
                assert!(lossy);
                let opened = receiver.opened.is_some_and(|opened| sequence > opened);
                assert!(!opened || !delivered.contains(&(source.layer, source.sequence)), "{sequence}");
            }
        }
    }
}

/// Without loss the receiver sees an unbroken stream.
fn check_continuous(receiver: &Receiver, munger: &Munger<u8>) {
    let all: BTreeSet<_> = receiver.sent.keys().chain(&receiver.padding).copied().collect();
    assert!(all.into_iter().eq(65_000..munger.next_sequence()));
    let mut before: Option<&(u8, Incoming, Munged)> = None;
    for now in receiver.sent.values() {
        if let Some(before) = before {
            let ahead = now.2.timestamp.wrapping_sub(before.2.timestamp).cast_signed();
            let new_frame = now.1.timestamp != before.1.timestamp || now.0 != before.0;
            assert_eq!(ahead > 0, new_frame);
            let picture = now.2.picture_id.wrapping_sub(before.2.picture_id) & PICTURE_IDS;
            assert_eq!(picture, u16::from(new_frame), "picture ids go on by one");
            let base = new_frame && now.1.frame.temporal == 0;
            assert_eq!(now.2.tl0_picture_index.wrapping_sub(before.2.tl0_picture_index), u8::from(base));
            assert!(now.0 == before.0 || now.1.frame.key_frame, "a switch without a key frame");
        }
        before = Some(now);
    }
}

#[test]
fn an_undisturbed_stream_is_continuous_for_the_receiver() {
    for seed in 0..30 {
        run(seed, false);
    }
}

#[test]
fn numbers_map_back_under_loss_delay_and_reordering() {
    for seed in 100..140 {
        run(seed, true);
    }
}

#[test]
fn pictures_that_came_late_catch_up_with_the_time_of_their_source() {
    let mut munger = video(0);
    munger.switch(0, &packet(1, 0), 90_000);
    // A key frame of a tenth of a second ago, when two pictures after it are here already.
    let entered = munger.switch_behind(1, &packet(10, 500), 90_000 - 9_000, 6_000);
    assert_eq!(entered.timestamp, 90_001);
    // For reports, the source's time is where it belongs.
    assert_eq!(munger.timestamp(500), Some(81_000));
    let second = packet(11, 3_500);
    let third = [packet(12, 6_500), packet(13, 6_500)];
    assert_eq!(munger.forward(1, &second).unwrap().timestamp, 90_002);
    // Of the picture after that the second packet comes first; both have one timestamp.
    assert_eq!(munger.forward(1, &third[1]).unwrap().timestamp, 93_002);
    assert_eq!(munger.forward(1, &third[0]).unwrap().timestamp, 93_002);
    // From the next one on the stream is where it should be, and so is what is asked for again.
    assert_eq!(munger.forward(1, &packet(14, 15_500)).unwrap().timestamp, 96_000);
    assert_eq!(munger.forward(1, &packet(15, 18_500)).unwrap().timestamp, 99_000);
    assert_eq!(munger.timestamp(18_500), Some(99_000));
    let again = |sequence| match munger.original(sequence) {
        Some(Origin::Packet(source)) => source,
        other => panic!("{other:?}"),
    };
    for (out, timestamp, due) in
        [(1, 500, 90_001), (2, 3_500, 90_002), (4, 6_500, 93_002), (5, 15_500, 96_000)]
    {
        assert_eq!(again(out).munge(timestamp, false, &Frame::default()).timestamp, due, "{out}");
    }
}

#[test]
fn two_clocks_that_do_not_agree_are_no_lateness() {
    let mut munger = video(0);
    munger.switch(0, &packet(1, 0), 90_000);
    // A little late, and by another clock far behind.
    assert_eq!(munger.switch_behind(1, &packet(10, 0), 84_000, 3_000).timestamp, 90_001);
    assert_eq!(munger.forward(1, &packet(11, 3_000)).unwrap().timestamp, 90_002);
    // What comes at its time goes on at its pace.
    assert_eq!(munger.forward(1, &packet(12, 6_000)).unwrap().timestamp, 93_002);
    assert_eq!(munger.forward(1, &packet(13, 9_000)).unwrap().timestamp, 96_002);
}

#[test]
fn sound_from_before_what_was_said_is_past() {
    let mut munger: Munger<u8> = Munger::new(MediaKind::Audio, 0);
    assert!(!munger.is_past(0));
    munger.switch(0, &packet(1, 0), 96_000);
    for (timestamp, past) in
        [(96_960, false), (96_000, false), (95_999, true), (72_000, true), (71_999, false)]
    {
        assert_eq!(munger.is_past(timestamp), past, "{timestamp}");
    }
    let mut pictures = video(0);
    pictures.switch(0, &packet(1, 0), 96_000);
    assert!(!pictures.is_past(95_000), "a picture of the same moment may come from another layer");
}
