//! Who speaks: the active speaker of a room, and which publications are worth an audio slot, by RFC 6464 levels as far as
//! the packets bear them out.

use std::time::Duration;
use viva_wire::{Micros, rtp::AudioLevel};

/// How often loudness is weighed.
pub const TICK: Duration = Duration::from_millis(100);
/// Ticks caught up after a pause; all is silent long before.
const MAX_TICKS: u64 = 64;
/// Units of one decibel.
const DB: i32 = 16;
/// Nothing quieter than −70 dBov counts: loudness is decibels above it.
const FLOOR: i32 = 70;
/// Taken off what its sender does not call voice.
const NO_VOICE: i32 = 10;
/// Bytes of a packet that tell nothing: silence is sent in one to three (RFC 6716 §2.1.9), and 2.5 ms of a voice are more.
const NOTHING: usize = 8;
/// Nobody has spoken who has sent fewer bytes beyond those in a tick: Opus speaks in 6 kbit/s at least (RFC 6716 §2.1.1), in
/// packets of 15 bytes that is 35.
const SPOKEN: i64 = 30;
/// What is heard of a sender who does not tell levels, by its packets alone: speech, and not a loud one.
const UNKNOWN: i32 = 24 * DB;
/// Smoothed over about 350 ms: a quarter of the difference a tick.
const SMOOTHING: i32 = 4;
/// Speech is at least so much above the floor: −50 dBov.
const SPEECH: i32 = 20 * DB;
/// Who takes over from somebody who still speaks is louder by so much …
const DOMINANCE: i32 = 6 * DB;
/// … for so many ticks.
const INTERRUPT: u32 = 5;
/// Who takes over from somebody who has stopped speaks for so many ticks; a cough is shorter.
const FOLLOW: u32 = 3;
/// Ticks without speech after which nobody is the active speaker.
const FADE: u32 = 20;
/// Ticks without speech after which a publication makes room in the ranking.
const QUIET: u32 = 15;

/// Loudness of one room's audio publications.
///
/// Levels are gathered packet by packet and weighed once a [`TICK`], each by the bytes of its packet: a level is what the
/// sender says, the bytes are what it sends. Who tells no levels speaks while its packets are those of speech, but makes
/// room for those who tell them. A function of its calls alone: equal loudness goes by key and by who was there first.
#[derive(Debug, Clone)]
pub struct ActiveSpeaker<K> {
    /// By key.
    voices: Vec<Voice<K>>,
    /// All keys; see [`Self::loudest`].
    ranking: Vec<K>,
    active: Option<K>,
    /// Who wants to become active, and for how many ticks.
    challenger: Option<(K, u32)>,
    /// The newest tick, while anybody is to be weighed.
    ticked: Option<Micros>,
}

#[derive(Debug, Clone, Copy)]
struct Voice<K> {
    key: K,
    /// Sum of the loudness of this tick's packets, each times its weight, and of the weights.
    sum: i64,
    weight: i64,
    /// The newest packet told no level.
    unknown: bool,
    /// Smoothed loudness, in sixteenths of a decibel above the floor.
    loudness: i32,
    /// Ticks in a row with speech, and without.
    speaking: u32,
    quiet: u32,
}

/// What a tick changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Changes {
    /// [`ActiveSpeaker::active`].
    pub active: bool,
    /// [`ActiveSpeaker::loudest`].
    pub ranking: bool,
}

impl<K> Default for ActiveSpeaker<K> {
    fn default() -> Self {
        Self { voices: Vec::new(), ranking: Vec::new(), active: None, challenger: None, ticked: None }
    }
}

impl<K: Copy + Ord> ActiveSpeaker<K> {
    /// A publication comes, silent, last of the ranking. Repeated: nothing.
    pub fn add(&mut self, key: K) {
        if let Err(place) = self.find(key) {
            let voice = Voice::silent(key);
            self.voices.insert(place, voice);
            self.ranking.push(key);
        }
    }

    /// A publication goes. True: it was the active speaker, now nobody is.
    pub fn remove(&mut self, key: K) -> bool {
        if let Ok(place) = self.find(key) {
            self.voices.remove(place);
            self.ranking.retain(|ranked| *ranked != key);
        }
        self.unseat(key)
    }

