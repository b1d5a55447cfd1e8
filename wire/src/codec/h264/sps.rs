//! The picture's size from a sequence parameter set (ITU-T H.264 §7.3.2.1.1), read no further than needed.

/// Profiles whose parameter set carries the chroma format (H.264 §7.3.2.1.1).
const WITH_CHROMA: [u8; 13] = [100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135];

/// Width and height of the cropped picture; `body` is the unit without its header byte. `None` for what ends too early,
/// contradicts itself or is larger than 65,535 pixels.
pub(super) fn picture_size(body: &[u8]) -> Option<(u16, u16)> {
    let mut bits = Bits::new(body);
    let profile = bits.take(8)?;
    bits.take(16)?; // constraint flags, level
    bits.unsigned()?; // seq_parameter_set_id
    let chroma = if WITH_CHROMA.iter().any(|known| u32::from(*known) == profile) {
        chroma_array_type(&mut bits)?
    } else {
        1
    };
    bits.unsigned()?; // log2_max_frame_num_minus4
    picture_order(&mut bits)?;
    bits.unsigned()?; // max_num_ref_frames
    bits.take(1)?; // gaps_in_frame_num_value_allowed_flag
    let width = bits.unsigned()?.checked_add(1)?.checked_mul(16)?;
    let map_units = bits.unsigned()?.checked_add(1)?;
    // Without frame_mbs_only_flag a map unit is two macroblocks high.
    let field = 2 - bits.take(1)?;
    let height = map_units.checked_mul(16)?.checked_mul(field)?;
    if field == 2 {
        bits.take(1)?; // mb_adaptive_frame_field_flag
    }
    bits.take(1)?; // direct_8x8_inference_flag
    let (crop_x, crop_y) = cropping(&mut bits, chroma, field)?;
    let width = u16::try_from(width.checked_sub(crop_x)?).ok()?;
    let height = u16::try_from(height.checked_sub(crop_y)?).ok()?;
    (width > 0 && height > 0).then_some((width, height))
}

/// ChromaArrayType: 0 monochrome or separate planes, 1 4:2:0, 2 4:2:2, 3 4:4:4.
fn chroma_array_type(bits: &mut Bits<'_>) -> Option<u32> {
    let format = bits.unsigned()?;
    if format > 3 {
        return None;
    }
    let separate = format == 3 && bits.take(1)? == 1;
    bits.unsigned()?; // bit_depth_luma_minus8
    bits.unsigned()?; // bit_depth_chroma_minus8
    bits.take(1)?; // qpprime_y_zero_transform_bypass_flag
    if bits.take(1)? == 1 {
        for list in 0..if format == 3 { 12 } else { 8 } {
            if bits.take(1)? == 1 {
                scaling_list(bits, if list < 6 { 16 } else { 64 })?;
            }
        }
    }
    Some(if separate { 0 } else { format })
}

/// H.264 §7.3.2.1.1.1, for its length only.
fn scaling_list(bits: &mut Bits<'_>, size: u32) -> Option<()> {
    let mut last = 8i64;
    for _ in 0..size {
        let next = (last + bits.signed()?).rem_euclid(256);
        if next == 0 {
            break;
        }
        last = next;
    }
    Some(())
}

fn picture_order(bits: &mut Bits<'_>) -> Option<()> {
    match bits.unsigned()? {
        0 => {
            bits.unsigned()?; // log2_max_pic_order_cnt_lsb_minus4
        }
        1 => {
            bits.take(1)?; // delta_pic_order_always_zero_flag
            bits.signed()?; // offset_for_non_ref_pic
            bits.signed()?; // offset_for_top_to_bottom_field
            let cycle = bits.unsigned()?;
            if cycle > 255 {
                return None;
            }
            for _ in 0..cycle {
                bits.signed()?;
            }
        }
        2 => {}
        _ => return None,
    }
    Some(())
}

/// How many pixels of width and height are cut away (H.264 §7.4.2.1.1, CropUnitX and CropUnitY).
fn cropping(bits: &mut Bits<'_>, chroma: u32, field: u32) -> Option<(u32, u32)> {
    if bits.take(1)? == 0 {
        return Some((0, 0));
    }
    let mut sum = || bits.unsigned()?.checked_add(bits.unsigned()?);
    let (columns, rows) = (sum()?, sum()?);
    let unit_x = if matches!(chroma, 1 | 2) { 2 } else { 1 };
    let unit_y = if chroma == 1 { 2 * field } else { field };
    Some((columns.checked_mul(unit_x)?, rows.checked_mul(unit_y)?))
}

