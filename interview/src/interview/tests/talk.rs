//! Who writes to whom, and incidents.

use super::*;
use crate::{Basics, ChatPart, Effect, PanelView, limit};

/// What a seat can read.
fn read(desk: &Desk, seat: SeatId) -> Vec<String> {
    desk.interview.chat(seat, None).lines.into_iter().map(|line| line.text).collect()
}

#[test]
fn a_host_writes_to_all_to_the_panel_and_to_one() {
    let mut desk = Desk::waiting();
    desk.seat(HOST, say(Audience::All, "all")).unwrap();
    desk.seat(HOST, say(Audience::Panel, "panel")).unwrap();
    desk.seat(HOST, say(Audience::Candidate { candidate: A }, "one")).unwrap();
    assert_eq!(read(&desk, A), ["all", "one"]);
    assert_eq!(read(&desk, B), ["all"]);
    assert_eq!(read(&desk, EXAMINER), ["all", "panel"]);
    assert_eq!(read(&desk, PATROL), ["all", "panel"]);
    assert_eq!(read(&desk, HOST), ["all", "panel", "one"]);
    let line = desk.interview.chat(A, None).lines[0].clone();
    assert_eq!((line.from, line.from_role, line.at > Time(0)), (HOST, Role::Host, true));
}

#[test]
fn a_candidate_writes_to_the_host_and_to_the_panel_only_when_with_it() {
    let mut desk = Desk::waiting();
    desk.go_to(StageKind::Interview);
    desk.seat(HOST, SeatAction::Call { candidate: A }).unwrap();
    desk.seat(B, say(Audience::Candidate { candidate: B }, "help")).unwrap();
    assert_eq!((read(&desk, HOST), read(&desk, EXAMINER)), (vec!["help".to_owned()], vec![]));
    assert!(matches!(desk.seat(B, say(Audience::All, "x")), Err(Refused::NotNow(_))));
    assert_eq!(desk.seat(B, say(Audience::Panel, "x")), Err(Refused::Forbidden));
    assert_eq!(desk.seat(B, say(Audience::Candidate { candidate: A }, "x")), Err(Refused::Forbidden));
    desk.seat(A, say(Audience::All, "question")).unwrap();
    assert_eq!(read(&desk, EXAMINER), ["question"]);
    assert_eq!((read(&desk, A), read(&desk, B)), (vec!["question".to_owned()], vec!["help".to_owned()]));
    desk.go_to(StageKind::Deliberation);
    assert!(matches!(desk.seat(A, say(Audience::All, "x")), Err(Refused::NotNow(_))));
    desk.seat(EXAMINER, say(Audience::All, "among us")).unwrap();
    assert_eq!(read(&desk, A), ["question"]);
}

#[test]
fn what_an_examiner_says_reaches_the_candidates_who_are_with_the_panel() {
    let mut desk = Desk::waiting();
    desk.go_to(StageKind::Interview);
    desk.seat(HOST, SeatAction::Call { candidate: A }).unwrap();
    desk.seat(EXAMINER, say(Audience::All, "first")).unwrap();
    desk.go_to(StageKind::Briefing);
    desk.seat(EXAMINER, say(Audience::All, "second")).unwrap();
    assert_eq!((read(&desk, A).len(), read(&desk, B)), (2, vec!["second".to_owned()]));
    // No candidate reads another, not even where all are together.
    desk.seat(A, say(Audience::All, "third")).unwrap();
    assert_eq!((read(&desk, EXAMINER).len(), read(&desk, B).len()), (3, 1));
    let one = say(Audience::Candidate { candidate: A }, "x");
    assert_eq!(desk.seat(EXAMINER, one), Err(Refused::Forbidden));
}

