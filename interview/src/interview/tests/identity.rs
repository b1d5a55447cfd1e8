//! Who somebody is: faces that the server compared, consent, coming back, the pledge.

use super::*;
use crate::{
    ConsentTerms, FaceOffer, FaceOutcome, FaceTrial, FaceUse, FaceView, IdentityRules, Method, Obstacle,
    Pledge, ServerAction,
};

fn terms() -> ConsentTerms {
    ConsentTerms { version: 1, kept_days: 30, verifier: "viva".to_owned() }
}

fn rules(face: FaceUse) -> IdentityRules {
    IdentityRules { face, attempts: 3, turn: true, staff: true }
}

/// Where faces are compared and A has a photo, entered and asked who it is.
fn asked(face: FaceUse) -> Desk {
    let mut desk = Desk::new();
    desk.administer(AdministratorAction::Change(Setup { identity: rules(face), ..setup() })).unwrap();
    desk.administer(AdministratorAction::SetPhoto { seat: A, present: true }).unwrap();
    desk.path(A, PathAction::Enter { code: code(A) }).unwrap();
    desk
}

fn compare(desk: &mut Desk, seat: SeatId, outcome: FaceOutcome) -> Result<Decision, Refused> {
    let trial = FaceTrial {
        outcome,
        score: Some(5123),
        verifier: "built-in".to_owned(),
        picture: Some(0),
        print: None,
    };
    let terms = terms();
    desk.command(Actor::System, Action::Server(ServerAction::NoteFace { seat, terms, trial }))
}

fn consent(desk: &mut Desk, given: bool) -> Result<Decision, Refused> {
    desk.path(A, PathAction::Consent { terms: terms(), given })
}

fn face(desk: &Desk) -> FaceView {
    desk.candidate(A).face
}

#[test]
fn a_face_lets_in_after_consent_and_three_failures_leave_the_sms() {
    let mut desk = asked(FaceUse::Once);
    assert_eq!((face(&desk).offer, face(&desk).attempts_left), (FaceOffer::Open, 3));
    assert_eq!(compare(&mut desk, A, FaceOutcome::Passed), Err(Refused::ConsentMissing));
    consent(&mut desk, false).unwrap();
    assert_eq!(compare(&mut desk, A, FaceOutcome::Passed), Err(Refused::ConsentMissing));
    consent(&mut desk, true).unwrap();
    // What is not the person's fault takes no try.
    compare(&mut desk, A, FaceOutcome::Failed).unwrap();
    for (outcome, left) in
        [(FaceOutcome::Different, 2), (FaceOutcome::NotFollowed, 1), (FaceOutcome::Unclear, 0)]
    {
        compare(&mut desk, A, outcome).unwrap();
        assert_eq!(face(&desk).attempts_left, left);
    }
    assert_eq!(face(&desk).offer, FaceOffer::UsedUp);
    assert_eq!(
        compare(&mut desk, A, FaceOutcome::Passed),
        Err(Refused::FaceNotOffered("all tries have failed"))
    );
    desk.path(A, PathAction::SendSms { digest: "d".to_owned() }).unwrap();
    desk.path(A, PathAction::VerifySms { digest: "d".to_owned() }).unwrap();
    let view = desk.candidate(A);
    assert_eq!((view.step, view.identity.method), (Step::Speaker, Some(Method::Sms)));
}

#[test]
fn without_a_photo_or_where_nobody_wants_it_no_face_is_compared() {
    let mut desk = asked(FaceUse::Off);
    assert_eq!(face(&desk).offer, FaceOffer::Off);
    consent(&mut desk, true).unwrap();
    assert!(matches!(compare(&mut desk, A, FaceOutcome::Passed), Err(Refused::FaceNotOffered(_))));
    let mut desk = asked(FaceUse::Once);
    desk.administer(AdministratorAction::SetPhoto { seat: A, present: false }).unwrap();
    consent(&mut desk, true).unwrap();
    assert_eq!(face(&desk).offer, FaceOffer::NoPhoto);
    assert!(matches!(compare(&mut desk, A, FaceOutcome::Passed), Err(Refused::FaceNotOffered(_))));
}

