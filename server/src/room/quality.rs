//! Each seat's network, and what it leaves of each picture, judged from the counters of its transport.

use super::{Room, scale::worse};
use std::time::Duration;
use tokio::time::Instant;
use viva_media::ParticipantId;
use viva_sfu::{Frames, Granted, SlotStats, TransportStats};
use viva_signaling::message::{NetworkQuality, ServerMessage, SlotReport, StatsReport};

impl Room {
    /// Takes the newest counters of the room's transports.
    pub(super) fn measured(&mut self, transports: Vec<TransportStats>) {
        let (now, meter) = (Instant::now(), self.metrics.networks());
        for stats in transports {
            let id = stats.participant;
            let Some(seat) = self.seats.get_mut(&id) else { continue };
            let Some(media) = &mut seat.media else { continue };
            if let Some(line) = &stats.line {
                meter.estimated(line.estimate);
            }
            let quality = media.path.is_some().then(|| judge(&stats, media.stats.as_ref()));
            let mut changed = Vec::new();
            for slot in &stats.slots {
                let shown = media.sources.get_mut(&slot.mid).filter(|it| slot.source == Some(it.publication));
                let Some((filled, quality)) = shown.zip(judge_tile(&stats, slot)) else { continue };
                if filled.quality.measured(quality, now).is_some() {
                    changed.push(filled.message(&slot.mid));
                }
            }
            media.stats = Some(stats);
            changed.into_iter().for_each(|message| seat.tell(message));
            if quality.is_some_and(|quality| seat.judgement.measured(quality, now)) {
                self.tell_quality(id);
            }
        }
    }

    /// Tells everybody at once that a seat's network is another one: lost, or there again.
    pub(super) fn judged(&mut self, id: ParticipantId, quality: NetworkQuality) {
        if self.seats.get_mut(&id).is_some_and(|seat| seat.judgement.set(quality)) {
            self.tell_quality(id);
        }
    }

    fn tell_quality(&mut self, id: ParticipantId) {
        let Some(seat) = self.seats.get(&id) else { return };
        seat.tell(ServerMessage::Quality { quality: seat.judgement.quality() });
        self.tell_participant(id);
    }

    /// What the server measured on a seat's transport.
    pub(super) fn report(&self, id: ParticipantId) -> StatsReport {
        let media = self.seats.get(&id).and_then(|seat| seat.media.as_ref());
        let stats = media.and_then(|media| media.stats.as_ref());
        let path = media.and_then(|media| media.path);
        let profile = stats.and_then(|stats| stats.profile);
        let protocol =
            path.zip(profile).map(|(path, profile)| format!("{} {}", profile.name(), path.carrier.name()));
        let slots = stats.map(|stats| &stats.slots[..]).unwrap_or_default().iter().map(|slot| SlotReport {
            mid: slot.mid.to_string(),
            publication: slot.source.map(|source| source.to_string()),
            encoding: slot.encoding,
            wished: slot.wished,
            packets: slot.packets,
            retransmitted: slot.retransmitted,
        });
        StatsReport {
            rtt_ms: stats.and_then(|stats| stats.rtt).map(|rtt| rtt.as_secs_f64() * 1000.0),
            loss_up: stats.map_or(0.0, |stats| f64::from(stats.loss_in) / 256.0),
            loss_down: stats.map_or(0.0, |stats| f64::from(stats.loss_out) / 256.0),
            bytes_in: stats.map_or(0, |stats| stats.bytes_in),
            bytes_out: stats.map_or(0, |stats| stats.bytes_out),
            protocol,
            slots: slots.collect(),
        }
    }
}

/// Of fewer packets between two measurements the lost ones say nothing: a silent microphone sends five a second.
const FEW: u64 = 50;

/// Three steps, as [`NetworkQuality`] says, each by what is worst.
fn judge(stats: &TransportStats, before: Option<&TransportStats>) -> NetworkQuality {
    let sent = published(stats).saturating_sub(before.map_or(0, published));
    let up = if sent < FEW { 0 } else { stats.loss_in };
    let measured = judge_line(stats, up);
    if stats.slots.iter().any(|slot| slot.paused) {
        worse(measured, NetworkQuality::Poor)
    } else if stats.line.is_some_and(|line| line.congested) {
        worse(measured, NetworkQuality::Fair)
    } else {
        measured
    }
}

/// By the loss, the round trip and the queue on the way to a receiver, and the loss on its way to us, of 256.
fn judge_line(stats: &TransportStats, loss_up: u8) -> NetworkQuality {
    // A line's own figure counts all packets on it; reports are of single streams, some of them nearly silent.
    let down = stats.line.map_or(stats.loss_out, |line| line.loss);
    let loss = f64::from(loss_up.max(down)) / 256.0;
    let rtt = stats.rtt.unwrap_or_default();
    let queueing = stats.line.map(|line| line.queueing).unwrap_or_default();
    let below = |share, round_trip, waiting| {
        loss < share && rtt < Duration::from_millis(round_trip) && queueing < Duration::from_millis(waiting)
    };
    if below(0.02, 200, 100) {
        NetworkQuality::Good
    } else if below(0.08, 400, 300) {
        NetworkQuality::Fair
    } else {
        NetworkQuality::Poor
    }
}

/// How well a receiver's line shows one picture: by what it loses and delays, and by what it leaves of the layer that the
/// tile could show. What its publisher cannot send is no fault of the line. `None`: nothing can be said of it yet.
fn judge_tile(stats: &TransportStats, slot: &SlotStats) -> Option<NetworkQuality> {
    if slot.paused {
        return Some(NetworkQuality::Lost);
    }
    let (wished, Granted { encoding, frames }) = slot.wished.zip(slot.granted)?;
    let left = match (wished.saturating_sub(encoding), frames) {
        (0, Frames::All) => NetworkQuality::Good,
        (_, Frames::Fewest) => NetworkQuality::Poor,
        (0 | 1, _) => NetworkQuality::Fair,
        _ => NetworkQuality::Poor,
    };
    Some(worse(left, judge_line(stats, 0)))
}

