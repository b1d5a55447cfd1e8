//! The load: threads that drive many clients each, over one real socket a client.

mod worker;

pub use worker::{ClientId, Progress};

use crate::{
    client::{Identity, Observed, Plan},
    cpu,
    line::Faults,
    tally::Tally,
};
use std::{
    net::{IpAddr, SocketAddr},
    sync::{
        Arc,
        mpsc::{Sender, channel},
    },
    thread::JoinHandle,
    time::{SystemTime, UNIX_EPOCH},
};
use tokio::sync::mpsc::UnboundedSender;
use worker::{Command, Worker};

/// Microseconds since 1970: the clock of the whole load, which is that of the kernel's receive timestamps too.
pub fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_micros() as u64)
}

/// What a new client needs.
pub struct NewClient {
    /// Where its socket is.
    pub local: IpAddr,
    /// Where its unit is.
    pub server: SocketAddr,
    /// What it does.
    pub plan: Plan,
}

/// The threads that play all clients of a run.
pub struct Load {
    workers: Vec<(Sender<Command>, JoinHandle<()>)>,
    next: usize,
    server: Option<SocketAddr>,
}

impl Load {
    /// Starts threads that run on `cores`, one each.
    ///
    /// # Errors
    /// Where there is no certificate or no thread.
    pub fn start(identity: &Arc<Identity>, cores: &[usize]) -> Result<Self, String> {
        let mut workers = Vec::new();
        for (index, core) in cores.iter().enumerate() {
            let (commands, inbox) = channel();
            let (identity, core) = (Arc::clone(identity), *core);
            let thread = std::thread::Builder::new()
                .name(format!("load-{index}"))
                .spawn(move || {
                    cpu::pin(core);
                    Worker::new(identity, inbox, index as u64).run();
                })
                .map_err(|error| format!("a thread of the load: {error}"))?;
            workers.push((commands, thread));
        }
        Ok(Self { workers, next: 0, server: None })
    }

    /// Adds a client to the thread whose turn it is.
    pub fn add(&mut self, client: NewClient) -> ClientId {
        let index = self.next % self.workers.len().max(1);
        let id = ClientId { worker: index, client: self.next as u64 };
        self.next += 1;
        self.server = Some(client.server);
        self.tell(index, Command::Add(id, Box::new(client)));
        id
    }

    /// Ends a client; it says good-bye first unless it `vanishes`.
    pub fn remove(&self, id: ClientId, vanishes: bool) {
        self.tell(id.worker, Command::Remove(id, vanishes));
    }

    /// Starts or stops all that plays.
    pub fn play(&self, playing: bool) {
        self.tell_all(|| Command::Play(playing));
    }

    /// Loses packets from now on.
    pub fn faults(&self, faults: Faults) {
        self.tell_all(|| Command::Faults(faults));
    }

    /// The unit says which encodings of a client's track somebody receives.
    pub fn wanted(&self, id: ClientId, mid: String, rids: Vec<String>, any: bool) {
        self.tell(id.worker, Command::Wanted(id, mid, rids, any));
    }

    /// Tells an observer of every media packet that a client receives from now on.
    pub fn observe(&self, id: ClientId, observer: UnboundedSender<Observed>) {
        self.tell(id.worker, Command::Observe(id, observer));
    }

    /// A client asks for a key frame of every picture that it receives.
    pub fn ask_key_frames(&self, id: ClientId) {
        self.tell(id.worker, Command::AskKeyFrames(id));
    }

    /// Where the newest client's server is.
    pub const fn server(&self) -> Option<SocketAddr> {
        self.server
    }

    /// What was counted since the last call.
    pub fn tally(&self) -> Tally {
        let mut sum = Tally::default();
        for tally in self.ask(Command::Tally) {
            sum.add(&tally);
        }
        sum
    }

    /// How far every client is.
    pub fn progress(&self) -> Vec<(ClientId, Progress)> {
        self.ask(Command::Progress).into_iter().flatten().collect()
    }

    /// So many sockets that are read and thrown away, for measuring the floor.
    pub fn sinks(&self, local: IpAddr, count: usize) -> Vec<SocketAddr> {
        self.ask(|reply| Command::Sinks(local, count.div_ceil(self.workers.len().max(1)), reply))
            .into_iter()
            .flatten()
            .collect()
    }

    fn ask<T>(&self, command: impl Fn(Sender<T>) -> Command) -> Vec<T> {
        let (reply, replies) = channel();
        for (commands, _) in &self.workers {
            // A thread that is gone does not answer.
            let _ = commands.send(command(reply.clone()));
        }
        drop(reply);
        replies.into_iter().collect()
    }

    fn tell_all(&self, command: impl Fn() -> Command) {
        (0..self.workers.len()).for_each(|index| self.tell(index, command()));
    }

    fn tell(&self, worker: usize, command: Command) {
        if let Some((commands, _)) = self.workers.get(worker) {
            let _ = commands.send(command);
        }
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        for (commands, thread) in self.workers.drain(..) {
            drop(commands);
            let _ = thread.join();
        }
    }
}
