//! The host leads candidates through the stages.

use super::*;
use crate::{CloseReason, Effect, Rights, Source};

fn call(candidate: SeatId) -> SeatAction {
    SeatAction::Call { candidate }
}

fn queue(desk: &Desk) -> Vec<(SeatId, Option<u32>)> {
    desk.panel(HOST).candidates.iter().map(|card| (card.seat, card.position)).collect()
}

#[test]
fn candidates_are_called_by_number_one_at_a_time() {
    let mut desk = Desk::waiting();
    desk.go_to(StageKind::Interview);
    assert_eq!((desk.candidate(A).ahead, desk.candidate(B).ahead), (Some(0), Some(1)));
    let called = desk.seat(HOST, SeatAction::CallNext {}).unwrap();
    assert_eq!(called.effects, [Effect::Permissions, Effect::Views]);
    let view = desk.candidate(A);
    assert_eq!((view.step, view.current, view.ahead), (Step::Admitted, true, None));
    assert_eq!(desk.candidate(B).ahead, Some(0));
    for second in [call(B), SeatAction::CallNext {}] {
        assert!(matches!(desk.seat(HOST, second), Err(Refused::NotNow(_))));
    }
    assert_eq!(desk.seat(HOST, call(A)).unwrap().records, []);
    desk.seat(HOST, SeatAction::FinishCandidate {}).unwrap();
    assert_eq!((desk.step(A), desk.panel(HOST).candidates[0].done), (Step::Waiting, true));
    desk.seat(HOST, SeatAction::CallNext {}).unwrap();
    assert_eq!(desk.panel(HOST).current, Some(B));
    desk.seat(HOST, SeatAction::SendBack {}).unwrap();
    assert_eq!(desk.candidate(B).ahead, Some(0));
    assert!(matches!(desk.seat(HOST, SeatAction::SendBack {}), Err(Refused::NotNow(_))));
}

#[test]
fn results_are_announced_to_each_once_more() {
    let mut desk = Desk::waiting();
    desk.go_to(StageKind::Interview);
    for _ in 0..2 {
        desk.seat(HOST, SeatAction::CallNext {}).unwrap();
        desk.seat(HOST, SeatAction::FinishCandidate {}).unwrap();
    }
    assert!(matches!(desk.seat(HOST, SeatAction::CallNext {}), Err(Refused::NotNow(_))));
    desk.go_to(StageKind::Announcement);
    assert_eq!(queue(&desk), [(A, Some(1)), (B, Some(2))]);
    desk.seat(HOST, SeatAction::CallNext {}).unwrap();
    assert_eq!(desk.panel(HOST).current, Some(A));
}

#[test]
fn the_deferred_are_called_last_and_may_return() {
    let mut desk = Desk::waiting();
    desk.seat(HOST, SeatAction::Defer { candidate: A }).unwrap();
    assert_eq!(queue(&desk), [(B, Some(1)), (A, Some(2))]);
    assert!(desk.candidate(A).deferred);
    desk.seat(HOST, SeatAction::Return { candidate: A }).unwrap();
    assert_eq!(queue(&desk), [(A, Some(1)), (B, Some(2))]);
    assert!(matches!(desk.seat(HOST, SeatAction::Return { candidate: A }), Err(Refused::NotNow(_))));
    desk.seat(HOST, call(A)).unwrap();
    assert!(matches!(desk.seat(HOST, SeatAction::Defer { candidate: A }), Err(Refused::NotNow(_))));
}

#[test]
fn only_who_has_all_checks_behind_is_called_and_has_rights() {
    let mut desk = Desk::new();
    desk.go_to(StageKind::Interview);
    assert!(matches!(desk.seat(HOST, call(A)), Err(Refused::NotNow(_))));
    assert!(matches!(desk.seat(HOST, SeatAction::CallNext {}), Err(Refused::NotNow(_))));
    desk.go_to(StageKind::Briefing);
    assert_eq!(desk.interview.rights(A), Rights::default());
    assert!(!desk.interview.may_receive(A, HOST, Source::Microphone));
    desk.bring_in(A);
    assert!(desk.interview.may_receive(A, HOST, Source::Microphone));
}

