//! Janus, an SFU in C, as Debian ships it: its videoroom, driven by its API.

mod configuration;
mod package;
mod socket;
mod videoroom;

use super::{Counters, Peer, Picture, Process, SeatPlan, Seated, Stage, process};
use crate::{
    load::ClientId,
    scenario::Source,
    sdp::{self, Kind, Own, Section, Use},
};
use async_trait::async_trait;
use configuration::{Folder, Settings};
use package::Package;
use serde_json::Value;
use socket::Socket;
use std::{collections::HashSet, env, path::Path, time::Duration};
use tokio::time::{Instant, sleep};
use videoroom::Received;
use viva_media::IceCredentials;

/// How long it may take to start.
const START: Duration = Duration::from_secs(10);

/// How many threads forward.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Threads {
    /// One for each connection: as shipped.
    Many,
    /// One for all connections.
    One,
}

/// Debian's Janus with its videoroom, started for one run.
pub struct Janus {
    /// Ends before its folder goes.
    process: Process,
    _folder: Folder,
    address: String,
    stage: Stage,
    threads: Threads,
    version: String,
    sealing: String,
    rooms: tokio::sync::Mutex<Rooms>,
}

/// Who makes the rooms, and those that are there.
struct Rooms {
    socket: Socket,
    handle: u64,
    made: HashSet<String>,
}

impl Janus {
    /// Starts it on `core`.
    ///
    /// # Errors
    /// Where it is not installed or does not start.
    pub async fn start(stage: &Stage, core: usize, threads: Threads) -> Result<Self, String> {
        if stage.link.name().is_some() {
            return Err("Janus is measured over loopback alone".to_owned());
        }
        let package = Package::find()?;
        let port = process::free_port()?;
        let event_loops = (threads == Threads::One).then_some(1);
        let settings = Settings { port, media: package::media_address()?, event_loops };
        let folder = Folder::write(&package, settings)?;
        let address = format!("127.0.0.1:{port}");
        let log = env::temp_dir().join(format!("viva-bench-janus-{port}.log"));
        let arguments = ["--configs-folder".to_owned(), folder.path.display().to_string()];
        let process = Process::start(&stage.link, package.program.as_os_str(), &arguments, &[], core, &log)?;
        let mut socket = wait(&address, &log).await?;
        let info = socket.info().await?;
        let handle = socket.attach().await?;
        let word = |value: &Value| value.as_str().unwrap_or("of an unknown version").to_owned();
        Ok(Self {
            sealing: sealing(&word(&info["dependencies"]["libsrtp"]), process.id()),
            version: word(&info["version_string"]),
            process,
            _folder: folder,
            address,
            stage: stage.clone(),
            threads,
            rooms: tokio::sync::Mutex::new(Rooms { socket, handle, made: HashSet::new() }),
        })
    }

    /// Whoever comes first into a room makes it.
    async fn ensure(&self, room: &str) -> Result<(), String> {
        let mut rooms = self.rooms.lock().await;
        if rooms.made.contains(room) {
            return Ok(());
        }
        let handle = rooms.handle;
        rooms.socket.message(handle, videoroom::create(room), None).await?;
        rooms.made.insert(room.to_owned());
        Ok(())
    }
}

#[async_trait]
impl Peer for Janus {
    fn name(&self) -> String {
        let threads = match self.threads {
            Threads::Many => "as shipped",
            Threads::One => "one event loop",
        };
        format!("janus {} ({threads})", self.version)
    }

    fn sealing(&self) -> String {
        self.sealing.clone()
    }

    fn process(&self) -> &Process {
        &self.process
    }

    /// Each receives, forwards into the queues of others, and seals and sends what is in its own.
    fn forwarding_threads(&self) -> &'static str {
        "hloop"
    }

    async fn enter(&self, room: &str, plan: &SeatPlan) -> Result<Box<dyn Seated>, String> {
        self.ensure(room).await?;
        let socket = Socket::open(&self.address).await?;
        let mut seat = Seat {
            socket,
            room: room.to_owned(),
            stage: self.stage.clone(),
            unread: plan.unread,
            silent: plan.silent,
            publications: Vec::new(),
            sender: None,
            receiver: None,
        };
        if !plan.sends.is_empty() {
            seat.publish(plan).await?;
        }
        Ok(Box::new(seat))
    }

    async fn counters(&self) -> Result<Option<Counters>, String> {
        Ok(None)
    }
}

/// Somebody in a room: one connection to send, one to receive.
struct Seat {
    socket: Socket,
    room: String,
    stage: Stage,
    unread: bool,
    silent: bool,
    publications: Vec<(Source, String)>,
    sender: Option<ClientId>,
    receiver: Option<Receiver>,
}

/// A connection that receives.
struct Receiver {
    handle: u64,
    client: ClientId,
    received: Vec<Received>,
}

