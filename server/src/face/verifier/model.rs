//! Random people, cameras and services before the door that a face opens: nobody comes in by it whom neither this server has
//! compared nor the configured verifier has answered for, to that very question and in time.

mod service;
mod wish;

use super::*;
use crate::{
    face::{Check, Judged, Progress, compared_by, judge, terms},
    problem::Problem,
};
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use service::{REFERENCE, Says, Services};
use std::collections::BTreeMap;
use tokio::runtime::Runtime;
use viva_face::{Rules, Side};
use viva_interview::*;
use wish::{Film, Pose, Who, Wish, analysis, embedding, wish};

const A: SeatId = SeatId(0xa);
const HOST: SeatId = SeatId(0x10);

/// Who compares: this server, or the one or the other service.
type Comparer = Option<usize>;

/// A check that is under way, and what was held before the camera.
struct Running {
    check: Check,
    ask: Option<FaceAsk>,
    turn: Option<Side>,
    shown: Vec<(Who, Pose)>,
    until: Duration,
}

struct World<'a> {
    verifiers: &'a [Verifier; 2],
    services: &'a Services,
    interview: Interview,
    records: Vec<Record>,
    comparer: Comparer,
    check: Option<Running>,
    clock: Duration,
    commands: u32,
    frames: usize,
    /// What the last answer to the terms was.
    consent: Option<(ConsentTerms, bool)>,
    /// How often what has happened.
    reached: BTreeMap<String, u32>,
}

const NONCE: [u8; 16] = [7; 16];

impl<'a> World<'a> {
    fn new(verifiers: &'a [Verifier; 2], services: &'a Services, turn: bool) -> Self {
        *services.0.next.lock().unwrap() = None;
        let identity = IdentityRules { face: FaceUse::EachEntry, attempts: 3, turn, staff: true };
        let setup = Setup { closes_at: limit::LATEST, identity, ..crate::tests::closed_setup() };
        let id = "create".parse().unwrap();
        let created = Interview::create(InterviewId(1), setup, id, Actor::System, Time(5_000)).unwrap();
        let interview = Interview::fold(created.records.clone()).unwrap();
        let mut world = Self {
            verifiers,
            services,
            interview,
            records: created.records,
            comparer: None,
            check: None,
            clock: Duration::from_secs(1),
            commands: 0,
            frames: 0,
            consent: None,
            reached: BTreeMap::new(),
        };
        let code = Code::from_random(10);
        let (name, phone) = ("考生".to_owned(), "13800138000".to_owned());
        let candidate = NewCandidate {
            seat: A,
            name,
            number: "1".to_owned(),
            phone,
            code,
            password: None,
            starts_at: None,
        };
        let (account, name, role) = (String::new(), "host".to_owned(), Role::Host);
        for action in [
            AdministratorAction::AddStaff { seat: HOST, account, name, role },
            AdministratorAction::AddCandidates(vec![candidate]),
            AdministratorAction::SetPhoto { seat: A, present: true },
        ] {
            assert!(world.command(Actor::System, Action::Administrator(action)));
        }
        world
    }

