//! What an administrator may change, and until when.

use super::*;
use crate::{
    Column, Effect, ErasureEvent, Event, NotReminded, PasswordChange, Problem, RowProblem, ServerAction,
    SmsKind, Trouble, limit,
};

const C: SeatId = SeatId(0xc);

#[test]
fn candidates_are_added_all_or_none_and_every_fault_is_named() {
    let mut desk = Desk::new();
    let mut rows =
        vec![new_candidate(C, "1"), new_candidate(SeatId(0xd), "4"), new_candidate(SeatId(0xe), "4")];
    rows[0].name = " ".to_owned();
    rows[1].phone = "12ab".to_owned();
    rows[2].password = Some(crate::Password::of_digest(""));
    rows.push(NewCandidate { number: "9".repeat(41), ..new_candidate(SeatId(0xf), "") });
    let problem = |row, column, problem| RowProblem { row, column, problem };
    let wanted = vec![
        problem(1, Column::Name, Problem::Empty),
        problem(1, Column::Number, Problem::Duplicate),
        problem(2, Column::Phone, Problem::Invalid),
        problem(3, Column::Number, Problem::Duplicate),
        problem(3, Column::Password, Problem::Empty),
        problem(4, Column::Number, Problem::TooLong),
    ];
    let before = desk.interview.clone();
    let refused = desk.administer(AdministratorAction::AddCandidates(rows));
    assert_eq!(refused, Err(Refused::ImportRefused(wanted)));
    assert_eq!(desk.interview, before);
    let again = desk.administer(AdministratorAction::AddCandidates(vec![new_candidate(A, "5")]));
    assert!(matches!(again, Err(Refused::NotNow(_))));
    let many = (0..=limit::CANDIDATES as u64).map(|n| new_candidate(SeatId(n + 100), &n.to_string()));
    let refused = desk.administer(AdministratorAction::AddCandidates(many.collect()));
    assert_eq!(refused, Err(Refused::TooMany(limit::CANDIDATES)));
}

#[test]
fn numbers_that_a_person_takes_for_one_are_one_and_all_is_kept_in_its_one_form() {
    let mut desk = Desk::new();
    let new = |seat: u64, number: &str| new_candidate(SeatId(seat), number);
    let rows = vec![
        new(0x10, "００7"),
        new(0x11, "007\u{200b}"),
        new(0x12, "11010519491231002x"),
        new(0x13, "11010519491231002X"),
        new(0x14, "8\n9"),
        new(0x15, "١"),
    ];
    let Err(Refused::ImportRefused(found)) = desk.administer(AdministratorAction::AddCandidates(rows)) else {
        panic!("refused");
    };
    let found: Vec<_> = found.iter().map(|fault| (fault.row, fault.problem)).collect();
    // The last is number 1 of whom is there.
    assert_eq!(
        found,
        [(2, Problem::Duplicate), (4, Problem::Duplicate), (5, Problem::Invalid), (6, Problem::Duplicate)]
    );
    let mut row = new(0x16, "１１０１０５１９４９１２３１００２ｘ");
    (row.name, row.phone) = ("张　三\u{200b}".to_owned(), "１３９‑0013\u{a0}9000\u{202c}".to_owned());
    desk.administer(AdministratorAction::AddCandidates(vec![row])).unwrap();
    let kept = desk.interview.candidate_row(SeatId(0x16)).unwrap();
    assert_eq!(
        (kept.name.as_str(), kept.number.as_str(), kept.phone.as_str()),
        ("张 三", "11010519491231002X", "13900139000")
    );
}

#[test]
fn the_import_adds_rows_in_the_order_of_their_numbers() {
    let mut desk = Desk::new();
    desk.administer(AdministratorAction::AddCandidates(vec![new_candidate(C, "0")])).unwrap();
    let rows = desk.interview.candidate_rows();
    assert_eq!(rows.iter().map(|row| row.seat).collect::<Vec<_>>(), [C, A, B]);
    assert_eq!(
        (rows[0].phone.as_str(), rows[0].password_set, rows[0].step),
        ("13812345678", false, Step::Invited)
    );
    assert_eq!(desk.interview.row().candidates, 3);
    assert_eq!(desk.interview.invited(code(C)), Some(C));
}

