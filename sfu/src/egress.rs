//! The way out: packets wait here until the end of a batch, then leave in runs of one size, one run one system call.
//!
//! The order within a batch is settled here, before the transport-wide sequence number is written under the seal:
//! streams of large packets first, never two packets of one stream against their order.

mod control;
mod header_template;
mod queue;
mod run;
mod sealed_sound;
mod write;

pub use control::Control;
pub use header_template::HeaderTemplate;
pub use queue::{Queue, Queued, SOUND, Source};
pub use run::{MAX_RUN_BYTES, Run, next_run};
pub use sealed_sound::SealedSound;
pub use write::{PassedOn, Seal, primary, write_packet};
