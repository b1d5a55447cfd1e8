//! The draws of an interview: what was committed, what was drawn.

use crate::{Actor, DrawEntry, DrawEvent, DrawKind, DrawState, Event, Record, SeatId, Seed, Time};

/// All draws, the oldest first; their numbers are their places, from 1.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Draws(Vec<Draw>);

/// One draw.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Draw {
    pub(crate) number: u32,
    pub(crate) kind: DrawKind,
    pub(crate) by: Actor,
    pub(crate) at: Time,
    pub(crate) entries: Vec<DrawEntry>,
    pub(crate) lots: Vec<String>,
    /// The ids of the sets of questions, in the order of the lots.
    pub(crate) sets: Vec<u32>,
    pub(crate) list: String,
    pub(crate) commitment: String,
    pub(crate) salt: String,
    pub(crate) reason: Option<String>,
    pub(crate) state: DrawState,
    pub(crate) ended_at: Option<Time>,
    pub(crate) words: Option<String>,
    pub(crate) seed: Option<Seed>,
    pub(crate) outcome: Option<Vec<u32>>,
}

impl Draws {
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Draw> {
        self.0.iter()
    }

    /// The draw with this number.
    pub(crate) fn of(&self, number: u32) -> Option<&Draw> {
        self.0.iter().find(|draw| draw.number == number)
    }

    /// The number of the next one.
    pub(crate) fn next(&self) -> u32 {
        self.0.last().map_or(1, |draw| draw.number.saturating_add(1))
    }

    /// How many there are.
    pub(crate) const fn len(&self) -> usize {
        self.0.len()
    }

    /// The one of this kind that is begun and not drawn.
    pub(crate) fn committed(&self, kind: DrawKind) -> Option<&Draw> {
        self.0.iter().find(|draw| draw.kind == kind && draw.state == DrawState::Committed)
    }

    /// Was one of this kind begun before?
    pub(crate) fn has(&self, kind: DrawKind) -> bool {
        self.0.iter().any(|draw| draw.kind == kind)
    }

    /// Takes in what happened.
    pub(crate) fn note(&mut self, record: &Record) {
        let Event::Draw(event) = &record.event else { return };
        match event {
            DrawEvent::DrawCommitted {
                number,
                kind,
                entries,
                lots,
                sets,
                list,
                commitment,
                salt,
                reason,
            } => self.0.push(Draw {
                number: *number,
                kind: *kind,
                by: record.by.clone(),
                at: record.at,
                entries: entries.clone(),
                lots: lots.clone(),
                sets: sets.clone(),
                list: list.clone(),
                commitment: commitment.clone(),
                salt: salt.clone(),
                reason: reason.clone(),
                state: DrawState::Committed,
                ended_at: None,
                words: None,
                seed: None,
                outcome: None,
            }),
            DrawEvent::Drawn { number, words, seed, outcome } => self.end(*number, |draw| {
                (draw.state, draw.ended_at) = (DrawState::Drawn, Some(record.at));
                (draw.words, draw.seed) = (Some(words.clone()), Some(*seed));
                draw.outcome = Some(outcome.clone());
            }),
            DrawEvent::DrawGivenUp { number, seed } => self.end(*number, |draw| {
                (draw.state, draw.ended_at) = (DrawState::GivenUp, Some(record.at));
                draw.seed = *seed;
            }),
        }
    }

    fn end(&mut self, number: u32, change: impl FnOnce(&mut Draw)) {
        if let Some(draw) = self.0.iter_mut().find(|draw| draw.number == number) {
            change(draw);
        }
    }
}

impl Draw {
    /// Who was drawn, the first lot first: of an order the queue.
    pub(crate) fn in_order(&self) -> Vec<SeatId> {
        let outcome = self.outcome.iter().flatten();
        let mut drawn: Vec<(u32, SeatId)> =
            outcome.zip(&self.entries).filter_map(|(lot, entry)| Some((*lot, entry.seat?))).collect();
        drawn.sort_unstable();
        drawn.into_iter().map(|(_, seat)| seat).collect()
    }
}
