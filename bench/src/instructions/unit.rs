//! Workloads through the whole unit: what comes in at one end and goes out at the other.

use super::parameters::RECEIVED;
use super::{
    camera::{Camera, FRAME, INTERVAL, PAYLOAD, SMALL},
    hall::{Hall, Peer},
    workload::Task,
};
use std::{error::Error, hint::black_box};
use viva_media::Ssrc;
use viva_sfu::{Dropped, Totals, Transmit};
use viva_wire::rtcp::Writer;

/// Receivers of one publication.
const RECEIVERS: usize = 100;

/// Frames after which a publication's cache has grown to its bounds.
const FULL: usize = 120;

/// Frames to receivers until they have had their first report, half a second after they came.
const WARM: usize = 20;

/// Checks after which the memory of transactions has grown to its bounds.
const TRANSACTIONS: u32 = 200;

/// A publisher whom nobody watches; its packets are opened, kept and reported all the same.
pub struct Receive(Show);

/// A publisher with a hundred receivers: the whole journey.
pub struct Forward(Show);

/// The same with small packets.
pub struct ForwardSmall(Forward);

/// A receiver asks for a packet again, and gets it.
pub struct Nack {
    studio: Studio,
    receiver: Peer,
    requests: Vec<Vec<u8>>,
    retransmitted: u64,
}

/// A connectivity check is answered.
pub struct Stun {
    studio: Studio,
    checks: Vec<Vec<u8>>,
    sent: u64,
}

impl Task for Receive {
    fn new(rounds: u32) -> Result<Self, Box<dyn Error>> {
        Ok(Self(Show::new(Studio::new(PAYLOAD)?, rounds)?))
    }

    fn run(&mut self) {
        self.0.run();
    }

    fn done(&mut self) -> Result<u64, Box<dyn Error>> {
        let unwatched = |totals: &Totals| totals.dropped[Dropped::NoReceiver as usize];
        let packets = self.0.frames.len() * FRAME;
        expect(unwatched(&self.0.studio.hall.totals()) - unwatched(&self.0.before), packets)
    }
}

impl Task for Forward {
    fn new(rounds: u32) -> Result<Self, Box<dyn Error>> {
        Ok(Self(Show::new(Studio::with_receivers(RECEIVERS, PAYLOAD)?.0, rounds)?))
    }

    fn run(&mut self) {
        self.0.run();
    }

    fn done(&mut self) -> Result<u64, Box<dyn Error>> {
        let packets = self.0.frames.len() * FRAME * RECEIVERS;
        expect(self.0.studio.hall.totals().forwarded - self.0.before.forwarded, packets)
    }
}

impl Task for ForwardSmall {
    fn new(rounds: u32) -> Result<Self, Box<dyn Error>> {
        Ok(Self(Forward(Show::new(Studio::with_receivers(RECEIVERS, SMALL)?.0, rounds)?)))
    }

    fn run(&mut self) {
        self.0.run();
    }

    fn done(&mut self) -> Result<u64, Box<dyn Error>> {
        self.0.done()
    }
}

impl Task for Nack {
    fn new(rounds: u32) -> Result<Self, Box<dyn Error>> {
        let (mut studio, mut receivers) = Studio::with_receivers(1, PAYLOAD)?;
        let mut receiver = receivers.pop().ok_or("nobody watches")?;
        // The first request gives the stream that asks its place.
        let mut requests = (0..=rounds)
            .map(|_| receiver.ask_for(number_of(&studio.send(false)?)?))
            .collect::<Result<Vec<_>, _>>()?;
        studio.hall.deliver(receiver.path, &mut requests[..1], &mut |_| {});
        requests.remove(0);
        let retransmitted = studio.hall.totals().retransmitted;
        Ok(Self { studio, receiver, requests, retransmitted })
    }

    fn run(&mut self) {
        for request in self.requests.chunks_mut(1) {
            // So little time that no report is due.
            self.studio.hall.pass(1000);
            self.studio.hall.deliver(self.receiver.path, request, &mut look);
        }
    }

    fn done(&mut self) -> Result<u64, Box<dyn Error>> {
        expect(self.studio.hall.totals().retransmitted - self.retransmitted, self.requests.len())
    }
}

