//! What of the environment is a setting: `VIVA_…`, secrets by the file that holds them, and not what Kubernetes adds.

use super::{SETTINGS, SettingsError};
use std::{collections::BTreeMap, net::IpAddr};

const PREFIX: &str = "VIVA_";
/// Behind the name of a secret: the value is the path of the file that holds it.
const FILE: &str = "_FILE";

/// Settings by their keys, from variables that begin with `VIVA_`.
///
/// # Errors
/// Each secret whose file cannot be read, or that is given twice.
pub(super) fn settings(
    environment: &BTreeMap<String, String>,
) -> (BTreeMap<String, String>, Vec<SettingsError>) {
    let services = services(environment);
    let (mut values, mut faults) = (BTreeMap::new(), Vec::new());
    for (key, value) in environment {
        if services.iter().any(|service| is_link(service, key, value)) {
            continue;
        }
        let name = key.trim_start_matches(PREFIX);
        match name.strip_suffix(FILE).and_then(secret) {
            Some(_) if value.is_empty() => {}
            Some(setting) if environment.contains_key(key.trim_end_matches(FILE)) => {
                faults.push(SettingsError(format!(
                    "`{setting}` is given twice in the environment: as {key} and without {FILE}"
                )))
            }
            Some(setting) => match std::fs::read_to_string(value) {
                Ok(text) => drop(values.insert(setting.to_owned(), text.trim_end().to_owned())),
                Err(error) => {
                    faults.push(SettingsError(format!("{key} names {value}, which cannot be read: {error}")))
                }
            },
            None => drop(values.insert(name.to_lowercase(), value.clone())),
        }
    }
    (values, faults)
}

/// The secret setting of this name in upper case.
fn secret(name: &str) -> Option<&'static str> {
    SETTINGS
        .iter()
        .find(|setting| setting.secret && setting.name.eq_ignore_ascii_case(name))
        .map(|setting| setting.name)
}

/// Prefixes of the variables that Kubernetes sets in each container for each service of the namespace
/// (<https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables>). A service named `viva`
/// has `VIVA_PORT=tcp://10.0.0.1:8080`, which is no setting of ours.
fn services(environment: &BTreeMap<String, String>) -> Vec<&str> {
    let is_service = |name: &&str| {
        let port = environment.get(&format!("{name}_SERVICE_PORT"));
        port.is_some_and(|port| port.parse::<u16>().is_ok())
    };
    let hosts = environment.iter().filter(|(_, value)| value.parse::<IpAddr>().is_ok());
    hosts.filter_map(|(key, _)| key.strip_suffix("_SERVICE_HOST")).filter(is_service).collect()
}

/// Is this one of the variables of that service? Its value, too, must be what Kubernetes writes: a mistyped setting is none.
fn is_link(service: &str, key: &str, value: &str) -> bool {
    let Some(rest) = key.strip_prefix(service) else { return false };
    let number = || value.parse::<u16>().is_ok();
    let address = || value.parse::<IpAddr>().is_ok();
    let url =
        || PROTOCOLS.iter().any(|name| value.strip_prefix(name).is_some_and(|rest| rest.starts_with("://")));
    if rest == "_SERVICE_HOST" {
        return address();
    }
    if rest == "_SERVICE_PORT" || rest.starts_with("_SERVICE_PORT_") {
        return number();
    }
    if rest == "_PORT" {
        return url();
    }
    // `_PORT_8080_TCP`, and behind it `_PROTO`, `_PORT`, `_ADDR`.
    let mut words = rest.split('_').skip(1);
    let (Some("PORT"), Some(port), Some(protocol)) = (words.next(), words.next(), words.next()) else {
        return false;
    };
    if port.parse::<u16>().is_err() || !PROTOCOLS.iter().any(|name| name.eq_ignore_ascii_case(protocol)) {
        return false;
    }
    match (words.next(), words.next()) {
        (None, _) => url(),
        (Some("PROTO"), None) => PROTOCOLS.contains(&value),
        (Some("PORT"), None) => number(),
        (Some("ADDR"), None) => address(),
        _ => false,
    }
}

