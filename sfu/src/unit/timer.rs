//! Time passes: each deadline of the wheel belongs to a participant or to a room.

use super::Sfu;
use crate::shared::TimerKey;
use viva_wire::Micros;

impl Sfu {
    /// Does what is due. Call it at the moment that [`crate::Output::Timeout`] names, or any time.
    pub fn handle_timeout(&mut self, now: Micros) {
        self.fan_out(now);
        self.go_on_with_handshake(now);
        while let Some(key) = self.shared.wheel.expire(now) {
            match key {
                TimerKey::Participant(member) => {
                    self.with_room(member.room, |room, shared| {
                        room.handle_timeout(shared, now, member.transport)
                    });
                }
                TimerKey::Line(member) => {
                    self.with_room(member.room, |room, shared| {
                        room.handle_line_timeout(shared, now, member.transport);
                    });
                }
                TimerKey::Room(key) => {
                    self.with_room(key, |room, shared| room.tick(shared, now));
                }
            }
        }
    }
}
