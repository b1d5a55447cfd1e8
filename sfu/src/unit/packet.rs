//! A packet comes in: which room's is it?

use super::Sfu;
use crate::{
    dropped::Dropped,
    ice::{Check, Incomplete, MAX_ANSWER},
    key::MemberKey,
};
use viva_media::{Carrier, Path};
use viva_wire::{
    Micros,
    demux::{self, Kind},
};

impl Sfu {
    /// Takes one datagram or frame. It is opened in place; what is left of it afterwards means nothing.
    pub fn handle_packet(&mut self, now: Micros, path: Path, packet: &mut [u8]) {
        self.shared.totals.packets_in += 1;
        self.shared.totals.bytes_in += packet.len() as u64;
        let result = match demux::classify(packet) {
            Some(kind @ (Kind::Rtp | Kind::Rtcp)) => self.handle_media(now, kind, path, packet),
            Some(Kind::Stun) => self.handle_stun(now, path, packet),
            Some(Kind::Dtls) => self.handle_dtls(now, path, packet),
            None => Err(Dropped::NotOurs),
        };
        if let Err(reason) = result {
            self.shared.drop_packet(reason);
            // A TCP connection that never proved itself has no business here.
            if path.carrier == Carrier::Tcp && !self.shared.index.by_path.contains_key(&path) {
                self.shared.closing.push_back(path);
            }
        }
    }

    /// A TCP connection is gone.
    pub fn handle_closed(&mut self, now: Micros, path: Path) {
        if let Some(MemberKey { room, transport }) = self.shared.index.by_path.remove(&path)
            && let Some(room) = self.rooms.get_mut(room)
        {
            room.forget_path(&mut self.shared, now, transport, path);
        }
    }

    fn handle_media(
        &mut self,
        now: Micros,
        kind: Kind,
        path: Path,
        packet: &mut [u8],
    ) -> Result<(), Dropped> {
        let MemberKey { room, transport } = self.member_at(path)?;
        let room = self.rooms.get_mut(room).ok_or(Dropped::UnknownSource)?;
        match kind {
            Kind::Rtp => room.handle_rtp(&mut self.shared, now, transport, path, packet),
            _ => room.handle_rtcp(&mut self.shared, now, transport, path, packet),
        }
    }

    fn handle_stun(&mut self, now: Micros, path: Path, packet: &[u8]) -> Result<(), Dropped> {
        let check = match Check::read(packet) {
            Ok(check) => check,
            Err(reason) => {
                self.refuse_request(path, packet);
                return Err(reason);
            }
        };
        let by_ufrag = &self.shared.index.by_ufrag;
        let MemberKey { room, transport } = *by_ufrag.get(check.ufrag).ok_or(Dropped::StunUnknownUser)?;
        let room = self.rooms.get_mut(room).ok_or(Dropped::StunUnknownUser)?;
        room.handle_check(&mut self.shared, now, transport, path, &check, packet.len())
    }

    /// A request that is no check is answered only if it bears the proof of a check; nothing else comes of it.
    fn refuse_request(&mut self, path: Path, packet: &[u8]) {
        let mut answer = [0; MAX_ANSWER];
        let length = Incomplete::read(packet).and_then(|request| {
            let key = self.shared.index.by_ufrag.get(request.ufrag)?;
            self.rooms.get(key.room)?.transports.get(key.transport)?.ice.refuse(&request, &mut answer)
        });
        if let Some(answer) = length.and_then(|length| answer.get(..length)) {
            self.shared.control.push(path, answer);
        }
    }

    /// A handshake waits for its turn; once its session is there, records are dealt with as they come.
    fn handle_dtls(&mut self, now: Micros, path: Path, packet: &[u8]) -> Result<(), Dropped> {
        let key = self.member_at(path)?;
        let room = self.rooms.get(key.room).ok_or(Dropped::UnknownSource)?;
        let transport = room.transports.get(key.transport).ok_or(Dropped::UnknownSource)?;
        if transport.srtp.is_none() {
            return self.handshakes.put(path, packet);
        }
        self.take_record(now, key, path, packet)
    }

    /// One step of one handshake, if any waits.
    pub(super) fn go_on_with_handshake(&mut self, now: Micros) {
        let Some((path, datagram)) = self.handshakes.take() else { return };
        let taken = self.member_at(path).and_then(|key| self.take_record(now, key, path, &datagram));
        if let Err(reason) = taken {
            self.shared.drop_packet(reason);
        }
    }

    fn take_record(&mut self, now: Micros, key: MemberKey, path: Path, packet: &[u8]) -> Result<(), Dropped> {
        let taken = self
            .with_room(key.room, |room, shared| room.take_record(shared, now, key.transport, path, packet));
        taken.unwrap_or(Err(Dropped::UnknownSource))
    }

    fn member_at(&self, path: Path) -> Result<MemberKey, Dropped> {
        self.shared.index.by_path.get(&path).copied().ok_or(Dropped::UnknownSource)
    }
}
