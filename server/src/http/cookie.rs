//! Cookies: read from a request, written so that no script and no other site gets at them.

use axum::http::{HeaderMap, HeaderValue, header};
use std::time::Duration;

/// The value of a cookie.
pub fn read<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(known, _)| *known == name).map(|(_, value)| value)
}

/// A cookie of this site alone, for so long; `value` is of our own making and needs no quotes.
pub fn set(name: &str, value: &str, lasts: Duration, secure: bool) -> Option<HeaderValue> {
    let secure = if secure { "; Secure" } else { "" };
    let seconds = lasts.as_secs();
    let text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Strict; Max-Age={seconds}{secure}");
    HeaderValue::from_str(&text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_found_among_others_and_not_by_a_part_of_its_name() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_static("other=1; xviva=2;viva=a=b"));
        assert_eq!(read(&headers, "viva"), Some("a=b"));
        assert_eq!(read(&headers, "iva"), None);
    }

    #[test]
    fn no_script_and_no_other_site_gets_a_cookie() {
        let cookie = set("viva", "v", Duration::from_secs(60), true).unwrap();
        assert_eq!(cookie, "viva=v; Path=/; HttpOnly; SameSite=Strict; Max-Age=60; Secure");
        assert_eq!(set("viva", "a\nb", Duration::ZERO, false), None);
    }
}
