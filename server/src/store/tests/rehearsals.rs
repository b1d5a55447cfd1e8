//! What holds of rehearsals, whatever the database is.

use super::cases::{batch, message};
use crate::store::{
    Batch, EndedRehearsal, Index, NewDeed, NewMessage, Photo, Store, StoreError, StoredRehearsal,
};
use std::sync::Arc;

/// Of the interview 7, which has three events.
fn opened(seq: u64) -> Batch {
    Batch { index: vec![Index::Rehearsal { of: 7, seq }], ..batch(0, 2) }
}

fn ended(at: u64) -> EndedRehearsal {
    EndedRehearsal { at, by: "system".to_owned(), report: "[]".to_owned() }
}

pub async fn a_rehearsal_is_open_once_and_leaves_its_report_alone(store: Arc<dyn Store>) {
    store.append(7, 0, &batch(0, 3)).await.unwrap();
    store.put_photo(7, 1, &Photo::new("image/png", vec![1, 2, 3], 0)).await.unwrap();
    store.put_paper(7, 1, 1, b"%PDF-1", 0).await.unwrap();
    assert_eq!(store.append(8, 0, &opened(2)).await, Err(StoreError::Conflict), "it has changed meanwhile");
    assert_eq!(store.append(8, 0, &opened(3)).await, Ok(2));
    assert_eq!(store.append(9, 0, &opened(3)).await, Err(StoreError::Exists("rehearsal")));
    assert_eq!(store.events(9, 0).await, Ok(vec![]), "whole, or not at all");
    assert_eq!(store.open_rehearsal(7).await, Ok(Some(8)));
    assert_eq!(store.open_rehearsals().await.unwrap().len(), 1);

    // It shows what the interview has; its own stands before that.
    assert_eq!(store.photo(8, 1).await.unwrap().map(|photo| photo.bytes), Some(vec![1, 2, 3]));
    assert_eq!(store.paper(8, 1, 1).await, Ok(Some(b"%PDF-1".to_vec())));
    assert_eq!(store.paper(7, 1, 2).await, Ok(None));
    store.put_paper(8, 1, 2, b"%PDF-2", 0).await.unwrap();
    assert_eq!(store.paper(7, 1, 2).await, Ok(None), "nothing of a rehearsal is the interview's");

    let sent = NewMessage { interview: Some(8), ..message(1) };
    store.enqueue(&[sent]).await.unwrap();
    assert_eq!(store.end_rehearsal(8, 1, &ended(5)).await, Err(StoreError::Conflict));
    assert_eq!(store.open_rehearsal(7).await, Ok(Some(8)), "nothing was ended");
    store.end_rehearsal(8, 2, &ended(5)).await.unwrap();
    assert_eq!(store.end_rehearsal(8, 2, &ended(6)).await, Err(StoreError::NotFound("rehearsal")));
    assert_eq!((store.events(8, 0).await, store.photo(8, 1).await), (Ok(vec![]), Ok(None)));
    assert_eq!((store.paper(8, 1, 1).await, store.paper(8, 1, 2).await), (Ok(None), Ok(None)));
    assert_eq!(store.messages_of_seat(8, 1).await, Ok(vec![]));
    assert_eq!(store.events(7, 0).await.unwrap().len(), 3);
    let kept = StoredRehearsal {
        rehearsal: 8,
        of: 7,
        opened_at: batch(0, 1).events[0].at,
        opened_by: batch(0, 1).events[0].by.clone(),
        ended: Some(ended(5)),
    };
    assert_eq!(store.rehearsals(7).await, Ok(vec![kept.clone()]));
    assert_eq!(store.rehearsal(8).await, Ok(Some(kept)));
    let deeds = store.deeds(None, 10).await.unwrap();
    let told: Vec<_> =
        deeds.iter().map(|deed| (deed.content.deed.as_str(), deed.content.interview)).collect();
    assert_eq!(told, [("rehearsal_ended", Some(7)), ("rehearsal_opened", Some(7))]);

    // Ten reports are kept; with the interview all of them go, and of what is open then no report is kept.
    for id in 20..31 {
        store.append(id, 0, &opened(3)).await.unwrap();
        store.end_rehearsal(id, 2, &ended(id)).await.unwrap();
    }
    assert_eq!(store.rehearsals(7).await.unwrap().len(), 10);
    store.append(40, 0, &opened(3)).await.unwrap();
    store.erase_interview(7, 3, &NewDeed::by_time("interview_deleted", 9, String::new())).await.unwrap();
    assert_eq!(store.rehearsals(7).await.unwrap().len(), 1);
    store.end_rehearsal(40, 2, &ended(50)).await.unwrap();
    assert_eq!(store.rehearsals(7).await, Ok(vec![]));
}
