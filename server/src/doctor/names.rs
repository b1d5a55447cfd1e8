//! The certificate, and the addresses to which names lead.

use super::{Check, Finding, stun};
use crate::{
    acme, client,
    clock::unix_time,
    settings::Settings,
    text::chain,
    tls::{Certificate, Files, Kept, said_of},
};
use std::{collections::BTreeSet, net::IpAddr, time::Duration};
use tokio::net::lookup_host;
use url::{Host, Url};

const PATIENCE: Duration = Duration::from_secs(5);
/// Who looks for the certificate by hand.
const ASK: &str = "see deploy/runbooks/certificate.md";

/// The certificate: of files, by ACME, or at the proxy.
pub async fn certificate(settings: &Settings) -> Vec<Finding> {
    if !settings.domain.0.is_empty() {
        let Some(certificate) = Kept::of(settings).certificate() else {
            let detail = "there is none yet: it is asked for when the server starts";
            let remedy =
                "ports 80 and 443 have to be reached from the internet under every address of the name";
            return vec![Finding::warning(Check::Certificate, detail, remedy)];
        };
        return vec![judged(&certificate, settings.domains())];
    }
    if settings.speaks_tls() {
        let (host, _) = settings.host_and_port();
        return vec![match Files::open(&settings.tls_certificate, &settings.tls_key) {
            Ok((_, certificate)) => judged(&certificate, std::iter::once(host.as_str())),
            Err(error) => Finding::wrong(
                Check::Certificate,
                error,
                "set `tls_certificate` and `tls_key`: deploy/README.md",
            ),
        }];
    }
    if !settings.is_secure() {
        return vec![Finding::ok(Check::Certificate, "nobody speaks TLS here")];
    }
    vec![at_proxy(settings).await]
}

fn judged<'a>(certificate: &Certificate, mut names: impl Iterator<Item = &'a str>) -> Finding {
    if let Some(name) = names.find(|name| !certificate.covers(name)) {
        let detail = format!("the certificate is not for {name}");
        return Finding::wrong(Check::Certificate, detail, ASK);
    }
    let now = unix_time();
    match said_of(certificate, now) {
        Some(said) if now >= certificate.ends() || now < certificate.begins() => {
            Finding::wrong(Check::Certificate, said, ASK)
        }
        Some(said) => Finding::warning(Check::Certificate, said, ASK),
        None => {
            let days = (certificate.ends().saturating_sub(now)).as_secs() / 86_400;
            Finding::ok(Check::Certificate, format!("it counts for {days} days yet"))
        }
    }
}

/// Asks under the name that people type, as they do.
async fn at_proxy(settings: &Settings) -> Finding {
    let url = format!("{}/healthz", settings.base_url());
    let client = client::builder(PATIENCE, PATIENCE).no_proxy().build();
    let asked = match client {
        Ok(client) => client.get(&url).send().await,
        Err(error) => Err(error),
    };
    match asked {
        Ok(answer) if answer.status().is_success() => Finding::ok(
            Check::Certificate,
            format!("{url} answers, with a certificate that this machine trusts"),
        ),
        Ok(answer) => Finding::warning(
            Check::Certificate,
            format!("{url} answers {}", answer.status()),
            "does the proxy pass on to `listen`, and does viva run?",
        ),
        Err(error) => {
            let remedy = format!("try from elsewhere: curl -v {url}");
            Finding::warning(Check::Certificate, chain(&error), remedy)
        }
    }
}

/// The addresses that the names lead to, and those that the machine has, is said to have, or is seen by.
pub async fn addresses(settings: &Settings) -> Vec<Finding> {
    let own: BTreeSet<IpAddr> =
        if_addrs::get_if_addrs().unwrap_or_default().into_iter().map(|one| one.ip()).collect();
    let said: BTreeSet<IpAddr> = settings.public_addresses.0.iter().copied().collect();
    let ours: BTreeSet<IpAddr> = own.union(&said).copied().collect();
    let mut findings = Vec::new();
    for name in names_of(settings) {
        findings.push(led(&name, &ours).await);
    }
    if !settings.doctor_stun.is_empty() {
        findings.push(seen(settings, &ours).await);
    }
    if findings.is_empty() {
        let known = ours
            .iter()
            .filter(|ip| !ip.is_loopback())
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join(", ");
        let known = if known.is_empty() { "none but this machine's own".to_owned() } else { known };
        findings.push(Finding::ok(Check::Addresses, format!("media is offered at {known}")));
    }
    findings
}

/// The names by which people come.
fn names_of(settings: &Settings) -> Vec<String> {
    if !settings.domain.0.is_empty() {
        return settings.domains().map(str::to_owned).collect();
    }
    let host = Url::parse(&settings.public_url).ok();
    match host.as_ref().and_then(Url::host) {
        Some(Host::Domain(name)) if name != "localhost" => vec![name.to_owned()],
        _ => Vec::new(),
    }
}

async fn led(name: &str, ours: &BTreeSet<IpAddr>) -> Finding {
    let found = match lookup_host((name, 443)).await {
        Ok(found) => found.map(|address| address.ip()).collect::<BTreeSet<_>>(),
        Err(error) => {
            let detail = format!("{name} leads nowhere: {error}");
            return Finding::wrong(Check::Addresses, detail, format!("make an A or AAAA record for {name}"));
        }
    };
    let text = |ips: &BTreeSet<IpAddr>| ips.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let foreign: BTreeSet<IpAddr> = found.difference(ours).copied().collect();
    if foreign.is_empty() {
        return Finding::ok(Check::Addresses, format!("{name} leads to {}", text(&found)));
    }
    Finding::warning(
        Check::Addresses,
        format!("{name} leads to {}, which this machine does not have itself", text(&foreign)),
        format!(
            "behind a translation of addresses set `public_addresses` to {}, and forward the ports",
            text(&foreign)
        ),
    )
}

/// As whom the STUN server of the settings sees this machine.
async fn seen(settings: &Settings, ours: &BTreeSet<IpAddr>) -> Finding {
    let server = &settings.doctor_stun;
    let found = match lookup_host(server.as_str()).await {
        Ok(mut found) => found.next(),
        Err(_) => None,
    };
    let Some(address) = found else {
        return Finding::warning(
            Check::Addresses,
            format!("`doctor_stun` is {server}, which leads nowhere"),
            "write it as stun.example.org:3478",
        );
    };
    match stun::seen_by(address).await {
        Ok(ip) if ours.contains(&ip) => {
            Finding::ok(Check::Addresses, format!("{server} sees this machine as {ip}"))
        }
        Ok(ip) => Finding::warning(
            Check::Addresses,
            format!("{server} sees this machine as {ip}, at which no media is offered"),
            format!("set `public_addresses` to {ip}, and forward the ports of media"),
        ),
        Err(error) => Finding::warning(
            Check::Addresses,
            format!("{server} (STUN): {error}"),
            "does a firewall here let UDP out?",
        ),
    }
}

/// The time that the ACME server's answers bear, since 1970.
pub async fn date_of(settings: &Settings, url: &str) -> Option<Duration> {
    acme::date_of(settings, url, PATIENCE).await
}
