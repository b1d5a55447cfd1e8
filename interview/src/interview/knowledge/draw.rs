//! What the staff knows of draws, and what an inspector is given.

use crate::{
    Actor, DRAW_FORMAT, DrawFile, DrawSheet, DrawView, Interview,
    draws::Draw,
    erasure::{ERASED, nobody},
};

impl Interview {
    /// The draws without their lists, the oldest first.
    pub(crate) fn draw_views(&self) -> Vec<DrawView> {
        self.draws.iter().map(|draw| self.draw_view(draw)).collect()
    }

    /// All draws, to be checked by anybody.
    pub fn draw_file(&self) -> DrawFile {
        DrawFile {
            format: DRAW_FORMAT.to_owned(),
            interview: self.id.to_string(),
            name: self.name.clone(),
            draws: self.draws.iter().map(|draw| self.draw_sheet(draw)).collect(),
        }
    }

    /// From what the server finds the seed of a draw that is begun and not drawn.
    pub fn draw_salt(&self, number: u32) -> Option<&str> {
        let draw = self.draws.of(number).filter(|draw| draw.ended_at.is_none())?;
        Some(&draw.salt)
    }

    /// The number of the draw of this kind that is begun and not drawn.
    pub fn draw_committed(&self, kind: crate::DrawKind) -> Option<u32> {
        self.draws.committed(kind).map(|draw| draw.number)
    }

    /// The number that the next draw gets.
    pub fn next_draw(&self) -> u32 {
        self.draws.next()
    }

    fn draw_view(&self, draw: &Draw) -> DrawView {
        let count = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
        let by = match &draw.by {
            Actor::Administrator { account } => account.clone(),
            Actor::Seat(seat) => self.name_of(*seat),
            Actor::System => String::new(),
        };
        let gone = |entry: &crate::DrawEntry| match entry.seat {
            Some(seat) => entry.text == nobody(seat),
            None => entry.text == ERASED,
        };
        DrawView {
            number: draw.number,
            kind: draw.kind,
            state: draw.state,
            commitment: draw.commitment.clone(),
            list: draw.list.clone(),
            people: count(draw.entries.len()),
            of: count(draw.lots.len()),
            committed_at: draw.at,
            by,
            reason: draw.reason.clone(),
            ended_at: draw.ended_at,
            words: draw.words.clone(),
            seed: draw.seed,
            erased: draw.entries.iter().any(gone),
        }
    }

    fn draw_sheet(&self, draw: &Draw) -> DrawSheet {
        let lot = |index: &u32| draw.lots.get(usize::try_from(*index).ok()?).cloned();
        DrawSheet {
            draw: self.draw_view(draw),
            entries: draw.entries.iter().map(|entry| entry.text.clone()).collect(),
            lots: draw.lots.clone(),
            outcome: draw.outcome.as_ref().map(|outcome| outcome.iter().filter_map(lot).collect()),
        }
    }
}