    /// A publication is muted: silent from now on, though it keeps its rank until somebody needs it. True: it was
    /// the active speaker, now nobody is.
    pub fn mute(&mut self, key: K) -> bool {
        if let Some(voice) = self.voice(key) {
            *voice = Voice::silent(key);
        }
        self.unseat(key)
    }

    /// A packet of so many bytes, and its level, if its sender tells it.
    pub fn observe(&mut self, key: K, level: Option<AudioLevel>, bytes: usize, now: Micros) {
        let Some(entry) = self.voice(key) else { return };
        let weight = bytes.saturating_sub(NOTHING) as i64;
        let loudness = level.map_or(UNKNOWN, |AudioLevel { level, voice }| {
            (FLOOR - i32::from(level.min(127)) - if voice { 0 } else { NO_VOICE }).max(0) * DB
        });
        entry.sum = entry.sum.saturating_add(weight * i64::from(loudness));
        entry.weight = entry.weight.saturating_add(weight);
        entry.unknown = level.is_none();
        if weight > 0 && loudness > 0 && self.ticked.is_none() {
            self.ticked = Some(now);
        }
    }

    /// When to call [`Self::tick`] next; `None` while all is silent.
    pub fn next_deadline(&self) -> Option<Micros> {
        self.ticked.map(|ticked| ticked + TICK)
    }

    /// Weighs what was heard since the last tick, once for every [`TICK`] that has passed.
    pub fn tick(&mut self, now: Micros) -> Changes {
        let mut changes = Changes::default();
        let Some(ticked) = self.ticked else { return changes };
        let passed = (now.since(ticked).as_micros() / TICK.as_micros()) as u64;
        for _ in 0..passed.min(MAX_TICKS) {
            for voice in &mut self.voices {
                voice.weigh();
            }
            changes.active |= self.elect();
            changes.ranking |= self.rank();
        }
        let silent = self.active.is_none() && self.voices.iter().all(Voice::is_silent);
        self.ticked = (!silent).then(|| Micros(ticked.0 + passed * TICK.as_micros() as u64));
        changes
    }

    /// The active speaker.
    pub const fn active(&self) -> Option<K> {
        self.active
    }

    /// All publications, those first that are most worth an audio slot.
    ///
    /// The order is stable: a publication moves only when it begins to speak and then only ahead of those that have been
    /// quiet for a while, so that the first `n`, whatever `n`, are those who speak or spoke last; who tells levels moves ahead
    /// of those who do not, too. Leave out what a receiver may not hear and give the first `n` to [`fill`].
    pub fn loudest(&self) -> &[K] {
        &self.ranking
    }

    /// Chooses the active speaker anew. True: it is another one.
    fn elect(&mut self) -> bool {
        let incumbent = self.active.and_then(|key| self.voice(key).copied());
        // Of equally loud ones the first by key.
        let loudest =
            self.voices.iter().rev().max_by_key(|voice| voice.loudness).filter(|voice| voice.speaking > 0);
        let holds = |voice: &Voice<K>| voice.speaking > 0;
        let candidate = match (incumbent, loudest) {
            (Some(incumbent), Some(voice)) if voice.key == incumbent.key => None,
            (Some(incumbent), Some(voice)) if holds(&incumbent) => {
                (voice.loudness >= incumbent.loudness + DOMINANCE).then_some((voice.key, INTERRUPT))
            }
            (_, loudest) => loudest.map(|voice| (voice.key, FOLLOW)),
        };
        let before = self.challenger.take();
        if let Some((key, needed)) = candidate {
            let ticks = before.filter(|(who, _)| *who == key).map_or(1, |(_, ticks)| ticks + 1);
            if ticks >= needed {
                self.active = Some(key);
                return true;
            }
            self.challenger = Some((key, ticks));
        }
        let faded = incumbent.is_some_and(|incumbent| incumbent.quiet >= FADE);
        if faded {
            self.active = None;
        }
        faded
    }

