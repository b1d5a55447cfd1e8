//! What a room tells its seats.

use super::{Room, publication::Publication, seat::Seat};
use crate::outbox::News;
use viva_media::{Audience, MediaKind, ParticipantId, PublicationId};
use viva_signaling::message::{ParticipantState, PublicationState, ServerMessage};

impl Room {
    /// Tells everybody who may know of a seat.
    pub(super) fn tell_about(&self, seat: &Seat, news: &News) {
        for viewer in self.seats.values().filter(|viewer| self.may_know(viewer, seat)) {
            viewer.tell_news(news);
        }
    }

    /// Tells everybody who may receive a publication.
    pub(super) fn tell_receivers(&self, publication: &Publication, message: ServerMessage) {
        let news = News::new(message);
        for seat in self.seats.values().filter(|seat| self.receives(seat, publication)) {
            seat.tell_news(&news);
        }
    }

    /// Tells those who are no longer among the receivers of a publication that it is gone.
    pub(super) fn tell_lost(&self, publication: &Publication, before: &Audience) {
        let gone = News::new(ServerMessage::PublicationGone { publication: publication.id.to_string() });
        for seat in self.seats.values().filter(|seat| before.allows(seat.id)) {
            if seat.id != publication.owner && !self.receives(seat, publication) {
                seat.tell_news(&gone);
            }
        }
    }

    /// Tells everybody who speaks, as far as they may hear it, when that is not what they know.
    pub(super) fn tell_speaker(&mut self) {
        let speaker = self.speaker;
        let sounds: Vec<_> = self
            .publications
            .values()
            .filter(|publication| Some(publication.owner) == speaker && publication.kind == MediaKind::Audio)
            .map(|publication| publication.audience.clone())
            .collect();
        let governed = self.policy.is_some();
        for seat in self.seats.values_mut().filter(|seat| seat.permissions.subscribe) {
            let own = Some(seat.id) == speaker;
            let heard = !governed || own || sounds.iter().any(|audience| audience.allows(seat.id));
            let known = speaker.filter(|_| heard);
            if seat.speaker != known {
                seat.speaker = known;
                seat.tell(ServerMessage::ActiveSpeaker { participant: known.map(|id| id.to_string()) });
            }
        }
    }

    fn receives(&self, seat: &Seat, publication: &Publication) -> bool {
        seat.id != publication.owner && seat.permissions.subscribe && publication.audience.allows(seat.id)
    }

    /// Tells the receivers how a publication is now, and before that whose it is.
    pub(super) fn tell_publication(&mut self, id: PublicationId) {
        let Some(owner) = self.publications.get(&id).map(|publication| publication.owner) else { return };
        self.introduce(owner);
        if let Some(publication) = self.publications.get(&id) {
            let message = ServerMessage::Publication { publication: publication.state() };
            self.tell_receivers(publication, message);
        }
    }

    /// Everybody else, as `viewer` sees them.
    pub(super) fn participants_for(&self, viewer: ParticipantId) -> Vec<ParticipantState> {
        let Some(viewer) = self.seats.get(&viewer) else { return Vec::new() };
        self.seats.values().filter(|seat| self.may_know(viewer, seat)).map(|seat| seat.state()).collect()
    }

    /// What `viewer` may receive.
    pub(super) fn publications_for(&self, viewer: ParticipantId) -> Vec<PublicationState> {
        let Some(viewer) = self.seats.get(&viewer) else { return Vec::new() };
        let others = self.publications.values().filter(|publication| self.receives(viewer, publication));
        others.map(|publication| publication.state()).collect()
    }
}
