//! The helm: an examiner who is a chair leads while no host is there.

use super::*;
use crate::{Obstacle, Source};

/// A chair among the examiners, both candidates waiting; nobody of the staff is online.
fn desk() -> Desk {
    let mut desk = Desk::waiting();
    desk.administer(AdministratorAction::SetChair { seat: EXAMINER, chair: true }).unwrap();
    desk
}

#[test]
fn a_chair_leads_when_no_host_is_there_and_gives_back() {
    let mut desk = desk();
    desk.presence = [A, B, HOST].into();
    let take = || SeatAction::TakeHelm {};
    assert_eq!(desk.seat(EXAMINER, take()), Err(Refused::NotNow(Obstacle::HelmHeld)));
    desk.presence = Presence { lost: [(HOST, desk.now)].into(), ..[A, B].into() };
    assert_eq!(desk.seat(EXAMINER, take()), Err(Refused::NotNow(Obstacle::HelmHeld)), "gone for a moment");
    desk.now = desk.now.plus(crate::limit::MOMENT);
    assert_eq!(desk.seat(SECOND, take()), Err(Refused::ChairOnly));
    assert_eq!(desk.seat(EXAMINER, SeatAction::CallNext {}), Err(Refused::Forbidden));
    desk.seat(EXAMINER, take()).unwrap();
    assert!(desk.seat(EXAMINER, take()).unwrap().records.is_empty());
    let view = desk.panel(EXAMINER);
    assert!(view.leads && view.is_chair && view.common.helm.taken_by == Some(EXAMINER));

    // Leads as a host does, and scores as an examiner does.
    desk.go_to(StageKind::Waiting);
    desk.seat(EXAMINER, SeatAction::Address { candidate: Some(A) }).unwrap();
    assert!(desk.interview.may_receive(A, EXAMINER, Source::Microphone));
    assert!(!desk.interview.may_receive(A, SECOND, Source::Microphone));
    desk.seat(EXAMINER, say(Audience::Candidate { candidate: A }, "one moment")).unwrap();
    desk.seat(EXAMINER, SeatAction::GoToStage { stage: 2 }).unwrap();
    desk.seat(EXAMINER, SeatAction::CallNext {}).unwrap();
    let points = [("c1".parse().unwrap(), Points(8000)), ("c2".parse().unwrap(), Points(8000))].into();
    let remark = String::new();
    desk.seat(EXAMINER, SeatAction::SaveScores { candidate: A, points, remark }).unwrap();

    desk.seat(EXAMINER, SeatAction::GiveHelm {}).unwrap();
    assert!(desk.seat(EXAMINER, SeatAction::GiveHelm {}).unwrap().records.is_empty());
    assert_eq!(desk.seat(EXAMINER, SeatAction::SendBack {}), Err(Refused::Forbidden));
    assert!(!desk.panel(EXAMINER).leads);
}

#[test]
fn a_host_who_comes_back_takes_the_helm_and_everybody_sees_when_it_is_empty() {
    let mut desk = desk();
    let helm = |desk: &Desk, seat| match desk.interview.view(seat, desk.now, &desk.presence).unwrap() {
        SeatView::Candidate(view) => view.common.helm,
        SeatView::Panel(view) => view.common.helm,
    };
    assert!(helm(&desk, A).empty_since.is_some());
    desk.presence = [A, B, EXAMINER].into();
    desk.seat(EXAMINER, SeatAction::TakeHelm {}).unwrap();
    assert_eq!(helm(&desk, A).empty_since, None);
    desk.presence = Presence { lost: [(EXAMINER, Time(77))].into(), ..[A, B].into() };
    assert_eq!(helm(&desk, SECOND).empty_since, Some(Time(77)));
    desk.presence = [A, B, EXAMINER, HOST].into();
    desk.seat(HOST, SeatAction::TakeHelm {}).unwrap();
    assert!(desk.seat(HOST, SeatAction::TakeHelm {}).unwrap().records.is_empty());
    assert_eq!(helm(&desk, EXAMINER), crate::HelmView { taken_by: None, empty_since: None });
    assert_eq!(desk.seat(EXAMINER, SeatAction::CallNext {}), Err(Refused::Forbidden));
}

#[test]
fn who_is_put_out_has_the_helm_no_more() {
    let mut desk = desk();
    desk.seat(EXAMINER, SeatAction::TakeHelm {}).unwrap();
    desk.seat(HOST, SeatAction::Remove { seat: EXAMINER, reason: "r".to_owned() }).unwrap();
    assert_eq!(desk.panel(HOST).common.helm.taken_by, None);
    assert!(!desk.interview.may_enter_room(EXAMINER));
}
