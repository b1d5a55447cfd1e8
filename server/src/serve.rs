//! The running program: starts both planes, serves, and stops politely.

use crate::{
    account::{self, Accounts},
    acme::Acme,
    attempts::{Attempts, Visits},
    clock::now,
    descriptors::{self, Descriptors},
    digest::Digests,
    doctor::Doctor,
    downloads::Downloads,
    face::{self, Faces},
    health::Health,
    http::{self, App, Origins, Proxies, Unseated},
    listen::{self, Limits, Speech},
    metrics::Metrics,
    plane::{self, Events},
    retention,
    room::Rooms,
    secret::{metrics_token, pictures_keys, secret},
    settings::Settings,
    sitting::{Sittings, Surroundings},
    sms::{self, Caps, Delivery},
    spool::Spool,
    stop::{Stop, Stopper, stop},
    store::{self, Store, StoreError, Vault},
    tls::Tls,
    tokens::Tokens,
    turn::{self, Door, Turn},
    writes::Writes,
};
use std::{
    io,
    net::{Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};
use tokio::{
    net::TcpListener,
    sync::{Semaphore, oneshot, watch},
    task::JoinHandle,
    time::{MissedTickBehavior, interval, timeout},
};

/// How long an answer may still take when the database is there.
const CLOSING: Duration = Duration::from_secs(1);

/// A running server.
pub struct Server {
    /// Where HTTP is served.
    pub address: SocketAddr,
    /// Signs tokens for it.
    pub tokens: Tokens,
    /// What its requests share.
    pub(crate) app: App,
    stopper: Stopper,
    /// How many WebSockets there may be.
    sockets: u32,
    serving: JoinHandle<()>,
    background: Vec<JoinHandle<()>>,
}

impl Server {
    /// Binds everything and begins to serve.
    ///
    /// # Errors
    /// A port is taken, an address is not this machine's, the data directory cannot be written, or the database refuses. One
    /// that does not answer is waited for.
    pub async fn start(settings: Settings) -> io::Result<Self> {
        let settings = Arc::new(settings);
        let descriptors = Descriptors::share(descriptors::raise());
        let limits = limits(&settings, descriptors);
        let secret = secret(&settings)?;
        let vault = vault(&settings)?;
        let spool = Spool::open(&settings.data_dir)?;
        let tokens = Tokens::new(&secret).map_err(io::Error::other)?;
        let metrics = Metrics::new().map_err(io::Error::other)?;
        let Doors { listener, plain, tls, acme } = Doors::open(&settings).await?;
        let address = listener.local_addr()?;
        let (listener, store) =
            opened(listener, (&settings, &vault), tls.as_ref(), &metrics, &limits).await?;
        let (stopper, stop) = stop();
        let (plane, fingerprint, events) = plane::start(&settings, descriptors.media)?;
        let (turn, digests) = (Turn::new(&settings, &secret), Digests::new(&secret));
        let media = (plane.clone(), fingerprint);
        let rooms = Rooms::new(settings.clone(), metrics.clone(), media, turn.clone(), stop.clone());
        let delivery = delivery(&settings, &store, &metrics)?;
        let sittings = Sittings::new(Surroundings {
            store: store.clone(),
            rooms: rooms.clone(),
            delivery: delivery.clone(),
            settings: settings.clone(),
            digests: digests.clone(),
            stop: stop.clone(),
        });
        let health = health(&settings, &store);
        let accounts = Accounts::new(store.clone(), account::PasswordLimits::default());
        let (attempts, tests) = (Arc::new(Attempts::at_codes()), Arc::new(Visits::of_tests()));
        let writes = Arc::new(Writes::new(&settings));
        let (proxies, origins) = (Arc::new(Proxies::new(&settings)), Arc::new(Origins::new(&settings)));
        let most = sockets(&settings, &limits);
        let sockets = Arc::new(Semaphore::new(most));
        let (metrics_token, faces) = (metrics_token(&settings)?.into(), Faces::open(&settings)?);
        if let Some(reason) = faces.missing() {
            health.note(face::MISSING, reason.to_owned());
        }
        let downloads = Downloads::new(&settings.downloads_dir, &settings.base_url());
        let (unseated, doctor) = (Unseated::new(settings.max_unseated), Doctor::new(&settings, address));
        let tokens_kept = tokens.clone();
        let app = App {
            settings,
            proxies,
            origins,
            tokens,
            rooms,
            sittings,
            store,
            spool,
            accounts,
            digests,
            faces,
            downloads,
            attempts,
            writes,
            tests,
            plane,
            health,
            tls: tls.clone(),
            doctor,
            metrics,
            metrics_token,
            stop,
            sockets,
            unseated,
        };
        // What the store says at the start is said before anybody is served: a database that fails later ends no program.
        announce_first(&app).await?;
        let mut background = background(&app, events, acme);
        let lead = |listener| tokio::spawn(lead(listener, limits.clone(), app.clone()));
        background.extend(plain.into_iter().map(lead));
        background.extend(delivery.map(|delivery| tokio::spawn(delivery.run(app.stop.clone()))));
        let (tasks, turn) = serve_turn(&app, &turn, tls.as_ref(), &limits)?;
        background.extend(tasks);
        let speech = Speech { router: http::router(app.clone()), tls, turn };
        let serving = tokio::spawn(serve(listener, speech, limits, app.stop.clone(), app.metrics.clone()));
        tracing::info!(%address, shards = app.plane.shards().len(), "serving");
        let sockets = u32::try_from(most).unwrap_or(u32::MAX);
        Ok(Self { address, tokens: tokens_kept, app, stopper, sockets, serving, background })
    }

    /// Seeds the demo, and tells the way to every seat of it.
    ///
    /// # Errors
    /// The store fails.
    pub async fn demo(&self) -> Result<String, Box<dyn std::error::Error>> {
        crate::demo::demo(&self.app).await
    }

    /// Tells every client that the server stops, and waits until they are gone, for as long as the settings say.
    ///
    /// # Errors
    /// The listener has failed.
    pub async fn stop(self) -> io::Result<()> {
        tracing::info!("stopping");
        self.stopper.stop();
        let settings = &self.app.settings;
        let drained = async {
            let _ = self.app.sockets.acquire_many(self.sockets).await;
            self.app.rooms.closed().await;
            let served = self.serving.await;
            self.app.store.close().await;
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
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(io::Error::other(error)),
            Err(_) => {
                tracing::warn!("some connections did not end in time");
                Ok(())
            }
        }
    }
}

/// Where people come in, before anybody is served.
struct Doors {
    listener: TcpListener,
    /// Plain HTTP beside HTTPS.
    plain: Vec<TcpListener>,
    tls: Option<Tls>,
    acme: Option<Acme>,
}

impl Doors {
    async fn open(settings: &Arc<Settings>) -> io::Result<Self> {
        let tls = Tls::open(settings)?;
        let acme = tls.as_ref().map(|tls| Acme::open(settings, tls)).transpose()?.flatten();
        let listener = bind(settings.listen).await?;
        let mut plain = Vec::new();
        for address in &settings.http_listen.0 {
            plain.push(bind(*address).await?);
        }
        Ok(Self { listener, plain, tls, acme })
    }
}

async fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    let mut bound = TcpListener::bind(address).await;
    // A machine without IPv6 has no such address.
    if bound.is_err() && address.ip() == Ipv6Addr::UNSPECIFIED {
        bound = TcpListener::bind((Ipv4Addr::UNSPECIFIED, address.port())).await;
    }
    bound.map_err(|error| {
        let hint = match error.kind() {
            io::ErrorKind::PermissionDenied => {
                ": a port below 1024 needs CAP_NET_BIND_SERVICE (deploy/README.md)"
            }
            _ => "",
        };
        io::Error::new(error.kind(), format!("cannot listen on {address}: {error}{hint}"))
    })
}

