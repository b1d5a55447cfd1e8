//! When layers are entered and left, and for which key frames are asked.

use super::*;
use viva_wire::codec::Frame;

const INTERVAL: Duration = Duration::from_millis(500);

fn at(place: usize) -> LayerIndex {
    LayerIndex::new(place).unwrap()
}

/// Bit n: layer n.
fn set(bits: u8) -> LayerSet {
    LayerIndex::all().filter(|layer| bits & 1 << layer.place() != 0).collect()
}

fn selector(layer: usize, temporal: u8) -> Selector {
    let mut selector = Selector::new(INTERVAL);
    selector.set_target(Some(Target { layer: at(layer), temporal }));
    selector
}

fn delta(timestamp: u32) -> Incoming {
    let frame = Frame { starts_frame: true, ..Frame::default() };
    Incoming { sequence: u64::from(timestamp), timestamp, marker: true, frame }
}

fn key(timestamp: u32) -> Incoming {
    let frame = Frame { starts_frame: true, key_frame: true, ..Frame::default() };
    Incoming { frame, ..delta(timestamp) }
}

fn parameters(timestamp: u32) -> Incoming {
    let frame = Frame { parameters: true, ..key(timestamp).frame };
    Incoming { frame, ..delta(timestamp) }
}

fn temporal(timestamp: u32, temporal: u8, layer_sync: bool) -> Incoming {
    let frame = Frame { temporal, layer_sync, ..delta(timestamp).frame };
    Incoming { frame, ..delta(timestamp) }
}

#[test]
fn nothing_is_forwarded_before_a_key_frame() {
    let mut selector = selector(0, Target::ALL);
    assert_eq!(selector.decide(at(0), &delta(1)), Decision::Ignore);
    assert_eq!(selector.decide(at(0), &key(2)), Decision::Switch);
    assert_eq!(selector.decide(at(0), &delta(3)), Decision::Forward);
}

#[test]
fn the_old_layer_goes_on_until_the_new_ones_key_frame_starts() {
    let mut selector = selector(0, Target::ALL);
    selector.decide(at(0), &key(1));
    selector.set_target(Some(Target { layer: at(2), temporal: Target::ALL }));
    assert_eq!(selector.decide(at(2), &delta(50)), Decision::Ignore);
    assert_eq!(selector.decide(at(1), &key(70)), Decision::Ignore);
    assert_eq!(selector.decide(at(0), &delta(2)), Decision::Forward);
    assert_eq!(selector.decide(at(2), &key(51)), Decision::Switch);
    assert_eq!(selector.decide(at(0), &delta(3)), Decision::Ignore);
    assert_eq!(selector.decide(at(2), &delta(52)), Decision::Forward);
    // Down again, by the same rule.
    selector.set_target(Some(Target { layer: at(0), temporal: Target::ALL }));
    assert_eq!(selector.decide(at(2), &delta(53)), Decision::Forward);
    assert_eq!(selector.decide(at(0), &key(4)), Decision::Switch);
}

#[test]
fn a_smaller_picture_is_taken_while_there_is_none() {
    let mut selector = selector(1, Target::ALL);
    assert_eq!(selector.decide(at(2), &key(1)), Decision::Ignore);
    assert_eq!(selector.decide(at(0), &key(1)), Decision::Switch);
    assert_eq!(selector.key_frame_wanted(Micros(0)), Some(at(1)));
    assert_eq!(selector.decide(at(1), &key(1)), Decision::Switch);
    assert_eq!(selector.key_frame_wanted(Micros(0)), None);
}

