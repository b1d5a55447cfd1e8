//! What random people want, and what they hold before the camera.

use super::{Comparer, service::Says};
use proptest::{prelude::*, sample::select};
use viva_face::{Analysis, Area, Embedding, Face, Landmarks, Quality, Side};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Who {
    Owner,
    Stranger,
    Nobody,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pose {
    Ahead,
    To(Side),
}

/// What is held before the camera.
#[derive(Debug, Clone)]
pub(super) enum Film {
    /// One person who does as asked.
    AsAsked(Who),
    /// Whatever: who, how, and whether the frame names the nonce of now.
    Cut(Vec<(Who, Pose, bool)>),
}

#[derive(Debug, Clone)]
pub(super) enum Wish {
    Enter,
    /// To the terms of now, or to those of another comparer.
    Consent(bool, Comparer),
    Show(Film, Says),
    Wait(u64),
    Sms,
    Verify(bool),
    Override,
    Again,
    Devices,
    Leave,
    /// The server starts again, with this comparer.
    Restart(Comparer),
    /// Somebody else than the server says that the face fits.
    Forge,
    /// The server says so of a check under other terms.
    Stale(Comparer),
}

fn comparer() -> impl Strategy<Value = Comparer> {
    select(&[None, Some(0), Some(1)][..])
}

fn film() -> impl Strategy<Value = Film> {
    let who = || prop_oneof![5 => Just(Who::Owner), 2 => Just(Who::Stranger), 1 => Just(Who::Nobody)];
    let pose = select(&[Pose::Ahead, Pose::Ahead, Pose::To(Side::Left), Pose::To(Side::Right)][..]);
    prop_oneof![
        4 => who().prop_map(Film::AsAsked),
        3 => prop::collection::vec((who(), pose, prop::bool::weighted(0.9)), 1..9).prop_map(Film::Cut),
    ]
}

pub(super) fn wish() -> impl Strategy<Value = Wish> {
    let says = prop_oneof![2 => Just(Says::Same), 3 => select(&Says::ALL[..])];
    prop_oneof![
        3 => Just(Wish::Enter),
        4 => (prop::bool::weighted(0.9), comparer()).prop_map(|(given, of)| Wish::Consent(given, of)),
        10 => (film(), says).prop_map(|(film, says)| Wish::Show(film, says)),
        1 => (1_u64..90).prop_map(Wish::Wait),
        1 => Just(Wish::Sms),
        1 => any::<bool>().prop_map(Wish::Verify),
        1 => Just(Wish::Override),
        4 => Just(Wish::Again),
        2 => Just(Wish::Devices),
        1 => Just(Wish::Leave),
        2 => comparer().prop_map(Wish::Restart),
        1 => Just(Wish::Forge),
        1 => comparer().prop_map(Wish::Stale),
    ]
}

/// The face of the person of this axis, as this frame shows it.
pub(super) fn embedding(axis: usize, own: usize) -> Embedding {
    let mut numbers = [0.0; 128];
    numbers[axis] = 0.8;
    numbers[2 + 60 * axis + own % 60] = 0.6;
    Embedding::new(numbers).unwrap()
}

pub(super) fn analysis(who: Who, pose: Pose, number: usize) -> Analysis {
    let axis = match who {
        Who::Nobody => return Analysis { face: None, quality: None, embedding: None },
        Who::Owner => 0,
        Who::Stranger => 1,
    };
    let turn = match pose {
        Pose::Ahead => 0.0,
        Pose::To(Side::Left) => 0.4,
        Pose::To(Side::Right) => -0.4,
    };
    let quality = Quality {
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
        turn,
    };
    let area = Area { x: 0.0, y: 0.0, width: 1.0, height: 1.0 };
    let face = Face { area, landmarks: Landmarks::default(), sure: 0.9 };
    Analysis { face: Some(face), quality: Some(quality), embedding: Some(embedding(axis, number)) }
}
