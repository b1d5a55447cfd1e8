//! Random draws, as the reference has them: what stands in their way, and what they change.

use super::{
    CANDIDATES,
    Outcome::{self, Done, Refused as No},
    Reference,
};
use crate::{draw::DrawList, *};

/// A draw that was begun.
#[derive(Debug, Clone)]
pub(super) struct Begun {
    kind: DrawKind,
    seed: Seed,
    over: bool,
}

impl Reference {
    pub(super) fn draw(&mut self, by: SeatId, action: &DrawAction) -> Outcome {
        let (number, kind) = match action {
            DrawAction::Commit { kind, .. } => (self.draws.len(), *kind),
            DrawAction::Draw { number, .. } => match self.draws.get(*number as usize - 1) {
                Some(draw) if !draw.over => (*number as usize - 1, draw.kind),
                _ => return No,
            },
        };
        let possible = match kind {
            DrawKind::Order => self.people.values().all(|person| !person.was_called),
            DrawKind::Questions => self.desk.asked.is_empty(),
            DrawKind::Rooms => true,
        };
        if !self.leads(by) || !self.is_inside(by) || !possible {
            return No;
        }
        match action {
            DrawAction::Commit { seed, reason, .. } => {
                if reason.is_none() && self.draws.iter().any(|draw| draw.kind == kind) {
                    return No;
                }
                self.draws.iter_mut().filter(|draw| draw.kind == kind).for_each(|draw| draw.over = true);
                self.draws.push(Begun { kind, seed: *seed, over: false });
            }
            DrawAction::Draw { words, seed, .. } => {
                if self.draws[number].seed != *seed {
                    return No;
                }
                self.draws[number].over = true;
                self.obey(number as u32 + 1, kind, seed, words);
            }
        }
        Done
    }

    /// The numbers of the candidates are in the order of their seats here.
    fn obey(&mut self, number: u32, kind: DrawKind, seed: &Seed, words: &str) {
        let entries = CANDIDATES.map(|seat| seat.0.to_string());
        let lots: Vec<String> = match kind {
            DrawKind::Order => ["1", "2", "3"].map(str::to_owned).into(),
            DrawKind::Questions => [1, 2].map(|id| format!("{id} {}", super::super::wish::QUESTION)).into(),
            DrawKind::Rooms => return,
        };
        let interview = InterviewId(1).to_string();
        let list = DrawList { interview: &interview, number, kind, entries: &entries, lots: &lots };
        let drawn = list.outcome(seed, words).into_iter().zip(CANDIDATES);
        if kind == DrawKind::Questions {
            self.desk.drawn.extend(drawn.map(|(lot, seat)| (seat, lot + 1)));
        } else {
            let mut drawn: Vec<_> = drawn.collect();
            drawn.sort_unstable();
            self.line.arrange(drawn.into_iter().map(|(_, seat)| seat).collect());
        }
    }

    /// Seeds that nobody may know.
    pub(in super::super) fn secret_seeds(&self) -> impl Iterator<Item = String> {
        let known = |seed| self.draws.iter().any(|draw| draw.over && draw.seed == seed);
        self.draws.iter().map(|draw| draw.seed).filter(move |seed| !known(*seed)).map(String::from)
    }
}
