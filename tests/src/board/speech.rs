//! Who speaks when: one after the other, so that the others send what silence needs; and how much of it was heard.

use crate::sim::World;
use viva_media::PublicationId;
use viva_peer::Random;

/// At the beginning of a turn the unit may still find out who speaks.
const FIRST_WORD: u64 = 300_000;

/// One turn; times in microseconds since the beginning.
#[derive(Debug)]
struct Turn {
    place: usize,
    from: u64,
    until: u64,
    /// Packets of the voice before its turn, and at the end of it.
    frames: Option<(u32, u32)>,
}

/// The turns of a conversation.
#[derive(Debug)]
pub struct Speech {
    turns: Vec<Turn>,
}

impl Speech {
    /// Turns of three to eight seconds; none is counted before `warm`.
    pub fn new(speakers: &[usize], length: u64, mut random: Random) -> Self {
        let mut turns = Vec::new();
        let mut from = 0;
        let mut place = usize::MAX;
        while from + 1_000_000 < length && !speakers.is_empty() {
            let others: Vec<_> = speakers.iter().copied().filter(|speaker| *speaker != place).collect();
            place = if others.is_empty() { speakers[0] } else { *random.pick(&others) };
            let until = (from + random.between(3_000, 8_000) * 1_000).min(length - 500_000);
            turns.push(Turn { place, from, until, frames: None });
            from = until + 300_000;
        }
        Self { turns }
    }

    /// Whoever has the word speaks, all others are silent.
    pub fn tick(&mut self, world: &mut World, at: u64, speakers: &[usize]) {
        for speaker in speakers {
            if let Some(voice) = world.places[*speaker].peer.microphone() {
                let turn = |turn: &&Turn| turn.place == *speaker && (turn.from..turn.until).contains(&at);
                voice.live = self.turns.iter().any(|it| turn(&it));
            }
        }
        for turn in &mut self.turns {
            if (turn.from + FIRST_WORD..turn.until).contains(&at)
                && let Some(voice) = world.places[turn.place].peer.microphone()
            {
                let frame = voice.layers[0].frame;
                turn.frames = Some((turn.frames.map_or(frame, |(first, _)| first), frame));
            }
        }
    }

    /// Packets of all turns from `warm` on, and those that a receiver heard in time.
    pub fn heard(&self, world: &mut World, receiver: usize, warm: u64) -> (u64, u64) {
        let (mut said, mut heard) = (0, 0);
        for turn in self.turns.iter().filter(|turn| turn.from >= warm && turn.place != receiver) {
            let Some((first, last)) = turn.frames else { continue };
            let voice = world.places[turn.place].peer.microphone().map(|voice| voice.id);
            let Some(PublicationId(voice)) = voice else { continue };
            said += u64::from(last - first);
            let ledger = world.places[receiver].peer.ledger.as_ref();
            let spoken = ledger.into_iter().flat_map(|ledger| &ledger.spoken);
            let of_it = spoken.filter(|it| it.publication == voice && (first..last).contains(&it.frame));
            heard += of_it.filter(|it| it.in_time).count() as u64;
        }
        (said, heard)
    }
}
