//! A receiver's own estimate of its line (REMB), as clients without transport-wide feedback have it: lowered while packets
//! wait longer and longer, else a little above what comes (draft-ietf-rmcat-gcc-02 §4).

use std::collections::VecDeque;
use viva_media::Ssrc;
use viva_wire::rtcp::Writer;

/// Where it begins, bit/s.
const START: f64 = 300_000.0;
/// What comes is measured over so long, µs.
const WINDOW: u64 = 500_000;
/// A queue that is longer, µs, lowers it to this share of what comes, not again for so long.
const LONG: f64 = 40_000.0;
const LOWERED: f64 = 0.85;
const PAUSE: u64 = 300_000;
/// Growth a second, up to so many times what comes.
const GROWTH: f64 = 0.08;
const AHEAD: f64 = 1.5;
/// It is told so often, and at once when it has fallen.
const TOLD: u64 = 1_000_000;
/// Of 64 s, in 2⁻¹⁸ s: when absolute send times begin anew.
const ROUND: i64 = 1 << 24;

/// The estimate of one receiver.
#[derive(Debug)]
pub struct Estimate {
    rate: f64,
    arrived: VecDeque<(u64, usize)>,
    /// The shortest time on the way, by the sender's clock and ours, µs; forgotten slowly.
    fastest: f64,
    /// The rest of it, smoothed.
    queue: f64,
    grown: u64,
    lowered: u64,
    told: u64,
    stream: Option<Ssrc>,
}

impl Default for Estimate {
    fn default() -> Self {
        let arrived = VecDeque::new();
        Self {
            rate: START,
            arrived,
            fastest: f64::MAX,
            queue: 0.0,
            grown: 0,
            lowered: 0,
            told: 0,
            stream: None,
        }
    }
}

impl Estimate {
    /// A packet of a stream came, which left at this absolute send time.
    pub fn note(&mut self, now: u64, ssrc: Ssrc, send_time: u32, bytes: usize) {
        self.stream = Some(ssrc);
        self.arrived.push_back((now, bytes));
        while self.arrived.pop_front_if(|(at, _)| *at + WINDOW < now).is_some() {}
        let ours = ((now % 64_000_000) << 18) as i64 / 1_000_000;
        let way =
            (ours - i64::from(send_time) + ROUND / 2).rem_euclid(ROUND) as f64 * 1e6 / f64::from(1 << 18);
        self.fastest = (self.fastest + 0.5).min(way);
        self.queue += (way - self.fastest - self.queue) / 16.0;
        let comes =
            self.arrived.iter().map(|(_, bytes)| *bytes as f64 * 8.0).sum::<f64>() * 1e6 / WINDOW as f64;
        if self.queue > LONG {
            if now > self.lowered + PAUSE {
                (self.rate, self.lowered, self.told) = (comes * LOWERED, now, 0);
            }
        } else {
            let passed = (now - self.grown).min(200_000) as f64 / 1e6;
            self.rate = (self.rate * (1.0 + GROWTH * passed)).min((comes * AHEAD + 10_000.0).max(self.rate));
        }
        self.grown = now;
    }

    /// Writes it if it is to be told now.
    pub fn tell(&mut self, now: u64, own: Ssrc, writer: &mut Writer<'_>) {
        if let Some(stream) = self.stream.filter(|_| now >= self.told + TOLD || self.told == 0) {
            self.told = now;
            writer.receiver_estimate(own, self.rate as u64, &[stream]).expect("room");
        }
    }
}
