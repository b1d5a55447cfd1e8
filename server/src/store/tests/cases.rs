//! What holds whatever the database is.

use super::erasing::{
    a_deletion_and_its_line_in_the_audit_are_one, interviews_are_looked_at_once_by_each_clock,
    texts_of_messages_go_early_and_the_record_stays, what_is_erased_of_a_seat_is_in_no_table,
};
use super::rehearsals::a_rehearsal_is_open_once_and_leaves_its_report_alone;
use crate::store::{
    Account, AccountChange, Batch, FirstCode, Index, MAX_PHOTO_BYTES, MessageState, NewMessage, Outcome,
    Photo, SeatRow, Session, Store, StoreError, StoredEvent, Take, Taken,
};
use serde_json::json;
use std::{pin::Pin, sync::Arc};

type Case = fn(Arc<dyn Store>) -> Pin<Box<dyn Future<Output = ()>>>;

macro_rules! cases {
    ($($name:ident,)*) => {
        /// Every case by its name.
        pub const CASES: &[(&str, Case)] = &[$((stringify!($name), |store| Box::pin($name(store)))),*];
    };
}

cases! {
    events_come_back_as_they_went,
    of_two_writers_one_is_told_to_read_again,
    many_writers_at_once_leave_one_unbroken_list,
    a_batch_is_written_whole_or_not_at_all,
    codes_and_accounts_lead_to_seats,
    a_deleted_interview_takes_everything_with_it,
    what_is_too_long_or_of_no_use_is_refused,
    accounts_exist_once_and_change_piece_by_piece,
    somebody_always_administers,
    sessions_are_known_by_their_digest_and_end,
    the_first_administrator_is_made_once,
    settings_are_replaced,
    photos_are_kept_replaced_and_forgotten,
    papers_have_numbers_of_their_own_and_go_with_their_event,
    a_rehearsal_is_open_once_and_leaves_its_report_alone,
    a_message_is_queued_once_and_taken_by_one,
    a_lost_trial_is_taken_again_and_cannot_decide_any_more,
    urgent_messages_go_first,
    messages_are_counted_by_number_and_time,
    messages_are_listed_by_page,
    what_is_erased_of_a_seat_is_in_no_table,
    texts_of_messages_go_early_and_the_record_stays,
    interviews_are_looked_at_once_by_each_clock,
    a_deletion_and_its_line_in_the_audit_are_one,
}

/// Event number `seq` of any interview here.
pub fn event(seq: u64) -> StoredEvent {
    StoredEvent {
        seq,
        at: 1_700_000_000_000 + seq,
        by: format!("seat {seq}"),
        command: seq.is_multiple_of(2).then(|| format!("command-{seq}")),
        json: format!("{{\"say\":\"第 {seq} 句 \\u0000 🎓\"}}"),
    }
}

/// `count` events after number `expected`.
pub fn batch(expected: u64, count: u64) -> Batch {
    Batch { events: (expected + 1..=expected + count).map(event).collect(), ..Batch::default() }
}

/// A message of interview 7.
pub fn message(id: u64) -> NewMessage {
    NewMessage {
        id,
        interview: Some(7),
        seat: Some(id),
        at: 1000 + id,
        phone: "+8613800001234".to_owned(),
        text: "您的验证码是 123456".to_owned(),
        kind: "identity".to_owned(),
        params: [("code".to_owned(), "123456".to_owned())].into(),
        urgent: false,
        expires_at: 100_000,
    }
}

fn account(name: &str, administrator: bool) -> Account {
    Account {
        account: name.to_owned(),
        name: "张三".to_owned(),
        password: "$argon2id$…".to_owned(),
        administrator,
        disabled: false,
        created_at: 5,
        changed_at: 5,
    }
}

fn session(digest: &str, account: &str) -> Session {
    Session {
        digest: digest.to_owned(),
        account: account.to_owned(),
        created_at: 10,
        seen_at: 10,
        expires_at: 100,
    }
}

