//! The columns of every table, for the terminal and the page alike.

use super::number::{NOTHING, figure, measured, milliseconds, percent, whole};
use crate::figures::{Joins, Point};

/// One column of rows of `T`.
pub struct Column<T: 'static> {
    /// What it belongs to; neighbours of one group share a heading.
    pub group: &'static str,
    pub name: &'static str,
    /// Its unit; empty where a number is just a number.
    pub unit: &'static str,
    /// Its text in a row.
    pub value: fn(&T) -> String,
}

const fn column<T>(
    group: &'static str,
    name: &'static str,
    unit: &'static str,
    value: fn(&T) -> String,
) -> Column<T> {
    Column { group, name, unit, value }
}

/// What every measurement says first.
pub const POINT: [Column<Point>; 16] = [
    column("load", "rooms", "", |point| whole(point.rooms as u64)),
    column("load", "clients", "", |point| whole(point.clients as u64)),
    column("load", "streams", "", |point| whole(point.streams as u64)),
    column("load", "packets", "/s", |point| figure(point.forwarded)),
    column("load", "size", "bytes", |point| measured(point.bytes.round())),
    column("load", "rate", "Mbit/s", |point| figure(point.megabits())),
    column("cost of a packet", "CPU", "ns", |point| measured(point.cpu)),
    column("cost of a packet", "sendto", "ns", |point| measured(point.sendto)),
    column("cost of a packet", "F", "", ratio),
    column("cost of a packet", "run", "pkts", |point| measured(point.run_length)),
    column("cost of a packet", "calls", "/pkt", |point| measured(point.system_calls)),
    column("", "core", "%", |point| measured(point.forwarding_core * 100.0)),
    column("delay", "p50", "ms", |point| milliseconds(point.delay.p50)),
    column("delay", "p99", "ms", |point| milliseconds(point.delay.p99)),
    column("delay", "p99.9", "ms", |point| milliseconds(point.delay.p999)),
    column("", "loss", "%", |point| percent(point.loss)),
];

/// What it says to who asks further.
pub const DELIVERY: [Column<Point>; 16] = [
    column("", "time", "s", |point| figure(point.seconds)),
    column("packets at the receivers", "expected", "", |point| whole(point.expected)),
    column("packets at the receivers", "came", "", |point| whole(point.received)),
    column("packets at the receivers", "repaired", "", |point| whole(point.repaired)),
    column("packets at the receivers", "twice", "", |point| whole(point.duplicates)),
    column("packets at the receivers", "reordered", "", |point| whole(point.reordered)),
    column("packets at the receivers", "damaged", "", |point| whole(point.damaged)),
    column("delay", "longest", "ms", |point| milliseconds(point.delay.most)),
    column("delay of repairs", "p50", "ms", |point| milliseconds(point.repair_delay.p50)),
    column("delay of repairs", "p99", "ms", |point| milliseconds(point.repair_delay.p99)),
    column("delay of repairs", "longest", "ms", |point| milliseconds(point.repair_delay.most)),
    column("server", "packets in", "/s", |point| figure(point.packets_in)),
    column("server", "key frames", "/s", |point| figure(point.key_frames)),
    column("server", "memory", "MiB", |point| measured(point.resident as f64 / 1_048_576.0)),
    column("of a core", "process", "%", |point| measured(point.process_core * 100.0)),
    column("of a core", "load", "%", |point| measured(point.load_core * 100.0)),
];

/// What a storm of joins says.
pub const JOINS: [Column<Joins>; 14] = [
    column("", "when", "", |joins| joins.what.clone()),
    column("clients", "came", "", |joins| whole(joins.clients as u64)),
    column("clients", "connected", "", |joins| whole(joins.connected as u64)),
    column("receivers", "all", "", |joins| whole(joins.receivers as u64)),
    column("receivers", "served", "", |joins| whole(joins.served as u64)),
    column("", "took", "s", |joins| figure(joins.seconds)),
    column("", "joins", "/s", |joins| figure(rate(joins))),
    column("connect", "p50", "ms", |joins| milliseconds(joins.connect.p50)),
    column("connect", "p99", "ms", |joins| milliseconds(joins.connect.p99)),
    column("connect", "longest", "ms", |joins| milliseconds(joins.connect.most)),
    column("media", "p50", "ms", |joins| milliseconds(joins.media.p50)),
    column("media", "p99", "ms", |joins| milliseconds(joins.media.p99)),
    column("media", "longest", "ms", |joins| milliseconds(joins.media.most)),
    column("", "CPU", "µs/join", |joins| measured(joins.cpu)),
];

/// The ratio F, where both of its halves were measured.
pub fn ratio(point: &Point) -> String {
    if point.sendto > 0.0 { measured(point.ratio()) } else { NOTHING.into() }
}

/// Clients that connected, a second.
pub fn rate(joins: &Joins) -> f64 {
    joins.connected as f64 / joins.seconds
}
