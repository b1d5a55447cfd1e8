//! An interview from outside: what people want, what becomes of it.

mod administration;
mod draws;
mod exports;
mod helm;
mod identity;
mod imports;
mod leading;
mod minutes;
mod notes;
mod pairing;
mod papers;
mod path;
mod questions;
mod reach;
mod rehearsal;
mod results;
mod scene;
mod schedule;
mod staff_check;
mod talk;
mod uploads;

use super::*;
use crate::{
    Action, AdministratorAction, Audience, CandidateView, Check, Code, Criterion, NewCandidate, PanelView,
    PathAction, Points, Presence, SeatAction, SeatView, SecondCamera, Stage, StageKind, Step,
};

const HOST: SeatId = SeatId(0x10);
const EXAMINER: SeatId = SeatId(0x11);
const SECOND: SeatId = SeatId(0x12);
const PATROL: SeatId = SeatId(0x13);
const A: SeatId = SeatId(0xa);
const B: SeatId = SeatId(0xb);

const KINDS: [StageKind; 8] = StageKind::ALL;

/// An interview under way, with a clock and fresh ids of commands.
#[derive(Clone)]
struct Desk {
    interview: Interview,
    records: Vec<Record>,
    now: Time,
    commands: u32,
    /// Who has a connection; both candidates, unless said otherwise.
    presence: Presence,
}

fn code(seat: SeatId) -> Code {
    Code::from_random(u128::from(seat.0))
}

fn criterion(id: &str, weight: u32) -> Criterion {
    let (id, name) = (id.parse().unwrap(), format!("criterion {id}"));
    Criterion { id, name, weight, max: Points(10_000), min: Points(1000) }
}

fn setup() -> Setup {
    let stage = |kind: &StageKind| Stage { name: format!("{kind:?}"), kind: *kind, minutes: Some(10) };
    Setup {
        name: "2026 复试".to_owned(),
        opens_at: Time(1_000_000),
        closes_at: Time(100_000_000),
        stages: KINDS.iter().map(stage).collect(),
        criteria: vec![criterion("c1", 60), criterion("c2", 40)],
        second_camera: SecondCamera::Allowed,
        identity: IdentityRules::default(),
        pledge: None,
        picture_codec: PictureCodec::default(),
        lets_go: LetsGo::default(),
        time_zone: crate::USUAL_TIME_ZONE.to_owned(),
        shows_mean: ShowsMean::default(),
        questions: Vec::new(),
    }
}

fn new_candidate(seat: SeatId, number: &str) -> NewCandidate {
    let (name, number, phone) = (format!("考生{number}"), number.to_owned(), "138 1234 5678".to_owned());
    NewCandidate { seat, name, number, phone, code: code(seat), password: None, starts_at: None }
}

impl Desk {
    /// Four of the staff, candidates A (number 1) and B (number 2), nobody entered.
    fn new() -> Self {
        let now = Time(2_000_000);
        let id = "create".parse().unwrap();
        let created = Interview::create(InterviewId(1), setup(), id, Actor::System, now).unwrap();
        let interview = Interview::fold(created.records.clone()).unwrap();
        let presence = [A, B].into();
        let mut desk = Self { interview, records: created.records, now, commands: 0, presence };
        let staff = [
            (HOST, Role::Host),
            (EXAMINER, Role::Examiner),
            (SECOND, Role::Examiner),
            (PATROL, Role::Patrol),
        ];
        for (seat, role) in staff {
            let (account, name) = (format!("{role:?}").to_lowercase(), format!("{role:?} {seat}"));
            desk.administer(AdministratorAction::AddStaff { seat, account, name, role }).unwrap();
        }
        let candidates = vec![new_candidate(A, "1"), new_candidate(B, "2")];
        desk.administer(AdministratorAction::AddCandidates(candidates)).unwrap();
        desk
    }

    /// With A and B in the waiting room.
    fn waiting() -> Self {
        let mut desk = Self::new();
        for seat in [A, B] {
            desk.bring_in(seat);
        }
        desk
    }

    fn bring_in(&mut self, seat: SeatId) {
        self.path(seat, PathAction::Enter { code: code(seat) }).unwrap();
        self.seat(HOST, SeatAction::OverrideIdentity { candidate: seat, reason: "known".to_owned() })
            .unwrap();
        for check in Check::ALL {
            self.check(seat, check, true).unwrap();
        }
    }

