//! What the load counted.

use hdrhistogram::Histogram;

/// Times from sender to receiver.
pub type Delays = Histogram<u64>;

/// The longest delay that is told apart: ten seconds, in microseconds.
const LONGEST: u64 = 10_000_000;

/// Counters of one thread between two readings.
#[derive(Debug, Clone)]
pub struct Tally {
    /// Media packets sent by clients.
    pub sent: u64,
    /// Reports and feedback sent by clients.
    pub feedback: u64,
    /// Media packets that came, whatever they were.
    pub packets: u64,
    /// Their bytes, UDP payload.
    pub bytes: u64,
    /// Of those, in order or late, opened, and for the first time.
    pub received: u64,
    /// How far the numbers of all streams went on: what should have been received.
    pub expected: u64,
    /// Of the received ones, sound, which is not sent again.
    pub sound: u64,
    /// Of the expected ones, sound.
    pub sound_expected: u64,
    /// Retransmissions that came.
    pub repairs: u64,
    /// Of those, ones that were still missing.
    pub repaired: u64,
    /// Packets that came a second time.
    pub duplicates: u64,
    /// Came after a later one of the same stream.
    pub reordered: u64,
    /// The publisher's own count went backwards where the numbers did not.
    pub disordered: u64,
    /// The seal did not hold.
    pub unsealed: u64,
    /// Opened, and without the publisher's stamp.
    pub unstamped: u64,
    /// Neither STUN nor DTLS nor RTP nor RTCP.
    pub strange: u64,
    /// Key frames that publishers were asked for.
    pub key_frame_requests: u64,
    /// Lost by the modelled network on the way up.
    pub dropped_up: u64,
    /// Lost by the modelled network on the way down.
    pub dropped_down: u64,
    /// Refused by our own kernel.
    pub send_errors: u64,
    /// Time that the threads worked, in microseconds.
    pub busy: u64,
    /// Time that passed on all threads, in microseconds.
    pub elapsed: u64,
    /// From sending to the receiver's kernel, in microseconds.
    pub delays: Delays,
    /// The same of what had to be sent again.
    pub repair_delays: Delays,
}

impl Default for Tally {
    fn default() -> Self {
        Self {
            sent: 0,
            feedback: 0,
            packets: 0,
            bytes: 0,
            received: 0,
            expected: 0,
            sound: 0,
            sound_expected: 0,
            repairs: 0,
            repaired: 0,
            duplicates: 0,
            reordered: 0,
            disordered: 0,
            unsealed: 0,
            unstamped: 0,
            strange: 0,
            key_frame_requests: 0,
            dropped_up: 0,
            dropped_down: 0,
            send_errors: 0,
            busy: 0,
            elapsed: 0,
            delays: delays(),
            repair_delays: delays(),
        }
    }
}

impl Tally {
    /// One more packet took so many microseconds.
    pub fn delay(&mut self, micros: u64) {
        self.delays.saturating_record(micros.max(1));
    }

    /// One more repaired packet took so many microseconds.
    pub fn repair_delay(&mut self, micros: u64) {
        self.repair_delays.saturating_record(micros.max(1));
    }

    /// Adds what another thread counted.
    pub fn add(&mut self, other: &Self) {
        let pairs: [(&mut u64, u64); 22] = [
            (&mut self.sent, other.sent),
            (&mut self.feedback, other.feedback),
            (&mut self.packets, other.packets),
            (&mut self.bytes, other.bytes),
            (&mut self.received, other.received),
            (&mut self.expected, other.expected),
            (&mut self.sound, other.sound),
            (&mut self.sound_expected, other.sound_expected),
            (&mut self.repairs, other.repairs),
            (&mut self.repaired, other.repaired),
            (&mut self.duplicates, other.duplicates),
            (&mut self.reordered, other.reordered),
            (&mut self.disordered, other.disordered),
            (&mut self.unsealed, other.unsealed),
            (&mut self.unstamped, other.unstamped),
            (&mut self.strange, other.strange),
            (&mut self.key_frame_requests, other.key_frame_requests),
            (&mut self.dropped_up, other.dropped_up),
            (&mut self.dropped_down, other.dropped_down),
            (&mut self.send_errors, other.send_errors),
            (&mut self.busy, other.busy),
            (&mut self.elapsed, other.elapsed),
        ];
        for (own, theirs) in pairs {
            *own += theirs;
        }
        // Both have the same bounds, so that nothing is refused.
        let _ = self.delays.add(&other.delays);
        let _ = self.repair_delays.add(&other.repair_delays);
    }

    /// Of the pictures' packets that should have come, how many did not, from 0 to 1; what was repaired has come.
    pub fn picture_loss(&self) -> f64 {
        let expected = self.expected - self.sound_expected;
        let missing = expected.saturating_sub(self.received - self.sound + self.repaired);
        missing as f64 / expected.max(1) as f64
    }

    /// Of the packets with sound that should have come, how many did not, from 0 to 1.
    pub fn sound_loss(&self) -> f64 {
        self.sound_expected.saturating_sub(self.sound) as f64 / self.sound_expected.max(1) as f64
    }

    /// How much of their time the threads worked, from 0 to 1: near 1 the load is the limit, not the server.
    pub fn busy_share(&self) -> f64 {
        self.busy as f64 / self.elapsed.max(1) as f64
    }
}

fn delays() -> Delays {
    // Bounds and digits are constants that the library accepts.
    Histogram::new_with_bounds(1, LONGEST, 3).unwrap_or_else(|_| unreachable!("constant bounds"))
}
