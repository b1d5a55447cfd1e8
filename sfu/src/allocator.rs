//! The allocator of one receiver: what each of its tiles gets of what the line carries.
//!
//! Sound comes first and is not shared out here. Of what is left, every tile gets its smallest step as long as there is
//! something, in the order of their priority; then the first in that order is raised as far as it goes, then the next. What a
//! tile has already it keeps at its price; what it does not have yet must fit with some room to spare, so that nothing goes
//! up and down with every estimate.

use crate::{key::SlotKey, selector::Target};
use std::{cmp::Reverse, time::Duration};
use viva_media::{MAX_LAYERS, Priority};
use viva_wire::Micros;

/// Steps of one tile, at most: each layer with all and with half of its pictures, the smallest one with fewer still.
pub const MAX_STEPS: usize = 2 * MAX_LAYERS + 1;

/// Of a hundred parts of the estimate, so many may be used by what is not sent yet.
const RAISED_SHARE: u64 = 90;

/// What is sent already may be so many parts of a hundred more than the budget, while the line bears it.
const KEPT_MORE: u64 = 1;
/// And so many where it would be paused otherwise.
const HELD_MORE: u64 = 5;

/// After a step down nothing is raised for so long, at first; longer each time that a raise is soon taken back.
const PAUSE: Duration = Duration::from_millis(1_500);
const LONGEST_PAUSE: Duration = Duration::from_secs(24);
/// A raise that stands for so long was right.
const PROVED: Duration = Duration::from_secs(12);

/// One way to send a picture, and what it costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    pub target: Target,
    /// Bits a second on the wire.
    pub bits: u64,
}

/// The ways to send a picture, each dearer and better than the one before.
#[derive(Debug, Clone, Copy, Default)]
pub struct Steps {
    steps: [Option<Step>; MAX_STEPS],
    len: usize,
}

impl Steps {
    /// Appends a better step. What is not cheaper than it is no step at all.
    pub fn push(&mut self, step: Step) {
        while self.last().is_some_and(|last| last.bits >= step.bits) {
            self.len -= 1;
        }
        if let Some(free) = self.steps.get_mut(self.len) {
            *free = Some(step);
            self.len += 1;
        }
    }

    /// The step at this place, counted from the cheapest.
    pub fn get(&self, place: usize) -> Option<Step> {
        self.steps.get(..self.len)?.get(place).copied().flatten()
    }

    /// The best of them.
    pub fn last(&self) -> Option<Step> {
        self.get(self.len.checked_sub(1)?)
    }

    fn place(&self, target: Target) -> Option<usize> {
        let is_it = |step: &Option<Step>| step.is_some_and(|step| step.target == target);
        self.steps.get(..self.len)?.iter().position(is_it)
    }
}

/// One tile of the receiver that has something to show.
#[derive(Debug, Clone, Copy)]
pub struct Tile {
    pub slot: SlotKey,
    /// Tiles of a higher priority come first, then larger ones.
    pub priority: Priority,
    /// Rows of the tile, in device pixels.
    pub height: u16,
    /// What it could be sent.
    pub steps: Steps,
    /// What it is to be sent by the last decision.
    pub now: Option<Target>,
    /// It is new, and not empty for want of room.
    pub fresh: bool,
    /// Its least is not to be paused: it has just come back, and its key frame takes what it takes; or nothing is known of the
    /// line before something is sent.
    pub firm: bool,
    /// Places among the steps.
    had: Option<usize>,
    gets: Option<usize>,
}

impl Tile {
    /// A tile of this height that could be sent each of `steps`; new, as it seems.
    pub const fn new(slot: SlotKey, height: u16, steps: Steps) -> Self {
        Self {
            slot,
            priority: Priority::Usual,
            height,
            steps,
            now: None,
            fresh: true,
            firm: false,
            had: None,
            gets: None,
        }
    }

    /// What it was to be sent by the last decision, and whether that left it paused.
    pub const fn after(mut self, now: Option<Target>, paused: bool) -> Self {
        self.now = now;
        self.fresh = !paused;
        self
    }

    /// What it gets; `None`: it is paused.
    pub fn gets(&self) -> Option<Step> {
        self.steps.get(self.gets?)
    }

    /// It gets a smaller layer than it had, or fewer pictures.
    pub fn is_lowered(&self) -> bool {
        self.had.is_some() && self.gets < self.had
    }

    /// Its next step is one that it had.
    fn keeps(&self) -> bool {
        self.had.is_some_and(|had| self.gets.is_none_or(|gets| gets < had))
    }

    /// Its next step is the same picture more often.
    fn may_move_more(&self) -> bool {
        let next = self.next().and_then(|(place, _)| self.steps.get(place));
        self.gets().zip(next).is_some_and(|(now, next)| now.target.layer == next.target.layer)
    }

    fn bits_at(&self, place: Option<usize>) -> u64 {
        place.and_then(|place| self.steps.get(place)).map_or(0, |step| step.bits)
    }

