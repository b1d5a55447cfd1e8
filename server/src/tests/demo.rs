//! The demo: a link for everybody, the same at the next start.

use super::{
    api::{Browser, Seat, good},
    client::{server, settings},
};
use crate::demo::refuse_public;
use serde_json::json;

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
    let links = |text: &str, path: &str| -> Vec<String> {
        let lines = text.lines().map(str::trim).filter(|line| line.contains(path));
        lines.filter_map(|line| line.split_once('#')).map(|(_, rest)| rest.to_owned()).collect()
    };
    assert_eq!(links(&text, "/i#").len(), 2, "{text}");
    assert_eq!(links(&text, "/examiner/").len(), 3);
    for path in ["/host/", "/patrol#", "/examiner/"] {
        let token = links(&text, path).swap_remove(0);
        let seat = Seat::take(&server_one, token.strip_prefix("token=").unwrap()).await;
        assert_eq!(seat.view["candidates"].as_array().unwrap().len(), 2);
    }
    let mut candidate = Browser::new(&server_one);
    let code = links(&text, "/i#").swap_remove(0);
    good(candidate.post("/api/candidate/invitation", json!({ "code": code })).await);
    let line = text.lines().find(|line| line.contains("account admin")).unwrap();
    let password = line.rsplit(' ').next().unwrap();
    let mut administrator = Browser::new(&server_one);
    good(administrator.post("/api/session", json!({ "account": "admin", "password": password })).await);
    assert_eq!(good(administrator.get("/api/admin/outbox").await).as_array().unwrap().len(), 2);
    server_one.stop().await.unwrap();

    let again = server(&changes).await.demo().await.unwrap();
    assert_eq!(links(&again, "/i#"), links(&text, "/i#"));
    assert!(again.contains(password));
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
    for candidate in candidates {
        assert!(candidate.photo, "{}", candidate.name);
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
