//! Strangers send datagrams to the media port while interviews run.

use super::Run;
use crate::{figures::Junk, scene::Scene};
use std::{
    net::{SocketAddr, UdpSocket},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

/// Sockets that the strangers have.
const STRANGERS: usize = 16;

impl Run<'_> {
    /// Measures without strangers, with them, and without them again: what the machine does by itself meanwhile counts half.
    pub(super) async fn junk(&self) -> Result<Junk, String> {
        let mut scene = Scene::new(self.peer, self.stage, &self.scenario);
        scene.add_rooms(self.scenario.rooms).await?;
        let before = self.point(&mut scene).await?;
        let target = self.stage.with_load(|load| load.server()).ok_or("nobody is connected")?;
        let flood = Flood::start(target, self.scenario.junk)?;
        let during = self.point(&mut scene).await;
        let sent = flood.stop();
        let after = self.point(&mut scene).await;
        scene.clear(false).await;
        self.rest().await;
        let (during, after) = (during?, after?);
        let without = before.forwarding_core.midpoint(after.forwarding_core);
        let used = (during.forwarding_core - without) * 1e9;
        Ok(Junk { rate: sent, cpu: used / sent.max(1.0), before: Box::new(before), during: Box::new(during) })
    }
}

/// A thread that sends what no client would.
struct Flood {
    stop: Arc<AtomicBool>,
    sent: Arc<AtomicU64>,
    begin: Instant,
    thread: thread::JoinHandle<()>,
}

impl Flood {
    fn start(target: SocketAddr, rate: u32) -> Result<Self, String> {
        let (stop, sent) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
        let sockets = (0..STRANGERS).map(|_| UdpSocket::bind("127.0.0.1:0")).collect::<Result<Vec<_>, _>>();
        let sockets = sockets.map_err(|error| error.to_string())?;
        let (stopped, count) = (Arc::clone(&stop), Arc::clone(&sent));
        let begin = Instant::now();
        let thread = thread::spawn(move || {
            let kinds = datagrams();
            let mut number = 0u64;
            while !stopped.load(Ordering::Relaxed) {
                let due = (begin.elapsed().as_secs_f64() * f64::from(rate)) as u64;
                // After a pause of the scheduler not all that was missed comes at once.
                number = number.max(due.saturating_sub(u64::from(rate) / 100));
                while number < due {
                    let place = number as usize;
                    if let (Some(socket), Some(kind)) =
                        (sockets.get(place % STRANGERS), kinds.get(place / STRANGERS % kinds.len()))
                        && socket.send_to(kind, target).is_ok()
                    {
                        count.fetch_add(1, Ordering::Relaxed);
                    }
                    number += 1;
                }
                thread::sleep(Duration::from_micros(500));
            }
        });
        Ok(Self { stop, sent, begin, thread })
    }

    /// Stops, and says how many were sent a second.
    fn stop(self) -> f64 {
        self.stop.store(true, Ordering::Relaxed);
        let rate = self.sent.load(Ordering::Relaxed) as f64 / self.begin.elapsed().as_secs_f64();
        // The thread only sends.
        let _ = self.thread.join();
        rate
    }
}

/// One of each kind: RTP, RTCP, a STUN request of nobody, a DTLS record, nonsense of several lengths.
fn datagrams() -> Vec<Vec<u8>> {
    let begin = |first: &[u8], length: usize| {
        let mut datagram = vec![0x5a; length];
        datagram[..first.len()].copy_from_slice(first);
        datagram
    };
    vec![
        begin(&[0x80, 96, 0, 1, 0, 0, 0, 1, 0, 0, 0, 9], 1100),
        begin(&[0x80, 200, 0, 6, 0, 0, 0, 9], 60),
        begin(&[0, 1, 0, 8, 0x21, 0x12, 0xa4, 0x42, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 0, 6, 0, 4], 28),
        begin(&[22, 254, 253, 0, 0, 0, 0, 0, 0, 0, 0, 0, 40], 53),
        begin(&[0xff; 4], 200),
        vec![7],
    ]
}
