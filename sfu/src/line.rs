//! A receiver's line: what was sent over it, what came of that, what it carries, and when it takes more.

mod burst;
mod clock;
mod repairs;

use crate::{
    allocator::{Allocator, Tile},
    api::LineStats,
    bandwidth::{Estimator, Told},
    pacer::Pacer,
};
use burst::Burst;
use clock::{ReceiverClock, Ticks};
use repairs::{Repairs, State};
use std::{collections::VecDeque, time::Duration};
use viva_media::Ssrc;
use viva_wire::{
    Micros,
    rtcp::{Arrival, CongestionFeedback, TransportFeedback},
    twcc::{Sent, SentByStream, SentPackets},
};

/// Numbers that one feedback packet tells of, at most: more are not remembered.
pub const MOST_TOLD: usize = 2_000;

/// Between looks at whether something can be raised.
const LOOK: Duration = Duration::from_millis(200);

/// Of 25 parts of the estimate one stays free, for retransmissions and reports.
const SHARED_PARTS: u64 = 24;
const PARTS: u64 = 25;

/// Loss from which on redundancy is worth its bits, of 256: one packet in a hundred.
pub const NOTABLE_LOSS: u8 = 3;
/// After such loss a way counts as lossy for so long.
pub const LOSSY_FOR: Duration = Duration::from_secs(10);
/// Of 256: a line that loses so much would bring no report either. It is believed where it is reported again, after so long at
/// least and at most.
const ALL: u8 = 250;
const AGAIN: Duration = Duration::from_millis(500);
const SUSPECTED: Duration = Duration::from_secs(5);

/// A client that has just come is taken to want this much, so that its line is known when it says what it wants to see.
const FIRST_WISH: u64 = 2_500_000;
const FIRST: Duration = Duration::from_secs(5);
/// Who tells nothing of the first packets within so long will not.
const SILENT: Duration = Duration::from_secs(2);
/// Probes of the beginning are over after so long.
const YOUNG: Duration = Duration::from_secs(2);

/// A packet as feedback names it: by its stream, unless its number is that of the whole transport, and its number.
type Name = (Ssrc, u16);

/// How a receiver tells of each packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tells {
    /// It tells nothing, or only sums.
    Nothing,
    /// By transport-wide numbers (draft-holmer-rmcat-transport-wide-cc-extensions-01).
    ByNumber,
    /// By stream and sequence number (RFC 8888).
    ByStream,
}

/// Packets that leave together.
#[derive(Debug, Clone, Copy)]
pub struct Lengths {
    pub packets: u64,
    /// Bytes on the wire of each but the last.
    pub segment: u64,
    /// Of all.
    pub length: u64,
}

/// What carries packets to one receiver.
pub struct Line {
    /// When pictures may leave.
    pub pacer: Pacer,
    /// What was sent, by transport-wide number.
    sent: SentPackets,
    /// The same by stream, for a receiver that tells of packets so.
    sent_by_stream: Option<SentByStream>,
    /// Packets that the newest feedback missed: some are only late.
    missing: VecDeque<Name>,
    /// A probe that is being sent.
    burst: Option<Burst>,
    pub estimator: Estimator,
    /// Who gets what of it.
    pub allocator: Allocator,
    clock: ReceiverClock,
    /// What was sent again.
    repairs: Repairs,
    /// By the newest report.
    round_trip: Duration,
    /// Until when it counts as one that loses packets.
    lossy_until: Micros,
    /// When a first report came that all is lost.
    suspected: Option<Micros>,
    /// How the receiver tells of each packet.
    tells: Tells,
    /// The receiver has told something by which it is governed.
    told: bool,
    /// It has got media for some time, and has told nothing.
    is_silent: bool,
    /// When the first packet was sent.
    first_sent: Option<Micros>,
    /// What is to be sent by the last decision, sound included; zero where no picture is.
    planned: u64,
    /// Something could be raised, if the line carried it.
    unsatisfied: bool,
    /// When the last decision was made.
    looked: Micros,
    /// When media could be sent first.
    began: Option<Micros>,
}

