//! `webrtc` as a client: async, with tasks and interceptors of its own, and free to choose its SRTP profiles.

use super::{
    house::PATIENCE,
    pattern::{self, Source},
    seen::Seen,
};
use async_trait::async_trait;
use rtc::{
    interceptor::{Attribute, Interceptor, Packet, Slot, StreamInfo, TaggedPacket},
    media_stream::MediaStreamTrack,
    peer_connection::{
        certificate::RTCCertificate,
        configuration::{
            RTCConfigurationBuilder,
            media_engine::{MIME_TYPE_OPUS, MIME_TYPE_VP8},
        },
    },
    rtcp::payload_feedbacks::{
        full_intra_request::FullIntraRequest, picture_loss_indication::PictureLossIndication,
    },
    rtp_transceiver::rtp_sender::{
        RTCRtpCodec, RTCRtpCodingParameters, RTCRtpEncodingParameters, RtpCodecKind,
    },
    sansio::Protocol,
    shared::error::Error,
};
use std::{collections::VecDeque, sync::Arc, time::Instant};
use tokio::{
    sync::watch,
    task::{JoinHandle, JoinSet},
    time::{MissedTickBehavior, interval, timeout},
};
use webrtc::{
    media_stream::{
        track_local::{TrackLocal, TrackLocalEvent, static_rtp::TrackLocalStaticRTP},
        track_remote::{TrackRemote, TrackRemoteEvent},
    },
    peer_connection::{
        MediaEngine, PeerConnection, PeerConnectionBuilder, PeerConnectionEventHandler, RTCIceGatheringState,
        RTCPeerConnectionState, RTCSessionDescription, Registry, SettingEngineBuilder, SrtpProtectionProfile,
        StatsSelector, register_default_interceptors,
    },
    rtp_transceiver::{RTCRtpTransceiverDirection, RTCRtpTransceiverInit},
};

/// What a client is for.
#[derive(Debug, Clone, Copy)]
pub enum Purpose {
    /// Sends VP8 and Opus, marked with this sender.
    Send(u8),
    /// Receives picture and sound, in one slot each.
    Receive,
}

/// A client that has offered.
pub struct Offered {
    connection: Arc<dyn PeerConnection>,
    tracks: Vec<(Arc<TrackLocalStaticRTP>, Source, u8)>,
    seen: watch::Sender<Seen>,
    /// The offer.
    pub sdp: String,
}

impl Offered {
    /// Offers with these SRTP profiles, in the order of preference.
    pub async fn new(purpose: Purpose, profiles: &[SrtpProtectionProfile]) -> Self {
        Self::showing(purpose, profiles, Vec::new()).await
    }

    /// The same with a certificate of the caller's.
    pub async fn showing(
        purpose: Purpose,
        profiles: &[SrtpProtectionProfile],
        certificates: Vec<RTCCertificate>,
    ) -> Self {
        let configuration = RTCConfigurationBuilder::new().with_certificates(certificates).build();
        let mut engine = MediaEngine::default();
        engine.register_default_codecs().expect("codecs");
        let registry = register_default_interceptors(Registry::new(), &mut engine).expect("interceptors");
        let settings = SettingEngineBuilder::new().with_srtp_protection_profiles(profiles.to_vec()).build();
        let seen = watch::Sender::new(Seen::default());
        let gathered = watch::Sender::new(false);
        let mut complete = gathered.subscribe();
        let connection: Arc<dyn PeerConnection> = Arc::new(
            PeerConnectionBuilder::new()
                .with_configuration(configuration)
                .with_media_engine(engine)
                .with_setting_engine(settings)
                .with_interceptor_registry(registry.with(Slot::from(14_000), KeyFrameRequests::default()))
                .with_handler(Arc::new(Handler { seen: seen.clone(), gathered }))
                .with_udp_addrs(vec!["127.0.0.1:0"])
                .build()
                .await
                .expect("a peer connection"),
        );
        let mut tracks = Vec::new();
        match purpose {
            Purpose::Send(sender) => {
                for (track, source, pt) in [
                    (
                        track(RtpCodecKind::Audio, MIME_TYPE_OPUS, 0x5000 + u32::from(sender)),
                        Source::microphone(sender),
                        111,
                    ),
                    (
                        track(RtpCodecKind::Video, MIME_TYPE_VP8, 0x6000 + u32::from(sender)),
                        Source::camera(sender, 0),
                        96,
                    ),
                ] {
                    connection.add_track(track.clone()).await.expect("a track");
                    tracks.push((track, source, pt));
                }
            }
            Purpose::Receive => {
                for kind in [RtpCodecKind::Audio, RtpCodecKind::Video] {
                    let direction = RTCRtpTransceiverDirection::Recvonly;
                    let init = RTCRtpTransceiverInit { direction, ..Default::default() };
                    connection.add_transceiver_from_kind(kind, Some(init)).await.expect("a transceiver");
                }
            }
        }
        let offer = connection.create_offer(None).await.expect("an offer");
        connection.set_local_description(offer).await.expect("an offer of its own");
        let gathered = timeout(PATIENCE, complete.wait_for(|complete| *complete)).await;
        gathered.expect("candidates in time").expect("a running client");
        let sdp = connection.local_description().await.expect("an offer").sdp;
        Self { connection, tracks, seen, sdp }
    }

