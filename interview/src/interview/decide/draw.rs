//! Random draws: a seed and a list are held by a hash, then the seed is shown and decides.

use super::{Events, Interview};
use crate::{
    DrawAction, DrawEntry, DrawEvent, DrawKind, DrawState, Event, Obstacle, QuestionEvent, Refused, SeatId,
    Seed,
    draw::{DrawList, hex},
    draws::Draw,
    limit, text,
};
use std::collections::BTreeSet;

/// What is drawn from.
#[derive(PartialEq)]
struct Urn {
    entries: Vec<DrawEntry>,
    lots: Vec<String>,
    sets: Vec<u32>,
}

impl Interview {
    pub(super) fn decide_draw(&self, action: DrawAction) -> Events {
        match action {
            DrawAction::Commit { number, kind, entries, lots, reason, seed, salt, given_up } => {
                let urn = self.urn(kind, &entries, &lots)?;
                if number != self.draws.next() {
                    return Err(Refused::NotNow(Obstacle::DrawOver));
                }
                self.decide_commit(kind, urn, reason.as_deref(), (seed, salt), given_up)
            }
            DrawAction::Draw { number, words, seed } => self.decide_drawn(number, &words, seed),
        }
    }

    fn decide_commit(
        &self,
        kind: DrawKind,
        Urn { entries, lots, sets }: Urn,
        reason: Option<&str>,
        (seed, salt): (Seed, String),
        given_up: Option<Seed>,
    ) -> Events {
        if self.draws.len() >= limit::DRAWS {
            return Err(Refused::TooMany(limit::DRAWS));
        }
        let reason = reason.map(|reason| text::required(reason, limit::REASON)).transpose()?;
        if self.draws.has(kind) && reason.is_none() {
            return Err(Refused::NotNow(Obstacle::DrawnBefore));
        }
        let before = self.draws.committed(kind).map(|draw| DrawEvent::DrawGivenUp {
            number: draw.number,
            // A seed that is not the one of the commitment tells nothing.
            seed: given_up.filter(|seed| self.holds(draw, seed)),
        });
        let number = self.draws.next();
        let (interview, texts) = (self.id.to_string(), texts(&entries));
        let hashed = DrawList { interview: &interview, number, kind, entries: &texts, lots: &lots };
        let (list, commitment) = (hex(&hashed.digest()), hex(&hashed.commitment(&seed)));
        let committed =
            DrawEvent::DrawCommitted { number, kind, entries, lots, sets, list, commitment, salt, reason };
        Ok(before.into_iter().chain([committed]).map(Event::from).collect())
    }

    fn decide_drawn(&self, number: u32, words: &str, seed: Seed) -> Events {
        let draw = self.draws.of(number).ok_or(Refused::NotFound("draw"))?;
        if draw.state != DrawState::Committed {
            return Err(Refused::NotNow(Obstacle::DrawOver));
        }
        let given = if draw.kind == DrawKind::Rooms { texts(&draw.entries) } else { Vec::new() };
        let urn = self.urn(draw.kind, &given, &draw.lots)?;
        if (&urn.entries, &urn.lots, &urn.sets) != (&draw.entries, &draw.lots, &draw.sets) {
            return Err(Refused::NotNow(Obstacle::DrawListChanged));
        }
        if !self.holds(draw, &seed) {
            return Err(Refused::NotNow(Obstacle::DrawSeedLost));
        }
        let words = text::optional(words, limit::REASON)?;
        let (interview, texts) = (self.id.to_string(), texts(&draw.entries));
        let list =
            DrawList { interview: &interview, number, kind: draw.kind, entries: &texts, lots: &draw.lots };
        let outcome = list.outcome(&seed, &words);
        let assigned = self.assigned(draw, &outcome);
        let drawn = DrawEvent::Drawn { number, words, seed, outcome };
        Ok(std::iter::once(drawn.into()).chain(assigned).collect())
    }

