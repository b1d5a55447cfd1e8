//! The demo: a day of interviews with everybody in it, and the links that lead there.

mod day;
mod links;
mod paper;
mod pdf;
mod people;
mod png;

use crate::{
    account::NewAccount,
    clock::now,
    http::{App, hand_in_paper},
    random,
    settings::Settings,
    sitting::fresh_command,
    store::Photo,
};
use axum::http::Uri;
use links::links;
use people::{CANDIDATES, STAFF};
use std::{error::Error, fs, io, net::IpAddr, path::Path};
use viva_interview::{Action, Actor, AdministratorAction, Code, Command, InterviewId, NewCandidate, SeatId};

/// The account of the demo's administrator.
const ADMINISTRATOR: &str = "admin";
/// Of the second candidate's invitation: the first has none.
const PASSWORD: &str = "viva2027";

/// The photos of the candidates, in their order: the first is that of the person whom `make demo-camera` shows.
const PHOTOS: [&str; 2] = ["obama3.jpg", "biden.jpg"];

/// Marks a store, in its settings, as one whose people are all made up.
const MARK: &str = "demo";

/// Makes the demo's interview where the store has none that is open, and tells the way to every seat of it.
///
/// # Errors
/// The store fails, or holds what is no demo's.
pub async fn demo(app: &App) -> Result<String, Box<dyn Error>> {
    mark(app).await?;
    let password = administrator(app).await?;
    let interview = match open(app).await? {
        Some(interview) => interview,
        None => seed(app).await?,
    };
    links(app, interview, password.as_deref()).await
}

/// The demo tells passwords and opens seats for everybody: it is for people at this machine, or beside it.
///
/// # Errors
/// The sentence for whoever starts it.
pub fn refuse_public(settings: &Settings) -> Result<(), String> {
    let (listen, url) = (settings.listen, &settings.public_url);
    if !is_near(listen.ip()) {
        return Err(format!(
            "the demo tells its passwords to whoever asks, and would be reached at {listen} from everywhere: leave out \
             --demo, or listen on 127.0.0.1"
        ));
    }
    let host = url.parse::<Uri>().ok().and_then(|url| url.host().map(str::to_owned)).unwrap_or_default();
    let named = host.trim_matches(['[', ']']).parse::<IpAddr>().map_or(host == "localhost", is_near);
    if url.is_empty() || named {
        return Ok(());
    }
    Err(format!("the demo is not for {url}, where everybody reaches it: leave out --demo, or `public_url`"))
}

/// Is it this machine, or a network that nobody reaches from outside (RFC 1918, RFC 4193, RFC 3927)?
fn is_near(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(four) => four.is_loopback() || four.is_private() || four.is_link_local(),
        IpAddr::V6(six) => six.is_loopback() || six.is_unique_local() || six.is_unicast_link_local(),
    }
}

/// A store in which real people may stand is none for a demo; an empty one becomes the demo's for good.
async fn mark(app: &App) -> Result<(), Box<dyn Error>> {
    if app.store.setting(MARK).await?.is_some() {
        return Ok(());
    }
    let is_empty = app.store.interviews().await?.is_empty() && app.store.accounts().await?.is_empty();
    if !is_empty {
        let folder = app.settings.data_dir.display();
        let said = format!(
            "real interviews or accounts stand where the demo would be made ({folder}): give it a folder of its own with \
             --data-dir, or leave out --demo"
        );
        return Err(said.into());
    }
    Ok(app.store.put_setting(MARK, &true.into(), now().0).await?)
}

/// Says so where a store with made-up people is served as a real one.
///
/// # Errors
/// The store fails.
pub async fn warn_of_left_over(app: &App) -> io::Result<()> {
    if !app.settings.demo && app.store.setting(MARK).await.map_err(io::Error::other)?.is_some() {
        let folder = app.settings.data_dir.display();
        tracing::warn!(%folder, "a demo was made here, its people are made up: begin with an empty folder");
    }
    Ok(())
}

/// The demo's administrator. Its password follows from the server's secret, so that it can be told at every start;
/// none is told where the account was made by somebody else.
async fn administrator(app: &App) -> Result<Option<String>, Box<dyn Error>> {
    let password = format!("demo-{}", &app.digests.demo()[..12]);
    if app.store.account(ADMINISTRATOR).await?.is_none() {
        let new = NewAccount {
            account: ADMINISTRATOR.to_owned(),
            name: "演示管理员".to_owned(),
            password: password.clone(),
            administrator: true,
        };
        app.accounts.create(new, now().0).await?;
        day::institution().write(&*app.store).await.map_err(|problem| problem.detail)?;
    }
    let own = app.accounts.sign_in(ADMINISTRATOR, &password, IpAddr::from([127, 0, 0, 1]), now().0).await;
    if let Ok(signed_in) = &own {
        app.accounts.sign_out(signed_in.token.as_str()).await?;
    }
    Ok(own.is_ok().then_some(password))
}