/// Leads from plain HTTP to HTTPS, until the server stops.
async fn lead(listener: TcpListener, limits: Limits, app: App) {
    let Some(tls) = app.tls else { return };
    let names = app.settings.domains().map(str::to_owned).collect();
    let mut stop = app.stop;
    let until = async move { stop.stopped().await };
    let speech = Speech::pages(listen::plain::router(tls, names), None);
    listen::serve(listener, speech, limits, app.metrics, until).await;
}

/// The store. While its database does not answer, whoever asks the listener is told so.
async fn opened(
    listener: TcpListener,
    (settings, vault): (&Settings, &Vault),
    tls: Option<&Tls>,
    metrics: &Metrics,
    limits: &Limits,
) -> io::Result<(TcpListener, Arc<dyn Store>)> {
    let listener = listener.into_std()?;
    let (why, reason) = watch::channel(String::new());
    let (closing, closed) = oneshot::channel::<()>();
    let mut door = None;
    let mut closed = Some(closed);
    let waits = |error: &StoreError| {
        why.send_replace(error.to_string());
        let Some(closed) = closed.take() else { return };
        match listener.try_clone().and_then(TcpListener::from_std) {
            Ok(listener) => {
                let router = http::waiting::router(reason.clone());
                let until = async move { drop(closed.await) };
                let served = listen::serve(
                    listener,
                    Speech::pages(router, tls.cloned()),
                    limits.clone(),
                    metrics.clone(),
                    until,
                );
                door = Some(tokio::spawn(served));
            }
            Err(error) => tracing::warn!(%error, "nobody is told that the database is waited for"),
        }
    };
    let store = store::open_in_any_order(settings, vault, Some(metrics.store()), waits).await;
    drop(closing);
    if let Some(mut door) = door
        && timeout(CLOSING, &mut door).await.is_err()
    {
        door.abort();
    }
    Ok((TcpListener::from_std(listener)?, store.map_err(io::Error::other)?))
}

async fn serve(listener: TcpListener, speech: Speech, limits: Limits, mut stop: Stop, metrics: Metrics) {
    let until = async move { stop.stopped().await };
    listen::serve(listener, speech, limits, metrics, until).await;
}

