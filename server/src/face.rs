//! The comparison of faces: the models, the workers that compute, and what they are asked.

mod check;
mod judge;
mod pool;
mod reference;
mod verifier;

pub use check::{Check, Progress, score, told};
pub use judge::{Judged, judge};
pub use pool::{Busy, Place, Pool};
pub use reference::{NotLooked, Unfit};
pub use verifier::{NoVerdict, Verdict, Verifier};

use crate::{problem::Problem, random, settings::Settings, store::Photo};
use axum::body::Bytes;
use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::{sync::oneshot, time::timeout};
use viva_face::{
    Analyser, Analysis, DETECTOR, EMBEDDER, Embedding, Face, Models, Picture, PictureFault, Rules, Thresholds,
};
use viva_interview::{ConsentTerms, InterviewId, SeatId};
use viva_signaling::message::ErrorCode;

/// Who compares where this server itself does, as the terms of consent name it.
const OWN: &str = "viva";
/// What compares, as the record of a comparison names it.
const VERIFIER: &str = "viva: YuNet 2023mar, SFace 2021dec";
/// The version of the text to which people consent: one more whenever it says something else.
const CONSENT_VERSION: u32 = 1;
/// The version of the text that also says which other service the pictures go to.
const CONSENT_VERSION_OF_OTHERS: u32 = 2;
/// What readiness and the administration call it that there are no models.
pub const MISSING: &str = "faces_missing";
/// Where models are looked for where the setting names no folder.
const FOLDERS: [&str; 3] = [".cache/faces", "/usr/local/share/viva/faces", "/usr/share/viva/faces"];

/// How long somebody waits for a place in a full queue.
const PATIENCE: Duration = Duration::from_secs(30);

/// Whose face is checked.
type Checked = (InterviewId, SeatId);

/// Compares faces, or says why it cannot. Cheap to clone.
#[derive(Clone)]
pub struct Faces(Arc<Inner>);

struct Inner {
    pool: Result<Pool, String>,
    rules: Rules,
    /// Compares in place of the models, which then guide alone.
    verifier: Option<Verifier>,
    /// Below this a face may be on a print or a screen; nothing where no model looks for that.
    doubt: Option<f32>,
    /// So many days the pictures are kept.
    kept_days: u32,
    /// Who is being checked: one check a seat. What the sender of is gone has been taken over.
    checked: Mutex<BTreeMap<Checked, (u64, oneshot::Sender<()>)>>,
    /// Of reference photos; locked while one is looked at.
    verdicts: tokio::sync::Mutex<reference::Verdicts>,
}

/// A seat that is being checked, until this goes or a newer one takes its place.
pub struct Turn {
    faces: Faces,
    seat: Checked,
    id: u64,
    over: oneshot::Receiver<()>,
}

impl Faces {
    /// Loads the models and starts the workers; where there are no models people go by SMS.
    ///
    /// # Errors
    /// The verifier of the settings cannot be asked as they say.
    pub fn open(settings: &Settings) -> io::Result<Self> {
        let verifier = Verifier::of(settings);
        let verifier = verifier.map_err(|error| io::Error::other(format!("face_verifier: {error}")))?;
        let prints = prints(&settings.face_print_model)?;
        let doubt = prints.is_some().then_some(settings.face_print_doubt);
        let with = |models: Models| match &prints {
            Some(bytes) => models.with_prints(bytes),
            None => Ok(models),
        };
        let models = match models(&settings.face_models) {
            Ok(models) => Ok(with(models).map_err(|fault| unusable(&settings.face_print_model, &fault))?),
            Err(missing) => Err(missing),
        };
        let pool = models.map(|models| {
            let workers = match settings.face_workers {
                0 => std::thread::available_parallelism().map_or(1, |cores| (cores.get() / 2).max(1)),
                some => some,
            };
            Pool::start(&models, workers, settings.face_queue)
        });
        if pool.is_ok() {
            let by = verifier.as_ref().map_or_else(|| "this server".to_owned(), Verifier::name);
            tracing::info!(by, "faces can be compared");
        }
        let thresholds = Thresholds {
            single: settings.face_single,
            median: settings.face_median,
            unclear: settings.face_unclear,
        };
        let rules = Rules { thresholds, ..Rules::default() };
        let (checked, verdicts) = Default::default();
        let kept_days = settings.face_kept_days;
        Ok(Self(Arc::new(Inner { pool, rules, verifier, doubt, kept_days, checked, verdicts })))
    }

