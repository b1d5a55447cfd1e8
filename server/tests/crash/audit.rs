//! The audit as it is exported, and the interview that follows from it.

use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// A line of it, as far as it matters here.
#[derive(Debug, Clone, Deserialize)]
pub struct Line {
    seq: usize,
    at: String,
    actor: String,
    pub event: String,
    pub seat: Option<String>,
    pub detail: String,
    pub command: String,
}

/// All of it.
#[derive(Debug, Default)]
pub struct Audit {
    texts: Vec<String>,
    pub lines: Vec<Line>,
    by_command: BTreeMap<(String, String), Vec<usize>>,
}

impl Audit {
    /// Reads it: numbers without a gap, times that never go back, and each command in one place.
    pub fn read(text: &str) -> Self {
        let texts: Vec<String> = text.lines().map(str::to_owned).collect();
        let lines: Vec<Line> = texts.iter().map(|text| serde_json::from_str(text).unwrap()).collect();
        let mut by_command: BTreeMap<_, Vec<usize>> = BTreeMap::new();
        for (place, line) in lines.iter().enumerate() {
            assert_eq!(line.seq, place + 1, "the numbers have no gap");
            by_command.entry((line.actor.clone(), line.command.clone())).or_default().push(place);
        }
        assert!(lines.is_sorted_by(|a, b| a.at <= b.at), "time never goes back");
        for ((actor, command), places) in &by_command {
            let together = places.is_sorted_by(|a, b| a + 1 == *b);
            assert!(together, "{command} of {actor} was done twice: {places:?}");
        }
        Self { texts, lines, by_command }
    }

    /// What stood there before stands there still.
    pub fn continues(&self, before: &Self) {
        assert!(self.texts.starts_with(&before.texts), "the audit was rewritten or has lost its end");
    }

    /// The lines of a seat's command.
    pub fn of(&self, seat: &str, command: &str) -> Vec<&Line> {
        let places = self.by_command.get(&(format!("seat:{seat}"), command.to_owned()));
        places.into_iter().flatten().map(|place| &self.lines[*place]).collect()
    }

    /// The commands of a seat.
    pub fn commands(&self, seat: &str) -> BTreeSet<&str> {
        let actor = format!("seat:{seat}");
        self.by_command.keys().filter(|(by, _)| *by == actor).map(|(_, command)| command.as_str()).collect()
    }

    /// How often this happened with a seat, told with a detail that begins so.
    pub fn count(&self, seat: &str, event: &str, detail: &str) -> usize {
        let is = |line: &&Line| {
            line.event == event && line.seat.as_deref() == Some(seat) && line.detail.starts_with(detail)
        };
        self.lines.iter().filter(is).count()
    }

    /// The detail of the last time.
    pub fn last(&self, seat: &str, event: &str) -> Option<&str> {
        let is = |line: &&Line| line.event == event && line.seat.as_deref() == Some(seat);
        self.lines.iter().rev().find(is).map(|line| line.detail.as_str())
    }

    /// The index of the stage that is true for a seat: of the current candidate the own one, else that of all.
    pub fn stage(&self, seat: Option<&str>) -> u64 {
        let (mut all, mut own, mut current) = (0, 0, None);
        for line in &self.lines {
            let stage = || line.detail.trim_start_matches("stage ").parse().unwrap();
            match line.event.as_str() {
                "called" => (own, current) = (all, line.seat.as_deref()),
                "finished" | "sent_back" => current = None,
                "stage_entered" => (all, own) = (stage(), stage()),
                "candidate_stage_entered" if line.seat.as_deref() == current => own = stage(),
                _ => {}
            }
        }
        if seat.is_some() && seat == current { own } else { all }
    }

    /// Whose turn it is.
    pub fn current(&self) -> Option<&str> {
        let moves = ["called", "finished", "sent_back"];
        let last = self.lines.iter().rev().find(|line| moves.contains(&line.event.as_str()))?;
        last.seat.as_deref().filter(|_| last.event == "called")
    }

    /// Where a candidate is, whose invitation may have a password.
    pub fn step(&self, seat: &str, password: bool) -> &'static str {
        let own = self.lines.iter().filter(|line| line.seat.as_deref() == Some(seat));
        own.fold("invited", |step, line| match (line.event.as_str(), step) {
            ("entered", "invited") if password => "password",
            ("entered", "invited") | ("password_passed", _) => "identity",
            ("identity_passed", _) => "speaker",
            ("checked", "speaker") => "microphone",
            ("checked", "microphone") => "camera",
            ("checked", "camera") | ("finished" | "sent_back", _) => "waiting",
            ("called", _) => "admitted",
            _ => step,
        })
    }

    /// What was said, the oldest first: the last words of each line.
    pub fn said(&self) -> Vec<&str> {
        let said = self.lines.iter().filter(|line| line.event == "said");
        said.map(|line| line.detail.rsplit(": ").next().unwrap()).collect()
    }
}
