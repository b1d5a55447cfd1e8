//! Which pages may open the WebSocket: those of our own address, and those of origins that the settings name.

use crate::{problem::Problem, settings::Settings};
use axum::http::{HeaderMap, header};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use url::{Origin, Url};
use viva_signaling::message::ErrorCode;

/// The origins whose pages may connect.
#[derive(Debug)]
pub struct Origins {
    /// That of `public_url` or `domain`, where one is set.
    own: Option<Origin>,
    named: Vec<Origin>,
    any: bool,
    warned: AtomicBool,
}

impl Origins {
    /// As the settings have them.
    pub fn new(settings: &Settings) -> Self {
        let named = &settings.allowed_origins.0;
        Self {
            own: read(&settings.public_url)
                .or_else(|| (!settings.domain.0.is_empty()).then(|| read(&settings.base_url())).flatten()),
            named: named.iter().filter_map(|origin| read(origin)).collect(),
            any: named.iter().any(|origin| origin == "*"),
            warned: AtomicBool::new(false),
        }
    }

    /// Lets a page of an allowed origin through. What is no page sends no origin.
    ///
    /// # Errors
    /// It is a foreign one; the detail names the settings that would allow it.
    pub fn admit(&self, headers: &HeaderMap) -> Result<(), Problem> {
        let Some(origin) = headers.get(header::ORIGIN) else { return Ok(()) };
        let text = origin.to_str().unwrap_or("?");
        let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
        if self.any || read(text).is_some_and(|origin| self.allows(&origin, host)) {
            return Ok(());
        }
        let text: String = text.chars().take(100).collect();
        // Once is enough for the operator; who does it on purpose shall not fill the log.
        if !self.warned.swap(true, Relaxed) {
            tracing::warn!(
                origin = text,
                "a page of another origin was refused: if it is ours, set public_url or allowed_origins"
            );
        }
        let detail = format!(
            "pages of {text} may not connect: it is neither the origin of the setting `public_url` nor one of \
             `allowed_origins`"
        );
        Err(Problem::new(ErrorCode::Forbidden, detail))
    }

    fn allows(&self, origin: &Origin, host: Option<&str>) -> bool {
        if self.own.as_ref() == Some(origin) || self.named.contains(origin) {
            return true;
        }
        // Under whatever name the page was loaded, it is ours. Whether by TLS only `public_url` can tell.
        let Origin::Tuple(scheme, ..) = origin else { return false };
        let same_scheme = match &self.own {
            Some(Origin::Tuple(own, ..)) => own == scheme,
            _ => true,
        };
        let called = host.and_then(|host| read(&format!("{scheme}://{host}")));
        self.named.is_empty() && same_scheme && called.as_ref() == Some(origin)
    }
}

/// An origin with a host, by http or https; default ports and case are as if they were not there.
fn read(text: &str) -> Option<Origin> {
    let url = Url::parse(text.trim()).ok()?;
    matches!(url.scheme(), "http" | "https").then(|| url.origin())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Sources;
    use axum::http::HeaderValue;

    fn origins(public_url: &str, allowed: &str) -> Origins {
        let mut sources = Sources::default();
        sources.flags.insert("public_url".to_owned(), public_url.to_owned());
        sources.flags.insert("allowed_origins".to_owned(), allowed.to_owned());
        Origins::new(&sources.load().unwrap())
    }

    fn status(origins: &Origins, origin: &'static str, host: &'static str) -> u16 {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, HeaderValue::from_static(host));
        headers.insert(header::ORIGIN, HeaderValue::from_static(origin));
        origins.admit(&headers).map_or_else(|problem| problem.code.status(), |()| 101)
    }

    #[test]
    fn pages_of_the_public_url_may_connect_however_it_is_written_and_whatever_the_host() {
        let own = origins("https://Viva.Example/", "");
        assert!(own.admit(&HeaderMap::new()).is_ok(), "no page");
        for host in ["viva.example", "viva.example:443", "VIVA.example", "127.0.0.1:8080", "other.example"] {
            for origin in ["https://viva.example", "https://viva.example:443", "HTTPS://VIVA.EXAMPLE"] {
                assert_eq!(status(&own, origin, host), 101, "{origin} at {host}");
            }
            for origin in
                ["http://viva.example", "https://viva.example:8443", "https://evil.example", "null", ""]
            {
                assert_eq!(status(&own, origin, host), 403, "{origin} at {host}");
            }
        }
        assert_eq!(
            status(&own, "https://intern.example", "intern.example:443"),
            101,
            "by another name of ours"
        );
        assert_eq!(status(&origins("http://viva.example:80", ""), "http://viva.example", "a"), 101);
    }

    #[test]
    fn without_a_public_url_the_host_tells_what_is_our_own() {
        let own = origins("", "");
        assert_eq!(status(&own, "http://viva.example:8080", "viva.example:8080"), 101);
        assert_eq!(status(&own, "https://viva.example", "viva.example:443"), 101);
        assert_eq!(status(&own, "http://viva.example:80", "VIVA.example"), 101);
        for foreign in ["https://viva.example", "https://evil.example", "null", "", "file://", "app://viva"] {
            assert_eq!(status(&own, foreign, "viva.example:8080"), 403, "{foreign}");
        }
    }

    #[test]
    fn named_origins_stand_beside_the_public_url_and_a_refusal_names_the_settings() {
        let named = origins("https://viva.example", "https://a.example, http://B.example:80");
        for allowed in ["https://A.example:443", "http://b.example", "https://viva.example"] {
            assert_eq!(status(&named, allowed, "viva.example"), 101, "{allowed}");
        }
        assert_eq!(status(&named, "https://c.example", "c.example"), 403);
        assert_eq!(status(&origins("", "*"), "null", "a"), 101);
        let mut headers = HeaderMap::new();
        headers.insert(header::ORIGIN, HeaderValue::from_static("https://c.example"));
        let detail = named.admit(&headers).unwrap_err().detail;
        assert!(detail.contains("public_url") && detail.contains("allowed_origins"), "{detail}");
    }
}