    /// Why faces cannot be compared and what to type; nothing where they can.
    pub fn missing(&self) -> Option<&str> {
        self.0.pool.as_ref().err().map(String::as_str)
    }

    /// The workers.
    ///
    /// # Errors
    /// There are none.
    pub fn pool(&self) -> Result<&Pool, Problem> {
        self.0.pool.as_ref().map_err(|reason| Problem::new(ErrorCode::FaceUnavailable, reason))
    }

    /// Who compares in place of the models, if somebody does.
    pub fn verifier(&self) -> Option<&Verifier> {
        self.0.verifier.as_ref()
    }

    /// What compares, as the record of a comparison names it.
    pub fn compared_by(&self) -> String {
        compared_by(self.verifier())
    }

    /// To what people consent before their faces are compared.
    pub fn terms(&self) -> ConsentTerms {
        terms(self.verifier(), self.0.kept_days)
    }

    /// How strict a check is.
    pub fn rules(&self) -> &Rules {
        &self.0.rules
    }

    /// Begins a check of this seat; one that there was before is over: its page was loaded again, or lost its line.
    pub fn turn(&self, interview: InterviewId, seat: SeatId) -> Turn {
        let (seat, id) = ((interview, seat), random::id());
        let (sender, over) = oneshot::channel();
        self.0.checked.lock().unwrap_or_else(PoisonError::into_inner).insert(seat, (id, sender));
        Turn { faces: self.clone(), seat, id, over }
    }

    /// What a reference photo is compared by. It waits for its turn while many are checked.
    ///
    /// # Errors
    /// The photo cannot be read or shows no single face; no worker is free for half a minute.
    pub async fn reference(&self, photo: Photo) -> Result<Embedding, Problem> {
        let bytes = Bytes::from(photo.bytes);
        let job = || {
            let bytes = bytes.clone();
            move |analyser: &Analyser| analysed(analyser, &bytes).map(|(_, analysis)| analysis)
        };
        let place = timeout(PATIENCE, self.pool()?.submit_in_turn(job)).await.map_err(|_| Busy)?;
        let analysis = place.answer().await??;
        analysis.embedding.ok_or_else(|| {
            Problem::new(ErrorCode::FaceUnavailable, "the reference photo does not show exactly one face")
        })
    }

    /// The face in a picture of unknown origin, the picture as it may be kept, pixels and nothing else, and whether it may be of
    /// a print or a screen.
    ///
    /// # Errors
    /// It is no picture; no worker is free.
    pub async fn seen(&self, bytes: Bytes) -> Result<(Analysis, Vec<u8>, Option<i32>), Problem> {
        let doubt = self.0.doubt;
        let job = move |analyser: &Analyser| {
            let (picture, analysis) = analysed(analyser, &bytes)?;
            let jpeg = picture.jpeg();
            let jpeg = jpeg.map_err(|error| Problem::new(ErrorCode::Internal, error.to_string()))?;
            let print = doubted(analyser, &picture, analysis.face.as_ref(), doubt);
            Ok((analysis, jpeg, print))
        };
        self.pool()?.submit(job)?.answer().await?
    }

    /// How sure the model is of a living face, where it doubts it; nothing where it does not, none looks, or no worker is free
    /// for half a minute.
    pub async fn print(&self, picture: &Picture, face: Option<Face>) -> Option<i32> {
        let (doubt, pool) = (self.0.doubt?, self.0.pool.as_ref().ok()?);
        let job = || {
            let picture = picture.clone();
            move |analyser: &Analyser| doubted(analyser, &picture, face.as_ref(), Some(doubt))
        };
        let place = timeout(PATIENCE, pool.submit_in_turn(job)).await.ok()?;
        place.answer().await.ok()?
    }
}

