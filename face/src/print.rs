//! Prints and screens: is the face on a picture that is held before the camera? Optional, and a help for people alone: what it
//! is worth is measured in docs/decisions/0013-face-comparison.md.

use crate::{
    detect::Face,
    model::{ModelFault, Network, PRINT_DETECTOR},
    picture::Picture,
};
use rten::ThreadPool;
use rten_tensor::{NdTensor, prelude::*};
use std::sync::Arc;

/// Pixels of what the model looks at, to either side.
const SIDE: usize = 128;
/// How much larger than the face that is, where the picture has so much: edges of paper and of screens tell the most.
const AROUND: f32 = 2.7;

/// The model, for any number of threads.
pub(crate) struct PrintDetector(Network);

impl PrintDetector {
    pub(crate) fn load(bytes: &[u8]) -> Result<Self, ModelFault> {
        Network::load(PRINT_DETECTOR, bytes, &["output".to_owned()]).map(Self)
    }

    /// How sure it is, from 0 to 1, that the face is no print and on no screen; `None` if the model says nothing of use.
    pub(crate) fn live(
        &self,
        picture: &Picture,
        face: &Face,
        pool: &Arc<ThreadPool>,
    ) -> Result<Option<f32>, ModelFault> {
        let Some(crop) = crop(picture, face) else { return Ok(None) };
        let input = NdTensor::from_data([1, 3, SIDE, SIDE], crop);
        let outputs = self.0.run(pool, input)?;
        Ok(outputs.first().and_then(|tensor| first_of_softmax(tensor.data()?)))
    }
}

/// The first of these after a softmax: the probability of the first class.
fn first_of_softmax(numbers: &[f32]) -> Option<f32> {
    let highest = numbers.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let sum: f32 = numbers.iter().map(|number| (number - highest).exp()).sum();
    let first = (numbers.first()? - highest).exp() / sum;
    first.is_finite().then_some(first)
}

/// Red, green and blue of what is around the face, as planes of values from 0 to 255. At the edges of the picture the square
/// moves, as where the model was trained.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to the picture")]
fn crop(picture: &Picture, face: &Face) -> Option<Vec<f32>> {
    let (width, height) = (picture.width() as f32, picture.height() as f32);
    let (area, centre) = (&face.area, face.area.centre());
    let scale = AROUND.min((width - 1.0) / area.width).min((height - 1.0) / area.height);
    let (wide, high) = ((area.width * scale).floor(), (area.height * scale).floor());
    // Not so where anything of it is no number.
    if !(scale > 0.0 && wide >= 1.0 && high >= 1.0 && centre.x.is_finite() && centre.y.is_finite()) {
        return None;
    }
    let left = (centre.x - wide / 2.0).clamp(0.0, (width - 1.0 - wide).max(0.0)).floor();
    let top = (centre.y - high / 2.0).clamp(0.0, (height - 1.0 - high).max(0.0)).floor();
    // Between the four pixels around it.
    let value = |x: f32, y: f32, plane: usize| {
        let (x, y) = (x.clamp(left, left + wide - 1.0), y.clamp(top, top + high - 1.0));
        let (x, y) = (x.clamp(0.0, width - 1.0), y.clamp(0.0, height - 1.0));
        let at = |x: f32, y: f32| {
            let (x, y) = (x.min(width - 1.0) as usize, y.min(height - 1.0) as usize);
            let place = 3 * (y * picture.width() as usize + x) + plane;
            f32::from(picture.rgb().get(place).copied().unwrap_or_default())
        };
        let (right, down) = (x.fract(), y.fract());
        let above = at(x, y) * (1.0 - right) + at(x + 1.0, y) * right;
        let below = at(x, y + 1.0) * (1.0 - right) + at(x + 1.0, y + 1.0) * right;
        (above * (1.0 - down) + below * down).round()
    };
    let (across, along) = (wide / SIDE as f32, high / SIDE as f32);
    let pixels = (0..3).flat_map(|plane| {
        (0..SIDE).flat_map(move |y| (0..SIDE).map(move |x| (x as f32 + 0.5, y as f32 + 0.5, plane)))
    });
    Some(pixels.map(|(x, y, plane)| value(left + x * across - 0.5, top + y * along - 0.5, plane)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Area, Landmarks};

    fn face(x: f32, y: f32, width: f32, height: f32) -> Face {
        Face { area: Area { x, y, width, height }, landmarks: Landmarks::default(), sure: 0.9 }
    }

    #[test]
    fn the_crop_stays_within_the_picture_wherever_the_face_is() {
        let rgb: Vec<u8> = (0..200 * 100).flat_map(|at| [(at % 200) as u8, (at / 200) as u8, 7]).collect();
        let picture = Picture::from_rgb(200, 100, rgb).unwrap();
        for (x, y) in [(-50.0, -50.0), (0.0, 0.0), (90.0, 40.0), (190.0, 90.0), (1e9, -1e9)] {
            for size in [1.0, 10.0, 90.0, 5000.0] {
                let planes = crop(&picture, &face(x, y, size, size)).unwrap();
                assert_eq!(planes.len(), 3 * SIDE * SIDE);
                let [red, green, blue] = [0, 1, 2].map(|plane| &planes[plane * SIDE * SIDE..][..SIDE * SIDE]);
                assert!(blue.iter().all(|value| (value - 7.0).abs() < 1e-3));
                assert!(red.iter().all(|value| *value <= 199.0) && green.iter().all(|value| *value <= 99.0));
            }
        }
        for size in [0.0, -5.0, 0.001, f32::NAN, f32::INFINITY] {
            assert!(crop(&picture, &face(1.0, 1.0, size, size)).is_none(), "{size}");
        }
    }

    #[test]
    fn the_first_class_has_its_share() {
        assert_eq!(first_of_softmax(&[1.0, 1.0]), Some(0.5));
        assert!(first_of_softmax(&[90.0, -90.0, 1.0]).unwrap() > 0.99);
        assert_eq!(first_of_softmax(&[]), None);
        assert_eq!(first_of_softmax(&[f32::NAN, 1.0]), None);
    }
}
