//! The newest imports of candidates, and whom each has added.

use crate::{Actor, CommandId, Event, Record, SeatId, Time, limit};
use std::collections::{BTreeSet, VecDeque};

/// The newest imports, the newest last.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Imports(VecDeque<Import>);

/// One import.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Import {
    pub(crate) command: CommandId,
    pub(crate) at: Time,
    pub(crate) by: Actor,
    /// Some may be gone since.
    pub(crate) added: BTreeSet<SeatId>,
    /// How many were known.
    pub(crate) changed: u32,
}

impl Imports {
    /// The newest first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Import> {
        self.0.iter().rev()
    }

    /// The import of this command.
    pub(crate) fn of(&self, command: &CommandId) -> Option<&Import> {
        self.0.iter().find(|import| import.command == *command)
    }

    /// Takes in what happened.
    pub(crate) fn note(&mut self, record: &Record) {
        match &record.event {
            Event::CandidatesImported { changed, .. } => {
                if self.0.len() >= limit::IMPORTS {
                    self.0.pop_front();
                }
                let (at, by, command) = (record.at, record.by.clone(), record.command.clone());
                self.0.push_back(Import { command, at, by, added: BTreeSet::new(), changed: *changed });
            }
            Event::CandidateAdded { seat, .. } => {
                let import = self.0.back_mut().filter(|import| import.command == record.command);
                if let Some(import) = import {
                    import.added.insert(*seat);
                }
            }
            _ => {}
        }
    }
}

impl Import {
    /// Until when it can be undone.
    pub(crate) const fn undone_until(&self) -> Time {
        Time(self.at.0.saturating_add(limit::UNDO_IMPORT))
    }
}
