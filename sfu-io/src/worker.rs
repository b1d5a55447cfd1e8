//! The loop of one shard: wait, read, let the unit think, send.

use crate::{
    backlog::Backlog,
    clock::Clock,
    core::Core,
    mailbox::{CommandError, Request, Shared},
    pace::Pace,
    plan::Plan,
    relay::{self, Relays},
    stats::{IoStats, ShardStats},
    tcp::Tcp,
    udp::{Batch, Patience, UdpEndpoint},
};
use mio::{Events, Interest, Poll, Token, Waker};
use std::{
    io,
    sync::{Arc, mpsc::Receiver},
    time::Duration,
};
use viva_media::{Carrier, Path};
use viva_sfu::{Command, Micros, Output, Transmits};

/// Wakes the loop for its mailbox, or to stop.
pub(crate) const WAKE: Token = Token(0);

/// The token of the first UDP socket; the others and then TCP follow.
const FIRST_SOCKET: usize = 1;

/// One shard, on its own thread.
pub(crate) struct Worker<C> {
    index: usize,
    clock: Clock,
    core: C,
    /// When the unit wants to be called.
    core_deadline: Micros,
    poll: Poll,
    /// Kept since a wake is lost when its waker is gone before the loop looks; the handles may all be.
    _waker: Arc<Waker>,
    mailbox: Receiver<Request>,
    /// May there be more requests?
    requests: bool,
    shared: Arc<Shared>,
    sockets: Sockets,
    batch: Batch,
    backlog: Backlog,
}

/// Everything that a worker starts with, made on the thread that starts the plane.
pub(crate) struct Equipment {
    pub(crate) index: usize,
    pub(crate) clock: Clock,
    pub(crate) poll: Poll,
    pub(crate) waker: Arc<Waker>,
    pub(crate) mailbox: Receiver<Request>,
    pub(crate) shared: Arc<Shared>,
    pub(crate) sockets: Sockets,
    pub(crate) backlog: Backlog,
}

/// The sockets of one shard, and what they counted.
pub(crate) struct Sockets {
    pub(crate) udp: Vec<UdpEndpoint>,
    pub(crate) tcp: Tcp,
    pub(crate) relays: Relays,
    pub(crate) stats: IoStats,
    patience: Patience,
    plan: Plan,
}

impl Sockets {
    /// Registers the UDP sockets; `tcp` makes the rest, from the token that it is given.
    ///
    /// # Errors
    /// When registering fails.
    pub(crate) fn new(
        mut udp: Vec<UdpEndpoint>,
        poll: &Poll,
        tcp: impl FnOnce(usize) -> io::Result<Tcp>,
        relays: Relays,
    ) -> io::Result<Self> {
        for (index, endpoint) in udp.iter_mut().enumerate() {
            poll.registry().register(endpoint.socket(), Token(FIRST_SOCKET + index), Interest::READABLE)?;
        }
        let tcp = tcp(FIRST_SOCKET + udp.len())?;
        Ok(Self {
            udp,
            tcp,
            relays,
            stats: IoStats::default(),
            patience: Patience::of_one_batch(),
            plan: Plan::default(),
        })
    }

    fn send(&mut self, now: Micros, all: Transmits<'_>) {
        let Self { udp, tcp, relays, stats, patience, plan } = self;
        plan.clear();
        for (index, transmit) in all.iter().enumerate() {
            if transmit.path.carrier == Carrier::Tcp {
                tcp.send(&transmit, stats);
                continue;
            }
            if transmit.path.carrier.is_relayed() {
                relays.send(now, &transmit, stats);
                continue;
            }
            let mut sockets = udp.iter_mut().enumerate();
            match sockets.find(|(_, endpoint)| endpoint.serves(&transmit.path)) {
                Some((socket, endpoint)) if endpoint.takes_many(&transmit) => {
                    plan.add(socket, index, &transmit)
                }
                Some((_, endpoint)) => endpoint.send(&transmit, patience, stats),
                None => stats.no_socket += transmit.packets().len() as u64,
            }
        }
        for planned in plan.arrange() {
            let socket = planned.first().and_then(|first| udp.get_mut(first.socket));
            if let Some(endpoint) = socket {
                endpoint.send_planned(all, planned, patience, stats);
            }
        }
    }

    fn has_queue(&self) -> bool {
        self.tcp.has_queue() || self.relays.has_queue()
    }

    fn have_work(&self) -> bool {
        self.tcp.has_work() || self.relays.has_work() || self.udp.iter().any(|endpoint| endpoint.readable)
    }
}

impl<C: Core> Worker<C> {
    /// Requests taken in one turn.
    const REQUESTS: usize = 64;
    /// Batches read before what comes of them is sent: some 500 datagrams, half a millisecond's work.
    const BATCHES: usize = 16;
    /// How often a full channel of events is tried again.
    const RETRY_EVENTS: Duration = Duration::from_millis(10);
    /// How long the last packets may take when the shard stops.
    const LINGER: Duration = Duration::from_millis(500);

