//! One interview with everybody in it, through rounds of traffic and kills.

use super::{
    administrator::{Administrator, setup},
    audit::Audit,
    browser::{Browser, good},
    candidate::Candidate,
    dice::Dice,
    examiner::{self, Drafts},
    host,
    member::Member,
    moment::Moment,
    program::Program,
    seat::Seat,
    world::World,
};
use futures_util::future::join_all;
use serde_json::json;
use std::{convert::Infallible, path::Path, pin::Pin, sync::Arc, time::Duration};
use tokio::time::timeout;

const PASSWORD: &str = "correct horse battery";
/// Nothing on one machine takes so long.
const PATIENCE: Duration = Duration::from_secs(40);

/// Everybody, over all rounds.
pub struct Scene {
    program: Program,
    administrator: Administrator,
    host: Member,
    examiners: Vec<(Member, Drafts)>,
    patrol: Member,
    candidates: Vec<Candidate>,
    /// As it was after the last kill.
    audit: Audit,
    dice: Dice,
}

/// Somebody who acts until the connection is lost.
type Acting<'a> = Pin<Box<dyn Future<Output = Option<Infallible>> + 'a>>;

/// Those who have come back, in the order of [`Scene`].
struct Seats {
    host: Seat,
    examiners: Vec<Seat>,
    patrol: Seat,
    candidates: Vec<Option<Seat>>,
}

impl Scene {
    /// An interview with a host, two examiners, a patrol and four candidates.
    pub async fn set(folder: &Path, database: &str) -> Self {
        let seed = std::env::var("CRASH_SEED").ok().and_then(|seed| seed.parse().ok());
        let seed = seed.unwrap_or_else(viva_server::random::id);
        eprintln!("CRASH_SEED={seed}");
        let mut dice = Dice::new(seed);
        let mut program = Program::new(folder, database, &mut dice);
        program.administrator("root", PASSWORD);
        program.start().await;
        let mut root = Browser::new(&program.base);
        sign_in(&mut root, "root").await;
        let made = good(root.post("/api/admin/interviews", &setup("复试")).await.unwrap());
        let interview = made["id"].as_str().unwrap().to_owned();
        let mut staff = Vec::new();
        for (account, role) in
            [("host", "host"), ("one", "examiner"), ("two", "examiner"), ("patrol", "patrol")]
        {
            let body = json!({ "account": account, "name": account, "password": PASSWORD });
            good(root.post("/api/admin/accounts", &body).await.unwrap());
            let body = json!({ "account": account, "name": account, "role": role });
            let path = format!("/api/admin/interviews/{interview}/staff");
            let made = good(root.post(&path, &body).await.unwrap());
            let seat = made["seat"].as_str().unwrap();
            let mut browser = Browser::new(&program.base);
            sign_in(&mut browser, account).await;
            let token = good(browser.post(&format!("/api/seats/{seat}/token"), &json!({})).await.unwrap());
            staff.push(Member::new(seat, token["token"].as_str().unwrap(), dice.another()));
        }
        let mut staff = staff.into_iter();
        let mut next = || staff.next().expect("four of the staff");
        let (host, one, two, patrol) = (next(), next(), next(), next());
        let examiners = vec![(one, Drafts::new()), (two, Drafts::new())];
        let administrator = Administrator::new(root, &interview, dice.another());
        let (candidates, audit) = (Vec::new(), Audit::default());
        let mut scene = Self { program, administrator, host, examiners, patrol, candidates, audit, dice };
        for _ in 0..2 {
            let world = scene.world();
            scene.administrator.import_more(&world).await;
        }
        scene
    }

    /// So many rounds of traffic and a kill, and everything looked at after each.
    pub async fn survives(mut self, rounds: u64) {
        for round in 1..=rounds {
            eprint!("round {round}: ");
            let seats = self.back().await;
            self.play(seats).await;
        }
        self.back().await;
        // Else nothing was shown.
        for event in ["called", "scores_saved", "scores_submitted", "result_published", "result_confirmed"] {
            let times = self.audit.lines.iter().filter(|line| line.event == event).count();
            eprintln!("{event}: {times}");
            assert!(times > 0, "{event} never happened");
        }
    }

