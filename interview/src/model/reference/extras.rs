//! What a candidate shows beside camera and microphone: a screen when invited, a second camera when a phone is paired, papers
//! and slides.

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

    pub(in super::super) fn papers(&self, seat: SeatId) -> Vec<u32> {
        self.people[&seat].papers.iter().map(|(number, _)| *number).collect()
    }

    /// The number of the slides that are shown.
    pub(in super::super) fn slides(&self, seat: SeatId) -> Option<u32> {
        let slides = self.people[&seat].papers.iter().find(|(_, slides)| *slides);
        slides.filter(|_| self.presenting == Some(seat)).map(|(number, _)| *number)
    }

    pub(super) fn invite_slides(&mut self, candidate: SeatId, invited: bool) -> Outcome {
        let has = self.people[&candidate].papers.iter().any(|(_, slides)| *slides);
        let with_panel = self.one_by_one() && self.current == Some(candidate);
        if (self.presenting == Some(candidate)) == invited {
            return Nothing;
        }
        if invited && !(has && with_panel) {
            return No;
        }
        self.presenting = invited.then_some(candidate);
        Done
    }

    /// What comes of a wish about papers; none of other wishes.
    pub(super) fn walk_with_papers(&mut self, by: SeatId, action: &PathAction) -> Option<Outcome> {
        let known = [Step::Pledge, Step::Speaker, Step::Microphone, Step::Camera, Step::Waiting];
        let open = known.contains(&self.step(by)) && self.kind() != StageKind::End;
        let person = self.people.get_mut(&by).unwrap();
        let open = open && !person.was_called;
        let outcome = match action {
            PathAction::AddPaper { number, paper } => {
                if !open || *number <= person.last_paper || person.papers.len() == 10 {
                    return Some(No);
                }
                if paper.slides {
                    person.papers.iter_mut().for_each(|(_, slides)| *slides = false);
                }
                person.last_paper = *number;
                person.papers.push((*number, paper.slides));
                Done
            }
            PathAction::RemovePaper { .. } if !open => No,
            PathAction::RemovePaper { number } => {
                let before = person.papers.len();
                person.papers.retain(|(other, _)| other != number);
                if person.papers.len() < before { Done } else { Nothing }
            }
            _ => return None,
        };
        Some(outcome)
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
