//! Lines in writing, and who may read each.

use crate::{ChatLine, Role, SeatId, limit};
use std::collections::{BTreeSet, VecDeque};

/// The newest lines of an interview.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Chat {
    lines: VecDeque<(ChatLine, Reach)>,
}

/// Who may read a line, settled when it is said: a later stage does not open it to others.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Reach {
    /// Examiners, hosts, patrols.
    Panel,
    /// This candidate and the hosts.
    Hosts(SeatId),
    /// The panel with these candidates.
    With(BTreeSet<SeatId>),
    /// Everybody, also who comes later.
    Everybody,
}

impl Reach {
    fn includes(&self, seat: SeatId, role: Role) -> bool {
        let candidate = role == Role::Candidate;
        match self {
            Self::Panel => !candidate,
            Self::Hosts(with) => *with == seat || role == Role::Host,
            Self::With(candidates) => !candidate || candidates.contains(&seat),
            Self::Everybody => true,
        }
    }
}

impl Chat {
    /// Keeps a line; the oldest goes when there are too many.
    pub(crate) fn add(&mut self, line: ChatLine, reach: Reach) {
        if self.lines.len() >= limit::CHAT_KEPT {
            self.lines.pop_front();
        }
        self.lines.push_back((line, reach));
    }

    /// The newest lines that a seat may read, the oldest first.
    pub(crate) fn readable(&self, seat: SeatId, role: Role) -> Vec<ChatLine> {
        let readable = self.lines.iter().rev().filter(|(_, reach)| reach.includes(seat, role));
        let mut lines: Vec<_> = readable.take(limit::CHAT_SHOWN).map(|(line, _)| line.clone()).collect();
        lines.reverse();
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Audience, Time};

    const A: SeatId = SeatId(1);
    const B: SeatId = SeatId(2);
    const STAFF: SeatId = SeatId(3);

    fn line(id: usize) -> ChatLine {
        ChatLine {
            id: id.to_string(),
            at: Time(0),
            from: STAFF,
            from_name: String::new(),
            from_role: Role::Host,
            audience: Audience::All,
            text: String::new(),
        }
    }

    #[test]
    fn a_line_reaches_whom_it_was_said_to() {
        let readers = |reach: Reach| {
            let mut chat = Chat::default();
            chat.add(line(0), reach);
            let seats = [
                (A, Role::Candidate),
                (B, Role::Candidate),
                (STAFF, Role::Examiner),
                (STAFF, Role::Host),
                (STAFF, Role::Patrol),
            ];
            seats.map(|(seat, role)| !chat.readable(seat, role).is_empty())
        };
        assert_eq!(readers(Reach::Panel), [false, false, true, true, true]);
        assert_eq!(readers(Reach::Hosts(A)), [true, false, false, true, false]);
        assert_eq!(readers(Reach::With(BTreeSet::from([A]))), [true, false, true, true, true]);
        assert_eq!(readers(Reach::Everybody), [true; 5]);
    }

    #[test]
    fn old_lines_go_and_a_view_shows_the_newest() {
        let mut chat = Chat::default();
        for id in 0..limit::CHAT_KEPT + 5 {
            chat.add(line(id), Reach::Everybody);
        }
        assert_eq!(chat.lines.len(), limit::CHAT_KEPT);
        let shown = chat.readable(A, Role::Candidate);
        assert_eq!(shown.len(), limit::CHAT_SHOWN);
        assert_eq!(shown.last(), Some(&line(limit::CHAT_KEPT + 4)));
    }
}
