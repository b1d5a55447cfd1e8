//! Who did what when: each record as a flat line, without secrets and without points.

use crate::{
    Actor, Audience, Cell, ConsentTerms, DrawEvent, ErasureEvent, Event, FaceTrial, HelmEvent, Interview,
    NetworkEvent, PaperEvent, PaperFile, QuestionEvent, Record, RehearsalEvent, SeatId, StaffCheckEvent,
    Table, Time, TurnEvent, Wording,
};
use serde::Serialize;
use utoipa::ToSchema;

/// A line of the audit: one JSON object a line, or one row of CSV.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct AuditLine {
    /// The record's number, from 1.
    pub seq: u64,
    /// When, in UTC (RFC 3339).
    pub at: String,
    /// The same, to be told by other clocks.
    #[serde(skip)]
    moment: Time,
    /// Who: `administrator:…`, `seat:…` or `system`.
    pub actor: String,
    /// Who, by name; empty where there is none.
    pub who: String,
    /// What: the `event` of the record.
    pub event: &'static str,
    /// With whom it happened.
    #[schema(required)]
    pub seat: Option<SeatId>,
    /// With whom, by name.
    pub person: String,
    /// What more there is to say.
    pub detail: String,
    /// By which command.
    pub command: String,
}

impl Interview {
    /// The audit line of the record with this number.
    pub fn audit(&self, seq: u64, record: &Record) -> AuditLine {
        let Record { at, by, command, event } = record;
        let who = match by {
            Actor::Administrator { account } => account.clone(),
            Actor::Seat(seat) => self.name_of(*seat),
            Actor::System => String::new(),
        };
        let seat = event.seat();
        AuditLine {
            seq,
            at: at.to_string(),
            moment: *at,
            actor: by.to_string(),
            who,
            event: event.name(),
            seat,
            person: seat.map(|seat| self.name_of(seat)).unwrap_or_default(),
            detail: detail(event),
            command: command.as_str().to_owned(),
        }
    }
}

impl AuditLine {
    /// These lines as a table: for people with heads in their language and times by the clocks of the interview, or, without
    /// a wording, for programs.
    pub fn table(lines: impl IntoIterator<Item = Self>, wording: Option<&Wording<'_>>) -> Table {
        let row = |line: Self| {
            let at = match wording {
                Some(wording) => wording.time(Some(line.moment)),
                None => Cell::Text(line.at),
            };
            let seat = line.seat.map(String::from).unwrap_or_default();
            let event = line.event.to_owned();
            let texts = [line.actor, line.who, event, seat, line.person, line.detail, line.command];
            [Cell::Figure(line.seq.to_string()), at].into_iter().chain(texts.map(Cell::Text)).collect()
        };
        Table { headings: headings(wording), rows: lines.into_iter().map(row).collect() }
    }
}

fn headings(wording: Option<&Wording<'_>>) -> Vec<String> {
    let names = ["seq", "at", "actor", "who", "event", "seat", "person", "detail", "command"];
    let Some(wording) = wording else { return names.map(str::to_owned).into() };
    let label = |zh, en| wording.say(zh, en).to_owned();
    vec![
        label("序号", "No."),
        wording.time_head("时间", "Time"),
        label("操作者", "Actor"),
        label("操作人", "By"),
        label("事件", "Event"),
        label("席位", "Seat"),
        label("相关人员", "Person"),
        label("说明", "Detail"),
        label("命令编号", "Command"),
    ]
}