#[test]
fn a_reminder_goes_to_who_has_not_passed_the_checks_and_not_twice_within_minutes() {
    let mut desk = Desk::new();
    let mut silent = new_candidate(C, "3");
    silent.phone = String::new();
    let gone = new_candidate(SeatId(0xd), "4");
    desk.administer(AdministratorAction::AddCandidates(vec![silent, gone])).unwrap();
    desk.bring_in(B);
    desk.bring_in(SeatId(0xd));
    desk.seat(SeatId(0xd), SeatAction::Leave {}).unwrap();
    let why = |desk: &Desk| -> Vec<_> {
        let found = desk.interview.reminders(None, desk.now).unwrap();
        found.into_iter().map(|(_, why)| why).collect()
    };
    let (silent, passed, out) = (NotReminded::NoPhone, NotReminded::Passed, NotReminded::Out);
    assert_eq!(why(&desk), [None, Some(passed), Some(silent), Some(out)]);

    let all = AdministratorAction::Remind { seats: None };
    let sent = desk.administer(all.clone()).unwrap();
    let (phone, text_kind) = ("13812345678".to_owned(), SmsKind::Reminder);
    assert_eq!(sent.effects, [Effect::SendSms { seat: A, phone, text_kind }, Effect::Views]);
    assert_eq!(desk.interview.candidate_row(A).unwrap().reminded_at, Some(desk.now));
    assert_eq!(why(&desk)[0], Some(NotReminded::Recent));
    assert_eq!(desk.administer(all.clone()).unwrap().records, []);
    desk.now = desk.now.plus(limit::REMINDER_PAUSE);
    assert_eq!(desk.administer(all.clone()).unwrap().records.len(), 1);

    // An invitation is a message too.
    desk.now = desk.now.plus(limit::REMINDER_PAUSE);
    desk.administer(AdministratorAction::Invite { seat: A }).unwrap();
    let one = |seat| AdministratorAction::Remind { seats: Some(vec![seat]) };
    assert_eq!(desk.administer(one(A)).unwrap().records, []);
    assert_eq!(desk.administer(one(SeatId(0xff))), Err(Refused::CandidateUnknown));
    desk.now = desk.interview.row().closes_at;
    assert!(matches!(desk.administer(all), Err(Refused::NotNow(_))), "nobody can come in any more");
}

#[test]
fn a_candidate_s_data_change_and_the_password_is_kept_unless_said() {
    let mut desk = Desk::new();
    let mut change = |number: &str, password| {
        let (name, number, phone) = ("新".to_owned(), number.to_owned(), String::new());
        desk.administer(AdministratorAction::ChangeCandidate {
            seat: A,
            name,
            number,
            phone,
            password,
            starts_at: None,
        })
    };
    change("7", PasswordChange::Set(crate::Password::of_digest("d"))).unwrap();
    assert_eq!(change("7", PasswordChange::Keep).unwrap().records, []);
    assert!(matches!(change("2", PasswordChange::Keep), Err(Refused::ImportRefused(_))));
    let rows = desk.interview.candidate_rows();
    assert_eq!((rows[1].seat, rows[1].password_set, rows[1].name.as_str()), (A, true, "新"));
}

#[test]
fn invitations_go_to_those_who_were_not_sent_one() {
    let mut desk = Desk::new();
    let sent = desk.administer(AdministratorAction::Invite { seat: A }).unwrap();
    let phone = "13812345678".to_owned();
    let text_kind = SmsKind::Invitation;
    assert_eq!(sent.effects, [Effect::SendSms { seat: A, phone, text_kind }, Effect::Views]);
    let sent = desk.administer(AdministratorAction::InviteAll).unwrap();
    assert_eq!(sent.records.iter().map(|record| record.event.seat()).collect::<Vec<_>>(), [Some(B)]);
    assert_eq!(desk.administer(AdministratorAction::InviteAll).unwrap().records, []);
    assert!(desk.interview.candidate_rows().iter().all(|row| row.invited_at.is_some()));
}

