//! Runs one scenario on one server and says what came of it.

mod faces;
mod idle;
mod junk;
mod storm;
mod window;

use crate::{
    figures::{Point, ScenarioResult},
    line::Faults,
    peer::{Peer, Stage},
    scenario::{Measure, Scenario},
    scene::Scene,
    tally::Tally,
};
use std::{sync::OnceLock, time::Duration};
use window::percentiles;

/// How long the load settles before it is measured: layers are switched up to, caches are warm.
const SETTLE: Duration = Duration::from_secs(4);

/// What a run is told beside the scenario.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Seconds of each measurement instead of the scenario's.
    pub seconds: Option<u64>,
    /// The most clients of a room or of a storm; larger sizes are left out.
    pub most: usize,
}

/// Tells how far a run is.
pub trait Watch: Send + Sync {
    /// Shows, in one sentence, what is being done.
    fn now(&self, what: &str);
}

/// Runs a scenario.
///
/// # Errors
/// Where clients are refused, do not connect, or the server ends.
pub async fn run(
    peer: &dyn Peer,
    stage: &Stage,
    scenario: &Scenario,
    options: Options,
    watch: &dyn Watch,
) -> Result<ScenarioResult, String> {
    let mut scenario = scenario.clone();
    scenario.seconds = options.seconds.unwrap_or(scenario.seconds);
    let mut result = ScenarioResult {
        scenario: scenario.name.clone(),
        about: scenario.about.clone(),
        server: peer.name(),
        sealing: peer.sealing(),
        points: Vec::new(),
        joins: Vec::new(),
        memory: None,
        junk: None,
        remarks: Vec::new(),
    };
    stage.with_load(|load| {
        load.faults(Faults {
            up: scenario.loss.up_percent / 100.0,
            down: scenario.loss.down_percent / 100.0,
        });
    });
    let run = Run { peer, stage, scenario, watch, sealed: OnceLock::new() };
    match run.scenario.measure.clone() {
        Measure::Steady if run.scenario.junk > 0 => result.junk = Some(run.junk().await?),
        Measure::Steady if run.scenario.faces > 0 => {
            let (during, remark) = run.faces(run.scenario.faces.min(options.most)).await?;
            result.points.push(during);
            result.remarks.push(remark);
        }
        Measure::Steady => result.points.push(run.steady(run.scenario.clone()).await?),
        Measure::Capacity { growth, most, loss_percent, delay_milliseconds } => {
            let limit = Limit { loss: loss_percent / 100.0, delay: (delay_milliseconds * 1000.0) as u64 };
            run.capacity(growth, most, limit, &mut result).await?;
        }
        Measure::Growth { role, sizes } => {
            for size in sizes.into_iter().filter(|size| *size <= options.most) {
                match run.steady(run.scenario.with(&role, size)).await {
                    Ok(point) => result.points.push(point),
                    Err(error) if !result.points.is_empty() => {
                        result.remarks.push(format!("{size} were too many: {error}."));
                        break;
                    }
                    Err(error) => return Err(error),
                }
            }
        }
        Measure::Storm { clients, within_seconds, again, beside } => {
            let mut scene = Scene::new(peer, stage, &run.scenario);
            if beside > 0 {
                scene.add_rooms(beside).await?;
                let quiet = run.point(&mut scene).await?;
                result.points.push(quiet);
            }
            let clients = clients.min(options.most);
            drop(stage.with_load(|load| load.tally()));
            result.joins = run.storm(clients, within_seconds, again).await?;
            if beside > 0 {
                let tally = stage.with_load(|load| load.tally());
                result.remarks.push(meanwhile(beside, &tally));
            }
            scene.clear(false).await;
        }
        Measure::Idle { rooms } => result.memory = Some(run.idle(rooms.min(options.most)).await?),
    }
    stage.with_load(|load| load.faults(Faults::default()));
    if let Some(sealed) = run.sealed.get() {
        result.sealing = format!("{sealed}, {}", result.sealing);
    }
    Ok(result)
}

