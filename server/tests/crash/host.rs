//! The host: leads candidate after candidate through all stages, and does this and that beside it.

use super::{
    audit::Audit,
    member::{Member, SHOWN, Wish},
    seat::Seat,
    world::World,
};
use serde_json::{Value, json};
use std::convert::Infallible;

/// The stages by their index in the setup.
const INTERVIEW: u64 = 1;
const DELIBERATION: u64 = 2;
const ANNOUNCEMENT: u64 = 3;
const CONFIRMATION: u64 = 4;

/// Leads, and never stops.
pub async fn lead(host: &mut Member, world: &World, seat: &mut Seat) -> Option<Infallible> {
    host.again(world, seat, |text| say(json!({ "to": "panel" }), text)).await?;
    loop {
        let Some(wish) = next(&seat.view, host) else {
            let wish = aside(&seat.view, host);
            host.wish(world, seat, wish).await?;
            host.rest(seat, 1, 12).await?;
            continue;
        };
        let (event, known) = (wish.event, wish.detail.clone());
        let (stage, current) = (seat.view["stage"].clone(), seat.view["current"].clone());
        if host.wish(world, seat, wish).await? {
            world.moment.led();
            // What comes next depends on what has become of this.
            let of = |view: &Value| card(view, current.as_str()).cloned().unwrap_or_default();
            match event {
                "called" | "finished" => seat.until(|view| view["current"] != current).await?,
                "stage_entered" | "candidate_stage_entered" => {
                    seat.until(|view| view["stage"] != stage).await?
                }
                "scores_locked" => seat.until(|view| is_locked(view, current.as_str())).await?,
                _ => seat.until(|view| of(view)["result"]["outcome"] == *known).await?,
            }
        }
        host.rest(seat, 1, 12).await?;
    }
}

/// What the current candidate's way asks for, if it is the host's turn.
fn next(view: &Value, host: &mut Member) -> Option<Wish> {
    let Some(seat) = view["current"].as_str() else {
        let ready =
            |card: &&Value| card["step"] == "waiting" && card["result"].is_null() && card["online"] == true;
        let ready = cards(view).iter().find(ready)?["seat"].as_str()?;
        return Some(Wish::new("called", "", json!({ "do": "call", "candidate": ready })));
    };
    let candidate = card(view, Some(seat))?;
    if !candidate["confirmed_at"].is_null() {
        return Some(Wish::new("finished", "", json!({ "do": "finish_candidate" })));
    }
    let stage = match candidate {
        told if !told["result"].is_null() => CONFIRMATION,
        _ if is_locked(view, Some(seat)) => ANNOUNCEMENT,
        scored if scored["submitted"] == 2 => DELIBERATION,
        _ => INTERVIEW,
    };
    if view["stage"] != stage {
        let action = json!({ "do": "go_to_stage", "stage": stage });
        // From the waiting room all go to the first interview; from then on the current candidate goes alone.
        let event = if view["stage_of_all"] == 0 { "stage_entered" } else { "candidate_stage_entered" };
        return Some(Wish::new(event, format!("stage {stage}"), action));
    }
    match stage {
        DELIBERATION => {
            Some(Wish::new("scores_locked", "", json!({ "do": "lock_scores", "candidate": seat })))
        }
        ANNOUNCEMENT => {
            let (outcome, points) = (format!("拟录取 {}", host.text()), host.dice.below(10_000));
            let action = json!({ "do": "publish_result", "candidate": seat, "outcome": outcome,
                "points": points, "remark": "" });
            Some(Wish::new("result_published", outcome, action))
        }
        // The examiners or the candidate are to act.
        _ => None,
    }
}

/// Something beside it.
fn aside(view: &Value, host: &mut Member) -> Wish {
    let text = host.text();
    let cards = cards(view);
    let candidate = match cards.len() {
        0 => Value::Null,
        count => cards[host.dice.below(count as u64) as usize]["seat"].clone(),
    };
    match host.dice.below(6) {
        1 if !candidate.is_null() => say(json!({ "to": "candidate", "candidate": candidate }), &text),
        2 => Wish::new("deferred", "", json!({ "do": "defer", "candidate": candidate })),
        3 => Wish::new("returned", "", json!({ "do": "return", "candidate": candidate })),
        4 => note(candidate, &text),
        5 => {
            let action = json!({ "do": "mute", "seat": candidate, "muted": host.dice.once_in(2) });
            Wish::new("muted", "", action).perhaps()
        }
        _ => say(json!({ "to": "all" }), &text),
    }
}

/// Says something.
pub fn say(audience: Value, text: &str) -> Wish {
    Wish::new("said", text, json!({ "do": "say", "audience": audience, "text": text }))
}

/// Notes an incident.
pub fn note(candidate: Value, text: &str) -> Wish {
    Wish::new("incident_marked", text, json!({ "do": "mark_incident", "candidate": candidate, "note": text }))
}

fn cards(view: &Value) -> &[Value] {
    view["candidates"].as_array().map_or(&[], Vec::as_slice)
}

fn card<'a>(view: &'a Value, seat: Option<&str>) -> Option<&'a Value> {
    cards(view).iter().find(|card| card["seat"].as_str() == seat)
}

fn is_locked(view: &Value, seat: Option<&str>) -> bool {
    view["locked"].as_array().is_some_and(|locked| locked.iter().any(|locked| locked.as_str() == seat))
}

/// What the host sees is what the audit tells.
pub fn check(host: &Member, view: &Value, audit: &Audit, has_password: impl Fn(&str) -> bool) {
    host.reads(view, audit);
    let lines: Vec<&str> =
        view["messages"].as_array().unwrap().iter().map(|line| line["text"].as_str().unwrap()).collect();
    let said = audit.said();
    let newest = |lines: &[&str]| lines[lines.len().saturating_sub(SHOWN)..].join("\n");
    assert_eq!(newest(&lines), newest(&said), "the host reads everything");
    assert_eq!(view["stage"], audit.stage(audit.current()));
    assert_eq!(view["current"].as_str(), audit.current());
    let noted = audit.lines.iter().filter(|line| line.event == "incident_marked").count();
    assert_eq!(view["incidents"].as_array().unwrap().len(), noted);
    for card in cards(view) {
        let seat = card["seat"].as_str().unwrap();
        assert_eq!(card["step"], audit.step(seat, has_password(seat)), "{card}");
        assert_eq!(card["result"]["outcome"].as_str(), audit.last(seat, "result_published"), "{card}");
        assert_eq!(usize::from(!card["confirmed_at"].is_null()), audit.count(seat, "result_confirmed", ""));
        assert_eq!(card["submitted"], audit.count(seat, "scores_submitted", ""), "{card}");
        assert_eq!(usize::from(is_locked(view, Some(seat))), audit.count(seat, "scores_locked", ""));
    }
}
