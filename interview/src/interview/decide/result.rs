//! Results: drafts, publication and what stands in its way, withdrawal, correction, confirmation.

use super::{Events, Interview};
use crate::{
    DraftSeen, Event, Gate, LetsGo, Obstacle, Points, Refused, Role, SeatId, StageKind, Time, TurnEvent,
    Verdict, limit, result::Results, text,
};

impl Interview {
    /// What still stands in the way of this candidate's result.
    pub(crate) fn gates(&self, seat: SeatId) -> Vec<Gate> {
        let Some(candidate) = self.candidates.get(&seat) else { return Vec::new() };
        let scored = !self.criteria.is_empty() && self.examiners().next().is_some();
        let panel_at_work = matches!(self.scene_kind(), StageKind::Interview | StageKind::Deliberation);
        let gates = [
            (candidate.interviewed_at.is_none(), Gate::NotInterviewed),
            (scored && !self.scores_are_open(seat), Gate::SheetsMissing),
            (self.floor.current == Some(seat) && panel_at_work, Gate::InSession),
        ];
        gates.into_iter().filter(|(stands, _)| *stands).map(|(_, gate)| gate).collect()
    }

    /// May this seat go past a gate? Where no chair is marked, every host is one.
    pub(crate) fn is_chair(&self, seat: SeatId) -> bool {
        let hosts = self.staff.values().filter(|staff| staff.role == Role::Host && !staff.removed);
        let marked = hosts.clone().any(|staff| staff.chair);
        let Some(staff) = self.staff.get(&seat).filter(|staff| !staff.removed) else { return false };
        match self.part(seat) {
            Some(Role::Host) => staff.chair || (staff.role == Role::Host && !marked),
            _ => false,
        }
    }

    pub(super) fn decide_draft(&self, seat: SeatId, verdict: Verdict) -> Events {
        let (candidate, verdict) = (self.candidate(seat)?, cleaned(verdict)?);
        if candidate.results.draft().is_some_and(|draft| draft.verdict == verdict) {
            return Ok(Vec::new());
        }
        let Verdict { outcome, points, remark } = verdict;
        Ok(vec![Event::ResultDrafted { candidate: seat, outcome, points, remark }])
    }

    pub(super) fn decide_drop_draft(&self, seat: SeatId) -> Events {
        let drafted = self.candidate(seat)?.results.draft().is_some();
        Ok(drafted.then_some(Event::ResultDraftDropped { candidate: seat }).into_iter().collect())
    }

    pub(super) fn decide_publish(
        &self,
        by: SeatId,
        seat: SeatId,
        verdict: Verdict,
        beyond: Option<String>,
    ) -> Events {
        let (candidate, verdict) = (self.candidate(seat)?, cleaned(verdict)?);
        if candidate.results.says(&verdict) {
            return Ok(Vec::new());
        }
        if candidate.results.confirmed_at().is_some() {
            return Err(Refused::ResultConfirmed);
        }
        let gates = self.gates(seat);
        let Some(reason) = beyond.filter(|_| !gates.is_empty()) else {
            return self.published(seat, verdict).map(|event| self.told(seat, event));
        };
        if !self.is_chair(by) {
            return Err(Refused::ChairOnly);
        }
        let beyond = Some(text::required(&reason, limit::REASON)?);
        let Verdict { outcome, points, remark } = verdict;
        Ok(self
            .told(seat, Event::ResultPublished { candidate: seat, outcome, points, remark, beyond, gates }))
    }

    /// With what follows from a publication: whoever is not with the panel is told in writing, and may confirm.
    fn told(&self, seat: SeatId, event: Event) -> Vec<Event> {
        let current = self.floor.current == Some(seat);
        let stage = self.stage_to_confirm(seat).filter(|_| !current);
        let stage = stage.map(|stage| TurnEvent::CandidateStageEntered { candidate: seat, stage }.into());
        std::iter::once(event).chain(stage).collect()
    }

