//! Running interviews: one task each that owns the state, stores what happens, then acts on it and answers.
//!
//! An interview is loaded when somebody asks for it and ends when nobody is left; everything that it was is in the store.

mod arrivals;
mod creation;
mod directory;
mod effects;
mod erasing;
mod grounds;
mod ledger;
mod message;
mod policy;
mod present;
mod refusal;
mod rehearsal;
mod request;
mod second_camera;
mod showing;
mod troubles;
mod write;

pub use creation::NewInterview;
pub use directory::{Sittings, Surroundings, not_here};
pub use erasing::{command_alone, finish_erasures, read_interview};
pub use message::told;
pub use refusal::refusal;
pub use request::{Asker, Entry, Visit};
pub use showing::{Shown, next_shown};

use crate::{clock::now, problem::Problem, random, room::Device};
use arrivals::Arrivals;
use ledger::Ledger;
use present::Occupant;
use request::Request;
use showing::Showings;
use std::{collections::BTreeMap, time::Duration};
use tokio::{
    sync::mpsc,
    time::{Instant, sleep, sleep_until},
};
use viva_interview::{Actor, Command, CommandId, Decision, Interview, InterviewId, Record, SeatId};
use viva_signaling::message::ErrorCode;

/// How long an interview stays loaded with nobody there.
const IDLE: Duration = Duration::from_secs(60);
/// How long changes are gathered before views go out.
const GATHER: Duration = Duration::from_millis(15);
/// How often a command is decided anew when another server wrote first.
const TRIES: usize = 4;

/// The id of a command that nobody repeats.
pub fn fresh_command() -> CommandId {
    let id = random::hex::<16>().parse();
    #[expect(clippy::expect_used, reason = "32 hexadecimal digits are visible ASCII")]
    id.expect("hexadecimal digits are an id")
}

/// One running interview.
struct Sitting {
    id: InterviewId,
    around: Surroundings,
    interview: Interview,
    /// What each seat has left in the store.
    ledger: Ledger,
    /// Who may be in the room, connected or not.
    occupants: BTreeMap<(SeatId, Device), Occupant>,
    /// Who is on the pages before the room.
    arrivals: Arrivals,
    /// The pictures of candidates who have asked the staff for a look.
    showings: Showings,
    /// The page of the own slides to which each candidate has turned.
    pages: BTreeMap<SeatId, u32>,
    /// The store may hold more than is known here.
    stale: bool,
    /// Views have changed since they last went out.
    views_changed: bool,
    /// When views and lines of chat go out next, if there are any.
    flush_at: Option<Instant>,
    /// Views do not go out before this; after each time a large interview rests longer.
    rest_until: Instant,
}

impl Sitting {
    /// Reads an interview from the store.
    async fn load(id: InterviewId, around: Surroundings) -> Result<Self, Problem> {
        let records = write::read_all(&*around.store, id).await?;
        let unknown = |_| Problem::new(ErrorCode::NotFound, "no such interview");
        let interview = Interview::fold(records.iter().cloned()).map_err(unknown)?;
        let mut ledger = Ledger::default();
        records.iter().for_each(|record| ledger.count(&interview, record));
        let (stale, views_changed, flush_at, rest_until) = (false, false, None, Instant::now());
        Ok(Self {
            id,
            around,
            interview,
            ledger,
            occupants: BTreeMap::new(),
            arrivals: Arrivals::default(),
            showings: Showings::default(),
            pages: BTreeMap::new(),
            stale,
            views_changed,
            flush_at,
            rest_until,
        })
    }

