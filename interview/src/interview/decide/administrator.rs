//! What an administrator may change, and until when.

mod entry;
mod people;

use super::{Events, Interview};
use crate::{
    AdministratorAction, Code, Event, HelmEvent, MessageEvent, NetworkEvent, Obstacle, PasswordChange,
    Refused, Role, SeatId, Setup, Stage, Step, Time, limit, text,
};
use entry::Entry;

impl Interview {
    pub(super) fn decide_administrator(&self, action: AdministratorAction, now: Time) -> Events {
        use AdministratorAction as A;
        match (action, self.rehearsal_of) {
            (A::EndRehearsal, Some(_)) => Ok(vec![Event::Deleted]),
            (A::EndRehearsal, None) => Err(Refused::NotFound("rehearsal")),
            (action @ (A::BeginTrouble { .. } | A::NoteTrouble { .. }), _) | (action, None) => {
                self.decide_office(action, now)
            }
            // What is changed in the interview is what its next rehearsal has.
            (_, Some(_)) => Err(Refused::NotNow(Obstacle::Rehearsal)),
        }
    }

    fn decide_office(&self, action: AdministratorAction, now: Time) -> Events {
        match action {
            AdministratorAction::EndRehearsal => Ok(Vec::new()),
            AdministratorAction::Change(setup) => self.decide_change(setup),
            AdministratorAction::Delete => self.decide_delete(),
            AdministratorAction::DeleteClosed { name } => self.decide_delete_closed(&name, now),
            AdministratorAction::ErasePerson { seat, number, keep_result } => {
                self.decide_erase_person(seat, &number, keep_result, now)
            }
            AdministratorAction::AddStaff { seat, account, name, role } => {
                self.decide_add_staff(seat, &account, &name, role)
            }
            AdministratorAction::SetChair { seat, chair } => self.decide_chair(seat, chair),
            AdministratorAction::RemoveStaff { seat } => self.decide_remove_staff(seat),
            AdministratorAction::AddCandidates(candidates) => self.decide_add(candidates),
            AdministratorAction::ImportCandidates(rows) => self.decide_import(rows),
            AdministratorAction::UndoImport { import } => self.decide_undo_import(&import, now),
            AdministratorAction::ChangeCandidate { seat, name, number, phone, password, starts_at } => {
                self.decide_change_candidate(seat, [&name, &number, &phone], password, starts_at)
            }
            AdministratorAction::RemoveCandidates(seats) => self.decide_remove_candidates(seats),
            AdministratorAction::IssueCode { seat, code } => self.decide_code(seat, code),
            AdministratorAction::SetPhoto { seat, present } => {
                let same = self.candidate(seat)?.photo == present;
                Ok(if same { Vec::new() } else { vec![Event::PhotoSet { seat, present }] })
            }
            AdministratorAction::AddPaper { seat, number, paper } => {
                self.decide_add_paper(seat, number, paper, false, now)
            }
            AdministratorAction::RemovePaper { seat, number } => {
                self.decide_remove_paper(seat, number, false, now)
            }
            AdministratorAction::Invite { seat } => {
                if self.candidate(seat)?.phone.is_empty() {
                    return Err(Refused::NotNow(Obstacle::PhoneMissing));
                }
                Ok(vec![MessageEvent::Invited { seat }.into()])
            }
            AdministratorAction::Remind { seats } => self.decide_remind(seats.as_deref(), now),
            AdministratorAction::InviteAll => Ok(self.not_invited().collect()),
            AdministratorAction::BeginTrouble { seat, from, worst } => {
                let candidate = self.candidates.get(&seat);
                let news = candidate.is_some_and(|one| {
                    one.trouble.map_or(one.troubles < limit::TROUBLES, |(_, known)| known < worst)
                });
                Ok(news
                    .then_some(NetworkEvent::NetworkTroubleBegan { seat, from, worst }.into())
                    .into_iter()
                    .collect())
            }
            AdministratorAction::NoteTrouble { seat, from, until, worst, cut_off } => {
                let candidate = self.candidates.get(&seat);
                let noted =
                    candidate.is_some_and(|one| one.trouble.is_some() || one.troubles < limit::TROUBLES);
                let event = Event::from(NetworkEvent::NetworkTroubled { seat, from, until, worst, cut_off });
                Ok(noted.then_some(event).into_iter().collect())
            }
        }
    }

