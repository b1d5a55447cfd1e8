//! Who has the floor: the current candidate, whom the host talks to, who has the word or may share, hands, mutes.

use crate::{SeatId, StageKind, Standing};
use std::collections::BTreeSet;

/// What lies between the people in a stage.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Floor {
    /// Whose turn it is: one, or none.
    pub(crate) current: Option<SeatId>,
    pub(crate) addressed: Option<SeatId>,
    pub(crate) words: BTreeSet<SeatId>,
    /// Who is invited to share the screen: the current candidate, or nobody.
    pub(crate) sharing: Option<SeatId>,
    /// Who is invited to show slides: the current candidate, or nobody.
    pub(crate) presenting: Option<SeatId>,
    pub(crate) hands: BTreeSet<SeatId>,
    pub(crate) muted: BTreeSet<SeatId>,
}

impl Floor {
    /// Where a candidate stands, as far as it is between people.
    pub(crate) fn standing(&self, seat: SeatId) -> Standing {
        Standing {
            current: self.current == Some(seat),
            addressed: self.addressed == Some(seat),
            has_word: self.words.contains(&seat),
            may_share: self.sharing == Some(seat),
            has_second_camera: false,
        }
    }

    /// Leads a candidate in.
    pub(crate) fn call(&mut self, seat: SeatId) {
        self.current = Some(seat);
        // Who is led in is no longer talked to in the waiting room.
        self.addressed = self.addressed.filter(|other| *other != seat);
    }

    /// The current candidate goes out, if it is this one.
    pub(crate) fn send_back(&mut self, seat: SeatId) {
        self.sharing = self.sharing.filter(|other| *other != seat);
        self.presenting = self.presenting.filter(|other| *other != seat);
        self.current = self.current.filter(|other| *other != seat);
    }

    /// The current candidate goes to another stage alone: what was asked for in the one before is over.
    pub(crate) fn move_on(&mut self, seat: SeatId) {
        (self.sharing, self.presenting) = (None, None);
        self.hands.remove(&seat);
    }

    /// Talks to one, or to none.
    pub(crate) const fn address(&mut self, candidate: Option<SeatId>) {
        self.addressed = candidate;
    }

    /// Gives or takes the word; the hand that asked for it goes down.
    pub(crate) fn give_word(&mut self, seat: SeatId, given: bool) {
        set(&mut self.words, seat, given);
        if given {
            self.hands.remove(&seat);
        }
    }

    /// Invites a candidate to share the screen, or takes the invitation back.
    pub(crate) fn invite_screen(&mut self, seat: SeatId, invited: bool) {
        self.sharing = if invited { Some(seat) } else { self.sharing.filter(|other| *other != seat) };
    }

    /// Invites a candidate to show slides, or takes the invitation back.
    pub(crate) fn invite_slides(&mut self, seat: SeatId, invited: bool) {
        self.presenting = if invited { Some(seat) } else { self.presenting.filter(|other| *other != seat) };
    }

    /// A hand goes up or down.
    pub(crate) fn raise_hand(&mut self, seat: SeatId, raised: bool) {
        set(&mut self.hands, seat, raised);
    }

    /// Somebody is muted, or heard again.
    pub(crate) fn mute(&mut self, seat: SeatId, muted: bool) {
        set(&mut self.muted, seat, muted);
    }

    /// Somebody goes: nothing of theirs stays, but a mute, which is not shaken off by going.
    pub(crate) fn leave(&mut self, seat: SeatId) {
        self.send_back(seat);
        self.addressed = self.addressed.filter(|other| *other != seat);
        self.words.remove(&seat);
        self.hands.remove(&seat);
    }

    /// A stage begins: words, hands, talks, shared screens and slides belong to the one before. At the end nobody is current
    /// any more.
    pub(crate) fn enter(&mut self, kind: StageKind) {
        self.addressed = None;
        self.sharing = None;
        self.presenting = None;
        self.words.clear();
        self.hands.clear();
        if kind == StageKind::End {
            self.current = None;
        }
    }
}

fn set(seats: &mut BTreeSet<SeatId>, seat: SeatId, inside: bool) {
    if inside {
        seats.insert(seat);
    } else {
        seats.remove(&seat);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: SeatId = SeatId(1);
    const B: SeatId = SeatId(2);

    #[test]
    fn one_is_current_or_none() {
        let mut floor = Floor::default();
        floor.address(Some(A));
        floor.call(A);
        assert_eq!(floor.standing(A), Standing { current: true, ..Standing::default() });
        floor.send_back(B);
        assert_eq!(floor.current, Some(A));
        floor.send_back(A);
        assert_eq!(floor.current, None);
    }

    #[test]
    fn a_new_stage_takes_words_hands_and_talks_and_leaves_the_current_one_and_mutes() {
        let mut floor = Floor::default();
        floor.call(A);
        floor.address(Some(B));
        floor.raise_hand(B, true);
        floor.give_word(A, true);
        floor.mute(B, true);
        floor.enter(StageKind::Deliberation);
        let wanted = Floor { current: Some(A), muted: BTreeSet::from([B]), ..Floor::default() };
        assert_eq!(floor, wanted);
        floor.enter(StageKind::End);
        assert_eq!(floor.current, None);
    }

    #[test]
    fn an_invitation_to_share_ends_with_the_turn_and_with_the_stage() {
        let mut floor = Floor::default();
        let ends: [fn(&mut Floor); 3] =
            [|floor| floor.send_back(A), |floor| floor.leave(A), |floor| floor.enter(StageKind::Interview)];
        for end in ends {
            floor.call(A);
            floor.invite_screen(A, true);
            floor.invite_slides(A, true);
            floor.send_back(B);
            floor.invite_screen(B, false);
            floor.invite_slides(B, false);
            assert_eq!(floor.presenting, Some(A));
            assert!(floor.standing(A).may_share && !floor.standing(B).may_share);
            end(&mut floor);
            assert_eq!((floor.sharing, floor.presenting), (None, None));
        }
    }

    #[test]
    fn the_word_takes_the_hand_down_and_going_does_not_unmute() {
        let mut floor = Floor::default();
        floor.raise_hand(A, true);
        floor.give_word(A, true);
        assert!(floor.hands.is_empty());
        floor.mute(A, true);
        floor.leave(A);
        assert_eq!(floor, Floor { muted: BTreeSet::from([A]), ..Floor::default() });
    }
}
