//! Finds faces and five points of each: YuNet on a picture of 320 pixels.
//!
//! What the outputs mean: OpenCV's `FaceDetectorYN`. For each of three strides a grid of cells; a cell says how sure it is
//! (two values, their geometric mean counts), where its face is and how large, and where the points are.

use crate::{
    geometry::{Area, Point, Similarity},
    model::{DETECTOR, ModelFault, Network},
    picture::Picture,
};
use image::RgbImage;
use rten::ThreadPool;
use rten_tensor::{NdTensor, prelude::*};
use std::sync::Arc;

/// The longer side of the picture that is searched.
const SIDE: u32 = 320;
/// The grids.
const STRIDES: [u32; 3] = [8, 16, 32];
/// How sure a cell must be.
const SURE: f32 = 0.7;
/// Of two areas that overlap by more than this the surer one counts.
const OVERLAP: f32 = 0.3;
/// The side of the square in which a face is looked at closely.
const CLOSE_SIDE: u32 = 256;
/// The square is so many times as long as the face.
const SURROUNDINGS: f32 = 1.6;
/// How many closer looks are taken at most.
const LOOKS: usize = 2;
/// A look that changes the lean of the head by less, in radians, is the last.
const STILL: f32 = 0.09;
/// How many of the surest cells are looked at.
const MOST_CELLS: usize = 200;

/// Five points of a face.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Landmarks {
    /// The person's right eye, on the left in a picture that is not mirrored.
    pub right_eye: Point,
    /// The person's left eye.
    pub left_eye: Point,
    /// The tip of the nose.
    pub nose: Point,
    /// The right corner of the mouth.
    pub mouth_right: Point,
    /// The left corner of the mouth.
    pub mouth_left: Point,
}

/// A face that was found, in pixels of the picture it was found in.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Face {
    /// From the forehead to the chin; it may reach beyond the picture.
    pub area: Area,
    /// The five points.
    pub landmarks: Landmarks,
    /// How sure the detector is, 0.7 to 1.
    pub sure: f32,
}

impl Face {
    /// In the pixels of another picture.
    fn mapped(self, into: Similarity) -> Self {
        let centre = into.apply(self.area.centre());
        let (width, height) = (self.area.width * into.growth(), self.area.height * into.growth());
        Self {
            area: Area { x: centre.x - width / 2.0, y: centre.y - height / 2.0, width, height },
            landmarks: Landmarks::of(self.landmarks.points().map(|point| into.apply(point))),
            sure: self.sure,
        }
    }
}

impl Landmarks {
    pub(crate) fn points(&self) -> [Point; 5] {
        [self.right_eye, self.left_eye, self.nose, self.mouth_right, self.mouth_left]
    }

    /// How far the line of the eyes leans, clockwise, in radians.
    pub(crate) fn roll(&self) -> f32 {
        (self.left_eye.y - self.right_eye.y).atan2(self.left_eye.x - self.right_eye.x)
    }

    fn of([right_eye, left_eye, nose, mouth_right, mouth_left]: [Point; 5]) -> Self {
        Self { right_eye, left_eye, nose, mouth_right, mouth_left }
    }
}

/// The model, for any number of threads.
pub(crate) struct Detector(Network);

impl Detector {
    pub(crate) fn load(bytes: &[u8]) -> Result<Self, ModelFault> {
        let outputs: Vec<String> = ["cls", "obj", "bbox", "kps"]
            .iter()
            .flat_map(|kind| STRIDES.map(|stride| format!("{kind}_{stride}")))
            .collect();
        Network::load(DETECTOR, bytes, &outputs).map(Self)
    }

    /// The faces of a picture, the largest first.
    pub(crate) fn detect(&self, picture: &Picture, pool: &Arc<ThreadPool>) -> Result<Vec<Face>, ModelFault> {
        let (small, factor) = picture.within(SIDE);
        let mut faces = self.find(&small, pool)?;
        for face in &mut faces {
            *face = face.mapped(Similarity::scale(1.0 / factor));
        }
        faces.sort_by(|a, b| (b.area.width * b.area.height).total_cmp(&(a.area.width * a.area.height)));
        Ok(faces)
    }