impl Seat {
    async fn publish(&mut self, plan: &SeatPlan) -> Result<(), String> {
        let (mut sections, mut tracks) = (Vec::new(), Vec::new());
        for (index, source) in plan.sends.iter().enumerate() {
            let mid = index.to_string();
            let (track, ssrc) = self.stage.track(&mid, *source);
            let (kind, purpose) = match source {
                Source::Microphone => (Kind::Audio, Use::Send { ssrc }),
                Source::Camera | Source::SecondCamera => (Kind::Video, Use::Simulcast { layers: 3 }),
            };
            sections.push(Section { mid, kind, purpose });
            tracks.push(track);
        }
        let own = self.stage.credentials();
        let offer = videoroom::description("offer", &self.describe(&own, "actpass", &sections));
        let handle = self.socket.attach().await?;
        let connection = self.socket.connection(handle);
        let joined = videoroom::publish(&self.room, &plan.name);
        let joined = self.socket.message(handle, joined, Some(offer)).await?;
        let answer = joined.sdp.ok_or("Janus answered an offer without a description")?;
        let feed = videoroom::feed(&joined.data)?;
        let mids = sections.iter().map(|section| videoroom::publication(&feed, &section.mid));
        self.publications = plan.sends.iter().copied().zip(mids).collect();
        self.sender = Some(self.stage.connect(own, sdp::read(&answer)?, tracks, false));
        // Nobody can subscribe before.
        connection.stands().await
    }

    async fn subscribe(&mut self, streams: &[videoroom::Stream]) -> Result<(), String> {
        let handle = self.socket.attach().await?;
        let wanted = videoroom::subscribe(&self.room, streams);
        let attached = self.socket.message(handle, wanted, None).await?;
        let received = videoroom::received(&attached.data, streams)?;
        let offer = attached.sdp.ok_or("Janus offered nothing to a receiver")?;
        let remote = sdp::read(&offer)?;
        let sections = sdp::sections(&offer).into_iter();
        let sections: Vec<Section> =
            sections.map(|(mid, kind)| Section { mid, kind, purpose: Use::Receive }).collect();
        let own = self.stage.credentials();
        let answer = videoroom::description("answer", &self.describe(&own, "active", &sections));
        self.socket.message(handle, videoroom::start(), Some(answer)).await?;
        let client = self.stage.connect(own, remote, Vec::new(), self.unread);
        self.receiver = Some(Receiver { handle, client, received });
        Ok(())
    }

    fn describe(&self, credentials: &IceCredentials, setup: &str, sections: &[Section]) -> String {
        let fingerprint = self.stage.identity.fingerprint;
        sdp::describe(&Own { credentials, fingerprint, setup, silent: self.silent }, sections)
    }
}

impl Receiver {
    /// What has to change so that it receives these; `None` where they are other streams than now.
    fn changes(&self, streams: &[videoroom::Stream]) -> Option<Vec<Received>> {
        let same = self.received.len() == streams.len()
            && self.received.iter().zip(streams).all(|(own, new)| own.stream.publication == new.publication);
        let changed = self.received.iter().zip(streams).filter(|(own, new)| own.stream != **new);
        same.then(|| {
            changed.map(|(own, new)| Received { stream: new.clone(), mid: own.mid.clone() }).collect()
        })
    }
}

#[async_trait]
impl Seated for Seat {
    fn publications(&self) -> &[(Source, String)] {
        &self.publications
    }

    fn clients(&self) -> Vec<ClientId> {
        self.sender.into_iter().chain(self.receiver.as_ref().map(|receiver| receiver.client)).collect()
    }

    async fn watch(&mut self, pictures: &[Picture], voices: &[String]) -> Result<(), String> {
        let streams = videoroom::streams(pictures, voices);
        if let Some(receiver) = &mut self.receiver
            && let Some(changes) = receiver.changes(&streams)
        {
            if !changes.is_empty() {
                self.socket.message(receiver.handle, videoroom::configure(&changes), None).await?;
                for (own, stream) in receiver.received.iter_mut().zip(streams) {
                    own.stream = stream;
                }
            }
            return Ok(());
        }
        if let Some(old) = self.receiver.take() {
            self.socket.detach(old.handle).await?;
            self.stage.with_load(|load| load.remove(old.client, true));
        }
        if streams.is_empty() { Ok(()) } else { self.subscribe(&streams).await }
    }

    async fn leave(&mut self, vanishes: bool) {
        if !vanishes {
            // Where it fails the end of the WebSocket says the same.
            let _ = self.socket.destroy().await;
        }
        self.socket.close();
        for client in self.clients() {
            self.stage.with_load(|load| load.remove(client, vanishes));
        }
    }
}

/// Waits until it answers.
async fn wait(address: &str, log: &Path) -> Result<Socket, String> {
    let begin = Instant::now();
    loop {
        match Socket::open(address).await {
            Ok(socket) => return Ok(socket),
            Err(_) if begin.elapsed() < START => sleep(Duration::from_millis(50)).await,
            Err(error) => {
                let said = std::fs::read_to_string(log).unwrap_or_default();
                return Err(format!("Janus did not start within {START:?} ({error}); it said: {said}"));
            }
        }
    }
}

/// The SRTP library, and the library that it computes with: in Debian it is NSS, which nothing else of Janus uses.
fn sealing(library: &str, process: i32) -> String {
    let maps = procfs::process::Process::new(process).and_then(|process| process.maps());
    let uses_nss = maps.is_ok_and(|maps| {
        maps.iter().any(|map| {
            matches!(&map.pathname, procfs::process::MMapPath::Path(path)
            if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("libnss3.")))
        })
    });
    if uses_nss { format!("{library} on NSS") } else { library.to_owned() }
}
