//! Who may receive what: the truth against which every packet is judged at the moment that a unit sends it.

use std::collections::BTreeMap;
use viva_media::{
    Audience, MediaKind, MediaParameters, Mid, ParticipantId, Permissions, PublicationId,
    PublicationParameters, RoomId, SlotParameters, Ssrc,
};
use viva_sfu::{Command, View};

/// No packet takes longer from a peer to its unit.
const ON_THE_WAY: u64 = 600_000;

/// A participant as the control plane knows it.
#[derive(Debug, Clone)]
pub struct Member {
    /// Its room.
    pub room: RoomId,
    /// What it may do.
    pub permissions: Permissions,
    /// Its slots.
    pub slots: Vec<SlotParameters>,
    /// What its video slots shall show.
    pub views: BTreeMap<Mid, View>,
}

/// A publication as the control plane knows it.
#[derive(Debug, Clone)]
pub struct Published {
    /// Who sends it.
    pub owner: ParticipantId,
    /// Its parameters.
    pub parameters: PublicationParameters,
    /// Who may receive it.
    pub audience: Audience,
    /// Since when it is muted.
    pub muted: Option<u64>,
    /// What was captured while it was muted, or while nobody was admitted: from, until.
    pub secret: Vec<(u64, u64)>,
}

impl Published {
    fn mute(&mut self, now: u64, muted: bool) {
        match (muted, self.muted) {
            (true, None) => self.muted = Some(now),
            (false, Some(since)) => {
                self.muted = None;
                // What was on its way when the mute ended comes out of it.
                self.secret.push((since, now.saturating_sub(ON_THE_WAY)));
            }
            _ => {}
        }
    }
}

/// All rooms of one unit.
#[derive(Debug, Default)]
pub struct Model {
    /// Participants.
    pub members: BTreeMap<ParticipantId, Member>,
    /// Publications.
    pub publications: BTreeMap<PublicationId, Published>,
    /// Changes with every command that changes anything.
    pub epoch: u64,
}

impl Model {
    /// Follows a command that the unit accepted.
    pub fn apply(&mut self, now: u64, command: &Command) {
        self.epoch += 1;
        match command {
            Command::Join { room, participant, permissions, .. } => {
                let member = self.members.entry(*participant).or_insert_with(|| Member {
                    room: *room,
                    permissions: *permissions,
                    slots: Vec::new(),
                    views: BTreeMap::new(),
                });
                member.permissions = *permissions;
                self.withdraw();
            }
            Command::Negotiate { participant, media, terms } => {
                self.negotiate(*participant, media);
                for (publication, terms) in terms {
                    if let Some(published) = self.publications.get_mut(publication) {
                        published.audience = terms.audience.clone();
                        published.mute(now, terms.muted);
                    }
                }
                self.withdraw();
            }
            Command::View { participant, mid, view } => {
                let Some(member) = self.members.get_mut(participant) else { return };
                match view {
                    Some(view) => member.views.insert(*mid, *view),
                    None => member.views.remove(mid),
                };
            }
            Command::Permit { participant, permissions } => {
                if let Some(member) = self.members.get_mut(participant) {
                    member.permissions = *permissions;
                }
                self.withdraw();
            }
            Command::Admit { publication, audience } => {
                if let Some(published) = self.publications.get_mut(publication) {
                    published.audience = audience.clone();
                }
                self.withdraw();
            }
            Command::Mute { publication, muted } => {
                if let Some(published) = self.publications.get_mut(publication) {
                    published.mute(now, *muted);
                }
            }
            Command::Leave { participant } => self.remove(*participant),
            Command::CloseRoom { room } => {
                let gone: Vec<_> = self
                    .members
                    .iter()
                    .filter(|(_, member)| member.room == *room)
                    .map(|(id, _)| *id)
                    .collect();
                gone.into_iter().for_each(|id| self.remove(id));
            }
            Command::RestartIce { .. } | Command::Allow { .. } | Command::Prioritize { .. } => {}
        }
    }

