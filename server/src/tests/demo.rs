//! The demo: a link for everybody, the same at the next start.

use super::{
    api::{Browser, Seat, good},
    client::{server, settings},
};
use crate::{demo::refuse_public, random, serve::Server, sitting::fresh_command};
use reqwest::Method;
use serde_json::{Value, json};
use viva_interview::{
    Action, Actor, AdministratorAction, Code, Command, InterviewId, NewCandidate, Role, SeatId, Time,
};

/// What stands behind `#` in the lines of a text with this path.
fn links(text: &str, path: &str) -> Vec<String> {
    let lines = text.lines().map(str::trim).filter(|line| line.contains(path));
    lines.filter_map(|line| line.split_once('#')).map(|(_, rest)| rest.to_owned()).collect()
}

/// The demo's administrator, by the password that the text tells.
async fn administrator(server: &Server, text: &str) -> Browser {
    let line = text.lines().find(|line| line.contains("account admin")).unwrap();
    let password = line.rsplit(' ').next().unwrap();
    let mut administrator = Browser::new(server);
    good(administrator.post("/api/session", json!({ "account": "admin", "password": password })).await);
    administrator
}

async fn list(browser: &mut Browser, path: &str) -> Vec<Value> {
    good(browser.get(path).await).as_array().unwrap().clone()
}

#[tokio::test]
async fn the_demo_has_a_link_for_everybody_and_is_seeded_once() {
    let folder = std::env::temp_dir().join(format!("viva-demo-{}", crate::random::hex::<8>()));
    let changes = [("data_dir", folder.to_str().unwrap()), ("demo", "true")];
    let server_one = server(&changes).await;
    assert!(
        server_one.app.store.first_code().await.unwrap().is_none(),
        "it makes its administrator by itself"
    );
    let text = server_one.demo().await.unwrap();
    assert_eq!(links(&text, "/i#").len(), 2, "{text}");
    assert_eq!(links(&text, "/examiner/").len(), 3);
    let told: Vec<usize> = ["主考 陈伟", "考官 刘洋", "考官 赵敏", "工作人员 孙老师", "巡考 周巡考"]
        .map(|who| text.find(who).unwrap())
        .into();
    assert!(told.is_sorted(), "the chair first, then by role: {text}");
    for path in ["/host/", "/patrol#", "/examiner/"] {
        let token = links(&text, path).swap_remove(0);
        let seat = Seat::take(&server_one, token.strip_prefix("token=").unwrap()).await;
        assert_eq!(seat.view["candidates"].as_array().unwrap().len(), 12);
    }
    let mut candidate = Browser::new(&server_one);
    let code = links(&text, "/i#").swap_remove(0);
    good(candidate.post("/api/candidate/invitation", json!({ "code": code })).await);
    let mut office = administrator(&server_one, &text).await;
    let before = whole(&mut office).await;
    server_one.stop().await.unwrap();

    let again = server(&changes).await;
    let told = again.demo().await.unwrap();
    assert_eq!(codes(&told), codes(&text));
    let mut office = administrator(&again, &told).await;
    assert_eq!(whole(&mut office).await, before, "nothing is made twice");
}

/// The codes that a text tells, of those with a link and of the others.
fn codes(text: &str) -> Vec<String> {
    let is_code = |word: &&str| word.len() == 14 && word.split('-').all(|part| part.len() == 4);
    let words = text.split([' ', '\n', ',']).filter(is_code);
    words.map(str::to_owned).collect()
}

/// What there is: interviews, their people and papers, SMS.
async fn whole(office: &mut Browser) -> Vec<Value> {
    let mut all = list(office, "/api/admin/interviews").await;
    for interview in all.clone() {
        let path = format!("/api/admin/interviews/{}/candidates", interview["id"].as_str().unwrap());
        for candidate in list(office, &path).await {
            let papers = format!("{path}/{}/papers", candidate["seat"].as_str().unwrap());
            all.push(candidate);
            all.extend(list(office, &papers).await);
        }
    }
    all.extend(list(office, "/api/admin/outbox").await);
    all
}