pub async fn events_come_back_as_they_went(store: Arc<dyn Store>) {
    assert_eq!(store.append(u64::MAX, 0, &batch(0, 3)).await, Ok(3));
    assert_eq!(store.append(u64::MAX, 3, &batch(3, 1)).await, Ok(4));
    assert_eq!(store.append(1, 0, &batch(0, 1)).await, Ok(1));
    let all: Vec<_> = (1..=4).map(event).collect();
    assert_eq!(store.events(u64::MAX, 0).await.unwrap(), all);
    assert_eq!(store.events(u64::MAX, 3).await.unwrap(), all[3..]);
    assert_eq!(store.events(12345, 0).await.unwrap(), []);
    let rows = store.interviews().await.unwrap();
    let row = rows.iter().find(|row| row.id == u64::MAX).unwrap();
    assert_eq!((row.seq, row.created_at, row.changed_at), (4, event(1).at, event(4).at));
    assert_eq!(rows.len(), 2);
    assert_eq!(store.probe(1).await, Ok(()));
}

async fn of_two_writers_one_is_told_to_read_again(store: Arc<dyn Store>) {
    store.append(1, 0, &batch(0, 2)).await.unwrap();
    for expected in [0, 1, 3] {
        assert_eq!(
            store.append(1, expected, &batch(expected, 1)).await,
            Err(StoreError::Conflict),
            "{expected}"
        );
    }
    assert_eq!(store.append(2, 1, &batch(1, 1)).await, Err(StoreError::Conflict), "there is no first event");
    assert_eq!(store.events(1, 0).await.unwrap().len(), 2);
    assert_eq!(store.events(2, 0).await.unwrap(), []);
}