    fn check(&mut self, seat: SeatId, check: Check, passed: bool) -> Result<Decision, Refused> {
        self.path(seat, PathAction::Check { check, passed, device: "USB".to_owned() })
    }

    /// Leads one through an interview in which every examiner gives these points by the first criterion.
    fn interview(&mut self, candidate: SeatId, points: u32) {
        self.go_to(StageKind::Interview);
        self.score(candidate, points);
        self.go_to(StageKind::Deliberation);
        self.seat(HOST, SeatAction::FinishCandidate {}).unwrap();
    }

    /// The same, where the stage for interviews is this one.
    fn interview_in(&mut self, stage: u32, candidate: SeatId) {
        self.seat(HOST, SeatAction::GoToStage { stage }).unwrap();
        self.score(candidate, 8000);
        self.seat(HOST, SeatAction::FinishCandidate {}).unwrap();
    }

    fn score(&mut self, candidate: SeatId, points: u32) {
        self.seat(HOST, SeatAction::Call { candidate }).unwrap();
        for examiner in [EXAMINER, SECOND] {
            self.hand_in(examiner, candidate, [points, 8000]);
        }
    }

    /// A sheet with points by both criteria.
    fn hand_in(&mut self, examiner: SeatId, candidate: SeatId, [first, second]: [u32; 2]) {
        let points = [("c1".parse().unwrap(), Points(first)), ("c2".parse().unwrap(), Points(second))].into();
        let remark = String::new();
        self.seat(examiner, SeatAction::SaveScores { candidate, points, remark }).unwrap();
        self.seat(examiner, SeatAction::SubmitScores { candidate }).unwrap();
    }

    fn publish(&mut self, candidate: SeatId, outcome: &str) -> Result<Decision, Refused> {
        let (outcome, points, remark) = (outcome.to_owned(), Some(Points(8750)), String::new());
        self.seat(HOST, SeatAction::PublishResult { candidate, outcome, points, remark, beyond: None })
    }

    fn administer(&mut self, action: AdministratorAction) -> Result<Decision, Refused> {
        self.command(Actor::Administrator { account: "root".to_owned() }, Action::Administrator(action))
    }

    fn path(&mut self, seat: SeatId, action: PathAction) -> Result<Decision, Refused> {
        self.command(Actor::Seat(seat), Action::Path(action))
    }

    fn seat(&mut self, seat: SeatId, action: SeatAction) -> Result<Decision, Refused> {
        self.command(Actor::Seat(seat), Action::Seat(action))
    }

    /// Does what is wanted, by a new id; what is refused is the error, also when it was recorded.
    fn command(&mut self, by: Actor, action: Action) -> Result<Decision, Refused> {
        self.commands += 1;
        let id = format!("command-{}", self.commands).parse().unwrap();
        let decision = self.handle(Command { id, by, action })?;
        match decision.refused.clone() {
            Some(refused) => Err(refused),
            None => Ok(decision),
        }
    }

    fn handle(&mut self, command: Command) -> Result<Decision, Refused> {
        self.now = self.now.plus(1);
        let decision = self.interview.handle(command, self.now, &self.presence)?;
        for record in &decision.records {
            self.interview.apply(record);
        }
        self.records.extend(decision.records.iter().cloned());
        Ok(decision)
    }

    fn go_to(&mut self, kind: StageKind) {
        let stage = KINDS.iter().position(|other| *other == kind).unwrap();
        self.seat(HOST, SeatAction::GoToStage { stage: u32::try_from(stage).unwrap() }).unwrap();
    }

    fn candidate(&self, seat: SeatId) -> CandidateView {
        match self.interview.view(seat, self.now, &Presence::new()) {
            Some(SeatView::Candidate(view)) => *view,
            other => panic!("{other:?}"),
        }
    }

    fn panel(&self, seat: SeatId) -> PanelView {
        match self.interview.view(seat, self.now, &Presence::new()) {
            Some(SeatView::Panel(view)) => *view,
            other => panic!("{other:?}"),
        }
    }

