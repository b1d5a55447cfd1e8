//! The demo: a link for everybody, the same at the next start.

use super::{
    api::{Browser, Seat, good},
    client::server,
};
use serde_json::json;

#[tokio::test]
async fn the_demo_has_a_link_for_everybody_and_is_seeded_once() {
    let folder = std::env::temp_dir().join(format!("viva-demo-{}", crate::random::hex::<8>()));
    let changes = [("data_dir", folder.to_str().unwrap()), ("demo", "true")];
    let server_one = server(&changes).await;
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
