//! One interview: the fold of its records, and what is decided on it.

use crate::{
    Actor, CandidateRow, Command, CommandId, Effect, InterviewId, InterviewRow, Record, Refused, Rights,
    SeatId, SeatView, Setup, Source, StaffRow, Time,
};
use std::collections::BTreeSet;

/// Who has a connection at this moment: not part of what is stored.
pub type Presence = BTreeSet<SeatId>;

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

/// Records that are no interview: the first is not its creation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the first record of an interview is its creation")]
pub struct Unfoldable;

/// One interview with all that has happened in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Interview {
    id: InterviewId,
    created_at: Time,
    latest: Time,
    sequence: u64,
    setup: Setup,
}

impl Interview {
    /// The decision that begins an interview; its one record goes to [`Interview::fold`].
    ///
    /// # Errors
    ///
    /// The setup does not hold.
    pub fn create(
        id: InterviewId,
        setup: Setup,
        command: CommandId,
        by: Actor,
        now: Time,
    ) -> Result<Decision, Refused> {
        let event = crate::Event::Created { interview: id, setup: setup.cleaned()? };
        Ok(Decision { records: vec![Record { at: now, by, command, event }], ..Decision::default() })
    }

    /// The interview that these records are.
    ///
    /// # Errors
    ///
    /// The first is not the creation.
    pub fn fold(records: impl IntoIterator<Item = Record>) -> Result<Self, Unfoldable> {
        let mut records = records.into_iter();
        let Some(Record { at, event: crate::Event::Created { interview, setup }, .. }) = records.next()
        else {
            return Err(Unfoldable);
        };
        let mut folded = Self { id: interview, created_at: at, latest: at, sequence: 1, setup };
        records.for_each(|record| folded.apply(&record));
        Ok(folded)
    }

    /// Takes in what happened; never fails.
    pub fn apply(&mut self, record: &Record) {
        self.latest = self.latest.max(record.at);
        self.sequence += 1;
    }

    /// What is to happen on a command. Changes nothing itself.
    ///
    /// # Errors
    ///
    /// Why it is refused.
    pub fn handle(&self, _command: Command, _now: Time) -> Result<Decision, Refused> {
        Err(Refused::NotNow("not built yet"))
    }

    /// How many records were folded: what the store expects as the last sequence number.
    pub const fn sequence(&self) -> u64 {
        self.sequence
    }

    /// What a seat may send and whose media it may receive now.
    pub fn rights(&self, _seat: SeatId) -> Rights {
        Rights::default()
    }

    /// May `receiver` have what `sender` sends from `source` now?
    pub fn may_receive(&self, _receiver: SeatId, _sender: SeatId, _source: Source) -> bool {
        false
    }

    /// What a seat may know; `None` for a seat that is not here, or of the staff and put out.
    pub fn view(&self, _seat: SeatId, _now: Time, _presence: &Presence) -> Option<SeatView> {
        None
    }

    /// For a list of interviews.
    pub fn row(&self) -> InterviewRow {
        let Setup { name, opens_at, closes_at, stages, criteria } = self.setup.clone();
        let (id, created_at) = (self.id, self.created_at);
        InterviewRow {
            id,
            name,
            opens_at,
            closes_at,
            stages,
            stage: 0,
            criteria,
            created_at,
            candidates: 0,
            staff: 0,
        }
    }

    /// The candidates as an administrator sees them, by number.
    pub fn candidate_rows(&self) -> Vec<CandidateRow> {
        Vec::new()
    }

    /// The staff as an administrator sees it.
    pub fn staff_rows(&self) -> Vec<StaffRow> {
        Vec::new()
    }
}