    /// Accepts the answer, and sends from the moment that it is connected.
    pub async fn accept(self, answer: &str) -> Peer {
        let answer = RTCSessionDescription::answer(answer.to_owned()).expect("a session description");
        self.connection.set_remote_description(answer).await.expect("an answer to the offer");
        let mut tasks = JoinSet::new();
        for (track, source, pt) in self.tracks {
            tasks.spawn(publish(track, source, pt, self.seen.clone()));
        }
        let all = tokio::spawn(async move { while tasks.join_next().await.is_some() {} });
        Peer { connection: self.connection, seen: self.seen.subscribe(), publishing: all }
    }
}

fn track(kind: RtpCodecKind, mime_type: &str, ssrc: u32) -> Arc<TrackLocalStaticRTP> {
    let (clock_rate, channels) = if kind == RtpCodecKind::Audio { (48_000, 2) } else { (90_000, 0) };
    let codec = RTCRtpCodec { mime_type: mime_type.to_owned(), clock_rate, channels, ..Default::default() };
    let rtp_coding_parameters = RTCRtpCodingParameters { ssrc: Some(ssrc), ..Default::default() };
    let encoding = RTCRtpEncodingParameters { rtp_coding_parameters, codec, ..Default::default() };
    let name = kind.to_string();
    Arc::new(TrackLocalStaticRTP::new(MediaStreamTrack::new(
        "interop".to_owned(),
        name.clone(),
        name,
        kind,
        vec![encoding],
    )))
}

/// Sends until the connection is closed, with a key frame for each request.
async fn publish(track: Arc<TrackLocalStaticRTP>, mut source: Source, pt: u8, seen: watch::Sender<Seen>) {
    let connected = timeout(PATIENCE, seen.subscribe().wait_for(|seen| seen.connected)).await.is_ok();
    assert!(connected, "the sender connects in time");
    let ssrc = webrtc::media_stream::Track::ssrcs(&*track).await.first().copied().expect("an SSRC");
    let mut frames = interval(std::time::Duration::from_millis(10));
    frames.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = frames.tick() => for packet in source.next() {
                let header = rtc::rtp::Header {
                    version: 2,
                    marker: packet.marker,
                    payload_type: pt,
                    sequence_number: packet.number as u16,
                    timestamp: packet.timestamp,
                    ssrc,
                    ..Default::default()
                };
                let packet = rtc::rtp::Packet { header, payload: packet.payload.into() };
                if track.write_rtp(packet).await.is_err() {
                    return;
                }
            },
            event = track.poll() => match event {
                Some(TrackLocalEvent::OnRtcpPacket(_)) => {
                    source.refresh();
                    seen.send_modify(|seen| seen.key_frame_requests.push(String::new()));
                }
                Some(_) => {}
                None => return,
            },
        }
    }
}

/// A running client.
pub struct Peer {
    connection: Arc<dyn PeerConnection>,
    seen: watch::Receiver<Seen>,
    publishing: JoinHandle<()>,
}

impl Peer {
    /// Waits until something was seen.
    pub fn until(&self, what: &str, pick: impl FnMut(&Seen) -> bool) -> impl Future<Output = ()> {
        super::seen::until(self.seen.clone(), what, pick)
    }