#[tokio::test]
async fn the_demo_is_a_day_of_twelve_with_papers_questions_and_a_chair() {
    let server = server(&[("demo", "true")]).await;
    let made_at = crate::clock::now().0;
    let text = server.demo().await.unwrap();
    assert_eq!(codes(&text).len(), 12, "{text}");
    let mut office = administrator(&server, &text).await;
    let interviews = list(&mut office, "/api/admin/interviews").await;
    assert_eq!(interviews.len(), 1);
    let path = format!("/api/admin/interviews/{}", interviews[0]["id"].as_str().unwrap());

    let candidates = list(&mut office, &format!("{path}/candidates")).await;
    let numbers: Vec<String> = (1..=12).map(|place| format!("2027{place:03}")).collect();
    let of = |what: &str| candidates.iter().map(|row| row[what].as_str().unwrap()).collect::<Vec<_>>();
    assert_eq!(of("number"), numbers);
    assert_eq!(of("name")[..2], ["李华", "王芳"]);
    assert_eq!(of("phone"), (1..=12).map(|place| format!("13800138{place:03}")).collect::<Vec<_>>());
    let times: Vec<u64> = candidates.iter().map(|row| row["starts_at"].as_u64().unwrap()).collect();
    assert!(
        times[0].is_multiple_of(1_800_000) && (made_at..made_at + 1_860_000).contains(&times[0]),
        "{times:?}"
    );
    assert!(times.windows(2).all(|two| two[1] == two[0] + 1_200_000), "{times:?}");
    let locked: Vec<bool> = candidates.iter().map(|row| row["password_set"].as_bool().unwrap()).collect();
    assert_eq!(locked.iter().filter(|set| **set).count(), 1);
    assert!(locked[1] && text.contains("password viva2027"));

    // What an upload of the same bytes would have made, and with the bytes that were meant.
    let (mut pictures, mut slides) = (0, 0);
    for seat in of("seat") {
        let papers = list(&mut office, &format!("{path}/candidates/{seat}/papers")).await;
        assert!(!papers.is_empty());
        for paper in papers {
            assert_eq!(paper["own"], false, "the office has put it there");
            pictures += usize::from(paper["kind"] == "png");
            slides += usize::from(paper["slides"] == true);
            let own = format!("/api/candidates/{seat}/papers/{}", paper["number"]);
            let answer = office.request(Method::GET, &own).send().await.unwrap();
            assert!(answer.status().is_success());
            assert_eq!(answer.bytes().await.unwrap().len() as u64, paper["bytes"].as_u64().unwrap());
        }
    }
    assert_eq!((pictures, slides), (6, 4));

    let setup = good(office.get(&path).await);
    let sets = setup["questions"].as_array().unwrap();
    assert_eq!(
        sets.iter().map(|set| set["name"].as_str().unwrap()).collect::<Vec<_>>(),
        ["A 组", "B 组", "C 组"]
    );
    for question in sets.iter().flat_map(|set| set["questions"].as_array().unwrap()) {
        let criteria = setup["criteria"].as_array().unwrap();
        assert!(criteria.iter().any(|criterion| criterion["id"] == question["criterion"]), "{question}");
        assert!(question["minutes"].as_u64().is_some_and(|minutes| minutes > 0), "{question}");
    }
    let staff = list(&mut office, &format!("{path}/staff")).await;
    let chairs: Vec<_> = staff.iter().filter(|row| row["chair"] == true).collect();
    assert_eq!(chairs.len(), 1);
    assert_eq!((&chairs[0]["name"], &chairs[0]["role"]), (&json!("陈伟"), &json!("examiner")));
}

#[tokio::test]
async fn the_demo_invites_by_sms_with_time_code_and_the_number_to_call() {
    let server = server(&[("demo", "true")]).await;
    let text = server.demo().await.unwrap();
    let mut office = administrator(&server, &text).await;
    let interview = list(&mut office, "/api/admin/interviews").await[0]["id"].as_str().unwrap().to_owned();
    let path = format!("/api/admin/interviews/{interview}/candidates");
    let sent = list(&mut office, "/api/admin/outbox").await;
    assert_eq!(sent.len(), 12);
    for candidate in list(&mut office, &path).await {
        let phone = candidate["phone"].as_str().unwrap();
        let message =
            sent.iter().find(|message| message["phone"].as_str().unwrap().ends_with(phone)).unwrap();
        let said = message["text"].as_str().unwrap();
        let at = Time(candidate["starts_at"].as_u64().unwrap());
        let time = crate::time_zone::TimeZone::of("Asia/Shanghai").minute(at);
        for part in [
            "【示例大学】",
            candidate["name"].as_str().unwrap(),
            candidate["code"].as_str().unwrap(),
            &time,
            "/i#",
            "400-000-0000（面谈当天",
        ] {
            assert!(said.contains(part), "{part} is not in {said}");
        }
    }
    let settings = good(office.get("/api/admin/settings").await);
    assert_eq!(settings["hotline"], "400-000-0000");
    assert!(!settings["hotline_hours"].as_str().unwrap().is_empty());
}

