//! A snapshot of what is counted.

use super::Room;
use crate::{
    api::{EncodingStats, Frames, Granted, PublicationStats, SlotStats, Stats, TransportStats},
    publication::Publication,
    selector::Target,
    slot::Slot,
    transport::Transport,
};
use viva_media::LayerIndex;
use viva_wire::Micros;

impl Room {
    /// Adds the room's counters as they are now.
    pub fn add_to(&mut self, stats: &mut Stats, now: Micros) {
        for publication in self.publications.values_mut() {
            for layer in &mut publication.layers {
                layer.bitrate = layer.rates.bits_per_second(now);
            }
        }
        stats.participants += self.transports.len();
        stats.publications += self.publications.len();
        stats.slots += self.slots.len();
        stats.transports.extend(self.transports.values().map(|transport| self.transport_stats(transport)));
    }

    fn transport_stats(&self, transport: &Transport) -> TransportStats {
        TransportStats {
            participant: transport.participant,
            room: self.id,
            state: transport.state,
            profile: transport.srtp.as_ref().map(|srtp| srtp.profile),
            packets_in: transport.counters.packets_in,
            bytes_in: transport.counters.bytes_in,
            packets_out: transport.counters.packets_out,
            bytes_out: transport.counters.bytes_out,
            loss_out: transport.counters.loss_out,
            loss_in: transport.counters.loss_in,
            rtt: transport.counters.rtt,
            line: transport.receiver.line.as_ref().and_then(|line| line.stats()),
            excess: transport.counters.excess,
            publications: transport
                .publications
                .iter()
                .filter_map(|key| self.publications.get(*key))
                .map(publication_stats)
                .collect(),
            slots: transport
                .receiver
                .slots
                .iter()
                .filter_map(|key| self.slots.get(*key))
                .map(|slot| self.slot_stats(slot))
                .collect(),
        }
    }

    fn slot_stats(&self, slot: &Slot) -> SlotStats {
        let source = slot.source().and_then(|source| self.publications.get(source));
        let rank = |layer: LayerIndex| source.map_or(layer.place(), |source| source.order.rank(layer)) as u8;
        SlotStats {
            mid: slot.mid,
            source: source.map(|publication| publication.id),
            encoding: slot.subscription.current().map(rank),
            wished: slot.wished.map(rank),
            granted: slot.subscription.aimed_at().filter(|_| slot.wished.is_some()).map(|target| Granted {
                encoding: rank(target.layer),
                frames: match target.temporal {
                    0 => Frames::Fewest,
                    Target::ALL => Frames::All,
                    _ => Frames::Fewer,
                },
            }),
            paused: slot.paused,
            packets: slot.subscription.counters.packets,
            bytes: slot.subscription.counters.bytes,
            retransmitted: slot.subscription.counters.retransmitted,
            switches: slot.subscription.counters.switches,
        }
    }
}

fn publication_stats(publication: &Publication) -> PublicationStats {
    let ordered = publication.order.smallest_first().iter();
    let encodings = ordered.filter_map(|layer| publication.layer(*layer)).map(|layer| {
        let (width, height) = layer.size.unwrap_or((0, 0));
        EncodingStats {
            packets: layer.counters.packets,
            bytes: layer.counters.bytes,
            bitrate: layer.bitrate,
            width,
            height,
            key_frames: layer.counters.key_frames,
            nacked: layer.counters.nacked,
        }
    });
    PublicationStats {
        publication: publication.id,
        priority: publication.priority,
        encodings: encodings.collect(),
    }
}
