//! From records to the state: each event takes effect in one place. Nothing here can fail, or decide.

use super::{Interview, Staff};
use crate::{
    Audience, ChatLine, Code, DrawEvent, DrawKind, Event, HelmEvent, IncidentView, MessageEvent,
    NetworkEvent, PaperEvent, Password, Record, RehearsalEvent, Role, Scope, SeatId, SecondCamera, Setup,
    StageKind, Time, TurnEvent, admission::Admission, asked::Asked, candidate::Candidate, chat::Reach,
    device_trouble::DeviceTroubles, faces::Faces, paper::Papers, rehearsal::Tries, result::Results,
    second_camera::Pairing, sms_codes::SmsCodes, staff_check::StaffCheck, turn::Turn,
};
use std::collections::BTreeSet;

impl Interview {
    /// Takes in what happened. An event that means nothing in this state changes nothing.
    pub fn apply(&mut self, record: &Record) {
        self.latest = self.latest.max(record.at);
        self.sequence += 1;
        self.memory.note(record);
        self.held.note(&record.event);
        self.imports.note(record);
        self.draws.note(record);
        self.take(&record.event, self.latest);
    }

    /// One arm an event, so that the compiler names those that have none.
    fn take(&mut self, event: &Event, at: Time) {
        use Event as E;
        match event {
            // Only the first record creates; of an import the records behind it tell.
            E::Created { .. } | E::CandidatesImported { .. } => {}
            E::Changed { setup } => self.change(setup),
            E::Deleted => self.deleted = true,
            E::StaffAdded { .. } | E::StaffRemoved { .. } => self.staff(event),
            E::CandidateRemoved { seat } => self.take_away(*seat),
            E::CandidateAdded { seat, name, number, phone, code, password } => {
                let candidate = entered(name, number, phone, *code, password.clone());
                self.candidates.insert(*seat, candidate);
                self.queue.enter(*seat, number);
            }
            E::CandidateChanged { seat, name, number, phone, password } => {
                self.of(*seat, |candidate| candidate.rewrite(name, number, phone, password.as_ref()));
                self.queue.enter(*seat, number);
            }
            E::CodeIssued { seat, code } => self.of(*seat, |candidate| candidate.code = *code),
            E::PhotoSet { seat, present } => self.of(*seat, |candidate| candidate.photo = *present),
            E::Paper(event) => self.of(event.seat(), |one| match event {
                PaperEvent::PaperAdded { number, own, paper, .. } => one.papers.add(*number, *own, paper, at),
                PaperEvent::PaperRemoved { number, .. } => one.papers.remove(*number),
            }),
            E::Message(MessageEvent::Invited { seat }) => self.of(*seat, |one| one.invited_at = Some(at)),
            E::Message(MessageEvent::Reminded { seat }) => self.of(*seat, |one| one.reminded_at = Some(at)),
            E::Entered { seat, .. } => self.enter(*seat, event, at),
            E::PasswordPassed { seat }
            | E::PasswordWrong { seat, .. }
            | E::SmsSent { seat, .. }
            | E::SmsWrong { seat, .. }
            | E::IdentityPassed { seat, .. }
            | E::ConsentTold { seat, .. }
            | E::FaceCompared { seat, .. }
            | E::FaceLookedAt { seat, .. }
            | E::PledgeAccepted { seat, .. }
            | E::Checked { seat, .. }
            | E::DeviceTroubled { seat, .. }
            | E::ChecksPassed { seat, .. } => self.advance(*seat, event, at),
            E::StaffCheck(check) => self.of(check.seat(), |one| one.staff_check.note(event, at)),
            E::VerificationAsked { seat } => self.ask_who(*seat, event, at),
            // The pictures are gone; of people and words the records before say nothing any more, and are folded anew.
            E::Erasure(event) => event.seat().into_iter().for_each(|seat| self.erase_person(seat)),
            E::SecondCameraOffered { seat, until } => self.of(*seat, |one| one.pairing.offer(*until)),
            E::SecondCameraPaired { seat, link } => self.of(*seat, |one| one.pairing.pair(*link)),
            E::SecondCameraDropped { seat } => self.of(*seat, |one| one.pairing.end()),
            E::Called { candidate, .. } => self.call(*candidate, event, at),
            E::SentBack { candidate } => self.send_back(*candidate, event, at),
            E::Finished { candidate } => self.finish(*candidate, event, at),
            E::Deferred { candidate } => self.queue.defer(*candidate),
            E::Returned { candidate } => self.queue.give_back(*candidate),
            E::Removed { seat, .. } | E::Left { seat } => self.put_out(*seat, event, at),
            E::Readmitted { seat } => self.let_in_again(*seat, event, at),
            E::StageEntered { stage } => self.enter_stage(*stage, event, at),
            E::Turn(event) => self.turn(event, at),
            E::Addressed { candidate } => self.floor.address(*candidate),
            E::WordGiven { candidate, given } => self.floor.give_word(*candidate, *given),
            E::ScreenInvited { candidate, invited } => self.floor.invite_screen(*candidate, *invited),
            E::SlidesInvited { candidate, invited } => self.floor.invite_slides(*candidate, *invited),
            E::HandRaised { candidate, raised } => self.floor.raise_hand(*candidate, *raised),
            E::Muted { seat, muted } => self.floor.mute(*seat, *muted),
            E::Said { seat, audience, text } => self.say(*seat, *audience, text, at),
            E::ScoresSaved { .. }
            | E::ScoresSubmitted { .. }
            | E::ScoresLocked { .. }
            | E::NoteKept { .. } => self.write(event, at),
            E::ResultDrafted { candidate, .. }
            | E::ResultDraftDropped { candidate }
            | E::ResultPublished { candidate, .. }
            | E::ResultWithdrawn { candidate, .. }
            | E::ResultCorrected { candidate, .. }
            | E::ResultConfirmed { candidate } => self.of(*candidate, |one| one.results.note(event, at)),
            E::Network(NetworkEvent::NetworkTroubleBegan { seat, from, worst }) => {
                self.of(*seat, |candidate| candidate.trouble = Some((*from, *worst)));
            }
            E::Network(NetworkEvent::NetworkTroubled { seat, .. }) => self.of(*seat, Candidate::end_trouble),
            E::Helm(event) => self.helm(*event),
            E::Draw(event) => self.draw(event),
            E::Rehearsal(event) => self.rehearsal(*event),
            E::Question(event) => self.of(event.seat(), |one| one.questions.note(*event)),
            E::IncidentMarked { seat, candidate, note } => self.note_incident(*seat, *candidate, note, at),
        }
    }

