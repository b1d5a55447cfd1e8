//! Results: what stands in their way, drafts, withdrawal, correction, confirmation.

use super::*;
use crate::{DraftSeen, Gate, Withdrawal};

fn publish_beyond(desk: &mut Desk, by: SeatId, reason: &str) -> Result<Decision, Refused> {
    let (outcome, points, remark) = ("拟录取".to_owned(), None, String::new());
    let beyond = Some(reason.to_owned());
    desk.seat(by, SeatAction::PublishResult { candidate: A, outcome, points, remark, beyond })
}

fn draft(desk: &mut Desk, candidate: SeatId, outcome: &str) -> Result<Decision, Refused> {
    let (outcome, points, remark) = (outcome.to_owned(), Some(Points(8600)), String::new());
    desk.seat(HOST, SeatAction::DraftResult { candidate, outcome, points, remark })
}

fn together(desk: &mut Desk, drafts: &[(SeatId, u32)]) -> Result<Decision, Refused> {
    let seen =
        |(candidate, revision): &(SeatId, u32)| DraftSeen { candidate: *candidate, revision: *revision };
    desk.seat(HOST, SeatAction::PublishDrafts { drafts: drafts.iter().map(seen).collect() })
}

fn withdraw(desk: &mut Desk) -> Result<Decision, Refused> {
    desk.seat(HOST, SeatAction::WithdrawResult { candidate: A, reason: "mistyped".to_owned() })
}

fn correct(desk: &mut Desk, outcome: &str) -> Result<Decision, Refused> {
    let (outcome, points, remark) = (outcome.to_owned(), None, String::new());
    let reason = "added up wrongly".to_owned();
    desk.seat(HOST, SeatAction::CorrectResult { candidate: A, outcome, points, remark, reason })
}

fn confirm(desk: &mut Desk, published_at: Option<Time>, revision: Option<u32>) -> Result<Decision, Refused> {
    desk.seat(A, SeatAction::Confirm { published_at, revision })
}

fn gates(desk: &Desk) -> Vec<Gate> {
    desk.panel(HOST).candidates.iter().find(|card| card.seat == A).unwrap().gates.clone()
}

fn card(desk: &Desk, reader: SeatId, seat: SeatId) -> crate::CandidateCard {
    desk.panel(reader).candidates.into_iter().find(|card| card.seat == seat).unwrap()
}

#[test]
fn each_gate_alone_refuses_and_says_so() {
    let mut desk = Desk::waiting();
    assert_eq!(gates(&desk), [Gate::NotInterviewed, Gate::SheetsMissing]);
    assert_eq!(desk.publish(A, "拟录取"), Err(Refused::ResultNotInterviewed));
    // Called and sent back is no interview; neither is one that was broken off by a step back.
    desk.go_to(StageKind::Interview);
    desk.seat(HOST, SeatAction::Call { candidate: A }).unwrap();
    desk.go_to(StageKind::Briefing);
    desk.go_to(StageKind::Interview);
    desk.seat(HOST, SeatAction::SendBack {}).unwrap();
    assert_eq!(gates(&desk), [Gate::NotInterviewed, Gate::SheetsMissing]);

    desk.seat(HOST, SeatAction::Call { candidate: A }).unwrap();
    desk.go_to(StageKind::Deliberation);
    assert_eq!(gates(&desk), [Gate::SheetsMissing, Gate::InSession]);
    assert_eq!(desk.publish(A, "拟录取"), Err(Refused::ResultSheetsMissing));
    for examiner in [EXAMINER, SECOND] {
        let points = ["c1", "c2"].map(|id| (id.parse().unwrap(), Points(8000))).into();
        let remark = String::new();
        desk.seat(examiner, SeatAction::SaveScores { candidate: A, points, remark }).unwrap();
        desk.seat(examiner, SeatAction::SubmitScores { candidate: A }).unwrap();
    }
    assert_eq!(gates(&desk), [Gate::InSession]);
    assert_eq!(desk.publish(A, "拟录取"), Err(Refused::ResultInSession));
    desk.go_to(StageKind::Announcement);
    assert_eq!(gates(&desk), []);
    desk.publish(A, "拟录取").unwrap();
    assert_eq!(desk.candidate(A).result.unwrap().outcome, "拟录取");
    assert!(card(&desk, HOST, A).interviewed_at.is_some());
}

#[test]
fn an_interview_without_examiners_or_without_interviews_asks_for_neither() {
    let mut desk = Desk::waiting();
    for seat in [EXAMINER, SECOND] {
        desk.seat(HOST, SeatAction::Remove { seat, reason: "ill".to_owned() }).unwrap();
    }
    assert_eq!(gates(&desk), [Gate::NotInterviewed]);
    let mut talks = setup();
    talks.stages.retain(|stage| stage.kind != StageKind::Interview);
    desk.administer(AdministratorAction::Change(talks)).unwrap();
    desk.seat(HOST, SeatAction::Call { candidate: A }).unwrap();
    desk.seat(HOST, SeatAction::FinishCandidate {}).unwrap();
    assert_eq!(gates(&desk), []);
}

