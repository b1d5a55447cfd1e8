//! A picture, and how bytes of unknown origin become one within strict limits.

mod jpeg;

use crate::{
    geometry::{Point, Similarity},
    picture::jpeg::Header,
};
use image::{
    DynamicImage, ImageBuffer, ImageDecoder, Limits, RgbImage, codecs::jpeg::JpegDecoder,
    codecs::jpeg::JpegEncoder, codecs::png::PngDecoder, imageops, metadata::Orientation,
};
use image_webp::WebPDecoder;
use std::io::Cursor;
use thiserror::Error;

/// How many bytes a file may have: 10 MiB.
pub const MOST_BYTES: usize = 10 << 20;

/// How many pixels a picture may have: what the cameras of phones give in their usual modes.
pub const MOST_PIXELS: u64 = 24_000_000;

/// How long the longer side of a decoded picture is at most; larger ones are scaled down.
pub const LONGEST_SIDE: u32 = 1280;

/// How short a side may be: below this no face is worth a comparison.
const SHORTEST_SIDE: u32 = 48;

/// How many bytes a decoder may take for the pixels, and for what it keeps besides.
const MOST_MEMORY: u64 = 128 << 20;

/// How good a JPEG is that is written: what a person needs to recognise somebody.
const QUALITY: u8 = 85;

/// A decoded picture: upright, 8 bits of red, green and blue a pixel, no side longer than [`LONGEST_SIDE`].
#[derive(Clone, PartialEq, Eq)]
pub struct Picture(RgbImage);

/// Why bytes do not become a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum PictureFault {
    /// The file has more than [`MOST_BYTES`].
    #[error("the file is too large: {bytes} bytes, {MOST_BYTES} are permitted")]
    TooManyBytes {
        /// How many it has.
        bytes: usize,
    },
    /// It is neither JPEG nor PNG nor WebP, whatever its name says.
    #[error("the file is no JPEG, PNG or WebP")]
    UnknownFormat,
    /// The picture has more than [`MOST_PIXELS`], or would take too much memory for another reason.
    #[error("the picture is too large: {width} × {height} pixels")]
    TooManyPixels {
        /// Its width.
        width: u32,
        /// Its height.
        height: u32,
    },
    /// The picture is too small for a face.
    #[error("the picture is too small: {width} × {height} pixels")]
    TooSmall {
        /// Its width.
        width: u32,
        /// Its height.
        height: u32,
    },
    /// The file ends before the picture does.
    #[error("the file is incomplete")]
    Truncated,
    /// What the file says makes no picture.
    #[error("the file is damaged")]
    Damaged,
    /// The file is of a kind that its format allows and nobody uses.
    #[error("the file is of an unusual kind")]
    Unsupported,
}

/// How many pixels wide and high a JPEG says that it is, as it lies in the file; `None` for what is no whole JPEG. Nothing is
/// decoded.
#[must_use]
pub fn jpeg_size(bytes: &[u8]) -> Option<(u32, u32)> {
    Header::read(bytes).ok().map(|header| (header.width, header.height))
}

impl Picture {
    /// Decodes a JPEG, PNG or WebP, turned as its EXIF says, scaled down to [`LONGEST_SIDE`]. Of an animation the first
    /// picture. The format is told by the content.
    ///
    /// Dimensions are looked at before anything is allocated; one call takes some 200 MiB at most.
    ///
    /// # Errors
    ///
    /// What is wrong with the file; nothing of it is kept.
    pub fn decode(bytes: &[u8]) -> Result<Self, PictureFault> {
        if bytes.len() > MOST_BYTES {
            return Err(PictureFault::TooManyBytes { bytes: bytes.len() });
        }
        let (pixels, orientation) = match image::guess_format(bytes) {
            Ok(image::ImageFormat::Jpeg) => jpeg(bytes)?,
            Ok(image::ImageFormat::Png) => png(bytes)?,
            Ok(image::ImageFormat::WebP) => webp(bytes)?,
            _ => return Err(PictureFault::UnknownFormat),
        };
        // Scaled in its own type of pixel: no second picture of full size is made.
        let mut pixels = match fitting(pixels.width(), pixels.height(), LONGEST_SIDE) {
            Some((width, height)) => pixels.thumbnail_exact(width, height),
            None => pixels,
        };
        pixels.apply_orientation(orientation);
        let (width, height) = (pixels.width(), pixels.height());
        if width.min(height) < SHORTEST_SIDE {
            return Err(PictureFault::TooSmall { width, height });
        }
        Ok(Self(pixels.into_rgb8()))
    }

