//! Events on their way to the control plane: a bounded channel, and what waits in front of it.

use std::collections::{HashMap, VecDeque};
use tokio::sync::mpsc::{self, error::TrySendError};
use viva_media::{Mid, ParticipantId, PublicationId, RoomId};
use viva_sfu::Event;

/// What comes out of the plane.
pub type Events = mpsc::Receiver<PlaneEvent>;

/// Something that a shard tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PlaneEvent {
    /// The unit of this shard says so.
    Unit {
        /// Its number, counted from 0.
        shard: usize,
        /// What it says.
        event: Event,
    },
    /// The thread of this shard has ended by a defect of its own; all rooms on it are gone.
    Died {
        /// Its number, counted from 0.
        shard: usize,
    },
}

/// The events of one shard that found the channel full.
///
/// No event is lost. Each of them tells the newest state of one thing, so a newer event about the same thing takes
/// the place of the one that still waits. So no more can wait than there are things; and since things are made by
/// commands only, the shard refuses those that make more of them while [`Backlog::is_high`].
pub(crate) struct Backlog {
    shard: usize,
    channel: mpsc::Sender<PlaneEvent>,
    /// In the order of telling; `None` where a newer one, further back, took its place.
    waiting: VecDeque<Option<Event>>,
    /// Where the waiting event about a thing stands: its place plus `taken`.
    places: HashMap<Subject, usize>,
    /// How many places have been taken from the front.
    taken: usize,
    merged: u64,
    /// So many waiting events are a reason to take no commands that make more.
    high: usize,
}

/// The thing that an event is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Subject {
    Transport(ParticipantId),
    Publication(PublicationId),
    Slot(ParticipantId, Mid),
    ActiveSpeaker(RoomId),
    Wanted(ParticipantId, Mid),
    HandshakeFailed(ParticipantId),
    Excess(ParticipantId),
    Left(ParticipantId),
}

impl Subject {
    const fn of(event: &Event) -> Self {
        match *event {
            Event::Transport { participant, .. } => Self::Transport(participant),
            Event::Publication { publication, .. } => Self::Publication(publication),
            Event::Slot { participant, mid, .. } => Self::Slot(participant, mid),
            Event::ActiveSpeaker { room, .. } => Self::ActiveSpeaker(room),
            Event::Wanted { participant, mid, .. } => Self::Wanted(participant, mid),
            Event::HandshakeFailed { participant, .. } => Self::HandshakeFailed(participant),
            Event::Excess { participant, .. } => Self::Excess(participant),
            Event::Left { participant, .. } => Self::Left(participant),
        }
    }
}

impl Backlog {
    pub(crate) fn new(shard: usize, channel: mpsc::Sender<PlaneEvent>, high: usize) -> Self {
        Self { shard, channel, waiting: VecDeque::new(), places: HashMap::new(), taken: 0, merged: 0, high }
    }

    /// Tells an event, now or as soon as there is room.
    pub(crate) fn tell(&mut self, event: Event) {
        if self.places.is_empty() {
            if let Some(event) = self.send(event) {
                tracing::warn!(shard = self.shard, "events are taken too slowly; they wait in the shard");
                self.keep(event);
            }
        } else {
            self.keep(event);
        }
    }

    /// Moves what waits into the channel as far as there is room.
    pub(crate) fn flush(&mut self) {
        while let Some(front) = self.waiting.pop_front() {
            self.taken = self.taken.wrapping_add(1);
            let Some(event) = front else { continue };
            let subject = Subject::of(&event);
            if let Some(event) = self.send(event) {
                self.taken = self.taken.wrapping_sub(1);
                self.waiting.push_front(Some(event));
                return;
            }
            self.places.remove(&subject);
        }
    }

    /// How many events wait.
    pub(crate) fn len(&self) -> usize {
        self.places.len()
    }

    /// Do so many wait that no new things may be made?
    pub(crate) fn is_high(&self) -> bool {
        self.places.len() >= self.high
    }

