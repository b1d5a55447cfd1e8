//! `str0m` as a client: sans-IO, driven here over one UDP socket, or over TCP with the framing of RFC 4571.

use super::{house::PATIENCE, pattern::Source, seen::Seen};
use std::{net::SocketAddr, time::Instant};
use str0m::{
    Candidate, Event, IceConnectionState, Input, Output, Rtc,
    change::{SdpAnswer, SdpPendingOffer},
    format::Codec,
    media::{Direction, MediaKind, Mid, Pt, Rid, Simulcast, SimulcastLayer},
    net::{Protocol, Receive, TcpType},
    rtp::RtpWrite,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpStream, UdpSocket},
    sync::{mpsc, watch},
    time::{MissedTickBehavior, interval, sleep_until, timeout},
};

/// A media section of the offer.
#[derive(Debug, Clone, Copy)]
pub enum Section {
    /// Sends VP8 in these encodings, or in one where none is named.
    Camera(&'static [&'static str]),
    /// Sends Opus.
    Microphone,
    /// Receives.
    Slot(MediaKind),
}

/// A client that has offered.
pub struct Offered {
    client: Client,
    pending: SdpPendingOffer,
    udp: Option<UdpSocket>,
    /// The offer.
    pub sdp: String,
    /// The mids of the sections, in their order.
    pub mids: Vec<String>,
}

impl Offered {
    /// Offers these sections over UDP. `sender` marks its media.
    pub async fn udp(sender: u8, sections: &[Section]) -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").await.expect("a port");
        let local = socket.local_addr().expect("an address");
        let mut rtc = rtc();
        rtc.add_local_candidate(Candidate::host(local, "udp").expect("a candidate"));
        Self::new(rtc, Some(socket), sender, sections)
    }

    /// Offers these sections without a candidate: an active TCP one comes with the answer.
    pub fn tcp(sender: u8, sections: &[Section]) -> Self {
        Self::new(rtc(), None, sender, sections)
    }

    fn new(mut rtc: Rtc, udp: Option<UdpSocket>, sender: u8, sections: &[Section]) -> Self {
        let codec = |codec: Codec| {
            let params = rtc.codec_config().find(|params| params.spec().codec == codec).expect("a codec");
            (params.pt(), params.resend())
        };
        let (opus, vp8) = (codec(Codec::Opus), codec(Codec::Vp8));
        let mut sources = Vec::new();
        let mut changes = rtc.sdp_api();
        let mids = sections.iter().map(|section| match *section {
            Section::Camera(rids) => {
                let send: Vec<_> = rids.iter().map(|rid| SimulcastLayer::new(rid)).collect();
                let simulcast = (!send.is_empty()).then_some(Simulcast { send, recv: vec![] });
                let mid = changes.add_media(MediaKind::Video, Direction::SendOnly, None, None, simulcast);
                let rids = rids.iter().map(|rid| Some(Rid::from(*rid)));
                let rids = if rids.len() == 0 { vec![None] } else { rids.collect() };
                sources.extend(rids.into_iter().zip(0..).map(|(rid, encoding)| Sending {
                    mid,
                    rid,
                    pt: vp8.0,
                    source: Source::camera(sender, encoding),
                }));
                mid
            }
            Section::Microphone => {
                let mid = changes.add_media(MediaKind::Audio, Direction::SendOnly, None, None, None);
                sources.push(Sending { mid, rid: None, pt: opus.0, source: Source::microphone(sender) });
                mid
            }
            Section::Slot(kind) => changes.add_media(kind, Direction::RecvOnly, None, None, None),
        });
        let mids = mids.map(|mid| mid.to_string()).collect();
        let (offer, pending) = changes.apply().expect("an offer");
        let client = Client {
            rtc,
            sending: sources,
            video: (*vp8.0, vp8.1.map(|pt| *pt)),
            lose_in: 0,
            lose_out: 0,
            seen: watch::Sender::new(Seen::default()),
        };
        Self { client, pending, udp, sdp: offer.to_sdp_string(), mids }
    }

    /// Accepts the answer, and runs from now on.
    pub async fn accept(mut self, answer: &str) -> Peer {
        accept(&mut self.client.rtc, self.pending, answer);
        let wire = match self.udp {
            Some(socket) => {
                let local = socket.local_addr().expect("an address");
                Wire::Udp { socket, local, buffer: vec![0; 2048] }
            }
            None => {
                let remote = passive_candidate(answer);
                let stream = TcpStream::connect(remote).await.expect("a TCP connection");
                let local = stream.local_addr().expect("an address");
                let candidate = Candidate::builder().tcp().host(local).tcptype(TcpType::Active).build();
                self.client.rtc.add_local_candidate(candidate.expect("a candidate"));
                Wire::Tcp { stream, local, remote, buffer: Vec::new() }
            }
        };
        let seen = self.client.seen.subscribe();
        let (orders, receiver) = mpsc::unbounded_channel();
        tokio::spawn(self.client.run(wire, receiver));
        Peer { seen, orders }
    }
}

