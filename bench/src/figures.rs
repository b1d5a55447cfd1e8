//! What a run found out, as it stands in its JSON file.

use serde::{Deserialize, Serialize};

/// One run of one or several scenarios.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    pub machine: Machine,
    /// When it ran, in UTC, as in `2026-01-31 12:00`.
    pub date: String,
    /// The commit that was measured; empty outside a repository.
    pub commit: String,
    /// The command that repeats it.
    pub command: String,
    /// What the machine itself can do.
    pub floor: Vec<FloorSize>,
    /// What was measured, scenario by scenario and server by server.
    pub results: Vec<ScenarioResult>,
}

/// The machine of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Machine {
    /// The processor's name.
    pub processor: String,
    /// Its cores, as the system counts them.
    pub cores: usize,
    /// GiB of memory.
    pub memory_gib: u64,
    /// The kernel's version.
    pub kernel: String,
    /// The system's name.
    pub system: String,
    /// The compiler's version.
    pub compiler: String,
}

/// What sending costs without any server, for packets of one size; CPU time of the sending thread, in nanoseconds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FloorSize {
    /// Bytes of UDP payload.
    pub bytes: usize,
    /// One `sendto` a packet.
    pub sendto: f64,
    /// `sendmmsg` of 32 packets, for each.
    pub sendmmsg: f64,
    /// Segmentation offload: for runs of so many packets, for each packet.
    pub gso: Vec<(usize, f64)>,
    /// Sealing by AEAD_AES_256_GCM.
    pub seal: f64,
    /// Opening the same.
    pub open: f64,
}

/// One scenario on one server.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ScenarioResult {
    /// The scenario's name.
    pub scenario: String,
    /// What it stands for.
    pub about: String,
    /// The server, with its version.
    pub server: String,
    /// What seals its packets, and how.
    pub sealing: String,
    /// Measurements under load, in the order of their size.
    pub points: Vec<Point>,
    /// Joins, where they were measured.
    pub joins: Vec<Joins>,
    /// Memory, where it was measured.
    pub memory: Option<MemoryFigures>,
    /// Strangers' datagrams, where there were any.
    pub junk: Option<Junk>,
    /// Remarks of the run, one sentence each: where it ended and why.
    pub remarks: Vec<String>,
}

/// One measurement under load.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct Point {
    pub rooms: usize,
    /// Clients in all of them.
    pub clients: usize,
    /// Streams that receivers got.
    pub streams: usize,
    /// How long was measured, after the warm-up.
    pub seconds: f64,
    /// Packets forwarded a second, one for each receiver.
    pub forwarded: f64,
    /// Packets received by the server a second, feedback included.
    pub packets_in: f64,
    /// Mean bytes of a forwarded packet, UDP payload as it arrived.
    pub bytes: f64,
    /// CPU time of the forwarding threads for each forwarded packet, in nanoseconds.
    pub cpu: f64,
    /// CPU time of one `sendto` of the mean size in the same run, in nanoseconds.
    pub sendto: f64,
    /// Of a core, how much the forwarding threads used; 1 is all.
    pub forwarding_core: f64,
    /// The same of the whole process.
    pub process_core: f64,
    /// Packets of one message.
    pub run_length: f64,
    /// System calls of the forwarding threads for each forwarded packet.
    pub system_calls: f64,
    /// From the publisher's send to the receiver's kernel, in microseconds.
    pub delay: Delay,
    /// Packets of pictures lost and not repaired, of 1.
    pub loss: f64,
    /// Packets of sound lost, of 1; sound is not sent again.
    #[serde(default)]
    pub sound_loss: f64,
    /// Packets that should have come.
    pub expected: u64,
    /// Packets that came, for the first time.
    pub received: u64,
    /// Came by retransmission.
    pub repaired: u64,
    /// The same delays of repaired packets alone.
    pub repair_delay: Delay,
    /// Packets that came a second time.
    pub duplicates: u64,
    /// Came out of order.
    pub reordered: u64,
    /// The seal did not hold, or the publisher's stamp was not there.
    pub damaged: u64,
    /// Key frames asked of publishers, a second.
    pub key_frames: f64,
    /// Resident memory of the process, in bytes.
    pub resident: u64,
    /// Of a core, how much the load used; near 1 it is the limit, not the server.
    pub load_core: f64,
}

impl Point {
    /// Cost of a forwarded packet in plain `sendto`s.
    pub fn ratio(&self) -> f64 {
        self.cpu / self.sendto.max(1.0)
    }

    /// Sent to receivers, in Mbit/s of UDP payload.
    pub fn megabits(&self) -> f64 {
        self.forwarded * self.bytes * 8.0 / 1e6
    }
}

/// Percentiles, in microseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct Delay {
    /// Half are below.
    pub p50: u64,
    /// 99 of 100 are below.
    pub p99: u64,
    /// 999 of 1,000 are below.
    pub p999: u64,
    pub most: u64,
}

/// Clients that came at once.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Joins {
    /// The first time, or after all of them vanished.
    pub what: String,
    /// How many came.
    pub clients: usize,
    /// Of those, connected: keys agreed.
    pub connected: usize,
    /// Of those that receive, how many got media.
    pub served: usize,
    /// Of those that receive.
    pub receivers: usize,
    /// From the first word of the first to the keys of the last, in seconds.
    pub seconds: f64,
    /// From its first word to its keys, for each, in microseconds.
    pub connect: Delay,
    /// From its first word to its first media, for each, in microseconds.
    pub media: Delay,
    /// CPU time of the whole server for each join, in microseconds.
    pub cpu: f64,
}

/// Memory of quiet rooms, in bytes each: the growth of the process's own memory.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MemoryFigures {
    /// The server without any room.
    pub empty: u64,
    /// For each room beside its one participant.
    pub room: f64,
    /// For each participant, connected, without media sections.
    pub participant: f64,
    /// For each slot for video.
    pub slot: f64,
    /// For each camera, whose packet cache is empty.
    pub publication: f64,
    /// Rooms that were measured.
    pub rooms: usize,
}

/// Datagrams of strangers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Junk {
    /// Sent a second.
    pub rate: f64,
    /// CPU time of the server for each, in nanoseconds.
    pub cpu: f64,
    /// The same server, the same clients, before it came.
    pub before: Box<Point>,
    /// And while it came.
    pub during: Box<Point>,
}
