//! Paired phones in the room of an interview: let in by the link they came by, told whether they are seen, put out when
//! another is paired or none.

use super::{Sitting, present::Present, request::Entry};
use crate::{clock::now, problem::Problem, room::Seated};
use viva_interview::SeatId;
use viva_media::ParticipantId;
use viva_signaling::{
    message::{CloseReason, ErrorCode},
    token::Claims,
};

/// A phone that may be in the room, connected or not.
pub(super) struct Phone {
    link: u32,
    present: Option<Present>,
}

impl Phone {
    pub(super) const fn is_here(&self) -> bool {
        self.present.is_some()
    }
}

impl Sitting {
    /// Seats a phone that came by this link, if it is still the one.
    pub(super) async fn enter_second_camera(&mut self, entry: Entry, link: u32) -> Result<Seated, Problem> {
        let Entry { seat, claims, outbox, re, .. } = entry;
        if self.interview.second_camera(seat) != Some(link) {
            return Err(Problem::new(
                ErrorCode::PairingOver,
                "another phone is paired with this seat, or none",
            ));
        }
        let identity = format!("{seat}/second-camera");
        let claims = Claims { publish: true, subscribe: false, identity, ..claims };
        self.second_cameras.insert(seat, Phone { link, present: None });
        let policy = self.policy();
        let seated = self.around.rooms.join(claims, Some(policy), outbox.clone(), re).await?;
        self.second_camera_here(seat, link, Present::new(seated.participant, seated.connection, outbox));
        Ok(seated)
    }

    /// A phone has taken its seat in the room again.
    pub(super) async fn second_camera_back(&mut self, seat: SeatId, link: u32, present: Present) {
        self.second_camera_here(seat, link, present);
        self.govern().await;
        // Another may have been paired while it was away.
        self.part_with_second_cameras().await;
    }

    fn second_camera_here(&mut self, seat: SeatId, link: u32, present: Present) {
        self.second_cameras.insert(seat, Phone { link, present: Some(present) });
        self.tell_second_camera(seat);
        self.changed();
    }

    pub(super) fn second_camera_lost(&mut self, seat: SeatId, participant: ParticipantId, connection: u64) {
        if let Some(phone) = self.second_cameras.get_mut(&seat)
            && phone.present.as_ref().is_some_and(|present| present.is(participant, connection))
        {
            phone.present = None;
            self.changed();
        }
    }

    /// Tells a phone its view, if it is not what it was told last.
    pub(super) fn tell_second_camera(&mut self, seat: SeatId) {
        let Some(view) = self.interview.second_camera_view(seat, now()) else { return };
        if let Some(present) = self.second_cameras.get_mut(&seat).and_then(|phone| phone.present.as_mut()) {
            present.tell(seat, &view);
        }
    }

    /// Phones that are no longer paired go, with their pictures.
    pub(super) async fn part_with_second_cameras(&mut self) {
        let paired = |seat: SeatId| self.interview.second_camera(seat);
        let gone = self.second_cameras.iter().filter(|(seat, phone)| paired(**seat) != Some(phone.link));
        for (seat, other) in gone.map(|(seat, _)| (*seat, paired(*seat).is_some())).collect::<Vec<_>>() {
            let reason = if other { CloseReason::Replaced } else { CloseReason::Left };
            self.around.rooms.dismiss_second_camera(self.id, seat, reason).await;
            self.second_cameras.remove(&seat);
            self.changed();
        }
    }
}
