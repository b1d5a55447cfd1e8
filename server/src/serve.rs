//! The running program: starts both planes, serves, and stops politely.

use crate::{
    http::{self, App},
    metrics::Metrics,
    plane::{self, Events},
    room::Rooms,
    secret::secret,
    settings::Settings,
    stop::{Stop, Stopper, stop},
    tokens::Tokens,
};
use std::{io, net::SocketAddr, sync::Arc};
use tokio::{
    net::TcpListener,
    sync::Semaphore,
    task::JoinHandle,
    time::{MissedTickBehavior, interval, timeout},
};

/// A running server.
pub struct Server {
    /// Where HTTP is served.
    pub address: SocketAddr,
    /// Signs tokens for it.
    pub tokens: Tokens,
    app: App,
    stopper: Stopper,
    serving: JoinHandle<io::Result<()>>,
    background: Vec<JoinHandle<()>>,
}

impl Server {
    /// Binds everything and begins to serve.
    ///
    /// # Errors
    /// A port is taken, an address is not this machine's, or the data directory cannot be written.
    pub async fn start(settings: Settings) -> io::Result<Self> {
        let settings = Arc::new(settings);
        let tokens = Tokens::new(&secret(&settings)?).map_err(io::Error::other)?;
        let metrics = Metrics::new().map_err(io::Error::other)?;
        let (stopper, stop) = stop();
        let (plane, fingerprint, events) = plane::start(&settings)?;
        let rooms = Rooms::new(settings.clone(), metrics.clone(), plane.clone(), fingerprint, stop.clone());
        let sockets = Arc::new(Semaphore::new(settings.max_connections.min(Semaphore::MAX_PERMITS)));
        let app = App { settings, tokens: tokens.clone(), rooms, plane, metrics, stop, sockets };
        let listener = TcpListener::bind(app.settings.listen).await.map_err(|error| {
            io::Error::new(error.kind(), format!("cannot listen on {}: {error}", app.settings.listen))
        })?;
        let address = listener.local_addr()?;
        let background = background(&app, events);
        let serving = tokio::spawn(serve(listener, app.clone()));
        tracing::info!(%address, shards = app.plane.shards().len(), "serving");
        Ok(Self { address, tokens, app, stopper, serving, background })
    }

    /// Tells every client that the server stops, and waits until they are gone, for as long as the settings say.
    ///
    /// # Errors
    /// The listener has failed.
    pub async fn stop(self) -> io::Result<()> {
        tracing::info!("stopping");
        self.stopper.stop();
        let settings = &self.app.settings;
        let all = u32::try_from(settings.max_connections).unwrap_or(u32::MAX);
        let drained = async {
            let _ = self.app.sockets.acquire_many(all).await;
            self.app.rooms.closed().await;
            let served = self.serving.await;
            // Half of the time is theirs at most: what a shard still has to send is little.
            if !self.app.plane.shutdown(settings.stop_timeout.0 / 2).await {
                tracing::warn!("some shards of the media plane did not end in time");
            }
            served
        };
        let outcome = timeout(settings.stop_timeout.0, drained).await;
        for task in self.background {
            task.abort();
        }
        match outcome {
            Ok(Ok(served)) => served,
            Ok(Err(error)) => Err(io::Error::other(error)),
            Err(_) => {
                tracing::warn!("some connections did not end in time");
                Ok(())
            }
        }
    }
}

async fn serve(listener: TcpListener, app: App) -> io::Result<()> {
    let mut stop = app.stop.clone();
    let stopped = async move { stop.stopped().await };
    axum::serve(listener, http::router(app)).with_graceful_shutdown(stopped).await
}

/// What goes on beside the requests: events of the media plane to the rooms, its counters to the rooms.
fn background(app: &App, events: Events) -> Vec<JoinHandle<()>> {
    let measure = measure(app.clone(), app.stop.clone());
    vec![tokio::spawn(app.rooms.clone().route(events)), tokio::spawn(measure)]
}

async fn measure(app: App, mut stop: Stop) {
    let mut ticks = interval(app.settings.quality_interval.0);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = stop.stopped() => return,
            _ = ticks.tick() => {}
        }
        for shard in app.plane.shards() {
            if let Ok(stats) = shard.stats().await {
                app.rooms.measured(stats.sfu.transports);
            }
        }
    }
}
