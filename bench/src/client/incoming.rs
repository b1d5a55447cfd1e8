//! One stream that a load client receives, checked packet by packet.

use super::stamp::Stamp;
use crate::tally::Tally;
use viva_media::Ssrc;
use viva_wire::{
    Micros,
    loss::{Arrival, LossDetector},
    ntp::Ntp,
    reception::Reception,
    rtcp::{ReportBlock, Writer},
    rtp::Header,
};

/// A stream is quiet, not starving, when nothing came for so long, in microseconds.
const QUIET: u64 = 5_000_000;

/// What arrives on one SSRC, and what is answered to it.
pub struct Incoming {
    pub ssrc: Ssrc,
    /// It is sound.
    pub audio: bool,
    highest: Option<u64>,
    loss: LossDetector,
    reception: Reception,
    last: u64,
    /// Since when it waits for a key frame.
    broken: Option<u64>,
    newest: Option<Stamp>,
}

impl Incoming {
    pub(super) fn new(now: u64, ssrc: Ssrc, audio: bool) -> Self {
        Self {
            ssrc,
            audio,
            highest: None,
            loss: LossDetector::default(),
            reception: Reception::new(if audio { 48_000 } else { 90_000 }),
            last: now,
            broken: None,
            newest: None,
        }
    }

    pub(super) fn received(
        &mut self,
        now: u64,
        index: u64,
        header: &Header,
        payload: usize,
        stamp: Option<Stamp>,
        tally: &mut Tally,
    ) {
        self.last = now;
        if !self.reception.received(index, header.timestamp, Micros(now)) {
            tally.duplicates += 1;
            return;
        }
        tally.received += 1;
        tally.sound += u64::from(self.audio);
        let before = self.highest;
        let (advance, late) = match before {
            None => (1, false),
            Some(highest) => (index.saturating_sub(highest), index < highest),
        };
        tally.expected += advance;
        tally.sound_expected += if self.audio { advance } else { 0 };
        tally.reordered += u64::from(late);
        self.highest = before.max(Some(index));
        if !self.audio {
            self.loss.received(index, Micros(now));
        }
        let Some(stamp) = stamp else {
            // Padding under a number that carries nothing has no stamp.
            tally.unstamped += u64::from(payload > 0);
            return;
        };
        if let Some(newest) = self.newest
            && newest.stream == stamp.stream
            && !late
            && stamp.count.wrapping_sub(newest.count) > u32::MAX / 2
        {
            tally.disordered += 1;
        }
        self.newest = Some(stamp);
        tally.delay(now.saturating_sub(stamp.sent));
    }

    /// A retransmission of this stream arrived.
    pub(super) fn repaired(&mut self, now: u64, original: u16, stamp: Option<Stamp>, tally: &mut Tally) {
        let Some(highest) = self.highest else { return };
        let back = u64::from((highest as u16).wrapping_sub(original));
        let index = highest.saturating_sub(back);
        if self.loss.received(index, Micros(now)) == Arrival::Recovered {
            tally.repaired += 1;
            if let Some(stamp) = stamp {
                tally.repair_delay(now.saturating_sub(stamp.sent));
            }
        }
    }

    /// Asks for what is missing.
    pub(super) fn ask(&mut self, now: u64, own: Ssrc, writer: &mut Writer<'_>) {
        let mut lost = [0; 64];
        let count = self.loss.poll(Micros(now), None, &mut lost);
        if count > 0 {
            writer.nack(own, self.ssrc, lost.get(..count).unwrap_or_default());
        }
        if self.loss.take_given_up() {
            self.broken.get_or_insert(now);
        }
    }

    pub(super) fn misses(&self) -> bool {
        self.loss.missing() > 0
    }

    /// It has lost what it cannot get back, and asks for a key frame.
    pub(super) fn starves(&mut self, now: u64, impatience: u64) -> bool {
        let starves = self.broken.is_some_and(|since| now >= since + impatience) && now < self.last + QUIET;
        if starves {
            self.broken = None;
        }
        starves
    }

    pub(super) const fn reported(&mut self, ntp: Ntp, now: u64) {
        self.reception.sender_report(ntp, Micros(now));
    }

    pub(super) fn block(&mut self, now: u64) -> Option<ReportBlock> {
        (now < self.last + QUIET).then(|| self.reception.report_block(self.ssrc, Micros(now))).flatten()
    }
}
