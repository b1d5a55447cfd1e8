//! Both families of SRTP, each to each: `webrtc` offers one profile at a time, `str0m` all of them.

use super::{
    house::{Session, server},
    peer_connection::{self, Purpose},
    sans_io::{self, Section},
    seen::Seen,
};
use SrtpProtectionProfile::{Srtp_Aead_Aes_128_Gcm, Srtp_Aead_Aes_256_Gcm, Srtp_Aes128_Cm_Hmac_Sha1_80};
use str0m::media::MediaKind;
use viva_server::serve::Server;
use webrtc::peer_connection::SrtpProtectionProfile;

const OLD: (SrtpProtectionProfile, &str) = (Srtp_Aes128_Cm_Hmac_Sha1_80, "SRTP_AES128_CM_HMAC_SHA1_80");
const SHORT: (SrtpProtectionProfile, &str) = (Srtp_Aead_Aes_128_Gcm, "SRTP_AEAD_AES_128_GCM");
const LONG: (SrtpProtectionProfile, &str) = (Srtp_Aead_Aes_256_Gcm, "SRTP_AEAD_AES_256_GCM");

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sender_of_the_old_family_is_heard_and_seen_by_receivers_of_every_profile() {
    let server = server().await;
    let sender = connection(&server, Purpose::Send(1), &[OLD.0]);
    let old = connection(&server, Purpose::Receive, &[OLD.0]);
    let short = connection(&server, Purpose::Receive, &[SHORT.0]);
    let long = connection(&server, Purpose::Receive, &[LONG.0]);
    let other = receiver(&server);
    let (sender, old, short, long, (other, mids)) = tokio::join!(sender, old, short, long, other);
    for (receiver, (_, cipher)) in [(&old, OLD), (&short, SHORT), (&long, LONG)] {
        receiver.until("picture and sound", |seen| flows(seen, "audio", "video")).await;
        receiver.seen(|seen| checked(seen, "audio", "video"));
        assert_eq!(receiver.cipher().await, cipher);
    }
    let (sound, picture) = (mids[0].as_str(), mids[1].as_str());
    other.until("picture and sound", |seen| flows(seen, sound, picture)).await;
    other.seen(|seen| checked(seen, sound, picture));
    assert_eq!(sender.cipher().await, OLD.1);
    assert!(
        sender.seen(|seen| !seen.key_frame_requests.is_empty()),
        "receivers that came later need a key frame"
    );
    for peer in [sender, old, short, long] {
        peer.close().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sender_of_the_new_family_is_heard_and_seen_by_receivers_of_the_old() {
    let server = server().await;
    let sender = async {
        let sections = [Section::Microphone, Section::Camera(&[])];
        let offered = sans_io::Offered::udp(1, &sections).await;
        let (_, answer) = Session::create(&server, "whip", "exam", "sender", &offered.sdp).await;
        offered.accept(&answer).await
    };
    let receiver = connection(&server, Purpose::Receive, &[OLD.0]);
    let (sender, receiver) = tokio::join!(sender, receiver);
    sender.until("a connection", |seen| seen.connected).await;
    receiver.until("picture and sound", |seen| flows(seen, "audio", "video")).await;
    receiver.seen(|seen| checked(seen, "audio", "video"));
    assert_eq!(receiver.cipher().await, OLD.1);
    receiver.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_several_profiles_the_strongest_is_taken_whatever_the_client_prefers() {
    let server = server().await;
    let peer = connection(&server, Purpose::Send(1), &[OLD.0, SHORT.0, LONG.0]).await;
    peer.until("a connection", |seen| seen.connected).await;
    assert_eq!(peer.cipher().await, LONG.1);
    peer.close().await;
}

async fn connection(
    server: &Server,
    purpose: Purpose,
    profiles: &[SrtpProtectionProfile],
) -> peer_connection::Peer {
    let way = if matches!(purpose, Purpose::Receive) { "whep" } else { "whip" };
    let offered = peer_connection::Offered::new(purpose, profiles).await;
    let name = format!("{purpose:?} {profiles:?}");
    let (_, answer) = Session::create(server, way, "exam", &name[..name.len().min(60)], &offered.sdp).await;
    offered.accept(&answer).await
}

/// `str0m` by WHEP, and the mids of its slots for sound and picture.
async fn receiver(server: &Server) -> (sans_io::Peer, Vec<String>) {
    let sections = [Section::Slot(MediaKind::Audio), Section::Slot(MediaKind::Video)];
    let offered = sans_io::Offered::udp(9, &sections).await;
    let mids = offered.mids.clone();
    let (_, answer) = Session::create(server, "whep", "exam", "str0m", &offered.sdp).await;
    (offered.accept(&answer).await, mids)
}

fn flows(seen: &Seen, sound: &str, picture: &str) -> bool {
    seen.of(sound).count() >= 100 && seen.of(picture).count() >= 300
}

#[track_caller]
fn checked(seen: &Seen, sound: &str, picture: &str) {
    for mid in [sound, picture] {
        assert!(seen.of(mid).checked().iter().all(|stamp| stamp.sender == 1));
    }
}
