//! One measurement: settle, the floor, the window, the floor again.

use super::{Run, SETTLE};
use crate::{
    cpu,
    figures::{Delay, Point},
    floor,
    peer::Counters,
    scene::Scene,
    tally::{Delays, Tally},
};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

/// Packets that the floor sends before and after each window.
const FLOOR: usize = 60_000;
/// Sockets that the floor sends to, at the most.
const SINKS: usize = 200;
/// Packets of a frame on the floor.
const FRAME: usize = 6;

/// What is read at both ends of a window.
struct Reading {
    at: Instant,
    counters: Option<Counters>,
    forwarding: Duration,
    process: Duration,
    kernel: Duration,
}

impl Run<'_> {
    /// Measures the rooms as they are.
    pub(super) async fn point(&self, scene: &mut Scene<'_>) -> Result<Point, String> {
        self.watch.now(&format!("{}: {} clients settle", self.scenario.name, scene.clients()));
        tokio::time::sleep(SETTLE).await;
        self.sealed.get_or_init(|| scene.sealed());
        let (before, tally, after) = self.window(scene).await?;
        let seconds = (after.at - before.at).as_secs_f64();
        let forwarding = (after.forwarding + after.kernel).saturating_sub(before.forwarding + before.kernel);
        let counted = before.counters.zip(after.counters);
        let delta = |field: fn(&Counters) -> u64| {
            counted.map(|(before, after)| field(&after).saturating_sub(field(&before)) as f64)
        };
        // A server that does not count is judged by what came to its receivers, or would have without the modelled loss.
        let came = (tally.packets + tally.dropped_down).saturating_sub(tally.repairs);
        let forwarded = delta(|counters| counters.forwarded).unwrap_or(came as f64);
        let bytes = tally.bytes as f64 / tally.packets.max(1) as f64;
        let sendto = self.sendto(bytes as usize).await?;
        let memory = cpu::memory(self.peer.process().id())?;
        Ok(Point {
            rooms: scene.rooms.len(),
            clients: scene.clients(),
            streams: scene.streams(),
            seconds,
            forwarded: forwarded / seconds,
            packets_in: delta(|counters| counters.packets_in).unwrap_or((tally.sent + tally.feedback) as f64)
                / seconds,
            bytes,
            cpu: forwarding.as_nanos() as f64 / forwarded.max(1.0),
            sendto,
            forwarding_core: forwarding.as_secs_f64() / seconds,
            process_core: (after.process.saturating_sub(before.process)).as_secs_f64() / seconds,
            run_length: delta(|counters| counters.packets_out)
                .zip(delta(|counters| counters.messages))
                .map_or(0.0, |(packets, messages)| packets / messages.max(1.0)),
            system_calls: delta(|counters| counters.system_calls).unwrap_or(0.0) / forwarded.max(1.0),
            delay: percentiles(&tally.delays),
            // Where nothing comes, no numbers tell what is missing.
            loss: if tally.packets == 0 && scene.streams() > 0 { 1.0 } else { tally.picture_loss() },
            sound_loss: tally.sound_loss(),
            expected: tally.expected,
            received: tally.received,
            repaired: tally.repaired,
            repair_delay: percentiles(&tally.repair_delays),
            duplicates: tally.duplicates,
            reordered: tally.reordered,
            damaged: tally.unsealed + tally.unstamped + tally.disordered + tally.strange,
            key_frames: tally.key_frame_requests as f64 / seconds,
            resident: memory.resident,
            load_core: tally.busy_share(),
        })
    }

    async fn window(&self, scene: &mut Scene<'_>) -> Result<(Reading, Tally, Reading), String> {
        self.watch.now(&format!("{}: {} clients are measured", self.scenario.name, scene.clients()));
        let before = self.read().await?;
        drop(self.stage.with_load(|load| load.tally()));
        let end = Instant::now() + Duration::from_secs(self.scenario.seconds);
        if let Some(every) = self.scenario.switch_milliseconds {
            let mut turn = 0;
            while Instant::now() < end {
                turn += 1;
                scene.watch(turn).await?;
                tokio::time::sleep(Duration::from_millis(every)).await;
            }
        }
        tokio::time::sleep(end.saturating_duration_since(Instant::now())).await;
        let tally = self.stage.with_load(|load| load.tally());
        Ok((before, tally, self.read().await?))
    }

    async fn read(&self) -> Result<Reading, String> {
        let process = self.peer.process();
        let counters = self.peer.counters().await?;
        Ok(Reading {
            at: Instant::now(),
            counters,
            forwarding: cpu::threads(process.id(), self.peer.forwarding_threads())?,
            process: cpu::threads(process.id(), "")?,
            kernel: cpu::kernel(process.core),
        })
    }

    /// CPU time of one plain `sendto` of this size, on the server's core, while nobody plays.
    async fn sendto(&self, bytes: usize) -> Result<f64, String> {
        let sinks = self.stage.with_load(|load| {
            load.play(false);
            load.sinks(self.stage.link.load.into(), SINKS)
        });
        tokio::time::sleep(Duration::from_millis(300)).await;
        let core = self.peer.process().core;
        let link = Arc::clone(&self.stage.link);
        let floor = tokio::task::spawn_blocking(move || {
            floor::sendto(&link, core, &sinks, bytes.max(40), FRAME, FLOOR)
        });
        let floor = floor.await.map_err(|error| error.to_string())?;
        self.stage.with_load(|load| load.play(true));
        floor
    }
}

/// Percentiles of measured times.
pub(super) fn percentiles(delays: &Delays) -> Delay {
    Delay {
        p50: delays.value_at_quantile(0.5),
        p99: delays.value_at_quantile(0.99),
        p999: delays.value_at_quantile(0.999),
        most: delays.max(),
    }
}
