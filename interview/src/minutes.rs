//! The minutes of an interview: who sat there, and what became of each candidate, as an institution files them. From the
//! records alone; nothing of drafts, remarks among examiners, chat, phones or codes is in them.

use crate::{
    Actor, DrawView, Event, Gate, Interview, InterviewId, Method, NetworkEvent, Points, Record, Role, SeatId,
    StaffCheckEvent, Step, Time, Trouble, TurnEvent, candidate::Candidate, limit, score::total,
};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// The minutes of an interview.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Minutes {
    /// Which interview.
    pub interview: InterviewId,
    /// Its name.
    pub name: String,
    /// Invitations held from.
    pub opens_at: Time,
    /// Invitations held until.
    pub closes_at: Time,
    /// The IANA name of the time zone in which its times are told.
    pub time_zone: String,
    /// When the interview went to which stage, by name.
    pub stages: Vec<MinutesStage>,
    /// Everybody of the staff.
    pub staff: Vec<MinutesStaff>,
    /// All candidates, in the order of the queue.
    pub candidates: Vec<MinutesCandidate>,
    /// Random draws, the oldest first.
    pub draws: Vec<DrawView>,
    /// What was noted of no candidate.
    pub incidents: Vec<MinutesLine>,
}

/// A stage that was entered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct MinutesStage {
    /// When.
    pub at: Time,
    /// Its name.
    pub name: String,
}

/// Somebody of the staff.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct MinutesStaff {
    /// The person's name.
    pub name: String,
    /// Examiner, host or patrol.
    pub role: Role,
    /// Marked as chair.
    pub chair: bool,
    /// Put out by a host.
    pub removed: bool,
    /// When this seat first did something that was recorded.
    #[schema(required)]
    pub first_act: Option<Time>,
    /// When it did so last.
    #[schema(required)]
    pub last_act: Option<Time>,
}

/// A candidate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct MinutesCandidate {
    /// Stands in the addresses of what concerns this candidate.
    pub seat: SeatId,
    /// The number of the exam card.
    pub number: String,
    /// The person's name.
    pub name: String,
    /// How far the candidate came.
    pub step: Step,
    /// When an interview with this candidate came to its end.
    #[schema(required)]
    pub interviewed_at: Option<Time>,
    /// What happened, in order.
    pub lines: Vec<MinutesLine>,
    /// How many more lines there are: of each kind only the first ones are told.
    pub omitted: u32,
    /// What examiners gave, once all have handed in.
    pub scores: Vec<MinutesScore>,
    /// The mean of these totals.
    #[schema(required)]
    pub mean: Option<Points>,
    /// The result that is told.
    #[schema(required)]
    pub result: Option<MinutesResult>,
}

/// What an examiner gave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct MinutesScore {
    /// The examiner's name.
    pub examiner: String,
    /// The weighted mean of the sheet.
    pub total: Points,
    /// When the sheet was handed in.
    pub submitted_at: Time,
}

/// A result that is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct MinutesResult {
    /// In the institution's words.
    pub outcome: String,
    /// In hundredths; null where the result is in words alone.
    #[schema(required)]
    pub points: Option<Points>,
    /// When it was told.
    pub published_at: Time,
    /// When the candidate confirmed it.
    #[schema(required)]
    pub confirmed_at: Option<Time>,
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct MinutesLine {
    /// When.
    pub at: Time,
    /// Who did it, by name; empty where nobody of the staff did.
    pub by: String,
    /// What.
    #[serde(flatten)]
    pub what: MinutesEvent,
}

