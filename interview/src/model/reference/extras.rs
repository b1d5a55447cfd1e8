//! What a candidate shows beside camera and microphone: a screen when invited, a second camera when a phone is paired.

use super::{
    Outcome::{self, Done, Nothing, Refused as No},
    Reference,
};
use crate::*;

/// Links that were made for a seat, and the phone that came by one.
#[derive(Debug, Clone, Default)]
pub(super) struct Phone {
    links: u32,
    /// The newest link holds until.
    holds: Time,
    came_by: Option<u32>,
}

impl Phone {
    /// Neither the phone nor its link stays.
    pub(super) fn go(&mut self) {
        (self.holds, self.came_by) = (Time(0), None);
    }
}

impl Reference {
    pub(in super::super) fn has_second_camera(&self, seat: SeatId) -> bool {
        self.is_inside(seat) && self.phones.get(&seat).is_some_and(|phone| phone.came_by.is_some())
    }

    /// Of the current candidate, before the panel.
    pub(super) fn shows(&self, sender: SeatId, source: Source) -> bool {
        match source {
            Source::Camera | Source::Microphone => true,
            Source::SecondCamera => self.has_second_camera(sender),
            Source::Screen | Source::ScreenAudio => self.sharing == Some(sender),
        }
    }

    pub(super) fn invite_screen(&mut self, candidate: SeatId, invited: bool) -> Outcome {
        let with_panel = self.one_by_one() && self.current == Some(candidate);
        if (self.sharing == Some(candidate)) == invited {
            return Nothing;
        }
        if invited && !with_panel {
            return No;
        }
        self.sharing = invited.then_some(candidate);
        Done
    }

    /// What comes of a wish about the second camera; none of other wishes.
    pub(super) fn walk_with_phone(&mut self, by: SeatId, action: &PathAction, now: Time) -> Option<Outcome> {
        let open = self.is_inside(by) && self.kind() != StageKind::End;
        let phone = self.phones.entry(by).or_default();
        let outcome = match action {
            PathAction::OfferSecondCamera {} if open => {
                phone.links += 1;
                phone.holds = now.plus(3 * 60_000);
                Done
            }
            PathAction::PairSecondCamera { link } if open && *link == phone.links && now < phone.holds => {
                (phone.holds, phone.came_by) = (Time(0), Some(*link));
                Done
            }
            PathAction::OfferSecondCamera {} | PathAction::PairSecondCamera { .. } => No,
            PathAction::DropSecondCamera { link } => {
                let other = link.is_some_and(|link| phone.came_by != Some(link));
                // A link that has run out is still there until it is used, replaced or taken back.
                if other || (phone.came_by.is_none() && phone.holds == Time(0)) {
                    return Some(Nothing);
                }
                phone.go();
                Done
            }
            _ => return None,
        };
        Some(outcome)
    }
}
