//! What random people want.

use super::{CANDIDATES, EXAMINERS, HOST, PATROL, SEATS};
use crate::*;
use proptest::{prelude::*, sample::select};

/// To what the model's candidates say yes or no: the server compares, or one or the other service.
const VERIFIERS: [&str; 3] = ["viva", "external: one", "external: other"];

/// The terms of a server that has this verifier.
fn terms_of(verifier: &str) -> ConsentTerms {
    ConsentTerms { version: 1, kept_days: 30, verifier: verifier.to_owned() }
}

fn terms() -> impl Strategy<Value = ConsentTerms> {
    prop_oneof![5 => Just(VERIFIERS[0]), 1 => select(&VERIFIERS[..])].prop_map(terms_of)
}
/// What keeps the model's candidates from using a device.
const PROBLEMS: [DeviceProblem; 2] = [DeviceProblem::Denied, DeviceProblem::Missing];

/// In every line to the panel alone.
pub(super) const PANEL_ONLY: &str = "between-us";

/// In every private note.
pub(super) const NOTE: &str = "note-of-";

/// In every question and in the name of every set of them.
pub(super) const QUESTION: &str = "what-is-asked";

/// In every draft that is not told yet.
pub(super) const DRAFT: &str = "draft-";

/// Somebody wants something some time later.
#[derive(Debug, Clone)]
pub(super) struct Wish {
    pub(super) by: SeatId,
    pub(super) action: Action,
    later: u64,
    /// The clock jumps back.
    back: bool,
    /// A candidate who has no connection meanwhile.
    pub(super) offline: Option<SeatId>,
}

impl Wish {
    pub(super) fn clock(&self, now: Time) -> Time {
        if self.back { Time(now.0.saturating_sub(self.later)) } else { now.plus(self.later) }
    }
}

pub(super) fn code(seat: SeatId) -> Code {
    Code::from_random(u128::from(seat.0))
}

/// The remark on every sheet of this examiner about this candidate.
pub(super) fn remark(examiner: SeatId, candidate: SeatId) -> String {
    format!("sheet-of-{examiner}-about-{candidate}")
}

/// In every private note of this examiner about this candidate.
pub(super) fn note(examiner: SeatId, candidate: SeatId) -> String {
    format!("{NOTE}{examiner}-about-{candidate}")
}

/// Where random wishes begin: what comes late on the path is seldom reached from its beginning.
#[derive(Debug, Clone, Copy)]
pub(super) enum Begin {
    /// Nobody has entered.
    Outside,
    /// All were sent a code by SMS.
    Identity,
    /// All are in the waiting room.
    Waiting,
    /// All were interviewed and scored, and wait.
    Interviewed,
    /// All wait, in the stage for confirmation, and know their results.
    Told,
}

impl Begin {
    pub(super) const ALL: [Self; 5] =
        [Self::Outside, Self::Identity, Self::Waiting, Self::Interviewed, Self::Told];

    /// What leads there.
    pub(super) fn wishes(self) -> Vec<Wish> {
        let mut wishes = Vec::new();
        let mut add = |by, action| wishes.push(Wish { by, action, later: 1, back: false, offline: None });
        for seat in CANDIDATES.into_iter().filter(|_| !matches!(self, Self::Outside)) {
            add(seat, Action::Path(PathAction::Enter { code: code(seat) }));
            if matches!(self, Self::Identity) {
                // Those without a password are refused, as the reference knows.
                add(seat, Action::Path(PathAction::Password { digest: "right".to_owned() }));
                add(seat, Action::Path(PathAction::SendSms { digest: "right".to_owned() }));
                add(seat, Action::Path(PathAction::Consent { terms: terms_of(VERIFIERS[0]), given: true }));
                continue;
            }
            let reason = "r".to_owned();
            add(HOST, Action::Seat(SeatAction::OverrideIdentity { candidate: seat, reason }));
            add(seat, Action::Path(PathAction::AcceptPledge { version: 1 }));
            for check in Check::ALL {
                let device = "d".to_owned();
                add(seat, Action::Path(PathAction::Check { check, passed: true, device }));
            }
            let paper = paper(format!("candidate-{seat}"), true);
            add(seat, Action::Path(PathAction::AddPaper { number: 1, paper }));
        }
        if matches!(self, Self::Interviewed | Self::Told) {
            let to = |kind| {
                let stage = StageKind::ALL.iter().position(|other| *other == kind);
                Action::Seat(SeatAction::GoToStage { stage: stage.unwrap() as u32 })
            };
            for candidate in CANDIDATES {
                add(HOST, to(StageKind::Interview));
                add(HOST, Action::Seat(SeatAction::Call { candidate }));
                for examiner in EXAMINERS {
                    let points = [("c".parse().unwrap(), Points(50))].into();
                    let remark = remark(examiner, candidate);
                    add(examiner, Action::Seat(SeatAction::SaveScores { candidate, points, remark }));
                    add(examiner, Action::Seat(SeatAction::SubmitScores { candidate }));
                }
                add(HOST, to(StageKind::Deliberation));
                add(HOST, Action::Seat(SeatAction::FinishCandidate {}));
                if matches!(self, Self::Told) {
                    let (outcome, points, remark) = ("a".to_owned(), None, String::new());
                    let publish =
                        SeatAction::PublishResult { candidate, outcome, points, remark, beyond: None };
                    add(HOST, Action::Seat(publish));
                }
            }
        }
        if matches!(self, Self::Told) {
            let stage = StageKind::ALL.iter().position(|kind| *kind == StageKind::Confirmation);
            add(HOST, Action::Seat(SeatAction::GoToStage { stage: stage.unwrap() as u32 }));
        }
        wishes
    }
}

