//! What an import adds and changes, as it is kept: counted, and the first of it shown.

use super::{
    fault::Fault,
    plan::{Ignored, Plan},
};
use crate::table::{Charset, Table};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use utoipa::ToSchema;
use viva_interview::{CandidateRow, CommandId, Event, ListedCandidate, Record, SeatId, Time, TurnEvent};

/// So many people are shown of those who are new, and of those who change.
const SHOWN: usize = 8;

/// What was, or would be, imported, and from where.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct Imported {
    /// How many candidates are new.
    pub added: usize,
    /// How many are known and get other data or another photo.
    pub changed: usize,
    /// How many are known and stay as they are.
    pub unchanged: usize,
    /// How many of the interview are not in a list that updates; they stay.
    pub missing: usize,
    /// How many of the list have no phone: they get no SMS.
    pub without_phone: usize,
    /// The first of those who are new, as they are kept.
    pub people: Vec<ShownPerson>,
    /// The first of those who change.
    pub changes: Vec<ShownChange>,
    /// By what the import can be undone; none where it only was looked at, or nobody was added.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false, value_type = Option<String>)]
    pub import: Option<CommandId>,
    /// How the text was read, where it is not UTF-8.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    pub encoding: Option<Charset>,
    /// From which sheet.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    pub sheet: Option<String>,
    /// Columns in which something stands that was not taken.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub ignored: Vec<Ignored>,
    /// Photos that were not looked at, with which no face can be compared, or that are nobody's.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub warnings: Vec<Fault>,
}

/// A candidate as an import keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ShownPerson {
    pub name: String,
    pub number: String,
    /// Empty where there is none.
    pub phone: String,
    /// Has the invitation a password?
    pub password: bool,
    /// Is there a photo?
    pub photo: bool,
    /// The own time; null: when the interview opens.
    #[schema(required)]
    pub starts_at: Option<Time>,
}

/// A candidate who was known, before an import and after it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ShownChange {
    before: ShownPerson,
    after: ShownPerson,
    /// The list has a password for this person.
    new_password: bool,
    /// There is another photo.
    new_photo: bool,
}

impl Imported {
    /// Counts what these records do to who was there before.
    ///
    /// `pictured` are the rows that bring a photo which is not known.
    pub fn of(
        before: &[CandidateRow],
        records: &[Record],
        listed: &[ListedCandidate],
        pictured: &BTreeSet<usize>,
    ) -> Self {
        let before: BTreeMap<SeatId, &CandidateRow> = before.iter().map(|row| (row.seat, row)).collect();
        let after: BTreeMap<SeatId, ShownPerson> =
            records.iter().filter_map(|record| written(&record.event)).collect();
        let times: BTreeMap<SeatId, Option<Time>> =
            records.iter().filter_map(|record| scheduled(&record.event)).collect();
        let mut imported = Self::default();
        for (index, ListedCandidate { candidate, known }) in listed.iter().enumerate() {
            let (new_photo, written) = (pictured.contains(&index), after.get(&candidate.seat).cloned());
            let time = times.get(&candidate.seat).copied();
            let old = before.get(&candidate.seat).filter(|_| *known).map(|row| as_known(row));
            let Some(mut person) = written.clone().or_else(|| old.clone()) else { continue };
            person.starts_at = time.unwrap_or_else(|| old.as_ref().and_then(|old| old.starts_at));
            person.photo = new_photo || old.as_ref().is_some_and(|old| old.photo);
            imported.without_phone += usize::from(person.phone.is_empty());
            match old {
                None => {
                    imported.added += 1;
                    imported.people.push(person);
                }
                Some(_) if written.is_none() && time.is_none() && !new_photo => imported.unchanged += 1,
                Some(before) => {
                    imported.changed += 1;
                    let new_password = written.is_some() && candidate.password.is_some();
                    imported.changes.push(ShownChange { before, after: person, new_password, new_photo });
                }
            }
        }
        imported.people.truncate(SHOWN);
        imported.changes.truncate(SHOWN);
        imported
    }

    /// With from where it comes.
    pub fn with_source(self, table: Table, plan: &Plan, warnings: Vec<Fault>) -> Self {
        let encoding = table.charset.filter(|charset| *charset != Charset::Utf8);
        Self { encoding, sheet: table.sheet, ignored: plan.ignored(), warnings, ..self }
    }
}

fn as_known(row: &CandidateRow) -> ShownPerson {
    let CandidateRow { name, number, phone, password_set, photo, starts_at, .. } = row.clone();
    ShownPerson { name, number, phone, password: password_set, photo, starts_at }
}

/// The person whom an event enters or rewrites.
fn written(event: &Event) -> Option<(SeatId, ShownPerson)> {
    let (Event::CandidateAdded { seat, name, number, phone, password, .. }
    | Event::CandidateChanged { seat, name, number, phone, password, .. }) = event
    else {
        return None;
    };
    let (name, number, phone) = (name.clone(), number.clone(), phone.clone());
    let (password, photo, starts_at) = (password.is_some(), false, None);
    Some((*seat, ShownPerson { name, number, phone, password, photo, starts_at }))
}

/// The time that an event gives somebody.
const fn scheduled(event: &Event) -> Option<(SeatId, Option<Time>)> {
    match event {
        Event::Turn(TurnEvent::CandidateScheduled { candidate, starts_at }) => Some((*candidate, *starts_at)),
        _ => None,
    }
}
