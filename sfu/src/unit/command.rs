//! Commands: each is one room's.

use super::Sfu;
use crate::{
    api::{Command, LeaveReason, Refused},
    key::{MemberKey, PublicationKey, RoomKey},
    room::Room,
    shared::Shared,
};
use viva_media::{IceCredentials, ParticipantId, Permissions, PublicationId, RoomId, TransportParameters};
use viva_wire::Micros;

impl Sfu {
    /// Does what the control plane asks.
    ///
    /// # Errors
    /// [`Refused`]; the unit is then as it was.
    pub fn handle_command(&mut self, now: Micros, command: Command) -> Result<(), Refused> {
        self.fan_out(now);
        match command {
            Command::Join { room, participant, permissions, transport } => {
                self.join(now, room, participant, permissions, transport)
            }
            Command::Negotiate { participant, media, terms } => self
                .by_participant(participant, |room, shared, key| {
                    room.negotiate(shared, now, key.transport, media, terms)
                }),
            Command::RestartIce { participant, local, remote } => self
                .by_participant(participant, |room, shared, key| {
                    room.restart_ice(shared, key.transport, local, remote)
                }),
            Command::View { participant, mid, view } => self
                .by_participant(participant, |room, shared, key| {
                    room.view(shared, now, key.transport, mid, view)
                }),
            Command::Permit { participant, permissions } => {
                self.by_participant(participant, |room, shared, key| {
                    room.permit(shared, now, key.transport, permissions);
                    Ok(())
                })
            }
            Command::Admit { publication, audience } => {
                self.by_publication(publication, |room, shared, key| {
                    room.admit(shared, now, key, audience);
                })
            }
            Command::Prioritize { publication, priority } => {
                self.by_publication(publication, |room, shared, key| {
                    room.prioritize(shared, now, key, priority);
                })
            }
            Command::Allow { publication, allowance } => {
                self.by_publication(publication, |room, _, key| room.allow(key, allowance))
            }
            Command::Mute { publication, muted } => {
                self.by_publication(publication, |room, shared, key| room.mute(shared, now, key, muted))
            }
            Command::Leave { participant } => self.by_participant(participant, |room, shared, key| {
                room.remove(shared, now, key.transport, LeaveReason::Left);
                Ok(())
            }),
            Command::CloseRoom { room } => {
                if let Some(key) = self.shared.index.by_room.get(&room).copied() {
                    self.with_room(key, |room, shared| room.remove_all(shared, now));
                }
                Ok(())
            }
        }
    }

    fn join(
        &mut self,
        now: Micros,
        room: RoomId,
        participant: ParticipantId,
        permissions: Permissions,
        parameters: TransportParameters,
    ) -> Result<(), Refused> {
        if let Some(key) = self.shared.index.by_participant.get(&participant).copied() {
            return self.join_again(now, key, room, permissions, parameters);
        }
        let index = &self.shared.index;
        if index.by_participant.len() >= self.shared.limits.participants {
            return Err(Refused::Limit);
        }
        if index.by_ufrag.contains_key(&parameters.local.ufrag) {
            return Err(Refused::Ambiguous);
        }
        let key = self.room(room);
        self.with_room(key, |room, shared| room.join(shared, now, participant, permissions, parameters));
        Ok(())
    }

    /// The same participant again: the same room, and at most other permissions or ICE credentials.
    fn join_again(
        &mut self,
        now: Micros,
        key: MemberKey,
        room: RoomId,
        permissions: Permissions,
        parameters: TransportParameters,
    ) -> Result<(), Refused> {
        let rejoin = |known: &mut Room, shared: &mut Shared| {
            if known.id != room {
                return Err(Refused::OtherRoom);
            }
            let IceCredentials { ufrag, .. } = &parameters.local;
            let restarts = known.transports[key.transport].ice.local_ufrag() != ufrag;
            if restarts {
                known.restart_ice(shared, key.transport, parameters.local, parameters.remote)?;
            }
            known.permit(shared, now, key.transport, permissions);
            Ok(())
        };
        self.with_room(key.room, rejoin).unwrap_or(Err(Refused::UnknownParticipant))
    }

    fn room(&mut self, id: RoomId) -> RoomKey {
        let rooms = &mut self.rooms;
        *self
            .shared
            .index
            .by_room
            .entry(id)
            .or_insert_with(|| rooms.insert_with_key(|key| Room::new(id, key)))
    }

    fn by_participant(
        &mut self,
        participant: ParticipantId,
        act: impl FnOnce(&mut Room, &mut Shared, MemberKey) -> Result<(), Refused>,
    ) -> Result<(), Refused> {
        let key = *self.shared.index.by_participant.get(&participant).ok_or(Refused::UnknownParticipant)?;
        let acted = self.with_room(key.room, |room, shared| act(room, shared, key));
        acted.unwrap_or(Err(Refused::UnknownParticipant))
    }

    fn by_publication(
        &mut self,
        publication: PublicationId,
        act: impl FnOnce(&mut Room, &mut Shared, PublicationKey),
    ) -> Result<(), Refused> {
        let (room, key) =
            *self.shared.index.by_publication.get(&publication).ok_or(Refused::UnknownPublication)?;
        self.with_room(room, |room, shared| act(room, shared, key)).ok_or(Refused::UnknownPublication)
    }
}
