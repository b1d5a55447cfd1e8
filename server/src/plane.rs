//! The media plane as this program starts it.

pub use viva_sfu_io::{Arrival, CommandError, Events, Link, MediaPlane, PlaneEvent, Shard, ShardStats};

use crate::{random, settings::Settings};
use aws_lc_rs::digest;
use std::io;
use viva_media::Fingerprint;
use viva_signaling::message::TrackSource;

/// Starts the shards with a new certificate, and with so many TCP connections in all; hands back the fingerprint for the
/// answers, and the events.
///
/// # Errors
/// A port is taken, or an address is not this machine's.
pub fn start(settings: &Settings, tcp: usize) -> io::Result<(MediaPlane, Fingerprint, Events)> {
    let certificate = dimpl::certificate::generate_self_signed_certificate().map_err(io::Error::other)?;
    let mut fingerprint = [0; 32];
    fingerprint.copy_from_slice(digest::digest(&digest::SHA256, &certificate.certificate).as_ref());
    let mut plane = viva_sfu_io::Settings::new(certificate, random::id());
    if settings.shards > 0 {
        plane.shards = settings.shards;
    }
    if !settings.media_addresses.0.is_empty() {
        plane.bind = settings.media_addresses.0.clone();
    }
    plane.base_port = settings.media_port;
    plane.public = settings.public_addresses.0.clone();
    plane.tcp = settings.tcp;
    plane.unit.sound = settings.allowance(TrackSource::Microphone);
    plane.unit.pictures = settings.allowance(TrackSource::Camera);
    plane.unit.oversize = u64::from(settings.oversize_kbits) * 1000;
    plane.unit.transport = settings.seat_allowance();
    let limits = &mut plane.tcp_limits;
    limits.connections = limits.connections.min((tcp / plane.shards.max(1)).max(1));
    let (plane, events) = MediaPlane::start(&plane).map_err(named)?;
    Ok((plane, Fingerprint(fingerprint), events))
}

/// Says what to type where a port is taken.
fn named(error: io::Error) -> io::Error {
    if error.kind() != io::ErrorKind::AddrInUse {
        return error;
    }
    let hint =
        "this port is for media: choose others with --media-port, or any free ones with --media-port 0";
    io::Error::new(error.kind(), format!("{error}; {hint}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Sources;
    use std::net::UdpSocket;

    #[test]
    fn a_taken_port_is_told_with_what_to_type() {
        let taken = UdpSocket::bind("127.0.0.1:0").unwrap();
        let port = taken.local_addr().unwrap().port();
        let flags = [
            ("media_port", port.to_string()),
            ("media_addresses", "127.0.0.1".to_owned()),
            ("shards", "1".to_owned()),
        ];
        let flags = flags.map(|(name, value)| (name.to_owned(), value)).into();
        let settings = Sources { flags, ..Sources::default() }.load().unwrap();
        let error = start(&settings, 16).err().unwrap().to_string();
        assert!(error.contains(&port.to_string()) && error.contains("--media-port 0"), "{error}");
    }
}