    /// The same face by a closer look, brought upright. Of a face that leans the detector gives points that lean by half as
    /// much, and of one that is small in the picture points between few pixels.
    pub(crate) fn closer(
        &self,
        picture: &Picture,
        face: Face,
        pool: &Arc<ThreadPool>,
    ) -> Result<Face, ModelFault> {
        let mut face = face;
        for _ in 0..LOOKS {
            let (centre, roll) = (face.area.centre(), face.landmarks.roll());
            let length = SURROUNDINGS * face.area.width.max(face.area.height);
            let (upright, back) = picture.upright(centre, length, roll, CLOSE_SIDE);
            let found = self.find(&upright, pool)?.into_iter().map(|found| found.mapped(back));
            let same = found.filter(|found| found.area.centre().distance(centre) < face.area.width / 2.0);
            let Some(closer) = same.max_by(|a, b| a.sure.total_cmp(&b.sure)) else { break };
            face = closer;
            if (face.landmarks.roll() - roll).abs() < STILL {
                break;
            }
        }
        Ok(face)
    }

    /// The faces of a picture that is small enough, in its own pixels.
    fn find(&self, small: &RgbImage, pool: &Arc<ThreadPool>) -> Result<Vec<Face>, ModelFault> {
        let input = tensor(small);
        let columns = input.size(3) as u32;
        let outputs = self.0.run(pool, input)?;
        let outputs: Vec<&[f32]> = outputs.iter().map(|tensor| tensor.data().unwrap_or_default()).collect();
        let mut found = Vec::new();
        for (at, stride) in STRIDES.into_iter().enumerate() {
            let grid = Grid {
                columns: (columns / stride) as usize,
                stride: stride as f32,
                class: outputs[at],
                object: outputs[3 + at],
                area: outputs[6 + at].as_chunks::<4>().0,
                points: outputs[9 + at].as_chunks::<10>().0,
            };
            grid.faces(&mut found);
        }
        Ok(surest(found))
    }
}

/// What the model says for one stride.
struct Grid<'a> {
    columns: usize,
    stride: f32,
    class: &'a [f32],
    object: &'a [f32],
    area: &'a [[f32; 4]],
    points: &'a [[f32; 10]],
}

impl Grid<'_> {
    fn faces(&self, found: &mut Vec<Face>) {
        let cells = self.class.iter().zip(self.object).zip(self.area.iter().zip(self.points));
        for (cell, ((class, object), (area, points))) in cells.enumerate() {
            let sure = (class.clamp(0.0, 1.0) * object.clamp(0.0, 1.0)).sqrt();
            if sure < SURE {
                continue;
            }
            let (column, row) = ((cell % self.columns) as f32, (cell / self.columns) as f32);
            let [x, y, width, height] = *area;
            let (width, height) = (width.exp() * self.stride, height.exp() * self.stride);
            let (x, y) = ((column + x) * self.stride, (row + y) * self.stride);
            let area = Area { x: x - width / 2.0, y: y - height / 2.0, width, height };
            let (points, _) = points.as_chunks::<2>();
            let mut landmarks = [Point::default(); 5];
            for (point, [x, y]) in landmarks.iter_mut().zip(points) {
                *point = Point { x: (column + x) * self.stride, y: (row + y) * self.stride };
            }
            let numbers =
                landmarks.iter().flat_map(|point| [point.x, point.y]).chain([width, height, area.x, area.y]);
            if numbers.into_iter().all(f32::is_finite) {
                found.push(Face { area, landmarks: Landmarks::of(landmarks), sure });
            }
        }
    }
}

/// Of areas that overlap the surest one.
fn surest(mut found: Vec<Face>) -> Vec<Face> {
    found.sort_by(|a, b| b.sure.total_cmp(&a.sure));
    found.truncate(MOST_CELLS);
    let mut kept: Vec<Face> = Vec::new();
    for face in found {
        if kept.iter().all(|other| other.area.overlap(face.area) <= OVERLAP) {
            kept.push(face);
        }
    }
    kept
}

/// Blue, green and red planes of 0 to 255, black to the right and below until the sides fit the widest stride.
fn tensor(picture: &RgbImage) -> NdTensor<f32, 4> {
    let (width, height) = picture.dimensions();
    let widest = STRIDES[2];
    let (columns, rows) = (width.next_multiple_of(widest) as usize, height.next_multiple_of(widest) as usize);
    let mut planes = vec![0.0; 3 * rows * columns];
    for (x, y, pixel) in picture.enumerate_pixels() {
        for (plane, value) in pixel.0.iter().rev().enumerate() {
            planes[(plane * rows + y as usize) * columns + x as usize] = f32::from(*value);
        }
    }
    NdTensor::from_data([1, 3, rows, columns], planes)
}