    /// The sets of questions that candidates have from now on.
    fn assigned(&self, draw: &Draw, outcome: &[u32]) -> Vec<Event> {
        let pairs = outcome.iter().zip(&draw.entries).filter_map(|(lot, entry)| {
            let set = draw.sets.get(usize::try_from(*lot).ok()?)?;
            Some((entry.seat?, *set))
        });
        let other = |(candidate, set): &(SeatId, u32)| {
            self.candidates.get(candidate).is_some_and(|one| one.questions.set != Some(*set))
        };
        let event = |(candidate, set)| QuestionEvent::QuestionsAssigned { candidate, set: Some(set) }.into();
        pairs.filter(other).map(event).collect()
    }

    /// Is this the seed of the draw's commitment?
    fn holds(&self, draw: &Draw, seed: &Seed) -> bool {
        let list = draw.list.parse::<Seed>().ok();
        list.is_some_and(|Seed(list)| hex(&crate::draw::commitment(&list, seed)) == draw.commitment)
    }

    /// What is drawn from now, in the order in which it is hashed.
    fn urn(&self, kind: DrawKind, entries: &[String], lots: &[String]) -> Result<Urn, Refused> {
        let urn = match kind {
            DrawKind::Order => {
                if self.has_called() {
                    return Err(Refused::NotNow(Obstacle::DrawTooLate));
                }
                let lots = (1..=self.candidates.len()).map(|place| place.to_string()).collect();
                Urn { entries: self.draw_entries(), lots, sets: Vec::new() }
            }
            DrawKind::Questions => {
                if self.candidates.values().any(|one| !one.questions.asked.is_empty()) {
                    return Err(Refused::NotNow(Obstacle::QuestionsAsked));
                }
                let lots = self.questions.iter().map(|set| format!("{} {}", set.id, set.name)).collect();
                let sets = self.questions.iter().map(|set| set.id).collect();
                Urn { entries: self.draw_entries(), lots, sets }
            }
            DrawKind::Rooms => Urn { sets: Vec::new(), ..listed(entries, lots)? },
        };
        if urn.entries.len() < 2 || urn.lots.is_empty() {
            return Err(Refused::NotNow(Obstacle::NothingToDraw));
        }
        Ok(urn)
    }

    /// All candidates by the bytes of their numbers.
    fn draw_entries(&self) -> Vec<DrawEntry> {
        let entry = |(seat, candidate): (&SeatId, &crate::candidate::Candidate)| DrawEntry {
            seat: Some(*seat),
            text: candidate.number.clone(),
        };
        let mut entries: Vec<DrawEntry> = self.candidates.iter().map(entry).collect();
        entries.sort_unstable_by(|one, other| one.text.cmp(&other.text));
        entries
    }

    /// Was somebody led in, ever?
    pub(crate) fn has_called(&self) -> bool {
        self.floor.current.is_some() || self.candidates.values().any(|one| one.papers.fixed)
    }
}

/// A list that was given as texts: blank lines left out, people in the order of their bytes, nothing twice.
fn listed(entries: &[String], lots: &[String]) -> Result<Urn, Refused> {
    let clean = |texts: &[String], most: usize| {
        let kept: Vec<String> =
            texts.iter().map(|one| text::cleaned(one)).filter(|one| !one.is_empty()).collect();
        if kept.len() > most {
            return Err(Refused::TooMany(most));
        }
        let kept: Vec<String> =
            kept.iter().map(|one| text::optional(one, limit::NAME)).collect::<Result<_, _>>()?;
        if kept.iter().collect::<BTreeSet<_>>().len() < kept.len() {
            return Err(Refused::NotNow(Obstacle::DrawnTwice));
        }
        Ok(kept)
    };
    let mut entries = clean(entries, limit::DRAW_ENTRIES)?;
    entries.sort_unstable();
    let entries = entries.into_iter().map(|text| DrawEntry { seat: None, text }).collect();
    Ok(Urn { entries, lots: clean(lots, limit::DRAW_LOTS)?, sets: Vec::new() })
}

fn texts(entries: &[DrawEntry]) -> Vec<String> {
    entries.iter().map(|entry| entry.text.clone()).collect()
}
