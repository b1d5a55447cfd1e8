//! The bounded queue of messages to one WebSocket, and how a connection is told to end.
//!
//! A client that reads slowly gets the newest state of what it missed, not every step to it: news of one subject are
//! merged, the view of an interview is one and the newest, lines of chat that wait are the newest few. What cannot be
//! merged is bounded in bytes; more closes the connection, and the client comes back to the state as it is then.

mod news;
mod view;

pub use news::News;

use news::Subject;
use serde_json::{Map, Value};
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::sync::{Notify, watch};
use tokio_tungstenite::tungstenite::Utf8Bytes;
use view::Told;
use viva_interview::{
    ChatPart,
    limit::{PART_BYTES, PART_LINES},
};
use viva_signaling::message::{CloseReason, ErrorCode, ServerEnvelope, ServerMessage};

/// What is to be written next.
#[derive(Debug, PartialEq, Eq)]
pub enum Outgoing {
    /// A message.
    Text(Utf8Bytes),
    /// The last message; the connection ends behind it.
    Close(CloseReason),
}

/// The writing end of a connection's queue. Never waits: who reads too slowly is cut off.
#[derive(Debug, Clone)]
pub struct Outbox {
    shared: Arc<Shared>,
    cut: watch::Sender<Option<CloseReason>>,
}

/// The reading end.
#[derive(Debug)]
pub struct OutboxReader {
    shared: Arc<Shared>,
    /// Set when the connection must end now, whatever waits in the queue.
    pub cut: watch::Receiver<Option<CloseReason>>,
    /// Of the view of the interview.
    told: Told,
    /// The view that is being told, in parts.
    telling: Option<Map<String, Value>>,
}

#[derive(Debug)]
struct Shared {
    queue: Mutex<Queue>,
    wake: Notify,
    /// Bytes that may wait.
    most: usize,
}

#[derive(Debug, Default)]
struct Queue {
    entries: VecDeque<Entry>,
    /// Of the texts in `entries`.
    bytes: usize,
    view: Option<Map<String, Value>>,
    /// It has its place in `entries`.
    view_waits: bool,
    chat: ChatPart,
    chat_waits: bool,
    /// Nobody reads any more.
    over: bool,
}

#[derive(Debug)]
enum Entry {
    Text(Option<Subject>, Utf8Bytes),
    /// The place of the newest view.
    View,
    /// The place of the lines of chat that wait.
    Chat,
    Close(CloseReason),
}

/// A queue for at most `most` bytes; a single message may be larger.
pub fn outbox(most: usize) -> (Outbox, OutboxReader) {
    let shared = Arc::new(Shared { queue: Mutex::default(), wake: Notify::new(), most });
    let (cut, cut_reader) = watch::channel(None);
    let reader =
        OutboxReader { shared: shared.clone(), cut: cut_reader, told: Told::default(), telling: None };
    (Outbox { shared, cut }, reader)
}

impl Outbox {
    /// Answers the client's message `re`.
    pub fn answer(&self, re: Option<u32>, message: ServerMessage) {
        if let Some(text) = news::text(&ServerEnvelope { re, message }) {
            self.put(None, text);
        }
    }

    /// Tells what nobody asked for.
    pub fn tell(&self, message: ServerMessage) {
        self.tell_news(&News::new(message));
    }

    /// The same of what is told to several. It takes the place of what waits on the same subject.
    pub fn tell_news(&self, news: &News) {
        let News { subject, text } = news;
        let merged = subject.as_ref().is_some_and(|subject| self.shared.lock().merge(subject, text));
        if !merged {
            self.put(subject.clone(), text.clone());
        }
    }

    /// Tells the newest view of an interview, as far as it is another than the one told before.
    pub fn view(&self, view: Map<String, Value>) {
        let mut queue = self.shared.lock();
        if queue.over {
            return;
        }
        queue.view = Some(view);
        queue.push_view();
        drop(queue);
        self.shared.wake.notify_one();
    }

    /// Tells lines of chat that follow those told before.
    pub fn chat(&self, part: ChatPart) {
        let mut queue = self.shared.lock();
        queue.add_chat(part);
        drop(queue);
        self.shared.wake.notify_one();
    }

    /// Answers the client's message `re` with an error; the session goes on.
    pub fn error(&self, re: Option<u32>, code: ErrorCode, detail: impl Into<String>) {
        self.answer(re, ServerMessage::Error { code, detail: detail.into(), retry_after: None });
    }

    /// Ends the connection behind what waits already.
    pub fn close(&self, reason: CloseReason) {
        self.shared.lock().push(Entry::Close(reason));
        self.shared.wake.notify_one();
    }

    /// Ends the connection now.
    pub fn cut(&self, reason: CloseReason) {
        self.cut.send_if_modified(|cut| {
            let first = cut.is_none();
            *cut = cut.or(Some(reason));
            first
        });
    }

