//! A candidate: walks the path over HTTP from the code to the waiting room, then sits in the room and confirms the result.

use super::{
    audit::Audit,
    browser::{Answer, Browser, good},
    dice::Dice,
    host::say,
    member::{Member, Wish},
    seat::Seat,
    world::{World, is_to},
};
use serde_json::{Value, json};
use std::{collections::BTreeMap, convert::Infallible};

/// The password of those who have one.
pub const PASSWORD: &str = "geheim";
/// What happens once on the path, as the audit tells it.
const STEPS: [(&str, &str); 5] = [
    ("password_passed", ""),
    ("identity_passed", "Sms"),
    ("checked", "Speaker; passed"),
    ("checked", "Microphone; passed"),
    ("checked", "Camera; passed"),
];

/// A candidate over all rounds.
pub struct Candidate {
    pub seat: String,
    pub phone: String,
    pub has_password: bool,
    code: String,
    browser: Browser,
    /// From the waiting room on.
    pub member: Option<Member>,
    /// How often something of the path was answered as done, and how often not at all.
    tallies: BTreeMap<(&'static str, &'static str), (usize, usize)>,
    dice: Dice,
}

impl Candidate {
    /// One that has an invitation: a row of the administrator's list.
    pub fn invited(row: &Value, browser: Browser, dice: Dice) -> Self {
        let text = |name: &str| row[name].as_str().unwrap().to_owned();
        Self {
            seat: text("seat"),
            phone: text("phone"),
            code: text("code"),
            has_password: row["password_set"] == true,
            browser,
            member: None,
            tallies: BTreeMap::new(),
            dice,
        }
    }

    /// Attends until the connection is lost: on the path, or in the room where it sits already.
    pub async fn attend(&mut self, world: &World, seat: Option<Seat>) -> Option<Infallible> {
        let seat = match seat {
            Some(seat) => seat,
            None => self.walk(world).await?,
        };
        self.sit(world, seat).await
    }

    /// To the waiting room, as the pages go: by what the view says.
    async fn walk(&mut self, world: &World) -> Option<Seat> {
        let is_known = self.browser.cookies().next().is_some();
        let mut view = match is_known {
            true => self.browser.seen("/api/candidate").await?,
            false => {
                let body = json!({ "code": self.code });
                self.step(world, ("entered", ""), "/api/candidate/invitation", &body).await?
            }
        };
        loop {
            view = match view["step"].as_str().unwrap() {
                "password" => {
                    let body = json!({ "password": PASSWORD });
                    self.step(world, STEPS[0], "/api/candidate/password", &body).await?
                }
                "identity" if view["sms"].is_null() => {
                    self.step(world, ("sms_sent", ""), "/api/candidate/identity/send", &json!({})).await?
                }
                "identity" => {
                    let body = json!({ "code": world.sms_code(&self.phone).await? });
                    self.step(world, STEPS[1], "/api/candidate/identity/verify", &body).await?
                }
                check @ ("speaker" | "microphone" | "camera") => {
                    let event = STEPS[2 + usize::from(check != "speaker") + usize::from(check == "camera")];
                    let body = json!({ "passed": true, "device": "test" });
                    self.step(world, event, &format!("/api/candidate/checks/{check}"), &body).await?
                }
                "waiting" | "admitted" => break,
                other => panic!("a candidate is at {other}"),
            };
        }
        let token = good(self.browser.post("/api/candidate/seat", &json!({})).await?);
        let mut member = Member::new(&self.seat, token["token"].as_str().unwrap(), self.dice.another());
        let seat = member.enter(&world.base).await?;
        self.member = Some(member);
        Some(seat)
    }

