//! A made-up report, with every kind of figure in it; nobody measured any of this.

use crate::figures::{Delay, FloorSize, Joins, Junk, Machine, MemoryFigures, Point, Report, ScenarioResult};

/// With three scenarios under load, one of them on two servers, and one each of joins, memory and junk.
pub fn report() -> Report {
    let sizes = [10, 100, 1000, 2500, 5000];
    let audience = sizes.map(|size| point(1, size + 1, 590.0 * size as f64 / 10.0, 1.0));
    let briefing = [
        ScenarioResult {
            remarks: vec!["Ended by itself <example>.".into()],
            ..result("briefing-1x1000", "viva 0.0-example")
        },
        ScenarioResult {
            points: sizes[..3]
                .iter()
                .map(|size| point(1, size + 1, 600.0 * *size as f64 / 10.0, 7.3))
                .collect(),
            remarks: vec!["Ended at 1,001 clients: more than 0.1 % lost.".into()],
            ..result("briefing-1x1000", "Example peer 1.2")
        },
    ];
    let mut results = Vec::from(briefing);
    results[0].points = audience.into();
    results.extend([interviews("viva 0.0-example", 60, 1.0), interviews("Example peer 1.2", 12, 6.1)]);
    results.extend([storm(), quiet(), flooded()]);
    results.push(ScenarioResult {
        points: vec![point(4, 28, 9_876.0, 1.1)],
        ..result("lossy", "viva 0.0-example")
    });
    Report { floor: [120, 600, 1200].map(floor).into(), results, ..empty() }
}

/// Without any figures.
pub fn empty() -> Report {
    Report {
        machine: Machine {
            processor: "Example processor 9000".into(),
            cores: 2,
            memory_gib: 16,
            kernel: "6.1.0-example".into(),
            system: "Example system 12".into(),
            compiler: "rustc 1.95.0".into(),
        },
        date: "2026-01-31 12:00".into(),
        commit: "abc1234".into(),
        command: "viva-bench run example --out report.html".into(),
        floor: Vec::new(),
        results: Vec::new(),
    }
}

fn result(scenario: &str, server: &str) -> ScenarioResult {
    ScenarioResult {
        scenario: scenario.into(),
        about: format!("An example of {scenario}, with nobody in it"),
        server: server.into(),
        sealing: "AEAD_AES_256_GCM".into(),
        points: Vec::new(),
        joins: Vec::new(),
        memory: None,
        junk: None,
        remarks: Vec::new(),
    }
}

fn floor(bytes: usize) -> FloorSize {
    let sendto = 2000.0 + bytes as f64 / 2.0;
    let run = |length: usize| (length, sendto * 0.9 / length as f64 + 130.0 + bytes as f64 / 5.0);
    FloorSize {
        bytes,
        sendto,
        sendmmsg: sendto * 0.96,
        gso: [1, 2, 4, 8, 16, 32].map(run).into(),
        seal: 70.0 + bytes as f64 / 11.0,
        open: 75.0 + bytes as f64 / 10.0,
    }
}

/// A point whose cost falls with its load, and whose delay rises towards 150,000 packets a second.
fn point(rooms: usize, clients: usize, forwarded: f64, dear: f64) -> Point {
    let burden = forwarded * dear / 150_000.0;
    let cpu = dear * (1430.0 + 2200.0 / (1.0 + burden * 30.0));
    let wait = 240.0 * dear + 900.0 * burden.powi(6).min(90.0);
    let delay = |factor: f64| Delay {
        p50: (wait * factor) as u64,
        p99: (wait * 3.7 * factor) as u64,
        p999: (wait * 7.9 * factor) as u64,
        most: (wait * 14.0 * factor) as u64,
    };
    let packets = (forwarded * 10.0) as u64;
    Point {
        rooms,
        clients,
        streams: clients * 5,
        seconds: 10.02,
        forwarded,
        packets_in: forwarded / 4.0,
        bytes: 873.0 + clients as f64 / 100.0,
        cpu,
        sendto: 2611.0,
        forwarding_core: (cpu * forwarded / 1e9).min(1.0),
        process_core: (cpu * forwarded / 1e9 * 1.07).min(1.2),
        run_length: if dear > 2.0 { 1.0 } else { 2.2 + 4.0 * burden },
        system_calls: if dear > 2.0 { 0.0 } else { 1.3 / (2.2 + 4.0 * burden) },
        delay: delay(1.0),
        loss: if burden > 1.0 { (burden - 1.0) / 50.0 } else { 0.000_02 },
        sound_loss: 0.0,
        expected: packets,
        received: packets - 37,
        repaired: 31,
        repair_delay: delay(9.0),
        duplicates: 0,
        reordered: 5,
        damaged: 0,
        key_frames: 0.4,
        resident: 25_000_000 + 31_000 * clients as u64,
        load_core: (forwarded / 160_000.0).min(0.99),
    }
}

fn interviews(server: &str, most: usize, dear: f64) -> ScenarioResult {
    let mut rooms = 3.0_f64;
    let mut points = Vec::new();
    while rooms <= most as f64 {
        let count = rooms as usize;
        points.push(point(count, count * 7, 2_700.0 * count as f64, dear));
        rooms *= 1.34;
    }
    let remarks = vec![format!("Ended before {} rooms: the delay was too much.", most + 1)];
    ScenarioResult { points, remarks, ..result("interview-1x6", server) }
}

fn storm() -> ScenarioResult {
    let delay = Delay { p50: 812_345, p99: 2_345_678, p999: 2_456_789, most: 2_567_890 };
    let first = Joins {
        what: "the first time".into(),
        clients: 1001,
        connected: 1000,
        served: 998,
        receivers: 999,
        seconds: 4.24,
        connect: delay,
        media: Delay { p50: 912_345, ..delay },
        cpu: 1_432.0,
    };
    let second = Joins { what: "after all had vanished".into(), seconds: 3.91, ..first.clone() };
    ScenarioResult { joins: vec![first, second], ..result("join-storm", "viva 0.0-example") }
}

fn quiet() -> ScenarioResult {
    let memory = MemoryFigures {
        empty: 21_234_567,
        room: 5_432.0,
        participant: 43_210.0,
        slot: 2_345.0,
        publication: 12_345.0,
        rooms: 1000,
    };
    ScenarioResult { memory: Some(memory), ..result("idle-rooms", "viva 0.0-example") }
}

fn flooded() -> ScenarioResult {
    let before = Box::new(point(15, 105, 40_500.0, 1.0));
    let during = Box::new(Point { damaged: 3, ..point(15, 105, 40_498.0, 1.1) });
    let junk = Junk { rate: 100_000.0, cpu: 640.0, before, during };
    ScenarioResult { junk: Some(junk), ..result("junk-flood", "viva 0.0-example") }
}
