//! How what is counted gets into the registry of metrics.

use prometheus::{IntCounter, Registry, core::Collector};

/// Registers a collector and gives it back.
///
/// # Errors
/// Its name is used already.
pub fn register<C: Collector + Clone + 'static>(registry: &Registry, collector: C) -> prometheus::Result<C> {
    registry.register(Box::new(collector.clone()))?;
    Ok(collector)
}

/// A registered counter.
///
/// # Errors
/// Its name is not valid, or used already.
pub fn counter(registry: &Registry, name: &str, help: &str) -> prometheus::Result<IntCounter> {
    register(registry, IntCounter::new(name, help)?)
}