#[test]
fn a_new_code_voids_the_old_one() {
    let mut desk = Desk::new();
    desk.administer(AdministratorAction::IssueCode { seat: A, code: code(C) }).unwrap();
    assert_eq!(desk.path(A, PathAction::Enter { code: code(A) }), Err(Refused::InvitationUnknown));
    desk.path(A, PathAction::Enter { code: code(C) }).unwrap();
    let taken = desk.administer(AdministratorAction::IssueCode { seat: B, code: code(C) });
    assert!(matches!(taken, Err(Refused::NotNow(_))));
}

#[test]
fn an_interview_and_a_candidate_go_only_before_somebody_has_entered() {
    let mut desk = Desk::new();
    desk.administer(AdministratorAction::RemoveCandidates([B].into())).unwrap();
    assert_eq!(desk.interview.candidate_rows().len(), 1);
    desk.bring_in(A);
    let removed = desk.administer(AdministratorAction::RemoveCandidates([A, B].into()));
    assert_eq!(removed, Err(Refused::CandidateUnknown), "B is gone");
    let removed = desk.administer(AdministratorAction::RemoveCandidates([A].into()));
    assert_eq!(removed, Err(Refused::NotNow(crate::Obstacle::CandidateEntered)));
    assert!(matches!(desk.administer(AdministratorAction::Delete), Err(Refused::NotNow(_))));
    let mut desk = Desk::new();
    desk.administer(AdministratorAction::Delete).unwrap();
    assert!(desk.interview.is_deleted());
    assert_eq!(desk.administer(AdministratorAction::Delete).unwrap().records, []);
    assert!(matches!(desk.path(A, PathAction::Enter { code: code(A) }), Err(Refused::NotNow(_))));
}

#[test]
fn stages_behind_and_criteria_in_use_keep_still() {
    let mut desk = Desk::waiting();
    desk.go_to(StageKind::Interview);
    let mut changed = setup();
    changed.stages[2].name = "面试".to_owned();
    changed.stages.pop();
    desk.administer(AdministratorAction::Change(changed.clone())).unwrap();
    assert_eq!(desk.interview.setup(), changed);
    assert_eq!(desk.administer(AdministratorAction::Change(changed.clone())).unwrap().records, []);
    let mut short = changed.clone();
    short.stages.truncate(2);
    let mut other = changed.clone();
    other.stages[0].kind = StageKind::End;
    for refused in [short, other] {
        let refused = desk.administer(AdministratorAction::Change(refused));
        assert!(matches!(refused, Err(Refused::NotNow(_))));
    }
    let (points, remark) = (std::collections::BTreeMap::new(), "r".to_owned());
    desk.seat(EXAMINER, SeatAction::SaveScores { candidate: A, points, remark }).unwrap();
    changed.criteria.pop();
    let refused = desk.administer(AdministratorAction::Change(changed));
    assert!(matches!(refused, Err(Refused::NotNow(_))));
    let refused = desk.administer(AdministratorAction::RemoveStaff { seat: EXAMINER });
    assert!(matches!(refused, Err(Refused::NotNow(_))));
    let removed = desk.administer(AdministratorAction::RemoveStaff { seat: SECOND }).unwrap();
    assert_eq!(removed.records[0].event, Event::StaffRemoved { seat: SECOND });
    assert_eq!(desk.interview.role(SECOND), None);
}

#[test]
fn the_staff_has_every_role_but_the_candidate_s() {
    let mut desk = Desk::new();
    let mut add = |seat, role| {
        let (account, name) = (" wang ".to_owned(), "王".to_owned());
        desk.administer(AdministratorAction::AddStaff { seat, account, name, role })
    };
    assert!(matches!(add(C, Role::Candidate), Err(Refused::NotFound(_))));
    assert!(matches!(add(A, Role::Host), Err(Refused::NotNow(_))));
    add(C, Role::Host).unwrap();
    assert!(desk.interview.accounts().any(|found| found == ("wang", C)));
    desk.administer(AdministratorAction::SetPhoto { seat: A, present: true }).unwrap();
    assert!(desk.candidate(A).photo && desk.panel(HOST).candidates[0].photo);
}

