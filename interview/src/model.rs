//! Random people who want random things, against a reference that is written in another way.

mod identity;
mod reference;
mod rehearsal;
mod wish;

use crate::*;
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use reference::{Outcome, Reference};
use std::collections::BTreeSet;
use wish::{Begin, Wish, wish};

const HOST: SeatId = SeatId(0x10);
const EXAMINERS: [SeatId; 2] = [SeatId(0x11), SeatId(0x12)];
const PATROL: SeatId = SeatId(0x13);
const CANDIDATES: [SeatId; 3] = [SeatId(0xa), SeatId(0xb), SeatId(0xc)];
const SEATS: [SeatId; 7] =
    [HOST, EXAMINERS[0], EXAMINERS[1], PATROL, CANDIDATES[0], CANDIDATES[1], CANDIDATES[2]];

/// All kinds of stages, so that an index is a kind.
fn setup(shows_mean: ShowsMean) -> Setup {
    let stage = |kind: &StageKind| Stage { name: format!("{kind:?}"), kind: *kind, minutes: None };
    let id: CriterionId = "c".parse().unwrap();
    Setup {
        name: "model".to_owned(),
        opens_at: Time(1000),
        closes_at: crate::limit::LATEST,
        stages: StageKind::ALL.iter().map(stage).collect(),
        criteria: vec![Criterion { id, name: "c".to_owned(), weight: 1, max: Points(100), min: Points(0) }],
        second_camera: SecondCamera::Asked,
        identity: IdentityRules {
            face: FaceUse::EachEntry,
            attempts: reference::ATTEMPTS,
            turn: true,
            staff: true,
        },
        pledge: Some(Pledge { text: "I promise".to_owned(), version: 0 }),
        picture_codec: PictureCodec::Vp9,
        lets_go: LetsGo::Confirmed,
        time_zone: crate::USUAL_TIME_ZONE.to_owned(),
        shows_mean,
        questions: vec![questions(1, &[1, 2]), questions(2, &[3])],
    }
}

fn questions(id: u32, questions: &[u32]) -> QuestionSet {
    let question =
        |id: &u32| Question { id: *id, text: wish::QUESTION.to_owned(), minutes: None, criterion: None };
    QuestionSet { id, name: wish::QUESTION.to_owned(), questions: questions.iter().map(question).collect() }
}

/// Beside the interview its records and the reference.
struct World {
    interview: Interview,
    records: Vec<Record>,
    reference: Reference,
    now: Time,
    commands: u32,
}

impl World {
    fn new(shows_mean: ShowsMean) -> Self {
        let now = Time(5_000_000);
        let id: CommandId = "create".parse().unwrap();
        let created = Interview::create(InterviewId(1), setup(shows_mean), id, Actor::System, now).unwrap();
        let interview = Interview::fold(created.records.clone()).unwrap();
        let reference = Reference::new(now, shows_mean);
        let mut world = Self { interview, records: created.records, reference, now, commands: 0 };
        for seat in [HOST, EXAMINERS[0], EXAMINERS[1], PATROL] {
            let role = reference::role(seat);
            let (account, name) = (String::new(), format!("staff-{seat}"));
            world.seed(AdministratorAction::AddStaff { seat, account, name, role });
        }
        world.seed(AdministratorAction::SetChair { seat: reference::helm::CHAIR, chair: true });
        let new = CANDIDATES.map(|seat| NewCandidate {
            seat,
            name: format!("candidate-{seat}"),
            number: seat.0.to_string(),
            phone: "13800000000".to_owned(),
            code: wish::code(seat),
            password: (seat == CANDIDATES[1]).then(|| Password::of_digest("right")),
            starts_at: None,
        });
        world.seed(AdministratorAction::AddCandidates(new.into()));
        for seat in [CANDIDATES[0], CANDIDATES[2]] {
            world.seed(AdministratorAction::SetPhoto { seat, present: true });
        }
        world
    }

    fn seed(&mut self, action: AdministratorAction) {
        self.commands += 1;
        let id = format!("seed-{}", self.commands).parse().unwrap();
        let command = Command { id, by: Actor::System, action: Action::Administrator(action) };
        let decision = self.interview.handle(command, self.now, &Presence::new()).unwrap();
        self.store(&decision);
    }

