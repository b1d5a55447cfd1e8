//! The reference: the specification in plain sets and sentences, without records, states as types or a table.

mod desk;
mod draws;
mod extras;
pub(super) mod helm;
mod identity;
mod line;
mod person;
mod reach;
mod results;
mod stages;

use super::{CANDIDATES, EXAMINERS, HOST, PATROL, wish::Wish};
use crate::*;
use desk::Desk;
use extras::Phone;
pub(super) use identity::ATTEMPTS;
use line::Line;
use person::Person;
use stages::Alone;
use std::collections::{BTreeMap, BTreeSet};

/// What comes of a wish.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    Done,
    Nothing,
    RecordedAndRefused,
    Refused,
}

use Outcome::{Done, Nothing, RecordedAndRefused, Refused as No};

pub(super) fn role(seat: SeatId) -> Role {
    match seat {
        HOST => Role::Host,
        PATROL => Role::Patrol,
        seat if EXAMINERS.contains(&seat) => Role::Examiner,
        _ => Role::Candidate,
    }
}

#[derive(Debug, Clone)]
pub(super) struct Reference {
    stage: usize,
    /// Briefings and announcements of all that are over.
    held: BTreeSet<StageKind>,
    alone: Alone,
    latest: Time,
    /// Who has no connection at this wish.
    offline: Option<SeatId>,
    people: BTreeMap<SeatId, Person>,
    line: Line,
    staff_out: BTreeSet<SeatId>,
    pub(super) current: Option<SeatId>,
    helm: Option<SeatId>,
    addressed: Option<SeatId>,
    words: BTreeSet<SeatId>,
    /// Invited to share the screen.
    sharing: Option<SeatId>,
    presenting: Option<SeatId>,
    phones: BTreeMap<SeatId, Phone>,
    hands: BTreeSet<SeatId>,
    muted: BTreeSet<SeatId>,
    sheets: BTreeMap<(SeatId, SeatId), Option<u32>>,
    submitted: BTreeSet<(SeatId, SeatId)>,
    locked: BTreeSet<SeatId>,
    desk: Desk,
    draws: Vec<draws::Begun>,
    /// Of a rehearsal, in which devices are told; all else is as in an interview.
    pub(super) rehearsal: bool,
}

impl Reference {
    pub(super) fn new(now: Time, shows_mean: ShowsMean) -> Self {
        Self {
            stage: 0,
            held: BTreeSet::new(),
            alone: Alone::default(),
            latest: now,
            offline: None,
            people: CANDIDATES.into_iter().map(|seat| (seat, Person::default())).collect(),
            line: Line::new(&CANDIDATES),
            staff_out: BTreeSet::new(),
            current: None,
            helm: None,
            addressed: None,
            words: BTreeSet::new(),
            sharing: None,
            presenting: None,
            phones: BTreeMap::new(),
            hands: BTreeSet::new(),
            muted: BTreeSet::new(),
            sheets: BTreeMap::new(),
            submitted: BTreeSet::new(),
            locked: BTreeSet::new(),
            desk: Desk::new(shows_mean),
            draws: Vec::new(),
            rehearsal: false,
        }
    }

    pub(super) fn step(&self, seat: SeatId) -> Step {
        self.people[&seat].step.unwrap_or(Step::Invited)
    }

    /// Put out, or left.
    pub(super) fn is_out(&self, seat: SeatId) -> bool {
        match role(seat) {
            Role::Candidate => matches!(self.step(seat), Step::Left | Step::Removed),
            _ => self.staff_out.contains(&seat),
        }
    }

    fn is_inside(&self, seat: SeatId) -> bool {
        match role(seat) {
            Role::Candidate => {
                let waits = matches!(self.step(seat), Step::Waiting | Step::Admitted);
                waits && !self.people[&seat].let_go
            }
            _ => !self.staff_out.contains(&seat),
        }
    }