/// What the event tells beyond who and whom. Codes, digests, phones and points stay out.
fn detail(event: &Event) -> String {
    match event {
        Event::Created { setup, .. } | Event::Changed { setup } => {
            let stages: Vec<_> = setup.stages.iter().map(|stage| stage.name.as_str()).collect();
            let window = format!("{} – {}", setup.opens_at, setup.closes_at);
            format!("{}; {window}; {}", setup.name, stages.join(" → "))
        }
        Event::StaffAdded { account, role, .. } => format!("{role:?}; {account}"),
        Event::CandidateAdded { number, .. } | Event::CandidateChanged { number, .. } => number.clone(),
        Event::CandidatesImported { added, changed } => format!("{added} added, {changed} changed"),
        Event::PhotoSet { present, .. } => yes_no(*present, "stored", "deleted"),
        Event::Paper(PaperEvent::PaperAdded { number, own, paper, .. }) => added(*number, *own, paper),
        Event::Paper(PaperEvent::PaperRemoved { number, .. }) => number.to_string(),
        Event::SlidesInvited { invited, .. } => yes_no(*invited, "invited", "withdrawn"),
        Event::Entered { again, .. } => yes_no(*again, "again", "first time"),
        Event::PasswordWrong { locked_until, .. } | Event::SmsWrong { locked_until, .. } => {
            locked_until.map(|until| format!("locked until {until}")).unwrap_or_default()
        }
        Event::IdentityPassed { method, reason, .. } => match reason {
            Some(reason) => format!("{method:?}; {reason}"),
            None => format!("{method:?}"),
        },
        Event::ConsentTold { terms, given, .. } => {
            let ConsentTerms { version, kept_days, verifier } = terms;
            let told = yes_no(*given, "given", "refused");
            let by = if verifier.is_empty() { String::new() } else { format!(", compared by {verifier}") };
            format!("{told}; text {version}, pictures kept {kept_days} days{by}")
        }
        Event::FaceCompared { trial, .. } => found(trial),
        Event::FaceLookedAt { asked_by, trial, .. } => format!("for {asked_by}; {}", found(trial)),
        Event::Erasure(event) => erased(event),
        Event::PledgeAccepted { version, .. } => format!("version {version}"),
        Event::Checked { check, passed, device, .. } => {
            format!("{check:?}; {}; {device}", if *passed { "passed" } else { "failed" })
        }
        Event::DeviceTroubled { check, problem, .. } => match problem {
            Some(problem) => format!("{check:?}; {problem:?}"),
            None => format!("{check:?}; works again"),
        },
        Event::Called { passed, .. } if !passed.is_empty() => {
            let passed: Vec<String> = passed.iter().map(ToString::to_string).collect();
            format!("passed by, offline: {}", passed.join(", "))
        }
        Event::ChecksPassed { reason, .. }
        | Event::StaffCheck(StaffCheckEvent::StaffCheckFailed { reason, .. })
        | Event::Removed { reason, .. }
        | Event::ResultWithdrawn { reason, .. } => reason.clone(),
        Event::StageEntered { stage } => format!("stage {stage}"),
        Event::Turn(event) => turn(event),
        Event::WordGiven { given, .. } => yes_no(*given, "given", "taken"),
        Event::ScreenInvited { invited, .. } => yes_no(*invited, "invited", "withdrawn"),
        Event::SecondCameraPaired { link, .. } => format!("link {link}"),
        Event::HandRaised { raised, .. } => yes_no(*raised, "up", "down"),
        Event::Muted { muted, .. } => yes_no(*muted, "muted", "unmuted"),
        Event::Said { audience, text, .. } => match audience {
            Audience::All => format!("to all: {text}"),
            Audience::Panel => format!("to the panel: {text}"),
            Audience::Candidate { candidate } => format!("to {candidate} and the hosts: {text}"),
        },
        Event::ScoresSaved { examiner, .. } | Event::ScoresSubmitted { examiner, .. } => {
            format!("by {examiner}")
        }
        Event::Question(event) => question(*event),
        Event::Draw(event) => draw(event),
        Event::ResultPublished { outcome, beyond: Some(reason), gates, .. } => {
            format!("{outcome}; beyond {gates:?}; {reason}")
        }
        Event::ResultPublished { outcome, .. } => outcome.clone(),
        Event::ResultCorrected { outcome, reason, .. } => format!("{outcome}; {reason}"),
        Event::Rehearsal(event) => rehearsal(event),
        Event::Helm(HelmEvent::ChairSet { chair, .. }) => yes_no(*chair, "chair", "no chair"),
        Event::IncidentMarked { note, .. } => note.clone(),
        Event::Network(event) => network(event),
        _ => String::new(),
    }
}