    /// Looks at what was seen. Sections are `audio` and `video` here.
    pub fn seen<T>(&self, look: impl FnOnce(&Seen) -> T) -> T {
        look(&self.seen.borrow())
    }

    /// The SRTP profile that was agreed upon, as the library names it.
    pub async fn cipher(&self) -> String {
        let report = self.connection.get_stats(Instant::now(), StatsSelector::None).await;
        report.transport().map(|transport| transport.srtp_cipher.clone()).unwrap_or_default()
    }

    /// Closes the connection and waits for the end of its tasks.
    pub async fn close(self) {
        self.publishing.abort();
        self.connection.close().await.expect("a closed connection");
    }
}

struct Handler {
    seen: watch::Sender<Seen>,
    gathered: watch::Sender<bool>,
}

#[async_trait]
impl PeerConnectionEventHandler for Handler {
    async fn on_ice_gathering_state_change(&self, state: RTCIceGatheringState) {
        if state == RTCIceGatheringState::Complete {
            self.gathered.send_replace(true);
        }
    }

    async fn on_connection_state_change(&self, state: RTCPeerConnectionState) {
        self.seen.send_modify(|seen| seen.connected = state == RTCPeerConnectionState::Connected);
    }

    async fn on_track(&self, track: Arc<dyn TrackRemote>) {
        let video = track.kind().await == RtpCodecKind::Video;
        tokio::spawn(receive(track, video, self.seen.clone()));
    }
}

async fn receive(track: Arc<dyn TrackRemote>, video: bool, seen: watch::Sender<Seen>) {
    let name = if video { "video" } else { "audio" };
    let mut begun = false;
    while let Some(event) = track.poll().await {
        match event {
            // The library loses what comes in one go with a track's first packet, so its programs ask for a key frame.
            TrackRemoteEvent::OnOpen(opened) if video => {
                let request = PictureLossIndication { sender_ssrc: 0, media_ssrc: opened.ssrc };
                let _ = track.write_rtcp(vec![Box::new(request)]).await;
            }
            TrackRemoteEvent::OnRtpPacket(packet) => {
                begun |=
                    pattern::read(video, &packet.payload).is_ok_and(|stamp| stamp.key && stamp.part == 0);
                if begun {
                    let (number, timestamp) = (packet.header.sequence_number, packet.header.timestamp);
                    seen.send_modify(|seen| {
                        let media = seen.media.entry(name.to_owned()).or_default();
                        media.take(video, number, timestamp, &packet.payload);
                    });
                }
            }
            _ => {}
        }
    }
}

/// Hands the requests for key frames to the tracks; the library keeps all other RTCP to itself.
#[derive(Default)]
struct KeyFrameRequests {
    inbound: VecDeque<TaggedPacket>,
    outbound: VecDeque<TaggedPacket>,
}

impl Protocol<TaggedPacket, TaggedPacket, ()> for KeyFrameRequests {
    type Rout = TaggedPacket;
    type Wout = TaggedPacket;
    type Eout = ();
    type Error = Error;
    type Time = Instant;

    fn handle_read(&mut self, mut packet: TaggedPacket) -> Result<(), Error> {
        if let Packet::Rtcp(all) = &mut packet.message.packet {
            all.retain(|rtcp| {
                rtcp.as_any().is::<PictureLossIndication>() || rtcp.as_any().is::<FullIntraRequest>()
            });
            if all.is_empty() {
                return Ok(());
            }
            packet.message.add(Attribute::DeliverToApplication);
        }
        self.inbound.push_back(packet);
        Ok(())
    }

    fn poll_read(&mut self) -> Option<TaggedPacket> {
        self.inbound.pop_front()
    }

    fn handle_write(&mut self, packet: TaggedPacket) -> Result<(), Error> {
        self.outbound.push_back(packet);
        Ok(())
    }

    fn poll_write(&mut self) -> Option<TaggedPacket> {
        self.outbound.pop_front()
    }
}

impl Interceptor for KeyFrameRequests {
    fn bind_local_stream(&mut self, _: &StreamInfo) {}
    fn unbind_local_stream(&mut self, _: &StreamInfo) {}
    fn bind_remote_stream(&mut self, _: &StreamInfo) {}
    fn unbind_remote_stream(&mut self, _: &StreamInfo) {}
}
