//! The questions of an interview, in sets of which one is drawn for a candidate.

use crate::{Criterion, CriterionId, Refused, SetupFault, limit, text};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use ts_rs::TS;
use utoipa::ToSchema;

/// A question for candidates; no candidate and no patrol reads it here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Question {
    /// What records and marks refer to; unique among all questions of the interview.
    pub id: u32,
    /// As the panel reads it.
    #[schema(min_length = 1, max_length = 1000)]
    pub text: String,
    /// How long the answer may take; a hint.
    #[serde(default)]
    #[schema(required, minimum = 1, maximum = 1440)]
    pub minutes: Option<u32>,
    /// By which criterion the answer tells most; a hint.
    #[serde(default)]
    #[schema(required)]
    pub criterion: Option<CriterionId>,
}

/// Questions that are drawn together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct QuestionSet {
    /// What records refer to; unique among the sets of the interview.
    pub id: u32,
    /// As the panel reads it, e.g. A 组.
    #[schema(min_length = 1, max_length = 100)]
    pub name: String,
    /// At least one.
    #[schema(min_items = 1, max_items = 200)]
    pub questions: Vec<Question>,
}

impl QuestionSet {
    fn cleaned(self) -> Result<Self, Refused> {
        let question = |question: Question| {
            Ok(Question { text: text::required(&question.text, limit::QUESTION)?, ..question })
        };
        let questions = self.questions.into_iter().map(question).collect::<Result<_, Refused>>()?;
        Ok(Self { id: self.id, name: text::required(&self.name, limit::NAME)?, questions })
    }
}

/// The sets as they are kept: texts cleaned.
///
/// # Errors
///
/// [`Refused::SetupInvalid`] says what does not hold; [`Refused::TextEmpty`] and [`Refused::TextTooLong`].
pub(crate) fn cleaned(sets: Vec<QuestionSet>, criteria: &[Criterion]) -> Result<Vec<QuestionSet>, Refused> {
    let all = || sets.iter().flat_map(|set| &set.questions);
    let fault = |fault| Err(Refused::SetupInvalid(fault));
    let empty = sets.iter().any(|set| set.questions.is_empty());
    if empty || sets.len() > limit::QUESTION_SETS || all().count() > limit::QUESTIONS {
        return fault(SetupFault::Questions);
    }
    let ids: BTreeSet<_> = all().map(|question| question.id).collect();
    let of_sets: BTreeSet<_> = sets.iter().map(|set| set.id).collect();
    if ids.len() != all().count() || of_sets.len() != sets.len() {
        return fault(SetupFault::QuestionTwice);
    }
    let known = |id: &CriterionId| criteria.iter().any(|criterion| criterion.id == *id);
    if !all().all(|question| question.criterion.as_ref().is_none_or(known)) {
        return fault(SetupFault::QuestionCriterion);
    }
    let lasts = |minutes: u32| (1..=limit::STAGE_MINUTES).contains(&minutes);
    if !all().all(|question| question.minutes.is_none_or(lasts)) {
        return fault(SetupFault::Minutes);
    }
    sets.into_iter().map(QuestionSet::cleaned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Points;

    fn sets() -> Vec<QuestionSet> {
        let question = |id| Question {
            id,
            text: " 请介绍研究计划\u{202e} ".to_owned(),
            minutes: Some(3),
            criterion: Some("c".parse().unwrap()),
        };
        let set = |id, questions| QuestionSet { id, name: "A 组".to_owned(), questions };
        vec![set(1, vec![question(1), question(2)]), set(2, vec![question(3)])]
    }

    fn refused(change: impl Fn(&mut Vec<QuestionSet>)) -> Refused {
        let mut sets = sets();
        change(&mut sets);
        cleaned(sets, &criteria()).unwrap_err()
    }

    fn criteria() -> [Criterion; 1] {
        let (id, name) = ("c".parse().unwrap(), "专业".to_owned());
        [Criterion { id, name, weight: 1, max: Points(10_000), min: Points(0) }]
    }

    #[test]
    fn questions_are_kept_with_clean_texts() {
        let kept = cleaned(sets(), &criteria()).unwrap();
        assert_eq!(kept[0].questions[0].text, "请介绍研究计划");
        assert_eq!(cleaned(Vec::new(), &[]), Ok(Vec::new()));
    }

    #[test]
    fn what_does_not_hold_is_named() {
        let fault = |fault| Refused::SetupInvalid(fault);
        assert_eq!(refused(|sets| sets[1].questions.clear()), fault(SetupFault::Questions));
        let many = |sets: &mut Vec<QuestionSet>| {
            let one = sets[1].questions[0].clone();
            sets[1].questions =
                (10..).take(limit::QUESTIONS).map(|id| Question { id, ..one.clone() }).collect();
        };
        assert_eq!(refused(many), fault(SetupFault::Questions));
        assert_eq!(refused(|sets| sets[1].questions[0].id = 2), fault(SetupFault::QuestionTwice));
        assert_eq!(refused(|sets| sets[1].id = 1), fault(SetupFault::QuestionTwice));
        let other = |sets: &mut Vec<QuestionSet>| {
            sets[0].questions[0].criterion = Some("other".parse().unwrap());
        };
        assert_eq!(refused(other), fault(SetupFault::QuestionCriterion));
        assert_eq!(refused(|sets| sets[0].questions[0].minutes = Some(0)), fault(SetupFault::Minutes));
        assert_eq!(refused(|sets| sets[0].questions[0].text = " ".to_owned()), Refused::TextEmpty);
        let long = |sets: &mut Vec<QuestionSet>| sets[0].questions[0].text = "x".repeat(1001);
        assert_eq!(refused(long), Refused::TextTooLong(1000));
        assert_eq!(refused(|sets| sets[0].name = String::new()), Refused::TextEmpty);
    }
}
