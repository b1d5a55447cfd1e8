//! What is told of the certificate, where the server speaks TLS itself.

use crate::tls::Standing;
use prometheus::{IntCounter, IntGauge, core::Collector, proto::MetricFamily};

/// The families; without a certificate there is nothing about its end.
pub(super) fn families(standing: Standing) -> prometheus::Result<Vec<MetricFamily>> {
    let failures = IntCounter::new(
        "viva_certificate_failures_total",
        "Attempts to get or read a newer certificate that failed.",
    )?;
    failures.inc_by(standing.failures);
    let delayed = IntCounter::new(
        "viva_tls_handshakes_delayed_total",
        "TLS handshakes that had to wait, since too many came from their address or in all.",
    )?;
    delayed.inc_by(standing.delayed);
    let mut families = failures.collect();
    families.extend(delayed.collect());
    if let Some(ends) = standing.ends {
        let gauge = IntGauge::new("viva_certificate_ends_seconds", "When the certificate ends, since 1970.")?;
        gauge.set(i64::try_from(ends).unwrap_or(i64::MAX));
        families.extend(gauge.collect());
    }
    Ok(families)
}
