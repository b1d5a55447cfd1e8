//! One person's data as a ZIP that people can read: JSON, CSV and pictures.

use super::Person;
use crate::{
    problem::Problem,
    store::{Message, Store},
};
use serde_json::{Value, json};
use std::{
    fmt::Display,
    io::{self, Seek, Write},
};
use viva_interview::{AuditLine, Cell, Event, FaceTrial, PaperEvent, Presence, Record, Table, Time};
use viva_signaling::message::ErrorCode;
use zip::{ZipWriter, write::SimpleFileOptions};

/// Fields of events that open something: they are handed out to nobody.
const SECRETS: [&str; 4] = ["code", "password", "digest", "salt"];

const ABOUT: &str = "\
person.json    who this is, and what the person may see of the interview\n\
records.json   everything that was recorded of the person, in the order of time\n\
records.csv    the same as lines of the audit\n\
messages.csv   SMS to the person; texts with codes are erased early\n\
photo.*        the reference photo\n\
paper-*        the papers, by their numbers\n\
face-*.jpg     what the camera showed when faces were compared\n";

impl Person {
    /// Writes it all.
    ///
    /// # Errors
    /// The store fails, or what is written to does.
    pub async fn archive<W: Write + Seek + Send>(&self, store: &dyn Store, to: W) -> Result<W, Problem> {
        let (interview, seat) = (self.found.interview.0, self.found.seat.0);
        let mut zip = ZipWriter::new(to);
        add(&mut zip, "about.txt", ABOUT.as_bytes())?;
        add(&mut zip, "person.json", &pretty(&self.summary())?)?;
        let records = self.records.iter().map(|(seq, record)| told(*seq, record)).collect::<Value>();
        add(&mut zip, "records.json", &pretty(&records)?)?;
        let lines = self.records.iter().map(|(seq, record)| self.interview.audit(*seq, record));
        add(&mut zip, "records.csv", AuditLine::table(lines, None).csv().as_bytes())?;
        let messages = store.messages_of_seat(interview, seat).await?;
        add(&mut zip, "messages.csv", table(messages).csv().as_bytes())?;
        if let Some(photo) = store.photo(interview, seat).await? {
            let name = if photo.content_type == "image/png" { "photo.png" } else { "photo.jpg" };
            add(&mut zip, name, &photo.bytes)?;
        }
        for picture in self.records.iter().filter_map(|(_, record)| picture(&record.event)) {
            if let Some(kept) = store.face_picture(interview, seat, picture).await? {
                add(&mut zip, &format!("face-{picture}.jpg"), &kept.bytes)?;
            }
        }
        for (number, extension) in self.records.iter().filter_map(|(_, record)| paper(&record.event)) {
            if let Some(kept) = store.paper(interview, seat, number).await? {
                add(&mut zip, &format!("paper-{number}.{extension}"), &kept)?;
            }
        }
        zip.finish().map_err(|error| failed(&error))
    }

    fn summary(&self) -> Value {
        let found = &self.found;
        json!({
            "interview": { "id": found.interview, "name": found.interview_name },
            "seat": found.seat,
            "name": found.name,
            "number": found.number,
            "phone": found.phone,
            "removed": found.removed,
            "at": self.now.to_string(),
            "view": self.interview.view(found.seat, self.now, &Presence::new()),
        })
    }
}

fn picture(event: &Event) -> Option<u32> {
    match event {
        Event::FaceCompared { trial: FaceTrial { picture, .. }, .. }
        | Event::FaceLookedAt { trial: FaceTrial { picture, .. }, .. } => *picture,
        _ => None,
    }
}

fn paper(event: &Event) -> Option<(u32, &'static str)> {
    match event {
        Event::Paper(PaperEvent::PaperAdded { number, paper, .. }) => Some((*number, paper.kind.extension())),
        _ => None,
    }
}

fn told(seq: u64, record: &Record) -> Value {
    let mut event = serde_json::to_value(&record.event).unwrap_or_default();
    if let Value::Object(fields) = &mut event {
        fields.retain(|name, _| !SECRETS.contains(&name.as_str()));
    }
    json!({ "seq": seq, "at": record.at.to_string(), "by": record.by.to_string(), "event": event })
}

fn table(messages: Vec<Message>) -> Table {
    let headings = ["at", "phone", "kind", "state", "text"].map(str::to_owned).into();
    let row = |Message { content, state, .. }: Message| {
        let at = Time(content.at).to_string();
        let texts = [at, content.phone, content.kind, state.as_str().to_owned(), content.text];
        texts.map(Cell::Text).into()
    };
    Table { headings, rows: messages.into_iter().map(row).collect() }
}

fn pretty(value: &Value) -> Result<Vec<u8>, Problem> {
    serde_json::to_vec_pretty(value).map_err(|error| failed(&error))
}

fn add<W: Write + Seek>(zip: &mut ZipWriter<W>, name: &str, bytes: &[u8]) -> Result<(), Problem> {
    let started = zip.start_file(name, SimpleFileOptions::default()).map_err(io::Error::from);
    started.and_then(|()| zip.write_all(bytes)).map_err(|error| failed(&error))
}

fn failed(error: &dyn Display) -> Problem {
    Problem::new(ErrorCode::Internal, error.to_string())
}
