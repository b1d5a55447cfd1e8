//! A picture, analysed: which face is in it, how good it is, what it is compared by.

use crate::{
    align::Aligned,
    detect::{Detector, Face},
    embed::{Embedder, Embedding},
    model::ModelFault,
    picture::Picture,
    print::PrintDetector,
    quality::{Hint, Limits, Quality},
};
use rten::ThreadPool;
use std::sync::Arc;

/// The models, loaded once. A clone shares them.
#[derive(Clone)]
pub struct Models {
    faces: Arc<(Detector, Embedder)>,
    prints: Option<Arc<PrintDetector>>,
}

/// What one worker needs to analyse pictures: the shared models and one thread of its own to compute on, while the worker's
/// own waits. Several of them compute side by side.
pub struct Analyser {
    models: Models,
    pool: Arc<ThreadPool>,
}

/// What is known of a picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Analysis {
    /// The largest face; `None` where there is none.
    pub face: Option<Face>,
    /// How good the largest face is.
    pub quality: Option<Quality>,
    /// What the face is compared by; `None` unless there is exactly one face and it was asked for.
    pub embedding: Option<Embedding>,
}

impl Models {
    /// Loads [`DETECTOR`](crate::DETECTOR) and [`EMBEDDER`](crate::EMBEDDER) from the bytes of their files. Takes some tenths
    /// of a second, 75 MiB for as long as a clone lives, and 115 MiB on the way.
    ///
    /// # Errors
    ///
    /// The bytes are those of other files.
    pub fn load(detector: &[u8], embedder: &[u8]) -> Result<Self, ModelFault> {
        let faces = Arc::new((Detector::load(detector)?, Embedder::load(embedder)?));
        Ok(Self { faces, prints: None })
    }

    /// The same with [`PRINT_DETECTOR`](crate::PRINT_DETECTOR), from the bytes of its file.
    ///
    /// # Errors
    ///
    /// The bytes are those of another file.
    pub fn with_prints(self, bytes: &[u8]) -> Result<Self, ModelFault> {
        Ok(Self { prints: Some(Arc::new(PrintDetector::load(bytes)?)), ..self })
    }

    /// What one worker needs: some 15 MiB while it computes. It starts a thread, which ends with it.
    #[must_use]
    pub fn analyser(&self) -> Analyser {
        Analyser { models: self.clone(), pool: Arc::new(ThreadPool::with_num_threads(1)) }
    }
}

impl Analyser {
    /// Finds and judges the face, without what it is compared by: half of the work.
    ///
    /// # Errors
    ///
    /// The model cannot compute, which is nobody's fault outside of this program.
    pub fn look(&self, picture: &Picture) -> Result<Analysis, ModelFault> {
        self.find(picture).map(|(analysis, _)| analysis)
    }

    /// Finds and judges the face, and makes what it is compared by if it is the only one.
    ///
    /// # Errors
    ///
    /// The model cannot compute, which is nobody's fault outside of this program.
    pub fn analyse(&self, picture: &Picture) -> Result<Analysis, ModelFault> {
        let (mut analysis, aligned) = self.find(picture)?;
        if let Some(aligned) = aligned.filter(|_| analysis.quality.is_some_and(|quality| quality.faces == 1))
        {
            analysis.embedding = self.models.faces.1.embed(&aligned, &self.pool)?;
        }
        Ok(analysis)
    }

    /// How sure it is, from 0 to 1, that this face of the picture is no print and on no screen; `None` where no model for it is
    /// loaded, or it says nothing.
    ///
    /// # Errors
    ///
    /// The model cannot compute, which is nobody's fault outside of this program.
    pub fn live(&self, picture: &Picture, face: &Face) -> Result<Option<f32>, ModelFault> {
        match &self.models.prints {
            Some(prints) => prints.live(picture, face, &self.pool),
            None => Ok(None),
        }
    }

    fn find(&self, picture: &Picture) -> Result<(Analysis, Option<Aligned>), ModelFault> {
        let detector = &self.models.faces.0;
        let faces = detector.detect(picture, &self.pool)?;
        let mut largest = faces.first().copied();
        if let Some(face) = &mut largest {
            *face = detector.closer(picture, *face, &self.pool)?;
        }
        let aligned = largest.and_then(|face| Some((face, Aligned::of(picture, &face.landmarks.points())?)));
        let Some((face, aligned)) = aligned else {
            return Ok((Analysis { face: None, quality: None, embedding: None }, None));
        };
        let quality = Quality::of(picture, &faces, &face, &aligned);
        Ok((Analysis { face: Some(face), quality: Some(quality), embedding: None }, Some(aligned)))
    }
}

impl Analysis {
    /// What to tell the person, the most urgent first; nothing where the picture is good and the face looks straight ahead.
    #[must_use]
    pub fn hint(&self, limits: &Limits) -> Option<Hint> {
        self.quality.map_or(Some(Hint::NoFace), |quality| quality.hints(limits).next())
    }
}