pub(super) fn wish() -> impl Strategy<Value = Wish> {
    let later = prop_oneof![20 => 0_u64..1000, 2 => 60_000_u64..400_000, 1 => 900_000_u64..1_000_000];
    let action = prop_oneof![
        8 => (by(HOST), host()),
        4 => (select(&CANDIDATES[..]), candidate()),
        5 => (select(&CANDIDATES[..]), path()),
        2 => (select(&CANDIDATES[..]), phone()),
        3 => (select(&CANDIDATES[..]), upload()),
        4 => (select(&EXAMINERS[..]), scores()),
        1 => (select(&[HOST, EXAMINERS[0], EXAMINERS[1]][..]), helm()),
        3 => (select(&[HOST, HOST, EXAMINERS[0], CANDIDATES[0]][..]), draw()),
        2 => (by(EXAMINERS[0]), host()),
        1 => (by(PATROL), incident()),
        3 => (select(&SEATS[..]), say()),
        2 => select(&CANDIDATES[..]).prop_map(|seat| (seat, ask(seat))),
        3 => (by(HOST), compared()),
        2 => (select(&SEATS[..]), anything()),
    ];
    let offline = prop::option::weighted(0.3, one());
    (action, later, prop::bool::weighted(0.03), offline).prop_map(|((by, action), later, back, offline)| {
        Wish { by, action: signed(by, action), later, back, offline }
    })
}

/// A sheet's remark, a note and the name of a paper tell whose they are.
fn signed(by: SeatId, action: Action) -> Action {
    match action {
        Action::Seat(SeatAction::SaveScores { candidate, points, .. }) => {
            Action::Seat(SeatAction::SaveScores { candidate, points, remark: remark(by, candidate) })
        }
        Action::Seat(SeatAction::KeepNote { candidate, text }) if !text.is_empty() => {
            let text = format!("{} {text}", note(by, candidate));
            Action::Seat(SeatAction::KeepNote { candidate, text })
        }
        Action::Path(PathAction::AddPaper { number, paper }) => {
            let paper = PaperFile { name: format!("candidate-{by}"), ..paper };
            Action::Path(PathAction::AddPaper { number, paper })
        }
        other => other,
    }
}

fn by(seat: SeatId) -> Just<SeatId> {
    Just(seat)
}

fn anything() -> impl Strategy<Value = Action> {
    prop_oneof![host(), candidate(), path(), phone(), upload(), scores(), incident()]
}

fn one() -> impl Strategy<Value = SeatId> {
    select(&CANDIDATES[..])
}

