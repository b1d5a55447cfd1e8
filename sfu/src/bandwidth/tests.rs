//! The estimator as a whole: on a line that is modelled, and against feedback that lies.

use super::*;

/// A line of one rate with a queue, and a sender of whole steps.
struct World {
    estimator: Estimator,
    now: u64,
    line: f64,
    /// Every so manieth packet is lost without reason.
    lossy: u64,
    /// On top of the propagation.
    detour: u64,
    /// When the line is free again.
    free: u64,
    told: Vec<Told>,
    sent: u64,
    /// The greatest that was taken out.
    probes: Vec<Probe>,
    probing: Option<(Probe, u64, u32, u32)>,
    feedback_at: u64,
    mute: bool,
    /// The receiver says that all arrived at once.
    lies: bool,
    /// There is nothing to make probes of.
    poor: bool,
}

const PROPAGATION: u64 = 20_000;
const QUEUE: u64 = 300_000;
const STEPS: [f64; 6] = [50e3, 200e3, 600e3, 1200e3, 2000e3, 4000e3];

impl World {
    fn new(line: f64) -> Self {
        let mut estimator = Estimator::new(Micros(0));
        estimator.set_wish(Micros(0), 4_000_000, 0);
        Self {
            estimator,
            now: 0,
            line,
            lossy: u64::MAX,
            detour: 0,
            free: 0,
            told: Vec::new(),
            sent: 0,
            probes: Vec::new(),
            probing: None,
            feedback_at: 0,
            mute: false,
            lies: false,
            poor: false,
        }
    }

    fn estimate(&self) -> f64 {
        self.estimator.estimate() as f64
    }

    fn send(&mut self, size: u16, probe: Option<u8>) {
        self.sent += 1;
        self.estimator.sent(Micros(self.now), size.into());
        let start = self.free.max(self.now);
        let lost = start - self.now > QUEUE || self.sent.is_multiple_of(self.lossy);
        let done = start + (f64::from(size) * 8e6 / self.line) as u64;
        if !lost {
            self.free = done;
        }
        let done = if self.lies { self.now } else { done };
        let arrived = (!lost || self.lies)
            .then_some(Micros((1 << 40) + (done + PROPAGATION + self.detour) / 250 * 250));
        self.told.push(Told { sent: Micros(self.now), size, probe, arrived });
    }

    /// So many milliseconds pass; what is sent is the highest step below the estimate, at most `most`.
    fn run(&mut self, milliseconds: u64, most: f64) {
        let end = self.now + milliseconds * 1000;
        while self.now < end {
            let step = STEPS.into_iter().rev().find(|step| *step <= self.estimate().min(most));
            let bytes = (step.unwrap_or(30e3) / 8.0 * 0.02) as u16;
            for _ in 0..bytes.div_ceil(1200) {
                self.send(bytes / bytes.div_ceil(1200), None);
            }
            for _ in 0..20 {
                self.probe();
                self.now += 1000;
                self.hear();
            }
        }
    }

    fn probe(&mut self) {
        if self.now >= self.estimator.deadline().0 {
            self.estimator.tick(Micros(self.now));
            if let Some(probe) = self.estimator.take_probe(Micros(self.now)) {
                self.probes.push(probe);
                self.probing = (!self.poor).then_some((probe, self.now, 0, 0));
            }
        }
        while let Some((probe, next, packets, bytes)) = self.probing.filter(|probing| probing.1 <= self.now) {
            let size = (probe.bytes / u32::from(probe.packets)).min(1200) as u16;
            self.send(size, Some(probe.cluster));
            let (packets, bytes) = (packets + 1, bytes + u32::from(size));
            let next = next + u64::from(size) * 8_000_000 / probe.rate;
            let over = packets >= u32::from(probe.packets) && bytes >= probe.bytes;
            self.probing = (!over).then_some((probe, next, packets, bytes));
        }
    }

    /// Each 60 ms a feedback of what has arrived.
    fn hear(&mut self) {
        if self.now < self.feedback_at {
            return;
        }
        self.feedback_at = self.now + 60_000;
        let arrived = (1 << 40) + self.now - PROPAGATION.min(self.now);
        let known = self.told.iter().rposition(|told| told.arrived.is_some_and(|at| at.0 <= arrived));
        let told: Vec<Told> = self.told.drain(..known.map_or(0, |last| last + 1)).collect();
        if !self.mute {
            self.estimator.feedback(Micros(self.now), &told);
        }
    }
}

