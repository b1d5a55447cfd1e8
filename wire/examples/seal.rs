//! Measures sealing, opening and header reading: `cargo run --release -p viva-wire --example seal`.
#![expect(clippy::print_stdout, reason = "a report to read at the terminal")]
#![expect(clippy::disallowed_methods, reason = "a measurement has a clock")]

use std::{
    error::Error,
    hint::black_box,
    time::{Duration, Instant},
};
use viva_media::{Extension, ExtensionMap, Pt, SrtpProfile, Ssrc};
use viva_wire::{
    rtp::{Fields, Header, HeaderWriter},
    srtp::{Inbound, KeyMaterial, Outbound},
};

/// Bytes of payload in one packet.
const PAYLOAD: usize = 1200;

/// Packets of one round.
const BATCH: usize = 256;

const ROUNDS: usize = 400;

fn main() -> Result<(), Box<dyn Error>> {
    headers()?;
    for profile in [SrtpProfile::AeadAes256Gcm, SrtpProfile::AeadAes128Gcm, SrtpProfile::AesCm128HmacSha1_80]
    {
        seals(profile)?;
    }
    Ok(())
}

fn headers() -> Result<(), Box<dyn Error>> {
    let mut packet = [0; 1500];
    write(&mut packet, 1)?;
    let mut map = ExtensionMap::default();
    for (id, extension) in
        (1..).zip([Extension::Mid, Extension::Rid, Extension::TransportWideCc, Extension::AbsSendTime])
    {
        map.insert(id, extension);
    }
    let each = |label: &str, step: &mut dyn FnMut()| {
        let mut best = Duration::MAX;
        for _ in 0..ROUNDS {
            let start = Instant::now();
            for _ in 0..BATCH {
                step();
            }
            best = best.min(start.elapsed());
        }
        report(label, best);
    };
    each("Header::parse", &mut || {
        let _ = black_box(Header::parse(black_box(&packet)));
    });
    let header = Header::parse(&packet)?;
    each("Header::read_extensions, 4 elements", &mut || {
        black_box(black_box(&header).read_extensions(&map, black_box(&packet)));
    });
    each("HeaderWriter, 4 elements", &mut || {
        let _ = black_box(write(black_box(&mut packet), 1));
    });
    Ok(())
}

fn seals(profile: SrtpProfile) -> Result<(), Box<dyn Error>> {
    let exported = vec![7; KeyMaterial::exported_len(profile)];
    let (client, _) = KeyMaterial::split(profile, &exported, true)?;
    let (mut inbound, outbound) = (Inbound::new(&client)?, Outbound::new(&client)?);
    let mut packets = vec![[0u8; 1500]; BATCH];
    let (mut sealing, mut opening) = (Duration::MAX, Duration::MAX);
    let mut index = 0u64;
    for _ in 0..ROUNDS {
        let mut header_len = 0;
        for (packet, index) in packets.iter_mut().zip(index..) {
            header_len = write(packet, index as u16)?;
        }
        let plain_len = header_len + PAYLOAD;
        let start = Instant::now();
        for (packet, index) in packets.iter_mut().zip(index..) {
            outbound.protect_rtp(index, header_len, packet, plain_len)?;
        }
        sealing = sealing.min(start.elapsed());
        let sealed_len = plain_len + outbound.rtp_overhead();
        let start = Instant::now();
        for packet in &mut packets {
            let packet = packet.get_mut(..sealed_len).unwrap_or_default();
            inbound.unprotect_rtp(packet)?;
        }
        opening = opening.min(start.elapsed());
        index += BATCH as u64;
    }
    report(&format!("{} protect_rtp, {PAYLOAD} bytes", profile.name()), sealing);
    report(&format!("{} unprotect_rtp, {PAYLOAD} bytes", profile.name()), opening);
    Ok(())
}

fn write(packet: &mut [u8], sequence: u16) -> Result<usize, Box<dyn Error>> {
    let fields = Fields {
        pt: Pt(96),
        marker: false,
        padding: false,
        sequence,
        timestamp: 90_000,
        ssrc: Ssrc(0x1234_5678),
    };
    let mut writer = HeaderWriter::new(packet, &fields).ok_or("no room")?;
    let elements: [&[u8]; 4] = [b"0", b"q", &[0; 2], &[0; 3]];
    for (id, data) in (1..).zip(elements) {
        writer.element(id, data).ok_or("no room")?;
    }
    writer.finish().ok_or_else(|| "no room".into())
}

/// The best round counts: the others were disturbed.
fn report(label: &str, batch: Duration) {
    println!("{label:<52} {:>7.1} ns", batch.as_nanos() as f64 / BATCH as f64);
}
