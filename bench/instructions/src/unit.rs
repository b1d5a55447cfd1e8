//! Workloads through the whole unit: what comes in at one end and goes out at the other.

use super::parameters::RECEIVED;
use super::{
    camera::{Camera, FRAME, INTERVAL, PAYLOAD, SMALL},
    hall::{Hall, Peer},
    task::Task,
};
use std::{error::Error, hint::black_box};
use viva_media::{Path, Ssrc};
use viva_sfu::{Dropped, Totals, Transmit};
use viva_wire::rtcp::Writer;

/// Receivers of one publication.
const RECEIVERS: usize = 100;

/// Frames after which a publication's cache has grown to its bounds.
const FULL: usize = 120;

/// Frames to receivers until they have had their first report, half a second after they came.
const WARM: usize = 20;

/// Steps between two frames in which time passes while receivers tell of their lines: probes go out evenly.
const STEPS: u64 = 16;

/// What a line is known to carry, in bit/s, before it is counted: so much that nothing is probed for.
const CARRIED: u64 = 2_900_000;

/// Frames until that is known, at most.
const PATIENCE: usize = 150;

/// Between two key frames until then.
const KEY_FRAMES: usize = 10;

/// Frames of which one feedback tells: thirty packets.
const TOLD: usize = 5;

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
    path: Path,
    requests: Vec<Vec<u8>>,
    retransmitted: u64,
}

/// A hundred receivers tell when thirty packets came.
pub struct Feedback {
    studio: Studio,
    feedback: Vec<(Path, Vec<u8>)>,
    before: Totals,
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
        Ok(Self(Show::new(Studio::with_receivers(RECEIVERS, PAYLOAD)?, rounds)?))
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
        Ok(Self(Forward(Show::new(Studio::with_receivers(RECEIVERS, SMALL)?, rounds)?)))
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
        let mut studio = Studio::with_receivers(1, PAYLOAD)?;
        let numbers =
            (0..=rounds).map(|_| number_of(studio.send(false)?.as_deref())).collect::<Result<Vec<_>, _>>()?;
        let receiver = studio.receivers.first_mut().ok_or("nobody watches")?;
        // The first request gives the stream that asks its place.
        let mut requests =
            numbers.into_iter().map(|number| receiver.ask_for(number)).collect::<Result<Vec<_>, _>>()?;
        let path = receiver.path;
        studio.hall.deliver(path, &mut requests[..1], &mut |_| {});
        requests.remove(0);
        let retransmitted = studio.hall.totals().retransmitted;
        Ok(Self { studio, path, requests, retransmitted })
    }

    fn run(&mut self) {
        for request in self.requests.chunks_mut(1) {
            // So little time that no report is due, and so much that the share of the line is not used up.
            self.studio.hall.pass(3000);
            self.studio.hall.deliver(self.path, request, &mut look);
        }
    }

    fn done(&mut self) -> Result<u64, Box<dyn Error>> {
        expect(self.studio.hall.totals().retransmitted - self.retransmitted, self.requests.len())
    }
}

impl Task for Feedback {
    fn new(rounds: u32) -> Result<Self, Box<dyn Error>> {
        let mut studio = Studio::with_receivers(RECEIVERS, PAYLOAD)?;
        let mut feedback = Vec::new();
        for _ in 0..rounds {
            for _ in 0..TOLD {
                studio.send_untold(false)?;
            }
            let (now, receivers) = (studio.hall.now(), &mut studio.receivers);
            for receiver in receivers {
                let packet = receiver.feedback(now)?.ok_or("no feedback is due")?;
                feedback.push((receiver.path, packet));
            }
        }
        let before = studio.hall.totals();
        Ok(Self { studio, feedback, before })
    }

    fn run(&mut self) {
        for (path, packet) in &mut self.feedback {
            self.studio.hall.deliver(*path, std::slice::from_mut(packet), &mut look);
        }
    }

    fn done(&mut self) -> Result<u64, Box<dyn Error>> {
        let totals = self.studio.hall.totals();
        if totals.dropped != self.before.dropped {
            return Err("feedback was dropped".into());
        }
        expect(totals.packets_in - self.before.packets_in, self.feedback.len())
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

/// A publisher with its camera, and those who watch it.
struct Studio {
    hall: Hall,
    publisher: Peer,
    camera: Camera,
    receivers: Vec<Peer>,
}

impl Studio {
    fn new(payload: usize) -> Result<Self, Box<dyn Error>> {
        let mut hall = Hall::new()?;
        let publisher = hall.publisher()?;
        let mut studio = Self { hall, publisher, camera: Camera::new(payload), receivers: Vec::new() };
        for _ in 0..FULL {
            studio.send_untold(false)?;
        }
        Ok(studio)
    }

    /// As many receivers as are wanted, whose lines are known, and who have got a key frame and their first report.
    fn with_receivers(receivers: usize, payload: usize) -> Result<Self, Box<dyn Error>> {
        let mut studio = Self::new(payload)?;
        studio.receivers =
            (1..=receivers).map(|index| studio.hall.receiver(index)).collect::<Result<_, _>>()?;
        let mut frames = 0;
        while studio.hall.least_estimate(&studio.receivers).is_none_or(|least| least < CARRIED) {
            if frames == PATIENCE {
                return Err("the lines do not become known".into());
            }
            studio.send(frames % KEY_FRAMES == 0)?;
            frames += 1;
        }
        studio.send(true)?;
        for _ in 0..WARM {
            studio.send(false)?;
        }
        Ok(studio)
    }

    /// Sends a frame after everybody has told of what came before; returns the last packet of media that it brought about.
    fn send(&mut self, key: bool) -> Result<Option<Vec<u8>>, Box<dyn Error>> {
        for _ in 0..STEPS {
            self.hall.pass(INTERVAL / STEPS);
            self.hall.deliver_heard(self.publisher.path, &mut [], &mut self.receivers);
            self.hall.hear_from(&mut self.receivers)?;
        }
        self.shoot(key)
    }

    /// Sends a frame of which nobody tells yet.
    fn send_untold(&mut self, key: bool) -> Result<Option<Vec<u8>>, Box<dyn Error>> {
        self.hall.pass(INTERVAL);
        self.shoot(key)
    }

    fn shoot(&mut self, key: bool) -> Result<Option<Vec<u8>>, Box<dyn Error>> {
        let mut frame = self.camera.frame(&self.publisher.outbound, key)?;
        Ok(self.hall.deliver_heard(self.publisher.path, &mut frame, &mut self.receivers))
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

/// The sequence number of a packet of media.
fn number_of(packet: Option<&[u8]>) -> Result<u16, Box<dyn Error>> {
    match packet.and_then(<[u8]>::first_chunk) {
        Some(&[_, _, high, low]) => Ok(u16::from_be_bytes([high, low])),
        None => Err("the receiver was sent nothing".into()),
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
