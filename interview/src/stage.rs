//! The stages of an interview: names are the institution's, kinds are fixed.

use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use ts_rs::TS;
use utoipa::ToSchema;

/// What a stage means for those who sit in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StageKind {
    /// 候考: before, between and after; candidates hear the host only when addressed.
    Waiting,
    /// 宣讲: the panel speaks to the candidates.
    Briefing,
    /// 面谈: the current candidate and the panel.
    Interview,
    /// 评议: the panel alone.
    Deliberation,
    /// 公布, one by one: the result is told to the current candidate.
    Announcement,
    /// 公布, jointly: the results are told to all candidates.
    JointAnnouncement,
    /// 成绩确认: the candidate confirms the result.
    Confirmation,
    /// 结束: the farewell.
    End,
}

impl StageKind {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Waiting,
        Self::Briefing,
        Self::Interview,
        Self::Deliberation,
        Self::Announcement,
        Self::JointAnnouncement,
        Self::Confirmation,
        Self::End,
    ];
}

impl StageKind {
    /// Whose stage it is.
    pub const fn scope(self) -> Scope {
        match self {
            Self::Waiting | Self::Briefing | Self::JointAnnouncement | Self::End => Scope::Everybody,
            Self::Interview | Self::Deliberation | Self::Announcement | Self::Confirmation => {
                Scope::Candidate
            }
        }
    }

    /// Do all hear something in it that is said once? Who was there need not hear it again after a break.
    const fn is_held_once(self) -> bool {
        matches!(self, Self::Briefing | Self::JointAnnouncement)
    }
}

/// Whose a stage is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// All are in it together.
    Everybody,
    /// Each candidate goes through it alone, from the call on.
    Candidate,
}

/// Where a seat stands with a stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StageMark {
    /// It is behind.
    Done,
    /// It goes on.
    Now,
    /// It begins with the candidate's call.
    Next,
    /// It comes later.
    Ahead,
}

/// One stage as an institution names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[ts(rename = "StageView")]
pub struct Stage {
    /// Its name, as everybody reads it: free text.
    #[schema(min_length = 1, max_length = 50)]
    pub name: String,
    /// What decides who may send and receive what.
    pub kind: StageKind,
    /// The planned minutes, for the clock; a stage whose time is over goes on.
    #[schema(minimum = 1, maximum = 1440)]
    pub minutes: Option<u32>,
}

/// The stages of an interview and where it stands; never empty, and always at one of its stages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stages {
    before: Vec<Stage>,
    current: Stage,
    after: Vec<Stage>,
    /// What all have heard, by index.
    held: BTreeSet<usize>,
}

impl Stages {
    /// At the first of `stages`; `None` when there are none.
    pub fn begin(stages: impl IntoIterator<Item = Stage>) -> Option<Self> {
        let mut stages = stages.into_iter();
        let current = stages.next()?;
        Some(Self { before: Vec::new(), current, after: stages.collect(), held: BTreeSet::new() })
    }

    /// These stages instead, at the same place; what was held stays so where its kind is the same. `None` when there are none.
    pub fn changed(&self, stages: impl IntoIterator<Item = Stage>) -> Option<Self> {
        let mut changed = Self::begin(stages)?;
        let kind = |stages: &Self, index| stages.at(index).map(|stage| stage.kind);
        let stays = |index: &usize| kind(&changed, *index) == kind(self, *index);
        changed.held = self.held.iter().copied().filter(stays).collect();
        if self.index() < changed.count() {
            changed.seek(self.index());
        }
        Some(changed)
    }

    /// The stage that the interview is in.
    pub const fn current(&self) -> &Stage {
        &self.current
    }

    /// The stage with this index.
    pub fn at(&self, index: usize) -> Option<&Stage> {
        self.iter().nth(index).map(|(stage, _)| stage)
    }

    /// The first stage of a kind.
    pub fn first(&self, kind: StageKind) -> Option<usize> {
        self.iter().position(|(stage, _)| stage.kind == kind)
    }

    /// The index of the stage that the interview is in.
    pub const fn index(&self) -> usize {
        self.before.len()
    }

    /// How many there are.
    pub const fn count(&self) -> usize {
        self.before.len() + 1 + self.after.len()
    }

