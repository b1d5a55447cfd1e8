//! Makes a film for a browser's fake camera out of two photos of one person: they look ahead, turn the head, look ahead again.
//!
//! `cargo run -p viva-face --example film -- AHEAD TURNED left|right|both FILM.y4m`, after `make setup`. Of the photos that it
//! fetches, `obama.jpg` looks ahead and `obama2.jpg` is turned; the reference may be `obama3.jpg`, and another person `biden.jpg`.
//! The turned photo is mirrored where the other side is asked for, and its nose is drawn a little further. It says how far
//! the turns are.

use image::{RgbImage, imageops};
use std::{
    fs::{self, File},
    io::{BufWriter, Write, stdout},
    path::Path,
};
use viva_face::{Analyser, DETECTOR, EMBEDDER, Face, Models, Picture, Quality, Side};

const WIDTH: u32 = 640;
const HEIGHT: u32 = 480;
/// Frames a second.
const RATE: u32 = 10;
/// How wide the face is in the film.
const FACE: f32 = 190.0;
/// How far the nose is drawn, as a share of the face.
const DRAWN: f32 = 0.3;

type Fault = Box<dyn std::error::Error>;

fn main() -> Result<(), Fault> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [ahead, turned, side, film] = &arguments[..] else {
        return Err("AHEAD TURNED left|right|both FILM.y4m".into());
    };
    let sides: &[Side] = match side.as_str() {
        "left" => &[Side::Left],
        "right" => &[Side::Right],
        "both" => &[Side::Left, Side::Right],
        _ => return Err("left, right or both".into()),
    };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../.cache/faces");
    let models =
        Models::load(&fs::read(folder.join(DETECTOR.name))?, &fs::read(folder.join(EMBEDDER.name))?)?;
    let analyser = models.analyser();
    let (ahead, _) = before_the_camera(&analyser, ahead)?;
    let (turned, face) = before_the_camera(&analyser, turned)?;

    let mut out = BufWriter::new(File::create(film)?);
    writeln!(out, "YUV4MPEG2 W{WIDTH} H{HEIGHT} F{RATE}:1 Ip A1:1 C420jpeg")?;
    let mut number = 0;
    let mut show = |frame: &RgbImage, seconds: u32| {
        for _ in 0..seconds * RATE {
            number += 1;
            write_frame(&mut out, &swayed(frame, number))?;
        }
        std::io::Result::Ok(())
    };
    show(&ahead, 4)?;
    for side in sides {
        let frame = turned_to(*side, &turned, &face);
        let quality = judged(&analyser, &frame)?.1;
        writeln!(stdout(), "{side:?}: {:.2}", quality.turn)?;
        show(&frame, 2)?;
        show(&ahead, 3)?;
    }
    Ok(out.flush()?)
}

/// The face of a frame, and how good it is.
fn judged(analyser: &Analyser, frame: &RgbImage) -> Result<(Face, Quality), Fault> {
    let picture =
        Picture::from_rgb(frame.width(), frame.height(), frame.as_raw().clone()).ok_or("another size")?;
    let analysis = analyser.look(&picture)?;
    Ok(analysis.face.zip(analysis.quality).ok_or("there is no face")?)
}

/// The turned head further to the side that it is turned to, mirrored where the other one is asked for.
fn turned_to(side: Side, turned: &RgbImage, (face, quality): &(Face, Quality)) -> RgbImage {
    let to_the_left = quality.turn > 0.0;
    let mut frame = drawn(turned, face, if to_the_left { DRAWN } else { -DRAWN });
    if to_the_left != (side == Side::Left) {
        imageops::flip_horizontal_in_place(&mut frame);
    }
    frame
}

/// The photo with its face in the middle of the frame.
fn before_the_camera(analyser: &Analyser, photo: &str) -> Result<(RgbImage, (Face, Quality)), Fault> {
    let photo = Picture::decode(&fs::read(photo)?)?;
    let pixels =
        RgbImage::from_raw(photo.width(), photo.height(), photo.rgb().to_vec()).ok_or("another size")?;
    let (face, _) = judged(analyser, &pixels)?;
    let factor = FACE / face.area.width;
    let size = |length: u32| (length as f32 * factor).round() as u32;
    let scaled =
        imageops::resize(&pixels, size(photo.width()), size(photo.height()), imageops::FilterType::Triangle);
    let centre = face.area.centre();
    let mut frame = RgbImage::from_pixel(WIDTH, HEIGHT, image::Rgb([120; 3]));
    let left = WIDTH as f32 / 2.0 - centre.x * factor;
    let top = HEIGHT as f32 / 2.0 - centre.y * factor;
    imageops::overlay(&mut frame, &scaled, left.round() as i64, top.round() as i64);
    let judged = judged(analyser, &frame)?;
    Ok((frame, judged))
}

/// What is near the nose moves to the right by a share of the face.
fn drawn(still: &RgbImage, face: &Face, by: f32) -> RgbImage {
    let nose = face.landmarks.nose;
    let (width, height) = (face.area.width, face.area.height);
    let shift = |x: f32, y: f32| {
        let (u, v) = ((x - nose.x) / (width * 0.3), (y - nose.y) / (height * 0.25));
        by * width * (-(u * u + v * v) / 2.0).exp()
    };
    RgbImage::from_fn(still.width(), still.height(), |x, y| {
        let (x, y) = (x as f32, y as f32);
        // What lands here was moved by what holds where it came from: a few rounds find that.
        let mut from = x;
        for _ in 0..12 {
            from = x - shift(from, y);
        }
        let from = from.clamp(0.0, still.width() as f32 - 1.0);
        imageops::interpolate_bilinear(still, from, y).unwrap_or(image::Rgb([120; 3]))
    })
}

/// Nobody sits still, and no two frames of a camera are the same.
fn swayed(frame: &RgbImage, number: u32) -> RgbImage {
    let swing = (number as f32 / 7.0).sin();
    let mut noise = number;
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