    pub(crate) fn new(equipment: Equipment, core: C) -> Self {
        let Equipment { index, clock, poll, waker, mailbox, shared, sockets, backlog } = equipment;
        Self {
            index,
            clock,
            core,
            core_deadline: Micros(0),
            poll,
            _waker: waker,
            mailbox,
            requests: true,
            shared,
            sockets,
            batch: Batch::new(),
            backlog,
        }
    }

    /// Runs until told to stop.
    ///
    /// # Errors
    /// When waiting for sockets fails; nothing can be done then.
    pub(crate) fn run(mut self) -> io::Result<()> {
        let mut events = Events::with_capacity(256);
        let mut now = self.clock.now();
        let mut pace = Pace::new(now);
        while !self.shared.stopping() {
            self.wait(&mut events, self.time_to_wait(now))?;
            let begin = self.clock.now();
            self.turn(begin);
            now = self.clock.now();
            self.account(now.since(begin));
            if let Some(rest) = pace.rest(begin, now, self.sockets.stats.datagrams_in)
                && !self.requests
                && !self.sockets.have_work()
            {
                std::thread::sleep(rest.min(self.core_deadline.since(now)));
                now = self.clock.now();
            }
        }
        self.finish(&mut events)
    }

    /// Sleeps until a socket, the mailbox or `limit`; notes what is ready.
    fn wait(&mut self, events: &mut Events, limit: Option<Duration>) -> io::Result<()> {
        match self.poll.poll(events, limit) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => return Ok(()),
            result => result?,
        }
        for event in events.iter() {
            let Token(token) = event.token();
            if event.token() == WAKE {
                self.requests = true;
            } else if token >= relay::FIRST_TOKEN {
                self.sockets.relays.note(event);
            } else if let Some(endpoint) = self.sockets.udp.get_mut(token - FIRST_SOCKET) {
                endpoint.readable = true;
            } else {
                self.sockets.tcp.note(event);
            }
        }
        Ok(())
    }

    /// Zero while something is known to be ready; `None`: until something comes. epoll rounds up to milliseconds,
    /// so a deadline is never met too early and then again.
    fn time_to_wait(&self, now: Micros) -> Option<Duration> {
        if self.requests || self.sockets.have_work() {
            return Some(Duration::ZERO);
        }
        let events_at = if self.backlog.len() == 0 { Micros::NEVER } else { now + Self::RETRY_EVENTS };
        let streams_at = self.sockets.tcp.deadline().min(self.sockets.relays.deadline());
        let at = self.core_deadline.min(streams_at).min(events_at);
        (at != Micros::NEVER).then(|| at.since(now))
    }

    /// A bounded piece of work from every source, so that none can starve another.
    fn turn(&mut self, now: Micros) {
        if now >= self.core_deadline {
            self.core.handle_timeout(now);
        }
        self.backlog.flush();
        self.read_mailbox(now);
        self.drain(now);
        for index in 0..self.sockets.udp.len() {
            self.receive_udp(index);
        }
        self.receive_tcp();
        self.receive_relayed();
    }

    fn read_mailbox(&mut self, now: Micros) {
        // A request put after the last look wakes the loop anew.
        self.requests = false;
        for _ in 0..Self::REQUESTS {
            let Ok(request) = self.mailbox.try_recv() else { return };
            self.handle_request(now, request);
        }
        self.requests = true;
    }

    fn handle_request(&mut self, now: Micros, request: Request) {
        match request {
            Request::Commands(commands, reply) => {
                let result = commands.into_iter().try_for_each(|command| self.handle_command(now, command));
                // Who asked may have given up waiting.
                let _ = reply.send(result);
            }
            Request::Relay(arrival) => {
                let Sockets { relays, stats, .. } = &mut self.sockets;
                relays.admit(now, *arrival, self.poll.registry(), stats);
            }
            Request::CloseRelays(participant) => self.sockets.relays.close_of(participant),
            Request::Stats(reply) => drop(reply.send(self.stats(now))),
        }
    }

    fn handle_command(&mut self, now: Micros, command: Command) -> Result<(), CommandError> {
        self.sockets.stats.commands += 1;
        let frees = matches!(command, Command::Leave { .. } | Command::CloseRoom { .. });
        if self.backlog.is_high() && !frees {
            return Err(CommandError::Busy);
        }
        Ok(self.core.handle_command(now, command)?)
    }

    /// What waits in one UDP socket, and everything that comes of it: the more waits, the longer the runs that leave.
    fn receive_udp(&mut self, index: usize) {
        let begin = self.clock.now();
        let mut brought = false;
        for _ in 0..Self::BATCHES {
            let Self { sockets, batch, core, .. } = self;
            let Some(endpoint) = sockets.udp.get_mut(index).filter(|endpoint| endpoint.readable) else {
                break;
            };
            let count = endpoint.receive(batch, &mut sockets.stats);
            if count == 0 {
                break;
            }
            brought = true;
            let (now, local) = (self.clock.now(), endpoint.local());
            batch.for_each(count, local, &mut sockets.stats, |path, packet| {
                core.handle_packet(now, path, packet);
            });
        }
        if brought {
            self.drain(self.clock.now());
            self.note_delay(begin);
        }
    }

    /// One read from every connection that is ready, and everything that comes of it.
    fn receive_tcp(&mut self) {
        let now = self.clock.now();
        let Self { sockets: Sockets { tcp, stats, .. }, core, poll, .. } = self;
        if now >= tcp.deadline() {
            tcp.sweep(now, stats);
        } else if !tcp.has_work() {
            return;
        }
        tcp.accept(now, poll.registry(), stats);
        let frames = stats.tcp_frames_in;
        tcp.read(now, stats, |path, packet| core.handle_packet(now, path, packet));
        let brought = stats.tcp_frames_in != frames;
        self.drain(now);
        if brought {
            self.note_delay(now);
        }
    }

    /// One read from every client of TURN that is ready, and everything that comes of it.
    fn receive_relayed(&mut self) {
        let now = self.clock.now();
        let Self { sockets: Sockets { relays, stats, .. }, core, .. } = self;
        if now >= relays.deadline() {
            relays.sweep(now, stats);
        } else if !relays.has_work() {
            return;
        }
        let packets = stats.relay_packets_in;
        relays.read(now, stats, |path, packet| core.handle_packet(now, path, packet));
        let brought = stats.relay_packets_in != packets;
        self.drain(now);
        if brought {
            self.note_delay(now);
        }
    }

    /// Notes how long what came at this time was under way here.
    fn note_delay(&mut self, begin: Micros) {
        let delay = self.clock.now().since(begin);
        self.sockets.stats.forward_delay.record(delay);
    }

    /// Does all that the unit wants, until it wants nothing more.
    fn drain(&mut self, now: Micros) {
        self.sockets.patience = Patience::of_one_batch();
        loop {
            self.poll_core(now);
            let Sockets { tcp, relays, stats, .. } = &mut self.sockets;
            tcp.flush(now, stats);
            relays.flush(now, stats);
            let mut closed = false;
            while let Some(path) = tcp.next_gone().or_else(|| relays.next_gone()) {
                self.core.handle_closed(now, path);
                closed = true;
            }
            if !closed {
                return;
            }
        }
    }

    fn poll_core(&mut self, now: Micros) {
        let Self { core, sockets, backlog, .. } = self;
        loop {
            match core.poll_output(now) {
                Output::Transmit(transmits) => sockets.send(now, transmits),
                Output::Event(event) => backlog.tell(event),
                Output::Close(path) => sockets.close(now, &path),
                Output::Timeout(at) => {
                    self.core_deadline = at;
                    return;
                }
            }
        }
    }

    fn account(&mut self, work: Duration) {
        let stats = &mut self.sockets.stats;
        stats.turns += 1;
        stats.busy += work;
        let packets = stats.datagrams_in + stats.tcp_frames_in + stats.relay_packets_in;
        self.shared.publish_load(packets, stats.busy.as_micros() as u64);
    }

    fn stats(&mut self, now: Micros) -> ShardStats {
        let io = IoStats {
            gso: self.sockets.udp.iter().all(UdpEndpoint::gso),
            tcp_connections: self.sockets.tcp.len(),
            relays: self.sockets.relays.len(),
            events_waiting: self.backlog.len(),
            events_merged: self.backlog.merged(),
            ..self.sockets.stats.clone()
        };
        ShardStats { shard: self.index, sfu: self.core.stats(now), io }
    }

    /// Does what was asked before the stop, and sends what comes of it.
    fn finish(mut self, events: &mut Events) -> io::Result<()> {
        let begin = self.clock.now();
        while let Ok(request) = self.mailbox.try_recv() {
            self.handle_request(begin, request);
        }
        self.drain(begin);
        let mut now = begin;
        while self.sockets.has_queue() && now.since(begin) < Self::LINGER {
            self.wait(events, Some(Self::LINGER.saturating_sub(now.since(begin))))?;
            now = self.clock.now();
            self.drain(now);
        }
        self.backlog.flush();
        Ok(())
    }
}

impl Sockets {
    fn close(&mut self, now: Micros, path: &Path) {
        if path.carrier == Carrier::Tcp {
            self.tcp.close(now, path, &mut self.stats);
        }
    }
}
