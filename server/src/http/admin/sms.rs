//! The words of SMS: what they would look like, and a trial to one's own number.

use crate::{
    clock::{now, unix_time},
    http::{
        App,
        body::{At, Json},
        openapi::refusals,
        session::Administrator,
    },
    institution::{Institution, Told, ToldPassword, check_sms},
    problem::Problem,
    random,
    settings::SmsProvider,
    sitting::told,
    sms::{PhoneNumber, Says, SmsSize, SmsText, mark_of_trials},
    store::{NewDeed, NewMessage},
    time_zone::TimeZone,
};
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use viva_interview::{Interview, InterviewId, Language, SeatId, USUAL_TIME_ZONE};
use viva_signaling::message::ErrorCode;

/// How long a trial is of use, in milliseconds.
const TRIAL: u64 = 10 * 60_000;
/// A code that has the form of one and is nobody's.
const CODE: &str = "ABCD-2345-EFGH";
/// A password of nobody.
const PASSWORD: &str = "k7m2p9";

refusals! {
    TrialRefused: TextTooLong, SmsTextRefused, PhoneInvalid;
    LookRefused: CandidateUnknown;
}

/// All of them.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(sample)).routes(routes!(trial)).routes(routes!(look))
}

/// What a page needs to draw messages while they are worded.
#[derive(Debug, Serialize, ToSchema)]
struct Sample {
    /// The signature that the provider knows; empty: the institution's name.
    sign_name: String,
    /// A provider fills its own approved templates: these words are what the outbox shows.
    by_template: bool,
    /// In Chinese.
    zh: Samples,
    /// In English.
    en: Samples,
}

/// A sample in one language.
#[derive(Debug, Serialize, ToSchema)]
struct Samples {
    name: String,
    interview: String,
    time: String,
    code: String,
    link: String,
    password: String,
    /// Since when a rehearsal is open.
    rehearsal: String,
    invitation: Usual,
    reminder: Usual,
}

/// The usual words of a message.
#[derive(Debug, Serialize, ToSchema)]
struct Usual {
    #[serde(flatten)]
    words: Words,
    /// What they are while a rehearsal is open.
    rehearsing: Words,
}

/// Words with everything that there may be to say.
#[derive(Debug, Serialize, ToSchema)]
struct Words {
    text: String,
    /// Where the institution has no hot-line.
    without_hotline: String,
}

/// A message that somebody sends to themselves.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Trial {
    /// Whose number it is: the administrator's own.
    #[schema(max_length = 40)]
    phone: String,
    /// Which message.
    text: SmsText,
    /// In which language.
    language: Language,
    /// Its words; empty: the usual ones.
    #[schema(max_length = 500)]
    words: String,
}

/// What became of a trial.
#[derive(Debug, Serialize, ToSchema)]
struct Tried {
    /// No provider is set: it stays in the outbox.
    kept: bool,
    #[serde(flatten)]
    size: SmsSize,
}

/// A message as a candidate would get it.
#[derive(Debug, Serialize, ToSchema)]
struct Look {
    /// As it goes out.
    text: String,
    #[serde(flatten)]
    size: SmsSize,
}

/// Somebody made up, in a language.
fn nobody(app: &App, language: Language) -> Told {
    let (name, interview) = match language {
        Language::Zh => ("张三", "2027 年硕士研究生复试"),
        Language::En => ("Zhang San", "Admission interview 2027"),
    };
    Told {
        name: name.to_owned(),
        interview: interview.to_owned(),
        time: TimeZone::of(USUAL_TIME_ZONE).told(now(), language),
        code: CODE.to_owned(),
        link: format!("{}/i#{CODE}", app.settings.base_url()),
        password: ToldPassword::Is(PASSWORD.to_owned()),
        rehearsal: Some(TimeZone::of(USUAL_TIME_ZONE).told(now(), language)),
        trial: true,
    }
}

