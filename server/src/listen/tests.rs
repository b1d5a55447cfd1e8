//! Connections that owe something, over real sockets and on virtual time.

mod http2;

use super::*;
use crate::listen::watch::{Late, Times, Watch};
use axum::{
    body::Body,
    routing::{get, post},
};
use std::{convert::Infallible, net::SocketAddr};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::oneshot,
    time::Instant,
};

const LONG: Duration = Duration::from_secs(600);
const SHORT: Duration = Duration::from_millis(50);
/// Long enough for whoever sends at once, on a busy machine too.
const HEAD: Duration = Duration::from_secs(1);
/// What `/parts` answers: so many of so many bytes.
const PARTS: usize = 40;
const PART: usize = 1024;

/// A server that answers `hello` at `/`, after the body at `/body`; it ends when the sender is dropped.
async fn server(limits: Limits) -> (SocketAddr, oneshot::Sender<()>, tokio::task::JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (end, ended) = oneshot::channel();
    let until = async { drop(ended.await) };
    let served =
        tokio::spawn(serve(listener, Speech::pages(router(), None), limits, Metrics::new().unwrap(), until));
    (address, end, served)
}

fn router() -> Router {
    let parts = || futures_util::stream::iter((0..PARTS).map(|_| Ok::<_, Infallible>(vec![0_u8; PART])));
    Router::new()
        .route("/", get(|| async { "hello" }))
        .route("/large", get(|| async { vec![0_u8; 64 << 20] }))
        .route("/parts", get(async move || Body::from_stream(parts())))
        .route("/never", get(std::future::pending::<()>))
        .route("/body", post(|body: axum::body::Bytes| async move { body.len().to_string() }))
}

async fn ask(stream: &mut TcpStream) -> String {
    stream.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    let mut answer = Vec::new();
    while !answer.ends_with(b"hello") {
        let mut part = [0; 1024];
        let count = stream.read(&mut part).await.unwrap();
        assert!(count > 0, "closed after {answer:?}");
        answer.extend_from_slice(&part[..count]);
    }
    String::from_utf8(answer).unwrap()
}

/// Reads until the server has closed.
async fn closed(stream: &mut TcpStream) -> Vec<u8> {
    let mut rest = Vec::new();
    // A reset closes too.
    let _ = stream.read_to_end(&mut rest).await;
    rest
}

#[tokio::test]
async fn who_sends_nothing_or_half_a_head_is_closed_and_who_is_idle_is_not() {
    let (address, _end, _) = server(Limits::new(100, 100, (HEAD, LONG))).await;
    let mut idle = TcpStream::connect(address).await.unwrap();
    assert!(ask(&mut idle).await.starts_with("HTTP/1.1 200"));
    let mut silent = TcpStream::connect(address).await.unwrap();
    let mut half = TcpStream::connect(address).await.unwrap();
    half.write_all(b"GET / HTTP/1.1\r\nx: ").await.unwrap();
    assert_eq!(closed(&mut silent).await, b"");
    assert_eq!(closed(&mut half).await, b"");
    assert!(ask(&mut idle).await.ends_with("hello"), "between requests there is another time");
    // The second request on a connection has no more time than the first.
    idle.write_all(b"GET / HTTP/1.1\r\n").await.unwrap();
    assert_eq!(closed(&mut idle).await, b"");
}

#[tokio::test]
async fn who_is_idle_for_long_is_closed() {
    let (address, _end, _) = server(Limits::new(100, 100, (LONG, SHORT))).await;
    let mut idle = TcpStream::connect(address).await.unwrap();
    ask(&mut idle).await;
    assert_eq!(closed(&mut idle).await, b"");
}

#[tokio::test]
async fn who_takes_nothing_of_an_answer_is_closed() {
    let limits =
        Limits { times: Times { head: LONG, idle: LONG, stuck: SHORT }, ..Limits::new(9, 9, (LONG, LONG)) };
    let (address, _end, _) = server(limits).await;
    let mut lazy = TcpStream::connect(address).await.unwrap();
    lazy.write_all(b"GET /large HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    // Peeking takes nothing away; the server gives up while all of it waits.
    lazy.set_nodelay(true).unwrap();
    loop {
        if lazy.write_all(b"\r\n").await.is_err() {
            return;
        }
        tokio::time::sleep(SHORT).await;
    }
}

#[tokio::test]
async fn one_address_has_its_share_and_loopback_is_many() {
    let metrics = Metrics::new().unwrap();
    let doors = Arc::new(Doors::new(Limits::new(1000, 3, (LONG, LONG)), metrics));
    let hall = [192, 0, 2, 1].into();
    let inside: Vec<_> = (0..3).map(|_| doors.admit(hall).unwrap()).collect();
    assert!(doors.admit(hall).is_none());
    assert!(doors.admit([192, 0, 2, 2].into()).is_some());
    let six = |text: &str| doors.admit(text.parse().unwrap());
    let house: Vec<_> = (1..=3).map(|n| six(&format!("2001:db8::{n}")).unwrap()).collect();
    assert!(six("2001:db8::ffff:4").is_none() && six("2001:db8:0:1::1").is_some());
    assert!((0..10).all(|_| doors.admit([127, 0, 0, 1].into()).is_some()));
    drop((inside, house));
    assert!(doors.admit(hall).is_some() && six("2001:db8::4").is_some());
}

#[tokio::test]
async fn whoever_takes_all_places_loses_them_to_those_who_come() {
    let (address, _end, _) = server(Limits::new(64, 1000, (LONG, LONG))).await;
    let mut all = Vec::new();
    for _ in 0..64 {
        all.push(TcpStream::connect(address).await.unwrap());
    }
    for _ in 0..20 {
        let mut other = TcpStream::connect(address).await.unwrap();
        assert!(ask(&mut other).await.ends_with("hello"));
    }
}

#[tokio::test]
async fn a_place_that_a_request_uses_is_nobodys_to_take() {
    let (address, _end, _) = server(Limits::new(2, 1000, (LONG, LONG))).await;
    let mut busy = Vec::new();
    for _ in 0..2 {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let head = b"POST /body HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-length: 2\r\n\r\n";
        stream.write_all(head).await.unwrap();
        let mut told = [0; 25];
        stream.read_exact(&mut told).await.unwrap();
        assert!(told.starts_with(b"HTTP/1.1 100"), "its request is under way");
        busy.push(stream);
    }
    let mut third = TcpStream::connect(address).await.unwrap();
    assert_eq!(closed(&mut third).await, b"");
    for stream in &mut busy {
        stream.write_all(b"ab").await.unwrap();
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).await.unwrap();
        assert_eq!(&answer, b"HTTP/1.1 200");
    }
}

