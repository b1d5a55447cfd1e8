//! What the network of a seat is said to be, counted in the metrics and followed for the audit.

use super::{scale::Scale, troubles::Troubles};
use crate::metrics::NetworkMeter;
use tokio::time::Instant;
use viva_signaling::message::NetworkQuality;

/// What is held of one seat's network, counted in the metrics as long as it lives.
pub(super) struct Judgement {
    scale: Scale,
    meter: NetworkMeter,
    /// Of who sits in an interview.
    troubles: Option<Troubles>,
}

impl Judgement {
    /// Not measured yet.
    pub(super) fn new(meter: NetworkMeter, troubles: Option<Troubles>) -> Self {
        meter.judged(None, Some(NetworkQuality::Unknown));
        Self { scale: Scale::default(), meter, troubles }
    }

    /// As others are told.
    pub(super) const fn quality(&self) -> NetworkQuality {
        self.scale.told()
    }

    /// Takes a measurement; true when others are to be told something else.
    pub(super) fn measured(&mut self, now: NetworkQuality, at: Instant) -> bool {
        let before = self.scale.told();
        let told = self.scale.measured(now, at);
        self.note(before, told)
    }

    /// Says so at once; true when it is something else.
    pub(super) fn set(&mut self, quality: NetworkQuality) -> bool {
        let before = self.scale.told();
        let told = self.scale.set(quality);
        self.note(before, told)
    }

    fn note(&mut self, before: NetworkQuality, told: Option<NetworkQuality>) -> bool {
        let Some(told) = told else { return false };
        self.meter.judged(Some(before), Some(told));
        if let Some(troubles) = &mut self.troubles {
            troubles.judged(told);
        }
        true
    }
}

impl Drop for Judgement {
    fn drop(&mut self) {
        self.meter.judged(Some(self.scale.told()), None);
    }
}
