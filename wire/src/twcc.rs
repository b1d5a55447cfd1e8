//! Transport-wide congestion control: when packets arrived, told to who sent them
//! (draft-holmer-rmcat-transport-wide-cc-extensions-01), and when packets were sent.

mod chunk;
mod sent;

pub use sent::{PROBES, Sent, SentByStream, SentPackets};

use crate::Micros;
use chunk::{Chunk, Symbol};
use std::{collections::VecDeque, time::Duration};
use viva_media::Ssrc;

/// Packets remembered; a jump over more than so many is a new beginning.
pub const WINDOW: usize = 1024;
/// The largest feedback packet, so that it fits every path with seal and headers.
pub const MAX_FEEDBACK: usize = 1100;
/// Between two feedbacks of a stream of few packets.
pub const INTERVAL: Duration = Duration::from_millis(100);
/// Between two of one of many.
const FAST: Duration = Duration::from_millis(50);
/// Packets in one feedback that make a stream one of many.
const MANY: u32 = 25;
/// So many packets are not kept waiting.
const FULL: u32 = 128;
/// How long a reported packet is remembered, to be reported again when one before it arrives late.
const MEMORY: Duration = Duration::from_millis(500);
/// Microseconds of a unit of arrival time, and units of a reference time.
const UNIT: u64 = 250;
const REFERENCE: u64 = 256;
/// RTCP header, SSRCs and the fixed fields of the feedback (§3.1).
const HEADER: usize = 20;

/// The receiving side of one transport: records arrivals, writes feedback.
///
/// A packet that arrives after its number was reported missing is reported later, with all that follow it; the base
/// sequence number then goes back (§3.1), which senders expect.
#[derive(Debug, Clone, Default)]
pub struct Recorder {
    /// Arrival times of consecutive packets; [`Micros::NEVER`] has not arrived.
    arrivals: VecDeque<Micros>,
    /// The extended number of the first of them; 0 before the first packet, never after.
    start: u64,
    /// The first number that is not reported yet.
    cursor: u64,
    /// Arrived, of those from the cursor on.
    waiting: u32,
    /// Recorded since the last feedback.
    fresh: u32,
    /// When feedback is due, while packets wait.
    due: Micros,
    /// When feedback was written last.
    sent: Micros,
    /// Between the last feedback and the next.
    interval: Duration,
    /// Feedback packets written, modulo 256.
    count: u8,
}

impl Recorder {
    /// A packet with this transport-wide sequence number arrived. False: it is a duplicate, or too old to tell.
    pub fn record(&mut self, sequence: u16, now: Micros) -> bool {
        let sequence = self.extend(sequence);
        let end = self.start + self.arrivals.len() as u64;
        if self.start == 0 || sequence >= end + WINDOW as u64 {
            self.arrivals.clear();
            self.waiting = 0;
            self.fresh = 0;
            self.start = sequence;
            self.cursor = sequence;
            self.arrivals.push_back(now);
        } else if sequence >= end {
            let skipped = (sequence - end) as usize;
            self.arrivals.extend(std::iter::repeat_n(Micros::NEVER, skipped));
            self.arrivals.push_back(now);
            self.trim(self.arrivals.len().saturating_sub(WINDOW));
        } else {
            let Some(index) = sequence.checked_sub(self.start) else { return false };
            let Some(place) = self.arrivals.get_mut(index as usize) else { return false };
            if *place != Micros::NEVER {
                return false;
            }
            *place = now;
            if sequence < self.cursor {
                let again = self.arrivals.range(index as usize + 1..(self.cursor - self.start) as usize);
                self.waiting += arrived(again);
                self.cursor = sequence;
            }
        }
        self.waiting += 1;
        self.fresh += 1;
        if self.fresh == 1 {
            self.due = now.max(self.sent + self.interval);
        } else if self.fresh >= FULL {
            self.due = self.due.min(now);
        }
        true
    }

    /// When to call [`Self::feedback`] next.
    pub fn next_deadline(&self) -> Option<Micros> {
        (self.waiting > 0).then_some(self.due)
    }

    /// Writes one feedback packet into `buffer`, of at most [`MAX_FEEDBACK`] bytes, and says how long it is; `None` when
    /// nothing is due or the buffer is too small for a single packet's status. Call until `None`.
    ///
    /// `media` is any stream of the transport (§3.1: the media source that the feedback is about; peers ignore it).
    pub fn feedback(&mut self, now: Micros, sender: Ssrc, media: Ssrc, buffer: &mut [u8]) -> Option<usize> {
        if self.waiting == 0 || self.due > now {
            return None;
        }
        let room = buffer.len().min(MAX_FEEDBACK) & !3;
        let first = usize::try_from(self.cursor - self.start).ok()?;
        let arrivals = self.arrivals.range(first.min(self.arrivals.len())..);
        let reference = arrivals.clone().find(|at| **at != Micros::NEVER)?.0 / UNIT / REFERENCE;
        let mut symbols = [Symbol::Missing; WINDOW];
        let known = classify(arrivals.clone(), reference, &mut symbols);
        let (covered, end) = self.write(symbols.get(..known)?, reference, buffer.get_mut(..room)?)?;
        let header =
            Header { sender, media, base: self.cursor as u16, covered, reference, count: self.count };
        header.write(buffer.get_mut(..end)?)?;
        self.count = self.count.wrapping_add(1);
        self.reported(covered, now);
        Some(end)
    }

