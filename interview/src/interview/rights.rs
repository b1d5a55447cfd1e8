//! Who may send and receive what now: the one table, applied to the people of this interview.

use super::Interview;
use crate::{Rights, Role, SeatId, Source, Standing, Time, candidate::Candidate, permission};

impl Interview {
    /// The role of a seat.
    pub fn role(&self, seat: SeatId) -> Option<Role> {
        if self.candidates.contains_key(&seat) {
            return Some(Role::Candidate);
        }
        self.staff.get(&seat).map(|staff| staff.role)
    }

    /// The part that a seat plays now: an examiner who has the helm that of a host.
    pub(crate) fn part(&self, seat: SeatId) -> Option<Role> {
        if self.helm == Some(seat) { Some(Role::Host) } else { self.role(seat) }
    }

    /// May this seat be in the room now: of the staff and not put out, or a candidate with all checks behind and not let go?
    pub fn may_enter_room(&self, seat: SeatId) -> bool {
        let candidate = self.candidates.get(&seat).is_some_and(Candidate::is_in_room);
        let staff = self.staff.get(&seat).is_some_and(|staff| !staff.removed);
        (candidate || staff) && !self.is_deleted()
    }

    /// Where a candidate stands.
    pub(crate) fn standing(&self, seat: SeatId) -> Standing {
        let has_second_camera = self.second_camera(seat).is_some();
        Standing { has_second_camera, ..self.floor.standing(seat) }
    }

    /// The phone that is paired with a candidate's seat as the second camera, by the number of its link.
    pub fn second_camera(&self, seat: SeatId) -> Option<u32> {
        self.candidates.get(&seat).filter(|_| self.may_enter_room(seat))?.pairing.paired
    }

    /// The newest link for a second camera, with its end, while it was not used.
    pub fn second_camera_link(&self, seat: SeatId) -> Option<(u32, Time)> {
        self.candidates.get(&seat)?.pairing.open()
    }

    /// What a seat may send and whose media it may receive now; nothing for a seat that may not be in the room.
    pub fn rights(&self, seat: SeatId) -> Rights {
        let Some(role) = self.part(seat).filter(|_| self.may_enter_room(seat)) else {
            return Rights::default();
        };
        let kind = if role == Role::Candidate { self.kind_of(seat) } else { self.scene_kind() };
        let mut rights = permission(role, self.standing(seat), kind);
        rights.sends.microphone &= !self.floor.muted.contains(&seat);
        rights
    }

    /// Is this a candidate whom all who see them want to see before anybody else: before the panel, or with the word?
    pub fn comes_first(&self, seat: SeatId) -> bool {
        let candidate = self.role(seat) == Some(Role::Candidate) && self.may_enter_room(seat);
        // By the table alone: whoever is muted for a while stays in front.
        candidate && permission(Role::Candidate, self.standing(seat), self.kind_of(seat)).sends.microphone
    }

    /// May `receiver` have what `sender` sends from `source` now?
    pub fn may_receive(&self, receiver: SeatId, sender: SeatId, source: Source) -> bool {
        if receiver == sender || !self.rights(sender).sends.allows(source) {
            return false;
        }
        let sounds = matches!(source, Source::Microphone | Source::ScreenAudio);
        if sounds && self.floor.muted.contains(&sender) {
            return false;
        }
        let receives = self.rights(receiver).receives;
        match self.part(sender) {
            Some(Role::Candidate) if self.floor.current == Some(sender) => receives.current_candidate,
            Some(Role::Candidate) => receives.other_candidates,
            Some(Role::Examiner) => receives.panel,
            Some(Role::Host) => receives.panel || receives.host,
            Some(Role::Patrol) | None => false,
        }
    }
}
