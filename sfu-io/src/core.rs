//! What a shard drives: the run-loop contract of the unit, as a trait so that the loop can be tested alone.

use viva_media::Path;
use viva_sfu::{Command, Micros, Output, Refused, Stats};

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
    fn stats(&self) -> Stats;
}
