//! Delivery, with the store and HTTP for real and the time as an argument.

use super::{message, server::Reply, server::Server, settings};
use crate::{
    metrics::{Metrics, Readings},
    random,
    settings::SmsProvider,
    sms::{Caps, Delivery, sender},
    stop::stop,
    store::{Message, MessageState, NewMessage, OutboxStore, Sql, Store},
};
use std::{path::PathBuf, sync::Arc, time::Duration};

const OK: &str = r#"{"sid":"SM1"}"#;
const CAPS: Caps = Caps {
    per_number_hour: 3,
    per_number_day: 5,
    per_minute: 100,
    attempts: 3,
    patience: Duration::from_secs(2),
};
const MINUTE: u64 = 60_000;
const HOUR: u64 = 60 * MINUTE;

/// A provider, an outbox in a folder that is gone when the test is, and the delivery between.
struct Office {
    server: Server,
    folder: PathBuf,
    store: Arc<Sql>,
    delivery: Arc<Delivery>,
}

impl Office {
    async fn open(caps: Caps) -> Self {
        let server = Server::start().await;
        let folder = std::env::temp_dir().join(format!("viva-sms-{}", random::hex::<8>()));
        let store = Arc::new(Sql::sqlite(&folder.join("viva.db")).await.unwrap());
        let sender = sender(&settings("twilio", &server, &[])).unwrap().unwrap();
        let delivery = Arc::new(Delivery::new(store.clone(), sender, caps));
        Self { server, folder, store, delivery }
    }

    /// Sends what is due; answers how many were sent and not sent.
    async fn step(&self, now: u64) -> (u32, u32) {
        let step = self.delivery.step(now).await.unwrap();
        (step.sent, step.not_sent)
    }

    async fn message(&self, id: u64) -> Message {
        let all = self.store.messages(None, None, 1000).await.unwrap();
        all.into_iter().find(|message| message.content.id == id).unwrap()
    }

    async fn enqueue(&self, ids: std::ops::Range<u64>) {
        self.store.enqueue(&ids.map(message).collect::<Vec<_>>()).await.unwrap();
    }
}

