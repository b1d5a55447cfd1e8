//! The staff of rooms: which account each name is, and who would be in two rooms at once.

use super::reading::{PanelCell, RoomColumn, RoomRows, names};
use crate::{account::normalised, http::admin::import::Fault, store::Account};
use std::collections::{BTreeMap, BTreeSet};
use viva_interview::{Role, Time, limit, writing};

/// Somebody of the staff, by the account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    pub account: String,
    pub name: String,
    pub role: Role,
}

/// The accounts that there are, as they are written in tables.
#[derive(Debug)]
pub struct Directory {
    accounts: BTreeMap<String, (String, bool)>,
    names: BTreeMap<String, Vec<String>>,
}

impl Directory {
    /// Of these.
    pub fn of(accounts: Vec<Account>) -> Self {
        let mut names = BTreeMap::<String, Vec<String>>::new();
        for one in accounts.iter().filter(|one| !one.disabled) {
            names.entry(writing::person(&one.name)).or_default().push(one.account.clone());
        }
        let accounts = accounts.into_iter().map(|one| (one.account, (one.name, one.disabled)));
        Self { accounts: accounts.collect(), names }
    }

    /// The staff of a room, as far as it is known who that is.
    pub fn panel(&self, room: &RoomRows, faults: &mut Vec<Fault>) -> Vec<Member> {
        let mut taken = BTreeSet::new();
        let mut panel = Vec::new();
        let parts = [
            (RoomColumn::Examiners, Role::Examiner, &room.examiners),
            (RoomColumn::Hosts, Role::Host, &room.hosts),
        ];
        for (of, role, cell) in parts {
            let Some(cell) = cell else { continue };
            for text in names(&cell.text) {
                match self.account(&text) {
                    Err(problem) => faults.push(fault(cell, of, problem).of(&text)),
                    Ok(account) if !taken.insert(account.clone()) => {
                        faults.push(fault(cell, of, "person_twice").of(&text));
                    }
                    Ok(account) => {
                        let name = self.accounts.get(&account).map(|(name, _)| name.clone());
                        panel.push(Member { name: name.unwrap_or_default(), account, role });
                    }
                }
            }
        }
        if panel.len() > limit::STAFF {
            faults.push(Fault::new(room.line, "examiners", "panel_full").most(limit::STAFF));
        }
        panel
    }

    /// Whose account a text is: the account itself, or the name of one person alone.
    fn account(&self, text: &str) -> Result<String, &'static str> {
        let known = normalised(text).ok().and_then(|account| self.accounts.get_key_value(&account));
        if let Some((account, (_, disabled))) = known {
            return if *disabled { Err("account_disabled") } else { Ok(account.clone()) };
        }
        match self.names.get(&writing::person(text)).map(Vec::as_slice) {
            Some([account]) => Ok(account.clone()),
            Some(_) => Err("account_ambiguous"),
            None => Err("account_unknown"),
        }
    }
}

fn fault(cell: &PanelCell, of: RoomColumn, problem: &'static str) -> Fault {
    Fault::new(cell.line, of.code(), problem).at(cell.column)
}

/// When a room is in use: from its first candidate's time to its last one's, with the time that one takes; all of the
/// interview where somebody has no time.
pub fn in_use(room: &RoomRows, window: (Time, Time), one_takes: u64) -> (Time, Time) {
    let times: Option<Vec<Time>> = room.bodies.iter().map(|body| body.starts_at).collect();
    let times = times.unwrap_or_default();
    match (times.iter().min(), times.iter().max()) {
        (Some(first), Some(last)) => (*first, last.plus(one_takes)),
        _ => window,
    }
}

/// Who would be in two rooms at once: of the later room, with the name of the other.
pub fn clashes(rooms: &[(&RoomRows, &[Member], (Time, Time))], role: Role) -> Vec<Fault> {
    let of = if role == Role::Host { RoomColumn::Hosts } else { RoomColumn::Examiners };
    let mut seats = BTreeMap::<&str, Vec<(usize, &str)>>::new();
    for (index, (_, panel, _)) in rooms.iter().enumerate() {
        for member in panel.iter().filter(|member| member.role == role) {
            seats.entry(&member.account).or_default().push((index, &member.name));
        }
    }
    let mut faults = Vec::new();
    for seats in seats.values() {
        for (place, (index, name)) in seats.iter().enumerate() {
            let Some((room, _, (from, until))) = rooms.get(*index) else { continue };
            let earlier = seats.iter().take(place).filter_map(|(other, _)| rooms.get(*other));
            let other = earlier.into_iter().find(|(_, _, (begin, end))| from < end && begin < until);
            if let Some((other, ..)) = other {
                let cell = if role == Role::Host { &room.hosts } else { &room.examiners };
                let place = Fault::new(room.line, of.code(), "two_rooms");
                let place = cell.as_ref().map_or(place, |cell| fault(cell, of, "two_rooms"));
                faults.push(place.of(&format!("{name} · {} · {}", other.name, room.name)));
            }
        }
    }
    faults.sort_by_key(|fault| fault.row);
    faults
}