impl Samples {
    fn of(app: &App, language: Language) -> Self {
        let told = nobody(app, language);
        let words = |text: SmsText, rehearsal| Words {
            text: text.usual(language, Says { password: true, rehearsal, hotline: true }),
            without_hotline: text.usual(language, Says { password: true, rehearsal, hotline: false }),
        };
        let usual = |text| Usual { words: words(text, false), rehearsing: words(text, true) };
        Self {
            password: told.password.words(language).to_owned(),
            name: told.name,
            interview: told.interview,
            time: told.time,
            code: told.code,
            link: told.link,
            rehearsal: told.rehearsal.unwrap_or_default(),
            invitation: usual(SmsText::Invitation),
            reminder: usual(SmsText::Reminder),
        }
    }
}

/// What stands in the places of an SMS of somebody made up, and the usual words.
#[utoipa::path(get, path = "/api/admin/sms/sample", tag = "administration", responses(
    (status = 200, body = Sample)))]
async fn sample(State(app): State<App>, _: Administrator) -> Result<Json<Sample>, Problem> {
    Ok(Json(Sample {
        sign_name: app.settings.sms_sign_name.trim().to_owned(),
        by_template: matches!(app.settings.sms, SmsProvider::Alibaba | SmsProvider::Tencent),
        zh: Samples::of(&app, Language::Zh),
        en: Samples::of(&app, Language::En),
    }))
}

/// Sends an SMS of somebody made up to the administrator's own number.
#[utoipa::path(post, path = "/api/admin/sms/trial", tag = "administration", request_body = Trial, responses(
    (status = 200, body = Tried), TrialRefused))]
async fn trial(
    State(app): State<App>,
    administrator: Administrator,
    Json(Trial { phone, text, language, words }): Json<Trial>,
) -> Result<Json<Tried>, Problem> {
    check_sms(&words)?;
    let phone = PhoneNumber::parse(&phone, &app.settings.sms_country)
        .map_err(|error| Problem::new(ErrorCode::PhoneInvalid, error.to_string()))?;
    let institution = Institution { sms_language: language, ..Institution::read(&*app.store).await? };
    app.writes.sms_trial(&administrator.account, unix_time()).map_err(Problem::too_fast)?;
    let (written, values) = institution.sms(&app.settings, text, Some(&words), &nobody(&app, language));
    let (at, size) = (now().0, written.size());
    let mut params = values.named();
    // A provider's template says nothing of a trial, but it names the person.
    params.entry("name".to_owned()).and_modify(|name| name.insert_str(0, mark_of_trials(language)));
    let message = NewMessage {
        id: random::id(),
        interview: None,
        seat: None,
        at,
        phone: phone.as_str().to_owned(),
        text: written.text,
        kind: text.kind_of_trial().to_owned(),
        params,
        urgent: false,
        expires_at: at + TRIAL,
    };
    let detail = format!("{}; parts: {}", text.kind(), size.parts);
    let deed = NewDeed {
        at,
        actor: administrator.actor().to_string(),
        deed: "sms_tried".to_owned(),
        interview: None,
        seat: None,
        detail,
    };
    // The deed first: no trial goes out that stands nowhere.
    app.store.note_deed(&deed).await?;
    app.sittings.send(&[message]).await?;
    Ok(Json(Tried { kept: app.settings.sms == SmsProvider::Outbox, size }))
}

/// The SMS that a candidate would get now.
#[utoipa::path(get, path = "/api/admin/interviews/{id}/candidates/{seat}/sms/{text}", tag = "administration",
    params(("id" = InterviewId, Path), ("seat" = SeatId, Path), ("text" = SmsText, Path)), responses(
    (status = 200, body = Look), LookRefused))]
async fn look(
    State(app): State<App>,
    _: Administrator,
    At((id, seat, text)): At<(InterviewId, SeatId, SmsText)>,
) -> Result<Json<Look>, Problem> {
    let institution = Institution::read(&*app.store).await?;
    let (settings, language) = (app.settings.clone(), institution.sms_language);
    let rehearsed = app.sittings.rehearsed_since(id).await?;
    let digests = app.digests.clone();
    let told =
        move |interview: &Interview, _: &_| told(interview, seat, (&settings, &digests), language, rehearsed);
    let told = app.sittings.look(id, told).await?;
    let told = told.ok_or(ErrorCode::CandidateUnknown)?;
    let (written, _) = institution.sms(&app.settings, text, None, &told);
    let size = written.size();
    Ok(Json(Look { text: written.text, size }))
}
