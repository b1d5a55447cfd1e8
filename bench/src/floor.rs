//! The floor: what sending and sealing cost without any server, on the server's core, to receivers that are read.

use crate::{cpu, figures::FloorSize, link::Link};
use nix::sys::socket::{MsgFlags, MultiHeaders, SockaddrIn, SockaddrStorage, sendmmsg};
use quinn_udp::{Transmit, UdpSockRef, UdpSocketState};
use std::{
    io::IoSlice,
    net::{Ipv4Addr, SocketAddr, UdpSocket},
    os::fd::AsRawFd as _,
    thread,
    time::Duration,
};
use viva_media::SrtpProfile;
use viva_wire::srtp::{Inbound, KeyMaterial, Outbound};

/// Packets after which the receivers get time to read.
const BURST: usize = 512;
/// Packets of one `sendmmsg`.
const MANY: usize = 32;
/// Packets that are sealed, then opened.
const SEALED: usize = 256;
/// Lengths of runs.
const RUNS: [usize; 6] = [2, 4, 8, 16, 32, 40];

/// CPU time of one `sendto` of `bytes`, in nanoseconds: frames of `frame` packets to each receiver in turn.
///
/// # Errors
/// Where a socket or the kernel's statistics fail.
pub fn sendto(
    link: &Link,
    core: usize,
    receivers: &[SocketAddr],
    bytes: usize,
    frame: usize,
    packets: usize,
) -> Result<f64, String> {
    on_core(link, core, || {
        let socket = socket(link.server)?;
        let payload = vec![0; bytes];
        let mut next = receivers.iter().cycle();
        timed(core, packets, || {
            let Some(receiver) = next.next() else { return Err("nobody to send to".to_owned()) };
            for _ in 0..frame {
                socket.send_to(&payload, receiver).map_err(|error| error.to_string())?;
            }
            Ok(frame)
        })
    })
}

/// All of the floor for packets of one size.
///
/// # Errors
/// As [`sendto`].
pub fn measure(
    link: &Link,
    core: usize,
    receivers: &[SocketAddr],
    bytes: usize,
    packets: usize,
) -> Result<FloorSize, String> {
    let plain = sendto(link, core, receivers, bytes, 8, packets)?;
    let many = many(link, core, receivers, bytes, packets)?;
    let gso = RUNS
        .iter()
        .filter(|run| *run * bytes < 65_000)
        .map(|run| Ok((*run, run_of(link, core, receivers, bytes, *run, packets)?)))
        .collect::<Result<Vec<_>, String>>()?;
    let (seal, open) = on_core(link, core, || crypto(bytes, packets))?;
    Ok(FloorSize { bytes, sendto: plain, sendmmsg: many, gso, seal, open })
}

fn many(
    link: &Link,
    core: usize,
    receivers: &[SocketAddr],
    bytes: usize,
    packets: usize,
) -> Result<f64, String> {
    on_core(link, core, || {
        let socket = socket(link.server)?;
        let payload = vec![0; bytes];
        let slices = vec![[IoSlice::new(&payload)]; MANY];
        let mut next = receivers.iter().cycle();
        let mut headers = MultiHeaders::<SockaddrIn>::preallocate(MANY, None);
        timed(core, packets, || {
            let addresses: Vec<Option<SockaddrIn>> = (0..MANY / 8)
                .filter_map(|_| next.next())
                .flat_map(|receiver| std::iter::repeat_n(ipv4(receiver), 8))
                .collect();
            let sent = sendmmsg(socket.as_raw_fd(), &mut headers, &slices, &addresses, [], MsgFlags::empty());
            Ok(sent.map_err(|error| error.to_string())?.count())
        })
    })
}

fn ipv4(address: &SocketAddr) -> Option<SockaddrIn> {
    SockaddrStorage::from(*address).as_sockaddr_in().copied()
}

