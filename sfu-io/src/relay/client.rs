//! One relayed client: its messages as they come, its queue, its allocation.

use super::link::{Link, Look};
use crate::{
    queue::{Queue, Sink as _},
    stats::IoStats,
};
use arrayvec::ArrayVec;
use std::{any::Any, io, net::SocketAddr};
use viva_media::Path;
use viva_sfu::Micros;
use viva_turn::{Allocation, MAX_HEADER, MAX_MESSAGE, Received, Refused, first_length};

/// Room for what one read brings, and for a packet as it is wrapped.
pub(super) const SCRATCH: usize = 32 << 10;
/// Datagrams taken from one client in a turn.
const DATAGRAMS: usize = 32;
/// Peers of one client that the unit may know of: its shard has no more sockets than this.
const PEERS: usize = 16;

const _: () = assert!(SCRATCH > 2 * MAX_MESSAGE);

/// A client that has its allocation.
pub(super) struct Client {
    link: Link,
    pub(super) allocation: Allocation,
    /// In a stream: what has come of a message that is not whole.
    partial: Vec<u8>,
    /// In a stream: what waits to be written.
    pub(super) queue: Queue,
    /// Peers that packets have gone to: each is a path of the unit.
    peers: ArrayVec<SocketAddr, PEERS>,
    pub(super) listed_to_read: bool,
    pub(super) listed_to_write: bool,
    _held: Box<dyn Any + Send>,
}

/// What reading from a client came to.
pub(super) enum Heard {
    More,
    Dry,
    Ended,
    Malformed,
}

/// How a client's messages are told apart.
enum Step {
    GoOn,
    Ended,
}

impl Client {
    /// The queue keeps no more memory than this when it is empty.
    const KEPT_QUEUE: usize = 8 << 10;

    pub(super) fn new(
        link: Link,
        allocation: Allocation,
        early: Vec<u8>,
        held: Box<dyn Any + Send>,
        limit: usize,
    ) -> Self {
        Self {
            link,
            allocation,
            partial: early,
            queue: Queue::new(limit, Self::KEPT_QUEUE),
            peers: ArrayVec::new(),
            listed_to_read: false,
            listed_to_write: false,
            _held: held,
        }
    }

