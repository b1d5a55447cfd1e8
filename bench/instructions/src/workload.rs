//! What is counted: the table of workloads, and the marks between which callgrind counts.

use super::{
    steps::{Egress, Protect, SelectAndMunge, Twcc, Unprotect},
    task::Task,
    unit::{Feedback, Forward, ForwardSmall, Nack, Receive, Stun},
};
use std::{error::Error, hint::black_box};

/// All workloads, in the order of a packet's way.
pub const WORKLOADS: &[Workload] = &[
    Workload { name: "receive", operation: "packet of a publisher", rounds: 60, start: start::<Receive> },
    Workload { name: "unprotect", operation: "packet", rounds: 20, start: start::<Unprotect> },
    Workload { name: "select_munge", operation: "packet", rounds: 200, start: start::<SelectAndMunge> },
    Workload { name: "egress", operation: "packet", rounds: 200, start: start::<Egress> },
    Workload { name: "protect", operation: "packet", rounds: 20, start: start::<Protect> },
    // In so few rounds silence is no fault of the line yet.
    Workload { name: "forward", operation: "packet of a receiver", rounds: 24, start: start::<Forward> },
    Workload {
        name: "forward_small",
        operation: "small packet of a receiver",
        rounds: 24,
        start: start::<ForwardSmall>,
    },
    Workload { name: "nack", operation: "packet asked for", rounds: 40, start: start::<Nack> },
    Workload {
        name: "feedback",
        operation: "feedback about 30 packets",
        rounds: 4,
        start: start::<Feedback>,
    },
    Workload { name: "twcc", operation: "packet", rounds: 300, start: start::<Twcc> },
    Workload { name: "stun", operation: "check", rounds: 100, start: start::<Stun> },
];

/// Something whose instructions are counted.
pub struct Workload {
    /// What it is called.
    pub name: &'static str,
    /// What its figure is the cost of.
    pub operation: &'static str,
    /// Rounds that are counted.
    pub rounds: u32,
    start: Start,
}

/// Begins a workload with what comes in during so many rounds.
type Start = fn(u32) -> Result<Box<dyn Task>, Box<dyn Error>>;

impl Workload {
    /// Does it in this process; how many operations that were.
    pub fn run(&self, rounds: u32) -> Result<u64, Box<dyn Error>> {
        let mut task = (self.start)(rounds)?;
        mark();
        task.run();
        mark();
        task.done()
    }
}

/// Where callgrind, which knows it by its name, ends one part of its profile and begins the next.
#[inline(never)]
fn mark() {
    black_box(());
}

/// The workload of this name.
pub fn find(name: &str) -> Result<&'static Workload, String> {
    WORKLOADS.iter().find(|workload| workload.name == name).ok_or_else(|| format!("{name} is no workload"))
}

/// The workloads of these names, all if there are none.
pub fn chosen(names: &[String]) -> Result<Vec<&'static Workload>, String> {
    if names.is_empty() {
        Ok(WORKLOADS.iter().collect())
    } else {
        names.iter().map(|name| find(name)).collect()
    }
}

fn start<T: Task + 'static>(rounds: u32) -> Result<Box<dyn Task>, Box<dyn Error>> {
    Ok(Box::new(T::new(rounds)?))
}
