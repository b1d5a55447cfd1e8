//! What holds of erasing, whatever the database is.

use super::cases::{batch, event, message};
use crate::store::{
    Clock, FacePicture, Index, MessageState, NewDeed, NewMessage, Outcome, Photo, SeatRow, Store, StoreError,
    StoredEvent, Take,
};
use std::sync::Arc;

fn deed(at: u64) -> NewDeed {
    NewDeed { interview: Some(7), ..NewDeed::by_time("interview_deleted", at, "考试".to_owned()) }
}

pub async fn what_is_erased_of_a_seat_is_in_no_table(store: Arc<dyn Store>) {
    let mut first = batch(0, 3);
    first.index = [(1, "AAAA"), (2, "BBBB")]
        .map(|(seat, code)| Index::Invitation { code: code.to_owned(), seat })
        .into();
    first.messages = vec![message(1), message(2)];
    first.index.push(Index::Erasure);
    store.append(7, 0, &first).await.unwrap();
    for seat in [1, 2] {
        store.put_photo(7, seat, &Photo::new("image/png", vec![1, 2, 3], 0)).await.unwrap();
        assert_eq!(store.put_paper(7, seat, 1, b"%PDF-1", 0).await, Ok(1));
        store.put_face_picture(7, seat, 0, &FacePicture { at: 1, bytes: vec![4] }).await.unwrap();
    }
    assert_eq!(store.pending_erasures().await, Ok(vec![(7, 3)]));
    store.rewrite(7, &[(2, "{}".to_owned())]).await.unwrap();
    let events = store.events(7, 0).await.unwrap();
    assert_eq!(events[1], StoredEvent { json: "{}".to_owned(), ..event(2) });
    assert_eq!((&events[0], &events[2]), (&event(1), &event(3)));
    // What became pending meanwhile stays so.
    store.finish_erasure(7, 2, &[1]).await.unwrap();
    assert_eq!(store.pending_erasures().await, Ok(vec![(7, 3)]));
    store.finish_erasure(7, 3, &[1]).await.unwrap();
    assert_eq!(store.pending_erasures().await, Ok(vec![]));
    assert_eq!((store.seat_of_code("AAAA").await, store.photo(7, 1).await), (Ok(None), Ok(None)));
    assert_eq!(store.paper(7, 1, 1).await, Ok(None));
    assert_eq!(store.paper(7, 2, 1).await, Ok(Some(b"%PDF-1".to_vec())));
    assert_eq!(store.face_picture(7, 1, 0).await, Ok(None));
    assert_eq!(store.seat_of_code("BBBB").await, Ok(Some(SeatRow { interview: 7, seat: 2 })));
    assert!(
        store.photo(7, 2).await.unwrap().is_some() && store.face_picture(7, 2, 0).await.unwrap().is_some()
    );
    let [erased] = &store.messages_of_seat(7, 1).await.unwrap()[..] else { panic!("one message") };
    let content = &erased.content;
    assert_eq!((content.phone.as_str(), content.text.as_str(), content.params.len()), ("", "", 0));
    assert_eq!(erased.state, MessageState::Failed);
    assert_eq!(store.messages_of_seat(7, 2).await.unwrap()[0].content, message(2));
    assert_eq!(store.scrub().await, Ok(()));
}

pub async fn texts_of_messages_go_early_and_the_record_stays(store: Arc<dyn Store>) {
    let waits = NewMessage { expires_at: 900_000, ..message(2) };
    store.enqueue(&[message(1), waits.clone()]).await.unwrap();
    store.take(Take { id: 1, attempts: 0, now: 2000, until: 3000 }).await.unwrap();
    store.finish(1, 1, &Outcome::Sent { provider_id: "p".to_owned() }, 2500).await.unwrap();
    assert_eq!(store.erase_texts(2500, 5000).await, Ok(0));
    assert_eq!(store.deeds(None, 10).await, Ok(vec![]));
    assert_eq!(store.erase_texts(2501, 5000).await, Ok(1));
    assert_eq!(store.erase_texts(2501, 6000).await, Ok(0));
    let deeds = store.deeds(None, 10).await.unwrap();
    assert_eq!((deeds.len(), deeds[0].content.detail.as_str(), deeds[0].content.at), (1, "1 texts", 5000));
    let messages = store.messages(None, None, 10).await.unwrap();
    assert_eq!(messages[0].content, waits);
    let sent = &messages[1];
    assert_eq!((sent.content.text.as_str(), sent.content.params.len()), ("", 0));
    assert_eq!(
        (sent.state, sent.sent_at, sent.content.phone.as_str()),
        (MessageState::Sent, Some(2500), "+8613800001234")
    );
    assert_eq!(store.erase_texts(900_001, 7000).await, Ok(1), "of no use any more");
}

pub async fn interviews_are_looked_at_once_by_each_clock(store: Arc<dyn Store>) {
    store.append(7, 0, &batch(0, 2)).await.unwrap();
    let (made, later) = (event(1).at, event(1).at + 1);
    assert_eq!(store.unexamined(Clock::People, made).await, Ok(vec![]));
    assert_eq!(store.unexamined(Clock::People, later).await, Ok(vec![7]));
    store.examined(7, Clock::People, 2).await.unwrap();
    assert_eq!(store.unexamined(Clock::People, later).await, Ok(vec![]));
    assert_eq!(store.unexamined(Clock::Words, later).await, Ok(vec![7]));
    store.append(7, 2, &batch(2, 1)).await.unwrap();
    assert_eq!(store.unexamined(Clock::People, later).await, Ok(vec![7]), "something has happened");
}

pub async fn a_deletion_and_its_line_in_the_audit_are_one(store: Arc<dyn Store>) {
    let mut first = batch(0, 2);
    first.messages = vec![message(1)];
    store.append(7, 0, &first).await.unwrap();
    assert_eq!(store.erase_interview(7, 1, &deed(5)).await, Err(StoreError::Conflict));
    assert_eq!(store.deeds(None, 10).await, Ok(vec![]));
    store.erase_interview(7, 2, &deed(6)).await.unwrap();
    assert_eq!(store.events(7, 0).await, Ok(vec![]));
    assert_eq!(store.messages(None, None, 10).await, Ok(vec![]));
    store.note_deed(&deed(7)).await.unwrap();
    let deeds = store.deeds(None, 10).await.unwrap();
    assert_eq!(deeds.iter().map(|line| line.content.clone()).collect::<Vec<_>>(), [deed(7), deed(6)]);
    let older = store.deeds(Some(deeds[0].position), 10).await.unwrap();
    assert_eq!(older, deeds[1..]);
}
