//! TURN as clients find it: credentials from `joined`, every way in, and what becomes of it when the seat goes.

use crate::{
    serve::Server,
    tests::{
        client::{Client, joined, offer, server, token},
        pages::get,
    },
    tls::tests::{Folder, connect},
};
use futures_util::{SinkExt as _, StreamExt as _};
use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::{TcpStream, UdpSocket},
    time::timeout,
};
use tokio_tungstenite::{client_async, tungstenite::Message};
use viva_peer::{TurnClient, TurnNews};
use viva_signaling::message::{
    ClientEnvelope, ClientMessage, IceServer, ServerEnvelope, ServerMessage, VERSION,
};
use viva_turn::first_length;

/// Nothing here takes so long unless it is broken.
const BOUND: Duration = Duration::from_secs(20);

/// A port that is free for UDP and TCP at this moment.
fn free_port() -> u16 {
    loop {
        let tcp = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = tcp.local_addr().unwrap().port();
        if std::net::UdpSocket::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

/// A server with TURN at a port of its own.
async fn with_turn() -> (Server, SocketAddr) {
    let port = free_port();
    let server = server(&[("turn_port", &port.to_string())]).await;
    (server, (Ipv4Addr::LOCALHOST, port).into())
}

/// Somebody in a room, and what they are told of TURN.
async fn seated(server: &Server, name: &str) -> (Client, IceServer) {
    let (client, joined) = Client::joined(server, name).await;
    (client, joined.ice_servers.into_iter().next().expect("TURN is spoken"))
}

fn client_of(ice: &IceServer) -> TurnClient {
    TurnClient::new(&ice.username, &ice.credential, 1)
}

/// Says the newest request until there is an allocation; or the code of the refusal, or 0 where nothing comes any more.
async fn allocate(
    stream: &mut (impl AsyncRead + AsyncWrite + Unpin),
    turn: &mut TurnClient,
) -> Result<SocketAddr, u16> {
    let mut request = turn.allocate();
    loop {
        stream.write_all(&request).await.map_err(|_| 0_u16)?;
        let answer = message(stream).await.map_err(|_| 0_u16)?;
        match turn.handle(&answer) {
            TurnNews::Send(next) => request = next,
            TurnNews::Allocated(relayed) => return Ok(relayed),
            TurnNews::Refused(code) => return Err(code),
            news => panic!("{news:?}"),
        }
    }
}

/// The next whole message.
async fn message(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<Vec<u8>> {
    let whole = async {
        let mut message = vec![0; 4];
        stream.read_exact(&mut message).await?;
        let length = first_length(&message).expect("TURN").expect("a head");
        message.resize(length, 0);
        stream.read_exact(&mut message[4..]).await?;
        Ok(message)
    };
    timeout(BOUND, whole).await.expect("an answer in time")
}

async fn by_datagrams(at: SocketAddr, turn: &mut TurnClient) -> Result<(UdpSocket, SocketAddr), u16> {
    let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    socket.connect(at).await.unwrap();
    let mut request = turn.allocate();
    loop {
        socket.send(&request).await.unwrap();
        let mut answer = [0; 2048];
        let count = timeout(BOUND, socket.recv(&mut answer)).await.expect("in time").unwrap();
        match turn.handle(&answer[..count]) {
            TurnNews::Send(next) => request = next,
            TurnNews::Allocated(relayed) => return Ok((socket, relayed)),
            TurnNews::Refused(code) => return Err(code),
            news => panic!("{news:?}"),
        }
    }
}

async fn closed(stream: &mut (impl AsyncRead + Unpin)) -> bool {
    timeout(BOUND, stream.read(&mut [0; 16])).await.is_ok_and(|read| matches!(read, Ok(0) | Err(_)))
}

#[tokio::test]
async fn a_seat_is_told_of_turn_and_gets_in_by_tcp_and_by_datagrams() {
    let (server, at) = with_turn().await;
    let (mut client, ice) = seated(&server, "a").await;
    let port = at.port();
    let expected =
        [format!("turn:localhost:{port}?transport=udp"), format!("turn:localhost:{port}?transport=tcp")];
    assert_eq!(ice.urls, expected);
    let mut tcp = TcpStream::connect(at).await.unwrap();
    let relayed = allocate(&mut tcp, &mut client_of(&ice)).await.unwrap();
    assert_eq!(relayed.ip(), Ipv4Addr::LOCALHOST);
    let (udp, other) = by_datagrams(at, &mut client_of(&ice)).await.unwrap();
    assert_ne!(relayed, other);
    // Several at once, each with a socket of its own.
    let (_second, _) = by_datagrams(at, &mut client_of(&ice)).await.unwrap();
    let mut turn = client_of(&ice);
    turn.allocate();
    udp.send(&turn.allocate()).await.unwrap();
    let count = timeout(BOUND, udp.recv(&mut [0; 2048])).await.expect("in time").unwrap();
    assert!(count > 20, "it still has its server");
    let metrics = get(&server, "/metrics").await.text().await.unwrap();
    assert!(metrics.contains("viva_turn_opened_total{shard=\"0\"} 3"), "{metrics}");

    client.say(ClientMessage::IceServers {}).await;
    let renewed = loop {
        if let ServerMessage::IceServers { ice_servers } = client.next().await.unwrap().message {
            break ice_servers;
        }
    };
    let mut tcp = TcpStream::connect(at).await.unwrap();
    assert!(allocate(&mut tcp, &mut client_of(&renewed[0])).await.is_ok());
}

#[tokio::test]
async fn who_came_by_whip_is_told_of_turn_in_links() {
    let (server, at) = with_turn().await;
    let client = reqwest::Client::new();
    let request =
        client.post(format!("http://{}/whip/exam", server.address)).bearer_auth(token(&server, "obs"));
    let request = request.header("content-type", "application/sdp").body(offer("abcd"));
    let answer = request.send().await.unwrap();
    let links: Vec<_> = answer.headers().get_all("link").iter().map(|link| link.to_str().unwrap()).collect();
    assert_eq!(links.len(), 2, "{links:?}");
    let part = |name: &str| links[1].split(&format!("{name}=\"")).nth(1).unwrap().split('"').next().unwrap();
    assert!(links[1].starts_with(&format!("<turn:localhost:{}?transport=tcp>", at.port())), "{links:?}");
    assert_eq!(part("rel"), "ice-server");
    let mut turn = TurnClient::new(part("username"), part("credential"), 1);
    let mut stream = TcpStream::connect(at).await.unwrap();
    assert!(allocate(&mut stream, &mut turn).await.is_ok());
}

#[tokio::test]
async fn with_the_seat_its_allocations_end_and_its_credentials_open_nothing_more() {
    let (server, at) = with_turn().await;
    let (mut leaves, ice) = seated(&server, "a").await;
    let (_stays, other) = seated(&server, "b").await;
    let mut one = TcpStream::connect(at).await.unwrap();
    let mut two = TcpStream::connect(at).await.unwrap();
    allocate(&mut one, &mut client_of(&ice)).await.unwrap();
    let mut turn = client_of(&other);
    allocate(&mut two, &mut turn).await.unwrap();
    leaves.say(ClientMessage::Leave {}).await;
    assert!(closed(&mut one).await);
    let mut again = TcpStream::connect(at).await.unwrap();
    assert_eq!(allocate(&mut again, &mut client_of(&ice)).await, Err(401));
    let forged = IceServer { username: other.username.clone(), ..ice };
    let mut again = TcpStream::connect(at).await.unwrap();
    assert_eq!(allocate(&mut again, &mut client_of(&forged)).await, Err(401));
    two.write_all(&turn.refresh(600)).await.unwrap();
    assert_eq!(turn.handle(&message(&mut two).await.unwrap()), TurnNews::Refreshed(600));
}

#[tokio::test]
async fn a_seat_has_so_many_allocations_and_what_it_ends_is_free_again() {
    let (server, at) = with_turn().await;
    let (_client, ice) = seated(&server, "a").await;
    let (_other, free) = seated(&server, "b").await;
    let mut held = Vec::new();
    let refused = loop {
        let mut stream = TcpStream::connect(at).await.unwrap();
        match allocate(&mut stream, &mut client_of(&ice)).await {
            Ok(_) => held.push(stream),
            Err(code) => break code,
        }
    };
    assert_eq!((refused, held.len()), (486, 24));
    let mut stream = TcpStream::connect(at).await.unwrap();
    assert!(allocate(&mut stream, &mut client_of(&free)).await.is_ok(), "others have their own");
    held.truncate(20);
    let freed = async {
        loop {
            let mut stream = TcpStream::connect(at).await.unwrap();
            if allocate(&mut stream, &mut client_of(&ice)).await.is_ok() {
                return;
            }
        }
    };
    timeout(BOUND, freed).await.expect("freed");
}

#[tokio::test]
async fn a_seat_that_opens_and_ends_allocations_all_the_time_is_held_back_and_others_are_not() {
    let (server, at) = with_turn().await;
    let (_client, ice) = seated(&server, "a").await;
    let (_other, free) = seated(&server, "b").await;
    let mut opened = 0;
    let refused = async {
        loop {
            let mut stream = TcpStream::connect(at).await.unwrap();
            let mut turn = client_of(&ice);
            if let Err(code) = allocate(&mut stream, &mut turn).await {
                return code;
            }
            opened += 1;
            stream.write_all(&turn.refresh(0)).await.unwrap();
            assert_eq!(turn.handle(&message(&mut stream).await.unwrap()), TurnNews::Refreshed(0));
            assert!(closed(&mut stream).await);
        }
    };
    assert_eq!(timeout(BOUND, refused).await.expect("held back"), 486);
    assert!(opened >= 48, "{opened}");
    let metrics = get(&server, "/metrics").await.text().await.unwrap();
    assert!(metrics.contains("viva_turn_refused_total{reason=\"too_often\"} 1"), "{metrics}");
    let mut stream = TcpStream::connect(at).await.unwrap();
    assert!(allocate(&mut stream, &mut client_of(&free)).await.is_ok(), "others have their own");
}

#[tokio::test]
async fn nonsense_is_closed_and_a_browser_is_sent_to_the_pages() {
    let (server, at) = with_turn().await;
    let mut stream = TcpStream::connect(at).await.unwrap();
    stream.write_all(&[0, 3, 0xff, 0xff, 1, 2, 3]).await.unwrap();
    assert!(closed(&mut stream).await);
    let mut stream = TcpStream::connect(at).await.unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await.unwrap();
    let mut said = String::new();
    timeout(BOUND, stream.read_to_string(&mut said)).await.expect("in time").unwrap();
    assert!(said.contains("404") && said.contains("The pages are at"), "{said}");
    // Who asks without end where it comes from is answered some times, and closed.
    let mut stream = TcpStream::connect(at).await.unwrap();
    let question = [&[0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42][..], &[7; 12]].concat();
    let mut answers = 0;
    while stream.write_all(&question).await.is_ok() && message(&mut stream).await.is_ok() {
        answers += 1;
    }
    assert_eq!(answers, 16);
    let metrics = get(&server, "/metrics").await.text().await.unwrap();
    assert!(metrics.contains("viva_turn_refused_total{reason=\"malformed\"} 1"), "{metrics}");
}

/// The same over HTTPS.
async fn seated_by_tls(server: &Server, folder: &Folder) -> (impl Sized, Vec<IceServer>) {
    let stream = connect(server.address, folder.certificate(), &[b"http/1.1"]).await.unwrap();
    let url = format!("wss://localhost:{}/ws", server.address.port());
    let (mut socket, _) = client_async(url, stream).await.unwrap();
    let messages = [
        ClientMessage::Hello { version: VERSION, client: "test".into() },
        ClientMessage::Join { token: token(server, "a") },
    ];
    for message in messages {
        let text = serde_json::to_string(&ClientEnvelope { id: Some(1), message }).unwrap();
        socket.send(Message::text(text)).await.unwrap();
    }
    loop {
        let Some(Ok(Message::Text(text))) = socket.next().await else { continue };
        let envelope: ServerEnvelope = serde_json::from_str(&text).unwrap();
        if matches!(envelope.message, ServerMessage::Joined { .. }) {
            return (socket, joined(envelope.message).ice_servers);
        }
    }
}

#[tokio::test]
async fn within_tls_turn_stands_beside_the_pages() {
    let folder = Folder::new();
    let files = folder.files();
    let listen = format!("127.0.0.1:{}", free_port());
    let settings = [
        ("listen", listen.as_str()),
        ("tls_certificate", files.0.as_str()),
        ("tls_key", files.1.as_str()),
        ("media_addresses", "127.0.0.1"),
    ];
    let server = server(&settings).await;
    let gate = server.address;
    // Firefox asks for HTTP/1.1 where it comes through a proxy.
    for protocols in [&[][..], &[&b"stun.turn"[..]], &[&b"http/1.1"[..]]] {
        let (_socket, ice) = seated_by_tls(&server, &folder).await;
        assert_eq!(ice[0].urls, [format!("turns:localhost:{}?transport=tcp", gate.port())]);
        let mut stream = connect(gate, folder.certificate(), protocols).await.unwrap();
        assert!(allocate(&mut stream, &mut client_of(&ice[0])).await.is_ok());
    }
}
