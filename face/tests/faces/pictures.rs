//! Pictures of every bad kind, and of the good ones that are laid down differently.

use super::gallery::photo;
use image::{
    DynamicImage, ExtendedColorType, ImageEncoder, RgbImage, codecs::jpeg::JpegEncoder,
    codecs::png::PngEncoder,
};
use viva_face::{LONGEST_SIDE, MOST_BYTES, Picture, PictureFault};

fn encoded(picture: &DynamicImage, format: image::ImageFormat) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).expect("memory takes it");
    bytes.into_inner()
}

/// Half of it is red, half is blue: left and right, or above and below once it is turned.
fn halves(width: u32, height: u32) -> DynamicImage {
    let half = |x, _| if x < width / 2 { image::Rgb([250, 10, 10]) } else { image::Rgb([10, 10, 250]) };
    DynamicImage::ImageRgb8(RgbImage::from_fn(width, height, half))
}

fn is_red(picture: &Picture, x: u32, y: u32) -> bool {
    let at = ((y * picture.width() + x) * 3) as usize;
    picture.rgb()[at] > 150 && picture.rgb()[at + 2] < 100
}

#[test]
fn the_format_is_told_by_the_content() {
    for format in [image::ImageFormat::Jpeg, image::ImageFormat::Png, image::ImageFormat::WebP] {
        let picture = Picture::decode(&encoded(&halves(100, 60), format)).expect("it is a picture");
        assert_eq!((picture.width(), picture.height()), (100, 60), "{format:?}");
        assert!(is_red(&picture, 10, 30) && !is_red(&picture, 90, 30), "{format:?}");
    }
    for bytes in
        [&b""[..], b"\xff\xd8", b"GIF89a\x01\x00\x01\x00", b"<svg xmlns=''/>", b"%PDF-1.7", &[0; 1000]]
    {
        let fault = Picture::decode(bytes).expect_err("it is none");
        assert!(matches!(fault, PictureFault::UnknownFormat | PictureFault::Truncated), "{bytes:?}: {fault}");
    }
}

#[test]
fn a_large_picture_is_scaled_down_and_a_small_one_is_refused() {
    let picture =
        Picture::decode(&encoded(&halves(4000, 3000), image::ImageFormat::Jpeg)).expect("it is a picture");
    assert_eq!((picture.width(), picture.height()), (LONGEST_SIDE, 960));
    assert!(is_red(&picture, 630, 500) && !is_red(&picture, 650, 500));
    let small = encoded(&halves(100, 20), image::ImageFormat::Png);
    assert_eq!(Picture::decode(&small), Err(PictureFault::TooSmall { width: 100, height: 20 }));
    // What is only left of a long strip is too small as well.
    let strip = encoded(&halves(10_000, 60), image::ImageFormat::Png);
    assert_eq!(Picture::decode(&strip), Err(PictureFault::TooSmall { width: LONGEST_SIDE, height: 8 }));
}

#[test]
fn it_is_turned_as_its_exif_says() {
    // Tag 0x0112 of a TIFF of one entry.
    let exif = |orientation: u8| {
        [b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0", &[orientation][..], b"\0\0\0\0\0\0"].concat()
    };
    let picture = |orientation, jpeg: bool| {
        let pixels = halves(120, 60).into_rgb8();
        let mut bytes = Vec::new();
        if jpeg {
            let mut encoder = JpegEncoder::new(&mut bytes);
            encoder.set_exif_metadata(exif(orientation)).expect("JPEG holds it");
            encoder.write_image(&pixels, 120, 60, ExtendedColorType::Rgb8).expect("memory takes it");
        } else {
            let mut encoder = PngEncoder::new(&mut bytes);
            encoder.set_exif_metadata(exif(orientation)).expect("PNG holds it");
            encoder.write_image(&pixels, 120, 60, ExtendedColorType::Rgb8).expect("memory takes it");
        }
        Picture::decode(&bytes).expect("it is a picture")
    };
    for jpeg in [true, false] {
        assert!(is_red(&picture(1, jpeg), 10, 30) && !is_red(&picture(1, jpeg), 110, 30));
        assert!(is_red(&picture(3, jpeg), 110, 30) && !is_red(&picture(3, jpeg), 10, 30));
        let right = picture(6, jpeg);
        assert_eq!((right.width(), right.height()), (60, 120));
        assert!(is_red(&right, 30, 10) && !is_red(&right, 30, 110));
        assert!(is_red(&picture(8, jpeg), 30, 110) && !is_red(&picture(8, jpeg), 30, 10));
        assert!(is_red(&picture(77, jpeg), 10, 30), "nonsense turns nothing");
    }
}

#[test]
fn what_is_cut_off_is_said_to_be() {
    for name in ["obama.jpg", "sample1.jpg"] {
        let whole = photo(name);
        for share in [3, 30, 60, 90, 99] {
            let cut = &whole[..whole.len() * share / 100];
            assert_eq!(Picture::decode(cut), Err(PictureFault::Truncated), "{share} % of {name}");
        }
    }
    for format in [image::ImageFormat::Png, image::ImageFormat::WebP] {
        let mut whole = encoded(&halves(300, 200), format);
        whole.truncate(whole.len() / 2);
        let fault = Picture::decode(&whole).expect_err("half of it is missing");
        assert!(matches!(fault, PictureFault::Truncated | PictureFault::Damaged), "{format:?}: {fault}");
    }
}

#[test]
fn a_bomb_is_refused_before_anything_is_allocated() {
    // Of 74 bytes, of 40,000 × 40,000 pixels.
    let bomb = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/fuzz/corpus/picture/bomb.png"));
    let fault = Picture::decode(&bomb.expect("it is committed"));
    assert_eq!(fault, Err(PictureFault::TooManyPixels { width: 40_000, height: 40_000 }));
    // A JPEG that says it is larger than it is.
    let mut jpeg = encoded(&halves(100, 100), image::ImageFormat::Jpeg);
    let frame = jpeg.windows(2).position(|pair| pair == [0xff, 0xc0]).expect("it has a frame");
    jpeg[frame + 5..frame + 9].copy_from_slice(&[0xff; 4]);
    assert_eq!(Picture::decode(&jpeg), Err(PictureFault::TooManyPixels { width: 65_535, height: 65_535 }));
    // One that comes in scans is kept as coefficients until its end: fewer pixels are permitted.
    jpeg[frame + 5..frame + 9].copy_from_slice(&[0x10, 0x00, 0x10, 0x00]);
    jpeg[frame + 1] = 0xc2;
    assert_eq!(Picture::decode(&jpeg), Err(PictureFault::TooManyPixels { width: 4096, height: 4096 }));
    let large = vec![0xff; MOST_BYTES + 1];
    assert_eq!(Picture::decode(&large), Err(PictureFault::TooManyBytes { bytes: MOST_BYTES + 1 }));
}
