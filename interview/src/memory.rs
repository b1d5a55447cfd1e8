//! Commands that were done: a repeated one is answered again and does nothing.

use crate::{Actor, CommandId, Record, Refused, SeatId, limit};
use std::collections::{BTreeMap, VecDeque};

/// The newest commands of each seat, and of all others together, with what was answered.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Memory {
    seats: BTreeMap<SeatId, VecDeque<(CommandId, Option<Refused>)>>,
    others: VecDeque<(Actor, CommandId)>,
}

impl Memory {
    /// The answer to a command that was done before; `None` to one that was not, or long ago.
    pub(crate) fn answer(&self, by: &Actor, command: &CommandId) -> Option<Option<Refused>> {
        let Actor::Seat(seat) = by else {
            return self.others.iter().any(|(actor, id)| actor == by && id == command).then_some(None);
        };
        let done = self.seats.get(seat)?;
        done.iter().rev().find(|(id, _)| id == command).map(|(_, refused)| refused.clone())
    }

    /// Remembers what was done. The records of one command follow each other.
    pub(crate) fn note(&mut self, record: &Record) {
        let Record { by, command, event, .. } = record;
        if let Actor::Seat(seat) = by {
            let done = self.seats.entry(*seat).or_default();
            if done.back().is_none_or(|(newest, _)| newest != command) {
                push(done, (command.clone(), event.refusal()), limit::COMMANDS_OF_SEAT);
            }
        } else if self.others.back().is_none_or(|(actor, newest)| (actor, newest) != (by, command)) {
            push(&mut self.others, (by.clone(), command.clone()), limit::COMMANDS_OF_OTHERS);
        }
    }

    /// Forgets a seat that is no more.
    pub(crate) fn forget(&mut self, seat: SeatId) {
        self.seats.remove(&seat);
    }
}

fn push<T>(done: &mut VecDeque<T>, new: T, most: usize) {
    if done.len() >= most {
        done.pop_front();
    }
    done.push_back(new);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Event, Time};

    fn record(by: Actor, command: &str, event: Event) -> Record {
        Record { at: Time(0), by, command: command.parse().unwrap(), event }
    }

    #[test]
    fn a_command_is_known_by_its_id_and_actor_and_has_its_answer() {
        let mut memory = Memory::default();
        let seat = SeatId(1);
        let wrong = Event::PasswordWrong { seat, locked_until: None };
        memory.note(&record(Actor::Seat(seat), "a", wrong));
        let id: CommandId = "a".parse().unwrap();
        assert_eq!(memory.answer(&Actor::Seat(seat), &id), Some(Some(Refused::PasswordWrong)));
        assert_eq!(memory.answer(&Actor::Seat(SeatId(2)), &id), None);
        assert_eq!(memory.answer(&Actor::System, &id), None);
        memory.note(&record(Actor::System, "a", Event::Deleted));
        assert_eq!(memory.answer(&Actor::System, &id), Some(None));
    }

    #[test]
    fn the_memory_is_bounded_and_keeps_the_newest() {
        let mut memory = Memory::default();
        let seat = SeatId(1);
        for by in [Actor::Seat(seat), Actor::System] {
            for count in 0..1000 {
                memory.note(&record(by.clone(), &count.to_string(), Event::Left { seat }));
            }
            let known = (0..1000)
                .filter(|count| memory.answer(&by, &count.to_string().parse().unwrap()).is_some())
                .collect::<Vec<_>>();
            let most = if by == Actor::System { limit::COMMANDS_OF_OTHERS } else { limit::COMMANDS_OF_SEAT };
            assert_eq!(known, (1000 - most..1000).collect::<Vec<_>>());
        }
        memory.forget(seat);
        assert_eq!(memory.answer(&Actor::Seat(seat), &"999".parse().unwrap()), None);
    }
}
