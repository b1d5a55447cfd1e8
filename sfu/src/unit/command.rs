//! Commands about participants and permissions: who is here, who may do what.

use super::{Sfu, timer::TimerKey};
use crate::{
    api::{Event, LeaveReason, Refused, TransportState},
    key::{RoomKey, TransportKey},
    meter::Allowance,
    room::Room,
    transport::Transport,
};
use viva_media::{
    Audience, IceCredentials, ParticipantId, Permissions, PublicationId, RoomId, TransportParameters,
};
use viva_wire::Micros;

impl Sfu {
    pub(super) fn join(
        &mut self,
        now: Micros,
        room: RoomId,
        participant: ParticipantId,
        permissions: Permissions,
        parameters: TransportParameters,
    ) -> Result<(), Refused> {
        if let Some(key) = self.by_participant.get(&participant).copied() {
            return self.join_again(now, key, room, permissions, parameters);
        }
        if self.transports.len() >= self.limits.participants {
            return Err(Refused::Limit);
        }
        if self.by_ufrag.contains_key(&parameters.local.ufrag) {
            return Err(Refused::Ambiguous);
        }
        let room_key = self.room(room);
        let ufrag = parameters.local.ufrag.clone();
        let transport = Transport::new(
            now,
            room_key,
            participant,
            permissions,
            parameters,
            self.limits.transport,
            &self.dtls,
        );
        let key = self.transports.insert(transport);
        self.by_ufrag.insert(ufrag, key);
        self.by_participant.insert(participant, key);
        if let Some(room) = self.rooms.get_mut(room_key) {
            room.members.push(key);
        }
        self.arm(key, now + self.limits.handshake);
        Ok(())
    }

    /// The same participant again: the same room, and at most other permissions or ICE credentials.
    fn join_again(
        &mut self,
        now: Micros,
        key: TransportKey,
        room: RoomId,
        permissions: Permissions,
        parameters: TransportParameters,
    ) -> Result<(), Refused> {
        let transport = &self.transports[key];
        if self.rooms[transport.room].id != room {
            return Err(Refused::OtherRoom);
        }
        let participant = transport.participant;
        if transport.ice.local_ufrag() != parameters.local.ufrag {
            self.restart_ice(participant, parameters.local, parameters.remote)?;
        }
        self.permit(now, participant, permissions)
    }

    fn room(&mut self, id: RoomId) -> RoomKey {
        if let Some(key) = self.by_room.get(&id) {
            return *key;
        }
        let key = self.rooms.insert(Room::new(id));
        self.by_room.insert(id, key);
        key
    }

    pub(super) fn restart_ice(
        &mut self,
        participant: ParticipantId,
        local: IceCredentials,
        remote: IceCredentials,
    ) -> Result<(), Refused> {
        let key = self.participant(participant)?;
        if self.by_ufrag.get(&local.ufrag).is_some_and(|other| *other != key) {
            return Err(Refused::Ambiguous);
        }
        let transport = &mut self.transports[key];
        if transport.ice.local_ufrag() == local.ufrag {
            return Ok(());
        }
        let ufrag = local.ufrag.clone();
        if let Some(gone) = transport.ice.restart(local, remote) {
            self.by_ufrag.remove(&gone);
        }
        self.by_ufrag.insert(ufrag, key);
        Ok(())
    }

    pub(super) fn permit(
        &mut self,
        now: Micros,
        participant: ParticipantId,
        permissions: Permissions,
    ) -> Result<(), Refused> {
        let key = self.participant(participant)?;
        let transport = &mut self.transports[key];
        if transport.permissions == permissions {
            return Ok(());
        }
        transport.permissions = permissions;
        let publications = transport.publications.clone();
        for publication in publications {
            self.enforce_audience(now, publication);
        }
        self.enforce_receiver(now, key);
        self.refill_audio(now, self.transports[key].room);
        Ok(())
    }

    pub(super) fn admit(
        &mut self,
        now: Micros,
        publication: PublicationId,
        audience: Audience,
    ) -> Result<(), Refused> {
        let key = *self.by_publication.get(&publication).ok_or(Refused::UnknownPublication)?;
        let publication = &mut self.publications[key];
        publication.audience = audience;
        let room = publication.room;
        self.enforce_audience(now, key);
        self.refill_audio(now, room);
        Ok(())
    }