impl Turn {
    /// Waits until a newer one takes its place.
    pub async fn taken_over(&mut self) {
        let _ = (&mut self.over).await;
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut checked = self.faces.0.checked.lock().unwrap_or_else(PoisonError::into_inner);
        if checked.get(&self.seat).is_some_and(|(id, _)| *id == self.id) {
            checked.remove(&self.seat);
        }
    }
}

/// To what people consent where this comparer is asked, or none but this server.
fn terms(verifier: Option<&Verifier>, kept_days: u32) -> ConsentTerms {
    let (version, verifier) = match verifier {
        None => (CONSENT_VERSION, OWN.to_owned()),
        Some(verifier) => (CONSENT_VERSION_OF_OTHERS, external(verifier)),
    };
    ConsentTerms { version, kept_days, verifier }
}

fn compared_by(verifier: Option<&Verifier>) -> String {
    verifier.map_or_else(|| VERIFIER.to_owned(), external)
}

/// Another comparer, as records name it.
fn external(verifier: &Verifier) -> String {
    format!("external: {}", verifier.name())
}

/// A picture of unknown origin, and the face in it.
fn analysed(analyser: &Analyser, bytes: &[u8]) -> Result<(Picture, Analysis), Problem> {
    let picture = Picture::decode(bytes).map_err(unreadable)?;
    let analysis = analyser.analyse(&picture).map_err(|fault| failed(&fault))?;
    Ok((picture, analysis))
}

/// How sure the model is of a living face, where that is too little. A model that fails keeps nobody out.
fn doubted(analyser: &Analyser, picture: &Picture, face: Option<&Face>, doubt: Option<f32>) -> Option<i32> {
    let live = analyser.live(picture, face?).map_err(|fault| failed(&fault)).ok()??;
    (live < doubt?).then(|| score(live))
}

/// What somebody is told whose picture cannot be read.
fn unreadable(fault: PictureFault) -> Problem {
    let problem = Problem::new(ErrorCode::PictureInvalid, fault.to_string());
    match fault {
        PictureFault::TooManyBytes { .. } => {
            Problem { code: ErrorCode::TooLarge, ..problem }.limited("10 MiB")
        }
        _ => problem,
    }
}

/// The models fail on what is nobody's fault.
pub fn failed(fault: &viva_face::ModelFault) -> Problem {
    tracing::error!(%fault, "a comparison of faces failed");
    Problem::new(ErrorCode::FaceUnavailable, fault.to_string())
}

fn models(folder: &str) -> Result<Models, String> {
    let named = (!folder.is_empty()).then(|| PathBuf::from(folder));
    let lacking = |reason: String| lacking(named.as_deref(), &reason);
    let folder = match &named {
        Some(folder) => folder.clone(),
        None => {
            let found = FOLDERS.iter().map(Path::new).find(|folder| folder.join(EMBEDDER.name).exists());
            found
                .map(Path::to_owned)
                .ok_or_else(|| lacking(format!("no models in {}", FOLDERS.join(", "))))?
        }
    };
    let read = |name: &str| {
        let path = folder.join(name);
        fs::read(&path).map_err(|error: io::Error| lacking(format!("{}: {error}", path.display())))
    };
    let (detector, embedder) = (read(DETECTOR.name)?, read(EMBEDDER.name)?);
    Models::load(&detector, &embedder).map_err(|fault| lacking(format!("{}: {fault}", folder.display())))
}

/// The model of prints and screens: whoever names one wants it, and is told where it cannot be had.
fn prints(path: &str) -> io::Result<Option<Vec<u8>>> {
    if path.is_empty() {
        return Ok(None);
    }
    fs::read(path).map(Some).map_err(|error| unusable(path, &error))
}

fn unusable(path: &str, reason: &dyn std::fmt::Display) -> io::Error {
    io::Error::other(format!("face_print_model {path}: {reason}; `scripts/face-models --prints` fetches it"))
}

/// What is missing, what follows, and what to type.
fn lacking(named: Option<&Path>, reason: &str) -> String {
    let fetch = match named {
        Some(folder) => format!("scripts/face-models {}", folder.display()),
        None => "scripts/face-models".to_owned(),
    };
    format!(
        "faces cannot be compared, people are verified by SMS: {reason}; `{fetch}` fetches the models, then start viva again"
    )
}
