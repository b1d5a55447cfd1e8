//! Who somebody is, found out by the staff over a picture before the room.

use super::*;
use crate::{IdentityRules, Method, Obstacle, StaffCheckView, limit};

const CONFIRM: SeatAction = SeatAction::ConfirmIdentity { candidate: A };

fn entered() -> Desk {
    let mut desk = Desk::new();
    desk.path(A, PathAction::Enter { code: code(A) }).unwrap();
    desk
}

fn asked() -> Desk {
    let mut desk = entered();
    desk.path(A, PathAction::AskStaff {}).unwrap();
    desk
}

fn refuse(reason: &str) -> SeatAction {
    SeatAction::RefuseIdentity { candidate: A, reason: reason.to_owned() }
}

fn check(desk: &Desk) -> StaffCheckView {
    desk.candidate(A).staff_check
}

fn not_now<T>(obstacle: Obstacle) -> Result<T, Refused> {
    Err(Refused::NotNow(obstacle))
}

#[test]
fn a_host_who_has_seen_the_picture_confirms_and_nobody_else() {
    let mut desk = entered();
    desk.presence.seen.insert((A, HOST));
    assert_eq!(desk.seat(HOST, CONFIRM), not_now(Obstacle::StaffCheckNotAsked));
    desk.path(A, PathAction::AskStaff {}).unwrap();
    assert_eq!(check(&desk).asked_at, Some(desk.now));
    assert_eq!(desk.path(A, PathAction::AskStaff {}).unwrap().records, [], "once is enough");

    desk.presence.seen.clear();
    assert_eq!(desk.seat(HOST, CONFIRM), not_now(Obstacle::PictureNotSeen));
    desk.presence.seen.extend([(A, EXAMINER), (A, PATROL), (B, HOST)]);
    assert_eq!(desk.seat(HOST, CONFIRM), not_now(Obstacle::PictureNotSeen), "another candidate's");
    for seat in [EXAMINER, PATROL, A] {
        assert_eq!(desk.seat(seat, CONFIRM), Err(Refused::Forbidden));
    }
    desk.presence.seen.insert((A, HOST));
    desk.seat(HOST, CONFIRM).unwrap();
    let view = desk.candidate(A);
    assert_eq!((view.step, view.identity.method), (Step::Speaker, Some(Method::Staff)));
    assert_eq!(view.staff_check, StaffCheckView { offered: true, ..StaffCheckView::default() });
    assert_eq!(desk.seat(HOST, CONFIRM), not_now(Obstacle::IdentityPassed));
}

#[test]
fn who_is_not_recognised_reads_why_and_may_ask_again_or_go_another_way() {
    let mut desk = asked();
    assert_eq!(desk.seat(HOST, refuse(" ")), Err(Refused::TextEmpty));
    desk.seat(HOST, refuse("证件看不清")).unwrap();
    let failed = check(&desk);
    assert_eq!(failed.asked_at, None);
    assert_eq!(failed.failure.unwrap().reason, "证件看不清");
    assert_eq!(desk.seat(HOST, refuse("x")), not_now(Obstacle::StaffCheckNotAsked));
    desk.path(A, PathAction::AskStaff {}).unwrap();
    desk.path(A, PathAction::DropStaff {}).unwrap();
    assert_eq!(desk.path(A, PathAction::DropStaff {}).unwrap().records, []);
    assert!(check(&desk).failure.is_some(), "what was said stays until it is found");
    desk.path(A, PathAction::SendSms { digest: "d".to_owned() }).unwrap();
    desk.path(A, PathAction::VerifySms { digest: "d".to_owned() }).unwrap();
    assert_eq!(check(&desk).failure, None);
    assert_eq!(desk.path(A, PathAction::AskStaff {}), not_now(Obstacle::AnotherStep));
}

#[test]
fn another_device_and_who_is_put_out_wait_no_more() {
    let mut desk = asked();
    desk.path(A, PathAction::Enter { code: code(A) }).unwrap();
    assert_eq!(check(&desk).asked_at, None);
    desk.path(A, PathAction::AskStaff {}).unwrap();
    desk.seat(HOST, SeatAction::Remove { seat: A, reason: "r".to_owned() }).unwrap();
    assert!(!desk.interview.asks_staff(A));
    desk.presence.seen.insert((A, HOST));
    assert_eq!(desk.seat(HOST, CONFIRM), not_now(Obstacle::IdentityPassed));
}

#[test]
fn a_chair_who_leads_confirms_for_a_host_who_is_gone() {
    let mut desk = asked();
    desk.administer(AdministratorAction::SetChair { seat: EXAMINER, chair: true }).unwrap();
    desk.presence.seen.insert((A, EXAMINER));
    assert_eq!(desk.interview.may_look_at(A, EXAMINER), Err(Refused::Forbidden));
    desk.presence.lost.insert(HOST, Time(0));
    desk.seat(EXAMINER, SeatAction::TakeHelm {}).unwrap();
    assert_eq!(desk.interview.may_look_at(A, EXAMINER), Ok(()));
    desk.seat(EXAMINER, CONFIRM).unwrap();
    assert_eq!(desk.candidate(A).step, Step::Speaker);
}

#[test]
fn an_interview_may_do_without_and_records_from_before_have_it() {
    let mut desk = entered();
    let identity = IdentityRules { staff: false, ..IdentityRules::default() };
    desk.administer(AdministratorAction::Change(Setup { identity, ..setup() })).unwrap();
    assert!(!check(&desk).offered);
    assert_eq!(desk.path(A, PathAction::AskStaff {}), not_now(Obstacle::StaffCheckOff));
    let before: IdentityRules =
        serde_json::from_str(r#"{ "face": "off", "attempts": 3, "turn": true }"#).unwrap();
    assert!(before.staff);
}

#[test]
fn nobody_asks_without_end() {
    let mut desk = entered();
    for _ in 0..limit::STAFF_CHECKS {
        desk.path(A, PathAction::AskStaff {}).unwrap();
        desk.path(A, PathAction::DropStaff {}).unwrap();
    }
    let full = Refused::TooMany(limit::STAFF_CHECKS as usize);
    assert_eq!(desk.path(A, PathAction::AskStaff {}), Err(full));
}
