//! Seats of the staff end with the accounts that they were taken by, whichever process has changed those.

use super::{Request, Sitting, Sittings};
use crate::{
    account::{Grounds, grounds},
    problem::Problem,
    stop::Stop,
    store::StoreError,
};
use std::time::Duration;
use tokio::{
    sync::oneshot,
    time::{MissedTickBehavior, interval},
};
use viva_interview::SeatId;
use viva_signaling::message::{CloseReason, ErrorCode};

/// How often the accounts are looked at: one sum over a small table.
const LOOKS: Duration = Duration::from_secs(2);

impl Sittings {
    /// Until the program stops: notices accounts that another process has changed, such as `viva admin password`.
    pub async fn watch_accounts(self, mut stop: Stop) {
        let mut looks = interval(LOOKS);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut known = None;
        loop {
            tokio::select! {
                () = stop.stopped() => return,
                _ = looks.tick() => {}
            }
            // While the store does not answer, nobody can have been locked out.
            let Ok(version) = self.store().accounts_version().await else { continue };
            if known != Some(version) && self.look_again().await {
                known = Some(version);
            }
        }
    }

    /// Ends whatever accounts have in running interviews that have changed since it was taken; whether all could be looked
    /// at.
    pub async fn look_again(&self) -> bool {
        let mut all = true;
        for sitting in self.all_running() {
            let (reply, done) = oneshot::channel();
            // One that has ended meanwhile has nobody.
            if sitting.send(Request::LookAgain { reply }).await.is_ok() {
                all &= done.await.is_ok() || sitting.is_closed();
            }
        }
        all
    }
}

impl Sitting {
    /// Whoever sits on grounds that are no more goes.
    pub(super) async fn look_again(&mut self) -> Result<(), StoreError> {
        for (seat, grounds) in self.grounds.clone() {
            if !grounds.hold(&*self.around.store).await? {
                self.part_with(seat, CloseReason::Removed).await;
            }
        }
        Ok(())
    }

    /// Is the account of a seat still what it was when the token was made? Whoever sits down does so on the grounds that it
    /// gives now.
    pub(super) async fn found(&mut self, seat: SeatId, mark: Option<&str>) -> Result<(), Problem> {
        let staff = self.interview.staff_rows().into_iter().find(|row| row.seat == seat);
        let account = staff.map(|row| row.account).unwrap_or_default();
        match grounds(&*self.around.store, &account, mark).await {
            Ok(Some(Grounds::Token)) => Ok(()),
            Ok(Some(grounds)) => {
                self.grounds.insert(seat, grounds);
                Ok(())
            }
            Ok(None) => Err(Problem::new(
                ErrorCode::Unauthorized,
                "the account is disabled or has changed since; sign in again",
            )),
            // While the store does not answer, nobody can have been locked out: who was in comes back.
            Err(StoreError::Unavailable(_)) if self.entered.contains(&seat) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}
