//! Brings a face upright into the picture of 112 × 112 pixels that the embedder was trained on.

use crate::{
    geometry::{Point, Similarity},
    picture::Picture,
};

/// The side of an aligned face.
pub(crate) const SIDE: usize = 112;

/// Where the five points of an aligned face are: both eyes, nose, both corners of the mouth.
const PLACES: [Point; 5] = [
    Point { x: 38.2946, y: 51.6963 },
    Point { x: 73.5318, y: 51.5014 },
    Point { x: 56.0252, y: 71.7366 },
    Point { x: 41.5493, y: 92.3655 },
    Point { x: 70.7299, y: 92.2041 },
];

/// A face brought upright: red, green and blue of 0 to 255, row by row.
pub(crate) struct Aligned(Box<[[f32; 3]]>);

impl Aligned {
    /// `None` where the five points are no face: all in one place.
    pub(crate) fn of(picture: &Picture, points: &[Point; 5]) -> Option<Self> {
        let back = Similarity::between(&PLACES, points)?;
        let pixels = (0..SIDE * SIDE).map(|at| {
            let from = back.apply(Point { x: (at % SIDE) as f32, y: (at / SIDE) as f32 });
            picture.sample(from.x, from.y)
        });
        Some(Self(pixels.collect()))
    }

    pub(crate) fn pixels(&self) -> &[[f32; 3]] {
        &self.0
    }

    /// How bright each pixel is, 0 to 255 (ITU-R BT.601).
    pub(crate) fn luma(&self) -> Box<[f32]> {
        self.0.iter().map(|[red, green, blue]| 0.299 * red + 0.587 * green + 0.114 * blue).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_turned_scaled_and_shifted_face_is_brought_back() {
        let (sin, cos) = 0.4_f32.sin_cos();
        let moved = PLACES.map(|Point { x, y }| Point {
            x: 3.0 * (cos * x - sin * y) + 100.0,
            y: 3.0 * (sin * x + cos * y) - 20.0,
        });
        let back = Similarity::between(&moved, &PLACES).expect("these points are a face");
        for (from, to) in moved.iter().zip(PLACES) {
            assert!(back.apply(*from).distance(to) < 1e-3, "{from:?}");
        }
    }

    #[test]
    fn points_in_one_place_are_no_face() {
        assert!(Similarity::between(&PLACES, &[Point { x: 7.0, y: 7.0 }; 5]).is_none());
        assert!(Similarity::between(&PLACES, &[Point { x: f32::NAN, y: 7.0 }; 5]).is_none());
    }
}
