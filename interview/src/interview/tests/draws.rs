//! Random draws: held before, shown after, in the record whatever becomes of them.

use super::*;
use crate::{
    DrawAction, DrawKind, DrawState, DrawVerdict, ErasureEvent, Obstacle, Question, QuestionSet, Seed,
};

const ADMINISTRATOR: &str = "root";

fn commit(kind: DrawKind, reason: Option<&str>, seed: u8) -> DrawAction {
    DrawAction::Commit {
        number: 0,
        kind,
        entries: Vec::new(),
        lots: Vec::new(),
        reason: reason.map(str::to_owned),
        seed: Seed([seed; 32]),
        salt: "salt".to_owned(),
        given_up: None,
    }
}

fn drawn(number: u32, words: &str, seed: u8) -> DrawAction {
    DrawAction::Draw { number, words: words.to_owned(), seed: Seed([seed; 32]) }
}

impl Desk {
    /// A commitment takes the next number.
    fn draw(&mut self, by: SeatId, mut action: DrawAction) -> Result<Decision, Refused> {
        if let DrawAction::Commit { number, .. } = &mut action {
            *number = self.interview.next_draw();
        }
        self.command(Actor::Seat(by), Action::Draw(action))
    }

    fn state(&self, number: usize) -> DrawState {
        self.interview.draw_file().draws[number - 1].draw.state
    }

    fn verdicts(&self) -> Vec<DrawVerdict> {
        let file = self.interview.draw_file();
        file.draws.iter().map(|sheet| file.verdict(sheet)).collect()
    }

    fn queue(&self) -> Vec<SeatId> {
        self.panel(HOST).candidates.iter().map(|card| card.seat).collect()
    }
}

/// Twelve candidates, the third on.
fn crowd() -> Desk {
    let mut desk = Desk::new();
    let more = (3..13).map(|number| new_candidate(SeatId(0x100 + number), &number.to_string())).collect();
    desk.administer(AdministratorAction::AddCandidates(more)).unwrap();
    desk
}

