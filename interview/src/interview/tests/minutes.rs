//! The minutes: what an institution files of a day, and nothing that is not its business.

use super::*;
use crate::NetworkEvent;
use crate::{MinutesCandidate, MinutesEvent, Trouble, limit, redact};

fn minutes(desk: &Desk) -> crate::Minutes {
    desk.interview.minutes(&desk.records)
}

fn of(desk: &Desk, seat: SeatId) -> MinutesCandidate {
    minutes(desk).candidates.into_iter().find(|candidate| candidate.seat == seat).unwrap()
}

fn kinds(candidate: &MinutesCandidate) -> Vec<String> {
    let lines = serde_json::to_value(&candidate.lines).unwrap();
    lines.as_array().unwrap().iter().map(|line| line["what"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_day_is_told_in_order_with_who_did_what() {
    let mut desk = Desk::waiting();
    desk.administer(AdministratorAction::SetChair { seat: HOST, chair: true }).unwrap();
    desk.interview(A, 9000);
    desk.publish(A, "拟录取").unwrap();
    let withdrawn = SeatAction::WithdrawResult { candidate: A, reason: "mistyped".to_owned() };
    desk.seat(HOST, withdrawn).unwrap();
    desk.publish(A, "候补").unwrap();
    desk.go_to(StageKind::Confirmation);
    desk.seat(A, SeatAction::Confirm { published_at: None, revision: None }).unwrap();
    let told = minutes(&desk);
    assert_eq!((told.time_zone.as_str(), told.candidates.len()), ("Asia/Shanghai", 2));
    assert_eq!(told.stages.last().map(|stage| stage.name.as_str()), Some("Confirmation"));
    let host = told.staff.iter().find(|staff| staff.chair).unwrap();
    assert!(host.role == Role::Host && host.first_act < host.last_act, "{host:?}");
    let candidate = of(&desk, A);
    assert_eq!(
        kinds(&candidate),
        [
            "entered",
            "identified",
            "checked",
            "checked",
            "checked",
            "called",
            "stage_entered",
            "finished",
            "published",
            "stage_entered",
            "withdrawn",
            "published",
            "confirmed"
        ]
    );
    let identified = &candidate.lines[1];
    assert_eq!(identified.by, host.name);
    let reason = Some("known".to_owned());
    assert_eq!(identified.what, MinutesEvent::Identified { method: crate::Method::Override, reason });
    assert_eq!(candidate.scores.len(), 2);
    assert_eq!((candidate.mean, candidate.scores[0].total), (Some(Points(8600)), Points(8600)));
    let result = candidate.result.unwrap();
    assert_eq!((result.outcome.as_str(), result.confirmed_at), ("候补", Some(desk.now)));
    assert_eq!(of(&desk, B).result, None);
}

#[test]
fn what_is_private_is_not_in_the_minutes() {
    let mut desk = Desk::waiting();
    desk.go_to(StageKind::Interview);
    desk.seat(HOST, SeatAction::Call { candidate: A }).unwrap();
    let points = [("c1".parse().unwrap(), Points(9876)), ("c2".parse().unwrap(), Points(9876))].into();
    let remark = "SECRET-REMARK".to_owned();
    desk.seat(EXAMINER, SeatAction::SaveScores { candidate: A, points, remark }).unwrap();
    desk.seat(EXAMINER, SeatAction::SubmitScores { candidate: A }).unwrap();
    let (outcome, remark) = ("SECRET-DRAFT".to_owned(), String::new());
    desk.seat(HOST, SeatAction::DraftResult { candidate: A, outcome, points: None, remark }).unwrap();
    desk.seat(HOST, say(Audience::Panel, "SECRET-WORD")).unwrap();
    let json = serde_json::to_string(&minutes(&desk)).unwrap();
    for secret in ["SECRET", "9876", "13812345678", "5678", "USB", &code(A).to_string()] {
        assert!(!json.contains(secret), "{secret} in {json}");
    }
    // What one examiner gave is told once all have handed in.
    assert!(of(&desk, A).scores.is_empty());
}

#[test]
fn breaks_of_the_connection_are_told_and_many_of_them_are_counted() {
    let mut desk = Desk::waiting();
    for _ in 0..limit::MINUTES_LINES + 5 {
        let (from, until) = (desk.now, desk.now.plus(1));
        let event = NetworkEvent::NetworkTroubled {
            seat: A,
            from,
            until,
            worst: Trouble::Interrupted,
            cut_off: false,
        }
        .into();
        let command = format!("trouble-{}", desk.records.len()).parse().unwrap();
        desk.records.push(Record { at: until, by: Actor::System, command, event });
    }
    let candidate = of(&desk, A);
    let troubles = kinds(&candidate).iter().filter(|kind| *kind == "trouble").count();
    assert_eq!((troubles, candidate.omitted), (limit::MINUTES_LINES, 5));
    let interrupted =
        |line: &crate::MinutesLine| matches!(line.what, MinutesEvent::Trouble { interrupted: true, .. });
    assert!(candidate.lines.iter().any(interrupted));
}

#[test]
fn an_incident_stands_with_its_candidate_or_with_the_interview_and_a_patrol_is_not_named() {
    let mut desk = Desk::waiting();
    let note = |candidate, note: &str| SeatAction::MarkIncident { candidate, note: note.to_owned() };
    desk.seat(EXAMINER, note(Some(A), "a voice in the room")).unwrap();
    desk.seat(PATROL, note(None, "the door stood open")).unwrap();
    let candidate = of(&desk, A);
    let line = candidate.lines.last().unwrap();
    assert_eq!(line.what, MinutesEvent::Incident { note: "a voice in the room".to_owned() });
    assert!(!line.by.is_empty());
    let told = minutes(&desk);
    assert_eq!(told.incidents.len(), 1);
    assert_eq!(told.incidents[0].by, "");
}

#[test]
fn who_is_erased_stays_erased() {
    let mut desk = Desk::waiting();
    desk.interview(A, 9000);
    desk.publish(A, "拟录取").unwrap();
    desk.go_to(StageKind::End);
    let number = "1".to_owned();
    desk.administer(AdministratorAction::ErasePerson { seat: A, number, keep_result: false }).unwrap();
    redact(&mut desk.records);
    desk.interview = Interview::fold(desk.records.clone()).unwrap();
    let json = serde_json::to_string(&of(&desk, A)).unwrap();
    for gone in ["考生1", "known", "拟录取", "8750"] {
        assert!(!json.contains(gone), "{gone} in {json}");
    }
    assert!(json.contains(crate::ERASED));
}
