//! Encodings that are much larger than the tile that shows them, since nothing smaller is sent: a receiver takes few.

use super::Room;
use crate::{
    key::{PublicationKey, SlotKey, TransportKey},
    shared::Shared,
    slot::{Held, Slot},
};
use std::{cmp::Reverse, time::Duration};
use viva_media::{MediaKind, Priority};
use viva_wire::Micros;

/// A picture of more than this many times the tile's rows, thus four times its pixels, is oversize …
const TIMES: u32 = 2;
/// … if it takes more than so many bits a second: less costs no receiver much.
const MODEST: u64 = 1_000_000;
/// It is so for good when so many looks in a row have found it so: a smaller encoding that was paused takes a second to come.
const LOOKS: u8 = 3;
/// A tile that was emptied is tried again after so long: its publisher may send less, or something smaller, by then.
const AGAIN: Duration = Duration::from_secs(30);

/// A tile that shows, or would show, something oversize.
struct Oversize {
    slot: SlotKey,
    source: PublicationKey,
    priority: Priority,
    height: u16,
    bits: u64,
    held: bool,
}

impl Room {
    /// Once a second for each receiver: what is oversize fills tiles as far as [`crate::Limits::oversize`] goes, the larger
    /// tiles first. The others are emptied, and filled again when there is room: sooner where their tile grows.
    pub fn look_at_oversize(&mut self, shared: &mut Shared, now: Micros, key: TransportKey) {
        let mut tiles = Vec::new();
        let mut index = 0;
        while let Some(slot) =
            self.transports.get(key).and_then(|receiver| receiver.receiver.slots.get(index).copied())
        {
            index += 1;
            tiles.extend(self.oversize(now, slot));
        }
        tiles.sort_by_key(|tile| (Reverse(tile.priority), Reverse(tile.height), tile.held));
        let mut room = shared.limits.oversize;
        for tile in tiles {
            let Some(left) = room.checked_sub(tile.bits) else {
                self.hold(shared, now, &tile);
                continue;
            };
            room = left;
            if tile.held {
                self.release(shared, now, &tile);
            }
        }
    }

    fn oversize(&mut self, now: Micros, key: SlotKey) -> Option<Oversize> {
        let slot = self.slots.get_mut(key).filter(|slot| slot.kind() == MediaKind::Video)?;
        let view = slot.view()?;
        let (source, layer, kept) = match (slot.source(), slot.held) {
            (Some(source), _) => (source, slot.subscription.current()?, 0),
            // What it took when it was emptied counts until it is tried again: nobody may have asked for it meanwhile.
            (None, Some(held)) if now < held.until => (held.source, held.layer, held.bits),
            (None, Some(held)) => (held.source, held.layer, 0),
            (None, None) => return None,
        };
        let held = slot.source().is_none();
        let publication = self.publications.get_mut(source)?;
        let priority = publication.priority;
        let layer = publication.layer_mut(layer)?;
        let bits = layer.rates.bits_per_second(now).max(kept);
        let rows = layer.size.map_or(0, |(_, height)| u32::from(height));
        let oversize = rows > TIMES * u32::from(view.height) && bits > MODEST;
        slot.oversize = if oversize { slot.oversize.saturating_add(1) } else { 0 };
        let bits = if oversize { bits } else { 0 };
        (oversize || held).then_some(Oversize {
            slot: key,
            source,
            priority,
            height: view.height,
            bits,
            held,
        })
    }

    fn hold(&mut self, shared: &mut Shared, now: Micros, tile: &Oversize) {
        let settled = |slot: &&Slot| !tile.held && slot.oversize >= LOOKS;
        let Some(slot) = self.slots.get(tile.slot).filter(settled) else { return };
        let Some(layer) = slot.subscription.current() else { return };
        let held = Held { source: tile.source, layer, bits: tile.bits, until: now + AGAIN };
        self.empty_slot(shared, now, tile.slot);
        if let Some(slot) = self.slots.get_mut(tile.slot) {
            slot.held = Some(held);
        }
    }

    fn release(&mut self, shared: &mut Shared, now: Micros, tile: &Oversize) {
        let fits = |slot: &Slot, room: &Self| {
            room.publications.get(tile.source).is_some_and(|publication| {
                room.permitted(slot.receiver, publication) && slot.can_decode(&publication.codecs)
            })
        };
        let Some(slot) = self.slots.get(tile.slot) else { return };
        if fits(slot, self) {
            self.fill_slot(shared, tile.slot, tile.source);
            self.retarget(shared, now, tile.slot);
        } else if let Some(slot) = self.slots.get_mut(tile.slot) {
            slot.held = None;
        }
    }
}
