//! The scoreboard of bandwidth: rooms behind bad lines in simulation, and what their people saw and heard of each other.
//!
//! `docs/benchmarks/bandwidth/README.md` says what the columns mean. A scenario is run with several seeds; each run is a
//! [`World`](crate::sim::World) of its own, with real units, so a change of the unit shows in the table.

mod column;
mod figures;
pub mod plot;
mod room;
mod run;
mod scenario;
mod speech;
mod table;
mod tile;
mod trace;

pub use figures::{Figures, NEVER};
pub use run::{Run, Sample, run};
pub use scenario::{SEEDS, Scenario, Setting, all, named};
pub use table::{Row, Table, row};
pub use trace::text as trace;
