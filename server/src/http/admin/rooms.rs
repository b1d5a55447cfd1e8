//! Many rooms at once from one table: looked at first, then all of them, or none and the reasons.

mod panel;
mod reading;

use super::{
    Fault,
    import::{blocking, form, outcome::ShownPerson, plan::Choices, refused, row_faults, unreadable},
};
use crate::{
    http::{
        App,
        body::{Asked, At, Json},
        openapi::refusals,
        session::Administrator,
    },
    problem::Problem,
    random,
    sitting::{NewInterview, refusal},
    table::{self, Charset, MAX_FILE, Reading},
    time_zone::Clocks,
};
use axum::extract::{DefaultBodyLimit, Multipart, State, multipart::MultipartRejection};
use panel::{Directory, Member, clashes, in_use};
use reading::{RoomRows, Sheet};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use viva_interview::{
    Actor, AdministratorAction, Interview, InterviewId, ListedCandidate, Presence, Refused, Role, SeatId,
    Setup, Time, writing,
};
use viva_signaling::message::ErrorCode;

refusals! {
    RoomsRefused: ImportRefused, SetupInvalid;
}

/// So many candidates of a room are shown before.
const SHOWN: usize = 3;
const MINUTE: u64 = 60_000;

/// All of them.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(make)).layer(DefaultBodyLimit::max(MAX_FILE + 1024 * 1024))
}

/// How it is meant.
#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct How {
    /// Only checks.
    #[serde(default)]
    dry_run: bool,
    /// Invitations hold from; as in the interview that is the model where it is left out.
    opens_at: Option<Time>,
    /// Invitations hold until; likewise.
    closes_at: Option<Time>,
}

/// A table of rooms.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "describes the form to the readers of the API")]
struct RoomsForm {
    /// CSV or XLSX, at most 5 MiB, 5,000 rows and 60 rooms: one row a candidate, with columns for room, name and number, and
    /// perhaps for examiners, hosts, phone, password and time. Who is examiner or host is written by account or name, in the
    /// first row of a room or in each of them alike.
    #[schema(format = Binary, value_type = String)]
    file: Vec<u8>,
    /// JSON: how the file is to be read, where that is not as it would be found out.
    #[schema(value_type = Option<String>)]
    choices: Option<Choices>,
}

/// A room that was, or would be, made.
#[derive(Debug, Clone, Serialize, ToSchema)]
struct MadeRoom {
    /// The new interview; none where it was only looked.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false, value_type = Option<InterviewId>)]
    id: Option<InterviewId>,
    /// Its name: that of the model and that of the room.
    name: String,
    /// The names of its examiners.
    examiners: Vec<String>,
    /// The names of its hosts.
    hosts: Vec<String>,
    /// How many candidates it has.
    candidates: usize,
    /// How many of them have no phone: they get no SMS.
    without_phone: usize,
    /// The first of them.
    people: Vec<ShownPerson>,
    /// The earliest own time of a candidate.
    #[schema(required)]
    first_at: Option<Time>,
    /// The latest one.
    #[schema(required)]
    last_at: Option<Time>,
}

/// What was, or would be, made.
#[derive(Debug, Serialize, ToSchema)]
struct MadeRooms {
    /// In the order of the table.
    rooms: Vec<MadeRoom>,
    /// How many candidates they have together.
    candidates: usize,
    /// How the text was read, where it is not UTF-8.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    encoding: Option<Charset>,
    /// From which sheet.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    sheet: Option<String>,
    /// Headings of columns that were not taken, behind their letters.
    ignored: Vec<String>,
    /// What the person should know: rooms without examiners or hosts, hosts of two rooms at once.
    warnings: Vec<Fault>,
}

/// What the rooms have of the interview that is their model.
#[derive(Debug, Clone)]
struct Model {
    setup: Setup,
    /// Names of interviews that there are.
    taken: BTreeSet<String>,
    by: Actor,
}