fn obstacle(refused: Result<Decision, Refused>) -> Obstacle {
    match refused {
        Err(Refused::NotNow(obstacle)) => obstacle,
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_order_is_drawn_as_it_was_committed_and_is_the_queue() {
    let mut desk = crowd();
    let by_number = desk.queue();
    desk.draw(HOST, commit(DrawKind::Order, None, 7)).unwrap();
    assert_eq!((desk.queue(), desk.state(1)), (by_number.clone(), DrawState::Committed));
    desk.draw(HOST, drawn(1, " rain\u{202e} ", 7)).unwrap();
    assert_ne!(desk.queue(), by_number);
    let file = desk.interview.draw_file();
    let sheet = &file.draws[0];
    assert_eq!((sheet.draw.words.as_deref(), desk.verdicts()), (Some("rain"), vec![DrawVerdict::Holds]));
    let place = |seat: &SeatId| {
        let number = desk.interview.candidates[seat].number.clone();
        let entry = sheet.entries.iter().position(|entry| *entry == number).unwrap();
        sheet.outcome.as_ref().unwrap()[entry].parse::<usize>().unwrap()
    };
    assert_eq!(desk.queue().iter().map(place).collect::<Vec<_>>(), Vec::from_iter(1..=12));
    let newcomer = SeatId(0x200);
    desk.administer(AdministratorAction::AddCandidates(vec![new_candidate(newcomer, "0")])).unwrap();
    assert_eq!(desk.queue().last(), Some(&newcomer), "who comes later stands behind");
}

#[test]
fn the_seed_is_nowhere_before_the_draw_and_everywhere_after() {
    let mut desk = crowd();
    desk.draw(HOST, commit(DrawKind::Order, None, 0xab)).unwrap();
    let seed = Seed([0xab; 32]).to_string();
    let text = |desk: &Desk| {
        let views: Vec<_> = [HOST, EXAMINER, PATROL]
            .iter()
            .map(|seat| serde_json::to_string(&desk.interview.view(*seat, desk.now, &desk.presence)).unwrap())
            .collect();
        let lines = desk.records.iter().map(|record| format!("{:?}", desk.interview.audit(1, record)));
        let file = serde_json::to_string(&desk.interview.draw_file()).unwrap();
        let records = serde_json::to_string(&desk.records).unwrap();
        (views, lines.collect::<String>(), file, records)
    };
    let (views, audit, file, records) = text(&desk);
    for shown in views.iter().chain([&audit, &file, &records]) {
        assert!(!shown.contains(&seed));
    }
    let commitment = desk.interview.draw_file().draws[0].draw.commitment.clone();
    assert!(views.iter().chain([&audit, &file]).all(|shown| shown.contains(&commitment)));
    assert!(!views.iter().chain([&audit, &file]).any(|shown| shown.contains("salt")));
    desk.draw(HOST, drawn(1, "", 0xab)).unwrap();
    let (views, audit, file, _) = text(&desk);
    assert!(views.iter().chain([&audit, &file]).all(|shown| shown.contains(&seed)));
    let candidate = serde_json::to_string(&desk.interview.view(A, desk.now, &desk.presence)).unwrap();
    assert!(!candidate.contains(&commitment) && !candidate.contains(&seed));
    assert_eq!(Interview::fold(desk.records.clone()).unwrap(), desk.interview);
}

#[test]
fn hosts_and_administrators_draw_and_nobody_else() {
    let mut desk = crowd();
    for by in [A, EXAMINER, PATROL] {
        assert_eq!(desk.draw(by, commit(DrawKind::Order, None, 1)), Err(Refused::Forbidden));
    }
    let administrator = Actor::Administrator { account: ADMINISTRATOR.to_owned() };
    let late = Action::Draw(commit(DrawKind::Order, None, 1));
    assert_eq!(obstacle(desk.command(administrator.clone(), late)), Obstacle::DrawOver, "of two at once one");
    let mut action = commit(DrawKind::Order, None, 1);
    if let DrawAction::Commit { number, .. } = &mut action {
        *number = 1;
    }
    desk.command(administrator, Action::Draw(action)).unwrap();
    assert_eq!(desk.draw(EXAMINER, drawn(1, "", 1)), Err(Refused::Forbidden));
    assert_eq!(desk.panel(PATROL).draws[0].by, ADMINISTRATOR);
    assert_eq!(desk.draw(HOST, drawn(2, "", 1)), Err(Refused::NotFound("draw")));
    assert_eq!(obstacle(desk.draw(HOST, drawn(1, "", 2))), Obstacle::DrawSeedLost);
    desk.draw(HOST, drawn(1, "", 1)).unwrap();
    assert_eq!(obstacle(desk.draw(HOST, drawn(1, "", 1))), Obstacle::DrawOver);
}

#[test]
fn another_draw_needs_a_reason_and_the_older_one_stays() {
    let mut desk = crowd();
    desk.draw(HOST, commit(DrawKind::Order, None, 1)).unwrap();
    assert_eq!(obstacle(desk.draw(HOST, commit(DrawKind::Order, None, 2))), Obstacle::DrawnBefore);
    assert_eq!(desk.draw(HOST, commit(DrawKind::Order, Some(" "), 2)), Err(Refused::TextEmpty));
    let again = |seed, old: u8| {
        let mut action = commit(DrawKind::Order, Some("late comer"), seed);
        if let DrawAction::Commit { given_up, .. } = &mut action {
            *given_up = Some(Seed([old; 32]));
        }
        action
    };
    desk.draw(HOST, again(2, 1)).unwrap();
    desk.draw(HOST, again(3, 99)).unwrap();
    desk.draw(HOST, drawn(3, "", 3)).unwrap();
    let queue = desk.queue();
    desk.draw(HOST, commit(DrawKind::Order, Some("a mistake"), 4)).unwrap();
    assert_eq!(desk.queue(), queue, "the older one holds until the newer one is drawn");
    use DrawVerdict as V;
    assert_eq!(desk.verdicts(), [V::GivenUp, V::GivenUpUnseen, V::Holds, V::NotDrawn]);
    let audit: Vec<_> = desk.records.iter().map(|record| desk.interview.audit(1, record).detail).collect();
    assert!(audit.iter().any(|detail| detail.contains("again: late comer")));
}

#[test]
fn what_was_committed_is_what_is_drawn_from() {
    let mut desk = crowd();
    desk.draw(HOST, commit(DrawKind::Order, None, 1)).unwrap();
    desk.administer(AdministratorAction::RemoveCandidates([SeatId(0x103)].into())).unwrap();
    assert_eq!(obstacle(desk.draw(HOST, drawn(1, "", 1))), Obstacle::DrawListChanged);
    desk.draw(HOST, commit(DrawKind::Order, Some("one less"), 2)).unwrap();
    desk.draw(HOST, drawn(2, "", 2)).unwrap();
    assert_eq!(desk.interview.draw_file().draws[1].draw.people, 11);
}

#[test]
fn the_order_is_drawn_before_anybody_is_led_in() {
    let mut desk = Desk::waiting();
    desk.draw(HOST, commit(DrawKind::Order, None, 1)).unwrap();
    desk.seat(HOST, SeatAction::Call { candidate: B }).unwrap();
    assert_eq!(obstacle(desk.draw(HOST, drawn(1, "", 1))), Obstacle::DrawTooLate);
    desk.seat(HOST, SeatAction::SendBack {}).unwrap();
    assert_eq!(obstacle(desk.draw(HOST, commit(DrawKind::Order, Some("x"), 1))), Obstacle::DrawTooLate);
}

fn sets(count: u32) -> Vec<QuestionSet> {
    let question = |id| Question { id, text: format!("question {id}"), minutes: None, criterion: None };
    (1..=count)
        .map(|id| QuestionSet { id, name: format!("组 {id}"), questions: vec![question(id)] })
        .collect()
}

#[test]
fn sets_of_questions_are_drawn_for_all_and_each_equally_often() {
    let mut desk = crowd();
    assert_eq!(obstacle(desk.draw(HOST, commit(DrawKind::Questions, None, 1))), Obstacle::NothingToDraw);
    desk.administer(AdministratorAction::Change(Setup { questions: sets(4), ..setup() })).unwrap();
    desk.draw(HOST, commit(DrawKind::Questions, None, 1)).unwrap();
    desk.draw(HOST, drawn(1, "", 1)).unwrap();
    let sets: Vec<_> = desk.panel(HOST).candidates.iter().map(|card| card.question_set.unwrap()).collect();
    assert!((1..=4).all(|set| sets.iter().filter(|other| **other == set).count() == 3), "{sets:?}");
    let file = desk.interview.draw_file();
    let sheet = &file.draws[0];
    let of = |number: &str| sheet.entries.iter().position(|entry| entry == number).unwrap();
    let lot = &sheet.outcome.as_ref().unwrap()[of("1")];
    let card = desk.panel(HOST).candidates.into_iter().find(|card| card.seat == A).unwrap();
    assert_eq!(*lot, format!("{0} 组 {0}", card.question_set.unwrap()));
    desk.seat(HOST, SeatAction::MarkAsked { candidate: A, question: 1, asked: true }).unwrap();
    let again = commit(DrawKind::Questions, Some("again"), 2);
    assert_eq!(obstacle(desk.draw(HOST, again)), Obstacle::QuestionsAsked);
}

#[test]
fn rooms_are_drawn_for_a_list_that_is_given() {
    let mut desk = Desk::new();
    let rooms = |entries: &[&str], lots: &[&str], seed| DrawAction::Commit {
        number: 0,
        kind: DrawKind::Rooms,
        entries: entries.iter().map(|one| (*one).to_owned()).collect(),
        lots: lots.iter().map(|one| (*one).to_owned()).collect(),
        reason: None,
        seed: Seed([seed; 32]),
        salt: String::new(),
        given_up: None,
    };
    assert_eq!(obstacle(desk.draw(HOST, rooms(&["1", " 1"], &["A"], 1))), Obstacle::DrawnTwice);
    assert_eq!(obstacle(desk.draw(HOST, rooms(&["1", " "], &["A"], 1))), Obstacle::NothingToDraw);
    let many: Vec<String> = (0..2001).map(|number| number.to_string()).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    assert_eq!(desk.draw(HOST, rooms(&many, &["A"], 1)), Err(Refused::TooMany(2000)));
    desk.draw(HOST, rooms(&["张考官", "1002", " 1001 ", ""], &["考场一", "考场二"], 1)).unwrap();
    desk.draw(HOST, drawn(1, "", 1)).unwrap();
    let file = desk.interview.draw_file();
    assert_eq!(file.draws[0].entries, ["1001", "1002", "张考官"]);
    assert_eq!(desk.verdicts(), [DrawVerdict::Holds]);
}

#[test]
fn who_is_erased_is_erased_from_draws_and_the_rest_can_be_checked() {
    let mut desk = crowd();
    desk.draw(HOST, commit(DrawKind::Order, None, 1)).unwrap();
    desk.draw(HOST, drawn(1, "", 1)).unwrap();
    let queue = desk.queue();
    let last = desk.records.last().unwrap().clone();
    for event in [
        ErasureEvent::PersonErased { seat: A, result_kept: false },
        ErasureEvent::PeopleErased { people: 12, words: 0 },
    ] {
        let records = [desk.records.clone(), vec![Record { event: event.into(), ..last.clone() }]].concat();
        let interview = Interview::fold(records).unwrap();
        let file = interview.draw_file();
        assert!(file.draws[0].draw.erased && !file.draws[0].entries.contains(&"1".to_owned()));
        assert_eq!(file.verdict(&file.draws[0]), DrawVerdict::HoldsWithoutList);
        let order: Vec<_> = interview.queue.iter().filter(|seat| *seat != A).collect();
        assert_eq!(order, queue.iter().copied().filter(|seat| *seat != A).collect::<Vec<_>>());
    }
}
