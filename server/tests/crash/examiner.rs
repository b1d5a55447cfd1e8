//! An examiner: keeps the current candidate's sheet some times, hands it in, and says and notes things. A patrol notes only.

use super::{
    audit::Audit,
    host::{note, say},
    member::{Answer, Member, Wish},
    seat::Seat,
    world::World,
};
use serde_json::{Value, json};
use std::{collections::BTreeMap, convert::Infallible};

/// How often a sheet is kept before it is handed in.
const DRAFTS: usize = 3;

/// What was ever to be kept: by its remark, of whom, and the points of both criteria.
pub type Drafts = BTreeMap<String, (String, [u64; 2])>;

/// Examines, and never stops.
pub async fn examine(
    member: &mut Member,
    drafts: &mut Drafts,
    world: &World,
    seat: &mut Seat,
) -> Option<Infallible> {
    member.again(world, seat, |text| say(json!({ "to": "panel" }), text)).await?;
    loop {
        let current = seat.view["current"].as_str().filter(|of| !has_submitted(&seat.view, of, &member.seat));
        let Some(candidate) = current.map(str::to_owned) else {
            let text = member.text();
            let wish = match member.dice.below(3) {
                0 => note(Value::Null, &text),
                _ => say(json!({ "to": "panel" }), &text),
            };
            member.wish(world, seat, wish).await?;
            member.rest(seat, 10, 100).await?;
            continue;
        };
        let by = format!("by {}", member.seat);
        let kept = drafts.values().filter(|(of, _)| *of == candidate).count();
        if kept < DRAFTS {
            let (remark, points) = (member.text(), [member.dice.below(10_000), member.dice.below(10_000)]);
            drafts.insert(remark.clone(), (candidate.clone(), points));
            let action = json!({ "do": "save_scores", "candidate": candidate, "remark": remark,
                "points": { "a": points[0], "b": points[1] } });
            member.wish(world, seat, Wish::new("scores_saved", by, action)).await?;
        } else {
            let action = json!({ "do": "submit_scores", "candidate": candidate });
            let wish = Wish::new("scores_submitted", by, action);
            assert!(member.wish(world, seat, wish).await?, "a sheet that was kept can be handed in");
            seat.until(|view| has_submitted(view, &candidate, &member.seat)).await?;
        }
        member.rest(seat, 1, 10).await?;
    }
}

/// Watches, and never stops.
pub async fn patrol(member: &mut Member, world: &World, seat: &mut Seat) -> Option<Infallible> {
    member.again(world, seat, |text| note(Value::Null, text)).await?;
    loop {
        member.rest(seat, 10, 60).await?;
        let wish = note(seat.view["current"].clone(), &member.text());
        member.wish(world, seat, wish).await?;
    }
}

fn has_submitted(view: &Value, candidate: &str, examiner: &str) -> bool {
    let who = view["submitted"][candidate].as_array();
    who.is_some_and(|who| who.iter().any(|seat| seat == examiner))
}

/// The own sheets are as they were last kept, and handed in where that was answered.
pub fn check(member: &Member, drafts: &Drafts, view: &Value, audit: &Audit, scores: &str) {
    member.reads(view, audit);
    assert_eq!(view["stage"], audit.stage(audit.current()));
    for sheet in view["sheets"].as_array().unwrap().iter().filter(|sheet| sheet["examiner"] == member.seat) {
        let candidate = sheet["candidate"].as_str().unwrap();
        let remark = sheet["remark"].as_str().unwrap();
        let (of, points) = drafts.get(remark).expect("a sheet that was wanted");
        assert_eq!(of, candidate);
        assert_eq!(sheet["points"], json!({ "a": points[0], "b": points[1] }), "{sheet}");
        let submitted = audit.count(candidate, "scores_submitted", &format!("by {}", member.seat));
        assert_eq!(usize::from(!sheet["submitted_at"].is_null()), submitted, "handed in once or not at all");
        if audit.count(candidate, "scores_submitted", "") == 2 {
            assert_eq!(
                scores.matches(&format!("{remark},")).count(),
                1,
                "{remark} is exported once: {scores}"
            );
        }
    }
    for candidate in drafts.values().map(|(of, _)| of) {
        let kept = |wish: &&Wish| wish.event == "scores_saved" && wish.of() == Some(candidate);
        let mut newest = member.wishes.iter().rev().filter(kept);
        let sheets = view["sheets"].as_array().unwrap().iter();
        let mut own =
            sheets.filter(|sheet| sheet["examiner"] == member.seat && sheet["candidate"] == **candidate);
        let shown = own.next().map(|sheet| sheet["remark"].as_str().unwrap());
        let last = newest.next().expect("it was wanted");
        // What was not answered may be there or not.
        let before = newest.next().filter(|_| last.answer == Answer::Missing);
        let possible = match last.answer {
            Answer::Missing => vec![last.remark(), before.and_then(Wish::remark)],
            _ => vec![last.remark()],
        };
        assert!(possible.contains(&shown), "{shown:?} is shown, {possible:?} was kept last");
    }
}