    fn rehearsal(&mut self, event: RehearsalEvent) {
        match event {
            RehearsalEvent::RehearsalOpened { of } => self.rehearsal_of = Some(of),
            RehearsalEvent::DeviceTold { seat, kind } => self.of(seat, |one| one.rehearsed.came_with(kind)),
        }
    }

    fn turn(&mut self, event: &TurnEvent, at: Time) {
        use TurnEvent as E;
        match event {
            E::CandidateStageEntered { candidate, stage } => self.enter_own_stage(*candidate, *stage, at),
            E::CandidateScheduled { candidate, starts_at } => {
                self.of(*candidate, |one| one.starts_at = *starts_at);
                self.queue.schedule(*candidate, *starts_at);
            }
            E::QueueMoved { candidate, before } => self.queue.move_before(*candidate, *before),
            E::LetGo { candidate } => self.let_go(*candidate, at),
            E::CameBack { candidate } => self.let_in_again(*candidate, &Event::Turn(event.clone()), at),
            E::ClockPaused { candidate } => self.of(*candidate, |one| one.turn.pause(at)),
            E::ClockResumed { candidate } => self.of(*candidate, |one| one.turn.resume(at)),
            E::ClockExtended { candidate, minutes, .. } => {
                self.of(*candidate, |one| one.turn.extend(*minutes));
            }
        }
    }

