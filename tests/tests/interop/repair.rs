//! What was lost is asked for and sent again, in both directions; requests for key frames reach the sender.

use super::{
    house::{Session, server},
    sans_io::{Offered, Peer, Section},
    seen::Seen,
};
use str0m::media::MediaKind;
use viva_server::serve::Server;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_packet_lost_on_the_way_to_a_receiver_is_retransmitted_to_it() {
    let server = server().await;
    let (sender, receiver, mid) = pair(&server).await;
    receiver.until("picture", |seen| seen.of(&mid).count() > 100).await;
    receiver.ask(|client| client.lose_in = 2).await;
    let repaired = |seen: &Seen| seen.lost == 2 && seen.retransmissions_in >= 2 && seen.of(&mid).continuous();
    receiver.until("what was lost", repaired).await;
    receiver.seen(|seen| drop(seen.of(&mid).checked()));
    assert_eq!(sender.seen(|seen| seen.retransmissions_out), 0, "the server has it itself");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_packet_lost_on_the_way_to_the_server_is_asked_of_the_sender() {
    let server = server().await;
    let (sender, receiver, mid) = pair(&server).await;
    receiver.until("picture", |seen| seen.of(&mid).count() > 100).await;
    sender.ask(|client| client.lose_out = 2).await;
    sender.until("retransmissions", |seen| seen.lost == 2 && seen.retransmissions_out >= 2).await;
    let before = receiver.seen(|seen| seen.of(&mid).count());
    let repaired = |seen: &Seen| seen.of(&mid).count() > before + 100 && seen.of(&mid).continuous();
    receiver.until("what was lost", repaired).await;
    receiver.seen(|seen| drop(seen.of(&mid).checked()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_receivers_request_for_a_key_frame_reaches_the_sender_and_brings_one() {
    let server = server().await;
    let (sender, receiver, mid) = pair(&server).await;
    receiver.until("picture", |seen| seen.of(&mid).newest().is_some_and(|stamp| !stamp.key)).await;
    let before = sender.seen(|seen| seen.key_frame_requests.len());
    let asked = mid.clone();
    receiver.ask(move |client| client.request_key_frame(&asked)).await;
    sender.until("the request", |seen| seen.key_frame_requests.len() > before).await;
    receiver.until("a key frame", |seen| seen.of(&mid).newest().is_some_and(|stamp| stamp.key)).await;
}

/// A sender of one camera by WHIP, a receiver of it by WHEP, and the receiver's slot.
async fn pair(server: &Server) -> (Peer, Peer, String) {
    let sender = async {
        let offered = Offered::udp(1, &[Section::Camera(&[])]).await;
        let (_, answer) = Session::create(server, "whip", "exam", "sender", &offered.sdp).await;
        offered.accept(&answer).await
    };
    let receiver = async {
        let offered = Offered::udp(2, &[Section::Slot(MediaKind::Video)]).await;
        let mid = offered.mids[0].clone();
        let (_, answer) = Session::create(server, "whep", "exam", "receiver", &offered.sdp).await;
        (offered.accept(&answer).await, mid)
    };
    let (sender, (receiver, mid)) = tokio::join!(sender, receiver);
    (sender, receiver, mid)
}