    /// Moves who speaks ahead of who has been quiet for a while. True: somebody moved.
    fn rank(&mut self) -> bool {
        let (place, known) = self.move_ahead(0, |voice| voice.quiet < QUIET && !voice.unknown);
        // A sender without levels may be silent all the time: nobody else shall be unheard for that.
        let (_, unknown) = self.move_ahead(place, |voice| voice.quiet < QUIET);
        known || unknown
    }

    /// Moves those who hold a place and speak ahead of those who hold none, in the ranking from `place` on. Where those who
    /// hold a place end, and whether somebody moved.
    fn move_ahead(&mut self, from: usize, holds: impl Fn(&Voice<K>) -> bool) -> (usize, bool) {
        let (mut place, mut moved) = (from, false);
        for at in from..self.ranking.len() {
            let Some(voice) = self.ranking.get(at).and_then(|key| self.find(*key).ok()) else { continue };
            let Some(voice) = self.voices.get(voice).filter(|voice| holds(voice)) else { continue };
            let speaks = voice.speaking >= FOLLOW;
            // `place` is the first that may have to make room.
            if place == at {
                place = at + 1;
            } else if speaks && let Some(range) = self.ranking.get_mut(place..=at) {
                range.rotate_right(1);
                place += 1;
                moved = true;
            }
        }
        (place, moved)
    }

    fn unseat(&mut self, key: K) -> bool {
        self.challenger = self.challenger.filter(|(who, _)| *who != key);
        self.active.take_if(|active| *active == key).is_some()
    }

    fn find(&self, key: K) -> Result<usize, usize> {
        self.voices.binary_search_by_key(&key, |voice| voice.key)
    }

    fn voice(&mut self, key: K) -> Option<&mut Voice<K>> {
        let place = self.find(key).ok()?;
        self.voices.get_mut(place)
    }
}

impl<K> Voice<K> {
    const fn silent(key: K) -> Self {
        Self { key, sum: 0, weight: 0, unknown: false, loudness: 0, speaking: 0, quiet: QUIET }
    }

    /// Takes this tick's mean into the smoothed loudness; fewer bytes than a voice has are silence, whatever they claim.
    fn weigh(&mut self) {
        let mean = if self.weight >= SPOKEN { (self.sum / self.weight) as i32 } else { 0 };
        (self.sum, self.weight) = (0, 0);
        self.loudness += (mean - self.loudness) / SMOOTHING;
        if mean < self.loudness && self.loudness < SMOOTHING {
            self.loudness = 0;
        }
        if self.loudness >= SPEECH {
            (self.speaking, self.quiet) = (self.speaking.saturating_add(1), 0);
        } else {
            (self.speaking, self.quiet) = (0, self.quiet.saturating_add(1));
        }
    }

