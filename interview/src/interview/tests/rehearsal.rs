//! Rehearsals: made of an interview, led as one, and told in a report.

use super::*;
use crate::{
    DeviceKind, DeviceProblem, Event, InterviewId, Language, ListedCandidate, Obstacle, Rehearsed,
    ServerAction, Wording, limit, rehearsal_table,
};

const REHEARSAL: InterviewId = InterviewId(77);

/// The rehearsal of this interview, with the staff in seats from 0x90 on.
fn rehearsed(desk: &Desk, now: Time) -> Result<Desk, Refused> {
    let mut seats = (0x90..).map(SeatId);
    let mut seat = || seats.next().unwrap();
    let opened = ("open".parse().unwrap(), Actor::System);
    let records = desk.interview.rehearse(REHEARSAL, &mut seat, opened, now)?;
    let interview = Interview::fold(records.clone()).unwrap();
    Ok(Desk { interview, records, now, ..desk.clone() })
}

/// An interview that opens in an hour.
fn before() -> Desk {
    let mut desk = Desk::new();
    let setup = Setup { opens_at: desk.now.plus(3_600_000), closes_at: desk.now.plus(7_200_000), ..setup() };
    desk.administer(AdministratorAction::Change(setup)).unwrap();
    desk
}

fn told(desk: &Desk, seat: SeatId) -> Rehearsed {
    desk.interview.rehearsed().into_iter().find(|told| told.seat == seat).unwrap()
}

fn note(desk: &mut Desk, kind: DeviceKind) {
    let action = Action::Server(ServerAction::NoteDevice { seat: A, kind });
    desk.command(Actor::System, action).unwrap();
}

#[test]
fn a_rehearsal_has_the_same_people_and_setup_and_nothing_of_what_has_happened() {
    let mut desk = before();
    desk.administer(AdministratorAction::SetPhoto { seat: A, present: true }).unwrap();
    desk.administer(AdministratorAction::Invite { seat: A }).unwrap();
    desk.administer(AdministratorAction::SetChair { seat: EXAMINER, chair: true }).unwrap();
    desk.seat(HOST, SeatAction::MoveCandidate { candidate: B, before: Some(A) }).unwrap();
    let mut rehearsal = rehearsed(&desk, desk.now).unwrap();
    assert_eq!(rehearsal.interview.rehearsal_of(), Some(desk.interview.id()));
    assert_eq!(rehearsal.interview.id(), REHEARSAL);
    let (real, made) = (desk.interview.setup(), rehearsal.interview.setup());
    assert_eq!(made, Setup { opens_at: desk.now, closes_at: real.opens_at, ..real });
    let people = |desk: &Desk| {
        let rows = desk.interview.candidate_rows().into_iter();
        rows.map(|row| (row.seat, row.name, row.phone, row.code, row.photo)).collect::<Vec<_>>()
    };
    assert_eq!(people(&rehearsal), people(&desk));
    assert_eq!(rehearsal.interview.candidate_row(A).unwrap().invited_at, None);
    let staff = |desk: &Desk| {
        let rows = desk.interview.staff_rows().into_iter();
        rows.map(|row| (row.name, row.role, row.chair)).collect::<Vec<_>>()
    };
    assert_eq!(staff(&rehearsal), staff(&desk));
    let seats = |desk: &Desk| desk.interview.staff_rows().into_iter().map(|row| row.seat).collect::<Vec<_>>();
    assert!(seats(&rehearsal).iter().all(|seat| !seats(&desk).contains(seat)), "a seat of the staff is one");

    rehearsal.path(A, PathAction::Enter { code: code(A) }).unwrap();
    assert!(rehearsal.candidate(A).common.rehearsal && !desk.panel(HOST).common.rehearsal);
    assert!(
        desk.path(A, PathAction::Enter { code: code(A) }).is_err(),
        "the interview itself has not opened"
    );
}

#[test]
fn questions_stay_secret_in_a_rehearsal() {
    let mut desk = before();
    let question = crate::Question { id: 4, text: "secret".to_owned(), minutes: Some(3), criterion: None };
    let questions = vec![crate::QuestionSet { id: 2, name: "A".to_owned(), questions: vec![question] }];
    let setup = Setup { questions, ..desk.interview.setup() };
    desk.administer(AdministratorAction::Change(setup)).unwrap();
    let rehearsal = rehearsed(&desk, desk.now).unwrap();
    let text = serde_json::to_string(&rehearsal.records).unwrap();
    assert!(!text.contains("secret"));
    let set = &rehearsal.interview.setup().questions[0];
    assert_eq!((set.id, set.questions[0].id, set.questions[0].minutes), (2, 4, Some(3)));
}

#[test]
fn what_opens_soon_is_given_up_or_is_a_rehearsal_is_not_rehearsed() {
    let desk = before();
    let opens_at = desk.interview.row().opens_at;
    let last = Time(opens_at.0 - limit::REHEARSAL);
    let refused = |desk: &Desk, now| rehearsed(desk, now).map(drop).unwrap_err();
    assert!(rehearsed(&desk, last).is_ok());
    assert_eq!(refused(&desk, last.plus(1)), Refused::NotNow(Obstacle::RehearsalLate));
    let rehearsal = rehearsed(&desk, desk.now).unwrap();
    assert_eq!(refused(&rehearsal, desk.now), Refused::NotNow(Obstacle::Rehearsal));
    let mut deleted = before();
    deleted.administer(AdministratorAction::Delete).unwrap();
    assert_eq!(refused(&deleted, desk.now), Refused::NotNow(Obstacle::InterviewDeleted));
}