/// A demo of before there was a day: two candidates without times and papers, nobody is chair.
#[tokio::test]
async fn a_store_with_the_demo_of_an_older_version_opens_as_it_is() {
    let server = server(&[("demo", "true")]).await;
    let app = &server.app;
    app.store.put_setting("demo", &true.into(), crate::clock::now().0).await.unwrap();
    let (id, by) = (InterviewId(random::id()), Actor::Administrator { account: "admin".to_owned() });
    let setup = serde_json::from_value(super::api::setup()).unwrap();
    app.sittings.create(id, setup, by.clone()).await.unwrap();
    let candidate = |name: &str, number: &str| NewCandidate {
        seat: SeatId(random::id()),
        name: name.to_owned(),
        number: number.to_owned(),
        phone: String::new(),
        code: Code::from_random(u128::from_le_bytes(random::bytes())),
        password: None,
        starts_at: None,
    };
    let staff = |name: &str, role| AdministratorAction::AddStaff {
        seat: SeatId(random::id()),
        account: String::new(),
        name: name.to_owned(),
        role,
    };
    for action in [
        staff("陈伟", Role::Examiner),
        staff("孙老师", Role::Host),
        AdministratorAction::AddCandidates(vec![candidate("李华", "2027001"), candidate("王芳", "2027002")]),
    ] {
        let command = Command { id: fresh_command(), by: by.clone(), action: Action::Administrator(action) };
        app.sittings.command(id, command).await.unwrap();
    }
    let text = server.demo().await.unwrap();
    assert_eq!((links(&text, "/i#").len(), codes(&text).len()), (2, 2), "{text}");
    assert!(text.contains("考官 陈伟 (examiner)") && !text.contains("more candidates"), "{text}");
    assert_eq!(app.store.interviews().await.unwrap().len(), 1, "no day is made beside it");
}

#[tokio::test]
async fn with_photos_the_demo_has_a_face_check_and_tells_how_to_show_the_face() {
    let models = super::faces::faces();
    let (models, photos) = (models.display().to_string(), models.join("photos").display().to_string());
    let server = server(&[("demo", "true"), ("face_models", &models), ("demo_photos", &photos)]).await;
    let text = server.demo().await.unwrap();
    assert!(text.contains("`make demo-camera` opens Chromium with a camera that shows 李华"), "{text}");
    let id = viva_interview::InterviewId(server.app.store.interviews().await.unwrap()[0].id);
    let rows =
        server.app.sittings.look(id, |interview, _| (interview.row(), interview.candidate_rows())).await;
    let (row, candidates) = rows.unwrap();
    assert_eq!((row.identity.face, row.identity.turn), (viva_interview::FaceUse::Once, false));
    let pictured: Vec<_> = candidates.into_iter().filter(|candidate| candidate.photo).collect();
    assert_eq!(pictured.iter().map(|row| row.name.as_str()).collect::<Vec<_>>(), ["李华", "王芳"]);
    for candidate in pictured {
        let photo = server.app.store.photo(id.0, candidate.seat.0).await.unwrap().unwrap();
        assert_eq!(server.app.faces.fits(photo.bytes.into()).await, Ok(Ok(())));
    }
    // Without photos it has none.
    let other = super::client::server(&[("demo", "true"), ("demo_photos", "/nowhere")]).await;
    assert!(!other.demo().await.unwrap().contains("demo-camera"));
}

#[tokio::test]
async fn the_demo_leaves_a_folder_with_real_accounts_or_interviews_alone() {
    let server = server(&[("demo", "true")]).await;
    let new = crate::account::NewAccount {
        account: "office".to_owned(),
        name: "教务".to_owned(),
        password: "a long one of 2027".to_owned(),
        administrator: true,
    };
    server.app.accounts.create(new, crate::clock::now().0).await.unwrap();
    let said = server.demo().await.unwrap_err().to_string();
    assert!(said.contains("--data-dir") && said.contains("real"), "{said}");
    assert!(server.app.store.interviews().await.unwrap().is_empty());
    assert_eq!(server.app.store.accounts().await.unwrap().len(), 1);
}

#[test]
fn the_demo_is_for_this_machine_and_its_neighbours_alone() {
    let asked = |changes: &[(&str, &str)]| refuse_public(&settings(changes));
    for near in ["127.0.0.1:8080", "[::1]:8080", "192.168.1.7:80", "10.0.0.1:80", "[fd00::1]:80"] {
        assert_eq!(asked(&[("listen", near)]), Ok(()), "{near}");
    }
    for everywhere in ["0.0.0.0:8080", "[::]:8080", "192.0.2.7:80", "[2001:db8::1]:80"] {
        assert!(asked(&[("listen", everywhere)]).unwrap_err().contains("--demo"), "{everywhere}");
    }
    for near in ["http://localhost:8080", "https://127.0.0.1", "https://192.168.1.7", "http://[::1]:8080/"] {
        assert_eq!(asked(&[("public_url", near)]), Ok(()), "{near}");
    }
    for url in ["https://viva.example", "http://viva.example:8080", "https://192.0.2.7"] {
        assert!(asked(&[("public_url", url)]).unwrap_err().contains("--demo"), "{url}");
    }
}