    /// A picture of pixels as they are: 3 bytes each, row by row. `None` if their number or a side does not fit.
    #[must_use]
    pub fn from_rgb(width: u32, height: u32, pixels: Vec<u8>) -> Option<Self> {
        let sides = SHORTEST_SIDE..=LONGEST_SIDE;
        let exact = pixels.len() as u64 == u64::from(width) * u64::from(height) * 3;
        let fits = exact && sides.contains(&width) && sides.contains(&height);
        RgbImage::from_raw(width, height, pixels).filter(|_| fits).map(Self)
    }

    /// The picture as a JPEG, with nothing in it but pixels.
    ///
    /// # Errors
    ///
    /// There is no memory for it.
    pub fn jpeg(&self) -> Result<Vec<u8>, image::ImageError> {
        let mut bytes = Vec::new();
        JpegEncoder::new_with_quality(&mut bytes, QUALITY).encode_image(&self.0)?;
        Ok(bytes)
    }

    /// In pixels.
    #[must_use]
    pub fn width(&self) -> u32 {
        self.0.width()
    }

    /// In pixels.
    #[must_use]
    pub fn height(&self) -> u32 {
        self.0.height()
    }

    /// Red, green and blue of each pixel, row by row.
    #[must_use]
    pub fn rgb(&self) -> &[u8] {
        self.0.as_raw()
    }

    /// The picture with its longer side scaled down to `side`, and by what factor; as it is if that is no longer.
    pub(crate) fn within(&self, side: u32) -> (RgbImage, f32) {
        match fitting(self.width(), self.height(), side) {
            Some((width, height)) => {
                (imageops::thumbnail(&self.0, width, height), width as f32 / self.width() as f32)
            }
            None => (self.0.clone(), 1.0),
        }
    }

    /// A square around a point, turned upright by this angle (in radians): `length` pixels of this picture make `side` of
    /// the square. What comes with it brings the square's pixels back into this picture.
    pub(crate) fn upright(
        &self,
        centre: Point,
        length: f32,
        angle: f32,
        side: u32,
    ) -> (RgbImage, Similarity) {
        let scale = side as f32 / length;
        let longer = self.width().max(self.height()) as f32;
        // Scaled down by the mean of what becomes one pixel first: single pixels are noise.
        let scaled = (scale < 1.0).then(|| self.within((longer * scale).ceil() as u32));
        let (scaled, factor) = scaled.map_or((None, 1.0), |(scaled, factor)| (Some(Self(scaled)), factor));
        let source = scaled.as_ref().unwrap_or(self);
        let middle = Point { x: side as f32 / 2.0, y: side as f32 / 2.0 };
        let back = Similarity::around(middle, centre, angle, 1.0 / scale);
        let square = RgbImage::from_fn(side, side, |x, y| {
            let from = back.apply(Point { x: x as f32, y: y as f32 });
            image::Rgb(source.sample(from.x * factor, from.y * factor).map(|value| value.round() as u8))
        });
        (square, back)
    }

    /// Red, green and blue at a place between pixels; black outside.
    pub(crate) fn sample(&self, x: f32, y: f32) -> [f32; 3] {
        let (left, top) = (x.floor(), y.floor());
        let (right, down) = (x - left, y - top);
        let mut sum = [0.0; 3];
        for (dx, dy, share) in [
            (0.0, 0.0, (1.0 - right) * (1.0 - down)),
            (1.0, 0.0, right * (1.0 - down)),
            (0.0, 1.0, (1.0 - right) * down),
            (1.0, 1.0, right * down),
        ] {
            let (x, y) = (left + dx, top + dy);
            if x >= 0.0 && y >= 0.0 && x < self.width() as f32 && y < self.height() as f32 {
                let pixel = self.0.get_pixel(x as u32, y as u32);
                for (sum, value) in sum.iter_mut().zip(pixel.0) {
                    *sum += share * f32::from(value);
                }
            }
        }
        sum
    }
}

