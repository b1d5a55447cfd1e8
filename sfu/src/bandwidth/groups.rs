//! Packets sent in one burst are one group: its delay is told by its last packet (draft-ietf-rmcat-gcc-02 §5.2).

use super::pace::milliseconds;

/// What is sent within so much time, in µs, is one burst.
const BURST: i64 = 5_000;
/// A group that was held up and let go at once takes in what follows for so long at most.
const LONGEST: i64 = 100_000;

/// From one group to the next, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Delta {
    /// Between the sending of their last packets.
    pub sent: f64,
    /// Between the arrivals of their last packets.
    pub arrived: f64,
    /// When the later group was complete.
    pub at: f64,
}

#[derive(Debug, Clone, Copy)]
struct Group {
    first_sent: i64,
    last_sent: i64,
    first_arrived: i64,
    last_arrived: i64,
}

/// Gathers packets to groups. Times are in µs, of the sender and of the receiver, small enough to be subtracted.
#[derive(Debug, Clone, Default)]
pub struct Groups {
    current: Option<Group>,
    previous: Option<Group>,
}

impl Groups {
    /// Adds a packet; a group that it ends is told as its step from the one before.
    pub fn add(&mut self, sent: i64, arrived: i64) -> Option<Delta> {
        let packet =
            Group { first_sent: sent, last_sent: sent, first_arrived: arrived, last_arrived: arrived };
        let Some(group) = &mut self.current else {
            self.current = Some(packet);
            return None;
        };
        if sent < group.first_sent {
            // It was overtaken on its way: its delay says nothing of the queue.
            return None;
        }
        if group.takes(sent, arrived) {
            group.last_sent = group.last_sent.max(sent);
            group.last_arrived = group.last_arrived.max(arrived);
            return None;
        }
        let ended = *group;
        let step = self.previous.map(|previous| Delta {
            sent: milliseconds(ended.last_sent - previous.last_sent),
            arrived: milliseconds(ended.last_arrived - previous.last_arrived),
            at: milliseconds(ended.last_arrived),
        });
        self.previous = Some(ended);
        self.current = Some(packet);
        step
    }
}

impl Group {
    fn takes(&self, sent: i64, arrived: i64) -> bool {
        if sent - self.first_sent <= BURST {
            return true;
        }
        // Sent later, arrived together: a line that stood still lets go what had gathered.
        let wait = arrived - self.last_arrived;
        wait <= BURST && wait < sent - self.last_sent && arrived - self.first_arrived < LONGEST
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_is_one_group() {
        let mut groups = Groups::default();
        for packet in 0..4 {
            assert_eq!(groups.add(packet * 1000, 20_000 + packet * 2000), None);
        }
        assert_eq!(groups.add(33_000, 53_000), None);
        let step = groups.add(66_000, 90_000).unwrap();
        assert_eq!(step, Delta { sent: 30.0, arrived: 27.0, at: 53.0 });
    }

    #[test]
    fn what_was_held_up_and_let_go_at_once_is_one_group() {
        let mut groups = Groups::default();
        groups.add(0, 0);
        groups.add(20_000, 100_000);
        assert_eq!(groups.add(40_000, 100_250), None);
        assert_eq!(groups.add(60_000, 100_500), None);
        let step = groups.add(110_000, 110_000).unwrap();
        assert_eq!(step, Delta { sent: 60.0, arrived: 100.5, at: 100.5 });
    }

    #[test]
    fn an_overtaken_packet_is_passed_over() {
        let mut groups = Groups::default();
        groups.add(0, 0);
        groups.add(20_000, 20_000);
        assert_eq!(groups.add(10_000, 90_000), None);
        assert_eq!(groups.add(40_000, 40_000), Some(Delta { sent: 20.0, arrived: 20.0, at: 20.0 }));
    }
}
