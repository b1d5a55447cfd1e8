//! What a room tells its seats.

use super::Room;
use viva_media::{ParticipantId, PublicationId};
use viva_signaling::message::{ParticipantState, PublicationState, ServerMessage};

impl Room {
    /// Tells everybody but one.
    pub(super) fn tell_others(&self, but: ParticipantId, message: &ServerMessage) {
        for seat in self.seats.values().filter(|seat| seat.id != but) {
            seat.tell(message.clone());
        }
    }

    /// Tells everybody who may receive a publication of `owner`.
    pub(super) fn tell_receivers(&self, owner: ParticipantId, message: &ServerMessage) {
        for seat in self.seats.values().filter(|seat| seat.id != owner && seat.permissions.subscribe) {
            seat.tell(message.clone());
        }
    }

    /// Tells the others how a seat is now.
    pub(super) fn tell_participant(&self, id: ParticipantId) {
        if let Some(seat) = self.seats.get(&id) {
            self.tell_others(id, &ServerMessage::Participant { participant: seat.state() });
        }
    }

    /// Tells the receivers how a publication is now.
    pub(super) fn tell_publication(&self, id: PublicationId) {
        if let Some(publication) = self.publications.get(&id) {
            let message = ServerMessage::Publication { publication: publication.state() };
            self.tell_receivers(publication.owner, &message);
        }
    }

    /// Everybody else, as `viewer` sees them.
    pub(super) fn participants_for(&self, viewer: ParticipantId) -> Vec<ParticipantState> {
        self.seats.values().filter(|seat| seat.id != viewer).map(|seat| seat.state()).collect()
    }

    /// What `viewer` may receive.
    pub(super) fn publications_for(&self, viewer: ParticipantId) -> Vec<PublicationState> {
        let may = self.seats.get(&viewer).is_some_and(|seat| seat.permissions.subscribe);
        let others = self.publications.values().filter(|publication| may && publication.owner != viewer);
        others.map(|publication| publication.state()).collect()
    }
}
