//! Reads single bits of a descriptor, the highest first.

/// A place in some bytes. Every read past the end is `None`.
#[derive(Debug)]
pub(super) struct Bits<'a> {
    bytes: &'a [u8],
    /// Bits read so far.
    at: usize,
}

impl<'a> Bits<'a> {
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// One bit.
    #[inline]
    pub fn flag(&mut self) -> Option<bool> {
        let byte = *self.bytes.get(self.at / 8)?;
        let bit = byte >> (7 - self.at % 8) & 1;
        self.at += 1;
        Some(bit != 0)
    }

    /// A number of up to 32 bits.
    #[inline]
    pub fn take(&mut self, count: u32) -> Option<u32> {
        let mut value = 0u64;
        let mut missing = count.min(32);
        while missing > 0 {
            let byte = u64::from(*self.bytes.get(self.at / 8)?);
            let free = 8 - (self.at % 8) as u32;
            let taken = free.min(missing);
            value = value << taken | (byte >> (free - taken)) & ((1 << taken) - 1);
            self.at += taken as usize;
            missing -= taken;
        }
        Some(value as u32)
    }

    /// A number below `bound`, which is at least 1 (AV1 specification §4.10.7, `ns(n)`).
    pub fn below(&mut self, bound: u32) -> Option<u32> {
        let width = u32::BITS - bound.leading_zeros();
        let short = (1u32 << width) - bound;
        let value = self.take(width.checked_sub(1)?)?;
        if value < short {
            return Some(value);
        }
        Some((value << 1) + self.take(1)? - short)
    }

    /// Passes over bits.
    pub fn skip(&mut self, count: u32) -> Option<()> {
        let end = self.at.checked_add(count as usize)?;
        (end <= self.bytes.len() * 8).then(|| self.at = end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_over_the_borders_of_bytes() {
        let mut bits = Bits::new(&[0b1010_0110, 0b1111_0000, 0xab, 0xcd, 0xef, 0x01]);
        assert_eq!((bits.flag(), bits.take(2), bits.take(7)), (Some(true), Some(0b01), Some(0x1b)));
        assert_eq!(bits.take(32), Some(0xc2af_37bc));
        assert_eq!((bits.skip(5), bits.flag(), bits.flag()), (Some(()), Some(true), None));
        assert_eq!((bits.take(1), bits.skip(1), bits.take(0)), (None, None, Some(0)));
    }

    #[test]
    fn a_number_below_a_bound_takes_as_few_bits_as_it_can() {
        // The specification's table for n = 5: 00, 01, 10, 110, 111.
        let mut bits = Bits::new(&[0b0001_1011, 0b0111_0000]);
        assert_eq!([(); 5].map(|()| bits.below(5)), [0, 1, 2, 3, 4].map(Some));
        // One number alone takes no bit at all.
        assert_eq!(Bits::new(&[]).below(1), Some(0));
        assert_eq!(Bits::new(&[0xff]).below(0), None);
    }
}