    fn verifier(&self) -> Option<&'a Verifier> {
        self.comparer.map(|one| &self.verifiers[one])
    }

    fn terms_of(&self, comparer: Comparer) -> ConsentTerms {
        terms(comparer.map(|one| &self.verifiers[one]), 30)
    }

    /// Is it done?
    fn command(&mut self, by: Actor, action: Action) -> bool {
        self.commands += 1;
        let id = format!("wish-{}", self.commands).parse().unwrap();
        let now = Time(10_000 + u64::try_from(self.clock.as_millis()).unwrap());
        let Ok(decision) = self.interview.handle(Command { id, by, action }, now, &Presence::new()) else {
            return false;
        };
        for record in decision.records {
            self.interview.apply(&record);
            self.records.push(record);
        }
        decision.refused.is_none()
    }

    fn path(&mut self, action: PathAction) -> bool {
        self.command(Actor::Seat(A), Action::Path(action))
    }

    fn trial(&self, outcome: FaceOutcome) -> FaceTrial {
        let verifier = compared_by(self.verifier());
        FaceTrial { outcome, score: Some(9000), verifier, picture: None, print: None }
    }

    async fn fulfil(&mut self, wish: &Wish) {
        let before = self.records.len();
        let mut fits = false;
        self.clock += Duration::from_secs(1);
        match wish {
            Wish::Enter => {
                self.path(PathAction::Enter { code: Code::from_random(10) });
            }
            Wish::Consent(given, of) => {
                // The server takes an answer to its own terms alone; those of before were taken before it started anew.
                let stale = self.terms_of(*of);
                let terms =
                    if self.commands.is_multiple_of(8) { stale } else { self.terms_of(self.comparer) };
                if self.path(PathAction::Consent { terms: terms.clone(), given: *given }) {
                    self.consent = Some((terms, *given));
                }
            }
            Wish::Show(film, says) => fits = self.show(film, *says).await,
            Wish::Wait(seconds) => {
                self.clock += Duration::from_secs(*seconds);
                fits = self.late().await;
            }
            Wish::Sms => {
                self.clock += Duration::from_secs(61);
                self.path(PathAction::SendSms { digest: "right".to_owned() });
            }
            Wish::Verify(right) => {
                let digest = if *right { "right" } else { "wrong" }.to_owned();
                self.path(PathAction::VerifySms { digest });
            }
            Wish::Override => {
                self.host(SeatAction::OverrideIdentity { candidate: A, reason: "known".to_owned() })
            }
            Wish::Again => self.host(SeatAction::VerifyAgain { candidate: A }),
            Wish::Devices => {
                for check in viva_interview::Check::ALL {
                    self.path(PathAction::Check { check, passed: true, device: "d".to_owned() });
                }
            }
            Wish::Leave => {
                self.command(Actor::Seat(A), Action::Seat(SeatAction::Leave {}));
                self.host(SeatAction::Readmit { seat: A });
            }
            Wish::Restart(comparer) => (self.comparer, self.check) = (*comparer, None),
            Wish::Forge => {
                for by in [A, HOST]
                    .map(Actor::Seat)
                    .into_iter()
                    .chain([Actor::Administrator { account: "root".to_owned() }])
                {
                    let (terms, trial) = (self.terms_of(self.comparer), self.trial(FaceOutcome::Passed));
                    let action = Action::Server(ServerAction::NoteFace { seat: A, terms, trial });
                    assert!(!self.command(by, action));
                }
            }
            Wish::Stale(of) => {
                let terms = self.terms_of(*of);
                if self.consent != Some((terms.clone(), true)) {
                    let trial = self.trial(FaceOutcome::Passed);
                    let action = Action::Server(ServerAction::NoteFace { seat: A, terms, trial });
                    assert!(!self.command(Actor::System, action));
                }
            }
        }
        self.check_records(before, fits, wish);
    }

    fn host(&mut self, action: SeatAction) {
        self.command(Actor::Seat(HOST), Action::Seat(action));
    }

    /// Whoever has come in by the face fits: the model says so, which knows what was shown and answered.
    fn check_records(&mut self, before: usize, fits: bool, wish: &Wish) {
        for record in self.records.split_off(before) {
            let name = match &record.event {
                Event::IdentityPassed { method, .. } => {
                    let by = self.verifier().map_or("own", |_| "service");
                    assert!(*method != Method::Face || fits, "let in without a comparison: {wish:?} by {by}");
                    if *method == Method::Face { format!("{method:?} {by}") } else { format!("{method:?}") }
                }
                Event::FaceCompared { trial, .. } => {
                    assert_eq!(self.consent, Some((self.terms_of(self.comparer), true)), "{wish:?}");
                    assert_eq!(trial.verifier, compared_by(self.verifier()));
                    format!("compared {:?}", trial.outcome)
                }
                other => other.name().to_owned(),
            };
            *self.reached.entry(name).or_default() += 1;
            self.records.push(record);
        }
    }

    /// Presses 开始校验 where that may be, and holds the film before the camera. Does whoever is there fit, at its end?
    async fn show(&mut self, film: &Film, says: Says) -> bool {
        if self.check.is_none() {
            let Ok(turns) = self.interview.face_may_begin(A, &self.terms_of(self.comparer)) else {
                return false;
            };
            let side = if self.commands.is_multiple_of(2) { Side::Left } else { Side::Right };
            let turn = turns.then_some(side);
            let reference = self.comparer.is_none().then(|| embedding(0, 0));
            let (check, begun) = Check::begin(reference, NONCE, turn, &Rules::default(), self.clock);
            let until = self.clock + Rules::default().time;
            self.check = Some(Running { check, ask: None, turn, shown: Vec::new(), until });
            self.told(&begun);
        }
        let frames = match film {
            Film::AsAsked(who) => vec![(*who, Pose::Ahead, true); 12],
            Film::Cut(frames) => frames.clone(),
        };
        for (who, mut pose, now) in frames {
            let Some(running) = &mut self.check else { break };
            if matches!(film, Film::AsAsked(_)) {
                pose = match running.ask {
                    Some(FaceAsk::TurnLeft) => Pose::To(Side::Left),
                    Some(FaceAsk::TurnRight) => Pose::To(Side::Right),
                    _ => Pose::Ahead,
                };
            }
            self.clock += Duration::from_millis(200);
            self.frames += 1;
            if now {
                running.shown.push((who, pose));
            }
            let nonce = if now { NONCE } else { [0; 16] };
            let progress = running.check.handle_frame(nonce, &analysis(who, pose, self.frames), self.clock);
            if self.progress(progress, says).await {
                return true;
            }
        }
        false
    }

    async fn late(&mut self) -> bool {
        let Some(running) = &mut self.check else { return false };
        if self.clock < running.until {
            return false;
        }
        let progress = running.check.handle_timeout(self.clock);
        assert!(progress.end.is_some());
        self.progress(progress, Says::Same).await
    }

    fn told(&mut self, progress: &Progress) {
        for message in &progress.messages {
            if let (FaceServerMessage::Ask { ask }, Some(running)) = (message, &mut self.check) {
                running.ask = Some(*ask);
            }
        }
    }

    /// What the server does with a check's progress. Was it a right one?
    async fn progress(&mut self, progress: Progress, says: Says) -> bool {
        self.told(&progress);
        let Some(end) = progress.end else { return false };
        let running = self.check.take().unwrap();
        let live = running.is_live(self.comparer.is_none());
        let asked = self.comparer.is_some() && end.0 == FaceOutcome::Passed;
        *self.services.0.next.lock().unwrap() = asked.then_some(says);
        let before = self.services.0.questions.lock().unwrap().len();
        let photo = Photo::new("image/jpeg", REFERENCE.to_vec(), 1);
        let pictures = [b"first".to_vec(), b"last".to_vec()];
        let question = self.verifier().map(|verifier| verifier.ask(&photo, &pictures));
        let over = async {
            self.services.0.came.notified().await;
            Problem::new(ErrorCode::FaceCheckElsewhere, "another page checks this candidate")
        };
        let Judged { outcome, alike, problem } = judge(end, question, over).await;
        let questions = self.services.0.questions.lock().unwrap()[before..].to_vec();
        if asked {
            // One question, to the service of now; what is no whole answer to it in time is no verdict.
            let name = self.verifier().unwrap().name();
            assert_eq!(questions.iter().map(|(host, _)| host).collect::<Vec<_>>(), [&name], "{says:?}");
            assert_eq!(outcome, says.outcome(), "{says:?}");
            assert_eq!(problem.is_some(), outcome == FaceOutcome::Failed, "{says:?}");
            *self.reached.entry(format!("{says:?}")).or_default() += 1;
        } else {
            assert_eq!((questions.len(), outcome), (0, end.0));
        }
        let trial = FaceTrial { score: alike.map(crate::face::score), ..self.trial(outcome) };
        let action =
            Action::Server(ServerAction::NoteFace { seat: A, terms: self.terms_of(self.comparer), trial });
        self.command(Actor::System, action);
        live && (self.comparer.is_none() || says == Says::Same)
    }
}