    /// The next better step after the one that it gets, and how much more that is.
    fn next(&self) -> Option<(usize, u64)> {
        let place = self.gets.map_or(0, |place| place + 1);
        self.steps.get(place).map(|step| (place, step.bits - self.bits_at(self.gets)))
    }
}

/// What a decision amounts to, in bits a second.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Plan {
    /// What is sent from now on.
    pub bits: u64,
    /// What would be sent if the line carried everything.
    pub full: u64,
    /// What the line must carry for the next step up; `full` or more where there is none.
    pub next: u64,
}

/// When the tiles of one receiver may be raised again.
#[derive(Debug, Clone, Copy)]
pub struct Allocator {
    /// Nothing is raised before.
    raise_at: Micros,
    pause: Duration,
    /// The newest raise.
    raised: Option<Micros>,
}

impl Default for Allocator {
    fn default() -> Self {
        Self { raise_at: Micros(0), pause: PAUSE, raised: None }
    }
}

impl Allocator {
    /// Shares `budget` bits a second among the tiles; sorts them by who comes first. What is sent already may be somewhat more
    /// while the line is not `congested`: what it costs varies, and the line shows soon if it is too much.
    pub fn share(&mut self, now: Micros, budget: u64, congested: bool, tiles: &mut [Tile]) -> Plan {
        tiles.sort_by_key(|tile| (Reverse(tile.priority), Reverse(tile.height)));
        let mut had = 0;
        for tile in tiles.iter_mut() {
            tile.had = tile.now.and_then(|target| tile.steps.place(target));
            tile.gets = None;
            had += tile.bits_at(tile.had);
        }
        let spare = budget / 100 * RAISED_SHARE;
        let raised = if now < self.raise_at { 0 } else { spare };
        let more = |parts| if congested { budget } else { budget.saturating_add(budget / 100 * parts) };
        let (held, kept) = (more(HELD_MORE), more(KEPT_MORE));
        let mut share = Share { held, kept, spare, raised, used: 0 };
        if let Some((first, others)) = tiles.split_first_mut() {
            // One picture that moves is worth more than several that hardly do: where somebody must be paused, it moves well.
            share.raise(first);
            share.raise(first);
            while !share.has_room_for(others) && first.may_move_more() && share.raise(first).is_some() {}
            for tile in others {
                share.raise(tile);
            }
        }
        for group in tiles.chunk_by_mut(|a, b| (a.priority, a.height) == (b.priority, b.height)) {
            // Equals first keep what they have, then rise together, step by step.
            for keep in [true, false] {
                while group
                    .iter_mut()
                    .filter(|tile| tile.keeps() == keep)
                    .filter_map(|tile| share.raise(tile))
                    .count()
                    > 0
                {}
            }
        }
        self.note(now, kept, had, tiles);
        let full: u64 = tiles.iter().filter_map(|tile| tile.steps.last()).map(|step| step.bits).sum();
        let next = tiles.iter().filter_map(Tile::next).map(|(_, more)| more).min();
        let next = next.map_or(full, |more| share.used + more);
        Plan { bits: share.used, full, next: next * 100 / RAISED_SHARE }
    }

    /// Notes whether something was raised, or taken back for want of room.
    fn note(&mut self, now: Micros, kept: u64, had: u64, tiles: &[Tile]) {
        if had > kept {
            let soon = self.raised.take().is_some_and(|raised| now.since(raised) < PROVED);
            self.pause = if soon { (self.pause * 2).min(LONGEST_PAUSE) } else { PAUSE };
            self.raise_at = now + self.pause;
        } else if tiles.iter().any(|tile| tile.had.is_some() && tile.gets > tile.had) {
            self.raised = Some(now);
        }
    }
}

/// What is left while it is shared out.
struct Share {
    /// What may be used for the least of what is sent already …
    held: u64,
    /// … for the rest of it …
    kept: u64,
    /// … for what is new …
    spare: u64,
    /// … and for what is to become better, or comes back.
    raised: u64,
    used: u64,
}

impl Share {
    /// Each of these tiles can have its next step.
    fn has_room_for(&self, tiles: &[Tile]) -> bool {
        let mut used = self.used;
        tiles.iter().all(|tile| {
            let Some((place, more)) = tile.next() else { return true };
            used += more;
            used <= self.limit(tile, place)
        })
    }

    /// What may be used at most with this step of a tile.
    fn limit(&self, tile: &Tile, place: usize) -> u64 {
        match tile.had {
            _ if place == 0 && tile.firm => u64::MAX,
            Some(_) if place == 0 => self.held,
            Some(had) if place <= had => self.kept,
            None if tile.fresh => self.spare,
            _ => self.raised,
        }
    }

    /// Gives the tile its next step if that fits.
    fn raise(&mut self, tile: &mut Tile) -> Option<()> {
        let (place, more) = tile.next()?;
        if self.used + more > self.limit(tile, place) {
            return None;
        }
        self.used += more;
        tile.gets = Some(place);
        Some(())
    }
}

#[cfg(test)]
mod tests;
