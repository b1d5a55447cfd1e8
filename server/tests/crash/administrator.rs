//! The administrator: imports candidates, invites them, makes further interviews; a kill falls into that too.

use super::{
    audit::Audit,
    browser::{Browser, good},
    dice::Dice,
    world::World,
};
use serde_json::{Value, json};
use std::{collections::BTreeMap, convert::Infallible, time::Duration};
use tokio::time::sleep;

/// Candidates and further interviews in all; more would only wait.
const CANDIDATES: usize = 30;
const INTERVIEWS: usize = 30;

/// The administrator over all rounds.
pub struct Administrator {
    pub browser: Browser,
    path: String,
    /// Imports by the numbers of their rows, and whether they were answered.
    imports: Vec<([String; 2], bool)>,
    /// Names of interviews, and whether they were answered.
    interviews: Vec<(String, bool)>,
    /// Invitations by seat: answered, and not answered.
    invitations: BTreeMap<String, (usize, usize)>,
    /// Codes as they were first told, by number.
    codes: BTreeMap<String, String>,
    dice: Dice,
}

impl Administrator {
    pub fn new(browser: Browser, interview: &str, dice: Dice) -> Self {
        let path = format!("/api/admin/interviews/{interview}");
        let (imports, interviews) = Default::default();
        let (invitations, codes) = Default::default();
        Self { browser, path, imports, interviews, invitations, codes, dice }
    }

    /// Administers until the connection is lost.
    pub async fn administer(&mut self, world: &World) -> Option<Infallible> {
        // An import that was not answered is made again: it adds everybody, or finds everybody there.
        if self.imports.last().is_some_and(|(_, answered)| !answered) {
            self.import(world).await?;
        }
        loop {
            match self.dice.below(3) {
                0 if self.imports.len() * 2 < CANDIDATES => {
                    let at = self.imports.len();
                    self.imports.push(([format!("{:03}", at * 2), format!("{:03}", at * 2 + 1)], false));
                    self.import(world).await?;
                }
                1 if self.interviews.len() < INTERVIEWS => self.create(world).await?,
                _ => self.invite(world).await?,
            }
            sleep(Duration::from_millis(10 + self.dice.below(60))).await;
        }
    }

    /// Imports the last two: the second with a password.
    pub async fn import(&mut self, world: &World) -> Option<()> {
        let (numbers, answered) = self.imports.last_mut().expect("rows to import");
        let [first, second] = numbers;
        let table = format!(
            "姓名,考号,手机,密码\n考生{first},{first},13900000{first},\n考生{second},{second},13900000{second},{}\n",
            super::candidate::PASSWORD
        );
        let sent = world.moment.sent();
        let path = format!("{}/candidates/import", self.path);
        let (status, body) = self.browser.upload(&path, &table).await?;
        world.moment.answered(sent);
        match status {
            200 => assert_eq!(body["added"], 2),
            _ => {
                let rows = body["rows"].as_array().unwrap();
                assert!(rows.len() == 2 && rows.iter().all(|row| row["problem"] == "duplicate"), "{body}");
            }
        }
        *answered = true;
        Some(())
    }

    async fn invite(&mut self, world: &World) -> Option<()> {
        let seats: Vec<&String> = self.invitations.keys().collect();
        let seat = seats[self.dice.below(seats.len() as u64) as usize].clone();
        let tally = self.invitations.entry(seat.clone()).or_default();
        tally.1 += 1;
        let sent = world.moment.sent();
        let path = format!("{}/candidates/{seat}/invite", self.path);
        good(self.browser.post(&path, &json!({})).await?);
        world.moment.answered(sent);
        *tally = (tally.0 + 1, tally.1 - 1);
        Some(())
    }

    async fn create(&mut self, world: &World) -> Option<()> {
        let name = format!("面谈 {}", self.interviews.len() + 1);
        self.interviews.push((name.clone(), false));
        let sent = world.moment.sent();
        let made = good(self.browser.post("/api/admin/interviews", &setup(&name)).await?);
        world.moment.answered(sent);
        assert_eq!(made["name"], name);
        if let Some((_, answered)) = self.interviews.last_mut() {
            *answered = true;
        }
        Some(())
    }

    /// The audit as it is now; its table has the same lines.
    pub async fn audit(&mut self) -> Audit {
        let text = self.file("audit.jsonl").await;
        let audit = Audit::read(&text);
        assert_eq!(self.file("audit.csv").await.lines().count(), audit.lines.len() + 1);
        audit
    }

    /// An export of the interview.
    pub async fn file(&mut self, name: &str) -> String {
        let path = format!("{}/{name}", self.path);
        let text = self.browser.seen(&path).await.expect("nobody kills now");
        text.as_str().unwrap_or_default().to_owned()
    }

    /// Who and what was answered is there, once; the rows of all candidates.
    pub async fn check(&mut self, audit: &Audit) -> Vec<Value> {
        let list = self.browser.seen(&format!("{}/candidates", self.path)).await.expect("nobody kills now");
        let rows = list.as_array().unwrap().clone();
        for (numbers, answered) in &self.imports {
            let there =
                rows.iter().filter(|row| numbers.iter().any(|number| row["number"] == **number)).count();
            assert!(there == 2 || (there == 0 && !answered), "{numbers:?}: {there} are there");
        }
        assert!(rows.len() <= self.imports.len() * 2);
        for row in &rows {
            let (number, code) = (row["number"].as_str().unwrap(), row["code"].as_str().unwrap());
            assert_eq!(self.codes.entry(number.to_owned()).or_insert_with(|| code.to_owned()), code);
            self.invitations.entry(row["seat"].as_str().unwrap().to_owned()).or_default();
        }
        for (seat, (answered, missing)) in &self.invitations {
            let invited = audit.count(seat, "invited", "");
            assert!(
                (*answered..=answered + missing).contains(&invited),
                "{seat} was invited {invited} times"
            );
        }
        let list = self.browser.seen("/api/admin/interviews").await.expect("nobody kills now");
        for (name, answered) in &self.interviews {
            let made = list.as_array().unwrap().iter().filter(|row| row["name"] == **name).count();
            assert!(made == 1 || (made == 0 && !answered), "{name}: {made} are there");
        }
        assert!(list.as_array().unwrap().len() <= self.interviews.len() + 1);
        rows
    }

    /// Two more candidates who are not there yet.
    pub async fn import_more(&mut self, world: &World) {
        let at = self.imports.len();
        self.imports.push(([format!("{:03}", at * 2), format!("{:03}", at * 2 + 1)], false));
        self.import(world).await.expect("nobody kills now");
    }
}

/// An interview that is open now.
pub fn setup(name: &str) -> Value {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_millis() as u64;
    let stage = |name: &str, kind: &str| json!({ "name": name, "kind": kind, "minutes": null });
    let criterion =
        |id: &str, name: &str| json!({ "id": id, "name": name, "weight": 50, "max": 10_000, "min": 0 });
    json!({
        "name": name, "opens_at": now - 1000, "closes_at": now + 3_600_000,
        "stages": [stage("候考", "waiting"), stage("面谈", "interview"), stage("评议", "deliberation"),
            stage("公布", "announcement"), stage("确认", "confirmation")],
        "criteria": [criterion("a", "专业"), criterion("b", "综合")],
    })
}
