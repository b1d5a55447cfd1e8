//! What is counted of the delivery of SMS, by provider.

use crate::{meter::register, settings::SmsProvider, store::Outcome};
use prometheus::{
    IntCounter, IntCounterVec, IntGaugeVec, Opts, Registry, core::Collector, proto::MetricFamily,
};

const PROVIDER: [&str; 1] = ["provider"];

/// The counters of all providers.
#[derive(Debug)]
pub struct SmsCounters {
    sent: IntCounterVec,
    failed: IntCounterVec,
}

/// Counts for one provider. Cheap to clone.
#[derive(Debug, Clone)]
pub struct SmsMeter {
    sent: IntCounter,
    failed: IntCounter,
}

impl SmsCounters {
    /// At zero, in this registry.
    ///
    /// # Errors
    /// A name is used there already.
    pub fn new(registry: &Registry) -> prometheus::Result<Self> {
        let sent = Opts::new("viva_sms_sent_total", "SMS that the provider has accepted.");
        let failed = Opts::new("viva_sms_failed_total", "SMS that were given up.");
        Ok(Self {
            sent: register(registry, IntCounterVec::new(sent, &PROVIDER)?)?,
            failed: register(registry, IntCounterVec::new(failed, &PROVIDER)?)?,
        })
    }

    /// Those of one provider.
    pub fn of(&self, provider: SmsProvider) -> SmsMeter {
        let label = [provider.as_str()];
        SmsMeter { sent: self.sent.with_label_values(&label), failed: self.failed.with_label_values(&label) }
    }
}

impl SmsMeter {
    /// What has become of a message.
    pub(crate) fn became(&self, outcome: &Outcome) {
        match outcome {
            Outcome::Sent { .. } => self.sent.inc(),
            Outcome::Failed { .. } => self.failed.inc(),
            Outcome::Again { .. } => {}
        }
    }
}

/// How many wait in the outbox at this moment.
///
/// # Errors
/// The name is not valid: a defect of this file.
pub fn waiting(provider: SmsProvider, count: u64) -> prometheus::Result<Vec<MetricFamily>> {
    let help = "SMS that wait in the outbox; without a provider those that are kept there.";
    let waiting = IntGaugeVec::new(Opts::new("viva_sms_waiting", help), &PROVIDER)?;
    waiting.with_label_values(&[provider.as_str()]).set(i64::try_from(count).unwrap_or(i64::MAX));
    Ok(waiting.collect())
}
