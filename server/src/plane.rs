//! The media plane as this program starts it.

pub use viva_sfu_io::{CommandError, Events, MediaPlane, PlaneEvent, Shard, ShardStats};

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
    let (plane, events) = MediaPlane::start(&plane)?;
    Ok((plane, Fingerprint(fingerprint), events))
}
