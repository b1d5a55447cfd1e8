//! Scenarios: who is in a room, what they send and see, and what is measured of it. One TOML file each.

use serde::{Deserialize, Serialize};
use std::path::Path;

/// The scenarios that come with the program.
const OWN: [(&str, &str); 16] = [
    ("interview-1x6", include_str!("../scenarios/interview-1x6.toml")),
    ("panel-wall-36", include_str!("../scenarios/panel-wall-36.toml")),
    ("briefing-1x1000", include_str!("../scenarios/briefing-1x1000.toml")),
    ("growth-1x5000", include_str!("../scenarios/growth-1x5000.toml")),
    ("audio-10x3000", include_str!("../scenarios/audio-10x3000.toml")),
    ("all-150x150", include_str!("../scenarios/all-150x150.toml")),
    ("join-storm", include_str!("../scenarios/join-storm.toml")),
    ("join-storm-busy", include_str!("../scenarios/join-storm-busy.toml")),
    ("reconnect-storm", include_str!("../scenarios/reconnect-storm.toml")),
    ("layer-switch", include_str!("../scenarios/layer-switch.toml")),
    ("lossy", include_str!("../scenarios/lossy.toml")),
    ("feedback-1x100", include_str!("../scenarios/feedback-1x100.toml")),
    ("silence-1x100", include_str!("../scenarios/silence-1x100.toml")),
    ("junk-flood", include_str!("../scenarios/junk-flood.toml")),
    ("faces-1x100", include_str!("../scenarios/faces-1x100.toml")),
    ("idle-rooms", include_str!("../scenarios/idle-rooms.toml")),
];

/// What `viva-bench run` measures under one name.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// Its name; that of its file.
    #[serde(skip)]
    pub name: String,
    /// One sentence that says what it stands for.
    pub about: String,
    /// What is measured.
    pub measure: Measure,
    /// Rooms at the beginning.
    #[serde(default = "one")]
    pub rooms: usize,
    /// How long each measurement lasts.
    #[serde(default = "ten")]
    pub seconds: u64,
    /// What the network loses.
    #[serde(default)]
    pub loss: Loss,
    /// Datagrams a second that belong to nobody.
    #[serde(default)]
    pub junk: u32,
    /// Candidates whose faces are checked at once.
    #[serde(default)]
    pub faces: usize,
    /// Everybody changes the size of every picture so often.
    pub switch_milliseconds: Option<u64>,
    /// Who is in a room.
    #[serde(rename = "seat")]
    pub seats: Vec<Seats>,
}

/// What is measured.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Measure {
    /// The rooms as they are.
    Steady,
    /// Rooms are added until it is too much.
    Capacity {
        /// Rooms that are added each time, as a part of those that stand: 0.5 is half as many more.
        growth: f64,
        /// The most rooms.
        most: usize,
        /// Packets lost, in percent, at which it is too much.
        loss_percent: f64,
        /// The 99th percentile of the delay at which it is too much.
        delay_milliseconds: f64,
    },
    /// One measurement for each size of a role.
    Growth {
        /// The role whose number changes.
        role: String,
        sizes: Vec<usize>,
    },
    /// Everybody comes at once.
    Storm {
        /// How many clients come.
        clients: usize,
        /// In so many seconds.
        within_seconds: f64,
        /// After they are all there they vanish, and come again.
        again: bool,
        /// Rooms of the same seats that run already, and what becomes of their media meanwhile is measured.
        #[serde(default)]
        beside: usize,
    },
    /// Memory of quiet rooms.
    Idle {
        /// How many rooms.
        rooms: usize,
    },
}

