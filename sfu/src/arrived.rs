//! A packet that is to be passed on, with what is the same for all its receivers.

use crate::{
    egress::{PassedOn, Source},
    key::PublicationKey,
    munger::Incoming,
    publication::{Packet, Publication},
    timeline::NtpOffset,
};
use viva_media::MAX_LAYERS;

/// One timestamp a layer, where it is known.
pub(crate) type Moments = [Option<u32>; MAX_LAYERS];

/// A packet to be passed on, with what is the same for all its receivers.
#[derive(Debug, Clone)]
pub(crate) struct Arrived {
    pub packet: Packet,
    /// When its sound or picture was captured, in microseconds of our clock.
    pub capture: i64,
    /// How far its timestamp is behind the newest of its stream.
    pub behind: u32,
    /// The timestamps that the layers of its publication have for its moment, where a slot may enter with it.
    pub moments: Moments,
    /// What selectors and mungers need to know.
    pub incoming: Incoming,
    /// What its header extensions pass on.
    pub passed_on: PassedOn,
    /// Where its payload is kept.
    pub source: Source,
    /// The next one of its publication in its batch.
    pub next: Option<usize>,
}

impl Arrived {
    /// A packet of a publication that was captured at `capture`, `behind` its stream.
    pub(crate) const fn new(publication: PublicationKey, packet: Packet, capture: i64, behind: u32) -> Self {
        Self {
            capture,
            behind,
            moments: [None; MAX_LAYERS],
            incoming: packet.meta.incoming(packet.sequence),
            passed_on: PassedOn::of(&packet.meta),
            source: Source { publication, layer: packet.layer, sequence: packet.sequence },
            packet,
            next: None,
        }
    }

    /// The packet with its moment of capture on our clock: by the sender's reports, until then by arrival. `offset` is the
    /// distance of its sender's clock from ours.
    pub fn of(key: PublicationKey, publication: &Publication, packet: Packet, offset: &NtpOffset) -> Self {
        let (rtp, arrived) = (packet.meta.timestamp, packet.meta.arrived.0.cast_signed());
        let index = packet.layer.place();
        let Some(layer) = publication.layer(packet.layer) else {
            return Self::new(key, packet, arrived, 0);
        };
        let capture = layer.timeline.capture_time(rtp, offset).unwrap_or(arrived);
        let mut arrived = Self::new(key, packet, capture, layer.timeline.behind(rtp));
        // Only where a slot may enter is it worth its while.
        let frame = &arrived.packet.meta.frame;
        if frame.key_frame {
            if frame.bare && !layer.shows_bare(arrived.packet.sequence, rtp) {
                arrived.incoming.frame.key_frame = false;
            }
            for (moment, layer) in arrived.moments.iter_mut().zip(&publication.layers) {
                *moment = layer.timeline.rtp_at(capture, offset);
            }
        }
        if let Some(moment) = arrived.moments.get_mut(index) {
            *moment = Some(rtp);
        }
        arrived
    }
}

#[cfg(test)]
impl Arrived {
    /// A packet of one byte of the first layer, of a frame of which nothing is known.
    pub fn example(
        publication: PublicationKey,
        codec: viva_media::Codec,
        sequence: u64,
        timestamp: u32,
    ) -> Self {
        let meta = crate::cache::Cached {
            timestamp,
            marker: true,
            codec,
            frame: viva_wire::codec::Frame::default(),
            arrived: viva_wire::Micros(0),
            audio_level: None,
            video_orientation: None,
            playout_delay: None,
            descriptor_len: 0,
        };
        let layer = viva_media::LayerIndex::FIRST;
        Self::new(publication, Packet { layer, sequence, meta, length: 1, primary_length: 1 }, 0, 0)
    }
}
