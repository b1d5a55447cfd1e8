//! Reminders by SMS, to those who have not passed their checks: counted first, then sent.

use crate::{
    clock::now,
    http::{
        App,
        body::{Asked, At, Json},
        openapi::refusals,
        session::Administrator,
    },
    institution::{Institution, Told},
    problem::Problem,
    sitting::{refusal, told},
    sms::SmsText,
};
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use viva_interview::{AdministratorAction, InterviewId, NotReminded, Refused, SeatId};

refusals! {
    RemindRefused: CandidateUnknown, InterviewOver;
}

/// All of them.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(remind))
}

/// How it is meant.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct How {
    /// Only counts.
    #[serde(default)]
    dry_run: bool,
}

/// Whom to remind.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Whom {
    /// These candidates; null: all.
    #[schema(max_items = 500)]
    seats: Option<Vec<SeatId>>,
}

/// Who was, or would be, reminded.
#[derive(Debug, Default, Serialize, ToSchema)]
struct Reminded {
    /// How many candidates.
    reminded: usize,
    /// How many SMS that takes, each part counted.
    parts: usize,
    /// What the first of them reads; null where nobody is reminded.
    #[schema(required)]
    text: Option<String>,
    skipped: Skipped,
}

/// Who is not reminded, by why.
#[derive(Debug, Default, Serialize, ToSchema)]
struct Skipped {
    /// Without a phone.
    no_phone: usize,
    /// Through with the checks.
    passed: usize,
    /// Have left, or were put out.
    out: usize,
    /// Had a message within the last minutes.
    recent: usize,
}

impl Reminded {
    fn count(found: &[Option<Told>], skipped: Skipped, institution: &Institution, app: &App) -> Self {
        let mut all = Self { skipped, ..Self::default() };
        for told in found.iter().flatten() {
            let (written, _) = institution.sms(&app.settings, SmsText::Reminder, None, told);
            all.reminded += 1;
            all.parts += written.size().parts;
            all.text.get_or_insert(written.text);
        }
        all
    }
}

impl Skipped {
    fn count(&mut self, why: NotReminded) {
        let count = match why {
            NotReminded::NoPhone => &mut self.no_phone,
            NotReminded::Passed => &mut self.passed,
            NotReminded::Out => &mut self.out,
            NotReminded::Recent => &mut self.recent,
        };
        *count += 1;
    }
}

/// Reminds candidates who have a phone and have not passed their checks; whoever had a message a moment ago gets none.
#[utoipa::path(post, path = "/api/admin/interviews/{id}/remind", tag = "administration", request_body = Whom,
    params(("id" = InterviewId, Path), How), responses(
    (status = 200, body = Reminded), RemindRefused))]
async fn remind(
    State(app): State<App>,
    administrator: Administrator,
    At(id): At<InterviewId>,
    Asked(How { dry_run }): Asked<How>,
    Json(Whom { seats }): Json<Whom>,
) -> Result<Json<Reminded>, Problem> {
    let institution = Institution::read(&*app.store).await?;
    let (settings, digests) = (app.settings.clone(), app.digests.clone());
    let (language, whom) = (institution.sms_language, seats.clone());
    let rehearsed = app.sittings.rehearsed_since(id).await?;
    let look = app.sittings.look(id, move |interview, _| {
        let mut skipped = Skipped::default();
        let found = interview.reminders(whom.as_deref(), now())?;
        let told = found.into_iter().filter_map(|(seat, why)| match why {
            Some(why) => {
                skipped.count(why);
                None
            }
            None => Some(told(interview, seat, (&settings, &digests), language, rehearsed)),
        });
        let told: Vec<_> = told.collect();
        Ok::<_, Refused>((told, skipped))
    });
    let (found, skipped) = look.await?.map_err(refusal)?;
    let counted = Reminded::count(&found, skipped, &institution, &app);
    if !dry_run {
        administrator.command(&app, id, AdministratorAction::Remind { seats }).await?;
    }
    Ok(Json(counted))
}
