//! What a browser sent, packet by packet: times, sizes and frame marks, without its pictures and sounds.
//!
//! A trace is a text file. Lines beginning with `#` say where it is from; every other line is one packet:
//! `microseconds layer bytes marks temporal`. Bytes are those of the RTP payload, without header extensions and
//! padding. The marks are `k` for a packet of a key frame, `s` for the first packet of a frame, `m` for the marker,
//! `y` for a layer synchronisation point (RFC 7741 §4.2), or `-`.

use std::{collections::HashMap, fmt::Write as _, ops::Range};

/// The camera of a browser with three encodings.
const CAMERA: &str = include_str!("../traces/camera.txt");
/// The microphone of a browser.
const MICROPHONE: &str = include_str!("../traces/microphone.txt");

/// One recorded track, played over and over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trace {
    /// All frames, by time.
    pub frames: Vec<Frame>,
    pub packets: Vec<Packet>,
    /// From the first frame to the first of the next round, in microseconds.
    pub duration: u64,
    /// Of each layer, its first key frame in [`Self::frames`].
    pub key_frames: Vec<usize>,
}

/// One frame of one layer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// When its first packet left, in microseconds.
    pub at: u64,
    /// Which encoding, counted from the smallest.
    pub layer: usize,
    /// It can be decoded without any before it.
    pub key: bool,
    /// Its temporal layer.
    pub temporal: u8,
    /// One can switch up to its temporal layer here.
    pub sync: bool,
    /// Its packets in [`Trace::packets`].
    pub packets: Range<usize>,
}

/// One packet of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Packet {
    /// When it left, in microseconds.
    pub at: u64,
    /// Bytes of its RTP payload.
    pub size: u16,
}

/// One line of a trace file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    /// Microseconds since the beginning.
    pub at: u64,
    /// Encoding, counted from the smallest.
    pub layer: usize,
    /// Bytes of the RTP payload.
    pub size: u16,
    /// Of a key frame.
    pub key: bool,
    /// First of its frame.
    pub start: bool,
    /// The RTP marker: last of its frame.
    pub marker: bool,
    /// A layer synchronisation point.
    pub sync: bool,
    pub temporal: u8,
}

impl Trace {
    /// The recorded camera.
    ///
    /// # Errors
    /// Where the file is broken.
    pub fn camera() -> Result<Self, BadTrace> {
        Self::parse(CAMERA)
    }

    /// The recorded microphone.
    ///
    /// # Errors
    /// Where the file is broken.
    pub fn microphone() -> Result<Self, BadTrace> {
        Self::parse(MICROPHONE)
    }

    /// Reads a trace file.
    ///
    /// # Errors
    /// Names the line that cannot be read.
    pub fn parse(text: &str) -> Result<Self, BadTrace> {
        let mut lines = Vec::new();
        for (index, line) in text.lines().enumerate() {
            if line.starts_with('#') || line.trim().is_empty() {
                continue;
            }
            lines.push(Line::parse(line).ok_or(BadTrace { line: index + 1, reason: "not of five fields" })?);
        }
        Self::from_lines(&lines)
    }

    /// Gathers packets into frames; what comes before a frame's first packet is left out.
    ///
    /// # Errors
    /// Where a layer has no key frame.
    pub fn from_lines(lines: &[Line]) -> Result<Self, BadTrace> {
        let mut open: HashMap<usize, (Line, Vec<Packet>)> = HashMap::new();
        let mut done = Vec::new();
        for line in lines {
            let packet = Packet { at: line.at, size: line.size };
            if line.start {
                done.extend(open.insert(line.layer, (*line, vec![packet])));
            } else if let Some((_, packets)) = open.get_mut(&line.layer) {
                packets.push(packet);
            }
            if line.marker {
                done.extend(open.remove(&line.layer));
            }
        }
        done.extend(open.into_values());
        done.sort_by_key(|(first, _)| (first.at, first.layer));
        let (mut frames, mut packets) = (Vec::new(), Vec::new());
        for (first, own) in done {
            let begin = packets.len();
            packets.extend(own);
            frames.push(Frame {
                at: first.at,
                layer: first.layer,
                key: first.key,
                temporal: first.temporal,
                sync: first.sync,
                packets: begin..packets.len(),
            });
        }
        let layers = frames.iter().map(|frame| frame.layer + 1).max().unwrap_or(0);
        let key_frames = (0..layers)
            .map(|layer| frames.iter().position(|frame| frame.layer == layer && frame.key))
            .collect::<Option<Vec<_>>>()
            .filter(|keys| !keys.is_empty())
            .ok_or(BadTrace { line: 0, reason: "a layer without a key frame" })?;
        let (first, last) = frames.first().zip(frames.last()).map_or((0, 0), |(a, b)| (a.at, b.at));
        let own = frames.iter().filter(|frame| frame.layer == 0).count().max(2) as u64;
        // The next round begins one frame interval after the last frame.
        let duration = (last - first) + (last - first) / (own - 1);
        for frame in &mut frames {
            frame.at -= first;
        }
        for packet in &mut packets {
            packet.at = packet.at.saturating_sub(first);
        }
        Ok(Self { frames, packets, duration: duration.max(1), key_frames })
    }

