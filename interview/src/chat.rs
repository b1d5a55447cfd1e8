//! Lines in writing: who may read each, how they are read in parts, and how many a seat may write.

use crate::{ChatLine, Refused, Role, SeatId, Time, limit};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use ts_rs::TS;
use utoipa::ToSchema;

/// Lines that follow each other among those that a seat may read.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, TS, ToSchema)]
pub struct ChatPart {
    /// The oldest first.
    pub lines: Vec<ChatLine>,
    /// The id of the line directly before the first; null when there is none.
    #[schema(required)]
    pub before: Option<String>,
}

/// Who reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Reader {
    pub(crate) seat: SeatId,
    pub(crate) role: Role,
    /// Of a candidate who has not shown who they are: what was written to them after this record, and nothing else.
    pub(crate) only_after: Option<u64>,
}

impl Reader {
    fn may_read(&self, said: &Said) -> bool {
        match self.only_after {
            Some(entry) => said.number > entry && said.reach == Reach::Hosts(self.seat),
            None => said.reach.includes(self.seat, self.role),
        }
    }
}

/// The newest lines of an interview.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Chat {
    lines: VecDeque<Said>,
    /// Bytes of the texts of `lines`.
    bytes: usize,
    written: BTreeMap<SeatId, Written>,
}

/// A line that is kept.
#[derive(Debug, Clone, PartialEq)]
struct Said {
    /// Grows from line to line; its decimal is the line's id.
    number: u64,
    line: ChatLine,
    reach: Reach,
}

/// What a seat has written.
#[derive(Debug, Clone, PartialEq, Default)]
struct Written {
    /// When the newest lines were written, as many as may be in a minute.
    newest: VecDeque<Time>,
    lines: usize,
    bytes: usize,
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
    /// May a seat write these bytes now?
    pub(crate) fn may_write(&self, seat: SeatId, role: Role, bytes: usize, now: Time) -> Result<(), Refused> {
        let Some(written) = self.written.get(&seat) else { return Ok(()) };
        let limit::Writing { a_minute, lines, bytes: most } = limit::writing(role);
        if written.lines >= lines || written.bytes + bytes > most {
            return Err(Refused::TooMany(lines));
        }
        let behind = written.newest.len().checked_sub(a_minute).and_then(|index| written.newest.get(index));
        match behind.map(|written| written.plus(limit::MINUTE)) {
            Some(again_at) if now < again_at => Err(Refused::TooFast { again_at }),
            _ => Ok(()),
        }
    }

    /// Keeps a line; the oldest go when there are too many, or too much.
    pub(crate) fn add(&mut self, number: u64, line: ChatLine, reach: Reach) {
        let written = self.written.entry(line.from).or_default();
        written.lines += 1;
        written.bytes += line.text.len();
        written.newest.push_back(line.at);
        if written.newest.len() > limit::writing(line.from_role).a_minute {
            written.newest.pop_front();
        }
        self.bytes += line.text.len();
        self.lines.push_back(Said { number, line, reach });
        while self.lines.len() > limit::CHAT_KEPT || self.bytes > limit::CHAT_BYTES {
            let Some(oldest) = self.lines.pop_front() else { break };
            self.bytes -= oldest.line.text.len();
        }
    }

    /// Forgets how much a seat that is no more has written.
    pub(crate) fn forget(&mut self, seat: SeatId) {
        self.written.remove(&seat);
    }

    /// The newest lines that a seat may read, those after the number `after`, as many as go into one part.
    pub(crate) fn newest(&self, reader: Reader, after: u64) -> ChatPart {
        self.part(reader, u64::MAX, after)
    }

    /// The id of the newest line that a seat may read.
    pub(crate) fn newest_id(&self, reader: Reader) -> Option<String> {
        self.lines.iter().rev().find(|said| reader.may_read(said)).map(|said| said.line.id.clone())
    }

    /// The lines that a seat may read directly before the number `before`.
    pub(crate) fn earlier(&self, reader: Reader, before: u64) -> ChatPart {
        self.part(reader, before, 0)
    }