#[test]
fn a_chair_goes_past_a_gate_with_a_reason_that_stands_in_the_audit() {
    let mut desk = Desk::waiting();
    let (second, account, name) = (SeatId(0x21), String::new(), "secretary".to_owned());
    desk.administer(AdministratorAction::AddStaff { seat: second, account, name, role: Role::Host }).unwrap();
    assert!(
        desk.panel(HOST).is_chair && desk.panel(second).is_chair,
        "where none is marked every host is one"
    );
    // An examiner may be a chair, and goes past a gate only while leading.
    desk.administer(AdministratorAction::SetChair { seat: EXAMINER, chair: true }).unwrap();
    let patrol = desk.administer(AdministratorAction::SetChair { seat: PATROL, chair: true });
    assert_eq!(patrol, Err(Refused::NotFound("host or examiner")));
    for seat in [EXAMINER, PATROL] {
        assert!(!desk.panel(seat).is_chair);
    }
    assert!(desk.panel(second).is_chair, "of the hosts none is marked");
    desk.administer(AdministratorAction::SetChair { seat: EXAMINER, chair: false }).unwrap();
    desk.administer(AdministratorAction::SetChair { seat: HOST, chair: true }).unwrap();
    let again = desk.administer(AdministratorAction::SetChair { seat: HOST, chair: true }).unwrap();
    assert_eq!(again.records, []);
    assert!(desk.panel(HOST).is_chair && !desk.panel(second).is_chair);
    assert!(desk.panel(PATROL).panel.iter().all(|member| member.chair == (member.seat == HOST)));
    assert_eq!(publish_beyond(&mut desk, second, "in a hurry"), Err(Refused::ChairOnly));
    assert_eq!(publish_beyond(&mut desk, HOST, " "), Err(Refused::TextEmpty));
    assert_eq!(desk.candidate(A).result, None);
    publish_beyond(&mut desk, HOST, "decided by the committee").unwrap();
    assert_eq!(desk.candidate(A).result.unwrap().outcome, "拟录取");
    // With it they are told that they may confirm it in writing.
    let [published, moved] = desk.records.last_chunk().unwrap();
    assert_eq!((moved.event.name(), moved.event.seat()), ("candidate_stage_entered", Some(A)));
    let line = desk.interview.audit(1, published);
    let wanted = "拟录取; beyond [NotInterviewed, SheetsMissing]; decided by the committee";
    assert_eq!((line.event, line.detail.as_str()), ("result_published", wanted));
    // With the mark taken away there is none, and every host is one again.
    desk.administer(AdministratorAction::SetChair { seat: HOST, chair: false }).unwrap();
    assert!(desk.panel(second).is_chair);
}

#[test]
fn where_nothing_stands_in_the_way_a_reason_is_not_kept() {
    let mut desk = Desk::waiting();
    desk.interview(A, 9000);
    publish_beyond(&mut desk, HOST, "").unwrap();
    let [published, _] = desk.records.last_chunk().unwrap();
    assert!(
        matches!(&published.event, Event::ResultPublished { beyond: None, gates, .. } if gates.is_empty())
    );
}

#[test]
fn a_result_is_withdrawn_until_it_is_confirmed_and_goes_on_as_a_draft() {
    let mut desk = Desk::waiting();
    desk.interview(A, 9000);
    assert_eq!(withdraw(&mut desk), Err(Refused::ResultMissing));
    desk.publish(A, "拟录取").unwrap();
    let seen = desk.candidate(A).result.unwrap();
    withdraw(&mut desk).unwrap();
    let view = desk.candidate(A);
    assert_eq!((view.result, view.result_withdrawn_at, view.may_confirm), (None, Some(desk.now), false));
    assert_eq!(card(&desk, HOST, A).draft.unwrap().verdict.outcome, "拟录取");
    assert_eq!(card(&desk, EXAMINER, A).draft, None);
    let taken_back = Withdrawal { at: desk.now, reason: "mistyped".to_owned() };
    assert_eq!(card(&desk, HOST, A).withdrawn, Some(taken_back));
    assert_eq!([card(&desk, EXAMINER, A), card(&desk, HOST, B)].map(|card| card.withdrawn), [None, None]);
    desk.go_to(StageKind::Confirmation);
    assert_eq!(confirm(&mut desk, Some(seen.published_at), None), Err(Refused::ResultMissing));
    desk.publish(A, "拟录取").unwrap();
    assert_eq!(desk.candidate(A).result_withdrawn_at, None);
    assert_eq!(card(&desk, HOST, A).withdrawn, None);
    assert_eq!(confirm(&mut desk, None, Some(seen.revision)), Err(Refused::ResultMissing));
    confirm(&mut desk, None, Some(seen.revision + 1)).unwrap();
    assert_eq!(withdraw(&mut desk), Err(Refused::ResultConfirmed));
    assert_eq!(desk.publish(A, "不录取"), Err(Refused::ResultConfirmed));
    assert_eq!(desk.publish(A, "拟录取").unwrap().records, [], "a retry finds it done");
}