    fn store(&mut self, decision: &Decision) {
        for record in &decision.records {
            self.interview.apply(record);
            self.records.push(record.clone());
        }
    }

    /// One wish: the reference says beforehand what comes of it, and afterwards the world must look like it.
    fn fulfil(&mut self, wish: &Wish) {
        self.now = wish.clock(self.now);
        self.commands += 1;
        let id: CommandId = format!("wish-{}", self.commands).parse().unwrap();
        let by = self.actor(wish);
        let mut action = wish.action.clone();
        if let Action::Draw(DrawAction::Commit { number, .. }) = &mut action {
            *number = self.interview.next_draw();
        }
        let command = Command { id, by, action };
        let here = CANDIDATES.into_iter().filter(|seat| Some(*seat) != wish.offline);
        let seen = here.clone().flat_map(|seat| [(seat, HOST), (seat, EXAMINERS[0])]);
        let presence = Presence { seen: seen.collect(), seats: here.collect(), ..Presence::default() };
        let decision = self.interview.handle(command.clone(), self.now, &presence);
        let outcome = match &decision {
            Err(_) => Outcome::Refused,
            Ok(Decision { refused: Some(_), .. }) => Outcome::RecordedAndRefused,
            Ok(decision) if decision.records.is_empty() => Outcome::Nothing,
            Ok(_) => Outcome::Done,
        };
        assert_eq!(self.reference.act(wish, self.now), outcome, "{wish:?} {decision:?}");
        let Ok(decision) = decision else { return };
        self.store(&decision);
        if !decision.records.is_empty() {
            let again = self.interview.handle(command, self.now, &presence);
            let wanted = Decision { refused: decision.refused, ..Decision::default() };
            assert_eq!(again, Ok(wanted), "a repeated command does nothing: {wish:?}");
        }
    }

    /// What the server alone may say is refused to everybody else.
    fn actor(&self, wish: &Wish) -> Actor {
        if !matches!(wish.action, Action::Server(_)) {
            return Actor::Seat(wish.by);
        }
        let others = SEATS.into_iter().map(Actor::Seat);
        for by in others.chain([Actor::Administrator { account: "root".to_owned() }]) {
            let id: CommandId = "forged".parse().unwrap();
            let forged = Command { id, by, action: wish.action.clone() };
            assert_eq!(self.interview.handle(forged, self.now, &Presence::new()), Err(Refused::Forbidden));
        }
        Actor::System
    }

    /// Told by the records alone: nobody without an interview that came to its end, or without all sheets, gets a result by a
    /// plain command, and nothing is confirmed twice.
    fn check_results(&self) {
        let (mut all, mut kind, mut current) = (StageKind::Waiting, StageKind::Waiting, None);
        let mut interviewed = BTreeSet::new();
        let (mut sitting, mut sheets) = (BTreeSet::from(EXAMINERS), BTreeSet::new());
        let (mut locked, mut confirmed) = (BTreeSet::new(), BTreeSet::new());
        for Record { event, .. } in &self.records {
            match event {
                Event::Called { candidate, .. } => (current, kind) = (Some(*candidate), all),
                // Of the current one; others are told in writing that they may confirm.
                Event::Turn(TurnEvent::CandidateStageEntered { candidate, stage }) => {
                    let next = StageKind::ALL[*stage as usize];
                    if current == Some(*candidate) {
                        if kind == StageKind::Interview && next > kind {
                            interviewed.insert(*candidate);
                        }
                        kind = next;
                    } else {
                        assert_eq!(next, StageKind::Confirmation);
                    }
                }
                Event::StageEntered { stage } => {
                    let next = StageKind::ALL[*stage as usize];
                    if kind == StageKind::Interview && next > kind {
                        interviewed.extend(current);
                    }
                    (all, kind) = (next, next);
                    current = current.filter(|_| kind != StageKind::End);
                }
                Event::Finished { candidate } => {
                    if kind == StageKind::Interview {
                        interviewed.insert(*candidate);
                    }
                    current = None;
                }
                Event::SentBack { .. } => current = None,
                Event::Removed { seat, .. } | Event::Left { seat } | Event::VerificationAsked { seat } => {
                    current = current.filter(|current| current != seat);
                    sitting.remove(seat);
                }
                Event::Readmitted { seat } if EXAMINERS.contains(seat) => drop(sitting.insert(*seat)),
                Event::ScoresSubmitted { examiner, candidate } => {
                    sheets.insert((*examiner, *candidate));
                }
                Event::ScoresLocked { candidate } => drop(locked.insert(*candidate)),
                Event::ResultPublished { candidate, beyond: None, .. } => {
                    assert!(interviewed.contains(candidate), "a result without an interview");
                    let scored = sitting.iter().all(|examiner| sheets.contains(&(*examiner, *candidate)));
                    assert!(scored || locked.contains(candidate), "a result without all sheets");
                    let panel_at_work = matches!(kind, StageKind::Interview | StageKind::Deliberation);
                    assert!(current != Some(*candidate) || !panel_at_work, "a result during the interview");
                    assert!(!confirmed.contains(candidate), "another result after the confirmation");
                }
                Event::ResultCorrected { candidate, .. } => assert!(confirmed.remove(candidate)),
                Event::ResultConfirmed { candidate } => {
                    assert!(confirmed.insert(*candidate), "confirmed twice");
                }
                _ => {}
            }
        }
    }

