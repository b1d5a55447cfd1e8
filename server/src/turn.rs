//! Media through the strictest firewall: credentials of seats for TURN, and the doors at which clients ask for it.
//!
//! Whoever proves a seat is handed over, socket and all, to the shard of the seat's room; packets never pass through here.

mod datagrams;
mod quota;
mod stream;
#[cfg(test)]
mod tests;

pub use stream::looks_like_turn;

use crate::{
    clock::unix_time,
    limit::{Allowance, Buckets, ByAddress},
    metrics::Metrics,
    plane::{Arrival, Link, Shard},
    settings::Settings,
};
use quota::{Permit, Quota};
use std::{
    any::Any,
    io,
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};
use tokio::net::TcpListener;
use viva_media::ParticipantId;
use viva_sfu_io::lacks_family;
use viva_signaling::message::IceServer;
use viva_turn::{Gate, Grant, Greeting, Secret};

/// How long credentials are good. Allocations go on as long as their seat.
const CREDENTIALS: Duration = Duration::from_secs(600);
/// The realm that clients are told.
const REALM: &str = "viva";
/// First messages by datagrams from one address: an answer to them may be longer than the question. A hall of 200 behind one
/// address asks for some 1,600 at once.
const DATAGRAMS: Allowance = Allowance::new(4000, Duration::from_millis(5));
/// Allocations that one seat opens: each takes a place in the mailbox of its shard. So many as may stand, and those that
/// come after them, at once.
const OPENINGS: Allowance = Allowance::new(48, Duration::from_millis(200));

/// The shard of a seat's room, while there is that seat.
pub type Seats = Arc<dyn Fn(ParticipantId) -> Option<Shard> + Send + Sync>;

/// Issues credentials. Cheap to clone.
#[derive(Clone)]
pub struct Turn(Arc<Inner>);

struct Inner {
    secret: Secret,
    urls: Vec<String>,
}

/// Where clients ask for allocations. Cheap to clone.
#[derive(Clone)]
pub struct Door(Arc<Asked>);

struct Asked {
    gate: Gate,
    seats: Seats,
    quota: Quota,
    openings: Buckets<ParticipantId>,
    datagrams: ByAddress,
    metrics: Metrics,
}

impl Turn {
    /// As the settings say.
    pub fn new(settings: &Settings, secret: &str) -> Self {
        Self(Arc::new(Inner { secret: Secret::new(secret.as_bytes(), REALM), urls: urls(settings) }))
    }

    /// What a client of this seat may be told now, and for how long that is good; nothing where TURN is not spoken.
    pub fn ice_servers(&self, participant: ParticipantId) -> Vec<IceServer> {
        let Inner { secret, urls } = &*self.0;
        if urls.is_empty() {
            return Vec::new();
        }
        let credentials = secret.issue(participant, (unix_time() + CREDENTIALS).as_secs());
        vec![IceServer {
            urls: urls.clone(),
            username: credentials.username,
            credential: credentials.password,
            expires_ms: CREDENTIALS.as_millis().try_into().unwrap_or(u32::MAX),
        }]
    }

    /// A door for those who come with such credentials; `None` where TURN is not spoken.
    pub fn door(&self, seats: Seats, metrics: Metrics) -> Option<Door> {
        let Inner { secret, urls } = &*self.0;
        let asked = || Asked {
            gate: Gate::new(secret.clone()),
            seats,
            quota: Quota::default(),
            openings: Buckets::new(OPENINGS),
            datagrams: ByAddress::new(DATAGRAMS),
            metrics,
        };
        (!urls.is_empty()).then(|| Door(Arc::new(asked())))
    }
}

impl Door {
    /// Answers a first message. An allocation is admitted only where there is the seat, and room for one more.
    fn greet(&self, from: SocketAddr, message: &[u8]) -> Welcome {
        let Asked { gate, metrics, .. } = &*self.0;
        let grant = match gate.greet(unix_time().as_secs(), from, message) {
            Greeting::Allocate(grant) => grant,
            Greeting::Answer(answer) => {
                metrics.turn_answered();
                return Welcome::Answer(answer);
            }
            Greeting::Nothing => {
                metrics.turn_refused("malformed");
                return Welcome::Nothing;
            }
        };
        match self.admit(&grant, from.ip().to_canonical()) {
            Ok((shard, permit)) => Welcome::Admitted(grant, shard, permit),
            Err(answer) => Welcome::Answer(answer),
        }
    }

