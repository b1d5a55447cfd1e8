//! Who may be in the room, who of them has a connection, and the views that go there.

use super::Sitting;
use crate::{account::Grounds, clock::now, outbox::Outbox, room::Device};
use serde::Serialize;
use serde_json::Value;
use tokio::time::Instant;
use viva_interview::{ChatPart, Presence, SeatId, Time};
use viva_media::ParticipantId;

/// Whoever may be in the room by one device of a seat, connected or not.
#[derive(Default)]
pub(super) struct Occupant {
    /// The connection, if there is one.
    pub(super) present: Option<Present>,
    /// When the last one was lost.
    lost_at: Option<Time>,
    /// On which grounds the seat was taken, where it is of the staff.
    pub(super) grounds: Option<Grounds>,
}

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
    fn tell<T: Serialize>(&self, seat: SeatId, view: &T) {
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
    /// The seats that have a connection, and the candidates on their way to one.
    pub(super) fn presence(&self) -> Presence {
        let mut presence = Presence { pages: self.pages.clone(), ..Presence::default() };
        for ((seat, device), occupant) in &self.occupants {
            if occupant.present.is_none() {
                if let (Device::Page, Some(at)) = (device, occupant.lost_at) {
                    presence.lost.insert(*seat, at);
                }
                continue;
            }
            match device {
                Device::Page => presence.seats.insert(*seat),
                Device::Phone { .. } => presence.second_cameras.insert(*seat),
            };
        }
        self.arrivals.tell(&mut presence);
        self.showings.tell(&mut presence, Instant::now());
        presence
    }

    /// A connection has its seat in the room.
    pub(super) fn seated(&mut self, seat: SeatId, device: Device, present: Present) {
        self.occupants.entry((seat, device)).or_default().present = Some(present);
        if device == Device::Page {
            self.arrivals.forget(seat);
        }
        self.tell((seat, device), true, &self.presence());
        self.changed();
    }

    /// A connection is no more; whoever had it may come back.
    pub(super) fn lost(&mut self, seat: SeatId, device: Device, participant: ParticipantId, connection: u64) {
        if let Some(occupant) = self.occupants.get_mut(&(seat, device))
            && occupant.present.as_ref().is_some_and(|present| present.is(participant, connection))
        {
            (occupant.present, occupant.lost_at) = (None, Some(now()));
            self.changed();
        }
    }

    /// Tells everybody what they do not know yet.
    pub(super) fn flush(&mut self) {
        let began = Instant::now();
        self.flush_at = None;
        let views = std::mem::take(&mut self.views_changed);
        let presence = self.presence();
        for occupant in self.occupants.keys().copied().collect::<Vec<_>>() {
            self.tell(occupant, views, &presence);
        }
        // At most a fifth of the time goes into views.
        self.rest_until = Instant::now() + began.elapsed() * 4;
    }

    /// Tells a page its view, if those may be others, and lines of chat that it was not told yet; a phone whether it is
    /// seen.
    fn tell(&mut self, (seat, device): (SeatId, Device), views: bool, presence: &Presence) {
        let occupant = self.occupants.get_mut(&(seat, device));
        let Some(present) = occupant.and_then(|occupant| occupant.present.as_mut()) else { return };
        match device {
            Device::Page => {
                if let Some(view) = views.then(|| self.interview.view(seat, now(), presence)).flatten() {
                    present.tell(seat, &view);
                }
                let part = self.interview.chat(seat, present.line.as_deref());
                // Who comes is told of none as well.
                if !present.reads || !part.lines.is_empty() {
                    present.tell_chat(part);
                }
            }
            Device::Phone { .. } => {
                if let Some(view) = self.interview.second_camera_view(seat, now()) {
                    present.tell(seat, &view);
                }
            }
        }
    }
}
