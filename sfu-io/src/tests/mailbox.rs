//! Commands in, events out, the end of a shard.

use super::*;
use crate::{CommandError, NoShard};
use std::net::TcpListener;
use viva_media::PublicationId;

const LEAVE: Command = Command::Leave { participant: ParticipantId(1) };

fn close(room: u64) -> Command {
    Command::CloseRoom { room: RoomId(room) }
}

fn told(room: u64) -> PlaneEvent {
    PlaneEvent::Unit { shard: 0, event: Event::ActiveSpeaker { room: RoomId(room), participant: None } }
}

#[tokio::test]
async fn a_command_is_done_when_its_future_is_and_its_events_come() {
    let (plane, mut events) = start(&settings(|_| ()));
    let shard = plane.place(RoomId(5)).expect("a shard");
    assert_eq!(shard.command(close(5)).await, Ok(()));
    assert_eq!(next_event(&mut events).await, told(5));
    shard.try_command(close(6)).expect("taken");
    assert_eq!(next_event(&mut events).await, told(6));
}

#[tokio::test]
async fn a_refusal_comes_back_with_its_reason() {
    let (plane, _events) = start(&settings(|_| ()));
    let command = Command::Mute { publication: PublicationId(1), muted: true };
    let refused = shard(&plane).command(command).await;
    assert_eq!(refused, Err(CommandError::Refused(Refused::UnknownParticipant)));
}

#[tokio::test]
async fn commands_of_one_request_take_one_place_and_end_at_the_first_that_is_refused() {
    let (plane, mut events) = start(&settings(|settings| settings.mailbox = 1));
    let shard = shard(&plane);
    assert_eq!(shard.commands(vec![close(1), close(2)]).await, Ok(()));
    let refused = Command::Mute { publication: PublicationId(1), muted: true };
    let done = shard.commands(vec![close(3), refused, close(4)]).await;
    assert_eq!(done, Err(CommandError::Refused(Refused::UnknownParticipant)));
    assert_eq!(shard.command(close(5)).await, Ok(()));
    for room in [1, 2, 3, 5] {
        assert_eq!(next_event(&mut events).await, told(room));
    }
    assert_eq!(shard.stats().await.expect("stats").io.commands, 5);
}

#[tokio::test]
async fn a_full_mailbox_says_busy_and_takes_commands_again_later() {
    let gate = Gate::default();
    let (entered, release) = gate.shut();
    let (plane, mut events) = start_with_gate(&settings(|settings| settings.mailbox = 2), gate);
    let shard = shard(&plane);
    shard.try_command(LEAVE).expect("taken");
    entered.recv_timeout(BOUND).expect("the shard is held");
    assert_eq!(shard.try_command(close(1)), Ok(()));
    assert_eq!(shard.try_command(close(2)), Ok(()));
    assert_eq!(shard.try_command(close(3)), Err(CommandError::Busy));
    assert_eq!(shard.command(close(3)).await, Err(CommandError::Busy));
    assert_eq!(shard.stats().await.err(), Some(CommandError::Busy));
    release.send(()).expect("released");
    assert_eq!(next_event(&mut events).await, told(1));
    assert_eq!(next_event(&mut events).await, told(2));
    assert_eq!(shard.command(close(4)).await, Ok(()));
}

#[tokio::test]
async fn no_event_is_lost_when_nobody_listens_for_a_while() {
    let (plane, mut events) = start(&settings(|settings| settings.events = 40));
    let shard = shard(&plane);
    for room in 0..500 {
        assert_eq!(shard.command(close(room)).await, Ok(()));
    }
    let waiting = shard.stats().await.expect("stats").io.events_waiting;
    // All but those in the channel and those of the newest requests, which the shard has not come to yet.
    assert!(waiting >= 300, "{waiting}");
    for room in 0..500 {
        assert_eq!(next_event(&mut events).await, told(room));
    }
}