    pub(super) fn allow(&mut self, publication: PublicationId, allowance: Allowance) -> Result<(), Refused> {
        let key = *self.by_publication.get(&publication).ok_or(Refused::UnknownPublication)?;
        self.publications[key].allow(allowance);
        Ok(())
    }

    pub(super) fn mute(
        &mut self,
        now: Micros,
        publication: PublicationId,
        muted: bool,
    ) -> Result<(), Refused> {
        let key = *self.by_publication.get(&publication).ok_or(Refused::UnknownPublication)?;
        let publication = &mut self.publications[key];
        if std::mem::replace(&mut publication.muted, muted) == muted {
            return Ok(());
        }
        if muted {
            // Nothing that comes meanwhile shall be in reach of a later request for repair.
            for slot in &publication.routes {
                if let Some(slot) = self.slots.get_mut(*slot) {
                    slot.restart();
                }
            }
            if let Some(room) = self.rooms.get_mut(publication.room) {
                room.speaker.mute(key);
            }
        } else {
            // Whoever watches needs a key frame to begin again.
            self.resume_publication(now, key);
        }
        Ok(())
    }

    pub(super) fn leave(&mut self, now: Micros, participant: ParticipantId) -> Result<(), Refused> {
        let key = self.participant(participant)?;
        self.remove(now, key, LeaveReason::Left);
        Ok(())
    }

    pub(super) fn close_room(&mut self, now: Micros, room: RoomId) -> Result<(), Refused> {
        let Some(room) = self.by_room.get(&room).and_then(|key| self.rooms.get(*key)) else { return Ok(()) };
        for member in room.members.clone() {
            self.remove(now, member, LeaveReason::RoomClosed);
        }
        Ok(())
    }

    /// Frees all that a participant held, and its room if it was the last.
    pub(super) fn remove(&mut self, now: Micros, key: TransportKey, reason: LeaveReason) {
        if !self.transports.contains_key(key) {
            return;
        }
        self.say_good_bye(key);
        for publication in self.transports[key].publications.clone() {
            self.remove_publication(now, publication);
        }
        for slot in self.transports[key].slots.clone() {
            self.remove_slot(now, slot);
        }
        let Some(mut transport) = self.transports.remove(key) else { return };
        self.wheel.cancel(&mut transport.timer);
        for ufrag in transport.ice.ufrags() {
            self.by_ufrag.remove(ufrag);
        }
        for path in transport.ice.paths() {
            self.by_path.remove(&path);
            self.close_path(path);
        }
        self.by_participant.remove(&transport.participant);
        self.leave_room(now, transport.room, key);
        self.events.push_back(Event::Left { participant: transport.participant, reason });
    }

    fn leave_room(&mut self, now: Micros, key: RoomKey, member: TransportKey) {
        let Some(room) = self.rooms.get_mut(key) else { return };
        room.members.retain(|other| *other != member);
        if room.members.is_empty() {
            self.wheel.cancel(&mut room.timer);
            self.by_room.remove(&room.id);
            self.rooms.remove(key);
        } else {
            self.refill_audio(now, key);
        }
    }

    pub(super) fn participant(&self, participant: ParticipantId) -> Result<TransportKey, Refused> {
        self.by_participant.get(&participant).copied().ok_or(Refused::UnknownParticipant)
    }

    pub(super) fn set_state(&mut self, key: TransportKey, state: TransportState) {
        let Some(transport) = self.transports.get_mut(key) else { return };
        if std::mem::replace(&mut transport.state, state) != state {
            self.events.push_back(Event::Transport { participant: transport.participant, state });
        }
    }

    /// Sees to it that the transport is looked after at `at` or before.
    pub(super) fn arm(&mut self, key: TransportKey, at: Micros) {
        if let Some(transport) = self.transports.get_mut(key)
            && at < transport.timer_at
        {
            transport.timer_at = at;
            self.wheel.schedule(&mut transport.timer, TimerKey::Transport(key), at);
        }
    }
}