#[test]
fn stages_are_reached_by_index_and_each_move_is_recorded() {
    let mut desk = Desk::waiting();
    desk.seat(HOST, call(A)).unwrap();
    let before = desk.records.len();
    for stage in [2, 6, 3, 3] {
        desk.seat(HOST, SeatAction::GoToStage { stage }).unwrap();
        let common = desk.candidate(B).common;
        // The others stay where their call begins, while the current one goes on.
        assert_eq!((desk.candidate(A).common.stage, common.stage, common.stage_of_all), (stage, 2, 2));
    }
    assert_eq!(desk.records.len(), before + 3);
    assert_eq!(desk.seat(HOST, SeatAction::GoToStage { stage: 8 }), Err(Refused::NotFound("stage")));
    assert_eq!(desk.panel(HOST).current, Some(A));
    desk.go_to(StageKind::End);
    assert_eq!((desk.panel(HOST).current, desk.step(A)), (None, Step::Waiting));
    assert!(matches!(desk.seat(HOST, call(A)), Err(Refused::NotNow(_))));
}

#[test]
fn in_the_interview_the_panel_and_the_current_candidate_have_each_other() {
    let mut desk = Desk::waiting();
    desk.go_to(StageKind::Interview);
    desk.seat(HOST, call(A)).unwrap();
    let may = |receiver, sender| desk.interview.may_receive(receiver, sender, Source::Microphone);
    for panel in [HOST, EXAMINER, SECOND] {
        assert!(may(A, panel) && may(panel, A) && may(PATROL, panel));
        assert!(!may(B, panel) && !may(panel, B) && !may(panel, PATROL));
    }
    assert!(may(PATROL, A) && !may(A, B) && !may(B, A) && !may(A, A) && !may(A, PATROL));
    assert!(desk.interview.may_receive(HOST, B, Source::Camera));
    assert!(!desk.interview.may_receive(EXAMINER, B, Source::Camera));
    assert!(!desk.interview.may_receive(EXAMINER, A, Source::SecondCamera));
    assert!(!desk.interview.may_receive(EXAMINER, A, Source::Screen));
    assert!(desk.interview.may_receive(A, EXAMINER, Source::Screen));
    desk.go_to(StageKind::Deliberation);
    for panel in [EXAMINER, SECOND, HOST] {
        for source in Source::ALL {
            assert!(!desk.interview.may_receive(A, panel, source));
            assert!(!desk.interview.may_receive(panel, A, source));
        }
    }
    assert!(desk.interview.may_receive(EXAMINER, HOST, Source::Microphone));
}

#[test]
fn the_candidate_who_has_the_word_comes_first_and_nobody_else() {
    let mut desk = Desk::waiting();
    let all = [A, B, HOST, EXAMINER, SECOND, PATROL];
    let first =
        |desk: &Desk| all.into_iter().filter(|seat| desk.interview.comes_first(*seat)).collect::<Vec<_>>();
    assert_eq!(first(&desk), []);
    desk.seat(HOST, SeatAction::Address { candidate: Some(B) }).unwrap();
    assert_eq!(first(&desk), [B]);
    desk.seat(HOST, SeatAction::Address { candidate: None }).unwrap();
    desk.go_to(StageKind::Interview);
    desk.seat(HOST, call(A)).unwrap();
    assert_eq!(first(&desk), [A]);
    desk.seat(HOST, SeatAction::Mute { seat: A, muted: true }).unwrap();
    assert_eq!(first(&desk), [A], "for a moment without a voice");
    desk.go_to(StageKind::Deliberation);
    assert_eq!(first(&desk), []);
}

#[test]
fn a_host_talks_to_one_waiting_candidate() {
    let mut desk = Desk::waiting();
    let address = |candidate| SeatAction::Address { candidate };
    desk.seat(HOST, address(Some(A))).unwrap();
    assert!(desk.candidate(A).addressed);
    assert!(desk.interview.may_receive(A, HOST, Source::Microphone));
    assert!(desk.interview.may_receive(HOST, A, Source::Microphone));
    assert!(!desk.interview.may_receive(A, EXAMINER, Source::Microphone));
    desk.seat(HOST, address(Some(B))).unwrap();
    assert!(!desk.candidate(A).addressed && desk.candidate(B).addressed);
    desk.seat(HOST, address(None)).unwrap();
    assert!(!desk.interview.may_receive(B, HOST, Source::Microphone));
    desk.go_to(StageKind::Deliberation);
    desk.seat(HOST, call(A)).unwrap();
    assert!(matches!(desk.seat(HOST, address(Some(A))), Err(Refused::NotNow(_))));
    desk.go_to(StageKind::Briefing);
    assert!(matches!(desk.seat(HOST, address(Some(B))), Err(Refused::NotNow(_))));
}

