//! Stands behind a unit's socket, opens all that goes to one peer and checks it against the truth.

mod stream;

pub use stream::{Sent, Stream};

use super::{model::Model, peer::extensions, stamp::Stamp, world::folded};
use std::collections::{BTreeMap, VecDeque};
use viva_media::{Extension, MediaKind, ParticipantId, PublicationId, Ssrc};
use viva_wire::{
    Micros,
    ntp::NtpClock,
    rtcp::{self, Feedback},
    rtp::{Header, read_original_sequence},
    srtp::Inbound,
};

/// A source must have reported for so long before sound and picture are compared.
const SETTLED: u64 = 6_000_000;
/// Packets of sound that are known, to know them again; they are shorter than this.
const SOUND_KEPT: usize = 128;
const SOUND_LENGTH: usize = 500;
/// How far sound and picture of one participant may be apart: less is not noticed (ITU-R BT.1359-1).
const LIP_SYNC: i64 = 40_000;

/// The checker of one peer's incoming packets.
pub struct Tap {
    receiver: ParticipantId,
    inbound: Option<Inbound>,
    early: Vec<(u64, u64, Vec<u8>)>,
    transport_cc: Option<u16>,
    ntp: NtpClock,
    /// By SSRC.
    pub streams: BTreeMap<u32, Stream>,
    /// How far sound and picture of each participant are from their capture: by the report of when, by how much, and whether
    /// they have been here for long.
    skews: BTreeMap<(ParticipantId, MediaKind), (u64, i64, bool)>,
    /// The worst difference between sound and picture seen.
    pub worst_lip_sync: i64,
    /// Comparisons of sound and picture made.
    pub comparisons: u64,
    /// Folds what was sent, in clear.
    pub trace: u64,
    /// Bytes of sealed packets.
    pub bytes: u64,
    /// The newest packets of sound as they were sealed, with their stream and what they carry.
    sound: VecDeque<(Vec<u8>, Ssrc, Stamp)>,
    /// Packets of sound that went out again as they were.
    pub repeated: u64,
}

impl Tap {
    /// A tap without keys, which keeps what comes until there are some.
    pub fn new(receiver: ParticipantId, ntp: NtpClock) -> Self {
        Self {
            receiver,
            inbound: None,
            early: Vec::new(),
            transport_cc: None,
            ntp,
            streams: BTreeMap::new(),
            skews: BTreeMap::new(),
            worst_lip_sync: 0,
            comparisons: 0,
            trace: 0,
            bytes: 0,
            sound: VecDeque::new(),
            repeated: 0,
        }
    }

    /// The peer has keys now.
    ///
    /// # Errors
    /// What was wrong with the packets that were kept.
    pub fn open(&mut self, inbound: Inbound, model: &Model) -> Result<(), String> {
        self.inbound = Some(inbound);
        for (now, epoch, mut packet) in std::mem::take(&mut self.early) {
            self.check(now, &mut packet, (epoch == model.epoch).then_some(model))?;
        }
        Ok(())
    }

