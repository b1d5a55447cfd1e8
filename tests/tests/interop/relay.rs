//! A receiver behind the bench's relay: candidates of the answer point there, and the line has a known rate, delay and loss.

use super::{
    house::{Session, server},
    sans_io::{Offered, Peer, Section},
    seen::Seen,
};
use std::net::SocketAddr;
use str0m::media::MediaKind;
use viva_bench::relay::{Direction, Plan, Relay, Schedule};
use viva_server::serve::Server;

/// Less than the only encoding of the picture takes, and much more than the sound does.
const NARROW: &str = "rate=700kbit queue=300ms delay=20ms";
/// Packets a second of the picture and of the sound.
const RATES: [usize; 2] = [300, 100];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn over_a_narrow_line_the_picture_is_given_up_and_the_voice_has_no_gap() {
    let server = server().await;
    let offered = Offered::udp(2, &SLOTS).await;
    voice_first(&server, offered, "UDP").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn over_a_narrow_line_of_tcp_the_picture_is_given_up_and_the_voice_has_no_gap() {
    let server = server().await;
    let offered = Offered::tcp(2, &SLOTS);
    voice_first(&server, offered, "TCP").await;
}

const SLOTS: [Section; 2] = [Section::Slot(MediaKind::Video), Section::Slot(MediaKind::Audio)];

async fn voice_first(server: &Server, offered: Offered, protocol: &str) {
    let _sender = sender(server).await;
    let mids = offered.mids.clone();
    let (relay, receiver) = behind(server, offered, protocol, ["delay=20ms", NARROW]).await;
    let seconds = 8;
    receiver.until("sound", |seen| seen.of(&mids[1]).count() > seconds * RATES[1]).await;
    let counts = relay.counts(Direction::Down);
    receiver.seen(|seen| {
        let [picture, sound] = [&mids[0], &mids[1]].map(|mid| seen.of(mid));
        // At first nothing is known of the line, and the picture is tried.
        assert_eq!(sound.missing_after(3 * RATES[1]), 0, "{protocol}: the voice has gaps; {counts}");
        assert!(picture.count() < seconds * RATES[0] / 3, "{protocol}: {} packets", picture.count());
    });
    assert!(relay.counts(Direction::Up).passed > 0, "{protocol}: nothing came from the receiver");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_lossy_line_has_lost_both_ways_is_repaired() {
    let server = server().await;
    let _sender = sender(&server).await;
    let offered = Offered::udp(2, &SLOTS).await;
    let mid = offered.mids[0].clone();
    let lossy = "rate=20Mbit queue=300ms delay=10ms jitter=5ms loss=3%";
    let (relay, receiver) = behind(&server, offered, "UDP", [lossy; 2]).await;
    let repaired = |seen: &Seen| {
        let media = seen.of(&mid);
        // Three of a hundred are lost, and some of what is sent again.
        media.count() > 1_500 && seen.retransmissions_in > 20 && media.missing_after(0) * 150 < media.count()
    };
    receiver.until("pictures with their holes filled", repaired).await;
    for direction in [Direction::Up, Direction::Down] {
        assert!(relay.counts(direction).lost > 0, "{direction:?}: {}", relay.counts(direction));
    }
}

/// Somebody sends one picture and sound by WHIP, with a good line.
async fn sender(server: &Server) -> Peer {
    let offered = Offered::udp(1, &[Section::Camera(&[]), Section::Microphone]).await;
    let (_, answer) = Session::create(server, "whip", "exam", "sender", &offered.sdp).await;
    offered.accept(&answer).await
}

/// A receiver by WHEP whose line is a relay.
async fn behind(server: &Server, offered: Offered, protocol: &str, [up, down]: [&str; 2]) -> (Relay, Peer) {
    let (_, answer) = Session::create(server, "whep", "exam", "receiver", &offered.sdp).await;
    let plan = Plan {
        listen: "127.0.0.1:0".parse().expect("an address"),
        server: candidate(&answer, protocol),
        up: schedule(up),
        down: schedule(down),
        seed: 1,
    };
    let relay = Relay::start(plan).expect("a relay");
    let receiver = offered.accept(&moved(&answer, relay.address())).await;
    (relay, receiver)
}

fn schedule(text: &str) -> Schedule {
    text.parse().expect("a schedule")
}

/// Where the first candidate over this protocol is.
fn candidate(sdp: &str, protocol: &str) -> SocketAddr {
    let candidates = sdp.lines().filter(|line| line.starts_with("a=candidate:"));
    let mut candidates = candidates.map(|line| line.split(' ').collect::<Vec<_>>());
    let words = candidates.find(|words| words[2].eq_ignore_ascii_case(protocol)).expect("a candidate");
    format!("{}:{}", words[4], words[5]).parse().expect("an address")
}

/// The description with all candidates at another address.
fn moved(sdp: &str, to: SocketAddr) -> String {
    let (address, port) = (to.ip().to_string(), to.port().to_string());
    let line = |line: &str| {
        let mut words: Vec<_> = line.split(' ').collect();
        if line.starts_with("a=candidate:") {
            (words[4], words[5]) = (&address, &port);
        }
        words.join(" ")
    };
    sdp.lines().map(|each| line(each) + "\r\n").collect()
}
