//! Real photos: who is found, who is who, and a whole check.

use super::gallery::{analyse, before_the_camera, canvas, drawn, framed, model, picture};
use image::imageops;
use std::time::Duration;
use viva_face::{
    Attempt, Challenge, Comparison, DETECTOR, EMBEDDER, Embedding, Frame, Limits, ModelFault, Models, Nonce,
    Outcome, Rules, Side, Step, Thresholds,
};

const GROUPS: [(&str, usize); 6] = [
    ("sample1.jpg", 3),
    ("sample2.jpg", 3),
    ("sample3.jpg", 3),
    ("sample4.jpg", 4),
    ("sample5.jpg", 5),
    ("sample6.jpg", 4),
];

#[test]
fn the_models_are_known_by_every_byte() {
    let (detector, embedder) = (model(DETECTOR.name), model(EMBEDDER.name));
    assert_eq!((detector.len(), embedder.len()), (DETECTOR.bytes, EMBEDDER.bytes));
    let mut changed = embedder.clone();
    changed[5_000_000] ^= 1;
    for (detector, embedder) in [(&detector, &changed), (&embedder, &detector)] {
        let loaded = Models::load(detector, embedder);
        assert!(matches!(loaded, Err(ModelFault::AnotherFile { .. })));
    }
}

#[test]
fn every_face_of_a_group_is_found() {
    for (name, people) in GROUPS {
        let analysis = analyse(&picture(name));
        assert_eq!(analysis.quality.expect("there are faces").faces, people, "{name}");
        assert!(analysis.embedding.is_none(), "{name}: nobody is compared among several");
    }
}

/// What OpenCV 4's own runtime says of the same photos with the same models at 640 pixels.
#[test]
fn photos_are_as_alike_as_another_runtime_says() {
    let embedding = |name| analyse(&picture(name)).embedding.expect(name);
    for (one, other, alike) in [
        ("obama.jpg", "obama2.jpg", 0.731),
        ("obama.jpg", "obama3.jpg", 0.768),
        ("obama2.jpg", "obama3.jpg", 0.721),
        ("obama.jpg", "obama_partial_face.jpg", 0.888),
        ("biden.jpg", "obama2.jpg", 0.266),
    ] {
        let found = embedding(one).cosine(&embedding(other));
        assert!((found - alike).abs() < 0.05, "{one}, {other}: {found}");
    }
}

#[test]
fn one_person_is_told_from_all_others() {
    let person: Vec<Embedding> = ["obama.jpg", "obama2.jpg", "obama3.jpg", "obama_partial_face.jpg"]
        .map(|name| analyse(&picture(name)).embedding.expect("one face"))
        .into();
    let mut others =
        vec![("biden.jpg".to_owned(), analyse(&picture("biden.jpg")).embedding.expect("one face"))];
    others.extend(people_of_groups());
    assert!(others.len() > 15, "{} people", others.len());
    let thresholds = Thresholds::default();
    for (at, one) in person.iter().enumerate() {
        for other in &person[at + 1..] {
            assert_eq!(thresholds.judge(&[one.cosine(other)]), Comparison::Same, "{}", one.cosine(other));
        }
        for (name, other) in &others {
            assert_ne!(
                thresholds.judge(&[one.cosine(other)]),
                Comparison::Same,
                "{name}: {}",
                one.cosine(other)
            );
        }
    }
}

/// Who is on two of the group photos: people who look at the six of them say so too.
const TWICE: [(&str, &str); 2] = [("sample1.jpg", "sample3.jpg"), ("sample1.jpg", "sample4.jpg")];

