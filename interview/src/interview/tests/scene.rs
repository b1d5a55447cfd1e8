//! Stages of all and of one candidate alone: who is in which, and what was recorded before there were both.

use super::*;
use crate::{ClockView, CloseReason, LetsGo, Rights, Source, StageMark, TurnEvent};

/// Records of interviews in which every stage was one of all, with what each led to then.
const BEFORE: &str = include_str!("../../../fixtures/shared-stages.jsonl");

#[derive(serde::Deserialize)]
struct Line {
    record: Record,
    /// A character for each receiver and sender, a bit for each source.
    rights: String,
    /// Whom “Call next” passes by.
    done: Vec<String>,
}

#[test]
fn records_of_stages_that_were_all_s_give_the_rights_and_the_order_that_they_gave() {
    let mut seen: Vec<Record> = Vec::new();
    for line in BEFORE.lines() {
        let Line { record, rights, done } = serde_json::from_str(line).unwrap();
        if matches!(record.event, Event::Created { .. }) {
            seen.clear();
        }
        seen.push(record);
        let interview = Interview::fold(seen.clone()).unwrap();
        let seats = [0x10, 0x11, 0x12, 0x13, 0xa, 0xb, 0xc].map(SeatId);
        let pairs = seats.into_iter().flat_map(|to| seats.into_iter().map(move |from| (to, from)));
        let given = pairs.map(|(to, from)| {
            let sources = Source::ALL.into_iter().enumerate();
            let bits = sources.filter(|(_, source)| interview.may_receive(to, from, *source));
            char::from_digit(bits.map(|(at, _)| 1 << at).sum(), 32).unwrap()
        });
        assert_eq!(given.collect::<String>(), rights, "after {:?}", seen.last());
        let kind = interview.stages.current().kind;
        let is_done = |seat: &SeatId| interview.candidates[seat].is_done(kind);
        let done_now = interview.queue.iter().filter(is_done).map(|seat| seat.to_string());
        assert_eq!(done_now.collect::<Vec<_>>(), done, "after {:?}", seen.last());
    }
}

fn stages(kinds: &[StageKind]) -> Setup {
    let stage = |kind: &StageKind| Stage { name: format!("{kind:?}"), kind: *kind, minutes: Some(10) };
    Setup { stages: kinds.iter().map(stage).collect(), ..setup() }
}

/// What a day has: 候考, 宣讲, 面谈, 评议, 公布, 成绩确认, 结束.
fn day() -> Desk {
    use StageKind as K;
    let mut desk = Desk::waiting();
    let kinds =
        [K::Waiting, K::Briefing, K::Interview, K::Deliberation, K::Announcement, K::Confirmation, K::End];
    desk.administer(AdministratorAction::Change(stages(&kinds))).unwrap();
    desk
}

fn to(desk: &mut Desk, stage: u32) {
    desk.seat(HOST, SeatAction::GoToStage { stage }).unwrap();
}

fn marks(desk: &Desk, seat: SeatId) -> String {
    let marks = match desk.interview.view(seat, desk.now, &desk.presence).unwrap() {
        SeatView::Candidate(view) => view.common.marks,
        SeatView::Panel(view) => view.common.marks,
    };
    let letter = |mark: &StageMark| match mark {
        StageMark::Done => 'd',
        StageMark::Now => 'N',
        StageMark::Next => '>',
        StageMark::Ahead => '.',
    };
    marks.iter().map(letter).collect()
}

#[test]
fn one_goes_through_the_stages_and_the_others_see_that_theirs_are_still_to_come() {
    let mut desk = day();
    to(&mut desk, 1);
    assert_eq!([A, B, HOST].map(|seat| marks(&desk, seat)), ["dN.....", "dN.....", "dN....."]);
    to(&mut desk, 2);
    // The stage 候考 stands at the beginning: who waits is in it until the call.
    assert_eq!([A, B, HOST].map(|seat| marks(&desk, seat)), ["Nd>....", "Nd>....", "ddN...."]);
    desk.seat(HOST, SeatAction::CallNext {}).unwrap();
    assert_eq!([A, B, EXAMINER].map(|seat| marks(&desk, seat)), ["ddN....", "Nd>....", "ddN...."]);
    to(&mut desk, 3);
    assert_eq!([A, B, PATROL].map(|seat| marks(&desk, seat)), ["dddN...", "Nd>....", "dddN..."]);
    let event = &desk.records.last().unwrap().event;
    assert_eq!(event, &TurnEvent::CandidateStageEntered { candidate: A, stage: 3 }.into());
    assert!(!desk.interview.may_receive(EXAMINER, A, Source::Camera), "the panel is alone");
    desk.seat(HOST, SeatAction::NextCandidate { finish: A }).unwrap();
    assert_eq!([A, B, HOST].map(|seat| marks(&desk, seat)), ["dddd...", "ddN....", "ddN...."]);
    assert!(desk.interview.may_receive(EXAMINER, B, Source::Camera));
    assert!(!desk.interview.may_receive(EXAMINER, A, Source::Camera));
    to(&mut desk, 6);
    assert_eq!([A, B, HOST].map(|seat| marks(&desk, seat)), ["ddddddN", "ddddddN", "ddddddN"]);
}

