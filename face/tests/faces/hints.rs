//! What is hinted of photos that are shifted, scaled, darkened, blurred, turned, mirrored.

use super::gallery::{analyse, before_the_camera, canvas, drawn, framed, picture};
use image::{Rgb, RgbImage, imageops};
use viva_face::{Hint, Limits, Quality, Side};

fn quality(frame: &RgbImage) -> Quality {
    analyse(&drawn(frame.clone())).quality.expect("there is a face")
}

fn hints(frame: &RgbImage) -> Vec<Hint> {
    analyse(&drawn(frame.clone()))
        .quality
        .map_or(vec![Hint::NoFace], |quality| quality.hints(&Limits::live()).collect())
}

/// The person before the camera with a face of another width, moved by a share of the frame.
fn moved(face_width: f32, right: f32, down: f32) -> RgbImage {
    let photo = picture("obama.jpg");
    let face = analyse(&photo).face.expect("there is a face");
    let whole = framed(&canvas(&photo), &face, face_width, 1920, 1440);
    let (x, y) = (640.0 - right * 640.0, 480.0 - down * 480.0);
    imageops::crop_imm(&whole, x as u32, y as u32, 640, 480).to_image()
}

fn mapped(frame: &RgbImage, change: impl Fn(f32) -> f32) -> RgbImage {
    let mut changed = frame.clone();
    for pixel in changed.pixels_mut() {
        pixel.0 = pixel.0.map(|value| change(f32::from(value)).clamp(0.0, 255.0) as u8);
    }
    changed
}

/// Turned about the middle, clockwise.
fn rolled(frame: &RgbImage, degrees: f32) -> RgbImage {
    let (sin, cos) = degrees.to_radians().sin_cos();
    RgbImage::from_fn(frame.width(), frame.height(), |x, y| {
        let (x, y) = (x as f32 - frame.width() as f32 / 2.0, y as f32 - frame.height() as f32 / 2.0);
        let (x, y) = (cos * x + sin * y, -sin * x + cos * y);
        let (x, y) = (x + frame.width() as f32 / 2.0, y + frame.height() as f32 / 2.0);
        frame
            .get_pixel_checked(x as u32, y as u32)
            .copied()
            .filter(|_| x >= 0.0 && y >= 0.0)
            .unwrap_or(Rgb([128; 3]))
    })
}

#[test]
fn a_good_picture_has_no_hint() {
    for name in ["obama.jpg", "biden.jpg"] {
        assert_eq!(hints(&before_the_camera(name)), [], "{name}");
    }
}

#[test]
fn what_is_done_to_a_photo_is_what_is_hinted() {
    let good = moved(200.0, 0.0, 0.0);
    assert_eq!(hints(&good), []);
    assert_eq!(hints(&RgbImage::from_pixel(640, 480, Rgb([90, 120, 90]))), [Hint::NoFace]);
    assert_eq!(hints(&moved(70.0, 0.0, 0.0))[0], Hint::TooFar);
    assert_eq!(hints(&moved(420.0, 0.0, 0.0))[0], Hint::TooClose);
    assert_eq!(hints(&moved(150.0, 0.3, 0.0)), [Hint::OffLeft], "to the right of the picture");
    assert_eq!(hints(&moved(150.0, -0.3, 0.0)), [Hint::OffRight]);
    assert_eq!(hints(&moved(130.0, 0.0, -0.3)), [Hint::OffUp]);
    assert_eq!(hints(&moved(130.0, 0.0, 0.3)), [Hint::OffDown]);
    assert_eq!(hints(&mapped(&good, |value| value * 0.2)), [Hint::TooDark]);
    assert_eq!(hints(&mapped(&good, |value| value * 2.2))[0], Hint::TooBright);
    assert_eq!(hints(&imageops::blur(&good, 6.0)), [Hint::Blurred]);
    assert_eq!(hints(&rolled(&good, 35.0)), [Hint::Tilted]);
    assert_eq!(hints(&before_the_camera("obama2.jpg")), [Hint::NotFrontal]);
}

#[test]
fn a_dark_face_before_a_window_is_backlit() {
    let good = moved(200.0, 0.0, 0.0);
    let face = analyse(&drawn(good.clone())).face.expect("there is a face").area;
    let mut backlit = mapped(&good, |value| value * 0.25);
    for (x, y, pixel) in backlit.enumerate_pixels_mut() {
        let (x, y) = (x as f32 - face.centre().x, y as f32 - face.centre().y);
        if x.abs() > face.width * 0.8 || y.abs() > face.height * 0.8 {
            pixel.0 = [250; 3];
        }
    }
    assert_eq!(hints(&backlit), [Hint::Backlit]);
}

#[test]
fn two_people_side_by_side_are_several_and_somebody_small_behind_is_not() {
    let photo = picture("biden.jpg");
    let face = analyse(&photo).face.expect("there is a face");
    let beside = |width| {
        let mut frame = moved(180.0, -0.2, 0.0);
        let other = framed(&canvas(&photo), &face, width, 250, 480);
        imageops::overlay(&mut frame, &other, 390, 0);
        frame
    };
    assert!(hints(&beside(150.0)).contains(&Hint::SeveralFaces));
    assert!(!hints(&beside(50.0)).contains(&Hint::SeveralFaces));
}

#[test]
fn a_mirrored_head_is_turned_to_the_other_side_and_leans_there() {
    let limits = Limits { turned: 0.18, ..Limits::live() };
    let frame = before_the_camera("obama2.jpg");
    let mirrored = imageops::flip_horizontal(&frame);
    assert_eq!(quality(&frame).turned(&limits), Some(Side::Right));
    assert_eq!(quality(&mirrored).turned(&limits), Some(Side::Left));
    let good = moved(200.0, 0.0, 0.0);
    for degrees in [15.0, -15.0] {
        let roll = quality(&rolled(&good, degrees)).roll;
        assert!((roll - degrees).abs() < 6.0, "{roll} of {degrees}");
    }
}
