//! How the whole program learns that it stops.

use tokio::sync::watch;

/// Asks the program to stop.
#[derive(Debug)]
pub struct Stopper(watch::Sender<bool>);

/// Learns that the program stops.
#[derive(Debug, Clone)]
pub struct Stop(watch::Receiver<bool>);

/// Both ends.
pub fn stop() -> (Stopper, Stop) {
    let (sender, receiver) = watch::channel(false);
    (Stopper(sender), Stop(receiver))
}

impl Stopper {
    /// From now on the program stops.
    pub fn stop(&self) {
        self.0.send_replace(true);
    }
}

impl Stop {
    /// Is it stopping?
    pub fn is_stopping(&self) -> bool {
        *self.0.borrow()
    }

    /// Returns when it stops; for good, so that a dropped [`Stopper`] counts as stopping.
    pub async fn stopped(&mut self) {
        let _ = self.0.wait_for(|stopping| *stopping).await;
    }
}