#[test]
fn a_correction_has_a_reason_and_is_confirmed_anew_in_any_stage() {
    let mut desk = Desk::waiting();
    desk.interview(A, 9000);
    desk.publish(A, "拟录取").unwrap();
    assert_eq!(correct(&mut desk, "候补"), Err(Refused::ResultNotConfirmed));
    desk.go_to(StageKind::Confirmation);
    let first = desk.candidate(A).result.unwrap();
    confirm(&mut desk, Some(first.published_at), Some(first.revision)).unwrap();
    desk.go_to(StageKind::End);
    correct(&mut desk, "候补").unwrap();
    let view = desk.candidate(A);
    let told = view.result.unwrap();
    assert_eq!((told.outcome.as_str(), told.correction.as_deref()), ("候补", Some("added up wrongly")));
    assert_eq!((view.confirmed_at, view.may_confirm), (None, true));
    // Whoever says yes once more to what is known no longer says yes to this.
    assert_eq!(confirm(&mut desk, None, None), Err(Refused::ResultMissing));
    assert_eq!(confirm(&mut desk, None, Some(first.revision)), Err(Refused::ResultMissing));
    confirm(&mut desk, Some(told.published_at), Some(told.revision)).unwrap();
    assert_eq!(correct(&mut desk, "候补").unwrap().records, []);
    let line = desk.interview.audit(1, desk.records.iter().rev().nth(1).unwrap());
    assert_eq!((line.event, line.detail.as_str()), ("result_corrected", "候补; added up wrongly"));
}

#[test]
fn drafts_are_told_together_as_they_were_seen_or_not_at_all() {
    let mut desk = Desk::waiting();
    draft(&mut desk, A, "拟录取").unwrap();
    assert_eq!(draft(&mut desk, A, "拟录取").unwrap().records, []);
    draft(&mut desk, B, "候补").unwrap();
    assert_eq!(together(&mut desk, &[(A, 1), (B, 1)]), Err(Refused::ResultNotInterviewed));
    desk.interview(A, 9000);
    assert_eq!(together(&mut desk, &[(A, 1), (B, 1)]), Err(Refused::ResultNotInterviewed));
    desk.interview(B, 8000);
    draft(&mut desk, B, "不录取").unwrap();
    for stale in [&[(A, 1), (B, 1)][..], &[(A, 2)], &[(A, 1), (A, 1)]] {
        assert_eq!(together(&mut desk, stale), Err(Refused::ResultsChanged), "{stale:?}");
    }
    assert_eq!((desk.candidate(A).result, desk.candidate(B).result), (None, None));
    assert_eq!(together(&mut desk, &[]).unwrap().records, []);
    assert_eq!(together(&mut desk, &[(A, 1), (B, 2)]).unwrap().records.len(), 4);
    let told = [A, B].map(|seat| desk.candidate(seat).result.unwrap().outcome);
    assert_eq!(told, ["拟录取", "不录取"]);
    assert_eq!(card(&desk, HOST, A).draft, None, "what was prepared has served");
    assert_eq!(together(&mut desk, &[(A, 1)]), Err(Refused::ResultsChanged));

    draft(&mut desk, A, "候补").unwrap();
    desk.seat(HOST, SeatAction::DropDraft { candidate: A }).unwrap();
    assert_eq!(desk.seat(HOST, SeatAction::DropDraft { candidate: A }).unwrap().records, []);
    assert_eq!(desk.candidate(A).result.unwrap().outcome, "拟录取");
}

#[test]
fn a_result_is_confirmed_once_in_its_stage_by_who_has_seen_it() {
    let mut desk = Desk::waiting();
    desk.interview(A, 9000);
    assert!(matches!(confirm(&mut desk, None, None), Err(Refused::NotNow(_))));
    desk.go_to(StageKind::Confirmation);
    assert_eq!(confirm(&mut desk, None, None), Err(Refused::ResultMissing));
    desk.publish(A, "待定").unwrap();
    let first = desk.candidate(A).result.unwrap();
    desk.publish(A, "拟录取").unwrap();
    let second = desk.candidate(A).result.unwrap();
    assert_eq!((second.outcome.as_str(), second.points), ("拟录取", Some(Points(8750))));
    assert_eq!(desk.candidate(B).result, None);
    assert_eq!(confirm(&mut desk, Some(first.published_at), None), Err(Refused::ResultMissing));
    assert!(desk.candidate(A).may_confirm && !desk.candidate(B).may_confirm);
    confirm(&mut desk, Some(second.published_at), None).unwrap();
    let confirmed_at = desk.candidate(A).confirmed_at;
    assert_eq!((confirmed_at, desk.candidate(A).may_confirm), (Some(desk.now), false));
    desk.go_to(StageKind::End);
    assert_eq!(confirm(&mut desk, None, None).unwrap().records, []);
    assert_eq!(desk.panel(EXAMINER).candidates[0].confirmed_at, confirmed_at);
}