/// Packets of all that it publishes.
fn published(stats: &TransportStats) -> u64 {
    stats
        .publications
        .iter()
        .flat_map(|publication| &publication.encodings)
        .map(|encoding| encoding.packets)
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use viva_media::{Mid, Priority, PublicationId, RoomId};
    use viva_sfu::{EncodingStats, LineStats, PublicationStats, SlotStats, TransportState};

    /// After 100 packets of a microphone.
    fn stats(loss_in: u8, loss_out: u8, rtt: u64) -> TransportStats {
        let encodings = vec![EncodingStats { packets: 100, ..EncodingStats::default() }];
        TransportStats {
            participant: ParticipantId(1),
            room: RoomId(1),
            state: TransportState::New,
            profile: None,
            packets_in: 0,
            bytes_in: 0,
            packets_out: 0,
            bytes_out: 0,
            loss_out,
            loss_in,
            rtt: Some(Duration::from_millis(rtt)),
            excess: 0,
            line: None,
            publications: vec![PublicationStats {
                publication: PublicationId(1),
                priority: Priority::Usual,
                encodings,
            }],
            slots: Vec::new(),
        }
    }

    fn on_line(loss: u8, queueing: u64, congested: bool) -> TransportStats {
        let queueing = Duration::from_millis(queueing);
        TransportStats {
            line: Some(LineStats { estimate: 1_000_000, loss, queueing, congested }),
            ..stats(0, 255, 10)
        }
    }

    fn slot(wished: Option<u8>, granted: Option<Granted>) -> SlotStats {
        SlotStats {
            mid: Mid::new(b"1").expect("a section's name"),
            source: Some(PublicationId(2)),
            encoding: None,
            wished,
            granted,
            paused: false,
            packets: 0,
            bytes: 0,
            retransmitted: 0,
            switches: 0,
        }
    }

    #[test]
    fn a_tile_is_judged_by_what_the_line_leaves_of_its_picture() {
        let judged = |wished, encoding, frames| {
            judge_tile(&on_line(0, 0, true), &slot(Some(wished), Some(Granted { encoding, frames })))
        };
        assert_eq!(judged(1, 1, Frames::All), Some(NetworkQuality::Good));
        assert_eq!(judged(1, 1, Frames::Fewer), Some(NetworkQuality::Fair));
        assert_eq!(judged(2, 1, Frames::All), Some(NetworkQuality::Fair));
        assert_eq!(judged(2, 0, Frames::All), Some(NetworkQuality::Poor));
        assert_eq!(judged(0, 0, Frames::Fewest), Some(NetworkQuality::Poor));
        let paused = SlotStats { paused: true, ..slot(Some(1), None) };
        assert_eq!(judge_tile(&on_line(0, 0, false), &paused), Some(NetworkQuality::Lost));
        assert_eq!(judge_tile(&on_line(0, 0, false), &slot(Some(1), None)), None, "not begun yet");
    }

    #[test]
    fn a_tile_is_no_better_than_its_line_and_no_worse_for_what_the_receiver_sends() {
        let whole = slot(Some(1), Some(Granted { encoding: 1, frames: Frames::All }));
        assert_eq!(judge_tile(&on_line(6, 0, false), &whole), Some(NetworkQuality::Fair));
        assert_eq!(judge_tile(&on_line(0, 300, false), &whole), Some(NetworkQuality::Poor));
        let uplink = TransportStats { loss_in: 200, ..on_line(0, 0, false) };
        assert_eq!(judge_tile(&uplink, &whole), Some(NetworkQuality::Good));
        assert_eq!(judge(&uplink, None), NetworkQuality::Poor);
    }

    #[test]
    fn loss_either_way_and_round_trip_decide() {
        let judged = |loss_in, loss_out, rtt| judge(&stats(loss_in, loss_out, rtt), None);
        assert_eq!(judged(0, 5, 199), NetworkQuality::Good);
        assert_eq!(judged(6, 0, 10), NetworkQuality::Fair);
        assert_eq!(judged(0, 0, 200), NetworkQuality::Fair);
        assert_eq!(judged(0, 21, 10), NetworkQuality::Poor);
        assert_eq!(judged(0, 0, 400), NetworkQuality::Poor);
    }

    #[test]
    fn a_line_decides_by_its_own_loss_its_queue_and_what_it_cannot_carry() {
        assert_eq!(judge(&on_line(5, 99, false), None), NetworkQuality::Good);
        assert_eq!(judge(&on_line(0, 100, false), None), NetworkQuality::Fair);
        assert_eq!(judge(&on_line(0, 0, true), None), NetworkQuality::Fair);
        assert_eq!(judge(&on_line(0, 300, false), None), NetworkQuality::Poor);
        assert_eq!(judge(&on_line(21, 0, false), None), NetworkQuality::Poor);
        let slot = SlotStats { paused: true, ..slot(None, None) };
        let paused = TransportStats { slots: vec![slot], ..on_line(0, 0, false) };
        assert_eq!(judge(&paused, None), NetworkQuality::Poor);
    }

    #[test]
    fn one_lost_packet_of_a_silent_microphone_says_nothing() {
        let mut before = stats(0, 0, 10);
        before.publications[0].encodings[0].packets = 90;
        assert_eq!(judge(&stats(51, 0, 10), Some(&before)), NetworkQuality::Good);
    }
}