impl Running {
    /// Was there one person throughout who did as asked; where this server compares, the one on the photo?
    fn is_live(&self, owner: bool) -> bool {
        let mut faces = self.shown.iter().filter(|(who, _)| *who != Who::Nobody).peekable();
        // Where the server has no photo, the first who looks ahead is who has to stay.
        let first = self.shown.iter().find(|(who, pose)| *who != Who::Nobody && *pose == Pose::Ahead);
        let Some((person, _)) = first else { return false };
        if owner && *person != Who::Owner {
            return false;
        }
        let ahead = |faces: &mut dyn Iterator<Item = &(Who, Pose)>, wanted: usize| {
            faces
                .filter(|(_, pose)| *pose == Pose::Ahead)
                .take(wanted)
                .filter(|(who, _)| who == person)
                .count()
                == wanted
        };
        if !ahead(&mut faces, 3) {
            return false;
        }
        let Some(side) = self.turn else { return true };
        let turned = faces.any(|(who, pose)| *pose == Pose::To(side) && who == person);
        turned && ahead(&mut faces, 1)
    }
}

fn runtime() -> (Runtime, Services, [Verifier; 2]) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let services = Services::default();
    let verifiers = runtime.block_on(services.serve());
    (runtime, services, verifiers)
}

#[test]
fn nobody_comes_in_by_a_face_but_by_this_servers_comparison_or_the_verifiers_word() {
    let (runtime, services, verifiers) = runtime();
    let config = ProptestConfig { cases: 192, failure_persistence: None, ..ProptestConfig::default() };
    let strategy = (any::<bool>(), prop::collection::vec(wish(), 1..60));
    let held = TestRunner::new(config).run(&strategy, |(turn, wishes)| {
        let mut world = World::new(&verifiers, &services, turn);
        for wish in &wishes {
            runtime.block_on(world.fulfil(wish));
        }
        Ok(())
    });
    held.unwrap();
}

