//! A light client over a real socket: connectivity checks, DTLS, SRTP.

use aws_lc_rs::{digest, hmac};
use dimpl::{Config, Dtls, DtlsCertificate, Output};
use is::stun::{StunMessage, TransId};
use std::{
    error::Error,
    io,
    net::{SocketAddr, UdpSocket},
    sync::Arc,
    time::{Duration, Instant},
};
use viva_media::{Fingerprint, IceCredentials, SrtpProfile};
use viva_sfu::srtp::{Inbound, KeyMaterial, Outbound};

/// How long connecting may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// One connected client.
pub struct Client {
    /// Its socket.
    pub socket: UdpSocket,
    /// Opens what it receives.
    pub inbound: Inbound,
    /// Seals what it sends.
    pub outbound: Outbound,
    /// How its media is sealed.
    pub profile: SrtpProfile,
    server: SocketAddr,
    local: IceCredentials,
    remote: IceCredentials,
}

/// What connecting needs.
pub struct Peer<'a> {
    /// The unit's address.
    pub server: SocketAddr,
    /// The client's credentials.
    pub local: IceCredentials,
    /// The unit's credentials for it.
    pub remote: IceCredentials,
    /// The client's certificate.
    pub certificate: &'a DtlsCertificate,
}

/// SHA-256 of a certificate.
pub fn fingerprint(certificate: &DtlsCertificate) -> Fingerprint {
    let digest = digest::digest(&digest::SHA256, &certificate.certificate);
    let mut bytes = [0; 32];
    bytes.copy_from_slice(digest.as_ref());
    Fingerprint(bytes)
}

impl Client {
    /// Checks the path, nominates it, shakes hands.
    pub fn connect(peer: Peer<'_>) -> Result<Self, Box<dyn Error>> {
        let socket = UdpSocket::bind("127.0.0.1:0")?;
        socket.set_read_timeout(Some(Duration::from_millis(50)))?;
        let deadline = Instant::now() + PATIENCE;
        check(&socket, &peer)?;
        let config = Arc::new(Config::builder().build()?);
        let mut dtls = Dtls::new_12(config, peer.certificate.clone(), Instant::now());
        dtls.set_active(true);
        let (profile, material) = shake_hands(&socket, peer.server, &mut dtls, deadline)?;
        let (inbound, outbound) = KeyMaterial::split(profile, &material, false)?;
        Ok(Self {
            socket,
            inbound: Inbound::new(&inbound)?,
            outbound: Outbound::new(&outbound)?,
            profile,
            server: peer.server,
            local: peer.local,
            remote: peer.remote,
        })
    }

    /// Another check, as consent asks for every few seconds; nobody waits for the answer.
    pub fn check(&self) -> io::Result<()> {
        self.socket.send_to(&request(&self.local, &self.remote)?, self.server).map(drop)
    }

    /// Sends one packet.
    pub fn send(&self, packet: &[u8]) -> io::Result<usize> {
        self.socket.send_to(packet, self.server)
    }
}

fn check(socket: &UdpSocket, peer: &Peer<'_>) -> Result<(), Box<dyn Error>> {
    let mut answer = [0; 200];
    for _ in 0..20 {
        socket.send_to(&request(&peer.local, &peer.remote)?, peer.server)?;
        if let Ok((length, _)) = socket.recv_from(&mut answer) {
            let length = length.min(answer.len());
            let reply = StunMessage::parse(&answer[..length]).map_err(|error| format!("{error:?}"))?;
            if reply.is_successful_binding_response() {
                return Ok(());
            }
        }
    }
    Err("no answer to the connectivity check".into())
}

fn request(local: &IceCredentials, remote: &IceCredentials) -> io::Result<Vec<u8>> {
    let username = format!("{}:{}", remote.ufrag, local.ufrag);
    let message = StunMessage::binding_request(&username, TransId::new(), true, 7, 1 << 24, true);
    let mut bytes = vec![0; 300];
    let length = message
        .to_bytes(Some(remote.pwd.as_bytes()), &mut bytes, hmac_sha1)
        .map_err(|error| io::Error::other(format!("{error:?}")))?;
    bytes.truncate(length);
    Ok(bytes)
}

fn shake_hands(
    socket: &UdpSocket,
    server: SocketAddr,
    dtls: &mut Dtls,
    deadline: Instant,
) -> Result<(SrtpProfile, Vec<u8>), Box<dyn Error>> {
    let (mut buffer, mut datagram) = (vec![0; 4096], vec![0; 4096]);
    let (mut keys, mut connected) = (None, false);
    dtls.handle_timeout(Instant::now())?;
    while Instant::now() < deadline {
        loop {
            match dtls.poll_output(&mut buffer) {
                Output::Packet(record) => drop(socket.send_to(record, server)?),
                Output::KeyingMaterial(material, profile) => keys = Some((profile, material.to_vec())),
                Output::Connected => connected = true,
                Output::Timeout(_) => break,
                _ => {}
            }
        }
        if let (true, Some((profile, material))) = (connected, keys.take()) {
            let profile = match profile {
                dimpl::SrtpProfile::AEAD_AES_256_GCM => SrtpProfile::AeadAes256Gcm,
                dimpl::SrtpProfile::AEAD_AES_128_GCM => SrtpProfile::AeadAes128Gcm,
                _ => SrtpProfile::AesCm128HmacSha1_80,
            };
            return Ok((profile, material));
        }
        if let Ok((length, _)) = socket.recv_from(&mut datagram)
            && matches!(datagram.first(), Some(20..=63))
        {
            dtls.handle_timeout(Instant::now())?;
            dtls.handle_packet(&datagram[..length])?;
        }
        dtls.handle_timeout(Instant::now())?;
    }
    Err("the handshake took too long".into())
}

fn hmac_sha1(key: &[u8], parts: &[&[u8]]) -> [u8; 20] {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, key);
    let mut context = hmac::Context::with_key(&key);
    for part in parts {
        context.update(part);
    }
    let mut digest = [0; 20];
    digest.copy_from_slice(context.sign().as_ref());
    digest
}
