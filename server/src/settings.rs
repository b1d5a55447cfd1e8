//! The settings of the program: one table gives each its name, default, flag, environment name and explanation.

mod domain;
mod environment;
mod explain;
mod load;
mod sms;
mod text;

pub use domain::{AcmeChallenge, Domain};
pub use explain::{explain, reference};
pub use load::{SettingsError, Sources};
pub use sms::{SmsProvider, SmsTemplate};
pub use text::{List, LogFormat, Network, Secret, Span};

use clap::{Args, builder::ValueRange};
use figment::Figment;
use serde::Deserialize;
use std::{collections::BTreeMap, net::IpAddr, net::SocketAddr, path::PathBuf};
use url::Url;
use viva_sfu::Allowance;
use viva_signaling::message::TrackSource;

/// One setting, as `viva config` and `docs/configuration.md` explain it.
#[derive(Debug, Clone, Copy)]
pub struct SettingDoc {
    /// The key in `viva.toml`; the environment name is `VIVA_` and this in upper case.
    pub name: &'static str,
    /// The value where nothing else is said, as text.
    pub default: &'static str,
    /// What it does.
    pub doc: &'static str,
    /// Its value is shown to nobody.
    pub secret: bool,
}

impl SettingDoc {
    /// The environment variable.
    pub fn env(&self) -> String {
        format!("VIVA_{}", self.name.to_uppercase())
    }

    /// The command line flag.
    pub fn flag(&self) -> String {
        format!("--{}", self.name.replace('_', "-"))
    }
}

macro_rules! settings {
    ($($name:ident: $type:ty = $default:literal, $doc:literal;)*) => {
        /// All settings. Where they come from: defaults, then the file, then the environment, then flags.
        #[derive(Debug, Clone, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct Settings {
            $(#[doc = $doc] pub $name: $type,)*
        }

        /// The same settings as flags.
        #[derive(Debug, Clone, Default, Args)]
        pub struct Flags {
            $(
                #[doc = $doc]
                #[arg(long, global = true, value_name = "VALUE", hide_short_help = true,
                      num_args = values_of(stringify!($type)), default_missing_value = "true",
                      require_equals = stringify!($type) == "bool")]
                pub $name: Option<String>,
            )*
        }

        impl Settings {
            /// Every value that cannot be read, not the first alone.
            fn faults(figment: &Figment) -> Vec<figment::Error> {
                [$(figment.extract_inner_lossy::<$type>(stringify!($name)).err(),)*].into_iter().flatten().collect()
            }
        }

        impl Flags {
            /// The flags that were given, by the name of their setting.
            pub fn given(self) -> BTreeMap<String, String> {
                let mut given = BTreeMap::new();
                $(if let Some(value) = self.$name { given.insert(stringify!($name).to_owned(), value); })*
                given
            }
        }

        /// The table of settings, in the order of their importance.
        pub const SETTINGS: &[SettingDoc] = &[
            $(SettingDoc {
                name: stringify!($name), default: $default, doc: $doc, secret: is_secret(stringify!($type)),
            },)*
        ];
    };
}

/// How many values a flag takes: `--demo` and `--demo=false`, but `--listen ADDRESS`.
fn values_of(type_name: &str) -> ValueRange {
    if type_name == "bool" { ValueRange::new(0..=1) } else { ValueRange::new(1) }
}

/// Whether a type of the table is [`Secret`].
const fn is_secret(type_name: &str) -> bool {
    matches!(type_name.as_bytes(), b"Secret")
}

