//! The recorder of traces: a real browser sends camera and microphone through the real server, and a client that shows
//! all three encodings at once writes down when which packet came.

mod browser;
mod dice;
mod header;
mod picture;
mod tape;
mod voice;

use crate::{
    client::Observed,
    cpu,
    link::Link,
    load::{ClientId, now},
    peer::{Peer as _, Picture, SeatPlan, Stage, viva::Viva},
};
use browser::Browser;
use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};
use tape::{HEIGHTS, Reader, Tape};
use tokio::{
    sync::mpsc::{UnboundedReceiver, unbounded_channel},
    time::{Instant, sleep},
};
use viva_signaling::message::TrackSource;

const ROOM: &str = "recording";
/// How long the browser may take until it sends.
const START: Duration = Duration::from_secs(40);
/// How long its congestion control may take until the rates stand still.
const SETTLING: Duration = Duration::from_secs(90);
/// The key frames that were asked for come within this time.
const KEY_FRAMES: Duration = Duration::from_secs(2);
/// A busy machine may spoil some recordings.
const ATTEMPTS: usize = 6;
/// A longer pause of a track is that of a machine that does something else, or of an encoder that has overspent: either
/// may happen, and neither shall happen again in every round of a trace.
const STALL: Duration = Duration::from_millis(100);

/// What to record.
pub struct Wish {
    pub seconds: u64,
    /// The browser's program.
    pub browser: PathBuf,
    /// The server's program, where it is not beside this one.
    pub viva: Option<PathBuf>,
    /// The command that records the same again.
    pub command: String,
}

/// Two trace files.
pub struct Recording {
    /// The trace of the camera, with three encodings.
    pub camera: String,
    /// The trace of the microphone.
    pub microphone: String,
}

/// Records; takes about a minute longer than what is recorded.
///
/// # Errors
/// Where the server or the browser does not start, or the browser does not send all encodings at steady rates.
pub async fn record(wish: &Wish) -> Result<Recording, String> {
    let last = cpu::cores().saturating_sub(1);
    let stage = Stage::new(&[last], Arc::new(Link::loopback()))?;
    let viva = Viva::start(&stage, 0, wish.viva.as_deref(), None).await?;
    let folder = Folder::new()?;
    picture::write(&folder.0.join(browser::PICTURE))?;
    voice::write(&folder.0.join(browser::VOICE))?;
    let browser = Browser::start(&wish.browser, &folder.0, &viva.page(ROOM, "camera").await?)?;
    let recorded = watch(wish, &stage, &viva).await;
    let recorded = recorded.map_err(|error| format!("{error}; the browser said: {}", browser.said()))?;
    header::write(wish, &browser::version(&wish.browser)?, &recorded)
}

/// Enters the browser's room, waits until its rates stand still, and records.
async fn watch(wish: &Wish, stage: &Stage, viva: &Viva) -> Result<Tape, String> {
    let camera = camera(viva).await?;
    let plan = SeatPlan {
        name: "recorder".to_owned(),
        sends: Vec::new(),
        pictures: HEIGHTS.len(),
        voices: 1,
        whep: false,
        unread: false,
        silent: false,
    };
    let mut seat = viva.enter(ROOM, &plan).await?;
    let [client] = seat.clients()[..] else { return Err("the recorder's seat has no client".to_owned()) };
    let (observer, mut observed) = unbounded_channel();
    stage.with_load(|load| load.observe(client, observer));
    let pictures = HEIGHTS.map(|height| Picture { publication: camera.clone(), height });
    seat.watch(&pictures, &[]).await?;
    let tape = follow(wish, stage, client, &mut observed).await?;
    seat.leave(false).await;
    Ok(tape)
}

/// The publication of the browser's camera, once its microphone is there too.
async fn camera(viva: &Viva) -> Result<String, String> {
    let begin = Instant::now();
    while begin.elapsed() < START {
        let published = viva.published(ROOM).await?;
        let find = |source| published.iter().find(|publication| publication.source == source);
        if let (Some(camera), Some(_)) = (find(TrackSource::Camera), find(TrackSource::Microphone)) {
            return Ok(camera.id.clone());
        }
        sleep(Duration::from_millis(500)).await;
    }
    Err(format!("the browser sent no camera and microphone within {START:?}"))
}

/// Reads all along; once the rates stand still asks for key frames and cuts out what came from then on.
async fn follow(
    wish: &Wish,
    stage: &Stage,
    client: ClientId,
    observed: &mut UnboundedReceiver<Observed>,
) -> Result<Tape, String> {
    let mut reader = Reader::default();
    let begin = Instant::now();
    while !reader.tape.settled(now()) {
        if begin.elapsed() > SETTLING {
            return Err(format!(
                "no three encodings at steady rates within {SETTLING:?}: {}",
                reader.describe(now())
            ));
        }
        read_for(&mut reader, observed, Duration::from_secs(1)).await;
    }
    let length = Duration::from_secs(wish.seconds);
    let mut trouble = String::new();
    for _ in 0..ATTEMPTS {
        let (from, missing) = (now(), reader.missing);
        stage.with_load(|load| load.ask_key_frames(client));
        read_for(&mut reader, observed, KEY_FRAMES + length).await;
        let latest = from + KEY_FRAMES.as_micros() as u64;
        trouble = match reader.tape.cut(from, latest, length) {
            None => format!("no key frames of all encodings at once within {KEY_FRAMES:?}"),
            Some(_) if reader.missing > missing => {
                "packets are lost, or of pictures of other sizes".to_owned()
            }
            Some(tape) => match tape.longest_pause() {
                pause if pause > STALL => format!("a track stood still for {pause:?}"),
                _ => return Ok(tape),
            },
        };
        tracing::warn!(trouble, "recording once more");
    }
    Err(format!("{ATTEMPTS} recordings, and none is good: {trouble}"))
}

async fn read_for(reader: &mut Reader, observed: &mut UnboundedReceiver<Observed>, time: Duration) {
    let end = Instant::now() + time;
    while let Ok(Some(packet)) = tokio::time::timeout_at(end, observed.recv()).await {
        reader.read(&packet);
    }
}

/// A folder of the recorder's own, which goes with it.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Result<Self, String> {
        let path = std::env::temp_dir().join(format!("viva-record-{}", std::process::id()));
        std::fs::create_dir_all(&path).map_err(|error| shown(&path, &error))?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What cannot be removed lies in the system's folder for such things.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// An error with the file that it is about.
fn shown(path: &Path, error: &std::io::Error) -> String {
    format!("{}: {error}", path.display())
}