    fn not_invited(&self) -> impl Iterator<Item = Event> {
        // Who comes first is told first.
        let all = self.queue.iter().filter_map(|seat| Some((seat, self.candidates.get(&seat)?)));
        let open = all.filter(|(_, candidate)| {
            candidate.invited_at.is_none()
                && !candidate.phone.is_empty()
                && candidate.admission.step() == Step::Invited
        });
        open.map(|(seat, _)| MessageEvent::Invited { seat }.into())
    }

    fn decide_change(&self, setup: Setup) -> Events {
        let setup = setup.cleaned()?.numbered(self.pledge.as_ref(), self.pledges);
        if setup == self.setup() {
            return Ok(Vec::new());
        }
        let kinds = |stages: &[Stage]| {
            stages.iter().take(self.furthest_stage() + 1).map(|stage| stage.kind).collect::<Vec<_>>()
        };
        if kinds(&setup.stages) != kinds(&self.setup().stages) {
            return Err(Refused::NotNow(Obstacle::StageBegun));
        }
        if setup.criteria != self.criteria && !self.scores.is_empty() {
            return Err(Refused::NotNow(Obstacle::CriteriaUsed));
        }
        self.may_have_questions(&setup.questions)?;
        Ok(vec![Event::Changed { setup }])
    }

    fn decide_delete(&self) -> Events {
        if self.is_deleted() {
            return Ok(Vec::new());
        }
        if self.candidates.values().any(|candidate| candidate.entries > 0) {
            return Err(Refused::NotNow(Obstacle::InterviewEntered));
        }
        Ok(vec![Event::Deleted])
    }

    fn decide_add_staff(&self, seat: SeatId, account: &str, name: &str, role: Role) -> Events {
        if role == Role::Candidate {
            return Err(Refused::NotFound("role of the staff"));
        }
        if self.role(seat).is_some() {
            return Err(Refused::NotNow(Obstacle::IdTaken));
        }
        if self.staff.len() >= limit::STAFF {
            return Err(Refused::TooMany(limit::STAFF));
        }
        let account = text::optional(account, limit::ACCOUNT)?;
        let name = text::required(name, limit::NAME)?;
        Ok(vec![Event::StaffAdded { seat, account, name, role }])
    }

    fn decide_chair(&self, seat: SeatId, chair: bool) -> Events {
        let staff = self.staff_seat(seat)?;
        if !staff.role.is_panel() {
            return Err(Refused::NotFound("host or examiner"));
        }
        let same = staff.chair == chair;
        Ok(if same { Vec::new() } else { vec![HelmEvent::ChairSet { seat, chair }.into()] })
    }

    fn decide_remove_staff(&self, seat: SeatId) -> Events {
        self.staff_seat(seat)?;
        if self.scores.has_scored(seat) {
            return Err(Refused::NotNow(Obstacle::ExaminerScored));
        }
        Ok(vec![Event::StaffRemoved { seat }])
    }

    fn decide_change_candidate(
        &self,
        seat: SeatId,
        [name, number, phone]: [&str; 3],
        password: PasswordChange,
        starts_at: Option<Time>,
    ) -> Events {
        let before = self.candidate(seat)?;
        let mut entry = Entry::beside(self);
        entry.free(&before.number);
        let (name, number, phone) = entry.cells(1, name, number, phone);
        let password = match password {
            PasswordChange::Keep => before.password.clone(),
            PasswordChange::Clear => None,
            PasswordChange::Set(password) => Some(entry.password(1, password)),
        };
        let time = entry.schedule(1, seat, before.starts_at, starts_at);
        entry.faultless()?;
        let same = (&before.name, &before.number, &before.phone, &before.password)
            == (&name, &number, &phone, &password);
        let changed = (!same).then_some(Event::CandidateChanged { seat, name, number, phone, password });
        Ok(changed.into_iter().chain(time).collect())
    }

    fn decide_code(&self, seat: SeatId, code: Code) -> Events {
        let candidate = self.candidate(seat)?;
        if candidate.code == code {
            return Ok(Vec::new());
        }
        if self.invited(code).is_some() {
            return Err(Refused::NotNow(Obstacle::IdTaken));
        }
        Ok(vec![Event::CodeIssued { seat, code }])
    }
}
