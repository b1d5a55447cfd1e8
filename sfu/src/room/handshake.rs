//! A handshake goes on: records in, records out, keys taken, and why it failed.

use super::Room;
use crate::{
    api::{Event, LeaveReason},
    dropped::Dropped,
    dtls::{DtlsEnd, DtlsEvent},
    failure::HandshakeFailure,
    ice::{Check, MAX_ANSWER},
    key::TransportKey,
    shared::Shared,
    transport::Srtp,
};
use viva_media::{Path, SrtpProfile};
use viva_wire::{
    Micros,
    srtp::{Inbound, KeyMaterial, Outbound},
};

impl Room {
    /// A connectivity check with valid integrity, or one that pretends to be.
    pub fn handle_check(
        &mut self,
        shared: &mut Shared,
        now: Micros,
        key: TransportKey,
        path: Path,
        check: &Check<'_>,
        length: usize,
    ) -> Result<(), Dropped> {
        let member = self.member(key);
        let transport = self.transports.get_mut(key).ok_or(Dropped::StunUnknownUser)?;
        let mut answer = [0; MAX_ANSWER];
        let checked = transport.ice.handle_check(now, path, check, &mut answer)?;
        transport.consent = true;
        transport.counters.packets_in += 1;
        transport.counters.bytes_in += length as u64;
        if checked.restarted {
            let current = transport.ice.local_ufrag();
            shared.index.by_ufrag.retain(|ufrag, owner| *owner != member || ufrag == current);
        }
        if checked.new_path {
            shared.index.by_path.insert(path, member);
        }
        if let Some(gone) = checked.replaced {
            shared.index.by_path.remove(&gone);
            shared.close_path(gone);
        }
        if let Some(answer) = answer.get(..checked.answer) {
            shared.control.push(path, answer);
        }
        self.update_state(shared, now, key);
        Ok(())
    }

    /// A TCP connection is gone.
    pub fn forget_path(&mut self, shared: &mut Shared, now: Micros, key: TransportKey, path: Path) {
        if let Some(transport) = self.transports.get_mut(key) {
            transport.ice.forget(path);
            transport.arm(&mut shared.wheel, now);
        }
    }

    /// A record of a handshake, or of the session that followed.
    pub fn take_record(
        &mut self,
        shared: &mut Shared,
        now: Micros,
        key: TransportKey,
        path: Path,
        packet: &[u8],
    ) -> Result<(), Dropped> {
        let transport = self.transports.get_mut(key).ok_or(Dropped::UnknownSource)?;
        // Once there is a session, only its owner is answered: a replayed flight would be answered by a larger one.
        if transport.srtp.is_some() && !transport.ice.is_proven(path) {
            return Err(Dropped::UnknownSource);
        }
        let result = transport.dtls.handle_packet(now, packet);
        self.drain_dtls(shared, now, key, Some(path));
        result.map_err(|end| {
            self.fail_dtls(shared, now, key, end);
            Dropped::Dtls
        })
    }

    /// The DTLS engine gave up. Handshake records bear no proof of who sent them, so this is no reason to end a session
    /// whose media is sealed; one that is not yet begins its handshake anew, a few times.
    pub fn fail_dtls(&mut self, shared: &mut Shared, now: Micros, key: TransportKey, end: DtlsEnd) {
        self.tell_failure(shared, key, &end);
        let Some(transport) = self.transports.get_mut(key) else { return };
        if transport.srtp.is_none() && !transport.dtls.renew(&shared.dtls, now) {
            self.end_dtls(shared, now, key, end);
        }
    }

    /// Sends what the DTLS engine wants to send, on the path that its peer used; takes its keys.
    pub fn drain_dtls(&mut self, shared: &mut Shared, now: Micros, key: TransportKey, path: Option<Path>) {
        let mut scratch = std::mem::take(&mut shared.scratch);
        let mut ended = None;
        while let Some(transport) = self.transports.get_mut(key) {
            let to = path.or_else(|| transport.ice.selected());
            match transport.dtls.poll(&mut scratch) {
                Some(DtlsEvent::Packet(record)) => {
                    if let Some(to) = to {
                        shared.control.push(to, record);
                    }
                }
                Some(DtlsEvent::Keys(profile, material)) => {
                    self.take_keys(shared, now, key, profile, &material);
                    self.trust_path(shared, now, key, path);
                }
                Some(DtlsEvent::Ended(end)) => {
                    ended = Some(end);
                    break;
                }
                None => break,
            }
        }
        shared.scratch = scratch;
        if let Some(end) = ended {
            self.end_dtls(shared, now, key, end);
        } else if let Some(transport) = self.transports.get(key) {
            self.arm(shared, key, transport.dtls.deadline());
        }
    }

    fn take_keys(
        &mut self,
        shared: &mut Shared,
        now: Micros,
        key: TransportKey,
        profile: SrtpProfile,
        material: &[u8],
    ) {
        let Some(transport) = self.transports.get_mut(key) else { return };
        let keys = KeyMaterial::split(profile, material, true)
            .and_then(|(inbound, outbound)| Ok((Inbound::new(&inbound)?, Outbound::new(&outbound)?)));
        let Ok((inbound, outbound)) = keys else {
            self.end_dtls(shared, now, key, DtlsEnd::Failed(HandshakeFailure::Protocol, String::new()));
            return;
        };
        transport.srtp = Some(Srtp { profile, inbound, outbound });
        transport.reports = now + std::time::Duration::from_millis(500);
        transport.arm(&mut shared.wheel, transport.reports);
        self.update_state(shared, now, key);
    }

    /// The end of the handshake came on this path. It cannot be replayed from elsewhere, so it proves the path as media does.
    fn trust_path(&mut self, shared: &mut Shared, now: Micros, key: TransportKey, path: Option<Path>) {
        if let (Some(transport), Some(path)) = (self.transports.get_mut(key), path) {
            transport.ice.handle_authentic(now, path);
            self.update_state(shared, now, key);
        }
    }

    pub fn end_dtls(&mut self, shared: &mut Shared, now: Micros, key: TransportKey, end: DtlsEnd) {
        self.tell_failure(shared, key, &end);
        let reason = match end {
            DtlsEnd::Failed(HandshakeFailure::Fingerprint, _) => LeaveReason::Fingerprint,
            DtlsEnd::Failed(..) => LeaveReason::Handshake,
            DtlsEnd::Closed => LeaveReason::Closed,
        };
        self.remove(shared, now, key, reason);
    }

    /// Counts and tells why a handshake failed, once a reason and transport.
    pub fn tell_failure(&mut self, shared: &mut Shared, key: TransportKey, end: &DtlsEnd) {
        let Some(transport) = self.transports.get_mut(key) else { return };
        let DtlsEnd::Failed(reason, detail) = end else { return };
        if transport.srtp.is_some() || !transport.dtls.tell(*reason) {
            return;
        }
        shared.totals.handshakes_failed[*reason as usize] += 1;
        shared.events.push_back(Event::HandshakeFailed {
            participant: transport.participant,
            reason: *reason,
            detail: detail.clone(),
        });
    }
}
