//! Questions: drawn in sets, marked as asked, read by the panel alone.

use super::*;
use crate::{Question, QuestionSet};

fn question(id: u32) -> Question {
    Question { id, text: format!("question-text-{id}"), minutes: Some(3), criterion: None }
}

fn sets() -> Vec<QuestionSet> {
    let set = |id, questions| QuestionSet { id, name: format!("set-{id}"), questions };
    vec![set(1, vec![question(1), question(2)]), set(2, vec![question(3)])]
}

fn change(desk: &mut Desk, questions: Vec<QuestionSet>) -> Result<Decision, Refused> {
    desk.administer(AdministratorAction::Change(Setup { questions, ..setup() }))
}

fn draw(desk: &mut Desk, by: SeatId, set: Option<u32>) -> Result<usize, Refused> {
    let action = SeatAction::AssignQuestions { candidate: A, set };
    desk.seat(by, action).map(|decision| decision.records.len())
}

fn mark(desk: &mut Desk, by: SeatId, question: u32, asked: bool) -> Result<usize, Refused> {
    let action = SeatAction::MarkAsked { candidate: A, question, asked };
    desk.seat(by, action).map(|decision| decision.records.len())
}

#[test]
fn questions_are_drawn_and_marked_for_the_panel_and_nobody_else_reads_them() {
    let mut desk = Desk::waiting();
    change(&mut desk, sets()).unwrap();
    assert_eq!(draw(&mut desk, HOST, Some(1)), Ok(1));
    assert_eq!(draw(&mut desk, HOST, Some(1)), Ok(0));
    assert_eq!(draw(&mut desk, HOST, Some(9)), Err(Refused::NotFound("set of questions")));
    assert_eq!(draw(&mut desk, EXAMINER, Some(2)), Err(Refused::Forbidden));
    assert_eq!((mark(&mut desk, EXAMINER, 1, true), mark(&mut desk, HOST, 3, true)), (Ok(1), Ok(1)));
    assert_eq!(mark(&mut desk, SECOND, 1, true), Ok(0), "asked is asked, whoever marks it");
    assert_eq!(mark(&mut desk, SECOND, 9, true), Err(Refused::NotFound("question")));
    for by in [A, PATROL] {
        assert_eq!(mark(&mut desk, by, 1, false), Err(Refused::Forbidden));
    }
    for seat in [HOST, EXAMINER, SECOND] {
        let view = desk.panel(seat);
        let card = &view.candidates[0];
        assert_eq!(
            (view.questions, card.question_set, card.asked.as_slice()),
            (sets(), Some(1), &[1, 3][..])
        );
    }
    assert_eq!(mark(&mut desk, EXAMINER, 3, false), Ok(1));
    assert_eq!(desk.panel(SECOND).candidates[0].asked, [1]);
    let patrol = desk.panel(PATROL);
    let card = &patrol.candidates[0];
    assert_eq!((patrol.questions.len(), card.question_set, card.asked.len()), (0, None, 0));
    let view = desk.interview.view(A, desk.now, &desk.presence);
    assert!(!serde_json::to_string(&view).unwrap().contains("question"));
    let lines = desk.records.iter().map(|record| desk.interview.audit(1, record));
    let details: Vec<_> =
        lines.filter(|line| line.event.starts_with("question")).map(|line| line.detail).collect();
    assert_eq!(details, ["set 1", "1; asked", "3; asked", "3; not asked"], "without what they say");
}

#[test]
fn questions_change_until_somebody_was_asked_and_what_was_drawn_stays() {
    let mut desk = Desk::waiting();
    change(&mut desk, sets()).unwrap();
    draw(&mut desk, HOST, Some(2)).unwrap();
    assert!(matches!(change(&mut desk, sets()[..1].to_vec()), Err(Refused::NotNow(_))));
    change(&mut desk, sets()[1..].to_vec()).unwrap();
    mark(&mut desk, HOST, 3, true).unwrap();
    assert!(matches!(change(&mut desk, sets()), Err(Refused::NotNow(_))));
    let name = "another name".to_owned();
    let questions = sets()[1..].to_vec();
    desk.administer(AdministratorAction::Change(Setup { name, questions, ..setup() })).unwrap();
    mark(&mut desk, HOST, 3, false).unwrap();
    change(&mut desk, sets()).unwrap();
}
