//! The end of a world: everybody leaves and nothing may remain.

use super::World;
use viva_media::RoomId;
use viva_sfu::{Command, Output};
use viva_wire::Micros;

impl World {
    /// All rooms close; the units must be as if nobody had ever been there.
    pub fn end(&mut self) {
        self.be_hostile(0);
        for unit in 0..self.units.len() {
            let rooms: Vec<RoomId> =
                self.units[unit].model.members.values().map(|member| member.room).collect();
            for room in rooms {
                self.must(unit, Command::CloseRoom { room });
            }
        }
        for place in &mut self.places {
            place.peer.running = false;
        }
        self.run(3_000);
        for unit in 0..self.units.len() {
            self.check_freed(unit);
        }
    }

    /// Nothing of any participant remains in a unit, and no deadline.
    #[track_caller]
    pub fn check_freed(&mut self, unit: usize) {
        let now = self.micros();
        let stats = self.units[unit].sfu.stats(now);
        let left = (stats.rooms, stats.participants, stats.publications, stats.slots, stats.transports.len());
        if left != (0, 0, 0, 0, 0) {
            self.fail(&format!("rooms, participants, publications, slots, transports left: {left:?}"));
        }
        if !matches!(self.units[unit].sfu.poll_output(now), Output::Timeout(Micros::NEVER)) {
            self.fail("an empty unit still has something to do");
        }
    }
}
