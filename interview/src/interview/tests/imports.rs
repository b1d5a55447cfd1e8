//! Lists of candidates: who is new, who is known, what is refused, and how a list is taken back.

use super::*;
use crate::{Column, ListedCandidate, PasswordChange, Problem, RowProblem, limit};

const C: SeatId = SeatId(0xc);
const D: SeatId = SeatId(0xd);

/// A row with this name and phone, of somebody who is known or new.
fn listed(seat: SeatId, number: &str, name: &str, phone: &str, known: bool) -> ListedCandidate {
    let (name, phone) = (name.to_owned(), phone.to_owned());
    ListedCandidate { candidate: NewCandidate { name, phone, ..new_candidate(seat, number) }, known }
}

fn import(desk: &mut Desk, rows: Vec<ListedCandidate>) -> Result<Decision, Refused> {
    desk.administer(AdministratorAction::ImportCandidates(rows))
}

fn names(decision: &Decision) -> Vec<&'static str> {
    decision.records.iter().map(|record| record.event.name()).collect()
}

#[test]
fn a_list_adds_who_is_new_changes_who_is_known_and_removes_nobody() {
    let mut desk = Desk::new();
    let before = desk.interview.candidate_row(A).unwrap();
    let rows = || vec![listed(C, "3", "丙", "13900139000", false), listed(A, " 1", "", "", true)];
    let mut wrong = rows();
    wrong.push(listed(D, "1", "丁", "", false));
    let Err(Refused::ImportRefused(faults)) = import(&mut desk, wrong) else { panic!("refused") };
    let fault = |row, column, problem| RowProblem { row, column, problem };
    assert_eq!(
        faults,
        [fault(2, Column::Name, Problem::Empty), fault(3, Column::Number, Problem::Duplicate)]
    );

    let mut right = rows();
    right[1].candidate.name.clone_from(&before.name);
    let done = import(&mut desk, right.clone()).unwrap();
    assert_eq!(names(&done), ["candidates_imported", "candidate_added"], "what is empty stays");
    right.remove(0);
    assert_eq!(import(&mut desk, right.clone()).unwrap().records, [], "nothing is new");
    right[0].candidate.phone = "13900139001".to_owned();
    right[0].candidate.password = Some(crate::Password::of_digest("digest"));
    assert_eq!(names(&import(&mut desk, right).unwrap()), ["candidates_imported", "candidate_changed"]);
    let after = desk.interview.candidate_row(A).unwrap();
    assert_eq!((after.number.as_str(), after.phone.as_str(), after.password_set), ("1", "13900139001", true));
    assert_eq!(desk.interview.candidate_rows().len(), 3);
    let line = desk.interview.audit(1, &desk.records[desk.records.len() - 2]);
    assert_eq!((line.event, line.detail.as_str()), ("candidates_imported", "0 added, 1 changed"));
}

#[test]
fn who_has_entered_stays_who_they_are_and_may_get_another_phone() {
    let mut desk = Desk::new();
    desk.bring_in(A);
    let before = desk.interview.clone();
    let name = desk.interview.candidate_row(A).unwrap().name;
    let refused = import(&mut desk, vec![listed(A, "1", "另一人", "13900139001", true)]);
    let fault = RowProblem { row: 1, column: Column::Name, problem: Problem::Entered };
    assert_eq!(refused, Err(Refused::ImportRefused(vec![fault])));
    assert_eq!(desk.interview, before);
    import(&mut desk, vec![listed(A, "1", &name, "13900139001", true)]).unwrap();
    assert_eq!(desk.interview.candidate_row(A).unwrap().phone, "13900139001");
}

#[test]
fn a_list_that_was_read_before_others_changed_the_candidates_is_refused() {
    let mut desk = Desk::new();
    let (name, number, phone) = ("甲".to_owned(), "7".to_owned(), String::new());
    let password = PasswordChange::Keep;
    desk.administer(AdministratorAction::ChangeCandidate {
        seat: A,
        name,
        number,
        phone,
        password,
        starts_at: None,
    })
    .unwrap();
    desk.administer(AdministratorAction::RemoveCandidates([B].into())).unwrap();
    for row in [listed(A, "1", "甲", "", true), listed(B, "2", "乙", "", true)] {
        assert!(matches!(import(&mut desk, vec![row]), Err(Refused::NotNow(_))));
    }
    let many =
        (0..limit::CANDIDATES as u64).map(|n| listed(SeatId(n + 100), &format!("x{n}"), "甲", "", false));
    assert_eq!(import(&mut desk, many.collect()), Err(Refused::TooMany(limit::CANDIDATES)));
}

#[test]
fn an_import_is_undone_while_nobody_of_it_has_entered_and_only_for_a_while() {
    let mut desk = Desk::new();
    let rows = vec![
        listed(C, "3", "丙", "", false),
        listed(D, "4", "丁", "", false),
        listed(A, "1", "新", "", true),
    ];
    let done = import(&mut desk, rows).unwrap();
    let command = done.records[0].command.clone();
    let undo = || AdministratorAction::UndoImport { import: command.clone() };
    desk.administer(AdministratorAction::RemoveCandidates([D].into())).unwrap();
    let row = desk.interview.import_rows().remove(0);
    assert_eq!((&row.import, row.added, row.changed, row.left, row.entered), (&command, 2, 1, 1, 0));
    assert_eq!(desk.interview, Interview::fold(desk.records.clone()).unwrap());

    let mut entered = desk.clone();
    entered.path(C, PathAction::Enter { code: code(C) }).unwrap();
    assert_eq!(entered.administer(undo()), Err(Refused::NotNow(crate::Obstacle::CandidateEntered)));
    assert_eq!(entered.interview.import_rows()[0].entered, 1);
    let mut late = desk.clone();
    late.now = row.until.plus(1);
    assert!(matches!(late.administer(undo()), Err(Refused::NotNow(_))));

    let undone = desk.administer(undo()).unwrap();
    assert_eq!(names(&undone), ["candidate_removed"]);
    assert_eq!((desk.interview.invited(code(C)), desk.interview.candidate_rows().len()), (None, 2));
    assert_eq!(desk.interview.candidate_row(A).unwrap().name, "新", "who was known stays as the list had it");
    assert_eq!(desk.administer(undo()).unwrap().records, [], "nobody is left of it");
    let other = AdministratorAction::UndoImport { import: "other".parse().unwrap() };
    assert_eq!(desk.administer(other), Err(Refused::NotFound("import")));
}

#[test]
fn the_newest_imports_are_known() {
    let mut desk = Desk::new();
    for n in 0..=limit::IMPORTS as u64 {
        import(&mut desk, vec![listed(SeatId(n + 100), &format!("x{n}"), "甲", "", false)]).unwrap();
    }
    let rows = desk.interview.import_rows();
    assert_eq!(rows.len(), limit::IMPORTS);
    assert!(rows.windows(2).all(|pair| pair[0].at > pair[1].at), "the newest first");
}
