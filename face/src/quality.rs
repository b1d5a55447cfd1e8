//! Whether a picture of a face is good enough to be compared, and if not, what the person can do about it.

use crate::{
    align::{Aligned, SIDE},
    detect::{Face, Landmarks},
    geometry::{Point, Side},
    picture::Picture,
};

/// What to tell the person. Left and right are their own, as in the mirrored picture they see of themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Hint {
    /// No face was found.
    NoFace,
    /// More than one face of a size was found.
    SeveralFaces,
    /// The face is too small.
    TooFar,
    /// The face is too large.
    TooClose,
    /// The face is too far to the person's left: it should move to their right.
    OffLeft,
    /// The face is too far to the person's right: it should move to their left.
    OffRight,
    /// The face is too high in the picture.
    OffUp,
    /// The face is too low in the picture.
    OffDown,
    /// The face is dark.
    TooDark,
    /// The face is overexposed.
    TooBright,
    /// The face is dark before something bright.
    Backlit,
    /// The face is blurred, by movement or by the lens.
    Blurred,
    /// The head leans to one side.
    Tilted,
    /// The face does not look straight ahead.
    NotFrontal,
    /// The picture is good and yet it cannot be told whether it is the person. Only comparing says so.
    BetterLight,
}

impl Hint {
    /// Whether it is said of a head that is turned as well.
    pub(crate) fn of_any_pose(self) -> bool {
        matches!(
            self,
            Self::NoFace
                | Self::SeveralFaces
                | Self::TooFar
                | Self::TooClose
                | Self::TooDark
                | Self::TooBright
                | Self::Backlit
        )
    }
}

/// What is measured of a face.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quality {
    /// How many faces are in the picture that are at least a third as wide as the largest.
    pub faces: usize,
    /// How wide the face is, in pixels.
    pub width: f32,
    /// How wide the face is, as a share of the picture's shorter side.
    pub share: f32,
    /// How far the face is from the middle of the picture to the person's left, as a share of the picture's width; to the
    /// right it is negative.
    pub leftward: f32,
    /// How far the face is above the middle of the picture, as a share of the picture's height; below it is negative.
    pub upward: f32,
    /// How bright the face is on average, 0 to 255.
    pub light: f32,
    /// What share of the face is white without detail.
    pub burnt: f32,
    /// How bright the picture is around the face on average, 0 to 255.
    pub around: f32,
    /// How much detail the face has: the variance of its Laplacian as a share of its own variance. It does not depend on
    /// light and contrast.
    pub sharpness: f32,
    /// How far the head leans, in degrees; to the person's left it is positive.
    pub roll: f32,
    /// How far the head is turned: the nose's distance from the middle of the eyes along their line, as a share of the
    /// distance of the eyes. To the person's left it is positive; 0.25 is some 20 degrees.
    pub turn: f32,
}

/// Between which measures a picture of a face is good enough.
#[derive(Debug, Clone, PartialEq)]
pub struct Limits {
    /// The least [`Quality::width`].
    pub width: f32,
    /// The least and the most [`Quality::share`].
    pub share: (f32, f32),
    /// The most [`Quality::leftward`] to either side.
    pub sideward: f32,
    /// The most [`Quality::upward`] up or down.
    pub upward: f32,
    /// The least and the most [`Quality::light`].
    pub light: (f32, f32),
    /// The most [`Quality::burnt`].
    pub burnt: f32,
    /// A face darker than `light.0` is backlit if what is around it is brighter by so much.
    pub backlight: f32,
    /// The least [`Quality::sharpness`].
    pub sharpness: f32,
    /// The most [`Quality::roll`] to either side.
    pub roll: f32,
    /// The most [`Quality::turn`] to either side of a face that looks straight ahead.
    pub frontal: f32,
    /// From which [`Quality::turn`] on a head is turned.
    pub turned: f32,
}

impl Limits {
    /// For somebody in front of a camera, who can do something about it.
    #[must_use]
    pub fn live() -> Self {
        Self {
            width: 80.0,
            share: (0.20, 0.80),
            sideward: 0.20,
            upward: 0.25,
            light: (50.0, 225.0),
            burnt: 0.25,
            backlight: 50.0,
            sharpness: 0.010,
            roll: 25.0,
            frontal: 0.15,
            turned: 0.25,
        }
    }

