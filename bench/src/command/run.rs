//! `viva-bench run`: scenarios on one server or on several, one after the other.

use super::say;
use crate::{
    cpu,
    figures::{Report, ScenarioResult},
    floor,
    link::{Link, LinkKind},
    machine,
    measure::{self, Options, Watch},
    peer::{
        Peer, Stage,
        janus::{Janus, Threads},
        viva::{Detour, Viva},
    },
    report,
    scenario::Scenario,
};
use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};
use std::{path::PathBuf, sync::Arc, time::Duration};
use tokio::signal::unix::{SignalKind, signal};

/// The short set: what shows the most in a few minutes.
const SHORT: [&str; 4] = ["briefing-1x1000", "interview-1x6", "join-storm", "lossy"];
/// Sizes of packets on the floor: a voice, a small picture, a full packet.
const SIZES: [usize; 3] = [120, 600, 1140];
/// Packets that each figure of the floor is measured with.
const FLOOR: usize = 60_000;

/// What to run.
#[derive(Args)]
pub struct Run {
    /// Scenarios by name, or files; none: the short set; `all`: every one of the program.
    scenarios: Vec<String>,
    /// The servers to measure, one after the other.
    #[arg(long = "peer", value_enum, default_values_t = [Server::Viva])]
    peers: Vec<Server>,
    /// The links between server and load, one after the other; `veth` needs root.
    #[arg(long = "link", value_enum, default_values_t = [LinkKind::Loopback])]
    links: Vec<LinkKind>,
    /// Our own server's program, where it is not beside this one.
    #[arg(long)]
    viva: Option<PathBuf>,
    /// The core that the server runs on; the load gets the others.
    #[arg(long, default_value_t = 0)]
    core: usize,
    /// Seconds of each measurement instead of the scenario's.
    #[arg(long)]
    seconds: Option<u64>,
    /// The most clients of a room, a storm, or of rooms without anybody: larger sizes are left out.
    #[arg(long, default_value_t = usize::MAX)]
    most: usize,
    /// Writes the figures to a file too.
    #[arg(long)]
    json: Option<PathBuf>,
}

/// A server that can be measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Server {
    /// Our own, built beside this program.
    Viva,
    /// The same, whose clients all go by TURN over UDP.
    VivaTurnUdp,
    /// The same over TCP.
    VivaTurnTcp,
    /// The same over TLS.
    VivaTurnTls,
    /// Janus as Debian ships it: a thread for each connection.
    Janus,
    /// Janus with one thread for all connections.
    JanusLoop,
}

impl Run {
    /// Runs all of it.
    ///
    /// # Errors
    /// In words for who typed it.
    pub fn run(self) -> Result<(), String> {
        let names: Vec<String> = match self.scenarios.as_slice() {
            [] => SHORT.map(str::to_owned).into(),
            [all] if all == "all" => Scenario::names().map(str::to_owned).collect(),
            named => named.to_vec(),
        };
        let scenarios = names.iter().map(|name| Scenario::load(name)).collect::<Result<Vec<_>, _>>()?;
        let cores: Vec<usize> = (0..cpu::cores()).filter(|core| *core != self.core).collect();
        let load = if cores.is_empty() { vec![self.core] } else { cores };
        cpu::pin(load[0]);
        let bar = Bar::new(scenarios.len() * self.peers.len() * self.links.len() + 1);
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.map_err(|error| error.to_string())?;
        let report = runtime.block_on(async {
            tokio::select! {
                report = self.measure(&scenarios, &load, &bar) => report,
                told = told_to_end() => Err(told),
            }
        })?;
        bar.0.finish_and_clear();
        let text = serde_json::to_string_pretty(&report).map_err(|error| error.to_string())?;
        if let Some(path) = &self.json {
            std::fs::write(path, &text).map_err(|error| format!("{}: {error}", path.display()))?;
        }
        say(&report::table(&report))
    }

