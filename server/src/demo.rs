//! The demo: an interview with everybody in it, and the links that lead there.

use crate::{
    account::NewAccount, clock::now, http::App, institution::Institution, random, settings::Settings,
    sitting::fresh_command, store::Photo, tokens::seat_claims,
};
use axum::http::Uri;
use std::{error::Error, fmt::Write, fs, io, net::IpAddr, path::Path, time::Duration};
use viva_interview::{
    Action, Actor, AdministratorAction, CandidateRow, Code, Command, Criterion, FaceUse, IdentityRules,
    InterviewId, InvalidText, LetsGo, NewCandidate, PictureCodec, Points, Question, QuestionSet, Role,
    SeatId, SecondCamera, Setup, ShowsMean, StaffRow, Stage, StageKind,
};

/// The account of the demo's administrator.
const ADMINISTRATOR: &str = "admin";
/// Of the second candidate's invitation: the first has none.
const PASSWORD: &str = "viva2027";
/// How long the links of the staff hold.
const LASTS: Duration = Duration::from_secs(12 * 3600);
/// In milliseconds.
const HOUR: u64 = 3_600_000;
/// How long the demo's invitations hold.
const OPEN: u64 = 30 * 24 * HOUR;

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
        let institution = Institution {
            institution: "示例大学".to_owned(),
            hotline: "400-000-0000".to_owned(),
            ..Institution::default()
        };
        institution.write(&*app.store).await.map_err(|problem| problem.detail)?;
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
        .create(id, setup(!photos.is_empty())?, by.clone())
        .await
        .map_err(|problem| problem.detail)?;
    let mut actions = Vec::new();
    for (name, role) in [
        ("陈伟", Role::Examiner),
        ("刘洋", Role::Examiner),
        ("赵敏", Role::Examiner),
        ("孙老师", Role::Host),
        ("周巡考", Role::Patrol),
    ] {
        let (seat, account, name) = (SeatId(random::id()), String::new(), name.to_owned());
        actions.push(AdministratorAction::AddStaff { seat, account, name, role });
    }
    let candidate = |name: &str, number: &str, phone: &str, password: Option<&str>| {
        let seat = SeatId(random::id());
        NewCandidate {
            seat,
            name: name.to_owned(),
            number: number.to_owned(),
            phone: phone.to_owned(),
            code: Code::from_random(u128::from_le_bytes(random::bytes())),
            password: password.map(|password| app.digests.password(seat, password)),
            starts_at: None,
        }
    };
    let candidates = vec![
        candidate("李华", "2027001", "13800138001", None),
        candidate("王芳", "2027002", "13800138002", Some(PASSWORD)),
    ];
    let mut pictured = Vec::new();
    for (NewCandidate { seat, .. }, photo) in candidates.iter().zip(photos) {
        app.store.put_photo(id.0, seat.0, &photo).await?;
        pictured.push(AdministratorAction::SetPhoto { seat: *seat, present: true });
    }
    actions.push(AdministratorAction::AddCandidates(candidates));
    actions.extend(pictured);
    actions.push(AdministratorAction::InviteAll);
    for action in actions {
        let action = Action::Administrator(action);
        let command = Command { id: fresh_command(), by: by.clone(), action };
        app.sittings.command(id, command).await.map_err(|problem| problem.detail)?;
    }
    Ok(id)
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

