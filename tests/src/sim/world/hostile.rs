//! Somebody who throws random bytes and spoilt copies of real packets at units, from anywhere.

use super::{What, World};
use std::net::SocketAddr;
use viva_media::{Carrier, Path};
use viva_wire::demux::{self, Kind};

/// Real packets remembered, to be spoilt.
const OVERHEARD: usize = 64;

impl World {
    /// Hostile datagrams come so often from now on, in microseconds.
    pub fn be_hostile(&mut self, every: u64) {
        let before = std::mem::replace(&mut self.hostility, every);
        if before == 0 && every > 0 {
            self.schedule(self.now + every, What::Attack);
        }
    }

    pub(super) fn overhear(&mut self, unit: usize, path: Path, packet: &[u8]) {
        if self.overheard.len() >= OVERHEARD {
            self.overheard.pop_front();
        }
        self.overheard.push_back((unit, path, packet.to_vec()));
    }

    pub(super) fn attack(&mut self) {
        if self.hostility == 0 {
            return;
        }
        let next = self.now + 1 + self.random.below(self.hostility * 2);
        self.schedule(next, What::Attack);
        self.attacks += 1;
        let unit = self.random.below(self.units.len() as u64) as usize;
        let stranger = SocketAddr::from(([203, 0, 113, self.random.below(255) as u8], 5_000));
        let local = self.units[unit].address;
        let carrier = if self.random.chance(500) { Carrier::Tcp } else { Carrier::Udp };
        let from_nowhere = Path { carrier, local, remote: stranger };
        let now = self.micros();
        let before = self.units[unit].sfu.stats(now).participants;
        let (path, packet) = match self.random.below(4) {
            0 => (from_nowhere, self.random_bytes()),
            1 => {
                let Some((path, packet)) = self.spoilt(unit) else { return };
                (if self.random.chance(5_000) { path } else { from_nowhere }, packet)
            }
            2 => {
                let Some((path, packet)) = self.copied(unit) else { return };
                // A copy from its own address is a duplicate; from elsewhere it is a replay.
                (if self.random.chance(3_000) { path } else { from_nowhere }, packet)
            }
            _ => {
                // Random bytes that claim to come from a peer.
                let Some((path, _)) = self.copied(unit) else { return };
                (path, self.random_bytes())
            }
        };
        self.note(|| {
            format!("attack from {path}: {} bytes {:02x?}", packet.len(), &packet[..packet.len().min(28)])
        });
        self.fold_datagram(path, &packet);
        // Who hears a handshake and answers first can always spoil it: there are no keys yet.
        let handshake = demux::classify(&packet) == Some(Kind::Dtls);
        let path = if handshake { from_nowhere } else { path };
        self.reach_unit(unit, path, packet);
        let after = self.units[unit].sfu.stats(now).participants;
        if after != before {
            self.fail(&format!("a hostile datagram from {path} changed who is here: {before} → {after}"));
        }
    }

    fn random_bytes(&mut self) -> Vec<u8> {
        let length = self.random.below(200) as usize + usize::from(self.random.chance(100)) * 1300;
        let mut bytes = vec![0; length];
        self.random.fill(&mut bytes);
        // Mostly something that the demultiplexer lets through.
        let first = *self.random.pick(&[0u8, 1, 20, 22, 23, 63, 128, 144, 176, 191, 255]);
        if let Some(byte) = bytes.first_mut() {
            *byte = first;
        }
        bytes
    }

    fn copied(&mut self, unit: usize) -> Option<(Path, Vec<u8>)> {
        let known = self.overheard.len() as u64;
        let index = (known > 0).then(|| self.random.below(known) as usize)?;
        let (of, path, packet) = self.overheard.get(index)?;
        (*of == unit).then(|| (*path, packet.clone()))
    }

    fn spoilt(&mut self, unit: usize) -> Option<(Path, Vec<u8>)> {
        let (path, mut packet) = self.copied(unit)?;
        let length = packet.len().min(60) as u64;
        for _ in 0..=self.random.below(3) {
            let at = self.random.below(length) as usize;
            if let Some(byte) = packet.get_mut(at) {
                *byte ^= 1 << self.random.below(8);
            }
        }
        if self.random.chance(2_000) {
            packet.truncate(self.random.below(length) as usize);
        }
        Some((path, packet))
    }
}
