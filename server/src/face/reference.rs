//! Reference photos as they are brought: whether a face can be compared with them, one picture at a time, and what was found
//! before is remembered.

use super::Faces;
use aws_lc_rs::digest;
use axum::body::Bytes;
use std::collections::{BTreeMap, VecDeque};
use viva_face::{Analyser, Hint, Limits, Picture, PictureFault};

/// How many photos' verdicts are remembered: those of the lists that an office looks through before it imports them.
const REMEMBERED: usize = 4096;

/// Why no face can be compared with a photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unfit {
    /// It cannot be decoded.
    Damaged,
    /// It has more pixels than are decoded.
    TooManyPixels,
    /// There is no face in it.
    NoFace,
    /// There are several.
    SeveralFaces,
    /// The face is too small.
    Small,
    /// The face looks to one side.
    Turned,
    /// The head leans, or the photo lies on its side.
    Leaning,
    /// The face is too dark or too bright.
    Light,
    /// The face is blurred.
    Blurred,
}

/// A photo was not looked at: there are no models, or they fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotLooked;

type Digest = [u8; digest::SHA256_OUTPUT_LEN];
type Verdict = Result<(), Unfit>;

/// What was found of photos, the newest of them, by their SHA-256.
#[derive(Default)]
pub(super) struct Verdicts {
    of: BTreeMap<Digest, Verdict>,
    order: VecDeque<Digest>,
}

impl Unfit {
    /// As in the answer.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Damaged => "photo_damaged",
            Self::TooManyPixels => "photo_too_many_pixels",
            Self::NoFace => "photo_no_face",
            Self::SeveralFaces => "photo_several_faces",
            Self::Small => "photo_face_small",
            Self::Turned => "photo_turned",
            Self::Leaning => "photo_leaning",
            Self::Light => "photo_light",
            Self::Blurred => "photo_blurred",
        }
    }
}

impl Faces {
    /// Can a face be compared with this photo? However many ask, one photo is decoded at a time; what was looked at before is
    /// not looked at again. It waits while others do, and while the queue is full.
    ///
    /// # Errors
    /// It cannot be looked at.
    pub async fn fits(&self, photo: Bytes) -> Result<Verdict, NotLooked> {
        let pool = self.0.pool.as_ref().map_err(|_| NotLooked)?;
        let key = digest::digest(&digest::SHA256, &photo);
        let key = Digest::try_from(key.as_ref()).map_err(|_| NotLooked)?;
        // Held while the photo is looked at.
        let mut verdicts = self.0.verdicts.lock().await;
        if let Some(known) = verdicts.of.get(&key) {
            return Ok(*known);
        }
        let job = || {
            let photo = photo.clone();
            move |analyser: &Analyser| judged(analyser, &photo)
        };
        let place = pool.submit_in_turn(job).await;
        let verdict = place.answer().await.ok().flatten().ok_or(NotLooked)?;
        verdicts.remember(key, verdict);
        Ok(verdict)
    }
}

impl Verdicts {
    fn remember(&mut self, key: Digest, verdict: Verdict) {
        if self.of.insert(key, verdict).is_none() {
            self.order.push_back(key);
        }
        if self.order.len() > REMEMBERED
            && let Some(oldest) = self.order.pop_front()
        {
            self.of.remove(&oldest);
        }
    }
}

/// Nothing where the models fail.
fn judged(analyser: &Analyser, photo: &[u8]) -> Option<Verdict> {
    let picture = match Picture::decode(photo) {
        Ok(picture) => picture,
        Err(PictureFault::TooManyBytes { .. } | PictureFault::TooManyPixels { .. }) => {
            return Some(Err(Unfit::TooManyPixels));
        }
        Err(PictureFault::TooSmall { .. }) => return Some(Err(Unfit::Small)),
        Err(_) => return Some(Err(Unfit::Damaged)),
    };
    let analysis = analyser.look(&picture).map_err(|fault| super::failed(&fault)).ok()?;
    Some(analysis.hint(&Limits::reference()).map_or(Ok(()), |hint| Err(unfit(hint))))
}

/// What a hint to somebody before the camera means of a photo. Where the face is in it does not matter.
const fn unfit(hint: Hint) -> Unfit {
    match hint {
        Hint::NoFace => Unfit::NoFace,
        Hint::SeveralFaces => Unfit::SeveralFaces,
        Hint::TooFar | Hint::TooClose | Hint::OffLeft | Hint::OffRight | Hint::OffUp | Hint::OffDown => {
            Unfit::Small
        }
        Hint::TooDark | Hint::TooBright | Hint::Backlit | Hint::BetterLight => Unfit::Light,
        Hint::Blurred => Unfit::Blurred,
        Hint::Tilted => Unfit::Leaning,
        Hint::NotFrontal => Unfit::Turned,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_remembered_is_bounded_and_the_newest_stays() {
        let mut verdicts = Verdicts::default();
        let key = |number: usize| {
            let mut key = Digest::default();
            key[..8].copy_from_slice(&number.to_le_bytes());
            key
        };
        for number in 0..REMEMBERED + 10 {
            verdicts.remember(key(number), Ok(()));
            verdicts.remember(key(number), Err(Unfit::NoFace));
        }
        assert_eq!((verdicts.of.len(), verdicts.order.len()), (REMEMBERED, REMEMBERED));
        assert_eq!(verdicts.of.get(&key(9)), None);
        assert_eq!(verdicts.of.get(&key(REMEMBERED + 9)), Some(&Err(Unfit::NoFace)));
    }
}