impl Drop for Office {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

#[tokio::test]
async fn a_message_is_sent_once() {
    let office = Office::open(CAPS).await;
    office.enqueue(1..2).await;
    office.server.reply(201, OK);
    assert_eq!(office.step(999).await, (0, 0), "its time has not come");
    assert_eq!(office.step(1000).await, (1, 0));
    for now in [1000, 2000, HOUR, 24 * HOUR] {
        assert_eq!(office.step(now).await, (0, 0));
    }
    let sent = office.message(1).await;
    assert_eq!(
        (sent.state, sent.attempts, sent.provider_id.as_deref()),
        (MessageState::Sent, 1, Some("SM1"))
    );
    assert_eq!(office.server.requests().len(), 1);
}

#[tokio::test]
async fn what_is_sent_given_up_and_waiting_is_counted() {
    let office = Office::open(CAPS).await;
    let metrics = Metrics::new().unwrap();
    let sender = sender(&settings("twilio", &office.server, &[])).unwrap().unwrap();
    let delivery =
        Delivery::new(office.store.clone(), sender, CAPS).metered(metrics.sms(SmsProvider::Twilio));
    let delivery = Arc::new(delivery);
    office.enqueue(1..3).await;
    office.server.reply(201, OK);
    office.server.reply(400, "no such number");
    delivery.step(2000).await.unwrap();
    office.enqueue(3..5).await;
    let waiting = (SmsProvider::Twilio, Some(office.store.waiting().await.unwrap()));
    let readings = Readings {
        shards: Vec::new(),
        rooms: 0,
        seats: 0,
        waiting,
        disk: None,
        wrote: true,
        certificate: None,
    };
    let text = metrics.text(&readings).unwrap();
    for (name, count) in [("viva_sms_sent_total", 1), ("viva_sms_failed_total", 1), ("viva_sms_waiting", 2)] {
        let series = format!("{name}{{provider=\"twilio\"}} {count}");
        assert!(text.lines().any(|line| line == series), "{series} in\n{text}");
    }
}

#[tokio::test]
async fn what_failed_is_tried_again_later_and_given_up_in_the_end() {
    let office = Office::open(CAPS).await;
    office.enqueue(1..3).await;
    for _ in 0..2 {
        office.server.reply(503, "busy");
    }
    assert_eq!(office.step(1000).await, (0, 2));
    let waiting = office.message(1).await;
    assert_eq!((waiting.state, waiting.attempts), (MessageState::Queued, 1));
    assert!(waiting.error.unwrap().contains("busy"));
    assert!((3000..5000).contains(&waiting.next_at), "{}", waiting.next_at);
    assert_eq!(office.delivery.step(1001).await.unwrap().next_at.map(|at| at >= 3000), Some(true));
    office.server.reply(201, OK);
    office.server.reply(201, OK);
    assert_eq!(office.step(5000).await, (2, 0));

    office.enqueue(3..4).await;
    for now in [10_000, 30_000, 60_000] {
        office.server.reply(500, "down");
        assert_eq!(office.step(now).await, (0, 1));
    }
    let failed = office.message(3).await;
    assert_eq!((failed.state, failed.attempts), (MessageState::Failed, 3));
    assert!(failed.error.unwrap().contains("down"));
    assert_eq!(office.step(HOUR).await, (0, 0));
    assert_eq!(office.server.requests().len(), 7);
}

#[tokio::test]
async fn what_is_refused_is_not_tried_again() {
    let office = Office::open(CAPS).await;
    office.enqueue(1..2).await;
    office.server.reply(400, r#"{"code":21211,"message":"no such number"}"#);
    assert_eq!(office.step(1000).await, (0, 1));
    let failed = office.message(1).await;
    assert_eq!(failed.state, MessageState::Failed);
    assert!(failed.error.unwrap().contains("no such number"));
    assert_eq!(office.step(HOUR).await, (0, 0));
}

#[tokio::test]
async fn one_number_gets_so_many_in_an_hour_and_a_day() {
    let office = Office::open(CAPS).await;
    for _ in 0..20 {
        office.server.reply(201, OK);
    }
    office.enqueue(1..8).await;
    let elsewhere = NewMessage { phone: "+8613900001234".to_owned(), ..message(100) };
    office.store.enqueue(&[elsewhere]).await.unwrap();
    assert_eq!(office.step(1000).await, (4, 0), "three to one number, one to another");
    let waiting = office.message(4).await;
    assert_eq!(waiting.state, MessageState::Queued);
    assert!(waiting.error.unwrap().contains("more than 3 messages to this number in an hour"));
    assert_eq!(office.step(HOUR / 2).await, (0, 0));
    assert_eq!(office.step(HOUR + 2000).await, (2, 0), "five in a day");
    assert_eq!(office.step(3 * HOUR).await, (0, 0));
    assert_eq!(office.step(26 * HOUR).await, (2, 0));
}

#[tokio::test]
async fn all_together_get_so_many_in_a_minute_and_the_urgent_ones_first() {
    let office = Office::open(Caps { per_minute: 4, per_number_hour: 100, ..CAPS }).await;
    for _ in 0..20 {
        office.server.reply(201, OK);
    }
    let invitations: Vec<_> = (1..6).map(|id| NewMessage { urgent: false, ..message(id) }).collect();
    office.store.enqueue(&invitations).await.unwrap();
    office.enqueue(10..12).await;
    let step = office.delivery.step(1000).await.unwrap();
    assert_eq!((step.sent, step.next_at), (4, Some(3000)));
    for id in [10, 11] {
        assert_eq!(office.message(id).await.state, MessageState::Sent, "{id}");
    }
    assert_eq!(office.step(30_000).await, (0, 0));
    assert_eq!(office.step(62_000).await, (1, 0), "the day's cap of the number holds too");
}

#[tokio::test]
async fn what_is_of_no_use_any_more_is_not_sent() {
    let office = Office::open(CAPS).await;
    office.store.enqueue(&[NewMessage { expires_at: 5000, ..message(1) }]).await.unwrap();
    assert_eq!(office.step(5000).await, (0, 1));
    let failed = office.message(1).await;
    assert_eq!((failed.state, failed.attempts), (MessageState::Failed, 0));
    assert!(failed.error.unwrap().contains("not sent in time"));
    assert_eq!(office.server.requests().len(), 0);
}

#[tokio::test]
async fn a_trial_that_a_restart_cut_off_is_made_again_after_its_time() {
    let office = Office::open(CAPS).await;
    office.enqueue(1..2).await;
    office.server.then(Reply::Silence);
    let cut_off = tokio::spawn({
        let delivery = office.delivery.clone();
        async move { delivery.step(1000).await }
    });
    while office.server.requests().is_empty() {
        tokio::task::yield_now().await;
    }
    cut_off.abort();
    let _ = cut_off.await;
    assert_eq!(office.message(1).await.state, MessageState::Sending);

    // The store opens again as after a restart; what the lost trial came to is unknown, so it is made again.
    office.store.close().await;
    let store = Arc::new(Sql::sqlite(&office.folder.join("viva.db")).await.unwrap());
    let sender = sender(&settings("twilio", &office.server, &[])).unwrap().unwrap();
    let delivery = Arc::new(Delivery::new(store.clone(), sender, CAPS));
    assert_eq!(delivery.step(50_000).await.unwrap().sent, 0, "its time is not over");
    office.server.reply(201, OK);
    assert_eq!(delivery.step(63_000).await.unwrap().sent, 1);
    let all = store.messages(None, None, 10).await.unwrap();
    assert_eq!((all[0].state, all[0].attempts), (MessageState::Sent, 2));
    assert_eq!(office.server.requests().len(), 2);
}

#[tokio::test]
async fn two_servers_on_one_store_send_each_message_once() {
    let office = Office::open(Caps { per_number_hour: 1000, per_number_day: 1000, ..CAPS }).await;
    for _ in 0..50 {
        office.server.reply(201, OK);
    }
    office.enqueue(1..31).await;
    let sender = sender(&settings("twilio", &office.server, &[])).unwrap().unwrap();
    let other = Arc::new(Delivery::new(
        office.store.clone(),
        sender,
        Caps { per_number_hour: 1000, per_number_day: 1000, ..CAPS },
    ));
    let mut sent = 0;
    for _ in 0..10 {
        let (a, b) = tokio::join!(office.delivery.step(2000), other.step(2000));
        sent += a.unwrap().sent + b.unwrap().sent;
    }
    assert_eq!(sent, 30);
    assert_eq!(office.server.requests().len(), 30);
}

#[tokio::test]
async fn the_task_sends_what_is_queued_and_ends_when_the_program_stops() {
    let office = Office::open(CAPS).await;
    let (stopper, stop) = stop();
    let running = tokio::spawn(office.delivery.clone().run(stop));
    let now = crate::clock::unix_time().as_millis() as u64;
    for id in 1..3 {
        office.server.reply(201, OK);
        let message = NewMessage { at: now, expires_at: now + HOUR, ..message(id) };
        office.store.enqueue(&[message]).await.unwrap();
        office.delivery.wake();
        while office.message(id).await.state != MessageState::Sent {
            tokio::task::yield_now().await;
        }
    }
    stopper.stop();
    running.await.unwrap();
}

#[tokio::test]
async fn an_outage_of_the_store_is_told_and_sends_nothing() {
    let office = Office::open(CAPS).await;
    office.enqueue(1..2).await;
    office.store.close().await;
    assert!(office.delivery.step(1000).await.is_err());
    assert_eq!(office.server.requests().len(), 0);
}
