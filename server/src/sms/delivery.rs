//! Delivery: takes what waits in the outbox and gives it to the provider, again where that failed, within caps.
//!
//! A message is marked as being sent before the provider is asked, and as sent when it has accepted. What was marked as
//! sent is never sent again. What remains is **at least once**: where the program dies, or the store does not answer,
//! between the provider's acceptance and the second mark, or where the answer of the provider is lost, the message is
//! sent again once its trial counts as lost.

use super::{NotSent, SmsSender};
use crate::{
    clock::unix_time,
    random,
    settings::Settings,
    sms::SmsMeter,
    stop::Stop,
    store::{Message, MessageState, Outcome, Store, StoreError, Take},
};
use std::{sync::Arc, time::Duration};
use tokio::{sync::Notify, task::JoinSet, time::sleep};

/// Messages on their way at once.
const PARALLEL: u32 = 16;
/// How long the task rests at most: another server may have queued something.
const REST: Duration = Duration::from_secs(5);

const MINUTE: u64 = 60_000;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// How much may be sent, and how often tried.
#[derive(Debug, Clone, Copy)]
pub struct Caps {
    /// To one number in an hour.
    pub per_number_hour: u64,
    /// To one number in a day.
    pub per_number_day: u64,
    /// In all in a minute.
    pub per_minute: u64,
    /// Trials of one message.
    pub attempts: u32,
    /// How long one trial may take.
    pub patience: Duration,
}

impl Caps {
    /// Those of the settings.
    pub fn of(settings: &Settings) -> Self {
        Self {
            per_number_hour: u64::from(settings.sms_per_number_hour),
            per_number_day: u64::from(settings.sms_per_number_day),
            per_minute: u64::from(settings.sms_per_minute),
            attempts: settings.sms_attempts,
            patience: settings.sms_timeout.0,
        }
    }
}

/// What a step has done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Step {
    /// Messages that the provider accepted.
    pub sent: u32,
    /// Messages that it did not; some are tried again.
    pub not_sent: u32,
    /// When there is something to do next, where that is known.
    pub next_at: Option<u64>,
}

/// Delivers what the outbox holds.
#[derive(Debug)]
pub struct Delivery {
    store: Arc<dyn Store>,
    sender: Arc<dyn SmsSender>,
    caps: Caps,
    wake: Notify,
    meter: Option<SmsMeter>,
}

impl Delivery {
    /// Delivers from this store by this provider.
    pub fn new(store: Arc<dyn Store>, sender: Arc<dyn SmsSender>, caps: Caps) -> Self {
        Self { store, sender, caps, wake: Notify::new(), meter: None }
    }

    /// Counts what becomes of the messages.
    pub fn metered(self, meter: SmsMeter) -> Self {
        Self { meter: Some(meter), ..self }
    }

    /// Something was queued: do not rest.
    pub fn wake(&self) {
        self.wake.notify_one();
    }

    /// Delivers until the program stops. What is on its way then is finished first.
    pub async fn run(self: Arc<Self>, mut stop: Stop) {
        while !stop.is_stopping() {
            let rest = match self.step(now()).await {
                Ok(step) => {
                    let next = step.next_at.map(|at| Duration::from_millis(at.saturating_sub(now())));
                    next.unwrap_or(REST).min(REST)
                }
                Err(error) => {
                    tracing::warn!(%error, "the outbox of SMS cannot be read");
                    REST
                }
            };
            tokio::select! {
                () = sleep(rest) => {}
                () = self.wake.notified() => {}
                () = stop.stopped() => {}
            }
        }
    }

    /// Sends what is due at this time and waits for the provider's answers.
    ///
    /// # Errors
    /// The store's; what was taken before counts as lost after a while, and is taken again.
    pub async fn step(self: &Arc<Self>, now: u64) -> Result<Step, StoreError> {
        let mut step = Step::default();
        let due = self.store.due(now, PARALLEL).await?;
        let mut trials = JoinSet::new();
        let mut capped = None;
        for message in due {
            let held = match self.fate(&message, now).await? {
                Fate::Send => {
                    if !self.minute_has_room(now).await? {
                        // Others of the minute are due in seconds.
                        capped = Some(now + 2000);
                        break;
                    }
                    None
                }
                Fate::Held(outcome) => Some(outcome),
            };
            match held {
                Some(outcome) if message.state == MessageState::Queued => {
                    self.store.hold(message.content.id, &outcome, now).await?;
                    self.count(&outcome);
                    step.not_sent += u32::from(matches!(outcome, Outcome::Failed { .. }));
                }
                held => {
                    let lease = self.caps.patience.as_millis() as u64 + MINUTE;
                    let (id, attempts) = (message.content.id, message.attempts);
                    if !self.store.take(Take { id, attempts, now, until: now + lease }).await? {
                        continue;
                    }
                    match held {
                        Some(outcome) => {
                            self.store.finish(id, attempts + 1, &outcome, now).await?;
                            self.count(&outcome);
                            step.not_sent += 1;
                        }
                        None => {
                            trials.spawn(self.clone().try_one(message, now));
                        }
                    }
                }
            }
        }
        while let Some(trial) = trials.join_next().await {
            match trial {
                Ok(true) => step.sent += 1,
                Ok(false) => step.not_sent += 1,
                Err(error) => tracing::error!(%error, "a trial to send an SMS broke off"),
            }
        }
        step.next_at = match capped {
            Some(at) => Some(at),
            None => self.store.next_due().await?,
        };
        Ok(step)
    }

