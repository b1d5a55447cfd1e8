//! Makes 128 numbers of an aligned face, which lie close together for one person: SFace.

use crate::{
    align::{Aligned, SIDE},
    model::{EMBEDDER, ModelFault, Network},
};
use rten::ThreadPool;
use rten_tensor::{NdTensor, prelude::*};
use std::sync::Arc;
use thiserror::Error;

/// How many numbers an embedding has.
const NUMBERS: usize = 128;

/// What a face looks like to the embedder: a direction in 128 dimensions, of length 1. It is personal data of a special
/// kind: whoever has it finds the person again in other pictures.
#[derive(Clone, PartialEq)]
pub struct Embedding([f32; NUMBERS]);

/// Stored bytes that are no embedding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("these bytes are no embedding of a face")]
pub struct InvalidEmbedding;

impl Embedding {
    /// How many bytes [`Embedding::to_bytes`] gives.
    pub const BYTES: usize = NUMBERS * 4;

    /// The embedding that points where these numbers do; `None` if they point nowhere.
    #[must_use]
    pub fn new(mut numbers: [f32; NUMBERS]) -> Option<Self> {
        let length = numbers.iter().map(|number| number * number).sum::<f32>().sqrt();
        if !length.is_finite() || length < 1e-6 {
            return None;
        }
        for number in &mut numbers {
            *number /= length;
        }
        Some(Self(numbers))
    }

    /// How alike two faces are: the cosine of the angle between them, -1 to 1.
    #[must_use]
    pub fn cosine(&self, other: &Self) -> f32 {
        self.0.iter().zip(&other.0).map(|(a, b)| a * b).sum::<f32>().clamp(-1.0, 1.0)
    }

    /// The numbers, for the store: 4 bytes each, the lowest first.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.iter().flat_map(|number| number.to_le_bytes()).collect()
    }

    /// What [`Embedding::to_bytes`] gave.
    ///
    /// # Errors
    ///
    /// There are more or fewer bytes, or their numbers are no direction of length 1.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, InvalidEmbedding> {
        let (chunks, rest) = bytes.as_chunks::<4>();
        let numbers: Option<[f32; NUMBERS]> =
            <[[u8; 4]; NUMBERS]>::try_from(chunks).ok().map(|chunks| chunks.map(f32::from_le_bytes));
        let numbers = numbers.filter(|_| rest.is_empty()).ok_or(InvalidEmbedding)?;
        let square: f32 = numbers.iter().map(|number| number * number).sum();
        if (square - 1.0).abs() < 1e-3 { Ok(Self(numbers)) } else { Err(InvalidEmbedding) }
    }
}

/// Says nothing of the numbers: they must not reach a log.
impl std::fmt::Debug for Embedding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Embedding(…)")
    }
}

/// The model, for any number of threads.
pub(crate) struct Embedder(Network);

impl Embedder {
    pub(crate) fn load(bytes: &[u8]) -> Result<Self, ModelFault> {
        Network::load(EMBEDDER, bytes, &["fc1".to_owned()]).map(Self)
    }

    /// `None` if the model makes nothing of the face.
    pub(crate) fn embed(
        &self,
        face: &Aligned,
        pool: &Arc<ThreadPool>,
    ) -> Result<Option<Embedding>, ModelFault> {
        let pixels = face.pixels();
        let planes: Vec<f32> =
            (0..3).flat_map(|plane| pixels.iter().map(move |pixel| pixel[plane])).collect();
        let input = NdTensor::from_data([1, 3, SIDE, SIDE], planes);
        let outputs = self.0.run(pool, input)?;
        let numbers = outputs.first().and_then(|tensor| tensor.data()?.try_into().ok());
        Ok(numbers.and_then(Embedding::new))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn embedding(first: f32, second: f32) -> Embedding {
        let mut numbers = [0.0; NUMBERS];
        (numbers[0], numbers[1]) = (first, second);
        Embedding::new(numbers).expect("it points somewhere")
    }

    #[test]
    fn alike_is_the_cosine_whatever_the_length() {
        assert!((embedding(3.0, 0.0).cosine(&embedding(5.0, 5.0)) - 0.5_f32.sqrt()).abs() < 1e-6);
        assert!((embedding(3.0, 4.0).cosine(&embedding(-3.0, -4.0)) + 1.0).abs() < 1e-6);
        assert!(Embedding::new([0.0; NUMBERS]).is_none());
        assert!(Embedding::new([f32::NAN; NUMBERS]).is_none());
    }

    #[test]
    fn what_was_stored_is_read_and_nothing_else_is() {
        let stored = embedding(3.0, 4.0).to_bytes();
        assert_eq!(stored.len(), Embedding::BYTES);
        assert_eq!(Embedding::from_bytes(&stored), Ok(embedding(3.0, 4.0)));
        assert_eq!(Embedding::from_bytes(&stored[1..]), Err(InvalidEmbedding));
        assert_eq!(Embedding::from_bytes(&[&stored[..], &[0]].concat()), Err(InvalidEmbedding));
        assert_eq!(Embedding::from_bytes(&[0; Embedding::BYTES]), Err(InvalidEmbedding));
        assert_eq!(Embedding::from_bytes(&[0xff; Embedding::BYTES]), Err(InvalidEmbedding));
    }
}
