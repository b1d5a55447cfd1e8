//! TURN: is it spoken, and does each of its doors lead to the media?

mod visit;
mod way;

use super::{
    Check, Finding,
    ports::{Running, name_of, reachable},
};
use crate::{settings::Settings, turn::addresses};
use futures_util::future::join_all;
use std::{io, time::Duration};
use tokio::{net::TcpListener, time::timeout};
use tokio_rustls::rustls::pki_types::ServerName;
use visit::Visit;
use way::{Transport, Way};

const PATIENCE: Duration = Duration::from_secs(2);

/// The doors of TURN: where a server runs each is gone through, else it is looked at whether they are free.
pub async fn doors(settings: &Settings, running: &Running) -> Vec<Finding> {
    if settings.turn_port == 0 && !settings.speaks_tls() {
        let detail = "TURN is not spoken: whom a firewall lets only 443 through hears nothing";
        let remedy = "set `turn_port` (3478), or let viva speak HTTPS itself: deploy/README.md, “TURN”";
        return vec![Finding::warning(Check::Turn, detail, remedy)];
    }
    if matches!(running, Running::Nowhere) {
        return free(settings).await;
    }
    let ways = ways(settings);
    let visit = match Visit::begin(settings).await {
        Ok(visit) => visit,
        Err((detail, remedy)) => {
            return vec![Finding::warning(Check::Turn, format!("it cannot be tried: {detail}"), remedy)];
        }
    };
    let late = |_| io::Error::new(io::ErrorKind::TimedOut, "it does not answer");
    let gone = ways.iter().map(async |way| timeout(PATIENCE, way.go(&visit)).await.map_err(late).flatten());
    let gone = join_all(gone).await;
    visit.end().await;
    let failed: Vec<Finding> =
        ways.iter().zip(&gone).filter_map(|(way, gone)| Some(refused(way, gone.as_ref().err()?))).collect();
    if failed.is_empty() {
        let names = ways.iter().map(Way::name).collect::<Vec<_>>().join(", ");
        return vec![Finding::ok(Check::Turn, format!("TURN leads to the media by {names}"))];
    }
    failed
}

/// Every door, as one reaches it on this machine.
fn ways(settings: &Settings) -> Vec<Way> {
    let mut ways = Vec::new();
    // One address stands for all: they are bound together.
    let at = |port| addresses(settings, port).into_iter().next().map(reachable);
    if settings.turn_port > 0
        && let Some(at) = at(settings.turn_port)
    {
        ways.extend([Transport::Udp, Transport::Tcp].map(|transport| Way { at, transport }));
    }
    if settings.speaks_tls()
        && let Ok(name) = ServerName::try_from(name_of(settings).trim_matches(['[', ']']).to_owned())
    {
        let own = (settings.turn_tls_port > 0).then(|| at(settings.turn_tls_port)).flatten();
        let doors = [Some(reachable(settings.listen)), own];
        ways.extend(
            doors.into_iter().flatten().map(|at| Way { at, transport: Transport::Tls(name.clone()) }),
        );
    }
    ways
}

/// Could the ports of its own be had?
async fn free(settings: &Settings) -> Vec<Finding> {
    let mut ports = vec![settings.turn_port];
    if settings.speaks_tls() {
        ports.push(settings.turn_tls_port);
    }
    ports.retain(|port| *port > 0);
    for port in &ports {
        for address in addresses(settings, *port).into_iter().take(1) {
            if let Err(error) = TcpListener::bind(address).await {
                return vec![taken(*port, &error)];
            }
        }
    }
    let mut doors: Vec<_> = ports.iter().map(ToString::to_string).collect();
    if settings.speaks_tls() {
        doors.push(format!("{} beside the pages", settings.listen.port()));
    }
    vec![Finding::ok(Check::Turn, format!("TURN has the ports {}", doors.join(", ")))]
}

fn refused(way: &Way, error: &io::Error) -> Finding {
    let port = way.at.port();
    let detail = format!("TURN by {}: {error}", way.name());
    Finding::wrong(
        Check::Turn,
        detail,
        format!("see who has it: ss -lpn sport = :{port}, and the log of the server"),
    )
}

fn taken(port: u16, error: &io::Error) -> Finding {
    Finding::wrong(
        Check::Turn,
        format!("port {port}: {error}"),
        format!("see who has it: ss -lpn sport = :{port}"),
    )
}
