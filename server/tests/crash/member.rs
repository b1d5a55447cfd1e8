//! Somebody with a seat in the room: what they wanted, what was answered, and whether that is so.

use super::{audit::Audit, dice::Dice, seat::Seat, world::World};
use serde_json::{Value, json};
use std::time::Duration;

/// Lines of chat that are told to who comes.
pub const SHOWN: usize = 100;

/// What was answered to an act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Nothing has come: it may have happened or not.
    Missing,
    Done,
    Refused(String),
}

/// One act.
#[derive(Debug, Clone)]
pub struct Wish {
    pub command: String,
    /// What the audit calls it.
    pub event: &'static str,
    /// What its line tells.
    pub detail: String,
    /// Once done it has its line; of others it may have been so already.
    certain: bool,
    action: Value,
    pub answer: Answer,
}

impl Wish {
    /// An act that has its line in the audit when it is done.
    pub fn new(event: &'static str, detail: impl Into<String>, action: Value) -> Self {
        let detail = detail.into();
        Self { command: String::new(), event, detail, certain: true, action, answer: Answer::Missing }
    }

    /// What this act wants may be so already.
    pub fn perhaps(self) -> Self {
        Self { certain: false, ..self }
    }

    /// Which candidate it is about.
    pub fn of(&self) -> Option<&str> {
        self.action["candidate"].as_str()
    }

    /// The remark of a sheet.
    pub fn remark(&self) -> Option<&str> {
        self.action["remark"].as_str()
    }
}

/// Who sits in a seat, over all rounds.
pub struct Member {
    pub seat: String,
    token: String,
    session: Option<String>,
    /// Seat, name and role as they were first told.
    who: Option<Value>,
    pub wishes: Vec<Wish>,
    pub dice: Dice,
}

impl Member {
    pub fn new(seat: &str, token: &str, dice: Dice) -> Self {
        let (seat, token) = (seat.to_owned(), token.to_owned());
        Self { seat, token, session: None, who: None, wishes: Vec::new(), dice }
    }

    /// Takes the seat with the token of the first time; it is the same seat.
    pub async fn enter(&mut self, base: &str) -> Option<Seat> {
        let seat = Seat::take(base, &self.token, self.session.as_deref()).await?;
        self.session = Some(seat.session.clone());
        let who = json!([seat.view["seat"], seat.view["person"], seat.view["role"]]);
        assert_eq!(who[0], self.seat, "the token leads to its seat");
        assert_eq!(*self.who.get_or_insert_with(|| who.clone()), who, "the seat is the same as before");
        Some(seat)
    }

    /// Wants something; whether it was done.
    pub async fn wish(&mut self, world: &World, seat: &mut Seat, wish: Wish) -> Option<bool> {
        let command = format!("{}-{}", self.seat, self.wishes.len() + 1);
        self.wishes.push(Wish { command, ..wish });
        let done = self.ask(world, seat).await?;
        // A page that is not sure asks once more.
        if done && self.dice.once_in(6) {
            assert!(self.ask(world, seat).await?, "a repeated command is answered as before");
        }
        Some(done)
    }

    /// Back after a kill, asks once more what was asked last, whether it was answered or not. Then says a line and waits for
    /// it, so that what is known from there on is new.
    pub async fn again(&mut self, world: &World, seat: &mut Seat, say: impl Fn(&str) -> Wish) -> Option<()> {
        if self.wishes.last().is_some_and(|wish| !matches!(wish.answer, Answer::Refused(_))) {
            self.ask(world, seat).await?;
        }
        let text = self.text();
        let wish = say(&text);
        if self.wish(world, seat, wish).await? {
            let told = |view: &Value| view["messages"].to_string().contains(&text);
            return seat.until(|view| told(view) || shows(&view["incidents"], &text)).await;
        }
        // Whatever is answered, what was told at the coming stands before it.
        let newest = self.wishes.last().map(|wish| &wish.answer);
        assert_eq!(newest, Some(&Answer::Refused("rate_limited".to_owned())), "everybody may say something");
        Some(())
    }

    /// A text that nobody else has.
    pub fn text(&self) -> String {
        format!("{}#{}", self.seat, self.wishes.len() + 1)
    }

    /// Rests for some thousandths of a second, the socket read all the while.
    pub async fn rest(&mut self, seat: &mut Seat, least: u64, most: u64) -> Option<()> {
        seat.listen(Duration::from_millis(least + self.dice.below(most - least))).await
    }

    async fn ask(&mut self, world: &World, seat: &mut Seat) -> Option<bool> {
        let wish = self.wishes.last_mut().expect("something was wanted");
        let sent = world.moment.sent();
        let answer = seat.act(&wish.command, &wish.action).await?;
        world.moment.answered(sent);
        let before =
            std::mem::replace(&mut wish.answer, answer.map_or_else(Answer::Refused, |()| Answer::Done));
        assert!(
            before == Answer::Missing || before == wish.answer,
            "{wish:?} was answered {before:?} before"
        );
        Some(wish.answer == Answer::Done)
    }

    /// Everything that was answered as done stands in the audit, once, and nothing that was refused or never asked. How many
    /// were not answered, and how many of those are there.
    pub fn check(&self, audit: &Audit) -> (usize, usize) {
        let (mut missing, mut stored) = (0, 0);
        for wish in &self.wishes {
            let lines = audit.of(&self.seat, &wish.command);
            let allowed = match &wish.answer {
                Answer::Done if wish.certain => 1..=1,
                Answer::Done | Answer::Missing => 0..=1,
                Answer::Refused(_) => 0..=0,
            };
            assert!(allowed.contains(&lines.len()), "{wish:?} has {} lines: {lines:?}", lines.len());
            for line in &lines {
                assert!(line.event == wish.event && line.detail.contains(&wish.detail), "{wish:?}: {line:?}");
            }
            if wish.answer == Answer::Missing {
                missing += 1;
                stored += lines.len();
            }
        }
        let asked = |command: &str| self.wishes.iter().any(|wish| wish.command == command);
        // What comes over HTTP has ids of the server.
        let strange: Vec<_> =
            audit.commands(&self.seat).into_iter().filter(|id| id.contains('-') && !asked(id)).collect();
        assert!(strange.is_empty(), "nobody asked for {strange:?}");
        (missing, stored)
    }

    /// The wishes of this kind that were done.
    pub fn done(&self, event: &str) -> impl Iterator<Item = &Wish> {
        self.wishes.iter().filter(move |wish| wish.event == event && wish.answer == Answer::Done)
    }

    /// Every line that this seat reads stands there once, and what it said is among them, as far as it was told at the coming.
    pub fn reads(&self, view: &Value, audit: &Audit) {
        let lines: Vec<&str> =
            view["messages"].as_array().unwrap().iter().map(|line| line["text"].as_str().unwrap()).collect();
        let mut once = lines.clone();
        once.sort_unstable();
        once.dedup();
        assert_eq!(once.len(), lines.len(), "no line twice");
        let said = audit.said();
        let newest = &said[said.len().saturating_sub(SHOWN)..];
        for wish in self.done("said").filter(|wish| newest.contains(&wish.detail.as_str())) {
            assert!(lines.contains(&wish.detail.as_str()), "{wish:?} is not shown");
        }
    }
}

/// Is there an incident of this note?
fn shows(incidents: &Value, note: &str) -> bool {
    incidents.as_array().is_some_and(|incidents| incidents.iter().any(|incident| incident["note"] == note))
}