    /// Everybody acts until the program is killed under them.
    async fn play(&mut self, mut seats: Seats) {
        let world = Arc::new(self.world());
        let (times, percent) = (3 + self.dice.below(7), self.dice.below(200));
        let (shared, running) = (world.clone(), self.program.running());
        let killing = tokio::spawn(async move {
            let moment = shared.moment.come(times, percent).await;
            shared.moment.is_now();
            drop(running);
            moment
        });
        let world = &*world;
        let mut acting: Vec<Acting<'_>> = vec![
            Box::pin(host::lead(&mut self.host, world, &mut seats.host)),
            Box::pin(examiner::patrol(&mut self.patrol, world, &mut seats.patrol)),
            Box::pin(self.administrator.administer(world)),
        ];
        for ((member, drafts), seat) in self.examiners.iter_mut().zip(&mut seats.examiners) {
            acting.push(Box::pin(examiner::examine(member, drafts, world, seat)));
        }
        for (candidate, seat) in self.candidates.iter_mut().zip(seats.candidates) {
            acting.push(Box::pin(candidate.attend(world, seat)));
        }
        let lost = acting.into_iter().map(|acting| async {
            acting.await;
            assert!(world.moment.is_over(), "a connection was lost before the kill");
        });
        timeout(PATIENCE, join_all(lost)).await.expect("the interview goes on");
        let (wait, mean) = killing.await.unwrap();
        let answers = world.moment.answers();
        eprintln!("{answers} answers in {mean:?} each; killed {wait:?} after a request had left");
    }

    fn world(&self) -> World {
        let (base, root) = (self.program.base.clone(), self.administrator.browser.clone());
        World { base, moment: Moment::default(), root }
    }

    /// Starts the program and looks at everything; everybody takes the seat again.
    async fn back(&mut self) -> Seats {
        self.program.start().await;
        let audit = self.administrator.audit().await;
        audit.continues(&self.audit);
        self.audit = audit;
        let audit = &self.audit;
        let (mut missing, mut stored) = (0, 0);
        let seated = self.candidates.iter().filter_map(|candidate| candidate.member.as_ref());
        let examiners = self.examiners.iter().map(|(member, _)| member);
        for member in seated.chain(examiners).chain([&self.host, &self.patrol]) {
            let of_member = member.check(audit);
            (missing, stored) = (missing + of_member.0, stored + of_member.1);
        }
        eprintln!("{} lines; of {missing} unanswered acts {stored} are among them", audit.lines.len());
        let rows = self.administrator.check(audit).await;
        let outbox = self.administrator.browser.seen("/api/admin/outbox").await.expect("nobody kills now");
        for row in &rows {
            if !self.candidates.iter().any(|candidate| row["seat"] == candidate.seat) {
                let browser = Browser::new(&self.program.base);
                self.candidates.push(Candidate::invited(row, browser, self.dice.another()));
            }
        }
        let base = &self.program.base;
        let mut candidates = Vec::new();
        for candidate in &mut self.candidates {
            let row = rows.iter().find(|row| row["seat"] == candidate.seat).expect("who was there is there");
            assert_eq!(row["step"], audit.step(&candidate.seat, candidate.has_password));
            candidates.push(candidate.back(base, audit, &outbox).await);
        }
        let host = self.host.enter(base).await.expect("nobody kills now");
        let passwords: Vec<&str> =
            self.candidates.iter().filter(|c| c.has_password).map(|c| c.seat.as_str()).collect();
        host::check(&self.host, &host.view, audit, |seat| passwords.contains(&seat));
        let scores = self.administrator.file("scores.csv").await;
        let mut examiners = Vec::new();
        for (member, drafts) in &mut self.examiners {
            let seat = member.enter(base).await.expect("nobody kills now");
            examiner::check(member, drafts, &seat.view, audit, &scores);
            examiners.push(seat);
        }
        let patrol = self.patrol.enter(base).await.expect("nobody kills now");
        self.patrol.reads(&patrol.view, audit);
        Seats { host, examiners, patrol, candidates }
    }
}

async fn sign_in(browser: &mut Browser, account: &str) {
    let body = json!({ "account": account, "password": PASSWORD });
    good(browser.post("/api/session", &body).await.unwrap());
}
