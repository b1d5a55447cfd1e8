//! A whole unit: what comes from an address that has proven itself, sealed and unsealed, before and after the handshake.

use super::Verdict::{self, Refused, Understood};
use crate::pair::Pair;
use viva_media::{Carrier, Path};
use viva_wire::{Micros, rtp::Header};

/// The first byte says whether the handshake is done; then follow steps: what to do, how many bytes, these bytes. Whatever
/// comes, the unit says a bounded number of well-formed things, and what it keeps stays within its limits.
pub fn unit(data: &[u8]) -> Verdict {
    let Some((&stage, mut rest)) = data.split_first() else { return Refused };
    let mut pair = if stage % 2 == 0 { Pair::checked() } else { Pair::connected() };
    let (mut handed, before) = (0, pair.dropped());
    while let [step, length, tail @ ..] = rest {
        let (bytes, tail) = tail.split_at(usize::from(*length).min(tail.len()));
        rest = tail;
        handed += u64::from(do_step(&mut pair, *step, bytes));
    }
    let stats = pair.sfu.stats(Micros(pair.now));
    assert!(stats.participants <= 2 && stats.rooms <= 1 && stats.publications <= 2 && stats.slots <= 2);
    if pair.dropped() - before < handed { Understood } else { Refused }
}

/// Does one step; whether it handed the unit a datagram.
fn do_step(pair: &mut Pair, step: u8, bytes: &[u8]) -> bool {
    let mut datagram = bytes.to_vec();
    match step % 6 {
        0 => pair.receive(0, &mut datagram),
        1 => {
            let Some(mut sealed) = seal_rtp(pair, bytes) else { return false };
            pair.receive(0, &mut sealed);
        }
        who @ (2 | 3) => {
            let who = usize::from(who - 2);
            let Some(mut sealed) = seal_rtcp(pair, who, bytes) else { return false };
            pair.receive(who, &mut sealed);
        }
        4 => {
            let stranger =
                Path { carrier: Carrier::Udp, remote: ([203, 0, 113, 9], 9).into(), ..pair.path(0) };
            pair.receive_from(stranger, &mut datagram);
        }
        _ => {
            // Forwards by up to half a minute, or as far back.
            let millis = bytes.first_chunk().map_or(1_000, |bytes| i64::from(i16::from_be_bytes(*bytes)));
            pair.set_time(pair.now.saturating_add_signed(millis * 1_000));
            return false;
        }
    }
    true
}

fn seal_rtp(pair: &mut Pair, bytes: &[u8]) -> Option<Vec<u8>> {
    let header = Header::parse(bytes).ok()?;
    let outbound = &pair.peers[0].client.transport.sealing.as_ref()?.outbound;
    let mut packet = bytes.to_vec();
    packet.resize(bytes.len() + outbound.rtp_overhead(), 0);
    outbound.protect_rtp(header.sequence.into(), header.header_len, &mut packet, bytes.len()).ok()?;
    Some(packet)
}

fn seal_rtcp(pair: &mut Pair, who: usize, bytes: &[u8]) -> Option<Vec<u8>> {
    let outbound = &mut pair.peers[who].client.transport.sealing.as_mut()?.outbound;
    let mut packet = bytes.to_vec();
    packet.resize(bytes.len() + outbound.rtcp_overhead(), 0);
    let length = outbound.protect_rtcp(&mut packet, bytes.len()).ok()?;
    packet.truncate(length);
    Some(packet)
}