    /// What is erased is in no record any more, nothing else has changed, and the interview goes on from what is left.
    fn check_erasure(&self) {
        let person = CANDIDATES[1];
        for (event, gone) in [
            (
                ErasureEvent::WordsErased { words: 0 }.into(),
                ["hello", wish::PANEL_ONLY, wish::NOTE].map(str::to_owned).into(),
            ),
            (
                ErasureEvent::PeopleErased { people: 0, words: 0 }.into(),
                ["candidate-", "13800000000", "sheet-of-", "hello", wish::PANEL_ONLY, wish::NOTE]
                    .map(str::to_owned)
                    .into(),
            ),
            (
                ErasureEvent::PersonErased { seat: person, result_kept: false }.into(),
                vec![
                    format!("candidate-{person}"),
                    format!("about-{person}"),
                    wish::code(person).to_string(),
                ],
            ),
        ] {
            let last = self.records.last().unwrap().clone();
            let mut records = [self.records.clone(), vec![Record { event, ..last }]].concat();
            let folded = Interview::fold(records.clone()).unwrap();
            let text = |records: &[Record]| serde_json::to_string(records).unwrap();
            let changed = redact(&mut records);
            assert_eq!(redact(&mut records), Vec::<usize>::new(), "once is as good as twice");
            let left = text(&records);
            assert_eq!(gone.iter().find(|gone| left.contains(*gone)), None);
            for (at, (old, new)) in self.records.iter().zip(&records).enumerate() {
                assert_eq!(old != new, changed.contains(&at));
                assert_eq!((old.at, &old.by, old.event.name()), (new.at, &new.by, new.event.name()));
            }
            assert_eq!(Interview::fold(records).unwrap(), folded);
            for seat in SEATS.into_iter().filter(|seat| folded.role(*seat).is_some()) {
                let step = folded.view(seat, self.now, &Presence::new()).map(|view| match view {
                    SeatView::Candidate(view) => Some(view.step),
                    SeatView::Panel(_) => None,
                });
                assert_eq!(
                    step,
                    self.interview.view(seat, self.now, &Presence::new()).map(|_| self.step(seat))
                );
            }
        }
    }

    fn check(&self) {
        for receiver in SEATS {
            for sender in SEATS {
                for source in Source::ALL {
                    let may = self.interview.may_receive(receiver, sender, source);
                    let wanted = self.reference.reaches(receiver, sender, source);
                    assert_eq!(may, wanted, "{sender} to {receiver}, {source:?} {:?}", self.reference);
                }
            }
            self.check_view(receiver);
        }
        let admitted = CANDIDATES.into_iter().filter(|seat| self.step(*seat) == Some(Step::Admitted));
        assert_eq!(admitted.collect::<Vec<_>>(), Vec::from_iter(self.reference.current));
    }

    fn step(&self, seat: SeatId) -> Option<Step> {
        match self.interview.view(seat, self.now, &Presence::new())? {
            SeatView::Candidate(view) => Some(view.step),
            SeatView::Panel(_) => None,
        }
    }