    /// Serves requests until nobody is left, or the program stops.
    async fn run(mut self, requests: &mut mpsc::Receiver<Request>) {
        tracing::info!(interview = %self.id, "interview loaded");
        self.close_troubles().await;
        let mut stop = self.around.stop.clone();
        // Who may come back to a kept seat still counts as being in the room.
        let idle = IDLE.max(self.around.settings.resume_window.0 * 2);
        loop {
            let flush_at = self.flush_at.map(|at| at.max(self.rest_until));
            let leaves_at = self.arrivals.next();
            tokio::select! {
                biased;
                () = stop.stopped() => break,
                () = sleep_until(flush_at.unwrap_or(self.rest_until)), if flush_at.is_some() => self.flush(),
                () = sleep_until(leaves_at.unwrap_or(self.rest_until)), if leaves_at.is_some() => {
                    if self.arrivals.sweep(Instant::now()) {
                        self.changed();
                    }
                }
                request = requests.recv() => match request {
                    Some(request) => {
                        if self.handle(request).await.is_break() {
                            break;
                        }
                    }
                    None => break,
                },
                () = sleep(idle), if self.is_empty() => break,
            }
        }
        tracing::info!(interview = %self.id, "interview unloaded");
    }

    /// Decides, stores, carries out. A refusal changes nothing but what it records itself, such as a wrong password.
    async fn command(
        &mut self,
        command: Command,
        sms_code: Option<&str>,
        asker: Option<Asker>,
    ) -> Result<(), Problem> {
        for _ in 0..TRIES {
            if self.stale {
                self.catch_up().await?;
            }
            let Decision { records, effects, refused } =
                self.interview.handle(command.clone(), now(), &self.presence()).map_err(refusal)?;
            if !records.is_empty() {
                self.ledger.admit(&self.interview, &records)?;
                match self.write(&records, &effects, sms_code).await {
                    Ok(()) => {}
                    Err(crate::store::StoreError::Conflict) => {
                        self.stale = true;
                        continue;
                    }
                    Err(error) => {
                        // It may be there or not: what is known here is only sure when it is read again.
                        self.stale = true;
                        return Err(error.into());
                    }
                }
                self.take_in(&records).await?;
            }
            let asker = asker.filter(|_| refused.is_none());
            self.carry_out(&records, effects, asker).await;
            return refused.map_or(Ok(()), |refused| Err(refusal(refused)));
        }
        Err(Problem::new(ErrorCode::StoreUnavailable, "others write to this interview all the time"))
    }

    /// Takes in what is stored. Of what is erased nothing stays here: all is read again.
    async fn take_in(&mut self, records: &[Record]) -> Result<(), Problem> {
        if records.iter().any(|record| record.event.erases()) {
            self.stale = true;
            let anew = Self::load(self.id, self.around.clone()).await?;
            (self.interview, self.ledger, self.stale) = (anew.interview, anew.ledger, false);
        } else {
            records.iter().for_each(|record| self.apply(record));
        }
        self.showings.keep(|seat| self.interview.asks_staff(seat));
        Ok(())
    }

    fn apply(&mut self, record: &Record) {
        self.interview.apply(record);
        self.ledger.count(&self.interview, record);
    }

    /// Takes in what the store holds beyond what is known here.
    async fn catch_up(&mut self) -> Result<(), Problem> {
        let records = write::read(&*self.around.store, self.id, self.interview.sequence()).await?;
        self.take_in(&records).await?;
        self.stale = false;
        if !records.is_empty() {
            self.enforce().await;
            self.dismiss_unpaired_phones().await;
            self.changed();
        }
        Ok(())
    }

    /// Has nobody a connection?
    fn is_empty(&self) -> bool {
        self.occupants.values().all(|occupant| occupant.present.is_none())
    }

    /// Some seat's view may have changed: views go out in a moment.
    fn changed(&mut self) {
        self.views_changed = true;
        self.written();
    }

    /// Somebody has written: lines go out in a moment.
    fn written(&mut self) {
        self.flush_at.get_or_insert_with(|| Instant::now() + GATHER);
    }
}

/// The command of a seat.
pub fn seat_command(id: CommandId, seat: SeatId, action: viva_interview::Action) -> Command {
    Command { id, by: Actor::Seat(seat), action }
}
