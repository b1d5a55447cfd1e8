//! Cuts a queue into runs: packets of one size, which leave as one UDP GSO message.

use super::queue::Queued;

/// The kernel takes at most 64 segments in one message (`UDP_MAX_SEGMENTS`; newer kernels 128).
pub const MAX_RUN_PACKETS: usize = 64;

/// An IPv4 datagram before segmentation: 65,535 less headers.
pub const MAX_RUN_BYTES: usize = 65_000;

/// Packets that differ by at most so many bytes are made equal by RTP padding (RFC 3550 §5.1).
const EQUALISE: u16 = 8;

/// The next packets that leave together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    /// How many of the waiting packets.
    pub packets: usize,
    /// Bytes of each before the seal, padding included; the last may be shorter.
    pub segment: u16,
    /// The last packet is shorter and not padded.
    pub short_tail: bool,
}

impl Run {
    /// Keeps what begins within so many bytes, at least one packet.
    pub fn shorten(&mut self, bytes: u64) {
        let fit = bytes.div_ceil(u64::from(self.segment.max(1))).max(1);
        if (self.packets as u64) > fit {
            self.packets = fit as usize;
            self.short_tail = false;
        }
    }
}

/// The longest run at the front of `waiting`; `overhead` is what the seal adds to each packet. `None` if nothing waits.
pub fn next_run(waiting: &[Queued], overhead: usize) -> Option<Run> {
    let first = waiting.first()?.length;
    let (mut low, mut high, mut packets) = (first, first, 1);
    for packet in &waiting[1..] {
        let (new_low, new_high) = (low.min(packet.length), high.max(packet.length));
        if packets >= limit(new_high, overhead) {
            break;
        }
        if new_high - new_low > EQUALISE {
            // A smaller packet may still end the run: the last segment may be short.
            let short_tail = packet.length < high;
            return Some(Run { packets: packets + usize::from(short_tail), segment: high, short_tail });
        }
        (low, high) = (new_low, new_high);
        packets += 1;
    }
    Some(Run { packets, segment: high, short_tail: false })
}

fn limit(length: u16, overhead: usize) -> usize {
    (MAX_RUN_BYTES / (usize::from(length) + overhead).max(1)).min(MAX_RUN_PACKETS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use viva_media::{Pt, Ssrc};

    fn queued(length: u16) -> Queued {
        Queued::empty(0, Ssrc(1), Pt(96), 0, 0, length)
    }

    fn runs(lengths: &[u16]) -> Vec<(usize, u16, bool)> {
        let packets: Vec<_> = lengths.iter().copied().map(queued).collect();
        let mut waiting = &packets[..];
        let mut runs = Vec::new();
        while let Some(run) = next_run(waiting, 16) {
            runs.push((run.packets, run.segment, run.short_tail));
            waiting = &waiting[run.packets..];
        }
        runs
    }

    #[test]
    fn a_frame_whose_packets_differ_by_a_byte_leaves_as_one() {
        assert_eq!(runs(&[1100, 1101, 1100, 1101, 1101, 1100]), [(6, 1101, false)]);
    }

    #[test]
    fn a_smaller_packet_ends_a_run_and_a_larger_one_begins_the_next() {
        assert_eq!(runs(&[1100, 1100, 300]), [(3, 1100, true)]);
        assert_eq!(runs(&[100, 1100, 1100]), [(1, 100, false), (2, 1100, false)]);
        assert_eq!(runs(&[300, 100, 300]), [(2, 300, true), (1, 300, false)]);
    }

    #[test]
    fn a_run_stays_within_what_one_message_can_carry() {
        let runs = runs(&[1200; 200]);
        assert!(
            runs.iter().all(|(packets, segment, _)| packets * (usize::from(*segment) + 16) <= MAX_RUN_BYTES)
        );
        assert_eq!(runs.iter().map(|run| run.0).sum::<usize>(), 200);
        assert_eq!(self::runs(&[90; 100])[0].0, MAX_RUN_PACKETS);
    }

    #[test]
    fn nothing_waiting_is_no_run() {
        assert_eq!(next_run(&[], 16), None);
    }
}