settings! {
    listen: SocketAddr = "127.0.0.1:8080",
        "Address of HTTP and WebSocket. Browsers give camera and microphone only to https:// and to localhost, so another address needs `domain`, `tls_certificate`, or a TLS proxy in front. Where `domain` is set and this is not: `[::]:443`.";
    domain: List<Domain> = "",
        "The name by which people reach the server, several with commas between. With it `listen` speaks HTTPS, `http_listen` leads there, and the certificate comes by ACME: whoever sets it agrees to the terms of the ACME server.";
    http_listen: List<SocketAddr> = "",
        "Addresses of plain HTTP that leads to HTTPS and answers the ACME server. Where `domain` is set and this is not: `[::]:80`.";
    acme_directory: String = "https://acme-v02.api.letsencrypt.org/directory",
        "The ACME server that gives the certificate: its directory, https://.";
    acme_contact: String = "",
        "The mail address that the ACME server writes to; empty: none.";
    acme_ca: String = "",
        "File of the certificates (PEM) that the ACME server's own has to be signed by; empty: those that this machine trusts.";
    acme_challenge: AcmeChallenge = "auto",
        "How the name is shown to be ours: `http-01` (port 80), `tls-alpn-01` (port 443), or `auto`: one after the other until one works.";
    acme_eab_id: String = "",
        "The name of the account that the ACME server has given beforehand (external account binding), where it asks for one.";
    acme_eab_key: Secret = "",
        "The key of `acme_eab_id`, in base64url.";
    tls_certificate: String = "",
        "File with the certificate of the name by which people reach the server, in PEM with those that signed it behind; with it `listen` speaks HTTPS. Read again when it changes.";
    tls_key: String = "",
        "File with the private key of `tls_certificate`, in PEM. Read again when it changes.";
    public_url: String = "",
        "How people reach the server, for the links it prints; empty: https:// and the first of `domain`; otherwise http://localhost, or https:// with `tls_certificate`, and the port of `listen`.";
    data_dir: PathBuf = "data",
        "Directory of what must outlive a restart: the secret, and the database where `database` is empty.";
    disk_low: u64 = "1024",
        "MiB: where less is free on the disk of `data_dir`, the log, `/readyz`, the metrics and the administration say so.";
    database: Secret = "",
        "Where interviews and accounts are kept: `postgres://user:password@host/name`, or empty for SQLite in `data_dir`.";
    secret: Secret = "",
        "Key that signs tokens, 32 characters or more; empty: made once and kept in `data_dir`, readable by the owner alone.";
    pictures_key: Secret = "",
        "Key that encrypts pictures of people in the database, 32 characters or more; several with commas between: the first encrypts, all decrypt. Empty: made once and kept in `data_dir`, readable by the owner alone. Without it the pictures are lost.";
    face_models: String = "",
        "Folder of the two models that faces are compared with (`scripts/face-models` fetches them); empty: `.cache/faces`, `/usr/local/share/viva/faces`, `/usr/share/viva/faces`, whichever is there. Without models people are verified by SMS.";
    face_workers: usize = "0",
        "Threads that compare faces, at a low priority. 0: half of the cores.";
    face_queue: usize = "64",
        "Frames and pictures that may wait for these threads.";
    face_single: f32 = "0.40",
        "How alike two faces are, at least, where one frame decides (cosine, -1 to 1).";
    face_median: f32 = "0.363",
        "How alike, at least, where the median of three frames decides.";
    face_unclear: f32 = "0.30",
        "Below this it is another person; from here on and not alike enough: better light is asked for.";
    face_kept_days: u32 = "30",
        "How many days the pictures of face checks are kept. Candidates consent to this number.";
    face_print_model: String = "",
        "File of the model that tells faces from prints and screens (`scripts/face-models --prints` fetches it); empty: nobody looks for that. It keeps nobody out: a check that it doubts is marked for a person to look at. What it is worth: docs/decisions/0013-face-comparison.md.";
    face_print_doubt: f32 = "0.30",
        "How sure that model has to be of a living face, from 0 to 1; below, the check is marked.";
    downloads_dir: String = "",
        "Folder of the apps that `/download` offers (`make release` writes it); empty: `release`, `/usr/local/share/viva/downloads`, `/usr/share/viva/downloads`, whichever is there. Without it the page says that the browser is enough.";
    metrics_token: Secret = "",
        "What Prometheus shows to read `/metrics` (`Authorization: Bearer …`), 32 characters or more; empty: made once and kept in `data_dir`. A program on this machine needs none where `public_url` is not https.";
    face_verifier: String = "",
        "Another comparer of faces in place of the built-in one: the URL that is asked, https:// (http:// on this machine alone); docs/protocol.md has the shapes. The models are needed all the same: they guide the candidate and see that somebody live is there. Empty: built in.";
    face_verifier_secret: Secret = "",
        "What is shown to it (`Authorization: Bearer …`), 16 characters or more.";
    face_verifier_ca: String = "",
        "File of the certificates (PEM) that its own has to be signed by; empty: those that this machine trusts.";
    face_verifier_timeout: Span = "10s",
        "How long it may take to answer; later the candidate is told to go by SMS.";
    people_kept_days: u32 = "365",
        "Days after an interview was closed until names, phones, numbers of exam cards and all that tells of its candidates are erased from its records; points and results stay, without anybody whose they are.";
    chat_kept_days: u32 = "180",
        "Days after an interview was closed until its chat and the notes of incidents are erased.";
    sms_text_kept: Span = "24h",
        "How long the text of an SMS, with the code in it, stays in the outbox after it was sent, failed or was of no use any more. That it went stays as long as `sms_kept_days`.";
    sms_kept_days: u32 = "90",
        "Days that the outbox shows to whom an SMS went.";
    media_port: u16 = "10000",
        "First media port: shard n uses this + n, UDP and TCP. 0: any free ports.";
    shards: usize = "0",
        "Threads that forward media, each with its own port. 0: one a core.";
    media_addresses: List<IpAddr> = "",
        "Local addresses that media uses, with commas between; empty: all of this machine's. A host with several sends a little cheaper from named ones.";
    public_addresses: List<IpAddr> = "",
        "Addresses under which the media ports are reached from outside, when they are not this machine's own (NAT, cloud), with commas between.";
    tcp: bool = "true",
        "Media over TCP too, for networks that block UDP.";
    turn_port: u16 = "0",
        "Port of TURN over UDP and TCP, for networks that let neither media nor the media ports through; the usual one is 3478, which is taken where `domain` is set and `listen` is not. 0: none. Where the server speaks HTTPS itself, TURN over TLS is beside the pages at the same port.";
    turn_tls_port: u16 = "0",
        "A port of its own for TURN over TLS, with the same certificate; the usual one is 5349, which is taken where `domain` is set and `listen` is not. 0: none.";
    sound_kbits: u32 = "512",
        "What one microphone may send, in kbit/s; more is dropped. Opus has no more.";
    sound_packets: u32 = "200",
        "What one microphone may send, in packets a second: frames of 5 ms or longer.";
    camera_kbits: u32 = "6000",
        "What one camera may send, in kbit/s, all its encodings together; more is dropped. The pages send 2,400.";
    screen_kbits: u32 = "8000",
        "What one shared screen may send, in kbit/s.";
    picture_packets: u32 = "2000",
        "What one camera or screen may send, in packets a second.";
    seat_kbits: u32 = "24000",
        "What one client may send in all, in kbit/s; more is not even looked at.";
    seat_packets: u32 = "6000",
        "What one client may send in all, in packets a second.";
    oversize_kbits: u32 = "4000",
        "What one receiver is sent, in kbit/s, of pictures much larger than their tiles where nothing smaller is sent: the larger tiles first, the others stay without.";
    media_burst: Span = "1s",
        "How much media may come at once: as much as is allowed in so long. Key frames need it.";
    demo: bool = "false",
        "Seeds a day of interviews where none is open: twelve candidates with times and papers, questions, a panel. Prints the way to every seat of it at the start.";
    demo_photos: String = "",
        "Folder with photos for the demo's first two candidates (`scripts/face-photos` fetches them): where it has them and faces can be compared, the demo's interview has a face check.";
    sms: SmsProvider = "outbox",
        "Who sends SMS: `outbox` (nobody; administrators read them in the outbox), `alibaba`, `tencent`, `twilio`, or `http` (any provider, by a request of your own).";
    sms_key_id: String = "",
        "The provider's name for us: AccessKeyId (Alibaba Cloud), SecretId (Tencent Cloud), account SID (Twilio).";
    sms_key_secret: Secret = "",
        "The provider's key for us: AccessKeySecret, SecretKey, auth token.";
    sms_sign_name: String = "",
        "The signature before each SMS, as approved by the provider (短信签名).";
    sms_templates: List<SmsTemplate> = "",
        "Alibaba and Tencent Cloud: the approved template of each kind of SMS with its parameters in order, `identity=SMS_1:code,invitation=SMS_2:name:code`; a parameter of another name than ours is written `theirs=ours`. Kinds and their parameters: `identity` (code, minutes); `invitation` and `reminder` (name, interview, time, code, link, password, hotline, rehearsal). Without a template of its own a reminder goes by that of `invitation`.";
    sms_app_id: String = "",
        "Tencent Cloud: SmsSdkAppId.";
    sms_region: String = "ap-guangzhou",
        "Tencent Cloud: the region.";
    sms_from: String = "",
        "Twilio: the number that sends, or the messaging service (MG…).";
    sms_country: String = "86",
        "The country of phone numbers that do not say it.";
    sms_url: String = "",
        "Another address of the provider's API than the usual one; for `http`: the request's URL, with placeholders.";
    sms_method: String = "POST",
        "`http`: POST, PUT or GET.";
    sms_headers: Secret = "",
        "`http`: the request's headers, one a line, with placeholders.";
    sms_body: Secret = "",
        "`http`: the request's body. Placeholders in it, escaped as its content type asks for: {phone}, {number} (without +), {text}, {kind}, {id}, {key_id}, {key_secret}, {sign_name}, and parameters such as {code}.";
    sms_accepted: String = "",
        "`http`: what an answer to an accepted message contains, besides a status of success.";
    sms_per_number_hour: u32 = "10",
        "SMS to one number in an hour; more wait.";
    sms_per_number_day: u32 = "30",
        "SMS to one number in a day; more wait.";
    sms_per_minute: u32 = "600",
        "SMS in all in a minute; more wait.";
    sms_attempts: u32 = "8",
        "How often one SMS is tried.";
    sms_timeout: Span = "15s",
        "How long the provider may take to answer.";
    allowed_origins: List<String> = "",
        "Origins whose pages may open the WebSocket besides that of `public_url`, with commas between, `*` for all; empty: only the server's own.";
    trusted_proxies: List<Network> = "",
        "Addresses and networks (10.244.0.0/16) of the proxies in front, with commas between: only what they say in X-Forwarded-For or Forwarded of a client's address is believed. Empty: this machine's own, where `public_url` is https and `listen` is a loopback address; otherwise nobody. Where a proxy stands in front and is not named, all clients count as one address and share the limits of one.";
    max_connections: usize = "20000",
        "WebSocket connections at once; one more is answered 503.";
    max_connections_per_address: usize = "2000",
        "HTTP and WebSocket connections at once from one IPv4 address or one IPv6 /64, but from loopback and trusted proxies: a hall of 200 candidates has 1600.";
    header_timeout: Span = "15s",
        "How long the head of a request may take, from the beginning of a connection or from its first byte.";
    handshake_rate: u32 = "200",
        "TLS handshakes a second that may come for long from one IPv4 address or one IPv6 /64, but from loopback and trusted proxies; more wait.";
    handshake_burst: u32 = "2000",
        "TLS handshakes that may come at once from one address: a hall of 200 candidates comes in behind one.";
    idle_timeout: Span = "150s",
        "How long a connection may be idle between two requests; longer than a proxy in front keeps its own.";
    body_timeout: Span = "20s",
        "How long the body of a request may take; for each 4 KiB of it a second more, an hour at most.";
    max_seats: usize = "500",
        "Seats in one room.";
    max_tests: usize = "60",
        "Connection tests at once; one more is asked to come back in a moment.";
    test_kbps: u32 = "8000",
        "Kilobits a second that both ends of a connection test may send together; more ends it.";
    message_bytes: usize = "327680",
        "The longest WebSocket message and the longest offer over HTTP, in bytes.";
    message_rate: u32 = "40",
        "WebSocket messages a second that a client may send for long; more closes its connection.";
    message_burst: u32 = "200",
        "WebSocket messages that a client may send at once.";
    seat_rate: u32 = "5",
        "Changes a second that one seat may make for long, by whatever way; an account may make ten times as many over HTTP. More are answered with the time to wait.";
    seat_burst: u32 = "100",
        "Changes that one seat may make at once.";
    address_rate: u32 = "100",
        "Changes a second (requests that change something, joins, acts) that may come for long from one address: an IPv4 address, a /64 of IPv6; eight times as many from a /48.";
    address_burst: u32 = "3000",
        "Changes that may come at once from one address: a hall of candidates comes in behind one.";
    max_unseated: usize = "4096",
        "WebSocket connections at once whose client has not joined a room yet; one more closes the oldest of them.";
    outgoing_bytes: usize = "262144",
        "Bytes of messages that wait for a client that reads slowly; of what changes it gets the newest state, and more than this closes its connection.";
    write_timeout: Span = "10s",
        "How long one message to a client may take to leave.";
    join_timeout: Span = "10s",
        "How long a connection may stay without having joined a room.";
    ping_interval: Span = "15s",
        "How often a connection is probed; three silent intervals end it.";
    resume_window: Span = "30s",
        "How long a seat is kept after its connection was lost.";
    quality_interval: Span = "2s",
        "How often each participant's network is judged.";
    stop_timeout: Span = "5s",
        "How long a stopping server waits for connections to end.";
    doctor_stun: String = "",
        "A STUN server that `viva doctor` asks as whom it sees this machine, `stun.example.org:3478`; empty: none is asked.";
    log: String = "info",
        "What is logged: a level, or directives such as `info,viva_server=debug`.";
    log_format: LogFormat = "text",
        "How it is logged: `text` or `json`.";
}

