//! Prints and screens held before the camera, made up of the photos that set-up has fetched.

use super::gallery::{analyse, canvas, drawn, model, picture};
use image::{Rgb, RgbImage, imageops};
use viva_face::{
    Analyser, Area, DETECTOR, EMBEDDER, Face, Landmarks, ModelFault, Models, PRINT_DETECTOR, Picture,
};

/// Portraits of one person each.
const PORTRAITS: [&str; 4] = ["biden.jpg", "obama.jpg", "obama2.jpg", "obama3.jpg"];

fn analyser() -> Analyser {
    let models =
        Models::load(&model(DETECTOR.name), &model(EMBEDDER.name)).expect("the models can be loaded");
    models.with_prints(&model(PRINT_DETECTOR.name)).expect("it can be loaded").analyser()
}

/// Head and shoulders on paper or on a phone, before a room.
fn held(name: &str, screen: bool) -> Picture {
    let photo = picture(name);
    let area = analyse(&photo).face.expect(name).area;
    let (centre, side) = (area.centre(), area.height * 2.0);
    let canvas = canvas(&photo);
    let (left, top) = ((centre.x - side / 2.0).max(0.0), (centre.y - side / 2.0).max(0.0));
    let cut = imageops::crop_imm(&canvas, left as u32, top as u32, side as u32, side as u32).to_image();
    let mut cut = imageops::resize(&cut, 480, 480, imageops::FilterType::Triangle);
    for (x, y, pixel) in cut.enumerate_pixels_mut() {
        let wave = 8.0 * ((x as f32 * 1.9).sin() + (y as f32 * 2.05 + x as f32 * 0.1).sin());
        for (plane, value) in pixel.0.iter_mut().enumerate() {
            let before = f32::from(*value);
            let after = if screen {
                before * 1.05 + 8.0 + wave * [1.2, 0.6, 1.0][plane]
            } else {
                before * 0.75 + 45.0
            };
            *value = after.clamp(0.0, 255.0) as u8;
        }
    }
    let room = |x, y| Rgb([90 + (x / 12) as u8, 110 + (y / 12) as u8, 120]);
    let mut scene = RgbImage::from_fn(960, 720, room);
    let frame = if screen { Rgb([15; 3]) } else { Rgb([235; 3]) };
    for (x, y) in (216..744).flat_map(|x| (96..624).map(move |y| (x, y))) {
        scene.put_pixel(x, y, frame);
    }
    imageops::replace(&mut scene, &cut, 240, 120);
    drawn(imageops::blur(&scene, 0.7))
}

fn live(picture: &Picture) -> f32 {
    let analyser = analyser();
    let face = analyser.look(picture).expect("the models run").face.expect("there is a face");
    analyser.live(picture, &face).expect("the model runs").expect("the model is loaded")
}

#[test]
fn prints_and_screens_look_less_alive_than_what_they_show() {
    for name in PORTRAITS {
        let own = live(&picture(name));
        let (print, screen) = (live(&held(name, false)), live(&held(name, true)));
        assert!(own > 0.3, "{name}: {own}");
        assert!(print < own && screen < own, "{name}: {own}, print {print}, screen {screen}");
    }
}

/// What ONNX Runtime says of the same model and the same face.
#[test]
fn it_says_what_another_runtime_says() {
    let analyser = analyser();
    for (name, [x, y, width, height], live) in [
        ("obama2.jpg", [198.0, 231.0, 273.0, 387.0], 0.776),
        ("obama2.jpg", [200.0, 235.0, 270.0, 380.0], 0.643),
        ("obama.jpg", [373.0, 89.0, 238.0, 328.0], 0.998),
    ] {
        let picture = picture(name);
        let area = Area { x, y, width, height };
        let face = Face { area, landmarks: Landmarks::default(), sure: 0.9 };
        let found = analyser.live(&picture, &face).expect("the model runs").expect("it says something");
        assert!((found - live).abs() < 0.02, "{name}: {found}, {live}");
    }
}

#[test]
fn without_the_model_nothing_is_said_and_another_file_is_not_taken() {
    let picture = picture("obama.jpg");
    let face = analyse(&picture).face.expect("there is one");
    assert_eq!(super::gallery::analyser().live(&picture, &face).expect("nothing runs"), None);
    let models =
        Models::load(&model(DETECTOR.name), &model(EMBEDDER.name)).expect("the models can be loaded");
    assert!(matches!(models.with_prints(&model(DETECTOR.name)), Err(ModelFault::AnotherFile { .. })));
}