    /// Was it a briefing or an announcement of all that all have left again, whatever stage they went to?
    pub fn was_held(&self, index: usize) -> bool {
        self.held.contains(&index)
    }

    /// The last one that was held.
    pub fn last_held(&self) -> Option<usize> {
        self.held.last().copied()
    }

    /// To the stage with this index; false when there is none, and nothing changes.
    pub fn go_to(&mut self, index: usize) -> bool {
        if index >= self.count() {
            return false;
        }
        if index != self.index() && self.current.kind.is_held_once() {
            self.held.insert(self.index());
        }
        self.seek(index);
        true
    }

    fn seek(&mut self, index: usize) {
        while self.index() < index && self.advance() {}
        while self.index() > index && self.retreat() {}
    }

    /// All stages in their order, the current one marked.
    pub fn iter(&self) -> impl Iterator<Item = (&Stage, bool)> {
        let done = self.before.iter().map(|stage| (stage, false));
        let open = self.after.iter().map(|stage| (stage, false));
        done.chain([(&self.current, true)]).chain(open)
    }

    /// On to the next stage; false at the last one, where nothing changes.
    pub fn advance(&mut self) -> bool {
        if self.after.is_empty() {
            return false;
        }
        let next = self.after.remove(0);
        self.before.push(std::mem::replace(&mut self.current, next));
        true
    }

    /// Back to the stage before; false at the first one, where nothing changes.
    pub fn retreat(&mut self) -> bool {
        let Some(last) = self.before.pop() else { return false };
        self.after.insert(0, std::mem::replace(&mut self.current, last));
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stages() -> Stages {
        let stage = |kind, name: &str| Stage { kind, name: name.to_owned(), minutes: None };
        let list = [
            stage(StageKind::Briefing, "宣讲"),
            stage(StageKind::Interview, "面谈"),
            stage(StageKind::End, "结束"),
        ];
        Stages::begin(list).unwrap()
    }

    fn marked(stages: &Stages) -> Vec<(&str, bool)> {
        stages.iter().map(|(stage, current)| (stage.name.as_str(), current)).collect()
    }

    #[test]
    fn the_order_stays_and_the_mark_moves() {
        let mut stages = stages();
        assert_eq!(marked(&stages), [("宣讲", true), ("面谈", false), ("结束", false)]);
        assert!(stages.advance());
        assert_eq!(marked(&stages), [("宣讲", false), ("面谈", true), ("结束", false)]);
        assert!(stages.retreat());
        assert_eq!(stages, self::stages());
    }

    #[test]
    fn a_jump_goes_to_any_stage_there_is() {
        let mut stages = stages();
        for index in [2, 0, 1, 1] {
            assert!(stages.go_to(index));
            assert_eq!(stages.index(), index);
        }
        let before = stages.clone();
        assert!(!stages.go_to(3) && !stages.go_to(usize::MAX));
        assert_eq!(stages, before);
    }

    #[test]
    fn what_all_have_heard_stays_held_and_the_end_that_came_too_early_does_not() {
        let mut stages = stages();
        assert!(stages.go_to(0));
        assert_eq!(stages.last_held(), None, "it goes on");
        for index in [1, 2, 1, 0] {
            assert!(stages.go_to(index));
        }
        assert_eq!([0, 1, 2].map(|index| stages.was_held(index)), [true, false, false]);
        // Another name is the same stage, another kind is not.
        let mut list: Vec<Stage> = stages.iter().map(|(stage, _)| stage.clone()).collect();
        list[0].name = "说明会".to_owned();
        let renamed = stages.changed(list.clone()).unwrap();
        assert_eq!((renamed.index(), renamed.was_held(0)), (0, true));
        list[0].kind = StageKind::Waiting;
        assert!(!stages.changed(list).unwrap().was_held(0));
        assert_eq!(stages.changed([]), None);
    }

    #[test]
    fn there_is_nothing_before_the_first_and_behind_the_last() {
        let mut stages = stages();
        assert!(!stages.retreat());
        assert!(stages.advance() && stages.advance() && !stages.advance());
        assert_eq!(stages.current().kind, StageKind::End);
        assert_eq!(Stages::begin([]), None);
    }
}
