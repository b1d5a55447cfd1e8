//! The counters of the media plane as metrics, one series a shard.

use crate::plane::ShardStats;
use prometheus::{
    CounterVec, IntCounterVec, IntGaugeVec, Opts,
    core::Collector,
    proto::{Bucket, Histogram, LabelPair, Metric, MetricFamily, MetricType},
};
use viva_sfu::{Dropped, HandshakeFailure, Totals};
use viva_sfu_io::{Histogram as PlaneHistogram, IoStats};

/// A counter of the unit: name, help, where it stands.
type Total = (&'static str, &'static str, fn(&Totals) -> u64);

/// A counter of the sockets: name, help, where it stands.
type IoTotal = (&'static str, &'static str, fn(&IoStats) -> u64);

const TOTALS: [Total; 11] = [
    ("viva_packets_in_total", "Datagrams and frames received.", |t| t.packets_in),
    ("viva_bytes_in_total", "Their bytes.", |t| t.bytes_in),
    ("viva_packets_out_total", "Packets sent.", |t| t.packets_out),
    ("viva_bytes_out_total", "Their bytes.", |t| t.bytes_out),
    ("viva_packets_forwarded_total", "Media packets forwarded, one for each receiver.", |t| t.forwarded),
    (
        "viva_transmits_total",
        "Messages handed to the sockets: a packet, or a run of packets of one size.",
        |t| t.transmits,
    ),
    ("viva_nacks_out_total", "Sequence numbers asked for from publishers.", |t| t.nacks_out),
    ("viva_nacks_in_total", "Sequence numbers asked for by receivers.", |t| t.nacks_in),
    ("viva_retransmitted_total", "Of those, answered.", |t| t.retransmitted),
    ("viva_plis_out_total", "Key frames asked for from publishers.", |t| t.key_frame_requests_out),
    ("viva_plis_in_total", "Key frames asked for by receivers.", |t| t.key_frame_requests_in),
];

const IO_TOTALS: [IoTotal; 27] = [
    ("viva_udp_receive_calls_total", "UDP receive calls.", |io| io.receive_calls),
    ("viva_udp_receive_batches_total", "UDP receive calls that brought something.", |io| io.receive_batches),
    ("viva_udp_send_calls_total", "System calls for sending over UDP.", |io| io.send_calls),
    ("viva_udp_datagrams_out_total", "Datagrams handed to the kernel.", |io| io.datagrams_out),
    ("viva_gso_runs_total", "UDP messages of more than one packet.", |io| io.gso_runs),
    ("viva_gso_run_segments_total", "Their segments.", |io| io.gso_run_segments),
    ("viva_udp_receive_errors_total", "UDP receive calls that failed.", |io| io.receive_errors),
    ("viva_udp_send_errors_total", "Datagrams that the kernel refused.", |io| io.send_errors),
    ("viva_udp_send_waits_total", "Short waits for room in a full send buffer.", |io| io.send_waits),
    ("viva_udp_full_drops_total", "Datagrams dropped since the send buffer stayed full.", |io| {
        io.would_block_drops
    }),
    ("viva_no_socket_drops_total", "Packets for a path that no socket has.", |io| io.no_socket),
    ("viva_tcp_accepted_total", "Media connections over TCP accepted.", |io| io.tcp_accepted),
    ("viva_tcp_refused_total", "Media connections over TCP refused by a limit.", |io| io.tcp_refused),
    ("viva_tcp_malformed_total", "Media connections over TCP closed for what they sent.", |io| {
        io.tcp_malformed
    }),
    ("viva_tcp_idle_total", "Media connections over TCP closed since nothing came.", |io| {
        io.tcp_unproven + io.tcp_idle
    }),
    ("viva_tcp_stuck_total", "Media connections over TCP closed since they took nothing.", |io| io.tcp_stuck),
    ("viva_tcp_queue_drops_total", "Packets dropped since a connection's queue was full.", |io| {
        io.tcp_queue_drops
    }),
    ("viva_turn_opened_total", "TURN allocations opened.", |io| io.relays_opened),
    ("viva_turn_no_address_total", "TURN clients for whom there was no address.", |io| io.relays_refused),
    ("viva_turn_packets_in_total", "Packets that came by TURN.", |io| io.relay_packets_in),
    ("viva_turn_packets_out_total", "Packets that left by TURN.", |io| io.relay_packets_out),
    ("viva_turn_queue_drops_total", "Packets dropped since a TURN client took nothing.", |io| {
        io.relay_queue_drops
    }),
    (
        "viva_turn_foreign_drops_total",
        "Packets by TURN to or from what is no peer, or not permitted.",
        |io| io.relay_foreign + io.relay_no_channel,
    ),
    ("viva_turn_malformed_total", "Messages by TURN that are none, and connections closed for them.", |io| {
        io.relay_malformed + io.relay_stuck
    }),
    ("viva_turn_too_often_total", "Requests by TURN dropped since there were too many.", |io| {
        io.relay_too_often
    }),
    ("viva_shard_commands_total", "Commands of the control plane.", |io| io.commands),
    ("viva_shard_turns_total", "Turns of the shard's loop.", |io| io.turns),
];

