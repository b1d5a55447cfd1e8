//! What a unit holds does not grow, and nothing that it is handed stops it: people come and go, clocks leap, handshakes,
//! copies and reports come in floods.

use allocation_counter::measure;
use viva_media::Ssrc;
use viva_peer::Datagrams;
use viva_sfu::Dropped;
use viva_tests::pair::Pair;
use viva_wire::{Micros, rtcp::Writer};

/// Two people come, see and hear each other for a moment, and go.
fn visit(pair: &mut Pair) {
    pair.enter();
    pair.run(500);
    assert!(pair.peers[1].receivers[0].decoder.decoded > 0, "a picture");
    pair.leave();
    // Until the last timer has run.
    pair.run(3_000);
    let stats = pair.sfu.stats(Micros(pair.now));
    assert_eq!((stats.rooms, stats.participants, stats.publications, stats.slots), (0, 0, 0, 0));
}

#[test]
fn a_thousand_who_came_and_went_leave_no_memory_behind() {
    let mut pair = Pair::new();
    // Tables grow to the size that so many at once need.
    (0..50).for_each(|_| visit(&mut pair));
    let kept = measure(|| (0..450).for_each(|_| visit(&mut pair)));
    assert!(kept.bytes_current.abs() <= 4_096, "{} bytes more", kept.bytes_current);
}

#[test]
fn time_that_leaps_stops_nothing() {
    let mut pair = Pair::connected();
    for leap in [1, -1, 3_600, -3_600, 86_400 * 365, -86_400 * 300, 29, -29, 31] {
        let before = pair.now;
        pair.set_time(pair.now.saturating_add_signed(leap * 1_000_000));
        // The clients' clocks do not go back.
        let theirs = pair.now.max(before);
        for index in 0..pair.peers.len() {
            let mut out = Datagrams::new();
            pair.peers[index].tick(theirs, &mut Vec::new(), &mut out);
            out.iter_mut().for_each(|datagram| pair.receive(index, datagram));
        }
    }
    for time in [0, 86_400_000_000 * 3_650, 5] {
        pair.set_time(time);
    }
    pair.leave();
    pair.set_time(86_400_000_000 * 3_660);
    pair.deaf = false;
    // Newcomers find a unit that works.
    pair.enter();
    pair.run(1_000);
    let decoded = pair.peers[1].receivers[0].decoder.decoded;
    assert!(decoded > 10, "{decoded} pictures");
}

#[test]
fn a_flood_of_hellos_from_a_proven_address_is_bounded_in_work_memory_and_answers() {
    let mut pair = Pair::checked();
    // The answer to the check of the first lets it begin its handshake.
    let (mut out, now) = (Datagrams::new(), pair.now);
    for mut datagram in pair.unheard.clone() {
        pair.peers[0].receive(now, &mut datagram, &mut out);
    }
    let hello = out.into_iter().find(|datagram| datagram.first() == Some(&22)).expect("a hello");
    let dropped =
        |pair: &mut Pair| pair.sfu.stats(Micros(pair.now)).totals.dropped[Dropped::HandshakesFull as usize];
    let flood = |pair: &mut Pair, rounds: u64| {
        let path = pair.path(0);
        for _ in 0..rounds {
            pair.now += 500;
            for _ in 0..50 {
                pair.sfu.handle_packet(Micros(pair.now), path, &mut hello.clone());
            }
            pair.drain();
        }
    };
    flood(&mut pair, 100);
    let (before, sent) = (dropped(&mut pair), pair.sent);
    let kept = measure(|| flood(&mut pair, 2_000));
    // A hundred thousand a second for a second; of what comes between two looks no more than sixteen wait.
    assert!(dropped(&mut pair) - before >= 2_000 * (50 - 16), "{}", dropped(&mut pair) - before);
    assert!(kept.bytes_current.abs() <= 16_384, "{} bytes more", kept.bytes_current);
    let (answered, asked) = (pair.sent - sent, 100_000 * hello.len() as u64);
    assert!(answered < asked, "{answered} bytes answer {asked}");
    // The other one's handshake goes on.
    pair.deaf = false;
    pair.run(1_000);
    assert!(pair.peers[1].client.transport.sealing.is_some(), "connected");
}

#[test]
fn reports_full_of_requests_are_answered_within_bounds() {
    let mut pair = Pair::connected();
    pair.deaf = false;
    pair.run(2_000);
    let before = pair.sfu.stats(Micros(pair.now)).totals;
    let mut buffer = [0; 1_400];
    let everything: Vec<u16> = (0..=u16::MAX).collect();
    let kept = measure(|| {
        for round in 0..1_000 {
            // A thousand a second, each asking for thousands of packets, again and again.
            pair.now += 1_000;
            let mut writer = Writer::new(&mut buffer);
            let from = round * 61 % 60_000;
            writer.nack(Ssrc(1), Ssrc(7000), &everything[from..from + 5_000]);
            let length = writer.len();
            let sealing = pair.peers[1].client.transport.sealing.as_mut().expect("keys");
            let mut datagram = sealing.seal_rtcp(&mut buffer, length).expect("a seal").to_vec();
            pair.receive(1, &mut datagram);
        }
    });
    let after = pair.sfu.stats(Micros(pair.now)).totals;
    assert!(after.nacks_in - before.nacks_in > 1_000, "{}", after.nacks_in - before.nacks_in);
    // Two hundred in a tenth of a second.
    assert!(after.retransmitted - before.retransmitted <= 2_200, "{}", after.retransmitted);
    assert!(kept.bytes_current.abs() <= 262_144, "{} bytes more", kept.bytes_current);
}

#[test]
fn copies_of_media_are_dropped_however_many_come() {
    let mut pair = Pair::connected();
    let (mut plain, mut out) = (Vec::new(), Datagrams::new());
    while out.iter().filter(|datagram| datagram[0] & 0xc0 == 0x80).count() < 10 {
        pair.now += 5_000;
        let now = pair.now;
        pair.peers[0].tick(now, &mut plain, &mut out);
    }
    let copies: Vec<_> = out.iter().filter(|datagram| datagram[0] & 0xc0 == 0x80).cloned().collect();
    out.iter_mut().for_each(|datagram| pair.receive(0, datagram));
    let before = pair.sfu.stats(Micros(pair.now)).totals;
    let kept = measure(|| {
        for _ in 0..10_000 {
            for copy in &copies {
                pair.receive(0, &mut copy.clone());
            }
        }
    });
    let after = pair.sfu.stats(Micros(pair.now)).totals;
    let replayed = Dropped::Replayed as usize;
    assert_eq!(after.dropped[replayed] - before.dropped[replayed], 10_000 * copies.len() as u64);
    assert_eq!(after.forwarded, before.forwarded);
    assert!(kept.bytes_current.abs() <= 4_096, "{} bytes more", kept.bytes_current);
}