#[test]
fn who_comes_back_shows_the_face_again_where_each_entry_asks_for_it() {
    for (rule, step) in [(FaceUse::Once, Step::Waiting), (FaceUse::EachEntry, Step::Identity)] {
        let mut desk = asked(rule);
        consent(&mut desk, true).unwrap();
        compare(&mut desk, A, FaceOutcome::Passed).unwrap();
        for check in Check::ALL {
            desk.check(A, check, true).unwrap();
        }
        desk.seat(HOST, SeatAction::Call { candidate: A }).unwrap();
        desk.seat(HOST, SeatAction::SendBack {}).unwrap();
        desk.path(A, PathAction::Enter { code: code(A) }).unwrap();
        assert_eq!(desk.candidate(A).step, step);
        assert_eq!(desk.interview.may_enter_room(A), step == Step::Waiting);
        if step == Step::Identity {
            compare(&mut desk, A, FaceOutcome::Passed).unwrap();
            // The devices were tried before.
            assert_eq!(desk.candidate(A).step, Step::Waiting);
        }
    }
}

#[test]
fn a_host_asks_once_more_and_the_codes_of_before_count_on() {
    let mut desk = Desk::waiting();
    desk.seat(HOST, SeatAction::Call { candidate: A }).unwrap();
    for _ in 0..crate::limit::SMS_SENDS {
        desk.seat(HOST, SeatAction::VerifyAgain { candidate: A }).unwrap();
        assert_eq!(desk.interview.floor.current, None);
        desk.now = desk.now.plus(60_000);
        desk.path(A, PathAction::SendSms { digest: "d".to_owned() }).unwrap();
        desk.path(A, PathAction::VerifySms { digest: "d".to_owned() }).unwrap();
        assert_eq!(desk.candidate(A).step, Step::Waiting);
    }
    desk.seat(HOST, SeatAction::VerifyAgain { candidate: A }).unwrap();
    desk.now = desk.now.plus(60_000);
    // A code lets in once, and no more are sent than to anybody.
    let old = desk.path(A, PathAction::VerifySms { digest: "d".to_owned() });
    assert_eq!(old, Err(Refused::SmsExpired));
    assert_eq!(desk.path(A, PathAction::SendSms { digest: "e".to_owned() }), Err(Refused::SmsLimit));
}

#[test]
fn the_pledge_is_accepted_in_the_version_that_holds() {
    let pledge = |text: &str| Some(Pledge { text: text.to_owned(), version: 77 });
    let change = |desk: &mut Desk, text| {
        desk.administer(AdministratorAction::Change(Setup { pledge: pledge(text), ..setup() })).unwrap()
    };
    let mut desk = Desk::new();
    change(&mut desk, "I promise");
    desk.path(A, PathAction::Enter { code: code(A) }).unwrap();
    let reason = "known".to_owned();
    desk.seat(HOST, SeatAction::OverrideIdentity { candidate: A, reason }).unwrap();
    let shown = desk.candidate(A);
    assert_eq!((shown.step, shown.pledge.unwrap().version), (Step::Pledge, 1));
    change(&mut desk, "I promise more");
    let accept = |desk: &mut Desk, version| desk.path(A, PathAction::AcceptPledge { version });
    assert_eq!(accept(&mut desk, 1), Err(Refused::PledgeChanged));
    accept(&mut desk, 2).unwrap();
    assert_eq!(desk.candidate(A).step, Step::Speaker);
    assert_eq!(accept(&mut desk, 2), Err(Refused::NotNow(Obstacle::AnotherStep)));
    // The same text keeps its version, also when it is sent again.
    assert_eq!(change(&mut desk, "I promise more").records.len(), 0);
}