#[test]
fn a_line_is_known_to_a_twentieth_within_ten_seconds() {
    for line in [0.3e6, 1e6, 3e6] {
        let mut world = World::new(line);
        world.run(10_000, f64::MAX);
        let estimate = world.estimate();
        assert!((estimate - line).abs() <= line * 0.06, "{line}: {estimate}");
    }
}

#[test]
fn a_line_that_becomes_narrow_is_noticed_within_a_second() {
    let mut world = World::new(3e6);
    world.run(10_000, f64::MAX);
    world.line = 0.5e6;
    world.run(1_000, f64::MAX);
    assert!(world.estimate() <= 0.5e6, "{}", world.estimate());
    world.run(5_000, f64::MAX);
    assert!(world.estimate() > 0.35e6, "{}", world.estimate());
}

#[test]
fn a_line_that_becomes_wide_again_is_used_within_eight_seconds() {
    let mut world = World::new(0.3e6);
    world.run(60_000, f64::MAX);
    world.line = 3e6;
    world.run(7_000, f64::MAX);
    assert!(world.estimate() > 2.6e6, "{}", world.estimate());
}

#[test]
fn the_estimate_does_not_sink_while_little_is_sent() {
    let mut world = World::new(3e6);
    world.run(10_000, f64::MAX);
    let before = world.estimate();
    world.run(60_000, 50e3);
    assert!(world.estimate() > before * 0.95, "{before} became {}", world.estimate());
}

#[test]
fn who_cannot_be_probed_takes_step_after_step() {
    let mut world = World::new(3e6);
    world.poor = true;
    for _ in 0..80 {
        let next = STEPS.into_iter().find(|step| *step > world.estimate()).unwrap_or_default();
        world.estimator.set_wish(Micros(world.now), 4_000_000, next as u64);
        world.run(1_000, f64::MAX);
    }
    assert!((2e6..3.1e6).contains(&world.estimate()), "{}", world.estimate());
}

#[test]
fn a_wish_that_varies_as_pictures_do_is_not_probed_for_each_time() {
    let mut world = World::new(1e6);
    for round in 0..100 {
        let full = if round % 2 == 0 { 3_000_000 } else { 3_900_000 };
        world.estimator.set_wish(Micros(world.now), full, 0);
        world.run(200, f64::MAX);
    }
    assert!(world.probes.len() <= 10, "{}", world.probes.len());
}

#[test]
fn a_longer_way_is_not_congestion() {
    let mut world = World::new(3e6);
    world.run(10_000, f64::MAX);
    let before = world.estimate();
    world.detour = 80_000;
    world.run(5_000, f64::MAX);
    assert!(world.estimate() > before * 0.95, "{before} became {}", world.estimate());
    assert!(world.estimator.queueing() < Duration::from_millis(20), "{:?}", world.estimator.queueing());
}

#[test]
fn what_was_proved_long_ago_is_proved_again_when_more_is_wanted() {
    let mut world = World::new(5e6);
    world.run(10_000, f64::MAX);
    world.estimator.set_wish(Micros(world.now), 200_000, 0);
    world.run(60_000, 200e3);
    world.line = 1e6;
    let probes = world.probes.len();
    world.estimator.set_wish(Micros(world.now), 2_000_000, 0);
    world.run(400, 200e3);
    assert_eq!(world.probes.len(), probes + 1);
    assert!(world.estimate() < 1.05e6, "{}", world.estimate());
}

#[test]
fn who_is_sent_nothing_is_not_silent() {
    let mut world = World::new(3e6);
    world.run(10_000, f64::MAX);
    world.mute = true;
    world.run(20, f64::MAX);
    world.estimator.set_wish(Micros(world.now), 0, 0);
    let before = world.estimate();
    world.estimator.tick(Micros(world.now + 1_100_000));
    assert!(world.estimate() < before, "what was sent was not heard of");
    let lowered = world.estimate();
    assert_eq!(world.estimator.deadline(), Micros::NEVER);
    world.estimator.tick(Micros(world.now + 60_000_000));
    assert_eq!(world.estimate(), lowered);
}

#[test]
fn loss_without_congestion_lowers_little() {
    let mut world = World::new(3e6);
    world.lossy = 20;
    world.run(20_000, f64::MAX);
    assert!((9..=16).contains(&world.estimator.loss()), "{}", world.estimator.loss());
    assert!(world.estimate() > 2.5e6, "{}", world.estimate());
}