fn host() -> impl Strategy<Value = Action> {
    use SeatAction as A;
    let seat = || select(&SEATS[..]);
    let text = || "r".to_owned();
    prop_oneof![
        4 => (0_u32..9).prop_map(|stage| A::GoToStage { stage }),
        3 => one().prop_map(|candidate| A::Call { candidate }),
        3 => Just(A::CallNext {}),
        1 => Just(A::SendBack {}),
        2 => Just(A::FinishCandidate {}),
        2 => one().prop_map(|finish| A::NextCandidate { finish }),
        2 => (one(), prop::option::of(one())).prop_map(|(candidate, before)| A::MoveCandidate { candidate, before }),
        1 => one().prop_map(|candidate| A::LetGo { candidate }),
        3 => Just(A::PauseClock {}),
        3 => Just(A::ResumeClock {}),
        1 => (0_u32..250).prop_map(move |minutes| A::ExtendClock { minutes, reason: text() }),
        1 => one().prop_map(|candidate| A::Defer { candidate }),
        1 => one().prop_map(|candidate| A::Return { candidate }),
        1 => seat().prop_map(move |seat| A::Remove { seat, reason: text() }),
        2 => seat().prop_map(|seat| A::Readmit { seat }),
        2 => prop::option::of(one()).prop_map(|candidate| A::Address { candidate }),
        2 => (one(), any::<bool>()).prop_map(|(candidate, given)| A::GiveWord { candidate, given }),
        2 => (one(), prop::bool::weighted(0.7)).prop_map(|(candidate, invited)| A::InviteScreen { candidate, invited }),
        2 => (one(), prop::bool::weighted(0.8)).prop_map(|(candidate, invited)| A::InviteSlides { candidate, invited }),
        2 => (seat(), any::<bool>()).prop_map(|(seat, muted)| A::Mute { seat, muted }),
        1 => one().prop_map(move |candidate| A::OverrideIdentity { candidate, reason: text() }),
        4 => one().prop_map(move |candidate| A::PassChecks { candidate, reason: text() }),
        3 => one().prop_map(|candidate| A::ConfirmIdentity { candidate }),
        1 => one().prop_map(move |candidate| A::RefuseIdentity { candidate, reason: text() }),
        1 => one().prop_map(|candidate| A::VerifyAgain { candidate }),
        1 => one().prop_map(|candidate| A::LockScores { candidate }),
        1 => (one(), prop::option::of(1_u32..4)).prop_map(|(candidate, set)| A::AssignQuestions { candidate, set }),
        1 => asked(),
        3 => (one(), "[ab]", prop::bool::weighted(0.2)).prop_map(|(candidate, outcome, beyond)| A::PublishResult {
            candidate,
            outcome,
            points: None,
            remark: String::new(),
            beyond: beyond.then(|| "must be".to_owned()),
        }),
        2 => (one(), "[ab]").prop_map(|(candidate, outcome)| A::DraftResult {
            candidate,
            outcome: format!("{DRAFT}{outcome}"),
            points: None,
            remark: String::new(),
        }),
        1 => one().prop_map(|candidate| A::DropDraft { candidate }),
        3 => prop::collection::vec((one(), 1_u32..4), 0..3).prop_map(|drafts| A::PublishDrafts {
            drafts: drafts.into_iter().map(|(candidate, revision)| DraftSeen { candidate, revision }).collect(),
        }),
        1 => one().prop_map(move |candidate| A::WithdrawResult { candidate, reason: text() }),
        1 => (one(), "[ab]").prop_map(move |(candidate, outcome)| A::CorrectResult {
            candidate,
            outcome,
            points: None,
            remark: String::new(),
            reason: text(),
        }),
    ]
    .prop_map(Action::Seat)
}

/// Seeds are few, so that the right one comes by chance; the numbers of draws are, too.
fn draw() -> impl Strategy<Value = Action> {
    let seed = || (0xd0_u8..0xd2).prop_map(|byte| Seed([byte; 32]));
    let kind = select(&[DrawKind::Order, DrawKind::Questions, DrawKind::Rooms][..]);
    let list = |kind, list: &[&str]| match kind {
        DrawKind::Rooms => list.iter().map(|one| (*one).to_owned()).collect(),
        DrawKind::Order | DrawKind::Questions => Vec::new(),
    };
    let commit =
        (kind, seed(), prop::bool::weighted(0.6)).prop_map(move |(kind, seed, again)| DrawAction::Commit {
            number: 0,
            kind,
            entries: list(kind, &["1", "2"]),
            lots: list(kind, &["a"]),
            reason: again.then(|| "r".to_owned()),
            seed,
            salt: "salt".to_owned(),
            given_up: Some(seed),
        });
    let drawn = (1_u32..5, seed(), "[ab]?").prop_map(|(number, seed, words)| DrawAction::Draw {
        number,
        words,
        seed,
    });
    prop_oneof![commit, drawn].prop_map(Action::Draw)
}

fn helm() -> impl Strategy<Value = Action> {
    prop_oneof![2 => Just(SeatAction::TakeHelm {}), 1 => Just(SeatAction::GiveHelm {})].prop_map(Action::Seat)
}

fn candidate() -> impl Strategy<Value = Action> {
    use SeatAction as A;
    prop_oneof![
        1 => any::<bool>().prop_map(|raised| A::RaiseHand { raised }),
        4 => prop::option::of(1_u32..4).prop_map(|revision| A::Confirm { published_at: None, revision }),
        1 => (1_u32..4).prop_map(|page| A::TurnPage { page }),
        1 => Just(A::Leave {}),
    ]
    .prop_map(Action::Seat)
}

