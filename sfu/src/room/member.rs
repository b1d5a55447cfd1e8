//! Who is here, and who may do what.

use super::Room;
use crate::{
    api::{Event, LeaveReason, Refused, TransportState},
    key::{PublicationKey, TransportKey},
    meter::Allowance,
    shared::Shared,
    transport::Transport,
};
use viva_media::{Audience, IceCredentials, ParticipantId, Permissions, Priority, TransportParameters};
use viva_wire::Micros;

impl Room {
    /// Somebody new comes; nobody else has this user fragment.
    pub fn join(
        &mut self,
        shared: &mut Shared,
        now: Micros,
        participant: ParticipantId,
        permissions: Permissions,
        parameters: TransportParameters,
    ) {
        let ufrag = parameters.local.ufrag.clone();
        let room = self.key;
        let transport = |transport| {
            let key = crate::key::MemberKey { room, transport };
            Transport::new(
                now,
                key,
                participant,
                permissions,
                parameters,
                shared.limits.transport,
                &shared.dtls,
            )
        };
        let key = self.transports.insert_with_key(transport);
        self.members.push(key);
        shared.index.by_ufrag.insert(ufrag, self.member(key));
        shared.index.by_participant.insert(participant, self.member(key));
        self.arm(shared, key, now + shared.limits.handshake);
    }

    /// Takes other ICE credentials (RFC 8445 §9); media goes on meanwhile.
    ///
    /// # Errors
    /// [`Refused::Ambiguous`] where the new user fragment is somebody else's.
    pub fn restart_ice(
        &mut self,
        shared: &mut Shared,
        key: TransportKey,
        local: IceCredentials,
        remote: IceCredentials,
    ) -> Result<(), Refused> {
        let member = self.member(key);
        let by_ufrag = &mut shared.index.by_ufrag;
        if by_ufrag.get(&local.ufrag).is_some_and(|other| *other != member) {
            return Err(Refused::Ambiguous);
        }
        let transport = &mut self.transports[key];
        if transport.ice.local_ufrag() == local.ufrag {
            return Ok(());
        }
        let ufrag = local.ufrag.clone();
        if let Some(gone) = transport.ice.restart(local, remote) {
            by_ufrag.remove(&gone);
        }
        by_ufrag.insert(ufrag, member);
        Ok(())
    }

    /// Changes what a participant may do.
    pub fn permit(&mut self, shared: &mut Shared, now: Micros, key: TransportKey, permissions: Permissions) {
        let transport = &mut self.transports[key];
        if transport.permissions == permissions {
            return;
        }
        transport.permissions = permissions;
        let publications = transport.publications.clone();
        for publication in publications {
            self.enforce_audience(shared, now, publication);
        }
        self.enforce_receiver(shared, now, key);
        self.refill_audio(shared, now);
    }

    /// Says who may receive a publication.
    pub fn admit(&mut self, shared: &mut Shared, now: Micros, key: PublicationKey, audience: Audience) {
        self.publications[key].audience = audience;
        self.enforce_audience(shared, now, key);
        self.refill_audio(shared, now);
    }

    /// Lets a publication come before others, or as all come.
    pub fn prioritize(&mut self, shared: &mut Shared, now: Micros, key: PublicationKey, priority: Priority) {
        if std::mem::replace(&mut self.publications[key].priority, priority) != priority {
            self.retarget_all(shared, now, key);
        }
    }

    /// Says how much a publication may send.
    pub fn allow(&mut self, key: PublicationKey, allowance: Allowance) {
        self.publications[key].allow(allowance);
    }

    /// Stops a publication, or lets it go on.
    pub fn mute(&mut self, shared: &mut Shared, now: Micros, key: PublicationKey, muted: bool) {
        let publication = &mut self.publications[key];
        if std::mem::replace(&mut publication.muted, muted) == muted {
            return;
        }
        if muted {
            // Nothing that comes meanwhile shall be in reach of a later request for repair.
            for slot in &publication.routes {
                if let Some(slot) = self.slots.get_mut(*slot) {
                    slot.subscription.restart();
                    if let Some(receiver) = self.transports.get_mut(slot.receiver) {
                        receiver.receiver.withdraw(&slot.subscription);
                    }
                }
            }
            self.speaker.mute(key);
        } else {
            // Whoever watches needs a key frame to begin again.
            self.resume_publication(shared, now, key);
        }
    }

    /// Frees all that everybody here held.
    pub fn remove_all(&mut self, shared: &mut Shared, now: Micros) {
        for member in self.members.clone() {
            self.remove(shared, now, member, LeaveReason::RoomClosed);
        }
    }

    /// Frees all that a participant held.
    pub fn remove(&mut self, shared: &mut Shared, now: Micros, key: TransportKey, reason: LeaveReason) {
        if !self.transports.contains_key(key) {
            return;
        }
        self.say_good_bye(shared, key);
        for publication in self.transports[key].publications.clone() {
            self.remove_publication(shared, now, publication);
        }
        for slot in self.transports[key].receiver.slots.clone() {
            self.remove_slot(shared, now, slot);
        }
        let Some(mut transport) = self.transports.remove(key) else { return };
        shared.wheel.cancel(&mut transport.timer);
        shared.wheel.cancel(&mut transport.receiver.line_timer);
        for ufrag in transport.ice.ufrags() {
            shared.index.by_ufrag.remove(ufrag);
        }
        for path in transport.ice.paths() {
            shared.index.by_path.remove(&path);
            shared.close_path(path);
        }
        shared.index.by_participant.remove(&transport.participant);
        self.members.retain(|other| *other != key);
        if !self.members.is_empty() {
            self.refill_audio(shared, now);
        }
        shared.events.push_back(Event::Left { participant: transport.participant, reason });
    }

    /// Tells a participant's state, if it is another than was told last.
    pub fn set_state(&mut self, shared: &mut Shared, key: TransportKey, state: TransportState) {
        let Some(transport) = self.transports.get_mut(key) else { return };
        if std::mem::replace(&mut transport.state, state) != state {
            shared.events.push_back(Event::Transport { participant: transport.participant, state });
        }
    }

    /// Has a participant looked at no later than `at`.
    pub fn arm(&mut self, shared: &mut Shared, key: TransportKey, at: Micros) {
        if let Some(transport) = self.transports.get_mut(key) {
            transport.arm(&mut shared.wheel, at);
        }
    }
}
