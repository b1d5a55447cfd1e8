//! An interview as an administrator sees it: its setup, its people, its invitations.

use super::Interview;
use crate::{
    Actor, CandidateRow, Code, ImportRow, InterviewRow, Password, SeatId, Setup, StaffRow, Time,
    candidate::Candidate, imports::Import, limit,
};

impl Interview {
    /// What it is set up with.
    pub fn setup(&self) -> Setup {
        Setup {
            name: self.name.clone(),
            opens_at: self.opens_at,
            closes_at: self.closes_at,
            stages: self.stages.iter().map(|(stage, _)| stage.clone()).collect(),
            criteria: self.criteria.clone(),
            second_camera: self.second_camera,
            identity: self.identity,
            pledge: self.pledge.clone(),
            picture_codec: self.picture_codec,
            lets_go: self.lets_go,
            time_zone: self.time_zone.clone(),
            shows_mean: self.shows_mean,
            questions: self.questions.clone(),
        }
    }

    /// For a list of interviews.
    pub fn row(&self) -> InterviewRow {
        let Setup {
            name,
            opens_at,
            closes_at,
            stages,
            criteria,
            second_camera,
            identity,
            pledge,
            picture_codec,
            lets_go,
            time_zone,
            shows_mean,
            questions,
        } = self.setup();
        InterviewRow {
            id: self.id,
            name,
            opens_at,
            closes_at,
            stages,
            stage: self.stage_index(),
            criteria,
            second_camera,
            identity,
            pledge,
            picture_codec,
            lets_go,
            time_zone,
            shows_mean,
            questions,
            created_at: self.created_at,
            candidates: count(self.candidates.len()),
            staff: count(self.staff.len()),
        }
    }

    /// The index of the current stage.
    pub(crate) fn stage_index(&self) -> u32 {
        count(self.stages.index())
    }

    /// The candidates as an administrator sees them, in the order of the queue.
    pub fn candidate_rows(&self) -> Vec<CandidateRow> {
        self.queue.iter().filter_map(|seat| self.candidate_row(seat)).collect()
    }

    /// The password of a candidate's invitation.
    pub fn password(&self, seat: SeatId) -> Option<&Password> {
        self.candidates.get(&seat)?.password.as_ref()
    }

    /// One candidate as an administrator sees it.
    pub fn candidate_row(&self, seat: SeatId) -> Option<CandidateRow> {
        let candidate = self.candidates.get(&seat)?;
        Some(CandidateRow {
            seat,
            name: candidate.name.clone(),
            number: candidate.number.clone(),
            phone: candidate.phone.clone(),
            starts_at: candidate.starts_at,
            code: candidate.code,
            password_set: candidate.password.is_some(),
            photo: candidate.photo,
            papers: count(candidate.papers.kept().len()),
            step: candidate.admission.step(),
            invited_at: candidate.invited_at,
            reminded_at: candidate.reminded_at,
        })
    }

    /// The staff as an administrator sees it.
    pub fn staff_rows(&self) -> Vec<StaffRow> {
        let row = |(seat, staff): (&SeatId, &super::Staff)| StaffRow {
            seat: *seat,
            account: staff.account.clone(),
            name: staff.name.clone(),
            role: staff.role,
            chair: staff.chair,
        };
        self.listed_staff().into_iter().map(row).collect()
    }

    /// The newest imports of candidates, the newest first.
    pub fn import_rows(&self) -> Vec<ImportRow> {
        let row = |import: &Import| {
            let left = || import.added.iter().filter_map(|seat| self.candidates.get(seat));
            ImportRow {
                import: import.command.clone(),
                at: import.at,
                by: match &import.by {
                    Actor::Administrator { account } => account.clone(),
                    Actor::Seat(_) | Actor::System => String::new(),
                },
                added: count(import.added.len()),
                changed: import.changed,
                left: count(left().count()),
                entered: count(left().filter(|candidate| candidate.entries > 0).count()),
                invited: count(left().filter(|candidate| candidate.invited_at.is_some()).count()),
                until: import.undone_until(),
            }
        };
        self.imports.iter().map(row).collect()
    }

    /// The codes of all invitations, with their seats.
    pub fn codes(&self) -> impl Iterator<Item = (Code, SeatId)> {
        self.candidates.iter().map(|(seat, candidate)| (candidate.code, *seat))
    }

    /// The accounts that have seats here, with these.
    pub fn accounts(&self) -> impl Iterator<Item = (&str, SeatId)> {
        let named = self.staff.iter().filter(|(_, staff)| !staff.account.is_empty());
        named.map(|(seat, staff)| (staff.account.as_str(), *seat))
    }

    /// Until when a candidate is locked, if so now.
    pub(crate) fn locked_until(candidate: &Candidate, now: Time) -> Option<Time> {
        candidate.locked_until().filter(|until| *until > now)
    }
}

/// A count as the views have it; all lists are far shorter.
pub(crate) fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// The lists of an interview fit the counts of the views.
const _: () = assert!(limit::CANDIDATES < u32::MAX as usize);
