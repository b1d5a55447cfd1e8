//! The candidate's path, as the candidate and the panel see it.

use super::*;
use crate::{CloseReason, Effect, FaceUse, Method, SmsKind, limit};

fn enter(desk: &mut Desk, seat: SeatId) -> Result<Decision, Refused> {
    desk.path(seat, PathAction::Enter { code: code(seat) })
}

fn send(desk: &mut Desk, digest: &str) -> Result<Decision, Refused> {
    desk.path(A, PathAction::SendSms { digest: digest.to_owned() })
}

fn verify(desk: &mut Desk, digest: &str) -> Result<Decision, Refused> {
    desk.path(A, PathAction::VerifySms { digest: digest.to_owned() })
}

#[test]
fn an_invitation_holds_in_its_window_and_for_its_code() {
    let mut desk = Desk::new();
    assert_eq!(desk.path(A, PathAction::Enter { code: code(B) }), Err(Refused::InvitationUnknown));
    let (opens_at, closed_at) = (Time(3_000_000), Time(100_000_000));
    desk.administer(AdministratorAction::Change(Setup { opens_at, ..setup() })).unwrap();
    assert_eq!(
        enter(&mut desk, A),
        Err(Refused::InvitationEarly { opens_at, time_zone: crate::USUAL_TIME_ZONE.to_owned() })
    );
    desk.now = opens_at;
    enter(&mut desk, A).unwrap();
    desk.now = closed_at;
    assert_eq!(enter(&mut desk, B), Err(Refused::InvitationExpired { closed_at }));
    // Who is inside comes back from a lost device.
    enter(&mut desk, A).unwrap();
    assert_eq!(desk.interview.entries(A), Some(2));
}

#[test]
fn nobody_comes_back_days_after_the_closing() {
    let closed_at = setup().closes_at;
    let expired = Err(Refused::InvitationExpired { closed_at });
    let overtime = closed_at.plus(limit::OVERTIME);
    for inside in [false, true] {
        let mut desk = if inside { Desk::waiting() } else { Desk::new() };
        enter(&mut desk, A).unwrap();
        desk.now = Time(overtime.0 - 1000);
        enter(&mut desk, A).unwrap();
        assert_eq!(desk.interview.admits_candidates(desk.now), Ok(()));
        for now in [overtime, overtime.plus(5 * 24 * 3_600_000)] {
            desk.now = now;
            assert_eq!(enter(&mut desk, A), expired, "at {now}");
            assert_eq!(enter(&mut desk, B), expired);
            assert_eq!(send(&mut desk, "one"), expired);
            assert_eq!(desk.check(A, Check::Speaker, true), expired);
            assert_eq!(desk.path(A, PathAction::Password { digest: "d".to_owned() }), expired);
            assert_eq!(desk.path(A, PathAction::OfferSecondCamera {}), expired);
            assert_eq!(desk.interview.admits_candidates(desk.now).map(|()| unreachable!()), expired);
            assert_eq!(desk.path(A, PathAction::Enter { code: code(B) }), Err(Refused::InvitationUnknown));
        }
    }
    // An office that opens it again lets everybody in again.
    let mut desk = Desk::waiting();
    desk.now = overtime;
    let setup = Setup { closes_at: overtime.plus(1000), ..setup() };
    desk.administer(AdministratorAction::Change(setup)).unwrap();
    enter(&mut desk, A).unwrap();
}

#[test]
fn a_device_tried_again_with_the_same_outcome_leaves_no_record_within_a_minute() {
    let mut desk = Desk::new();
    enter(&mut desk, A).unwrap();
    desk.seat(HOST, SeatAction::OverrideIdentity { candidate: A, reason: "r".to_owned() }).unwrap();
    let begin = desk.now;
    for (after, passed, device, recorded) in [
        (0, false, "USB", 1),
        (1, false, "USB", 0),
        (59_999, false, "USB", 0),
        (59_999, false, "HDMI", 1),
        (60_000, false, "USB", 1),
        (119_999, false, "USB", 0),
        (120_000, false, "USB", 1),
        (120_001, true, "USB", 1),
        (120_002, true, "USB", 0),
        (999_999, true, "USB", 0),
    ] {
        desk.now = begin.plus(after);
        let device = device.to_owned();
        let done = desk.path(A, PathAction::Check { check: Check::Speaker, passed, device }).unwrap();
        assert_eq!(done.records.len(), recorded, "after {after} ms");
    }
}

