//! A relay that makes a line bad: what clients send to it over UDP and TCP goes on to a server, and what comes back to
//! them, each way through a bottleneck of its own.
//!
//! All clients of a relay share its line, as people at home do. One thread does everything; what is on the way is bounded.

mod bottleneck;
mod conditions;
mod counts;
mod datagrams;
mod streams;
mod way;

pub use conditions::{BadSchedule, Conditions, Room, Schedule};
pub use counts::Counts;

use bottleneck::Bottleneck;
use datagrams::Datagrams;
use std::{
    io,
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
    thread::JoinHandle,
};
use tokio::{
    net::{TcpListener, UdpSocket},
    sync::mpsc,
};
use viva_peer::Random;
use way::Way;

/// Changes that may wait to be made.
const CHANGES: usize = 64;
/// Tries to find a port that is free for UDP and TCP.
const TRIES: u32 = 20;

/// What a relay does.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Where clients come to, over UDP and TCP. Port 0: one that is free for both.
    pub listen: SocketAddr,
    /// Where the server is.
    pub server: SocketAddr,
    /// The way from clients to the server.
    pub up: Schedule,
    /// The way from the server to clients.
    pub down: Schedule,
    /// What is random is the same with the same seed and the same packets.
    pub seed: u64,
}

/// One of the two ways.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// From clients to the server.
    Up,
    /// From the server to clients.
    Down,
}

/// A relay that runs until this is dropped.
#[derive(Debug)]
pub struct Relay {
    address: SocketAddr,
    counts: Arc<Mutex<[Counts; 2]>>,
    changes: Option<mpsc::Sender<(Direction, Schedule)>>,
    thread: Option<JoinHandle<()>>,
}

impl Relay {
    /// Starts one in a thread of its own.
    ///
    /// # Errors
    /// Where its address cannot be had.
    pub fn start(plan: Plan) -> io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (datagrams, streams) = {
            let _inside = runtime.enter();
            listen(plan.listen)?
        };
        let address = datagrams.local_addr()?;
        let (changes, inbox) = mpsc::channel(CHANGES);
        let counts = Arc::new(Mutex::new([Counts::default(); 2]));
        let work = Work { plan, datagrams, streams, inbox, counts: Arc::clone(&counts) };
        let thread = std::thread::Builder::new()
            .name("relay".to_owned())
            .spawn(move || tokio::task::LocalSet::new().block_on(&runtime, work.run()))?;
        Ok(Self { address, counts, changes: Some(changes), thread: Some(thread) })
    }

    /// Where clients come to, over UDP and TCP.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// What has come, passed and been dropped so far, of one way.
    pub fn counts(&self, direction: Direction) -> Counts {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)[direction as usize]
    }

    /// Another schedule begins now. What is on the way keeps its time.
    pub fn change(&self, direction: Direction, schedule: Schedule) {
        let changes = self.changes.as_ref();
        if changes.is_none_or(|changes| changes.try_send((direction, schedule)).is_err()) {
            tracing::warn!("the relay has no time for another change");
        }
    }
}

/// What the thread of a relay has.
struct Work {
    plan: Plan,
    datagrams: UdpSocket,
    streams: TcpListener,
    inbox: mpsc::Receiver<(Direction, Schedule)>,
    counts: Arc<Mutex<[Counts; 2]>>,
}

impl Work {
    async fn run(mut self) {
        let mut random = Random::new(self.plan.seed);
        let mut way = |direction: Direction, schedule| {
            let bottleneck = Bottleneck::new(way::now(), schedule, random.fork());
            Way::new(bottleneck, direction, Arc::clone(&self.counts))
        };
        let ways = [way(Direction::Up, self.plan.up), way(Direction::Down, self.plan.down)];
        let datagrams = Datagrams::new(self.datagrams, self.plan.server, ways.clone());
        let change = async {
            // Whoever holds the relay has dropped it when there are no more changes to come.
            while let Some((direction, schedule)) = self.inbox.recv().await {
                ways[direction as usize].change(schedule);
            }
        };
        tokio::select! {
            () = change => {}
            () = datagrams.run() => {}
            () = streams::run(self.streams, self.plan.server, ways.clone()) => {}
        }
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        drop(self.changes.take());
        // Its thread has nothing to tell.
        let _ = self.thread.take().map(JoinHandle::join);
    }
}

/// Sockets of both kinds on one port.
fn listen(address: SocketAddr) -> io::Result<(UdpSocket, TcpListener)> {
    let mut tries = 0;
    loop {
        let datagrams = datagrams::socket(address)?;
        match streams::listen(datagrams.local_addr()?) {
            Ok(streams) => return Ok((datagrams, streams)),
            Err(error) if address.port() != 0 || tries == TRIES => return Err(error),
            Err(_) => tries += 1,
        }
    }
}

#[cfg(test)]
mod tests;
