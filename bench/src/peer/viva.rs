//! Our own server.

mod detour;
mod metrics;
mod socket;

pub use detour::Detour;

use super::{Counters, Peer, Picture, Process, SeatPlan, Seated, Stage, Web, process};
use crate::{
    client::Track,
    load::ClientId,
    scenario::Source,
    sdp::{self, Kind, Own, Section, Use},
};
use async_trait::async_trait;
use socket::Socket;
use std::{
    env,
    path::{Path, PathBuf},
    time::{Duration, SystemTime, UNIX_EPOCH},
};
use viva_media::IceCredentials;
use viva_signaling::{
    message::{ClientMessage, PublicationState, PublishedTrack, ServerMessage, SlotView, TrackSource},
    token::{Claims, Key},
};

/// Signs the tokens of the bench, and opens the metrics; the server lives as long as the run.
const SECRET: &str = "the secret of a server that lives as long as one measurement";
/// How long the server may take to start.
const START: Duration = Duration::from_secs(10);

/// Our own server.
pub struct Viva {
    process: Process,
    address: String,
    log: PathBuf,
    /// Its data, which go with it.
    data: PathBuf,
    stage: Stage,
    key: Key,
    http: reqwest::Client,
    detour: Option<Detour>,
}

impl Viva {
    /// Starts it on `core`, with one shard. With a `detour` all its clients go by TURN.
    ///
    /// # Errors
    /// Where it does not start.
    pub async fn start(
        stage: &Stage,
        core: usize,
        program: Option<&Path>,
        detour: Option<Detour>,
    ) -> Result<Self, String> {
        let program = program.map_or_else(beside_us, |program| Ok(program.to_owned()))?;
        let port = process::free_port()?;
        let address = format!("{}:{port}", stage.link.server);
        let log = env::temp_dir().join(format!("viva-bench-{port}.log"));
        let data = env::temp_dir().join(format!("viva-bench-{port}"));
        let mut environment = vec![
            ("VIVA_LISTEN", address.clone()),
            ("VIVA_DATA_DIR", data.display().to_string()),
            ("VIVA_SECRET", SECRET.to_owned()),
            // Only over loopback are the metrics read without it.
            ("VIVA_METRICS_TOKEN", SECRET.to_owned()),
            ("VIVA_SHARDS", "1".to_owned()),
            ("VIVA_MEDIA_PORT", "0".to_owned()),
            ("VIVA_MEDIA_ADDRESSES", stage.link.server.to_string()),
            ("VIVA_MAX_SEATS", "10000".to_owned()),
            // All peers of the bench come from one address.
            ("VIVA_ADDRESS_RATE", "100000".to_owned()),
            ("VIVA_ADDRESS_BURST", "100000".to_owned()),
            ("VIVA_MAX_CONNECTIONS_PER_ADDRESS", "20000".to_owned()),
            // One page that hears of thousands of newcomers within a second may be behind.
            ("VIVA_OUTGOING_BYTES", (16 * 1024 * 1024).to_string()),
            ("VIVA_LOG", env::var("VIVA_LOG").unwrap_or_else(|_| "warn".to_owned())),
        ];
        match detour {
            Some(Detour::Tls) => environment.extend(certificate(&data, &address)?),
            Some(Detour::Udp | Detour::Tcp) => {
                environment.push(("VIVA_TURN_PORT", process::free_port()?.to_string()));
            }
            None => {}
        }
        let process = Process::start(
            &stage.link,
            program.as_os_str(),
            &["serve".to_owned()],
            &environment,
            core,
            &log,
        )?;
        let key = Key::new(SECRET.as_bytes()).map_err(|_| "the bench's secret is too short")?;
        // The certificate is the one that was made above.
        let http = reqwest::Client::builder().danger_accept_invalid_certs(detour == Some(Detour::Tls));
        let http = http.build().map_err(|error| error.to_string())?;
        let viva = Self { process, address, log, data, stage: stage.clone(), key, http, detour };
        viva.wait(&viva.log).await?;
        Ok(viva)
    }

    /// The address at which a browser enters a room by itself, and sends.
    ///
    /// # Errors
    /// Where the server has no pages.
    pub async fn page(&self, room: &str, name: &str) -> Result<String, String> {
        let url = format!("{}/room?auto", self.base());
        let answer = self.http.get(&url).send().await.map_err(|error| error.to_string())?;
        if !answer.status().is_success() {
            return Err("this viva was built without its pages: `make web`, then build it again".to_owned());
        }
        Ok(format!("{url}#token={}", self.token(room, name, true)?))
    }

    /// What is sent in a room now.
    ///
    /// # Errors
    /// Where one cannot look into it.
    pub async fn published(&self, room: &str) -> Result<Vec<PublicationState>, String> {
        let token = self.token(room, "looks in", false)?;
        let mut socket = Socket::open(&self.base(), self.stage.clone(), token).await?;
        // The answer is the end of the connection.
        let _ = socket.ask(ClientMessage::Leave {}).await;
        Ok(std::mem::take(&mut socket.publications))
    }

