//! A hashed timing wheel: all deadlines of a shard, set, moved and dropped in constant time.

use viva_wire::Micros;

/// A tick is 1024 µs.
const TICK_SHIFT: u32 = 10;
/// Ticks of one turn, about a second.
const SLOTS: u64 = 1024;
const WORDS: usize = SLOTS as usize / 64;
/// The end of a list.
const NONE: u32 = u32::MAX;

/// The place of one deadline in a [`Wheel`], kept by whoever the deadline belongs to: at most one entry each.
///
/// A timer that is dropped without [`Wheel::cancel`] expires once more; its owner's key then means nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timer {
    entry: u32,
    generation: u32,
}

impl Default for Timer {
    fn default() -> Self {
        Self { entry: NONE, generation: 0 }
    }
}

#[derive(Debug, Clone, Copy)]
struct Entry<K> {
    key: K,
    /// The first tick at whose beginning the deadline has passed.
    tick: u64,
    /// The list that it is in.
    slot: u16,
    /// Counts the uses of this place, so that an old [`Timer`] does not touch a stranger's entry.
    generation: u32,
    previous: u32,
    next: u32,
}

#[derive(Debug, Clone, Copy)]
struct List {
    first: u32,
    last: u32,
}

/// Deadlines by key, to about a millisecond.
///
/// A deadline expires never early and at most one tick (1024 µs) late. Deadlines of one tick expire in the order in
/// which they were set; the order of everything is a function of the calls alone. Memory grows to the largest number
/// of deadlines held at once and stays.
#[derive(Debug)]
pub struct Wheel<K> {
    entries: Vec<Entry<K>>,
    /// First of the unused entries, linked by `next`.
    free: u32,
    slots: Box<[List; SLOTS as usize]>,
    /// Bit n: slot n is not empty.
    occupied: [u64; WORDS],
    /// The tick that expires next; every entry's slot lies within one turn from here.
    cursor: u64,
    len: usize,
}

impl<K: Copy> Wheel<K> {
    /// An empty wheel with room for `capacity` deadlines before it grows.
    pub fn new(capacity: usize) -> Self {
        Self {
            entries: Vec::with_capacity(capacity),
            free: NONE,
            slots: Box::new([List { first: NONE, last: NONE }; SLOTS as usize]),
            occupied: [0; WORDS],
            cursor: 0,
            len: 0,
        }
    }

    /// Sets the deadline of `timer`, in place of the one it had. [`Micros::NEVER`] cancels it.
    pub fn schedule(&mut self, timer: &mut Timer, key: K, at: Micros) {
        if at == Micros::NEVER {
            return self.cancel(timer);
        }
        let tick = at.0.div_ceil(1 << TICK_SHIFT);
        if let Some(entry) = self.held(*timer) {
            if entry.tick == tick {
                entry.key = key;
                return;
            }
            entry.key = key;
            entry.tick = tick;
            self.unlink(timer.entry);
            self.link(timer.entry);
            return;
        }
        *timer = self.take(key, tick);
        self.link(timer.entry);
    }

    /// Drops the deadline of `timer`, if it has one.
    pub fn cancel(&mut self, timer: &mut Timer) {
        if self.held(*timer).is_some() {
            self.unlink(timer.entry);
            self.release(timer.entry);
        }
        *timer = Timer::default();
    }

    /// Takes out one key whose deadline has passed; call until `None`.
    pub fn expire(&mut self, now: Micros) -> Option<K> {
        let today = now.0 >> TICK_SHIFT;
        while let Some(tick) = self.first_tick().filter(|tick| *tick <= today) {
            self.cursor = tick;
            let index = self.slots[slot_of(tick)].first;
            let entry = *self.entries.get(index as usize)?;
            self.unlink(index);
            if entry.tick <= tick {
                self.release(index);
                return Some(entry.key);
            }
            // Its deadline is more than a turn away from where it was set: put it into this turn.
            self.link(index);
        }
        self.cursor = self.cursor.max(today);
        None
    }

    /// When to call [`Self::expire`] next. A deadline more than a turn (about a second) away may be asked for early,
    /// once a turn; nothing expires then.
    pub fn next(&self) -> Option<Micros> {
        self.first_tick().map(|tick| Micros(tick << TICK_SHIFT))
    }

    /// How many deadlines are set.
    #[cfg(test)]
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Is no deadline set?
    #[cfg(test)]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The first tick from the cursor on whose slot is not empty.
    fn first_tick(&self) -> Option<u64> {
        let start = slot_of(self.cursor);
        let ahead = u64::MAX << (start % 64);
        // The first word is looked at twice: its upper bits first, its lower bits after a whole turn.
        (0..=WORDS).find_map(|step| {
            let word = (start / 64 + step) % WORDS;
            let mask = match step {
                0 => ahead,
                WORDS => !ahead,
                _ => u64::MAX,
            };
            let bits = self.occupied[word] & mask;
            (bits != 0).then(|| {
                let slot = word as u64 * 64 + u64::from(bits.trailing_zeros());
                self.cursor + (slot.wrapping_sub(start as u64) % SLOTS)
            })
        })
    }

    fn held(&mut self, timer: Timer) -> Option<&mut Entry<K>> {
        self.entries.get_mut(timer.entry as usize).filter(|entry| entry.generation == timer.generation)
    }

    fn take(&mut self, key: K, tick: u64) -> Timer {
        self.len += 1;
        let fresh = Entry { key, tick, slot: 0, generation: 1, previous: NONE, next: NONE };
        let index = self.free;
        if let Some(entry) = self.entries.get_mut(index as usize) {
            self.free = entry.next;
            *entry = Entry { generation: entry.generation, ..fresh };
            return Timer { entry: index, generation: entry.generation };
        }
        self.entries.push(fresh);
        Timer { entry: self.entries.len() as u32 - 1, generation: fresh.generation }
    }

    fn release(&mut self, index: u32) {
        self.len -= 1;
        let entry = &mut self.entries[index as usize];
        // No timer names a free entry, nor the next use of this one.
        entry.generation = entry.generation.wrapping_add(1);
        entry.next = self.free;
        self.free = index;
    }

    fn link(&mut self, index: u32) {
        let entry = &mut self.entries[index as usize];
        let tick = entry.tick.clamp(self.cursor, self.cursor + SLOTS - 1);
        let slot = slot_of(tick);
        let list = &mut self.slots[slot];
        entry.slot = slot as u16;
        entry.next = NONE;
        entry.previous = list.last;
        let last = std::mem::replace(&mut list.last, index);
        match self.entries.get_mut(last as usize) {
            Some(last) => last.next = index,
            None => list.first = index,
        }
        self.occupied[slot / 64] |= 1 << (slot % 64);
    }

    fn unlink(&mut self, index: u32) {
        let Entry { slot, previous, next, .. } = self.entries[index as usize];
        let slot = usize::from(slot);
        let list = &mut self.slots[slot];
        match self.entries.get_mut(previous as usize) {
            Some(previous) => previous.next = next,
            None => list.first = next,
        }
        match self.entries.get_mut(next as usize) {
            Some(next) => next.previous = previous,
            None => list.last = previous,
        }
        if list.first == NONE {
            self.occupied[slot / 64] &= !(1 << (slot % 64));
        }
    }
}

const fn slot_of(tick: u64) -> usize {
    (tick % SLOTS) as usize
}

#[cfg(test)]
mod tests;