#[test]
fn a_key_frame_is_asked_for_once_an_interval_until_it_comes() {
    let mut selector = selector(0, Target::ALL);
    assert_eq!(selector.deadline(), Some(Micros(0)));
    assert_eq!(selector.key_frame_wanted(Micros::from_millis(100)), Some(at(0)));
    assert_eq!(selector.key_frame_wanted(Micros::from_millis(599)), None);
    assert_eq!(selector.deadline(), Some(Micros::from_millis(600)));
    assert_eq!(selector.key_frame_wanted(Micros::from_millis(600)), Some(at(0)));
    // Another layer is another request.
    selector.set_target(Some(Target { layer: at(1), temporal: 0 }));
    assert_eq!(selector.key_frame_wanted(Micros::from_millis(601)), Some(at(1)));
    selector.decide(at(1), &key(1));
    assert_eq!((selector.key_frame_wanted(Micros::from_millis(9999)), selector.deadline()), (None, None));
    // The receiver lost the picture: only the layer it sees counts.
    selector.set_lost();
    assert_eq!(selector.key_frame_wanted(Micros::from_millis(10_000)), Some(at(1)));
    assert_eq!(selector.decide(at(1), &key(2)), Decision::Forward);
    assert_eq!(selector.key_frame_wanted(Micros::from_millis(20_000)), None);
    // Its first packet may come after the others; one from before the loss is no answer.
    selector.set_lost();
    selector.decide(at(1), &delta(4));
    selector.decide(at(1), &key(3));
    assert_eq!(selector.key_frame_wanted(Micros::from_millis(30_000)), Some(at(1)));
    selector.decide(at(1), &key(4));
    assert_eq!(selector.key_frame_wanted(Micros::from_millis(40_000)), None);
}

#[test]
fn a_layer_that_dies_is_left_for_the_best_that_lives() {
    let mut selector = selector(2, Target::ALL);
    selector.decide(at(2), &key(1));
    selector.set_live(Some(set(0b011)));
    assert_eq!(selector.key_frame_wanted(Micros(0)), Some(at(1)));
    assert_eq!(selector.decide(at(1), &key(5)), Decision::Switch);
    assert_eq!(selector.key_frame_wanted(Micros(0)), None);
    // Anything smaller is welcome meanwhile.
    let mut selector = self::selector(2, Target::ALL);
    selector.decide(at(2), &key(1));
    selector.set_live(Some(set(0b011)));
    assert_eq!(selector.decide(at(0), &key(3)), Decision::Switch);
    assert_eq!(selector.decide(at(1), &key(5)), Decision::Switch);
    // It lives again.
    selector.set_live(Some(set(0b111)));
    assert_eq!(selector.key_frame_wanted(Micros(0)), Some(at(2)));
    assert_eq!(selector.decide(at(2), &key(9)), Decision::Switch);
    // Only a larger one lives.
    selector.set_target(Some(Target { layer: at(0), temporal: Target::ALL }));
    selector.decide(at(0), &key(1));
    selector.set_live(Some(set(0b100)));
    assert_eq!(selector.key_frame_wanted(Micros(0)), Some(at(2)));
    assert_eq!(selector.decide(at(2), &key(12)), Decision::Switch);
    // None lives: stay, and ask nobody.
    selector.set_live(Some(LayerSet::EMPTY));
    assert_eq!(selector.key_frame_wanted(Micros(0)), None);
    assert_eq!(selector.decide(at(2), &delta(13)), Decision::Forward);
}

#[test]
fn a_paused_target_is_waited_for_below_it_but_not_above() {
    let mut selector = selector(0, Target::ALL);
    selector.set_live(Some(set(0b001)));
    selector.decide(at(0), &key(1));
    selector.set_target(Some(Target { layer: at(2), temporal: Target::ALL }));
    assert_eq!(selector.key_frame_wanted(Micros(0)), None);
    assert_eq!(selector.decide(at(0), &delta(2)), Decision::Forward);
    // Its first key frame counts even before it is known to be live.
    assert_eq!(selector.decide(at(2), &key(7)), Decision::Switch);
    selector.set_live(Some(set(0b101)));
    selector.set_target(Some(Target { layer: at(1), temporal: Target::ALL }));
    assert_eq!(selector.key_frame_wanted(Micros(0)), Some(at(0)));
}