/// Seats of one role.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seats {
    pub role: String,
    /// How many in a room.
    #[serde(default = "one")]
    pub count: usize,
    /// What each sends.
    #[serde(default)]
    pub sends: Vec<Source>,
    /// What each sees of the others.
    #[serde(default)]
    pub sees: Vec<Sight>,
    /// How many voices each hears at a time.
    #[serde(default)]
    pub voices: usize,
    /// Comes by WHEP instead of the WebSocket, and sees what it is given.
    #[serde(default)]
    pub whep: bool,
    /// Its packets are counted and not opened; for rooms whose receivers the load could not keep up with otherwise.
    #[serde(default)]
    pub unread: bool,
    /// Tells nothing of what came of each packet (no transport-wide feedback), so that nothing is known of its line.
    #[serde(default)]
    pub silent: bool,
}

/// What somebody sees.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sight {
    /// Of everybody with this role, in the own room; with `everywhere`, in all rooms.
    pub role: String,
    /// Which picture of theirs.
    pub source: Source,
    /// The height of the tile.
    pub height: u16,
    /// The most of them.
    #[serde(default = "all")]
    pub most: usize,
}

/// What somebody sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// A face, in three layers.
    Camera,
    /// A desk, in three layers.
    SecondCamera,
    Microphone,
}

/// What the network loses of media, in percent.
#[derive(Debug, Clone, Copy, PartialEq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Loss {
    /// On the way to the server.
    pub up_percent: f64,
    /// On the way from the server.
    pub down_percent: f64,
}

const fn one() -> usize {
    1
}

const fn ten() -> u64 {
    10
}

const fn all() -> usize {
    usize::MAX
}

impl Scenario {
    /// Names of the scenarios that come with the program.
    pub fn names() -> impl Iterator<Item = &'static str> {
        OWN.iter().map(|(name, _)| *name)
    }

    /// A scenario of the program, or of a file.
    ///
    /// # Errors
    /// Where there is none, or it cannot be read.
    pub fn load(name: &str) -> Result<Self, String> {
        if let Some((name, text)) = OWN.iter().find(|(own, _)| *own == name) {
            return Self::parse(name, text);
        }
        let path = Path::new(name);
        let known = || Self::names().collect::<Vec<_>>().join(", ");
        let text = std::fs::read_to_string(path)
            .map_err(|error| format!("{name} is neither a file ({error}) nor one of: {}", known()))?;
        Self::parse(&path.file_stem().unwrap_or_default().to_string_lossy(), &text)
    }

    fn parse(name: &str, text: &str) -> Result<Self, String> {
        let mut scenario: Self = toml::from_str(text).map_err(|error| format!("scenario {name}: {error}"))?;
        name.clone_into(&mut scenario.name);
        Ok(scenario)
    }

    /// The same with another number of one role.
    pub fn with(&self, role: &str, count: usize) -> Self {
        let mut scenario = self.clone();
        for seats in scenario.seats.iter_mut().filter(|seats| seats.role == role) {
            seats.count = count;
        }
        scenario
    }

    /// Clients in one room.
    pub fn clients(&self) -> usize {
        self.seats.iter().map(|seats| seats.count).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scenarios_of_the_program_can_be_read_and_see_roles_that_are_there() {
        for name in Scenario::names() {
            let scenario = Scenario::load(name).expect("a scenario");
            for sight in scenario.seats.iter().flat_map(|seats| &seats.sees) {
                let seen = scenario.seats.iter().find(|seats| seats.role == sight.role);
                assert!(seen.is_some_and(|seats| seats.sends.contains(&sight.source)), "{name}: {sight:?}");
            }
            if let Measure::Growth { role, .. } = &scenario.measure {
                assert!(scenario.seats.iter().any(|seats| seats.role == *role), "{name}");
            }
        }
    }

    #[test]
    fn an_unknown_key_and_an_unknown_scenario_are_told() {
        let error =
            Scenario::parse("x", "about = ''\nspeed = 3\n[measure]\nkind = 'steady'").expect_err("a key");
        assert!(error.contains("speed"), "{error}");
        assert!(Scenario::load("no-such").expect_err("nothing").contains("interview-1x6"));
    }
}
