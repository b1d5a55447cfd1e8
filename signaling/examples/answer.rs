//! Answers an offer: reads it from standard input and prints the answer. Files named as arguments are the offers of the
//! same session before it, oldest first.

use std::{
    error::Error,
    io::{Read as _, Write as _},
};
use viva_media::{Candidate, Fingerprint, IceCredentials, Permissions, Protocol};
use viva_signaling::sdp::{Bandwidth, Counter, Negotiated, Terms, negotiate};

fn main() -> Result<(), Box<dyn Error>> {
    let mut offers = Vec::new();
    for file in std::env::args().skip(1) {
        offers.push(std::fs::read_to_string(file)?);
    }
    let mut offer = String::new();
    std::io::stdin().read_to_string(&mut offer)?;
    offers.push(offer);

    let address = "127.0.0.1:7000".parse()?;
    let candidates = [Protocol::Udp, Protocol::Tcp].map(|protocol| Candidate { protocol, address });
    let mut allocate = Counter(1000);
    let mut negotiated: Option<Negotiated> = None;
    for (number, offer) in offers.iter().enumerate() {
        let local =
            IceCredentials { ufrag: format!("viva{number}"), pwd: "0123456789abcdefghijklmn".to_owned() };
        let terms = Terms {
            local: &local,
            fingerprint: Fingerprint([7; 32]),
            candidates: &candidates,
            permissions: Permissions { publish: true, subscribe: true },
            bandwidth: Bandwidth::default(),
        };
        negotiated = Some(negotiate(offer, &terms, negotiated.as_ref(), &mut allocate)?);
    }
    let Some(negotiated) = negotiated else { return Ok(()) };
    std::io::stdout().write_all(negotiated.answer.as_bytes())?;
    if std::env::var_os("VERBOSE").is_some() {
        writeln!(std::io::stderr(), "{:#?}\n{:#?}", negotiated.transport, negotiated.media)?;
    }
    Ok(())
}