#[test]
fn nothing_of_a_rehearsal_is_changed_and_it_can_only_be_ended() {
    let mut rehearsal = rehearsed(&before(), before().now).unwrap();
    let candidate = new_candidate(SeatId(99), "99");
    for action in [
        AdministratorAction::Change(setup()),
        AdministratorAction::Delete,
        AdministratorAction::DeleteClosed { name: setup().name },
        AdministratorAction::ErasePerson { seat: A, number: "1".to_owned(), keep_result: false },
        AdministratorAction::AddCandidates(vec![candidate.clone()]),
        AdministratorAction::ImportCandidates(vec![ListedCandidate { candidate, known: false }]),
        AdministratorAction::IssueCode { seat: A, code: code(SeatId(98)) },
        AdministratorAction::Invite { seat: A },
        AdministratorAction::InviteAll,
        AdministratorAction::Remind { seats: None },
    ] {
        assert_eq!(rehearsal.administer(action).unwrap_err(), Refused::NotNow(Obstacle::Rehearsal));
    }
    let ended = rehearsal.administer(AdministratorAction::EndRehearsal).unwrap();
    assert_eq!(ended.records.iter().map(|record| &record.event).collect::<Vec<_>>(), [&Event::Deleted]);
    let mut real = before();
    assert_eq!(
        real.administer(AdministratorAction::EndRehearsal).unwrap_err(),
        Refused::NotFound("rehearsal")
    );
    let note = Action::Server(ServerAction::NoteDevice { seat: A, kind: DeviceKind::Phone });
    assert_eq!(real.command(Actor::System, note).unwrap_err(), Refused::NotFound("rehearsal"));
}

#[test]
fn the_report_says_who_came_with_what_and_which_checks_went_well() {
    let desk = before();
    let mut rehearsal = rehearsed(&desk, desk.now).unwrap();
    rehearsal.path(A, PathAction::Enter { code: code(A) }).unwrap();
    let entered = rehearsal.now;
    note(&mut rehearsal, DeviceKind::Phone);
    rehearsal.path(A, PathAction::SendSms { digest: "d".to_owned() }).unwrap();
    rehearsal.path(A, PathAction::VerifySms { digest: "d".to_owned() }).unwrap();
    let denied = Some(DeviceProblem::Denied);
    rehearsal.path(A, PathAction::ReportDevice { check: Check::Speaker, problem: denied }).unwrap();
    rehearsal.check(A, Check::Speaker, false).unwrap();
    let first = told(&rehearsal, A);
    assert_eq!(
        first.checks.speaker.map(|tried| (tried.passed, tried.device)),
        Some((false, Some(DeviceKind::Phone)))
    );
    assert!(!first.checks.all_passed());

    rehearsal.path(A, PathAction::Enter { code: code(A) }).unwrap();
    note(&mut rehearsal, DeviceKind::Computer);
    Check::ALL.into_iter().for_each(|check| drop(rehearsal.check(A, check, true).unwrap()));
    let last = told(&rehearsal, A);
    assert!(last.checks.all_passed());
    assert_eq!(
        (last.entered_at, last.device, last.step),
        (Some(entered), Some(DeviceKind::Computer), Step::Waiting)
    );
    assert_eq!(last.troubles.len(), 1, "what was mended is told all the same");
    assert_eq!((last.waived, last.locked, last.called), (false, false, false));

    let away = told(&rehearsal, B);
    assert_eq!((away.entered_at, away.step, away.checks), (None, Step::Invited, Default::default()));
    let json = serde_json::to_string(&rehearsal.interview.rehearsed()).unwrap();
    assert_eq!(serde_json::from_str::<Vec<Rehearsed>>(&json).unwrap(), rehearsal.interview.rehearsed());

    let wording = Wording { language: Language::Zh, zone: "北京时间", offset: &|_| 8 * 3600 };
    let rows = [("1", "考生1", &last), ("2", "考生2", &away)];
    let csv = rehearsal_table(rows, &wording).csv();
    let lines: Vec<&str> = csv.trim_start_matches('\u{feff}').lines().collect();
    assert!(lines[0].starts_with("考号,姓名,演练结论,首次进入（北京时间）,设备"), "{csv}");
    assert!(lines[1].contains("检测全部通过") && lines[1].contains("通过 · 电脑"), "{csv}");
    assert!(lines[1].contains("扬声器未获授权"), "{csv}");
    assert!(lines[2].contains("考生2,未参加"), "{csv}");
}

#[test]
fn who_comes_when_the_rehearsal_is_over_is_told_so_and_not_that_the_interview_is() {
    let desk = before();
    let over = Refused::NotNow(Obstacle::RehearsalOver);
    let mut rehearsal = rehearsed(&desk, desk.now).unwrap();
    rehearsal.path(A, PathAction::Enter { code: code(A) }).unwrap();
    let mut late = rehearsal.clone();
    late.now = desk.interview.row().opens_at;
    for seat in [A, B] {
        assert_eq!(late.path(seat, PathAction::Enter { code: code(seat) }).unwrap_err(), over);
    }
    assert_eq!(late.interview.admits_candidates(late.now), Err(over.clone()));
    let host = rehearsal.interview.staff_rows().into_iter().find(|row| row.role == crate::Role::Host);
    let host = host.unwrap().seat;
    rehearsal.seat(host, SeatAction::GoToStage { stage: 7 }).unwrap();
    assert_eq!(rehearsal.path(B, PathAction::Enter { code: code(B) }).unwrap_err(), over);
}
