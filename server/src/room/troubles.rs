//! Times of bad network of those who sit in an interview, for its audit.

use super::place::{Device, Place};
use crate::clock::now;
use tokio::sync::broadcast::Sender;
use viva_interview::{InterviewId, SeatId, Time, Trouble};
use viva_signaling::message::NetworkQuality;

/// Somebody's network has become bad, or worse, or was bad for a while.
#[derive(Debug, Clone, Copy)]
pub struct Troubled {
    /// The interview in which they sit.
    pub interview: InterviewId,
    /// Where.
    pub seat: SeatId,
    /// Since when.
    pub from: Time,
    /// When it was over; `None` while it is not.
    pub until: Option<Time>,
    /// The worst so far.
    pub worst: Trouble,
}

/// Follows one seat's network, and tells of each such time when it begins, when it becomes worse and when it is over.
pub(super) struct Troubles {
    interview: InterviewId,
    seat: SeatId,
    told: Sender<Troubled>,
    since: Option<(Time, Trouble)>,
}

impl Troubles {
    /// Of a person's own page; a paired phone's network decides nothing.
    pub(super) fn of(place: Option<Place>, told: &Sender<Troubled>) -> Option<Self> {
        let Place { interview, seat, device } = place?;
        (device == Device::Page).then(|| Self { interview, seat, told: told.clone(), since: None })
    }

    /// The network is said to be so from now on.
    pub(super) fn judged(&mut self, quality: NetworkQuality) {
        let trouble = match quality {
            NetworkQuality::Poor => Trouble::Weak,
            NetworkQuality::Lost => Trouble::Interrupted,
            // After an interruption only a measurement says that it is over.
            NetworkQuality::Unknown => return,
            NetworkQuality::Good | NetworkQuality::Fair => return self.end(),
        };
        if self.since.is_some_and(|(_, worst)| worst >= trouble) {
            return;
        }
        let from = self.since.map_or_else(now, |(from, _)| from);
        self.since = Some((from, trouble));
        self.tell(from, None, trouble);
    }

    fn end(&mut self) {
        if let Some((from, worst)) = self.since.take() {
            self.tell(from, Some(now()), worst);
        }
    }

    fn tell(&self, from: Time, until: Option<Time>, worst: Trouble) {
        let (interview, seat) = (self.interview, self.seat);
        // While the program stops nobody listens.
        let _ = self.told.send(Troubled { interview, seat, from, until, worst });
    }
}

impl Drop for Troubles {
    fn drop(&mut self) {
        self.end();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use NetworkQuality::{Fair, Good, Lost, Poor, Unknown};
    use tokio::sync::broadcast::channel;

    fn place(device: Device) -> Option<Place> {
        Some(Place { interview: InterviewId(1), seat: SeatId(2), device })
    }

    #[test]
    fn a_bad_time_is_told_when_it_begins_when_it_becomes_worse_and_when_it_is_over() {
        let (told, mut heard) = channel(8);
        let mut troubles = Troubles::of(place(Device::Page), &told).expect("a page is followed");
        let mut after = |quality| {
            troubles.judged(quality);
            heard.try_recv().ok().map(|time| (time.seat, time.worst, time.from, time.until))
        };
        assert_eq!(after(Good), None);
        let (seat, worst, from, until) = after(Poor).expect("it has begun");
        assert_eq!((seat, worst, until), (SeatId(2), Trouble::Weak, None));
        assert_eq!(after(Lost), Some((SeatId(2), Trouble::Interrupted, from, None)));
        for quality in [Unknown, Poor, Lost] {
            assert_eq!(after(quality), None, "no news");
        }
        let (_, worst, began, until) = after(Fair).expect("it is over");
        assert_eq!((worst, began), (Trouble::Interrupted, from));
        assert!(until.is_some_and(|until| until >= from));
        assert_eq!(after(Good), None);
    }

    #[test]
    fn who_goes_in_a_bad_time_ends_it_and_a_phone_has_none() {
        let (told, mut heard) = channel(8);
        let mut troubles = Troubles::of(place(Device::Page), &told).expect("a page is followed");
        troubles.judged(Poor);
        assert_eq!(heard.try_recv().expect("it has begun").until, None);
        drop(troubles);
        assert!(heard.try_recv().expect("it is over").until.is_some());
        assert!(Troubles::of(place(Device::Phone { link: 1 }), &told).is_none());
        assert!(Troubles::of(None, &told).is_none());
    }
}
