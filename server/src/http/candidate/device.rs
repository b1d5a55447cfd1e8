//! What kind of device a browser runs on, by what it says of itself.

use axum::http::{HeaderMap, header};
use viva_interview::DeviceKind;

/// The kind of device, where the browser tells it.
pub(super) fn device_kind(headers: &HeaderMap) -> Option<DeviceKind> {
    kind(headers.get(header::USER_AGENT)?.to_str().ok()?)
}

fn kind(agent: &str) -> Option<DeviceKind> {
    let says = |words: &[&str]| words.iter().any(|word| agent.contains(word));
    // A tablet with Android says nothing of `Mobile`; one from Huawei says what it is.
    if says(&["iPad", "Tablet", "PlayBook", "Silk"]) || (says(&["Android"]) && !says(&["Mobile"])) {
        Some(DeviceKind::Tablet)
    } else if says(&["Mobile", "iPhone", "iPod", "Android", "Windows Phone"]) {
        Some(DeviceKind::Phone)
    } else if says(&["Windows NT", "Macintosh", "X11", "Linux", "CrOS"]) {
        Some(DeviceKind::Computer)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_say_on_what_they_run() {
        let chrome = |system: &str, mobile: &str| {
            kind(&format!(
                "Mozilla/5.0 ({system}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0{mobile} Safari/537.36"
            ))
        };
        assert_eq!(chrome("Windows NT 10.0; Win64; x64", ""), Some(DeviceKind::Computer));
        assert_eq!(chrome("X11; Linux x86_64", ""), Some(DeviceKind::Computer));
        assert_eq!(chrome("Linux; Android 14; Pixel 8", " Mobile"), Some(DeviceKind::Phone));
        assert_eq!(chrome("Linux; Android 14; SM-X710", ""), Some(DeviceKind::Tablet));
        assert_eq!(
            kind("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Mobile/15E148 Safari/604.1"),
            Some(DeviceKind::Phone)
        );
        assert_eq!(
            kind("Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:140.0) Firefox/140.0"),
            Some(DeviceKind::Computer)
        );
        assert_eq!(kind("curl/8.5.0"), None);
    }
}