#[test]
fn in_a_briefing_a_raised_hand_gets_the_word_until_the_stage_ends() {
    let mut desk = Desk::waiting();
    let word = |given| SeatAction::GiveWord { candidate: A, given };
    assert!(matches!(desk.seat(HOST, word(true)), Err(Refused::NotNow(_))));
    desk.go_to(StageKind::Briefing);
    desk.seat(A, SeatAction::RaiseHand { raised: true }).unwrap();
    assert!(desk.panel(HOST).candidates[0].hand);
    assert!(!desk.interview.may_receive(EXAMINER, A, Source::Microphone));
    desk.seat(HOST, word(true)).unwrap();
    let view = desk.candidate(A);
    assert!(view.has_word && !view.hand);
    assert!(desk.interview.may_receive(EXAMINER, A, Source::Microphone));
    assert!(!desk.interview.may_receive(B, A, Source::Microphone));
    desk.go_to(StageKind::JointAnnouncement);
    assert!(!desk.candidate(A).has_word);
}

#[test]
fn the_current_candidate_shares_the_screen_as_long_as_the_host_invites() {
    let mut desk = Desk::waiting();
    let invite = |candidate, invited| SeatAction::InviteScreen { candidate, invited };
    desk.seat(HOST, call(A)).unwrap();
    assert!(matches!(desk.seat(HOST, invite(A, true)), Err(Refused::NotNow(_))));
    desk.go_to(StageKind::Interview);
    assert!(matches!(desk.seat(HOST, invite(B, true)), Err(Refused::NotNow(_))));
    assert_eq!(desk.seat(EXAMINER, invite(A, true)), Err(Refused::Forbidden));
    assert_eq!(desk.seat(A, invite(A, true)), Err(Refused::Forbidden));
    let shown = |desk: &Desk| {
        let may = desk.interview.may_receive(EXAMINER, A, Source::Screen);
        assert_eq!((desk.candidate(A).may_share, desk.panel(HOST).candidates[0].may_share), (may, may));
        assert!(!desk.interview.may_receive(B, A, Source::Screen));
        may
    };
    assert!(!shown(&desk));
    let invited = desk.seat(HOST, invite(A, true)).unwrap();
    assert_eq!(invited.effects, [Effect::Permissions, Effect::Views]);
    assert!(shown(&desk));
    assert_eq!(desk.seat(HOST, invite(A, true)).unwrap().records, []);
    desk.seat(HOST, invite(A, false)).unwrap();
    assert!(!shown(&desk));
    // With the stage, and with the turn, the invitation is gone.
    desk.seat(HOST, invite(A, true)).unwrap();
    desk.go_to(StageKind::Announcement);
    assert!(!shown(&desk));
    desk.seat(HOST, invite(A, true)).unwrap();
    desk.seat(HOST, SeatAction::SendBack {}).unwrap();
    desk.seat(HOST, call(A)).unwrap();
    assert!(!shown(&desk));
}

#[test]
fn who_is_muted_is_heard_by_nobody() {
    let mut desk = Desk::waiting();
    desk.go_to(StageKind::Interview);
    desk.seat(HOST, call(A)).unwrap();
    desk.seat(HOST, SeatAction::InviteScreen { candidate: A, invited: true }).unwrap();
    for seat in [A, EXAMINER] {
        desk.seat(HOST, SeatAction::Mute { seat, muted: true }).unwrap();
        assert!(!desk.interview.rights(seat).sends.microphone);
        for (source, wanted) in [
            (Source::Microphone, false),
            (Source::ScreenAudio, false),
            (Source::Camera, true),
            (Source::Screen, true),
        ] {
            assert_eq!(desk.interview.may_receive(SECOND, seat, source), wanted, "{source:?}");
        }
    }
    assert!(desk.candidate(A).muted);
    desk.seat(HOST, SeatAction::Mute { seat: A, muted: false }).unwrap();
    assert!(desk.interview.may_receive(SECOND, A, Source::Microphone));
    assert_eq!(desk.seat(HOST, SeatAction::Mute { seat: PATROL, muted: true }), Err(Refused::Forbidden));
}

