//! One attempt of the check of a live face, as a state machine: look ahead, turn to the side that was asked for, look ahead
//! again, all within a time.
//!
//! It is given analysed frames and the time; the challenge comes from the caller's randomness. It tells what to do next, or
//! how it ended. What such a check is worth, and what it is not: docs/decisions/0013-face-comparison.md.

#[cfg(test)]
mod tests;

use crate::{
    analyse::Analysis,
    compare::{Comparison, Thresholds, median},
    embed::Embedding,
    geometry::Side,
    quality::{Hint, Limits, Quality},
};
use std::time::Duration;

/// Ties frames to one attempt: a number that nobody can guess.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Nonce(pub [u8; 16]);

/// What is asked of the person, by the caller's randomness.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Challenge {
    /// Every frame has to name it.
    pub nonce: Nonce,
    /// To which sides to turn, one after the other. One of them halves the chance of a film that was made before; none is
    /// no check of life.
    pub turns: Vec<Side>,
}

/// How strict an attempt is.
#[derive(Debug, Clone, PartialEq)]
pub struct Rules {
    /// From how alike on the face is the reference's.
    pub thresholds: Thresholds,
    /// What frames count.
    pub limits: Limits,
    /// How many frames have to match at first.
    pub frontal: usize,
    /// How long frames that count have to be apart, so that they are not one moment.
    pub apart: Duration,
    /// How alike a turned face has to be: less than from the front, more than anybody else's.
    pub turned: f32,
    /// From which turn on a face shows too little to be compared.
    pub profile: f32,
    /// How long an attempt may take.
    pub time: Duration,
    /// How many frames an attempt may take.
    pub frames: u32,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            thresholds: Thresholds::default(),
            limits: Limits::live(),
            frontal: Thresholds::SEVERAL,
            apart: Duration::from_millis(150),
            turned: 0.25,
            profile: 0.8,
            time: Duration::from_secs(40),
            frames: 400,
        }
    }
}

/// A frame that came for an attempt.
#[derive(Debug, Clone, Copy)]
pub struct Frame<'a> {
    /// The nonce that it names.
    pub nonce: Nonce,
    /// Its place in the order; each is above the one before.
    pub number: u32,
    /// What is in it, with its embedding.
    pub analysis: &'a Analysis,
}

/// What the person has to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Look straight ahead.
    Ahead {
        /// How many frames have matched.
        matched: usize,
        /// How many have to.
        of: usize,
    },
    /// Turn the head to this side of their own.
    Turn(Side),
    /// Look straight ahead again.
    AheadAgain,
}

/// What became of a frame.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Outcome {
    /// The attempt goes on.
    GoOn {
        /// What to do now.
        step: Step,
        /// Why this frame brought it no further, if the person can do something about it.
        hint: Option<Hint>,
    },
    /// It is the person of the reference, who did as asked.
    Passed {
        /// How alike: the median of the frames that look ahead.
        alike: f32,
    },
    /// It is over without success.
    Failed {
        /// Why.
        failure: Failure,
        /// How alike the frames were that look ahead, by their median; `None` if there was none.
        alike: Option<f32>,
    },
}

/// Why an attempt failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Failure {
    /// The face is not that of the reference.
    NotThePerson,
    /// Frames that matched were followed by one of somebody else.
    AnotherPerson,
    /// The time was over before all was done.
    Late,
    /// The time was over, and it could not be told whether it is the person.
    Unclear,
    /// The head was turned to the other side.
    WrongSide,
    /// There were more frames than an attempt may take.
    TooManyFrames,
}

/// Why a frame does not count. The attempt is as it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ignored {
    /// Its nonce is that of another attempt.
    AnotherAttempt,
    /// It is no newer than one that came before it.
    OldFrame,
    /// It is the frame before once more: no camera gives two frames that are the same in every bit.
    SameFrame,
    /// The attempt is over.
    Over,
}

/// One attempt.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// None: the first frame that looks ahead becomes it.
    reference: Option<Embedding>,
    challenge: Challenge,
    rules: Rules,
    deadline: Duration,
    over: bool,
    frames: u32,
    number: Option<u32>,
    last: Option<Embedding>,
    /// When the last frame came that counted.
    counted: Option<Duration>,
    /// How alike the frames were that look ahead.
    alike: Vec<f32>,
    phase: Phase,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Ahead,
    /// The turn of this place in the challenge.
    Turn(usize),
    AheadAgain(usize),
}

impl Attempt {
    /// Begins an attempt. Time is counted from any fixed moment. Without a reference it finds out that somebody live is there
    /// who stays the same from the first frame that looks ahead on; who that is has to be found out by others.
    #[must_use]
    pub fn new(
        reference: impl Into<Option<Embedding>>,
        challenge: Challenge,
        rules: Rules,
        now: Duration,
    ) -> Self {
        Self {
            reference: reference.into(),
            challenge,
            deadline: now.saturating_add(rules.time),
            rules,
            over: false,
            frames: 0,
            number: None,
            last: None,
            counted: None,
            alike: Vec::new(),
            phase: Phase::Ahead,
        }
    }

    /// When it is over at the latest: [`Attempt::handle_timeout`] is due then.
    #[must_use]
    pub fn deadline(&self) -> Duration {
        self.deadline
    }

    /// What the person has to do now.
    #[must_use]
    pub fn step(&self) -> Step {
        match self.phase {
            Phase::Ahead => {
                let of = self.rules.frontal.max(1);
                Step::Ahead { matched: self.alike.len().min(of), of }
            }
            Phase::Turn(turn) => {
                self.challenge.turns.get(turn).map_or(Step::AheadAgain, |side| Step::Turn(*side))
            }
            Phase::AheadAgain(_) => Step::AheadAgain,
        }
    }