/// Wishes that never get anywhere would prove nothing.
#[test]
fn the_wishes_reach_every_way_in_and_every_answer_of_a_service() {
    let (runtime, services, verifiers) = runtime();
    let mut runner = TestRunner::deterministic();
    let mut reached: BTreeMap<String, u32> = BTreeMap::new();
    for case in 0..120 {
        let wishes = prop::collection::vec(wish(), 60).new_tree(&mut runner).unwrap().current();
        let mut world = World::new(&verifiers, &services, case % 2 == 0);
        wishes.iter().for_each(|wish| runtime.block_on(world.fulfil(wish)));
        for (name, times) in world.reached {
            *reached.entry(name).or_default() += times;
        }
    }
    let ways = ["Face own", "Face service", "Sms", "Override", "verification_asked"].map(str::to_owned);
    let outcomes = ["Passed", "Different", "Unclear", "Changed", "NotFollowed", "NotSeen", "Failed"];
    let outcomes = outcomes.map(|outcome| format!("compared {outcome}"));
    let answers = Says::ALL.map(|says| format!("{says:?}"));
    let wanted = ways.iter().chain(&outcomes).chain(&answers);
    let missing: Vec<_> = wanted.filter(|name| !reached.contains_key(*name)).collect();
    assert!(missing.is_empty(), "{missing:?} of {reached:?}");
}
