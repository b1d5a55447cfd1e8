//! A phone is paired with a candidate's seat as the second camera.

use super::*;
use crate::{Effect, Source, limit};

fn offer(desk: &mut Desk, seat: SeatId) -> u32 {
    desk.path(seat, PathAction::OfferSecondCamera {}).unwrap();
    desk.interview.second_camera_link(seat).unwrap().0
}

fn pair(desk: &mut Desk, seat: SeatId, link: u32) -> Result<Decision, Refused> {
    desk.path(seat, PathAction::PairSecondCamera { link })
}

#[test]
fn a_link_is_good_once_and_for_three_minutes_and_the_newest_alone() {
    let mut desk = Desk::waiting();
    let old = offer(&mut desk, A);
    let new = offer(&mut desk, A);
    assert_eq!(pair(&mut desk, A, old), Err(Refused::PairingOver));
    assert_eq!(pair(&mut desk, B, new), Err(Refused::PairingOver));
    let paired = pair(&mut desk, A, new).unwrap();
    assert_eq!(paired.effects, [Effect::Permissions, Effect::Views]);
    assert_eq!(pair(&mut desk, A, new), Err(Refused::PairingOver));
    assert_eq!(desk.interview.second_camera(A), Some(new));

    let late = offer(&mut desk, A);
    desk.now = desk.now.plus(limit::SECOND_CAMERA_LINK);
    assert_eq!(pair(&mut desk, A, late), Err(Refused::PairingOver));
    // Until the next phone comes, the one before goes on.
    assert_eq!(desk.interview.second_camera(A), Some(new));
    let next = offer(&mut desk, A);
    pair(&mut desk, A, next).unwrap();
    assert_eq!(desk.interview.second_camera(A), Some(next));
}

#[test]
fn the_panel_sees_it_before_it_and_nobody_else_ever() {
    let mut desk = Desk::waiting();
    let link = offer(&mut desk, A);
    pair(&mut desk, A, link).unwrap();
    let seen = |desk: &Desk, by| desk.interview.may_receive(by, A, Source::SecondCamera);
    assert!(!seen(&desk, HOST) && !desk.interview.second_camera_view(A, desk.now).unwrap().seen);
    desk.go_to(StageKind::Interview);
    desk.seat(HOST, SeatAction::Call { candidate: A }).unwrap();
    assert!(seen(&desk, HOST) && seen(&desk, EXAMINER) && seen(&desk, PATROL) && !seen(&desk, B));
    assert!(desk.interview.second_camera_view(A, desk.now).unwrap().seen);
    desk.go_to(StageKind::Deliberation);
    assert!(!seen(&desk, EXAMINER));
    desk.go_to(StageKind::Announcement);
    assert!(seen(&desk, EXAMINER));
    desk.path(A, PathAction::DropSecondCamera { link: None }).unwrap();
    assert!(!seen(&desk, EXAMINER));
    assert_eq!(desk.path(A, PathAction::DropSecondCamera { link: None }).unwrap().records, []);
}

#[test]
fn it_goes_with_the_candidate_and_with_the_end() {
    let ends: [fn(&mut Desk); 4] = [
        |desk| drop(desk.seat(A, SeatAction::Leave {}).unwrap()),
        |desk| drop(desk.seat(HOST, SeatAction::Remove { seat: A, reason: "noise".to_owned() }).unwrap()),
        |desk| desk.go_to(StageKind::End),
        |desk| {
            let setup = Setup { second_camera: SecondCamera::Off, ..setup() };
            desk.administer(AdministratorAction::Change(setup)).unwrap();
        },
    ];
    for end in ends {
        let mut desk = Desk::waiting();
        let link = offer(&mut desk, A);
        pair(&mut desk, A, link).unwrap();
        let open = offer(&mut desk, A);
        end(&mut desk);
        assert_eq!(desk.interview.second_camera(A), None);
        assert_eq!(desk.interview.second_camera_view(A, desk.now), None);
        assert!(pair(&mut desk, A, open).is_err());
        assert!(desk.path(A, PathAction::OfferSecondCamera {}).is_err());
    }
}

#[test]
fn a_phone_that_was_replaced_ends_nothing() {
    let mut desk = Desk::waiting();
    let old = offer(&mut desk, A);
    pair(&mut desk, A, old).unwrap();
    let new = offer(&mut desk, A);
    pair(&mut desk, A, new).unwrap();
    assert_eq!(desk.path(A, PathAction::DropSecondCamera { link: Some(old) }).unwrap().records, []);
    desk.path(A, PathAction::DropSecondCamera { link: Some(new) }).unwrap();
    assert_eq!(desk.interview.second_camera(A), None);
}

#[test]
fn only_who_is_inside_an_interview_that_has_second_cameras_gets_a_link_and_not_without_end() {
    let mut desk = Desk::new();
    assert!(matches!(desk.path(A, PathAction::OfferSecondCamera {}), Err(Refused::NotNow(_))));
    let mut desk = Desk::waiting();
    for _ in 0..limit::SECOND_CAMERA_LINKS {
        offer(&mut desk, A);
    }
    assert!(matches!(desk.path(A, PathAction::OfferSecondCamera {}), Err(Refused::TooMany(_))));
}

#[test]
fn candidate_and_panel_know_how_it_stands() {
    let mut desk = Desk::waiting();
    let link = offer(&mut desk, A);
    pair(&mut desk, A, link).unwrap();
    let state = |desk: &Desk, presence: &Presence| match desk.interview.view(HOST, desk.now, presence) {
        Some(SeatView::Panel(view)) => view.candidates[0].second_camera,
        _ => panic!("no view of the panel"),
    };
    let mut presence = Presence::from([A]);
    assert!(state(&desk, &presence).paired && !state(&desk, &presence).online);
    presence.second_cameras.insert(A);
    assert!(state(&desk, &presence).online);
    assert!(desk.candidate(A).second_camera.paired && !desk.candidate(B).second_camera.paired);
    assert_eq!(desk.candidate(B).second_camera.wish, SecondCamera::Allowed);
}
