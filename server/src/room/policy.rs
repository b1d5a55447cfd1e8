//! Who may receive and know of whom, and who comes first in a room of an interview: worked out elsewhere, obeyed here.

use super::{
    Room,
    place::{Device, Place},
    publication::Publication,
    seat::Seat,
};
use crate::plane::CommandError;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};
use viva_interview::{SeatId, Source};
use viva_media::{Audience, MediaKind, ParticipantId, Priority, PublicationId};
use viva_sfu::Command;
use viva_signaling::message::{CloseReason, ServerMessage, TrackSource};

/// How often a command is tried while the shard's mailbox is full, and how long it is waited between.
const TRIES: usize = 200;
const PAUSE: Duration = Duration::from_millis(5);

/// What the seats of an interview may receive of each other at this moment. What is not in it is denied.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Policy {
    receivers: BTreeMap<(SeatId, Source), BTreeSet<SeatId>>,
    knows: BTreeSet<(SeatId, SeatId)>,
    first: BTreeSet<SeatId>,
}

impl Policy {
    /// Lets `receiver` receive `source` of `sender`.
    pub fn allow(&mut self, sender: SeatId, source: Source, receiver: SeatId) {
        self.receivers.entry((sender, source)).or_default().insert(receiver);
    }

    /// Puts `other` on the list of participants that `viewer` sees.
    pub fn show(&mut self, viewer: SeatId, other: SeatId) {
        self.knows.insert((viewer, other));
    }

    /// Lets the pictures of `sender` come before all others, where somebody's line does not carry all.
    pub fn put_first(&mut self, sender: SeatId) {
        self.first.insert(sender);
    }

    fn may_receive(&self, receiver: SeatId, sender: SeatId, source: Source) -> bool {
        self.receivers.get(&(sender, source)).is_some_and(|receivers| receivers.contains(&receiver))
    }
}

/// What a track counts as. A client that calls its sound a picture gains nothing by it; a second camera is what comes
/// from a paired phone, and in an interview nothing else.
pub(super) const fn effective_source(
    kind: MediaKind,
    claimed: TrackSource,
    place: Option<Place>,
) -> TrackSource {
    match (kind, claimed) {
        (MediaKind::Video, _) if matches!(place, Some(Place { device: Device::Phone { .. }, .. })) => {
            TrackSource::SecondCamera
        }
        (MediaKind::Video, TrackSource::SecondCamera) if place.is_some() => TrackSource::Camera,
        (MediaKind::Audio, TrackSource::Microphone | TrackSource::ScreenAudio)
        | (MediaKind::Video, TrackSource::Camera | TrackSource::SecondCamera | TrackSource::Screen) => {
            claimed
        }
        _ => TrackSource::default_of(kind),
    }
}

const fn source(track: TrackSource) -> Source {
    match track {
        TrackSource::Microphone => Source::Microphone,
        TrackSource::Camera => Source::Camera,
        TrackSource::SecondCamera => Source::SecondCamera,
        TrackSource::Screen => Source::Screen,
        TrackSource::ScreenAudio => Source::ScreenAudio,
    }
}

impl Room {
    /// May this seat receive what `owner` sends as `track`?
    pub(super) fn may_receive(&self, receiver: &Seat, owner: ParticipantId, track: TrackSource) -> bool {
        if receiver.id == owner || !receiver.permissions.subscribe {
            return false;
        }
        let Some(policy) = &self.policy else { return true };
        let sender = self.seats.get(&owner).and_then(|seat| seat.place);
        sender.zip(receiver.place).is_some_and(|(sender, receiver)| {
            // A paired phone hears and sees nobody, and is not heard.
            let devices = match (sender.device, receiver.device) {
                (Device::Page, Device::Page) => true,
                (Device::Phone { .. }, Device::Page) => track == TrackSource::SecondCamera,
                (_, Device::Phone { .. }) => false,
            };
            devices && policy.may_receive(receiver.seat, sender.seat, source(track))
        })
    }

