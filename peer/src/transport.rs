//! The transport of a client: checks, then the handshake, then keys.

use crate::{Agreed, Closed, Connectivity, Credentials, Datagrams, Ends, Handshake, Sealing};
use viva_wire::Micros;

/// One client's way to its unit.
pub struct Transport {
    /// Its checks.
    pub connectivity: Connectivity,
    /// Its keys, once the handshake is complete.
    pub sealing: Option<Sealing>,
    /// When they were there.
    pub connected_at: Option<Micros>,
    handshake: Handshake,
}

impl Transport {
    /// A client that has its answer and may begin to check.
    pub const fn new(connectivity: Connectivity, handshake: Handshake) -> Self {
        Self { connectivity, sealing: None, connected_at: None, handshake }
    }

    /// Why it is over, if it is.
    pub const fn closed(&self) -> Option<&Closed> {
        self.handshake.closed()
    }

    /// When [`Self::tick`] has something to do.
    pub fn due(&self) -> Micros {
        if self.closed().is_some() {
            return Micros::NEVER;
        }
        self.connectivity.due().min(self.handshake.due())
    }

    /// Time passes.
    pub fn tick(&mut self, now: Micros, out: &mut Datagrams) {
        if self.closed().is_some() {
            return;
        }
        self.connectivity.tick(now, out);
        let agreed = self.handshake.tick(now, out);
        self.take(now, agreed);
    }

    /// New credentials, or another address: checks begin anew, the association goes on.
    pub fn restart(&mut self, now: Micros, credentials: Credentials) {
        self.connectivity.restart(now, credentials);
    }

    /// A message of STUN arrived. The first good answer begins the handshake.
    pub fn receive_stun(&mut self, now: Micros, packet: &[u8], ends: Ends, out: &mut Datagrams) {
        if self.connectivity.receive(now, packet, ends, out) {
            let agreed = self.handshake.start(now, out);
            self.take(now, agreed);
        }
    }

    /// A record of DTLS arrived. Nobody is heard before a check was answered.
    pub fn receive_dtls(&mut self, now: Micros, packet: &[u8], out: &mut Datagrams) {
        let agreed = self.handshake.receive(now, packet, out);
        self.take(now, agreed);
    }

    /// Says good-bye.
    pub fn close(&mut self, out: &mut Datagrams) {
        self.handshake.close(out);
    }

    fn take(&mut self, now: Micros, agreed: Option<Agreed>) {
        let Some(agreed) = agreed else { return };
        match Sealing::new(&agreed) {
            Ok(sealing) => {
                self.sealing = Some(sealing);
                self.connected_at = Some(now);
            }
            Err(_) => self.handshake.end(Closed::Keyless),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Random, Rhythm, fingerprint};
    use dimpl::{Config, certificate::generate_self_signed_certificate};
    use std::{
        net::SocketAddr,
        sync::Arc,
        time::{Duration, Instant},
    };
    use viva_media::{IceCredentials, Ssrc};
    use viva_wire::{
        demux::{self, Kind},
        rtcp::{self, Feedback, Writer},
    };

    const RHYTHM: Rhythm =
        Rhythm { pace: Duration::from_millis(50), first_consent: Duration::from_millis(1_000) };

    /// Two clients that are each other's unit.
    struct Pair {
        now: Micros,
        clients: [Transport; 2],
        addresses: [SocketAddr; 2],
    }

    impl Pair {
        #[expect(clippy::disallowed_methods, reason = "the engine wants an instant, whichever it is")]
        fn new() -> Self {
            let epoch = Instant::now();
            let side = |name: &str| IceCredentials {
                ufrag: name.to_owned(),
                pwd: format!("{name}-password-of-a-test"),
            };
            let client = |own: &str, theirs: &str, active| {
                let credentials = Credentials { own: side(own), theirs: side(theirs) };
                let connectivity = Connectivity::new(Micros(0), credentials, RHYTHM, Random::new(1));
                let certificate = generate_self_signed_certificate().unwrap();
                assert_ne!(fingerprint(&certificate).0, [0; 32]);
                let config = Arc::new(Config::builder().build().unwrap());
                Transport::new(connectivity, Handshake::new(Micros(0), epoch, config, certificate, active))
            };
            Self {
                now: Micros(0),
                clients: [client("anna", "boris", true), client("boris", "anna", false)],
                addresses: [1, 2].map(|host| SocketAddr::from(([192, 0, 2, host], 5000))),
            }
        }

        /// Everything arrives at once, until nobody has more to say.
        fn run(&mut self, millis: u64) {
            for _ in 0..millis / 10 {
                self.now += Duration::from_millis(10);
                for from in [0, 1] {
                    let mut out = Datagrams::new();
                    self.clients[from].tick(self.now, &mut out);
                    self.deliver(1 - from, out);
                }
            }
        }

        fn deliver(&mut self, to: usize, packets: Datagrams) {
            let ends = Ends { local: Some(self.addresses[to]), remote: self.addresses[1 - to] };
            for packet in packets {
                let (mut out, client) = (Datagrams::new(), &mut self.clients[to]);
                match demux::classify(&packet) {
                    Some(Kind::Stun) => client.receive_stun(self.now, &packet, ends, &mut out),
                    Some(Kind::Dtls) => client.receive_dtls(self.now, &packet, &mut out),
                    kind => panic!("{kind:?}"),
                }
                self.deliver(1 - to, out);
            }
        }
    }

    #[test]
    fn two_clients_find_each_other_and_each_opens_what_the_other_seals() {
        let mut pair = Pair::new();
        pair.run(5_000);
        assert!(
            pair.clients.iter().all(|client| client.connectivity.answers() > 1 && client.closed().is_none())
        );
        for from in [0, 1] {
            let mut buffer = [0; 200];
            let mut writer = Writer::new(&mut buffer);
            writer.picture_loss(Ssrc(1), Ssrc(2)).unwrap();
            let length = writer.len();
            let sealing = pair.clients[from].sealing.as_mut().unwrap();
            let mut packet = sealing.seal_rtcp(&mut buffer, length).unwrap().to_vec();
            let sealing = pair.clients[1 - from].sealing.as_mut().unwrap();
            let mut copy = packet.clone();
            let length = sealing.second_inbound().unwrap().unprotect_rtcp(&mut copy).unwrap();
            assert_eq!(sealing.inbound.unprotect_rtcp(&mut packet), Ok(length));
            let feedback = rtcp::read(&packet[..length]).next().unwrap();
            assert!(matches!(feedback, Ok(Feedback::PictureLoss { media: Ssrc(2) })));
        }
    }

    #[test]
    fn who_says_good_bye_is_silent_and_the_other_hears_it() {
        let mut pair = Pair::new();
        // A first flight that comes too early is sent again after a second or so.
        pair.run(5_000);
        assert!(pair.clients.iter().all(|client| client.sealing.is_some()));
        let mut out = Datagrams::new();
        pair.clients[0].close(&mut out);
        pair.deliver(1, out);
        assert!(matches!(pair.clients[0].closed(), Some(Closed::Here)));
        assert!(matches!(pair.clients[1].closed(), Some(Closed::There)));
        assert!(pair.clients.iter().all(|client| client.due() == Micros::NEVER));
    }

    #[test]
    fn nobody_is_heard_before_a_check_was_answered() {
        let mut pair = Pair::new();
        let mut out = Datagrams::new();
        pair.clients[1].receive_dtls(Micros(1), &[22, 0xfe, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], &mut out);
        assert!(out.is_empty() && pair.clients[1].closed().is_none());
    }
}
