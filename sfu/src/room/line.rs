//! A receiver's line tells of itself: feedback comes, time passes, probes go out, pictures that waited leave.

use super::Room;
use crate::{
    egress::PassedOn,
    key::TransportKey,
    line::Line,
    shared::{Shared, TimerKey},
};
use std::time::Duration;
use viva_media::MediaKind;
use viva_wire::{
    Micros,
    rtcp::{CongestionFeedback, TransportFeedback},
};

/// Bytes of padding in one packet. Its last byte counts them (RFC 3550 §5.1), and a run may add a few to make packets equal.
const PADDING: usize = 240;

impl Room {
    fn line_mut(&mut self, key: TransportKey) -> Option<&mut Line> {
        self.transports.get_mut(key)?.receiver.line.as_deref_mut()
    }

    /// Feedback on each packet (draft-holmer-rmcat-transport-wide-cc-extensions-01).
    pub fn handle_transport_feedback(
        &mut self,
        shared: &mut Shared,
        now: Micros,
        key: TransportKey,
        feedback: TransportFeedback<'_>,
    ) {
        if let Some(line) = self.line_mut(key) {
            line.feedback(now, feedback, &mut shared.told);
            self.follow_line(shared, now, key);
        }
    }

    /// Feedback on each packet by stream (RFC 8888).
    pub fn handle_congestion_feedback(
        &mut self,
        shared: &mut Shared,
        now: Micros,
        key: TransportKey,
        feedback: CongestionFeedback<'_>,
    ) {
        if let Some(line) = self.line_mut(key) {
            line.congestion_feedback(now, feedback, &mut shared.told);
            self.follow_line(shared, now, key);
        }
    }

    /// A receiver's own estimate (draft-alvestrand-rmcat-remb-03).
    pub fn handle_remb(&mut self, shared: &mut Shared, now: Micros, key: TransportKey, bits: u64) {
        if let Some(line) = self.line_mut(key) {
            line.remb(now, bits);
            self.follow_line(shared, now, key);
        }
    }

    /// A receiver's report on a stream (RFC 3550 §6.4.2).
    pub fn handle_line_report(
        &mut self,
        shared: &mut Shared,
        now: Micros,
        key: TransportKey,
        fraction_lost: u8,
        round_trip: Option<Duration>,
    ) {
        if let Some(line) = self.line_mut(key) {
            line.report(now, fraction_lost, round_trip);
            self.follow_line(shared, now, key);
        }
    }

    /// Media can be sent to a receiver from now on.
    pub fn begin_line(&mut self, shared: &mut Shared, now: Micros, key: TransportKey) {
        if let Some(line) = self.line_mut(key) {
            line.begin(now);
            self.allocate(shared, now, key);
            self.handle_line_timeout(shared, now, key);
        }
    }

    /// Pictures may leave, a probe begins or goes on, feedback is overdue.
    pub fn handle_line_timeout(&mut self, shared: &mut Shared, now: Micros, key: TransportKey) {
        let Some(transport) = self.transports.get_mut(key).filter(|transport| transport.is_connected())
        else {
            return;
        };
        let Some(line) = &mut transport.receiver.line else { return };
        line.tick(now);
        if !transport.receiver.queue.is_empty() && !transport.receiver.queued {
            transport.receiver.queued = true;
            shared.sending.push_back(transport.key);
        }
        self.pad(shared, now, key);
        self.follow_line(shared, now, key);
    }

    /// Sends what a probe needs beside what is sent anyway.
    fn pad(&mut self, shared: &mut Shared, now: Micros, key: TransportKey) {
        let Some(transport) = self.transports.get_mut(key) else { return };
        let Some(line) = &transport.receiver.line else { return };
        let mut due = line.padding(now).saturating_sub(transport.receiver.queue.bytes());
        if due == 0 {
            return;
        }
        let headers = transport.receiver.headers.len(&PassedOn::default());
        for slot in &transport.receiver.slots {
            let Some(slot) = self.slots.get_mut(*slot).filter(|slot| slot.kind() == MediaKind::Video) else {
                continue;
            };
            let Some(rtx) = slot.retransmission_type() else { continue };
            while due > 0 {
                let length = headers + PADDING.min(usize::try_from(due).unwrap_or(PADDING)).max(1);
                due = due.saturating_sub(length as u64 + OVERHEAD);
                let Some(packet) = slot.subscription.probe(rtx, length as u16) else { break };
                if !transport.receiver.enqueue(&mut shared.sending, transport.key, packet) {
                    return;
                }
            }
            return;
        }
    }

    /// The line may carry more or less than before: decides anew if it is time, and looks again when it has to.
    fn follow_line(&mut self, shared: &mut Shared, now: Micros, key: TransportKey) {
        let receiver = self.transports.get(key).map(|transport| &transport.receiver);
        if receiver.and_then(|receiver| receiver.line.as_ref()).is_some_and(|line| line.is_due(now)) {
            self.allocate(shared, now, key);
        }
        self.schedule_line(shared, now, key);
    }

    fn schedule_line(&mut self, shared: &mut Shared, now: Micros, key: TransportKey) {
        let Some(transport) = self.transports.get_mut(key) else { return };
        let receiver = &mut transport.receiver;
        let Some(line) = &receiver.line else { return };
        let mut next = line.deadline(now);
        if !receiver.queue.is_empty() && !receiver.queued {
            next = next.min(line.pacer.next());
        }
        let next = if next == Micros::NEVER { next } else { next.max(now + Duration::from_millis(1)) };
        shared.wheel.schedule(&mut receiver.line_timer, TimerKey::Line(transport.key), next);
    }
}

/// Seal and headers of a padding packet below RTP.
const OVERHEAD: u64 = 44;