    /// Where its HTTP is.
    fn base(&self) -> String {
        let scheme = if self.detour == Some(Detour::Tls) { "https" } else { "http" };
        format!("{scheme}://{}", self.address)
    }

    async fn wait(&self, log: &Path) -> Result<(), String> {
        let begin = tokio::time::Instant::now();
        let url = format!("{}/readyz", self.base());
        while begin.elapsed() < START {
            if self.http.get(&url).send().await.is_ok_and(|answer| answer.status().is_success()) {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let said = std::fs::read_to_string(log).unwrap_or_default();
        Err(format!("viva did not start within {START:?}; it said: {said}"))
    }

    fn token(&self, room: &str, name: &str, publish: bool) -> Result<String, String> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        let claims = Claims {
            room: room.to_owned(),
            name: name.to_owned(),
            identity: name.to_owned(),
            seat: None,
            second_camera: None,
            mark: None,
            codec: None,
            publish,
            subscribe: true,
            expires: now + 3600,
        };
        self.key.sign(&claims).map_err(|error| format!("{error:?}"))
    }

    /// An offer with the tracks that go with it.
    fn offer(&self, own: &IceCredentials, plan: &SeatPlan) -> Offer {
        let (mut sections, mut tracks, mut sent, mut slots) =
            (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for (index, source) in plan.sends.iter().enumerate() {
            let mid = index.to_string();
            let (track, ssrc) = self.stage.track(&mid, *source);
            let (kind, purpose) = match source {
                Source::Microphone => (Kind::Audio, Use::Send { ssrc }),
                Source::Camera | Source::SecondCamera => (Kind::Video, Use::Simulcast { layers: 3 }),
            };
            sections.push(Section { mid: mid.clone(), kind, purpose });
            tracks.push(track);
            sent.push((mid, *source));
        }
        let kinds = [(Kind::Video, plan.pictures), (Kind::Audio, plan.voices)];
        for kind in kinds.into_iter().flat_map(|(kind, count)| std::iter::repeat_n(kind, count)) {
            let mid = sections.len().to_string();
            if kind == Kind::Video {
                slots.push(mid.clone());
            }
            sections.push(Section { mid, kind, purpose: Use::Receive });
        }
        let fingerprint = self.stage.identity.fingerprint;
        let sdp = sdp::describe(
            &Own { credentials: own, fingerprint, setup: "actpass", silent: plan.silent },
            &sections,
        );
        Offer { sdp, tracks, sent, slots }
    }

    async fn enter_by_http(&self, room: &str, plan: &SeatPlan) -> Result<Box<dyn Seated>, String> {
        let own = self.stage.credentials();
        let offer = self.offer(&own, plan);
        let url = format!("{}/whep/{room}", self.base());
        let request =
            self.http.post(url).bearer_auth(self.token(room, &plan.name, !plan.sends.is_empty())?);
        let request = request.header("content-type", "application/sdp").body(offer.sdp);
        let answer = request.send().await.map_err(|error| error.to_string())?;
        let (status, text) = (answer.status(), answer.text().await.map_err(|error| error.to_string())?);
        if !status.is_success() {
            return Err(format!("WHEP: {status}: {text}"));
        }
        let remote = sdp::read(&text)?;
        let client = self.stage.connect(own, remote, offer.tracks, plan.unread);
        Ok(Box::new(Outside { client, stage: self.stage.clone() }))
    }
}

impl Drop for Viva {
    fn drop(&mut self) {
        // What is left of it hurts nobody.
        let _ = std::fs::remove_dir_all(&self.data);
    }
}

/// An offer, and what its media sections are.
struct Offer {
    sdp: String,
    tracks: Vec<Track>,
    sent: Vec<(String, Source)>,
    slots: Vec<String>,
}

#[async_trait]
impl Peer for Viva {
    fn name(&self) -> String {
        let version = env!("CARGO_PKG_VERSION");
        self.detour
            .map_or_else(|| format!("viva {version}"), |detour| format!("viva {version}, {}", detour.name()))
    }

    fn sealing(&self) -> String {
        "own SRTP on AWS-LC".to_owned()
    }

    fn process(&self) -> &Process {
        &self.process
    }

    fn forwarding_threads(&self) -> &'static str {
        "viva-shard"
    }

    fn web(&self) -> Option<Web> {
        Some(Web { address: self.address.clone(), log: self.log.clone() })
    }

    async fn enter(&self, room: &str, plan: &SeatPlan) -> Result<Box<dyn Seated>, String> {
        // What is told of TURN is told by the WebSocket.
        if plan.whep && self.detour.is_none() {
            return self.enter_by_http(room, plan).await;
        }
        let token = self.token(room, &plan.name, !plan.sends.is_empty())?;
        let mut socket = Socket::open(&self.base(), self.stage.clone(), token).await?;
        let own = self.stage.credentials();
        let Offer { sdp, tracks, sent, slots } = self.offer(&own, plan);
        let track = |(mid, source): &(String, Source)| PublishedTrack {
            mid: mid.clone(),
            source: match source {
                Source::Camera => TrackSource::Camera,
                Source::SecondCamera => TrackSource::SecondCamera,
                Source::Microphone => TrackSource::Microphone,
            },
            muted: false,
        };
        let offer = ClientMessage::Offer { sdp, tracks: sent.iter().map(track).collect() };
        let ServerMessage::Answer { sdp, publications, .. } = socket.ask(offer).await? else {
            return Err("the answer to an offer is none".to_owned());
        };
        let mut remote = sdp::read(&sdp)?;
        if let Some(detour) = self.detour {
            let server = self.stage.link.server;
            remote.address = detour.open(&socket.ice_servers, server, remote.address).await?;
        }
        let client = self.stage.connect(own, remote, tracks, plan.unread);
        socket.belongs_to(client);
        let named = |(mid, source): &(String, Source)| {
            let own = publications.iter().find(|publication| publication.mid == *mid)?;
            Some((*source, own.publication.clone()))
        };
        let publications = sent.iter().filter_map(named).collect();
        Ok(Box::new(Seat { socket, client, publications, slots, stage: self.stage.clone() }))
    }

    async fn counters(&self) -> Result<Option<Counters>, String> {
        let url = format!("{}/metrics", self.base());
        let answer =
            self.http.get(url).bearer_auth(SECRET).send().await.map_err(|error| error.to_string())?;
        let text = answer.text().await.map_err(|error| error.to_string())?;
        Ok(Some(metrics::read(&text)))
    }
}

/// Somebody who came by the WebSocket.
struct Seat {
    socket: Socket,
    client: ClientId,
    publications: Vec<(Source, String)>,
    slots: Vec<String>,
    stage: Stage,
}

#[async_trait]
impl Seated for Seat {
    fn publications(&self) -> &[(Source, String)] {
        &self.publications
    }