impl Line {
    /// A line of which nothing is known.
    pub fn new(now: Micros) -> Self {
        Self {
            pacer: Pacer::default(),
            sent: SentPackets::default(),
            sent_by_stream: None,
            missing: VecDeque::new(),
            burst: None,
            estimator: Estimator::new(now),
            allocator: Allocator::default(),
            clock: ReceiverClock::default(),
            repairs: Repairs::new(now),
            round_trip: ROUND_TRIP,
            lossy_until: Micros(0),
            suspected: None,
            tells: Tells::Nothing,
            told: false,
            is_silent: false,
            first_sent: None,
            planned: 0,
            unsatisfied: false,
            looked: now,
            began: None,
        }
    }

    /// The receiver tells of each packet so from now on.
    pub fn agree(&mut self, tells: Tells) {
        if self.tells == tells {
            return;
        }
        let by_stream = tells == Tells::ByStream;
        self.sent_by_stream = by_stream.then(SentByStream::default);
        self.clock = ReceiverClock::of(if by_stream { Ticks::Ntp } else { Ticks::Quarters });
        self.missing.clear();
        self.tells = tells;
    }

    fn tells_of_each(&self) -> bool {
        self.tells != Tells::Nothing
    }

    /// Media can be sent.
    pub fn begin(&mut self, now: Micros) {
        self.began.get_or_insert(now);
    }

    /// Bits a second that the line carries; `None` where nothing tells.
    pub fn estimate(&self) -> Option<u64> {
        // Who agrees to tell of each packet and then does not is not held to what we begin with.
        (self.told || self.tells_of_each() && !self.is_silent).then(|| self.estimator.estimate())
    }

    /// What is known of it, if anything.
    pub fn stats(&self) -> Option<LineStats> {
        let estimate = self.estimate()?;
        Some(LineStats {
            estimate,
            loss: self.estimator.loss(),
            queueing: self.estimator.queueing(),
            congested: self.estimator.is_congested(),
        })
    }

    /// What is left for pictures beside so many bits of sound.
    fn budget(&self, sound: u64) -> u64 {
        self.estimate().map_or(u64::MAX, |estimate| (estimate / PARTS * SHARED_PARTS).saturating_sub(sound))
    }

    /// Bits a second at which pictures leave while so many bytes wait; `None`: as they come.
    pub fn pace(&self, waiting: u64) -> Option<u64> {
        self.estimate().map(|estimate| Pacer::rate(estimate, waiting))
    }

    /// Packets left now, the first with this transport-wide number: `length` bytes on the wire in all, each of `segment` but
    /// the last, which may be shorter. `names` are asked for where the receiver tells of packets by stream.
    #[inline]
    pub fn sent<Names: Iterator<Item = (Ssrc, u16)>>(
        &mut self,
        now: Micros,
        first: u16,
        names: impl FnOnce() -> Names,
        Lengths { packets, segment, length }: Lengths,
    ) {
        self.estimator.sent(now, length as u32);
        let began = *self.first_sent.get_or_insert(now);
        self.is_silent = !self.told && now.since(began) > SILENT;
        if !self.tells_of_each() {
            return;
        }
        let probe = self.burst.as_mut().map(|burst| burst.sent(packets, length));
        let mut left = length;
        let sizes = (0..packets).map(|_| {
            let size = left.min(segment);
            left -= size;
            Sent { at: now, size: size as u16, probe }
        });
        if let Some(sent) = &mut self.sent_by_stream {
            names().zip(sizes).for_each(|((stream, number), packet)| sent.sent(stream, number, packet));
            return;
        }
        let mut number = first;
        for packet in sizes {
            self.sent.sent(number, packet);
            number = number.wrapping_add(1);
        }
    }

    /// The receiver tells what came of what was sent; `room` is memory to be used again.
    pub fn feedback(&mut self, now: Micros, feedback: TransportFeedback<'_>, room: &mut Vec<Told>) {
        if self.tells == Tells::ByNumber {
            let packets = feedback.packets().map(|(number, ticks)| ((Ssrc(0), number), ticks));
            self.hear(now, packets, room);
            self.learn(now, room);
        }
    }

