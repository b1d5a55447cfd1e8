//! Messages of a client of TURN: to the gate, and to an allocation with a channel and a permission.

use super::Verdict::{self, Refused, Understood};
use std::{net::SocketAddr, sync::Arc};
use viva_media::ParticipantId;
use viva_peer::{TurnClient, TurnNews};
use viva_turn::{Allocation, Gate, Greeting, MAX_HEADER, MAX_MESSAGE, Received, Secret, first_length};
use viva_wire::Micros;

const UNIX: u64 = 1_800_000_000;
const NOW: Micros = Micros(1_000_000);

/// What a stranger may send, in a stream or as a datagram: nothing of it reaches anybody but the peers, ends the allocation or
/// opens another.
pub fn turn(data: &[u8]) -> Verdict {
    if let Ok(Some(length)) = first_length(data) {
        assert!((4..=MAX_MESSAGE).contains(&length) && length.is_multiple_of(4));
    }
    let peers: [SocketAddr; 2] = [([192, 0, 2, 1], 10_000).into(), ([192, 0, 2, 2], 10_001).into()];
    let client = SocketAddr::from(([198, 51, 100, 7], 50_000));
    let secret = Secret::new(b"a secret that the fuzzer does not know", "viva");
    let gate = Gate::new(secret.clone());
    let greeted = match gate.greet(UNIX, client, data) {
        Greeting::Allocate(_) => panic!("an allocation without credentials"),
        Greeting::Answer(answer) => !answer.is_empty(),
        Greeting::Nothing => false,
    };
    let mut allocation = open(&gate, &secret, client, peers);
    let expires = allocation.expires();
    let relayed = match allocation.handle(NOW, data) {
        Received::Packet(peer, range) => {
            assert!(peers.contains(&peer), "{peer} is no peer");
            assert!(data.get(range).is_some(), "a packet outside of its message");
            true
        }
        Received::Ended(_) => panic!("ended by a stranger"),
        Received::Answer(answer) => !answer.is_empty(),
        Received::Refused(_) => false,
    };
    assert_eq!(allocation.expires(), expires, "prolonged by a stranger");
    let mut header = [0; MAX_HEADER];
    for peer in peers {
        assert!(allocation.wrap(NOW, peer, data.len().min(1500), true, &mut header).is_some());
    }
    if greeted || relayed { Understood } else { Refused }
}

/// An allocation with a channel to the first peer and a permission for the second.
fn open(gate: &Gate, secret: &Secret, from: SocketAddr, peers: [SocketAddr; 2]) -> Allocation {
    let credentials = secret.issue(ParticipantId(1), UNIX + 600);
    let mut client = TurnClient::new(&credentials.username, &credentials.password, 1);
    let Greeting::Answer(challenge) = gate.greet(UNIX, from, &client.allocate()) else {
        panic!("no challenge")
    };
    let TurnNews::Send(request) = client.handle(&challenge) else { panic!("the challenge is not taken up") };
    let Greeting::Allocate(grant) = gate.greet(UNIX, from, &request) else { panic!("not granted") };
    let relayed = SocketAddr::from(([192, 0, 2, 1], 1024));
    let (mut allocation, _) = Allocation::open(*grant, relayed, Arc::from(peers), NOW);
    for request in [client.bind(peers[0]), client.permit(peers[1])] {
        assert!(matches!(allocation.handle(NOW, &request), Received::Answer(_)));
    }
    allocation
}
