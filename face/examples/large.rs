//! Makes a large JPEG of a photo, as a good camera gives it: `cargo run -p viva-face --example large -- PHOTO MEGAPIXELS
//! QUALITY > large.jpg`.

use image::{ImageReader, codecs::jpeg::JpegEncoder, imageops::FilterType};
use std::{
    error::Error,
    io::{BufWriter, stdout},
};

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "sides of pictures")]
fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [photo, megapixels, quality] = arguments.as_slice() else {
        return Err("large PHOTO MEGAPIXELS QUALITY".into());
    };
    let (pixels, quality) = (megapixels.parse::<f64>()? * 1e6, quality.parse()?);
    let photo = ImageReader::open(photo)?.with_guessed_format()?.decode()?.into_rgb8();
    let (width, height) = (f64::from(photo.width()), f64::from(photo.height()));
    let scale = (pixels / (width * height)).sqrt();
    let (width, height) = ((width * scale) as u32, (height * scale) as u32);
    let large = image::imageops::resize(&photo, width, height, FilterType::CatmullRom);
    JpegEncoder::new_with_quality(BufWriter::new(stdout().lock()), quality).encode_image(&large)?;
    Ok(())
}
