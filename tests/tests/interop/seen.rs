//! What a client has seen, in one form for all libraries, and what must hold of it.

use super::{
    house::PATIENCE,
    pattern::{self, Stamp},
};
use std::collections::BTreeMap;
use tokio::{sync::watch, time::timeout};

/// What a client has seen so far.
#[derive(Debug, Default)]
pub struct Seen {
    /// ICE and DTLS are done.
    pub connected: bool,
    /// How often ICE found a way: once, and once for each restart.
    pub ice_connections: usize,
    /// Media of each section, by its mid.
    pub media: BTreeMap<String, Media>,
    /// Key frames that were asked of this client: the encodings, or an empty text where there is but one.
    pub key_frame_requests: Vec<String>,
    /// Datagrams thrown away on purpose, in and out.
    pub lost: usize,
    /// Datagrams that came in as retransmissions (RFC 4588).
    pub retransmissions_in: usize,
    /// Datagrams that went out as retransmissions.
    pub retransmissions_out: usize,
}

/// What came in one section.
#[derive(Debug, Default)]
pub struct Media {
    /// By extended sequence number: the timestamp, and what the packet says, or why it is not as it was sent.
    packets: BTreeMap<u64, (u32, Result<Stamp, String>)>,
    latest: Option<u64>,
}

impl Seen {
    /// The media of a section, empty where nothing came.
    pub fn of(&self, mid: &str) -> &Media {
        const NOTHING: &Media = &Media { packets: BTreeMap::new(), latest: None };
        self.media.get(mid).unwrap_or(NOTHING)
    }

    /// In short, for the message of a failure.
    fn summary(&self) -> String {
        let media: Vec<_> =
            self.media.iter().map(|(mid, media)| (mid, media.count(), media.newest())).collect();
        let Self { connected, key_frame_requests: keys, lost, .. } = self;
        let (rtx_in, rtx_out) = (self.retransmissions_in, self.retransmissions_out);
        format!(
            "connected {connected}, {media:?}, keys asked {keys:?}, lost {lost}, rtx in {rtx_in}, out {rtx_out}"
        )
    }
}

impl Media {
    /// Takes in a packet by the 16 bits of its sequence number.
    pub fn take(&mut self, video: bool, number: u16, timestamp: u32, payload: &[u8]) {
        if payload.is_empty() {
            // Padding alone: a probe.
            return;
        }
        let latest = self.latest.unwrap_or(u64::from(number) + 0x1_0000);
        let ahead = number.wrapping_sub(latest as u16) as i16;
        let extended = latest.saturating_add_signed(i64::from(ahead));
        self.latest = Some(latest.max(extended));
        self.packets.insert(extended, (timestamp, pattern::read(video, payload)));
    }

    /// How many packets came, each counted once.
    pub fn count(&self) -> usize {
        self.packets.len()
    }

    /// Is no sequence number missing between the first and the last?
    pub fn continuous(&self) -> bool {
        self.missing_after(0) == 0
    }

    /// Sequence numbers that are missing between the first packet after so many, and the last.
    pub fn missing_after(&self, count: usize) -> usize {
        let numbers = self.packets.keys().nth(count).zip(self.packets.keys().next_back());
        numbers.map_or(0, |(first, last)| (last - first + 1) as usize + count - self.packets.len())
    }

    /// The newest packet's stamp.
    pub fn newest(&self) -> Option<Stamp> {
        self.packets.values().next_back().and_then(|(_, stamp)| stamp.as_ref().ok().copied())
    }

    /// All stamps, in the order of sequence numbers.
    ///
    /// # Panics
    /// A packet is missing, was altered, is out of its place, or the picture begins or changes without a key frame.
    #[track_caller]
    pub fn checked(&self) -> Vec<Stamp> {
        assert!(self.continuous(), "sequence numbers are missing among {:?}", self.packets.keys());
        let mut stamps: Vec<Stamp> = Vec::new();
        let mut newest_timestamp = None;
        for (number, (timestamp, stamp)) in &self.packets {
            let stamp = stamp.as_ref().unwrap_or_else(|error| panic!("packet {number}: {error}"));
            let same_source =
                |before: &&Stamp| (before.sender, before.encoding) == (stamp.sender, stamp.encoding);
            match stamps.last().filter(same_source) {
                Some(before) if before.frame == stamp.frame => {
                    assert_eq!(stamp.part, before.part + 1, "packet {number}: {stamp:?} after {before:?}");
                    assert_eq!(newest_timestamp, Some(*timestamp), "one picture, one timestamp");
                }
                Some(before) if stamp.frame == before.frame + 1 => {
                    assert_eq!(stamp.part, 0, "packet {number}: {stamp:?} after {before:?}");
                    let ahead = timestamp.wrapping_sub(newest_timestamp.unwrap_or_default());
                    assert!((1..1 << 31).contains(&ahead), "time goes on: {ahead}");
                }
                // A source that comes (again) comes with the beginning of a key frame.
                _ => assert!(
                    stamp.key && stamp.part == 0,
                    "packet {number}: {stamp:?} after {:?}",
                    stamps.last()
                ),
            }
            newest_timestamp = Some(*timestamp);
            stamps.push(*stamp);
        }
        stamps
    }
}

/// Waits until something was seen.
///
/// # Panics
/// It was not within the patience of a test; the message says what was waited for.
pub async fn until(mut seen: watch::Receiver<Seen>, what: &str, pick: impl FnMut(&Seen) -> bool) {
    let outcome = timeout(PATIENCE, seen.wait_for(pick)).await.map(|found| found.map(drop));
    match outcome {
        Ok(Ok(())) => {}
        Ok(Err(_)) => panic!("the client ended before: {what}"),
        Err(_) => panic!("not in time: {what}; seen {}", seen.borrow().summary()),
    }
}