    fn clients(&self) -> Vec<ClientId> {
        vec![self.client]
    }

    async fn watch(&mut self, pictures: &[Picture], _voices: &[String]) -> Result<(), String> {
        let view = |(index, mid): (usize, &String)| {
            let picture = pictures.get(index);
            SlotView {
                mid: mid.clone(),
                publication: picture.map(|picture| picture.publication.clone()),
                height: picture.map_or(0, |picture| picture.height),
            }
        };
        let slots = self.slots.iter().enumerate().map(view).collect();
        self.socket.ask(ClientMessage::View { slots }).await.map(drop)
    }

    async fn leave(&mut self, vanishes: bool) {
        if !vanishes {
            // The answer is the end of the connection.
            let _ = self.socket.ask(ClientMessage::Leave {}).await;
        }
        self.socket.close();
        self.stage.with_load(|load| load.remove(self.client, vanishes));
    }
}

/// Somebody who came by WHEP.
struct Outside {
    client: ClientId,
    stage: Stage,
}

#[async_trait]
impl Seated for Outside {
    fn publications(&self) -> &[(Source, String)] {
        &[]
    }

    fn clients(&self) -> Vec<ClientId> {
        vec![self.client]
    }

    async fn watch(&mut self, _pictures: &[Picture], _voices: &[String]) -> Result<(), String> {
        Ok(())
    }

    async fn leave(&mut self, vanishes: bool) {
        self.stage.with_load(|load| load.remove(self.client, vanishes));
    }
}

/// A certificate of the server's own, and what it is told of it and of where it is.
fn certificate(data: &Path, address: &str) -> Result<[(&'static str, String); 3], String> {
    let host = address.split(':').next().unwrap_or_default().to_owned();
    let made = rcgen::generate_simple_self_signed(vec![host]).map_err(|error| error.to_string())?;
    std::fs::create_dir_all(data).map_err(|error| error.to_string())?;
    let (certificate, key) = (data.join("certificate.pem"), data.join("key.pem"));
    for (path, pem) in [(&certificate, made.cert.pem()), (&key, made.signing_key.serialize_pem())] {
        std::fs::write(path, pem).map_err(|error| error.to_string())?;
    }
    Ok([
        ("VIVA_TLS_CERTIFICATE", certificate.display().to_string()),
        ("VIVA_TLS_KEY", key.display().to_string()),
        ("VIVA_PUBLIC_URL", format!("https://{address}")),
    ])
}

/// The server that was built with this program.
fn beside_us() -> Result<PathBuf, String> {
    let own = env::current_exe().map_err(|error| error.to_string())?;
    let program = own.with_file_name("viva");
    if program.exists() {
        return Ok(program);
    }
    Err(format!("{} is not there: build it, or name one with --viva", program.display()))
}
