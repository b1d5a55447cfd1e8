//! Seats of the staff end with the accounts that they were taken by, whichever process has changed those.

use super::{Request, Sitting, Sittings, present::Occupant};
use crate::{
    account::{Grounds, grounds},
    problem::Problem,
    room::Device,
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
        let on = |((seat, device), occupant): (&(SeatId, Device), &Occupant)| {
            occupant.grounds.clone().map(|grounds| (*seat, *device, grounds))
        };
        for (seat, device, grounds) in self.occupants.iter().filter_map(on).collect::<Vec<_>>() {
            if !grounds.hold(&*self.around.store).await? {
                self.dismiss(seat, device, CloseReason::Removed).await;
            }
        }
        Ok(())
    }

    /// On which grounds a seat of the staff may be taken now, if its account is still what it was when the token was made.
    /// None: on those on which it was taken before.
    pub(super) async fn grounds(&self, seat: SeatId, mark: Option<&str>) -> Result<Option<Grounds>, Problem> {
        let staff = self.interview.staff_rows().into_iter().find(|row| row.seat == seat);
        let account = staff.map(|row| row.account).unwrap_or_default();
        match grounds(&*self.around.store, &account, mark).await {
            Ok(Some(grounds)) => Ok(Some(grounds)),
            Ok(None) => Err(Problem::new(
                ErrorCode::Unauthorized,
                "the account is disabled or has changed since; sign in again",
            )),
            // While the store does not answer, nobody can have been locked out: who was in comes back.
            Err(StoreError::Unavailable(_)) if self.occupants.contains_key(&(seat, Device::Page)) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}