#[test]
fn a_pause_ends_with_a_switch() {
    let mut selector = selector(0, Target::ALL);
    selector.decide(at(0), &key(1));
    selector.set_target(None);
    assert_eq!(selector.decide(at(0), &key(2)), Decision::Ignore);
    assert_eq!(selector.key_frame_wanted(Micros(0)), None);
    selector.set_target(Some(Target { layer: at(0), temporal: Target::ALL }));
    assert_eq!(selector.decide(at(0), &delta(3)), Decision::Ignore);
    assert_eq!(selector.decide(at(0), &key(4)), Decision::Switch);
}

#[test]
fn a_bare_picture_that_overtook_its_parameter_sets_is_no_entry_but_the_second_of_a_stream_without_any_is() {
    let bare = |timestamp| {
        let frame = Frame { bare: true, ..key(timestamp).frame };
        Incoming { frame, ..delta(timestamp) }
    };
    let mut overtaken = selector(0, Target::ALL);
    assert_eq!(overtaken.decide(at(0), &bare(1)), Decision::Ignore);
    assert_eq!(overtaken.decide(at(0), &parameters(1)), Decision::Switch);
    assert_eq!(overtaken.decide(at(0), &bare(1)), Decision::Forward);
    let mut never = selector(0, Target::ALL);
    assert_eq!(never.decide(at(0), &bare(1)), Decision::Ignore);
    assert_eq!(never.decide(at(0), &bare(1)), Decision::Ignore);
    assert_eq!(never.decide(at(0), &bare(2)), Decision::Switch);
}

#[test]
fn h264_is_entered_at_its_parameter_sets_where_it_has_them() {
    let mut selector = selector(0, Target::ALL);
    assert_eq!(selector.decide(at(0), &parameters(1)), Decision::Switch);
    assert_eq!(selector.decide(at(0), &key(1)), Decision::Forward);
    // Whoever sees the layer already has its parameter sets: a bare IDR picture answers a loss.
    selector.set_lost();
    selector.decide(at(0), &key(2));
    assert_eq!(selector.key_frame_wanted(Micros(0)), None);
    // Not known to have any: the slice will do.
    selector.set_target(Some(Target { layer: at(2), temporal: Target::ALL }));
    assert_eq!(selector.decide(at(2), &key(1)), Decision::Switch);
    selector.set_target(Some(Target { layer: at(0), temporal: Target::ALL }));
    // Its parameter sets were lost: a decoder could do nothing with the slice.
    assert_eq!(selector.decide(at(0), &key(2)), Decision::Ignore);
    assert_eq!(selector.decide(at(0), &parameters(3)), Decision::Switch);
}

#[test]
fn temporal_layers_go_down_at_the_next_frame_and_up_where_they_synchronise() {
    let mut selector = selector(0, 2);
    selector.decide(at(0), &key(100));
    assert_eq!(selector.decide(at(0), &temporal(101, 2, false)), Decision::Forward);
    selector.set_target(Some(Target { layer: at(0), temporal: 0 }));
    // The frame that has begun is finished; the next is left out.
    assert_eq!(selector.decide(at(0), &temporal(101, 2, false)), Decision::Forward);
    assert_eq!(selector.decide(at(0), &temporal(103, 2, false)), Decision::Skip);
    assert_eq!(selector.decide(at(0), &temporal(104, 0, false)), Decision::Forward);
    // Late packets of frames from before still go.
    assert_eq!(selector.decide(at(0), &temporal(101, 2, false)), Decision::Forward);
    selector.set_target(Some(Target { layer: at(0), temporal: 2 }));
    for (timestamp, layer, sync, decision) in [
        (105, 2, true, Decision::Skip),
        (106, 1, false, Decision::Skip),
        (107, 1, true, Decision::Forward),
        (108, 2, false, Decision::Skip),
        (109, 0, false, Decision::Forward),
        (110, 2, true, Decision::Forward),
        (106, 1, false, Decision::Forward),
        (111, 1, false, Decision::Forward),
        (112, 2, false, Decision::Forward),
    ] {
        assert_eq!(selector.decide(at(0), &temporal(timestamp, layer, sync)), decision, "{timestamp}");
    }
    selector.set_target(Some(Target { layer: at(0), temporal: 0 }));
    assert_eq!(selector.decide(at(0), &temporal(113, 1, false)), Decision::Skip);
    selector.set_target(Some(Target { layer: at(0), temporal: 2 }));
    assert_eq!(selector.decide(at(0), &key(114)), Decision::Forward);
    assert_eq!(selector.decide(at(0), &temporal(115, 2, false)), Decision::Forward);
}

