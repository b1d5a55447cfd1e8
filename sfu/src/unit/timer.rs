//! Time passes: handshakes, consent, reports, feedback, missing packets, requests that are due.

use super::Sfu;
use crate::{
    api::{LeaveReason, TransportState},
    dtls::DtlsEnd,
    failure::HandshakeFailure,
    key::{RoomKey, TransportKey},
};
use std::time::Duration;
use viva_wire::Micros;

/// What a deadline belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TimerKey {
    /// A participant's transport.
    Transport(TransportKey),
    /// A room's look at who speaks.
    Room(RoomKey),
}

/// A transport is looked after at least so often.
const LOOK: Duration = Duration::from_secs(1);

impl Sfu {
    /// Does what is due. Call it at the moment that [`crate::Output::Timeout`] names, or any time.
    pub fn handle_timeout(&mut self, now: Micros) {
        self.fan_out(now);
        self.go_on_with_handshake(now);
        while let Some(key) = self.wheel.expire(now) {
            match key {
                TimerKey::Transport(key) => self.look_after(now, key),
                TimerKey::Room(key) => self.tick_room(now, key),
            }
        }
    }

    fn look_after(&mut self, now: Micros, key: TransportKey) {
        if !self.transports.contains_key(key) || self.expire_transport(now, key) {
            return;
        }
        if self.transports.get(key).is_some_and(|transport| transport.dtls.deadline() <= now) {
            self.handle_dtls_timeout(now, key);
        }
        self.report_arrivals(now, key);
        self.ask_for_missing(now, key);
        self.repeat_key_frame_requests(now, key);
        self.report(now, key);
        let Some(next) = self.next_deadline(now, key) else { return };
        if let Some(transport) = self.transports.get_mut(key) {
            self.wheel.schedule(&mut transport.timer, TimerKey::Transport(key), next);
            transport.timer_at = next;
        }
    }

    /// Ends a transport that is beyond hope; tells when one is interrupted. True when it is gone.
    fn expire_transport(&mut self, now: Micros, key: TransportKey) -> bool {
        let Some(transport) = self.transports.get_mut(key) else { return true };
        let consent = self.limits.consent;
        let before =
            std::mem::replace(&mut transport.consent, now.since(transport.ice.last_check()) < consent);
        if before && !transport.consent {
            // What is left out meanwhile is no loss to be repaired: with consent, all begins anew.
            for slot in &transport.slots {
                if let Some(slot) = self.slots.get_mut(*slot) {
                    slot.restart();
                }
            }
        }
        // Some stacks check no more once they are connected. Who still sends authentic media is there, and stays.
        let hears = transport.heard.is_some_and(|heard| now.since(heard) < consent);
        let reason = if transport.srtp.is_none() && now.since(transport.joined) >= self.limits.handshake {
            Some(LeaveReason::Handshake)
        } else if !transport.consent && !hears {
            Some(LeaveReason::ConsentExpired)
        } else {
            None
        };
        if let Some(reason) = reason {
            self.tell_no_handshake(key);
            self.remove(now, key, reason);
            return true;
        }
        let silent = now.since(transport.ice.last_packet()) >= self.limits.interruption;
        if silent && matches!(transport.state, TransportState::Connected(_)) {
            self.set_state(key, TransportState::Interrupted);
        }
        let Some(transport) = self.transports.get_mut(key) else { return true };
        let by_path = &mut self.by_path;
        transport.ice.expire(now - consent, |path| {
            by_path.remove(&path);
        });
        false
    }

    /// Says of a transport that goes without keys how far it came, if nothing was said of it yet.
    fn tell_no_handshake(&mut self, key: TransportKey) {
        let Some(transport) = self.transports.get(key) else { return };
        let reason = match transport.state {
            _ if transport.dtls.told().is_some() => return,
            TransportState::New => HandshakeFailure::Unreachable,
            _ if transport.dtls.has_begun() => HandshakeFailure::Unfinished,
            _ => HandshakeFailure::Silent,
        };
        self.tell_failure(key, &DtlsEnd::Failed(reason, String::new()));
    }

    fn handle_dtls_timeout(&mut self, now: Micros, key: TransportKey) {
        let Some(transport) = self.transports.get_mut(key) else { return };
        let result = transport.dtls.handle_timeout(now);
        self.drain_dtls(now, key, None);
        if let Err(end) = result {
            self.fail_dtls(now, key, end);
        }
    }

    fn repeat_key_frame_requests(&mut self, now: Micros, key: TransportKey) {
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
            let due = publication
                .layers
                .iter_mut()
                .enumerate()
                .filter_map(|(layer, state)| state.key_frames.due(now).then_some(layer))
                .fold(0u8, |bits, layer| bits | 1 << layer);
            for layer in (0..8).filter(|layer| due & 1 << layer != 0) {
                self.send_key_frame_request(publication_key, layer);
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
