//! One call of the kernel for messages to many receivers: sendmmsg(2).

use crate::plan::MOST;
use arrayvec::ArrayVec;
use rustix::net::{MMsgHdr, SendAncillaryBuffer, SendFlags, SocketAddrAny};
use std::{
    io::{self, IoSlice},
    net::SocketAddr,
    os::fd::AsFd,
    slice,
};

/// Sends messages, the first [`MOST`] of them, and says how many the kernel took: it stops at the first that it refuses.
///
/// # Errors
/// Why it refused the first one.
pub(crate) fn send_many<'a>(
    socket: impl AsFd,
    messages: impl Iterator<Item = (SocketAddr, &'a [u8])>,
) -> io::Result<usize> {
    let mut addresses = ArrayVec::<SocketAddrAny, MOST>::new();
    let mut contents = ArrayVec::<IoSlice<'a>, MOST>::new();
    for (address, bytes) in messages.take(MOST) {
        addresses.push(address.into());
        contents.push(IoSlice::new(bytes));
    }
    let mut nothing_beside: ArrayVec<_, MOST> =
        addresses.iter().map(|_| SendAncillaryBuffer::default()).collect();
    let parts = addresses.iter().zip(&contents).zip(&mut nothing_beside);
    let mut headers: ArrayVec<_, MOST> = parts
        .map(|((address, bytes), beside)| MMsgHdr::new_with_addr(address, slice::from_ref(bytes), beside))
        .collect();
    Ok(rustix::net::sendmmsg(socket, &mut headers, SendFlags::empty())?)
}