/// Makes an interview of each room of a table, with its staff and candidates, and the stages, criteria and rules of this
/// one: all of them, or none.
#[utoipa::path(post, path = "/api/admin/interviews/{id}/rooms", tag = "administration",
    request_body(content = RoomsForm, content_type = "multipart/form-data"),
    params(("id" = InterviewId, Path), How), responses(
    (status = 200, body = MadeRooms), RoomsRefused))]
async fn make(
    State(app): State<App>,
    administrator: Administrator,
    At(id): At<InterviewId>,
    Asked(How { dry_run, opens_at, closes_at }): Asked<How>,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Json<MadeRooms>, Problem> {
    let setup = app.sittings.look(id, |interview: &Interview, _: &Presence| interview.setup()).await?;
    let form::Uploaded { file, choices, .. } = form::uploaded(&app, form, false).await?;
    let (opens_at, closes_at) = (opens_at.unwrap_or(setup.opens_at), closes_at.unwrap_or(setup.closes_at));
    let setup = Setup { opens_at, closes_at, ..setup };
    // The same table sent twice at once makes its rooms once: the second time they are there.
    let _alone = if dry_run { None } else { Some(app.sittings.making().await) };
    let model = Model { setup, taken: names(&app).await?, by: administrator.actor() };
    let directory = Directory::of(app.accounts.list().await?);
    let (made, new) = blocking({
        let app = app.clone();
        move || rooms(&app, &file, &choices, &model, &directory)
    })
    .await??;
    if !dry_run {
        app.sittings.create_all(&new).await?;
    }
    let ids = new.iter().map(|one| (!dry_run).then_some(one.id()));
    let rooms = made.rooms.into_iter().zip(ids).map(|(room, id)| MadeRoom { id, ..room }).collect();
    Ok(Json(MadeRooms { rooms, ..made }))
}

/// The names of all interviews, as they are compared.
async fn names(app: &App) -> Result<BTreeSet<String>, Problem> {
    let mut names = BTreeSet::new();
    for known in app.store.interviews().await? {
        match app.sittings.look(InterviewId(known.id), |interview, _| interview.row().name).await {
            Ok(name) => drop(names.insert(writing::number_key(&name))),
            // Deleted meanwhile.
            Err(problem) if problem.code == ErrorCode::NotFound => {}
            Err(problem) => return Err(problem),
        }
    }
    Ok(names)
}

/// Reads the table and decides all of it.
fn rooms(
    app: &App,
    file: &[u8],
    choices: &Choices,
    model: &Model,
    directory: &Directory,
) -> Result<(MadeRooms, Vec<NewInterview>), Problem> {
    let Setup { time_zone, opens_at, closes_at, .. } = &model.setup;
    let reading = Reading { many: true, ..choices.reading() };
    let table = table::read(file, &reading).map_err(|error| unreadable(&error))?;
    let Sheet { plan, rooms, ignored, mut faults } =
        Sheet::read(&table, choices, &Clocks::of(time_zone, *opens_at, *closes_at));
    let panels: Vec<Vec<Member>> = rooms.iter().map(|room| directory.panel(room, &mut faults)).collect();
    let (window, takes) = ((*opens_at, *closes_at), one_takes(&model.setup));
    let in_use: Vec<_> = rooms
        .iter()
        .zip(&panels)
        .map(|(room, panel)| (room, panel.as_slice(), in_use(room, window, takes)))
        .collect();
    faults.extend(clashes(&in_use, Role::Examiner));
    let mut warnings = clashes(&in_use, Role::Host);
    for (room, panel) in rooms.iter().zip(&panels) {
        for (role, problem) in [(Role::Examiner, "no_examiners"), (Role::Host, "no_hosts")] {
            if !panel.iter().any(|member| member.role == role) {
                warnings.push(Fault::new(room.line, "room", problem).of(&room.name));
            }
        }
    }
    let (mut made, mut new) = (Vec::new(), Vec::new());
    for (room, panel) in rooms.iter().zip(panels) {
        let name = format!("{} {}", model.setup.name, room.name);
        if model.taken.contains(&writing::number_key(&name)) {
            faults.push(Fault::new(room.line, "room", "room_exists").of(&name));
        }
        made.push(shown(room, &panel, name.clone()));
        match begun(app, model, name, room, panel) {
            Ok(interview) => new.push(interview),
            Err(Refused::ImportRefused(rows)) => faults.extend(row_faults(rows, &room.lines, &plan)),
            Err(Refused::TextTooLong(most)) => {
                faults.push(Fault::new(room.line, "room", "too_long").most(most).of(&room.name));
            }
            // What is full is named already.
            Err(Refused::TooMany(_)) => {}
            Err(other) => return Err(refusal(other)),
        }
    }
    if !faults.is_empty() {
        // One number twice is found in the table and in its room.
        faults.sort_by_key(|fault| (fault.row, fault.column.clone(), fault.problem, fault.text.is_none()));
        faults.dedup_by(|a, b| {
            (a.row, &a.column, a.problem) == (b.row, &b.column, b.problem) && a.text.is_none()
        });
        return Err(refused(faults));
    }
    let candidates = made.iter().map(|room| room.candidates).sum();
    let encoding = table.charset.filter(|charset| *charset != Charset::Utf8);
    let made = MadeRooms { rooms: made, candidates, encoding, sheet: table.sheet, ignored, warnings };
    Ok((made, new))
}

/// How long one candidate takes, in milliseconds: the planned times of the stages that are a candidate's own.
fn one_takes(setup: &Setup) -> u64 {
    let own = setup.stages.iter().filter(|stage| stage.kind.scope() == viva_interview::Scope::Candidate);
    own.filter_map(|stage| stage.minutes).map(u64::from).sum::<u64>().max(1) * MINUTE
}

/// The interview of a room.
fn begun(
    app: &App,
    model: &Model,
    name: String,
    room: &RoomRows,
    panel: Vec<Member>,
) -> Result<NewInterview, Refused> {
    let staff = panel.into_iter().map(|Member { account, name, role }| {
        let seat = SeatId(random::id());
        AdministratorAction::AddStaff { seat, account, name, role }
    });
    let listed = |body: &super::candidates::CandidateBody| {
        let candidate = body.clone().into_candidate(app, SeatId(random::id()));
        // The one thing that could be wrong is the length of a password, which was looked at as it was read.
        candidate.ok().map(|candidate| ListedCandidate { candidate, known: false })
    };
    let rows = room.bodies.iter().filter_map(listed).collect();
    let actions = staff.chain([AdministratorAction::ImportCandidates(rows)]).collect();
    let setup = Setup { name, ..model.setup.clone() };
    NewInterview::new(InterviewId(random::id()), setup, &model.by, actions)
}

fn shown(room: &RoomRows, panel: &[Member], name: String) -> MadeRoom {
    let of = |role| {
        let members = panel.iter().filter(move |member| member.role == role);
        members.map(|member| member.name.clone()).collect()
    };
    let times = || room.bodies.iter().filter_map(|body| body.starts_at);
    let person = |body: &super::candidates::CandidateBody| ShownPerson {
        name: writing::person(&body.name),
        number: writing::number(&body.number),
        phone: writing::phone(&body.phone),
        password: body.password.is_some(),
        photo: false,
        starts_at: body.starts_at,
    };
    MadeRoom {
        id: None,
        name,
        examiners: of(Role::Examiner),
        hosts: of(Role::Host),
        candidates: room.bodies.len(),
        without_phone: room.bodies.iter().filter(|body| body.phone.trim().is_empty()).count(),
        people: room.bodies.iter().take(SHOWN).map(person).collect(),
        first_at: times().min(),
        last_at: times().max(),
    }
}