    /// The same, told by stream (RFC 8888).
    pub fn congestion_feedback(
        &mut self,
        now: Micros,
        feedback: CongestionFeedback<'_>,
        room: &mut Vec<Told>,
    ) {
        if self.tells == Tells::ByStream {
            let packets = feedback.packets().filter_map(|(stream, number, arrival)| match arrival {
                Arrival::At(ticks) => Some(((stream, number), Some(ticks))),
                Arrival::Missing => Some(((stream, number), None)),
                Arrival::Untimed => None,
            });
            self.hear(now, packets, room);
            // Stream by stream is not in which order they were sent.
            room.sort_unstable_by_key(|packet| (packet.sent, packet.arrived.unwrap_or(Micros::NEVER)));
            self.learn(now, room);
        }
    }

    fn learn(&mut self, now: Micros, told: &[Told]) {
        if !told.is_empty() {
            self.told = true;
            self.estimator.feedback(now, told);
        }
    }

    fn hear(
        &mut self,
        now: Micros,
        packets: impl Iterator<Item = (Name, Option<u32>)>,
        room: &mut Vec<Told>,
    ) {
        room.clear();
        let missing = self.missing.len();
        // The packets of a feedback stand in runs, and `for_each` walks over whole runs.
        packets.take(MOST_TOLD).for_each(|(name, ticks)| match ticks {
            Some(ticks) => {
                let arrived = Some(self.clock.unwrap(ticks));
                room.extend(self.take(now, name, arrived));
            }
            None if self.missing.len() < MOST_TOLD => self.missing.push_back(name),
            None => {}
        });
        // What was missing before this feedback, and has not come with it, is lost: it is older than all of that.
        let arrived = room.len();
        for _ in 0..missing {
            let Some(name) = self.missing.pop_front() else { break };
            room.extend(self.take(now, name, None));
        }
        room.rotate_left(arrived);
    }

    fn take(&mut self, now: Micros, (stream, number): Name, arrived: Option<Micros>) -> Option<Told> {
        let sent = match &mut self.sent_by_stream {
            Some(sent) => sent.take(stream, number, now),
            None => self.sent.take(number, now),
        };
        let Sent { at, size, probe } = sent?;
        Some(Told { sent: at, size, probe, arrived })
    }

    /// The receiver tells what it can receive, in bits a second. Who tells of each packet is not asked; and since such figures
    /// follow what was sent, they bound only a line that has lost packets.
    pub fn remb(&mut self, now: Micros, bits: u64) {
        if !self.tells_of_each() && self.told {
            self.estimator.remb(now, bits);
        }
    }

    /// The receiver tells how much of a stream it lost.
    pub fn report(&mut self, now: Micros, fraction_lost: u8, round_trip: Option<Duration>) {
        if let Some(round_trip) = round_trip {
            self.round_trip = round_trip;
            self.estimator.set_round_trip(round_trip);
        }
        let lossy = fraction_lost > LOSSY && (fraction_lost < ALL || self.is_all_lost_again(now));
        if !self.tells_of_each() && (self.told || lossy) {
            self.told = true;
            self.estimator.report(now, fraction_lost, round_trip);
        }
    }

    /// The first report of some clients says that all is lost though all came (libdatachannel): it counts when it comes again.
    fn is_all_lost_again(&mut self, now: Micros) -> bool {
        let passed = self.suspected.map(|suspected| now.since(suspected));
        if passed.is_none_or(|passed| passed > SUSPECTED) {
            self.suspected = Some(now);
        }
        passed.is_some_and(|passed| (AGAIN..=SUSPECTED).contains(&passed))
    }

    /// May this packet of a stream be sent again now? One RTCP packet can ask for thousands.
    pub fn may_repair(&mut self, now: Micros, ssrc: Ssrc, number: u16) -> bool {
        let estimate = self.estimate().unwrap_or(UNTOLD);
        let congested = self.estimator.is_congested();
        self.repairs.may(now, &State { estimate, congested, round_trip: self.round_trip }, ssrc, number)
    }

    /// A packet of so many bytes is sent again.
    pub const fn repaired(&mut self, bytes: u16) {
        self.repairs.spend(bytes as u64);
    }

    /// Is it time for another decision? At once where more is sent than the line carries.
    pub fn is_due(&self, now: Micros) -> bool {
        let too_much = || self.planned > 0 && self.estimate().is_some_and(|estimate| estimate < self.planned);
        now.since(self.looked) >= LOOK || too_much()
    }

