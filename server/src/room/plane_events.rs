//! What the media plane tells about the room, and who hears of it.

use super::{
    Room,
    seat::{Filled, Occupancy, Wanted},
};
use tokio::time::Instant;
use viva_media::{LayerIndex, LayerSet, Mid, ParticipantId, PublicationId, Rid};
use viva_sfu::{Event, HandshakeFailure, LeaveReason, TransportState};
use viva_signaling::message::{CloseReason, ErrorCode, NetworkQuality, ServerMessage};

impl Room {
    pub(super) async fn event(&mut self, event: Event) {
        match event {
            Event::Transport { participant, state } => self.transport(participant, state),
            Event::Slot { participant, mid, source, unsupported, paused } => {
                let source = source.map(|publication| (publication, paused));
                self.slot(participant, mid, source, unsupported).await;
            }
            Event::Wanted { participant, mid, encodings, rids } => {
                self.wanted(participant, mid, encodings, &rids)
            }
            Event::Excess { participant, excess } => self.excess(participant, excess),
            Event::ActiveSpeaker { participant, .. } => self.active_speaker(participant),
            Event::HandshakeFailed { participant, reason, detail } => {
                self.handshake_failed(participant, reason, &detail);
            }
            Event::Left { participant, reason } => self.left(participant, reason).await,
            Event::Publication { .. } => {}
        }
    }

    fn transport(&mut self, id: ParticipantId, state: TransportState) {
        let Some(seat) = self.seats.get_mut(&id) else { return };
        let Some(media) = &mut seat.media else { return };
        let (before, carrier) = (media.path.is_some(), media.path.map(|path| path.carrier));
        let quality = match state {
            TransportState::Connected(path) => {
                media.path = Some(path);
                if let Some(offered_at) = seat.offered_at.take() {
                    self.metrics.connected(offered_at.elapsed());
                    let ms = offered_at.elapsed().as_millis();
                    tracing::info!(participant = %id, %path, ms, "media connected");
                }
                match seat.judgement.quality() {
                    NetworkQuality::Lost => NetworkQuality::Unknown,
                    quality => quality,
                }
            }
            TransportState::Interrupted => {
                media.path = None;
                NetworkQuality::Lost
            }
            TransportState::New | TransportState::Connecting => return,
        };
        let connected = media.path.is_some();
        let another_way = connected && carrier != media.path.map(|path| path.carrier);
        if connected != before {
            seat.tell(ServerMessage::Media { connected });
        }
        self.judged(id, quality);
        if another_way {
            self.tell_participant(id);
        }
    }

    /// A slot has another source, or the same one pauses or goes on.
    async fn slot(
        &mut self,
        id: ParticipantId,
        mid: Mid,
        source: Option<(PublicationId, bool)>,
        unsupported: bool,
    ) {
        let Some(seat) = self.seats.get_mut(&id) else { return };
        let Some(media) = &mut seat.media else { return };
        if unsupported {
            media.views.remove(&mid);
        }
        let before = media.sources.remove(&mid);
        let message = match source {
            Some((publication, paused)) => {
                let known = before.filter(|filled| filled.publication == publication);
                let mut quality = known.map(|filled| filled.quality).unwrap_or_default();
                quality.pause(paused);
                let filled = Filled { publication, paused, quality };
                let message = filled.message(&mid);
                media.sources.insert(mid, filled);
                message
            }
            None => {
                let code = unsupported.then_some(ErrorCode::CodecUnsupported);
                let (mid, publication, paused, quality) = (mid.to_string(), None, false, None);
                ServerMessage::Slot { mid, publication, code, paused, quality }
            }
        };
        seat.tell(message);
        // Who came by plain HTTP sees the next one instead.
        if unsupported && matches!(seat.occupancy, Occupancy::Whip(_)) {
            self.fill(id).await;
        }
    }

    fn wanted(&mut self, id: ParticipantId, mid: Mid, encodings: LayerSet, rids: &[Rid]) {
        let Some(seat) = self.seats.get_mut(&id) else { return };
        let Some(media) = &mut seat.media else { return };
        let chosen = LayerIndex::all().zip(rids).filter(|(layer, _)| encodings.contains(*layer));
        let wanted =
            Wanted { rids: chosen.map(|(_, rid)| rid.to_string()).collect(), any: !encodings.is_empty() };
        let message = wanted.message(&mid);
        media.wanted.insert(mid, wanted);
        seat.tell(message);
    }

    /// A seat sends more than it may, or no more: whoever sees the seat sees the mark.
    fn excess(&mut self, id: ParticipantId, excess: bool) {
        let Some(seat) = self.seats.get_mut(&id).filter(|seat| seat.excess != excess) else { return };
        seat.excess = excess;
        if excess {
            tracing::warn!(participant = %id, "a seat sends more than it may; the rest is dropped");
        }
        self.tell_participant(id);
    }

    fn active_speaker(&mut self, speaker: Option<ParticipantId>) {
        self.speaker = speaker;
        self.tell_speaker();
    }

    /// A client cannot shake hands: an operator should know, but not from a log that one client has filled.
    fn handshake_failed(&mut self, id: ParticipantId, reason: HandshakeFailure, detail: &str) {
        if !self.complaints.take(1.0, Instant::now()) {
            self.unsaid += 1;
            return;
        }
        let (room, reason, unsaid) = (&self.name, reason.label(), std::mem::take(&mut self.unsaid));
        tracing::warn!(room, participant = %id, reason, detail, unsaid, "no media: the DTLS handshake failed");
    }

    /// A transport has ended. The seat stays for its page; who came by plain HTTP goes with it.
    async fn left(&mut self, id: ParticipantId, reason: LeaveReason) {
        // What this room itself asked for is done already, and may be older than a new transport of the seat.
        if matches!(reason, LeaveReason::Left | LeaveReason::RoomClosed) {
            return;
        }
        let Some(seat) = self.seats.get_mut(&id) else { return };
        tracing::info!(participant = %id, ?reason, "media ended");
        if matches!(seat.occupancy, Occupancy::Whip(_)) {
            return self.remove(id, CloseReason::Left).await;
        }
        seat.dead = seat.media.as_ref().map(|media| media.agreed.transport.fingerprint);
        seat.offered_at = None::<Instant>;
        seat.tell(ServerMessage::Media { connected: false });
        self.drop_media(id).await;
        self.judged(id, NetworkQuality::Lost);
    }
}