fn setup(faces: bool) -> Result<Setup, InvalidText> {
    // The camera of `make demo-camera` plays a film, which does not know to which side it shall turn.
    let identity = if faces {
        IdentityRules { face: FaceUse::Once, turn: false, ..IdentityRules::default() }
    } else {
        IdentityRules::default()
    };
    let stage = |name: &str, kind, minutes| Stage { name: name.to_owned(), kind, minutes };
    let criterion = |id: &str, name: &str, weight| {
        let (max, min) = (Points(10_000), Points(0));
        Ok::<_, InvalidText>(Criterion { id: id.parse()?, name: name.to_owned(), weight, max, min })
    };
    Ok(Setup {
        name: "2027 年硕士研究生复试（演示）".to_owned(),
        opens_at: viva_interview::Time(now().0.saturating_sub(HOUR)),
        closes_at: now().plus(OPEN),
        stages: vec![
            stage("候考", StageKind::Waiting, None),
            stage("宣讲", StageKind::Briefing, Some(5)),
            stage("面谈", StageKind::Interview, Some(20)),
            stage("评议", StageKind::Deliberation, Some(10)),
            stage("公布", StageKind::Announcement, Some(5)),
            stage("成绩确认", StageKind::Confirmation, Some(5)),
            stage("结束", StageKind::End, None),
        ],
        criteria: vec![
            criterion("knowledge", "专业知识", 50)?,
            criterion("thinking", "综合素质", 30)?,
            criterion("language", "外语能力", 20)?,
        ],
        second_camera: SecondCamera::Allowed,
        identity,
        pledge: None,
        picture_codec: PictureCodec::default(),
        lets_go: LetsGo::Finished,
        time_zone: viva_interview::USUAL_TIME_ZONE.to_owned(),
        shows_mean: ShowsMean::AllIn,
        questions: vec![
            questions(
                1,
                "A 组",
                [
                    "请用三分钟介绍您的研究计划。",
                    "这项研究最难的一步是什么？",
                    "请用外语概括您读过的一篇论文。",
                ],
            ),
            questions(
                2,
                "B 组",
                [
                    "请说明您为什么选择这个方向。",
                    "您如何检验一个结论是否可靠？",
                    "请用外语谈谈您的本科毕业设计。",
                ],
            ),
        ],
    })
}

/// Three questions with numbers that no other set has.
fn questions(set: u32, name: &str, texts: [&str; 3]) -> QuestionSet {
    let question = |(text, number): (&str, u32)| Question {
        id: 3 * (set - 1) + number,
        text: text.to_owned(),
        minutes: Some(5),
        criterion: None,
    };
    QuestionSet {
        id: set,
        name: name.to_owned(),
        questions: texts.into_iter().zip(1..).map(question).collect(),
    }
}

async fn links(app: &App, id: InterviewId, password: Option<&str>) -> Result<String, Box<dyn Error>> {
    let base = app.settings.base_url();
    let look = app.sittings.look(id, |i, _| (i.row().name, i.candidate_rows(), i.staff_rows()));
    let (name, candidates, staff) = look.await.map_err(|problem| problem.detail)?;
    let mut text = format!("\nAn interview is open: {name}. One link a person:\n\n");
    let pictured = candidates.iter().find(|row| row.photo).map(|row| row.name.clone());
    for CandidateRow { name, number, code, password_set, .. } in candidates {
        let hint = if password_set { format!(", password {PASSWORD}") } else { String::new() };
        let _ = writeln!(text, "  考生 {name} {number} (candidate), code {code}{hint}\n  {base}/i#{code}\n");
    }
    if let Some(name) = pictured {
        let _ = writeln!(
            text,
            "  `make demo-camera` opens Chromium with a camera that shows {name} for the face check\n"
        );
    }
    for StaffRow { seat, name, role, .. } in staff {
        let token = app.tokens.sign(&seat_claims(id, seat, &name, LASTS))?;
        let (title, path) = match role {
            Role::Examiner => ("考官", format!("examiner/{seat}")),
            Role::Host => ("工作人员", format!("host/{seat}")),
            Role::Patrol => ("巡考", "patrol".to_owned()),
            Role::Candidate => continue,
        };
        let _ = writeln!(text, "  {title} {name} ({})\n  {base}/{path}#token={token}\n", path_word(&path));
    }
    let _ = writeln!(text, "  管理员 (administrator), with the outbox of SMS\n  {base}/admin/outbox");
    match password {
        Some(password) => {
            let _ = writeln!(text, "  account {ADMINISTRATOR}, password {password}\n");
        }
        None => text.push_str("  with the account that was made for it\n\n"),
    }
    Ok(text)
}

fn path_word(path: &str) -> &str {
    path.split('/').next().unwrap_or(path)
}
