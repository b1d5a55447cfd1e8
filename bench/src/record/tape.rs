//! From observed packets to the lines of a trace.

use crate::{client::Observed, trace::Line};
use std::{collections::HashMap, time::Duration};
use viva_media::{CodecKind, Ssrc};

/// Lines of the pictures of a camera, from the smallest encoding.
pub const HEIGHTS: [u16; 3] = [180, 360, 720];

/// Two stretches of this length are compared, in microseconds.
const STRETCH: u64 = 6_000_000;
/// Rates that differ less, as a part of one, stand still.
const STEADY: f64 = 0.1;
/// A camera of 30 frames a second that loses more than these to a busy machine is no example.
const FRAMES: f64 = 27.0;
/// Key frames of all encodings that were asked for at once come within this time of each other, in microseconds.
const TOGETHER: u64 = 200_000;

/// Lines of both traces, on the clock of the kernel.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tape {
    /// Packets of all three encodings, one line each.
    pub camera: Vec<Line>,
    pub microphone: Vec<Line>,
}

/// Turns packets into lines.
#[derive(Default)]
pub struct Reader {
    /// All that was read.
    pub tape: Tape,
    /// Packets that never came, and those of pictures of another size: a browser that cannot keep up makes them smaller.
    pub missing: u64,
    streams: HashMap<Ssrc, Stream>,
}

/// One stream, which is what one slot shows.
#[derive(Default)]
struct Stream {
    highest: Option<u64>,
    /// Lines of its picture, since its last key frame.
    height: Option<u16>,
    /// It is inside a key frame.
    key: bool,
}

impl Reader {
    /// Reads one packet. What comes late is counted as missing, and a picture before its first key frame left out.
    pub fn read(&mut self, packet: &Observed) {
        let stream = self.streams.entry(packet.ssrc).or_default();
        if let Some(highest) = stream.highest {
            if packet.index <= highest {
                return;
            }
            self.missing += packet.index - highest - 1;
        }
        stream.highest = Some(packet.index);
        let frame = packet.frame;
        if frame.starts_frame {
            stream.key = frame.key_frame;
            stream.height = frame.size.map(|(_, height)| height).or(stream.height);
        }
        let sound = packet.codec == CodecKind::Opus;
        let layer = match stream.height {
            _ if sound => 0,
            Some(height) => match HEIGHTS.iter().position(|known| *known == height) {
                Some(layer) => layer,
                None => return self.missing += 1,
            },
            None => return,
        };
        let line = Line {
            at: packet.at,
            layer,
            size: packet.size,
            key: sound || stream.key,
            start: frame.starts_frame,
            // With sound the RTP marker begins a talk spurt; each packet is a frame.
            marker: sound || packet.marker,
            sync: frame.layer_sync,
            temporal: frame.temporal,
        };
        if sound { &mut self.tape.microphone } else { &mut self.tape.camera }.push(line);
    }

    /// The sizes that flow, and the rates of the last stretch.
    pub fn describe(&self, now: u64) -> String {
        let heights: Vec<_> = self.streams.values().filter_map(|stream| stream.height).collect();
        let rate = |layer| self.tape.rate(layer, now.saturating_sub(STRETCH), now);
        let rates: Vec<_> = (0..HEIGHTS.len()).map(rate).map(|(frames, bits)| (frames, bits / 1e3)).collect();
        format!("lines {heights:?}; frames and kbit a second of each encoding: {rates:.1?}")
    }
}

impl Tape {
    /// Sound flows, and all encodings have flowed for two stretches, fully and alike.
    pub fn settled(&self, now: u64) -> bool {
        let middle = now.saturating_sub(STRETCH);
        let alike = |layer| {
            let (before, bits_before) = self.rate(layer, middle.saturating_sub(STRETCH), middle);
            let (after, bits_after) = self.rate(layer, middle, now);
            before.min(after) > FRAMES && (bits_before - bits_after).abs() < STEADY * bits_after
        };
        (0..HEIGHTS.len()).all(alike) && self.microphone.first().is_some_and(|first| first.at < middle)
    }

    /// Frames and bits a second of an encoding between two times.
    fn rate(&self, layer: usize, from: u64, to: u64) -> (f64, f64) {
        let recent = self.camera.iter().rev().take_while(|line| line.at >= from);
        let own = recent.filter(|line| line.layer == layer && line.at < to);
        let (mut frames, mut bytes) = (0u64, 0);
        for line in own {
            frames += u64::from(line.start);
            bytes += u64::from(line.size);
        }
        let seconds = (to - from).max(1) as f64 / 1e6;
        (frames as f64 / seconds, bytes as f64 * 8.0 / seconds)
    }

    /// The part that begins with a key frame of every encoding, between `from` and `latest`; its times begin at 0.
    pub fn cut(&self, from: u64, latest: u64, length: Duration) -> Option<Self> {
        let key = |layer| {
            let mut own = self.camera.iter().filter(|line| line.layer == layer && line.at >= from);
            own.find(|line| line.start && line.key).map(|line| line.at)
        };
        let keys = (0..HEIGHTS.len()).map(key).collect::<Option<Vec<_>>>()?;
        let (begin, end) = (*keys.iter().min()?, *keys.iter().max()?);
        if end > latest || end - begin > TOGETHER {
            return None;
        }
        let length = length.as_micros() as u64;
        let camera = whole_frames(&self.camera, &keys, begin, begin + length);
        let microphone = whole_frames(&self.microphone, &[begin], begin, begin + length);
        Some(Self { camera, microphone })
    }