impl Settings {
    /// Do people reach the server by TLS?
    pub fn is_secure(&self) -> bool {
        self.speaks_tls()
            || self.public_url.get(..8).is_some_and(|scheme| scheme.eq_ignore_ascii_case("https://"))
    }

    /// Does the server speak TLS itself?
    pub const fn speaks_tls(&self) -> bool {
        !self.tls_certificate.is_empty() || !self.domain.0.is_empty()
    }

    /// The proxies whose word of a client's address is believed: where people come by https and only this machine can
    /// connect, somebody here takes the TLS off.
    pub fn proxies(&self) -> Vec<Network> {
        let in_front = self.is_secure() && !self.speaks_tls() && self.listen.ip().is_loopback();
        if self.trusted_proxies.0.is_empty() && in_front {
            Network::LOOPBACK.to_vec()
        } else {
            self.trusted_proxies.0.clone()
        }
    }

    /// What a track of this source may send.
    pub fn allowance(&self, source: TrackSource) -> Allowance {
        let (kbits, packets) = match source {
            TrackSource::Microphone | TrackSource::ScreenAudio => (self.sound_kbits, self.sound_packets),
            TrackSource::Camera | TrackSource::SecondCamera => (self.camera_kbits, self.picture_packets),
            TrackSource::Screen => (self.screen_kbits, self.picture_packets),
        };
        self.allow(kbits, packets)
    }