#[test]
fn who_is_put_out_has_nothing_and_comes_back_where_they_were() {
    let mut desk = Desk::waiting();
    desk.go_to(StageKind::Interview);
    desk.seat(HOST, call(A)).unwrap();
    let remove = |seat| SeatAction::Remove { seat, reason: "noise".to_owned() };
    let removed = desk.seat(HOST, remove(A)).unwrap();
    let close = Effect::Close { seat: A, reason: CloseReason::Removed };
    assert_eq!(removed.effects, [Effect::Permissions, Effect::Views, close]);
    assert_eq!(desk.interview.rights(A), Rights::default());
    assert_eq!((desk.step(A), desk.panel(HOST).current), (Step::Removed, None));
    assert!(matches!(desk.seat(A, SeatAction::RaiseHand { raised: true }), Err(Refused::NotNow(_))));
    assert!(matches!(desk.seat(HOST, call(A)), Err(Refused::NotNow(_))));
    assert_eq!(desk.seat(HOST, remove(A)).unwrap().records, []);
    desk.seat(HOST, SeatAction::Readmit { seat: A }).unwrap();
    assert_eq!(desk.step(A), Step::Waiting);
    desk.seat(HOST, call(A)).unwrap();

    desk.seat(HOST, remove(EXAMINER)).unwrap();
    assert_eq!(desk.interview.view(EXAMINER, desk.now, &Presence::new()), None);
    assert!(!desk.interview.may_receive(EXAMINER, A, Source::Camera));
    assert!(matches!(desk.seat(EXAMINER, say(Audience::Panel, "x")), Err(Refused::NotNow(_))));
    desk.seat(HOST, SeatAction::Readmit { seat: EXAMINER }).unwrap();
    assert!(desk.interview.may_receive(EXAMINER, A, Source::Camera));
    assert_eq!(desk.seat(HOST, remove(HOST)), Err(Refused::Forbidden));
}

#[test]
fn presence_is_told_to_the_view_and_patrols_stand_on_no_list() {
    let desk = Desk::waiting();
    let presence = Presence::from([A, EXAMINER, PATROL]);
    let Some(SeatView::Panel(view)) = desk.interview.view(HOST, desk.now, &presence) else { panic!() };
    let online: Vec<_> = view.candidates.iter().map(|card| card.online).collect();
    assert_eq!(online, [true, false]);
    let members: Vec<_> = view.panel.iter().map(|member| (member.seat, member.online)).collect();
    assert_eq!(members, [(HOST, false), (EXAMINER, true), (SECOND, false)]);
}

#[test]
fn who_is_offline_is_passed_by_and_keeps_the_place() {
    let mut desk = Desk::waiting();
    desk.go_to(StageKind::Interview);
    desk.presence = [B].into();
    let called = desk.seat(HOST, SeatAction::CallNext {}).unwrap();
    assert_eq!(called.records[0].event, Event::Called { candidate: B, passed: vec![A] });
    let line = desk.interview.audit(1, &called.records[0]);
    assert_eq!(line.detail, format!("passed by, offline: {A}"));
    desk.seat(HOST, SeatAction::FinishCandidate {}).unwrap();
    assert_eq!(desk.panel(HOST).candidates[0].position, Some(1));

    // Gone for a moment is here; gone for longer is not, and with nobody here nobody is called.
    desk.presence = Presence { lost: [(A, desk.now)].into(), ..Presence::new() };
    let before = desk.now;
    desk.now = before.plus(crate::limit::MOMENT);
    assert_eq!(desk.seat(HOST, SeatAction::CallNext {}), Err(Refused::NobodyHere));
    desk.now = before.plus(crate::limit::MOMENT / 2);
    desk.seat(HOST, SeatAction::CallNext {}).unwrap();
    assert_eq!(desk.panel(HOST).current, Some(A));
    let card = |desk: &Desk, presence: &Presence| match desk.interview.view(HOST, desk.now, presence) {
        Some(SeatView::Panel(view)) => view.candidates[0].offline_since,
        other => panic!("{other:?}"),
    };
    assert_eq!(card(&desk, &desk.presence), Some(before));
    assert_eq!(card(&desk, &[A].into()), None);
    // By name somebody is called whether online or not: the host may know more.
    desk.seat(HOST, SeatAction::SendBack {}).unwrap();
    desk.presence = Presence::new();
    desk.seat(HOST, SeatAction::Call { candidate: A }).unwrap();
}