    /// Section 6 of the product's page, and who is muted or out.
    pub(super) fn reaches(&self, receiver: SeatId, sender: SeatId, source: Source) -> bool {
        let sound = matches!(source, Source::Microphone | Source::ScreenAudio);
        let both_here = self.is_inside(receiver) && self.is_inside(sender) && receiver != sender;
        if !both_here || sender == PATROL || (sound && self.muted.contains(&sender)) {
            return false;
        }
        let extra = !matches!(source, Source::Microphone | Source::Camera);
        let from_candidate = role(sender) == Role::Candidate;
        let to_candidate = role(receiver) == Role::Candidate;
        match (from_candidate, to_candidate) {
            (true, true) => false,
            (false, false) => true,
            (true, false) => {
                let current = self.current == Some(sender);
                if self.together() {
                    return !extra && (source == Source::Camera || self.words.contains(&sender));
                }
                if self.one_by_one() && current {
                    return self.shows(sender, source);
                }
                let cut = current && self.turn_kind() == StageKind::Deliberation;
                let waits = self.kind() != StageKind::End && !cut;
                let heard = source == Source::Camera || self.addressed == Some(sender);
                waits && self.leads(receiver) && !extra && heard
            }
            (false, true) => {
                let with_panel = self.one_by_one() && self.current == Some(receiver);
                let addressed = self.leads(sender) && self.addressed == Some(receiver);
                self.together() || with_panel || (addressed && self.kind() != StageKind::End)
            }
        }
    }

    /// May a seat see this examiner's sheet of this candidate?
    pub(super) fn may_see(&self, seat: SeatId, examiner: SeatId, candidate: SeatId) -> bool {
        let panel = matches!(role(seat), Role::Examiner | Role::Host);
        seat == examiner || (panel && self.all_submitted(candidate))
    }

    fn all_submitted(&self, candidate: SeatId) -> bool {
        let mut waited_for = EXAMINERS.into_iter().filter(|seat| !self.staff_out.contains(seat)).peekable();
        self.locked.contains(&candidate)
            || (waited_for.peek().is_some()
                && waited_for.all(|examiner| self.submitted.contains(&(candidate, examiner))))
    }

    pub(super) fn act(&mut self, wish: &Wish, now: Time) -> Outcome {
        let (by, action, now) = (wish.by, &wish.action, now.max(self.latest));
        self.offline = wish.offline;
        let outcome = match action {
            Action::Path(action) if role(by) == Role::Candidate => self.walk(by, action, now),
            Action::Seat(action) => self.seat(by, action, now),
            Action::Draw(action) => self.draw(by, action),
            Action::Server(action) => self.compared(action),
            _ => No,
        };
        if matches!(outcome, Done | RecordedAndRefused) {
            self.latest = now;
        }
        outcome
    }

    fn walk(&mut self, by: SeatId, action: &PathAction, now: Time) -> Outcome {
        if let Some(outcome) = self.walk_with_phone(by, action, now) {
            return outcome;
        }
        if let Some(outcome) = self.walk_with_face(by, action) {
            return outcome;
        }
        if let Some(outcome) = self.walk_with_papers(by, action) {
            return outcome;
        }
        let (step, end) = (self.step(by), self.kind() == StageKind::End);
        let inside = matches!(step, Step::Waiting | Step::Admitted);
        let person = self.people.get_mut(&by).unwrap();
        match action {
            PathAction::Enter { code } => {
                if *code != super::wish::code(by) || step == Step::Removed || end {
                    return No;
                }
                let first = if by == CANDIDATES[1] { Step::Password } else { Step::Identity };
                person.device_troubles.clear();
                (person.device, person.asks_staff) = (None, false);
                person.step.get_or_insert(first);
                if step == Step::Left {
                    self.come_back(by);
                }
                self.show_again(by);
                Done
            }
            PathAction::ComeBack {} if step == Step::Removed || end => No,
            PathAction::ComeBack {} if step != Step::Left && !person.let_go => Nothing,
            PathAction::ComeBack {} => {
                self.come_back(by);
                self.show_again(by);
                Done
            }
            PathAction::Password { .. } if step != Step::Password || now < person.locked => No,
            PathAction::Password { digest } if digest == "right" => person.go(Step::Identity),
            PathAction::VerifySms { .. }
                if step != Step::Identity || now < person.locked || now >= person.holds =>
            {
                No
            }
            PathAction::VerifySms { digest } if digest == "right" => person.show_who(),
            PathAction::Password { .. } | PathAction::VerifySms { .. } => person.fail(now),
            PathAction::SendSms { .. } => {
                let open = now >= person.locked && now >= person.resend && person.sends < 10;
                if step != Step::Identity || !open {
                    return No;
                }
                (person.resend, person.holds) = (now.plus(60_000), now.plus(300_000));
                person.sends += 1;
                Done
            }
            PathAction::Check { check, passed, device } => {
                self.try_device(by, (*check, *passed, device), now)
            }
            PathAction::ReportDevice { check, problem } => self.report(by, *check, *problem, inside),
            _ => No,
        }
    }