    fn helm(&mut self, event: HelmEvent) {
        match event {
            HelmEvent::HelmTaken { seat } => self.helm = Some(seat),
            HelmEvent::HelmGiven { .. } => self.helm = None,
            HelmEvent::ChairSet { seat, chair } => {
                if let Some(staff) = self.staff.get_mut(&seat) {
                    staff.chair = chair;
                }
            }
        }
    }

    /// An order that is drawn is the queue; sets of questions come with events of their own.
    fn draw(&mut self, event: &DrawEvent) {
        let DrawEvent::Drawn { number, .. } = event else { return };
        if let Some(draw) = self.draws.of(*number).filter(|draw| draw.kind == DrawKind::Order) {
            self.queue.arrange(&draw.in_order());
        }
    }

    /// On score sheets, in private notes.
    fn write(&mut self, event: &Event, at: Time) {
        match event {
            Event::ScoresSaved { examiner, candidate, points, remark } => {
                self.scores.save(*candidate, *examiner, points, remark, at);
            }
            Event::ScoresSubmitted { examiner, candidate } => self.scores.submit(*candidate, *examiner, at),
            Event::ScoresLocked { candidate } => self.scores.lock(*candidate),
            Event::NoteKept { examiner, candidate, text } => {
                self.notes.keep(*examiner, *candidate, text, at);
            }
            _ => {}
        }
    }

    /// Of the seats of the staff.
    fn staff(&mut self, event: &Event) {
        match event {
            Event::StaffAdded { seat, account, name, role } => {
                let (account, name) = (account.clone(), name.clone());
                let place = self.staff.values().map(|staff| staff.place + 1).max().unwrap_or(0);
                let staff = Staff { place, account, name, role: *role, chair: false, removed: false };
                self.staff.insert(*seat, staff);
            }
            Event::StaffRemoved { seat } => {
                self.staff.remove(seat);
                self.clear(*seat);
            }
            _ => {}
        }
    }

    /// Somebody came with the code: not sure to be whoever came before.
    fn enter(&mut self, seat: SeatId, event: &Event, at: Time) {
        let entry = self.sequence;
        self.of(seat, |candidate| {
            candidate.entries = candidate.entries.saturating_add(1);
            candidate.entry = entry;
        });
        self.advance(seat, event, at);
    }

    /// Nothing is left of a seat that is no more.
    fn clear(&mut self, seat: SeatId) {
        self.helm = self.helm.filter(|other| *other != seat);
        self.floor.leave(seat);
        self.floor.mute(seat, false);
        self.memory.forget(seat);
        self.chat.forget(seat);
        self.notes.forget(seat);
    }

    fn take_away(&mut self, seat: SeatId) {
        self.candidates.remove(&seat);
        self.queue.leave(seat);
        self.clear(seat);
    }

    /// Who has never entered leaves no seat behind.
    fn erase_person(&mut self, seat: SeatId) {
        if self.candidates.get(&seat).is_some_and(|candidate| candidate.entries == 0) {
            self.take_away(seat);
        }
    }

    /// Whoever is asked once more who they are has no part in what goes on meanwhile.
    fn ask_who(&mut self, seat: SeatId, event: &Event, at: Time) {
        self.advance(seat, event, at);
        self.end_turn(seat, at);
        self.floor.leave(seat);
    }

    /// Where it is this candidate's.
    fn end_turn(&mut self, seat: SeatId, at: Time) {
        if self.floor.current == Some(seat) {
            self.of(seat, |candidate| candidate.turn.end(at));
        }
    }

    /// From now on the papers are what the panel has read.
    fn call(&mut self, seat: SeatId, event: &Event, at: Time) {
        self.advance(seat, event, at);
        self.of(seat, |candidate| candidate.papers.fixed = true);
        self.floor.call(seat);
        let own = self.own_stage_of_all();
        self.of(seat, |one| {
            one.turn.begin(own, at);
            one.let_go_at = None;
        });
    }

