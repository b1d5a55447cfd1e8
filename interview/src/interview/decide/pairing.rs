//! Pairing a phone with a candidate's seat as the second camera.

use super::{Events, Interview};
use crate::{Event, Obstacle, Refused, SeatId, SecondCamera, StageKind, Time, limit};

impl Interview {
    pub(super) fn decide_offer_second_camera(&self, seat: SeatId, now: Time) -> Events {
        self.second_camera_is_open(seat)?;
        if self.candidate(seat)?.pairing.links >= limit::SECOND_CAMERA_LINKS {
            return Err(Refused::TooMany(limit::SECOND_CAMERA_LINKS as usize));
        }
        Ok(vec![Event::SecondCameraOffered { seat, until: now.plus(limit::SECOND_CAMERA_LINK) }])
    }

    pub(super) fn decide_pair_second_camera(&self, seat: SeatId, link: u32, now: Time) -> Events {
        self.second_camera_is_open(seat)?;
        if !self.candidate(seat)?.pairing.holds(link, now) {
            return Err(Refused::PairingOver);
        }
        Ok(vec![Event::SecondCameraPaired { seat, link }])
    }

    /// A phone gives the link that it came by, and ends nothing once another has replaced it; the seat itself gives none.
    pub(super) fn decide_drop_second_camera(&self, seat: SeatId, link: Option<u32>) -> Events {
        let pairing = self.candidate(seat)?.pairing;
        let nothing = pairing.is_none() || link.is_some_and(|link| pairing.paired != Some(link));
        Ok(if nothing { Vec::new() } else { vec![Event::SecondCameraDropped { seat }] })
    }

    fn second_camera_is_open(&self, seat: SeatId) -> Result<(), Refused> {
        if !self.candidate(seat)?.is_in_room() {
            return Err(Refused::NotNow(Obstacle::NotInRoom));
        }
        if self.second_camera == SecondCamera::Off {
            return Err(Refused::NotNow(Obstacle::NoSecondCamera));
        }
        if self.stages.current().kind == StageKind::End {
            return Err(Refused::NotNow(Obstacle::InterviewOver));
        }
        Ok(())
    }
}