    /// What a seat knows is what it may know.
    fn check_view(&self, seat: SeatId) {
        let Some(view) = self.interview.view(seat, self.now, &Presence::new()) else {
            assert!(self.reference.is_out(seat));
            return;
        };
        self.reference.check_marks(&view);
        let text = serde_json::to_string(&(&view, self.interview.chat(seat, None))).unwrap();
        let file = serde_json::to_string(&self.interview.draw_file()).unwrap();
        for seed in self.reference.secret_seeds() {
            assert!(!text.contains(&seed) && !file.contains(&seed), "a seed is known before the draw");
        }
        let panel = seat == HOST || EXAMINERS.contains(&seat);
        assert_eq!(text.contains(wish::QUESTION), panel, "questions are for the panel");
        for examiner in EXAMINERS {
            for candidate in CANDIDATES {
                let shown = text.contains(&wish::remark(examiner, candidate));
                let may = self.reference.may_see(seat, examiner, candidate);
                assert!(may || !shown, "{seat} sees {examiner}'s sheet of {candidate}");
                let noted = text.contains(&wish::note(examiner, candidate));
                assert!(seat == examiner || !noted, "{seat} reads {examiner}'s note");
            }
        }
        if let SeatView::Panel(view) = &view {
            let own = view.notes.iter().map(|note| (note.candidate, note.text.as_str()));
            assert!(own.eq(self.reference.notes(seat)), "notes are their writer's");
            let shown = view.current.filter(|_| seat != PATROL).and_then(|seat| self.reference.slides(seat));
            assert_eq!(view.slides.map(|slides| slides.number), shown);
            for card in &view.candidates {
                let papers = card.papers.iter().map(|paper| paper.number).collect::<Vec<_>>();
                let wanted = if seat == PATROL { Vec::new() } else { self.reference.papers(card.seat) };
                assert_eq!(papers, wanted, "papers are for the panel alone");
                let mean = card.mean.map(|mean| (mean.points.0, mean.sheets));
                assert_eq!(mean, self.reference.mean(seat, card.seat), "{seat} of {}", card.seat);
                let troubles = card.device_troubles.iter().map(|one| (one.check, one.problem));
                assert_eq!(troubles.collect::<Vec<_>>(), self.reference.device_troubles(card.seat));
                let asked = (card.question_set, card.asked.clone());
                assert_eq!(asked, self.reference.asked(seat, card.seat), "{seat} of {}", card.seat);
                self.reference.check_prepared(seat, card);
            }
        }
        if let SeatView::Candidate(view) = &view {
            self.check_reading(seat);
            for other in CANDIDATES.into_iter().filter(|other| *other != seat) {
                assert!(!text.contains(&format!("candidate-{other}")), "{seat} learns of {other}");
            }
            assert!(!text.contains(wish::PANEL_ONLY));
            assert_eq!(view.step, self.reference.step(seat));
            let here = view.way.iter().position(|step| step.step == view.step);
            let past = if view.step < Step::Identity { 0 } else { here.unwrap_or(view.way.len()) };
            assert!(view.way.iter().enumerate().all(|(at, step)| step.done == (at < past)), "{:?}", view.way);
            assert_eq!(view.confirmed_at, self.reference.confirmed_at(seat));
            let told = view.result.as_ref().map(|result| (result.outcome.as_str(), result.revision));
            assert_eq!(told, self.reference.told(seat));
            assert_eq!(view.second_camera.paired, self.reference.has_second_camera(seat));
            assert_eq!(view.slides.map(|slides| slides.number), self.reference.slides(seat));
        }
    }

    /// Who has shown no more than a code reads what was written to them since they entered, and not a line more.
    fn check_reading(&self, seat: SeatId) {
        if self.reference.is_known(seat) || self.reference.is_out(seat) {
            return;
        }
        let own = Audience::Candidate { candidate: seat };
        let mut lines = 0;
        for Record { event, .. } in &self.records {
            match event {
                Event::Entered { seat: entered, .. } if *entered == seat => lines = 0,
                Event::Said { audience, .. } if *audience == own => lines += 1,
                _ => {}
            }
        }
        let entered = self.reference.step(seat) != Step::Invited;
        let read = self.interview.chat(seat, None).lines.len();
        assert_eq!(read, if entered { lines.min(crate::limit::PART_LINES) } else { 0 });
    }