    /// Does `viewer` have `other` on its list of participants?
    pub(super) fn may_know(&self, viewer: &Seat, other: &Seat) -> bool {
        if viewer.id == other.id {
            return false;
        }
        let Some(policy) = &self.policy else { return true };
        knows(policy, viewer, other)
    }

    /// Who may receive a track now.
    pub(super) fn audience(&self, owner: ParticipantId, track: TrackSource) -> Audience {
        if self.policy.is_none() {
            return Audience::Everyone;
        }
        let receivers = self.seats.values().filter(|seat| self.may_receive(seat, owner, track));
        Audience::Only(receivers.map(|seat| seat.id).collect())
    }

    /// Do the pictures of a seat come before those of others now? No page has a say in it.
    pub(super) fn priority(&self, owner: ParticipantId) -> Priority {
        let place = self.seats.get(&owner).and_then(|seat| seat.place);
        let first = |policy: &Policy| place.is_some_and(|place| policy.first.contains(&place.seat));
        if self.policy.as_deref().is_some_and(first) { Priority::First } else { Priority::Usual }
    }

    /// Another policy: what it takes away is gone from the media plane when this returns, then what it gives is there,
    /// and everybody has been told.
    pub(super) async fn enforce(&mut self, policy: Arc<Policy>) {
        let before = self.policy.replace(policy);
        if before != self.policy {
            self.list_again(before.as_deref());
            self.all_are_known();
            self.readmit().await;
        }
    }

    /// Brings the audience and the priority of every publication in step with the seats and the policy.
    pub(super) async fn readmit(&mut self) {
        if self.policy.is_none() {
            return;
        }
        let changed = self.publications.values().filter_map(|publication| {
            let audience = self.audience(publication.owner, publication.source);
            (audience != publication.audience).then_some((publication.id, audience))
        });
        let mut changed: Vec<_> = changed.collect();
        // First what is taken away.
        changed.sort_by_key(|(id, audience)| !self.publications[id].loses(audience));
        for (id, audience) in changed {
            self.admit(id, audience).await;
        }
        self.put_in_order().await;
        self.tell_speaker();
    }

    /// Brings what comes first in step with the policy.
    async fn put_in_order(&mut self) {
        let pictures = self.publications.values().filter(|publication| publication.kind == MediaKind::Video);
        let planned = pictures.map(|publication| (publication, self.priority(publication.owner)));
        let changed = planned.filter(|(publication, priority)| publication.priority != *priority);
        let changed: Vec<_> = changed.map(|(publication, priority)| (publication.id, priority)).collect();
        for (id, priority) in changed {
            let prioritize = Command::Prioritize { publication: id, priority };
            if let Err(error) = self.command_patiently(prioritize).await {
                tracing::error!(publication = %id, %error, "a priority could not be set");
            } else if let Some(publication) = self.publications.get_mut(&id) {
                publication.priority = priority;
            }
        }
    }

    /// Commands one audience and tells those for whom it makes a difference.
    async fn admit(&mut self, id: PublicationId, audience: Audience) {
        let admit = Command::Admit { publication: id, audience: audience.clone() };
        if let Err(error) = self.command_patiently(admit).await {
            tracing::error!(publication = %id, %error, "an audience could not be set");
            return;
        }
        let Some(publication) = self.publications.get_mut(&id) else { return };
        let before = std::mem::replace(&mut publication.audience, audience);
        let publication = publication.clone();
        self.introduce(publication.owner);
        for seat in self.seats.values().filter(|seat| seat.id != publication.owner) {
            match (before.allows(seat.id), publication.audience.allows(seat.id)) {
                (true, false) => seat.tell(ServerMessage::PublicationGone { publication: id.to_string() }),
                (false, true) => seat.tell(ServerMessage::Publication { publication: publication.state() }),
                _ => {}
            }
        }
        self.mute_if_silent(&publication).await;
    }

