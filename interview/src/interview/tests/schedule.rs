//! Candidates with a time of their own: within that of the interview, told to them and to the panel, kept over imports.

use super::*;
use crate::{
    CandidateRow, Cell, Column, InterviewRow, Language, ListedCandidate, PasswordChange, Problem, RowProblem,
    Wording,
};

const C: SeatId = SeatId(0xc);

/// So many minutes after the interview opens.
fn minute(desk: &Desk, minutes: u64) -> Option<Time> {
    Some(desk.interview.row().opens_at.plus(minutes * 60_000))
}

fn schedule(desk: &mut Desk, seat: SeatId, starts_at: Option<Time>) -> Result<Decision, Refused> {
    let CandidateRow { name, number, phone, .. } = desk.interview.candidate_row(seat).unwrap();
    let password = PasswordChange::Keep;
    desk.administer(AdministratorAction::ChangeCandidate { seat, name, number, phone, password, starts_at })
}

fn order(desk: &Desk) -> Vec<SeatId> {
    desk.interview.candidate_rows().iter().map(|row| row.seat).collect()
}

#[test]
fn a_candidates_own_time_orders_the_queue_and_is_known_to_them_and_the_panel() {
    let mut desk = Desk::new();
    assert_eq!(order(&desk), [A, B]);
    let at = minute(&desk, 30);
    let done = schedule(&mut desk, A, at).unwrap();
    assert_eq!(
        done.records.iter().map(|record| record.event.name()).collect::<Vec<_>>(),
        ["candidate_scheduled"]
    );
    assert_eq!(order(&desk), [B, A]);
    assert_eq!((desk.candidate(A).starts_at, desk.candidate(B).starts_at), (at, None));
    assert_eq!(desk.panel(HOST).candidates.iter().map(|card| card.starts_at).collect::<Vec<_>>(), [None, at]);

    assert_eq!(schedule(&mut desk, A, at).unwrap().records, [], "the same again is nothing new");
    schedule(&mut desk, A, None).unwrap();
    assert_eq!(order(&desk), [A, B]);
    let line = desk.interview.audit(1, desk.records.last().unwrap());
    assert_eq!((line.event, line.detail.as_str()), ("candidate_scheduled", "when the interview opens"));
}

#[test]
fn a_time_outside_the_interview_is_refused_unless_it_was_there_before() {
    let mut desk = Desk::new();
    let fault = RowProblem { row: 1, column: Column::Time, problem: Problem::Outside };
    let InterviewRow { opens_at, closes_at, .. } = desk.interview.row();
    for wrong in [Time(opens_at.0 - 1), closes_at] {
        assert_eq!(schedule(&mut desk, A, Some(wrong)), Err(Refused::ImportRefused(vec![fault])));
    }
    schedule(&mut desk, A, Some(opens_at)).unwrap();
    let setup = desk.interview.setup();
    let later = Setup { opens_at: opens_at.plus(60_000), ..setup };
    desk.administer(AdministratorAction::Change(later)).unwrap();
    let (name, password) = ("另名".to_owned(), PasswordChange::Keep);
    let CandidateRow { number, phone, starts_at, .. } = desk.interview.candidate_row(A).unwrap();
    let change = AdministratorAction::ChangeCandidate { seat: A, name, number, phone, password, starts_at };
    desk.administer(change).unwrap();
    assert_eq!(desk.interview.candidate_row(A).unwrap().starts_at, Some(opens_at));
}

#[test]
fn a_list_gives_times_and_what_it_leaves_empty_stays() {
    let mut desk = Desk::new();
    let (early, late) = (minute(&desk, 5), minute(&desk, 10));
    let row = |seat, number: &str, starts_at, known| {
        let name = format!("N{number}");
        ListedCandidate { candidate: NewCandidate { name, starts_at, ..new_candidate(seat, number) }, known }
    };
    let import =
        |desk: &mut Desk, rows| desk.administer(AdministratorAction::ImportCandidates(rows)).unwrap();
    import(&mut desk, vec![row(A, "1", late, true), row(C, "3", early, false)]);
    assert_eq!(order(&desk), [B, C, A]);
    let again = import(&mut desk, vec![row(A, "1", None, true), row(C, "3", late, true)]);
    let names: Vec<_> = again.records.iter().map(|record| record.event.name()).collect();
    assert_eq!(names, ["candidates_imported", "candidate_scheduled"]);
    assert_eq!(desk.interview.import_rows()[0].changed, 1);
    assert_eq!(order(&desk), [B, A, C]);

    let wording = Wording { language: Language::Zh, zone: "北京时间", offset: &|_| 28_800 };
    let table = desk.interview.candidate_table(None, &wording);
    assert_eq!(table.headings[3], "时间 time（北京时间）");
    let times: Vec<_> = table.rows.iter().map(|row| row[3].clone()).collect();
    assert_eq!(times, [None, late, late].map(|at| Cell::Moment(at.map(|at| at.local(28_800)))));
}