#[test]
fn nobody_is_taken_for_somebody_else_of_all_groups() {
    let people = people_of_groups();
    let (mut same, mut different) = (Vec::new(), Vec::new());
    for (at, (one, embedding)) in people.iter().enumerate() {
        for (other, another) in &people[at + 1..] {
            let alike = embedding.cosine(another);
            let twice =
                TWICE.iter().any(|(first, second)| one.starts_with(first) && other.starts_with(second));
            if twice && alike >= Thresholds::default().single {
                same.push(alike)
            } else {
                different.push(alike)
            }
        }
    }
    different.sort_by(f32::total_cmp);
    let most = different[different.len() - 1];
    eprintln!("{} pairs of different people, at most {most:.3}; twice there: {same:.3?}", different.len());
    assert!(different.len() > 100 && most < Thresholds::default().single, "{most}");
    assert!(same.len() <= TWICE.len(), "{same:?}");
}

/// The people of the groups who look more or less ahead, each cut out alone.
fn people_of_groups() -> Vec<(String, Embedding)> {
    let mut people = Vec::new();
    for (name, _) in GROUPS {
        let whole = canvas(&picture(name));
        let mut rest = whole.clone();
        // The largest face is cut out and painted over, until there is none.
        for at in 0..8 {
            let Some(face) = analyse(&drawn(rest.clone())).face else { break };
            let alone = analyse(&drawn(framed(&whole, &face, 220.0, 300, 300)));
            let ahead = alone.quality.is_some_and(|quality| {
                let middle = quality.leftward.abs() < 0.1 && quality.upward.abs() < 0.1;
                middle && quality.turn.abs() < Limits::reference().frontal
            });
            if let Some(embedding) = alone.embedding.filter(|_| ahead) {
                people.push((format!("{name} {at}"), embedding));
            }
            let area = face.area;
            for (x, y, pixel) in rest.enumerate_pixels_mut() {
                let (x, y) = (x as f32 - area.x, y as f32 - area.y);
                if x >= 0.0 && y >= 0.0 && x < area.width && y < area.height {
                    pixel.0 = [128; 3];
                }
            }
        }
    }
    people
}

/// A check before a camera: three different frames that look ahead, a turn, one ahead.
fn check(reference: &str, asked: Side, shows: [(&str, bool); 5]) -> Vec<Outcome> {
    let reference = analyse(&picture(reference)).embedding.expect("the reference shows one face");
    // The photos turn by 0.2, which is less than is asked of people.
    let limits = Limits { turned: 0.18, ..Limits::live() };
    let challenge = Challenge { nonce: Nonce([1; 16]), turns: vec![asked] };
    let mut attempt =
        Attempt::new(reference, challenge, Rules { limits, ..Rules::default() }, Duration::ZERO);
    let mut outcomes = Vec::new();
    for (number, (name, mirrored)) in (1_u32..).zip(shows) {
        let mut frame = before_the_camera(name);
        if mirrored {
            imageops::flip_horizontal_in_place(&mut frame);
        }
        // No two frames of a camera are the same.
        frame.get_pixel_mut(320 + number, 240).0 = [number as u8; 3];
        let analysis = analyse(&drawn(frame));
        let now = Duration::from_millis(250) * number;
        let outcome = attempt.handle_frame(Frame { nonce: Nonce([1; 16]), number, analysis: &analysis }, now);
        outcomes.push(outcome.expect(name));
    }
    outcomes
}

#[test]
fn the_person_passes_a_check_to_either_side() {
    for (side, mirrored) in [(Side::Right, false), (Side::Left, true)] {
        let shows = [
            ("obama.jpg", false),
            ("obama.jpg", false),
            ("obama.jpg", true),
            ("obama2.jpg", mirrored),
            ("obama.jpg", false),
        ];
        let outcomes = check("obama3.jpg", side, shows);
        assert_eq!(outcomes[2], Outcome::GoOn { step: Step::Turn(side), hint: None });
        assert_eq!(outcomes[3], Outcome::GoOn { step: Step::AheadAgain, hint: None });
        assert!(matches!(outcomes[4], Outcome::Passed { alike } if alike > 0.6), "{outcomes:?}");
    }
}