    fn try_device(&mut self, by: SeatId, (check, passed, device): (Check, bool, &str), now: Time) -> Outcome {
        let step = self.step(by);
        let inside = matches!(step, Step::Waiting | Step::Admitted);
        let person = self.people.get_mut(&by).unwrap();
        let at = match step {
            Step::Speaker => 0,
            Step::Microphone => 1,
            Step::Camera => 2,
            _ => 3,
        };
        let this = Check::ALL.iter().position(|other| *other == check).unwrap();
        if (at == 3 && !inside) || this > at {
            return No;
        }
        let tried = (passed, device.to_owned());
        let known = person.tried.get(&check).filter(|(was, _)| *was == tried);
        let troubled = passed && person.device_troubles.contains_key(&check);
        if !troubled && known.is_some_and(|(_, at)| passed || now < at.plus(60_000)) {
            return Nothing;
        }
        person.tried.insert(check, (tried, now));
        if passed {
            person.device_troubles.remove(&check);
        }
        if !inside && !passed {
            Check::ALL[this + 1..].iter().for_each(|later| drop(person.tried.remove(later)));
            person.step = Some([Step::Speaker, Step::Microphone, Step::Camera][this]);
        } else if !inside && this == at {
            person.step = Some([Step::Microphone, Step::Camera, Step::Waiting][this]);
        }
        Done
    }

    fn seat(&mut self, by: SeatId, action: &SeatAction, now: Time) -> Outcome {
        use SeatAction as A;
        let me = role(by);
        let allowed = match action {
            A::Say { .. } => me != Role::Patrol,
            A::RaiseHand { .. } | A::Confirm { .. } | A::TurnPage { .. } | A::Leave {} => {
                me == Role::Candidate
            }
            A::InviteSlides { .. } => matches!(me, Role::Examiner | Role::Host),
            A::SaveScores { .. } | A::SubmitScores { .. } | A::KeepNote { .. } => me == Role::Examiner,
            A::MarkIncident { .. } => me != Role::Candidate,
            A::TakeHelm {} | A::GiveHelm {} | A::MarkAsked { .. } => {
                matches!(me, Role::Examiner | Role::Host)
            }
            _ => self.leads(by),
        };
        if !allowed {
            return No;
        }
        if matches!(action, A::Leave {}) && self.is_out(by) {
            return Nothing;
        }
        let goes = matches!(action, A::Leave {} | A::Confirm { .. }) && me == Role::Candidate;
        let may_go = goes && matches!(self.step(by), Step::Waiting | Step::Admitted);
        if !self.is_inside(by) && !may_go && !self.asks_before(by, action) {
            return No;
        }
        match action {
            A::Say { audience, .. } => self.say(by, me, *audience),
            A::MarkIncident { .. } => Done,
            A::TakeHelm {} | A::GiveHelm {} => self.helm(by, action),
            A::AssignQuestions { .. } | A::MarkAsked { .. } => self.ask(action),
            A::KeepNote { candidate, text } => self.keep_note(by, *candidate, text),
            A::RaiseHand { raised } => set(&mut self.hands, by, *raised),
            A::TurnPage { .. } => self.slides(by).map_or(No, |_| Nothing),
            A::Leave {} => self.put_out(by, Step::Left),
            A::Confirm { revision, .. } => self.confirm(by, *revision, now),
            A::SaveScores { candidate, points, .. } => {
                let points = points.values().next().map(|points| points.0);
                let key = (*candidate, by);
                let open = !self.submitted.contains(&key) && !self.locked.contains(candidate);
                match () {
                    () if !open || points.is_some_and(|points| points > 100) => No,
                    () if self.sheets.get(&key) == Some(&points) => Nothing,
                    () => done(self.sheets.insert(key, points)),
                }
            }
            A::SubmitScores { candidate } => {
                let key = (*candidate, by);
                let complete = self.sheets.get(&key).copied().flatten().is_some();
                match () {
                    () if self.submitted.contains(&key) => Nothing,
                    () if !complete || self.locked.contains(candidate) => No,
                    () => done(self.submitted.insert(key)),
                }
            }
            _ => self.lead(action),
        }
    }

    fn say(&self, by: SeatId, me: Role, audience: Audience) -> Outcome {
        let me = if self.leads(by) { Role::Host } else { me };
        let may = match (me, audience) {
            (Role::Host, Audience::Candidate { candidate }) => !self.is_out(candidate),
            (Role::Host | Role::Examiner, Audience::All | Audience::Panel) => true,
            (Role::Candidate, Audience::Candidate { candidate }) => candidate == by,
            (Role::Candidate, Audience::All) => {
                self.together() || (self.one_by_one() && self.current == Some(by))
            }
            _ => false,
        };
        if may { Done } else { No }
    }