#[test]
fn an_invitation_is_used_up_by_removal_and_the_end() {
    let mut desk = Desk::waiting();
    desk.seat(HOST, SeatAction::Remove { seat: A, reason: "r".to_owned() }).unwrap();
    assert_eq!(enter(&mut desk, A), Err(Refused::InvitationUsed));
    assert_eq!(desk.path(A, PathAction::ComeBack {}), Err(Refused::InvitationUsed));
    desk.seat(HOST, SeatAction::Readmit { seat: A }).unwrap();
    enter(&mut desk, A).unwrap();
    assert_eq!(desk.step(A), Step::Waiting);
    desk.go_to(StageKind::End);
    assert_eq!(enter(&mut desk, A), Err(Refused::InvitationUsed));
    desk.seat(B, SeatAction::Leave {}).unwrap();
    assert_eq!(desk.path(B, PathAction::ComeBack {}), Err(Refused::InvitationUsed));
}

#[test]
fn who_left_by_mistake_comes_back_alone_and_the_host_sees_it() {
    let mut desk = Desk::waiting();
    for by_code in [false, true] {
        let left = desk.seat(A, SeatAction::Leave {}).unwrap();
        assert!(left.effects.contains(&Effect::Close { seat: A, reason: CloseReason::Left }));
        assert_eq!(desk.seat(A, SeatAction::Leave {}).unwrap().records, []);
        assert_eq!(desk.panel(HOST).candidates[0].left_at, Some(desk.records.last().unwrap().at));
        assert_eq!(desk.panel(HOST).candidates[0].position, None);
        if by_code { enter(&mut desk, A) } else { desk.path(A, PathAction::ComeBack {}) }.unwrap();
        assert_eq!(desk.step(A), Step::Waiting);
        let card = &desk.panel(HOST).candidates[0];
        assert_eq!((card.left_at, card.position), (None, Some(1)), "the place is kept");
        assert_eq!(desk.path(A, PathAction::ComeBack {}).unwrap().records, []);
    }
}

#[test]
fn where_faces_are_asked_for_at_each_entry_who_comes_back_shows_it_again() {
    let mut desk = Desk::waiting();
    let mut setup = desk.interview.setup();
    setup.identity.face = FaceUse::EachEntry;
    desk.administer(AdministratorAction::Change(setup)).unwrap();
    desk.seat(A, SeatAction::Leave {}).unwrap();
    desk.path(A, PathAction::ComeBack {}).unwrap();
    assert_eq!(desk.step(A), Step::Identity);
}

#[test]
fn a_password_is_asked_only_when_the_invitation_has_one() {
    let mut desk = Desk::new();
    enter(&mut desk, A).unwrap();
    assert_eq!(desk.step(A), Step::Identity);
    let (name, number, phone) = ("b".to_owned(), "2".to_owned(), "13900000000".to_owned());
    let password = crate::PasswordChange::Set(crate::Password::of_digest("digest"));
    desk.administer(AdministratorAction::ChangeCandidate {
        seat: B,
        name,
        number,
        phone,
        password,
        starts_at: None,
    })
    .unwrap();
    enter(&mut desk, B).unwrap();
    assert_eq!(desk.step(B), Step::Password);
    let password = |digest: &str| PathAction::Password { digest: digest.to_owned() };
    assert_eq!(desk.path(B, password("other")), Err(Refused::PasswordWrong));
    desk.path(B, password("digest")).unwrap();
    assert_eq!(desk.step(B), Step::Identity);
    assert!(matches!(desk.path(B, password("digest")), Err(Refused::NotNow(_))));
}

#[test]
fn the_sms_way_leads_to_the_device_checks() {
    let mut desk = Desk::new();
    enter(&mut desk, A).unwrap();
    assert_eq!(verify(&mut desk, "one"), Err(Refused::SmsExpired));
    let sent = send(&mut desk, "one").unwrap();
    let phone = "13812345678".to_owned();
    assert_eq!(sent.effects[0], Effect::SendSms { seat: A, phone, text_kind: SmsKind::Code });
    let view = desk.candidate(A);
    assert_eq!(view.phone_hint.as_deref(), Some("138****5678"));
    let sms = view.sms.unwrap();
    assert_eq!((sms.expires_at.0 - sms.resend_at.0, sms.tries_left), (240_000, 5));
    assert_eq!(send(&mut desk, "two"), Err(Refused::SmsTooSoon { again_at: sms.resend_at }));
    assert_eq!(verify(&mut desk, "two"), Err(Refused::SmsWrong));
    assert_eq!(desk.candidate(A).sms.unwrap().tries_left, 4);
    desk.now = sms.resend_at;
    send(&mut desk, "two").unwrap();
    assert_eq!(verify(&mut desk, "one"), Err(Refused::SmsWrong));
    verify(&mut desk, "two").unwrap();
    let view = desk.candidate(A);
    assert_eq!((view.step, view.identity.method), (Step::Speaker, Some(Method::Sms)));
}