    fn step(&self, seat: SeatId) -> Step {
        self.candidate(seat).step
    }
}

fn say(audience: Audience, text: &str) -> SeatAction {
    SeatAction::Say { audience, text: text.to_owned() }
}

#[test]
fn a_repeated_command_is_answered_again_and_does_nothing() {
    let mut desk = Desk::waiting();
    let command = Command {
        id: "once".parse().unwrap(),
        by: Actor::Seat(HOST),
        action: Action::Seat(say(Audience::All, "hello")),
    };
    assert_eq!(desk.handle(command.clone()).unwrap().records.len(), 1);
    let before = desk.interview.clone();
    assert_eq!(desk.handle(command.clone()), Ok(Decision::default()));
    assert_eq!(desk.interview, before);
    // Another's command of the same id is another command.
    let other = Command { by: Actor::Seat(EXAMINER), ..command };
    assert_eq!(desk.handle(other).unwrap().records.len(), 1);
}

#[test]
fn a_repeated_wrong_password_counts_once_and_is_wrong_again() {
    let mut desk = Desk::new();
    let mut new = new_candidate(SeatId(0xc), "3");
    new.password = Some(crate::Password::of_digest("right"));
    desk.administer(AdministratorAction::AddCandidates(vec![new])).unwrap();
    let seat = SeatId(0xc);
    desk.path(seat, PathAction::Enter { code: code(seat) }).unwrap();
    let command = Command {
        id: "p".parse().unwrap(),
        by: Actor::Seat(seat),
        action: Action::Path(PathAction::Password { digest: "wrong".to_owned() }),
    };
    for records in [1, 0, 0, 0, 0, 0, 0] {
        let decision = desk.handle(command.clone()).unwrap();
        assert_eq!((decision.records.len(), decision.refused), (records, Some(Refused::PasswordWrong)));
    }
    assert!(!desk.candidate(seat).locked);
}

#[test]
fn a_clock_that_goes_back_does_not_take_time_back() {
    let mut desk = Desk::waiting();
    let latest = desk.records.last().unwrap().at;
    desk.now = Time(5);
    desk.go_to(StageKind::Briefing);
    assert_eq!(desk.records.last().unwrap().at, latest);
    assert_eq!(desk.candidate(A).common.now, latest);
    assert_eq!(desk.candidate(A).common.stage_since, latest);
}

#[test]
fn records_that_do_not_begin_with_a_creation_are_no_interview() {
    let desk = Desk::new();
    assert_eq!(Interview::fold(Vec::new()), Err(Unfoldable));
    assert_eq!(Interview::fold(desk.records[1..].to_vec()), Err(Unfoldable));
    assert_eq!(Interview::fold(desk.records.clone()), Ok(desk.interview.clone()));
    assert_eq!(desk.interview.sequence(), desk.records.len() as u64);
}

#[test]
fn actions_are_their_actors() {
    let mut desk = Desk::waiting();
    let administrator = || Actor::Administrator { account: "root".to_owned() };
    let cases = [
        (administrator(), Action::Seat(SeatAction::CallNext {}), Refused::Forbidden),
        (Actor::System, Action::Path(PathAction::Enter { code: code(A) }), Refused::Forbidden),
        (Actor::Seat(HOST), Action::Administrator(AdministratorAction::Delete), Refused::Forbidden),
        (Actor::Seat(HOST), Action::Path(PathAction::Enter { code: code(A) }), Refused::NotYourSeat),
        (Actor::Seat(SeatId(99)), Action::Seat(SeatAction::CallNext {}), Refused::NotYourSeat),
        (Actor::Seat(EXAMINER), Action::Seat(SeatAction::CallNext {}), Refused::Forbidden),
        (Actor::Seat(A), Action::Seat(SeatAction::SubmitScores { candidate: A }), Refused::Forbidden),
        (Actor::Seat(PATROL), Action::Seat(say(Audience::Panel, "x")), Refused::Forbidden),
        (
            Actor::Seat(HOST),
            Action::Seat(SeatAction::Confirm { published_at: None, revision: None }),
            Refused::Forbidden,
        ),
    ];
    for (by, action, wanted) in cases {
        assert_eq!(desk.command(by, action.clone()), Err(wanted), "{action:?}");
    }
}