    fn lead(&mut self, action: &SeatAction) -> Outcome {
        use SeatAction as A;
        match action {
            A::Call { candidate } => self.call(*candidate),
            A::CallNext {} => self.call_next(None),
            A::NextCandidate { finish } => self.next(*finish),
            A::PauseClock {} | A::ResumeClock {} | A::ExtendClock { .. } => self.clock(action),
            A::SendBack {} => self.end_turn(),
            A::FinishCandidate {} => self.finish(),
            A::Defer { .. } | A::Return { .. } | A::MoveCandidate { .. } => self.queue(action),
            A::LetGo { candidate } => self.let_go(*candidate),
            A::Remove { seat, .. } => match self.people.get(seat).map(|person| person.step) {
                Some(Some(Step::Left)) => No,
                _ if *seat == HOST => No,
                _ if self.is_out(*seat) => Nothing,
                _ => self.put_out(*seat, Step::Removed),
            },
            A::Readmit { seat } => {
                let let_go = self.people.get(seat).is_some_and(|person| person.let_go);
                if !self.is_out(*seat) && !let_go {
                    return No;
                }
                self.staff_out.remove(seat);
                self.come_back(*seat);
                Done
            }
            A::OverrideIdentity { candidate, .. } => match self.step(*candidate) {
                Step::Password | Step::Identity => self.people.get_mut(candidate).unwrap().show_who(),
                _ => No,
            },
            A::ConfirmIdentity { candidate } => self.look(*candidate, true),
            A::RefuseIdentity { candidate, .. } => self.look(*candidate, false),
            A::PassChecks { candidate, .. } => self.pass_checks(*candidate),
            A::VerifyAgain { candidate } if !self.is_inside(*candidate) => No,
            A::VerifyAgain { candidate } => {
                self.ask_again(*candidate);
                Done
            }
            A::LockScores { candidate } => match () {
                () if self.locked.contains(candidate) => Nothing,
                () if self.all_submitted(*candidate) => done(self.locked.insert(*candidate)),
                () => No,
            },
            A::DraftResult { .. }
            | A::DropDraft { .. }
            | A::PublishResult { .. }
            | A::PublishDrafts { .. }
            | A::WithdrawResult { .. }
            | A::CorrectResult { .. } => self.result(action),
            _ => self.hold(action),
        }
    }

    fn hold(&mut self, action: &SeatAction) -> Outcome {
        use SeatAction as A;
        match action {
            A::GoToStage { stage } => self.go_to(*stage as usize),
            A::Address { candidate } if *candidate == self.addressed => Nothing,
            A::Address { candidate: None } => done(self.addressed.take()),
            A::Address { candidate: Some(seat) } => {
                let turn = self.current == Some(*seat) && self.kind() != StageKind::Waiting;
                let nobody_waits = self.together() || self.kind() == StageKind::End;
                if !self.is_inside(*seat) || nobody_waits || turn {
                    return No;
                }
                done(self.addressed.insert(*seat))
            }
            A::GiveWord { candidate, given } => {
                let has = self.words.contains(candidate);
                if *given && !has && !(self.is_inside(*candidate) && self.together()) {
                    return No;
                }
                if *given && !has {
                    self.hands.remove(candidate);
                }
                set(&mut self.words, *candidate, *given)
            }
            A::InviteScreen { candidate, invited } => self.invite_screen(*candidate, *invited),
            A::InviteSlides { candidate, invited } => self.invite_slides(*candidate, *invited),
            A::Mute { seat, .. } if *seat == PATROL => No,
            A::Mute { seat, muted } => set(&mut self.muted, *seat, *muted),
            _ => No,
        }
    }

    fn put_out(&mut self, seat: SeatId, step: Step) -> Outcome {
        if self.current == Some(seat) {
            self.end_turn();
        }
        self.helm = self.helm.filter(|other| *other != seat);
        self.addressed = self.addressed.filter(|other| *other != seat);
        self.words.remove(&seat);
        self.hands.remove(&seat);
        self.phones.entry(seat).or_default().go();
        match self.people.get_mut(&seat) {
            Some(person) => {
                person.asks_staff = false;
                person.before_out = person.step.replace(step);
            }
            None => drop(self.staff_out.insert(seat)),
        }
        Done
    }
}

fn done<T>(_: T) -> Outcome {
    Done
}

fn set<T: Ord>(all: &mut BTreeSet<T>, one: T, inside: bool) -> Outcome {
    let changed = if inside { all.insert(one) } else { all.remove(&one) };
    if changed { Done } else { Nothing }
}