    /// All of them, or none: as they were seen.
    pub(super) fn decide_publish_drafts(&self, drafts: &[DraftSeen]) -> Events {
        if drafts.len() > limit::CANDIDATES {
            return Err(Refused::TooMany(limit::CANDIDATES));
        }
        let mut events = Vec::new();
        for DraftSeen { candidate: seat, revision } in drafts {
            let candidate = self.candidate(*seat)?;
            let draft = candidate.results.draft().filter(|draft| draft.revision == *revision);
            let twice = events.iter().any(|event: &Event| event.seat() == Some(*seat));
            let draft = draft.filter(|_| candidate.results.confirmed_at().is_none() && !twice);
            let verdict = draft.ok_or(Refused::ResultsChanged)?.verdict.clone();
            events.extend(self.told(*seat, self.published(*seat, verdict)?));
        }
        Ok(events)
    }

    /// By a plain command, past no gate.
    fn published(&self, seat: SeatId, verdict: Verdict) -> Result<Event, Refused> {
        match self.gates(seat).first() {
            Some(Gate::NotInterviewed) => Err(Refused::ResultNotInterviewed),
            Some(Gate::SheetsMissing) => Err(Refused::ResultSheetsMissing),
            Some(Gate::InSession) => Err(Refused::ResultInSession),
            None => {
                let Verdict { outcome, points, remark } = verdict;
                let (beyond, gates) = (None, Vec::new());
                Ok(Event::ResultPublished { candidate: seat, outcome, points, remark, beyond, gates })
            }
        }
    }

    pub(super) fn decide_withdraw(&self, seat: SeatId, reason: &str) -> Events {
        let results = &self.candidate(seat)?.results;
        if results.confirmed_at().is_some() {
            return Err(Refused::ResultConfirmed);
        }
        if results.told().is_none() {
            return Err(Refused::ResultMissing);
        }
        let reason = text::required(reason, limit::REASON)?;
        Ok(vec![Event::ResultWithdrawn { candidate: seat, reason }])
    }

    pub(super) fn decide_correct(&self, seat: SeatId, verdict: Verdict, reason: &str) -> Events {
        let (candidate, verdict) = (self.candidate(seat)?, cleaned(verdict)?);
        if candidate.results.says(&verdict) {
            return Ok(Vec::new());
        }
        if candidate.results.confirmed_at().is_none() {
            return Err(Refused::ResultNotConfirmed);
        }
        let reason = text::required(reason, limit::REASON)?;
        let Verdict { outcome, points, remark } = verdict;
        Ok(vec![Event::ResultCorrected { candidate: seat, outcome, points, remark, reason }])
    }

    /// What was confirmed before and is another now is confirmed in any stage: the one for it may be over.
    pub(crate) fn is_time_to_confirm(&self, seat: SeatId, results: &Results) -> bool {
        results.is_corrected() || self.is_in_confirmation(seat)
    }

    pub(super) fn decide_confirm(
        &self,
        seat: SeatId,
        published_at: Option<Time>,
        revision: Option<u32>,
    ) -> Events {
        let results = &self.candidate(seat)?.results;
        if results.confirmed_at().is_some() {
            return Ok(Vec::new());
        }
        if !self.is_time_to_confirm(seat, results) {
            return Err(Refused::NotNow(Obstacle::ConfirmClosed));
        }
        let told = results.told().ok_or(Refused::ResultMissing)?;
        let unseen = published_at.is_some_and(|seen| seen != told.at)
            || revision.is_some_and(|seen| seen != told.revision)
            || (results.is_corrected() && revision.is_none());
        if unseen {
            return Err(Refused::ResultMissing);
        }
        let waits = self.floor.current != Some(seat) && self.candidate(seat)?.is_in_room();
        let goes =
            (waits && self.lets_go == LetsGo::Confirmed).then_some(TurnEvent::LetGo { candidate: seat });
        Ok(std::iter::once(Event::ResultConfirmed { candidate: seat }).chain(goes.map(Event::from)).collect())
    }
}

fn cleaned(verdict: Verdict) -> Result<Verdict, Refused> {
    let Verdict { outcome, points, remark } = verdict;
    let outcome = text::required(&outcome, limit::OUTCOME)?;
    let remark = text::optional(&remark, limit::REMARK)?;
    if points.is_some_and(|Points(points)| points > limit::POINTS) {
        return Err(Refused::ScoresOutOfBounds { of: "result".to_owned() });
    }
    Ok(Verdict { outcome, points, remark })
}