#[test]
fn audio_begins_with_any_packet() {
    let mut selector = selector(0, Target::ALL);
    assert_eq!(selector.decide(at(0), &key(1)), Decision::Switch);
    assert_eq!(selector.decide(at(0), &key(2)), Decision::Forward);
    assert_eq!(selector.key_frame_wanted(Micros(0)), None);
}

#[test]
fn the_smallest_layer_that_fills_the_tile_is_chosen() {
    let told = [Some(180), Some(360), Some(720)];
    for (wanted, layer) in [(0, 0), (180, 0), (181, 1), (360, 1), (361, 2), (1080, 2)] {
        assert_eq!(
            choose_layer(&told, &Order::as_offered(), set(0b111), wanted),
            Some(at(layer)),
            "{wanted}"
        );
    }
    assert_eq!(choose_layer(&told, &Order::as_offered(), set(0b101), 200), Some(at(2)));
    assert_eq!(choose_layer(&told, &Order::as_offered(), set(0b011), 700), Some(at(1)));
    assert_eq!(choose_layer(&told, &Order::as_offered(), LayerSet::EMPTY, 700), None);
    assert_eq!(choose_layer(&[], &Order::as_offered(), set(0b111), 700), None);
    // Nothing told: 180, 360, 720. One told: its neighbours follow from it.
    assert_eq!(choose_layer(&[None; 3], &Order::as_offered(), set(0b111), 300), Some(at(1)));
    assert_eq!(choose_layer(&[Some(90), None, None], &Order::as_offered(), set(0b111), 181), Some(at(2)));
    assert_eq!(choose_layer(&[None, None, Some(360)], &Order::as_offered(), set(0b111), 90), Some(at(0)));
    assert_eq!(choose_layer(&[Some(u16::MAX); 300], &Order::as_offered(), LayerSet::ALL, 1), Some(at(0)));
}

#[test]
fn a_layer_is_dead_when_others_go_on_without_it() {
    let mut liveness = Liveness::default();
    assert!(liveness.arrived(at(0), true, Micros(0)));
    assert!(liveness.arrived(at(1), true, Micros(0)));
    assert_eq!(liveness.live(), set(0b11));
    // Five frames a second: silent for long, but not missed for long.
    for frame in 1..12 {
        assert!(!liveness.arrived(at(0), true, Micros::from_millis(frame * 200)));
    }
    assert!(liveness.arrived(at(0), true, Micros::from_millis(2400)));
    assert_eq!(liveness.live(), set(0b01));
    assert!(liveness.arrived(at(1), false, Micros::from_millis(2500)));
    // Sixty frames a second: many frames, but no time.
    for frame in 1..=42 {
        assert!(!liveness.arrived(at(1), true, Micros::from_millis(2400 + frame * 16)), "{frame}");
    }
    assert_eq!(liveness.live(), set(0b11));
}

