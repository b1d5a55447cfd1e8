//! One publisher, many receivers: CPU of the shard's thread for each packet that it forwards.

use crate::{
    client::{Client, Peer, fingerprint},
    cpu, floor,
    parameters::{self, PUBLICATION, PUBLISHED, VP8, credentials, mid},
};
use clap::Args;
use dimpl::{DtlsCertificate, certificate::generate_self_signed_certificate};
use std::{
    error::Error,
    fmt,
    net::{IpAddr, Ipv4Addr},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
    time::Duration,
};
use viva_media::{Audience, Extension, ParticipantId, Permissions, Protocol, RoomId, TransportParameters};
use viva_sfu::{
    Command, View, demux,
    rtp::{Fields, HeaderWriter},
};
use viva_sfu_io::{MediaPlane, Settings, Shard};

/// What to measure.
#[derive(Args)]
pub struct Options {
    /// Receivers of the one publication.
    #[arg(long, default_value_t = 100)]
    receivers: usize,
    /// Packets of a frame.
    #[arg(long, default_value_t = 6)]
    frame: usize,
    /// Bytes of a packet's payload.
    #[arg(long, default_value_t = 1100)]
    payload: usize,
    /// Frames to send.
    #[arg(long, default_value_t = 500)]
    frames: usize,
    /// Frames a second.
    #[arg(long, default_value_t = 60)]
    rate: u64,
    /// Send every packet by a system call of its own, without segmentation offload.
    #[arg(long)]
    no_gso: bool,
}

/// What was measured.
pub struct Report {
    receivers: usize,
    packets: u64,
    received: u64,
    lost: u64,
    run_length: f64,
    wire_size: usize,
    forward: Duration,
    floor: Duration,
    profile: &'static str,
}

/// The only room.
const ROOM: RoomId = RoomId(1);

/// Measures.
pub fn run(options: &Options) -> Result<Report, Box<dyn Error>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut settings = Settings::new(generate_self_signed_certificate()?, 7);
    settings.shards = 1;
    settings.bind = vec![IpAddr::V4(Ipv4Addr::LOCALHOST)];
    settings.gso = !options.no_gso;
    let (plane, mut events) = MediaPlane::start(&settings)?;
    runtime.spawn(async move { while events.recv().await.is_some() {} });
    let shard = plane.place(ROOM)?;
    let publisher = connect(&runtime, &shard, 0)?;
    let receivers = (1..=options.receivers)
        .map(|index| connect(&runtime, &shard, index))
        .collect::<Result<Vec<_>, _>>()?;
    let report = measure(options, &runtime, &shard, &publisher, receivers)?;
    runtime.block_on(plane.shutdown(Duration::from_secs(1)));
    Ok(report)
}

fn connect(runtime: &tokio::runtime::Runtime, shard: &Shard, index: usize) -> Result<Client, Box<dyn Error>> {
    let certificate: DtlsCertificate = generate_self_signed_certificate()?;
    let (local, remote) = (credentials("client", index), credentials("unit", index));
    let participant = ParticipantId(index as u64);
    let transport = TransportParameters {
        local: remote.clone(),
        remote: local.clone(),
        fingerprint: fingerprint(&certificate),
    };
    let permissions = Permissions { publish: index == 0, subscribe: true };
    let media = if index == 0 { parameters::publisher() } else { parameters::receiver() };
    let view = Some(View { publication: PUBLICATION, height: 720 });
    runtime.block_on(async {
        shard.command(Command::Join { room: ROOM, participant, permissions, transport }).await?;
        shard.command(Command::Negotiate { participant, media }).await?;
        if index == 0 {
            shard.command(Command::Admit { publication: PUBLICATION, audience: Audience::Everyone }).await
        } else {
            shard.command(Command::View { participant, mid: mid(), view }).await
        }
    })?;
    let server = shard
        .candidates()
        .iter()
        .find(|candidate| candidate.protocol == Protocol::Udp)
        .ok_or("the shard has no UDP address")?
        .address;
    Client::connect(Peer { server, local, remote, certificate: &certificate })
}

fn measure(
    options: &Options,
    runtime: &tokio::runtime::Runtime,
    shard: &Shard,
    publisher: &Client,
    receivers: Vec<Client>,
) -> Result<Report, Box<dyn Error>> {
    let addresses =
        receivers.iter().map(|client| client.socket.local_addr()).collect::<Result<Vec<_>, _>>()?;
    let profile = publisher.profile.name();
    let sink = Sink::start(receivers)?;
    let mut camera = Camera::new(publisher, options);
    // The first frames bring the slots to life and warm the caches.
    for _ in 0..30 {
        camera.send_frame()?;
    }
    let wire_size = options.payload + 12 + 12 + 16;
    let packets = options.frames * options.frame * options.receivers;
    let before = floor::sendto(&addresses, wire_size, options.frame, packets.min(60_000))?;
    let thread = cpu::thread("viva-shard-0")?;
    let (stats, received, begin) = (runtime.block_on(shard.stats())?, sink.received(), cpu::time(thread)?);
    for _ in 0..options.frames {
        camera.send_frame()?;
    }
    thread::sleep(Duration::from_millis(100));
    let spent = cpu::time(thread)?.saturating_sub(begin);
    let now = runtime.block_on(shard.stats())?;
    let received = sink.received() - received;
    let after = floor::sendto(&addresses, wire_size, options.frame, packets.min(60_000))?;
    sink.stop();
    let forwarded = now.sfu.totals.forwarded - stats.sfu.totals.forwarded;
    let transmits = now.sfu.totals.transmits - stats.sfu.totals.transmits;
    Ok(Report {
        receivers: options.receivers,
        packets: forwarded,
        received,
        lost: forwarded.saturating_sub(received),
        run_length: forwarded as f64 / transmits.max(1) as f64,
        wire_size,
        forward: Duration::from_nanos(spent.as_nanos() as u64 / forwarded.max(1)),
        floor: (before + after) / 2,
        profile,
    })
}