    /// How many encodings it holds.
    pub fn layers(&self) -> usize {
        self.key_frames.len()
    }

    /// Packets of one layer each second.
    pub fn packet_rate(&self, layer: usize) -> f64 {
        let own = self.frames.iter().filter(|frame| frame.layer == layer);
        own.map(|frame| frame.packets.len()).sum::<usize>() as f64 * 1e6 / self.duration as f64
    }

    /// Bits of one layer's payload each second.
    pub fn bitrate(&self, layer: usize) -> f64 {
        let own = self.frames.iter().filter(|frame| frame.layer == layer);
        let bytes: u64 = own
            .flat_map(|f| self.packets.get(f.packets.clone()).unwrap_or_default())
            .map(|p| u64::from(p.size))
            .sum();
        bytes as f64 * 8e6 / self.duration as f64
    }
}

impl Line {
    fn parse(line: &str) -> Option<Self> {
        let mut fields = line.split_ascii_whitespace();
        let (at, layer, size) = (fields.next()?, fields.next()?, fields.next()?);
        let (marks, temporal) = (fields.next()?, fields.next()?);
        if fields.next().is_some() {
            return None;
        }
        Some(Self {
            at: at.parse().ok()?,
            layer: layer.parse().ok().filter(|layer| *layer < 3)?,
            size: size.parse().ok().filter(|size| *size <= 1400)?,
            key: marks.contains('k'),
            start: marks.contains('s'),
            marker: marks.contains('m'),
            sync: marks.contains('y'),
            temporal: temporal.parse().ok().filter(|temporal| *temporal < 4)?,
        })
    }

    /// As it stands in a file.
    pub fn write(&self, text: &mut String) {
        let marks: String = [(self.key, 'k'), (self.start, 's'), (self.marker, 'm'), (self.sync, 'y')]
            .into_iter()
            .filter_map(|(set, mark)| set.then_some(mark))
            .collect();
        let marks = if marks.is_empty() { "-" } else { &marks };
        // Writing to a string does not fail.
        let _ = writeln!(text, "{} {} {} {marks} {}", self.at, self.layer, self.size, self.temporal);
    }
}

/// A trace that cannot be played.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadTrace {
    /// From 1; 0 for the whole.
    pub line: usize,
    /// What is wrong.
    pub reason: &'static str,
}

impl std::fmt::Display for BadTrace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "trace, line {}: {}", self.line, self.reason)
    }
}

impl std::error::Error for BadTrace {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packets_become_frames_and_a_round_ends_one_interval_after_the_last() {
        let trace = Trace::parse("# from nowhere\n5000 0 900 ks 0\n5100 0 800 km 0\n15000 0 100 sm 1\n")
            .expect("a trace");
        assert_eq!(trace.frames.len(), 2);
        assert_eq!(trace.frames[0].packets, 0..2);
        assert_eq!((trace.frames[1].at, trace.frames[1].temporal), (10_000, 1));
        assert_eq!(trace.duration, 20_000);
    }

    #[test]
    fn what_is_written_is_read_back() {
        let line = Line {
            at: 7,
            layer: 2,
            size: 1100,
            key: true,
            start: false,
            marker: true,
            sync: false,
            temporal: 1,
        };
        let mut text = String::new();
        line.write(&mut text);
        assert_eq!(Line::parse(&text), Some(line));
    }

    #[test]
    fn broken_lines_are_named() {
        assert_eq!(Trace::parse("0 0 10 ksm 0\n1 0 ten m 0").expect_err("a bad line").line, 2);
        assert_eq!(Trace::parse("0 0 10 sm 0").expect_err("no key frame").line, 0);
    }

    #[test]
    fn the_recorded_traces_can_be_played() {
        let camera = Trace::camera().expect("a camera");
        assert_eq!(camera.layers(), 3);
        assert!(camera.bitrate(2) > camera.bitrate(1) && camera.bitrate(1) > camera.bitrate(0));
        assert_eq!(Trace::microphone().expect("a microphone").layers(), 1);
    }
}
