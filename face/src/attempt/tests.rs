//! Attempts of the person, of others, of films and of those who are late.

use super::*;
use crate::geometry::{Area, Point};
use crate::{Face, Landmarks};

const NONCE: Nonce = Nonce([7; 16]);

/// A person in front of the camera; each frame is a little different.
struct Camera {
    attempt: Attempt,
    now: Duration,
    number: u32,
}

fn reference() -> Embedding {
    let mut numbers = [0.0; 128];
    numbers[0] = 1.0;
    Embedding::new(numbers).expect("it points somewhere")
}

/// As alike to the reference as it says; different in every frame.
fn alike(cosine: f32, frame: u32) -> Embedding {
    let mut numbers = [0.0; 128];
    numbers[0] = cosine;
    numbers[1 + frame as usize % 100] = (1.0 - cosine * cosine).sqrt();
    Embedding::new(numbers).expect("it points somewhere")
}

fn good() -> Quality {
    Quality {
        faces: 1,
        width: 200.0,
        share: 0.4,
        leftward: 0.0,
        upward: 0.0,
        light: 120.0,
        burnt: 0.0,
        around: 120.0,
        sharpness: 0.2,
        roll: 0.0,
        turn: 0.0,
    }
}

fn analysis(quality: Quality, embedding: Option<Embedding>) -> Analysis {
    let face = Face {
        area: Area { x: 0.0, y: 0.0, width: 1.0, height: 1.0 },
        landmarks: Landmarks { nose: Point { x: 1.0, y: 1.0 }, ..Landmarks::default() },
        sure: 0.9,
    };
    Analysis { face: Some(face), quality: Some(quality), embedding }
}

impl Camera {
    fn before(turns: &[Side]) -> Self {
        let challenge = Challenge { nonce: NONCE, turns: turns.to_vec() };
        let now = Duration::from_secs(1000);
        Self { attempt: Attempt::new(reference(), challenge, Rules::default(), now), now, number: 0 }
    }

    fn take(&mut self, quality: Quality, cosine: f32) -> Outcome {
        self.now += Duration::from_millis(200);
        self.number += 1;
        let analysis = analysis(quality, Some(alike(cosine, self.number)));
        let frame = Frame { nonce: NONCE, number: self.number, analysis: &analysis };
        self.attempt.handle_frame(frame, self.now).expect("the frame counts")
    }

    fn ahead(&mut self, cosine: f32) -> Outcome {
        self.take(good(), cosine)
    }

    fn turned(&mut self, turn: f32, cosine: f32) -> Outcome {
        self.take(Quality { turn, ..good() }, cosine)
    }

    /// Three frames of the person.
    fn matches(&mut self) {
        for _ in 0..3 {
            assert!(matches!(self.ahead(0.7), Outcome::GoOn { .. }));
        }
    }

    fn wait(&mut self, seconds: u64) {
        self.now += Duration::from_secs(seconds);
    }
}

fn go_on(step: Step) -> Outcome {
    Outcome::GoOn { step, hint: None }
}