/// What is worth a line of the minutes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum MinutesEvent {
    /// Came in by the code; with another device, where `again`.
    Entered {
        /// Not for the first time.
        again: bool,
    },
    /// Showed who it is, or was let through for a reason.
    Identified {
        /// How.
        method: Method,
        /// Of an override.
        #[schema(required)]
        reason: Option<String>,
    },
    /// A host saw the candidate before the room, and did not find that it is the person.
    NotIdentified {
        /// What the host wrote.
        reason: String,
    },
    /// Was asked once more who it is.
    VerificationAsked,
    /// Accepted the pledge.
    Pledged {
        /// The version of its text.
        version: u32,
    },
    /// Tried a device.
    Checked {
        /// Which.
        check: crate::Check,
        /// Did it work?
        passed: bool,
    },
    /// Was led in.
    Called,
    /// Waits again, without being done.
    SentBack,
    /// Went to a stage of their own.
    StageEntered {
        /// Its name.
        stage: String,
    },
    /// The own clock was stopped.
    ClockPaused,
    /// It goes on.
    ClockResumed,
    /// Got more time.
    ClockExtended {
        /// How much.
        minutes: u32,
        /// Why.
        reason: String,
    },
    /// Is done with this turn.
    Finished,
    /// Was put at the end of the queue.
    Deferred,
    /// The deferral was taken back.
    Returned,
    /// Was put out.
    Removed {
        /// Why.
        reason: String,
    },
    /// May come in again.
    Readmitted,
    /// Left.
    Left,
    /// Came back after leaving.
    CameBack,
    /// Was told that it is over.
    LetGo,
    /// The network was bad, or broke off.
    Trouble {
        /// Since when.
        from: Time,
        /// Until when.
        until: Time,
        /// Nothing arrived at all.
        interrupted: bool,
        /// The server ended meanwhile: it may have lasted longer.
        cut_off: bool,
    },
    /// The scores were closed.
    ScoresLocked,
    /// A result was told.
    Published {
        /// What it says.
        outcome: String,
        /// In hundredths.
        #[schema(required)]
        points: Option<Points>,
        /// Why a chair told it although something stood in the way.
        #[schema(required)]
        beyond: Option<String>,
        /// What stood in the way.
        #[schema(value_type = Vec<String>)]
        gates: Vec<Gate>,
    },
    /// A result was taken back.
    Withdrawn {
        /// Why.
        reason: String,
    },
    /// Another result was told after a confirmation.
    Corrected {
        /// What it says.
        outcome: String,
        /// In hundredths.
        #[schema(required)]
        points: Option<Points>,
        /// Why.
        reason: String,
    },
    /// The candidate confirmed the result.
    Confirmed,
    /// Somebody noted something.
    Incident {
        /// What was seen.
        note: String,
    },
}

impl Interview {
    /// The minutes of this interview, whose records these are.
    pub fn minutes(&self, records: &[Record]) -> Minutes {
        let mut told = Telling::default();
        for record in records {
            self.tell(record, &mut told);
        }
        let candidate = |seat| Some(self.candidate_minutes(seat, self.candidates.get(&seat)?, &mut told));
        let candidates = self.queue.iter().collect::<Vec<_>>().into_iter().filter_map(candidate).collect();
        Minutes {
            interview: self.id,
            name: self.name.clone(),
            opens_at: self.opens_at,
            closes_at: self.closes_at,
            time_zone: self.time_zone.clone(),
            stages: told.stages,
            staff: self.staff_minutes(&told.acts),
            candidates,
            draws: self.draw_views(),
            incidents: told.incidents,
        }
    }

    /// Takes in one record.
    fn tell(&self, Record { at, by, event, .. }: &Record, told: &mut Telling) {
        let mut name = String::new();
        if let Actor::Seat(seat) = by
            && let Some(staff) = self.staff.get(seat)
        {
            name.clone_from(&staff.name);
            let (_, last) = told.acts.entry(*seat).or_insert((*at, *at));
            *last = *at;
        }
        if let Event::StageEntered { stage } = event
            && let Some(name) = self.stage_name(*stage)
            && told.stages.len() < limit::MINUTES_STAGES
        {
            told.stages.push(MinutesStage { at: *at, name });
        }
        let Some(what) = self.line(event) else { return };
        // A patrol stands on no list of the panel; what it noted stands without a name, as everywhere.
        if let Event::IncidentMarked { seat, .. } = event
            && self.staff.get(seat).is_some_and(|staff| staff.role == Role::Patrol)
        {
            name.clear();
        }
        let line = MinutesLine { at: *at, by: name, what };
        match event.seat() {
            Some(seat) => told.candidates.entry(seat).or_default().push(event.name(), line),
            None => told.incidents.push(line),
        }
    }

    fn stage_name(&self, index: u32) -> Option<String> {
        let index = usize::try_from(index).ok()?;
        self.stages.iter().nth(index).map(|(stage, _)| stage.name.clone())
    }

    /// What of an event stands in the minutes, if anything.
    fn line(&self, event: &Event) -> Option<MinutesEvent> {
        use MinutesEvent as M;
        let Event::Turn(turn) = event else { return line(event) };
        Some(match turn {
            TurnEvent::CandidateStageEntered { stage, .. } => {
                M::StageEntered { stage: self.stage_name(*stage)? }
            }
            TurnEvent::CandidateScheduled { .. } | TurnEvent::QueueMoved { .. } => return None,
            TurnEvent::LetGo { .. } => M::LetGo,
            TurnEvent::CameBack { .. } => M::CameBack,
            TurnEvent::ClockPaused { .. } => M::ClockPaused,
            TurnEvent::ClockResumed { .. } => M::ClockResumed,
            TurnEvent::ClockExtended { minutes, reason, .. } => {
                M::ClockExtended { minutes: *minutes, reason: reason.clone() }
            }
        })
    }