    /// The records, written and read again, are the same interview.
    fn check_records(&self) {
        let text = serde_json::to_string(&self.records).unwrap();
        let read: Vec<Record> = serde_json::from_str(&text).unwrap();
        assert_eq!(Interview::fold(read).as_ref(), Ok(&self.interview));
        assert!(self.records.is_sorted_by_key(|record| record.at));
        let lines = self.records.iter().zip(1..).map(|(record, seq)| self.interview.audit(seq, record));
        let told = serde_json::to_string(&lines.collect::<Vec<_>>()).unwrap();
        for seed in self.reference.secret_seeds() {
            assert!(!told.contains(&seed) && !text.contains(&seed), "a seed is recorded before the draw");
        }
        let file = self.interview.draw_file();
        assert!(file.draws.iter().all(|sheet| file.verdict(sheet).is_good()));
        assert!(!told.contains(wish::NOTE), "the audit tells what a note says");
        assert!(!told.contains(wish::QUESTION), "the audit tells what a question says");
        for record in &self.records {
            assert_eq!(serde_json::to_value(&record.event).unwrap()["event"], record.event.name());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_sequence_of_wishes_breaks_a_promise(
        begin in prop::sample::select(&Begin::ALL[..]),
        shows_mean in prop::sample::select(&[ShowsMean::Never, ShowsMean::AllIn, ShowsMean::OwnIn][..]),
        wishes in prop::collection::vec(wish(), 1..120),
    ) {
        let mut world = World::new(shows_mean);
        begin.wishes().iter().for_each(|wish| world.fulfil(wish));
        for wish in &wishes {
            world.fulfil(wish);
            world.check();
        }
        world.check_records();
        world.check_identities();
        world.check_results();
        world.check_erasure();
    }
}

/// Wishes that never get anywhere would prove nothing.
#[test]
fn the_wishes_reach_every_event_of_a_seat() {
    let mut runner = TestRunner::deterministic();
    let mut reached = BTreeSet::new();
    for begin in Begin::ALL.into_iter().cycle().take(1200) {
        let wishes = prop::collection::vec(wish(), 120).new_tree(&mut runner).unwrap().current();
        let mut world = World::new(ShowsMean::default());
        begin.wishes().iter().for_each(|wish| world.fulfil(wish));
        wishes.iter().for_each(|wish| world.fulfil(wish));
        reached.extend(world.records.iter().map(|record| record.event.name()));
    }
    let by_seats = [
        "entered",
        "password_passed",
        "password_wrong",
        "sms_sent",
        "sms_wrong",
        "identity_passed",
        "consent_told",
        "face_compared",
        "face_looked_at",
        "verification_asked",
        "staff_check_asked",
        "staff_check_dropped",
        "staff_check_failed",
        "pledge_accepted",
        "checked",
        "device_troubled",
        "checks_passed",
        "called",
        "sent_back",
        "deferred",
        "returned",
        "finished",
        "removed",
        "readmitted",
        "left",
        "stage_entered",
        "candidate_stage_entered",
        "queue_moved",
        "helm_taken",
        "helm_given",
        "let_go",
        "came_back",
        "clock_paused",
        "clock_resumed",
        "clock_extended",
        "addressed",
        "word_given",
        "screen_invited",
        "slides_invited",
        "paper_added",
        "paper_removed",
        "second_camera_offered",
        "second_camera_paired",
        "second_camera_dropped",
        "hand_raised",
        "muted",
        "said",
        "scores_saved",
        "scores_submitted",
        "scores_locked",
        "note_kept",
        "questions_assigned",
        "question_asked",
        "draw_committed",
        "draw_given_up",
        "drawn",
        "result_drafted",
        "result_draft_dropped",
        "result_published",
        "result_withdrawn",
        "result_corrected",
        "result_confirmed",
        "incident_marked",
    ];
    let missing: Vec<_> = by_seats.into_iter().filter(|name| !reached.contains(name)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
