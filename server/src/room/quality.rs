//! Each seat's network, judged from the counters of its transport.

use super::Room;
use std::time::Duration;
use viva_media::{ParticipantId, Protocol};
use viva_sfu::TransportStats;
use viva_signaling::message::{NetworkQuality, ServerMessage, SlotReport, StatsReport};

impl Room {
    /// Takes the newest counters of the room's transports.
    pub(super) fn measured(&mut self, transports: Vec<TransportStats>) {
        for stats in transports {
            let id = stats.participant;
            let Some(media) = self.seats.get_mut(&id).and_then(|seat| seat.media.as_mut()) else { continue };
            let quality = if media.path.is_some() { Some(judge(&stats)) } else { None };
            media.stats = Some(stats);
            if let Some(quality) = quality {
                self.judged(id, quality);
            }
        }
    }

    /// Tells everybody when the judgement on a seat's network has changed.
    pub(super) fn judged(&mut self, id: ParticipantId, quality: NetworkQuality) {
        let Some(seat) = self.seats.get_mut(&id).filter(|seat| seat.quality != quality) else { return };
        seat.quality = quality;
        seat.tell(ServerMessage::Quality { quality });
        self.tell_participant(id);
    }

    /// What the server measured on a seat's transport.
    pub(super) fn report(&self, id: ParticipantId) -> StatsReport {
        let media = self.seats.get(&id).and_then(|seat| seat.media.as_ref());
        let stats = media.and_then(|media| media.stats.as_ref());
        let path = media.and_then(|media| media.path);
        let profile = stats.and_then(|stats| stats.profile);
        let protocol = path.zip(profile).map(|(path, profile)| {
            let carrier = match path.protocol {
                Protocol::Udp => "udp",
                Protocol::Tcp => "tcp",
            };
            format!("{} {carrier}", profile.name())
        });
        let slots = stats.map(|stats| &stats.slots[..]).unwrap_or_default().iter().map(|slot| SlotReport {
            mid: slot.mid.to_string(),
            publication: slot.source.map(|source| source.to_string()),
            encoding: slot.encoding,
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

/// Three steps by loss and round-trip time, as [`NetworkQuality`] says.
fn judge(stats: &TransportStats) -> NetworkQuality {
    let loss = f64::from(stats.loss_in.max(stats.loss_out)) / 256.0;
    let rtt = stats.rtt.unwrap_or_default();
    if loss < 0.02 && rtt < Duration::from_millis(200) {
        NetworkQuality::Good
    } else if loss < 0.08 && rtt < Duration::from_millis(400) {
        NetworkQuality::Fair
    } else {
        NetworkQuality::Poor
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use viva_media::RoomId;
    use viva_sfu::TransportState;

    #[test]
    fn loss_either_way_and_round_trip_decide() {
        let stats = |loss_in, loss_out, rtt| TransportStats {
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
            publications: Vec::new(),
            slots: Vec::new(),
        };
        assert_eq!(judge(&stats(0, 5, 199)), NetworkQuality::Good);
        assert_eq!(judge(&stats(6, 0, 10)), NetworkQuality::Fair);
        assert_eq!(judge(&stats(0, 0, 200)), NetworkQuality::Fair);
        assert_eq!(judge(&stats(0, 21, 10)), NetworkQuality::Poor);
        assert_eq!(judge(&stats(0, 0, 400)), NetworkQuality::Poor);
    }
}
