//! What the program counts, for Prometheus.

mod certificate;
mod health;
mod networks;
mod shards;

use crate::{
    disk::Disk,
    meter::{counter, register},
    plane::ShardStats,
    settings::SmsProvider,
    sms::{self, SmsCounters, SmsMeter},
    store::StoreMeter,
    tls::Standing,
};
use health::HealthGauges;
pub(crate) use networks::NetworkMeter;
use prometheus::{
    Encoder, Histogram, HistogramOpts, IntCounter, IntCounterVec, IntGauge, Opts, Registry, TextEncoder,
};
use std::{sync::Arc, time::Duration};
use viva_signaling::message::CloseReason;

/// Bounds of the histogram of join times, in seconds.
const JOIN_SECONDS: [f64; 11] = [0.025, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.6, 1.0, 2.0, 5.0];

/// The counters of the control plane; those of the media plane are read from its shards when asked for. Cheap to clone.
#[derive(Clone)]
pub struct Metrics(Arc<Inner>);

struct Inner {
    registry: Registry,
    sockets: IntGauge,
    sockets_opened: IntCounter,
    sockets_closed: IntCounterVec,
    http: IntGauge,
    http_refused: IntCounterVec,
    turn_answered: IntCounter,
    turn_refused: IntCounterVec,
    downloads: IntCounterVec,
    tokens_refused: IntCounter,
    seats_taken: IntCounter,
    seats_left: IntCounter,
    resumed: IntCounter,
    join: Histogram,
    networks: NetworkMeter,
    rooms: IntGauge,
    seats: IntGauge,
    store: StoreMeter,
    health: HealthGauges,
    sms: SmsCounters,
}

/// What is read from elsewhere when the metrics are asked for.
pub struct Readings {
    /// Of each shard that answers.
    pub shards: Vec<ShardStats>,
    /// Rooms.
    pub rooms: usize,
    /// Seats in all of them.
    pub seats: usize,
    /// The provider of SMS, and how many wait for it, where the store has said.
    pub waiting: (SmsProvider, Option<u64>),
    /// The disk of the data directory, where the system tells of it.
    pub disk: Option<Disk>,
    /// Whether the newest write to the database worked.
    pub wrote: bool,
    /// The certificate, where the server speaks TLS itself.
    pub certificate: Option<Standing>,
}

impl Metrics {
    /// All at zero.
    ///
    /// # Errors
    /// A name of a metric is not valid or used twice: a defect of this file.
    pub fn new() -> prometheus::Result<Self> {
        let registry = Registry::new();
        let inner = Inner {
            sockets: register(&registry, IntGauge::new("viva_websockets", "WebSocket connections now.")?)?,
            sockets_opened: counter(
                &registry,
                "viva_websockets_opened_total",
                "WebSocket connections opened.",
            )?,
            sockets_closed: register(
                &registry,
                IntCounterVec::new(
                    Opts::new("viva_websockets_closed_total", "WebSocket connections closed, by reason."),
                    &["reason"],
                )?,
            )?,
            http: register(
                &registry,
                IntGauge::new("viva_http_connections", "Connections of HTTP and WebSocket now.")?,
            )?,
            http_refused: register(
                &registry,
                IntCounterVec::new(
                    Opts::new(
                        "viva_http_refused_total",
                        "HTTP connections not accepted, or closed, by reason.",
                    ),
                    &["reason"],
                )?,
            )?,
            turn_answered: counter(
                &registry,
                "viva_turn_answered_total",
                "First messages of TURN answered: challenges, and where a client comes from.",
            )?,
            turn_refused: register(
                &registry,
                IntCounterVec::new(
                    Opts::new("viva_turn_refused_total", "Clients of TURN not let in, by reason."),
                    &["reason"],
                )?,
            )?,
            downloads: register(
                &registry,
                IntCounterVec::new(
                    Opts::new("viva_downloads_total", "Downloads of apps begun, by system."),
                    &["system"],
                )?,
            )?,
            tokens_refused: counter(&registry, "viva_tokens_refused_total", "Tokens that opened nothing.")?,
            seats_taken: counter(&registry, "viva_seats_taken_total", "Seats taken.")?,
            seats_left: counter(&registry, "viva_seats_left_total", "Seats left for good.")?,
            resumed: counter(
                &registry,
                "viva_seats_resumed_total",
                "Seats taken again after a lost connection.",
            )?,
            join: register(
                &registry,
                Histogram::with_opts(
                    HistogramOpts::new(
                        "viva_join_seconds",
                        "From the first offer to the first sealed media path.",
                    )
                    .buckets(JOIN_SECONDS.to_vec()),
                )?,
            )?,
            networks: NetworkMeter::new(&registry)?,
            rooms: register(&registry, IntGauge::new("viva_rooms", "Rooms now.")?)?,
            seats: register(&registry, IntGauge::new("viva_participants", "Seats in all rooms now.")?)?,
            store: StoreMeter::new(&registry)?,
            health: HealthGauges::new(&registry)?,
            sms: SmsCounters::new(&registry)?,
            registry,
        };
        Ok(Self(Arc::new(inner)))
    }