/// What is too much.
#[derive(Debug, Clone, Copy)]
struct Limit {
    /// Loss, of 1.
    loss: f64,
    /// 99th percentile of the delay, in microseconds.
    delay: u64,
}

/// One scenario on one server.
struct Run<'a> {
    peer: &'a dyn Peer,
    stage: &'a Stage,
    scenario: Scenario,
    watch: &'a dyn Watch,
    /// How media was sealed, once it is known.
    sealed: OnceLock<String>,
}

impl Run<'_> {
    /// One measurement of the rooms as they are.
    async fn steady(&self, scenario: Scenario) -> Result<Point, String> {
        let mut scene = Scene::new(self.peer, self.stage, &scenario);
        self.watch.now(&format!("{}: {} clients enter", scenario.name, scenario.rooms * scenario.clients()));
        scene.add_rooms(scenario.rooms).await?;
        let point = self.point(&mut scene).await;
        scene.clear(false).await;
        self.rest().await;
        point
    }

    /// Rooms are added until it is too much; the last point that was not is measured again, and so is half of it.
    async fn capacity(
        &self,
        growth: f64,
        most: usize,
        limit: Limit,
        result: &mut ScenarioResult,
    ) -> Result<(), String> {
        let mut scene = Scene::new(self.peer, self.stage, &self.scenario);
        let mut add = self.scenario.rooms;
        let mut good = 0;
        loop {
            let point = match scene.add_rooms(add).await {
                Ok(()) => self.point(&mut scene).await?,
                // A server that is full keeps the door shut by the load of those inside.
                Err(error) if good > 0 => {
                    let before = result.points.last().map_or(0, |point| point.rooms);
                    result.remarks.push(format!("{} rooms are too many: {error}.", before + add));
                    break;
                }
                Err(error) => return Err(error),
            };
            let reason = too_much(&point, limit);
            if reason.is_none() {
                good = point.rooms;
            }
            let rooms = point.rooms;
            result.points.push(point);
            if let Some(reason) = reason {
                result.remarks.push(format!("{rooms} rooms are too many: {reason}."));
                break;
            }
            if rooms >= most {
                result.remarks.push(format!("{rooms} rooms are not too many, and more were not tried."));
                break;
            }
            add = ((rooms as f64 * growth).ceil() as usize).clamp(1, most - rooms);
        }
        scene.clear(false).await;
        self.rest().await;
        if good > 1 {
            let half = Scenario { rooms: good / 2, ..self.scenario.clone() };
            let point = self.steady(half).await?;
            result.remarks.push(format!(
                "Half of the largest good size, {} rooms: delay p99 {} µs, {:.0} packets/s, F {:.2}.",
                point.rooms,
                point.delay.p99,
                point.forwarded,
                point.ratio()
            ));
            let place = result.points.partition_point(|other| other.rooms <= point.rooms);
            result.points.insert(place, point);
        }
        Ok(())
    }

    /// The server forgets who has left.
    async fn rest(&self) {
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

/// What became of the media of rooms that ran already while others came.
fn meanwhile(rooms: usize, tally: &Tally) -> String {
    let delay = percentiles(&tally.delays);
    format!(
        "{rooms} rooms ran already; of all media while the others came, pictures lost {:.3} %, sound lost {:.3} %, delay p50 {} µs, \
         p99 {} µs, p99.9 {} µs, most {} µs.",
        tally.picture_loss() * 100.0,
        tally.sound_loss() * 100.0,
        delay.p50,
        delay.p99,
        delay.p999,
        delay.most
    )
}

fn too_much(point: &Point, limit: Limit) -> Option<String> {
    if point.load_core > 0.97 {
        return Some(format!("the load itself is at {:.0} % of its core", point.load_core * 100.0));
    }
    let loss = point.loss.max(point.sound_loss);
    if loss > limit.loss {
        return Some(format!("{:.2} % are lost", loss * 100.0));
    }
    (point.delay.p99 > limit.delay)
        .then(|| format!("the 99th percentile of the delay is {} µs", point.delay.p99))
}
