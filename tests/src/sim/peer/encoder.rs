//! Sizes of frames as encoders at a bitrate make them: they vary, key frames are large, and what was too much is saved later.

use viva_peer::Random;

/// Payload of the largest packet.
const PACKET: u64 = 1_150;
/// A payload has room for its descriptor and its stamp.
const SMALLEST: u64 = 70;
/// Frames over which the encoder saves what it spent too much.
const SAVES: i64 = 15;

/// The rate control of one track.
#[derive(Debug)]
pub struct Encoder {
    /// Bits a second of each encoding, smallest first.
    rates: [u64; 3],
    /// Bytes that each encoding has spent above its rate.
    spent: [i64; 3],
    random: Random,
}

/// One frame, to be split into packets of nearly the same size.
#[derive(Debug, Clone, Copy)]
pub struct Frame {
    bytes: u64,
}

impl Encoder {
    /// An encoder of pictures or sound at these bits a second, smallest encoding first.
    pub fn new(rates: [u64; 3], random: Random) -> Self {
        Self { rates, spent: [0; 3], random }
    }

    /// The next picture of an encoding at so many frames a second.
    pub fn picture(&mut self, layer: usize, frames: u64, key: bool, temporal: u8) -> Frame {
        let mean = self.rates[layer] / 8 / frames;
        // Of three temporal layers the lowest takes 40 % of the bits with a quarter of the frames.
        let weight = if temporal == 0 { 160 } else { 80 };
        let bytes = if key {
            mean * self.random.between(400, 600) / 100
        } else {
            let size = mean * weight * self.random.between(70, 131) / 10_000;
            let bound = (mean * 3 / 10) as i64;
            size.saturating_add_signed(-(self.spent[layer] / SAVES).clamp(-bound, bound))
        };
        let bytes = bytes.max(SMALLEST);
        self.spent[layer] += bytes as i64 - mean as i64;
        Frame { bytes }
    }

    /// Bytes of the next 20 ms of sound.
    pub fn sound(&mut self) -> usize {
        (self.rates[0] / 400 * self.random.between(85, 116) / 100) as usize
    }
}

impl Frame {
    /// Packets that it takes.
    pub fn packets(self) -> u16 {
        self.bytes.div_ceil(PACKET) as u16
    }

    /// Payload of one of them.
    pub fn length(self, packet: u16) -> usize {
        let (packets, packet) = (u64::from(self.packets()), u64::from(packet));
        (self.bytes / packets + u64::from(packet < self.bytes % packets)).max(SMALLEST) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_is_kept_over_key_frames_and_chance() {
        let mut encoder = Encoder::new([150_000, 450_000, 1_500_000], Random::new(1));
        for (layer, rate) in [150_000, 450_000, 1_500_000].into_iter().enumerate() {
            let frames = (0..1_500_u32).map(|frame| {
                let temporal = [0, 2, 1, 2][frame as usize % 4];
                encoder.picture(layer, 25, frame % 300 == 0, temporal)
            });
            let bytes: usize = frames
                .map(|frame| (0..frame.packets()).map(|packet| frame.length(packet)).sum::<usize>())
                .sum();
            let bits = bytes as u64 * 8 / 60;
            assert!(bits.abs_diff(rate) < rate / 30, "{bits} instead of {rate}");
        }
    }
}
