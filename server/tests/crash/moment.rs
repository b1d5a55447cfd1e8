//! The moment of a kill: some time after a request has left, in the midst of the others.

use std::{
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
    time::{Duration, Instant},
};
use tokio::sync::Notify;

/// What those who act tell, and when the server is to die.
#[derive(Debug, Default)]
pub struct Moment {
    over: AtomicBool,
    led: AtomicU64,
    answered: AtomicU64,
    /// All answers together, in microseconds.
    took: AtomicU64,
    sent: Notify,
    progress: Notify,
}

impl Moment {
    /// A request leaves now.
    pub fn sent(&self) -> Instant {
        self.sent.notify_waiters();
        Instant::now()
    }

    /// It was answered.
    pub fn answered(&self, sent: Instant) {
        self.answered.fetch_add(1, Ordering::Relaxed);
        self.took.fetch_add(sent.elapsed().as_micros() as u64, Ordering::Relaxed);
    }

    /// The host has led on.
    pub fn led(&self) {
        self.led.fetch_add(1, Ordering::Relaxed);
        self.progress.notify_waiters();
    }

    /// Waits until the host has led on so many times, then for the next request of anybody, then `percent` of the time that an answer
    /// takes: a good half of it is the write. Tells how long that was and how long answers take.
    pub async fn come(&self, times: u64, percent: u64) -> (Duration, Duration) {
        loop {
            let progress = self.progress.notified();
            if self.led.load(Ordering::Relaxed) >= times {
                break;
            }
            progress.await;
        }
        self.sent.notified().await;
        let began = Instant::now();
        let mean = self.took.load(Ordering::Relaxed) / self.answered.load(Ordering::Relaxed).max(1);
        let wait = Duration::from_micros(mean * percent / 100);
        while began.elapsed() < wait {
            std::hint::spin_loop();
        }
        (wait, Duration::from_micros(mean))
    }

    /// From here on a lost connection is no surprise.
    pub fn is_now(&self) {
        self.over.store(true, Ordering::SeqCst);
    }

    pub fn is_over(&self) -> bool {
        self.over.load(Ordering::SeqCst)
    }

    pub fn answers(&self) -> u64 {
        self.answered.load(Ordering::Relaxed)
    }
}
