//! Where settings come from, and what can be wrong with them.

use super::{AcmeChallenge, Domain, Flags, List, SETTINGS, Settings, environment, explain::shown};
use axum::http::Uri;
use figment::{
    Figment, Metadata, Profile, Provider,
    error::Kind,
    providers::{Format, Toml},
    value::{Dict, Map, Value},
};
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};
use tracing_subscriber::EnvFilter;
use url::{Host, Url};

/// The file in the working directory that is read where it exists.
const FILE: &str = "viva.toml";
/// Names of one certificate.
const MOST_DOMAINS: usize = 50;

/// The sources of settings besides the defaults; each later one wins.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// A file that must exist; none: `viva.toml` in the working directory, where it exists.
    pub file: Option<PathBuf>,
    /// `VIVA_…` variables.
    pub environment: BTreeMap<String, String>,
    /// Given flags, by the name of their setting.
    pub flags: BTreeMap<String, String>,
}

/// A setting that cannot be used; the text names the key and where it stands.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct SettingsError(pub String);

impl Sources {
    /// The process's environment and the given flags.
    pub fn of_process(file: Option<PathBuf>, flags: Flags) -> Self {
        let environment = std::env::vars_os()
            .filter_map(|(key, value)| Some((key.into_string().ok()?, value.into_string().ok()?)))
            .filter(|(key, _)| key.starts_with("VIVA_") && key != "VIVA_CONFIG")
            .collect();
        Self { file, environment, flags: flags.given() }
    }

    /// Merges the sources and checks every value.
    ///
    /// # Errors
    /// All that is wrong, a line each.
    pub fn load(&self) -> Result<Settings, SettingsError> {
        let (figment, mut faults) = self.read()?;
        faults.extend(unknown(&figment));
        faults.extend(Settings::faults(&figment).into_iter().map(|error| SettingsError(describe(error))));
        match figment.extract_lossy::<Settings>() {
            Ok(settings) => faults.extend(unfit(&settings)),
            Err(error) if faults.is_empty() => faults.push(SettingsError(describe(error))),
            Err(_) => {}
        }
        if faults.is_empty() {
            return figment.extract_lossy().map_err(|error| SettingsError(describe(error)));
        }
        let lines: Vec<_> = faults.into_iter().map(|fault| fault.0).collect();
        Err(SettingsError(lines.join("\n")))
    }

    /// What works, and still should be different.
    pub fn warnings(&self) -> Vec<String> {
        let secrets =
            SETTINGS.iter().filter(|setting| setting.secret && self.flags.contains_key(setting.name));
        secrets
            .map(|setting| {
                format!(
                    "every user of this machine can read the value of {} in the list of processes: write it to a file \
                     of its own and name that in {}_FILE",
                    setting.flag(),
                    setting.env()
                )
            })
            .collect()
    }

    /// Every value as text, in the order of the table.
    ///
    /// # Errors
    /// As [`Sources::load`].
    pub fn values(&self) -> Result<Vec<(&'static str, String)>, SettingsError> {
        let figment = self.figment()?;
        let text = |name| figment.find_value(name).map(|value| shown(&value)).unwrap_or_default();
        Ok(SETTINGS.iter().map(|setting| (setting.name, text(setting.name))).collect())
    }

    /// The merged values with their origins.
    pub(super) fn figment(&self) -> Result<Figment, SettingsError> {
        self.read().map(|(figment, _)| figment)
    }

    /// The merged values, and what cannot be read of the environment.
    fn read(&self) -> Result<(Figment, Vec<SettingsError>), SettingsError> {
        let defaults = SETTINGS.iter().map(|s| (s.name.to_owned(), s.default.to_owned())).collect();
        let (environment, faults) = environment::settings(&self.environment);
        let file = match &self.file {
            Some(path) if !path.is_file() => {
                return Err(SettingsError(format!("the settings file {} does not exist", path.display())));
            }
            Some(path) => Some(path.as_path()),
            None => Some(Path::new(FILE)).filter(|path| path.is_file()),
        };
        let mut figment = Figment::from(Texts { origin: "default", values: defaults });
        if let Some(path) = file {
            figment = figment.merge(Toml::file_exact(path));
        }
        let figment = figment
            .merge(Texts { origin: "environment", values: environment })
            .merge(Texts { origin: "flag", values: self.flags.clone() });
        Ok((with_usual_ports(figment), faults))
    }
}

