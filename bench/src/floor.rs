//! The floor: one plain `sendto` a packet, of the same size, to the same sockets.

use crate::cpu;
use std::{
    io,
    net::{SocketAddr, UdpSocket},
    time::Duration,
};

/// CPU time of one `sendto` of `size` bytes, sent in frames of `frame` packets to each receiver in turn.
///
/// # Errors
/// Where a socket or `/proc` fails.
pub fn sendto(receivers: &[SocketAddr], size: usize, frame: usize, packets: usize) -> io::Result<Duration> {
    let socket = UdpSocket::bind("127.0.0.1:0")?;
    let payload = vec![0; size];
    let thread = cpu::current()?;
    let mut sent = 0u32;
    let begin = cpu::time(thread)?;
    'all: loop {
        for receiver in receivers {
            for _ in 0..frame {
                socket.send_to(&payload, receiver)?;
                sent += 1;
            }
            if sent as usize >= packets {
                break 'all;
            }
        }
        // As a camera does: the other core gets time to read.
        std::thread::sleep(Duration::from_millis(2));
    }
    let spent = cpu::time(thread)?.saturating_sub(begin);
    Ok(spent / sent)
}