    fn negotiate(&mut self, participant: ParticipantId, media: &MediaParameters) {
        self.publications.retain(|_, published| {
            published.owner != participant || media.publications.contains(&published.parameters)
        });
        for parameters in &media.publications {
            self.publications.entry(parameters.id).or_insert_with(|| Published {
                owner: participant,
                parameters: parameters.clone(),
                audience: Audience::NOBODY,
                muted: None,
                secret: Vec::new(),
            });
        }
        if let Some(member) = self.members.get_mut(&participant) {
            let kept = |mid: &Mid| {
                let of = |slots: &[SlotParameters]| slots.iter().find(|slot| slot.mid == *mid).cloned();
                of(&member.slots).is_some_and(|old| of(&media.slots) == Some(old))
            };
            member.views =
                member.views.iter().filter(|(mid, _)| kept(mid)).map(|(mid, view)| (*mid, *view)).collect();
            member.slots = media.slots.clone();
        }
        self.withdraw();
    }

    /// A participant is gone, with all that it sent.
    pub fn remove(&mut self, participant: ParticipantId) {
        self.epoch += 1;
        self.members.remove(&participant);
        self.publications.retain(|_, published| published.owner != participant);
        self.withdraw();
    }

    /// What may not be shown any more falls out of its slot and does not come back by itself.
    fn withdraw(&mut self) {
        let members: Vec<_> = self.members.keys().copied().collect();
        for receiver in members {
            let mut views = std::mem::take(&mut self.members.get_mut(&receiver).expect("a member").views);
            views.retain(|_, view| self.may_receive(receiver, view.publication).is_ok());
            self.members.get_mut(&receiver).expect("a member").views = views;
        }
    }

    /// May this participant receive this publication now?
    ///
    /// # Errors
    /// Why not.
    pub fn may_receive(
        &self,
        receiver: ParticipantId,
        publication: PublicationId,
    ) -> Result<(), &'static str> {
        let member = self.members.get(&receiver).ok_or("the receiver is gone")?;
        let published = self.publications.get(&publication).ok_or("the publication is gone")?;
        let owner = self.members.get(&published.owner).ok_or("its owner is gone")?;
        if owner.room != member.room {
            return Err("it is in another room");
        }
        if !owner.permissions.publish {
            return Err("its owner may not publish");
        }
        if !member.permissions.subscribe {
            return Err("the receiver may not subscribe");
        }
        if !published.audience.allows(receiver) {
            return Err("the receiver is not in its audience");
        }
        Ok(())
    }

    /// May a packet captured at `captured` go to this slot now?
    ///
    /// # Errors
    /// Why not.
    pub fn judge(
        &self,
        receiver: ParticipantId,
        mid: Mid,
        publication: PublicationId,
        captured: u64,
    ) -> Result<(), &'static str> {
        self.may_receive(receiver, publication)?;
        let published = &self.publications[&publication];
        if published.muted.is_some() {
            return Err("it is muted");
        }
        if published.secret.iter().any(|(from, until)| (*from..*until).contains(&captured)) {
            return Err("it was captured while it was muted");
        }
        let member = &self.members[&receiver];
        if published.parameters.kind == MediaKind::Video
            && member.views.get(&mid).is_none_or(|view| view.publication != publication)
        {
            return Err("the slot shall show something else");
        }
        Ok(())
    }

    /// The slot that a stream belongs to, and whether it is its retransmission.
    pub fn slot(&self, receiver: ParticipantId, ssrc: Ssrc) -> Option<(&SlotParameters, bool)> {
        self.members.get(&receiver)?.slots.iter().find_map(|slot| {
            if slot.ssrc == ssrc {
                Some((slot, false))
            } else {
                (slot.rtx_ssrc == Some(ssrc)).then_some((slot, true))
            }
        })
    }
}
