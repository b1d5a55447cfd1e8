//! One candidate in front of the camera: hints while looking, then the check, as the page is told of it. Pure: frames come
//! analysed, time as an argument.

use std::{collections::BTreeMap, time::Duration};
use viva_face::{
    Analysis, Attempt, Challenge, Embedding, Failure, Frame, Hint, Nonce, Outcome, Rules, Side, Step,
};
use viva_interview::{FaceAsk, FaceHint, FaceOutcome, FaceServerMessage};

/// How many pieces of advice somebody gets at the end.
const ADVICE: usize = 2;

/// A check that is under way.
pub struct Check {
    attempt: Attempt,
    frames: u32,
    asked: Option<FaceAsk>,
    hinted: Option<FaceHint>,
    /// How often each hint was given.
    hints: BTreeMap<u8, (u32, FaceHint)>,
}

/// What a frame has brought.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Progress {
    /// For the page, in this order.
    pub messages: Vec<FaceServerMessage>,
    /// How it ended, with how alike the faces were; nothing while it goes on.
    pub end: Option<(FaceOutcome, Option<f32>)>,
}

impl Check {
    /// Begins against this reference, or the first face that looks ahead, with a turn to this side or none.
    pub fn begin(
        reference: Option<Embedding>,
        nonce: [u8; 16],
        turn: Option<Side>,
        rules: &Rules,
        now: Duration,
    ) -> (Self, Progress) {
        let challenge = Challenge { nonce: Nonce(nonce), turns: turn.into_iter().collect() };
        let attempt = Attempt::new(reference, challenge, rules.clone(), now);
        let hints = BTreeMap::new();
        let mut begun = Self { attempt, frames: 0, asked: None, hinted: None, hints };
        let messages = begun.ask().into_iter().collect();
        (begun, Progress { messages, end: None })
    }

    /// When it is over at the latest.
    pub fn deadline(&self) -> Duration {
        self.attempt.deadline()
    }

    /// Takes a frame that bears this nonce.
    pub fn handle_frame(&mut self, nonce: [u8; 16], analysis: &Analysis, now: Duration) -> Progress {
        self.frames = self.frames.saturating_add(1);
        let frame = Frame { nonce: Nonce(nonce), number: self.frames, analysis };
        match self.attempt.handle_frame(frame, now) {
            Ok(outcome) => self.take(outcome),
            // A frame of before, or the same once more: as if it had not come.
            Err(_) => Progress::default(),
        }
    }

    /// The time has gone on.
    pub fn handle_timeout(&mut self, now: Duration) -> Progress {
        self.attempt.handle_timeout(now).map(|end| self.take(end)).unwrap_or_default()
    }

    fn take(&mut self, outcome: Outcome) -> Progress {
        let (outcome, alike) = match outcome {
            Outcome::GoOn { hint, .. } => return self.go_on(hint.map(told)),
            Outcome::Passed { alike } => (FaceOutcome::Passed, Some(alike)),
            Outcome::Failed { failure, alike } => (found(failure, alike), alike),
        };
        let advice = if outcome == FaceOutcome::Passed { Vec::new() } else { self.advice() };
        let messages = vec![FaceServerMessage::Result { outcome, advice }];
        Progress { messages, end: Some((outcome, alike)) }
    }

    fn go_on(&mut self, hint: Option<FaceHint>) -> Progress {
        if let Some(hint) = hint {
            self.hints.entry(hint as u8).or_insert((0, hint)).0 += 1;
        }
        let mut messages = Vec::from_iter(self.ask());
        if hint != self.hinted {
            self.hinted = hint;
            messages.push(FaceServerMessage::Hint { hint });
        }
        Progress { messages, end: None }
    }

    /// What the person shall do, where it is something else than before.
    fn ask(&mut self) -> Option<FaceServerMessage> {
        let ask = match self.attempt.step() {
            Step::Ahead { .. } | Step::AheadAgain => FaceAsk::LookAhead,
            Step::Turn(Side::Left) => FaceAsk::TurnLeft,
            Step::Turn(Side::Right) => FaceAsk::TurnRight,
        };
        let new = self.asked != Some(ask);
        self.asked = Some(ask);
        new.then_some(FaceServerMessage::Ask { ask })
    }

    fn advice(&self) -> Vec<FaceHint> {
        let mut hints: Vec<_> = self.hints.values().copied().collect();
        hints.sort_by_key(|(times, _)| std::cmp::Reverse(*times));
        hints.into_iter().take(ADVICE).map(|(_, hint)| hint).collect()
    }
}

/// The hint as the page has it.
pub const fn told(hint: Hint) -> FaceHint {
    match hint {
        Hint::NoFace => FaceHint::NoFace,
        Hint::SeveralFaces => FaceHint::SeveralFaces,
        Hint::TooFar => FaceHint::TooFar,
        Hint::TooClose => FaceHint::TooClose,
        Hint::OffLeft => FaceHint::OffLeft,
        Hint::OffRight => FaceHint::OffRight,
        Hint::OffUp => FaceHint::OffUp,
        Hint::OffDown => FaceHint::OffDown,
        Hint::TooDark | Hint::BetterLight => FaceHint::TooDark,
        Hint::TooBright => FaceHint::TooBright,
        Hint::Backlit => FaceHint::Backlit,
        Hint::Blurred => FaceHint::Blurred,
        Hint::Tilted => FaceHint::Tilted,
        Hint::NotFrontal => FaceHint::NotFrontal,
    }
}

const fn found(failure: Failure, alike: Option<f32>) -> FaceOutcome {
    match failure {
        Failure::NotThePerson => FaceOutcome::Different,
        Failure::AnotherPerson => FaceOutcome::Changed,
        Failure::Unclear => FaceOutcome::Unclear,
        Failure::Late if alike.is_none() => FaceOutcome::NotSeen,
        Failure::Late | Failure::WrongSide | Failure::TooManyFrames => FaceOutcome::NotFollowed,
    }
}

/// The cosine in ten-thousandths.
#[expect(clippy::cast_possible_truncation, reason = "a cosine is between -1 and 1")]
pub fn score(alike: f32) -> i32 {
    (alike.clamp(-1.0, 1.0) * 10_000.0).round() as i32
}
