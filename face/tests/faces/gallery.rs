//! The models and the photos that set-up has fetched: `scripts/face-models`, `scripts/face-photos`.

use image::{RgbImage, imageops};
use std::{fs, path::PathBuf, sync::OnceLock};
use viva_face::{Analyser, Analysis, DETECTOR, EMBEDDER, Face, LONGEST_SIDE, Models, Picture};

/// What lies in `.cache/faces`.
fn file(name: &str) -> Vec<u8> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../.cache/faces").join(name);
    assert!(path.exists(), "{} is missing: `make setup` fetches it", path.display());
    fs::read(&path).expect("it can be read")
}

/// A model's bytes.
pub fn model(name: &str) -> Vec<u8> {
    file(name)
}

/// A photo's bytes.
pub fn photo(name: &str) -> Vec<u8> {
    file(&format!("photos/{name}"))
}

/// A photo, decoded.
pub fn picture(name: &str) -> Picture {
    Picture::decode(&photo(name)).expect(name)
}

/// The models, loaded once for all tests.
pub fn analyser() -> Analyser {
    static MODELS: OnceLock<Models> = OnceLock::new();
    let load =
        || Models::load(&model(DETECTOR.name), &model(EMBEDDER.name)).expect("the models can be loaded");
    MODELS.get_or_init(load).analyser()
}

/// What is in a picture, with its embedding.
pub fn analyse(picture: &Picture) -> Analysis {
    analyser().analyse(picture).expect("the models run")
}

/// A picture that can be drawn on.
pub fn canvas(picture: &Picture) -> RgbImage {
    RgbImage::from_raw(picture.width(), picture.height(), picture.rgb().to_vec())
        .expect("it has all its pixels")
}

/// What was drawn, as a picture.
pub fn drawn(canvas: RgbImage) -> Picture {
    let (width, height) = canvas.dimensions();
    assert!(width.max(height) <= LONGEST_SIDE, "scale it down before");
    Picture::from_rgb(width, height, canvas.into_raw()).expect("it is large enough")
}

/// As a camera of 640 × 480 sees somebody: the photo's largest face in the middle, 200 pixels wide, the photo around it.
pub fn before_the_camera(name: &str) -> RgbImage {
    let picture = picture(name);
    let face = analyse(&picture).face.expect(name);
    framed(&canvas(&picture), &face, 200.0, 640, 480)
}

/// A photo around a face, which is scaled to a width and put into the middle; grey where the photo ends.
pub fn framed(photo: &RgbImage, face: &Face, face_width: f32, width: u32, height: u32) -> RgbImage {
    let factor = face_width / face.area.width;
    let size = |length: u32| (length as f32 * factor).round() as u32;
    let scaled =
        imageops::resize(photo, size(photo.width()), size(photo.height()), imageops::FilterType::Triangle);
    let centre = face.area.centre();
    let mut frame = RgbImage::from_pixel(width, height, image::Rgb([128; 3]));
    let left = f64::from(width) / 2.0 - f64::from(centre.x * factor);
    let top = f64::from(height) / 2.0 - f64::from(centre.y * factor);
    imageops::overlay(&mut frame, &scaled, left.round() as i64, top.round() as i64);
    frame
}
