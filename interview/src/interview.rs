//! One interview: the fold of its records, and what is decided on it.

mod apply;
mod decide;
mod knowledge;
mod rights;
mod rows;
mod scene;

pub(crate) use rows::count;

use crate::{
    Action, Actor, ChatPart, Command, CommandId, Criterion, Effect, Event, IdentityRules, IncidentView,
    InterviewId, LetsGo, PictureCodec, Pledge, Points, Presence, QuestionSet, Record, Refused, Role,
    SeatAction, SeatId, SecondCamera, Setup, ShowsMean, StageKind, Stages, Time,
    candidate::Candidate,
    chat::{Chat, Reader},
    draws::Draws,
    erasure::Held,
    floor::Floor,
    imports::Imports,
    memory::Memory,
    notes::Notes,
    queue::Queue,
    redact,
    score::total,
    scorebook::Scorebook,
};
use std::collections::BTreeMap;

/// What came of a command. The records are stored first; then the effects are done; then who asked is answered.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Decision {
    /// To store and then to [`Interview::apply`]; none when the command was done before or changes nothing.
    pub records: Vec<Record>,
    /// To do when they are stored.
    pub effects: Vec<Effect>,
    /// The answer to who asked: a wrong password or code is recorded *and* refused.
    pub refused: Option<Refused>,
}

/// Records that are no interview.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the first record of an interview is its creation, with at least one stage")]
pub struct Unfoldable;

/// One interview with all that has happened in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Interview {
    pub(crate) id: InterviewId,
    /// The interview of which this is a rehearsal.
    pub(crate) rehearsal_of: Option<InterviewId>,
    pub(crate) name: String,
    pub(crate) opens_at: Time,
    pub(crate) closes_at: Time,
    pub(crate) created_at: Time,
    /// The time of the newest record: no later record has an earlier one.
    pub(crate) latest: Time,
    sequence: u64,
    deleted: bool,
    pub(crate) stages: Stages,
    pub(crate) stage_since: Time,
    pub(crate) criteria: Vec<Criterion>,
    pub(crate) second_camera: SecondCamera,
    pub(crate) identity: IdentityRules,
    pub(crate) pledge: Option<Pledge>,
    /// The version of the newest pledge that there ever was.
    pub(crate) pledges: u32,
    pub(crate) picture_codec: PictureCodec,
    pub(crate) lets_go: LetsGo,
    pub(crate) time_zone: String,
    pub(crate) shows_mean: ShowsMean,
    pub(crate) questions: Vec<QuestionSet>,
    pub(crate) candidates: BTreeMap<SeatId, Candidate>,
    pub(crate) staff: BTreeMap<SeatId, Staff>,
    pub(crate) queue: Queue,
    /// The examiner who leads while no host is there.
    pub(crate) helm: Option<SeatId>,
    pub(crate) floor: Floor,
    pub(crate) chat: Chat,
    pub(crate) scores: Scorebook,
    pub(crate) notes: Notes,
    pub(crate) incidents: Vec<IncidentView>,
    memory: Memory,
    pub(crate) held: Held,
    pub(crate) imports: Imports,
    pub(crate) draws: Draws,
}

/// A seat of the staff.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Staff {
    /// Where it stands in lists: behind those who were there before it.
    pub(crate) place: usize,
    pub(crate) account: String,
    pub(crate) name: String,
    pub(crate) role: Role,
    /// Marked as chair.
    pub(crate) chair: bool,
    /// Put out by a host.
    pub(crate) removed: bool,
}

impl Interview {
    /// The decision that begins an interview; its one record goes to [`Interview::fold`].
    ///
    /// # Errors
    ///
    /// The setup does not hold, or a seat wants to create.
    pub fn create(
        id: InterviewId,
        setup: Setup,
        command: CommandId,
        by: Actor,
        now: Time,
    ) -> Result<Decision, Refused> {
        if matches!(by, Actor::Seat(_)) {
            return Err(Refused::Forbidden);
        }
        let event = Event::Created { interview: id, setup: setup.cleaned()?.numbered(None, 0) };
        Ok(Decision { records: vec![Record { at: now, by, command, event }], ..Decision::default() })
    }

    /// The interview that these records are, without what they say is erased.
    ///
    /// # Errors
    ///
    /// The first is not the creation.
    pub fn fold(records: impl IntoIterator<Item = Record>) -> Result<Self, Unfoldable> {
        let mut records: Vec<Record> = records.into_iter().collect();
        redact(&mut records);
        let (first, rest) = records.split_first().ok_or(Unfoldable)?;
        let mut interview = Self::begin(first).ok_or(Unfoldable)?;
        rest.iter().for_each(|record| interview.apply(record));
        Ok(interview)
    }

    fn begin(first: &Record) -> Option<Self> {
        let Event::Created { interview, setup } = &first.event else { return None };
        let mut begun = Self {
            id: *interview,
            rehearsal_of: None,
            name: setup.name.clone(),
            opens_at: setup.opens_at,
            closes_at: setup.closes_at,
            created_at: first.at,
            latest: first.at,
            sequence: 1,
            deleted: false,
            stages: Stages::begin(setup.stages.iter().cloned())?,
            stage_since: first.at,
            criteria: setup.criteria.clone(),
            second_camera: setup.second_camera,
            identity: setup.identity,
            pledge: setup.pledge.clone(),
            pledges: setup.pledge.as_ref().map_or(0, |pledge| pledge.version),
            picture_codec: setup.picture_codec,
            lets_go: setup.lets_go,
            time_zone: setup.time_zone.clone(),
            shows_mean: setup.shows_mean,
            questions: setup.questions.clone(),
            candidates: BTreeMap::new(),
            staff: BTreeMap::new(),
            queue: Queue::default(),
            helm: None,
            floor: Floor::default(),
            chat: Chat::default(),
            scores: Scorebook::default(),
            notes: Notes::default(),
            incidents: Vec::new(),
            memory: Memory::default(),
            held: Held::default(),
            imports: Imports::default(),
            draws: Draws::default(),
        };
        begun.memory.note(first);
        Some(begun)
    }