/// The newest interview whose invitations hold.
async fn open(app: &App) -> Result<Option<InterviewId>, Box<dyn Error>> {
    for known in app.store.interviews().await? {
        let id = InterviewId(known.id);
        let closes_at = app.sittings.look(id, |interview, _| interview.row().closes_at).await;
        if closes_at.map_err(|problem| problem.detail)? > now() {
            return Ok(Some(id));
        }
    }
    Ok(None)
}

async fn seed(app: &App) -> Result<InterviewId, Box<dyn Error>> {
    let id = InterviewId(random::id());
    let by = Actor::Administrator { account: ADMINISTRATOR.to_owned() };
    let photos = photos(app).await;
    app.sittings
        .create(id, day::setup(!photos.is_empty())?, by.clone())
        .await
        .map_err(|problem| problem.detail)?;
    let candidates = candidates(app);
    let seats: Vec<SeatId> = candidates.iter().map(|candidate| candidate.seat).collect();
    let mut actions = staff();
    actions.push(AdministratorAction::AddCandidates(candidates));
    for (seat, photo) in seats.iter().zip(photos) {
        app.store.put_photo(id.0, seat.0, &photo).await?;
        actions.push(AdministratorAction::SetPhoto { seat: *seat, present: true });
    }
    for action in actions {
        command(app, id, &by, action).await?;
    }
    for ((seat, person), number) in seats.into_iter().zip(&CANDIDATES).zip(1..) {
        for paper in paper::papers(person, &number_of(number)) {
            let about = (paper.name, paper.slides);
            hand_in_paper(app, ADMINISTRATOR, (id, seat), about, paper.bytes)
                .await
                .map_err(|problem| problem.detail)?;
        }
    }
    command(app, id, &by, AdministratorAction::InviteAll).await?;
    Ok(id)
}

async fn command(
    app: &App,
    id: InterviewId,
    by: &Actor,
    action: AdministratorAction,
) -> Result<(), Box<dyn Error>> {
    let action = Action::Administrator(action);
    let command = Command { id: fresh_command(), by: by.clone(), action };
    Ok(app.sittings.command(id, command).await.map_err(|problem| problem.detail)?)
}

/// Their seats, the first of them marked as chair.
fn staff() -> Vec<AdministratorAction> {
    let seats = STAFF.map(|(name, role)| {
        let (account, name) = (String::new(), name.to_owned());
        AdministratorAction::AddStaff { seat: SeatId(random::id()), account, name, role }
    });
    let mut actions = seats.to_vec();
    if let Some(AdministratorAction::AddStaff { seat, .. }) = actions.first() {
        actions.push(AdministratorAction::SetChair { seat: *seat, chair: true });
    }
    actions
}

/// One after another; the second has a password.
fn candidates(app: &App) -> Vec<NewCandidate> {
    let people = CANDIDATES.iter().zip(day::times(now())).zip(1..);
    let candidate = |((person, time), number): ((&people::Person, _), u32)| {
        let seat = SeatId(random::id());
        NewCandidate {
            seat,
            name: person.name.to_owned(),
            number: number_of(number),
            phone: format!("13800138{number:03}"),
            code: Code::from_random(u128::from_le_bytes(random::bytes())),
            password: (number == 2).then(|| app.digests.invitation(seat, PASSWORD)),
            starts_at: Some(time),
        }
    };
    people.map(candidate).collect()
}

/// The number of an exam card, from the place in the day.
fn number_of(place: u32) -> String {
    format!("2027{place:03}")
}

/// What the candidates' faces are compared with; none where they cannot be.
async fn photos(app: &App) -> Vec<Photo> {
    let folder = &app.settings.demo_photos;
    if folder.is_empty() || app.faces.missing().is_some() {
        return Vec::new();
    }
    let read = PHOTOS.iter().map(|name| fs::read(Path::new(folder).join(name)));
    let photos = read.map(|bytes| Ok(Photo::new("image/jpeg", bytes?, now().0))).collect::<io::Result<_>>();
    let photos: Vec<Photo> = photos.unwrap_or_else(|error| {
        tracing::warn!(folder, %error, "the demo has no photos: its interview is without a face check");
        Vec::new()
    });
    for (photo, name) in photos.iter().zip(PHOTOS) {
        let found = app.faces.fits(photo.bytes.clone().into()).await;
        if found != Ok(Ok(())) {
            tracing::warn!(
                folder,
                name,
                ?found,
                "no face is compared with it: the demo is without a face check"
            );
            return Vec::new();
        }
    }
    photos
}