impl Task for Stun {
    fn new(rounds: u32) -> Result<Self, Box<dyn Error>> {
        let mut studio = Studio::new(PAYLOAD)?;
        let mut checks = (0..rounds + TRANSACTIONS).map(|_| studio.publisher.check()).collect::<Vec<_>>();
        let measured = checks.split_off(TRANSACTIONS as usize);
        studio.hall.deliver(studio.publisher.path, &mut checks, &mut |_| {});
        let sent = studio.hall.totals().packets_out;
        Ok(Self { studio, checks: measured, sent })
    }

    fn run(&mut self) {
        for check in self.checks.chunks_mut(1) {
            self.studio.hall.deliver(self.studio.publisher.path, check, &mut look);
        }
    }

    fn done(&mut self) -> Result<u64, Box<dyn Error>> {
        expect(self.studio.hall.totals().packets_out - self.sent, self.checks.len())
    }
}

/// A publisher with its camera.
struct Studio {
    hall: Hall,
    publisher: Peer,
    camera: Camera,
}

impl Studio {
    fn new(payload: usize) -> Result<Self, Box<dyn Error>> {
        let mut hall = Hall::new()?;
        let publisher = hall.publisher()?;
        let mut studio = Self { hall, publisher, camera: Camera::new(payload) };
        for _ in 0..FULL {
            studio.send(false)?;
        }
        Ok(studio)
    }

    /// As many receivers as are wanted, who have got a key frame and their first report.
    fn with_receivers(receivers: usize, payload: usize) -> Result<(Self, Vec<Peer>), Box<dyn Error>> {
        let mut studio = Self::new(payload)?;
        let peers = (1..=receivers).map(|index| studio.hall.receiver(index)).collect::<Result<_, _>>()?;
        studio.send(true)?;
        for _ in 0..WARM {
            studio.send(false)?;
        }
        Ok((studio, peers))
    }

    /// Sends a frame; returns the last message that the unit sends for it.
    fn send(&mut self, key: bool) -> Result<Vec<u8>, Box<dyn Error>> {
        let mut frame = self.camera.frame(&self.publisher.outbound, key)?;
        let mut last = Vec::new();
        self.hall.pass(INTERVAL);
        self.hall.deliver(self.publisher.path, &mut frame, &mut |transmit| {
            last.clear();
            last.extend_from_slice(transmit.bytes);
        });
        Ok(last)
    }
}

/// Frames that are to be sent while it is counted.
struct Show {
    studio: Studio,
    frames: Vec<Vec<Vec<u8>>>,
    before: Totals,
}

impl Show {
    fn new(mut studio: Studio, frames: u32) -> Result<Self, Box<dyn Error>> {
        let outbound = &studio.publisher.outbound;
        let frames =
            (0..frames).map(|_| studio.camera.frame(outbound, false)).collect::<Result<Vec<_>, _>>()?;
        let before = studio.hall.totals();
        Ok(Self { studio, frames, before })
    }

    fn run(&mut self) {
        for frame in &mut self.frames {
            self.studio.hall.pass(INTERVAL);
            self.studio.hall.deliver(self.studio.publisher.path, frame, &mut look);
        }
    }
}

impl Peer {
    /// A request for one packet of what it receives, sealed.
    fn ask_for(&mut self, sequence: u16) -> Result<Vec<u8>, Box<dyn Error>> {
        let mut packet = vec![0; 200];
        let mut writer = Writer::new(&mut packet);
        writer.nack(Ssrc(1), RECEIVED, &[sequence]);
        let length = writer.len();
        let sealed = self.outbound.protect_rtcp(&mut packet, length)?;
        packet.truncate(sealed);
        Ok(packet)
    }
}

/// The sequence number of the first packet of a message to the only receiver.
fn number_of(message: &[u8]) -> Result<u16, Box<dyn Error>> {
    match message.first_chunk() {
        Some(&[_, _, high, low, _, _, _, _, s0, s1, s2, s3])
            if Ssrc(u32::from_be_bytes([s0, s1, s2, s3])) == RECEIVED =>
        {
            Ok(u16::from_be_bytes([high, low]))
        }
        _ => Err("the receiver was sent nothing".into()),
    }
}

/// Where a driver would send.
fn look(transmit: &Transmit<'_>) {
    black_box(transmit.bytes);
}

/// So many operations, and no others.
pub fn expect(done: u64, due: usize) -> Result<u64, Box<dyn Error>> {
    if done == due as u64 { Ok(done) } else { Err(format!("{done} done instead of {due}").into()) }
}