/// How much was erased.
fn erased(event: &ErasureEvent) -> String {
    match event {
        ErasureEvent::PicturesErased { pictures, before } => format!("{pictures} taken before {before}"),
        ErasureEvent::WordsErased { words } => format!("{words} lines and notes"),
        ErasureEvent::PeopleErased { people, words } => {
            format!("{people} candidates, {words} lines and notes")
        }
        ErasureEvent::PersonErased { result_kept, .. } => {
            yes_no(*result_kept, "the result is kept", "the result too")
        }
    }
}

/// What is rehearsed, and on what.
fn rehearsal(event: &RehearsalEvent) -> String {
    match event {
        RehearsalEvent::RehearsalOpened { of } => format!("of {of}"),
        RehearsalEvent::DeviceTold { kind, .. } => format!("{kind:?}"),
    }
}

/// Which set was drawn, which question was asked.
fn question(event: QuestionEvent) -> String {
    match event {
        QuestionEvent::QuestionsAssigned { set, .. } => {
            set.map_or_else(String::new, |set| format!("set {set}"))
        }
        QuestionEvent::QuestionAsked { question, asked, .. } => {
            format!("{question}; {}", if asked { "asked" } else { "not asked" })
        }
    }
}

/// How bad a network was, and how long.
fn network(event: &NetworkEvent) -> String {
    match event {
        NetworkEvent::NetworkTroubleBegan { from, worst, .. } => format!("{worst:?}; {from} –"),
        NetworkEvent::NetworkTroubled { from, until, worst, cut_off: true, .. } => {
            format!("{worst:?}; {from} – {until} or later: the server ended meanwhile")
        }
        NetworkEvent::NetworkTroubled { from, until, worst, .. } => format!("{worst:?}; {from} – {until}"),
    }
}

/// What happened in a candidate's turn.
fn turn(event: &TurnEvent) -> String {
    match event {
        TurnEvent::CandidateStageEntered { stage, .. } => format!("stage {stage}"),
        TurnEvent::CandidateScheduled { starts_at, .. } => {
            starts_at.map_or_else(|| "when the interview opens".to_owned(), |at| at.to_string())
        }
        TurnEvent::QueueMoved { before: Some(before), .. } => format!("before {before}"),
        TurnEvent::QueueMoved { before: None, .. } => "to the end".to_owned(),
        TurnEvent::ClockExtended { minutes, reason, .. } => format!("{minutes} minutes; {reason}"),
        TurnEvent::LetGo { .. }
        | TurnEvent::CameBack { .. }
        | TurnEvent::ClockPaused { .. }
        | TurnEvent::ClockResumed { .. } => String::new(),
    }
}

/// A draw by its hashes; the seed once it is over.
fn draw(event: &DrawEvent) -> String {
    match event {
        DrawEvent::DrawCommitted { number, kind, entries, lots, list, commitment, reason, .. } => {
            let reason = reason.as_ref().map(|reason| format!("; again: {reason}")).unwrap_or_default();
            let of = format!("{} people, {} lots", entries.len(), lots.len());
            format!("{number}; {}; {of}; list {list}; commitment {commitment}{reason}", kind.as_str())
        }
        DrawEvent::Drawn { number, words, seed, .. } => format!("{number}; seed {seed}; words: {words}"),
        DrawEvent::DrawGivenUp { number, seed: Some(seed) } => format!("{number}; seed {seed}"),
        DrawEvent::DrawGivenUp { number, seed: None } => format!("{number}; the seed is lost"),
    }
}

fn added(number: u32, own: bool, PaperFile { name, bytes, .. }: &PaperFile) -> String {
    format!("{number}; {}; {name}; {bytes} bytes", yes_no(own, "by the candidate", "by the office"))
}

/// What came of a comparison: the score is kept for the audit, the picture stands elsewhere.
fn found(FaceTrial { outcome, score, verifier, picture, print }: &FaceTrial) -> String {
    let score = score.map(|score| format!("; {:.4}", f64::from(score) / 10_000.0)).unwrap_or_default();
    let picture = picture.map(|picture| format!("; picture {picture}")).unwrap_or_default();
    let print = print.map(|live| format!("; print or screen? {:.4}", f64::from(live) / 10_000.0));
    format!("{outcome:?}{score}; {verifier}{picture}{}", print.unwrap_or_default())
}

fn yes_no(is: bool, yes: &str, no: &str) -> String {
    (if is { yes } else { no }).to_owned()
}
