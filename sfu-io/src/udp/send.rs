//! Sends runs: one call for messages to many receivers where the kernel can, else one by one.

use super::{UdpEndpoint, call::send_many, patience::Patience};
use crate::{
    plan::{Planned, together},
    stats::IoStats,
};
use nix::sys::socket::{setsockopt, sockopt};
use quinn_udp::UdpSockRef;
use std::{io, net::IpAddr};
use viva_sfu::{Transmit, Transmits};

impl UdpEndpoint {
    /// The largest UDP payload over IPv4, in bytes.
    const MAX_PAYLOAD: usize = 65_507;

    /// Can this message be one of many in one call? Not where it must say from which address it leaves.
    pub(crate) fn takes_many(&self, transmit: &Transmit<'_>) -> bool {
        let fits = transmit.bytes.len() <= Self::MAX_PAYLOAD && transmit.packets().len() <= self.max_segments;
        self.gso() && fits && !transmit.bytes.is_empty() && self.source == Some(transmit.path.local.ip())
    }

    /// Sends those of `all` that are planned, as many in one call as go together.
    pub(crate) fn send_planned(
        &mut self,
        all: Transmits<'_>,
        mut planned: &[Planned],
        patience: &mut Patience,
        stats: &mut IoStats,
    ) {
        while !planned.is_empty() {
            let (count, size) = together(planned, self.cut);
            let (now, later) = planned.split_at(count);
            self.send_together(all, now, size, patience, stats);
            planned = later;
        }
    }

    /// What the kernel did not take in one call it is asked about message by message, beginning with the one it refused.
    fn send_together(
        &mut self,
        all: Transmits<'_>,
        mut planned: &[Planned],
        size: usize,
        patience: &mut Patience,
        stats: &mut IoStats,
    ) {
        while let Some((first, others)) = planned.split_first() {
            let Some(transmit) = all.get(first.index) else { return };
            if !self.gso() || !self.cut_to(size, stats) {
                self.send(&transmit, patience, stats);
                planned = others;
                continue;
            }
            let messages = planned.iter().filter_map(|it| all.get(it.index));
            stats.send_calls += 1;
            match send_many(&self.socket, messages.map(|it| (it.path.remote, it.bytes))) {
                Ok(sent) => {
                    let (sent, left) = planned.split_at(sent.min(planned.len()));
                    let sent = sent.iter().filter_map(|it| all.get(it.index));
                    sent.for_each(|it| stats.count_sent(it.packets().len() as u64));
                    planned = left;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if patience.waits_after(&error, &self.socket, stats) => {}
                Err(error) => {
                    if is_gso_error(&error) && self.cut != 0 {
                        self.send_one_by_one(&transmit, patience, stats);
                    } else {
                        count_failure(&error, transmit.packets().len() as u64, stats);
                    }
                    planned = others;
                }
            }
        }
    }

    /// Lets the kernel cut what is longer into packets of `size` bytes, 0: into none.
    fn cut_to(&mut self, size: usize, stats: &mut IoStats) -> bool {
        if self.cut != size {
            stats.send_calls += 1;
            if setsockopt(&self.socket, sockopt::UdpGsoSegment, &(size as i32)).is_err() {
                return false;
            }
            self.cut = size;
        }
        true
    }

    /// Sends all packets of `transmit`: in runs of one call each where the kernel can, else one by one.
    pub(crate) fn send(&mut self, transmit: &Transmit<'_>, patience: &mut Patience, stats: &mut IoStats) {
        let segment = transmit.segment.min(transmit.bytes.len());
        if segment == 0 {
            return;
        }
        self.cut_to(0, stats);
        let segments = self.max_segments.min(Self::MAX_PAYLOAD / segment).max(1);
        for bytes in transmit.bytes.chunks(segment * segments) {
            let run = Transmit { bytes, segment, path: transmit.path };
            let count = run.packets().len() as u64;
            match self.send_message(&run, patience, stats) {
                Ok(()) => stats.count_sent(count),
                Err(error) if count > 1 && is_gso_error(&error) => {
                    self.send_one_by_one(&run, patience, stats)
                }
                Err(error) => count_failure(&error, count, stats),
            }
        }
    }

    /// What the kernel refused as a run, or in a call with runs. If every packet of a run passes alone, it is runs that are
    /// not supported, and no more are tried on this socket; if not, the path is to blame.
    fn send_one_by_one(&mut self, run: &Transmit<'_>, patience: &mut Patience, stats: &mut IoStats) {
        let mut all_passed = self.cut_to(0, stats) && run.packets().len() > 1;
        for packet in run.packets() {
            match self.send_message(&Transmit { bytes: packet, ..*run }, patience, stats) {
                Ok(()) => stats.datagrams_out += 1,
                Err(error) => {
                    all_passed = false;
                    count_failure(&error, 1, stats);
                }
            }
        }
        if all_passed {
            self.max_segments = 1;
            tracing::warn!(
                socket = %self.local,
                "the kernel refuses UDP segmentation offload; one system call a packet from now on"
            );
        }
    }

    fn send_message(
        &self,
        transmit: &Transmit<'_>,
        patience: &mut Patience,
        stats: &mut IoStats,
    ) -> io::Result<()> {
        let Transmit { path, bytes: contents, segment } = *transmit;
        let src_ip: Option<IpAddr> = self.local.ip().is_unspecified().then(|| path.local.ip());
        let message = quinn_udp::Transmit {
            destination: path.remote,
            ecn: None,
            contents,
            segment_size: (contents.len() > segment).then_some(segment),
            src_ip,
        };
        loop {
            stats.send_calls += 1;
            match self.state.try_send(UdpSockRef::from(&self.socket), &message) {
                Err(error) if patience.waits_after(&error, &self.socket, stats) => {}
                done => return done,
            }
        }
    }
}

/// EIO and EINVAL are what the kernel says to segments that it cannot make.
fn is_gso_error(error: &io::Error) -> bool {
    let errno = rustix::io::Errno::from_io_error(error);
    matches!(errno, Some(rustix::io::Errno::IO | rustix::io::Errno::INVAL))
}

fn count_failure(error: &io::Error, packets: u64, stats: &mut IoStats) {
    if error.kind() == io::ErrorKind::WouldBlock {
        stats.would_block_drops += packets;
    } else {
        stats.send_errors += packets;
        tracing::trace!(%error, "a UDP packet was not sent");
    }
}