fn rtc() -> Rtc {
    Rtc::builder().set_rtp_mode(true).build(Instant::now())
}

fn accept(rtc: &mut Rtc, pending: SdpPendingOffer, answer: &str) {
    let answer = SdpAnswer::from_sdp_string(answer).expect("a session description");
    rtc.sdp_api().accept_answer(pending, answer).expect("an answer to the offer");
}

/// The address of the server's passive TCP candidate (RFC 6544 §4.5).
fn passive_candidate(sdp: &str) -> SocketAddr {
    let line = sdp.lines().find(|line| line.contains("tcptype passive")).expect("a passive TCP candidate");
    let mut words = line.split(' ').skip(4);
    let (address, port) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    format!("{address}:{port}").parse().expect("an address")
}

type Order = Box<dyn FnOnce(&mut Client) + Send>;

/// A running client. It ends when this is dropped.
pub struct Peer {
    seen: watch::Receiver<Seen>,
    orders: mpsc::UnboundedSender<Order>,
}

impl Peer {
    /// Waits until something was seen.
    #[track_caller]
    pub fn until(&self, what: &str, pick: impl FnMut(&Seen) -> bool) -> impl Future<Output = ()> {
        super::seen::until(self.seen.clone(), what, pick)
    }

    /// Looks at what was seen.
    pub fn seen<T>(&self, look: impl FnOnce(&Seen) -> T) -> T {
        look(&self.seen.borrow())
    }

    /// Has the client do something.
    pub async fn ask<T: Send + 'static>(&self, order: impl FnOnce(&mut Client) -> T + Send + 'static) -> T {
        let (reply, answer) = tokio::sync::oneshot::channel();
        let order = move |client: &mut Client| drop(reply.send(order(client)));
        assert!(self.orders.send(Box::new(order)).is_ok(), "the client runs");
        timeout(PATIENCE, answer).await.expect("in time").expect("the client runs")
    }
}

struct Sending {
    mid: Mid,
    rid: Option<Rid>,
    pt: Pt,
    source: Source,
}

/// The client itself, in its task.
pub struct Client {
    rtc: Rtc,
    sending: Vec<Sending>,
    /// Payload types of VP8 and of its retransmissions.
    video: (u8, Option<u8>),
    /// So many packets of video are thrown away as they come in.
    pub lose_in: usize,
    /// So many packets of video are thrown away instead of sent.
    pub lose_out: usize,
    seen: watch::Sender<Seen>,
}

impl Client {
    /// Begins an ICE restart: the new offer, and what accepts its answer.
    pub fn restart(&mut self) -> (String, SdpPendingOffer) {
        let mut changes = self.rtc.sdp_api();
        changes.ice_restart(true);
        let (offer, pending) = changes.apply().expect("an offer");
        (offer.to_sdp_string(), pending)
    }

    /// Accepts the answer to [`Self::restart`].
    pub fn restarted(&mut self, pending: SdpPendingOffer, answer: &str) {
        accept(&mut self.rtc, pending, answer);
    }

    /// Asks for a key frame in a slot.
    pub fn request_key_frame(&mut self, mid: &str) {
        let mut direct = self.rtc.direct_api();
        let stream = direct.stream_rx_by_mid(Mid::from(mid), None).expect("a stream");
        stream.request_keyframe(str0m::media::KeyframeRequestKind::Pli);
    }