#[tokio::test]
async fn with_too_many_events_waiting_a_shard_takes_only_what_frees_something() {
    let (plane, mut events) = start(&settings(|settings| settings.events = 1));
    let shard = shard(&plane);
    let more = Command::Mute { publication: PublicationId(1), muted: true };
    let mut closed = 0;
    while shard.command(more.clone()).await != Err(CommandError::Busy) {
        assert_eq!(shard.command(close(closed)).await, Ok(()));
        closed += 1;
    }
    assert!(closed >= 16);
    assert_eq!(shard.command(LEAVE).await, Ok(()));
    for room in 0..closed {
        assert_eq!(next_event(&mut events).await, told(room));
    }
    assert_eq!(shard.command(more).await, Err(CommandError::Refused(Refused::UnknownParticipant)));
}

#[tokio::test]
async fn a_panic_ends_its_shard_alone_and_the_plane_knows() {
    let (plane, mut events) = start(&settings(|settings| (settings.shards, settings.events) = (2, 1)));
    assert_eq!(plane.dead_shards(), Vec::<usize>::new());
    let cursed = plane.place(CURSED).expect("a shard");
    assert_eq!(cursed.command(Command::CloseRoom { room: CURSED }).await, Err(CommandError::Ended));
    let index = cursed.index();
    assert_eq!(next_event(&mut events).await, PlaneEvent::Died { shard: index });
    assert_eq!(plane.dead_shards(), [index]);
    assert!(!cursed.is_alive());
    assert_eq!(cursed.command(close(1)).await, Err(CommandError::Ended));
    let other = plane.place(CURSED).expect("the other shard");
    assert_ne!(other.index(), index);
    assert_eq!(other.command(close(1)).await, Ok(()));
    let event = Event::ActiveSpeaker { room: RoomId(1), participant: None };
    assert_eq!(next_event(&mut events).await, PlaneEvent::Unit { shard: other.index(), event });
    assert_eq!(other.command(Command::CloseRoom { room: CURSED }).await, Err(CommandError::Ended));
    assert_eq!(next_event(&mut events).await, PlaneEvent::Died { shard: other.index() });
    assert_eq!(plane.place(CURSED).err(), Some(NoShard));
}

#[tokio::test]
async fn shutting_down_does_what_was_asked_and_frees_the_ports() {
    let (plane, mut events) = start(&settings(|settings| settings.shards = 2));
    let client = udp_client(address(&plane, Protocol::Udp, "127.0.0.1"));
    client.send(&packet(Ask::Echo, b"")).expect("sent");
    receive(&client);
    for room in 0..100 {
        shard(&plane).try_command(close(room)).expect("taken");
    }
    assert!(plane.shutdown(BOUND).await);
    for room in 0..100 {
        assert_eq!(next_event(&mut events).await, told(room));
    }
    assert_eq!(shard(&plane).command(close(1)).await, Err(CommandError::Ended));
    for candidate in plane.shards().iter().flat_map(Shard::candidates) {
        let free = match candidate.protocol {
            Protocol::Udp => UdpSocket::bind(candidate.address).map(drop),
            Protocol::Tcp => TcpListener::bind(candidate.address).map(drop),
        };
        assert!(free.is_ok(), "{candidate:?}");
    }
    assert!(plane.shutdown(BOUND).await, "again is no harm");
    assert_eq!(events.recv().await, None);
}

#[tokio::test]
async fn a_shard_that_hangs_does_not_hold_up_the_shutdown_for_ever() {
    let gate = Gate::default();
    let (entered, release) = gate.shut();
    let (plane, _events) = start_with_gate(&settings(|_| ()), gate);
    shard(&plane).try_command(LEAVE).expect("taken");
    entered.recv_timeout(BOUND).expect("the shard is held");
    assert!(!plane.shutdown(Duration::from_millis(1)).await);
    drop(release);
}

#[tokio::test]
async fn dropping_the_plane_ends_its_shards() {
    let (plane, mut events) = start(&settings(|settings| settings.shards = 2));
    drop(plane);
    assert_eq!(tokio::time::timeout(BOUND, events.recv()).await, Ok(None));
}