    /// The IANA name of the time zone in which its times are told.
    pub fn time_zone(&self) -> &str {
        &self.time_zone
    }

    /// From when on candidates are let in.
    pub const fn opens_at(&self) -> Time {
        self.opens_at
    }

    /// What its pages encode pictures with.
    pub const fn picture_codec(&self) -> PictureCodec {
        self.picture_codec
    }

    /// What is to happen on a command, with these people here. Changes nothing itself.
    ///
    /// A command whose id its actor has used is answered as then and does nothing; each seat's newest 64 are known, and
    /// the newest 256 of all others. A `now` before the newest record counts as that record's time.
    ///
    /// # Errors
    ///
    /// Why it is refused; nothing is to be stored then.
    pub fn handle(&self, command: Command, now: Time, presence: &Presence) -> Result<Decision, Refused> {
        let Command { id, by, action } = command;
        if let Some(refused) = self.memory.answer(&by, &id) {
            return Ok(Decision { refused, ..Decision::default() });
        }
        if let (Action::Seat(SeatAction::TurnPage { page }), Actor::Seat(seat)) = (&action, &by) {
            let turned = Effect::Page { seat: *seat, page: self.turned(*seat, *page)? };
            return Ok(Decision { effects: vec![turned], ..Decision::default() });
        }
        let at = now.max(self.latest);
        let events = self.decide(&by, action, (at, presence))?;
        let effects = self.effects(&events);
        let refused = events.iter().find_map(Event::refusal);
        let record = |event| Record { at, by: by.clone(), command: id.clone(), event };
        Ok(Decision { records: events.into_iter().map(record).collect(), effects, refused })
    }

    /// The newest lines of chat that a seat may read, those after the line `after`, as many as are read at once.
    pub fn chat(&self, seat: SeatId, after: Option<&str>) -> ChatPart {
        let after = after.and_then(|id| id.parse().ok()).unwrap_or_default();
        self.reader(seat).map(|reader| self.chat.newest(reader, after)).unwrap_or_default()
    }

    /// The lines of chat that a seat may read directly before the line `before`, as many as are read at once.
    pub fn earlier_chat(&self, seat: SeatId, before: &str) -> ChatPart {
        let Ok(before) = before.parse() else { return ChatPart::default() };
        self.reader(seat).map(|reader| self.chat.earlier(reader, before)).unwrap_or_default()
    }

    /// The newest line of chat that a seat may read.
    pub(crate) fn newest_line(&self, seat: SeatId) -> Option<String> {
        self.chat.newest_id(self.reader(seat)?)
    }

    /// A seat as a reader, if it may read lines. Who has shown no more than a code reads what was written to them since they
    /// entered, and nothing that was meant for another: it is not known who they are.
    fn reader(&self, seat: SeatId) -> Option<Reader> {
        let (reads, only_after) = match self.candidates.get(&seat) {
            Some(candidate) => {
                let shown = candidate.admission.proof().is_some();
                let reads = shown || candidate.is_on_the_way();
                (reads && !candidate.admission.is_out(), (!shown).then_some(candidate.entry))
            }
            None => (self.staff.get(&seat).is_some_and(|staff| !staff.removed), None),
        };
        let role = self.part(seat).filter(|_| reads && !self.deleted)?;
        Some(Reader { seat, role, only_after })
    }

    /// How many records were folded: what the store expects as the last sequence number.
    pub const fn sequence(&self) -> u64 {
        self.sequence
    }

    /// The id that the first record gave it.
    pub const fn id(&self) -> InterviewId {
        self.id
    }

    /// Since when nobody is examined any more: the last stage was reached, or the time is over. `None` while it is open.
    pub fn closed_since(&self, now: Time) -> Option<Time> {
        let ended = (self.stages.current().kind == StageKind::End).then_some(self.stage_since);
        let over = (self.closes_at <= now).then_some(self.closes_at);
        ended.into_iter().chain(over).min()
    }

    /// Was it given up?
    pub const fn is_deleted(&self) -> bool {
        self.deleted
    }

    /// The staff in the order in which the office gave the seats.
    pub(crate) fn listed_staff(&self) -> Vec<(&SeatId, &Staff)> {
        let mut all: Vec<_> = self.staff.iter().collect();
        all.sort_by_key(|(_, staff)| staff.place);
        all
    }

    /// The examiners who are not put out.
    pub(crate) fn examiners(&self) -> impl Iterator<Item = SeatId> {
        let examine = |staff: &&Staff| staff.role == Role::Examiner && !staff.removed;
        self.staff.iter().filter(move |(_, staff)| examine(staff)).map(|(seat, _)| *seat)
    }

    /// The totals of the sheets of a candidate that are handed in.
    pub(crate) fn submitted_totals(&self, candidate: SeatId) -> impl Iterator<Item = Points> {
        let given = move |examiner| total(&self.criteria, &self.scores.sheet(candidate, examiner)?.points);
        self.scores.submitted(candidate).filter_map(given)
    }

    /// May the sheets of this candidate be shown to others than their writers?
    pub(crate) fn scores_are_open(&self, candidate: SeatId) -> bool {
        self.scores.is_open(candidate, self.examiners())
    }
}

#[cfg(test)]
mod tests;
