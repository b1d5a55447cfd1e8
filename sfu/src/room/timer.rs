//! Time passes for one participant: handshake, consent, reports, feedback, missing packets, requests that are due.

use super::Room;
use crate::{
    api::{LeaveReason, TransportState},
    dtls::DtlsEnd,
    failure::HandshakeFailure,
    key::TransportKey,
    shared::{Shared, TimerKey},
};
use std::time::Duration;
use viva_media::{LayerIndex, LayerSet};
use viva_wire::Micros;

/// A participant is looked at at least so often.
const LOOK: Duration = Duration::from_secs(1);

impl Room {
    pub fn handle_timeout(&mut self, shared: &mut Shared, now: Micros, key: TransportKey) {
        if !self.transports.contains_key(key) || self.expire_transport(shared, now, key) {
            return;
        }
        if self.transports.get(key).is_some_and(|transport| transport.dtls.deadline() <= now) {
            self.handle_dtls_timeout(shared, now, key);
        }
        self.report_arrivals(shared, now, key);
        self.ask_for_missing(shared, now, key);
        self.repeat_key_frame_requests(shared, now, key);
        self.report(shared, now, key);
        let Some(next) = self.next_deadline(now, key) else { return };
        if let Some(transport) = self.transports.get_mut(key) {
            shared.wheel.schedule(&mut transport.timer, TimerKey::Participant(transport.key), next);
            transport.timer_at = next;
        }
    }

    /// Ends a transport that can no longer connect; tells when one is interrupted. True when it is gone.
    fn expire_transport(&mut self, shared: &mut Shared, now: Micros, key: TransportKey) -> bool {
        let Some(transport) = self.transports.get_mut(key) else { return true };
        let consent = shared.limits.consent;
        let before =
            std::mem::replace(&mut transport.consent, now.since(transport.ice.last_check()) < consent);
        if before && !transport.consent {
            // What is left out meanwhile is no loss to be repaired: with consent, all begins anew.
            transport.receiver.queue.clear();
            for slot in &transport.receiver.slots {
                if let Some(slot) = self.slots.get_mut(*slot) {
                    slot.subscription.restart();
                }
            }
        }
        // Some stacks check no more once they are connected. Who still sends authentic media is there, and stays.
        let hears = transport.heard.is_some_and(|heard| now.since(heard) < consent);
        let reason = if transport.srtp.is_none() && now.since(transport.joined) >= shared.limits.handshake {
            Some(LeaveReason::Handshake)
        } else if !transport.consent && !hears {
            Some(LeaveReason::ConsentExpired)
        } else {
            None
        };
        if let Some(reason) = reason {
            self.tell_no_handshake(shared, key);
            self.remove(shared, now, key, reason);
            return true;
        }
        let silent = now.since(transport.ice.last_packet()) >= shared.limits.interruption;
        if silent && matches!(transport.state, TransportState::Connected(_)) {
            self.set_state(shared, key, TransportState::Interrupted);
        }
        let Some(transport) = self.transports.get_mut(key) else { return true };
        let by_path = &mut shared.index.by_path;
        transport.ice.expire(now - consent, |path| {
            by_path.remove(&path);
        });
        false
    }

    /// Says of a transport that goes without keys how far it came, if nothing was said of it yet.
    fn tell_no_handshake(&mut self, shared: &mut Shared, key: TransportKey) {
        let Some(transport) = self.transports.get(key) else { return };
        let reason = match transport.state {
            _ if transport.dtls.told().is_some() => return,
            TransportState::New => HandshakeFailure::Unreachable,
            _ if transport.dtls.has_begun() => HandshakeFailure::Unfinished,
            _ => HandshakeFailure::Silent,
        };
        self.tell_failure(shared, key, &DtlsEnd::Failed(reason, String::new()));
    }

    fn handle_dtls_timeout(&mut self, shared: &mut Shared, now: Micros, key: TransportKey) {
        let Some(transport) = self.transports.get_mut(key) else { return };
        let result = transport.dtls.handle_timeout(now);
        self.drain_dtls(shared, now, key, None);
        if let Err(end) = result {
            self.fail_dtls(shared, now, key, end);
        }
    }

    fn repeat_key_frame_requests(&mut self, shared: &mut Shared, now: Micros, key: TransportKey) {
        let Some(transport) = self.transports.get(key) else { return };
        for index in 0..transport.publications.len() {
            let Some(publication_key) =
                self.transports.get(key).and_then(|t| t.publications.get(index).copied())
            else {
                return;
            };
            let Some(publication) = self.publications.get_mut(publication_key) else { continue };
            if publication.routes.is_empty() || publication.muted {
                publication.layers.iter_mut().for_each(|layer| layer.key_frames.cancel());
                continue;
            }
            publication.forget_wishes();
            let due: LayerSet = LayerIndex::all()
                .zip(&mut publication.layers)
                .filter_map(|(layer, state)| state.key_frames.due(now).then_some(layer))
                .collect();
            for layer in due.iter() {
                self.send_key_frame_request(shared, publication_key, layer);
            }
        }
    }

    fn next_deadline(&self, now: Micros, key: TransportKey) -> Option<Micros> {
        let transport = self.transports.get(key)?;
        let layers = transport
            .publications
            .iter()
            .filter_map(|publication| self.publications.get(*publication))
            .flat_map(|publication| &publication.layers);
        let of_layers = layers
            .flat_map(|layer| [layer.loss.next_deadline(), layer.key_frames.next_deadline()])
            .flatten()
            .min()
            .unwrap_or(Micros::NEVER);
        let next = of_layers
            .min(transport.dtls.deadline())
            .min(transport.reports)
            .min(transport.feedback)
            .min(now + LOOK)
            .max(now + Duration::from_millis(1));
        Some(next)
    }
}