#[test]
fn five_wrong_codes_lock_until_time_or_a_host_opens() {
    let mut desk = Desk::new();
    enter(&mut desk, A).unwrap();
    send(&mut desk, "right").unwrap();
    for _ in 1..limit::WRONG_SMS {
        assert_eq!(verify(&mut desk, "wrong"), Err(Refused::SmsWrong));
    }
    assert!(matches!(verify(&mut desk, "wrong"), Err(Refused::Locked { .. })));
    assert!(matches!(verify(&mut desk, "right"), Err(Refused::Locked { .. })));
    assert!(matches!(send(&mut desk, "next"), Err(Refused::Locked { .. })));
    let view = desk.candidate(A);
    assert!(view.locked && desk.panel(HOST).candidates[0].locked_at == Some(Step::Identity));
    desk.now = view.locked_until.unwrap();
    assert!(!desk.candidate(A).locked);
    send(&mut desk, "next").unwrap();
    desk.seat(HOST, SeatAction::OverrideIdentity { candidate: A, reason: "护照".to_owned() }).unwrap();
    assert_eq!(desk.candidate(A).identity.reason, None);
    let identity = &desk.panel(HOST).candidates[0].identity;
    assert_eq!((identity.method, identity.reason.as_deref()), (Some(Method::Override), Some("护照")));
}

#[test]
fn codes_are_sent_a_limited_number_of_times() {
    let mut desk = Desk::new();
    enter(&mut desk, A).unwrap();
    for count in 0..limit::SMS_SENDS {
        send(&mut desk, &count.to_string()).unwrap();
        desk.now = desk.now.plus(limit::SMS_PAUSE);
    }
    assert_eq!(send(&mut desk, "more"), Err(Refused::SmsLimit));
}

#[test]
fn an_override_needs_a_reason_and_its_step() {
    let mut desk = Desk::new();
    let override_of =
        |candidate, reason: &str| SeatAction::OverrideIdentity { candidate, reason: reason.to_owned() };
    assert!(matches!(desk.seat(HOST, override_of(A, "r")), Err(Refused::NotNow(_))));
    enter(&mut desk, A).unwrap();
    assert_eq!(desk.seat(HOST, override_of(A, " ")), Err(Refused::TextEmpty));
    assert_eq!(desk.seat(HOST, override_of(SeatId(7), "r")), Err(Refused::CandidateUnknown));
    desk.seat(HOST, override_of(A, "r")).unwrap();
    assert!(matches!(desk.seat(HOST, override_of(A, "r")), Err(Refused::NotNow(_))));
}

#[test]
fn a_host_sees_which_device_failed_and_with_what_name() {
    let mut desk = Desk::new();
    enter(&mut desk, A).unwrap();
    desk.seat(HOST, SeatAction::OverrideIdentity { candidate: A, reason: "r".to_owned() }).unwrap();
    assert!(matches!(desk.check(A, Check::Microphone, true), Err(Refused::NotNow(_))));
    desk.check(A, Check::Speaker, true).unwrap();
    desk.check(A, Check::Microphone, false).unwrap();
    let card = desk.panel(HOST).candidates[0].clone();
    assert_eq!((card.step, card.failed_check), (Step::Microphone, Some(Check::Microphone)));
    let microphone = card.checks.microphone.unwrap();
    assert_eq!((microphone.passed, microphone.device.as_str(), microphone.at), (false, "USB", desk.now));
    let device = "d".repeat(1000);
    desk.path(A, PathAction::Check { check: Check::Microphone, passed: true, device }).unwrap();
    let card = desk.panel(EXAMINER).candidates[0].clone();
    assert_eq!((card.step, card.failed_check), (Step::Camera, None));
    assert_eq!(card.checks.microphone.unwrap().device.len(), limit::DEVICE);
}