/// What encrypts the pictures of people.
fn vault(settings: &Settings) -> io::Result<Vault> {
    let keys = pictures_keys(settings)?;
    Vault::new(keys.iter().map(String::as_str)).map_err(io::Error::other)
}

/// What is wrong with the program, its store and its disk.
fn health(settings: &Settings, store: &Arc<dyn Store>) -> Health {
    Health::new(store.clone(), settings.data_dir.clone(), settings.disk_low.saturating_mul(1 << 20))
}

/// What sends SMS; `None` where nobody does.
fn delivery(
    settings: &Settings,
    store: &Arc<dyn Store>,
    metrics: &Metrics,
) -> io::Result<Option<Arc<Delivery>>> {
    let sender = sms::sender(settings).map_err(io::Error::other)?;
    Ok(sender.map(|sender| {
        let delivery = Delivery::new(store.clone(), sender, Caps::of(settings));
        Arc::new(delivery.metered(metrics.sms(settings.sms)))
    }))
}

/// Serves the ports that TURN has for itself; and what speaks it beside the pages, where these are within TLS.
fn serve_turn(
    app: &App,
    turn: &Turn,
    tls: Option<&Tls>,
    limits: &Limits,
) -> io::Result<(Vec<JoinHandle<()>>, Option<Door>)> {
    let App { settings, rooms, stop, metrics, .. } = app;
    let rooms = rooms.clone();
    let seats = Arc::new(move |seat| rooms.shard_of(seat));
    let Some(door) = turn.door(seats, metrics.clone()) else { return Ok((Vec::new(), None)) };
    let ports = [(settings.turn_port, None), (settings.turn_tls_port, tls)];
    let mut tasks = Vec::new();
    for (port, tls) in ports.into_iter().filter(|(port, _)| *port > 0) {
        for address in turn::addresses(settings, port) {
            if tls.is_none()
                && let Some(datagrams) = turn::bind_datagrams(address)?
            {
                tasks.push(tokio::spawn(datagrams.serve(door.clone(), stop.clone())));
            }
            if let Some(listener) = turn::bind_stream(address)? {
                let router = http::elsewhere::router(settings.base_url());
                let speech = Speech { router, tls: tls.cloned(), turn: Some(door.clone()) };
                let served = serve(listener, speech, limits.clone(), stop.clone(), metrics.clone());
                tasks.push(tokio::spawn(served));
            }
        }
    }
    Ok((tasks, tls.is_some().then_some(door)))
}

/// Bounds of HTTP connections: twice as many as WebSockets, as far as the descriptors go.
fn limits(settings: &Settings, descriptors: Descriptors) -> Limits {
    let connections = settings.max_connections.saturating_mul(2).saturating_add(64).min(descriptors.http);
    let proxies = settings.proxies();
    Limits {
        many_behind: Arc::new(move |address| proxies.iter().any(|network| network.contains(address))),
        ..Limits::new(
            connections,
            settings.max_connections_per_address,
            (settings.header_timeout.0, settings.idle_timeout.0),
        )
    }
}

/// How many WebSockets there may be: a quarter of the connections is left to requests.
fn sockets(settings: &Settings, limits: &Limits) -> usize {
    settings
        .max_connections
        .min((limits.connections - limits.connections / 4).max(1))
        .min(Semaphore::MAX_PERMITS)
}

/// Says what is left over of a demo. Where nobody administers yet, the log has the code with which somebody may begin to; a demo makes its own administrator.
async fn announce_first(app: &App) -> io::Result<()> {
    crate::demo::warn_of_left_over(app).await?;
    if app.settings.demo {
        return Ok(());
    }
    if let Some(code) = app.accounts.first_code(now().0).await.map_err(io::Error::other)? {
        let page = format!("{}/signin/first", app.settings.base_url());
        tracing::warn!(code, page, "nobody administers yet: make the first account with this code");
    }
    Ok(())
}

/// What goes on beside the requests: events of the media plane to the rooms, its counters to the rooms, newer certificates.
fn background(app: &App, events: Events, acme: Option<Acme>) -> Vec<JoinHandle<()>> {
    let measure = measure(app.clone(), app.stop.clone());
    let retain = retention::retain(app.clone(), app.stop.clone());
    let rehearsals = app.sittings.clone().watch_rehearsals(app.stop.clone());
    let watch = app.health.clone().watch(app.stop.clone());
    let route = app.rooms.clone().route(events);
    let accounts = app.sittings.clone().watch_accounts(app.stop.clone());
    let troubles = app.sittings.clone().note_troubles(app.rooms.troubles(), app.stop.clone());
    let mut tasks = vec![
        tokio::spawn(route),
        tokio::spawn(measure),
        tokio::spawn(retain),
        tokio::spawn(rehearsals),
        tokio::spawn(watch),
        tokio::spawn(accounts),
        tokio::spawn(troubles),
    ];
    tasks.extend(app.tls.clone().map(|tls| tokio::spawn(tls.watch(app.health.clone(), app.stop.clone()))));
    tasks.extend(acme.map(|acme| tokio::spawn(acme.run(app.health.clone(), app.stop.clone()))));
    tasks
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