    /// Decides what each tile gets beside so many bits of sound; returns what there was to share.
    pub fn share(&mut self, now: Micros, sound: u64, tiles: &mut [Tile]) -> u64 {
        let (budget, congested) = (self.budget(sound), self.estimator.is_congested());
        if !self.told {
            tiles.iter_mut().for_each(|tile| tile.firm = true);
        }
        let plan = self.allocator.share(now, budget, congested, tiles);
        self.looked = now;
        self.unsatisfied = plan.bits < plan.full;
        self.planned = if plan.bits > 0 { plan.bits + sound } else { 0 };
        let (full, next) = (plan.full + sound, plan.next + sound);
        let young = self.began.is_some_and(|began| now.since(began) < FIRST);
        let full = if young { full.max(FIRST_WISH) } else { full };
        self.estimator.set_wish(now, grossed(full), grossed(next) / 20 * BEYOND);
        budget
    }

    /// Has it lost packets lately, and carries twice what the sound takes? Then sound is sent twice.
    pub fn wants_redundancy(&mut self, now: Micros, sound: u64) -> bool {
        if self.estimator.loss() >= NOTABLE_LOSS {
            self.lossy_until = now + LOSSY_FOR;
        }
        now < self.lossy_until && self.has_room_for(2 * sound)
    }

    /// Does it carry so much?
    pub fn has_room_for(&self, bits: u64) -> bool {
        self.estimate().is_none_or(|estimate| estimate >= bits)
    }

    /// So little time has passed that what it carries is not known yet.
    pub fn is_young(&self, now: Micros) -> bool {
        self.began.is_none_or(|began| now.since(began) < YOUNG)
    }

    /// Time passes; a probe may begin.
    pub fn tick(&mut self, now: Micros) {
        if self.began.is_none() {
            return;
        }
        if self.estimator.deadline() <= now {
            self.estimator.tick(now);
        }
        if !self.tells_of_each() {
            return;
        }
        if self.burst.as_ref().is_some_and(|burst| burst.is_over(now)) {
            self.burst = None;
        }
        if self.burst.is_none() && self.told {
            self.burst = self.estimator.take_probe(now).map(|probe| Burst::new(now, probe));
        }
    }

    /// Bytes to be sent now for the probe that is under way, beside what was sent anyway.
    pub fn padding(&self, now: Micros) -> u64 {
        self.burst.as_ref().map_or(0, |burst| burst.due(now))
    }

    /// When [`Self::tick`] has something to do.
    pub fn deadline(&self, now: Micros) -> Micros {
        if self.began.is_none() || !self.tells_of_each() && !self.told {
            return Micros::NEVER;
        }
        let burst = self.burst.as_ref().map_or(Micros::NEVER, |burst| burst.deadline(now));
        // Where nothing is sent, no feedback comes at which to look.
        let look = if self.unsatisfied { self.looked + LOOK } else { Micros::NEVER };
        let estimator = if self.told { self.estimator.deadline() } else { Micros::NEVER };
        burst.min(estimator).min(look)
    }
}

/// Round trip until one is known.
const ROUND_TRIP: Duration = Duration::from_millis(50);

/// What a line that tells nothing is taken to carry, as far as repairs go, in bits a second.
const UNTOLD: u64 = 40_000_000;

/// Loss that governs a receiver which tells nothing else, of 256: a tenth.
const LOSSY: u8 = 26;

/// Probes go so many twentieths of what the next step needs: what they show varies.
const BEYOND: u64 = 23;

/// What the estimate must be for this much to be planned.
const fn grossed(bits: u64) -> u64 {
    bits / SHARED_PARTS * PARTS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn that_all_is_lost_is_believed_when_it_is_said_again() {
        let second = |second: u64| Micros::from_millis(1_000 * second);
        let mut line = Line::new(second(0));
        for at in [1, 1, 8] {
            line.report(second(at), u8::MAX, None);
            line.report(second(at), 0, None);
            assert_eq!(line.estimate(), None, "said once");
        }
        line.report(second(9), u8::MAX, None);
        assert!(line.estimate().is_some(), "said again");
        let mut usual = Line::new(second(0));
        usual.report(second(1), LOSSY + 1, None);
        assert!(usual.estimate().is_some(), "usual loss counts at once");
    }
}