#[test]
fn lines_are_no_part_of_a_view_and_are_told_from_where_a_seat_has_read() {
    let mut desk = Desk::waiting();
    let before = desk.panel(HOST);
    for text in ["one", "two", "three"] {
        let decision = desk.seat(A, say(Audience::Candidate { candidate: A }, text)).unwrap();
        assert_eq!(decision.effects, [Effect::Chat]);
    }
    let now = before.common.now;
    let view = desk.panel(HOST);
    assert_eq!(PanelView { common: Basics { now, ..view.common.clone() }, ..view }, before);
    let all = desk.interview.chat(HOST, None);
    let first = &all.lines[0].id;
    let since = desk.interview.chat(HOST, Some(first));
    assert_eq!((since.lines.len(), since.before.as_ref()), (2, Some(first)));
    assert_eq!(desk.interview.earlier_chat(HOST, &since.lines[1].id).lines, all.lines[..2]);
    assert_eq!(desk.interview.earlier_chat(HOST, "no number"), ChatPart::default());
    assert_eq!(desk.interview.earlier_chat(B, &since.lines[1].id), ChatPart::default());
}

#[test]
fn a_candidate_who_writes_without_end_is_told_when_to_go_on_and_hinders_nobody() {
    let mut desk = Desk::waiting();
    let line = |candidate| say(Audience::Candidate { candidate }, &"x".repeat(limit::LINE));
    let most = limit::writing(Role::Candidate).a_minute;
    let first = desk.now;
    for _ in 0..most {
        desk.seat(A, line(A)).unwrap();
    }
    let Err(Refused::TooFast { again_at }) = desk.seat(A, line(A)) else { panic!("not refused") };
    assert!(again_at > first.plus(limit::MINUTE - 1) && again_at <= desk.now.plus(limit::MINUTE));
    desk.seat(B, line(B)).unwrap();
    desk.seat(HOST, say(Audience::Candidate { candidate: A }, "slowly")).unwrap();
    desk.now = again_at;
    desk.seat(A, line(A)).unwrap();
}

#[test]
fn a_line_says_something_and_not_too_much() {
    let mut desk = Desk::waiting();
    assert_eq!(desk.seat(HOST, say(Audience::All, " \u{0} ")), Err(Refused::TextEmpty));
    let longest = "谈".repeat(limit::LINE);
    desk.seat(HOST, say(Audience::All, &longest)).unwrap();
    assert_eq!(
        desk.seat(HOST, say(Audience::All, &(longest + "谈"))),
        Err(Refused::TextTooLong(limit::LINE))
    );
}

#[test]
fn an_incident_is_noted_by_the_staff_and_seen_by_it() {
    let mut desk = Desk::waiting();
    let mark = |candidate| SeatAction::MarkIncident { candidate, note: "离开画面".to_owned() };
    desk.seat(PATROL, mark(Some(A))).unwrap();
    assert_eq!(desk.seat(PATROL, mark(Some(HOST))), Err(Refused::CandidateUnknown));
    assert_eq!(desk.seat(A, mark(None)), Err(Refused::Forbidden));
    let incidents = desk.panel(EXAMINER).incidents;
    assert_eq!(
        (incidents.len(), incidents[0].candidate, incidents[0].at),
        (1, Some(A), desk.records.last().unwrap().at)
    );
    // A patrol stands on no list: the panel reads that it was one, the audit reads which.
    for seat in [EXAMINER, HOST, PATROL] {
        let view = desk.panel(seat);
        assert_eq!((view.incidents[0].by_role, view.incidents[0].by_name.as_str()), (Role::Patrol, ""));
        assert!(
            seat == PATROL || !serde_json::to_string(&view).unwrap().contains(&format!("Patrol {PATROL}"))
        );
    }
    let marked = desk.records.last().unwrap();
    assert_eq!(desk.interview.audit(1, marked).who, format!("Patrol {PATROL}"));
    desk.seat(EXAMINER, mark(None)).unwrap();
    let own = &desk.panel(HOST).incidents[1];
    assert_eq!(
        (own.by_role, own.by_name.as_str()),
        (Role::Examiner, format!("Examiner {EXAMINER}").as_str())
    );
}
