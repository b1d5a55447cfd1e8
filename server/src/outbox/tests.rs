//! What waits for a slow reader.

use super::*;
use serde_json::json;
use viva_interview::{Audience, ChatLine, Role, SeatId, Time};
use viva_media::MediaKind;
use viva_signaling::message::{NetworkQuality, ParticipantState, PublicationState, TrackSource};

fn participant(id: &str, connected: bool) -> ServerMessage {
    let (name, quality) = (String::new(), NetworkQuality::Good);
    let (seat, excess) = (None, false);
    let participant =
        ParticipantState { id: id.to_owned(), name, connected, quality, seat, excess, way: None };
    ServerMessage::Participant { participant }
}

fn left(id: &str) -> ServerMessage {
    ServerMessage::ParticipantLeft { participant: id.to_owned() }
}

fn publication(id: &str, muted: bool) -> ServerMessage {
    let (kind, source) = (MediaKind::Video, TrackSource::Camera);
    let (id, participant) = (id.to_owned(), String::new());
    ServerMessage::Publication {
        publication: PublicationState { id, participant, kind, source, muted, seat: None },
    }
}

fn gone(id: &str) -> ServerMessage {
    ServerMessage::PublicationGone { publication: id.to_owned() }
}

fn lines(ids: std::ops::RangeInclusive<u64>, length: usize) -> ChatPart {
    let before = (*ids.start() > 1).then(|| (ids.start() - 1).to_string());
    let line = |id: u64| ChatLine {
        id: id.to_string(),
        at: Time(0),
        from: SeatId(1),
        from_name: String::new(),
        from_role: Role::Host,
        audience: Audience::All,
        text: "x".repeat(length),
    };
    ChatPart { lines: ids.map(line).collect(), before }
}

/// All that waits, as messages.
fn waiting(reader: &mut OutboxReader) -> Vec<ServerMessage> {
    let mut messages = Vec::new();
    while let Some(Outgoing::Text(text)) = reader.take() {
        messages.push(serde_json::from_str::<ServerEnvelope>(&text).unwrap().message);
    }
    messages
}

#[test]
fn too_many_bytes_cut_the_connection_and_the_first_reason_stays() {
    let (outbox, reader) = outbox(40);
    outbox.answer(Some(1), ServerMessage::Pong {});
    outbox.close(CloseReason::Left);
    assert_eq!(*reader.cut.borrow(), None);
    outbox.answer(Some(2), ServerMessage::Pong {});
    outbox.cut(CloseReason::Replaced);
    assert_eq!(*reader.cut.borrow(), Some(CloseReason::TooSlow));
}

#[test]
fn one_message_may_be_larger_than_all_that_may_wait() {
    let (outbox, mut reader) = outbox(10);
    outbox.answer(Some(1), ServerMessage::Pong {});
    assert_eq!(*reader.cut.borrow(), None);
    assert_eq!(waiting(&mut reader), [ServerMessage::Pong {}]);
    outbox.answer(Some(2), ServerMessage::Done {});
    assert_eq!(waiting(&mut reader), [ServerMessage::Done {}]);
}

#[test]
fn news_of_one_subject_are_the_newest_and_any_number_of_them_takes_one_place() {
    let (outbox, mut reader) = outbox(4000);
    for count in 0..10_000 {
        outbox.tell(participant("a", count % 2 == 1));
        outbox.tell(publication("p", count % 2 == 0));
        let speaker = Some(count.to_string());
        outbox.tell(ServerMessage::ActiveSpeaker { participant: speaker });
        outbox.tell(ServerMessage::Media { connected: count % 2 == 1 });
    }
    assert_eq!(*reader.cut.borrow(), None);
    let speaker = ServerMessage::ActiveSpeaker { participant: Some("9999".to_owned()) };
    let media = ServerMessage::Media { connected: true };
    assert_eq!(waiting(&mut reader), [participant("a", true), publication("p", false), speaker, media]);
    assert_eq!(reader.shared.lock().bytes, 0);
}

#[test]
fn what_came_again_after_it_went_is_told_twice_and_never_more() {
    let (outbox, mut reader) = outbox(4000);
    for _ in 0..1000 {
        outbox.tell(publication("p", false));
        outbox.tell(gone("p"));
        outbox.tell(participant("a", true));
        outbox.tell(left("a"));
    }
    assert_eq!(waiting(&mut reader), [gone("p"), left("a")]);
    for _ in 0..1000 {
        outbox.tell(gone("p"));
        outbox.tell(publication("p", false));
    }
    assert_eq!(waiting(&mut reader), [gone("p"), publication("p", false)]);
    assert_eq!((*reader.cut.borrow(), reader.shared.lock().bytes), (None, 0));
}