    /// The longest time between the beginnings of two frames of one encoding, or two packets of sound.
    pub fn longest_pause(&self) -> Duration {
        let encodings = (0..HEIGHTS.len()).map(|layer| pause(&self.camera, layer));
        Duration::from_micros(encodings.fold(pause(&self.microphone, 0), u64::max))
    }
}

fn pause(lines: &[Line], layer: usize) -> u64 {
    let frames = lines.iter().filter(|line| line.layer == layer && line.start);
    let begins: Vec<u64> = frames.map(|line| line.at).collect();
    begins.windows(2).map(|pair| pair[1] - pair[0]).max().unwrap_or(0)
}

/// Frames that begin before `end` and, of each layer, not before its own beginning; counted from `zero`.
fn whole_frames(lines: &[Line], begins: &[u64], zero: u64, end: u64) -> Vec<Line> {
    let mut open = vec![false; begins.len()];
    let mut kept = Vec::new();
    for line in lines {
        let (Some(open), Some(begin)) = (open.get_mut(line.layer), begins.get(line.layer)) else { continue };
        *open = if line.start { (*begin..end).contains(&line.at) } else { *open };
        if *open {
            kept.push(Line { at: line.at - zero, ..*line });
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use viva_wire::codec::Frame;

    fn packet(ssrc: u32, index: u64, at: u64, payload: &[u8]) -> Observed {
        let frame = viva_wire::codec::inspect(CodecKind::Vp8, payload).expect("a descriptor");
        let size = payload.len() as u16;
        Observed { at, ssrc: Ssrc(ssrc), index, codec: CodecKind::Vp8, marker: true, size, frame }
    }

    /// A key frame with these lines, with picture id, TL0PICIDX, TID and Y.
    fn key(height: u8) -> [u8; 16] {
        [0x90, 0xe0, 0x80, 1, 1, 0x20, 0x10, 0, 0, 0x9d, 0x01, 0x2a, 64, 1, height, 0]
    }

    /// A frame of temporal layer 2 that needs one before it, at which one can switch up; and its second packet.
    const DELTA: [u8; 7] = [0xb0, 0xe0, 0x80, 2, 1, 0xa0, 0x01];
    const REST: [u8; 7] = [0xa0, 0xe0, 0x80, 2, 1, 0xa0, 0x01];

    #[test]
    fn a_descriptor_becomes_a_line() {
        let mut reader = Reader::default();
        reader.read(&packet(5, 9, 900, &DELTA));
        assert!(reader.tape.camera.is_empty(), "nobody knows yet which encoding it is");
        reader.read(&packet(5, 10, 1000, &key(180)));
        reader.read(&Observed { marker: false, ..packet(5, 11, 2000, &DELTA) });
        reader.read(&packet(5, 12, 2010, &REST));
        let mut text = String::new();
        reader.tape.camera.iter().for_each(|line| line.write(&mut text));
        assert_eq!(text, "1000 0 16 ksmy 0\n2000 0 7 sy 2\n2010 0 7 my 2\n");
        assert_eq!(reader.missing, 0);
    }

    #[test]
    fn a_packet_of_sound_is_a_frame() {
        let mut reader = Reader::default();
        let frame = Frame { starts_frame: true, key_frame: true, ..Frame::default() };
        let opus = Observed { codec: CodecKind::Opus, marker: false, frame, ..packet(7, 3, 50, &DELTA) };
        reader.read(&opus);
        let [line] = reader.tape.microphone[..] else { panic!("one line") };
        assert!(line.key && line.start && line.marker);
    }

    #[test]
    fn gaps_are_counted_and_what_comes_twice_is_left_out() {
        let mut reader = Reader::default();
        for index in [10, 13, 13, 14] {
            reader.read(&packet(5, index, 1000, &key(180)));
        }
        assert_eq!((reader.missing, reader.tape.camera.len()), (2, 3));
    }

    #[test]
    fn a_cut_begins_with_key_frames_and_ends_with_whole_frames() {
        let line = |at, layer, key, start, marker| Line {
            at,
            layer,
            size: 9,
            key,
            start,
            marker,
            sync: false,
            temporal: 0,
        };
        let camera = vec![
            line(90, 0, true, true, true),
            line(100, 2, false, true, true),
            line(110, 1, true, true, true),
            line(120, 0, true, true, true),
            line(130, 2, true, true, false),
            line(1_000_100, 2, true, false, true),
            line(1_000_109, 0, false, true, false),
            line(1_000_111, 1, false, true, true),
            line(1_000_112, 0, false, false, true),
        ];
        let microphone = vec![line(100, 0, true, true, true), line(115, 0, true, true, true)];
        let tape = Tape { camera, microphone };
        let cut = tape.cut(95, 200, Duration::from_secs(1)).expect("key frames");
        let times: Vec<u64> = cut.camera.iter().map(|line| line.at).collect();
        assert_eq!(times, [0, 10, 20, 999_990, 999_999, 1_000_002]);
        assert_eq!(cut.microphone.iter().map(|line| line.at).collect::<Vec<_>>(), [5]);
        assert_eq!(cut.longest_pause(), Duration::from_micros(999_989));
        assert_eq!(tape.cut(125, 200, Duration::from_secs(1)), None, "no other key frames");
        assert_eq!(tape.cut(95, 125, Duration::from_secs(1)), None, "too late");
    }
}