#[test]
fn a_look_for_the_staff_is_noted_and_changes_nothing() {
    let mut desk = Desk::waiting();
    desk.administer(AdministratorAction::SetPhoto { seat: A, present: true }).unwrap();
    let look = |desk: &mut Desk, by, outcome| {
        let trial = FaceTrial {
            outcome,
            score: Some(1000),
            verifier: "built-in".to_owned(),
            picture: None,
            print: None,
        };
        let (seat, terms) = (A, terms());
        desk.command(Actor::System, Action::Server(ServerAction::NoteLook { seat, by, terms, trial }))
    };
    look(&mut desk, EXAMINER, FaceOutcome::Different).unwrap();
    assert_eq!(look(&mut desk, PATROL, FaceOutcome::Passed), Err(Refused::Forbidden));
    let card = desk.panel(HOST).candidates.into_iter().find(|card| card.seat == A).unwrap();
    assert_eq!((card.step, card.face.suspects, card.face.view.attempts_left), (Step::Waiting, 1, 3));
    assert!(card.face.trials[0].in_room);
}

#[test]
fn a_check_that_may_show_a_print_is_marked_and_lets_in_all_the_same() {
    let mut desk = asked(FaceUse::Once);
    consent(&mut desk, true).unwrap();
    let (outcome, verifier) = (FaceOutcome::Passed, "built-in".to_owned());
    let trial = FaceTrial { outcome, score: Some(7000), verifier, picture: Some(0), print: Some(712) };
    let action = Action::Server(ServerAction::NoteFace { seat: A, terms: terms(), trial });
    desk.command(Actor::System, action).unwrap();
    let card = desk.panel(HOST).candidates.into_iter().find(|card| card.seat == A).unwrap();
    assert_eq!((card.step, card.face.suspects), (Step::Speaker, 1));
    let compared = desk.records.iter().find(|record| record.event.name() == "face_compared").unwrap();
    let line = desk.interview.audit(1, compared).detail;
    assert_eq!(line, "Passed; 0.7000; built-in; picture 0; print or screen? 0.0712");
}

#[test]
fn other_terms_are_asked_for_anew_whether_text_time_or_comparer_changed() {
    for other in [
        ConsentTerms { version: 2, ..terms() },
        ConsentTerms { kept_days: 31, ..terms() },
        ConsentTerms { verifier: "external: faces.example.org".to_owned(), ..terms() },
    ] {
        let mut desk = asked(FaceUse::Once);
        desk.path(A, PathAction::Consent { terms: other.clone(), given: true }).unwrap();
        assert_eq!(desk.interview.face_may_begin(A, &other), Ok(true));
        assert_eq!(compare(&mut desk, A, FaceOutcome::Passed), Err(Refused::ConsentMissing), "{other:?}");
        consent(&mut desk, true).unwrap();
        assert_eq!(desk.interview.face_may_begin(A, &other), Err(Refused::ConsentMissing));
        compare(&mut desk, A, FaceOutcome::Passed).unwrap();
        // The record says to what; saying it twice is no news.
        let told: Vec<_> =
            desk.records.iter().filter(|record| record.event.name() == "consent_told").collect();
        assert_eq!(told.len(), 2);
        let line = desk.interview.audit(1, told[0]).detail;
        let by = &other.verifier;
        assert_eq!(
            line,
            format!(
                "given; text {}, pictures kept {} days, compared by {by}",
                other.version, other.kept_days
            )
        );
    }
}

