//! In which order messages leave, so that one call of the kernel takes many of them.

use std::cmp::Reverse;
use viva_media::Path;
use viva_sfu::Transmit;

/// The most messages of one call.
pub(crate) const MOST: usize = 64;

/// One message of those that a unit has ready.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Planned {
    /// The socket that it leaves from.
    pub(crate) socket: usize,
    /// How many messages along its path come before it: these must not change places.
    round: usize,
    /// Bytes of each of its packets but the last; 0 for a single packet.
    pub(crate) run: usize,
    /// Its length in bytes.
    length: usize,
    /// Its place among the messages of this look at the unit.
    pub(crate) index: usize,
}

/// The messages of one look at the unit. Its memory is used again for the next one.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    messages: Vec<Planned>,
    newest: Option<Path>,
}

impl Plan {
    /// Forgets the messages of the look before.
    pub(crate) fn clear(&mut self) {
        self.messages.clear();
        self.newest = None;
    }

    /// Adds the message with this `index`, which leaves from this `socket`.
    pub(crate) fn add(&mut self, socket: usize, index: usize, transmit: &Transmit<'_>) {
        let follows = self.newest == Some(transmit.path);
        let round = self.messages.last().filter(|_| follows).map_or(0, |before| before.round + 1);
        let length = transmit.bytes.len();
        let run = if length > transmit.segment { transmit.segment } else { 0 };
        self.messages.push(Planned { socket, round, run, length, index });
        self.newest = Some(transmit.path);
    }

    /// Puts side by side what can leave together: by socket; the first messages of all paths before the second ones; of
    /// these the runs, those of one size together; then single packets.
    pub(crate) fn arrange(&mut self) -> impl Iterator<Item = &[Planned]> {
        self.messages.sort_unstable_by_key(|it| (it.socket, it.round, Reverse(it.run), it.index));
        self.messages.chunk_by(|one, next| one.socket == next.socket)
    }
}

/// How many messages at the front of `planned` one call can take, and the size to which the socket must cut what it is
/// given, 0 for none; `set` is the one to which it is set now.
///
/// A message that is not longer than that size stays whole.
pub(crate) fn together(planned: &[Planned], set: usize) -> (usize, usize) {
    let size = match planned.first() {
        Some(first) if first.run != 0 => first.run,
        Some(first) if set >= first.length => set,
        _ => 0,
    };
    let fits = |it: &&Planned| if it.run == 0 { size == 0 || it.length <= size } else { it.run == size };
    (planned.iter().take(MOST).take_while(fits).count(), size)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::SocketAddr;
    use viva_media::Carrier;

    /// Messages as receiver, length and segment, planned for one socket.
    fn plan(messages: &[(u16, usize, usize)]) -> Vec<Planned> {
        let bytes = [0; 2000];
        let mut plan = Plan::default();
        for (index, &(receiver, length, segment)) in messages.iter().enumerate() {
            let address = |port| SocketAddr::from(([192, 0, 2, 1], port));
            let path = Path { carrier: Carrier::Udp, local: address(1), remote: address(receiver) };
            plan.add(0, index, &Transmit { path, bytes: &bytes[..length], segment });
        }
        plan.arrange().flatten().copied().collect()
    }

    /// What each call takes, and how the socket is set for it.
    fn calls(mut planned: &[Planned]) -> Vec<(Vec<usize>, usize)> {
        let (mut calls, mut set) = (Vec::new(), 0);
        while !planned.is_empty() {
            let (count, size) = together(planned, set);
            assert!(count > 0, "every call takes something");
            calls.push((planned[..count].iter().map(|it| it.index).collect(), size));
            (planned, set) = (&planned[count..], size);
        }
        calls
    }

    #[test]
    fn a_frame_and_a_voice_for_many_are_one_call() {
        let messages: Vec<_> =
            (0..20).flat_map(|receiver| [(receiver, 1150, 230), (receiver, 100, 100)]).collect();
        let calls = calls(&plan(&messages));
        assert_eq!(calls.len(), 1);
        assert_eq!((calls[0].0.len(), calls[0].1), (40, 230));
    }

    #[test]
    fn frames_of_two_sizes_for_many_are_two_calls() {
        let messages: Vec<_> =
            (0..20).flat_map(|receiver| [(receiver, 1150, 230), (receiver, 900, 300)]).collect();
        let sizes: Vec<_> =
            calls(&plan(&messages)).iter().map(|(messages, size)| (messages.len(), *size)).collect();
        assert_eq!(sizes, [(20, 230), (20, 300)]);
    }

    #[test]
    fn a_single_packet_that_would_be_cut_is_in_a_call_without_cuts() {
        assert_eq!(
            calls(&plan(&[(1, 200, 100), (2, 150, 150), (3, 90, 90)])),
            [(vec![0], 100), (vec![1, 2], 0)]
        );
    }

    #[test]
    fn no_call_takes_more_messages_than_the_kernel() {
        let messages: Vec<_> = (0..150).map(|receiver| (receiver, 100, 100)).collect();
        assert!(calls(&plan(&messages)).iter().map(|(messages, _)| messages.len()).eq([64, 64, 22]));
    }

    #[test]
    fn whatever_is_mixed_keeps_its_order_along_a_path_and_is_cut_only_as_it_should_be() {
        let mut seed = 1_u32;
        let mut dice = |sides: u32| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 16) % sides
        };
        for _ in 0..500 {
            let mut messages = Vec::new();
            for receiver in 0..dice(30) as u16 {
                for _ in 0..dice(4) {
                    let segment = 100 * (1 + dice(3) as usize);
                    messages.push((receiver, segment * (1 + dice(3) as usize), segment));
                }
            }
            let (mut left, mut newest) = (0, [None; 30]);
            for (together, size) in calls(&plan(&messages)) {
                for index in together {
                    let (receiver, length, segment) = messages[index];
                    let cut = size != 0 && length > size;
                    assert_eq!((cut, !cut || segment == size), (length > segment, true), "{messages:?}");
                    let before = newest[usize::from(receiver)].replace(index);
                    assert!(before < Some(index), "{messages:?}");
                    left += 1;
                }
            }
            assert_eq!(left, messages.len());
        }
    }
}
