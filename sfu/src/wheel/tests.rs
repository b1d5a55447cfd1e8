//! Tests of the timing wheel, among them one against a plain list of deadlines.

use super::*;
use std::collections::BTreeMap;

const TICK: u64 = 1 << TICK_SHIFT;

fn drain(wheel: &mut Wheel<u32>, now: u64) -> Vec<u32> {
    std::iter::from_fn(|| wheel.expire(Micros(now))).collect()
}

#[test]
fn a_deadline_expires_never_early_and_at_most_a_tick_late() {
    for at in [0, 1, TICK - 1, TICK, TICK + 1, 999_999, 5_000_000, 30_000_001] {
        let mut wheel = Wheel::new(1);
        let mut timer = Timer::default();
        wheel.schedule(&mut timer, 1, Micros(at));
        if at > 0 {
            assert_eq!(drain(&mut wheel, at - 1), []);
        }
        assert_eq!(drain(&mut wheel, at + TICK - 1), [1], "{at}");
        assert!(wheel.is_empty());
    }
}

#[test]
fn next_leads_to_every_deadline() {
    let mut wheel = Wheel::new(0);
    let deadlines = [3_000, 10_000, 10_500, 1_100_000, 7_654_321, 30_000_000];
    for (key, at) in deadlines.iter().enumerate() {
        wheel.schedule(&mut Timer::default(), key as u32, Micros(*at));
    }
    let (mut fired, mut wakes) = (Vec::new(), 0);
    while let Some(next) = wheel.next() {
        wakes += 1;
        for key in drain(&mut wheel, next.0) {
            assert!((deadlines[key as usize]..deadlines[key as usize] + TICK).contains(&next.0));
            fired.push(key);
        }
    }
    assert_eq!(fired, [0, 1, 2, 3, 4, 5]);
    assert!(wakes <= 6 + 30, "{wakes} wakes");
}

#[test]
fn a_timer_that_moves_expires_once_and_where_it_moved_last() {
    let mut wheel = Wheel::new(4);
    let mut timer = Timer::default();
    for at in [50_000, 900_000, 20_000, 3_000_000, 700_000] {
        wheel.schedule(&mut timer, 7, Micros(at));
    }
    assert_eq!(wheel.len(), 1);
    assert_eq!(drain(&mut wheel, 699_999), []);
    assert_eq!(drain(&mut wheel, 10_000_000), [7]);
}

#[test]
fn a_cancelled_or_expired_timer_does_not_touch_the_next_owner_of_its_place() {
    let mut wheel = Wheel::new(4);
    let (mut old, mut copy, mut new) = (Timer::default(), Timer::default(), Timer::default());
    wheel.schedule(&mut old, 1, Micros(1_000));
    copy.clone_from(&old);
    wheel.cancel(&mut old);
    wheel.cancel(&mut old);
    wheel.schedule(&mut new, 2, Micros(1_000));
    wheel.cancel(&mut copy);
    assert_eq!(drain(&mut wheel, 5_000), [2]);
    wheel.schedule(&mut old, 3, Micros(9_000));
    wheel.cancel(&mut new);
    assert_eq!(drain(&mut wheel, 10_000), [3]);
}

#[test]
fn never_is_no_deadline() {
    let mut wheel = Wheel::new(0);
    let mut timer = Timer::default();
    wheel.schedule(&mut timer, 1, Micros::NEVER);
    assert_eq!((wheel.next(), wheel.len()), (None, 0));
    wheel.schedule(&mut timer, 1, Micros(5));
    wheel.schedule(&mut timer, 1, Micros::NEVER);
    assert_eq!((wheel.next(), wheel.len()), (None, 0));
}

#[test]
fn deadlines_of_one_tick_expire_in_the_order_they_were_set() {
    let mut wheel = Wheel::new(0);
    for key in [5, 3, 9, 1] {
        wheel.schedule(&mut Timer::default(), key, Micros(40_000));
    }
    assert_eq!(drain(&mut wheel, 41_000), [5, 3, 9, 1]);
}

#[test]
fn a_deadline_in_the_past_expires_at_once() {
    let mut wheel = Wheel::new(0);
    assert_eq!(drain(&mut wheel, 5_000_500), []);
    wheel.schedule(&mut Timer::default(), 1, Micros(17));
    assert!(wheel.next().is_some_and(|next| next <= Micros(5_000_500)));
    assert_eq!(drain(&mut wheel, 5_000_500), [1]);
}

#[test]
fn the_wheel_agrees_with_a_plain_list_over_random_calls() {
    let mut random = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = move |bound: u64| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        random % bound
    };
    let mut wheel = Wheel::new(0);
    let mut timers = [Timer::default(); 50];
    let mut model = BTreeMap::new();
    let mut now = 0;
    for _ in 0..20_000 {
        let key = next(50) as u32;
        let horizon = [500, 20_000, 900_000, 4_000_000][next(4) as usize];
        match next(8) {
            0 => {
                wheel.cancel(&mut timers[key as usize]);
                model.remove(&key);
            }
            1..6 => {
                let at = now + next(horizon);
                wheel.schedule(&mut timers[key as usize], key, Micros(at));
                model.insert(key, at);
            }
            _ => {
                now += next(horizon);
                let mut last = 0;
                for key in drain(&mut wheel, now) {
                    let at = model.remove(&key).expect("only what is set expires");
                    assert!(at <= now);
                    let tick = at.div_ceil(TICK);
                    assert!(tick >= last || at + TICK > now, "in the order of their ticks");
                    last = last.max(tick);
                }
                assert!(model.values().all(|at| at + TICK > now), "nothing is late");
            }
        }
        assert_eq!(wheel.len(), model.len());
        let first = model.values().min().map(|at| at.div_ceil(TICK) * TICK);
        match (wheel.next(), first) {
            (None, None) => {}
            (Some(next), Some(first)) => assert!(next.0 <= first.max(now)),
            (next, first) => panic!("{next:?} for {first:?}"),
        }
    }
    assert!(wheel.entries.len() <= 50, "places are used again");
}