    fn put(&self, subject: Option<Subject>, text: Utf8Bytes) {
        let mut queue = self.shared.lock();
        if queue.over {
            return;
        }
        if queue.bytes > 0 && queue.bytes + text.len() > self.shared.most {
            drop(queue);
            return self.cut(CloseReason::TooSlow);
        }
        queue.bytes += text.len();
        queue.push(Entry::Text(subject, text));
        drop(queue);
        self.shared.wake.notify_one();
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Queue {
    fn push(&mut self, entry: Entry) {
        if !self.over {
            self.entries.push_back(entry);
        }
    }

    fn push_view(&mut self) {
        if !self.view_waits {
            self.view_waits = true;
            self.push(Entry::View);
        }
    }

    fn add_chat(&mut self, part: ChatPart) {
        if self.over {
            return;
        }
        if !self.chat_waits {
            self.chat_waits = true;
            self.push(Entry::Chat);
        }
        if self.chat.lines.last().is_some_and(|last| part.before.as_deref() == Some(&last.id)) {
            self.chat.lines.extend(part.lines);
        } else {
            self.chat = part;
        }
        self.shorten_chat();
    }

    /// Puts news in the place of what waits on the same subject; false where they need a place of their own.
    fn merge(&mut self, subject: &Subject, text: &Utf8Bytes) -> bool {
        let known = |entry: &Entry| match entry {
            Entry::Text(Some(known), _) => known.thing == subject.thing,
            _ => false,
        };
        let Some(newest) = self.entries.iter().rposition(known) else { return false };
        let goes = |entry: Option<&Entry>| matches!(entry, Some(Entry::Text(Some(known), _)) if known.goes);
        match (goes(self.entries.get(newest)), subject.goes) {
            // What comes again after it went was away: the client must hear of both.
            (true, false) => return false,
            (true, true) => return true,
            (false, _) => {}
        }
        let went = self.entries.iter().take(newest).any(|entry| known(entry) && goes(Some(entry)));
        let Some(Entry::Text(known, waiting)) = self.entries.get_mut(newest) else { return false };
        self.bytes -= waiting.len();
        if subject.goes && went {
            self.entries.remove(newest);
        } else {
            self.bytes += text.len();
            *known = Some(subject.clone());
            *waiting = text.clone();
        }
        true
    }

    /// No more lines wait than are told at once: a client that reads slowly asks for the others, which are kept.
    fn shorten_chat(&mut self) {
        let lines = &mut self.chat.lines;
        let mut bytes: usize = lines.iter().map(|line| line.text.len()).sum();
        let mut gone = 0;
        while lines.len() - gone > PART_LINES || (bytes > PART_BYTES && lines.len() - gone > 1) {
            bytes -= lines[gone].text.len();
            gone += 1;
        }
        if let Some(last) = lines.drain(..gone).next_back() {
            self.chat.before = Some(last.id);
        }
    }
}

impl OutboxReader {
    /// Waits for what is to be written next. May be given up while it waits.
    pub async fn next(&mut self) -> Outgoing {
        loop {
            if let Some(outgoing) = self.take() {
                return outgoing;
            }
            self.shared.wake.notified().await;
        }
    }

    fn take(&mut self) -> Option<Outgoing> {
        loop {
            let mut queue = self.shared.lock();
            match queue.entries.pop_front()? {
                Entry::Text(_, text) => {
                    queue.bytes -= text.len();
                    return Some(Outgoing::Text(text));
                }
                Entry::Close(reason) => return Some(Outgoing::Close(reason)),
                Entry::Chat => {
                    queue.chat_waits = false;
                    let ChatPart { lines, before } = std::mem::take(&mut queue.chat);
                    drop(queue);
                    let lines = lines.iter().filter_map(|line| serde_json::to_value(line).ok()).collect();
                    let message = ServerMessage::Chat { lines, before };
                    if let Some(text) = news::text(&ServerEnvelope { re: None, message }) {
                        return Some(Outgoing::Text(text));
                    }
                }
                Entry::View => {
                    queue.view_waits = false;
                    let newest = queue.view.take();
                    drop(queue);
                    if let Some(text) = self.tell_view(newest) {
                        return Some(Outgoing::Text(text));
                    }
                }
            }
        }
    }

    /// The next part of the newest view; the rest waits behind what else there is to write.
    fn tell_view(&mut self, newest: Option<Map<String, Value>>) -> Option<Utf8Bytes> {
        let view = newest.or_else(|| self.telling.take())?;
        let (message, more) = self.told.next(&view)?;
        if more {
            self.telling = Some(view);
            self.shared.lock().push_view();
        }
        news::text(&ServerEnvelope { re: None, message })
    }
}

impl Drop for OutboxReader {
    fn drop(&mut self) {
        let mut queue = self.shared.lock();
        *queue = Queue { over: true, ..Queue::default() };
    }
}

#[cfg(test)]
mod tests;