    /// One step of the path, counted whether it is answered or not; the view after it.
    async fn step(
        &mut self,
        world: &World,
        event: (&'static str, &'static str),
        path: &str,
        body: &Value,
    ) -> Option<Value> {
        self.tallies.entry(event).or_default().1 += 1;
        let sent = world.moment.sent();
        let answer: Answer = self.browser.post(path, body).await?;
        world.moment.answered(sent);
        let tally = self.tallies.entry(event).or_default();
        *tally = (tally.0 + 1, tally.1 - 1);
        Some(good(answer))
    }

    /// Waits for the turn and the result, with words and a hand in between.
    async fn sit(&mut self, world: &World, mut seat: Seat) -> Option<Infallible> {
        let member = self.member.as_mut().expect("who sits is a member");
        let seat = &mut seat;
        let own = json!({ "to": "candidate", "candidate": member.seat });
        member.again(world, seat, |text| say(own.clone(), text)).await?;
        loop {
            if seat.view["may_confirm"] == true {
                let seen = seat.view["result"]["published_at"].clone();
                let action = json!({ "do": "confirm", "published_at": seen });
                // Asked once more after a kill, it may stand already while the view is not told yet.
                let wish = Wish::new("result_confirmed", "", action).perhaps();
                assert!(member.wish(world, seat, wish).await?, "a result that is shown can be confirmed");
                seat.until(|view| !view["confirmed_at"].is_null()).await?;
            }
            let text = member.text();
            let wish = match member.dice.below(3) {
                0 => {
                    let raised = seat.view["hand"] != true;
                    let action = json!({ "do": "raise_hand", "raised": raised });
                    // A new stage takes all hands down.
                    Wish::new("hand_raised", if raised { "up" } else { "down" }, action).perhaps()
                }
                _ => say(own.clone(), &text),
            };
            member.wish(world, seat, wish).await?;
            member.rest(seat, 15, 250).await?;
        }
    }

    /// Back after a kill: the path is where the audit says; who sits gets the seat again, with all that was known.
    pub async fn back(&mut self, base: &str, audit: &Audit, outbox: &Value) -> Option<Seat> {
        let step = audit.step(&self.seat, self.has_password);
        for (event, detail) in STEPS.into_iter().chain([("entered", ""), ("sms_sent", "")]) {
            let (answered, missing) = self.tallies.get(&(event, detail)).copied().unwrap_or_default();
            let count = audit.count(&self.seat, event, detail);
            let once = !["entered", "sms_sent"].contains(&event);
            let most = if once { 1.min(answered + missing) } else { answered + missing };
            assert!(
                (answered.min(most)..=most).contains(&count),
                "{event} {detail} of {}: {count}",
                self.seat
            );
        }
        // Each SMS is stored with its event, or neither is.
        let sent = |what: &str| {
            let to = |message: &&Value| is_to(message, &self.phone);
            let texts =
                outbox.as_array().unwrap().iter().filter(to).filter_map(|message| message["text"].as_str());
            texts.filter(|text| text.contains(what)).count()
        };
        assert_eq!(sent("验证码"), audit.count(&self.seat, "sms_sent", ""));
        assert_eq!(sent("邀请码"), audit.count(&self.seat, "invited", ""));
        self.browser.cookies().next()?;
        let view = self.browser.seen("/api/candidate").await.expect("nobody kills now");
        assert_eq!(
            (&view["seat"], &view["step"]),
            (&json!(self.seat), &json!(step)),
            "the cookie leads back"
        );
        let member = self.member.as_mut()?;
        let seat = member.enter(base).await.expect("nobody kills now");
        let view = &seat.view;
        member.reads(view, audit);
        assert_eq!(view["step"], step);
        assert_eq!(view["stage"], audit.stage(Some(&self.seat)));
        assert_eq!(view["current"] == true, audit.current() == Some(self.seat.as_str()));
        assert_eq!(view["result"]["outcome"].as_str(), audit.last(&self.seat, "result_published"));
        let confirmed = audit.count(&self.seat, "result_confirmed", "");
        assert_eq!(usize::from(!view["confirmed_at"].is_null()), confirmed, "confirmed once or not at all");
        Some(seat)
    }
}