/// Where a domain is named, people reach the server at the usual ports, unless something else is said.
fn with_usual_ports(figment: Figment) -> Figment {
    let named = figment.extract_inner_lossy::<List<Domain>>("domain");
    if named.is_ok_and(|named| named.0.is_empty()) {
        return figment;
    }
    let is_said = |name: &str| figment.find_metadata(name).is_some_and(|metadata| metadata.name != "default");
    let mut usual = vec![("listen", "[::]:443"), ("http_listen", "[::]:80")];
    // Who chooses a port for the pages chooses those of TURN too.
    if !is_said("listen") {
        usual.extend([("turn_port", "3478"), ("turn_tls_port", "5349")]);
    }
    let usual = usual.into_iter();
    let values =
        usual.filter(|(name, _)| !is_said(name)).map(|(name, port)| (name.to_owned(), port.to_owned()));
    let values = values.collect();
    figment.merge(Texts { origin: "domain", values })
}

/// Keys that are no setting.
fn unknown(figment: &Figment) -> Vec<SettingsError> {
    let keys: BTreeMap<String, Value> = figment.extract().unwrap_or_default();
    let strangers = keys.keys().filter(|key| SETTINGS.iter().all(|setting| setting.name != key.as_str()));
    strangers
        .map(|key| {
            let place = place(figment.find_metadata(key));
            SettingsError(format!("unknown setting `{key}` {place}").trim_end().to_owned())
        })
        .collect()
}

/// Values that can be read and still cannot be used.
fn unfit(settings: &Settings) -> Vec<SettingsError> {
    let mut faults = Vec::new();
    for (name, secret) in [("secret", &settings.secret), ("metrics_token", &settings.metrics_token)] {
        if !secret.0.is_empty() && secret.0.len() < 32 {
            faults.push(SettingsError(format!("`{name}` is shorter than 32 characters")));
        }
    }
    if !settings.public_url.is_empty() && !is_base(&settings.public_url) {
        let (url, form) = (&settings.public_url, "https://viva.example.org");
        faults.push(SettingsError(format!(
            "`public_url` is {url}: write it as {form}, without anything behind the name"
        )));
    }
    faults.extend(unfit_tls(settings).into_iter().map(SettingsError));
    if !(0.0..=1.0).contains(&settings.face_print_doubt) {
        faults.push(SettingsError("`face_print_doubt` is not from 0 to 1".to_owned()));
    }
    if !settings.face_verifier.is_empty() {
        if !is_verifier(&settings.face_verifier) {
            faults.push(SettingsError(
                "`face_verifier` is no https:// address, or http:// of another machine".to_owned(),
            ));
        }
        if settings.face_verifier_secret.0.len() < 16 {
            faults.push(SettingsError("`face_verifier_secret` is shorter than 16 characters".to_owned()));
        }
    }
    if let Err(error) = EnvFilter::builder().parse(&settings.log) {
        faults.push(SettingsError(format!("`log` is {}: {error}", settings.log)));
    }
    let bounds = [
        ("sound_kbits", settings.sound_kbits as usize),
        ("sound_packets", settings.sound_packets as usize),
        ("camera_kbits", settings.camera_kbits as usize),
        ("screen_kbits", settings.screen_kbits as usize),
        ("picture_packets", settings.picture_packets as usize),
        ("seat_kbits", settings.seat_kbits as usize),
        ("seat_packets", settings.seat_packets as usize),
        ("media_burst", settings.media_burst.0.as_millis() as usize),
        ("message_rate", settings.message_rate as usize),
        ("message_burst", settings.message_burst as usize),
        ("message_bytes", settings.message_bytes),
        ("max_unseated", settings.max_unseated),
        ("outgoing_bytes", settings.outgoing_bytes),
        ("seat_rate", settings.seat_rate as usize),
        ("seat_burst", settings.seat_burst as usize),
        ("address_rate", settings.address_rate as usize),
        ("address_burst", settings.address_burst as usize),
        ("max_connections", settings.max_connections),
        ("max_connections_per_address", settings.max_connections_per_address),
        ("header_timeout", settings.header_timeout.0.as_millis() as usize),
        ("handshake_rate", settings.handshake_rate as usize),
        ("handshake_burst", settings.handshake_burst as usize),
        ("idle_timeout", settings.idle_timeout.0.as_millis() as usize),
        ("body_timeout", settings.body_timeout.0.as_millis() as usize),
        ("max_seats", settings.max_seats),
        ("max_tests", settings.max_tests),
        ("test_kbps", settings.test_kbps as usize),
        ("ping_interval", settings.ping_interval.0.as_millis() as usize),
        ("quality_interval", settings.quality_interval.0.as_millis() as usize),
        ("sms_per_number_hour", settings.sms_per_number_hour as usize),
        ("sms_per_number_day", settings.sms_per_number_day as usize),
        ("sms_per_minute", settings.sms_per_minute as usize),
        ("sms_attempts", settings.sms_attempts as usize),
        ("face_verifier_timeout", settings.face_verifier_timeout.0.as_millis() as usize),
        ("sms_timeout", settings.sms_timeout.0.as_millis() as usize),
    ];
    let zero = bounds.into_iter().filter(|(_, value)| *value == 0);
    faults.extend(zero.map(|(name, _)| SettingsError(format!("`{name}` must be more than 0"))));
    faults
}