    async fn run(mut self, mut wire: Wire, mut orders: mpsc::UnboundedReceiver<Order>) {
        let mut frames = interval(std::time::Duration::from_millis(10));
        frames.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let Some(due) = self.drain(&mut wire).await else { return };
            let connected = self.seen.borrow().connected;
            tokio::select! {
                datagram = wire.receive() => match datagram {
                    Some((proto, source, destination, datagram)) => {
                        self.take(proto, source, destination, &datagram);
                    }
                    None => return,
                },
                () = sleep_until(due.into()) => {
                    self.rtc.handle_input(Input::Timeout(Instant::now())).expect("time passes");
                }
                _ = frames.tick(), if connected => self.publish(),
                order = orders.recv() => match order {
                    Some(order) => order(&mut self),
                    None => return,
                },
            }
        }
    }

    /// Everything that is to go out; when to come back, or `None` at the end.
    async fn drain(&mut self, wire: &mut Wire) -> Option<Instant> {
        loop {
            match self.rtc.poll_output().ok()? {
                Output::Timeout(due) => return Some(due),
                Output::Transmit(transmit) => {
                    if !self.loses_out(&transmit.contents) {
                        wire.send(transmit.destination, &transmit.contents).await?;
                    }
                }
                Output::Event(event) => self.note(event),
            }
        }
    }

    fn note(&mut self, event: Event) {
        match event {
            Event::Connected => self.seen.send_modify(|seen| seen.connected = true),
            Event::IceConnectionStateChange(
                IceConnectionState::Connected | IceConnectionState::Completed,
            ) => {
                self.seen.send_modify(|seen| seen.ice_connections += 1);
            }
            Event::KeyframeRequest(request) => {
                let asked = |sending: &&mut Sending| (sending.mid, sending.rid) == (request.mid, request.rid);
                if let Some(sending) = self.sending.iter_mut().find(asked) {
                    sending.source.refresh();
                }
                let rid = request.rid.map(|rid| rid.to_string()).unwrap_or_default();
                self.seen.send_modify(|seen| seen.key_frame_requests.push(rid));
            }
            Event::RtpPacket(packet) => {
                let Some(mid) = self.rtc.direct_api().stream_rx(&packet.header.ssrc).map(|s| s.mid()) else {
                    return;
                };
                let video = self.rtc.media(mid).is_some_and(|media| media.kind() == MediaKind::Video);
                let header = &packet.header;
                self.seen.send_modify(|seen| {
                    let media = seen.media.entry(mid.to_string()).or_default();
                    media.take(video, *packet.seq_no as u16, header.timestamp, &packet.payload);
                });
            }
            _ => {}
        }
    }

    fn take(&mut self, proto: Protocol, source: SocketAddr, destination: SocketAddr, datagram: &[u8]) {
        match payload_type(datagram) {
            Some(pt) if pt == self.video.0 && self.lose_in > 0 => {
                self.lose_in -= 1;
                return self.seen.send_modify(|seen| seen.lost += 1);
            }
            Some(pt) if Some(pt) == self.video.1 => {
                self.seen.send_modify(|seen| seen.retransmissions_in += 1)
            }
            _ => {}
        }
        let receive = Receive::new(proto, source, destination, datagram).expect("a datagram of a known kind");
        self.rtc.handle_input(Input::Receive(Instant::now(), receive)).expect("a good datagram");
    }

    fn loses_out(&mut self, datagram: &[u8]) -> bool {
        match payload_type(datagram) {
            Some(pt) if pt == self.video.0 && self.lose_out > 0 => {
                self.lose_out -= 1;
                self.seen.send_modify(|seen| seen.lost += 1);
                true
            }
            Some(pt) if Some(pt) == self.video.1 => {
                self.seen.send_modify(|seen| seen.retransmissions_out += 1);
                false
            }
            _ => false,
        }
    }

    fn publish(&mut self) {
        let now = Instant::now();
        for Sending { mid, rid, pt, source } in &mut self.sending {
            let mut direct = self.rtc.direct_api();
            let Some(stream) = direct.stream_tx_by_mid(*mid, *rid) else { continue };
            for packet in source.next() {
                let write = RtpWrite::new(*pt, packet.number.into(), packet.timestamp, now, packet.payload);
                stream.write_rtp(write.marker(packet.marker).nackable(true));
            }
        }
    }
}

/// The payload type of an RTP packet, `None` for anything else (RFC 5761 §4, RFC 7983 §7).
fn payload_type(datagram: &[u8]) -> Option<u8> {
    match datagram {
        [128..=191, second, ..] if !(192..=223).contains(second) => Some(second & 0x7f),
        _ => None,
    }
}

enum Wire {
    Udp { socket: UdpSocket, local: SocketAddr, buffer: Vec<u8> },
    Tcp { stream: TcpStream, local: SocketAddr, remote: SocketAddr, buffer: Vec<u8> },
}

impl Wire {
    /// The next datagram: protocol, source, destination, contents; `None` when the connection was closed.
    async fn receive(&mut self) -> Option<(Protocol, SocketAddr, SocketAddr, Vec<u8>)> {
        match self {
            Self::Udp { socket, local, buffer } => loop {
                // An unreachable port is told by an error on the next call, and does not matter.
                if let Ok((length, source)) = socket.recv_from(buffer).await {
                    return Some((Protocol::Udp, source, *local, buffer.get(..length)?.to_vec()));
                }
            },
            Self::Tcp { stream, local, remote, buffer } => loop {
                if let Some((length, rest)) = buffer.split_first_chunk() {
                    let length = usize::from(u16::from_be_bytes(*length));
                    if let Some(frame) = rest.get(..length) {
                        let frame = frame.to_vec();
                        buffer.drain(..2 + length);
                        return Some((Protocol::Tcp, *remote, *local, frame));
                    }
                }
                if stream.read_buf(buffer).await.ok()? == 0 {
                    return None;
                }
            },
        }
    }

    async fn send(&mut self, to: SocketAddr, datagram: &[u8]) -> Option<()> {
        match self {
            Self::Udp { socket, .. } => {
                let _ = socket.send_to(datagram, to).await;
            }
            Self::Tcp { stream, .. } => {
                let mut frame = u16::try_from(datagram.len()).ok()?.to_be_bytes().to_vec();
                frame.extend(datagram);
                stream.write_all(&frame).await.ok()?;
            }
        }
        Some(())
    }
}
