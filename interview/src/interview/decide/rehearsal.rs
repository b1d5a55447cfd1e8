//! Rehearsals: an interview made from another, and what is noted in it for the report.

use super::{Events, Interview};
use crate::{
    Actor, Check, CommandId, DeviceKind, ERASED, Event, HelmEvent, InterviewId, Obstacle, PaperEvent,
    PaperFile, QuestionSet, Record, Refused, RehearsalEvent, Rehearsed, RehearsedCheck, RehearsedChecks,
    SeatId, Setup, Time, TurnEvent, candidate::Candidate, limit,
};

impl Interview {
    /// The interview of which this is a rehearsal.
    pub const fn rehearsal_of(&self) -> Option<InterviewId> {
        self.rehearsal_of
    }

    /// The records of a rehearsal of this interview: the same setup, the same people with their codes and passwords, and
    /// nothing of what has happened. It ends when the interview opens. Candidates keep their seats, since their passwords are
    /// digested with them; `seat` draws one for each of the staff. Questions stay secret: others stand in their places.
    ///
    /// # Errors
    ///
    /// The interview is itself a rehearsal, was given up, or opens in less than [`limit::REHEARSAL`].
    pub fn rehearse(
        &self,
        id: InterviewId,
        seat: &mut dyn FnMut() -> SeatId,
        (command, by): (CommandId, Actor),
        now: Time,
    ) -> Result<Vec<Record>, Refused> {
        if self.is_deleted() {
            return Err(Refused::NotNow(Obstacle::InterviewDeleted));
        }
        if self.rehearsal_of.is_some() {
            return Err(Refused::NotNow(Obstacle::Rehearsal));
        }
        if now.plus(limit::REHEARSAL) > self.opens_at {
            return Err(Refused::NotNow(Obstacle::RehearsalLate));
        }
        let setup =
            Setup { opens_at: now, closes_at: self.opens_at, questions: self.samples(), ..self.setup() };
        let mut events = vec![
            Event::Created { interview: id, setup },
            RehearsalEvent::RehearsalOpened { of: self.id }.into(),
        ];
        for staff in self.staff.values() {
            let seat = seat();
            let (account, name) = (staff.account.clone(), staff.name.clone());
            events.push(Event::StaffAdded { seat, account, name, role: staff.role });
            events.extend(staff.chair.then_some(HelmEvent::ChairSet { seat, chair: true }.into()));
        }
        let people = self.candidates.iter().filter(|(_, candidate)| candidate.name != ERASED);
        events.extend(people.flat_map(|(seat, candidate)| as_entered(*seat, candidate)));
        if self.queue.is_arranged() {
            let last = |candidate| TurnEvent::QueueMoved { candidate, before: None }.into();
            events.extend(self.queue.iter().map(last));
        }
        let record = |event| Record { at: now, by: by.clone(), command: command.clone(), event };
        Ok(events.into_iter().map(record).collect())
    }

    /// As many sets and questions as there are, with other words: the panel learns them on the day.
    fn samples(&self) -> Vec<QuestionSet> {
        let sample = |set: &QuestionSet| {
            let mut set = set.clone();
            for (question, number) in set.questions.iter_mut().zip(1..) {
                question.text = format!("演练题目 {number} · sample question {number}");
            }
            set
        };
        self.questions.iter().map(sample).collect()
    }

    /// Who has come to this rehearsal, and what of it went well; nobody is named but by the seat.
    pub fn rehearsed(&self) -> Vec<Rehearsed> {
        let told = |seat| Some(self.candidates.get(&seat)?.rehearsed(seat));
        self.queue.iter().filter_map(told).collect()
    }

    pub(super) fn decide_device(&self, seat: SeatId, kind: DeviceKind) -> Events {
        if self.rehearsal_of.is_none() {
            return Err(Refused::NotFound("rehearsal"));
        }
        let known = self.candidate(seat)?.rehearsed.device();
        let told = RehearsalEvent::DeviceTold { seat, kind }.into();
        Ok(Vec::from_iter((known != Some(kind)).then_some(told)))
    }
}

/// The events that enter somebody as they are known: what they were sent, and did, stays behind.
fn as_entered(seat: SeatId, candidate: &Candidate) -> impl Iterator<Item = Event> {
    let Candidate { name, number, phone, code, password, photo, papers, .. } = candidate;
    let (name, number, phone) = (name.clone(), number.clone(), phone.clone());
    let added = Event::CandidateAdded { seat, name, number, phone, code: *code, password: password.clone() };
    let photo = photo.then_some(Event::PhotoSet { seat, present: true });
    let papers = papers.kept().iter().map(move |kept| {
        let paper =
            PaperFile { name: kept.name.clone(), kind: kept.kind, bytes: kept.bytes, slides: kept.slides };
        Event::Paper(PaperEvent::PaperAdded { seat, number: kept.number, own: kept.own, paper })
    });
    // The time of the day itself: it says in which order they come.
    let time = candidate.starts_at;
    let time = time.map(|_| TurnEvent::CandidateScheduled { candidate: seat, starts_at: time }.into());
    std::iter::once(added).chain(photo).chain(time).chain(papers)
}

impl Candidate {
    /// How far this candidate came in a rehearsal.
    pub(crate) fn rehearsed(&self, seat: SeatId) -> Rehearsed {
        let checked = |check| {
            let tried = self.admission.tried(check)?;
            Some(RehearsedCheck { passed: tried.passed, device: self.rehearsed.device_of(check) })
        };
        let checks = RehearsedChecks {
            speaker: checked(Check::Speaker),
            microphone: checked(Check::Microphone),
            camera: checked(Check::Camera),
        };
        Rehearsed {
            seat,
            entered_at: self.rehearsed.entered_at,
            step: self.admission.step(),
            shown_by: self.admission.proof().map(|proof| proof.method),
            device: self.rehearsed.device(),
            checks,
            waived: self.rehearsed.waived,
            locked: self.rehearsed.locked,
            troubles: self.rehearsed.troubles.iter().copied().collect(),
            network: self.troubles + u32::from(self.trouble.is_some()),
            called: self.rehearsed.called,
        }
    }
}
