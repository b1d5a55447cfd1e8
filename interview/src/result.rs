//! A candidate's result: as it is drafted, told, withdrawn, corrected and confirmed.

use crate::{Event, Points, Time};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// What a result says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Verdict {
    /// In the institution's words, e.g. 拟录取.
    pub outcome: String,
    /// In hundredths; null where the result is in words alone.
    #[schema(required)]
    pub points: Option<Points>,
    /// For the candidate; may be empty.
    pub remark: String,
}

/// A draft, which no candidate sees. Of two the later one has the higher revision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Draft {
    /// What it says.
    #[serde(flatten)]
    pub verdict: Verdict,
    /// How often it was written; who publishes names the one that was seen.
    pub revision: u32,
    /// When it was written last.
    pub at: Time,
}

/// That a result was taken back, and none was told since.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct Withdrawal {
    /// When.
    pub at: Time,
    /// In the host's words; empty once it is erased.
    pub reason: String,
}

/// A result as it was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Told {
    pub(crate) verdict: Verdict,
    pub(crate) at: Time,
    /// The how many-th telling, from 1: what a confirmation names.
    pub(crate) revision: u32,
    /// Why it was corrected after its confirmation.
    pub(crate) correction: Option<String>,
}

/// All that there is of one candidate's result.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Results {
    told: Option<Told>,
    confirmed_at: Option<Time>,
    withdrawn: Option<Withdrawal>,
    tellings: u32,
    draft: Option<Draft>,
    drafts: u32,
}

impl Results {
    /// Takes in what happened with it.
    pub(crate) fn note(&mut self, event: &Event, at: Time) {
        let verdict = |outcome: &String, points: &Option<Points>, remark: &String| Verdict {
            outcome: outcome.clone(),
            points: *points,
            remark: remark.clone(),
        };
        match event {
            Event::ResultDrafted { outcome, points, remark, .. } => {
                self.prepare(verdict(outcome, points, remark), at);
            }
            Event::ResultDraftDropped { .. } => self.draft = None,
            Event::ResultPublished { outcome, points, remark, .. } => {
                self.tell(verdict(outcome, points, remark), at, None);
            }
            Event::ResultCorrected { outcome, points, remark, reason, .. } => {
                self.tell(verdict(outcome, points, remark), at, Some(reason.clone()));
                self.confirmed_at = None;
            }
            Event::ResultWithdrawn { reason, .. } => {
                let Some(told) = self.told.take() else { return };
                self.withdrawn = Some(Withdrawal { at, reason: reason.clone() });
                self.prepare(told.verdict, at);
            }
            // The first time counts.
            Event::ResultConfirmed { .. } => drop(self.confirmed_at.get_or_insert(at)),
            _ => {}
        }
    }

    /// The result that the candidate knows.
    pub(crate) const fn told(&self) -> Option<&Told> {
        self.told.as_ref()
    }

    /// When the candidate confirmed what is told.
    pub(crate) const fn confirmed_at(&self) -> Option<Time> {
        self.confirmed_at
    }

    /// Is what is told another than what was confirmed before?
    pub(crate) fn is_corrected(&self) -> bool {
        self.told.as_ref().is_some_and(|told| told.correction.is_some())
    }

    /// That a result was taken back, if none was told since.
    pub(crate) const fn withdrawn(&self) -> Option<&Withdrawal> {
        self.withdrawn.as_ref()
    }

    /// What is prepared.
    pub(crate) const fn draft(&self) -> Option<&Draft> {
        self.draft.as_ref()
    }

    /// Does the candidate know exactly this?
    pub(crate) fn says(&self, verdict: &Verdict) -> bool {
        self.told.as_ref().is_some_and(|told| told.verdict == *verdict)
    }

    /// Is told; what was prepared has served.
    fn tell(&mut self, verdict: Verdict, at: Time, correction: Option<String>) {
        self.tellings = self.tellings.saturating_add(1);
        self.told = Some(Told { verdict, at, revision: self.tellings, correction });
        (self.withdrawn, self.draft) = (None, None);
    }

    fn prepare(&mut self, verdict: Verdict, at: Time) {
        self.drafts = self.drafts.saturating_add(1);
        self.draft = Some(Draft { verdict, revision: self.drafts, at });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SeatId;

    const SEAT: SeatId = SeatId(1);

    fn told(outcome: &str) -> Event {
        let (outcome, points, remark, beyond) = (outcome.to_owned(), None, String::new(), None);
        Event::ResultPublished { candidate: SEAT, outcome, points, remark, beyond, gates: Vec::new() }
    }

    fn after(events: &[Event]) -> Results {
        let mut results = Results::default();
        events.iter().zip(1..).for_each(|(event, at)| results.note(event, Time(at)));
        results
    }

    #[test]
    fn what_is_withdrawn_is_a_draft_and_what_is_told_is_none() {
        let (outcome, points, remark) = ("a".to_owned(), None, String::new());
        let drafted = Event::ResultDrafted { candidate: SEAT, outcome, points, remark };
        let withdrawn = || Event::ResultWithdrawn { candidate: SEAT, reason: "r".to_owned() };
        let results = after(&[drafted.clone(), told("b")]);
        assert_eq!((results.draft(), results.told().map(|told| told.revision)), (None, Some(1)));
        let results = after(&[drafted.clone(), told("b"), withdrawn(), withdrawn()]);
        let taken_back = Withdrawal { at: Time(3), reason: "r".to_owned() };
        assert_eq!((results.told(), results.withdrawn()), (None, Some(&taken_back)));
        assert_eq!(results.draft().map(|draft| (&*draft.verdict.outcome, draft.revision)), Some(("b", 2)));
        let results = after(&[drafted, told("b"), withdrawn(), told("c")]);
        assert_eq!((results.withdrawn(), results.told().map(|told| told.revision)), (None, Some(2)));
    }

    #[test]
    fn a_correction_is_to_be_confirmed_anew() {
        let confirmed = || Event::ResultConfirmed { candidate: SEAT };
        let (outcome, points, remark, reason) = ("b".to_owned(), None, String::new(), "mistyped".to_owned());
        let corrected = Event::ResultCorrected { candidate: SEAT, outcome, points, remark, reason };
        assert_eq!(after(&[told("a"), confirmed(), confirmed()]).confirmed_at(), Some(Time(2)));
        let results = after(&[told("a"), confirmed(), corrected]);
        assert_eq!(results.confirmed_at(), None);
        let told = results.told().unwrap();
        assert_eq!((told.revision, told.correction.as_deref()), (2, Some("mistyped")));
    }
}
