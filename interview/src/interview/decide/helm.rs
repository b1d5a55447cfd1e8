//! The helm: who leads while no host is there.

use super::{Events, Interview};
use crate::{Event, HelmEvent, Obstacle, Presence, Refused, Role, SeatId, Time};

impl Interview {
    /// An examiner who is a chair leads when no host is there; a host who comes back takes it from them.
    pub(super) fn decide_take_helm(&self, seat: SeatId, now: Time, presence: &Presence) -> Events {
        if self.role(seat) == Some(Role::Host) {
            let back = self.helm.map(|seat| HelmEvent::HelmGiven { seat }.into());
            return Ok(back.into_iter().collect());
        }
        if self.helm == Some(seat) {
            return Ok(Vec::new());
        }
        if !self.staff_seat(seat)?.chair {
            return Err(Refused::ChairOnly);
        }
        let here = |seat: &SeatId| presence.is_here(seat, now);
        if self.hosts().any(|host| here(&host)) || self.helm.is_some_and(|other| here(&other)) {
            return Err(Refused::NotNow(Obstacle::HelmHeld));
        }
        let before = self.helm.map(|seat| HelmEvent::HelmGiven { seat });
        let events = before.into_iter().chain([HelmEvent::HelmTaken { seat }]);
        Ok(events.map(Event::from).collect())
    }

    pub(super) fn decide_give_helm(&self, seat: SeatId) -> Events {
        let led = self.helm == Some(seat);
        Ok(led.then_some(HelmEvent::HelmGiven { seat }.into()).into_iter().collect())
    }

    /// The hosts who are not put out.
    pub(crate) fn hosts(&self) -> impl Iterator<Item = SeatId> {
        let lead = |staff: &&super::Staff| staff.role == Role::Host && !staff.removed;
        self.staff.iter().filter(move |(_, staff)| lead(staff)).map(|(seat, _)| *seat)
    }

    /// How it stands with the helm.
    pub(crate) fn helm_view(&self, presence: &Presence) -> crate::HelmView {
        let leaders: Vec<SeatId> = self.hosts().chain(self.helm).collect();
        let empty = !leaders.iter().any(|seat| presence.contains(seat));
        let lost = leaders.iter().filter_map(|seat| presence.offline_since(seat)).max();
        crate::HelmView { taken_by: self.helm, empty_since: empty.then(|| lost.unwrap_or(self.created_at)) }
    }
}