    fn finish(&mut self, candidate: SeatId, event: &Event, at: Time) {
        let kind = self.scene_kind();
        let has_interviews = self.stages.first(StageKind::Interview).is_some();
        self.of(candidate, |candidate| candidate.finish(kind));
        if kind == StageKind::Interview || !has_interviews {
            self.of(candidate, |candidate| candidate.note_interview(at));
        }
        self.send_back(candidate, event, at);
    }

    fn send_back(&mut self, candidate: SeatId, event: &Event, at: Time) {
        self.advance(candidate, event, at);
        self.end_turn(candidate, at);
        self.floor.send_back(candidate);
    }

    fn put_out(&mut self, seat: SeatId, event: &Event, at: Time) {
        if let Some(staff) = self.staff.get_mut(&seat) {
            staff.removed = true;
        }
        self.helm = self.helm.filter(|other| *other != seat);
        self.advance(seat, event, at);
        self.of(seat, |candidate| {
            candidate.pairing.end();
            candidate.left_at = matches!(event, Event::Left { .. }).then_some(at);
        });
        self.end_turn(seat, at);
        self.floor.leave(seat);
    }

    fn let_go(&mut self, seat: SeatId, at: Time) {
        self.of(seat, |candidate| {
            candidate.pairing.end();
            candidate.let_go_at = Some(at);
        });
        self.floor.leave(seat);
    }

    fn let_in_again(&mut self, seat: SeatId, event: &Event, at: Time) {
        if let Some(staff) = self.staff.get_mut(&seat) {
            staff.removed = false;
        }
        self.advance(seat, event, at);
        self.of(seat, |candidate| (candidate.let_go_at, candidate.left_at) = (None, None));
    }

    fn change(&mut self, setup: &Setup) {
        self.name.clone_from(&setup.name);
        self.opens_at = setup.opens_at;
        self.closes_at = setup.closes_at;
        self.criteria.clone_from(&setup.criteria);
        self.second_camera = setup.second_camera;
        self.identity = setup.identity;
        self.pledge.clone_from(&setup.pledge);
        self.pledges = self.pledges.max(setup.pledge.as_ref().map_or(0, |pledge| pledge.version));
        self.picture_codec = setup.picture_codec;
        self.lets_go = setup.lets_go;
        self.time_zone.clone_from(&setup.time_zone);
        self.shows_mean = setup.shows_mean;
        self.questions.clone_from(&setup.questions);
        if setup.second_camera == SecondCamera::Off {
            self.end_pairings();
        }
        if let Some(stages) = self.stages.changed(setup.stages.iter().cloned()) {
            self.stages = stages;
        }
    }

    fn enter_stage(&mut self, stage: u32, event: &Event, at: Time) {
        let before = self.scene_stage();
        if !usize::try_from(stage).is_ok_and(|stage| self.stages.go_to(stage)) {
            return;
        }
        let (index, kind) = (self.stages.index(), self.stages.current().kind);
        if let Some(current) = self.floor.current {
            self.note_interview(current, before, index, at);
            match kind.scope() {
                Scope::Candidate => self.of(current, |one| one.turn.enter(index, at)),
                Scope::Everybody => self.of(current, |one| one.turn.halt(at)),
            }
        }
        if kind == StageKind::End {
            if let Some(current) = self.floor.current {
                self.advance(current, event, at);
                self.end_turn(current, at);
            }
            self.end_pairings();
        }
        self.floor.enter(kind);
        self.stage_since = at;
    }

    /// One candidate goes to a stage alone; with the panel only the current one.
    fn enter_own_stage(&mut self, seat: SeatId, stage: u32, at: Time) {
        let Ok(index) = usize::try_from(stage) else { return };
        let Some(kind) = self.stages.at(index).map(|stage| stage.kind) else { return };
        let current = self.floor.current == Some(seat);
        if current {
            self.note_interview(seat, self.scene_stage(), index, at);
            self.floor.move_on(seat);
        }
        self.of(seat, |one| one.turn.go_alone(index, kind, current, at));
    }

