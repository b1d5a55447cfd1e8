//! A seat of the doctor's own in the running server, by WHIP (RFC 9725): what it is told of TURN, and where its media is.

use crate::{
    doctor::ports::client_of, links::SeatFor, random, secret::known_secret, settings::Settings, text::chain,
    tokens::Tokens,
};
use reqwest::{Client, Response, StatusCode, header};
use std::{net::SocketAddr, time::Duration};
use viva_media::IceCredentials;
use viva_peer::Credentials;

/// A look ends within seconds.
const LASTS: Duration = Duration::from_secs(60);

/// The seat, until it is given back.
pub struct Visit {
    client: Client,
    token: String,
    /// The address of the session, which is deleted at the end.
    session: String,
    /// What TURN is asked with.
    pub username: String,
    /// The password of it.
    pub password: String,
    /// Where the media of the seat's shard is, over UDP.
    pub media: SocketAddr,
    /// How the shard and this seat know each other.
    pub ice: Credentials,
}

impl Visit {
    /// Takes a seat in a room where nobody else is.
    ///
    /// # Errors
    /// The server's secret is not readable, the server gives no seat, or says nothing of TURN; with what to do.
    pub async fn begin(settings: &Settings) -> Result<Self, (String, String)> {
        let secret = known_secret(settings).map_err(|error| {
            (error.to_string(), "look as the server's account, and with its settings".to_owned())
        })?;
        let refused = |detail: String| (detail, "see the server's log".to_owned());
        let tokens = Tokens::new(&secret).map_err(|error| refused(error.to_string()))?;
        let room = format!("doctor-{}", random::hex::<8>());
        let (identity, name) = ("doctor".to_owned(), "doctor".to_owned());
        let seat = SeatFor { room: room.clone(), identity, name, publish: true, subscribe: false };
        let token = seat.token(&tokens, LASTS).map_err(|error| refused(error.to_string()))?;
        let own = IceCredentials { ufrag: random::hex::<4>(), pwd: random::hex::<16>() };
        let (client, base) = client_of(settings).ok_or_else(|| refused("no client for HTTP".to_owned()))?;
        let asked = client
            .post(format!("{base}/whip/{room}"))
            .bearer_auth(&token)
            .header(header::CONTENT_TYPE, "application/sdp")
            .body(offer(&own));
        let answer = asked.send().await.map_err(|error| refused(chain(&error)))?;
        if answer.status() != StatusCode::CREATED {
            let (status, text) = (answer.status(), answer.text().await.unwrap_or_default());
            return Err(refused(format!("no seat is given: {status} {}", text.trim())));
        }
        let session = format!("{base}{}", of_header(&answer, header::LOCATION));
        let link = of_header(&answer, header::LINK);
        let sdp = answer.text().await.unwrap_or_default();
        let told = told(&link).zip(media_of(&sdp)).zip(credentials_of(&sdp));
        let Some((((username, password), media), theirs)) = told else {
            let _ = client.delete(&session).bearer_auth(&token).send().await;
            let remedy = "does it run with these settings? start it again".to_owned();
            return Err(("the server says nothing of TURN, or offers no media by UDP".to_owned(), remedy));
        };
        Ok(Self { client, token, session, username, password, media, ice: Credentials { own, theirs } })
    }

    /// Gives the seat back.
    pub async fn end(self) {
        let _ = self.client.delete(&self.session).bearer_auth(&self.token).send().await;
    }
}

/// Sends sound, as far as anybody can tell: no handshake follows.
fn offer(own: &IceCredentials) -> String {
    let IceCredentials { ufrag, pwd } = own;
    let print = ["00"; 32].join(":");
    format!(
        "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0\r\n\
         m=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\na=mid:0\r\na=rtcp-mux\r\na=sendonly\r\n\
         a=ice-ufrag:{ufrag}\r\na=ice-pwd:{pwd}\r\na=setup:actpass\r\na=fingerprint:sha-256 {print}\r\n\
         a=rtpmap:111 opus/48000/2\r\n"
    )
}

fn of_header(answer: &Response, name: header::HeaderName) -> String {
    let value = answer.headers().get(name).and_then(|value| value.to_str().ok());
    value.unwrap_or_default().to_owned()
}

/// Name and password of a link to a server of TURN (RFC 9725 §4.6).
fn told(link: &str) -> Option<(String, String)> {
    let of = |name: &str| {
        let (_, rest) = link.split_once(&format!("; {name}=\""))?;
        rest.split_once('"').map(|(value, _)| value.to_owned())
    };
    of("username").zip(of("credential"))
}

/// The first candidate over UDP (RFC 8839 §5.1).
fn media_of(sdp: &str) -> Option<SocketAddr> {
    let mut candidates = sdp.lines().filter_map(|line| line.strip_prefix("a=candidate:"));
    candidates.find_map(|candidate| {
        let words: Vec<&str> = candidate.split(' ').collect();
        let &[_, _, protocol, _, ip, port, ..] = words.as_slice() else { return None };
        let over_udp = protocol.eq_ignore_ascii_case("udp");
        Some(SocketAddr::new(ip.parse().ok()?, port.parse().ok()?)).filter(|_| over_udp)
    })
}

fn credentials_of(sdp: &str) -> Option<IceCredentials> {
    let of = |name: &str| sdp.lines().find_map(|line| line.strip_prefix(name)).map(str::to_owned);
    Some(IceCredentials { ufrag: of("a=ice-ufrag:")?, pwd: of("a=ice-pwd:")? })
}
