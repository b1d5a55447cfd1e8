//! Which shard a room lives on.

use std::collections::HashMap;
use viva_media::RoomId;

/// Rooms and their shards, and how much each shard does.
///
/// A new room goes where rooms and work are least. Rooms count as well as work, since many rooms are placed in the
/// minutes before the interviews begin, when none of them costs anything yet.
#[derive(Debug)]
pub(crate) struct Placement {
    rooms: HashMap<RoomId, usize>,
    shards: Vec<Share>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Share {
    rooms: usize,
    /// Thousandths of the newest interval spent working.
    busy: u64,
    /// Work since the start, as of the newest sample, µs.
    sampled_us: u64,
    sampled_at_us: u64,
}

impl Placement {
    /// Loads are compared over at least this long.
    const INTERVAL_US: u64 = 1_000_000;

    pub(crate) fn new(shards: usize) -> Self {
        Self { rooms: HashMap::new(), shards: vec![Share::default(); shards] }
    }

    /// Takes a sample of a shard's work since the start.
    pub(crate) fn sample(&mut self, shard: usize, now_us: u64, busy_us: u64) {
        let Some(share) = self.shards.get_mut(shard) else { return };
        let elapsed = now_us.saturating_sub(share.sampled_at_us);
        if elapsed >= Self::INTERVAL_US {
            share.busy = busy_us.saturating_sub(share.sampled_us).saturating_mul(1000) / elapsed;
            share.sampled_us = busy_us;
            share.sampled_at_us = now_us;
        }
    }

    /// The room's shard; a new room, or one whose shard has died, gets one of those alive. `None`: none is.
    pub(crate) fn place(&mut self, room: RoomId, alive: impl Fn(usize) -> bool) -> Option<usize> {
        if let Some(&shard) = self.rooms.get(&room) {
            if alive(shard) {
                return Some(shard);
            }
            self.release(room);
        }
        let all = self.rooms.len() as u64 + 1;
        let cost = |share: &Share| share.busy + share.rooms as u64 * 1000 / all;
        let candidates = self.shards.iter().enumerate().filter(|&(index, _)| alive(index));
        let (index, _) = candidates.min_by_key(|&(index, share)| (cost(share), share.rooms, index))?;
        self.rooms.insert(room, index);
        if let Some(share) = self.shards.get_mut(index) {
            share.rooms += 1;
        }
        Some(index)
    }

    /// The room's shard, if it has one.
    pub(crate) fn find(&self, room: RoomId) -> Option<usize> {
        self.rooms.get(&room).copied()
    }

    /// The room is no more.
    pub(crate) fn release(&mut self, room: RoomId) {
        if let Some(share) = self.rooms.remove(&room).and_then(|shard| self.shards.get_mut(shard)) {
            share.rooms = share.rooms.saturating_sub(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn idle_shards_get_equally_many_rooms() {
        let mut placement = Placement::new(3);
        let mut counts = [0; 3];
        for room in 0..300 {
            counts[placement.place(RoomId(room), |_| true).expect("a shard")] += 1;
        }
        assert_eq!(counts, [100; 3]);
    }

    #[test]
    fn a_room_stays_where_it_is_until_released() {
        let mut placement = Placement::new(2);
        let first = placement.place(RoomId(1), |_| true);
        for other in 10..20 {
            placement.place(RoomId(other), |_| true);
        }
        placement.sample(0, 1_000_000, 1_000_000);
        assert_eq!(placement.place(RoomId(1), |_| true), first);
        placement.release(RoomId(1));
        assert_eq!(placement.find(RoomId(1)), None);
        assert_eq!(placement.place(RoomId(1), |_| true), Some(1), "shard 0 works all the time");
    }

    #[test]
    fn a_working_shard_is_spared() {
        let mut placement = Placement::new(2);
        placement.sample(0, 2_000_000, 1_800_000);
        let chosen: Vec<_> = (0..4).filter_map(|room| placement.place(RoomId(room), |_| true)).collect();
        assert_eq!(chosen, [1, 1, 1, 1]);
    }

    #[test]
    fn a_room_leaves_a_dead_shard() {
        let mut placement = Placement::new(2);
        assert_eq!(placement.place(RoomId(1), |_| true), Some(0));
        assert_eq!(placement.place(RoomId(1), |shard| shard != 0), Some(1));
        assert_eq!(placement.place(RoomId(1), |_| false), None);
    }
}
