//! Threads that compute, off those that serve: few, of low priority, with a bounded queue that says how many are before.

use crate::problem::Problem;
use rustix::process::setpriority_process;
use std::{
    collections::VecDeque,
    panic::{self, AssertUnwindSafe},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};
use tokio::{sync::oneshot, time::sleep};
use viva_face::{Analyser, Models};
use viva_signaling::message::ErrorCode;

/// How much less urgent than media: the lowest priority but one that the system has is 19.
const NICE: i32 = 10;

/// How often a job that must not be left out asks for a place in a full queue.
const AGAIN: Duration = Duration::from_millis(100);

type Job = Box<dyn FnOnce(&Analyser) + Send>;

/// The workers.
pub struct Pool {
    queue: Arc<Queue>,
}

struct Queue {
    state: Mutex<State>,
    work: Condvar,
    most: usize,
}

#[derive(Default)]
struct State {
    waiting: VecDeque<Job>,
    /// Jobs that were taken by a worker, ever: tells how far a place has moved.
    taken: u64,
    added: u64,
    closed: bool,
}

/// The queue is full.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Busy;

/// A place in the queue, and what comes of it.
pub struct Place<T> {
    queue: Arc<Queue>,
    number: u64,
    answer: oneshot::Receiver<T>,
}

impl Pool {
    /// So many workers, and so many jobs that may wait for them.
    pub fn start(models: &Models, workers: usize, most: usize) -> Self {
        let queue = Arc::new(Queue { state: Mutex::default(), work: Condvar::new(), most });
        for number in 0..workers {
            let (queue, models) = (queue.clone(), models.clone());
            let run = move || {
                // The analyser's own threads are as this one is.
                if let Err(error) = setpriority_process(None, NICE) {
                    tracing::warn!(%error, "faces are compared at the priority of media");
                }
                let analyser = models.analyser();
                while let Some(job) = queue.next() {
                    // A worker outlives what it fails on; whoever waits for the answer is told.
                    let _ = panic::catch_unwind(AssertUnwindSafe(|| job(&analyser)));
                }
            };
            if let Err(error) = thread::Builder::new().name(format!("face-{number}")).spawn(run) {
                tracing::error!(%error, "a worker that compares faces could not start");
            }
        }
        Self { queue }
    }

    /// Lets a worker do this, behind all that wait.
    ///
    /// # Errors
    /// Too many wait.
    pub fn submit<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Analyser) -> T + Send + 'static,
    ) -> Result<Place<T>, Busy> {
        let (sender, answer) = oneshot::channel();
        let run: Job = Box::new(move |analyser| {
            // Whoever has given up waiting costs nothing.
            if !sender.is_closed() {
                let _ = sender.send(job(analyser));
            }
        });
        let mut state = self.queue.lock();
        if state.waiting.len() >= self.queue.most {
            return Err(Busy);
        }
        state.waiting.push_back(run);
        state.added += 1;
        let number = state.added;
        drop(state);
        self.queue.work.notify_one();
        Ok(Place { queue: self.queue.clone(), number, answer })
    }

    /// The same for what must not be left out: while the queue is full it asks again, for as long as the caller waits.
    pub async fn submit_in_turn<T, J>(&self, job: impl Fn() -> J) -> Place<T>
    where
        T: Send + 'static,
        J: FnOnce(&Analyser) -> T + Send + 'static,
    {
        loop {
            match self.submit(job()) {
                Ok(place) => return place,
                Err(Busy) => sleep(AGAIN).await,
            }
        }
    }

    /// Jobs that wait for a worker.
    pub fn waiting(&self) -> u64 {
        self.queue.lock().waiting.len() as u64
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        self.queue.lock().closed = true;
        self.queue.work.notify_all();
    }
}

impl Queue {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for work; none when the pool is no more.
    fn next(&self) -> Option<Job> {
        let mut state = self.lock();
        loop {
            if let Some(job) = state.waiting.pop_front() {
                state.taken += 1;
                return Some(job);
            }
            if state.closed {
                return None;
            }
            state = self.work.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl<T> Place<T> {
    /// How many are done before.
    pub fn ahead(&self) -> u64 {
        self.number.saturating_sub(self.queue.lock().taken + 1)
    }

    /// What came of it.
    ///
    /// # Errors
    /// The worker failed on it.
    pub async fn answer(self) -> Result<T, Problem> {
        self.answer.await.map_err(|_| {
            Problem::new(ErrorCode::FaceUnavailable, "the comparison failed; the log has the reason")
        })
    }
}

impl From<Busy> for Problem {
    fn from(_: Busy) -> Self {
        Self::new(ErrorCode::FaceUnavailable, "too many faces wait to be compared")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::faces::models;
    use std::{sync::mpsc, thread};

    #[tokio::test]
    async fn what_somebody_waits_for_gets_its_place_once_the_queue_has_room() {
        let pool = Pool::start(models(), 1, 1);
        let (release, held) = mpsc::channel::<()>();
        let first = pool.submit(move |_| held.recv().is_ok()).unwrap();
        while pool.waiting() > 0 {
            thread::yield_now();
        }
        let second = pool.submit(|_| 2).unwrap();
        assert!(pool.submit(|_| 0).is_err(), "the queue is full");
        let released = async {
            sleep(2 * AGAIN).await;
            release.send(()).unwrap();
        };
        let (third, ()) = tokio::join!(pool.submit_in_turn(|| |_: &Analyser| 3), released);
        assert!(first.answer().await.unwrap());
        assert_eq!([second.answer().await.unwrap(), third.answer().await.unwrap()], [2, 3]);
    }
}
