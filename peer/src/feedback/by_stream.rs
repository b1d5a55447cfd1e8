//! When packets arrived, told by stream and sequence number (RFC 8888).

use std::collections::BTreeMap;
use viva_media::Ssrc;
use viva_wire::{
    Micros,
    rtcp::{Arrival, Writer},
};

/// Between two feedbacks, in microseconds.
const INTERVAL: u64 = 50_000;
/// Packets of one stream that one feedback tells of; the rest waits for the next.
const MOST: u64 = 200;

/// What is to be told.
#[derive(Debug, Default)]
pub struct ArrivalsByStream {
    streams: BTreeMap<Ssrc, Stream>,
    due: Option<Micros>,
}

/// Packets of one stream by their numbers, which do not wrap.
#[derive(Debug, Default)]
struct Stream {
    /// The first of which nothing was told.
    next: Option<u64>,
    arrived: BTreeMap<u64, Micros>,
}

impl ArrivalsByStream {
    /// A packet arrived now; its number does not wrap.
    pub fn note(&mut self, now: Micros, ssrc: Ssrc, number: u64) {
        let stream = self.streams.entry(ssrc).or_default();
        stream.arrived.insert(number, now);
        // What came late is told with all that follows it.
        stream.next = Some(stream.next.map_or(number, |next| next.min(number)));
        self.due.get_or_insert(Micros(now.0 + INTERVAL));
    }

    /// Writes feedback that is due into `buffer`; its bytes, or `None` where none is due.
    pub fn poll(&mut self, now: Micros, own: Ssrc, buffer: &mut [u8]) -> Option<usize> {
        self.due.take_if(|due| *due <= now)?;
        let timestamp = ticks(now);
        let told: Vec<_> = self.streams.iter_mut().filter_map(|(ssrc, stream)| stream.take(*ssrc)).collect();
        let blocks: Vec<_> =
            told.iter().map(|(ssrc, first, arrivals)| (*ssrc, *first, arrivals.as_slice())).collect();
        let mut writer = Writer::new(buffer);
        writer.congestion_feedback(own, timestamp, &blocks)?;
        Some(writer.len())
    }
}

impl Stream {
    fn take(&mut self, ssrc: Ssrc) -> Option<(Ssrc, u16, Vec<Arrival>)> {
        let next = self.next?;
        let last = *self.arrived.last_key_value()?.0;
        if next > last {
            return None;
        }
        let last = last.min(next + MOST - 1);
        let arrival =
            |number| self.arrived.get(&number).map_or(Arrival::Missing, |at| Arrival::At(ticks(*at)));
        let arrivals = (next..=last).map(arrival).collect();
        self.next = Some(last + 1);
        // A packet that comes late is told with those around it.
        self.arrived = self.arrived.split_off(&last.saturating_sub(MOST));
        Some((ssrc, next as u16, arrivals))
    }
}

/// In 1/65,536 s.
const fn ticks(at: Micros) -> u32 {
    ((at.0 as u128 * 65_536) / 1_000_000) as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use viva_wire::rtcp::{Feedback, read};

    fn told(arrivals: &mut ArrivalsByStream, now: u64) -> Vec<(u32, u16, bool)> {
        let mut buffer = [0; 1400];
        let Some(length) = arrivals.poll(Micros(now), Ssrc(1), &mut buffer) else { return Vec::new() };
        let Some(Ok(Feedback::Congestion(feedback))) = read(&buffer[..length]).next() else {
            return Vec::new();
        };
        feedback.packets().map(|(ssrc, number, at)| (ssrc.0, number, at != Arrival::Missing)).collect()
    }

    #[test]
    fn each_packet_is_told_once_and_what_comes_late_with_all_that_follows() {
        let mut arrivals = ArrivalsByStream::default();
        assert_eq!(told(&mut arrivals, 0), []);
        for number in [65_535, 65_537] {
            arrivals.note(Micros(1_000), Ssrc(7), number);
        }
        arrivals.note(Micros(2_000), Ssrc(8), 3);
        assert_eq!(told(&mut arrivals, 50_000), [], "not yet");
        let expected = [(7, 65_535, true), (7, 0, false), (7, 1, true), (8, 3, true)];
        assert_eq!(told(&mut arrivals, 51_000), expected);
        assert_eq!(told(&mut arrivals, 200_000), []);
        arrivals.note(Micros(200_000), Ssrc(7), 65_536);
        assert_eq!(told(&mut arrivals, 250_000), [(7, 0, true), (7, 1, true)]);
    }
}