fn path() -> impl Strategy<Value = Action> {
    use PathAction as A;
    let digest = || prop_oneof![Just("right".to_owned()), Just("wrong".to_owned())];
    prop_oneof![
        3 => one().prop_map(|seat| A::Enter { code: code(seat) }),
        2 => Just(A::ComeBack {}),
        4 => digest().prop_map(|digest| A::Password { digest }),
        2 => Just(A::SendSms { digest: "right".to_owned() }),
        3 => digest().prop_map(|digest| A::VerifySms { digest }),
        2 => (terms(), prop::bool::weighted(0.8)).prop_map(|(terms, given)| A::Consent { terms, given }),
        3 => Just(A::AskStaff {}),
        1 => Just(A::DropStaff {}),
        3 => (1_u32..3).prop_map(|version| A::AcceptPledge { version }),
        5 => (select(&Check::ALL[..]), prop::bool::weighted(0.8), "[de]")
            .prop_map(|(check, passed, device)| A::Check { check, passed, device }),
        2 => (select(&Check::ALL[..]), prop::option::weighted(0.7, select(&PROBLEMS[..])))
            .prop_map(|(check, problem)| A::ReportDevice { check, problem }),
    ]
    .prop_map(Action::Path)
}

/// What the server may say that it has compared.
fn compared() -> impl Strategy<Value = Action> {
    use FaceOutcome as O;
    let outcome =
        select(&[O::Passed, O::Different, O::Unclear, O::NotFollowed, O::Changed, O::NotSeen, O::Failed][..]);
    let trial = outcome.prop_map(|outcome| FaceTrial {
        outcome,
        score: Some(4321),
        verifier: "model".to_owned(),
        picture: None,
        print: None,
    });
    prop_oneof![
        3 => (one(), terms(), trial.clone())
            .prop_map(|(seat, terms, trial)| ServerAction::NoteFace { seat, terms, trial }),
        1 => (one(), select(&SEATS[..]), terms(), trial)
            .prop_map(|(seat, by, terms, trial)| ServerAction::NoteLook { seat, by, terms, trial }),
        1 => (one(), select(&[DeviceKind::Computer, DeviceKind::Phone][..]))
            .prop_map(|(seat, kind)| ServerAction::NoteDevice { seat, kind }),
    ]
    .prop_map(Action::Server)
}

fn phone() -> impl Strategy<Value = Action> {
    use PathAction as A;
    prop_oneof![
        3 => Just(A::OfferSecondCamera {}),
        4 => (0_u32..4).prop_map(|link| A::PairSecondCamera { link }),
        1 => prop::option::of(0_u32..4).prop_map(|link| A::DropSecondCamera { link }),
    ]
    .prop_map(Action::Path)
}

fn paper(name: String, slides: bool) -> PaperFile {
    PaperFile { name, kind: PaperKind::Pdf, bytes: 100, slides }
}

fn upload() -> impl Strategy<Value = Action> {
    let paper = |slides| paper(String::new(), slides);
    prop_oneof![
        4 => (1_u32..8, any::<bool>())
            .prop_map(move |(number, slides)| PathAction::AddPaper { number, paper: paper(slides) }),
        1 => (1_u32..8).prop_map(|number| PathAction::RemovePaper { number }),
    ]
    .prop_map(Action::Path)
}

fn scores() -> impl Strategy<Value = Action> {
    let points = prop::option::weighted(0.9, 0_u32..105);
    prop_oneof![
        (one(), points).prop_map(|(candidate, points)| SeatAction::SaveScores {
            candidate,
            points: points.map(|points| ("c".parse().unwrap(), Points(points))).into_iter().collect(),
            remark: String::new(),
        }),
        one().prop_map(|candidate| SeatAction::SubmitScores { candidate }),
        asked(),
        (one(), "[ab]?").prop_map(|(candidate, text)| SeatAction::KeepNote { candidate, text }),
    ]
    .prop_map(Action::Seat)
}

/// The fourth question does not exist.
fn asked() -> impl Strategy<Value = SeatAction> {
    (one(), 1_u32..5, any::<bool>()).prop_map(|(candidate, question, asked)| SeatAction::MarkAsked {
        candidate,
        question,
        asked,
    })
}

fn incident() -> impl Strategy<Value = Action> {
    let note = || "note".to_owned();
    prop::option::of(one())
        .prop_map(move |candidate| Action::Seat(SeatAction::MarkIncident { candidate, note: note() }))
}

/// A candidate asks the hosts, from wherever they are.
fn ask(candidate: SeatId) -> Action {
    let audience = Audience::Candidate { candidate };
    Action::Seat(SeatAction::Say { audience, text: "hello".to_owned() })
}

fn say() -> impl Strategy<Value = Action> {
    let audience = prop_oneof![
        Just(Audience::All),
        Just(Audience::Panel),
        one().prop_map(|candidate| Audience::Candidate { candidate }),
    ];
    audience.prop_map(|audience| {
        let text = if audience == Audience::Panel { PANEL_ONLY } else { "hello" };
        Action::Seat(SeatAction::Say { audience, text: text.to_owned() })
    })
}