    /// Writes chunks and deltas; says how many packets they cover and where the packet ends, a whole word.
    fn write(&self, symbols: &[Symbol], reference: u64, buffer: &mut [u8]) -> Option<(usize, usize)> {
        let (mut covered, mut chunks_end, mut deltas) = (0, HEADER, 0);
        while let Some(rest) = symbols.get(covered..).filter(|rest| !rest.is_empty()) {
            let room = buffer.len().saturating_sub(chunks_end + 2 + deltas);
            let Some(chunk) = Chunk::best(rest).fit(rest, room) else { break };
            buffer.get_mut(chunks_end..chunks_end + 2)?.copy_from_slice(&chunk.encode(rest).to_be_bytes());
            chunks_end += 2;
            deltas += chunk::deltas(rest.get(..chunk.covers())?);
            covered += chunk.covers();
        }
        if covered == 0 {
            return None;
        }
        let mut at = chunks_end;
        let mut before = reference * REFERENCE;
        let first = usize::try_from(self.cursor - self.start).ok()?;
        let received =
            self.arrivals.range(first..).take(covered).filter(|arrival| **arrival != Micros::NEVER);
        for arrival in received {
            let time = arrival.0 / UNIT;
            let delta = time.wrapping_sub(before).cast_signed();
            before = time;
            if let Ok(small) = u8::try_from(delta) {
                *buffer.get_mut(at)? = small;
                at += 1;
            } else {
                buffer.get_mut(at..at + 2)?.copy_from_slice(&(delta as i16).to_be_bytes());
                at += 2;
            }
        }
        // Zero padding as the figure of §3.1 has it, without the padding bit: it may stand anywhere in a compound.
        let end = at.next_multiple_of(4);
        buffer.get_mut(at..end)?.fill(0);
        Some((covered, end))
    }

    /// `covered` packets from the cursor on are reported.
    fn reported(&mut self, covered: usize, now: Micros) {
        let first = (self.cursor - self.start) as usize;
        self.cursor += covered as u64;
        self.waiting = arrived(self.arrivals.range((first + covered).min(self.arrivals.len())..));
        self.interval = if self.fresh >= MANY { FAST } else { INTERVAL };
        self.fresh = 0;
        self.sent = now;
        // What did not fit goes at once.
        self.due = now;
        // The gap after the newest old packet stays: what is missing there may still come.
        let told = self.arrivals.iter().take(first + covered).enumerate();
        let old = told.take_while(|(_, at)| **at == Micros::NEVER || now.since(**at) > MEMORY);
        let old = old.filter(|(_, at)| **at != Micros::NEVER).last().map_or(0, |(index, _)| index + 1);
        self.trim(old);
    }

    /// Forgets the first `count` packets.
    fn trim(&mut self, count: usize) {
        let unreported = self.cursor.saturating_sub(self.start) as usize;
        let forgotten = self.arrivals.range(unreported.min(count)..count);
        self.waiting -= arrived(forgotten);
        self.arrivals.drain(..count);
        self.start += count as u64;
        self.cursor = self.cursor.max(self.start);
    }

    /// The extended number nearest to the newest one.
    fn extend(&self, sequence: u16) -> u64 {
        /// Room to go back before the first packet.
        const FIRST: u64 = 1 << 16;
        if self.start == 0 {
            return FIRST + u64::from(sequence);
        }
        // When all are forgotten, `start` is one after the newest.
        let newest = (self.start + self.arrivals.len() as u64).saturating_sub(1);
        let distance = sequence.wrapping_sub(newest as u16).cast_signed();
        newest.saturating_add_signed(i64::from(distance))
    }
}

fn arrived<'a>(arrivals: impl Iterator<Item = &'a Micros>) -> u32 {
    arrivals.filter(|at| **at != Micros::NEVER).count() as u32
}

/// Gives each arrival its symbol, up to one whose delta does not fit 16 bits: it begins the next feedback. Says how
/// many.
fn classify<'a>(arrivals: impl Iterator<Item = &'a Micros>, reference: u64, symbols: &mut [Symbol]) -> usize {
    let mut before = reference * REFERENCE;
    let mut known = 0;
    for (arrival, symbol) in arrivals.zip(symbols) {
        if *arrival != Micros::NEVER {
            let time = arrival.0 / UNIT;
            let delta = time.wrapping_sub(before).cast_signed();
            *symbol = match (u8::try_from(delta), i16::try_from(delta)) {
                (Ok(_), _) => Symbol::Small,
                (_, Ok(_)) => Symbol::Large,
                _ => break,
            };
            before = time;
        }
        known += 1;
    }
    known
}

struct Header {
    sender: Ssrc,
    media: Ssrc,
    base: u16,
    covered: usize,
    reference: u64,
    count: u8,
}

impl Header {
    /// Writes the header of `packet` (§3.1), whose length is the packet's.
    fn write(&self, packet: &mut [u8]) -> Option<()> {
        let words = (packet.len() / 4 - 1) as u16;
        let header: &mut [u8; HEADER] = packet.first_chunk_mut()?;
        header[0] = 0x80 | crate::rtcp::format::TRANSPORT_WIDE_CC;
        header[1] = crate::rtcp::kind::TRANSPORT_FEEDBACK;
        header[2..4].copy_from_slice(&words.to_be_bytes());
        header[4..8].copy_from_slice(&self.sender.0.to_be_bytes());
        header[8..12].copy_from_slice(&self.media.0.to_be_bytes());
        header[12..14].copy_from_slice(&self.base.to_be_bytes());
        header[14..16].copy_from_slice(&(self.covered as u16).to_be_bytes());
        header[16..19].copy_from_slice(&(self.reference as u32).to_be_bytes()[1..]);
        header[19] = self.count;
        Some(())
    }
}

#[cfg(test)]
mod tests;
