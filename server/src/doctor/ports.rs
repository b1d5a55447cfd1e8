//! Ports: who listens there.

use super::{Check, Finding, Place};
use crate::{client, settings::Settings};
use reqwest::Client;
use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, UdpSocket},
    thread::available_parallelism,
    time::Duration,
};

const PATIENCE: Duration = Duration::from_secs(3);
/// The longest word of a server about itself that is read.
const MAX_WORD: usize = 64 * 1024;

/// The server that runs with these settings.
pub enum Running {
    /// None.
    Nowhere,
    /// This program.
    Here,
    /// Another one: what it says at `/readyz`, and whether it takes rooms.
    Beside(bool, String),
}

impl Running {
    /// Asks at the port of the settings, on this machine.
    pub async fn look(settings: &Settings, place: Place) -> Self {
        if place == Place::Server {
            return Self::Here;
        }
        match ask(settings).await {
            Some((ready, word)) => Self::Beside(ready, word),
            None => Self::Nowhere,
        }
    }

    /// What it says of itself.
    pub fn findings(&self) -> Vec<Finding> {
        match self {
            Self::Nowhere => vec![Finding::ok(Check::Server, "no viva runs with these settings")],
            Self::Here => Vec::new(),
            Self::Beside(false, word) => {
                vec![Finding::wrong(
                    Check::Server,
                    format!("it takes no new rooms: {}", word.trim()),
                    "see its log",
                )]
            }
            Self::Beside(true, word) => {
                let mut findings = vec![Finding::ok(Check::Server, "viva runs, and takes new rooms")];
                let said = word.lines().filter(|line| *line != "ready" && !line.is_empty());
                findings.extend(
                    said.map(|line| Finding::warning(Check::Server, line, "deploy/README.md, “Watching”")),
                );
                findings
            }
        }
    }
}

/// What `/readyz` says, by whatever the server speaks.
async fn ask(settings: &Settings) -> Option<(bool, String)> {
    let (client, base) = client_of(settings)?;
    let mut answer = client.get(format!("{base}/readyz")).send().await.ok()?;
    let ready = match answer.status().as_u16() {
        200 => true,
        503 => false,
        _ => return None,
    };
    let mut word = Vec::new();
    while let Ok(Some(part)) = answer.chunk().await {
        word.extend_from_slice(&part);
        if word.len() > MAX_WORD {
            return None;
        }
    }
    let word = String::from_utf8_lossy(&word).into_owned();
    (!ready || word.starts_with("ready\n")).then_some((ready, word))
}

/// Who asks the server at its port on this machine, and how its addresses begin there.
pub fn client_of(settings: &Settings) -> Option<(Client, String)> {
    let reached = reachable(settings.listen);
    let client = client::builder(PATIENCE, PATIENCE).no_proxy();
    // Its certificate is for the name, and the name may lead elsewhere: whose it is, another look says.
    let client = client.tls_danger_accept_invalid_certs(true);
    if !settings.speaks_tls() {
        return Some((client.build().ok()?, format!("http://{reached}")));
    }
    let host = name_of(settings);
    let base = format!("https://{host}:{}", reached.port());
    Some((client.resolve(&host, reached).build().ok()?, base))
}

/// The name by which a server that speaks TLS is asked.
pub fn name_of(settings: &Settings) -> String {
    settings.domains().next().map_or_else(|| settings.host_and_port().0, str::to_owned)
}

/// Where one reaches whoever listens there.
pub fn reachable(listen: SocketAddr) -> SocketAddr {
    let ip = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, listen.port())
}

/// The port of pages, and that of plain HTTP.
pub fn web(settings: &Settings, running: &Running) -> Finding {
    let mut wanted = vec![settings.listen];
    wanted.extend(&settings.http_listen.0);
    let named = wanted.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    if !matches!(running, Running::Nowhere) {
        return Finding::ok(Check::Web, format!("viva listens on {named}"));
    }
    for address in &wanted {
        if let Err(error) = bound(|| TcpListener::bind(free_of(*address)).map(drop)) {
            return refused(Check::Web, *address, "TCP", &error);
        }
    }
    Finding::ok(Check::Web, format!("{named} can be listened on"))
}

/// The ports of media, of each shard.
pub fn media(settings: &Settings, running: &Running) -> Finding {
    let shards =
        if settings.shards > 0 { settings.shards } else { available_parallelism().map_or(1, usize::from) };
    let protocols = if settings.tcp { "UDP and TCP" } else { "UDP" };
    if settings.media_port == 0 {
        return Finding::warning(
            Check::Media,
            format!("{shards} ports for media are any free ones ({protocols}): no firewall can name them"),
            "set `media_port`, such as 10000",
        );
    }
    let last = usize::from(settings.media_port).saturating_add(shards - 1);
    let Ok(last) = u16::try_from(last) else {
        let detail = format!("{shards} ports from {} on are more than there are", settings.media_port);
        return Finding::wrong(Check::Media, detail, "set `media_port` lower");
    };
    let range = if shards == 1 { last.to_string() } else { format!("{}–{last}", settings.media_port) };
    if !matches!(running, Running::Nowhere) {
        return Finding::ok(Check::Media, format!("media has the ports {range} ({protocols})"));
    }
    let given = settings.media_addresses.0.iter().copied();
    let any: Vec<IpAddr> = given.collect();
    let any = if any.is_empty() { vec![Ipv4Addr::UNSPECIFIED.into()] } else { any };
    for ip in any {
        for port in settings.media_port..=last {
            let address = SocketAddr::new(ip, port);
            let udp = bound(|| UdpSocket::bind(address).map(drop)).map_err(|error| ("UDP", error));
            let tcp = || bound(|| TcpListener::bind(address).map(drop)).map_err(|error| ("TCP", error));
            if let Err((protocol, error)) = udp.and_then(|()| if settings.tcp { tcp() } else { Ok(()) }) {
                return refused(Check::Media, address, protocol, &error);
            }
        }
    }
    Finding::ok(Check::Media, format!("the ports {range} ({protocols}) are free for media"))
}

/// Tried once more where the first time found the end of another look.
fn bound(bind: impl Fn() -> io::Result<()>) -> io::Result<()> {
    bind().or_else(|_| bind())
}

/// A machine without IPv6 listens on IPv4, as the server does.
fn free_of(address: SocketAddr) -> SocketAddr {
    let has_six = TcpListener::bind((Ipv6Addr::UNSPECIFIED, 0)).is_ok();
    if address.ip() == Ipv6Addr::UNSPECIFIED && !has_six {
        return SocketAddr::new(Ipv4Addr::UNSPECIFIED.into(), address.port());
    }
    address
}

fn refused(check: Check, address: SocketAddr, protocol: &str, error: &io::Error) -> Finding {
    let (port, detail) = (address.port(), format!("{address} ({protocol}): {error}"));
    match error.kind() {
        io::ErrorKind::AddrInUse => {
            let sort = if protocol == "UDP" { 'u' } else { 't' };
            Finding::wrong(check, detail, format!("see who has it: ss -{sort}lpn sport = :{port}"))
        }
        io::ErrorKind::PermissionDenied => Finding::wrong(
            check,
            detail,
            "give the program CAP_NET_BIND_SERVICE (deploy/systemd/alone.conf), or look as its account",
        ),
        io::ErrorKind::AddrNotAvailable => {
            Finding::wrong(check, detail, "name an address that this machine has: ip address")
        }
        _ => Finding::wrong(check, detail, "set another address"),
    }
}
