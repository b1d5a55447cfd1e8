//! Everything about one candidate: found by number or phone, read, handed out as an archive.

mod archive;

use crate::{problem::Problem, sitting::read_interview, sms::PhoneNumber, store::Store};
use std::collections::BTreeMap;
use viva_interview::{Actor, Audience, Event, Interview, InterviewId, Record, SeatId, Time, writing};
use viva_signaling::message::ErrorCode;

/// Who is looked for; what is not given fits everybody, but something has to be.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// In this interview alone.
    pub interview: Option<InterviewId>,
    /// The number of the exam card.
    pub number: Option<String>,
    /// The registered phone.
    pub phone: Option<String>,
}

/// Somebody who was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The interview.
    pub interview: InterviewId,
    /// Its name.
    pub interview_name: String,
    /// Nobody is examined there any more.
    pub closed: bool,
    /// The seat.
    pub seat: SeatId,
    /// The person's name.
    pub name: String,
    /// The number of the exam card.
    pub number: String,
    /// The registered phone; may be empty.
    pub phone: String,
    /// Was taken out of the list, and still stands in the records.
    pub removed: bool,
}

/// One candidate with what the records say.
pub struct Person {
    found: Found,
    interview: Interview,
    /// The records that tell of the candidate, with their numbers.
    records: Vec<(u64, Record)>,
    now: Time,
}

/// What stays of a person who is erased, as the audit says it.
pub fn kept(result: bool) -> String {
    (if result { "number, points and result are kept" } else { "nothing is kept" }).to_owned()
}

/// All who are wanted; phones without a country belong to this one.
///
/// # Errors
/// Nothing is wanted, or the store fails.
pub async fn find(
    store: &dyn Store,
    wanted: &Wanted,
    country: &str,
    now: Time,
) -> Result<Vec<Found>, Problem> {
    let number = wanted.number.as_deref().map(writing::number_key).filter(|number| !number.is_empty());
    let phone =
        wanted.phone.as_deref().map(|phone| dialled(phone, country)).filter(|phone| !phone.is_empty());
    if number.is_none() && phone.is_none() {
        return Err(Problem::new(ErrorCode::Malformed, "a number or a phone is asked for"));
    }
    let mut found = Vec::new();
    for known in store.interviews().await? {
        let id = InterviewId(known.id);
        if wanted.interview.is_some_and(|wanted| wanted != id) {
            continue;
        }
        let (interview, records) = match read_interview(store, id).await {
            // Deleted meanwhile.
            Err(problem) if problem.code == ErrorCode::NotFound => continue,
            read => read?,
        };
        // What it holds of people goes when it ends, and it does so soon.
        if interview.rehearsal_of().is_some() {
            continue;
        }
        found.extend(everybody(&interview, &records, now).into_values().filter(|one| {
            number.as_ref().is_none_or(|number| writing::number_key(&one.number) == *number)
                && phone.as_ref().is_none_or(|phone| dialled(&one.phone, country) == *phone)
        }));
    }
    Ok(found)
}

/// One candidate.
///
/// # Errors
/// There is no such interview or candidate, or the store fails.
pub async fn read(
    store: &dyn Store,
    interview: InterviewId,
    seat: SeatId,
    now: Time,
) -> Result<Person, Problem> {
    let (interview, records) = read_interview(store, interview).await?;
    let found = everybody(&interview, &records, now).remove(&seat);
    let found =
        found.ok_or_else(|| Problem::new(ErrorCode::CandidateUnknown, "there is no such candidate"))?;
    let records = (1..).zip(records).filter(|(_, record)| concerns(record, seat)).collect();
    Ok(Person { found, interview, records, now })
}

/// A phone in the one form in which two are compared.
fn dialled(phone: &str, country: &str) -> String {
    PhoneNumber::parse(phone, country)
        .map_or_else(|_| writing::phone(phone), |phone| phone.as_str().to_owned())
}

/// Whoever stands in the records, as they were last.
fn everybody(interview: &Interview, records: &[Record], now: Time) -> BTreeMap<SeatId, Found> {
    let mut all = BTreeMap::new();
    let (setup, closed) = (interview.setup(), interview.closed_since(now).is_some());
    for record in records {
        let (Event::CandidateAdded { seat, name, number, phone, .. }
        | Event::CandidateChanged { seat, name, number, phone, .. }) = &record.event
        else {
            continue;
        };
        let found = Found {
            interview: interview.id(),
            interview_name: setup.name.clone(),
            closed,
            seat: *seat,
            name: name.clone(),
            number: number.clone(),
            phone: phone.clone(),
            removed: interview.candidate_row(*seat).is_none(),
        };
        all.insert(*seat, found);
    }
    all
}

fn concerns(record: &Record, seat: SeatId) -> bool {
    let said_to = matches!(&record.event, Event::Said { audience: Audience::Candidate { candidate }, .. } if *candidate == seat);
    record.by == Actor::Seat(seat) || record.event.seat() == Some(seat) || said_to
}