#[test]
fn the_staff_stands_in_the_order_in_which_the_office_gave_the_seats() {
    let mut desk = Desk::new();
    // An identity that sorts before all others.
    let late = SeatId(0);
    let (account, name) = (String::new(), "晚".to_owned());
    desk.administer(AdministratorAction::AddStaff { seat: late, account, name, role: Role::Examiner })
        .unwrap();
    let given = [HOST, EXAMINER, SECOND, PATROL, late];
    let rows = desk.interview.staff_rows();
    assert_eq!(rows.iter().map(|row| row.seat).collect::<Vec<_>>(), given);
    let panel = desk.panel(HOST).panel;
    let seats: Vec<_> = panel.iter().map(|member| member.seat).collect();
    assert_eq!(seats, [HOST, EXAMINER, SECOND, late]);
    let minutes = desk.interview.minutes(&desk.records).staff;
    let names = |name: &String| rows.iter().position(|row| row.name == *name);
    assert!(minutes.iter().map(|one| names(&one.name)).eq((0..5).map(Some)));
}

#[test]
fn times_of_bad_network_are_noted_of_candidates_up_to_a_bound() {
    let mut desk = Desk::new();
    let note = |seat| AdministratorAction::NoteTrouble {
        seat,
        from: Time(60_000),
        until: Time(75_000),
        worst: Trouble::Interrupted,
        cut_off: false,
    };
    for _ in 0..limit::TROUBLES {
        assert_eq!(desk.administer(note(A)).unwrap().records.len(), 1);
    }
    let line = desk.interview.audit(1, desk.records.last().unwrap());
    assert_eq!((line.event, line.seat), ("network_troubled", Some(A)));
    assert_eq!(line.detail, format!("Interrupted; {} – {}", Time(60_000), Time(75_000)));
    assert_eq!(desk.administer(note(A)).unwrap().records, []);
    assert_eq!(desk.administer(note(HOST)).unwrap().records, []);
}

#[test]
fn a_bad_network_is_noted_when_it_begins_and_when_it_becomes_worse_and_is_closed_after_an_end_of_the_server()
{
    let mut desk = Desk::new();
    let begin = |seat, worst| AdministratorAction::BeginTrouble { seat, from: Time(60_000), worst };
    assert_eq!(desk.administer(begin(HOST, Trouble::Weak)).unwrap().records, []);
    for (worst, records) in
        [(Trouble::Weak, 1), (Trouble::Weak, 0), (Trouble::Interrupted, 1), (Trouble::Weak, 0)]
    {
        assert_eq!(desk.administer(begin(A, worst)).unwrap().records.len(), records, "{worst:?}");
    }
    let line = desk.interview.audit(1, desk.records.last().unwrap());
    assert_eq!(
        (line.event, line.detail),
        ("network_trouble_began", format!("Interrupted; {} –", Time(60_000)))
    );
    let until = desk.records.last().unwrap().at.max(Time(60_000));
    let (from, worst) = (Time(60_000), Trouble::Interrupted);
    let cut_off = desk.interview.troubles_cut_off();
    assert_eq!(cut_off, [AdministratorAction::NoteTrouble { seat: A, from, until, worst, cut_off: true }]);
    for action in cut_off {
        desk.administer(action).unwrap();
    }
    let line = desk.interview.audit(1, desk.records.last().unwrap());
    let detail = format!("Interrupted; {from} – {until} or later: the server ended meanwhile");
    assert_eq!((line.event, line.detail), ("network_troubled", detail));
    assert_eq!(desk.interview.troubles_cut_off(), []);
    // What has begun has an end, however many there were; and beyond the bound none begins.
    let note = AdministratorAction::NoteTrouble { seat: A, from, until, worst, cut_off: false };
    for _ in 2..limit::TROUBLES {
        desk.administer(note.clone()).unwrap();
    }
    desk.administer(begin(A, Trouble::Weak)).unwrap();
    assert_eq!(desk.administer(note).unwrap().records.len(), 1);
    assert_eq!(desk.administer(begin(A, Trouble::Weak)).unwrap().records, []);
}

