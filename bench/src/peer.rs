//! A server under test: how it is started, how clients enter its rooms, what it tells of itself. One file a server.

pub mod janus;
mod process;
pub mod viva;

pub use process::{Process, end_child};

use crate::{
    client::{Endpoints, Identity, Plan, Track},
    link::Link,
    load::{ClientId, Load, NewClient},
    scenario::Source,
    sdp::{Kind, Remote},
    trace::Trace,
};
use async_trait::async_trait;
use std::{
    collections::hash_map::RandomState,
    hash::BuildHasher,
    path::PathBuf,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
};
use viva_media::{IceCredentials, Ssrc};
use viva_peer::Credentials;

/// A server that runs.
#[async_trait]
pub trait Peer: Send + Sync {
    /// Name and version.
    fn name(&self) -> String;

    /// What seals its packets.
    fn sealing(&self) -> String;

    fn process(&self) -> &Process;

    /// The beginning of the names of the threads that forward; empty if no thread does anything else.
    fn forwarding_threads(&self) -> &'static str;

    /// Somebody enters a room, and begins to send.
    async fn enter(&self, room: &str, plan: &SeatPlan) -> Result<Box<dyn Seated>, String>;

    /// Where its pages are, if it has such as ours.
    fn web(&self) -> Option<Web> {
        None
    }

    /// What it counted, if it tells.
    async fn counters(&self) -> Result<Option<Counters>, String>;
}

/// Where a server is asked over HTTP, and where it says what it does.
#[derive(Debug, Clone)]
pub struct Web {
    pub address: String,
    pub log: PathBuf,
}

/// Somebody in a room.
#[async_trait]
pub trait Seated: Send + Sync {
    /// What it sends, by the names that others use.
    fn publications(&self) -> &[(Source, String)];

    /// Its clients of the load.
    fn clients(&self) -> Vec<ClientId>;

    /// Shows these pictures and hears these voices from now on. A server that chooses voices by itself does so.
    async fn watch(&mut self, pictures: &[Picture], voices: &[String]) -> Result<(), String>;

    /// Goes for good, or vanishes without a word.
    async fn leave(&mut self, vanishes: bool);
}

/// What somebody who enters a room wants.
#[derive(Debug, Clone)]
pub struct SeatPlan {
    pub name: String,
    /// What it sends.
    pub sends: Vec<Source>,
    /// Pictures that it shows at a time.
    pub pictures: usize,
    /// Voices that it hears at a time.
    pub voices: usize,
    /// Comes by plain HTTP where the server offers that.
    pub whep: bool,
    /// Its packets are counted and not opened.
    pub unread: bool,
    /// It offers no transport-wide feedback.
    pub silent: bool,
}

/// One picture that somebody shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    pub publication: String,
    /// The height of the tile.
    pub height: u16,
}

/// What a server counted since it started.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Counters {
    /// Media packets forwarded, one for each receiver.
    pub forwarded: u64,
    /// Packets sent, with reports and retransmissions.
    pub packets_out: u64,
    pub packets_in: u64,
    pub bytes_out: u64,
    /// System calls of the forwarding threads: sending, receiving, waiting.
    pub system_calls: u64,
    /// Messages: a packet, or a run of packets that leave as one.
    pub messages: u64,
    pub retransmitted: u64,
    /// Datagrams dropped for any reason.
    pub dropped: u64,
}

/// What every client of a run shares.
#[derive(Clone)]
pub struct Stage {
    pub load: Arc<Mutex<Load>>,
    pub identity: Arc<Identity>,
    pub link: Arc<Link>,
    camera: Arc<Trace>,
    microphone: Arc<Trace>,
    seeds: Arc<AtomicU32>,
}

impl Stage {
    /// A stage whose clients play the recorded traces.
    ///
    /// # Errors
    /// Where a trace or the certificate is missing, or a thread cannot be started.
    pub fn new(cores: &[usize], link: Arc<Link>) -> Result<Self, String> {
        let identity = Arc::new(Identity::new()?);
        let trace =
            |trace: Result<Trace, crate::trace::BadTrace>| trace.map(Arc::new).map_err(|e| e.to_string());
        Ok(Self {
            load: Arc::new(Mutex::new(Load::start(&identity, cores)?)),
            identity,
            link,
            camera: trace(Trace::camera())?,
            microphone: trace(Trace::microphone())?,
            seeds: Arc::new(AtomicU32::new(1)),
        })
    }

    /// A track of a media section, with an SSRC that no other has.
    pub fn track(&self, mid: &str, source: Source) -> (Track, Ssrc) {
        let seed = self.seeds.fetch_add(1, Ordering::Relaxed);
        let ssrc = Ssrc(0x1000_0000 + seed * 8);
        let (kind, trace) = match source {
            Source::Camera | Source::SecondCamera => (Kind::Video, &self.camera),
            Source::Microphone => (Kind::Audio, &self.microphone),
        };
        let mut track = Track::new(mid, kind, Arc::clone(trace), seed, ssrc);
        // Some are louder than others, and everybody is loud enough to speak.
        track.set_level(20 + (seed * 7 % 30) as u8);
        (track, ssrc)
    }

    /// ICE credentials that no other client has.
    pub fn credentials(&self) -> IceCredentials {
        let seed = self.seeds.fetch_add(1, Ordering::Relaxed);
        // A random state is keyed by the system's random source.
        let noise = RandomState::new().hash_one(seed);
        IceCredentials { ufrag: format!("b{seed:07x}"), pwd: format!("bench{noise:016x}{seed:08x}") }
    }

    /// Adds the client of a negotiated transport.
    pub fn connect(&self, own: IceCredentials, remote: Remote, tracks: Vec<Track>, unread: bool) -> ClientId {
        let credentials = Credentials { own, theirs: remote.credentials };
        let endpoints = Endpoints { credentials, active: !remote.active };
        let plan = Plan { endpoints, tracks, repairs: remote.repairs, passive: unread };
        self.with_load(|load| {
            load.add(NewClient { local: self.link.local(remote.address.ip()), server: remote.address, plan })
        })
    }

    /// Does something with the load.
    pub fn with_load<T>(&self, work: impl FnOnce(&mut Load) -> T) -> T {
        // A thread that died while it held the load leaves nothing half done: all calls are messages.
        work(&mut self.load.lock().unwrap_or_else(std::sync::PoisonError::into_inner))
    }
}
