//! Parts of messages that describe a room: participants, publications, statistics.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use viva_media::{Carrier, MediaKind};

/// A server of TURN (RFC 8656), as `RTCPeerConnection` takes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct IceServer {
    /// Where it is reached (RFC 7065), the way that costs least first.
    pub urls: Vec<String>,
    /// The name to show.
    pub username: String,
    /// The password for it.
    pub credential: String,
    /// How long these are good for new allocations, in milliseconds; what stands goes on as long as its seat.
    pub expires_ms: u32,
}

/// Where a track's sound or picture comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TrackSource {
    /// The voice of the person in the seat.
    Microphone,
    /// The main camera.
    Camera,
    /// A second camera (双机位).
    SecondCamera,
    /// A shared screen.
    Screen,
    /// The sound of a shared screen.
    ScreenAudio,
}

impl TrackSource {
    /// What a track is when its sender does not say.
    pub const fn default_of(kind: MediaKind) -> Self {
        match kind {
            MediaKind::Audio => Self::Microphone,
            MediaKind::Video => Self::Camera,
        }
    }
}

/// A participant, as the others see it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ParticipantState {
    /// Its id: 16 hexadecimal digits.
    pub id: String,
    /// The name in the token, for people to read.
    pub name: String,
    /// False while its connection is interrupted and its seat is kept.
    pub connected: bool,
    /// The quality of its network, as the server sees it.
    pub quality: NetworkQuality,
    /// How its media travels; left out while none does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub way: Option<MediaWay>,
    /// It sends more sound or pictures than it may, and what is too much is dropped; left out while it keeps to it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[ts(as = "Option<bool>", optional)]
    pub excess: bool,
    /// Its seat in the room's interview, 16 hexadecimal digits; `null` in rooms without one.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub seat: Option<String>,
}

/// How the media of a participant gets here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum MediaWay {
    /// Over UDP, straight.
    Udp,
    /// Over TCP, straight (ICE-TCP).
    Tcp,
    /// By TURN over UDP.
    TurnUdp,
    /// By TURN over TCP.
    TurnTcp,
    /// By TURN over TLS.
    TurnTls,
}

impl From<Carrier> for MediaWay {
    fn from(carrier: Carrier) -> Self {
        match carrier {
            Carrier::Udp => Self::Udp,
            Carrier::Tcp => Self::Tcp,
            Carrier::TurnUdp => Self::TurnUdp,
            Carrier::TurnTcp => Self::TurnTcp,
            Carrier::TurnTls => Self::TurnTls,
        }
    }
}

/// A publication, as its receivers see it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct PublicationState {
    /// Its id: 16 hexadecimal digits.
    pub id: String,
    /// Who sends it.
    pub participant: String,
    /// Audio or video.
    #[ts(type = "\"audio\" | \"video\"")]
    pub kind: MediaKind,
    /// Where it comes from.
    pub source: TrackSource,
    /// Muted by its sender.
    pub muted: bool,
    /// The seat that shows it, 16 hexadecimal digits; left out in rooms without an interview. A paired phone is nobody on
    /// the list of participants: its picture belongs to this seat.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub seat: Option<String>,
}

/// What a participant may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PermissionState {
    /// May send tracks.
    pub publish: bool,
    /// May receive tracks.
    pub subscribe: bool,
}

/// A network's quality in three steps, from loss both ways, round-trip time and the line's queue, and one for a lost
/// connection. It falls at once and rises slowly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum NetworkQuality {
    /// Not measured yet.
    Unknown,
    /// Loss under 2 %, round trip under 200 ms, and a line that carries all that was sent, within 100 ms.
    Good,
    /// Loss under 8 %, round trip under 400 ms, waits for the line under 300 ms, and no slot is paused.
    Fair,
    /// Anything worse than that.
    Poor,
    /// Nothing arrives from the client.
    Lost,
}

/// What the server measured on one client's transport.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct StatsReport {
    /// Round-trip time in milliseconds, where known.
    pub rtt_ms: Option<f64>,
    /// Loss from the client to the server, 0 to 1.
    pub loss_up: f64,
    /// Loss from the server to the client, 0 to 1.
    pub loss_down: f64,
    /// Bytes that arrived from the client.
    #[ts(type = "number")]
    pub bytes_in: u64,
    /// Bytes sent to the client.
    #[ts(type = "number")]
    pub bytes_out: u64,
    /// How the media path is sealed and carried, e.g. `AEAD_AES_256_GCM udp`.
    pub protocol: Option<String>,
    /// What each filled slot receives.
    pub slots: Vec<SlotReport>,
}

/// What one slot receives.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct SlotReport {
    /// The slot's media section.
    pub mid: String,
    /// What fills it.
    pub publication: Option<String>,
    /// The encoding, counted from the smallest.
    pub encoding: Option<u8>,
    /// The one that its tile could show if the line carried everything, counted so too.
    pub wished: Option<u8>,
    /// Packets forwarded into it, retransmissions aside.
    #[ts(type = "number")]
    pub packets: u64,
    /// Retransmissions that the client asked for and got.
    #[ts(type = "number")]
    pub retransmitted: u64,
}