#[test]
fn who_wants_nothing_is_never_probed_and_who_wants_little_not_beyond_it() {
    let mut world = World::new(10e6);
    world.estimator.set_wish(Micros(0), 0, 0);
    world.run(20_000, 50e3);
    assert_eq!(world.probes, []);
    world.estimator.set_wish(Micros(world.now), 1_000_000, 0);
    world.run(20_000, 1e6);
    assert!(world.probes.iter().all(|probe| probe.rate <= 1_300_000), "{:?}", world.probes);
    assert!((0.99e6..2e6).contains(&world.estimate()), "{}", world.estimate());
}

#[test]
fn silence_lowers_step_by_step_and_speech_restores() {
    let mut world = World::new(3e6);
    world.run(10_000, f64::MAX);
    let before = world.estimate();
    world.mute = true;
    world.run(900, f64::MAX);
    assert_eq!(world.estimate(), before);
    world.run(3_000, f64::MAX);
    assert!(world.estimate() < before / 8.0, "{}", world.estimate());
    assert!(world.estimator.is_congested());
    world.mute = false;
    world.run(5_000, f64::MAX);
    assert!(world.estimate() > before * 0.9, "{}", world.estimate());
}

#[test]
fn a_receivers_own_estimate_is_a_bound() {
    let mut world = World::new(3e6);
    world.run(5_000, f64::MAX);
    world.estimator.remb(Micros(world.now), 400_000);
    assert_eq!(world.estimate(), 400e3);
    world.run(7_000, f64::MAX);
    assert!(world.estimate() > 2.5e6);
}

#[test]
fn reports_govern_where_no_feedback_comes() {
    let mut world = World::new(3e6);
    world.mute = true;
    for _ in 0..30 {
        world.run(1_000, f64::MAX);
        world.estimator.set_wish(Micros(world.now), 4_000_000, 600_000);
        world.estimator.report(Micros(world.now), 0, Some(Duration::from_millis(40)));
    }
    let before = world.estimate();
    assert!(before > 600e3, "{before}");
    for _ in 0..3 {
        world.run(1_000, f64::MAX);
        world.estimator.report(Micros(world.now), 100, None);
    }
    assert!(world.estimate() < before * 0.6);
    assert!(world.estimator.loss() > 50);
}

/// 40 packets each 100 ms whose arrivals are what `lie` makes of the time, for 30 s; the highest estimate.
fn lied(mut lie: impl FnMut(u64, u64) -> Option<u64>) -> u64 {
    let mut estimator = Estimator::new(Micros(0));
    estimator.set_wish(Micros(0), 50_000_000, 0);
    let mut highest = 0;
    for round in 1..300_u64 {
        let told: Vec<Told> = (0..40)
            .map(|packet| {
                let sent = round * 100_000 + packet * 2_500;
                estimator.sent(Micros(sent), 100);
                Told { sent: Micros(sent), size: 100, probe: None, arrived: lie(sent, packet).map(Micros) }
            })
            .collect();
        let now = Micros(round * 100_000 + 120_000);
        estimator.feedback(now, &told);
        estimator.tick(now);
        let _ = estimator.take_probe(now);
        highest = highest.max(estimator.estimate());
        assert!(estimator.estimate() >= 10_000);
        let _ = (estimator.queueing(), estimator.loss(), estimator.deadline(), estimator.is_congested());
    }
    highest
}

#[test]
fn arrivals_that_lie_prove_no_more_than_was_sent() {
    // 320 kbit/s are sent.
    let most = 320_000 * 3 / 2 + 15_000;
    let honest = lied(|sent, _| Some(sent));
    assert!(honest <= most, "{honest}");
    let mut seed = 1_u64;
    let mut random = move || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        seed
    };
    let all_at_once = lied(|_, _| Some(5));
    let backwards = lied(|sent, _| Some(u64::MAX - sent));
    let leaps = lied(|sent, packet| Some(sent + packet * 60_000_000));
    let faster = lied(|sent, _| Some(sent / 10));
    let anything = lied(|_, _| Some(random()));
    let ends = lied(|_, packet| Some(if packet % 2 == 0 { 0 } else { u64::MAX }));
    let nothing = lied(|_, _| None);
    for rate in [all_at_once, backwards, leaps, faster, anything, ends, nothing] {
        assert!(rate <= most, "{rate}");
    }
}

#[test]
fn who_claims_that_all_arrived_is_believed_what_was_sent() {
    let mut world = World::new(0.3e6);
    world.lies = true;
    world.estimator.set_wish(Micros(0), 1_000_000, 0);
    world.run(20_000, 1e6);
    let sent = world.probes.iter().map(|probe| probe.rate).max().unwrap_or_default() as f64 + 1e6;
    assert!(world.estimate() <= sent, "{} of {sent}", world.estimate());
}

