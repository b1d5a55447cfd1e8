//! What an interview is set up with: its name, its window, its stages, its criteria.

use crate::{
    Criterion, IdentityRules, PictureCodec, Pledge, QuestionSet, Refused, SecondCamera, SetupFault,
    ShowsMean, Stage, Time, limit, question, text,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use ts_rs::TS;
use utoipa::ToSchema;

/// All that an administrator decides about an interview, people aside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Setup {
    /// The interview's name, as everybody reads it.
    #[schema(min_length = 1, max_length = 100)]
    pub name: String,
    /// Invitations hold from here on.
    pub opens_at: Time,
    /// Invitations hold until here; who is inside stays.
    pub closes_at: Time,
    /// At least one; the interview begins in the first.
    #[schema(min_items = 1, max_items = 20)]
    pub stages: Vec<Stage>,
    /// What examiners score; may be empty.
    #[schema(max_items = 50)]
    pub criteria: Vec<Criterion>,
    /// Whether candidates have a second camera; without a word they have none.
    #[serde(default)]
    pub second_camera: SecondCamera,
    /// How candidates show who they are; without a word by SMS alone.
    #[serde(default)]
    pub identity: IdentityRules,
    /// What candidates promise before they go on; without a word nothing.
    #[serde(default)]
    pub pledge: Option<Pledge>,
    /// What pictures are encoded with; without a word it is VP8.
    #[serde(default)]
    pub picture_codec: PictureCodec,
    /// When a candidate may go; without a word never by itself.
    #[serde(default)]
    pub lets_go: LetsGo,
    /// The IANA name of the time zone in which its times are told, such as `Asia/Shanghai`, which it is without a word.
    #[serde(default = "usual_time_zone")]
    #[schema(min_length = 1, max_length = 64, pattern = "^[A-Za-z0-9_+/-]+$")]
    pub time_zone: String,
    /// When examiners see the panel's mean; without a word never.
    #[serde(default)]
    pub shows_mean: ShowsMean,
    /// The panel's questions, in sets; without a word none.
    #[serde(default)]
    #[schema(max_items = 60)]
    pub questions: Vec<QuestionSet>,
}

/// When a candidate who is done may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LetsGo {
    /// When a host says so.
    #[default]
    Never,
    /// When the host has finished them.
    Finished,
    /// When they have also confirmed the result.
    Confirmed,
}

/// The time zone of an interview that names none: its records may be older than the word.
pub const USUAL_TIME_ZONE: &str = "Asia/Shanghai";

fn usual_time_zone() -> String {
    USUAL_TIME_ZONE.to_owned()
}

impl Setup {
    /// The setup as it is kept: texts cleaned.
    ///
    /// # Errors
    ///
    /// [`Refused::SetupInvalid`] says what does not hold; [`Refused::TextEmpty`] and [`Refused::TextTooLong`].
    pub(crate) fn cleaned(self) -> Result<Self, Refused> {
        let fault = |fault| Err(Refused::SetupInvalid(fault));
        if self.opens_at >= self.closes_at || self.closes_at > limit::LATEST {
            return fault(SetupFault::Window);
        }
        if self.stages.is_empty() || self.stages.len() > limit::STAGES {
            return fault(SetupFault::Stages);
        }
        if self.criteria.len() > limit::CRITERIA {
            return fault(SetupFault::Criteria);
        }
        let ids: BTreeSet<_> = self.criteria.iter().map(|criterion| &criterion.id).collect();
        if ids.len() != self.criteria.len() {
            return fault(SetupFault::CriterionTwice);
        }
        if self.criteria.iter().any(|criterion| !criterion.holds()) {
            return fault(SetupFault::Bounds);
        }
        if !self.criteria.is_empty() && self.criteria.iter().all(|criterion| criterion.weight == 0) {
            return fault(SetupFault::Weights);
        }
        if !(1..=limit::FACE_ATTEMPTS).contains(&self.identity.attempts) {
            return fault(SetupFault::Attempts);
        }
        if !names_a_time_zone(&self.time_zone) {
            return fault(SetupFault::TimeZone);
        }
        let name = text::required(&self.name, limit::NAME)?;
        let pledge = self.pledge.map(pledge).transpose()?;
        let stages = self.stages.into_iter().map(stage).collect::<Result<_, _>>()?;
        let criteria = self.criteria.into_iter().map(criterion).collect::<Result<Vec<_>, _>>()?;
        let questions = question::cleaned(self.questions, &criteria)?;
        Ok(Self { name, stages, criteria, pledge, questions, ..self })
    }