    /// What a client may send in all.
    pub fn seat_allowance(&self) -> Allowance {
        self.allow(self.seat_kbits, self.seat_packets)
    }

    fn allow(&self, kbits: u32, packets: u32) -> Allowance {
        Allowance { bits: u64::from(kbits) * 1000, packets, burst: self.media_burst.0 }
    }

    /// The names that it gets certificates for by itself.
    pub fn domains(&self) -> impl Iterator<Item = &str> {
        self.domain.0.iter().map(|domain| domain.0.as_str())
    }

    /// The host by which people reach the server, as it stands in a URL, and the port.
    pub fn host_and_port(&self) -> (String, u16) {
        let url = Url::parse(&self.base_url()).ok();
        let host = url.as_ref().and_then(Url::host_str).unwrap_or("localhost");
        (host.to_owned(), url.as_ref().and_then(Url::port_or_known_default).unwrap_or(443))
    }

    /// Base of the links for people, without a slash at the end.
    pub fn base_url(&self) -> String {
        match (self.public_url.trim_end_matches('/'), self.domain.0.first()) {
            ("", Some(domain)) if self.listen.port() == 443 => format!("https://{}", domain.0),
            ("", Some(domain)) => format!("https://{}:{}", domain.0, self.listen.port()),
            ("", None) if self.speaks_tls() => format!("https://localhost:{}", self.listen.port()),
            ("", None) => format!("http://localhost:{}", self.listen.port()),
            (url, _) => url.to_owned(),
        }
    }
}