    /// For a photo that is brought: wherever the face is in it, as long as it shows enough.
    #[must_use]
    pub fn reference() -> Self {
        Self {
            width: 60.0,
            share: (0.0, f32::INFINITY),
            sideward: f32::INFINITY,
            upward: f32::INFINITY,
            light: (35.0, 240.0),
            burnt: 0.5,
            frontal: 0.25,
            ..Self::live()
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::live()
    }
}

impl Quality {
    /// Of the largest of these faces, which are sorted by size.
    pub(crate) fn of(picture: &Picture, faces: &[Face], main: &Face, aligned: &Aligned) -> Self {
        let (width, height) = (picture.width() as f32, picture.height() as f32);
        let centre = main.area.centre();
        let luma = aligned.luma();
        let light = mean(&luma);
        let Landmarks { right_eye, left_eye, nose, .. } = main.landmarks;
        Self {
            faces: faces.iter().filter(|face| face.area.width * 3.0 >= main.area.width).count(),
            width: main.area.width,
            share: main.area.width / width.min(height),
            leftward: centre.x / width - 0.5,
            upward: 0.5 - centre.y / height,
            light,
            burnt: luma.iter().filter(|value| **value >= 250.0).count() as f32 / luma.len() as f32,
            around: around(picture, main),
            sharpness: sharpness(&luma, light),
            roll: main.landmarks.roll().to_degrees(),
            turn: turn(right_eye, left_eye, nose),
        }
    }

    /// What to tell the person, the most urgent first.
    pub fn hints(&self, limits: &Limits) -> impl Iterator<Item = Hint> + use<> {
        let dark = self.light < limits.light.0;
        let backlit = dark && self.around - self.light > limits.backlight;
        [
            (self.faces == 0, Hint::NoFace),
            (self.faces > 1, Hint::SeveralFaces),
            (self.width < limits.width || self.share < limits.share.0, Hint::TooFar),
            (self.share > limits.share.1, Hint::TooClose),
            (self.leftward > limits.sideward, Hint::OffLeft),
            (self.leftward < -limits.sideward, Hint::OffRight),
            (self.upward > limits.upward, Hint::OffUp),
            (self.upward < -limits.upward, Hint::OffDown),
            (backlit, Hint::Backlit),
            (dark && !backlit, Hint::TooDark),
            (self.light > limits.light.1 || self.burnt > limits.burnt, Hint::TooBright),
            (self.sharpness < limits.sharpness, Hint::Blurred),
            (self.roll.abs() > limits.roll, Hint::Tilted),
            (self.turn.abs() > limits.frontal, Hint::NotFrontal),
        ]
        .into_iter()
        .filter_map(|(applies, hint)| applies.then_some(hint))
    }

