//! A whole deployment on virtual time from one seed: real units, modelled browsers, a bad network.
//!
//! Nothing here reads a clock or sleeps. A scenario makes a [`World`], lets peers join, lets time run and looks at what came
//! of it; the world itself checks every packet at the moment that a unit sends it ([`tap`], [`model`]).

pub mod line;
pub mod model;
pub mod network;
pub mod peer;
pub mod stamp;
pub mod tap;
pub mod unit;
pub mod world;

pub use network::Conditions;
pub use peer::{Layering, Offered, TrackSpec};
pub use world::{PeerSpec, World};

use std::{env, ops::Range, panic, process};

/// Runs a scenario over seeds; `SIM_SEED=n` runs that one alone and tells what happened before it fails.
pub fn scenario(name: &str, seeds: impl IntoIterator<Item = u64>, run: impl Fn(&mut World)) {
    if let Some(seed) = number("SIM_SEED") {
        let mut world = World::new(seed);
        world.keep_log();
        run(&mut world);
        return;
    }
    for seed in seeds {
        let one = panic::AssertUnwindSafe(|| run(&mut World::new(seed)));
        if let Err(panic) = panic::catch_unwind(one) {
            eprintln!(
                "replay it: SIM_SEED={seed} cargo test --package viva-tests --test sim {name} -- --nocapture --exact"
            );
            panic::resume_unwind(panic);
        }
    }
}

/// The seeds that the mixed scenario runs: `SIM_SEEDS` of them, else 200, from `SIM_FROM` on, else 0; one where `SIM_SEED`
/// names it.
pub fn seeds() -> Range<u64> {
    if env::var_os("SIM_SEED").is_some() {
        return 0..1;
    }
    let first = number("SIM_FROM").unwrap_or(0);
    first..first.saturating_add(number("SIM_SEEDS").unwrap_or(200))
}

fn number(name: &str) -> Option<u64> {
    let text = env::var(name).ok()?;
    Some(text.parse().unwrap_or_else(|_| {
        eprintln!("{name}={text} is no number");
        process::exit(2);
    }))
}
