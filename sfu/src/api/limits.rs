//! Bounds on what a unit holds, waits for and lets through.

use crate::meter::Allowance;
use std::time::Duration;

/// Bounds on state and time.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Participants of one unit.
    pub participants: usize,
    /// Publications of one participant.
    pub publications: usize,
    /// Slots of one participant.
    pub slots: usize,
    /// Without a valid connectivity check for so long nothing but feedback is sent to a client (RFC 7675 §5.1: 30 s), and one
    /// that sends no authentic media either is gone.
    pub consent: Duration,
    /// Without one for so long, the participant's network is reported as interrupted.
    pub interruption: Duration,
    /// From joining to the first sealed packet.
    pub handshake: Duration,
    /// How long a slot keeps its source after a key frame was asked for and none came, before asking again.
    pub key_frame_interval: Duration,
    /// What one receiver is sent in bits a second of pictures that are much larger than their tiles, where nothing smaller is
    /// sent: more than four times the pixels and more than a megabit a second.
    pub oversize: u64,
    /// What one publication of sound may send.
    pub sound: Allowance,
    /// What one publication of pictures may send, all its encodings together, until [`crate::Command::Allow`] says otherwise.
    pub pictures: Allowance,
    /// What one transport may send in all.
    pub transport: Allowance,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            participants: 20_000,
            publications: 8,
            slots: 256,
            consent: Duration::from_secs(30),
            interruption: Duration::from_secs(5),
            handshake: Duration::from_secs(30),
            key_frame_interval: Duration::from_millis(300),
            oversize: 4_000_000,
            // All that Opus can be (RFC 6716 §2.1.1), in frames of 5 ms or longer.
            sound: Allowance { bits: 512_000, packets: 200, burst: Duration::from_secs(1) },
            // Three encodings of ours are 2.4 Mbit/s; one of 1,080 rows from other software is at most this.
            pictures: Allowance { bits: 6_000_000, packets: 2_000, burst: Duration::from_secs(1) },
            // Camera, second camera, screen and sound, and what a browser sends to try its line.
            transport: Allowance { bits: 24_000_000, packets: 6_000, burst: Duration::from_secs(1) },
        }
    }
}
