//! Makes a film for a browser's fake camera out of one photo: somebody looks ahead, turns the head, looks ahead again.
//!
//! `cargo run --release -p viva-face --example film -- PHOTO left|right|both FILM.y4m`. The head is turned as if it were
//! round with a nose on it, which is enough for the check and no more than that: frames of it show what a film is worth.

use image::{RgbImage, imageops};
use std::{
    fs::{self, File},
    io::{BufWriter, Write},
    path::Path,
};
use viva_face::{DETECTOR, EMBEDDER, Face, Models, Picture};

const WIDTH: u32 = 640;
const HEIGHT: u32 = 480;
/// Frames a second.
const RATE: u32 = 10;
/// How wide the face is in the film.
const FACE: f32 = 190.0;
/// How far the depth of the head moves a pixel when it is turned.
const TURN: f32 = 0.34 * FACE;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [photo, side, film] = &arguments[..] else { return Err("PHOTO left|right|both FILM.y4m".into()) };
    let sides: &[f32] = match side.as_str() {
        "left" => &[1.0],
        "right" => &[-1.0],
        "both" => &[1.0, -1.0],
        _ => return Err("left, right or both".into()),
    };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../.cache/faces");
    let analyser =
        Models::load(&fs::read(folder.join(DETECTOR.name))?, &fs::read(folder.join(EMBEDDER.name))?)?
            .analyser();
    let photo = Picture::decode(&fs::read(photo)?)?;
    let face = analyser.look(&photo)?.face.ok_or("there is no face in the photo")?;
    let still = before_the_camera(&photo, &face)?;
    let picture = Picture::from_rgb(WIDTH, HEIGHT, still.as_raw().clone()).ok_or("another size")?;
    let face = analyser.look(&picture)?.face.ok_or("there is no face in the frame")?;

    let mut out = BufWriter::new(File::create(film)?);
    writeln!(out, "YUV4MPEG2 W{WIDTH} H{HEIGHT} F{RATE}:1 Ip A1:1 C420jpeg")?;
    for (number, turn) in course(sides).into_iter().enumerate() {
        let frame = turned(&still, &face, turn * TURN);
        write_frame(&mut out, &swayed(&frame, number))?;
    }
    Ok(out.flush()?)
}

/// How far the head is turned, frame by frame: 3 s ahead; for each side 1 s over, 1 s there, 1 s back, 2 s ahead.
fn course(sides: &[f32]) -> Vec<f32> {
    let second = RATE as usize;
    let slope = (1..=second).map(|step| step as f32 / RATE as f32);
    let mut course = vec![0.0; 3 * second];
    for side in sides {
        course.extend(slope.clone().map(|turn| turn * side));
        course.extend(std::iter::repeat_n(*side, second));
        course.extend(slope.clone().rev().map(|turn| turn * side));
        course.extend(std::iter::repeat_n(0.0, 2 * second));
    }
    course
}

/// The photo with its face in the middle of the frame.
fn before_the_camera(photo: &Picture, face: &Face) -> Result<RgbImage, &'static str> {
    let pixels =
        RgbImage::from_raw(photo.width(), photo.height(), photo.rgb().to_vec()).ok_or("another size")?;
    let factor = FACE / face.area.width;
    let size = |length: u32| (length as f32 * factor).round() as u32;
    let scaled =
        imageops::resize(&pixels, size(photo.width()), size(photo.height()), imageops::FilterType::Triangle);
    let centre = face.area.centre();
    let mut frame = RgbImage::from_pixel(WIDTH, HEIGHT, image::Rgb([120; 3]));
    let left = WIDTH as f32 / 2.0 - centre.x * factor;
    let top = HEIGHT as f32 / 2.0 - centre.y * factor;
    imageops::overlay(&mut frame, &scaled, left.round() as i64, top.round() as i64);
    Ok(frame)
}

/// Every pixel is moved sideways by how near it is to the camera.
fn turned(still: &RgbImage, face: &Face, by: f32) -> RgbImage {
    let (centre, nose) = (face.area.centre(), face.landmarks.nose);
    let depth = |x: f32, y: f32| {
        let (u, v) = ((x - centre.x) / (face.area.width * 0.8), (y - centre.y) / (face.area.height * 0.85));
        let head = (1.0 - u * u - v * v).max(0.0).sqrt();
        let (u, v) = ((x - nose.x) / (face.area.width * 0.13), (y - nose.y) / (face.area.height * 0.12));
        head + 0.4 * (-(u * u + v * v) / 2.0).exp()
    };
    RgbImage::from_fn(still.width(), still.height(), |x, y| {
        let (x, y) = (x as f32, y as f32);
        // What lands here has moved by its own depth, not by that of this place: a few rounds find it.
        let mut from = x;
        for _ in 0..8 {
            from = x - by * depth(from, y);
        }
        let from = from.clamp(0.0, still.width() as f32 - 1.0);
        imageops::interpolate_bilinear(still, from, y).unwrap_or(image::Rgb([120; 3]))
    })
}

/// Nobody sits still, and no two frames of a camera are the same.
fn swayed(frame: &RgbImage, number: usize) -> RgbImage {
    let swing = (number as f32 / 7.0).sin();
    let mut noise = number as u32 + 1;
    RgbImage::from_fn(frame.width(), frame.height(), |x, y| {
        noise ^= noise << 13;
        noise ^= noise >> 17;
        noise ^= noise << 5;
        let x = (x as f32 + 4.0 * swing).clamp(0.0, frame.width() as f32 - 1.0);
        let mut pixel = imageops::interpolate_bilinear(frame, x, y as f32).unwrap_or(image::Rgb([120; 3]));
        pixel.0 = pixel.0.map(|value| value.saturating_add((noise >> 28) as u8 / 3));
        pixel
    })
}

/// One frame of YUV4MPEG2: Y, then Cb and Cr of every other pixel of every other row, in full range.
fn write_frame(out: &mut impl Write, frame: &RgbImage) -> std::io::Result<()> {
    let yuv = |x: u32, y: u32| {
        let [r, g, b] = frame.get_pixel(x, y).0.map(f32::from);
        let luma = 0.299 * r + 0.587 * g + 0.114 * b;
        [luma, 128.0 + (b - luma) * 0.564, 128.0 + (r - luma) * 0.713].map(|value| value.round() as u8)
    };
    writeln!(out, "FRAME")?;
    let luma: Vec<u8> = frame.enumerate_pixels().map(|(x, y, _)| yuv(x, y)[0]).collect();
    out.write_all(&luma)?;
    for plane in [1, 2] {
        let half = (0..HEIGHT).step_by(2).flat_map(|y| (0..WIDTH).step_by(2).map(move |x| (x, y)));
        out.write_all(&half.map(|(x, y)| yuv(x, y)[plane]).collect::<Vec<u8>>())?;
    }
    Ok(())
}
