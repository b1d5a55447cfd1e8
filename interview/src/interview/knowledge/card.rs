//! A candidate as the panel sees it.

use crate::{
    CandidateCard, Check, FaceCard, FaceTrialView, Interview, Mean, Presence, Role, SeatId, ShowsMean, Time,
    candidate::Candidate, interview::count,
};

impl Interview {
    /// All candidates in the order of the queue.
    pub(super) fn cards(
        &self,
        (reader, role): (SeatId, Role),
        now: Time,
        presence: &Presence,
    ) -> Vec<CandidateCard> {
        let mut place = 0;
        let card = |seat| {
            let mut card = self.card(seat, now, presence)?;
            let waits = self.candidates.get(&seat)?.waits(self.stages.current().kind);
            let hosts = self.part(reader) == Some(Role::Host);
            (card.draft, card.withdrawn) = (card.draft.filter(|_| hosts), card.withdrawn.filter(|_| hosts));
            card.mean = self.mean_for(reader, role, seat);
            if !role.is_panel() {
                card.papers.clear();
                (card.question_set, card.asked) = (None, Vec::new());
            }
            if waits {
                place += 1;
                card.position = Some(place);
            }
            Some(card)
        };
        self.queue.iter().filter_map(card).collect()
    }

    /// The card of a candidate, without its place.
    fn card(&self, seat: SeatId, now: Time, presence: &Presence) -> Option<CandidateCard> {
        let candidate = self.candidates.get(&seat)?;
        let admission = &candidate.admission;
        let standing = self.standing(seat);
        let failed = |check: &Check| admission.tried(*check).is_some_and(|tried| !tried.passed);
        Some(CandidateCard {
            seat,
            name: candidate.name.clone(),
            number: candidate.number.clone(),
            step: admission.step(),
            online: presence.contains(&seat),
            arriving: presence.is_arriving(&seat) && !admission.is_out(),
            last_seen: presence.last_seen(&seat),
            offline_since: presence.offline_since(&seat),
            identity: candidate.identity(),
            checks: candidate.checks(),
            failed_check: Check::ALL.into_iter().find(failed),
            device_troubles: candidate.device_troubles.iter().collect(),
            waiver: admission.waiver().cloned(),
            locked_at: Self::locked_until(candidate, now).map(|_| admission.step()),
            face: self.face_card(candidate),
            staff_check: self.staff_check_view(candidate),
            photo: candidate.photo,
            papers: candidate.papers.kept().to_vec(),
            starts_at: candidate.starts_at,
            position: None,
            deferred: self.queue.is_deferred(seat),
            done: candidate.is_done(self.stages.current().kind),
            current: standing.current,
            addressed: standing.addressed,
            has_word: standing.has_word,
            may_share: standing.may_share,
            second_camera: self.second_camera_state(seat, presence),
            hand: self.floor.hands.contains(&seat),
            muted: self.floor.muted.contains(&seat),
            result: candidate.result(),
            confirmed_at: candidate.results.confirmed_at(),
            withdrawn: candidate.results.withdrawn().cloned(),
            let_go_at: candidate.let_go_at,
            left_at: candidate.left_at,
            interviewed_at: candidate.interviewed_at,
            gates: self.gates(seat),
            draft: candidate.results.draft().cloned(),
            submitted: count(self.scores.submitted(seat).count()),
            mean: None,
            question_set: candidate.questions.set,
            asked: candidate.questions.asked.iter().copied().collect(),
        })
    }

    /// The mean of the sheets of a candidate that are handed in, where this seat may see it now.
    fn mean_for(&self, reader: SeatId, role: Role, candidate: SeatId) -> Option<Mean> {
        let may = role == Role::Examiner
            && match self.shows_mean {
                ShowsMean::Never => false,
                ShowsMean::AllIn => self.scores_are_open(candidate),
                ShowsMean::OwnIn => {
                    self.scores.has_submitted(candidate, reader) || self.scores_are_open(candidate)
                }
            };
        if may { Mean::of(self.submitted_totals(candidate)) } else { None }
    }

    /// What the staff sees of a candidate's face check.
    fn face_card(&self, candidate: &Candidate) -> FaceCard {
        let suspect = |one: &&FaceTrialView| one.trial.is_suspect();
        FaceCard {
            view: self.face_view(candidate),
            trials: candidate.faces.trials.clone(),
            suspects: count(candidate.faces.trials.iter().filter(suspect).count()),
            pledged_at: candidate.pledged.map(|(_, at)| at),
        }
    }
}