#[test]
fn nothing_that_is_called_in_whatever_order_panics() {
    for seed in 0..60_u64 {
        let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        let mut random = move |most: u64| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            let value = state.rotate_left(20) % most.max(1);
            // Small and large ones alike.
            if most > 1 << 17 { value >> (state % 64) } else { value }
        };
        let mut estimator = Estimator::new(Micros(random(u64::MAX)));
        let mut now = random(u64::MAX);
        for _ in 0..300 {
            now = if random(40) == 0 { random(u64::MAX) } else { now.saturating_add(random(1 << 20)) };
            match random(12) {
                0 => estimator.remb(Micros(now), random(u64::MAX)),
                1 => estimator.report(
                    Micros(now),
                    random(256) as u8,
                    Some(Duration::from_micros(random(u64::MAX))),
                ),
                2 => estimator.set_wish(Micros(now), random(u64::MAX), random(u64::MAX)),
                3 => estimator.tick(Micros(now)),
                4 => estimator.set_round_trip(Duration::from_micros(random(u64::MAX))),
                5 => {
                    let _ = estimator.take_probe(Micros(now));
                }
                6 => estimator.sent(Micros(now), random(u64::from(u32::MAX)) as u32),
                _ => {
                    let (sent, arrived, wide) =
                        (now.saturating_sub(random(1 << 24)), random(u64::MAX), random(4) == 0);
                    let told: Vec<Told> = (0..random(3_000))
                        .map(|packet| Told {
                            sent: Micros(if wide {
                                random(u64::MAX)
                            } else {
                                sent.saturating_add(packet * 1000)
                            }),
                            size: random(1 << 16) as u16,
                            probe: (random(3) == 0).then(|| random(32) as u8),
                            arrived: (random(9) > 0).then(|| Micros(arrived.wrapping_add(random(1 << 22)))),
                        })
                        .collect();
                    estimator.sent(Micros(now), u32::MAX);
                    estimator.feedback(Micros(now), &told);
                }
            }
            estimator.tick(Micros(now));
            let _ = estimator.take_probe(Micros(now));
            assert!(estimator.deadline().0 > now || now == u64::MAX, "{seed}: called at once again");
            assert!((10_000..=1_000_000_000).contains(&estimator.estimate()), "{seed}");
            let _ = (estimator.queueing(), estimator.loss(), estimator.deadline(), estimator.is_congested());
        }
    }
}

#[test]
fn a_flood_of_feedback_about_the_same_packets_raises_nothing() {
    let mut estimator = Estimator::new(Micros(0));
    estimator.set_wish(Micros(0), 50_000_000, 0);
    let told: Vec<Told> = (0..5_000)
        .map(|packet| {
            let sent = Micros(packet * 10);
            Told { sent, size: 1500, probe: Some(packet as u8), arrived: Some(sent) }
        })
        .collect();
    for packet in 0..20 {
        estimator.sent(Micros(packet * 10), 1500);
    }
    for round in 0..50 {
        estimator.feedback(Micros(round * 1_000), &told);
        let _ = estimator.take_probe(Micros(round * 1_000));
    }
    assert!(estimator.estimate() <= 315_000, "{}", estimator.estimate());
}

#[test]
fn moments_at_the_end_of_time_do_no_harm() {
    let mut estimator = Estimator::new(Micros(7));
    estimator.set_wish(Micros::NEVER, u64::MAX, u64::MAX);
    estimator.sent(Micros::NEVER, u32::MAX);
    let ends = [Micros(0), Micros(u64::MAX / 2), Micros(u64::MAX - 1), Micros::NEVER];
    for now in ends {
        for sent in ends {
            for arrived in ends {
                let told = Told { sent, size: u16::MAX, probe: Some(1), arrived: Some(arrived) };
                estimator.feedback(now, &[told, told]);
                estimator.feedback(now, &[Told { arrived: None, ..told }]);
                estimator.tick(now);
                let _ = estimator.take_probe(now);
                estimator.report(now, 255, Some(Duration::MAX));
                estimator.remb(now, u64::MAX);
                estimator.set_round_trip(Duration::MAX);
                estimator.set_wish(now, u64::MAX, 0);
            }
        }
    }
    assert!(estimator.estimate() >= 10_000);
}

#[test]
fn the_whole_of_it_is_small() {
    assert!(size_of::<Estimator>() <= 6 * 1024, "{}", size_of::<Estimator>());
}