fn failed(outcome: Outcome) -> Failure {
    match outcome {
        Outcome::Failed { failure, .. } => failure,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_person_who_does_as_asked_passes() {
    for (side, turn) in [(Side::Left, 0.3), (Side::Right, -0.3)] {
        let mut camera = Camera::before(&[side]);
        assert_eq!(camera.ahead(0.7), go_on(Step::Ahead { matched: 1, of: 3 }));
        assert_eq!(camera.ahead(0.6), go_on(Step::Ahead { matched: 2, of: 3 }));
        assert_eq!(camera.ahead(0.5), go_on(Step::Turn(side)));
        assert_eq!(camera.turned(turn * 0.6, 0.5), go_on(Step::Turn(side)));
        assert_eq!(camera.turned(turn, 0.4), go_on(Step::AheadAgain));
        let Outcome::Passed { alike } = camera.ahead(0.8) else { panic!("it is all done") };
        assert!((alike - 0.6).abs() < 1e-3, "the lower middle of 0.5 to 0.8: {alike}");
    }
}

#[test]
fn without_a_turn_three_frames_are_enough_and_with_two_both_are_asked_for() {
    let mut camera = Camera::before(&[]);
    camera.ahead(0.7);
    camera.ahead(0.7);
    assert!(matches!(camera.ahead(0.7), Outcome::Passed { .. }));

    let mut camera = Camera::before(&[Side::Left, Side::Right]);
    camera.ahead(0.7);
    camera.ahead(0.7);
    assert_eq!(camera.ahead(0.7), go_on(Step::Turn(Side::Left)));
    assert_eq!(camera.turned(0.3, 0.5), go_on(Step::AheadAgain));
    assert_eq!(camera.ahead(0.7), go_on(Step::Turn(Side::Right)));
    assert_eq!(camera.turned(-0.3, 0.5), go_on(Step::AheadAgain));
    assert!(matches!(camera.ahead(0.7), Outcome::Passed { .. }));
}

#[test]
fn another_face_fails_at_once_whenever_it_comes() {
    let mut camera = Camera::before(&[Side::Left]);
    assert_eq!(failed(camera.ahead(0.1)), Failure::NotThePerson);

    let mut camera = Camera::before(&[Side::Left]);
    camera.ahead(0.7);
    assert_eq!(failed(camera.ahead(0.1)), Failure::AnotherPerson);

    let mut camera = Camera::before(&[Side::Left]);
    camera.matches();
    assert_eq!(failed(camera.ahead(0.1)), Failure::AnotherPerson, "before the turn");

    let mut camera = Camera::before(&[Side::Left]);
    camera.matches();
    camera.turned(0.3, 0.5);
    assert_eq!(failed(camera.ahead(0.1)), Failure::AnotherPerson, "after the turn");
}

#[test]
fn the_turn_of_somebody_else_brings_nobody_further() {
    let mut camera = Camera::before(&[Side::Left]);
    camera.matches();
    assert_eq!(camera.turned(0.3, 0.1), go_on(Step::Turn(Side::Left)));
    assert_eq!(camera.ahead(0.7), go_on(Step::Turn(Side::Left)));
    camera.wait(60);
    assert_eq!(failed(camera.ahead(0.7)), Failure::Late);
}

#[test]
fn the_wrong_side_fails() {
    let mut camera = Camera::before(&[Side::Left]);
    camera.matches();
    assert_eq!(failed(camera.turned(-0.3, 0.6)), Failure::WrongSide);
}

#[test]
fn a_face_of_which_little_is_seen_is_no_turn() {
    let mut camera = Camera::before(&[Side::Left]);
    camera.matches();
    assert_eq!(camera.turned(0.9, 0.6), go_on(Step::Turn(Side::Left)));
    assert_eq!(camera.turned(-0.9, 0.6), go_on(Step::Turn(Side::Left)));
    assert_eq!(camera.turned(0.5, 0.6), go_on(Step::AheadAgain));
}

#[test]
fn what_cannot_be_told_asks_for_better_light_until_the_time_is_over() {
    let mut camera = Camera::before(&[Side::Left]);
    camera.ahead(0.34);
    camera.ahead(0.34);
    let better_light =
        Outcome::GoOn { step: Step::Ahead { matched: 3, of: 3 }, hint: Some(Hint::BetterLight) };
    assert_eq!(camera.ahead(0.34), better_light);
    assert_eq!(camera.ahead(0.34), better_light);
    let mut brighter = Camera { attempt: camera.attempt.clone(), ..camera };
    assert_eq!(brighter.ahead(0.45), go_on(Step::Turn(Side::Left)));
    camera.wait(60);
    let Outcome::Failed { failure, alike } = camera.ahead(0.34) else { panic!("the time is over") };
    assert_eq!(failure, Failure::Unclear);
    assert!((alike.expect("there were frames") - 0.34).abs() < 1e-3);
}

#[test]
fn a_picture_that_is_not_good_enough_does_not_count_and_says_why() {
    let mut camera = Camera::before(&[Side::Left]);
    for (quality, hint) in [
        (Quality { turn: 0.2, ..good() }, Hint::NotFrontal),
        (Quality { light: 20.0, around: 20.0, ..good() }, Hint::TooDark),
        (Quality { share: 0.1, ..good() }, Hint::TooFar),
    ] {
        let step = Step::Ahead { matched: 0, of: 3 };
        assert_eq!(camera.take(quality, 0.1), Outcome::GoOn { step, hint: Some(hint) });
    }
    camera.matches();
    let dark = Quality { turn: 0.3, light: 20.0, around: 20.0, ..good() };
    let step = Step::Turn(Side::Left);
    assert_eq!(camera.take(dark, 0.7), Outcome::GoOn { step, hint: Some(Hint::TooDark) });
}

#[test]
fn frames_of_one_moment_count_once() {
    let mut camera = Camera::before(&[]);
    for frame in 1..=10 {
        let analysis = analysis(good(), Some(alike(0.7, frame)));
        let frame = Frame { nonce: NONCE, number: frame, analysis: &analysis };
        let outcome = camera.attempt.handle_frame(frame, camera.now);
        assert_eq!(outcome, Ok(go_on(Step::Ahead { matched: 1, of: 3 })));
    }
}

#[test]
fn frames_of_another_attempt_old_ones_and_repeated_ones_do_not_count() {
    let mut camera = Camera::before(&[]);
    let seen = analysis(good(), Some(alike(0.7, 1)));
    let mut show = |nonce, number, millis| {
        let frame = Frame { nonce, number, analysis: &seen };
        camera.attempt.handle_frame(frame, camera.now + Duration::from_millis(millis))
    };
    assert_eq!(show(Nonce([8; 16]), 1, 0), Err(Ignored::AnotherAttempt));
    assert_eq!(show(NONCE, 5, 0), Ok(go_on(Step::Ahead { matched: 1, of: 3 })));
    assert_eq!(show(NONCE, 5, 1000), Err(Ignored::OldFrame));
    assert_eq!(show(NONCE, 4, 1000), Err(Ignored::OldFrame));
    assert_eq!(show(NONCE, 6, 2000), Err(Ignored::SameFrame));
    assert_eq!(show(NONCE, 7, 3000), Err(Ignored::SameFrame));
}

#[test]
fn no_face_and_several_faces_are_told_and_do_not_count() {
    let mut camera = Camera::before(&[]);
    let nobody = Analysis { face: None, quality: None, embedding: None };
    let many = analysis(Quality { faces: 2, ..good() }, None);
    let step = Step::Ahead { matched: 0, of: 3 };
    for (number, (seen, hint)) in (1..).zip([(&nobody, Hint::NoFace), (&many, Hint::SeveralFaces)]) {
        let frame = Frame { nonce: NONCE, number, analysis: seen };
        let outcome = camera.attempt.handle_frame(frame, camera.now);
        assert_eq!(outcome, Ok(Outcome::GoOn { step, hint: Some(hint) }));
    }
}

#[test]
fn it_ends_at_its_deadline_and_stays_ended() {
    let mut camera = Camera::before(&[Side::Left]);
    let deadline = camera.attempt.deadline();
    assert_eq!(camera.attempt.handle_timeout(deadline - Duration::from_nanos(1)), None);
    let late = Outcome::Failed { failure: Failure::Late, alike: None };
    assert_eq!(camera.attempt.handle_timeout(deadline), Some(late));
    assert_eq!(camera.attempt.handle_timeout(deadline), None);
    let analysis = analysis(good(), Some(alike(0.7, 1)));
    let frame = Frame { nonce: NONCE, number: 1, analysis: &analysis };
    assert_eq!(camera.attempt.handle_frame(frame, deadline), Err(Ignored::Over));
}

#[test]
fn frames_without_end_end_it() {
    let mut camera = Camera::before(&[]);
    let nobody = Analysis { face: None, quality: None, embedding: None };
    let mut outcomes = (1..).map(|number| {
        camera.attempt.handle_frame(Frame { nonce: NONCE, number, analysis: &nobody }, camera.now)
    });
    let end = outcomes.position(|outcome| !matches!(outcome, Ok(Outcome::GoOn { .. })));
    assert_eq!(end, Some(400));
}
