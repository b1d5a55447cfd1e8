//! SMS: who sends them, how each provider wants to be asked, and the task that delivers what the outbox holds.
//!
//! Without a provider nothing is sent: messages stay in the outbox of the store, where administrators read them.

mod alibaba;
mod delivery;
mod meter;
mod parts;
mod phone;
mod provider;
mod request;
mod sign;
mod template;
mod tencent;
#[cfg(test)]
mod tests;
mod twilio;
mod webhook;
mod wording;

pub use delivery::{Caps, Delivery, Step};
pub use meter::{SmsCounters, SmsMeter, waiting};
pub use phone::{InvalidPhone, PhoneNumber};
pub use provider::sender;
pub use wording::{
    LONGEST, NoWording, Placeholder, Says, SmsSize, SmsText, Values, Wording, Written, mark_of_trials,
    signature,
};

use crate::store::NewMessage;
use async_trait::async_trait;
use std::{fmt::Debug, time::Duration};

/// A provider that sends SMS.
#[async_trait]
pub trait SmsSender: Debug + Send + Sync {
    /// Asks the provider to send a message, once; answers the provider's own id of it.
    ///
    /// # Errors
    /// [`NotSent`]; of `Later` nobody knows whether it was sent after all.
    async fn send(&self, message: &NewMessage, time: Duration) -> Result<String, NotSent>;
}

/// Why the provider did not take a message. The text holds no secret of ours.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotSent {
    /// It may go another time.
    #[error("{0}")]
    Later(String),
    /// It will never go as it is.
    #[error("{0}")]
    Never(String),
}