/// A gauge of a shard: name, help, where it stands.
type Gauge = (&'static str, &'static str, fn(&ShardStats) -> usize);

const GAUGES: [Gauge; 8] = [
    ("viva_shard_rooms", "Rooms on the shard.", |s| s.sfu.rooms),
    ("viva_shard_participants", "Transports on the shard.", |s| s.sfu.participants),
    ("viva_publications", "Publications on the shard.", |s| s.sfu.publications),
    ("viva_slots", "Slots on the shard.", |s| s.sfu.slots),
    ("viva_tcp_connections", "Media connections over TCP.", |s| s.io.tcp_connections),
    ("viva_turn_allocations", "TURN allocations.", |s| s.io.relays),
    ("viva_shard_gso", "Is segmentation offload in use?", |s| usize::from(s.io.gso)),
    ("viva_shard_events_waiting", "Events that wait for the control plane.", |s| s.io.events_waiting),
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
    for (name, help, total) in IO_TOTALS {
        let counter = IntCounterVec::new(Opts::new(name, help), &["shard"])?;
        for shard in shards {
            counter.with_label_values(&[shard.shard.to_string()]).inc_by(total(&shard.io));
        }
        families.extend(counter.collect());
    }
    let busy =
        CounterVec::new(Opts::new("viva_shard_busy_seconds_total", "Time spent working."), &["shard"])?;
    for shard in shards {
        busy.with_label_values(&[shard.shard.to_string()]).inc_by(shard.io.busy.as_secs_f64());
    }
    families.extend(busy.collect());
    families.push(forward_delay(shards));
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
    families.extend(handshakes(shards)?.collect());
    families.retain(|family| !family.get_metric().is_empty());
    Ok(families)
}

fn handshakes(shards: &[ShardStats]) -> prometheus::Result<IntCounterVec> {
    let help = "Clients that were let in and got no keys, by reason.";
    let failed = IntCounterVec::new(Opts::new("viva_handshakes_failed_total", help), &["shard", "reason"])?;
    for shard in shards {
        for (reason, count) in HandshakeFailure::ALL.iter().zip(shard.sfu.totals.handshakes_failed) {
            failed.with_label_values(&[&shard.shard.to_string(), reason.label()]).inc_by(count);
        }
    }
    Ok(failed)
}

/// From receiving a batch to having sent all that came of it, one entry a batch.
fn forward_delay(shards: &[ShardStats]) -> MetricFamily {
    let metrics = shards.iter().map(|shard| {
        let delay = &shard.io.forward_delay;
        let mut cumulative = 0;
        let buckets = delay.buckets.iter().enumerate().filter_map(|(index, count)| {
            cumulative += count;
            let mut bucket = Bucket::default();
            bucket.set_cumulative_count(cumulative);
            bucket.set_upper_bound(PlaneHistogram::bound(index)?.as_secs_f64());
            Some(bucket)
        });
        let mut histogram = Histogram::default();
        histogram.set_bucket(buckets.collect());
        histogram.set_sample_count(delay.count());
        histogram.set_sample_sum(delay.sum.as_secs_f64());
        let mut label = LabelPair::default();
        label.set_name("shard".to_owned());
        label.set_value(shard.shard.to_string());
        let mut metric = Metric::from_label(vec![label]);
        metric.set_histogram(histogram);
        metric
    });
    let mut family = MetricFamily::default();
    family.set_name("viva_forward_delay_seconds".to_owned());
    family.set_help("From receiving a batch to having sent all that came of it.".to_owned());
    family.set_field_type(MetricType::HISTOGRAM);
    family.set_metric(metrics.collect());
    family
}