/// The same, of what concerns TLS.
fn unfit_tls(settings: &Settings) -> Vec<String> {
    let has_domain = !settings.domain.0.is_empty();
    let faults = [
        (
            settings.tls_certificate.is_empty() != settings.tls_key.is_empty(),
            "`tls_certificate` and `tls_key` go together: name the files of both, or of none",
        ),
        (
            has_domain && !settings.tls_certificate.is_empty(),
            "`domain` and `tls_certificate` are two ways to a certificate: leave out one",
        ),
        (settings.domain.0.len() > MOST_DOMAINS, "`domain` has more than 50 names"),
        (
            settings.speaks_tls() && settings.public_url.starts_with("http://"),
            "`public_url` is http:// while the server speaks HTTPS",
        ),
        (
            !settings.http_listen.0.is_empty() && !settings.speaks_tls(),
            "`http_listen` leads to HTTPS: it needs `domain` or `tls_certificate`",
        ),
        (
            has_domain && !settings.acme_directory.starts_with("https://"),
            "`acme_directory` is no https:// address",
        ),
        (
            has_domain && settings.acme_challenge == AcmeChallenge::Http && settings.http_listen.0.is_empty(),
            "`acme_challenge` is http-01, and `http_listen` is empty",
        ),
        (
            settings.acme_eab_id.is_empty() != settings.acme_eab_key.0.is_empty(),
            "`acme_eab_id` and `acme_eab_key` go together",
        ),
    ];
    faults.into_iter().filter(|(is_so, _)| *is_so).map(|(_, fault)| fault.to_owned()).collect()
}

/// Is it scheme, host and perhaps a port, and nothing else that links would be glued to?
fn is_base(url: &str) -> bool {
    let Ok(uri) = url.trim_end_matches('/').parse::<Uri>() else { return false };
    let scheme = uri.scheme_str().is_some_and(|scheme| ["http", "https"].contains(&scheme));
    scheme && uri.host().is_some_and(|host| !host.is_empty()) && uri.path() == "/" && uri.query().is_none()
}

/// May pictures of people be sent there: by TLS, or without leaving this machine?
fn is_verifier(url: &str) -> bool {
    let Ok(url) = Url::parse(url) else { return false };
    let here = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    (url.scheme() == "https" && url.has_host()) || (url.scheme() == "http" && here)
}

/// Values as text, from one origin.
struct Texts {
    origin: &'static str,
    values: BTreeMap<String, String>,
}

impl Provider for Texts {
    fn metadata(&self) -> Metadata {
        Metadata::named(self.origin)
    }

    fn data(&self) -> figment::Result<Map<Profile, Dict>> {
        let dict: Dict =
            self.values.iter().map(|(key, value)| (key.clone(), Value::from(value.clone()))).collect();
        Ok(Profile::Default.collect(dict))
    }
}

/// A sentence that names the key, the place and the reason.
fn describe(error: figment::Error) -> String {
    let place = place(error.metadata.as_ref());
    match &error.kind {
        Kind::UnknownField(key, _) => format!("unknown setting `{key}` {place}").trim_end().to_owned(),
        kind => format!("setting `{}` {place}: {kind}", error.path.join(".")).replace("` :", "`:"),
    }
}

