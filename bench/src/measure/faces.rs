//! Candidates have their faces checked all at once while interviews run.

mod office;

use super::Run;
use crate::{cpu, figures::Point, scene::Scene};
use futures_util::{SinkExt as _, StreamExt as _};
use office::{Office, face_frames};
use serde_json::Value;
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::{task::JoinSet, time::timeout};
use tokio_tungstenite::{
    connect_async,
    tungstenite::{Bytes, Message, client::IntoClientRequest as _, http::HeaderValue},
};

/// A frame comes so often, as the page sends them.
const FRAME: Duration = Duration::from_millis(200);
/// The threads of the server that compare.
const THREADS: &str = "face-";

/// What the candidates' pages have seen.
#[derive(Default)]
struct Seen {
    /// Checks that began, and the longest time from 开始校验 to there, in microseconds.
    began: AtomicU64,
    longest: AtomicU64,
    frames: AtomicU64,
    hints: AtomicU64,
    results: AtomicU64,
    /// How many were said to be before somebody, at most.
    ahead: AtomicU64,
    errors: AtomicU64,
}

impl Run<'_> {
    /// Measures without checks, with so many at once, and without again.
    pub(super) async fn faces(&self, checks: usize) -> Result<(Point, String), String> {
        let web = self.peer.web().ok_or("this server checks no faces")?;
        let office = Office::open(&web).await?;
        let invited = office.invite(checks).await?;
        let frames = Arc::new(face_frames()?);
        let mut scene = Scene::new(self.peer, self.stage, &self.scenario);
        scene.add_rooms(self.scenario.rooms).await?;
        let before = self.point(&mut scene).await?;
        let process = self.peer.process().id();
        let memory = cpu::memory(process)?.resident;
        let (stop, seen) = (Arc::new(AtomicBool::new(false)), Arc::new(Seen::default()));
        let mut pages = JoinSet::new();
        for cookie in invited {
            let (address, frames, stop, seen) =
                (web.address.clone(), Arc::clone(&frames), Arc::clone(&stop), Arc::clone(&seen));
            pages.spawn(async move { checked(&address, &cookie, &frames, &stop, &seen).await });
        }
        let (begin, spent) = (Instant::now(), cpu::threads(process, THREADS)?);
        let during = self.point(&mut scene).await;
        let computed = cpu::threads(process, THREADS)?.saturating_sub(spent).as_secs_f64();
        let share = computed / begin.elapsed().as_secs_f64();
        let most = cpu::memory(process)?.resident;
        stop.store(true, Ordering::Relaxed);
        pages.join_all().await;
        let after = self.point(&mut scene).await;
        scene.clear(false).await;
        self.rest().await;
        let (during, after) = (during?, after?);
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let remark = format!(
            "{checks} candidates were checked at once: {} checks began, the last {:.1} s after it was asked for, {} frames came, {} \
             were told to wait behind {} at most, {} ended, {} failed; the threads that compare took {:.0} % of a core, memory went \
             from {:.0} to {:.0} MiB. The delay of media, p50 and p99: {} and {} µs before, {} and {} µs meanwhile, {} and {} µs \
             after; pictures lost {:.3} %, sound {:.3} %.",
            read(&seen.began),
            read(&seen.longest) as f64 / 1e6,
            read(&seen.frames),
            read(&seen.hints),
            read(&seen.ahead),
            read(&seen.results),
            read(&seen.errors),
            share * 100.0,
            memory as f64 / f64::from(1 << 20),
            most as f64 / f64::from(1 << 20),
            before.delay.p50,
            before.delay.p99,
            during.delay.p50,
            during.delay.p99,
            after.delay.p50,
            after.delay.p99,
            during.loss * 100.0,
            during.sound_loss * 100.0,
        );
        Ok((during, remark))
    }
}

/// The page of one candidate: check after check, as long as it may.
async fn checked(address: &str, cookie: &str, frames: &[Vec<u8>], stop: &AtomicBool, seen: &Seen) {
    while !stop.load(Ordering::Relaxed) {
        if once(address, cookie, frames, stop, seen).await.is_err() {
            seen.errors.fetch_add(1, Ordering::Relaxed);
            return;
        }
    }
}

async fn once(
    address: &str,
    cookie: &str,
    frames: &[Vec<u8>],
    stop: &AtomicBool,
    seen: &Seen,
) -> Result<(), String> {
    let told = |error: &dyn std::fmt::Display| error.to_string();
    let url = format!("ws://{address}/api/candidate/identity/face/check");
    let mut request = url.into_client_request().map_err(|error| told(&error))?;
    let cookie = HeaderValue::from_str(cookie).map_err(|error| told(&error))?;
    request.headers_mut().insert("cookie", cookie);
    let (mut socket, _) = connect_async(request).await.map_err(|error| told(&error))?;
    socket.send(Message::text("{\"type\":\"start\"}")).await.map_err(|error| told(&error))?;
    let (asked, mut nonce, mut number) = (Instant::now(), None::<Vec<u8>>, 0);
    let mut due = tokio::time::Instant::now();
    while !stop.load(Ordering::Relaxed) {
        if let Ok(next) =
            timeout(due.saturating_duration_since(tokio::time::Instant::now()), socket.next()).await
        {
            let Some(Ok(Message::Text(text))) = next else { return Err("the connection ended".to_owned()) };
            let message: Value = serde_json::from_str(&text).map_err(|error| told(&error))?;
            match message["type"].as_str() {
                Some("check") => {
                    nonce = message["nonce"].as_str().and_then(bytes);
                    seen.began.fetch_add(1, Ordering::Relaxed);
                    let took = u64::try_from(asked.elapsed().as_micros()).unwrap_or(u64::MAX);
                    seen.longest.fetch_max(took, Ordering::Relaxed);
                }
                Some("queue") => {
                    seen.hints.fetch_add(1, Ordering::Relaxed);
                    seen.ahead.fetch_max(message["ahead"].as_u64().unwrap_or(0), Ordering::Relaxed);
                }
                Some("result") => {
                    seen.results.fetch_add(1, Ordering::Relaxed);
                    return Ok(());
                }
                Some("error") => return Err(text.to_string()),
                _ => {}
            }
            continue;
        }
        due += FRAME;
        if let (Some(nonce), Some(frame)) = (&nonce, frames.get(number % frames.len().max(1))) {
            number += 1;
            seen.frames.fetch_add(1, Ordering::Relaxed);
            let whole = Bytes::from([nonce.as_slice(), frame].concat());
            socket.send(Message::Binary(whole)).await.map_err(|error| told(&error))?;
        }
    }
    Ok(())
}

/// A nonce in hexadecimal digits.
fn bytes(hex: &str) -> Option<Vec<u8>> {
    (0..hex.len() / 2).map(|at| u8::from_str_radix(hex.get(2 * at..2 * at + 2)?, 16).ok()).collect()
}