impl std::fmt::Debug for Picture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Picture({} × {})", self.width(), self.height())
    }
}

/// The size of a picture whose longer side becomes `side`; `None` if it is no longer than that.
fn fitting(width: u32, height: u32, side: u32) -> Option<(u32, u32)> {
    let longer = width.max(height);
    let scaled = |length: u32| {
        let exact = u64::from(length) * u64::from(side);
        ((exact + u64::from(longer) / 2) / u64::from(longer)).max(1) as u32
    };
    (longer > side).then(|| (scaled(width), scaled(height)))
}

/// Whether a picture of this size may be decoded, when the decoder takes so many bytes a pixel.
fn permit(width: u32, height: u32, bytes_a_pixel: u64) -> Result<(), PictureFault> {
    let pixels = u64::from(width) * u64::from(height);
    if pixels > MOST_PIXELS || pixels * bytes_a_pixel > MOST_MEMORY {
        return Err(PictureFault::TooManyPixels { width, height });
    }
    if width.min(height) < SHORTEST_SIDE {
        return Err(PictureFault::TooSmall { width, height });
    }
    Ok(())
}

fn jpeg(bytes: &[u8]) -> Result<(DynamicImage, Orientation), PictureFault> {
    let header = Header::read(bytes)?;
    // Of one that comes in several scans all coefficients are kept, 2 bytes each.
    let bytes_a_pixel = if header.scans { 9 } else { 3 };
    permit(header.width, header.height, bytes_a_pixel)?;
    let decoder = JpegDecoder::new(Cursor::new(bytes)).map_err(fault)?;
    if decoder.dimensions() != (header.width, header.height) {
        return Err(PictureFault::Damaged);
    }
    decoded(decoder)
}

fn png(bytes: &[u8]) -> Result<(DynamicImage, Orientation), PictureFault> {
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(MOST_MEMORY);
    let decoder = PngDecoder::with_limits(Cursor::new(bytes), limits).map_err(fault)?;
    decoded(decoder)
}

fn decoded(mut decoder: impl ImageDecoder) -> Result<(DynamicImage, Orientation), PictureFault> {
    let (width, height) = decoder.dimensions();
    permit(width, height, u64::from(decoder.color_type().bytes_per_pixel()))?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    Ok((DynamicImage::from_decoder(decoder).map_err(fault)?, orientation))
}

/// By the decoder itself and not by `image`, which sets it no limit of memory.
fn webp(bytes: &[u8]) -> Result<(DynamicImage, Orientation), PictureFault> {
    let mut decoder = WebPDecoder::new(Cursor::new(bytes)).map_err(webp_fault)?;
    let (width, height) = decoder.dimensions();
    // The pixels, and what they are put together from.
    permit(width, height, 8)?;
    decoder.set_memory_limit(MOST_MEMORY as usize);
    let exif = decoder.exif_metadata().ok().flatten();
    let orientation = exif.and_then(|exif| Orientation::from_exif_chunk(&exif));
    let length = decoder.output_buffer_size().ok_or(PictureFault::TooManyPixels { width, height })?;
    let mut pixels = vec![0; length];
    decoder.read_image(&mut pixels).map_err(webp_fault)?;
    let picture = if decoder.has_alpha() {
        ImageBuffer::from_raw(width, height, pixels).map(DynamicImage::ImageRgba8)
    } else {
        ImageBuffer::from_raw(width, height, pixels).map(DynamicImage::ImageRgb8)
    };
    Ok((picture.ok_or(PictureFault::Damaged)?, orientation.unwrap_or(Orientation::NoTransforms)))
}

fn fault(error: image::ImageError) -> PictureFault {
    match error {
        image::ImageError::IoError(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
            PictureFault::Truncated
        }
        image::ImageError::Unsupported(_) => PictureFault::Unsupported,
        _ => PictureFault::Damaged,
    }
}

fn webp_fault(error: image_webp::DecodingError) -> PictureFault {
    match error {
        image_webp::DecodingError::IoError(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
            PictureFault::Truncated
        }
        image_webp::DecodingError::UnsupportedFeature(_) => PictureFault::Unsupported,
        _ => PictureFault::Damaged,
    }
}