#[test]
fn after_a_break_what_all_have_heard_and_what_a_candidate_is_through_with_stays_done() {
    let mut desk = day();
    to(&mut desk, 1);
    to(&mut desk, 0);
    assert_eq!([A, B, HOST].map(|seat| marks(&desk, seat)), ["Nd.....", "Nd.....", "Nd....."]);
    to(&mut desk, 2);
    desk.seat(HOST, SeatAction::CallNext {}).unwrap();
    to(&mut desk, 3);
    desk.seat(HOST, SeatAction::FinishCandidate {}).unwrap();
    to(&mut desk, 0);
    assert_eq!([A, B, PATROL].map(|seat| marks(&desk, seat)), ["Nddd...", "Nd.....", "Nd....."]);
    // It may be held again, for those who came late; an end that came too early was none.
    to(&mut desk, 1);
    assert_eq!([A, B, HOST].map(|seat| marks(&desk, seat)), ["dNdd...", "dN.....", "dN....."]);
    to(&mut desk, 6);
    to(&mut desk, 0);
    assert_eq!(marks(&desk, HOST), "Nd.....");
    // What was held keeps its kind.
    let mut changed = desk.interview.setup();
    changed.stages[1].kind = StageKind::Waiting;
    assert!(desk.administer(AdministratorAction::Change(changed)).is_err());
    let again = Interview::fold(desk.records.clone()).unwrap();
    assert_eq!(again, desk.interview);
}

#[test]
fn a_second_click_on_next_finishes_nobody_else() {
    let mut desk = day();
    to(&mut desk, 2);
    desk.seat(HOST, SeatAction::CallNext {}).unwrap();
    let next = || SeatAction::NextCandidate { finish: A };
    let events = desk.seat(HOST, next()).unwrap().records;
    let names: Vec<_> = events.iter().map(|record| record.event.name()).collect();
    assert_eq!(names, ["finished", "called"]);
    assert_eq!(desk.seat(HOST, next()), Err(Refused::NotCurrent));
    assert_eq!(desk.panel(HOST).current, Some(B));
    // The last one is finished, and nobody called; whoever is offline keeps the place.
    desk.seat(HOST, SeatAction::NextCandidate { finish: B }).unwrap();
    assert_eq!(desk.panel(HOST).current, None);
    assert_eq!(desk.seat(HOST, SeatAction::NextCandidate { finish: B }), Err(Refused::NotCurrent));
}

#[test]
fn next_passes_by_who_is_offline() {
    let mut desk = day();
    desk.administer(AdministratorAction::AddCandidates(vec![new_candidate(SeatId(0xc), "3")])).unwrap();
    desk.bring_in(SeatId(0xc));
    to(&mut desk, 2);
    desk.presence = [A, SeatId(0xc)].into();
    desk.seat(HOST, SeatAction::CallNext {}).unwrap();
    desk.seat(HOST, SeatAction::NextCandidate { finish: A }).unwrap();
    let called = Event::Called { candidate: SeatId(0xc), passed: vec![B] };
    assert_eq!(desk.records.last().unwrap().event, called);
    desk.seat(HOST, SeatAction::NextCandidate { finish: SeatId(0xc) }).unwrap();
    assert_eq!(desk.panel(HOST).current, None, "B is offline");
    desk.presence = [B].into();
    desk.seat(HOST, SeatAction::CallNext {}).unwrap();
    assert_eq!(desk.panel(HOST).current, Some(B));
}

#[test]
fn who_was_told_the_result_confirms_it_alone_whatever_the_others_do() {
    let mut desk = day();
    desk.interview_in(2, A);
    desk.publish(A, "拟录取").unwrap();
    let view = desk.candidate(A);
    assert!(view.may_confirm && !desk.candidate(B).may_confirm);
    assert_eq!((view.common.stage, marks(&desk, A)), (5, "dddddN.".to_owned()));
    assert_eq!(desk.interview.rights(A), desk.interview.rights(B), "in writing, not before the panel");
    desk.seat(A, SeatAction::Confirm { published_at: None, revision: Some(1) }).unwrap();
    // Before the panel it is confirmed in the stage for it.
    desk.interview_in(2, B);
    desk.seat(HOST, SeatAction::Call { candidate: B }).unwrap();
    to(&mut desk, 4);
    desk.publish(B, "候补").unwrap();
    let confirm = || SeatAction::Confirm { published_at: None, revision: Some(1) };
    assert!(!desk.candidate(B).may_confirm);
    to(&mut desk, 5);
    assert!(desk.candidate(B).may_confirm);
    to(&mut desk, 4);
    assert!(desk.seat(B, confirm()).is_err());
    // Whoever goes without it does so afterwards.
    desk.seat(HOST, SeatAction::FinishCandidate {}).unwrap();
    desk.seat(B, confirm()).unwrap();
}

