//! What everybody who acts in one round shares.

use super::{browser::Browser, moment::Moment};
use serde_json::Value;

/// One round, from a start to a kill.
pub struct World {
    pub base: String,
    pub moment: Moment,
    /// Signed in as administrator, for those who need what stands in the outbox.
    pub root: Browser,
}

impl World {
    /// The newest code that was sent to this phone; `None` when the connection was lost.
    pub async fn sms_code(&self, phone: &str) -> Option<String> {
        let list = self.root.clone().seen("/api/admin/outbox").await?;
        let list = list.as_array().expect("messages").clone();
        let text = list.iter().rev().filter(|message| is_to(message, phone)).find_map(|message| {
            message["text"].as_str().filter(|text| text.contains("验证码")).map(str::to_owned)
        });
        let text = text.expect("a message that was answered is in the outbox");
        text.split(|c: char| !c.is_ascii_digit()).find(|digits| digits.len() == 6).map(str::to_owned)
    }
}

/// Did a message of the outbox go to this number?
pub fn is_to(message: &Value, phone: &str) -> bool {
    message["phone"].as_str().is_some_and(|number| number.ends_with(phone))
}
