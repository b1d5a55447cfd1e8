//! What a connection was told of the view of its interview, and the part that comes next.
//!
//! A view is told whole once and by its changes from then on, each in messages of a bounded size: a large interview
//! neither sends all of itself at every change nor keeps the line from other messages.

use aws_lc_rs::digest;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use viva_signaling::message::{ListChange, ServerMessage};

/// Bytes of one message, but for what is larger by itself.
const PART: usize = 32 * 1024;
/// The lists that grow with an interview: told element by element.
const LISTS: [&str; 7] = ["candidates", "panel", "sheets", "questions", "notes", "incidents", "draws"];
/// The time of day: told along, and no change by itself.
const NOW: &str = "now";

/// Tells an element or a field from any other.
type Mark = [u8; 16];

/// Marks of all that was told.
#[derive(Debug, Default)]
pub(super) struct Told {
    begun: bool,
    fields: BTreeMap<String, Mark>,
    lists: BTreeMap<String, Vec<Mark>>,
}

/// What goes into one message.
#[derive(Default)]
struct Part {
    fields: Map<String, Value>,
    lists: BTreeMap<String, ListChange>,
    bytes: usize,
}

impl Told {
    /// The next message of this view, and whether there is more to tell; `None` when all of it was told.
    pub(super) fn next(&mut self, view: &Map<String, Value>) -> Option<(ServerMessage, bool)> {
        let mut part = Part::default();
        let mut more = false;
        for (name, value) in view.iter().filter(|(name, _)| *name != NOW) {
            more |= match value {
                Value::Array(elements) if LISTS.contains(&name.as_str()) => {
                    self.list(name, elements, &mut part)
                }
                _ => self.field(name, value, &mut part),
            };
        }
        if part.fields.is_empty() && part.lists.is_empty() {
            return None;
        }
        if let Some(now) = view.get(NOW) {
            part.fields.insert(NOW.to_owned(), now.clone());
        }
        let message = if std::mem::replace(&mut self.begun, true) {
            ServerMessage::InterviewChange { fields: part.fields, lists: part.lists, more }
        } else {
            ServerMessage::Interview { view: Value::Object(part.whole()), more }
        };
        Some((message, more))
    }

    /// True when it has no room in this part.
    fn field(&mut self, name: &str, value: &Value, part: &mut Part) -> bool {
        let (mark, bytes) = mark(value);
        if self.fields.get(name) == Some(&mark) {
            return false;
        }
        if !part.takes(bytes) {
            return true;
        }
        self.fields.insert(name.to_owned(), mark);
        part.fields.insert(name.to_owned(), value.clone());
        false
    }

    /// True when some of it has no room in this part.
    fn list(&mut self, name: &str, elements: &[Value], part: &mut Part) -> bool {
        let new = !self.lists.contains_key(name);
        let told = self.lists.entry(name.to_owned()).or_default();
        let mut changed = new || told.len() > elements.len();
        told.truncate(elements.len());
        let mut change = ListChange::default();
        let mut more = false;
        for (index, element) in elements.iter().enumerate() {
            let (mark, bytes) = mark(element);
            if told.get(index) == Some(&mark) {
                continue;
            }
            if !part.takes(bytes) {
                more = true;
                break;
            }
            match told.get_mut(index) {
                Some(known) => *known = mark,
                None => told.push(mark),
            }
            change.elements.push((index, element.clone()));
            changed = true;
        }
        change.length = told.len();
        if changed {
            part.lists.insert(name.to_owned(), change);
        }
        more
    }
}

impl Part {
    /// Makes room for so many bytes; a part takes at least one thing, however large.
    fn takes(&mut self, bytes: usize) -> bool {
        let takes = self.bytes == 0 || self.bytes + bytes <= PART;
        if takes {
            self.bytes += bytes;
        }
        takes
    }

    /// As the beginning of a view: the lists as far as they are told.
    fn whole(self) -> Map<String, Value> {
        let lists = self.lists.into_iter();
        let lists = lists.map(|(name, change)| {
            (name, Value::Array(change.elements.into_iter().map(|(_, element)| element).collect()))
        });
        self.fields.into_iter().chain(lists).collect()
    }
}

fn mark(value: &Value) -> (Mark, usize) {
    let text = value.to_string();
    let mut mark = Mark::default();
    mark.copy_from_slice(&digest::digest(&digest::SHA256, text.as_bytes()).as_ref()[..16]);
    (mark, text.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn object(value: Value) -> Map<String, Value> {
        match value {
            Value::Object(object) => object,
            other => panic!("{other}"),
        }
    }

    /// The view as a client has it after these messages; the sizes of the messages.
    fn told(told: &mut Told, client: &mut Map<String, Value>, view: &Map<String, Value>) -> Vec<usize> {
        let mut sizes = Vec::new();
        while let Some((message, more)) = told.next(view) {
            sizes.push(serde_json::to_string(&message).unwrap().len());
            message.take_into(client);
            if !more {
                break;
            }
        }
        assert_eq!(client, view);
        assert!(told.next(view).is_none());
        sizes
    }

    fn view(cards: usize, step: &str) -> Map<String, Value> {
        let card = |seat| json!({"seat": seat, "name": "x".repeat(600), "step": step});
        let cards: Vec<Value> = (0..cards).map(card).collect();
        object(json!({"name": "n", "now": 1, "candidates": cards, "panel": [], "stages": [1, 2]}))
    }

    #[test]
    fn a_large_view_is_told_in_parts_and_then_by_its_changes() {
        let (mut known, mut client) = (Told::default(), Map::new());
        let mut view = view(500, "waiting");
        let sizes = told(&mut known, &mut client, &view);
        assert!(sizes.len() > 9 && sizes.iter().all(|size| *size < PART + 2000), "{sizes:?}");
        view["candidates"][7]["step"] = json!("admitted");
        view["now"] = json!(2);
        let sizes = told(&mut known, &mut client, &view);
        assert!(sizes.len() == 1 && sizes[0] < 1000, "{sizes:?}");
        assert_eq!(client["now"], 2);
    }

    #[test]
    fn the_time_of_day_alone_is_no_change() {
        let (mut known, mut client) = (Told::default(), Map::new());
        let mut view = view(2, "waiting");
        told(&mut known, &mut client, &view);
        view["now"] = json!(99);
        assert!(known.next(&view).is_none());
    }

    #[test]
    fn lists_become_longer_and_shorter_and_a_newer_view_may_come_between_two_parts() {
        let (mut known, mut client) = (Told::default(), Map::new());
        for cards in [3, 5, 0, 1, 200] {
            told(&mut known, &mut client, &view(cards, "waiting"));
        }
        let (message, more) = known.next(&view(400, "admitted")).unwrap();
        assert!(more);
        message.take_into(&mut client);
        told(&mut known, &mut client, &view(300, "left"));
    }
}
