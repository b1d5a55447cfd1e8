//! What passes of a stream of two sizes and two rates.

use super::*;

fn aim(spatial: u8, temporal: u8) -> Aim {
    Aim { spatial, temporal }
}

/// A frame of picture `picture`, two frames a picture; odd pictures are of the higher temporal layer. Only key pictures use the
/// smaller size for the larger one.
fn frame(picture: u16, spatial: u8, key: bool) -> Dependencies {
    let temporal = (picture % 2) as u8;
    let number = picture * 2 + u16::from(spatial);
    let mut frame = Dependencies { number, spatial, temporal, ..Dependencies::default() };
    for target in 0..2 {
        for rate in temporal..2 {
            if target == spatial || key && target > spatial {
                frame.needed.insert(target, rate);
                frame.switches.insert(target, rate);
            }
        }
    }
    match (key, spatial) {
        (true, 0) => {}
        (true, _) => frame.refer(1),
        (false, _) => frame.refer(if temporal == 0 { 4 } else { 2 }),
    }
    frame
}

/// Which sizes of a picture pass.
fn passing(frames: &mut Frames, picture: u16, key: bool) -> [bool; 2] {
    [0, 1].map(|spatial| frames.admits(&frame(picture, spatial, key), picture.into()))
}

fn begun(at: Aim) -> Frames {
    let mut frames = Frames::new();
    frames.enter(at, &frame(100, 0, true));
    frames.set_goal(at, at.temporal, false);
    frames
}

#[test]
fn a_larger_size_passes_from_the_next_key_picture_on() {
    let mut frames = begun(aim(0, 1));
    assert_eq!(passing(&mut frames, 100, true), [true, false]);
    frames.set_goal(aim(1, 1), 1, false);
    for picture in 101..104 {
        assert_eq!(passing(&mut frames, picture, false), [true, false]);
    }
    assert_eq!(passing(&mut frames, 104, true), [true, true]);
    assert_eq!(passing(&mut frames, 105, false), [false, true]);
    assert_eq!(frames.passes(), aim(1, 1));
}

#[test]
fn fewer_pictures_pass_at_once_and_more_from_one_on_that_can_be_decoded() {
    let mut frames = begun(aim(1, 1));
    assert_eq!(passing(&mut frames, 100, true), [true, true]);
    frames.set_goal(aim(1, 0), 0, false);
    assert_eq!(passing(&mut frames, 101, false), [false, false]);
    assert_eq!(passing(&mut frames, 102, false), [false, true]);
    frames.set_goal(aim(1, 1), 1, false);
    assert_eq!(passing(&mut frames, 103, false), [false, true]);
}

#[test]
fn nothing_is_entered_whose_references_did_not_pass() {
    let mut frames = begun(aim(0, 1));
    assert_eq!(passing(&mut frames, 100, true), [true, false]);
    frames.set_goal(aim(1, 1), 1, false);
    // It says that it can be entered, and refers to a frame of its size that was left out.
    let forward = frame(102, 1, false);
    assert!(forward.switches.contains(1, 1));
    assert!(!frames.admits(&forward, 102));
    assert_eq!(frames.passes(), aim(0, 1));
}

#[test]
fn packets_of_one_frame_are_treated_alike_however_late_they_come() {
    let mut frames = begun(aim(0, 1));
    assert_eq!(passing(&mut frames, 100, true), [true, false]);
    frames.set_goal(aim(1, 1), 1, false);
    // Picture 101 comes after the key picture with which the size changed.
    assert_eq!(passing(&mut frames, 102, true), [true, true]);
    assert_eq!(passing(&mut frames, 101, false), [true, false]);
    assert_eq!(passing(&mut frames, 102, true), [true, true]);
    assert_eq!(passing(&mut frames, 100, true), [true, false]);
    assert!(frames.is_late(&frame(101, 1, false)) && !frames.is_late(&frame(103, 0, false)));
    assert!(!frames.admits(&frame(20, 0, false), 20), "too old to tell");
}

#[test]
fn numbers_wrap_round() {
    let mut frames = begun(aim(0, 0));
    let mut key = frame(100, 0, true);
    key.number = 65_500;
    frames.enter(aim(0, 0), &key);
    assert!(frames.admits(&key, 0));
    for number in (65_502..=65_535).chain(0..60_000_u16).step_by(2) {
        let mut next = frame(102, 0, false);
        next.number = number;
        assert!(frames.admits(&next, number.into()), "{number}");
    }
}
