//! Faces: found in a picture, judged, brought upright, compared; and the check of a live person as a state machine.
//!
//! No IO, no clock, no randomness: models come in as bytes, time and the challenge of a check are arguments. What is
//! computed runs on one thread of `rten` for each [`Analyser`].
//!
//! [`Picture::decode`] takes bytes of unknown origin within strict limits. [`Models::load`] takes the two models named by
//! [`DETECTOR`] and [`EMBEDDER`]; [`Models::analyser`] makes what one worker needs. [`Analyser::look`] is for guidance
//! while somebody moves in front of the camera, [`Analyser::analyse`] for what is compared. [`Attempt`] judges the frames
//! of one check; [`Thresholds::judge`] compares one picture with another.
//!
//! Left and right are the person's own, everywhere. In a picture as the camera gives it, which is not mirrored, a person's
//! left is on the right; in the mirrored picture that people see of themselves it is on the left.

mod align;
mod analyse;
mod attempt;
mod compare;
mod detect;
mod embed;
mod geometry;
mod model;
mod picture;
mod print;
mod quality;

pub use analyse::{Analyser, Analysis, Models};
pub use attempt::{Attempt, Challenge, Failure, Frame, Ignored, Nonce, Outcome, Rules, Step};
pub use compare::{Comparison, Thresholds};
pub use detect::{Face, Landmarks};
pub use embed::{Embedding, InvalidEmbedding};
pub use geometry::{Area, Point, Side};
pub use model::{DETECTOR, EMBEDDER, ModelFault, ModelFile, PRINT_DETECTOR};
pub use picture::{LONGEST_SIDE, MOST_BYTES, MOST_PIXELS, Picture, PictureFault, jpeg_size};
pub use quality::{Hint, Limits, Quality};