#[test]
fn only_a_closed_interview_is_deleted_and_only_by_its_name() {
    let mut desk = Desk::new();
    let name = desk.interview.setup().name;
    let delete = |name: &str| AdministratorAction::DeleteClosed { name: name.to_owned() };
    assert!(matches!(desk.administer(delete(&name)), Err(Refused::NotNow(_))));
    desk.now = desk.interview.setup().closes_at;
    assert_eq!(desk.administer(delete("another")), Err(Refused::NotConfirmed));
    assert_eq!(desk.administer(delete(&format!(" {name} "))).unwrap().records.len(), 1);
}

#[test]
fn what_was_kept_long_enough_is_erased_once() {
    let mut desk = Desk::new();
    let closed = desk.interview.setup().closes_at;
    let mut erase = |before: Time| {
        let action = Action::Server(ServerAction::ErasePeople { before });
        let id = format!("erase-{}", before.0).parse().unwrap();
        let command = Command { id, by: Actor::System, action };
        let decision = desk.interview.handle(command, closed.plus(10), &Presence::new()).unwrap();
        desk.records.extend(decision.records.clone());
        desk.interview = Interview::fold(desk.records.clone()).unwrap();
        decision.records.into_iter().map(|record| record.event).collect::<Vec<_>>()
    };
    assert_eq!(erase(closed), []);
    assert_eq!(erase(closed.plus(1)), [ErasureEvent::PeopleErased { people: 2, words: 0 }.into()]);
    assert_eq!(erase(closed.plus(2)), []);
    let rows = desk.interview.candidate_rows();
    assert!(rows.iter().all(|row| row.name == crate::ERASED && row.phone.is_empty()), "{rows:?}");
}

#[test]
fn a_person_is_erased_who_is_not_inside_and_only_by_their_number() {
    let mut desk = Desk::waiting();
    let erase = |seat, number: &str, keep_result| {
        let number = number.to_owned();
        AdministratorAction::ErasePerson { seat, number, keep_result }
    };
    assert!(matches!(desk.administer(erase(A, "1", true)), Err(Refused::NotNow(_))));
    desk.administer(AdministratorAction::AddCandidates(vec![new_candidate(C, "3")])).unwrap();
    desk.administer(AdministratorAction::RemoveCandidates([C].into())).unwrap();
    // Whoever was taken out of the list still stands in the records.
    assert_eq!(desk.administer(erase(C, "4", true)), Err(Refused::NotConfirmed));
    assert_eq!(desk.administer(erase(C, "3", false)).unwrap().records.len(), 1);
    desk.seat(A, SeatAction::Leave {}).unwrap();
    assert_eq!(desk.administer(erase(A, "1", true)).unwrap().records.len(), 1);
    desk.interview = Interview::fold(desk.records.clone()).unwrap();
    let row = desk.interview.candidate_row(A).unwrap();
    assert_eq!((row.name.as_str(), row.number.as_str(), row.phone.as_str()), (crate::ERASED, "1", ""));
    assert_eq!(desk.administer(erase(A, "1", true)).unwrap().records, []);
    // The result may still go.
    assert_eq!(desk.administer(erase(A, "1", false)).unwrap().records.len(), 1);
    desk.interview = Interview::fold(desk.records.clone()).unwrap();
    assert_eq!(desk.administer(erase(A, "1", false)).unwrap().records, []);
    assert_eq!(desk.administer(erase(SeatId(0x99), "1", false)), Err(Refused::CandidateUnknown));
    assert_eq!(desk.interview.candidate_rows().len(), 2);
}
