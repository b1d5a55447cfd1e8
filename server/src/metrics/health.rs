//! What is told of the disk and of the newest write.

use crate::{disk::Disk, meter::register};
use prometheus::{IntGauge, Registry};

/// Set whenever the metrics are asked for.
pub(super) struct HealthGauges {
    free: IntGauge,
    size: IntGauge,
    writable: IntGauge,
}

impl HealthGauges {
    pub(super) fn new(registry: &Registry) -> prometheus::Result<Self> {
        let gauge = |name: &str, help: &str| register(registry, IntGauge::new(name, help)?);
        Ok(Self {
            free: gauge("viva_data_free_bytes", "Room left on the disk of the data directory.")?,
            size: gauge("viva_data_size_bytes", "Size of the disk of the data directory.")?,
            writable: gauge("viva_store_writable", "1 while the newest write to the database worked.")?,
        })
    }

    pub(super) fn set(&self, disk: Option<Disk>, wrote: bool) {
        if let Some(Disk { free, size }) = disk {
            self.free.set(i64::try_from(free).unwrap_or(i64::MAX));
            self.size.set(i64::try_from(size).unwrap_or(i64::MAX));
        }
        self.writable.set(wrote.into());
    }
}