fn run_of(
    link: &Link,
    core: usize,
    receivers: &[SocketAddr],
    bytes: usize,
    run: usize,
    packets: usize,
) -> Result<f64, String> {
    on_core(link, core, || {
        let socket = socket(link.server)?;
        let state = UdpSocketState::new(UdpSockRef::from(&socket)).map_err(|error| error.to_string())?;
        // Where it is not the sender that hands packets to the receivers, it has to wait for them.
        socket.set_nonblocking(false).map_err(|error| error.to_string())?;
        let contents = vec![0; bytes * run];
        let mut next = receivers.iter().cycle();
        timed(core, packets, || {
            let Some(receiver) = next.next() else { return Err("nobody to send to".to_owned()) };
            let transmit = Transmit {
                destination: *receiver,
                ecn: None,
                contents: &contents,
                segment_size: Some(bytes),
                src_ip: None,
            };
            state.try_send(UdpSockRef::from(&socket), &transmit).map_err(|error| error.to_string())?;
            Ok(run)
        })
    })
}

/// CPU time of sealing and opening, in nanoseconds a packet.
fn crypto(bytes: usize, packets: usize) -> Result<(f64, f64), String> {
    let profile = SrtpProfile::AeadAes256Gcm;
    let material = vec![7; KeyMaterial::exported_len(profile)];
    let keys = |server| KeyMaterial::split(profile, &material, server).map_err(|error| format!("{error:?}"));
    let outbound = Outbound::new(&keys(true)?.1).map_err(|error| format!("{error:?}"))?;
    let mut inbound = Inbound::new(&keys(false)?.0).map_err(|error| format!("{error:?}"))?;
    let plain = bytes.saturating_sub(outbound.rtp_overhead()).max(13);
    let (mut sealing, mut opening) = (Duration::ZERO, Duration::ZERO);
    // Few enough to stay in the processor's cache, as a packet does that was just read or is about to be sent.
    let mut buffers = vec![vec![0; plain + outbound.rtp_overhead()]; SEALED];
    for round in 0..(packets / SEALED) as u64 {
        for (index, buffer) in buffers.iter_mut().enumerate() {
            let number = (round * SEALED as u64) as u16 + index as u16;
            buffer[..12].copy_from_slice(&[
                0x80,
                96,
                (number >> 8) as u8,
                number as u8,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                9,
            ]);
        }
        let begin = cpu::own_thread()?;
        for (index, buffer) in (round * SEALED as u64..).zip(&mut buffers) {
            outbound.protect_rtp(index, 12, buffer, plain).map_err(|reason| format!("{reason:?}"))?;
        }
        let between = cpu::own_thread()?;
        for buffer in &mut buffers {
            inbound.unprotect_rtp(buffer).map_err(|reason| format!("{reason:?}"))?;
        }
        sealing += between.saturating_sub(begin);
        opening += cpu::own_thread()?.saturating_sub(between);
    }
    let each = |time: Duration| time.as_nanos() as f64 / (packets / SEALED * SEALED).max(1) as f64;
    Ok((each(sealing), each(opening)))
}

/// Calls `send` until so many packets are sent; CPU time for each, in nanoseconds.
fn timed(
    core: usize,
    packets: usize,
    mut send: impl FnMut() -> Result<usize, String>,
) -> Result<f64, String> {
    let (mut sent, mut since_rest) = (0, 0);
    let (begin, kernel) = (cpu::own_thread()?, cpu::kernel(core));
    while sent < packets {
        let count = send()?;
        sent += count;
        since_rest += count;
        if since_rest >= BURST {
            since_rest = 0;
            thread::sleep(Duration::from_millis(1));
        }
    }
    let spent = cpu::own_thread()?.saturating_sub(begin) + cpu::kernel(core).saturating_sub(kernel);
    Ok(spent.as_nanos() as f64 / sent.max(1) as f64)
}

fn socket(address: Ipv4Addr) -> Result<UdpSocket, String> {
    UdpSocket::bind((address, 0)).map_err(|error| error.to_string())
}

fn on_core<T: Send>(
    link: &Link,
    core: usize,
    work: impl FnOnce() -> Result<T, String> + Send,
) -> Result<T, String> {
    thread::scope(|scope| {
        let thread = scope.spawn(|| {
            cpu::pin(core);
            link.enter()?;
            work()
        });
        thread.join().map_err(|_| "the thread that measures the floor failed".to_owned())?
    })
}
