//! News of those who come, go and change, told together: the first at once, what follows soon after as one.
//!
//! Whoever comes and goes ten times in a moment is news once, and nobody hears that somebody left who was never announced.

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
    /// Seats that are gone and were announced to somebody.
    left: Vec<Seat>,
    /// Nothing is told before this.
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

    /// The others hear that a seat is gone, if it was announced to any of them.
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

    /// Announces a seat at once if that waits: what follows names it.
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

    /// The lists were told anew: from now on every seat counts as announced.
    pub(super) fn all_are_known(&mut self) {
        self.seats.values_mut().for_each(|seat| seat.announced = true);
    }

    /// `to` was told a list of participants: all others count as announced.
    pub(super) fn all_others_are_known(&mut self, to: ParticipantId) {
        self.seats.values_mut().filter(|seat| seat.id != to).for_each(|seat| seat.announced = true);
    }
}
