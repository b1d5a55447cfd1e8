//! Who has a connection, and the views that go to them.

use super::{Sitting, now};
use crate::outbox::Outbox;
use aws_lc_rs::digest;
use serde::Serialize;
use serde_json::Value;
use tokio::time::Instant;
use viva_interview::{Presence, SeatId};
use viva_media::ParticipantId;
use viva_signaling::message::ServerMessage;

/// A connection of a seat.
pub(super) struct Present {
    participant: ParticipantId,
    connection: u64,
    outbox: Outbox,
    /// The digest of what it was told last, but the time of day.
    told: Option<[u8; 32]>,
}

impl Present {
    pub(super) const fn new(participant: ParticipantId, connection: u64, outbox: Outbox) -> Self {
        Self { participant, connection, outbox, told: None }
    }

    pub(super) fn is(&self, participant: ParticipantId, connection: u64) -> bool {
        (self.participant, self.connection) == (participant, connection)
    }

    /// Tells the connection a view, if it is not what it was told last.
    pub(super) fn tell<T: Serialize>(&mut self, seat: SeatId, view: &T) {
        let mut value = match serde_json::to_value(view) {
            Ok(value) => value,
            Err(error) => {
                tracing::error!(%seat, %error, "a view cannot be written");
                return;
            }
        };
        let time = value.as_object_mut().and_then(|view| view.insert("now".to_owned(), Value::Null));
        let mut told = [0; 32];
        told.copy_from_slice(digest::digest(&digest::SHA256, value.to_string().as_bytes()).as_ref());
        if self.told == Some(told) {
            return;
        }
        self.told = Some(told);
        if let Some((view, time)) = value.as_object_mut().zip(time) {
            view.insert("now".to_owned(), time);
        }
        self.outbox.tell(ServerMessage::Interview { view: value });
    }
}

impl Sitting {
    /// The seats that have a connection.
    pub(super) fn presence(&self) -> Presence {
        let phones = self.second_cameras.iter().filter(|(_, phone)| phone.is_here());
        Presence {
            seats: self.present.keys().copied().collect(),
            second_cameras: phones.map(|(seat, _)| *seat).collect(),
        }
    }

    /// Tells every seat its view, where that has changed.
    pub(super) fn flush(&mut self) {
        let began = Instant::now();
        self.flush_at = None;
        for seat in self.present.keys().copied().collect::<Vec<_>>() {
            self.tell(seat);
        }
        for seat in self.second_cameras.keys().copied().collect::<Vec<_>>() {
            self.tell_second_camera(seat);
        }
        // At most a fifth of the time goes into views.
        self.rest_until = Instant::now() + began.elapsed() * 4;
    }

    /// Tells one seat its view, if it is not what it was told last.
    pub(super) fn tell(&mut self, seat: SeatId) {
        let presence = self.presence();
        let Some(view) = self.interview.view(seat, now(), &presence) else { return };
        if let Some(present) = self.present.get_mut(&seat) {
            present.tell(seat, &view);
        }
    }
}
