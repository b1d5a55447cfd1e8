//! Numbers, and where a layer may be entered.

use super::*;

fn subscription(sequence: u64) -> Subscription {
    let parameters = SlotParameters {
        mid: "0".parse().unwrap(),
        kind: MediaKind::Audio,
        ssrc: Ssrc(1),
        rtx_ssrc: None,
        codecs: vec![],
    };
    let media = Numbers { sequence, timestamp: 0, last: None, left: Left::default() };
    Subscription::new(&parameters, media, 0, Duration::from_millis(500))
}

#[test]
fn every_number_is_sealed_once_from_the_first_on_be_it_zero() {
    for first in [0, 1, 0x7fff] {
        let mut subscription = subscription(first);
        assert!(subscription.may_seal(first), "{first}");
        assert!(subscription.may_seal(first + 2) && subscription.may_seal(first + 1));
        assert!(!subscription.may_seal(first) && !subscription.may_seal(first + 2));
    }
}

#[test]
fn what_was_shown_of_a_layer_is_not_entered_again_however_late_it_comes() {
    let mut subscription = subscription(0);
    let (first, second) = (PublicationId(1), PublicationId(2));
    let packet = |sequence, timestamp| {
        let mut packet = Arrived::example(PublicationKey::default(), Codec::Opus, sequence, timestamp);
        (packet.incoming.frame.key_frame, packet.incoming.frame.starts_frame) = (true, true);
        packet
    };
    let enters = |subscription: &mut Subscription, mut packet: Arrived, capture| {
        packet.capture = capture;
        packet.moments = [Some(packet.incoming.timestamp), None, None, None];
        let decision = subscription.decide(&packet);
        if decision == Decision::Switch {
            let timestamp = subscription.timestamp_at(capture, 48_000, &packet.moments);
            let layer = (PublicationKey::default(), LayerIndex::FIRST);
            subscription.munger.switch(layer, &packet.incoming, timestamp);
        }
        decision == Decision::Switch
    };
    let again = |subscription: &mut Subscription, id| {
        subscription.begin(id);
        subscription.aim(Some(crate::selector::Target::whole(LayerIndex::FIRST)));
    };
    again(&mut subscription, first);
    assert!(enters(&mut subscription, packet(69, 69 * 960), 1_380_000));
    again(&mut subscription, first);
    // As late as it is it looks new: the clock that would tell is another one.
    for (sequence, enter) in [(52, false), (69, false), (70, true)] {
        assert_eq!(enters(&mut subscription, packet(sequence, sequence as u32 * 960), 1_400_000), enter);
    }
    again(&mut subscription, first);
    subscription.restart_stream(LayerIndex::FIRST);
    assert!(enters(&mut subscription, packet(3, 3 * 960), 1_420_000), "another stream begins anew");
    again(&mut subscription, second);
    assert!(enters(&mut subscription, packet(2, 2 * 960), 1_440_000), "and so does another publication");
    again(&mut subscription, second);
    assert!(
        enters(&mut subscription, packet(9, 9u32.wrapping_sub(300_000)), 1_460_000),
        "a clock that was set back"
    );
    again(&mut subscription, second);
    let late = packet(10, 20 * 960);
    for (capture, behind, why) in
        [(1_480_000, 960, "sound is entered at its newest"), (1_400_000, 0, "and not over what was said")]
    {
        let late = Arrived { capture, behind, ..late.clone() };
        assert_eq!(subscription.decide(&late), Decision::Ignore, "{why}");
    }
}

#[test]
fn while_one_publication_is_shown_its_own_clock_goes_on() {
    let mut subscription = subscription(0);
    let packet = |timestamp| crate::munger::Incoming {
        sequence: u64::from(timestamp),
        timestamp,
        marker: true,
        frame: viva_wire::codec::Frame::default(),
    };
    let show = |subscription: &mut Subscription, id| {
        subscription.begin(PublicationId(id));
    };
    show(&mut subscription, 1);
    let first = subscription.timestamp_at(1_000_000, 48_000, &[Some(500), None, None, None]);
    assert_eq!(first, 48_000);
    subscription.munger.switch((PublicationKey::default(), LayerIndex::FIRST), &packet(500), first);
    // Away and back after a second; meanwhile the clocks are known to differ by 180 ms more.
    show(&mut subscription, 1);
    let capture = 2_000_000 + 180_000;
    assert_eq!(subscription.timestamp_at(capture, 48_000, &[Some(48_500), None, None, None]), 96_000);
    // Another layer of it, whose timestamp for that moment is known.
    assert_eq!(subscription.timestamp_at(capture, 48_000, &[Some(48_500), Some(7), None, None]), 96_000);
    // Its stream is another one: nothing is known of that.
    assert_eq!(subscription.timestamp_at(capture, 48_000, &[Some(9_000_000), None, None, None]), 104_640);
    show(&mut subscription, 2);
    assert_eq!(subscription.timestamp_at(capture, 48_000, &[Some(48_500), None, None, None]), 104_640);
}

#[test]
fn redundancy_goes_only_where_packets_are_lost_and_it_is_taken() {
    let pair = |pt| Some(Pair { pt: Pt(pt), rtx: None });
    let of = |opus: Option<Pair>, red: Option<Pair>| {
        let mut payload_types = [None; CodecKind::ALL.len()];
        (payload_types[CodecKind::Opus as usize], payload_types[CodecKind::Red as usize]) = (opus, red);
        let mut subscription = subscription(0);
        subscription.fill(PublicationKey::default(), payload_types);
        [true, false].map(|plain| {
            subscription.set_plain(plain);
            subscription.payload_type(Codec::Red).map(|(pair, primary)| (pair.pt.0, primary))
        })
    };
    assert_eq!(of(pair(111), pair(63)), [Some((111, true)), Some((63, false))]);
    assert_eq!(of(pair(111), None), [Some((111, true)); 2], "who cannot take it gets the newest block");
    assert_eq!(of(None, pair(63)), [Some((63, false)); 2]);
    assert_eq!(of(None, None), [None; 2]);
}