#[test]
fn answers_are_never_merged_and_keep_their_order_with_the_view() {
    let (outbox, mut reader) = outbox(4000);
    let view = |stage: u64| json!({ "stage": stage }).as_object().cloned().unwrap();
    outbox.answer(Some(1), ServerMessage::Done {});
    outbox.view(view(1));
    outbox.answer(Some(2), ServerMessage::Done {});
    outbox.view(view(2));
    let told = waiting(&mut reader);
    let whole = ServerMessage::Interview { view: json!({ "stage": 2 }), more: false };
    assert_eq!(told, [ServerMessage::Done {}, whole, ServerMessage::Done {}]);
    // What is not another view than before is not told.
    outbox.view(view(2));
    assert_eq!(waiting(&mut reader), []);
}

#[test]
fn a_large_view_lets_other_messages_pass_and_the_newest_is_told_in_the_end() {
    let (outbox, mut reader) = outbox(4000);
    let view = |name: &str| {
        let cards: Vec<Value> =
            (0..100).map(|seat| json!({ "seat": seat, "name": name.repeat(1000) })).collect();
        json!({ "candidates": cards }).as_object().cloned().unwrap()
    };
    outbox.view(view("a"));
    outbox.answer(Some(1), ServerMessage::Done {});
    let mut known = Map::new();
    let mut messages = Vec::new();
    for step in 0..50 {
        let Some(Outgoing::Text(text)) = reader.take() else { break };
        messages.push(serde_json::from_str::<ServerEnvelope>(&text).unwrap().message);
        if step == 1 {
            outbox.view(view("b"));
        }
    }
    assert_eq!(messages[1], ServerMessage::Done {});
    assert!(messages.len() > 4);
    let shown = messages.iter().map(|message| message.take_into(&mut known)).collect::<Vec<_>>();
    assert_eq!(known, view("b"));
    assert_eq!(shown.iter().position(|shown| *shown), Some(shown.len() - 1));
}

#[test]
fn lines_that_wait_are_one_message_of_the_newest_which_says_where_the_others_are() {
    let (outbox, mut reader) = outbox(4000);
    for id in 1..=1000 {
        outbox.chat(lines(id..=id, 10));
    }
    let told = waiting(&mut reader);
    let [ServerMessage::Chat { lines: told, before }] = &told[..] else { panic!("{told:?}") };
    assert_eq!((told.len(), before.as_deref()), (PART_LINES, Some("900")));
    assert_eq!((&told[0]["id"], &told[PART_LINES - 1]["id"]), (&json!("901"), &json!("1000")));
    for id in 1001..=1200 {
        outbox.chat(lines(id..=id, 2000));
    }
    let told = waiting(&mut reader);
    let [ServerMessage::Chat { lines: told, .. }] = &told[..] else { panic!("{told:?}") };
    assert_eq!(told.len(), PART_BYTES / 2000);
}

#[test]
fn lines_with_a_hole_before_them_take_the_place_of_those_that_wait() {
    let (outbox, mut reader) = outbox(4000);
    outbox.chat(lines(1..=3, 1));
    outbox.chat(lines(90..=91, 1));
    let told = waiting(&mut reader);
    let [ServerMessage::Chat { lines: told, before }] = &told[..] else { panic!("{told:?}") };
    assert_eq!((told.len(), before.as_deref()), (2, Some("89")));
}

#[tokio::test]
async fn the_reader_wakes_for_every_message_and_after_its_end_nothing_is_kept() {
    let (outbox, mut reader) = outbox(4000);
    let writer = outbox.clone();
    let told = tokio::spawn(async move {
        for _ in 0..100 {
            assert!(matches!(reader.next().await, Outgoing::Text(_)));
        }
        reader
    });
    for re in 0..100 {
        writer.answer(Some(re), ServerMessage::Pong {});
        tokio::task::yield_now().await;
    }
    drop(told.await.unwrap());
    outbox.answer(Some(1), ServerMessage::Pong {});
    outbox.view(Map::new());
    let queue = outbox.shared.lock();
    assert_eq!((queue.entries.len(), queue.bytes), (0, 0));
}