    /// Everything in the text format of Prometheus.
    ///
    /// # Errors
    /// The encoder refuses a family: a defect.
    pub fn text(&self, readings: &Readings) -> prometheus::Result<String> {
        self.0.rooms.set(readings.rooms as i64);
        self.0.seats.set(readings.seats as i64);
        self.0.health.set(readings.disk, readings.wrote);
        let mut families = self.0.registry.gather();
        families.extend(shards::families(&readings.shards)?);
        if let Some(standing) = readings.certificate {
            families.extend(certificate::families(standing)?);
        }
        if let (provider, Some(count)) = readings.waiting {
            families.extend(sms::waiting(provider, count)?);
        }
        let mut text = Vec::new();
        TextEncoder::new().encode(&families, &mut text)?;
        String::from_utf8(text).map_err(|error| prometheus::Error::Msg(error.to_string()))
    }

    /// Counts for the store.
    pub fn store(&self) -> StoreMeter {
        self.0.store.clone()
    }

    /// Counts for the networks of seats.
    pub(crate) fn networks(&self) -> NetworkMeter {
        self.0.networks.clone()
    }

    /// Counts for the delivery by this provider.
    pub fn sms(&self, provider: SmsProvider) -> SmsMeter {
        self.0.sms.of(provider)
    }

    pub(crate) fn socket_opened(&self) {
        self.0.sockets.inc();
        self.0.sockets_opened.inc();
    }

    pub(crate) fn socket_closed(&self, reason: Option<CloseReason>) {
        self.0.sockets.dec();
        let label = match reason {
            Some(CloseReason::Left) => "left",
            Some(CloseReason::Replaced) => "replaced",
            Some(CloseReason::Removed) => "removed",
            Some(CloseReason::RoomClosed) => "room_closed",
            Some(CloseReason::ServerStopping) => "server_stopping",
            Some(CloseReason::Abuse) => "abuse",
            Some(CloseReason::TooSlow) => "too_slow",
            Some(CloseReason::Idle) => "idle",
            None => "lost",
        };
        self.0.sockets_closed.with_label_values(&[label]).inc();
    }

    pub(crate) fn http_opened(&self) {
        self.0.http.inc();
    }

    pub(crate) fn http_closed(&self) {
        self.0.http.dec();
    }

    pub(crate) fn http_refused(&self, reason: &str) {
        self.0.http_refused.with_label_values(&[reason]).inc();
    }

    /// A first message of TURN was answered.
    pub(crate) fn turn_answered(&self) {
        self.0.turn_answered.inc();
    }

    /// A client of TURN was not let in.
    pub(crate) fn download_begun(&self, system: &str) {
        self.0.downloads.with_label_values(&[system]).inc();
    }

    pub(crate) fn turn_refused(&self, reason: &str) {
        self.0.turn_refused.with_label_values(&[reason]).inc();
    }

    pub(crate) fn token_refused(&self) {
        self.0.tokens_refused.inc();
    }

    pub(crate) fn seat_taken(&self) {
        self.0.seats_taken.inc();
    }

    pub(crate) fn seat_left(&self) {
        self.0.seats_left.inc();
    }

    pub(crate) fn resumed(&self) {
        self.0.resumed.inc();
    }

    pub(crate) fn connected(&self, after: Duration) {
        self.0.join.observe(after.as_secs_f64());
    }
}
