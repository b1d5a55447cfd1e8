//! Counters of the input and output of one shard.

use std::time::Duration;

/// A snapshot of one shard.
#[derive(Debug, Clone)]
pub struct ShardStats {
    /// Its number, counted from 0.
    pub shard: usize,
    /// What its unit counted.
    pub sfu: viva_sfu::Stats,
    /// What its sockets counted.
    pub io: IoStats,
}

/// Counters of one shard's sockets since the start, unless said otherwise.
#[derive(Debug, Clone, Default)]
pub struct IoStats {
    /// Turns of the loop.
    pub turns: u64,
    /// Time spent working, the rest being spent waiting.
    pub busy: Duration,
    /// UDP receive calls that brought something: one batch each.
    pub receive_batches: u64,
    /// Receive calls in all, the empty ones included.
    pub receive_calls: u64,
    /// Datagrams received, after splitting what the kernel had merged.
    pub datagrams_in: u64,
    /// Datagrams dropped since they claim to come from port 0, which nobody can answer.
    pub port_zero: u64,
    /// Receive calls that failed.
    pub receive_errors: u64,
    /// Is segmentation offload in use on every socket, now?
    pub gso: bool,
    /// System calls for sending over UDP, those that only say how the kernel shall cut runs included.
    pub send_calls: u64,
    /// Datagrams handed to the kernel.
    pub datagrams_out: u64,
    /// Messages of more than one segment.
    pub gso_runs: u64,
    /// Their segments: divided by `gso_runs` it is the mean length of a run.
    pub gso_run_segments: u64,
    /// Datagrams that the kernel refused, a full buffer aside.
    pub send_errors: u64,
    /// Short waits for room in a full send buffer.
    pub send_waits: u64,
    /// Datagrams dropped since the send buffer stayed full.
    pub would_block_drops: u64,
    /// Datagrams and frames for a path that no socket has.
    pub no_socket: u64,
    /// TCP connections, now.
    pub tcp_connections: usize,
    /// TCP connections accepted.
    pub tcp_accepted: u64,
    /// TCP connections refused by a limit.
    pub tcp_refused: u64,
    /// Connections closed for what they sent: no connectivity check first, or a frame too long.
    pub tcp_malformed: u64,
    /// Connections closed since no valid connectivity check came in time.
    pub tcp_unproven: u64,
    /// Connections closed since nothing came for too long.
    pub tcp_idle: u64,
    /// Connections closed since they took nothing for too long.
    pub tcp_stuck: u64,
    /// Frames of RFC 4571 that were read whole.
    pub tcp_frames_in: u64,
    /// Frames queued for sending.
    pub tcp_frames_out: u64,
    /// Packets dropped since a connection's queue was full.
    pub tcp_queue_drops: u64,
    /// TCP read and write calls.
    pub tcp_calls: u64,
    /// TURN allocations, now.
    pub relays: usize,
    /// TURN allocations opened.
    pub relays_opened: u64,
    /// TURN clients refused: no address of the family asked for, or none left.
    pub relays_refused: u64,
    /// Packets for the unit that came by TURN.
    pub relay_packets_in: u64,
    /// Packets of the unit that left by TURN.
    pub relay_packets_out: u64,
    /// Packets dropped since a client's queue, or the kernel's, was full.
    pub relay_queue_drops: u64,
    /// Messages dropped that are neither STUN nor a channel's data; in a stream they end the connection.
    pub relay_malformed: u64,
    /// Packets dropped since they go to, or come from, what is no peer or not permitted.
    pub relay_foreign: u64,
    /// Packets dropped since their channel is not bound.
    pub relay_no_channel: u64,
    /// Requests dropped since their client had sent too many before.
    pub relay_too_often: u64,
    /// Allocations ended since the client took nothing for too long.
    pub relay_stuck: u64,
    /// Read and write calls for TURN.
    pub relay_calls: u64,
    /// Commands taken from the mailbox.
    pub commands: u64,
    /// Events that wait in the shard, now.
    pub events_waiting: usize,
    /// Events replaced by a newer one of the same thing while they waited.
    pub events_merged: u64,
    /// From receiving a batch to having sent all that came of it; one entry a batch.
    pub forward_delay: Histogram,
}

impl IoStats {
    /// The kernel took a message of so many packets.
    pub(crate) const fn count_sent(&mut self, packets: u64) {
        self.datagrams_out += packets;
        if packets > 1 {
            self.gso_runs += 1;
            self.gso_run_segments += packets;
        }
    }
}

/// Counts of durations in power-of-two buckets of microseconds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Histogram {
    /// Entry n counts durations below 2^n µs and at least 2^(n-1) µs; the last one takes all above.
    pub buckets: [u64; Self::BUCKETS],
    /// Sum of all durations.
    pub sum: Duration,
}

impl Histogram {
    /// The last bucket begins at 2^22 µs, about 4 s.
    pub const BUCKETS: usize = 24;

    /// The bound of bucket `index` that is not reached; `None` for the last one.
    pub const fn bound(index: usize) -> Option<Duration> {
        if index + 1 < Self::BUCKETS { Some(Duration::from_micros(1 << index)) } else { None }
    }

    /// How many durations were counted.
    pub fn count(&self) -> u64 {
        self.buckets.iter().sum()
    }

    pub(crate) fn record(&mut self, duration: Duration) {
        let bits = (u64::BITS - (duration.as_micros() as u64).leading_zeros()) as usize;
        if let Some(bucket) = self.buckets.get_mut(bits.min(Self::BUCKETS - 1)) {
            *bucket += 1;
        }
        self.sum = self.sum.saturating_add(duration);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_lies_below_the_bound_of_its_bucket_and_not_below_the_one_before() {
        for us in [0u64, 1, 2, 3, 4, 1023, 1024, 1025, 1 << 21, (1 << 22) - 1, 1 << 22, 1 << 40] {
            let mut histogram = Histogram::default();
            let duration = Duration::from_micros(us);
            histogram.record(duration);
            let index = histogram.buckets.iter().position(|&count| count == 1).expect("counted once");
            assert!(Histogram::bound(index).is_none_or(|bound| duration < bound), "{us} in {index}");
            let below = index.checked_sub(1).and_then(Histogram::bound).unwrap_or_default();
            assert!(duration >= below, "{us} in {index}");
            assert_eq!((histogram.count(), histogram.sum), (1, duration));
        }
    }
}
