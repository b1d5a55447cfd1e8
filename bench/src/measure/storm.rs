//! Everybody comes at once: how long until the last one sees something, and is anybody lost?

use super::{Run, window::percentiles};
use crate::{
    cpu,
    figures::Joins,
    load::{ClientId, Progress, now},
    peer::Seated,
    scene::{Scene, plans},
    tally::Delays,
};
use futures_util::future::join_all;
use std::{collections::HashMap, time::Duration};

/// How long the last may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// Somebody who has entered.
struct Came {
    began: u64,
    room: usize,
    receives: bool,
    seat: Box<dyn Seated>,
}

impl Run<'_> {
    /// Lets `clients` enter within so many seconds; `again`: they vanish, and come once more.
    pub(super) async fn storm(&self, clients: usize, within: f64, again: bool) -> Result<Vec<Joins>, String> {
        let mut joins = Vec::new();
        let (first, came) = self.wave("first", clients, within).await?;
        joins.push(first);
        let mut last = came;
        if again {
            for came in &mut last {
                came.seat.leave(true).await;
            }
            let (second, came) = self.wave("again, after all vanished", clients, within).await?;
            joins.push(second);
            last = came;
        }
        for came in &mut last {
            came.seat.leave(false).await;
        }
        self.rest().await;
        Ok(joins)
    }

    async fn wave(&self, what: &str, clients: usize, within: f64) -> Result<(Joins, Vec<Came>), String> {
        self.watch.now(&format!("{}: {clients} clients come within {within} s", self.scenario.name));
        let process = self.peer.process().id();
        let (cpu_before, begin) = (cpu::threads(process, "")?, now());
        let rooms = clients.div_ceil(self.scenario.clients().max(1));
        let names = (0..rooms).map(|room| (room, format!("{}-{room}", self.scenario.name)));
        let all = names.flat_map(|(room, name)| {
            plans(&self.scenario, &name).into_iter().map(move |(_, plan)| (room, name.clone(), plan))
        });
        let entering = all.take(clients).enumerate().map(|(index, (room, name, plan))| async move {
            let wait = within * index as f64 / clients as f64;
            tokio::time::sleep(Duration::from_secs_f64(wait)).await;
            let began = now();
            let receives = plan.pictures + plan.voices > 0;
            let seat = self.peer.enter(&name, &plan).await;
            seat.map(|seat| Came { began, room, receives, seat })
        });
        let (mut came, mut refused) = (Vec::new(), Vec::new());
        for entered in join_all(entering).await {
            match entered {
                Ok(seat) => came.push(seat),
                Err(error) => refused.push(error),
            }
        }
        if let Some(error) = refused.first() {
            self.watch.now(&format!("{} were refused, the first with: {error}", refused.len()));
        }
        self.look(&mut came).await;
        let progress = self.all_there(&came).await;
        let cpu = cpu::threads(process, "")?.saturating_sub(cpu_before);
        Ok((judge(what, clients, begin, &came, &progress, cpu), came))
    }

    /// Everybody looks at somebody of the own room.
    async fn look(&self, came: &mut [Came]) {
        let cameras: HashMap<usize, Vec<String>> = came.iter().fold(HashMap::new(), |mut cameras, one| {
            let own = one.seat.publications().iter().filter(|(source, _)| Scene::is_picture(*source));
            cameras.entry(one.room).or_insert_with(Vec::new).extend(own.map(|(_, name)| name.clone()));
            cameras
        });
        let looking = came.iter_mut().map(|one| {
            let own: Vec<String> = one.seat.publications().iter().map(|(_, name)| name.clone()).collect();
            let others = cameras.get(&one.room).into_iter().flatten().filter(|name| !own.contains(name));
            let pictures = Scene::small(others.take(1));
            async move {
                // Who cannot look gets no media, which is counted.
                let _ = one.seat.watch(&pictures, &[]).await;
            }
        });
        join_all(looking).await;
    }

    async fn all_there(&self, came: &[Came]) -> HashMap<ClientId, Progress> {
        let end = tokio::time::Instant::now() + PATIENCE;
        loop {
            let progress: HashMap<_, _> = self.stage.with_load(|load| load.progress()).into_iter().collect();
            let served = |one: &Came| {
                one.seat.clients().iter().all(|id| {
                    progress.get(id).is_some_and(|progress| {
                        progress.connected.is_some() && (!one.receives || progress.first_media.is_some())
                    })
                })
            };
            if came.iter().all(served) || tokio::time::Instant::now() > end {
                return progress;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

fn judge(
    what: &str,
    clients: usize,
    begin: u64,
    came: &[Came],
    progress: &HashMap<ClientId, Progress>,
    cpu: Duration,
) -> Joins {
    let times =
        || Delays::new_with_bounds(1, 60_000_000, 3).unwrap_or_else(|_| unreachable!("constant bounds"));
    let (mut connect, mut media, mut last) = (times(), times(), begin);
    let (mut connected, mut served) = (0, 0);
    for one in came {
        let own: Vec<&Progress> = one.seat.clients().iter().filter_map(|id| progress.get(id)).collect();
        if let Some(at) = own
            .iter()
            .map(|progress| progress.connected)
            .collect::<Option<Vec<_>>>()
            .and_then(|all| all.into_iter().max())
        {
            connected += 1;
            connect.saturating_record(at.saturating_sub(one.began).max(1));
            last = last.max(at);
        }
        if let Some(at) =
            own.iter().filter_map(|progress| progress.first_media).min().filter(|_| one.receives)
        {
            served += 1;
            media.saturating_record(at.saturating_sub(one.began).max(1));
        }
    }
    Joins {
        what: what.to_owned(),
        clients,
        connected,
        served,
        receivers: came.iter().filter(|one| one.receives).count(),
        seconds: (last - begin) as f64 / 1e6,
        connect: percentiles(&connect),
        media: percentiles(&media),
        cpu: cpu.as_micros() as f64 / clients.max(1) as f64,
    }
}
