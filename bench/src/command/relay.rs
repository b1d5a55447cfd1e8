//! `viva-bench relay`: a bad line between clients and a server.

use super::say;
use crate::relay::{Direction, Plan, Relay, Schedule};
use clap::Args;
use std::{net::SocketAddr, time::Duration};
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    signal::unix::{SignalKind, signal},
    time::{interval, sleep},
};

/// What the line is like.
const NOTATION: &str = "\
A line is written as `rate=3Mbit queue=300ms delay=25ms jitter=10ms loss=2% bursts=0.25%x8`; what is not said is a line
that does nothing. Rates count the headers of IP and of UDP or TCP, and hold for all clients together.

  rate=     bits a second: 300kbit, 2.5Mbit; `free` for as many as come
  queue=    what may wait before the line, at the present rate or in bytes: 300ms (and 3,000 bytes at least), 64kB
  delay=    time on the way behind the queue
  jitter=   added to it at random, up to this; the order stays
  reorders= yes: jitter lets datagrams overtake each other
  loss=     lost behind the queue, one by one: 5%
  bursts=   with the first packet of 0.25 of 100 a burst of loss begins, eight packets long on average: 0.25%x8

It may change with time: `rate=5Mbit; 15s rate=1Mbit; 30s rate=300kbit loss=1%`. A step keeps what it does not name.
Bytes of a TCP connection are never dropped: they wait where they come from until the queue has room, and what is lost
is sent again and holds up what follows.

A line on standard input such as `down rate=300kbit` or `up loss=5%` begins another schedule of one way at once.";

/// The relay, and what it does.
#[derive(Args)]
#[command(after_help = NOTATION)]
pub struct Command {
    /// Where clients come to, over UDP and TCP; port 0: one that is free for both.
    #[arg(long, default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// The media port of the server.
    #[arg(long)]
    to: SocketAddr,
    /// The way from clients to the server.
    #[arg(long, default_value = "")]
    up: Schedule,
    /// The way from the server to clients.
    #[arg(long, default_value = "")]
    down: Schedule,
    /// What is random is the same with the same seed.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Ends after so many seconds; otherwise when it is told to.
    #[arg(long)]
    seconds: Option<u64>,
    /// Says each so many seconds what was counted.
    #[arg(long)]
    every: Option<u64>,
}

impl Command {
    /// Runs until its time is over or somebody ends it, and says what was counted.
    ///
    /// # Errors
    /// In words for who typed it.
    pub fn run(self) -> Result<(), String> {
        let plan =
            Plan { listen: self.listen, server: self.to, up: self.up, down: self.down, seed: self.seed };
        let relay = Relay::start(plan).map_err(|error| format!("{}: {error}", self.listen))?;
        say(&format!("from {} to {}, over UDP and TCP", relay.address(), self.to))?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| error.to_string())?;
        runtime.block_on(async {
            tokio::select! {
                ended = end(self.seconds) => ended,
                () = obey(&relay) => Ok(()),
                told = tell(&relay, self.every) => told,
            }
        })?;
        // Nobody waits for the thread that reads what may never come.
        runtime.shutdown_background();
        tell_once(&relay)
    }
}

/// Waits for the end.
async fn end(seconds: Option<u64>) -> Result<(), String> {
    let [mut terminate, mut interrupt] = [SignalKind::terminate(), SignalKind::interrupt()].map(signal);
    let (Ok(terminate), Ok(interrupt)) = (&mut terminate, &mut interrupt) else {
        return Err("the signals of this process cannot be had".to_owned());
    };
    let over = async {
        match seconds {
            Some(seconds) => sleep(Duration::from_secs(seconds)).await,
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
        () = over => {}
    }
    Ok(())
}

/// Changes the line as standard input says, for ever.
async fn obey(relay: &Relay) {
    let mut lines = BufReader::new(tokio::io::stdin()).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        let changed = change(relay, line.trim());
        if let Err(error) = changed {
            tracing::warn!("{error}");
        }
    }
    std::future::pending().await
}

fn change(relay: &Relay, line: &str) -> Result<(), String> {
    let (way, schedule) = line.split_once(' ').unwrap_or((line, ""));
    let direction = match way {
        "" => return Ok(()),
        "up" => Direction::Up,
        "down" => Direction::Down,
        other => return Err(format!("“{other}” is neither `up` nor `down`")),
    };
    relay.change(direction, schedule.parse().map_err(|error| format!("{error}"))?);
    Ok(())
}

/// Says what was counted, again and again.
async fn tell(relay: &Relay, every: Option<u64>) -> Result<(), String> {
    let Some(seconds) = every else { return std::future::pending().await };
    let mut ticks = interval(Duration::from_secs(seconds.max(1)));
    ticks.tick().await;
    loop {
        ticks.tick().await;
        tell_once(relay)?;
    }
}

fn tell_once(relay: &Relay) -> Result<(), String> {
    say(&format!("up:   {}", relay.counts(Direction::Up)))?;
    say(&format!("down: {}", relay.counts(Direction::Down)))
}