    fn staff_minutes(&self, acts: &BTreeMap<SeatId, (Time, Time)>) -> Vec<MinutesStaff> {
        let one = |(seat, staff): (&SeatId, &crate::interview::Staff)| MinutesStaff {
            name: staff.name.clone(),
            role: staff.role,
            chair: staff.chair,
            removed: staff.removed,
            first_act: acts.get(seat).map(|(first, _)| *first),
            last_act: acts.get(seat).map(|(_, last)| *last),
        };
        self.listed_staff().into_iter().map(one).collect()
    }

    fn candidate_minutes(&self, seat: SeatId, candidate: &Candidate, told: &mut Telling) -> MinutesCandidate {
        let Lines { lines, omitted, .. } = told.candidates.remove(&seat).unwrap_or_default();
        let open = self.scores_are_open(seat);
        let score = |examiner| {
            let sheet = self.scores.sheet(seat, examiner)?;
            let (total, submitted_at) = (total(&self.criteria, &sheet.points)?, sheet.submitted_at?);
            Some(MinutesScore { examiner: self.name_of(examiner), total, submitted_at })
        };
        let scores: Vec<_> = self.scores.submitted(seat).filter(|_| open).filter_map(score).collect();
        let totals: Vec<Points> = scores.iter().map(|score| score.total).collect();
        let result = candidate.results.told().map(|told| MinutesResult {
            outcome: told.verdict.outcome.clone(),
            points: told.verdict.points,
            published_at: told.at,
            confirmed_at: candidate.results.confirmed_at(),
        });
        MinutesCandidate {
            seat,
            number: candidate.number.clone(),
            name: candidate.name.clone(),
            step: candidate.admission.step(),
            interviewed_at: candidate.interviewed_at,
            lines,
            omitted,
            scores,
            mean: crate::score::mean(&totals),
            result,
        }
    }
}

/// What the records told so far.
#[derive(Default)]
struct Telling {
    stages: Vec<MinutesStage>,
    acts: BTreeMap<SeatId, (Time, Time)>,
    candidates: BTreeMap<SeatId, Lines>,
    incidents: Vec<MinutesLine>,
}

/// The lines of one candidate, of each kind only the first ones.
#[derive(Default)]
struct Lines {
    lines: Vec<MinutesLine>,
    omitted: u32,
    counts: BTreeMap<&'static str, usize>,
}

impl Lines {
    fn push(&mut self, kind: &'static str, line: MinutesLine) {
        let count = self.counts.entry(kind).or_default();
        *count += 1;
        if *count > limit::MINUTES_LINES {
            self.omitted = self.omitted.saturating_add(1);
        } else {
            self.lines.push(line);
        }
    }
}

/// The same of an event that needs nothing of the interview to be told.
fn line(event: &Event) -> Option<MinutesEvent> {
    use MinutesEvent as M;
    Some(match event {
        Event::Entered { again, .. } => M::Entered { again: *again },
        Event::IdentityPassed { method, reason, .. } => {
            M::Identified { method: *method, reason: reason.clone() }
        }
        Event::StaffCheck(StaffCheckEvent::StaffCheckFailed { reason, .. }) => {
            M::NotIdentified { reason: reason.clone() }
        }
        Event::VerificationAsked { .. } => M::VerificationAsked,
        Event::PledgeAccepted { version, .. } => M::Pledged { version: *version },
        Event::Checked { check, passed, .. } => M::Checked { check: *check, passed: *passed },
        Event::Called { .. } => M::Called,
        Event::SentBack { .. } => M::SentBack,
        Event::Finished { .. } => M::Finished,
        Event::Deferred { .. } => M::Deferred,
        Event::Returned { .. } => M::Returned,
        Event::Removed { reason, .. } => M::Removed { reason: reason.clone() },
        Event::Readmitted { .. } => M::Readmitted,
        Event::Left { .. } => M::Left,
        Event::Network(NetworkEvent::NetworkTroubled { from, until, worst, cut_off, .. }) => {
            let interrupted = *worst == Trouble::Interrupted;
            M::Trouble { from: *from, until: *until, interrupted, cut_off: *cut_off }
        }
        Event::ScoresLocked { .. } => M::ScoresLocked,
        Event::ResultPublished { outcome, points, beyond, gates, .. } => M::Published {
            outcome: outcome.clone(),
            points: *points,
            beyond: beyond.clone(),
            gates: gates.clone(),
        },
        Event::ResultWithdrawn { reason, .. } => M::Withdrawn { reason: reason.clone() },
        Event::ResultCorrected { outcome, points, reason, .. } => {
            M::Corrected { outcome: outcome.clone(), points: *points, reason: reason.clone() }
        }
        Event::ResultConfirmed { .. } => M::Confirmed,
        Event::IncidentMarked { note, .. } => M::Incident { note: note.clone() },
        _ => return None,
    })
}