#[test]
fn a_clock_is_the_candidates_and_runs_from_the_call() {
    let mut desk = day();
    to(&mut desk, 2);
    assert_eq!((desk.panel(HOST).common.clock, desk.candidate(A).common.clock), (None, None));
    for refused in [SeatAction::PauseClock {}, SeatAction::ResumeClock {}] {
        assert_eq!(desk.seat(HOST, refused), Err(Refused::NotCurrent));
    }
    desk.seat(HOST, SeatAction::CallNext {}).unwrap();
    let began = desk.now;
    let clock = desk.candidate(A).common.clock.unwrap();
    let wanted = ClockView {
        spent: 0,
        running_since: Some(began),
        planned: Some(600_000),
        extended: 0,
        paused: false,
    };
    assert_eq!((clock, desk.panel(EXAMINER).common.clock), (wanted, Some(wanted)));
    assert_eq!(desk.candidate(B).common.clock, None);
    desk.now = began.plus(59_999);
    desk.seat(HOST, SeatAction::PauseClock {}).unwrap();
    assert!(desk.seat(HOST, SeatAction::PauseClock {}).unwrap().records.is_empty());
    let stopped = ClockView { spent: 60_000, running_since: None, paused: true, ..wanted };
    assert_eq!(desk.candidate(A).common.clock, Some(stopped));
    let extend = |minutes, reason: &str| SeatAction::ExtendClock { minutes, reason: reason.to_owned() };
    desk.seat(HOST, extend(5, "the line broke off")).unwrap();
    assert_eq!(desk.seat(HOST, extend(5, " ")), Err(Refused::TextEmpty));
    for minutes in [0, 241] {
        assert_eq!(desk.seat(HOST, extend(minutes, "r")), Err(Refused::TooMany(240)));
    }
    assert_eq!(desk.seat(EXAMINER, extend(5, "r")), Err(Refused::Forbidden));
    desk.seat(HOST, SeatAction::ResumeClock {}).unwrap();
    let more = ClockView { running_since: Some(desk.now), extended: 300_000, paused: false, ..stopped };
    assert_eq!(desk.candidate(A).common.clock, Some(more));
    // A break of all stops it, and it goes on afterwards.
    desk.now = desk.now.plus(999);
    to(&mut desk, 0);
    assert_eq!(desk.candidate(A).common.clock, None);
    assert_eq!(desk.seat(HOST, SeatAction::PauseClock {}), Err(Refused::NoClock));
    desk.now = desk.now.plus(500_000);
    to(&mut desk, 2);
    let after = desk.candidate(A).common.clock.unwrap();
    assert_eq!((after.spent, after.running_since), (61_000, Some(desk.now)));
    let audit: Vec<_> =
        desk.records.iter().filter(|record| record.event.name() == "clock_extended").collect();
    assert_eq!(desk.interview.audit(1, audit[0]).detail, "5 minutes; the line broke off");
}

#[test]
fn stages_that_somebody_has_been_in_alone_keep_their_kinds() {
    let mut desk = day();
    to(&mut desk, 2);
    desk.seat(HOST, SeatAction::CallNext {}).unwrap();
    to(&mut desk, 4);
    let mut changed = desk.interview.setup();
    changed.stages[4].kind = StageKind::Waiting;
    assert!(desk.administer(AdministratorAction::Change(changed.clone())).is_err());
    changed.stages[4].kind = StageKind::Announcement;
    changed.stages.truncate(5);
    desk.administer(AdministratorAction::Change(changed)).unwrap();
}

