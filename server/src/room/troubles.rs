//! Times of bad network of those who sit in an interview, for its audit.

use super::place::{Device, Place};
use crate::clock::now;
use tokio::sync::broadcast::Sender;
use viva_interview::{InterviewId, SeatId, Time, Trouble};
use viva_signaling::message::NetworkQuality;

/// Somebody's network was bad for a while.
#[derive(Debug, Clone, Copy)]
pub struct Troubled {
    /// The interview in which they sit.
    pub interview: InterviewId,
    /// Where.
    pub seat: SeatId,
    /// Since when.
    pub from: Time,
    /// When it was over.
    pub until: Time,
    /// The worst meanwhile.
    pub worst: Trouble,
}

/// Follows one seat's network, and tells of each such time when it is over.
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
        let (from, worst) = self.since.unwrap_or_else(|| (now(), trouble));
        self.since = Some((from, worst.max(trouble)));
    }

    fn end(&mut self) {
        let Some((from, worst)) = self.since.take() else { return };
        let (interview, seat) = (self.interview, self.seat);
        // While the program stops nobody listens.
        let _ = self.told.send(Troubled { interview, seat, from, until: now(), worst });
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
    fn a_bad_time_is_told_once_with_the_worst_of_it() {
        let (told, mut heard) = channel(8);
        let mut troubles = Troubles::of(place(Device::Page), &told).expect("a page is followed");
        for quality in [Good, Poor, Lost, Unknown, Poor] {
            troubles.judged(quality);
            assert!(heard.try_recv().is_err());
        }
        troubles.judged(Fair);
        let time = heard.try_recv().expect("it is over");
        assert_eq!((time.seat, time.worst), (SeatId(2), Trouble::Interrupted));
        assert!(time.from <= time.until);
        troubles.judged(Good);
        assert!(heard.try_recv().is_err());
    }

    #[test]
    fn who_goes_in_a_bad_time_ends_it_and_a_phone_has_none() {
        let (told, mut heard) = channel(8);
        let mut troubles = Troubles::of(place(Device::Page), &told).expect("a page is followed");
        troubles.judged(Poor);
        drop(troubles);
        assert_eq!(heard.try_recv().expect("it is over").worst, Trouble::Weak);
        assert!(Troubles::of(place(Device::Phone { link: 1 }), &told).is_none());
        assert!(Troubles::of(None, &told).is_none());
    }
}