/// Where a value stands, in words.
fn place(metadata: Option<&Metadata>) -> String {
    match metadata.map(|metadata| metadata.name.as_ref()) {
        Some("environment") => "in the environment".to_owned(),
        Some("flag") => "on the command line".to_owned(),
        Some("default" | "domain") | None => String::new(),
        Some(file) => format!("in the {file}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use viva_signaling::message::TrackSource;

    fn sources(file: &str, environment: &[(&str, &str)], flags: &[(&str, &str)]) -> Sources {
        let own =
            |pairs: &[(&str, &str)]| pairs.iter().map(|(k, v)| (k.to_string(), v.to_string())).collect();
        let path = std::env::temp_dir().join(format!("viva-settings-{}.toml", crate::random::hex::<8>()));
        std::fs::write(&path, file).unwrap();
        Sources { file: Some(path), environment: own(environment), flags: own(flags) }
    }

    #[test]
    fn every_default_is_valid() {
        let settings = sources("", &[], &[]).load().unwrap();
        assert_eq!(settings.listen.port(), 8080);
        assert!(settings.tcp && !settings.demo);
        let (unit, screen) = (viva_sfu::Limits::default(), settings.allowance(TrackSource::Screen));
        assert_eq!(settings.allowance(TrackSource::Microphone), unit.sound);
        assert_eq!(settings.allowance(TrackSource::Camera), unit.pictures);
        assert_eq!(settings.seat_allowance(), unit.transport);
        assert_eq!((screen.bits, screen.packets), (8_000_000, 2000));
    }

    #[test]
    fn flags_win_over_environment_over_file_over_defaults() {
        let file = "media_port = 1\nshards = 1\nmessage_rate = 1\npublic_addresses = [\"192.0.2.1\"]";
        let env = [("VIVA_SHARDS", "2"), ("VIVA_MESSAGE_RATE", "2")];
        let settings = sources(file, &env, &[("message_rate", "3")]).load().unwrap();
        assert_eq!((settings.media_port, settings.shards, settings.message_rate), (1, 2, 3));
        assert_eq!(settings.public_addresses.0.len(), 1);
    }

    #[test]
    fn lists_in_the_environment_have_commas() {
        let env = [("VIVA_PUBLIC_ADDRESSES", "192.0.2.1, 2001:db8::1"), ("VIVA_TCP", "false")];
        let settings = sources("", &env, &[]).load().unwrap();
        assert_eq!(settings.public_addresses.0.len(), 2);
        assert!(!settings.tcp);
    }

    #[test]
    fn a_domain_brings_the_usual_ports_and_its_own_address() {
        let settings = sources("", &[], &[("domain", "Exam.Example.edu, b.example.edu")]).load().unwrap();
        assert_eq!(settings.listen, "[::]:443".parse().unwrap());
        assert_eq!(settings.http_listen.0, ["[::]:80".parse().unwrap()]);
        assert_eq!(settings.base_url(), "https://exam.example.edu");
        assert_eq!((settings.turn_port, settings.turn_tls_port), (3478, 5349));
        assert!(settings.is_secure() && settings.proxies().is_empty());
        let flags = [("domain", "exam.example.edu"), ("listen", "0.0.0.0:8443"), ("http_listen", "")];
        let settings = sources("", &[], &flags).load().unwrap();
        assert_eq!((settings.listen.port(), settings.http_listen.0.len()), (8443, 0));
        assert_eq!((settings.turn_port, settings.turn_tls_port), (0, 0));
        assert_eq!(settings.base_url(), "https://exam.example.edu:8443");
        let settings =
            sources("domain = [\"a.example.edu\"]\nlisten = \"0.0.0.0:1\"", &[], &[]).load().unwrap();
        assert_eq!(settings.listen.port(), 1);
    }

    #[test]
    fn what_contradicts_itself_about_tls_is_refused() {
        let refused = |flags: &[(&str, &str)], part: &str| {
            let error = sources("", &[], flags).load().unwrap_err().to_string();
            assert!(error.contains(part), "{error}");
        };
        let domain = ("domain", "exam.example.edu");
        refused(&[("domain", "exam"), ("listen", "nonsense")], "write a name as");
        refused(&[("tls_key", "key.pem")], "go together");
        refused(&[domain, ("tls_certificate", "c.pem"), ("tls_key", "k.pem")], "leave out one");
        refused(&[domain, ("public_url", "http://exam.example.edu")], "speaks HTTPS");
        refused(&[domain, ("acme_directory", "http://ca.example.edu")], "acme_directory");
        refused(&[domain, ("acme_challenge", "http-01"), ("http_listen", "")], "http_listen");
        refused(&[domain, ("acme_eab_id", "name")], "acme_eab_key");
        refused(&[("http_listen", "0.0.0.0:80")], "needs `domain`");
        refused(&[domain, ("acme_challenge", "dns-01")], "acme_challenge");
    }

    #[test]
    fn an_unknown_key_is_named_with_its_place() {
        let error = sources("lisen = 1", &[], &[]).load().unwrap_err().to_string();
        assert!(error.contains("`lisen`") && error.contains("TOML"), "{error}");
        let error = sources("", &[("VIVA_LISEN", "1")], &[]).load().unwrap_err().to_string();
        assert_eq!(error, "unknown setting `lisen` in the environment");
    }

    #[test]
    fn a_wrong_value_is_named_with_its_place() {
        let error = sources("", &[("VIVA_MEDIA_PORT", "70000")], &[]).load().unwrap_err().to_string();
        assert!(error.contains("`media_port` in the environment"), "{error}");
        let error = sources("", &[], &[("resume_window", "soon")]).load().unwrap_err().to_string();
        assert!(error.contains("`resume_window` on the command line"), "{error}");
        let error = sources("", &[], &[("secret", "short")]).load().unwrap_err().to_string();
        assert!(error.contains("`secret`"), "{error}");
        let error = sources("", &[], &[("message_rate", "0")]).load().unwrap_err().to_string();
        assert!(error.contains("`message_rate`"), "{error}");
    }

    #[test]
    fn all_that_is_wrong_is_said_at_once_a_line_each() {
        let env =
            [("VIVA_LISEN", "1"), ("VIVA_MEDIA_PORT", "70000"), ("VIVA_SECRET_FILE", "/nonexistent/secret")];
        let error = sources("shards = -1", &env, &[("join_timeout", "soon")]).load().unwrap_err().to_string();
        let lines: Vec<_> = error.lines().collect();
        assert_eq!(lines.len(), 5, "{error}");
        for part in ["VIVA_SECRET_FILE", "`lisen`", "`media_port`", "`shards`", "`join_timeout`"] {
            assert_eq!(lines.iter().filter(|line| line.contains(part)).count(), 1, "{part} in {error}");
        }
        let zeros =
            sources("", &[], &[("message_rate", "0"), ("max_seats", "0")]).load().unwrap_err().to_string();
        assert_eq!(zeros.lines().count(), 2, "{zeros}");
    }

    #[test]
    fn an_address_that_no_link_can_begin_with_and_a_filter_that_is_none_are_refused() {
        for url in [
            "viva.example",
            "https://viva.example/exams",
            "ftp://viva.example",
            "https://viva.example?x",
            "https://",
        ] {
            let error = sources("", &[], &[("public_url", url)]).load().unwrap_err().to_string();
            assert!(error.contains("`public_url`"), "{url}: {error}");
        }
        for url in ["https://viva.example", "http://viva.example:8080/", "https://[2001:db8::1]:8443"] {
            assert!(sources("", &[], &[("public_url", url)]).load().is_ok(), "{url}");
        }
        let error = sources("", &[], &[("log", "viva_server=loud")]).load().unwrap_err().to_string();
        assert!(error.contains("`log`"), "{error}");
    }

    #[test]
    fn pictures_go_to_a_verifier_by_tls_or_stay_on_this_machine() {
        let secret = ("face_verifier_secret", "0123456789abcdef");
        for url in
            ["https://faces.example/verify", "http://127.0.0.1:9000/", "http://localhost/x", "http://[::1]/"]
        {
            assert!(sources("", &[], &[("face_verifier", url), secret]).load().is_ok(), "{url}");
        }
        for url in ["http://faces.example/", "ftp://localhost/", "faces.example", "https://"] {
            let error = sources("", &[], &[("face_verifier", url), secret]).load().unwrap_err().to_string();
            assert!(error.contains("`face_verifier`"), "{url}: {error}");
        }
        let error = sources("", &[], &[("face_verifier", "https://faces.example")]).load().unwrap_err();
        assert!(error.to_string().contains("`face_verifier_secret`"), "{error}");
    }

    #[test]
    fn a_secret_on_the_command_line_is_warned_of() {
        let long = "0123456789abcdef0123456789abcdef";
        assert!(sources("", &[("VIVA_SECRET", long)], &[("shards", "1")]).warnings().is_empty());
        let warnings = sources("", &[], &[("secret", long), ("sms_key_secret", "k")]).warnings();
        assert_eq!(warnings.len(), 2);
        assert!(warnings[0].contains("--secret") && warnings[0].contains("VIVA_SECRET_FILE"), "{warnings:?}");
        assert!(!warnings.concat().contains(long));
    }

    #[test]
    fn a_file_that_was_asked_for_must_exist() {
        let missing = Sources { file: Some("/nonexistent/viva.toml".into()), ..Sources::default() };
        assert!(missing.load().unwrap_err().to_string().contains("/nonexistent/viva.toml"));
    }
}
