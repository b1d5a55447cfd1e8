//! The way out of one client: its socket, and the faults of its network.

use crate::tally::Tally;
use std::net::{SocketAddr, UdpSocket};
use viva_peer::{Random, Sealing};
use viva_wire::rtp;

/// What the network does to media; checks and handshakes pass.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Faults {
    /// Lost on the way to the server, from 0 to 1.
    pub up: f64,
    /// Lost on the way from the server, from 0 to 1.
    pub down: f64,
}

/// The way out of one client.
pub struct Line<'a> {
    /// Its socket, connected.
    pub socket: &'a UdpSocket,
    /// What the network does.
    pub faults: Faults,
    pub tally: &'a mut Tally,
    /// The thread's dice.
    pub dice: &'a mut Random,
}

impl Line<'_> {
    /// Sends a packet as it is.
    pub fn send(&mut self, packet: &[u8]) {
        if self.socket.send(packet).is_err() {
            self.tally.send_errors += 1;
        }
    }

    /// Sends media, if the network does not lose it.
    pub fn send_media(&mut self, packet: &[u8]) {
        if self.faults.up > 0.0 && self.chance(self.faults.up) {
            self.tally.dropped_up += 1;
            return;
        }
        self.send(packet);
    }

    /// Seals and sends the first `length` bytes of `buffer`, if there are any.
    pub fn send_rtcp(&mut self, sealing: &mut Sealing, buffer: &mut [u8], length: usize) {
        debug_assert!(length == 0 || length >= rtp::FIXED_LEN - 4);
        if let Some(sealed) = sealing.seal_rtcp(buffer, length) {
            self.tally.feedback += 1;
            self.send_media(sealed);
        }
    }

    /// Is this packet from the server lost?
    pub fn loses(&mut self) -> bool {
        self.faults.down > 0.0 && self.chance(self.faults.down)
    }

    /// Where the server is.
    pub fn remote(&self) -> SocketAddr {
        self.socket.peer_addr().unwrap_or_else(|_| SocketAddr::from(([0, 0, 0, 0], 0)))
    }

    /// The next random number.
    pub fn draw(&mut self) -> u32 {
        (self.dice.draw() >> 32) as u32
    }

    fn chance(&mut self, probability: f64) -> bool {
        f64::from(self.draw()) < probability * f64::from(u32::MAX)
    }
}