/// Reads what receivers get, on a thread of its own, and counts it.
struct Sink {
    stop: Arc<AtomicBool>,
    received: Arc<AtomicU64>,
    thread: thread::JoinHandle<()>,
}

impl Sink {
    fn start(mut receivers: Vec<Client>) -> Result<Self, Box<dyn Error>> {
        let (stop, received) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
        for receiver in &receivers {
            receiver.socket.set_nonblocking(true)?;
        }
        let (stopped, count) = (Arc::clone(&stop), Arc::clone(&received));
        let thread = thread::spawn(move || {
            let mut buffer = [0; 2048];
            let mut rounds = 0u32;
            while !stopped.load(Ordering::Relaxed) {
                for receiver in &mut receivers {
                    count.fetch_add(drain(receiver, &mut buffer), Ordering::Relaxed);
                }
                rounds += 1;
                if rounds.is_multiple_of(1000) {
                    // Consent (RFC 7675); a failure shows as packets that do not come.
                    receivers.iter().for_each(|receiver| drop(receiver.check()));
                }
                thread::sleep(Duration::from_millis(1));
            }
        });
        Ok(Self { stop, received, thread })
    }

    fn received(&self) -> u64 {
        self.received.load(Ordering::Relaxed)
    }

    fn stop(self) {
        self.stop.store(true, Ordering::Relaxed);
        // The thread only counts; what it counted is known.
        drop(self.thread.join());
    }
}

/// Media packets that wait and whose seal holds; the floor's packets, which carry no RTP, do not count.
fn drain(receiver: &mut Client, buffer: &mut [u8]) -> u64 {
    let mut packets = 0;
    while let Ok(length) = receiver.socket.recv(buffer) {
        let packet = buffer.get_mut(..length).unwrap_or_default();
        let is_media = demux::classify(packet) == Some(demux::Kind::Rtp);
        packets += u64::from(is_media && receiver.inbound.unprotect_rtp(packet).is_ok());
    }
    packets
}

/// Sends frames of VP8 at an even pace.
struct Camera<'a> {
    client: &'a Client,
    options: &'a Options,
    sequence: u64,
    frame: u64,
}

impl<'a> Camera<'a> {
    fn new(client: &'a Client, options: &'a Options) -> Self {
        Self { client, options, sequence: 1, frame: 0 }
    }

    fn send_frame(&mut self) -> Result<(), Box<dyn Error>> {
        let map = parameters::extensions();
        for index in 0..self.options.frame {
            let mut packet = [0; 2048];
            let fields = Fields {
                pt: VP8,
                marker: index + 1 == self.options.frame,
                padding: false,
                sequence: self.sequence as u16,
                timestamp: (self.frame * 3000) as u32,
                ssrc: PUBLISHED,
            };
            let mut writer = HeaderWriter::new(&mut packet, &fields).ok_or("no room")?;
            if let Some(id) = map.id(Extension::TransportWideCc) {
                writer.element(id, &(self.sequence as u16).to_be_bytes()).ok_or("no room")?;
            }
            let header = writer.finish().ok_or("no room")?;
            // Payload descriptor with a 15-bit picture id (RFC 7741 §4.2); every frame is a key frame.
            let id = self.frame as u16 & 0x7fff;
            let start = if index == 0 { 0x90 } else { 0x80 };
            let descriptor =
                [start, 0x80, 0x80 | (id >> 8) as u8, id as u8, 0, 0, 0, 0x9d, 1, 0x2a, 0, 5, 0xd0, 2];
            // Chromium's packets of one frame differ by a byte.
            let payload = self.options.payload - index % 2;
            packet[header..header + descriptor.len()].copy_from_slice(&descriptor);
            let length = self
                .client
                .outbound
                .protect_rtp(self.sequence, header, &mut packet, header + payload)
                .map_err(|reason| format!("{reason:?}"))?;
            self.client.send(&packet[..length])?;
            self.sequence += 1;
        }
        self.frame += 1;
        if self.frame.is_multiple_of(60) {
            self.client.check()?;
        }
        thread::sleep(Duration::from_micros(1_000_000 / self.options.rate.max(1)));
        Ok(())
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (forward, floor) = (self.forward.as_nanos() as f64, self.floor.as_nanos() as f64);
        writeln!(f, "receivers                 {}", self.receivers)?;
        writeln!(f, "sealed with               {}", self.profile)?;
        writeln!(f, "bytes of a packet         {}", self.wire_size)?;
        writeln!(f, "packets forwarded         {}", self.packets)?;
        writeln!(f, "packets opened            {} ({} lost)", self.received, self.lost)?;
        writeln!(f, "packets a system call     {:.1}", self.run_length)?;
        writeln!(f, "CPU a forwarded packet    {forward:.0} ns")?;
        writeln!(f, "CPU of a plain sendto     {floor:.0} ns")?;
        write!(f, "ratio F                   {:.2}", forward / floor.max(1.0))
    }
}
