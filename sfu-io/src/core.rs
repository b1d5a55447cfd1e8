//! What a shard drives: the run-loop contract of the unit, as a trait so that the loop can be tested alone.

use viva_media::Path;
use viva_sfu::{Command, Micros, Output, Refused, Sfu, Stats};

/// A sans-IO unit. After every batch of inputs [`Core::poll_output`] is drained until [`Output::Timeout`].
pub trait Core {
    /// A datagram or frame arrived. It may be changed in place.
    fn handle_packet(&mut self, now: Micros, path: Path, packet: &mut [u8]);

    /// The control plane wants something.
    ///
    /// # Errors
    /// [`Refused`] when it cannot be; nothing has changed then.
    fn handle_command(&mut self, now: Micros, command: Command) -> Result<(), Refused>;

    /// A TCP connection is gone; nothing more comes from this path.
    fn handle_closed(&mut self, now: Micros, path: Path);

    /// The moment of the newest [`Output::Timeout`] has come.
    fn handle_timeout(&mut self, now: Micros);

    /// What to do next.
    fn poll_output(&mut self, now: Micros) -> Output<'_>;

    /// A snapshot of the counters.
    fn stats(&mut self, now: Micros) -> Stats;
}

impl Core for Sfu {
    fn handle_packet(&mut self, now: Micros, path: Path, packet: &mut [u8]) {
        self.handle_packet(now, path, packet);
    }

    fn handle_command(&mut self, now: Micros, command: Command) -> Result<(), Refused> {
        self.handle_command(now, command)
    }

    fn handle_closed(&mut self, now: Micros, path: Path) {
        self.handle_closed(now, path);
    }

    fn handle_timeout(&mut self, now: Micros) {
        self.handle_timeout(now);
    }

    fn poll_output(&mut self, now: Micros) -> Output<'_> {
        self.poll_output(now)
    }

    fn stats(&mut self, now: Micros) -> Stats {
        self.stats(now)
    }
}
