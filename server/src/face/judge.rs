//! What comes of a check that is over: found by this server's own comparison, or by the word of another comparer.

use super::Verdict;
use crate::problem::Problem;
use std::future::Future;
use viva_interview::FaceOutcome;

/// What is recorded of a check.
#[derive(Debug)]
pub struct Judged {
    /// How it ended.
    pub outcome: FaceOutcome,
    /// How alike the faces were, where somebody has said so.
    pub alike: Option<f32>,
    /// What the page is told instead of the outcome: there is no verdict.
    pub problem: Option<Problem>,
}

/// Judges a check that has ended so. Where another comparer is to be asked, somebody live who has stayed the same is still
/// nobody: what was found lets nobody in, and only who came so far is asked about. When `over` comes first, the answer is read
/// by nobody.
pub async fn judge(
    (found, alike): (FaceOutcome, Option<f32>),
    asked: Option<impl Future<Output = Result<Verdict, Problem>>>,
    over: impl Future<Output = Problem>,
) -> Judged {
    let Some(asked) = asked else { return Judged { outcome: found, alike, problem: None } };
    if found != FaceOutcome::Passed {
        return Judged { outcome: found, alike: None, problem: None };
    }
    let verdict = tokio::select! {
        biased;
        problem = over => Err(problem),
        verdict = asked => verdict,
    };
    match verdict {
        Ok(Verdict { outcome, score }) => Judged { outcome, alike: score, problem: None },
        Err(problem) => Judged { outcome: FaceOutcome::Failed, alike: None, problem: Some(problem) },
    }
}
