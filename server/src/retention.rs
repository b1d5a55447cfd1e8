//! What is kept so long and no longer: every hour what is older is erased, and the audit says so first.

use crate::{
    account,
    clock::now,
    http::App,
    institution::Institution,
    stop::Stop,
    store::{NewDeed, StoreError},
};
use std::time::Duration;
use tokio::time::{MissedTickBehavior, interval};
use viva_interview::{InterviewId, Time};

/// In milliseconds.
const DAY: u64 = 24 * 3_600_000;

/// At once, since an earlier run may have been cut off, and then every hour.
pub async fn retain(app: App, mut stop: Stop) {
    let mut hours = interval(Duration::from_secs(3600));
    hours.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = stop.stopped() => return,
            _ = hours.tick() => {}
        }
        if let Err(detail) = forget_old(&app).await {
            tracing::warn!(detail, "what is old could not be forgotten");
        }
    }
}

/// Erases what is due now. What fails is told, and the rest is erased all the same.
pub(crate) async fn forget_old(app: &App) -> Result<(), String> {
    let now = now().0;
    let outcomes = [
        photos(app, now).await,
        papers(app, now).await,
        face_pictures(app, now).await,
        records(app, now).await,
        messages(app, now).await,
        sessions(app, now).await,
        reseal(app).await,
    ];
    let faults: Vec<String> = outcomes.into_iter().filter_map(Result::err).collect();
    if faults.is_empty() { Ok(()) } else { Err(faults.join("; ")) }
}

async fn photos(app: &App, now: u64) -> Result<(), String> {
    let institution = Institution::read(&*app.store).await.map_err(|problem| problem.detail)?;
    let Some(days) = institution.retention_days else { return Ok(()) };
    let before = now.saturating_sub(u64::from(days) * DAY);
    let photos = app.store.old_photos(before).await.map_err(failed)?;
    if photos > 0 {
        let deed = NewDeed::by_time("photos_erased", now, format!("{photos} photos"));
        app.store.note_deed(&deed).await.map_err(failed)?;
        let photos = app.store.remove_old_photos(before).await.map_err(failed)?;
        tracing::info!(photos, days, "old photos are deleted");
    }
    Ok(())
}

/// As long as photos: both are what the institution was given of a person.
async fn papers(app: &App, now: u64) -> Result<(), String> {
    let institution = Institution::read(&*app.store).await.map_err(|problem| problem.detail)?;
    let Some(days) = institution.retention_days else { return Ok(()) };
    let before = now.saturating_sub(u64::from(days) * DAY);
    let papers = app.store.old_papers(before).await.map_err(failed)?;
    if papers > 0 {
        let deed = NewDeed::by_time("papers_erased", now, format!("{papers} papers"));
        app.store.note_deed(&deed).await.map_err(failed)?;
        let papers = app.store.remove_old_papers(before).await.map_err(failed)?;
        tracing::info!(papers, days, "old papers are deleted");
    }
    Ok(())
}

async fn face_pictures(app: &App, now: u64) -> Result<(), String> {
    let pictures = days_ago(now, app.settings.face_kept_days);
    for (interview, erased) in app.store.old_face_pictures(pictures.0).await.map_err(failed)? {
        // The record first: it may be there twice after a crash, and never be missing.
        let id = InterviewId(interview);
        app.sittings.note_erased(id, erased, pictures).await.map_err(|problem| problem.detail)?;
        app.store.remove_old_face_pictures(interview, pictures.0).await.map_err(failed)?;
        tracing::info!(interview = %id, erased, "pictures of face checks are erased");
    }
    Ok(())
}

/// Names, numbers, phones and words in the records of interviews.
async fn records(app: &App, now: u64) -> Result<(), String> {
    let words = days_ago(now, app.settings.chat_kept_days);
    let people = days_ago(now, app.settings.people_kept_days);
    app.sittings.erase_old(words, people).await.map_err(|problem| problem.detail)
}

async fn messages(app: &App, now: u64) -> Result<(), String> {
    let kept = u64::try_from(app.settings.sms_text_kept.0.as_millis()).unwrap_or(u64::MAX);
    let texts = app.store.erase_texts(now.saturating_sub(kept), now).await.map_err(failed)?;
    if texts > 0 {
        tracing::info!(texts, "texts of SMS are erased");
    }
    let before = days_ago(now, app.settings.sms_kept_days);
    app.store.remove_old_messages(before.0).await.map(drop).map_err(failed)
}

async fn sessions(app: &App, now: u64) -> Result<(), String> {
    let idle = now.saturating_sub(account::SLIDING);
    app.store.remove_old_sessions(now, idle).await.map(drop).map_err(failed)
}

async fn reseal(app: &App) -> Result<(), String> {
    let resealed = app.store.reseal_pictures().await.map_err(failed)?;
    if resealed > 0 {
        tracing::info!(resealed, "pictures are encrypted with the newest key");
    }
    Ok(())
}

fn days_ago(now: u64, days: u32) -> Time {
    Time(now.saturating_sub(u64::from(days).saturating_mul(DAY)))
}

fn failed(error: StoreError) -> String {
    error.to_string()
}
