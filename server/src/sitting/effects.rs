//! What is done when the events are stored.

use super::{Asker, Sitting, TRIES, refusal};
use crate::{
    clock::now,
    problem::Problem,
    room::{Device, Place},
    store::StoreError,
};
use viva_interview::{CloseReason, Command, Decision, Effect, Event, Record, SeatId};
use viva_signaling::message;

impl Sitting {
    /// Rights first, so that nothing flows any more that is not allowed; then the answer; then views; then the seats that are
    /// closed.
    pub(super) async fn carry_out(&mut self, records: &[Record], effects: Vec<Effect>, asker: Option<Asker>) {
        // SMS are not here: they were stored with the events.
        if effects.contains(&Effect::Permissions) {
            self.enforce().await;
            self.dismiss_unpaired_phones().await;
        }
        if let Some(asker) = asker {
            asker.done();
        }
        if effects.contains(&Effect::Views) {
            self.changed();
        }
        if effects.contains(&Effect::Chat) {
            self.written();
        }
        for effect in &effects {
            // Beside the records, as presence is: after a restart the candidate's page turns there again.
            if let Effect::Page { seat, page } = effect
                && self.pages.insert(*seat, *page) != Some(*page)
            {
                self.changed();
            }
        }
        let mut closing: Vec<(SeatId, message::CloseReason)> = Vec::new();
        for effect in effects {
            if let Effect::Close { seat, reason } = effect {
                closing.push((seat, close_reason(reason)));
            }
        }
        for record in records {
            // Another device has entered with the code: it has the seat.
            if let Event::Entered { seat, again: true, .. } = &record.event {
                closing.push((*seat, message::CloseReason::Replaced));
            }
        }
        if !closing.is_empty() {
            self.flush();
        }
        for (seat, reason) in closing {
            self.dismiss(seat, Device::Page, reason).await;
        }
    }

    /// The connection and media of a seat's device end.
    pub(super) async fn dismiss(&mut self, seat: SeatId, device: Device, reason: message::CloseReason) {
        self.around.rooms.dismiss(Place { interview: self.id, seat, device }, reason).await;
        self.occupants.remove(&(seat, device));
        self.changed();
    }

    /// Gives the interview up, deletes it when it is over, or ends it where it is a rehearsal: nothing of it stays.
    pub(super) async fn delete(&mut self, command: Command) -> Result<(), Problem> {
        for _ in 0..TRIES {
            if self.stale {
                self.catch_up().await?;
            }
            let Decision { refused, .. } =
                self.interview.handle(command.clone(), now(), &self.presence()).map_err(refusal)?;
            if let Some(refused) = refused {
                return Err(refusal(refused));
            }
            match self.remove(&command).await {
                Ok(()) => {}
                Err(StoreError::Conflict) => {
                    self.stale = true;
                    continue;
                }
                Err(error) => {
                    self.stale = true;
                    return Err(error.into());
                }
            }
            // Who is away for a moment has media here all the same.
            for (seat, device) in std::mem::take(&mut self.occupants).into_keys() {
                let place = Place { interview: self.id, seat, device };
                self.around.rooms.dismiss(place, message::CloseReason::RoomClosed).await;
            }
            return Ok(());
        }
        Err(StoreError::Conflict.into())
    }

    async fn remove(&self, command: &Command) -> Result<(), StoreError> {
        let (store, sequence) = (&self.around.store, self.interview.sequence());
        if let Some(ended) = self.end_of_rehearsal(command)? {
            return store.end_rehearsal(self.id.0, sequence, &ended).await;
        }
        match self.deed_of_deletion(command) {
            Some(deed) => store.erase_interview(self.id.0, sequence, &deed).await,
            None => store.remove_interview(self.id.0, sequence).await,
        }
    }
}

const fn close_reason(reason: CloseReason) -> message::CloseReason {
    match reason {
        CloseReason::Removed => message::CloseReason::Removed,
        CloseReason::Left => message::CloseReason::Left,
    }
}