    /// Takes a frame.
    ///
    /// # Errors
    ///
    /// The frame does not count, and the attempt is as it was.
    pub fn handle_frame(&mut self, frame: Frame<'_>, now: Duration) -> Result<Outcome, Ignored> {
        if self.over {
            return Err(Ignored::Over);
        }
        if frame.nonce != self.challenge.nonce {
            return Err(Ignored::AnotherAttempt);
        }
        if let Some(outcome) = self.handle_timeout(now) {
            return Ok(outcome);
        }
        if self.number.is_some_and(|number| frame.number <= number) {
            return Err(Ignored::OldFrame);
        }
        self.number = Some(frame.number);
        self.frames += 1;
        if self.frames > self.rules.frames {
            return Ok(self.fail(Failure::TooManyFrames));
        }
        let embedding = frame.analysis.embedding.as_ref();
        if embedding.is_some() && embedding == self.last.as_ref() {
            return Err(Ignored::SameFrame);
        }
        self.last = embedding.cloned();
        Ok(match (frame.analysis.quality, embedding) {
            (Some(quality), Some(embedding)) => match self.alike(&quality, embedding) {
                Ok(alike) => self.judge(&quality, alike, now),
                Err(hint) => self.go_on(Some(hint)),
            },
            (Some(quality), None) => self.go_on(quality.hints(&self.rules.limits).next()),
            (None, _) => self.go_on(Some(Hint::NoFace)),
        })
    }

    /// Ends the attempt if its time is over.
    pub fn handle_timeout(&mut self, now: Duration) -> Option<Outcome> {
        if self.over || now < self.deadline {
            return None;
        }
        let unclear = self.phase == Phase::Ahead && !self.alike.is_empty();
        Some(self.fail(if unclear { Failure::Unclear } else { Failure::Late }))
    }

    /// How alike this face is to the reference's. Without one this face becomes it, or what it lacks is told.
    fn alike(&mut self, quality: &Quality, embedding: &Embedding) -> Result<f32, Hint> {
        if let Some(reference) = &self.reference {
            return Ok(reference.cosine(embedding));
        }
        match quality.hints(&self.rules.limits).next() {
            Some(hint) => Err(hint),
            None => Ok(self.reference.insert(embedding.clone()).cosine(embedding)),
        }
    }

    fn judge(&mut self, quality: &Quality, alike: f32, now: Duration) -> Outcome {
        match self.phase {
            Phase::Ahead | Phase::AheadAgain(_) => self.ahead(quality, alike, now),
            Phase::Turn(turn) => self.turned(turn, quality, alike),
        }
    }

    /// A frame that looks ahead has to match, whenever it comes.
    fn ahead(&mut self, quality: &Quality, alike: f32, now: Duration) -> Outcome {
        if let Some(hint) = quality.hints(&self.rules.limits).next() {
            return self.go_on(Some(hint));
        }
        if let Some(outcome) = self.mismatch(alike) {
            return outcome;
        }
        if self.counted.is_some_and(|counted| now.saturating_sub(counted) < self.rules.apart) {
            return self.go_on(None);
        }
        self.counted = Some(now);
        self.alike.push(alike);
        let matches = match self.phase {
            Phase::Ahead => {
                let wanted = self.rules.frontal.max(1);
                let newest = &self.alike[self.alike.len().saturating_sub(wanted)..];
                if newest.len() < wanted {
                    return self.go_on(None);
                }
                self.rules.thresholds.judge(newest) == Comparison::Same
            }
            Phase::AheadAgain(_) | Phase::Turn(_) => alike >= self.rules.thresholds.median,
        };
        if !matches {
            return self.go_on(Some(Hint::BetterLight));
        }
        let turn = if let Phase::AheadAgain(turn) = self.phase { turn + 1 } else { 0 };
        if turn < self.challenge.turns.len() {
            self.phase = Phase::Turn(turn);
            return self.go_on(None);
        }
        self.over = true;
        Outcome::Passed { alike: median(&self.alike).unwrap_or(alike) }
    }

    fn turned(&mut self, turn: usize, quality: &Quality, alike: f32) -> Outcome {
        let ahead = quality.turn.abs() <= self.rules.limits.frontal;
        let seen = quality.hints(&self.rules.limits).find(|hint| hint.of_any_pose());
        if ahead && seen.is_none() {
            // Still looking ahead: it has to be the person all the same.
            if let Some(outcome) = self.mismatch(alike) {
                return outcome;
            }
        }
        if let Some(hint) = seen {
            return self.go_on(Some(hint));
        }
        let Some(side) = quality.turned(&self.rules.limits) else { return self.go_on(None) };
        if quality.turn.abs() > self.rules.profile {
            return self.go_on(None);
        }
        if self.challenge.turns.get(turn) != Some(&side) {
            return self.fail(Failure::WrongSide);
        }
        if alike >= self.rules.turned {
            self.phase = Phase::AheadAgain(turn);
        }
        self.go_on(None)
    }

    fn mismatch(&mut self, alike: f32) -> Option<Outcome> {
        if alike >= self.rules.thresholds.unclear {
            return None;
        }
        let matched = !self.alike.is_empty();
        self.alike.push(alike);
        Some(self.fail(if matched { Failure::AnotherPerson } else { Failure::NotThePerson }))
    }

    fn go_on(&self, hint: Option<Hint>) -> Outcome {
        Outcome::GoOn { step: self.step(), hint }
    }

    fn fail(&mut self, failure: Failure) -> Outcome {
        self.over = true;
        Outcome::Failed { failure, alike: median(&self.alike) }
    }
}
