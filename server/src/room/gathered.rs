//! News of those who come, go and change, told together: the first at once, what follows soon after as one.
//!
//! Whoever comes and goes ten times in a moment is news once for the others, and who was never told of is never told gone.

use super::{Room, seat::Seat};
use crate::outbox::News;
use std::{collections::BTreeSet, time::Duration};
use tokio::time::Instant;
use viva_media::{ParticipantId, PublicationId};
use viva_signaling::message::ServerMessage;

/// The least time between two tellings.
const APART: Duration = Duration::from_millis(80);

/// What is to be told.
#[derive(Default)]
pub(super) struct Gathered {
    participants: BTreeSet<ParticipantId>,
    publications: BTreeSet<PublicationId>,
    /// Seats that are no more, of which somebody was told.
    left: Vec<Seat>,
    /// Nothing is told before.
    rest_until: Option<Instant>,
}

impl Gathered {
    /// When it is to be told; `None` when there is nothing.
    pub(super) fn due(&self) -> Option<Instant> {
        let nothing = self.participants.is_empty() && self.publications.is_empty() && self.left.is_empty();
        (!nothing).then(|| self.rest_until.unwrap_or_else(Instant::now))
    }
}

impl Room {
    /// The others hear how a seat is now.
    pub(super) fn tell_participant(&mut self, id: ParticipantId) {
        self.gathered.participants.insert(id);
    }

    /// The receivers hear how a publication that they know is now.
    pub(super) fn tell_changed(&mut self, id: PublicationId) {
        self.gathered.publications.insert(id);
    }

    /// The others hear that a seat is no more, if they have heard of it.
    pub(super) fn tell_left(&mut self, seat: Seat) {
        self.gathered.participants.remove(&seat.id);
        if seat.announced {
            self.gathered.left.push(seat);
        }
    }

    /// Tells what has been gathered.
    pub(super) fn tell_gathered(&mut self) {
        let Gathered { participants, publications, left, .. } = std::mem::take(&mut self.gathered);
        self.gathered.rest_until = Some(Instant::now() + APART);
        for seat in left {
            let gone = News::new(ServerMessage::ParticipantLeft { participant: seat.id.to_string() });
            self.tell_about(&seat, &gone);
        }
        for id in participants {
            self.tell_of(id);
        }
        for id in publications {
            self.tell_publication(id);
        }
    }

    /// Tells of a seat at once what waits to be told of it: something else follows that names it.
    pub(super) fn introduce(&mut self, id: ParticipantId) {
        if self.gathered.participants.remove(&id) {
            self.tell_of(id);
        }
    }

    fn tell_of(&mut self, id: ParticipantId) {
        let Some(seat) = self.seats.get_mut(&id) else { return };
        seat.announced = true;
        let Some(seat) = self.seats.get(&id) else { return };
        let news = News::new(ServerMessage::Participant { participant: seat.state() });
        self.tell_about(seat, &news);
    }

    /// Somebody may have been told of anybody.
    pub(super) fn all_are_known(&mut self) {
        self.seats.values_mut().for_each(|seat| seat.announced = true);
    }

    /// A list of participants was told: whoever stands on it is known to somebody.
    pub(super) fn all_others_are_known(&mut self, to: ParticipantId) {
        self.seats.values_mut().filter(|seat| seat.id != to).for_each(|seat| seat.announced = true);
    }
}