/// Protocols of a service's ports.
const PROTOCOLS: [&str; 3] = ["tcp", "udp", "sctp"];

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> (BTreeMap<String, String>, Vec<SettingsError>) {
        settings(&pairs.iter().map(|(key, value)| (key.to_string(), value.to_string())).collect())
    }

    fn keys(pairs: &[(&str, &str)]) -> Vec<String> {
        read(pairs).0.into_keys().collect()
    }

    /// As a pod gets them for the services `viva` and `viva-media` of its namespace.
    const LINKS: &[(&str, &str)] = &[
        ("VIVA_SERVICE_HOST", "10.96.12.7"),
        ("VIVA_SERVICE_PORT", "80"),
        ("VIVA_SERVICE_PORT_HTTP", "80"),
        ("VIVA_PORT", "tcp://10.96.12.7:80"),
        ("VIVA_PORT_80_TCP", "tcp://10.96.12.7:80"),
        ("VIVA_PORT_80_TCP_PROTO", "tcp"),
        ("VIVA_PORT_80_TCP_PORT", "80"),
        ("VIVA_PORT_80_TCP_ADDR", "10.96.12.7"),
        ("VIVA_MEDIA_SERVICE_HOST", "fd00::7"),
        ("VIVA_MEDIA_SERVICE_PORT", "10000"),
        ("VIVA_MEDIA_SERVICE_PORT_MEDIA_UDP", "10000"),
        ("VIVA_MEDIA_PORT", "udp://[fd00::7]:10000"),
        ("VIVA_MEDIA_PORT_10000_UDP", "udp://[fd00::7]:10000"),
        ("VIVA_MEDIA_PORT_10000_UDP_PROTO", "udp"),
        ("VIVA_MEDIA_PORT_10000_UDP_PORT", "10000"),
        ("VIVA_MEDIA_PORT_10000_UDP_ADDR", "fd00::7"),
    ];

    #[test]
    fn what_kubernetes_sets_for_services_is_no_setting() {
        assert_eq!(keys(LINKS), [""; 0]);
        let with_ours = [LINKS, &[("VIVA_LISTEN", "127.0.0.1:8080")]].concat();
        assert_eq!(keys(&with_ours), ["listen"]);
    }

    #[test]
    fn what_only_resembles_it_still_is() {
        for (key, value) in [
            ("VIVA_PORT", "8080"),
            ("VIVA_PORT", "https://viva.example"),
            ("VIVA_PORT_80_TCP_PROTOCOL", "tcp"),
            ("VIVA_PORT_80", "tcp://10.96.12.7:80"),
            ("VIVA_MEDIA_PRT", "tcp://10.96.12.7:80"),
            ("VIVA_SERVICE_NAME", "10.96.12.7"),
            ("VIVA_SERVICE_PORT_HTTP", "http"),
        ] {
            let mut pairs = LINKS[..2].to_vec();
            pairs.push((key, value));
            assert_eq!(keys(&pairs), [key.trim_start_matches("VIVA_").to_lowercase()], "{key}={value}");
        }
        // Without a service of that name even the shape excuses nothing.
        assert_eq!(keys(&[("VIVA_PORT", "tcp://10.96.12.7:80")]), ["port"]);
        assert_eq!(keys(&[("VIVA_SERVICE_HOST", "10.96.12.7")]), ["service_host"]);
    }

    #[test]
    fn a_setting_whose_name_a_service_has_taken_keeps_its_own_value() {
        let links: Vec<_> = LINKS.iter().copied().filter(|(key, _)| *key != "VIVA_MEDIA_PORT").collect();
        let pairs = [&links[..], &[("VIVA_MEDIA_PORT", "12000")]].concat();
        assert_eq!(read(&pairs).0, [("media_port".to_owned(), "12000".to_owned())].into());
    }

    #[test]
    fn a_secret_is_read_from_its_file_and_nothing_else_is() {
        let path = std::env::temp_dir().join(format!("viva-secret-{}", crate::random::hex::<8>()));
        std::fs::write(&path, "s3cret of a file\n").unwrap();
        let path = path.to_str().unwrap();
        let (values, faults) =
            read(&[("VIVA_SECRET_FILE", path), ("VIVA_LISTEN_FILE", path), ("VIVA_DATABASE_FILE", "")]);
        assert_eq!(values["secret"], "s3cret of a file");
        assert!(values.contains_key("listen_file") && values.len() == 2 && faults.is_empty());
        let (_, faults) = read(&[("VIVA_SECRET_FILE", "/nonexistent/secret")]);
        assert!(faults[0].0.contains("VIVA_SECRET_FILE") && faults[0].0.contains("/nonexistent/secret"));
        let (_, faults) = read(&[("VIVA_SECRET_FILE", path), ("VIVA_SECRET", "x")]);
        assert!(faults[0].0.contains("twice"), "{faults:?}");
        std::fs::remove_file(path).unwrap();
    }
}
