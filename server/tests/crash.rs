//! The whole program: what was answered before a `kill -9` under traffic is there afterwards, nothing is doubled, everybody
//! is back in seat and stage; and what it logs.

// By this path the folders of the store's own tests name themselves.
#[cfg(test)]
use viva_server::random;

#[cfg(test)]
mod crash {
    mod administrator;
    mod audit;
    mod browser;
    mod candidate;
    mod dice;
    mod examiner;
    #[path = "../../src/store/tests/folder.rs"]
    mod folder;
    mod host;
    mod log;
    mod member;
    mod moment;
    #[path = "../../src/store/tests/postgres.rs"]
    mod postgres;
    mod program;
    mod scene;
    mod seat;
    mod world;

    use folder::Folder;
    use postgres::Postgres;
    use scene::Scene;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn nothing_that_was_answered_is_lost_or_doubled_by_kills_under_traffic() {
        let folder = Folder::new();
        Scene::set(folder.path(), "").await.survives(13).await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn the_same_holds_with_postgresql() {
        let folder = Folder::new();
        let server = Postgres::start().await;
        let database = server.database("crash").await;
        Scene::set(folder.path(), &server.over_socket(&database)).await.survives(4).await;
    }
}
