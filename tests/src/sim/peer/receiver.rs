//! One slot as a modelled browser sees it: what is missing is asked for, what cannot be decoded is asked for anew.

use super::decoder::Decoder;
use crate::sim::stamp::Stamp;
use std::collections::BTreeMap;
use viva_media::{MediaKind, Mid, SlotParameters, Ssrc};
use viva_wire::{
    ntp::Ntp,
    rtcp::{ReportBlock, Writer},
};

/// Reordering is waited for so long before a number is asked for.
const GRACE: u64 = 10_000;
/// Requests for one number.
const TRIES: u8 = 10;
/// The same for sound: what does not come then comes too late.
const SOUND_TRIES: u8 = 2;
/// Between requests for key frames, and the longest wait for the first one.
const STUCK: u64 = 300_000;
/// Between requests of who asks without need.
const STORM: u64 = 50_000;

/// How long a receiver waits; in microseconds.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// Between requests for one number.
    pub retry: u64,
    /// Without a frame for so long while packets come, a key frame is asked for.
    pub stuck: u64,
}

impl Patience {
    /// Little: faults show soon.
    pub const SHORT: Self = Self { retry: 70_000, stuck: STUCK };
    /// As Chromium has it where it cannot measure the round trip.
    pub const CHROMIUM: Self = Self { retry: 100_000, stuck: 3_000_000 };
}

/// One slot.
pub struct Receiver {
    /// Its media section.
    pub mid: Mid,
    /// Audio or video.
    pub kind: MediaKind,
    /// The stream.
    pub ssrc: Ssrc,
    /// Its retransmissions.
    pub rtx: Option<Ssrc>,
    /// What can be shown.
    pub decoder: Decoder,
    /// Packets by publication, for sound.
    pub heard: BTreeMap<u64, u64>,
    /// Media packets received, retransmissions included.
    pub packets: u64,
    /// Numbers asked for.
    pub nacks: u64,
    /// Numbers given up.
    pub given_up: u64,
    /// Key frames asked for.
    pub plis: u64,
    /// Asks for one each 50 ms, whatever comes.
    pub storms: bool,
    /// How long it waits.
    pub patience: Patience,
    /// It asks for sound that it misses, under the sound's own numbers.
    pub asks_for_sound: bool,
    highest: Option<u64>,
    lowest: u64,
    missing: BTreeMap<u64, Missing>,
    last_packet: u64,
    last_pli: u64,
    report: Option<(Ntp, u64)>,
    /// Packets of the stream itself; and those, and the numbers expected, when the newest report was written.
    own: u64,
    reported: (u64, u64),
}

#[derive(Debug)]
struct Missing {
    next: u64,
    tries: u8,
}

impl Receiver {
    /// A slot as agreed.
    pub fn new(parameters: &SlotParameters) -> Self {
        Self {
            mid: parameters.mid,
            kind: parameters.kind,
            ssrc: parameters.ssrc,
            rtx: parameters.rtx_ssrc,
            decoder: Decoder::default(),
            heard: BTreeMap::new(),
            packets: 0,
            nacks: 0,
            given_up: 0,
            plis: 0,
            storms: false,
            patience: Patience::SHORT,
            asks_for_sound: false,
            highest: None,
            lowest: 0,
            missing: BTreeMap::new(),
            last_packet: 0,
            last_pli: 0,
            report: None,
            own: 0,
            reported: (0, 0),
        }
    }

    /// A packet of the stream; without a stamp it is padding.
    pub fn receive(&mut self, now: u64, index: u64, stamp: Option<Stamp>) {
        self.last_packet = now;
        self.own += 1;
        match self.highest {
            None => (self.highest, self.lowest) = (Some(index), index),
            Some(highest) if index > highest => {
                if index - highest > 500 {
                    self.missing.clear();
                } else if self.kind == MediaKind::Video || self.asks_for_sound {
                    let missing = |index| (index, Missing { next: now + GRACE, tries: 0 });
                    self.missing.extend((highest + 1..index).map(missing));
                }
                self.highest = Some(index);
            }
            Some(_) => {
                self.missing.remove(&index);
            }
        }
        let Some(stamp) = stamp else { return };
        if self.packets == 0 {
            // Nothing is late before it has begun.
            self.decoder.last = now;
        }
        self.packets += 1;
        *self.heard.entry(stamp.publication).or_default() += 1;
        if self.kind == MediaKind::Video && self.decoder.receive(now, index, stamp) && stamp.key {
            // Nothing before a key frame is needed.
            self.missing = self.missing.split_off(&index.saturating_sub(u64::from(stamp.packets)));
        }
    }

    /// A retransmission of the number whose lower 16 bits are `sequence`.
    pub fn receive_repair(&mut self, now: u64, sequence: u16, stamp: Option<Stamp>) {
        let Some(highest) = self.highest else { return };
        let back = u64::from((highest as u16).wrapping_sub(sequence));
        if back < 0x8000 && highest >= back && highest - back >= self.lowest {
            self.receive(now, highest - back, stamp);
            self.own -= 1;
        }
    }

    /// A sender report of the stream.
    pub fn handle_report(&mut self, now: u64, ntp: Ntp) {
        self.report = Some((ntp, now));
    }

    /// Writes what it asks for now.
    pub fn ask(&mut self, now: u64, own: Ssrc, writer: &mut Writer<'_>) {
        let mut due = Vec::new();
        let Patience { retry, stuck } = self.patience;
        let tries = if self.kind == MediaKind::Audio { SOUND_TRIES } else { TRIES };
        let given_up = &mut self.given_up;
        self.missing.retain(|index, missing| {
            if missing.next > now {
                return true;
            }
            if missing.tries >= tries {
                *given_up += 1;
                return false;
            }
            missing.tries += 1;
            missing.next = now + retry;
            due.push(*index as u16);
            true
        });
        if !due.is_empty() && (self.rtx.is_some() || self.asks_for_sound) {
            due.truncate(128);
            self.nacks += writer.nack(own, self.ssrc, &due) as u64;
        }
        // A decoder that has waited in vain once asks often.
        let waits = self.decoder.decoded > 0 && self.last_pli < self.decoder.last;
        let longest = if waits { stuck } else { STUCK };
        let stuck =
            now.saturating_sub(self.decoder.last) > longest && now.saturating_sub(self.last_packet) < STUCK;
        let (asks, pause) = if self.storms { (true, STORM) } else { (self.packets > 0 && stuck, STUCK) };
        if self.kind == MediaKind::Video && asks && now > self.last_pli + pause {
            self.last_pli = now;
            self.plis += 1;
            writer.picture_loss(own, self.ssrc).expect("room");
        }
    }

    /// The block of the next receiver report.
    pub fn block(&mut self, now: u64) -> Option<ReportBlock> {
        let highest = self.highest?;
        let expected = highest + 1 - self.lowest;
        let (came, due) = (self.own - self.reported.0, expected - self.reported.1);
        self.reported = (self.own, expected);
        let lost = due.saturating_sub(came);
        let (last_report, delay) =
            self.report.map_or((0, 0), |(ntp, at)| (ntp.middle(), ((now - at) * 65_536 / 1_000_000) as u32));
        Some(ReportBlock {
            about: self.ssrc,
            // RFC 3550 §6.4.1.
            fraction_lost: (lost * 256).checked_div(due).unwrap_or(0).min(255) as u8,
            cumulative_lost: expected.saturating_sub(self.own) as _,
            highest: highest as u32,
            jitter: 0,
            last_report,
            delay,
        })
    }

    /// Numbers that it still waits for.
    pub fn missing(&self) -> usize {
        self.missing.len()
    }
}