    /// Whoever goes on from an interview has had it.
    fn note_interview(&mut self, seat: SeatId, from: usize, to: usize, at: Time) {
        let interviewed = self.stages.at(from).is_some_and(|stage| stage.kind == StageKind::Interview);
        if interviewed && to > from {
            self.of(seat, |candidate| candidate.note_interview(at));
        }
    }

    fn end_pairings(&mut self) {
        self.candidates.values_mut().for_each(|candidate| candidate.pairing.end());
    }

    fn say(&mut self, seat: SeatId, audience: Audience, text: &str, at: Time) {
        let Some(role) = self.role(seat) else { return };
        let reach = self.reach(seat, self.part(seat).unwrap_or(role), audience);
        let line = ChatLine {
            id: self.sequence.to_string(),
            at,
            from: seat,
            from_name: self.name_of(seat),
            from_role: role,
            audience,
            text: text.to_owned(),
        };
        self.chat.add(self.sequence, line, reach);
    }

    fn note_incident(&mut self, seat: SeatId, candidate: Option<SeatId>, note: &str, at: Time) {
        let Some(by_role) = self.role(seat) else { return };
        let by_name = if by_role.is_listed() { self.name_of(seat) } else { String::new() };
        let (id, note) = (self.sequence.to_string(), note.to_owned());
        self.incidents.push(IncidentView { id, at, by_role, by_name, candidate, note });
    }

    /// Who may read what is said now. No candidate reads another.
    fn reach(&self, seat: SeatId, role: Role, audience: Audience) -> Reach {
        match (audience, role) {
            (Audience::Panel, _) => Reach::Panel,
            (Audience::Candidate { candidate }, _) => Reach::Hosts(candidate),
            (Audience::All, Role::Host) => Reach::Everybody,
            (Audience::All, Role::Candidate) => Reach::With(BTreeSet::from([seat])),
            (Audience::All, _) => {
                let with_panel = |seat: &SeatId| self.rights(*seat).receives.panel;
                Reach::With(self.candidates.keys().copied().filter(with_panel).collect())
            }
        }
    }

    fn of(&mut self, seat: SeatId, change: impl FnOnce(&mut Candidate)) {
        if let Some(candidate) = self.candidates.get_mut(&seat) {
            change(candidate);
        }
    }

    fn advance(&mut self, seat: SeatId, event: &Event, at: Time) {
        self.of(seat, |candidate| candidate.advance(event, at));
    }

    /// The name of who sits in a seat; empty for a seat that is not here.
    pub(crate) fn name_of(&self, seat: SeatId) -> String {
        let candidate = self.candidates.get(&seat).map(|candidate| &candidate.name);
        candidate.or_else(|| self.staff.get(&seat).map(|staff| &staff.name)).cloned().unwrap_or_default()
    }
}

fn entered(name: &str, number: &str, phone: &str, code: Code, password: Option<Password>) -> Candidate {
    Candidate {
        name: name.to_owned(),
        number: number.to_owned(),
        phone: phone.to_owned(),
        starts_at: None,
        code,
        password,
        photo: false,
        papers: Papers::default(),
        invited_at: None,
        reminded_at: None,
        entries: 0,
        entry: 0,
        admission: Admission::default(),
        finished: BTreeSet::new(),
        pairing: Pairing::default(),
        sms: SmsCodes::default(),
        faces: Faces::default(),
        staff_check: StaffCheck::default(),
        pledged: None,
        troubles: 0,
        trouble: None,
        device_troubles: DeviceTroubles::default(),
        interviewed_at: None,
        turn: Turn::default(),
        let_go_at: None,
        left_at: None,
        results: Results::default(),
        questions: Asked::default(),
        rehearsed: Tries::default(),
    }
}