async fn many_writers_at_once_leave_one_unbroken_list(store: Arc<dyn Store>) {
    let writers = (0..8).map(|_| {
        let store = store.clone();
        tokio::spawn(async move {
            let mut written = 0;
            while written < 5 {
                let seq = store.events(1, 0).await.unwrap().len() as u64;
                match store.append(1, seq, &batch(seq, 2)).await {
                    Ok(_) => written += 1,
                    Err(StoreError::Conflict) => {}
                    Err(error) => panic!("{error}"),
                }
            }
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap();
    }
    let all: Vec<_> = (1..=80).map(event).collect();
    assert_eq!(store.events(1, 0).await.unwrap(), all);
}

async fn a_batch_is_written_whole_or_not_at_all(store: Arc<dyn Store>) {
    let code = |code: &str, seat| Index::Invitation { code: code.to_owned(), seat };
    let mut first = batch(0, 1);
    first.index = vec![code("AAAA", 1)];
    first.messages = vec![message(1)];
    store.append(1, 0, &first).await.unwrap();
    let mut second = batch(0, 1);
    second.index = vec![code("BBBB", 2), code("AAAA", 3)];
    second.messages = vec![message(2)];
    assert_eq!(store.append(2, 0, &second).await, Err(StoreError::Exists("invitation code")));
    assert_eq!(store.seat_of_code("BBBB").await, Ok(None));
    assert_eq!(store.events(2, 0).await.unwrap(), []);
    assert_eq!(store.interviews().await.unwrap().len(), 1);
    assert_eq!(store.messages(None, None, 10).await.unwrap().len(), 1);
}

async fn codes_and_accounts_lead_to_seats(store: Arc<dyn Store>) {
    let seat = |seat| SeatRow { interview: 1, seat };
    let mut first = batch(0, 1);
    first.index = vec![
        Index::Invitation { code: "AAAA".to_owned(), seat: 1 },
        Index::Staff { account: "li".to_owned(), seat: 2 },
        Index::Staff { account: "li".to_owned(), seat: 3 },
    ];
    store.append(1, 0, &first).await.unwrap();
    assert_eq!(store.seat_of_code("AAAA").await, Ok(Some(seat(1))));
    assert_eq!(store.seat_of_code("aaaa").await, Ok(None));
    assert_eq!(store.seats_of_account("li").await.unwrap(), [seat(2), seat(3)]);
    let mut second = batch(1, 1);
    second.index = vec![
        Index::Invitation { code: "BBBB".to_owned(), seat: 1 },
        Index::Staff { account: "wang".to_owned(), seat: 2 },
        Index::Gone { seat: 3 },
    ];
    store.append(1, 1, &second).await.unwrap();
    assert_eq!(store.seat_of_code("AAAA").await, Ok(None), "the new code takes the place of the old one");
    assert_eq!(store.seat_of_code("BBBB").await, Ok(Some(seat(1))));
    assert_eq!(store.seats_of_account("li").await.unwrap(), []);
    assert_eq!(store.seats_of_account("wang").await.unwrap(), [seat(2)]);
}

async fn a_deleted_interview_takes_everything_with_it(store: Arc<dyn Store>) {
    let mut first = batch(0, 2);
    first.index = vec![
        Index::Invitation { code: "AAAA".to_owned(), seat: 1 },
        Index::Staff { account: "li".to_owned(), seat: 2 },
    ];
    first.messages = vec![message(1)];
    store.append(7, 0, &first).await.unwrap();
    store.put_photo(7, 1, &Photo::new("image/png", vec![1, 2, 3], 0)).await.unwrap();
    assert_eq!(store.remove_interview(7, 1).await, Err(StoreError::Conflict));
    assert_eq!(store.remove_interview(8, 1).await, Err(StoreError::NotFound("interview")));
    store.remove_interview(7, 2).await.unwrap();
    assert_eq!(store.events(7, 0).await.unwrap(), []);
    assert_eq!(store.seat_of_code("AAAA").await, Ok(None));
    assert_eq!(store.seats_of_account("li").await.unwrap(), []);
    assert_eq!(store.photo(7, 1).await, Ok(None));
    let messages = store.messages(None, None, 10).await.unwrap();
    assert_eq!(messages.iter().map(|message| message.state).collect::<Vec<_>>(), [MessageState::Failed]);
    assert_eq!(store.append(7, 0, &batch(0, 1)).await, Ok(1), "the id is free again");
}

async fn what_is_too_long_or_of_no_use_is_refused(store: Arc<dyn Store>) {
    let invalid = |answer: Result<u64, StoreError>| matches!(answer, Err(StoreError::Invalid(_)));
    assert!(invalid(store.append(1, 0, &Batch::default()).await));
    assert!(invalid(store.append(1, 0, &batch(1, 1)).await), "the first event is number 1");
    let mut gap = batch(0, 3);
    gap.events.remove(1);
    assert!(invalid(store.append(1, 0, &gap).await));
    let mut long = batch(0, 1);
    long.events[0].json = "x".repeat(300_000);
    assert!(invalid(store.append(1, 0, &long).await));
    let mut nul = batch(0, 1);
    nul.events[0].by = "a\0b".to_owned();
    assert!(invalid(store.append(1, 0, &nul).await));
    assert!(matches!(store.seat_of_code(&"A".repeat(1000)).await, Err(StoreError::Invalid(_))));
    assert!(matches!(store.account("a\0").await, Err(StoreError::Invalid(_))));
    let large = Photo { bytes: vec![0; MAX_PHOTO_BYTES + 1], ..Photo::new("image/png", vec![], 0) };
    assert!(matches!(store.put_photo(1, 1, &large).await, Err(StoreError::Invalid(_))));
    let text = NewMessage { text: "字".repeat(5000), ..message(1) };
    assert!(matches!(store.enqueue(&[text]).await, Err(StoreError::Invalid(_))));
    let injected = "'; DROP TABLE accounts; --";
    assert_eq!(store.account(injected).await, Ok(None));
    assert_eq!(store.accounts().await, Ok(vec![]));
}

async fn accounts_exist_once_and_change_piece_by_piece(store: Arc<dyn Store>) {
    let li = account("li", false);
    store.create_account(&li).await.unwrap();
    assert_eq!(store.create_account(&account("li", true)).await, Err(StoreError::Exists("account")));
    assert_eq!(store.account("li").await, Ok(Some(li.clone())));
    assert_eq!(store.account("wang").await, Ok(None));
    let renamed = AccountChange { name: Some("李四".to_owned()), ..AccountChange::default() };
    let password = AccountChange { password: Some("new".to_owned()), ..AccountChange::default() };
    let (one, other) =
        tokio::join!(store.change_account("li", &renamed, 9), store.change_account("li", &password, 9));
    assert_eq!((one, other), (Ok(()), Ok(())));
    let now = store.account("li").await.unwrap().unwrap();
    assert_eq!(
        (now.name.as_str(), now.password.as_str(), now.changed_at, now.created_at),
        ("李四", "new", 9, 5)
    );
    assert_eq!(store.change_account("wang", &renamed, 9).await, Err(StoreError::NotFound("account")));
    let version = store.accounts_version().await.unwrap();
    store.change_account("li", &AccountChange::default(), 8).await.unwrap();
    assert_ne!(store.accounts_version().await, Ok(version), "changed by a clock that is slow");
    store.create_account(&account("an", true)).await.unwrap();
    let names: Vec<_> = store.accounts().await.unwrap().into_iter().map(|account| account.account).collect();
    assert_eq!(names, ["an", "li"]);
}

async fn somebody_always_administers(store: Arc<dyn Store>) {
    store.create_account(&account("li", true)).await.unwrap();
    store.create_account(&account("wang", true)).await.unwrap();
    let disabled = AccountChange { disabled: Some(true), ..AccountChange::default() };
    let demoted = AccountChange { administrator: Some(false), ..AccountChange::default() };
    store.change_account("wang", &disabled, 9).await.unwrap();
    assert_eq!(store.change_account("li", &demoted, 9).await, Err(StoreError::Conflict));
    assert_eq!(store.change_account("li", &disabled, 9).await, Err(StoreError::Conflict));
    assert!(store.account("li").await.unwrap().unwrap().administrator, "nothing has changed");
    let enabled = AccountChange { disabled: Some(false), ..AccountChange::default() };
    store.change_account("wang", &enabled, 10).await.unwrap();
    store.change_account("li", &demoted, 11).await.unwrap();
}

async fn sessions_are_known_by_their_digest_and_end(store: Arc<dyn Store>) {
    assert!(matches!(store.put_session(&session("a1", "nobody")).await, Err(StoreError::NotFound(_))));
    store.create_account(&account("an", true)).await.unwrap();
    store.create_account(&account("li", false)).await.unwrap();
    for digest in ["a1", "a2", "a3"] {
        store.put_session(&session(digest, "li")).await.unwrap();
    }
    store.put_session(&session("b1", "an")).await.unwrap();
    assert_eq!(store.session("a1").await, Ok(Some((session("a1", "li"), account("li", false)))));
    assert_eq!(store.session("zz").await, Ok(None));
    store.touch_session("a1", 50).await.unwrap();
    store.touch_session("a1", 40).await.unwrap();
    assert_eq!(store.session("a1").await.unwrap().unwrap().0.seen_at, 50);
    store.remove_session("a2").await.unwrap();
    store.remove_session("a2").await.unwrap();
    assert_eq!(store.session("a2").await, Ok(None));
    store.remove_sessions_of("li", Some("a1")).await.unwrap();
    assert_eq!((store.session("a3").await, store.session("a1").await.unwrap().is_some()), (Ok(None), true));
    assert_eq!(store.remove_old_sessions(99, 20).await, Ok(1), "b1 was not seen for long");
    assert_eq!(store.remove_old_sessions(101, 0).await, Ok(1), "a1 has expired");
    store.put_session(&session("a4", "li")).await.unwrap();
    let disabled = AccountChange { disabled: Some(true), ..AccountChange::default() };
    store.change_account("li", &disabled, 9).await.unwrap();
    assert_eq!(store.session("a4").await, Ok(None), "who is disabled is signed out");
}

async fn the_first_administrator_is_made_once(store: Arc<dyn Store>) {
    let code = |digest: &str| FirstCode { digest: digest.to_owned(), expires_at: 100 };
    let an = account("an", true);
    assert_eq!(store.first_code().await, Ok(None));
    assert_eq!(store.redeem_first_code("c1", 50, &an).await, Err(StoreError::NotFound("code")));
    store.put_first_code(&code("c1")).await.unwrap();
    store.put_first_code(&code("c2")).await.unwrap();
    assert_eq!(store.first_code().await, Ok(Some(code("c2"))));
    assert_eq!(store.redeem_first_code("c1", 50, &an).await, Err(StoreError::NotFound("code")));
    assert_eq!(store.redeem_first_code("c2", 100, &an).await, Err(StoreError::NotFound("code")), "too late");
    store.redeem_first_code("c2", 50, &an).await.unwrap();
    assert_eq!(
        store.redeem_first_code("c2", 50, &account("li", true)).await,
        Err(StoreError::NotFound("code"))
    );
    assert_eq!(store.accounts().await, Ok(vec![an]));
    store.put_first_code(&code("c3")).await.unwrap();
    store.create_account(&account("wang", true)).await.unwrap();
    assert_eq!(store.first_code().await, Ok(None), "an administrator made otherwise ends the code");
}

async fn settings_are_replaced(store: Arc<dyn Store>) {
    assert_eq!(store.setting("texts").await, Ok(None));
    let first = json!({ "institution": "大学", "n": 1.5, "list": [null, true] });
    store.put_setting("texts", &first, 1).await.unwrap();
    assert_eq!(store.setting("texts").await, Ok(Some(first)));
    store.put_setting("texts", &json!("other"), 2).await.unwrap();
    assert_eq!(store.setting("texts").await, Ok(Some(json!("other"))));
    let large = json!("x".repeat(2_000_000));
    assert!(matches!(store.put_setting("texts", &large, 3).await, Err(StoreError::Invalid(_))));
}

async fn photos_are_kept_replaced_and_forgotten(store: Arc<dyn Store>) {
    let photo = |byte, at| Photo::new("image/jpeg", vec![byte; 300_000], at);
    assert!(matches!(store.put_photo(1, 1, &photo(1, 5)).await, Err(StoreError::NotFound(_))));
    store.append(1, 0, &batch(0, 1)).await.unwrap();
    store.put_photo(1, 9, &photo(1, 5)).await.unwrap();
    store.put_photo(1, 2, &photo(2, 5)).await.unwrap();
    store.put_photo(1, 9, &photo(3, 6)).await.unwrap();
    let kept = store.photo(1, 9).await.unwrap().unwrap();
    assert_eq!(kept, photo(3, 6));
    assert_eq!(kept.sha256.len(), 64);
    assert_eq!(Photo::new("image/png", b"abc".to_vec(), 0).sha256[..16], *"ba7816bf8f01cfea");
    assert_eq!(store.photo_seats(1).await.unwrap(), [2, 9]);
    assert_eq!(store.photo(1, 3).await, Ok(None));
    store.remove_photo(1, 2).await.unwrap();
    store.remove_photo(1, 2).await.unwrap();
    assert_eq!(store.photo_seats(1).await.unwrap(), [9]);
    assert_eq!(store.remove_old_photos(event(1).at).await, Ok(0), "the interview goes on");
    assert_eq!(store.remove_old_photos(event(1).at + 1).await, Ok(1));
    assert_eq!(store.photo_seats(1).await, Ok(vec![]));
}

async fn papers_have_numbers_of_their_own_and_go_with_their_event(store: Arc<dyn Store>) {
    assert!(matches!(store.put_paper(1, 1, 1, b"a", 5).await, Err(StoreError::NotFound(_))));
    store.append(1, 0, &batch(0, 1)).await.unwrap();
    for (from, wanted) in [(1, 1), (1, 2), (5, 5)] {
        assert_eq!(store.put_paper(1, 9, from, &[7; 300_000], 5).await, Ok(wanted));
    }
    assert_eq!(store.put_paper(1, 2, 1, b"another's", 5).await, Ok(1));
    assert_eq!(store.paper(1, 9, 5).await, Ok(Some(vec![7; 300_000])));
    let too_large = vec![0; (20 << 20) + 1];
    assert!(matches!(store.put_paper(1, 9, 1, &too_large, 5).await, Err(StoreError::Invalid(_))));
    let gone = Batch { index: vec![Index::PaperGone { seat: 9, number: 1 }], ..batch(1, 1) };
    store.append(1, 1, &gone).await.unwrap();
    assert_eq!(store.paper(1, 9, 1).await, Ok(None));
    // Of the numbers from 3 on no event has told: what is old of them was left by a run that was cut off.
    assert_eq!(store.put_paper(1, 9, 3, b"new", 4_000_000).await, Ok(6));
    assert_eq!(store.paper(1, 9, 5).await, Ok(None));
    assert!(store.paper(1, 9, 2).await.unwrap().is_some());
    store.drop_paper(1, 9, 6).await.unwrap();
    let later = event(2).at + 1;
    assert_eq!((store.old_papers(later).await, store.old_papers(later - 1).await), (Ok(2), Ok(0)));
    assert_eq!(store.remove_old_papers(later).await, Ok(2));
    assert_eq!(store.paper(1, 2, 1).await, Ok(None));
}

async fn a_message_is_queued_once_and_taken_by_one(store: Arc<dyn Store>) {
    store.enqueue(&[message(1), message(1)]).await.unwrap();
    store.enqueue(&[NewMessage { text: "another text".to_owned(), ..message(1) }]).await.unwrap();
    assert_eq!(store.due(1000, 10).await.unwrap(), [], "its time has not come");
    assert_eq!(store.next_due().await, Ok(Some(1001)));
    let due = store.due(1001, 10).await.unwrap();
    assert_eq!(due.len(), 1);
    assert_eq!((&due[0].content, due[0].state, due[0].attempts), (&message(1), MessageState::Queued, 0));
    let take = Take { id: 1, attempts: 0, now: 1001, until: 2000 };
    let taken = tokio::join!(store.take(take), store.take(take), store.take(take));
    let taken = [taken.0.unwrap(), taken.1.unwrap(), taken.2.unwrap()];
    assert_eq!(taken.iter().filter(|taken| **taken).count(), 1, "one of them has it");
    let sent = Outcome::Sent { provider_id: "biz".to_owned() };
    assert_eq!(store.finish(1, 1, &sent, 1500).await, Ok(true));
    assert_eq!(store.finish(1, 1, &Outcome::Failed { error: String::new() }, 1600).await, Ok(false));
    let kept = &store.messages(None, None, 10).await.unwrap()[0];
    assert_eq!(
        (kept.state, kept.sent_at, kept.provider_id.as_deref()),
        (MessageState::Sent, Some(1500), Some("biz"))
    );
    assert_eq!(store.due(99_999, 10).await.unwrap(), []);
    assert_eq!(store.next_due().await, Ok(None));
    assert_eq!(store.take(Take { attempts: 1, now: 99_999, ..take }).await, Ok(false), "sent is sent");
    assert_eq!(store.remove_old_messages(1001).await, Ok(0));
    assert_eq!(store.remove_old_messages(1002).await, Ok(1));
    // Nobody sends it: it goes when it is of no use, and not before.
    store.enqueue(&[NewMessage { expires_at: 5000, ..message(2) }]).await.unwrap();
    assert_eq!(store.remove_old_messages(5000).await, Ok(0));
    assert_eq!(store.remove_old_messages(5001).await, Ok(1));
}

async fn a_lost_trial_is_taken_again_and_cannot_decide_any_more(store: Arc<dyn Store>) {
    store.enqueue(&[message(1)]).await.unwrap();
    let take = Take { id: 1, attempts: 0, now: 1001, until: 2000 };
    assert_eq!(store.take(take).await, Ok(true));
    assert_eq!(store.due(1999, 10).await.unwrap(), []);
    let lost = &store.due(2000, 10).await.unwrap()[0];
    assert_eq!((lost.state, lost.attempts), (MessageState::Sending, 1));
    assert_eq!(store.take(Take { id: 1, attempts: 1, now: 2000, until: 3000 }).await, Ok(true));
    let failed = Outcome::Failed { error: "late".to_owned() };
    assert_eq!(store.finish(1, 1, &failed, 2100).await, Ok(false));
    let again = Outcome::Again { error: "busy\u{0}\n".to_owned(), next_at: 5000 };
    assert_eq!(store.finish(1, 2, &again, 2200).await, Ok(true));
    let kept = &store.messages(None, None, 10).await.unwrap()[0];
    assert_eq!((kept.state, kept.next_at, kept.error.as_deref()), (MessageState::Queued, 5000, Some("busy")));
    store.hold(1, &Outcome::Failed { error: "too old".to_owned() }, 6000).await.unwrap();
    assert_eq!(store.messages(None, None, 10).await.unwrap()[0].state, MessageState::Failed);
}

async fn urgent_messages_go_first(store: Arc<dyn Store>) {
    let urgent = NewMessage { urgent: true, ..message(3) };
    store.enqueue(&[message(2), message(1), urgent]).await.unwrap();
    let order: Vec<_> = store.due(5000, 10).await.unwrap().iter().map(|message| message.content.id).collect();
    assert_eq!(order, [3, 1, 2]);
    assert_eq!(store.due(5000, 2).await.unwrap().len(), 2);
}

async fn messages_are_counted_by_number_and_time(store: Arc<dyn Store>) {
    let elsewhere = NewMessage { phone: "+4915112345678".to_owned(), ..message(4) };
    store.enqueue(&[message(1), message(2), message(3), elsewhere]).await.unwrap();
    for (id, now) in [(1, 2000), (2, 3000), (4, 3000)] {
        assert_eq!(store.take(Take { id, attempts: 0, now, until: now + 1 }).await, Ok(true));
    }
    let taken = |long, short| Ok(Taken { long, short });
    assert_eq!(store.taken(Some("+8613800001234"), 1000, 2500).await, taken(2, 1));
    assert_eq!(store.taken(Some("+8613800001234"), 2000, 3000).await, taken(1, 0));
    assert_eq!(store.taken(Some("+1"), 0, 0).await, taken(0, 0));
    assert_eq!(store.taken(None, 1000, 2500).await, taken(3, 2));
}

async fn messages_are_listed_by_page(store: Arc<dyn Store>) {
    let elsewhere = NewMessage { interview: None, seat: None, ..message(4) };
    store.enqueue(&[message(1), message(2), message(3), elsewhere.clone()]).await.unwrap();
    let first = store.messages(None, None, 2).await.unwrap();
    assert_eq!(first.iter().map(|message| message.content.id).collect::<Vec<_>>(), [4, 3]);
    assert_eq!(first[0].content, elsewhere);
    let second = store.messages(None, Some(first[1].position), 2).await.unwrap();
    assert_eq!(second.iter().map(|message| message.content.id).collect::<Vec<_>>(), [2, 1]);
    let of_interview = store.messages(Some(7), None, 10).await.unwrap();
    assert_eq!(of_interview.iter().map(|message| message.content.id).collect::<Vec<_>>(), [3, 2, 1]);
}