#[test]
fn a_consent_of_before_comparers_were_named_holds_under_no_terms_of_now() {
    let old: ConsentTerms = serde_json::from_str(r#"{"version":1,"kept_days":30}"#).unwrap();
    assert_eq!(old.verifier, "");
    let mut desk = asked(FaceUse::Once);
    desk.path(A, PathAction::Consent { terms: old, given: true }).unwrap();
    assert_eq!(compare(&mut desk, A, FaceOutcome::Passed), Err(Refused::ConsentMissing));
    let told = desk.records.iter().find(|record| record.event.name() == "consent_told").unwrap();
    assert_eq!(desk.interview.audit(1, told).detail, "given; text 1, pictures kept 30 days");
}

#[test]
fn a_name_that_is_too_long_for_a_record_is_the_same_name_when_it_is_asked_for() {
    let long = ConsentTerms { verifier: format!("external: {}", "x".repeat(300)), ..terms() };
    let mut desk = asked(FaceUse::Once);
    desk.path(A, PathAction::Consent { terms: long.clone(), given: true }).unwrap();
    assert_eq!(desk.interview.face_may_begin(A, &long), Ok(true));
    assert!(desk.candidate(A).face.consent.unwrap().terms.verifier.len() <= crate::limit::VERIFIER);
}

#[test]
fn the_staff_has_no_face_compared_of_somebody_who_has_said_no() {
    for given in [true, false] {
        let mut desk = asked(FaceUse::Once);
        consent(&mut desk, given).unwrap();
        let reason = "known".to_owned();
        desk.seat(HOST, SeatAction::OverrideIdentity { candidate: A, reason }).unwrap();
        for check in Check::ALL {
            desk.check(A, check, true).unwrap();
        }
        let may = |terms: &ConsentTerms| desk.interview.look_may_begin(A, EXAMINER, terms);
        assert_eq!(may(&terms()), if given { Ok(()) } else { Err(Refused::ConsentMissing) });
        let other = ConsentTerms { verifier: "external: other".to_owned(), ..terms() };
        assert_eq!(may(&other), Err(Refused::ConsentMissing));
    }
}

fn way(desk: &Desk) -> Vec<(Step, bool)> {
    desk.candidate(A).way.into_iter().map(|step| (step.step, step.done)).collect()
}

/// The row of steps that lead in, with the first so many behind.
fn row(pledge: bool, done: usize) -> Vec<(Step, bool)> {
    let steps = [Step::Identity, Step::Pledge, Step::Speaker, Step::Microphone, Step::Camera, Step::Waiting];
    let steps = steps.into_iter().filter(|step| *step != Step::Pledge || pledge);
    steps.enumerate().map(|(at, step)| (step, at < done)).collect()
}

#[test]
fn the_row_of_steps_has_the_pledge_where_it_is_asked_for_or_was_accepted() {
    let pledge = Some(Pledge { text: "I promise".to_owned(), version: 0 });
    let mut desk = asked(FaceUse::Once);
    assert_eq!(way(&desk), row(false, 0));
    desk.administer(AdministratorAction::Change(Setup { pledge, ..setup() })).unwrap();
    assert_eq!(way(&desk), row(true, 0), "it will be asked for");
    let reason = "known".to_owned();
    desk.seat(HOST, SeatAction::OverrideIdentity { candidate: A, reason }).unwrap();
    assert_eq!(way(&desk), row(true, 1));
    // Taken away while somebody reads it, it is still what this person reads.
    desk.administer(AdministratorAction::Change(setup())).unwrap();
    assert_eq!(way(&desk), row(true, 1));
    desk.path(A, PathAction::AcceptPledge { version: 1 }).unwrap();
    for (done, check) in (2..).zip(Check::ALL) {
        assert_eq!(way(&desk), row(true, done), "it was accepted");
        desk.check(A, check, true).unwrap();
    }
    assert_eq!(way(&desk), row(true, 5));
    // Once more: all but the identity was shown, and nothing of it is asked for again.
    desk.seat(HOST, SeatAction::VerifyAgain { candidate: A }).unwrap();
    assert_eq!(way(&desk), [(Step::Identity, false), (Step::Waiting, false)]);
    desk.seat(HOST, SeatAction::Remove { seat: A, reason: "r".to_owned() }).unwrap();
    assert_eq!(way(&desk), []);
}

#[test]
fn a_pledge_that_came_later_is_no_step_of_whoever_is_past_it() {
    let mut desk = asked(FaceUse::Once);
    let reason = "known".to_owned();
    desk.seat(HOST, SeatAction::OverrideIdentity { candidate: A, reason }).unwrap();
    let pledge = Some(Pledge { text: "I promise".to_owned(), version: 0 });
    desk.administer(AdministratorAction::Change(Setup { pledge, ..setup() })).unwrap();
    assert_eq!((desk.candidate(A).step, way(&desk)), (Step::Speaker, row(false, 1)));
}
