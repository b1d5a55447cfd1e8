//! One probe while it is sent: packets at an even rate, whatever else is sent meanwhile counted in.

use crate::bandwidth::Probe;
use std::time::Duration;
use viva_wire::Micros;

/// Between its packets, or heaps of packets.
const STEP: Duration = Duration::from_millis(2);
/// A probe that could not be sent whole within so long ends as it is.
const LONGEST: Duration = Duration::from_millis(250);

/// A probe under way.
#[derive(Debug, Clone, Copy)]
pub(super) struct Burst {
    probe: Probe,
    began: Micros,
    bytes: u64,
    packets: u64,
}

impl Burst {
    pub(super) const fn new(now: Micros, probe: Probe) -> Self {
        Self { probe, began: now, bytes: 0, packets: 0 }
    }

    /// Packets left; they belong to this cluster.
    pub(super) fn sent(&mut self, packets: u64, bytes: u64) -> u8 {
        self.packets += packets;
        self.bytes += bytes;
        self.probe.cluster
    }

    /// Bytes that are due now.
    pub(super) fn due(&self, now: Micros) -> u64 {
        if self.is_whole() {
            return 0;
        }
        let time = (now.since(self.began) + STEP).as_micros();
        let due = u64::try_from(u128::from(self.probe.rate) * time / 8_000_000).unwrap_or(u64::MAX);
        due.saturating_sub(self.bytes)
    }

    /// When more is due.
    pub(super) fn deadline(&self, now: Micros) -> Micros {
        now + STEP
    }

    /// All of it is sent, or it took too long.
    pub(super) fn is_over(&self, now: Micros) -> bool {
        self.is_whole() || now.since(self.began) > LONGEST
    }

    const fn is_whole(&self) -> bool {
        self.packets >= self.probe.packets as u64 && self.bytes >= self.probe.bytes as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_probe_is_sent_evenly_and_ends() {
        let probe = Probe { cluster: 3, rate: 2_000_000, packets: 5, bytes: 3_750 };
        let mut burst = Burst::new(Micros(1_000_000), probe);
        let mut sent = Vec::new();
        for step in 0..20 {
            let now = Micros(1_000_000 + step * 2_000);
            if burst.is_over(now) {
                break;
            }
            let mut due = burst.due(now);
            while due > 0 {
                assert_eq!(burst.sent(1, 250), 3);
                sent.push(step);
                due = due.saturating_sub(250);
            }
        }
        assert_eq!(sent, [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7]);
    }

    #[test]
    fn what_cannot_be_sent_ends_too() {
        let burst = Burst::new(Micros(0), Probe { cluster: 0, rate: 1_000_000, packets: 5, bytes: 1_000 });
        assert!(!burst.is_over(Micros(250_000)) && burst.is_over(Micros(250_001)));
    }
}
