//! Who has a connection, and the views that go to them.

use super::Sitting;
use crate::{clock::now, outbox::Outbox};
use serde::Serialize;
use serde_json::Value;
use tokio::time::Instant;
use viva_interview::{ChatPart, Presence, SeatId};
use viva_media::ParticipantId;

/// A connection of a seat.
pub(super) struct Present {
    participant: ParticipantId,
    connection: u64,
    outbox: Outbox,
    /// The newest line of chat that it was told.
    line: Option<String>,
    /// It was told of the chat, though there may have been no line.
    reads: bool,
}

impl Present {
    pub(super) const fn new(participant: ParticipantId, connection: u64, outbox: Outbox) -> Self {
        Self { participant, connection, outbox, line: None, reads: false }
    }

    pub(super) fn is(&self, participant: ParticipantId, connection: u64) -> bool {
        (self.participant, self.connection) == (participant, connection)
    }

    /// Tells the connection the newest view; what was told before is not told again.
    pub(super) fn tell<T: Serialize>(&self, seat: SeatId, view: &T) {
        match serde_json::to_value(view) {
            Ok(Value::Object(view)) => self.outbox.view(view),
            Ok(_) => tracing::error!(%seat, "a view is no object"),
            Err(error) => tracing::error!(%seat, %error, "a view cannot be written"),
        }
    }

    /// Tells the connection lines of chat that it was not told yet.
    fn tell_chat(&mut self, part: ChatPart) {
        self.reads = true;
        self.line = part.lines.last().map(|newest| newest.id.clone()).or(self.line.take());
        self.outbox.chat(part);
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

    /// Tells every seat what it does not know yet.
    pub(super) fn flush(&mut self) {
        let began = Instant::now();
        self.flush_at = None;
        let views = std::mem::take(&mut self.views_changed);
        for seat in self.present.keys().copied().collect::<Vec<_>>() {
            if views {
                self.tell(seat);
            }
            self.tell_chat(seat);
        }
        for seat in self.second_cameras.keys().copied().collect::<Vec<_>>() {
            self.tell_second_camera(seat);
        }
        // At most a fifth of the time goes into views.
        self.rest_until = Instant::now() + began.elapsed() * 4;
    }

    /// Tells one seat its view.
    pub(super) fn tell(&self, seat: SeatId) {
        let presence = self.presence();
        let Some(view) = self.interview.view(seat, now(), &presence) else { return };
        if let Some(present) = self.present.get(&seat) {
            present.tell(seat, &view);
        }
    }

    /// Tells one seat the lines of chat that it was not told yet.
    pub(super) fn tell_chat(&mut self, seat: SeatId) {
        let Some(present) = self.present.get_mut(&seat) else { return };
        let part = self.interview.chat(seat, present.line.as_deref());
        // Who comes is told of none as well.
        if !present.reads || !part.lines.is_empty() {
            present.tell_chat(part);
        }
    }
}