    /// The ways by which the unit knows it.
    pub(super) fn paths(&self) -> impl Iterator<Item = Path> + '_ {
        self.peers.iter().map(|peer| self.path(*peer))
    }

    const fn path(&self, peer: SocketAddr) -> Path {
        Path { carrier: self.link.carrier(), local: peer, remote: self.allocation.relayed() }
    }

    const fn is_stream(&self) -> bool {
        !matches!(self.link.carrier(), viva_media::Carrier::TurnUdp)
    }

    /// Takes what has come, and hands out the packets for the unit.
    pub(super) fn read(
        &mut self,
        now: Micros,
        scratch: &mut [u8],
        stats: &mut IoStats,
        handle: &mut impl FnMut(Path, &mut [u8]),
    ) -> Heard {
        if self.is_stream() {
            self.read_stream(now, scratch, stats, handle)
        } else {
            self.read_datagrams(now, scratch, stats, handle)
        }
    }

    fn read_datagrams(
        &mut self,
        now: Micros,
        scratch: &mut [u8],
        stats: &mut IoStats,
        handle: &mut impl FnMut(Path, &mut [u8]),
    ) -> Heard {
        for _ in 0..DATAGRAMS {
            stats.relay_calls += 1;
            match self.link.read(scratch) {
                Look::Bytes(count) => {
                    let Some(message) = scratch.get_mut(..count).filter(|message| !message.is_empty()) else {
                        continue;
                    };
                    if let Step::Ended = self.take(now, message, stats, handle) {
                        return Heard::Ended;
                    }
                }
                Look::Dry => return Heard::Dry,
                Look::Closed => return Heard::Ended,
            }
        }
        Heard::More
    }

    fn read_stream(
        &mut self,
        now: Micros,
        scratch: &mut [u8],
        stats: &mut IoStats,
        handle: &mut impl FnMut(Path, &mut [u8]),
    ) -> Heard {
        let kept = self.partial.len();
        let Some((front, room)) = scratch.split_at_mut_checked(kept) else { return Heard::Malformed };
        stats.relay_calls += 1;
        let count = match self.link.read(room) {
            Look::Bytes(count) => count,
            // What was read before the connection came here is all there may be for now.
            Look::Dry
                if first_length(&self.partial)
                    .is_ok_and(|length| length.is_some_and(|length| length <= kept)) =>
            {
                0
            }
            Look::Dry => return Heard::Dry,
            Look::Closed => return Heard::Ended,
        };
        front.copy_from_slice(&self.partial);
        let Some(mut rest) = scratch.get_mut(..kept + count) else { return Heard::Malformed };
        loop {
            let length = match first_length(rest) {
                Ok(Some(length)) if length <= rest.len() => length,
                Ok(_) => break,
                Err(_) => return Heard::Malformed,
            };
            let (message, behind) = rest.split_at_mut(length);
            if let Step::Ended = self.take(now, message, stats, handle) {
                return Heard::Ended;
            }
            rest = behind;
        }
        self.partial.clear();
        self.partial.extend_from_slice(rest);
        Heard::More
    }

    fn take(
        &mut self,
        now: Micros,
        message: &mut [u8],
        stats: &mut IoStats,
        handle: &mut impl FnMut(Path, &mut [u8]),
    ) -> Step {
        match self.allocation.handle(now, message) {
            Received::Packet(peer, range) => {
                if !self.peers.contains(&peer) && self.peers.try_push(peer).is_err() {
                    return Step::GoOn;
                }
                if let Some(packet) = message.get_mut(range) {
                    stats.relay_packets_in += 1;
                    handle(self.path(peer), packet);
                }
            }
            Received::Answer(answer) => self.say(&answer, stats),
            Received::Ended(answer) => {
                self.say(&answer, stats);
                return Step::Ended;
            }
            Received::Refused(Refused::Malformed) => stats.relay_malformed += 1,
            Received::Refused(Refused::NoPermission) => stats.relay_foreign += 1,
            Received::Refused(Refused::NoChannel) => stats.relay_no_channel += 1,
            Received::Refused(Refused::TooOften) => stats.relay_too_often += 1,
        }
        Step::GoOn
    }

    /// Says something of the protocol itself.
    pub(super) fn say(&mut self, message: &[u8], stats: &mut IoStats) {
        if !self.is_stream() {
            stats.relay_calls += 1;
            let _ = self.link.send(message);
        } else {
            self.queue.push([message]);
        }
    }

    /// Wraps packets from a peer: datagrams leave, what goes into a stream is queued, whole or not at all.
    pub(super) fn send<'a>(
        &mut self,
        now: Micros,
        peer: SocketAddr,
        packets: impl Iterator<Item = &'a [u8]>,
        scratch: &mut [u8],
        stats: &mut IoStats,
    ) {
        let in_stream = self.is_stream();
        for packet in packets {
            let mut header = [0; MAX_HEADER];
            let Some(wrapping) = self.allocation.wrap(now, peer, packet.len(), in_stream, &mut header) else {
                stats.relay_foreign += 1;
                continue;
            };
            let header = header.get(..wrapping.header).unwrap_or_default();
            let padding = [0; 3];
            let padding = padding.get(..wrapping.padding).unwrap_or_default();
            let parts = [header, packet, padding];
            let leaves = if in_stream {
                self.queue.push(parts)
            } else {
                stats.relay_calls += 1;
                let datagram = join(scratch, parts);
                datagram.is_some_and(|datagram| self.link.send(datagram).unwrap_or(false))
            };
            if leaves {
                stats.relay_packets_out += 1;
            } else {
                stats.relay_queue_drops += 1;
            }
        }
    }

    /// Writes as much of the queue as the kernel takes.
    ///
    /// # Errors
    /// When the connection is broken.
    pub(super) fn write(&mut self, now: Micros, stats: &mut IoStats) -> io::Result<()> {
        self.queue.write(now, &mut self.link, &mut stats.relay_calls)
    }

    /// Does something wait to be written?
    pub(super) fn has_queue(&self) -> bool {
        !self.queue.is_empty() || self.link.holds()
    }
}

/// One after the other in `into`; `None`: they do not fit.
fn join<'a>(into: &'a mut [u8], parts: [&[u8]; 3]) -> Option<&'a [u8]> {
    let mut at = 0;
    for part in parts {
        into.get_mut(at..at + part.len())?.copy_from_slice(part);
        at += part.len();
    }
    into.get(..at)
}