    /// To which side the head is turned, if it is.
    #[must_use]
    pub fn turned(&self, limits: &Limits) -> Option<Side> {
        let side = if self.turn > 0.0 { Side::Left } else { Side::Right };
        (self.turn.abs() >= limits.turned).then_some(side)
    }
}

/// How far the nose is from the middle of the eyes along their line, as a share of their distance.
fn turn(right_eye: Point, left_eye: Point, nose: Point) -> f32 {
    let middle = right_eye.between(left_eye);
    let (x, y) = (left_eye.x - right_eye.x, left_eye.y - right_eye.y);
    let square = x * x + y * y;
    if square <= 0.0 {
        return 0.0;
    }
    ((nose.x - middle.x) * x + (nose.y - middle.y) * y) / square
}

fn mean(values: &[f32]) -> f32 {
    values.iter().sum::<f32>() / values.len() as f32
}

/// The variance of the Laplacian as a share of the variance.
fn sharpness(luma: &[f32], mean_luma: f32) -> f32 {
    let at = |x: usize, y: usize| luma[y * SIDE + x];
    let inner = || (1..SIDE - 1).flat_map(|y| (1..SIDE - 1).map(move |x| (x, y)));
    let laplacian: Vec<f32> = inner()
        .map(|(x, y)| at(x - 1, y) + at(x + 1, y) + at(x, y - 1) + at(x, y + 1) - 4.0 * at(x, y))
        .collect();
    let variance = |values: &[f32], mean: f32| {
        values.iter().map(|value| (value - mean).powi(2)).sum::<f32>() / values.len() as f32
    };
    // A face of one colour has no detail, and is no reason to divide by nothing.
    variance(&laplacian, mean(&laplacian)) / variance(luma, mean_luma).max(1.0)
}

/// How bright the picture is outside of the face, by every eighth pixel.
fn around(picture: &Picture, face: &Face) -> f32 {
    let inside = |x: u32, y: u32| {
        let (x, y) = (x as f32 - face.area.x, y as f32 - face.area.y);
        x >= 0.0 && y >= 0.0 && x < face.area.width && y < face.area.height
    };
    let (mut sum, mut count) = (0.0, 0.0);
    for y in (0..picture.height()).step_by(8) {
        for x in (0..picture.width()).step_by(8).filter(|x| !inside(*x, y)) {
            let [red, green, blue] = picture.sample(x as f32, y as f32);
            sum += 0.299 * red + 0.587 * green + 0.114 * blue;
            count += 1.0;
        }
    }
    if count > 0.0 { sum / count } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn good() -> Quality {
        Quality {
            faces: 1,
            width: 200.0,
            share: 0.4,
            leftward: 0.0,
            upward: 0.0,
            light: 120.0,
            burnt: 0.0,
            around: 120.0,
            sharpness: 0.2,
            roll: 0.0,
            turn: 0.0,
        }
    }

    #[test]
    fn every_fault_has_its_hint_and_a_good_picture_none() {
        let hints = |quality: Quality| quality.hints(&Limits::live()).collect::<Vec<_>>();
        assert_eq!(hints(good()), []);
        assert_eq!(hints(Quality { faces: 0, ..good() }), [Hint::NoFace]);
        assert_eq!(hints(Quality { faces: 2, ..good() }), [Hint::SeveralFaces]);
        assert_eq!(hints(Quality { width: 40.0, ..good() }), [Hint::TooFar]);
        assert_eq!(hints(Quality { share: 0.1, ..good() }), [Hint::TooFar]);
        assert_eq!(hints(Quality { share: 0.9, ..good() }), [Hint::TooClose]);
        assert_eq!(hints(Quality { leftward: 0.3, ..good() }), [Hint::OffLeft]);
        assert_eq!(hints(Quality { leftward: -0.3, ..good() }), [Hint::OffRight]);
        assert_eq!(hints(Quality { upward: 0.3, ..good() }), [Hint::OffUp]);
        assert_eq!(hints(Quality { upward: -0.3, ..good() }), [Hint::OffDown]);
        assert_eq!(hints(Quality { light: 30.0, around: 40.0, ..good() }), [Hint::TooDark]);
        assert_eq!(hints(Quality { light: 30.0, around: 180.0, ..good() }), [Hint::Backlit]);
        assert_eq!(hints(Quality { light: 240.0, ..good() }), [Hint::TooBright]);
        assert_eq!(hints(Quality { burnt: 0.5, ..good() }), [Hint::TooBright]);
        assert_eq!(hints(Quality { sharpness: 0.001, ..good() }), [Hint::Blurred]);
        assert_eq!(hints(Quality { roll: -30.0, ..good() }), [Hint::Tilted]);
        assert_eq!(hints(Quality { turn: -0.2, ..good() }), [Hint::NotFrontal]);
    }

    #[test]
    fn a_head_that_turns_to_its_left_shows_its_nose_on_the_right_of_the_picture() {
        let turn = turn(Point { x: 40.0, y: 50.0 }, Point { x: 80.0, y: 50.0 }, Point { x: 72.0, y: 70.0 });
        assert!((turn - 0.3).abs() < 1e-6, "{turn}");
        let turned = |turn| Quality { turn, ..good() }.turned(&Limits::live());
        assert_eq!(turned(turn), Some(Side::Left));
        assert_eq!(turned(-turn), Some(Side::Right));
        assert_eq!(turned(0.2), None);
    }

    #[test]
    fn a_lean_of_the_head_is_no_turn() {
        let (sin, cos) = 20_f32.to_radians().sin_cos();
        let lean = |x: f32, y: f32| Point { x: cos * x - sin * y, y: sin * x + cos * y };
        let turn = turn(lean(40.0, 50.0), lean(80.0, 50.0), lean(60.0, 70.0));
        assert!(turn.abs() < 1e-5, "{turn}");
    }
}
