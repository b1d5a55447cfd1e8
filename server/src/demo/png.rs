//! A PNG of few colours: a picture that is a palette and an index for each point.

/// The colour of an index: red, green, blue.
pub type Colour = [u8; 3];

/// What a picture is made of, row by row from the top; there is no outside to draw on.
#[derive(Debug)]
pub struct Canvas {
    wide: usize,
    points: Vec<u8>,
}

impl Canvas {
    /// All in the first colour.
    pub fn new(wide: usize, high: usize) -> Self {
        Self { wide, points: vec![0; wide * high] }
    }

    /// A bar whose upper left corner is here; what would lie outside is left out.
    pub fn bar(&mut self, [x, y]: [usize; 2], [wide, high]: [usize; 2], colour: u8) {
        let right = (x + wide).min(self.wide);
        for row in self.points.chunks_exact_mut(self.wide).skip(y).take(high) {
            if let Some(points) = row.get_mut(x..right) {
                points.fill(colour);
            }
        }
    }

    /// As a file (RFC 2083) with 8 bits for each point.
    pub fn png(&self, palette: &[Colour]) -> Vec<u8> {
        let side = |length: usize| u32::try_from(length).unwrap_or(u32::MAX).to_be_bytes();
        let mut header = [side(self.wide), side(self.points.len() / self.wide)].concat();
        // Depth, indexed colours, and the one way of compression, filters and order.
        header.extend([8, 3, 0, 0, 0]);
        // Each row says by which filter it went: none.
        let rows = self.points.chunks_exact(self.wide);
        let filtered: Vec<u8> = rows.flat_map(|row| std::iter::once(&0).chain(row)).copied().collect();
        let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
        chunk(&mut file, b"IHDR", &header);
        chunk(&mut file, b"PLTE", &palette.concat());
        chunk(&mut file, b"IDAT", &stored(&filtered));
        chunk(&mut file, b"IEND", &[]);
        file
    }
}

/// Length, name, data, and the sum over the latter two.
fn chunk(file: &mut Vec<u8>, name: &[u8; 4], data: &[u8]) {
    let sum = crc(name.iter().chain(data));
    file.extend(u32::try_from(data.len()).unwrap_or(u32::MAX).to_be_bytes());
    file.extend(name);
    file.extend(data);
    file.extend(sum.to_be_bytes());
}

/// In the wrapping of zlib (RFC 1950) and in blocks that are not compressed (RFC 1951, 3.2.4).
fn stored(bytes: &[u8]) -> Vec<u8> {
    let mut packed = vec![0x78, 0x01];
    let mut blocks = bytes.chunks(usize::from(u16::MAX)).peekable();
    while let Some(block) = blocks.next() {
        let length = u16::try_from(block.len()).unwrap_or(u16::MAX);
        packed.push(u8::from(blocks.peek().is_none()));
        packed.extend(length.to_le_bytes());
        packed.extend((!length).to_le_bytes());
        packed.extend(block);
    }
    packed.extend(adler(bytes).to_be_bytes());
    packed
}

/// The sum of RFC 2083, 15.
fn crc<'a>(bytes: impl Iterator<Item = &'a u8>) -> u32 {
    let sum = bytes.fold(u32::MAX, |sum, byte| {
        let sum = sum ^ u32::from(*byte);
        (0..8).fold(sum, |sum, _| if sum & 1 == 1 { (sum >> 1) ^ 0xedb8_8320 } else { sum >> 1 })
    });
    !sum
}

/// The sum of RFC 1950, 8.2.
fn adler(bytes: &[u8]) -> u32 {
    const PRIME: u32 = 65_521;
    let (low, high) = bytes.iter().fold((1, 0), |(low, high), byte| {
        let low = (low + u32::from(*byte)) % PRIME;
        (low, (high + low) % PRIME)
    });
    (high << 16) | low
}

#[cfg(test)]
mod tests {
    use super::*;
    use viva_face::Picture;

    #[test]
    fn the_sums_are_those_of_their_documents() {
        assert_eq!(crc(b"123456789".iter()), 0xcbf4_3926);
        // The chunk that ends every file.
        assert_eq!(crc(b"IEND".iter()), 0xae42_6082);
        assert_eq!(adler(b"Wikipedia"), 0x11e6_0398);
    }

    #[test]
    fn another_decoder_reads_the_picture_as_it_was_drawn() {
        // More than one block.
        let mut canvas = Canvas::new(400, 300);
        canvas.bar([390, 10], [50, 1000], 1);
        canvas.bar([500, 10], [1, 1], 1);
        let file = canvas.png(&[[255, 255, 255], [10, 20, 30]]);
        let points = (0..300).flat_map(|y| (0..400).map(move |x| x >= 390 && y >= 10));
        let points = points.flat_map(|inside| if inside { [10, 20, 30] } else { [255, 255, 255] }).collect();
        let drawn = Picture::from_rgb(400, 300, points).unwrap();
        assert_eq!(Picture::decode(&file).unwrap().jpeg().unwrap(), drawn.jpeg().unwrap());
    }
}
