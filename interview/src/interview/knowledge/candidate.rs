//! What a candidate knows: the own path and result, never another candidate.

use crate::{
    Basics, CandidateView, Check, CheckView, ChecksView, IdentityView, Interview, Presence, ResultView, Role,
    SeatId, SecondCameraState, SecondCameraView, SmsView, Step, Time, WayStep,
    admission::{Admission, Tried},
    candidate::Candidate,
    interview::count,
    result::Told,
};

impl Interview {
    /// The view of a candidate's seat.
    pub(crate) fn candidate_view(
        &self,
        seat: SeatId,
        now: Time,
        presence: &Presence,
    ) -> Option<CandidateView> {
        let candidate = self.candidates.get(&seat)?;
        let admission = &candidate.admission;
        let standing = self.standing(seat);
        let out = admission.is_out();
        let locked_until = Self::locked_until(candidate, now);
        let pledge = self.pledge.clone().filter(|_| matches!(admission, Admission::Pledge(_)));
        let result = candidate.result().filter(|_| !out);
        Some(CandidateView {
            role: Role::Candidate,
            common: self.known_to_all(seat, now, presence),
            step: admission.step(),
            way: self.way(candidate),
            number: candidate.number.clone(),
            phone_hint: phone_hint(&candidate.phone),
            sms: sms(candidate),
            locked: locked_until.is_some(),
            locked_until,
            photo: candidate.photo,
            face: self.face_view(candidate),
            staff_check: self.staff_check_view(candidate),
            pledge,
            identity: IdentityView { reason: None, ..candidate.identity() },
            checks: candidate.checks(),
            device_troubles: candidate.device_troubles.iter().collect(),
            starts_at: candidate.starts_at,
            ahead: self.ahead(seat),
            deferred: self.queue.is_deferred(seat),
            current: standing.current,
            addressed: standing.addressed,
            has_word: standing.has_word,
            may_share: standing.may_share,
            papers: if candidate.sees_papers() { candidate.papers.kept().to_vec() } else { Vec::new() },
            may_add_papers: self.may_add_papers(candidate, now),
            slides: self.slides(seat, presence.page(&seat)),
            second_camera: self.second_camera_state(seat, presence),
            hand: self.floor.hands.contains(&seat),
            muted: self.floor.muted.contains(&seat),
            may_confirm: result.is_some() && self.confirms(seat, candidate),
            result,
            result_withdrawn_at: candidate.results.withdrawn().map(|withdrawal| withdrawal.at),
            confirmed_at: candidate.results.confirmed_at(),
            let_go_at: candidate.let_go_at,
            newest_line: if presence.contains(&seat) { None } else { self.newest_line(seat) },
        })
    }

    /// The steps that lead a candidate in. The pledge is one of them for whoever reads it, has accepted it, or will be asked.
    fn way(&self, candidate: &Candidate) -> Vec<WayStep> {
        let (admission, now) = (&candidate.admission, candidate.admission.step());
        let row: &[Step] = match admission {
            Admission::Left(_) | Admission::Removed(_) => &[],
            Admission::Returning(_) => &[Step::Identity, Step::Waiting],
            _ => {
                &[Step::Identity, Step::Pledge, Step::Speaker, Step::Microphone, Step::Camera, Step::Waiting]
            }
        };
        let reads = match now {
            Step::Invited | Step::Password | Step::Identity => self.pledge.is_some(),
            Step::Pledge => true,
            _ => candidate.pledged.is_some(),
        };
        let row = row.iter().filter(|step| **step != Step::Pledge || reads);
        row.map(|step| WayStep { step: *step, done: *step < now }).collect()
    }

    /// The second camera of a seat: wanted, paired, online.
    pub(super) fn second_camera_state(&self, seat: SeatId, presence: &Presence) -> SecondCameraState {
        let paired = self.second_camera(seat).is_some();
        let online = paired && presence.second_cameras.contains(&seat);
        SecondCameraState { wish: self.second_camera, paired, online }
    }