#[test]
fn who_may_go_has_no_media_and_no_seat_but_the_result_and_a_call_brings_them_back() {
    let mut desk = day();
    let lets_go = LetsGo::Finished;
    desk.administer(AdministratorAction::Change(Setup { lets_go, ..desk.interview.setup() })).unwrap();
    desk.interview_in(2, A);
    let view = desk.candidate(A);
    assert_eq!((view.let_go_at, view.step, view.ahead), (Some(desk.now), Step::Waiting, None));
    assert!(!desk.interview.may_enter_room(A));
    assert_eq!(desk.interview.rights(A), Rights::default());
    let card = &desk.panel(HOST).candidates[0];
    assert_eq!((card.let_go_at, card.position, card.done), (Some(desk.now), None, true));
    assert!(desk.seat(A, SeatAction::RaiseHand { raised: true }).is_err());
    desk.publish(A, "拟录取").unwrap();
    desk.seat(A, SeatAction::Confirm { published_at: None, revision: Some(1) }).unwrap();
    // A briefing for those who wait is not for who may go.
    to(&mut desk, 1);
    assert!(!desk.interview.may_receive(A, EXAMINER, Source::Microphone));
    assert!(desk.interview.may_receive(B, EXAMINER, Source::Microphone));
    to(&mut desk, 2);
    desk.seat(HOST, SeatAction::Call { candidate: A }).unwrap();
    assert!(desk.interview.may_receive(EXAMINER, A, Source::Camera));
    assert_eq!(desk.candidate(A).let_go_at, None);
}

#[test]
fn a_host_lets_go_who_waits_and_they_may_come_back_alone() {
    let mut desk = day();
    let closed = desk.seat(HOST, SeatAction::LetGo { candidate: A }).unwrap();
    assert!(closed.effects.contains(&Effect::Close { seat: A, reason: CloseReason::Left }));
    assert!(desk.seat(HOST, SeatAction::LetGo { candidate: A }).unwrap().records.is_empty());
    to(&mut desk, 2);
    desk.seat(HOST, SeatAction::CallNext {}).unwrap();
    assert_eq!(desk.panel(HOST).current, Some(B), "who may go is not called next");
    assert!(matches!(desk.seat(HOST, SeatAction::LetGo { candidate: B }), Err(Refused::NotNow(_))));
    desk.path(A, PathAction::ComeBack {}).unwrap();
    assert_eq!((desk.candidate(A).let_go_at, desk.candidate(A).ahead), (None, Some(0)));
    desk.seat(HOST, SeatAction::LetGo { candidate: A }).unwrap();
    desk.seat(HOST, SeatAction::Readmit { seat: A }).unwrap();
    assert_eq!(desk.candidate(A).let_go_at, None);
}

#[test]
fn a_confirmation_lets_go_where_the_interview_waits_for_it() {
    let mut desk = day();
    let lets_go = LetsGo::Confirmed;
    desk.administer(AdministratorAction::Change(Setup { lets_go, ..desk.interview.setup() })).unwrap();
    desk.interview_in(2, A);
    desk.publish(A, "拟录取").unwrap();
    assert_eq!(desk.candidate(A).let_go_at, None);
    desk.seat(A, SeatAction::Confirm { published_at: None, revision: Some(1) }).unwrap();
    assert_eq!(desk.candidate(A).let_go_at, Some(desk.now));
}

#[test]
fn a_host_moves_candidates_and_the_places_are_those_of_who_waits() {
    let mut desk = day();
    desk.administer(AdministratorAction::AddCandidates(vec![new_candidate(SeatId(0xc), "0")])).unwrap();
    let places = |desk: &Desk| {
        let cards = desk.panel(HOST).candidates;
        cards.into_iter().map(|card| (card.seat.0, card.position)).collect::<Vec<_>>()
    };
    // Whoever is not here yet has no place among those who wait.
    assert_eq!(places(&desk), [(0xc, None), (0xa, Some(1)), (0xb, Some(2))]);
    let to_place = |candidate, before| SeatAction::MoveCandidate { candidate, before };
    desk.seat(HOST, to_place(B, Some(A))).unwrap();
    assert_eq!(places(&desk), [(0xc, None), (0xb, Some(1)), (0xa, Some(2))]);
    assert!(desk.seat(HOST, to_place(B, Some(A))).unwrap().records.is_empty());
    desk.seat(HOST, to_place(SeatId(0xc), None)).unwrap();
    let line = desk.interview.audit(1, desk.records.last().unwrap());
    assert_eq!((line.event, line.detail.as_str()), ("queue_moved", "to the end"));
    assert_eq!(desk.seat(HOST, to_place(B, Some(SeatId(9)))), Err(Refused::CandidateUnknown));
    assert_eq!(desk.seat(EXAMINER, to_place(B, None)), Err(Refused::Forbidden));
    to(&mut desk, 2);
    desk.seat(HOST, SeatAction::CallNext {}).unwrap();
    assert_eq!(desk.panel(HOST).current, Some(B));
    assert!(matches!(desk.seat(HOST, to_place(B, None)), Err(Refused::NotNow(_))));
    assert_eq!(desk.candidate(A).ahead, Some(0));
}
