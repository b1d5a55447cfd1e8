//! What else passes a line: a download that takes what it gets (AIMD, RFC 5681), and streams that come and go.

use std::collections::BTreeSet;

/// Bytes of each packet.
const PACKET: u64 = 1_500;
/// The download's window when it begins, in thousandths of a packet.
const FIRST_WINDOW: u64 = 10_000;

/// A flow beside ours; times in microseconds since the line began.
#[derive(Debug, Clone, Copy)]
pub enum Traffic {
    /// As much as a download over TCP takes.
    Download {
        /// When it begins.
        from: u64,
        /// When it is over.
        until: u64,
        /// The round trip without queue.
        trip: u64,
    },
    /// So many bits a second, whatever becomes of them.
    Stream {
        /// When it begins.
        from: u64,
        /// When it is over.
        until: u64,
        /// Bits a second.
        rate: u64,
    },
}

/// What a flow sends at one moment.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moment {
    pub packets: u64,
    pub bytes: u64,
}

/// A flow under way.
#[derive(Debug)]
pub(super) struct Source {
    traffic: Traffic,
    begun: bool,
    /// The next moment of a stream.
    next: u64,
    /// When packets are acknowledged or found lost.
    answers: BTreeSet<(u64, u64, bool)>,
    order: u64,
    window: u64,
    slow_start: bool,
    flying: u64,
    /// Losses until then belong to one event.
    recovered: u64,
}

impl Source {
    pub fn new(traffic: Traffic) -> Self {
        let (Traffic::Download { from, .. } | Traffic::Stream { from, .. }) = traffic;
        Self {
            traffic,
            begun: false,
            next: from,
            answers: BTreeSet::new(),
            order: 0,
            window: FIRST_WINDOW,
            slow_start: true,
            flying: 0,
            recovered: 0,
        }
    }

    /// When it has something to do.
    pub fn due(&self) -> u64 {
        match self.traffic {
            Traffic::Stream { until, .. } if self.next >= until => u64::MAX,
            Traffic::Stream { .. } => self.next,
            Traffic::Download { .. } if !self.begun => self.next,
            Traffic::Download { .. } => self.answers.first().map_or(u64::MAX, |(at, _, _)| *at),
        }
    }

    /// Does what is due, and says what it sends.
    pub fn happen(&mut self) -> Moment {
        let packets = match self.traffic {
            Traffic::Stream { rate, .. } => {
                self.next += PACKET * 8 * 1_000_000 / rate;
                1
            }
            Traffic::Download { until, trip, .. } => {
                let at = self.due();
                if self.begun {
                    self.answer(trip);
                }
                self.begun = true;
                if at < until { (self.window / 1_000).saturating_sub(self.flying) } else { 0 }
            }
        };
        Moment { packets, bytes: PACKET }
    }

    /// One of its packets has left the line then, or did not fit.
    pub fn sent(&mut self, at: u64, left: Option<u64>) {
        if let Traffic::Download { trip, .. } = self.traffic {
            self.order += 1;
            self.flying += 1;
            // A loss is seen by what comes behind the lost packet.
            let answer = left.unwrap_or(at) + trip;
            self.answers.insert((answer, self.order, left.is_some()));
        }
    }

    fn answer(&mut self, trip: u64) {
        let Some((at, _, arrived)) = self.answers.pop_first() else { return };
        self.flying -= 1;
        if arrived {
            self.window += if self.slow_start { 1_000 } else { 1_000_000 / self.window };
        } else if at >= self.recovered {
            self.window = (self.window / 2).max(2_000);
            self.slow_start = false;
            self.recovered = at + trip;
        }
    }
}
