//! Candidates on the pages before the waiting room: seen, heard, helped.

use super::*;
use crate::{DeviceProblem, Obstacle, limit};

fn entered() -> Desk {
    let mut desk = Desk::new();
    enter(&mut desk, A);
    desk
}

fn enter(desk: &mut Desk, seat: SeatId) {
    desk.path(seat, PathAction::Enter { code: code(seat) }).unwrap();
}

fn let_in(desk: &mut Desk, candidate: SeatId) {
    let reason = "known".to_owned();
    desk.seat(HOST, SeatAction::OverrideIdentity { candidate, reason }).unwrap();
}

fn to(candidate: SeatId) -> Audience {
    Audience::Candidate { candidate }
}

fn read(desk: &Desk, seat: SeatId) -> Vec<String> {
    desk.interview.chat(seat, None).lines.into_iter().map(|line| line.text).collect()
}

fn report(desk: &mut Desk, check: Check, problem: Option<DeviceProblem>) -> Result<Decision, Refused> {
    desk.path(A, PathAction::ReportDevice { check, problem })
}

fn pass(candidate: SeatId, reason: &str) -> SeatAction {
    SeatAction::PassChecks { candidate, reason: reason.to_owned() }
}

#[test]
fn who_asks_from_the_pages_before_the_room_is_arriving_and_not_here() {
    let mut desk = entered();
    desk.presence = Presence { arriving: [A].into(), ..Presence::default() };
    let card = |desk: &Desk| {
        let Some(SeatView::Panel(view)) = desk.interview.view(HOST, desk.now, &desk.presence) else {
            panic!()
        };
        let card = view.candidates[0].clone();
        (card.arriving, card.online, card.last_seen)
    };
    assert_eq!(card(&desk), (true, false, None));
    desk.presence = Presence { strayed: [(A, Time(2_100_000))].into(), ..Presence::default() };
    assert_eq!(card(&desk), (false, false, Some(Time(2_100_000))));
    // A page that asks is nobody who can be called: the room has no connection of theirs.
    desk.presence = Presence::default();
    desk.bring_in(B);
    desk.presence.arriving.insert(B);
    assert_eq!(desk.seat(HOST, SeatAction::CallNext {}), Err(Refused::NobodyHere));
}

#[test]
fn nobody_is_expected_after_the_end_nor_who_is_out() {
    let mut desk = entered();
    assert!(desk.interview.is_expected(A) && desk.interview.is_expected(B));
    desk.seat(HOST, SeatAction::Remove { seat: A, reason: "r".to_owned() }).unwrap();
    assert!(!desk.interview.is_expected(A) && !desk.interview.is_expected(HOST));
    desk.seat(HOST, SeatAction::Readmit { seat: A }).unwrap();
    assert!(desk.interview.is_expected(A));
    desk.go_to(StageKind::End);
    assert!(!desk.interview.is_expected(A));
}

#[test]
fn a_candidate_before_the_room_writes_to_the_hosts_and_to_nobody_else() {
    let mut desk = Desk::new();
    let not_in = Err(Refused::NotNow(Obstacle::NotInRoom));
    assert_eq!(desk.seat(A, say(to(A), "nobody has entered")), not_in);
    enter(&mut desk, A);
    desk.seat(A, say(to(A), "I have no code")).unwrap();
    assert_eq!((read(&desk, HOST), read(&desk, EXAMINER)), (vec!["I have no code".to_owned()], vec![]));
    for audience in [Audience::All, Audience::Panel, to(B)] {
        assert_eq!(desk.seat(A, say(audience, "x")), not_in);
    }
    desk.seat(HOST, SeatAction::Remove { seat: A, reason: "r".to_owned() }).unwrap();
    assert_eq!(desk.seat(A, say(to(A), "x")), not_in);
}

#[test]
fn who_has_only_a_code_reads_what_was_written_to_them_since_they_came_and_no_older_line() {
    let mut desk = entered();
    desk.seat(HOST, say(to(A), "to whoever was here first")).unwrap();
    desk.seat(A, say(to(A), "their answer")).unwrap();
    assert_eq!(read(&desk, A), ["to whoever was here first", "their answer"]);
    let first = desk.candidate(A).newest_line.unwrap();
    enter(&mut desk, A);
    assert_eq!((read(&desk, A), desk.candidate(A).newest_line), (vec![], None));
    assert_eq!(desk.interview.earlier_chat(A, &u64::MAX.to_string()).lines, []);
    // Neither what was said to all or to another.
    enter(&mut desk, B);
    desk.seat(HOST, say(Audience::All, "all")).unwrap();
    desk.seat(HOST, say(to(B), "another")).unwrap();
    assert_eq!(read(&desk, A), Vec::<String>::new());
    desk.seat(HOST, say(to(A), "new")).unwrap();
    let part = desk.interview.chat(A, None);
    assert_eq!((part.lines.len(), part.lines[0].text.as_str(), part.before), (1, "new", None));
    assert_ne!(desk.candidate(A).newest_line, Some(first));
    // Who has shown who they are reads their own talk from its beginning, and what is said to all.
    let_in(&mut desk, A);
    assert_eq!(read(&desk, A), ["to whoever was here first", "their answer", "all", "new"]);
    // Asked once more, it is not known again who sits there.
    for check in Check::ALL {
        desk.check(A, check, true).unwrap();
    }
    let in_the_room = desk.interview.view(A, desk.now, &[A].into());
    let Some(SeatView::Candidate(view)) = in_the_room else { panic!("{in_the_room:?}") };
    assert_eq!(view.newest_line, None, "there lines come by themselves");
    desk.seat(HOST, SeatAction::VerifyAgain { candidate: A }).unwrap();
    assert_eq!(read(&desk, A), ["new"]);
}

