//! WebSocket connections whose client has no seat yet: so many, and the oldest goes when one more comes.

use crate::outbox::Outbox;
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use viva_signaling::message::CloseReason;

/// All of them. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Unseated {
    most: usize,
    inner: Arc<Mutex<Inner>>,
}

#[derive(Debug, Default)]
struct Inner {
    next: u64,
    /// The oldest first.
    waiting: BTreeMap<u64, Outbox>,
}

/// A place among them, given back when it is dropped.
#[derive(Debug)]
pub struct Ticket {
    number: u64,
    unseated: Unseated,
}

impl Unseated {
    /// At most `most`.
    pub fn new(most: usize) -> Self {
        Self { most, inner: Arc::default() }
    }

    /// One more has come: who is honest joins at once, so that the oldest is the one to do without.
    pub fn enter(&self, outbox: &Outbox) -> Ticket {
        let mut inner = self.lock();
        let number = inner.next;
        inner.next += 1;
        inner.waiting.insert(number, outbox.clone());
        while inner.waiting.len() > self.most {
            let Some((_, oldest)) = inner.waiting.pop_first() else { break };
            oldest.cut(CloseReason::Idle);
        }
        Ticket { number, unseated: self.clone() }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.unseated.lock().waiting.remove(&self.number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outbox::outbox;

    #[test]
    fn the_oldest_goes_when_one_too_many_waits_and_who_was_seated_does_not_count() {
        let unseated = Unseated::new(2);
        let mut connections: Vec<_> = (0..4).map(|_| outbox(1000)).collect();
        let seated = unseated.enter(&connections[0].0);
        drop(seated);
        let _waiting: Vec<_> = connections.iter().skip(1).map(|(outbox, _)| unseated.enter(outbox)).collect();
        let cut = connections.iter_mut().map(|(_, reader)| *reader.cut.borrow()).collect::<Vec<_>>();
        assert_eq!(cut, [None, Some(CloseReason::Idle), None, None]);
    }
}