/// Reads bits of a raw byte sequence, stepping over emulation prevention bytes (H.264 §7.3.1).
struct Bits<'a> {
    rest: &'a [u8],
    /// Zero bytes just read, at most 2.
    zeros: u8,
    byte: u8,
    /// Bits of `byte` not yet read.
    left: u8,
}

impl<'a> Bits<'a> {
    const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes, zeros: 0, byte: 0, left: 0 }
    }

    /// The next bit, bytes of emulation prevention left out.
    fn bit(&mut self) -> Option<u32> {
        if self.left == 0 {
            let (mut first, mut rest) = self.rest.split_first()?;
            if self.zeros == 2 && *first == 3 {
                (first, rest) = rest.split_first()?;
                self.zeros = 0;
            }
            self.zeros = if *first == 0 { (self.zeros + 1).min(2) } else { 0 };
            (self.byte, self.rest, self.left) = (*first, rest, 8);
        }
        self.left -= 1;
        Some(u32::from(self.byte >> self.left & 1))
    }

    /// `count` bits, at most 32, the highest first.
    fn take(&mut self, count: u32) -> Option<u32> {
        (0..count).try_fold(0, |value, _| Some(value << 1 | self.bit()?))
    }

    /// ue(v) (H.264 §9.1), up to 2³¹ − 2 here; longer codes are no size of anything.
    fn unsigned(&mut self) -> Option<u32> {
        let mut zeros = 0;
        while self.bit()? == 0 {
            zeros += 1;
            if zeros > 30 {
                return None;
            }
        }
        Some((1 << zeros) - 1 + self.take(zeros)?)
    }

    /// se(v) (H.264 §9.1.1).
    fn signed(&mut self) -> Option<i64> {
        let code = i64::from(self.unsigned()?);
        Some(if code % 2 == 0 { -(code / 2) } else { (code + 1) / 2 })
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Constrained baseline, level 3.1, 40×23 macroblocks less 8 rows; with its header byte.
    pub const BASELINE_640X360: &[u8] = &[0x67, 0x42, 0xc0, 0x1f, 0xda, 0x02, 0x80, 0xbf, 0xe5, 0x40];

    /// High profile 1280×720 as x264 writes it, with timing in the VUI and emulation prevention bytes.
    const HIGH_1280X720: &[u8] = &[
        0x64, 0x00, 0x1f, 0xac, 0xd9, 0x40, 0x50, 0x05, 0xbb, 0x01, 0x10, 0x00, 0x00, 0x03, 0x00, 0x10, 0x00,
        0x00, 0x03, 0x03, 0xc0, 0xf1, 0x83, 0x19, 0x60,
    ];

    /// High profile 1920×1080, main profile 638×358 and high 4:4:4 322×242, from x264.
    const OTHERS: [(&[u8], (u16, u16)); 3] = [
        (
            &[
                0x64, 0x00, 0x28, 0xac, 0xd9, 0x40, 0x78, 0x02, 0x27, 0xe5, 0xc0, 0x44, 0x00, 0x00, 0x03,
                0x00, 0x04,
            ],
            (1920, 1080),
        ),
        (
            &[0x4d, 0x40, 0x1e, 0xec, 0xa0, 0x50, 0x17, 0xf5, 0x36, 0x02, 0x20, 0x00, 0x00, 0x03, 0x00, 0x20],
            (638, 358),
        ),
        (
            &[0xf4, 0x00, 0x0d, 0x91, 0x9b, 0x28, 0x2a, 0x10, 0xf1, 0xf1, 0xf8, 0x08, 0x80, 0x00, 0x00, 0x03],
            (322, 242),
        ),
    ];

    /// Writes what [`Bits`] reads.
    #[derive(Default)]
    struct Writer(String);

    impl Writer {
        fn bits(mut self, value: u32, count: usize) -> Self {
            self.0.push_str(&format!("{value:0count$b}")[..count]);
            self
        }

        fn codes(mut self, values: &[u32]) -> Self {
            for value in values {
                let code = format!("{:b}", value + 1);
                self.0.push_str(&"0".repeat(code.len() - 1));
                self.0.push_str(&code);
            }
            self
        }

        /// Ends with the stop bit and puts emulation prevention bytes in.
        fn bytes(mut self) -> Vec<u8> {
            self.0.push('1');
            while !self.0.len().is_multiple_of(8) {
                self.0.push('0');
            }
            let mut bytes = Vec::new();
            for octet in self.0.as_bytes().chunks(8) {
                let byte = octet.iter().fold(0, |value, bit| value << 1 | (bit - b'0'));
                if byte <= 3 && bytes.ends_with(&[0, 0]) {
                    bytes.push(3);
                }
                bytes.push(byte);
            }
            bytes
        }
    }

    #[test]
    fn real_parameter_sets_tell_the_cropped_size() {
        assert_eq!(picture_size(&BASELINE_640X360[1..]), Some((640, 360)));
        assert_eq!(picture_size(HIGH_1280X720), Some((1280, 720)));
        for (sps, size) in OTHERS {
            assert_eq!(picture_size(sps), Some(size));
        }
    }

    #[test]
    fn fields_count_twice_and_crop_in_their_own_units() {
        // Main profile, order type 1 with a cycle of two; 120×34 map units of two macroblocks, less 2 × 4 rows.
        let sps = Writer::default()
            .bits(77, 8)
            .bits(0x0028, 16)
            .codes(&[0, 4, 1])
            .bits(0, 1)
            .codes(&[3, 4, 2, 5, 6, 2])
            .bits(0, 1)
            .codes(&[119, 33])
            .bits(0b001, 3)
            .bits(1, 1)
            .codes(&[0, 0, 0, 2])
            .bits(0, 1)
            .bytes();
        assert_eq!(picture_size(&sps), Some((1920, 1080)));
    }

    #[test]
    fn emulation_prevention_bytes_are_no_part_of_the_numbers() {
        let sps = Writer::default()
            .bits(66, 8)
            .bits(0, 16)
            .codes(&[255, 0, 2, 1])
            .bits(0, 1)
            .codes(&[39, 22])
            .bits(0b110, 3)
            .bits(0, 1)
            .bytes();
        assert_eq!(sps[1..5], [0, 0, 3, 0]);
        assert_eq!(picture_size(&sps), Some((640, 368)));
    }

    #[test]
    fn scaling_lists_are_stepped_over_and_planes_crop_by_single_pixels() {
        // High 4:4:4, three separate planes, the first list flat at once, the last one written out.
        let mut sps = Writer::default()
            .bits(244, 8)
            .bits(0x0028, 16)
            .codes(&[0, 3])
            .bits(1, 1)
            .codes(&[0, 0])
            .bits(0b01, 2)
            .bits(1, 1)
            .codes(&[16]) // -8: next scale 0
            .bits(0, 10)
            .bits(1, 1);
        for _ in 0..64 {
            sps = sps.codes(&[1]);
        }
        let sps = sps
            .codes(&[0, 2, 1])
            .bits(0, 1)
            .codes(&[19, 9])
            .bits(0b11, 2)
            .bits(1, 1)
            .codes(&[1, 2, 3, 4])
            .bits(0, 1)
            .bytes();
        assert_eq!(picture_size(&sps), Some((320 - 3, 160 - 7)));
    }

    #[test]
    fn sizes_that_do_not_fit_or_are_cropped_away_are_none() {
        let with = |width: u32, height: u32, crop: &[u32; 4]| {
            let sps = Writer::default()
                .bits(66, 8)
                .bits(0, 16)
                .codes(&[0, 0, 2, 1])
                .bits(0, 1)
                .codes(&[width, height])
                .bits(0b111, 3)
                .codes(crop)
                .bits(0, 1)
                .bytes();
            picture_size(&sps)
        };
        assert_eq!(with(4094, 0, &[0; 4]), Some((65_520, 16)));
        assert_eq!(with(4095, 0, &[0; 4]), None);
        assert_eq!(with(0x7fff_fffd, 0x7fff_fffd, &[0; 4]), None);
        assert_eq!(with(0, 0, &[4, 4, 0, 0]), None);
        assert_eq!(with(0, 0, &[0x7fff_fffd, 0x7fff_fffd, 0, 0]), None);
        assert_eq!(with(0, 0, &[4, 3, 0, 0]), Some((2, 16)));
    }

    #[test]
    fn truncated_and_endless_codes_are_none() {
        let told = |len: &usize| picture_size(&HIGH_1280X720[..*len]).is_some();
        assert_eq!((0..HIGH_1280X720.len()).find(told), Some(9));
        assert_eq!(picture_size(&[66, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0]), None);
        // All ones are zeroes everywhere: one macroblock.
        assert_eq!(picture_size(&[0xff; 400]), Some((16, 16)));
        assert_eq!(picture_size(&[0; 400]), None);
    }
}
