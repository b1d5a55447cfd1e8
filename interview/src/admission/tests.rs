//! The way in, state by state.

use super::*;
use crate::{Method, SeatId};

const SEAT: SeatId = SeatId(1);

fn after(events: &[Event]) -> Admission {
    events.iter().zip(1..).fold(Admission::default(), |state, (event, at)| state.handle(event, Time(at)))
}

fn entered(asks_password: bool) -> Event {
    Event::Entered { seat: SEAT, again: false, asks_password }
}

fn passed(method: Method) -> Event {
    Event::IdentityPassed { seat: SEAT, method, reason: None, asks_pledge: false }
}

fn checked(check: Check, passed: bool) -> Event {
    Event::Checked { seat: SEAT, check, passed, device: format!("{check:?}") }
}

fn ready() -> Vec<Event> {
    let mut events = vec![entered(false), passed(Method::Sms)];
    events.extend(Check::ALL.map(|check| checked(check, true)));
    events
}

#[test]
fn the_path_has_its_steps_in_order() {
    let mut events = vec![entered(true), Event::PasswordPassed { seat: SEAT }, passed(Method::Sms)];
    events.extend(Check::ALL.map(|check| checked(check, true)));
    events.push(Event::Called { candidate: SEAT, passed: Vec::new() });
    let steps: Vec<_> = (0..=events.len()).map(|count| after(&events[..count]).step()).collect();
    let wanted = [
        Step::Invited,
        Step::Password,
        Step::Identity,
        Step::Speaker,
        Step::Microphone,
        Step::Camera,
        Step::Waiting,
        Step::Admitted,
    ];
    assert_eq!(steps, wanted);
}

#[test]
fn what_comes_too_early_changes_nothing() {
    let state = after(&[entered(true)]);
    for event in [checked(Check::Speaker, true), Event::Called { candidate: SEAT, passed: Vec::new() }] {
        assert_eq!(state.clone().handle(&event, Time(9)), state);
    }
    let speaker = after(&[entered(false), passed(Method::Sms)]);
    assert_eq!(speaker.clone().handle(&checked(Check::Camera, true), Time(9)), speaker);
    assert!(speaker.may_try(Check::Speaker) && !speaker.may_try(Check::Microphone));
}

#[test]
fn a_device_that_no_longer_works_is_mended_before_the_next() {
    let mut events = ready();
    events.pop();
    assert_eq!(after(&events).step(), Step::Camera);
    events.push(checked(Check::Speaker, true));
    assert_eq!(after(&events).step(), Step::Camera);
    events.push(checked(Check::Speaker, false));
    let state = after(&events);
    assert_eq!(state.step(), Step::Speaker);
    assert_eq!(state.tried(Check::Speaker).map(|tried| tried.passed), Some(false));
    assert_eq!(state.tried(Check::Microphone), None);
}

#[test]
fn who_waits_is_not_sent_back_for_a_device() {
    let mut events = ready();
    events.push(checked(Check::Camera, false));
    let state = after(&events);
    assert_eq!(state.step(), Step::Waiting);
    let camera = state.tried(Check::Camera).unwrap();
    assert_eq!((camera.passed, camera.at, camera.device.as_str()), (false, Time(6), "Camera"));
}

#[test]
fn five_wrong_passwords_lock_and_time_opens() {
    let mut state = after(&[entered(true)]);
    let mut now = Time(1000);
    for count in 1..=limit_of_password() {
        let Admission::Password(password) = &state else { panic!("{state:?}") };
        let attempt = password.attempt(false, now).unwrap();
        let invited::Attempt::Wrong { locked_until } = attempt else { panic!("{attempt:?}") };
        assert_eq!(locked_until.is_some(), count == limit_of_password());
        state = state.handle(&Event::PasswordWrong { seat: SEAT, locked_until }, now);
        now = now.plus(1);
    }
    let Admission::Password(password) = &state else { panic!("{state:?}") };
    let until = password.locked_until.unwrap();
    assert_eq!(password.attempt(true, now), Err(crate::Refused::Locked { until }));
    assert_eq!(password.attempt(true, until), Ok(invited::Attempt::Right));
}

fn limit_of_password() -> u8 {
    crate::limit::WRONG_PASSWORDS
}

#[test]
fn who_is_out_keeps_the_progress_and_comes_back_to_wait() {
    let mut events = ready();
    events.push(Event::Called { candidate: SEAT, passed: Vec::new() });
    events.push(Event::Removed { seat: SEAT, reason: "r".to_owned() });
    events.push(Event::Left { seat: SEAT });
    let state = after(&events);
    assert_eq!(state.step(), Step::Removed);
    assert!(state.proof().is_some() && state.tried(Check::Camera).is_some() && !state.is_inside());
    events.push(Event::Readmitted { seat: SEAT });
    assert_eq!(after(&events).step(), Step::Waiting);
    let early = after(&[entered(false), Event::Removed { seat: SEAT, reason: String::new() }]);
    assert_eq!(early.handle(&Event::Readmitted { seat: SEAT }, Time(5)).step(), Step::Identity);
}
