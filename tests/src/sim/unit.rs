//! A unit as simulations run it: every byte that it sends follows from its seed.

use super::peer::{certificate, chance, epoch};
use std::time::Duration;
use viva_sfu::{Config, Limits, Sfu};

/// Time of day when a world begins, since 1970.
pub const UNIX_TIME: Duration = Duration::from_secs(1_790_000_000);

/// A unit with nobody; `handshakes` is the seed of their chance.
pub fn unit(seed: u64, handshakes: u64, limits: Limits) -> Sfu {
    let config = Config {
        certificate: certificate(0).clone(),
        epoch: epoch(),
        unix_time: UNIX_TIME,
        seed,
        limits,
        chance: Some(chance(handshakes)),
    };
    Sfu::new(config).expect("a unit")
}
