//! A candidate's way in, one type a state: invited, password, identity, pledge, three device checks, waiting, admitted,
//! returning, and out.

mod device;
mod identity;
mod inside;
mod invited;
mod pledge;
mod returning;

pub(crate) use device::{Camera, Microphone, Speaker, Tried};
pub(crate) use identity::{Identity, Proof};
pub(crate) use inside::{Admitted, Out, Ready, Waiting};
pub(crate) use invited::{Attempt, Invited, Password, open};
pub(crate) use pledge::Reading;
pub(crate) use returning::Returning;

use crate::{Check, Event, Step, Time, TurnEvent, Waiver};

/// Where a candidate is, with what is known there and not before.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Admission {
    Invited(Invited),
    Password(Password),
    Identity(Identity),
    Pledge(Reading),
    Speaker(Speaker),
    Microphone(Microphone),
    Camera(Camera),
    Waiting(Waiting),
    Admitted(Admitted),
    Returning(Returning),
    Left(Out),
    Removed(Out),
}

impl Default for Admission {
    fn default() -> Self {
        Self::Invited(Invited)
    }
}

impl Admission {
    /// The state after an event of this candidate; an event that means nothing here changes nothing.
    pub(crate) fn handle(self, event: &Event, at: Time) -> Self {
        match (self, event) {
            (Self::Left(out) | Self::Removed(out), Event::Readmitted { .. }) => out.readmitted(),
            (Self::Left(out), Event::Turn(TurnEvent::CameBack { .. })) => out.readmitted(),
            (gone @ (Self::Left(_) | Self::Removed(_)), _) => gone,
            (state, Event::Removed { .. }) => Self::Removed(Out::of(state)),
            (state, Event::Left { .. }) => Self::Left(Out::of(state)),
            (state, Event::ChecksPassed { reason, .. }) => state.let_pass(reason, at),
            (Self::Invited(state), _) => state.handle(event),
            (Self::Password(state), _) => state.handle(event, at),
            (Self::Identity(state), _) => state.handle(event, at),
            (Self::Pledge(state), _) => state.handle(event),
            // Another device: who it is, and what it can do, is asked from the beginning.
            (Self::Speaker(_) | Self::Microphone(_) | Self::Camera(_), Event::VerificationAsked { .. }) => {
                Self::Identity(Identity)
            }
            (Self::Speaker(state), _) => state.handle(event, at),
            (Self::Microphone(state), _) => state.handle(event, at),
            (Self::Camera(state), _) => state.handle(event, at),
            (Self::Waiting(state), _) => state.handle(event, at),
            (Self::Admitted(state), _) => state.handle(event, at),
            (Self::Returning(state), _) => state.handle(event, at),
        }
    }

    /// The word for it.
    pub(crate) const fn step(&self) -> Step {
        match self {
            Self::Invited(_) => Step::Invited,
            Self::Password(_) => Step::Password,
            Self::Identity(_) | Self::Returning(_) => Step::Identity,
            Self::Pledge(_) => Step::Pledge,
            Self::Speaker(_) => Step::Speaker,
            Self::Microphone(_) => Step::Microphone,
            Self::Camera(_) => Step::Camera,
            Self::Waiting(_) => Step::Waiting,
            Self::Admitted(_) => Step::Admitted,
            Self::Left(_) => Step::Left,
            Self::Removed(_) => Step::Removed,
        }
    }

    /// Has all checks behind, and is not out: may send and receive what the table allows.
    pub(crate) const fn is_inside(&self) -> bool {
        matches!(self, Self::Waiting(_) | Self::Admitted(_))
    }

    /// Has left or was put out.
    pub(crate) const fn is_out(&self) -> bool {
        matches!(self, Self::Left(_) | Self::Removed(_))
    }

    /// Until when the password is locked, where it ever was.
    pub(crate) const fn locked_until(&self) -> Option<Time> {
        match self {
            Self::Password(state) => state.locked_until,
            _ => None,
        }
    }

    /// Is it being asked who it is?
    pub(crate) const fn is_asked_who(&self) -> bool {
        matches!(self, Self::Identity(_) | Self::Returning(_))
    }

    /// How the identity step was passed.
    pub(crate) fn proof(&self) -> Option<&Proof> {
        match self {
            Self::Invited(_) | Self::Password(_) | Self::Identity(_) | Self::Returning(_) => None,
            Self::Pledge(state) => Some(&state.proof),
            Self::Speaker(state) => Some(&state.proof),
            Self::Microphone(state) => Some(&state.proof),
            Self::Camera(state) => Some(&state.proof),
            Self::Waiting(Waiting(ready)) | Self::Admitted(Admitted(ready)) => Some(&ready.proof),
            Self::Left(out) | Self::Removed(out) => out.was().proof(),
        }
    }

    /// The newest try of a device.
    pub(crate) fn tried(&self, check: Check) -> Option<&Tried> {
        match (self, check) {
            (Self::Speaker(state), Check::Speaker) => state.failed.as_ref(),
            (Self::Microphone(state), Check::Speaker) => Some(&state.speaker),
            (Self::Microphone(state), Check::Microphone) => state.failed.as_ref(),
            (Self::Camera(state), Check::Speaker) => Some(&state.speaker),
            (Self::Camera(state), Check::Microphone) => Some(&state.microphone),
            (Self::Camera(state), Check::Camera) => state.failed.as_ref(),
            (Self::Waiting(Waiting(ready)) | Self::Admitted(Admitted(ready)), _) => ready.tried(check),
            (Self::Returning(state), _) => state.0.tried(check),
            (Self::Left(out) | Self::Removed(out), _) => out.was().tried(check),
            _ => None,
        }
    }

    /// That a host let this candidate pass the checks.
    pub(crate) fn waiver(&self) -> Option<&Waiver> {
        match self {
            Self::Waiting(Waiting(ready)) | Self::Admitted(Admitted(ready)) => ready.waiver.as_ref(),
            Self::Returning(state) => state.0.waiver.as_ref(),
            Self::Left(out) | Self::Removed(out) => out.was().waiver(),
            _ => None,
        }
    }

    /// Is it one of the checks of devices?
    pub(crate) const fn is_checking(&self) -> bool {
        matches!(self, Self::Speaker(_) | Self::Microphone(_) | Self::Camera(_))
    }

    /// May a page tell here that it cannot use this device? The camera serves the face check as well.
    pub(crate) fn may_report(&self, check: Check) -> bool {
        self.may_try(check) || (check == Check::Camera && self.is_asked_who())
    }

    /// A host lets the candidate pass the checks; what was tried of them stays as it came out.
    fn let_pass(self, reason: &str, at: Time) -> Self {
        let (proof, tried) = match self {
            Self::Speaker(state) => (state.proof, [state.failed, None, None]),
            Self::Microphone(state) => (state.proof, [Some(state.speaker), state.failed, None]),
            Self::Camera(state) => (state.proof, [Some(state.speaker), Some(state.microphone), state.failed]),
            elsewhere => return elsewhere,
        };
        let [speaker, microphone, camera] = tried;
        let waiver = Some(Waiver { at, reason: reason.to_owned() });
        Self::Waiting(Waiting(Ready { proof, speaker, microphone, camera, waiver }))
    }

    /// May this device be tried here? A check comes after those before it, and may be done again.
    pub(crate) fn may_try(&self, check: Check) -> bool {
        match self {
            Self::Speaker(_) => check == Check::Speaker,
            Self::Microphone(_) => check <= Check::Microphone,
            Self::Camera(_) => check <= Check::Camera,
            state => state.is_inside(),
        }
    }
}

#[cfg(test)]
mod tests;