#[tokio::test]
async fn at_the_end_idle_ones_are_closed_and_the_server_returns() {
    let (address, end, served) = server(Limits::new(100, 100, (LONG, LONG))).await;
    let mut idle = TcpStream::connect(address).await.unwrap();
    ask(&mut idle).await;
    drop(end);
    assert_eq!(closed(&mut idle).await, b"");
    served.await.unwrap();
}

#[test]
fn each_thing_that_is_owed_has_its_own_time() {
    let (head, idle, stuck) = (Duration::from_secs(15), Duration::from_secs(150), Duration::from_secs(30));
    let began = Instant::now();
    let after = |seconds: u64| began + Duration::from_secs(seconds);
    let watch = Watch::new(Times { head, idle, stuck }, began);
    assert_eq!((watch.late(after(14)), watch.late(after(15))), (None, Some(Late::Head)));
    watch.begins();
    assert_eq!((watch.late(after(10_000)), watch.does_nothing_for(after(10_000))), (None, None));
    watch.took(false, after(100));
    watch.took(false, after(120));
    assert_eq!((watch.late(after(129)), watch.late(after(130))), (None, Some(Late::Stuck)));
    watch.took(true, after(129));
    watch.ends(after(200));
    assert_eq!((watch.late(after(349)), watch.late(after(350))), (None, Some(Late::Idle)));
    assert_eq!(watch.does_nothing_for(after(210)), Some(Duration::from_secs(10)));
    // Bytes that dribble in do not begin anew.
    watch.came(after(300));
    watch.came(after(310));
    assert_eq!((watch.late(after(314)), watch.late(after(315))), (None, Some(Late::Head)));
    assert_eq!(watch.look_at(after(301)), after(315));
    watch.upgraded();
    assert_eq!((watch.late(after(100_000)), watch.does_nothing_for(after(100_000))), (None, None));
}

#[test]
fn of_several_requests_the_peer_owes_its_own_steps_alone() {
    let (head, idle, stuck) = (Duration::from_secs(15), Duration::from_secs(150), Duration::from_secs(30));
    let began = Instant::now();
    let after = |seconds: u64| began + Duration::from_secs(seconds);
    let watch = Watch::new(Times { head, idle, stuck }, began);
    watch.multiplexed();
    assert_eq!(watch.late(after(15)), Some(Late::Head));
    watch.begins();
    watch.begins();
    // One answer waits for the peer, the other for us: nobody is late.
    watch.moves(after(20));
    watch.turns(true);
    assert_eq!(watch.late(after(10_000)), None);
    watch.moves(after(10_000));
    watch.turns(true);
    assert_eq!((watch.late(after(10_029)), watch.late(after(10_030))), (None, Some(Late::Stuck)));
    watch.moves(after(10_029));
    assert_eq!(watch.late(after(10_058)), None);
    watch.ends(after(10_030));
    watch.ends(after(10_040));
    // What is said between requests is no head, and what is taken is not idle.
    watch.came(after(10_041));
    watch.took(true, after(10_050));
    assert_eq!((watch.late(after(10_199)), watch.late(after(10_200))), (None, Some(Late::Idle)));
}

#[test]
fn who_takes_most_requests_back_is_told_from_who_leaves_pages() {
    let watch = Watch::new(Times { head: LONG, idle: LONG, stuck: LONG }, Instant::now());
    watch.multiplexed();
    for _ in 0..1000 {
        (0..3).for_each(|_| watch.begins());
        watch.reset();
    }
    assert_eq!(watch.late(Instant::now()), None, "a third of them");
    for _ in 0..1001 {
        watch.begins();
        watch.reset();
    }
    assert_eq!(watch.late(Instant::now()), Some(Late::Resets));
}
