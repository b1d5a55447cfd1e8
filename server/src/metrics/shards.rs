//! The counters of the media plane as metrics, one series a shard.

use crate::plane::ShardStats;
use prometheus::{IntCounterVec, IntGaugeVec, Opts, core::Collector, proto::MetricFamily};
use viva_sfu::{Dropped, Totals};

/// A counter of the unit: name, help, where it stands.
type Total = (&'static str, &'static str, fn(&Totals) -> u64);

const TOTALS: [Total; 11] = [
    ("viva_packets_in_total", "Datagrams and frames received.", |t| t.packets_in),
    ("viva_bytes_in_total", "Their bytes.", |t| t.bytes_in),
    ("viva_packets_out_total", "Packets sent.", |t| t.packets_out),
    ("viva_bytes_out_total", "Their bytes.", |t| t.bytes_out),
    ("viva_packets_forwarded_total", "Media packets forwarded, one for each receiver.", |t| t.forwarded),
    ("viva_transmits_total", "Messages handed to the sockets, one system call each.", |t| t.transmits),
    ("viva_nacks_out_total", "Sequence numbers asked for from publishers.", |t| t.nacks_out),
    ("viva_nacks_in_total", "Sequence numbers asked for by receivers.", |t| t.nacks_in),
    ("viva_retransmitted_total", "Of those, answered.", |t| t.retransmitted),
    ("viva_plis_out_total", "Key frames asked for from publishers.", |t| t.key_frame_requests_out),
    ("viva_plis_in_total", "Key frames asked for by receivers.", |t| t.key_frame_requests_in),
];

/// A gauge of a shard: name, help, where it stands.
type Gauge = (&'static str, &'static str, fn(&ShardStats) -> usize);

const GAUGES: [Gauge; 4] = [
    ("viva_shard_rooms", "Rooms on the shard.", |s| s.sfu.rooms),
    ("viva_shard_participants", "Transports on the shard.", |s| s.sfu.participants),
    ("viva_publications", "Publications on the shard.", |s| s.sfu.publications),
    ("viva_slots", "Slots on the shard.", |s| s.sfu.slots),
];

/// All families of these shards.
pub(super) fn families(shards: &[ShardStats]) -> prometheus::Result<Vec<MetricFamily>> {
    let mut families = Vec::new();
    for (name, help, total) in TOTALS {
        let counter = IntCounterVec::new(Opts::new(name, help), &["shard"])?;
        for shard in shards {
            counter.with_label_values(&[shard.shard.to_string()]).inc_by(total(&shard.sfu.totals));
        }
        families.extend(counter.collect());
    }
    for (name, help, gauge) in GAUGES {
        let vec = IntGaugeVec::new(Opts::new(name, help), &["shard"])?;
        for shard in shards {
            vec.with_label_values(&[shard.shard.to_string()]).set(gauge(shard) as i64);
        }
        families.extend(vec.collect());
    }
    let help = "Packets dropped, by reason.";
    let dropped = IntCounterVec::new(Opts::new("viva_packets_dropped_total", help), &["shard", "reason"])?;
    for shard in shards {
        for (reason, count) in Dropped::ALL.iter().zip(shard.sfu.totals.dropped) {
            dropped.with_label_values(&[&shard.shard.to_string(), reason.label()]).inc_by(count);
        }
    }
    families.extend(dropped.collect());
    families.retain(|family| !family.get_metric().is_empty());
    Ok(families)
}