    /// A sealed packet leaves the unit now.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn receive(&mut self, now: u64, packet: &[u8], model: &Model) -> Result<(), String> {
        self.bytes += packet.len() as u64;
        let mut packet = packet.to_vec();
        if self.inbound.is_none() {
            self.early.push((now, model.epoch, packet));
            return Ok(());
        }
        self.check(now, &mut packet, Some(model))
    }

    fn check(&mut self, now: u64, packet: &mut [u8], model: Option<&Model>) -> Result<(), String> {
        let Some(inbound) = &mut self.inbound else { return Ok(()) };
        if (192..=223).contains(&packet[1]) {
            let length = inbound.unprotect_rtcp(packet).map_err(|reason| format!("RTCP: {reason:?}"))?;
            return self.check_rtcp(now, &packet[..length]);
        }
        let sealed = (packet.len() < SOUND_LENGTH).then(|| packet.to_vec());
        let (length, index) = match inbound.unprotect_rtp(packet) {
            Ok(opened) => opened,
            Err(reason) => {
                let said = format!("sealed twice or wrongly: {reason:?} {:02x?}", &packet[..12]);
                return self.check_repeated(sealed.as_deref(), model).ok_or(said)?;
            }
        };
        self.check_rtp(now, index, &packet[..length], model)?;
        if let Some(sealed) = sealed {
            self.keep_sound(sealed, &packet[..length]);
        }
        Ok(())
    }

    /// Sound may be sent again as it was, byte for byte, to whoever may still have it.
    fn check_repeated(&mut self, sealed: Option<&[u8]>, model: Option<&Model>) -> Option<Result<(), String>> {
        let (_, ssrc, stamp) = self.sound.iter().find(|(kept, ..)| Some(kept.as_slice()) == sealed)?;
        self.repeated += 1;
        let Some(model) = model else { return Some(Ok(())) };
        let Some((slot, _)) = model.slot(self.receiver, *ssrc) else {
            return Some(Err("sound again in a stream that nobody agreed to".to_owned()));
        };
        let publication = PublicationId(stamp.publication);
        let judged = model.judge(self.receiver, slot.mid, publication, stamp.captured);
        Some(
            judged
                .map_err(|reason| format!("{publication} again to {} {}: {reason}", self.receiver, slot.mid)),
        )
    }

    fn keep_sound(&mut self, sealed: Vec<u8>, packet: &[u8]) {
        let Ok(header) = Header::parse(packet) else { return };
        let Some(stamp) = header.payload(packet).ok().and_then(Stamp::read) else { return };
        self.sound.push_back((sealed, header.ssrc, stamp));
        if self.sound.len() > SOUND_KEPT {
            self.sound.pop_front();
        }
    }

    fn check_rtcp(&mut self, now: u64, packet: &[u8]) -> Result<(), String> {
        for feedback in rtcp::read(packet) {
            match feedback.map_err(|reason| format!("RTCP: {reason:?}"))? {
                Feedback::SenderReport(info) => {
                    let at = self.ntp.micros(info.ntp);
                    if at.since(Micros(now)).max(Micros(now).since(at)).as_millis() > 1 {
                        return Err(format!("a sender report of {at:?}"));
                    }
                    self.fold([now, 200, info.ssrc.0.into(), info.rtp.into()]);
                    let stream =
                        self.streams.get_mut(&info.ssrc.0).ok_or("a report about a stream never seen")?;
                    stream.report(now, info);
                }
                Feedback::PictureLoss { .. } => self.fold([now, 206]),
                Feedback::Nack { lost, .. } => {
                    for sequence in lost {
                        self.fold([now, 205, sequence.into()]);
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn check_rtp(
        &mut self,
        now: u64,
        index: u64,
        packet: &[u8],
        model: Option<&Model>,
    ) -> Result<(), String> {
        let header = Header::parse(packet).map_err(|reason| format!("{reason:?}"))?;
        let payload = header.payload(packet).map_err(|reason| format!("{reason:?}"))?;
        self.fold([now, index, header.ssrc.0.into(), header.timestamp.into(), payload.len() as u64]);
        self.check_transport_cc(&header, packet)?;
        let (ssrc, index, payload, repair) = match self.media_stream(header.ssrc, model) {
            // A probe: padding alone, where it hurts nobody.
            Some(_) if payload.is_empty() => return Ok(()),
            Some(ssrc) => {
                let (original, payload) = read_original_sequence(payload).map_err(|r| format!("{r:?}"))?;
                let stream = self.streams.get(&ssrc.0).ok_or("repairs a stream never seen")?;
                (ssrc, stream.extend(original), payload, true)
            }
            None => (header.ssrc, index, payload, false),
        };
        let stamp = Stamp::read(payload);
        if stamp.is_none() && !payload.is_empty() {
            return Err(format!("a payload without a stamp: {:02x?}", &payload[..payload.len().min(24)]));
        }
        if let Some(stamp) = stamp {
            self.fold([stamp.publication, stamp.layer.into(), stamp.frame.into(), stamp.packet.into()]);
        }
        if let Some(model) = model {
            self.judge(model, ssrc, &header, stamp, repair)?;
        }
        let picture = payload.get(2..5).filter(|_| header.pt.0 == 96 || repair && header.pt.0 == 97);
        let sent = Sent {
            timestamp: header.timestamp,
            marker: header.marker,
            stamp,
            picture: picture.map(|bytes| (u16::from_be_bytes([bytes[0] & 0x7f, bytes[1]]), bytes[2])),
        };
        let shown = self.streams.get(&ssrc.0).and_then(|stream| stream.before(index));
        let withdrawn = shown.is_some_and(|shown| self.is_withdrawn(model, ssrc, shown));
        let stream = self.streams.entry(ssrc.0).or_insert_with(|| Stream::new(header.ssrc, index));
        if repair {
            stream.repeat(now, index, &sent)
        } else {
            stream.insert(now, index, sent, withdrawn)?;
            self.compare(now, ssrc, index, &sent, model)
        }
        .map_err(|reason| format!("stream {ssrc}: {reason}"))
    }

    /// May this not be shown in a stream any more?
    fn is_withdrawn(&self, model: Option<&Model>, ssrc: Ssrc, shown: Stamp) -> bool {
        let slot = model.and_then(|model| Some((model, model.slot(self.receiver, ssrc)?.0)));
        slot.is_some_and(|(model, slot)| {
            let publication = PublicationId(shown.publication);
            model.judge(self.receiver, slot.mid, publication, shown.captured).is_err()
        })
    }

    /// The stream that this one repairs, if it is one of retransmissions.
    fn media_stream(&self, ssrc: Ssrc, model: Option<&Model>) -> Option<Ssrc> {
        let slot = model.and_then(|model| model.slot(self.receiver, ssrc));
        match slot {
            Some((slot, true)) => Some(slot.ssrc),
            Some((_, false)) => None,
            // Retransmissions have the odd SSRCs in this world.
            None => (ssrc.0 % 2 == 1).then(|| Ssrc(ssrc.0 - 1)),
        }
    }

    fn judge(
        &self,
        model: &Model,
        ssrc: Ssrc,
        header: &Header,
        stamp: Option<Stamp>,
        repair: bool,
    ) -> Result<(), String> {
        let (slot, _) = model.slot(self.receiver, ssrc).ok_or("a stream that nobody agreed to")?;
        let codec = slot
            .codecs
            .iter()
            .find(|codec| if repair { codec.rtx == Some(header.pt) } else { codec.pt == header.pt });
        let codec = codec.ok_or_else(|| format!("payload type {}", header.pt))?;
        let Some(stamp) = stamp else { return Ok(()) };
        let publication = PublicationId(stamp.publication);
        model.judge(self.receiver, slot.mid, publication, stamp.captured).map_err(|reason| {
            format!("{publication} to {} {}: {reason} ({stamp:?})", self.receiver, slot.mid)
        })?;
        let published = &model.publications[&publication].parameters;
        if published.kind != slot.kind || !published.codecs.iter().any(|theirs| theirs.codec == codec.codec) {
            return Err(format!("{:?} in a slot of {:?}", published.codecs, slot.kind));
        }
        Ok(())
    }

    /// Transport-wide numbers follow each other without gap in the order of sending.
    fn check_transport_cc(&mut self, header: &Header, packet: &[u8]) -> Result<(), String> {
        let id = extensions().id(Extension::TransportWideCc).ok_or("no id")?;
        let number =
            header.extension(packet, id).and_then(|data| data.try_into().ok()).map(u16::from_be_bytes);
        let number = number.ok_or("no transport-wide number")?;
        if let Some(before) = self.transport_cc.replace(number)
            && number != before.wrapping_add(1)
        {
            return Err(format!("transport-wide number {number} after {before}"));
        }
        Ok(())
    }

    /// Sound and picture of one participant must say the same capture time (RFC 3550 §6.4.1).
    fn compare(
        &mut self,
        now: u64,
        ssrc: Ssrc,
        index: u64,
        sent: &Sent,
        model: Option<&Model>,
    ) -> Result<(), String> {
        let (Some(stamp), Some(model)) = (sent.stamp, model) else { return Ok(()) };
        let Some(published) = model.publications.get(&PublicationId(stamp.publication)) else {
            return Ok(());
        };
        let kind = published.parameters.kind;
        let rate = if kind == MediaKind::Audio { 48_000 } else { 90_000 };
        let Some((report, skew)) =
            self.streams.get(&ssrc.0).and_then(|stream| stream.skew(&self.ntp, sent, rate))
        else {
            return Ok(());
        };
        // What had to be caught up was shown later than it should.
        if self.streams[&ssrc.0].is_hurried(index) {
            return Ok(());
        }
        let settled =
            self.streams[&ssrc.0].source_since(stamp.publication).is_some_and(|since| now - since > SETTLED);
        self.skews.insert((published.owner, kind), (report, skew, settled));
        let other = if kind == MediaKind::Audio { MediaKind::Video } else { MediaKind::Audio };
        let Some((theirs_at, theirs, theirs_settled)) = self.skews.get(&(published.owner, other)) else {
            return Ok(());
        };
        // Both from one compound report: what the unit knows of the clocks may grow better between two. Both have been here
        // for long: a layer that has just begun to send is placed by its arrivals until its first report.
        if report != *theirs_at || !settled || !theirs_settled {
            return Ok(());
        }
        self.comparisons += 1;
        let apart = (skew - theirs).abs();
        self.worst_lip_sync = self.worst_lip_sync.max(apart);
        if apart > LIP_SYNC {
            return Err(format!("sound and picture are {apart} µs apart ({kind:?}, {stamp:?})"));
        }
        Ok(())
    }

    fn fold<const N: usize>(&mut self, values: [u64; N]) {
        for value in values {
            self.trace = folded(self.trace, value);
        }
    }
}
