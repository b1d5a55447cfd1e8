//! One TCP connection: bytes in, whole frames out, and a bounded queue the other way.

use super::framing::{self, HEADER, MAX_FRAME};
use crate::{
    queue::{Queue, Sink},
    stats::IoStats,
};
use mio::net::TcpStream;
use std::{
    io::{self, IoSlice, Read, Write},
    net::IpAddr,
};
use viva_media::Path;
use viva_sfu::Micros;

/// One accepted connection.
pub(crate) struct Connection {
    pub(super) stream: TcpStream,
    pub(super) path: Path,
    /// Whom it counts for.
    pub(super) origin: IpAddr,
    pub(super) opened: Micros,
    /// When the newest bytes came.
    pub(super) heard: Micros,
    /// Did the unit answer here? It answers only who knows its credentials.
    pub(super) proven: bool,
    /// Is it on the list of those to read from?
    pub(super) listed_to_read: bool,
    /// Is it on the list of those to write to?
    pub(super) listed_to_write: bool,
    /// Was the first frame a STUN message?
    greeted: bool,
    /// The beginning of a frame whose end has not come yet; less than a frame.
    partial: Vec<u8>,
    pub(super) queue: Queue,
}

/// What reading brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ReadOutcome {
    /// Perhaps there is more.
    More,
    /// Nothing more for now.
    Dry,
    /// The peer has closed, or the connection is broken.
    Closed,
    /// The peer does not speak our language.
    Malformed,
}

impl Connection {
    /// Memory that a queue keeps when it needs less, bytes.
    const KEPT_QUEUE: usize = 16 << 10;

    pub(super) fn new(stream: TcpStream, path: Path, origin: IpAddr, now: Micros, limit: usize) -> Self {
        Self {
            stream,
            path,
            origin,
            opened: now,
            heard: now,
            proven: false,
            listed_to_read: false,
            listed_to_write: false,
            greeted: false,
            partial: Vec::new(),
            queue: Queue::new(limit, Self::KEPT_QUEUE),
        }
    }

    /// Reads once, at most as much as `scratch` holds (more than one frame), and hands out the packets of all
    /// frames that are complete now.
    pub(super) fn read(
        &mut self,
        now: Micros,
        scratch: &mut [u8],
        stats: &mut IoStats,
        mut handle: impl FnMut(Path, &mut [u8]),
    ) -> ReadOutcome {
        let kept = self.partial.len();
        let Some((front, room)) = scratch.split_at_mut_checked(kept) else { return ReadOutcome::Malformed };
        stats.tcp_calls += 1;
        let count = match self.stream.read(room) {
            Ok(0) => return ReadOutcome::Closed,
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return ReadOutcome::Dry,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => return ReadOutcome::More,
            Err(_) => return ReadOutcome::Closed,
        };
        self.heard = now;
        front.copy_from_slice(&self.partial);
        let Some(bytes) = scratch.get_mut(..kept + count) else { return ReadOutcome::Malformed };
        let Self { path, greeted, .. } = self;
        let mut alien = false;
        let taken = framing::for_each_frame(bytes, |packet| {
            *greeted |= framing::looks_like_stun(packet);
            alien |= !*greeted;
            if !alien {
                stats.tcp_frames_in += 1;
                handle(*path, packet);
            }
        });
        match taken {
            Ok(taken) if !alien => self.keep(bytes.get(taken..).unwrap_or_default()),
            _ => ReadOutcome::Malformed,
        }
    }

    fn keep(&mut self, rest: &[u8]) -> ReadOutcome {
        self.partial.clear();
        self.partial.extend_from_slice(rest);
        ReadOutcome::More
    }

    /// Queues a packet as one frame, whole or not at all. False: there was no room.
    pub(super) fn queue(&mut self, packet: &[u8]) -> bool {
        u16::try_from(packet.len()).is_ok_and(|length| self.queue.push([&length.to_be_bytes(), packet]))
    }

    /// Writes as much of the queue as the kernel takes.
    ///
    /// # Errors
    /// When the connection is broken.
    pub(super) fn write(&mut self, now: Micros, stats: &mut IoStats) -> io::Result<()> {
        self.queue.write(now, &mut self.stream, &mut stats.tcp_calls)
    }
}

impl Sink for TcpStream {
    fn write(&mut self, parts: [&[u8]; 2]) -> io::Result<usize> {
        self.write_vectored(&parts.map(IoSlice::new))
    }
}

/// What [`Connection::read`] needs at least: the rest of a frame and room for more.
pub(crate) const SCRATCH: usize = 32 << 10;

const _: () = assert!(SCRATCH > 2 * (HEADER + MAX_FRAME));