    fn admit(&self, grant: &Grant, from: IpAddr) -> Result<(Shard, Permit), Vec<u8>> {
        let Asked { seats, quota, openings, metrics, .. } = &*self.0;
        let Some(shard) = seats(grant.participant) else {
            metrics.turn_refused("no_seat");
            return Err(grant.unseated());
        };
        let over_quota = |reason| {
            metrics.turn_refused(reason);
            grant.over_quota()
        };
        let permit = quota.take(grant.participant, from).ok_or_else(|| over_quota("quota"))?;
        openings.take(grant.participant, unix_time()).map_err(|_| over_quota("too_often"))?;
        Ok((shard, permit))
    }

    /// Hands a client over to its shard, with all that lives as long as its connection.
    fn hand_over(&self, (grant, shard): (Grant, Shard), early: Vec<u8>, link: Link, held: impl Any + Send) {
        let participant = grant.participant;
        let arrival = Arrival { link, grant, early, held: Box::new(held) };
        if let Err(error) = shard.relay(arrival) {
            self.0.metrics.turn_refused("busy");
            tracing::debug!(%participant, %error, "a client of TURN is not taken");
        }
        // The seat may have gone meanwhile; whoever ended it did not know of this one.
        if (self.0.seats)(participant).is_none() {
            let _ = shard.close_relays(participant);
        }
    }
}

/// What comes of a first message.
enum Welcome {
    Answer(Vec<u8>),
    Admitted(Box<Grant>, Shard, Permit),
    Nothing,
}

/// How clients are told to come, the way that costs least first; empty: not at all.
fn urls(settings: &Settings) -> Vec<String> {
    let (host, port) = settings.host_and_port();
    let mut urls = Vec::new();
    if settings.turn_port > 0 {
        urls.push(format!("turn:{host}:{}?transport=udp", settings.turn_port));
        urls.push(format!("turn:{host}:{}?transport=tcp", settings.turn_port));
    }
    if settings.speaks_tls() {
        urls.push(format!("turns:{host}:{port}?transport=tcp"));
        if settings.turn_tls_port > 0 {
            urls.push(format!("turns:{host}:{}?transport=tcp", settings.turn_tls_port));
        }
    }
    urls
}

/// The addresses at which TURN has ports of its own: those of media.
pub fn addresses(settings: &Settings, port: u16) -> Vec<SocketAddr> {
    let all = [IpAddr::from([0; 4]), IpAddr::from([0_u16; 8])];
    let named = &settings.media_addresses.0;
    let ips = if named.is_empty() { &all[..] } else { named };
    ips.iter().map(|ip| SocketAddr::new(*ip, port)).collect()
}

/// Binds a port of TURN for TCP. `None`: this machine has no addresses of the family.
///
/// # Errors
/// The port is taken, or the address is not this machine's.
pub fn bind_stream(address: SocketAddr) -> io::Result<Option<TcpListener>> {
    let bound = || {
        let socket = datagrams::socket(address, socket2::Type::STREAM)?;
        socket.listen(1024)?;
        TcpListener::from_std(socket.into())
    };
    named(bound(), address)
}

/// Serves TURN by datagrams until the server stops. `None`: this machine has no addresses of the family.
///
/// # Errors
/// As for [`bind_stream`].
pub fn bind_datagrams(address: SocketAddr) -> io::Result<Option<datagrams::Datagrams>> {
    named(datagrams::Datagrams::bind(address), address)
}

fn named<S>(bound: io::Result<S>, address: SocketAddr) -> io::Result<Option<S>> {
    match bound {
        Ok(socket) => Ok(Some(socket)),
        Err(error) if address.ip().is_unspecified() && lacks_family(&error) => Ok(None),
        Err(error) => {
            let hint =
                "this port is for TURN: choose another with --turn-port or --turn-tls-port, 0 for none";
            Err(io::Error::new(error.kind(), format!("cannot listen on {address}: {error}; {hint}")))
        }
    }
}