#[test]
fn a_device_that_cannot_be_used_is_told_once_and_until_it_can() {
    use DeviceProblem::{Denied, Missing};
    let mut desk = entered();
    let elsewhere = Err(Refused::NotNow(Obstacle::AnotherStep));
    assert_eq!(report(&mut desk, Check::Microphone, Some(Denied)), elsewhere);
    // The face check looks through the camera.
    report(&mut desk, Check::Camera, Some(Denied)).unwrap();
    report(&mut desk, Check::Camera, None).unwrap();
    let_in(&mut desk, A);
    desk.check(A, Check::Speaker, true).unwrap();
    report(&mut desk, Check::Microphone, Some(Denied)).unwrap();
    let since = desk.now;
    assert_eq!(report(&mut desk, Check::Microphone, Some(Denied)).unwrap().records, []);
    let troubles = |desk: &Desk| {
        let card = desk.panel(HOST).candidates[0].clone();
        card.device_troubles.iter().map(|one| (one.check, one.problem, one.since)).collect::<Vec<_>>()
    };
    assert_eq!(troubles(&desk), [(Check::Microphone, Denied, since)]);
    report(&mut desk, Check::Microphone, Some(Missing)).unwrap();
    assert_eq!(troubles(&desk)[0].1, Missing);
    desk.check(A, Check::Microphone, true).unwrap();
    assert_eq!(troubles(&desk), []);
    // Another device comes without the troubles of the first one.
    report(&mut desk, Check::Camera, Some(Denied)).unwrap();
    enter(&mut desk, A);
    assert_eq!(troubles(&desk), []);
}

#[test]
fn a_page_that_tells_of_troubles_without_end_is_heard_so_often_and_no_more() {
    let mut desk = entered();
    let mut told = 0;
    for _ in 0..limit::DEVICE_TROUBLES * 2 {
        for problem in [Some(DeviceProblem::Busy), None] {
            told += report(&mut desk, Check::Camera, problem).unwrap().records.len();
        }
    }
    assert_eq!(told, limit::DEVICE_TROUBLES as usize * 2);
    assert_eq!(desk.panel(HOST).candidates[0].device_troubles, [], "and the last word is that it works");
}

#[test]
fn a_host_sees_at_which_step_somebody_is_locked() {
    let mut desk = Desk::new();
    let password = Some(crate::Password::of_digest("right"));
    let protected = NewCandidate { password, ..new_candidate(SeatId(0xc), "3") };
    desk.administer(AdministratorAction::AddCandidates(vec![protected])).unwrap();
    enter(&mut desk, SeatId(0xc));
    let mut tries = 0;
    while desk.panel(HOST).candidates[2].locked_at.is_none() {
        tries += 1;
        let _ = desk.path(SeatId(0xc), PathAction::Password { digest: "wrong".to_owned() });
    }
    assert_eq!(tries, limit::WRONG_PASSWORDS);
    assert_eq!(desk.panel(HOST).candidates[2].locked_at, Some(Step::Password));
    let_in(&mut desk, SeatId(0xc));
    assert_eq!(desk.panel(HOST).candidates[2].locked_at, None);
}

#[test]
fn a_host_lets_somebody_pass_the_checks_with_a_reason_and_what_failed_stays_in_sight() {
    let mut desk = entered();
    let not_there = Err(Refused::NotNow(Obstacle::NotAtChecks));
    assert_eq!(desk.seat(HOST, pass(A, "r")), not_there);
    let_in(&mut desk, A);
    desk.check(A, Check::Speaker, true).unwrap();
    desk.check(A, Check::Microphone, false).unwrap();
    assert_eq!(desk.seat(HOST, pass(A, " ")), Err(Refused::TextEmpty));
    assert_eq!(desk.seat(EXAMINER, pass(A, "r")), Err(Refused::Forbidden));
    assert_eq!(desk.seat(HOST, pass(SeatId(7), "r")), Err(Refused::CandidateUnknown));
    let decision = desk.seat(HOST, pass(A, "现场工作人员已确认设备")).unwrap();
    assert!(decision.effects.contains(&Effect::Permissions));
    assert_eq!(desk.candidate(A).step, Step::Waiting);
    let card = desk.panel(EXAMINER).candidates[0].clone();
    assert_eq!((card.failed_check, card.checks.camera), (Some(Check::Microphone), None));
    assert_eq!(card.waiver.unwrap().reason, "现场工作人员已确认设备");
    let line = desk.interview.audit(1, desk.records.last().unwrap());
    assert_eq!(
        (line.event, line.seat, line.detail.as_str()),
        ("checks_passed", Some(A), "现场工作人员已确认设备")
    );
    assert_eq!(desk.seat(HOST, pass(A, "r")), not_there);
    // In the room a device may still be tried, and the next turn finds what came of it.
    desk.check(A, Check::Camera, true).unwrap();
    assert!(desk.panel(HOST).candidates[0].checks.camera.as_ref().unwrap().passed);
    desk.go_to(StageKind::Interview);
    desk.presence = [A].into();
    desk.seat(HOST, SeatAction::CallNext {}).unwrap();
    assert_eq!(desk.panel(HOST).current, Some(A));
}