    /// How many events were replaced by newer ones.
    pub(crate) const fn merged(&self) -> u64 {
        self.merged
    }

    /// Hands the event back when there is no room. With nobody listening any more, the plane is going down and
    /// the event is of no use.
    fn send(&self, event: Event) -> Option<Event> {
        match self.channel.try_send(PlaneEvent::Unit { shard: self.shard, event }) {
            Err(TrySendError::Full(PlaneEvent::Unit { event, .. })) => Some(event),
            _ => None,
        }
    }

    fn keep(&mut self, event: Event) {
        let place = self.taken.wrapping_add(self.waiting.len());
        if let Some(older) = self.places.insert(Subject::of(&event), place) {
            self.merged += 1;
            if let Some(entry) = self.waiting.get_mut(older.wrapping_sub(self.taken)) {
                *entry = None;
            }
        }
        self.waiting.push_back(Some(event));
        if self.waiting.len() > 64 + 2 * self.places.len() {
            self.close_gaps();
        }
        if self.places.len() == self.high {
            tracing::error!(shard = self.shard, "events are not taken; the shard refuses commands");
        }
    }

    fn close_gaps(&mut self) {
        self.waiting.retain(Option::is_some);
        self.taken = 0;
        for (place, event) in self.waiting.iter().flatten().enumerate() {
            self.places.insert(Subject::of(event), place);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use viva_sfu::{LeaveReason, TransportState};

    fn speaker(room: u64, participant: u64) -> Event {
        Event::ActiveSpeaker { room: RoomId(room), participant: Some(ParticipantId(participant)) }
    }

    fn transport(participant: u64, state: TransportState) -> Event {
        Event::Transport { participant: ParticipantId(participant), state }
    }

    fn take_all(backlog: &mut Backlog, events: &mut Events) -> Vec<Event> {
        let mut all = Vec::new();
        while let Ok(event) = events.try_recv() {
            if let PlaneEvent::Unit { event, .. } = event {
                all.push(event);
            }
            backlog.flush();
        }
        all
    }

    #[test]
    fn events_come_out_in_order_once_there_is_room() {
        let (sender, mut events) = mpsc::channel(2);
        let mut backlog = Backlog::new(0, sender, 1000);
        let told: Vec<_> = (0..10).map(|room| speaker(room, 1)).collect();
        told.iter().cloned().for_each(|event| backlog.tell(event));
        assert_eq!(backlog.len(), 8);
        assert_eq!(take_all(&mut backlog, &mut events), told);
        assert_eq!((backlog.len(), backlog.merged()), (0, 0));
    }

    #[test]
    fn the_newest_event_about_a_thing_takes_the_place_of_the_one_that_waits() {
        let (sender, mut events) = mpsc::channel(1);
        let mut backlog = Backlog::new(0, sender, 1000);
        let left = Event::Left { participant: ParticipantId(1), reason: LeaveReason::Left };
        backlog.tell(speaker(0, 0));
        backlog.tell(transport(1, TransportState::New));
        backlog.tell(speaker(1, 1));
        backlog.tell(transport(1, TransportState::Connecting));
        backlog.tell(left.clone());
        assert_eq!(
            take_all(&mut backlog, &mut events),
            [speaker(0, 0), speaker(1, 1), transport(1, TransportState::Connecting), left]
        );
        assert_eq!(backlog.merged(), 1);
    }

    #[test]
    fn what_waits_is_bounded_by_the_number_of_things() {
        let (sender, mut events) = mpsc::channel(1);
        let mut backlog = Backlog::new(0, sender, 1000);
        backlog.tell(speaker(99, 0));
        for turn in 0..10_000 {
            backlog.tell(speaker(turn % 7, turn));
            assert!(backlog.waiting.len() <= 64 + 2 * 7 + 1);
        }
        assert_eq!(backlog.len(), 7);
        let newest: Vec<_> = (9_993..10_000).map(|turn| speaker(turn % 7, turn)).collect();
        assert_eq!(take_all(&mut backlog, &mut events)[1..], newest);
    }
}
