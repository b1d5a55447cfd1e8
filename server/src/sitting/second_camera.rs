//! Paired phones in the room of an interview: let in by the link they came by, put out when another is paired or none.

use super::Sitting;
use crate::{problem::Problem, room::Device};
use viva_interview::SeatId;
use viva_signaling::{
    message::{CloseReason, ErrorCode},
    token::Claims,
};

impl Sitting {
    /// What a phone that came by this link may do in the room, if it is still the one.
    pub(super) fn claims_of_phone(&self, seat: SeatId, link: u32, claims: Claims) -> Result<Claims, Problem> {
        if self.interview.second_camera(seat) != Some(link) {
            return Err(Problem::new(
                ErrorCode::PairingOver,
                "another phone is paired with this seat, or none",
            ));
        }
        let identity = format!("{seat}/second-camera");
        Ok(Claims { publish: true, subscribe: false, identity, ..claims })
    }

    /// Phones that are no longer paired go, with their pictures.
    pub(super) async fn dismiss_unpaired_phones(&mut self) {
        let over = |(seat, device): &&(SeatId, Device)| match device {
            Device::Page => false,
            Device::Phone { link } => self.interview.second_camera(*seat) != Some(*link),
        };
        for (seat, device) in self.occupants.keys().filter(over).copied().collect::<Vec<_>>() {
            let other = self.interview.second_camera(seat).is_some();
            let reason = if other { CloseReason::Replaced } else { CloseReason::Left };
            self.dismiss(seat, device, reason).await;
        }
    }
}