#[test]
fn the_layer_is_chosen_by_its_picture_wherever_it_stood_in_the_offer() {
    // The largest first, as OBS has it.
    let heights = [Some(720), Some(360), Some(180)];
    let order = Order::new([2, 1, 0].map(at));
    for (wanted, layer) in [(0, 2), (180, 2), (181, 1), (360, 1), (361, 0), (720, 0), (2160, 0)] {
        assert_eq!(choose_layer(&heights, &order, LayerSet::ALL, wanted), Some(at(layer)), "{wanted}");
    }
    assert_eq!(choose_layer(&heights, &order, set(0b101), 200), Some(at(0)));
    // Only the largest has shown itself: 720, 360, 180.
    assert_eq!(choose_layer(&[Some(720), None, None], &order, LayerSet::ALL, 180), Some(at(2)));
    let order = Order::new([1, 2, 0].map(at));
    assert_eq!([0, 1, 2, 3].map(|layer| order.rank(at(layer))), [2, 0, 1, 3]);
    assert_eq!(order.smallest_first(), [1, 2, 0, 3].map(at));
}

#[test]
fn a_silent_target_is_stood_in_for_by_the_next_smaller_picture() {
    let mut selector = selector(0, Target::ALL);
    selector.set_order(Order::new([2, 1, 0].map(at)));
    // From nothing a smaller picture is entered at once, the target when it comes.
    assert_eq!(selector.decide(at(2), &key(1)), Decision::Switch);
    assert_eq!(selector.decide(at(0), &key(2)), Decision::Switch);
    assert_eq!(selector.decide(at(2), &key(3)), Decision::Ignore);
    selector.set_live(Some(set(0b110)));
    assert_eq!(selector.key_frame_wanted(Micros(0)), Some(at(1)));
    assert_eq!(selector.decide(at(1), &key(4)), Decision::Switch);
    // The smallest is wanted and silent: the larger ones are better than nothing.
    selector.set_target(Some(Target { layer: at(2), temporal: Target::ALL }));
    selector.set_live(Some(set(0b001)));
    assert_eq!(selector.key_frame_wanted(Micros(0)), Some(at(0)));
}

#[test]
fn who_answers_for_one_stream_alone_is_shown_by_that_one() {
    let mut selector = selector(1, Target::ALL);
    selector.set_live(Some(set(0b11)));
    let time = |tries: u64| Micros::from_millis(500 * tries);
    assert_eq!(
        [0, 1, 2, 3].map(|tries| selector.key_frame_wanted(time(tries))),
        [1, 0, 1, 0].map(|layer| Some(at(layer)))
    );
    assert_eq!(selector.decide(at(0), &key(1)), Decision::Switch);
    // A picture is there: only the better one is asked for.
    assert_eq!(
        [4, 5, 6].map(|tries| selector.key_frame_wanted(time(tries))),
        [1, 1, 1].map(|layer| Some(at(layer)))
    );
    // A larger one too is better than none.
    let mut selector = super::tests::selector(0, Target::ALL);
    selector.set_live(Some(set(0b11)));
    assert_eq!(selector.key_frame_wanted(time(0)), Some(at(0)));
    assert_eq!(selector.decide(at(1), &key(1)), Decision::Ignore);
    assert_eq!(selector.key_frame_wanted(time(1)), Some(at(1)));
    assert_eq!(selector.decide(at(1), &key(2)), Decision::Switch);
}

#[test]
fn after_a_cut_no_larger_layer_stands_in_for_one_that_has_yet_to_begin() {
    let mut selector = selector(0, Target::ALL);
    selector.cap();
    // Only the layer that was cut sends.
    selector.set_live(Some(set(0b010)));
    for repeat in 0..PATIENCE {
        let now = Micros(0) + INTERVAL * u32::from(repeat);
        assert_eq!(selector.key_frame_wanted(now), Some(at(0)), "request {repeat}");
        assert_eq!(selector.decide(at(1), &key(u32::from(repeat))), Decision::Ignore);
    }
    let mut patient = selector;
    // The publisher never sends it: what there is is better than nothing.
    let late = Micros(0) + INTERVAL * u32::from(PATIENCE);
    assert_eq!(patient.key_frame_wanted(late), Some(at(0)));
    assert_eq!(patient.decide(at(1), &key(100)), Decision::Switch);
    assert_eq!(patient.decide(at(0), &key(100)), Decision::Switch);
}