    fn part(&self, reader: Reader, before: u64, after: u64) -> ChatPart {
        let mut part = ChatPart::default();
        let mut bytes = 0;
        let older = self.lines.iter().rev().skip_while(|said| said.number >= before);
        for said in older.filter(|said| reader.may_read(said)) {
            bytes += said.line.text.len();
            let full = part.lines.len() >= limit::PART_LINES || bytes > limit::PART_BYTES;
            if said.number <= after || (full && !part.lines.is_empty()) {
                part.before = Some(said.line.id.clone());
                break;
            }
            part.lines.push(said.line.clone());
        }
        part.lines.reverse();
        part
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Audience;

    const A: SeatId = SeatId(1);
    const B: SeatId = SeatId(2);
    const STAFF: SeatId = SeatId(3);

    fn line(id: u64, from: SeatId, from_role: Role, text: &str) -> ChatLine {
        ChatLine {
            id: id.to_string(),
            at: Time(id * 1000),
            from,
            from_name: String::new(),
            from_role,
            audience: Audience::All,
            text: text.to_owned(),
        }
    }

    fn reader(seat: SeatId, role: Role) -> Reader {
        Reader { seat, role, only_after: None }
    }

    fn from_staff(count: u64, text: &str) -> Chat {
        let mut chat = Chat::default();
        for id in 1..=count {
            chat.add(id, line(id, STAFF, Role::Host, text), Reach::Everybody);
        }
        chat
    }

    fn ids(part: &ChatPart) -> Vec<u64> {
        part.lines.iter().map(|line| line.id.parse().unwrap()).collect()
    }

    #[test]
    fn a_line_reaches_whom_it_was_said_to() {
        let readers = |reach: Reach| {
            let mut chat = Chat::default();
            chat.add(1, line(1, STAFF, Role::Host, ""), reach);
            let seats = [
                (A, Role::Candidate),
                (B, Role::Candidate),
                (STAFF, Role::Examiner),
                (STAFF, Role::Host),
                (STAFF, Role::Patrol),
            ];
            seats.map(|(seat, role)| !chat.newest(reader(seat, role), 0).lines.is_empty())
        };
        assert_eq!(readers(Reach::Panel), [false, false, true, true, true]);
        assert_eq!(readers(Reach::Hosts(A)), [true, false, false, true, false]);
        assert_eq!(readers(Reach::With(BTreeSet::from([A]))), [true, false, true, true, true]);
        assert_eq!(readers(Reach::Everybody), [true; 5]);
    }

    #[test]
    fn lines_are_kept_up_to_a_number_and_a_size() {
        let many = from_staff(limit::CHAT_KEPT as u64 + 5, "x");
        assert_eq!((many.lines.len(), many.lines[0].number), (limit::CHAT_KEPT, 6));
        let large = from_staff(2000, &"x".repeat(2000));
        assert_eq!(large.lines.len(), limit::CHAT_BYTES / 2000);
        assert_eq!(large.bytes, large.lines.len() * 2000);
    }

    #[test]
    fn parts_from_the_newest_back_are_every_line_once_and_each_is_bounded() {
        for (text, most) in
            [("x".to_owned(), limit::PART_LINES), ("x".repeat(2000), limit::PART_BYTES / 2000)]
        {
            let chat = from_staff(500, &text);
            let mut part = chat.newest(reader(A, Role::Candidate), 0);
            let mut read = ids(&part);
            while let Some(before) = &part.before {
                assert_eq!(part.lines.len(), most);
                assert_eq!(*before, (ids(&part)[0] - 1).to_string());
                part = chat.earlier(reader(A, Role::Candidate), ids(&part)[0]);
                read.splice(0..0, ids(&part));
            }
            assert_eq!(read, (1..=500).collect::<Vec<_>>());
        }
    }

    #[test]
    fn what_is_new_says_which_line_stands_before_it_among_those_that_may_be_read() {
        let mut chat = Chat::default();
        for id in 1..=6 {
            let reach = if id % 2 == 0 { Reach::Panel } else { Reach::Everybody };
            chat.add(id, line(id, STAFF, Role::Host, ""), reach);
        }
        let new = chat.newest(reader(A, Role::Candidate), 3);
        assert_eq!((ids(&new), new.before.as_deref()), (vec![5], Some("3")));
        let none = chat.newest(reader(A, Role::Candidate), 5);
        assert_eq!(ids(&none), Vec::<u64>::new());
        let all = chat.newest(reader(A, Role::Candidate), 0);
        assert_eq!((ids(&all), all.before), (vec![1, 3, 5], None));
    }

    #[test]
    fn a_seat_writes_so_many_lines_in_any_minute_and_is_told_when_the_next_may_come() {
        for role in [Role::Candidate, Role::Host] {
            let a_minute = limit::writing(role).a_minute as u64;
            let mut chat = Chat::default();
            let mut accepted = Vec::new();
            // Tries every 100 milliseconds for five minutes.
            for at in (0..300_000).step_by(100).map(Time) {
                match chat.may_write(A, role, 1, at) {
                    Ok(()) => {
                        let said = ChatLine { at, ..line(at.0, A, role, "x") };
                        chat.add(at.0 + 1, said, Reach::Everybody);
                        accepted.push(at.0);
                    }
                    Err(refused) => {
                        let again_at = Time(accepted[accepted.len() - a_minute as usize]).plus(limit::MINUTE);
                        assert_eq!(refused, Refused::TooFast { again_at });
                    }
                }
            }
            assert_eq!(accepted.len() as u64, a_minute * 5);
            assert_eq!(chat.may_write(B, role, 1, Time(0)), Ok(()), "others are not held up");
        }
    }

    #[test]
    fn a_seat_writes_so_many_lines_and_bytes_in_one_interview() {
        let limit::Writing { lines, bytes, .. } = limit::writing(Role::Candidate);
        for (count, text) in [(lines, 1), (bytes / 2000, 2000)] {
            let mut chat = Chat::default();
            for id in 0..count as u64 {
                let at = Time(id * limit::MINUTE);
                assert_eq!(chat.may_write(A, Role::Candidate, text, at), Ok(()));
                let said = ChatLine { at, ..line(id, A, Role::Candidate, &"x".repeat(text)) };
                chat.add(id + 1, said, Reach::Everybody);
            }
            let later = Time((count as u64 + 10) * limit::MINUTE);
            assert_eq!(chat.may_write(A, Role::Candidate, text, later), Err(Refused::TooMany(lines)));
            chat.forget(A);
            assert_eq!(chat.may_write(A, Role::Candidate, text, later), Ok(()));
        }
    }
}
