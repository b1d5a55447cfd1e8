//! Packets that came since the last look at the output, by publication: all of one publication go to a receiver one
//! after the other, so that what is kept of that receiver is fetched from memory once a batch and not once a packet.

use crate::{arrived::Arrived, key::PublicationKey};

/// Where the packets of one publication stand in a batch.
#[derive(Debug, Clone, Copy)]
struct Chain {
    publication: PublicationKey,
    first: usize,
    last: usize,
}

/// The packets of a batch. Its memory is used again for the next one.
#[derive(Debug, Default)]
pub(super) struct Batch {
    packets: Vec<Arrived>,
    chains: Vec<Chain>,
}

impl Batch {
    /// Packets after which a batch is passed on whatever the driver does; its own batches are smaller.
    pub(super) const MOST: usize = 1024;

    /// Nothing came.
    pub(super) const fn is_empty(&self) -> bool {
        self.packets.is_empty()
    }

    /// So much came that it is to be passed on now.
    pub(super) const fn is_full(&self) -> bool {
        self.packets.len() >= Self::MOST
    }

    /// Appends a packet. `place` is the publication's own note of where its chain stands, `None` before its first.
    pub(super) fn push(&mut self, arrived: Arrived, place: &mut Option<u32>) {
        let index = self.packets.len();
        let publication = arrived.source.publication;
        self.packets.push(arrived);
        let chain = place.and_then(|place| self.chains.get_mut(place as usize));
        match chain.filter(|chain| chain.publication == publication) {
            Some(chain) => {
                if let Some(last) = self.packets.get_mut(chain.last) {
                    last.next = Some(index);
                }
                chain.last = index;
            }
            None => {
                *place = Some(self.chains.len() as u32);
                self.chains.push(Chain { publication, first: index, last: index });
            }
        }
    }

    /// The publications, in the order of their first packets, with that packet.
    pub(super) fn publications(&self) -> impl Iterator<Item = (PublicationKey, &Arrived)> {
        self.chains.iter().filter_map(|chain| Some((chain.publication, self.packets.get(chain.first)?)))
    }

    /// A packet and those of its publication that came after it, in their order.
    pub(super) fn from<'a>(&'a self, first: &'a Arrived) -> impl Iterator<Item = &'a Arrived> {
        std::iter::successors(Some(first), |arrived| self.packets.get(arrived.next?))
    }

    /// Forgets all packets, and keeps the memory.
    pub(super) fn clear(&mut self) {
        self.packets.clear();
        self.chains.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use slotmap::SlotMap;
    use viva_media::Codec;

    fn arrived(publication: PublicationKey, sequence: u64) -> Arrived {
        Arrived::example(publication, Codec::Vp8, sequence, 0)
    }

    #[test]
    fn packets_are_found_by_publication_in_the_order_of_their_coming() {
        let mut keys = SlotMap::<PublicationKey, ()>::with_key();
        let (a, b) = (keys.insert(()), keys.insert(()));
        let (mut of_a, mut of_b) = (None, None);
        let mut batch = Batch::default();
        // The second round finds notes of places that are no longer true.
        for _ in 0..2 {
            for sequence in [5, 6, 9] {
                batch.push(arrived(b, sequence), &mut of_b);
                batch.push(arrived(a, sequence * 10), &mut of_a);
            }
            batch.push(arrived(b, 7), &mut of_b);
            let found: Vec<(PublicationKey, Vec<u64>)> = batch
                .publications()
                .map(|(key, first)| (key, batch.from(first).map(|one| one.packet.sequence).collect()))
                .collect();
            assert_eq!(found, [(b, vec![5, 6, 9, 7]), (a, vec![50, 60, 90])]);
            batch.clear();
            assert!(batch.is_empty() && batch.publications().next().is_none());
        }
    }
}
