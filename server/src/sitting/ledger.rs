//! What each seat of an interview has left in the store: so much and no more, so that nobody fills it.

use crate::problem::Problem;
use serde::Serialize;
use std::{collections::BTreeMap, io};
use viva_interview::{Actor, Event, Interview, Record, Role, SeatId, limit};
use viva_signaling::message::ErrorCode;

/// What a record takes beside its event: number, time, actor, command, index.
const BESIDE: u64 = 150;

/// How much was written, by whom.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    seats: BTreeMap<SeatId, Written>,
    /// Of all candidates.
    candidates: u64,
}

#[derive(Debug, Default, Clone, Copy)]
struct Written {
    records: u64,
    bytes: u64,
}

impl Ledger {
    /// May these be stored?
    ///
    /// # Errors
    /// The seat that wants it, or all candidates together, have left as much as they may.
    pub(super) fn admit(&self, interview: &Interview, records: &[Record]) -> Result<(), Problem> {
        let Some(Record { by: Actor::Seat(seat), .. }) = records.first() else { return Ok(()) };
        if records.iter().all(|record| is_last(&record.event)) {
            return Ok(());
        }
        let candidate = interview.role(*seat) == Some(Role::Candidate);
        let (most_records, most_bytes) = if candidate {
            (limit::RECORDS_OF_CANDIDATE, limit::BYTES_OF_CANDIDATE)
        } else {
            (limit::RECORDS_OF_STAFF, limit::BYTES_OF_STAFF)
        };
        let written = self.seats.get(seat).copied().unwrap_or_default();
        let bytes: u64 = records.iter().map(size).sum();
        if written.records >= most_records || written.bytes.saturating_add(bytes) > most_bytes {
            let detail =
                format!("a seat like this leaves at most {most_records} records of {most_bytes} bytes");
            return Err(Problem::new(ErrorCode::SeatFull, detail));
        }
        if candidate && self.candidates.saturating_add(bytes) > limit::BYTES_OF_CANDIDATES {
            let detail = format!("candidates leave at most {} bytes", limit::BYTES_OF_CANDIDATES);
            return Err(Problem::new(ErrorCode::SeatFull, detail));
        }
        Ok(())
    }

    /// It is stored.
    pub(super) fn count(&mut self, interview: &Interview, record: &Record) {
        let Actor::Seat(seat) = &record.by else { return };
        let bytes = size(record);
        let written = self.seats.entry(*seat).or_default();
        *written = Written { records: written.records + 1, bytes: written.bytes.saturating_add(bytes) };
        if interview.role(*seat) == Some(Role::Candidate) {
            self.candidates = self.candidates.saturating_add(bytes);
        }
    }
}

/// Comes once, and must not be lost whatever came before.
const fn is_last(event: &Event) -> bool {
    matches!(event, Event::Left { .. } | Event::ResultConfirmed { .. })
}

/// Bytes of a record in the store, near enough.
fn size(record: &Record) -> u64 {
    let mut length = Length(BESIDE);
    // A length never fails to be written; what cannot be serialized is refused when it is stored.
    let _ = record.event.serialize(&mut serde_json::Serializer::new(&mut length));
    length.0
}

/// Counts what is written to it.
struct Length(u64);

impl io::Write for Length {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 = self.0.saturating_add(bytes.len() as u64);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::closed_setup;
    use viva_interview::{
        Action, AdministratorAction, Audience, Command, InterviewId, NewCandidate, Presence, Time,
    };

    const CANDIDATE: SeatId = SeatId(1);
    const OTHER: SeatId = SeatId(2);
    const HOST: SeatId = SeatId(3);

    fn interview() -> Interview {
        let id = "create".parse().unwrap();
        let created = Interview::create(InterviewId(1), closed_setup(), id, Actor::System, Time(0)).unwrap();
        let mut interview = Interview::fold(created.records).unwrap();
        let candidate = |seat: SeatId| NewCandidate {
            seat,
            name: "考生".to_owned(),
            number: seat.to_string(),
            phone: String::new(),
            code: viva_interview::Code::from_random(u128::from(seat.0)),
            password: None,
            starts_at: None,
        };
        let (account, name) = (String::new(), "工作人员".to_owned());
        for action in [
            AdministratorAction::AddCandidates(vec![candidate(CANDIDATE), candidate(OTHER)]),
            AdministratorAction::AddStaff { seat: HOST, account, name, role: Role::Host },
        ] {
            let id = format!("{}", interview.sequence()).parse().unwrap();
            let command = Command { id, by: Actor::System, action: Action::Administrator(action) };
            let decision = interview.handle(command, Time(0), &Presence::new()).unwrap();
            decision.records.iter().for_each(|record| interview.apply(record));
        }
        interview
    }

    fn record(seat: SeatId, event: Event) -> Record {
        Record { at: Time(0), by: Actor::Seat(seat), command: "c".parse().unwrap(), event }
    }

    fn said(seat: SeatId, length: usize) -> Record {
        record(seat, Event::Said { seat, audience: Audience::Panel, text: "x".repeat(length) })
    }

    /// How many of these one after the other are taken.
    fn taken(ledger: &mut Ledger, interview: &Interview, record: &Record, most: u64) -> u64 {
        let one = std::slice::from_ref(record);
        (0..most)
            .take_while(|_| ledger.admit(interview, one).map(|()| ledger.count(interview, record)).is_ok())
            .count() as u64
    }

    #[test]
    fn a_seat_leaves_so_many_records_and_the_others_are_unaffected() {
        let (interview, mut ledger) = (interview(), Ledger::default());
        assert_eq!(taken(&mut ledger, &interview, &said(CANDIDATE, 1), 10_000), limit::RECORDS_OF_CANDIDATE);
        let full = ledger.admit(&interview, &[said(CANDIDATE, 1)]).unwrap_err();
        assert_eq!(full.code, ErrorCode::SeatFull);
        for last in [Event::Left { seat: CANDIDATE }, Event::ResultConfirmed { candidate: CANDIDATE }] {
            assert!(ledger.admit(&interview, &[record(CANDIDATE, last)]).is_ok());
        }
        assert!(ledger.admit(&interview, &[said(OTHER, 1)]).is_ok());
        assert_eq!(taken(&mut ledger, &interview, &said(HOST, 1), 10_000), 10_000);
        let by_office = Record { by: Actor::System, ..said(CANDIDATE, 1) };
        assert!(ledger.admit(&interview, &[by_office]).is_ok());
    }

    #[test]
    fn a_seat_leaves_so_many_bytes_and_so_do_all_candidates() {
        let (interview, mut ledger) = (interview(), Ledger::default());
        let lines = taken(&mut ledger, &interview, &said(CANDIDATE, 100_000), 1000);
        assert_eq!(lines, limit::BYTES_OF_CANDIDATE / size(&said(CANDIDATE, 100_000)));
        assert!(ledger.admit(&interview, &[said(CANDIDATE, 1)]).is_ok(), "something short has room");
        ledger.candidates = limit::BYTES_OF_CANDIDATES;
        assert!(ledger.admit(&interview, &[said(OTHER, 1)]).is_err());
        assert!(ledger.admit(&interview, &[said(HOST, 1)]).is_ok());
    }
}