    /// Whether a message goes now; if not, what becomes of it.
    async fn fate(&self, message: &Message, now: u64) -> Result<Fate, StoreError> {
        let content = &message.content;
        let lost = message.state == MessageState::Sending;
        if message.attempts >= self.caps.attempts || now >= content.expires_at {
            let error = match (lost, &message.error) {
                (true, _) => "the provider's answer got lost; it may have been sent".to_owned(),
                (false, Some(error)) => error.clone(),
                (false, None) => "it was not sent in time".to_owned(),
            };
            return Ok(Fate::Held(Outcome::Failed { error }));
        }
        // A further trial does not count twice: the number got nothing by the one before.
        if message.attempts > 0 {
            return Ok(Fate::Send);
        }
        let taken =
            self.store.taken(Some(&content.phone), now.saturating_sub(DAY), now.saturating_sub(HOUR)).await?;
        let (limit, of, wait) = if taken.long >= self.caps.per_number_day {
            (self.caps.per_number_day, "a day", HOUR)
        } else if taken.short >= self.caps.per_number_hour {
            (self.caps.per_number_hour, "an hour", 5 * MINUTE)
        } else {
            return Ok(Fate::Send);
        };
        let next_at = now + wait;
        let error = format!("more than {limit} messages to this number in {of}");
        Ok(Fate::Held(if next_at >= content.expires_at {
            Outcome::Failed { error }
        } else {
            Outcome::Again { error, next_at }
        }))
    }

    async fn minute_has_room(&self, now: u64) -> Result<bool, StoreError> {
        let since = now.saturating_sub(MINUTE);
        Ok(self.store.taken(None, since, since).await?.long < self.caps.per_minute)
    }

    /// One trial of a message that was taken; whether it was sent.
    async fn try_one(self: Arc<Self>, message: Message, now: u64) -> bool {
        let (id, attempt) = (message.content.id, message.attempts + 1);
        let answer = self.sender.send(&message.content, Duration::from_millis(now)).await;
        let outcome = match answer {
            Ok(provider_id) => Outcome::Sent { provider_id },
            Err(NotSent::Never(error)) => Outcome::Failed { error },
            Err(NotSent::Later(error)) => {
                let next_at = now + backoff(attempt, message.content.urgent, random::id());
                if attempt >= self.caps.attempts || next_at >= message.content.expires_at {
                    Outcome::Failed { error }
                } else {
                    Outcome::Again { error, next_at }
                }
            }
        };
        match &outcome {
            Outcome::Sent { .. } => tracing::debug!(id, attempt, "SMS accepted"),
            Outcome::Again { error, .. } => tracing::info!(id, attempt, error, "SMS not sent yet"),
            Outcome::Failed { error } => tracing::warn!(id, attempt, error, "SMS not sent"),
        }
        self.count(&outcome);
        self.finish(id, attempt, &outcome, now).await;
        matches!(outcome, Outcome::Sent { .. })
    }

    fn count(&self, outcome: &Outcome) {
        if let Some(meter) = &self.meter {
            meter.became(outcome);
        }
    }

    /// Notes an outcome, and goes on trying while the trial is still ours: else what was sent is sent once more.
    async fn finish(&self, id: u64, attempt: u32, outcome: &Outcome, now: u64) {
        for pause in [100, 500, 2000, 5000, 10_000, 0] {
            match self.store.finish(id, attempt, outcome, now).await {
                Ok(_) => return,
                Err(error) if pause == 0 => {
                    tracing::error!(id, %error, ?outcome, "the outcome of an SMS is lost")
                }
                Err(_) => sleep(Duration::from_millis(pause)).await,
            }
        }
    }
}

/// What becomes of a message that is due.
enum Fate {
    Send,
    Held(Outcome),
}

/// How long to wait after trial number `attempt`, in milliseconds: doubled each time, up to a quarter of an hour; between
/// half and all of it, by the dice, so that what failed together does not come again together.
fn backoff(attempt: u32, urgent: bool, dice: u64) -> u64 {
    let first: u64 = if urgent { 4000 } else { 20_000 };
    let whole = first.saturating_mul(1 << attempt.saturating_sub(1).min(16)).min(15 * MINUTE);
    whole / 2 + dice % (whole / 2)
}

fn now() -> u64 {
    u64::try_from(unix_time().as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_doubles_up_to_a_quarter_of_an_hour_and_never_vanishes() {
        for (attempt, least, most) in
            [(1, 10, 20), (2, 20, 40), (3, 40, 80), (7, 450, 900), (u32::MAX, 450, 900)]
        {
            for dice in [0, 1, 9_999, 123_456_789, u64::MAX] {
                let wait = backoff(attempt, false, dice);
                assert!((least * 1000..most * 1000).contains(&wait), "{attempt} {dice}: {wait}");
            }
        }
        assert!(backoff(1, true, u64::MAX) < 4000);
    }
}
