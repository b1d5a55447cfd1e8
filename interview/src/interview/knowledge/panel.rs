//! What examiners, hosts and patrols know.

use crate::{
    Interview, PanelMember, PanelView, Presence, Role, SeatId, Sheet, Time,
    score::{ScoreSheet, total},
};
use std::collections::BTreeMap;

impl Interview {
    /// The view of a seat of the staff.
    pub(crate) fn panel_view(&self, seat: SeatId, now: Time, presence: &Presence) -> Option<PanelView> {
        let staff = self.staff.get(&seat).filter(|staff| !staff.removed)?;
        let slides = |candidate: &SeatId| self.slides(*candidate, presence.page(candidate));
        Some(PanelView {
            role: staff.role,
            common: self.known_to_all(seat, now, presence),
            leads: self.part(seat) == Some(Role::Host),
            is_chair: self.is_chair(seat),
            panel: self.members(presence),
            candidates: self.cards((seat, staff.role), now, presence),
            current: self.floor.current,
            slides: self.floor.current.as_ref().filter(|_| staff.role.is_panel()).and_then(slides),
            criteria: self.criteria.clone(),
            sheets: self.sheets_for(seat, staff.role),
            submitted: self.submitted(),
            locked: self.scores.locked().collect(),
            questions: if staff.role.is_panel() { self.questions.clone() } else { Vec::new() },
            notes: self.notes.of(seat),
            shows_mean: self.shows_mean,
            incidents: self.incidents.clone(),
            draws: self.draw_views(),
        })
    }

    fn members(&self, presence: &Presence) -> Vec<PanelMember> {
        let panel = self.listed_staff().into_iter().filter(|(_, staff)| staff.role.is_panel());
        let member = |(seat, staff): (&SeatId, &crate::interview::Staff)| PanelMember {
            seat: *seat,
            name: staff.name.clone(),
            role: staff.role,
            chair: staff.chair,
            online: presence.contains(seat),
            muted: self.floor.muted.contains(seat),
            removed: staff.removed,
        };
        panel.map(member).collect()
    }

    fn sheets_for(&self, seat: SeatId, role: Role) -> Vec<Sheet> {
        let shown = self.scores.iter().filter(|(candidate, examiner, sheet)| {
            *examiner == seat
                || (role.is_panel() && sheet.submitted_at.is_some() && self.scores_are_open(*candidate))
        });
        shown.map(|(candidate, examiner, sheet)| self.shown(candidate, examiner, sheet)).collect()
    }

    fn shown(&self, candidate: SeatId, examiner: SeatId, sheet: &ScoreSheet) -> Sheet {
        Sheet {
            examiner,
            candidate,
            points: sheet.points.clone(),
            remark: sheet.remark.clone(),
            saved_at: sheet.saved_at,
            submitted_at: sheet.submitted_at,
            total: total(&self.criteria, &sheet.points),
        }
    }

    fn submitted(&self) -> BTreeMap<SeatId, Vec<SeatId>> {
        let of = |seat: &SeatId| (*seat, self.scores.submitted(*seat).collect::<Vec<_>>());
        self.candidates.keys().map(of).filter(|(_, examiners)| !examiners.is_empty()).collect()
    }
}
