//! `viva doctor`: looks at a deployment before the day, and says of each thing what is wrong and what to type.
//!
//! It changes nothing, asks nobody whom the settings do not name, and ends within seconds. It runs beside a running server, in
//! it for the administrators, and without one.

mod machine;
mod names;
mod ports;
mod services;
mod stun;
#[cfg(test)]
mod tests;
mod turn;

use crate::{health::Concern, settings::Settings};
use serde::Serialize;
use std::{fmt::Write, net::SocketAddr, sync::Arc, time::Duration};
use tokio::{
    sync::Mutex,
    time::{Instant, timeout},
};
use utoipa::ToSchema;

/// How long one look may take.
const PATIENCE: Duration = Duration::from_secs(8);
/// How long a report of the server counts for whoever asks next.
const FRESH: Duration = Duration::from_secs(5);
/// What has a look of its own.
const LOOKED_AT: [&str; 3] = ["disk_low", "store_fails", "tls_expires"];

/// How it is with one thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = DoctorVerdict)]
pub enum Verdict {
    /// As it should be, or of no concern here.
    Ok,
    /// People get in, and something will hurt.
    Warning,
    /// People do not get in.
    Wrong,
}

/// What was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = DoctorCheck)]
pub enum Check {
    /// What is set.
    Settings,
    /// The running server, in its own words.
    Server,
    /// The port of pages, and that of plain HTTP beside it.
    Web,
    /// The ports of media.
    Media,
    /// The ports of TURN.
    Turn,
    /// The certificate and its date, here or at the proxy.
    Certificate,
    /// The addresses that people reach, and what their names lead to.
    Addresses,
    /// The proxies in front.
    Proxies,
    /// The clock.
    Clock,
    /// Kernel buffers, segmentation offload, open files.
    Kernel,
    /// The disk of `data_dir`.
    Disk,
    /// The database.
    Database,
    /// The account with the provider of SMS.
    Sms,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = DoctorFinding)]
pub struct Finding {
    /// What was looked at.
    pub check: Check,
    /// How it is.
    pub verdict: Verdict,
    /// In English, for the operator.
    pub detail: String,
    /// What to type or to set, where something can be done.
    #[schema(required)]
    pub remedy: Option<String>,
}

/// Everything that was found.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = DoctorReport)]
pub struct Report {
    /// The worst of all.
    pub verdict: Verdict,
    /// In the order of the checks.
    pub findings: Vec<Finding>,
}

/// Who looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The server at itself: the ports are its own.
    Server,
    /// A program beside it, or before it is started.
    Beside,
}

impl Finding {
    fn new(check: Check, verdict: Verdict, detail: impl Into<String>) -> Self {
        Self { check, verdict, detail: detail.into(), remedy: None }
    }

    fn ok(check: Check, detail: impl Into<String>) -> Self {
        Self::new(check, Verdict::Ok, detail)
    }

    fn warning(check: Check, detail: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { remedy: Some(remedy.into()), ..Self::new(check, Verdict::Warning, detail) }
    }

    fn wrong(check: Check, detail: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { remedy: Some(remedy.into()), ..Self::new(check, Verdict::Wrong, detail) }
    }
}

impl Report {
    /// What scripts go by: 0 all is well, 1 something will hurt, 2 people do not get in.
    pub const fn exit_code(&self) -> u8 {
        match self.verdict {
            Verdict::Ok => 0,
            Verdict::Warning => 1,
            Verdict::Wrong => 2,
        }
    }

    /// For a person at the terminal.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for Finding { check, verdict, detail, remedy } in &self.findings {
            let mark = match verdict {
                Verdict::Ok => "ok     ",
                Verdict::Warning => "warning",
                Verdict::Wrong => "wrong  ",
            };
            let check = format!("{check:?}").to_lowercase();
            let _ = writeln!(text, "{mark}  {check:<12} {detail}");
            for line in remedy.iter().flat_map(|remedy| remedy.lines()) {
                let _ = writeln!(text, "         {:<12} → {line}", "");
            }
        }
        text
    }

    /// Of settings that cannot be used, a fault a line.
    pub fn of_faults(faults: &str) -> Self {
        let faults = faults
            .lines()
            .map(|fault| Finding::wrong(Check::Settings, fault, "viva config explains every setting"));
        Self::of(faults.collect())
    }

    fn of(findings: Vec<Finding>) -> Self {
        let verdict = findings.iter().map(|finding| finding.verdict).max().unwrap_or(Verdict::Ok);
        Self { verdict, findings }
    }
}

/// Looks for the administrators, once for all who ask at a time. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Doctor {
    settings: Arc<Settings>,
    /// What was found last, and when.
    last: Arc<Mutex<Option<(Instant, Report)>>>,
}

impl Doctor {
    /// Of the server with these settings, which listens there.
    pub fn new(settings: &Settings, listen: SocketAddr) -> Self {
        Self { settings: Arc::new(Settings { listen, ..settings.clone() }), last: Arc::default() }
    }

    /// What is found, and what the server says of itself.
    pub async fn report(&self, concerns: Vec<Concern>) -> Report {
        let mut last = self.last.lock().await;
        let known = last.as_ref().filter(|(at, _)| at.elapsed() < FRESH).map(|(_, report)| report.clone());
        let report = match known {
            Some(report) => report,
            None => last.insert((Instant::now(), examine(&self.settings, Place::Server).await)).1.clone(),
        };
        let concerns = concerns.into_iter().filter(|concern| !LOOKED_AT.contains(&concern.code));
        let said = concerns.map(|Concern { code, detail, stops }| {
            let verdict = if stops { Verdict::Wrong } else { Verdict::Warning };
            Finding::new(Check::Server, verdict, format!("{code}: {detail}"))
        });
        Report::of(said.chain(report.findings).collect())
    }
}

/// Looks at everything that these settings concern.
pub async fn examine(settings: &Settings, place: Place) -> Report {
    let server = ports::Running::look(settings, place).await;
    let (web, media) = (ports::web(settings, &server), ports::media(settings, &server));
    let certificate = within(Check::Certificate, names::certificate(settings));
    let addresses = within(Check::Addresses, names::addresses(settings));
    let clock = within(Check::Clock, machine::clock(settings));
    let database = within(Check::Database, services::database(settings));
    let (certificate, addresses, clock, database) = tokio::join!(certificate, addresses, clock, database);
    let mut findings = server.findings();
    findings.extend([web, media]);
    findings.extend(within(Check::Turn, turn::doors(settings, &server)).await);
    findings.extend(certificate);
    findings.extend(addresses);
    findings.push(services::proxies(settings));
    findings.extend(clock);
    findings.extend(machine::kernel());
    findings.push(machine::disk(settings));
    findings.extend(database);
    findings.push(services::sms(settings));
    Report::of(findings)
}

/// What comes of it in time.
async fn within(check: Check, look: impl Future<Output = Vec<Finding>>) -> Vec<Finding> {
    let late = |_| {
        let detail = format!("no answer within {} s", PATIENCE.as_secs());
        vec![Finding::wrong(check, detail, "look whether a firewall drops the packets")]
    };
    timeout(PATIENCE, look).await.unwrap_or_else(late)
}