    /// What nobody may hear is muted in the media plane, so that it is never the active speaker.
    pub(super) async fn mute_if_silent(&mut self, publication: &Publication) {
        let muted = publication.is_silent();
        let Some(publication) = self.publications.get_mut(&publication.id) else { return };
        if publication.muted_in_unit != muted {
            publication.muted_in_unit = muted;
            let id = publication.id;
            if let Err(error) = self.command_patiently(Command::Mute { publication: id, muted }).await {
                tracing::warn!(publication = %id, %error, "a publication could not be muted");
            }
        }
    }

    /// A right that is taken away must not fail because the shard is busy for a moment.
    async fn command_patiently(&self, command: Command) -> Result<(), CommandError> {
        let mut tries = TRIES;
        loop {
            match self.shard.command(command.clone()).await {
                Err(CommandError::Busy) if tries > 0 => {
                    tries -= 1;
                    tokio::time::sleep(PAUSE).await;
                }
                done => return done,
            }
        }
    }

    /// Tells those to whom a participant appears or disappears by a new policy.
    fn list_again(&self, before: Option<&Policy>) {
        let Some(before) = before else { return };
        for viewer in self.seats.values() {
            for other in self.seats.values() {
                match (knows(before, viewer, other), self.may_know(viewer, other)) {
                    (true, false) if viewer.id != other.id => {
                        viewer.tell(ServerMessage::ParticipantLeft { participant: other.id.to_string() });
                    }
                    (false, true) => viewer.tell(ServerMessage::Participant { participant: other.state() }),
                    _ => {}
                }
            }
        }
    }

    /// A device's seat in the interview is closed.
    pub(super) async fn dismiss(&mut self, place: Place, reason: CloseReason) {
        if let Some(id) = self.seats.values().find(|known| known.place == Some(place)).map(|known| known.id) {
            self.remove(id, reason).await;
        }
    }
}

/// Does `viewer` have `other` on its list by this policy? A paired phone is on nobody's list, and has none.
fn knows(policy: &Policy, viewer: &Seat, other: &Seat) -> bool {
    let both = viewer.place.zip(other.place);
    both.is_some_and(|(viewer, other)| {
        (viewer.device, other.device) == (Device::Page, Device::Page)
            && policy.knows.contains(&(viewer.seat, other.seat))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use viva_interview::InterviewId;

    #[test]
    fn sound_that_is_called_a_picture_counts_as_sound() {
        assert_eq!(effective_source(MediaKind::Audio, TrackSource::Camera, None), TrackSource::Microphone);
        assert_eq!(effective_source(MediaKind::Video, TrackSource::ScreenAudio, None), TrackSource::Camera);
        assert_eq!(effective_source(MediaKind::Video, TrackSource::Screen, None), TrackSource::Screen);
    }

    #[test]
    fn in_an_interview_a_second_camera_is_what_a_paired_phone_sends() {
        let own = Place { interview: InterviewId(1), seat: SeatId(2), device: Device::Page };
        let phone = Place { device: Device::Phone { link: 1 }, ..own };
        let video = |claimed, place| effective_source(MediaKind::Video, claimed, place);
        assert_eq!(video(TrackSource::SecondCamera, None), TrackSource::SecondCamera);
        assert_eq!(video(TrackSource::SecondCamera, Some(own)), TrackSource::Camera);
        for claimed in [TrackSource::Camera, TrackSource::Screen, TrackSource::Microphone] {
            assert_eq!(video(claimed, Some(phone)), TrackSource::SecondCamera);
        }
    }

    #[test]
    fn what_a_policy_does_not_say_is_denied() {
        let (one, two) = (SeatId(1), SeatId(2));
        let mut policy = Policy::default();
        policy.allow(one, Source::Camera, two);
        assert!(policy.may_receive(two, one, Source::Camera));
        assert!(!policy.may_receive(two, one, Source::Microphone));
        assert!(!policy.may_receive(one, two, Source::Camera));
    }
}
