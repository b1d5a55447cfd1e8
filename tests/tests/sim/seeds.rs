//! One seed is one run: all that is sent is the same each time, byte for byte, handshakes and seals included.

use super::mixed::live;
use std::thread;
use viva_tests::sim::{Conditions, PeerSpec, World};

/// Times that one seed runs.
const RUNS: u32 = 20;

/// Runs one world many times, on two threads at once; they must all send the same.
fn assert_one_run(seed: u64, run: fn(&mut World)) -> (u64, u64) {
    let sent = |_| {
        let mut world = World::new(seed);
        run(&mut world);
        // Every datagram as it was on the wire, and all that it carried in clear.
        (world.wire, world.trace())
    };
    let all = thread::scope(|scope| {
        let threads: Vec<_> =
            (0..2).map(|_| scope.spawn(|| (0..RUNS / 2).map(sent).collect::<Vec<_>>())).collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("a run")).collect::<Vec<_>>()
    });
    assert_eq!(all.len() as u32, RUNS);
    let different = all.iter().filter(|one| **one != all[0]).count();
    assert_eq!(different, 0, "seed {seed} is more than one run");
    all[0]
}

#[test]
fn a_seed_of_everything_is_one_run() {
    // One unit and two; handshakes that are sent again, moves, hostile copies and spoilt ones.
    let sums: Vec<_> = [2, 17, 97].map(|seed| assert_one_run(seed, live)).into();
    assert!(sums.is_sorted_by(|a, b| a != b), "different seeds are different worlds: {sums:?}");
}

#[test]
fn a_seed_whose_handshakes_meet_loss_is_one_run() {
    assert_one_run(5, |world| {
        let spec = PeerSpec::talker(1).on(Conditions { burst: 20, burst_length: 8, ..Conditions::LOSSY });
        let peers: Vec<_> = (0..3).map(|_| world.join(&spec)).collect();
        for (index, peer) in peers.iter().enumerate() {
            let place = &mut world.places[*peer];
            (place.up.lossy_handshake, place.down.lossy_handshake) = (true, true);
            world.view(*peer, 0, peers[(index + 1) % 3], 360);
        }
        world.run(6_000);
    });
}
