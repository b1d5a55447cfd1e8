//! Independent clients against the real server over real sockets: `webrtc` and `str0m` publish and receive, plain HTTP
//! creates, trickles, restarts and ends sessions. Behind the bench's relay their line is bad.

mod interop {
    mod house;
    mod page;
    mod pattern;
    mod peer_connection;
    mod sans_io;
    mod seen;

    mod certificates;
    mod ciphers;
    mod http;
    mod relay;
    mod repair;
    mod simulcast;
    mod tcp;
}
