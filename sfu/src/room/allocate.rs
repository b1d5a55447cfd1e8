//! Shares a receiver's line among its slots: what they could be sent goes to the allocator, what it decides is done.

use super::Room;
use crate::{
    allocator::Tile,
    api::Event,
    key::{SlotKey, TransportKey},
    publication::Sound,
    shared::Shared,
};
use std::time::Duration;
use viva_media::MediaKind;
use viva_wire::Micros;

/// A picture that has come back stays for so long: its key frame may fill the line for a moment.
const FIRM: Duration = Duration::from_millis(1_500);

impl Room {
    /// Decides anew what every slot of a receiver gets: its line, a tile, a source's layers or their cost changed.
    pub fn allocate(&mut self, shared: &mut Shared, now: Micros, key: TransportKey) {
        let mut tiles = std::mem::take(&mut shared.tiles);
        tiles.clear();
        let sound = self.collect_tiles(now, key, &mut tiles);
        let sound = self.repeat_sound(now, key, sound);
        let mut left = u64::MAX;
        if let Some(transport) = self.transports.get_mut(key)
            && let Some(line) = &mut transport.receiver.line
        {
            left = line.share(now, sound, &mut tiles);
        }
        // What is not lowered goes on at its price.
        for step in tiles.iter().filter(|tile| !tile.is_lowered()).filter_map(Tile::gets) {
            left = left.saturating_sub(step.bits);
        }
        for tile in &tiles {
            self.apply(shared, now, tile, &mut left);
        }
        shared.tiles = tiles;
    }

    /// The tiles of a receiver that have something to show, and the bits that its sound takes.
    fn collect_tiles(&self, now: Micros, key: TransportKey, tiles: &mut Vec<Tile>) -> u64 {
        let Some(transport) = self.transports.get(key) else { return 0 };
        let mut sound = Sound::default();
        for slot_key in &transport.receiver.slots {
            let Some(slot) = self.slots.get(*slot_key) else { continue };
            let Some(publication) = slot.source().and_then(|source| self.publications.get(source)) else {
                continue;
            };
            match (slot.kind(), slot.view()) {
                (MediaKind::Audio, _) => sound.add(publication),
                (MediaKind::Video, Some(view)) => {
                    let steps = publication.steps(view.height, slot.decodable(publication));
                    let tile = Tile::new(*slot_key, view.height, steps);
                    let mut tile = tile.after(slot.subscription.aimed_at(), slot.paused);
                    tile.priority = publication.priority;
                    tile.firm = now.since(slot.resumed) < FIRM;
                    tiles.push(tile);
                }
                (MediaKind::Video, None) => {}
            }
        }
        sound.bits()
    }

    /// Lets redundant sound through where packets are lost on its way, theirs or ours; what all sound takes then.
    fn repeat_sound(&mut self, now: Micros, key: TransportKey, sound: u64) -> u64 {
        let Some(receiver) = self.transports.get_mut(key).map(|transport| &mut transport.receiver) else {
            return sound;
        };
        let Some(line) = &mut receiver.line else { return sound };
        let (lossy, room) = (line.wants_redundancy(now, sound), line.has_room_for(2 * sound));
        let mut repeated = false;
        for slot in &receiver.slots {
            let Some(slot) = self.slots.get_mut(*slot).filter(|slot| slot.kind() == MediaKind::Audio) else {
                continue;
            };
            let publication = slot.source().and_then(|source| self.publications.get(source));
            let theirs = publication.is_some_and(|publication| now < publication.lossy_until);
            let redundant =
                publication.is_some_and(|publication| publication.redundant) && (lossy || theirs && room);
            slot.subscription.set_plain(!redundant);
            repeated |= redundant;
        }
        if repeated { sound * 3 / 2 } else { sound }
    }

    /// Does what was decided for a tile; `left` is what the line carries beside those that are not lowered.
    fn apply(&mut self, shared: &mut Shared, now: Micros, tile: &Tile, left: &mut u64) {
        let target = tile.gets().map(|step| step.target);
        let paused = target.is_none() && tile.steps.last().is_some() && !self.is_young(tile.slot, now);
        let Some(slot) = self.slots.get_mut(tile.slot) else { return };
        slot.wished = tile.steps.last().map(|step| step.target.layer);
        if std::mem::replace(&mut slot.paused, paused) != paused {
            self.tell_paused(shared, tile.slot, paused);
        }
        if tile.now == target {
            return;
        }
        let Some(slot) = self.slots.get_mut(tile.slot) else { return };
        if tile.now.is_none() {
            slot.resumed = now;
        }
        slot.subscription.aim(target);
        let Some(source) = slot.source() else { return };
        if tile.is_lowered() {
            self.thin_out(tile.slot, left);
        }
        self.update_wanted(shared, now, source);
        self.request_key_frames(shared, now, tile.slot);
    }

    /// A lowered picture goes on as it is until the key frame of the smaller one: with the fewest frames that its decoder can do
    /// with, and not at all where the line does not carry even these.
    fn thin_out(&mut self, key: SlotKey, left: &mut u64) {
        let Some(slot) = self.slots.get_mut(key) else { return };
        let publication = slot.source().and_then(|source| self.publications.get(source));
        let (Some(publication), Some(target)) = (publication, slot.subscription.target()) else { return };
        let before = slot.subscription.current().filter(|layer| *layer != target);
        let least = before.map_or(0, |layer| publication.least(layer));
        if least <= *left {
            *left -= least;
            slot.subscription.thin_out();
        } else {
            slot.subscription.cut();
        }
    }

    /// The line of a slot's receiver is not known yet: what does not fit will probably fit soon.
    fn is_young(&self, key: SlotKey, now: Micros) -> bool {
        let receiver = self.slots.get(key).and_then(|slot| self.transports.get(slot.receiver));
        receiver.and_then(|receiver| receiver.receiver.line.as_ref()).is_some_and(|line| line.is_young(now))
    }

    fn tell_paused(&self, shared: &mut Shared, key: SlotKey, paused: bool) {
        let Some(slot) = self.slots.get(key) else { return };
        let Some(transport) = self.transports.get(slot.receiver) else { return };
        let source = slot.source().and_then(|source| self.publications.get(source)).map(|source| source.id);
        shared.events.push_back(Event::Slot {
            participant: transport.participant,
            mid: slot.mid,
            source,
            unsupported: false,
            paused,
        });
    }
}