    /// The same with the version of its pledge: the one before where the text is the same, else one more than ever.
    pub(crate) fn numbered(mut self, before: Option<&Pledge>, newest: u32) -> Self {
        if let Some(pledge) = &mut self.pledge {
            let same = before.filter(|before| before.text == pledge.text);
            pledge.version = same.map_or(newest.saturating_add(1), |before| before.version);
        }
        self
    }
}

/// Is this written like the name of a time zone? Whether there is one of this name, the server knows.
fn names_a_time_zone(name: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'+' | b'-' | b'/');
    (1..=limit::TIME_ZONE).contains(&name.len()) && name.bytes().all(fits)
}

fn stage(stage: Stage) -> Result<Stage, Refused> {
    if stage.minutes.is_some_and(|minutes| minutes == 0 || minutes > limit::STAGE_MINUTES) {
        return Err(Refused::SetupInvalid(SetupFault::Minutes));
    }
    Ok(Stage { name: text::required(&stage.name, limit::STAGE_NAME)?, ..stage })
}

fn pledge(pledge: Pledge) -> Result<Pledge, Refused> {
    Ok(Pledge { text: text::required(&pledge.text, limit::PLEDGE)?, ..pledge })
}

fn criterion(criterion: Criterion) -> Result<Criterion, Refused> {
    Ok(Criterion { name: text::required(&criterion.name, limit::NAME)?, ..criterion })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Points, StageKind};

    fn setup() -> Setup {
        Setup {
            name: " 复试\u{202e} ".to_owned(),
            opens_at: Time(1),
            closes_at: Time(2),
            stages: vec![Stage { name: "面谈".to_owned(), kind: StageKind::Interview, minutes: Some(20) }],
            criteria: vec![Criterion {
                id: "a".parse().unwrap(),
                name: "专业".to_owned(),
                weight: 1,
                max: Points(10_000),
                min: Points(0),
            }],
            second_camera: SecondCamera::Allowed,
            identity: IdentityRules::default(),
            pledge: None,
            picture_codec: PictureCodec::default(),
            lets_go: LetsGo::default(),
            time_zone: usual_time_zone(),
            shows_mean: ShowsMean::default(),
            questions: Vec::new(),
        }
    }

    #[test]
    fn a_setup_is_kept_with_clean_texts() {
        assert_eq!(setup().cleaned().unwrap().name, "复试");
    }

    #[test]
    fn a_setup_of_before_there_were_time_zones_is_told_in_that_of_beijing() {
        let mut json = serde_json::to_value(setup()).unwrap();
        json.as_object_mut().unwrap().remove("time_zone").unwrap();
        assert_eq!(serde_json::from_value::<Setup>(json).unwrap().time_zone, "Asia/Shanghai");
    }

    #[test]
    fn what_does_not_hold_is_named() {
        let fault = |change: fn(&mut Setup)| {
            let mut setup = setup();
            change(&mut setup);
            setup.cleaned().unwrap_err()
        };
        type Case = (fn(&mut Setup), SetupFault);
        let cases: [Case; 14] = [
            (|setup| setup.closes_at = Time(limit::LATEST.0 + 1), SetupFault::Window),
            (|setup| setup.closes_at = setup.opens_at, SetupFault::Window),
            (|setup| setup.stages.clear(), SetupFault::Stages),
            (|setup| setup.stages = vec![setup.stages[0].clone(); limit::STAGES + 1], SetupFault::Stages),
            (|setup| setup.stages[0].minutes = Some(0), SetupFault::Minutes),
            (|setup| setup.criteria = vec![setup.criteria[0].clone(); 51], SetupFault::Criteria),
            (|setup| setup.criteria.push(setup.criteria[0].clone()), SetupFault::CriterionTwice),
            (|setup| setup.criteria[0].min = Points(10_001), SetupFault::Bounds),
            (|setup| setup.criteria[0].weight = 0, SetupFault::Weights),
            (|setup| setup.identity.attempts = 0, SetupFault::Attempts),
            (|setup| setup.identity.attempts = 11, SetupFault::Attempts),
            (|setup| setup.time_zone.clear(), SetupFault::TimeZone),
            (|setup| setup.time_zone = "Asia/上海".to_owned(), SetupFault::TimeZone),
            (|setup| setup.time_zone = "x".repeat(65), SetupFault::TimeZone),
        ];
        for (change, wanted) in cases {
            assert_eq!(fault(change), Refused::SetupInvalid(wanted));
        }
        assert_eq!(fault(|setup| setup.name = " ".to_owned()), Refused::TextEmpty);
        assert_eq!(fault(|setup| setup.stages[0].name = "x".repeat(51)), Refused::TextTooLong(50));
    }
}