    const fn is_silent(&self) -> bool {
        self.loudness == 0 && self.sum == 0 && self.quiet >= QUIET
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn level(level: u8, voice: bool) -> Option<AudioLevel> {
        Some(AudioLevel { level, voice })
    }

    /// A room on virtual time: every publication sends a packet of 60 bytes each 20 ms.
    struct Room {
        speakers: ActiveSpeaker<char>,
        now: u64,
        /// Moments in milliseconds at which the active speaker changed.
        changes: Vec<(u64, Option<char>)>,
        /// Who tells levels.
        talkers: Vec<char>,
    }

    impl Room {
        fn new(keys: &str) -> Self {
            let mut speakers = ActiveSpeaker::default();
            keys.chars().for_each(|key| speakers.add(key));
            Self { speakers, now: 10_000, changes: Vec::new(), talkers: keys.chars().collect() }
        }

        /// For `duration` ms those named speak at their level; the others send noise at −80 dBov.
        fn hear(&mut self, duration: u64, loud: &[(char, u8)]) {
            for _ in 0..duration / 20 {
                let now = Micros::from_millis(self.now);
                for key in self.talkers.clone() {
                    let level = loud.iter().find(|(who, _)| *who == key).map(|(_, level)| *level);
                    self.speakers.observe(key, self::level(level.unwrap_or(80), level.is_some()), 60, now);
                }
                self.now += 20;
                let now = Micros::from_millis(self.now);
                if self.speakers.next_deadline().is_some_and(|deadline| deadline <= now)
                    && self.speakers.tick(now).active
                {
                    self.changes.push((self.now, self.speakers.active()));
                }
            }
        }

        fn ranking(&self) -> String {
            self.speakers.loudest().iter().collect()
        }
    }

    #[test]
    fn who_speaks_becomes_active_within_a_second_and_fades_after_two_of_silence() {
        let mut room = Room::new("ab");
        room.hear(5_000, &[('b', 30)]);
        let [(at, Some('b'))] = room.changes[..] else { panic!("{:?}", room.changes) };
        assert!((10_300..=10_800).contains(&at), "{at}");
        room.hear(5_000, &[]);
        let [_, (at, None)] = room.changes[..] else { panic!("{:?}", room.changes) };
        assert!((17_000..=17_700).contains(&at), "{at}");
        assert_eq!(room.speakers.next_deadline(), None);
    }

    #[test]
    fn a_cough_does_not_take_the_floor() {
        let mut room = Room::new("ab");
        room.hear(3_000, &[('a', 35)]);
        room.hear(240, &[('a', 35), ('b', 8)]);
        room.hear(3_000, &[('a', 35)]);
        assert_eq!(room.changes.len(), 1, "{:?}", room.changes);
        // Nor in a pause of the speaker.
        room.hear(700, &[]);
        room.hear(160, &[('b', 15)]);
        room.hear(600, &[]);
        assert_eq!(room.changes.len(), 1, "{:?}", room.changes);
    }

    #[test]
    fn equal_voices_do_not_take_turns_and_a_dominant_one_wins() {
        let mut room = Room::new("abc");
        room.hear(2_000, &[('b', 30)]);
        room.hear(5_000, &[('a', 28), ('b', 30), ('c', 31)]);
        assert_eq!(room.speakers.active(), Some('b'));
        room.hear(2_000, &[('a', 15), ('b', 30)]);
        assert_eq!(room.speakers.active(), Some('a'));
        assert_eq!(room.changes.len(), 2);
    }

    #[test]
    fn the_floor_passes_when_the_speaker_stops() {
        let mut room = Room::new("ab");
        room.hear(2_000, &[('a', 25)]);
        let stop = room.now;
        room.hear(2_000, &[('b', 35)]);
        let [_, (at, Some('b'))] = room.changes[..] else { panic!("{:?}", room.changes) };
        assert!(at - stop <= 1_200, "{}", at - stop);
    }

    #[test]
    fn loud_noise_that_is_no_voice_counts_less() {
        let mut room = Room::new("ab");
        for n in 0..250_u64 {
            room.speakers.observe('a', level(45, false), 60, Micros::from_millis(n * 20));
            room.speakers.observe('b', level(45, true), 60, Micros::from_millis(n * 20));
            room.speakers.tick(Micros::from_millis(n * 20));
        }
        assert_eq!(room.speakers.active(), Some('b'));
        room.speakers.remove('b');
        for n in 250..500_u64 {
            room.speakers.observe('a', level(45, false), 60, Micros::from_millis(n * 20));
            room.speakers.tick(Micros::from_millis(n * 20));
        }
        assert_eq!(room.speakers.active(), None);
    }

    #[test]
    fn who_is_muted_or_gone_is_not_active() {
        let mut room = Room::new("ab");
        room.hear(2_000, &[('a', 25)]);
        assert!(room.speakers.mute('a'));
        assert_eq!(room.speakers.active(), None);
        room.hear(2_000, &[('a', 25)]);
        assert!(!room.speakers.remove('b'));
        assert!(room.speakers.remove('a'));
        assert_eq!((room.speakers.active(), room.ranking()), (None, String::new()));
        room.speakers.observe('a', level(0, true), 60, Micros(0));
        room.speakers.add('c');
        room.speakers.add('c');
        assert_eq!(room.ranking(), "c");
    }

    #[test]
    fn the_ranking_moves_only_who_begins_to_speak_ahead_of_the_quiet() {
        let mut room = Room::new("abcde");
        room.hear(3_000, &[('d', 30)]);
        assert_eq!(room.ranking(), "dabce");
        room.hear(3_000, &[('d', 30), ('c', 40)]);
        assert_eq!(room.ranking(), "dcabe");
        // Louder than the others is no reason to move those who speak.
        room.hear(3_000, &[('d', 40), ('c', 40), ('e', 10)]);
        assert_eq!(room.ranking(), "dceab");
        // A short pause costs no place.
        room.hear(1_000, &[('c', 30), ('e', 30)]);
        assert_eq!(room.ranking(), "dceab");
        room.hear(3_000, &[('b', 30), ('c', 30), ('e', 30)]);
        assert_eq!(room.ranking(), "cebda");
    }

    /// For three seconds somebody sends packets of so many bytes each so many milliseconds; who is active then.
    fn active_after(level: Option<AudioLevel>, bytes: usize, interval: u64) -> Option<char> {
        let mut speakers = ActiveSpeaker::default();
        speakers.add('a');
        for now in 0..3_000 {
            let now_micros = Micros::from_millis(now);
            if now.is_multiple_of(interval) {
                speakers.observe('a', level, bytes, now_micros);
            }
            speakers.tick(now_micros);
        }
        speakers.active()
    }

    #[test]
    fn the_loudest_claim_without_the_bytes_of_a_voice_is_silence() {
        // Comfort noise, however often; and a large packet now and then.
        for (bytes, interval) in [(3, 20), (3, 1), (8, 1), (60, 400), (1200, 400)] {
            assert_eq!(active_after(level(0, true), bytes, interval), None, "{bytes} each {interval} ms");
            assert_eq!(active_after(None, bytes, interval), None, "{bytes} each {interval} ms");
        }
    }

    #[test]
    fn every_rate_and_frame_that_opus_speaks_in_is_heard() {
        // 6 kbit/s in 20 and 60 ms, 16 in 10, 32 in 20, 64 in 2.5 (here 3), 510 in 20.
        for (bytes, interval) in [(15, 20), (45, 60), (20, 10), (80, 20), (20, 3), (1275, 20)] {
            assert_eq!(
                active_after(level(30, true), bytes, interval),
                Some('a'),
                "{bytes} each {interval} ms"
            );
            assert_eq!(active_after(None, bytes, interval), Some('a'), "{bytes} each {interval} ms");
        }
    }

    #[test]
    fn small_packets_that_claim_much_do_not_raise_a_low_voice() {
        let mut room = Room::new("ab");
        for _ in 0..150 {
            room.speakers.observe('a', level(0, true), 3, Micros::from_millis(room.now));
            room.hear(20, &[('a', 45), ('b', 30)]);
        }
        assert_eq!(room.speakers.active(), Some('b'));
    }

    #[test]
    fn who_tells_no_level_is_heard_before_the_quiet_and_makes_room_for_who_does() {
        let mut room = Room::new("abuv");
        room.talkers = vec!['a', 'b'];
        let go_on = |room: &mut Room, duration: u64, sizes: [usize; 2], loud: &[(char, u8)]| {
            for _ in 0..duration / 20 {
                for (key, bytes) in ['u', 'v'].into_iter().zip(sizes) {
                    room.speakers.observe(key, None, bytes, Micros::from_millis(room.now));
                }
                room.hear(20, loud);
            }
        };
        go_on(&mut room, 3_000, [3, 80], &[]);
        assert_eq!((room.ranking().as_str(), room.speakers.active()), ("vabu", Some('v')));
        // Both are silent all the time as far as anybody can tell; the one who was heard stays.
        go_on(&mut room, 3_000, [80, 80], &[]);
        assert_eq!(room.ranking(), "vuab");
        go_on(&mut room, 3_000, [80, 80], &[('b', 35)]);
        assert_eq!((room.ranking().as_str(), room.speakers.active()), ("bvua", Some('b')));
        go_on(&mut room, 3_000, [3, 80], &[('a', 35)]);
        assert_eq!(room.ranking(), "avbu");
    }

    #[test]
    fn a_pause_of_the_driver_is_silence() {
        let mut room = Room::new("a");
        room.hear(2_000, &[('a', 25)]);
        assert_eq!(room.speakers.active(), Some('a'));
        assert!(room.speakers.tick(Micros::from_millis(1 << 40)).active);
        assert_eq!(room.speakers.active(), None);
    }
}