    /// What the phone that is paired with a seat may know; nothing where none is.
    pub fn second_camera_view(&self, seat: SeatId, now: Time) -> Option<SecondCameraView> {
        self.second_camera(seat)?;
        Some(SecondCameraView {
            role: "second_camera",
            rehearsal: self.rehearsal_of.is_some(),
            name: self.name.clone(),
            person: self.name_of(seat),
            seen: self.rights(seat).sends.second_camera,
            now: now.max(self.latest),
        })
    }

    /// What every seat knows.
    pub(super) fn known_to_all(&self, seat: SeatId, now: Time, presence: &Presence) -> Basics {
        let (stage, stage_since) = self.stage_for(seat);
        Basics {
            interview: self.id,
            rehearsal: self.rehearsal_of.is_some(),
            name: self.name.clone(),
            stages: self.stages.iter().map(|(stage, _)| stage.clone()).collect(),
            stage: count(stage),
            stage_since,
            stage_of_all: self.stage_index(),
            marks: self.marks(seat),
            clock: self.clock_for(seat),
            helm: self.helm_view(presence),
            now,
            time_zone: self.time_zone.clone(),
            seat,
            person: self.name_of(seat),
        }
    }

    /// Is this the moment in which the candidate confirms the result?
    fn confirms(&self, seat: SeatId, candidate: &Candidate) -> bool {
        candidate.admission.is_inside()
            && candidate.results.confirmed_at().is_none()
            && self.is_time_to_confirm(seat, &candidate.results)
    }

    /// How many who wait are called before this seat; nothing for a seat that does not wait.
    fn ahead(&self, seat: SeatId) -> Option<u32> {
        let kind = self.stages.current().kind;
        let waits = |seat: &SeatId| self.candidates.get(seat).is_some_and(|other| other.waits(kind));
        if !waits(&seat) {
            return None;
        }
        Some(count(self.queue.iter().take_while(|other| *other != seat).filter(waits).count()))
    }
}

impl Candidate {
    /// The published result.
    pub(super) fn result(&self) -> Option<ResultView> {
        self.results.told().map(|Told { verdict, at, revision, correction }| ResultView {
            outcome: verdict.outcome.clone(),
            points: verdict.points,
            remark: verdict.remark.clone(),
            published_at: *at,
            revision: *revision,
            correction: correction.clone(),
        })
    }

    /// How the identity step was passed, with a host's reason.
    pub(super) fn identity(&self) -> IdentityView {
        self.admission.proof().map_or_else(IdentityView::default, |proof| IdentityView {
            method: Some(proof.method),
            passed_at: Some(proof.at),
            reason: proof.reason.clone(),
        })
    }

    /// The newest try of each device.
    pub(super) fn checks(&self) -> ChecksView {
        let newest = |check| self.admission.tried(check).map(shown);
        ChecksView {
            speaker: newest(Check::Speaker),
            microphone: newest(Check::Microphone),
            camera: newest(Check::Camera),
        }
    }
}

fn shown(tried: &Tried) -> CheckView {
    CheckView { passed: tried.passed, device: tried.device.clone(), at: tried.at }
}

fn sms(candidate: &Candidate) -> Option<SmsView> {
    let (resend_at, expires_at, tries_left) =
        candidate.sms.newest().filter(|_| candidate.admission.is_asked_who())?;
    Some(SmsView { resend_at, expires_at, tries_left })
}

/// The first three and the last four digits where there are enough, else the last two.
fn phone_hint(phone: &str) -> Option<String> {
    let hint = match phone.len() {
        0 => return None,
        11.. => format!("{}****{}", phone.get(..3)?, phone.get(phone.len() - 4..)?),
        length => format!("****{}", phone.get(length.saturating_sub(2)..)?),
    };
    Some(hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phone_is_hinted_at_and_not_told() {
        assert_eq!(phone_hint("13812345678").as_deref(), Some("138****5678"));
        assert_eq!(phone_hint("+8613812345678").as_deref(), Some("+86****5678"));
        assert_eq!(phone_hint("12345").as_deref(), Some("****45"));
        assert_eq!(phone_hint(""), None);
    }
}