    async fn measure(&self, scenarios: &[Scenario], load: &[usize], bar: &Bar) -> Result<Report, String> {
        let link = Arc::new(Link::new(self.links.first().copied().unwrap_or(LinkKind::Loopback), load)?);
        let stage = Stage::new(load, Arc::clone(&link))?;
        bar.now("the floor: sending without a server");
        // Sinks are read while nobody plays; this stage is for the floor alone.
        let sinks = stage.with_load(|load| {
            load.play(false);
            load.sinks(link.load.into(), 200)
        });
        let core = self.core;
        let sizes = SIZES.map(|bytes| floor::measure(&link, core, &sinks, bytes, FLOOR));
        let floor = sizes.into_iter().collect::<Result<Vec<_>, _>>()?;
        drop((stage, link));
        bar.0.inc(1);
        let mut results = Vec::new();
        for scenario in scenarios {
            for (link, server) in self.links.iter().flat_map(|link| self.peers.iter().map(move |s| (link, s)))
            {
                results.push(self.one(*server, *link, scenario, load, bar).await?);
                bar.0.inc(1);
            }
        }
        Ok(Report {
            machine: machine::describe(),
            date: machine::date(),
            commit: machine::commit(),
            command: std::env::args().skip(1).fold("viva-bench".to_owned(), |line, word| line + " " + &word),
            floor,
            results,
        })
    }

    /// Every scenario has a server and a load of its own: nothing of the one before is left.
    async fn one(
        &self,
        server: Server,
        link: LinkKind,
        scenario: &Scenario,
        load: &[usize],
        bar: &Bar,
    ) -> Result<ScenarioResult, String> {
        let stage = Stage::new(load, Arc::new(Link::new(link, load)?))?;
        let peer: Box<dyn Peer> = match server {
            Server::Viva => Box::new(self.viva(&stage, None).await?),
            Server::VivaTurnUdp => Box::new(self.viva(&stage, Some(Detour::Udp)).await?),
            Server::VivaTurnTcp => Box::new(self.viva(&stage, Some(Detour::Tcp)).await?),
            Server::VivaTurnTls => Box::new(self.viva(&stage, Some(Detour::Tls)).await?),
            Server::Janus => Box::new(Janus::start(&stage, self.core, Threads::Many).await?),
            Server::JanusLoop => Box::new(Janus::start(&stage, self.core, Threads::One).await?),
        };
        let options = Options { seconds: self.seconds, most: self.most };
        let result = measure::run(peer.as_ref(), &stage, scenario, options, bar).await;
        // Loopback is what is meant where nothing is said.
        let over = stage.link.name().map_or_else(String::new, |link| format!(" over {link}"));
        let result = result.map(|result| ScenarioResult { server: result.server + &over, ..result });
        result.map_err(|error| format!("{} on {}: {error}", scenario.name, peer.name()))
    }

    /// Our own server, whose clients take this detour.
    async fn viva(&self, stage: &Stage, detour: Option<Detour>) -> Result<Viva, String> {
        Viva::start(stage, self.core, self.viva.as_deref(), detour).await
    }
}

/// Waits until somebody ends the run: then the servers that it has started end with it.
async fn told_to_end() -> String {
    let (Ok(mut terminate), Ok(mut interrupt)) =
        (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = terminate.recv() => "told to end".to_owned(),
        _ = interrupt.recv() => "interrupted".to_owned(),
    }
}

/// The progress bar.
struct Bar(ProgressBar);

impl Bar {
    fn new(steps: usize) -> Self {
        let bar = ProgressBar::new(steps as u64);
        if let Ok(style) = ProgressStyle::with_template("[{elapsed_precise}] {bar:24} {pos}/{len} {msg}") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_secs(1));
        Self(bar)
    }
}

impl Watch for Bar {
    fn now(&self, what: &str) {
        self.0.set_message(what.to_owned());
        tracing::info!("{what}");
    }
}
