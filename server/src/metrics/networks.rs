//! What is counted of the networks of seats.

use crate::meter::register;
use prometheus::{Histogram, HistogramOpts, IntGaugeVec, Opts, Registry};
use viva_signaling::message::NetworkQuality;

/// Bounds of the histogram of estimates, in bits a second.
const BITS: [f64; 9] = [1e5, 2e5, 3e5, 5e5, 1e6, 2e6, 3e6, 5e6, 1e7];

/// How good they are, and what they carry.
#[derive(Clone)]
pub(crate) struct NetworkMeter {
    quality: IntGaugeVec,
    estimate: Histogram,
}

impl NetworkMeter {
    pub(super) fn new(registry: &Registry) -> prometheus::Result<Self> {
        let about = "Seats now, by what their network is said to be.";
        let quality = IntGaugeVec::new(Opts::new("viva_participants_by_quality", about), &["quality"])?;
        let about = "What receivers' lines carry, in bits a second, each at every measurement.";
        let estimate = HistogramOpts::new("viva_line_estimate_bits", about).buckets(BITS.to_vec());
        Ok(Self {
            quality: register(registry, quality)?,
            estimate: register(registry, Histogram::with_opts(estimate)?)?,
        })
    }

    /// A seat's network is said to be another one: of nothing before the seat was taken, nothing after it was left.
    pub(crate) fn judged(&self, from: Option<NetworkQuality>, to: Option<NetworkQuality>) {
        let gauge = |quality| self.quality.with_label_values(&[name(quality)]);
        if let Some(from) = from {
            gauge(from).dec();
        }
        if let Some(to) = to {
            gauge(to).inc();
        }
    }

    /// What a receiver's line carries, measured once more.
    pub(crate) fn estimated(&self, bits: u64) {
        self.estimate.observe(bits as f64);
    }
}

const fn name(quality: NetworkQuality) -> &'static str {
    match quality {
        NetworkQuality::Unknown => "unknown",
        NetworkQuality::Good => "good",
        NetworkQuality::Fair => "fair",
        NetworkQuality::Poor => "poor",
        NetworkQuality::Lost => "lost",
    }
}
