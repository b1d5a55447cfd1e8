//! Papers of candidates: put there by the office or by the candidate, taken away, and slides whose pages are turned.

use super::{Events, Interview};
use crate::{
    ERASED, Event, Obstacle, PaperEvent, PaperFile, PaperKind, PaperView, Refused, Role, SeatId, SlidesView,
    StageKind, Standing, Step, Time, candidate::Candidate, limit, permission, text,
};

impl Interview {
    /// The number from which on none was given to a paper of this candidate.
    ///
    /// # Errors
    ///
    /// A paper of so many bytes would be refused.
    pub fn next_paper(&self, seat: SeatId, own: bool, bytes: u64, now: Time) -> Result<u32, Refused> {
        self.paper_fits(seat, own, bytes, now).map(|candidate| candidate.papers.next())
    }

    /// The papers of a candidate as the office and the panel see them; none where there is no such candidate.
    pub fn papers(&self, seat: SeatId) -> Option<&[PaperView]> {
        self.candidates.get(&seat).map(|candidate| candidate.papers.kept())
    }

    /// One paper as the candidate may read it: once it is known who that is, and until they are gone.
    pub fn own_paper(&self, seat: SeatId, number: u32) -> Option<&PaperView> {
        let candidate = self.candidates.get(&seat).filter(|candidate| candidate.sees_papers())?;
        candidate.papers.paper(number)
    }

    /// May somebody of this seat read the papers of candidates? Patrols watch, and judge nobody.
    pub fn reads_papers(&self, seat: SeatId) -> bool {
        self.staff.get(&seat).is_some_and(|staff| staff.role.is_panel() && !staff.removed)
    }

    pub(super) fn decide_add_paper(
        &self,
        seat: SeatId,
        number: u32,
        paper: PaperFile,
        own: bool,
        now: Time,
    ) -> Events {
        let candidate = self.paper_fits(seat, own, paper.bytes, now)?;
        if number < candidate.papers.next() {
            return Err(Refused::NotNow(Obstacle::IdTaken));
        }
        if paper.bytes == 0 {
            return Err(Refused::TextEmpty);
        }
        if paper.slides && paper.kind != PaperKind::Pdf {
            return Err(Refused::NotNow(Obstacle::SlidesNotPdf));
        }
        let name = text::cut(&paper.name.replace(['\n', '/', '\\'], " "), limit::PAPER_NAME);
        let name = if name.is_empty() { format!("{number}.{}", paper.kind.extension()) } else { name };
        Ok(vec![PaperEvent::PaperAdded { seat, number, own, paper: PaperFile { name, ..paper } }.into()])
    }

    pub(super) fn decide_remove_paper(&self, seat: SeatId, number: u32, own: bool, now: Time) -> Events {
        let candidate = self.candidate(seat)?;
        if own && !self.may_add_papers(candidate, now) {
            return Err(Refused::PapersClosed);
        }
        // What the office has put there is the office's.
        match candidate.papers.paper(number) {
            None => Ok(Vec::new()),
            Some(paper) if own && !paper.own => Err(Refused::Forbidden),
            Some(_) => Ok(vec![PaperEvent::PaperRemoved { seat, number }.into()]),
        }
    }

    /// May the candidate add papers and take own ones away? From the moment when it is known who that is, until they are first
    /// led in: the panel reads what it has read.
    pub(in super::super) fn may_add_papers(&self, candidate: &Candidate, now: Time) -> bool {
        candidate.sees_papers()
            && candidate.admission.step() != Step::Admitted
            && !candidate.papers.fixed
            && self.closed_since(now).is_none()
    }

    fn paper_fits(&self, seat: SeatId, own: bool, bytes: u64, now: Time) -> Result<&Candidate, Refused> {
        let candidate = self.candidate(seat)?;
        let open = if own {
            self.may_add_papers(candidate, now)
        } else {
            self.closed_since(now).is_none() && candidate.name != ERASED
        };
        if !open {
            return Err(Refused::PapersClosed);
        }
        if candidate.papers.kept().len() >= limit::PAPERS {
            return Err(Refused::TooMany(limit::PAPERS));
        }
        let all: u64 = self.candidates.values().map(|candidate| candidate.papers.bytes()).sum();
        for (before, most) in [
            (0, limit::PAPER_BYTES),
            (candidate.papers.bytes(), limit::PAPERS_BYTES_OF_CANDIDATE),
            (all, limit::PAPERS_BYTES),
        ] {
            if before.saturating_add(bytes) > most {
                return Err(Refused::PapersTooLarge { most });
            }
        }
        Ok(candidate)
    }

    pub(super) fn decide_slides(&self, seat: SeatId, invited: bool) -> Events {
        let candidate = self.candidate(seat)?;
        if (self.floor.presenting == Some(seat)) == invited {
            return Ok(Vec::new());
        }
        if invited {
            if candidate.papers.slides().is_none() {
                return Err(Refused::SlidesMissing);
            }
            if !self.presents(seat) {
                return Err(Refused::NotNow(Obstacle::NoSlidesHere));
            }
        }
        Ok(vec![Event::SlidesInvited { candidate: seat, invited }])
    }

    /// Is this candidate before the panel, as somebody who shares a screen is?
    fn presents(&self, seat: SeatId) -> bool {
        let standing = Standing { may_share: true, ..self.standing(seat) };
        permission(Role::Candidate, standing, self.kind_of(seat)).sends.screen
    }

    /// The page that the candidate turns to. It is told and not recorded: nobody's rights and no result follow from it, and
    /// an hour of turning would fill what a seat may leave in the records.
    pub(in super::super) fn turned(&self, seat: SeatId, page: u32) -> Result<u32, Refused> {
        if self.role(seat) != Some(Role::Candidate) {
            return Err(Refused::Forbidden);
        }
        if self.floor.presenting != Some(seat) || self.slides(seat, 1).is_none() {
            return Err(Refused::NotNow(Obstacle::SlidesNotAsked));
        }
        Ok(page.clamp(1, limit::PAPER_PAGES))
    }

    /// The slides that a candidate shows now, at this page.
    pub(in super::super) fn slides(&self, seat: SeatId, page: u32) -> Option<SlidesView> {
        let shown = self.floor.presenting == Some(seat) && self.stages.current().kind != StageKind::End;
        let candidate = self.candidates.get(&seat).filter(|_| shown)?;
        candidate.papers.slides().map(|paper| SlidesView { number: paper.number, page })
    }
}

impl Candidate {
    /// Does the candidate see the own papers? Whoever has only the code of the invitation sees none.
    pub(in super::super) fn sees_papers(&self) -> bool {
        self.admission.step() > Step::Identity && !self.admission.is_out()
    }
}
