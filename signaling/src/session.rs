//! A connection before and beside its room: how much may come how fast, and which message is allowed when.
//!
//! Pure: the driver hands in texts and the time, and does what [`Step`] says. Messages for the room pass through.

use crate::message::{
    ClientEnvelope, ClientMessage, CloseReason, ErrorCode, MAX_ACTION, MAX_COMMAND, ServerEnvelope,
    ServerMessage, VERSION,
};
use serde_json::Value;
use std::time::Duration;

/// How much a connection may say.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// Messages a second for long; a message counts as one and one more for each [`Limits::weight`] of its bytes.
    pub rate: f64,
    /// Messages at once.
    pub burst: f64,
    /// Bytes that count as much as a message.
    pub weight: f64,
    /// Unreadable messages until the connection is closed.
    pub unreadable: u32,
    /// From the connection's begin to its seat.
    pub join: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { rate: 40.0, burst: 200.0, weight: 4096.0, unreadable: 10, join: Duration::from_secs(10) }
    }
}

/// A connection's state.
#[derive(Debug, Clone)]
pub struct Session {
    limits: Limits,
    state: State,
    bucket: f64,
    filled: Duration,
    began: Duration,
    unreadable: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Nothing but `hello` (and `ping`) makes sense.
    Greeting,
    /// `join` or `resume` is next.
    Joining,
    /// The driver is asked for a seat and has not said yet.
    Asking,
    /// Messages go to the room.
    Joined,
}

/// What the driver does with a text that came.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// Send this; nothing else.
    Answer(ServerEnvelope),
    /// Look for the token's seat, then say [`Session::joined`] or [`Session::refused`].
    Join {
        /// The number of the message, for `re` in the answer.
        id: Option<u32>,
        /// As the client sent it: nobody has looked at it yet.
        token: String,
    },
    /// Look for the seat that is kept, then say [`Session::joined`] or [`Session::refused`].
    Resume {
        /// The number of the message, for `re` in the answer.
        id: Option<u32>,
        /// The session token of the newest `joined`.
        session: String,
        /// Does the media path still stand?
        media: bool,
    },
    /// Hand this to the room.
    Room(ClientEnvelope),
    /// Hand this to the interview that the room belongs to.
    Act {
        /// The number of the message, for `re` in the answer.
        id: Option<u32>,
        /// 1 to 64 visible ASCII characters.
        command: String,
        /// Not read yet.
        action: Value,
    },
    /// Ask the interview that the room belongs to for earlier lines of chat.
    History {
        /// The number of the message, for `re` in the answer.
        id: Option<u32>,
        /// The id of the line before which they stand.
        before: String,
    },
    /// Send these two, `error` first, and close.
    Close {
        /// Says what was wrong.
        error: ServerEnvelope,
        /// Goes into `closed`.
        reason: CloseReason,
    },
}

impl Session {
    /// A connection that begins at `now`, a time since any fixed moment.
    pub const fn new(limits: Limits, now: Duration) -> Self {
        Self { limits, state: State::Greeting, bucket: limits.burst, filled: now, began: now, unreadable: 0 }
    }

    /// When the connection is to be closed with [`CloseReason::Idle`]; none once it has its seat.
    pub fn deadline(&self) -> Option<Duration> {
        (self.state != State::Joined).then(|| self.began.saturating_add(self.limits.join))
    }

    /// The seat was found: messages go to the room from now on.
    pub const fn joined(&mut self) {
        self.state = State::Joined;
    }

    /// No seat: the client may try again, until its time is up.
    pub const fn refused(&mut self) {
        self.state = State::Joining;
    }

    /// A text message came.
    pub fn handle_text(&mut self, text: &str, now: Duration) -> Step {
        if !self.take(text.len(), now) {
            return abuse(None, ErrorCode::RateLimited, "messages come faster than the limit");
        }
        match ClientEnvelope::parse(text) {
            Ok(ClientEnvelope { id, message: ClientMessage::Act { .. } }) if text.len() > MAX_ACTION => {
                refuse(id, ErrorCode::TooLarge, &format!("an `act` has at most {MAX_ACTION} bytes"))
            }
            Ok(envelope) => self.message(envelope),
            Err(error) if error.code == ErrorCode::TooLarge => abuse(None, error.code, &error.detail),
            Err(error) => {
                self.unreadable += 1;
                if self.unreadable >= self.limits.unreadable {
                    return abuse(error.id, error.code, &error.detail);
                }
                refuse(error.id, error.code, &error.detail)
            }
        }
    }

    /// A binary message came: the protocol has none.
    pub fn handle_binary(&self) -> Step {
        abuse(None, ErrorCode::Malformed, "binary messages have no meaning here")
    }

    fn message(&mut self, ClientEnvelope { id, message }: ClientEnvelope) -> Step {
        match (self.state, message) {
            (_, ClientMessage::Ping {}) => answer(id, ServerMessage::Pong {}),
            (State::Greeting, ClientMessage::Hello { version: VERSION, .. }) => {
                self.state = State::Joining;
                let server = concat!("viva/", env!("CARGO_PKG_VERSION")).to_owned();
                answer(id, ServerMessage::Welcome { version: VERSION, server })
            }
            (State::Greeting, ClientMessage::Hello { .. }) => {
                let detail = format!("this server speaks version {VERSION}");
                refuse(id, ErrorCode::UnsupportedVersion, &detail)
            }
            (_, ClientMessage::Hello { .. }) => refuse(id, ErrorCode::Malformed, "`hello` was said already"),
            (State::Greeting, _) => refuse(id, ErrorCode::NotJoined, "`hello` comes first"),
            (State::Joining, ClientMessage::Join { token }) => {
                self.state = State::Asking;
                Step::Join { id, token }
            }
            (State::Joining, ClientMessage::Resume { session, media }) => {
                self.state = State::Asking;
                Step::Resume { id, session, media }
            }
            (State::Asking | State::Joined, ClientMessage::Join { .. } | ClientMessage::Resume { .. }) => {
                refuse(id, ErrorCode::AlreadyJoined, "this connection has its seat, or is about to get it")
            }
            (State::Joining | State::Asking, _) => {
                refuse(id, ErrorCode::NotJoined, "`join` or `resume` comes first")
            }
            (State::Joined, ClientMessage::History { before }) => Step::History { id, before },
            (State::Joined, ClientMessage::Act { command, action }) => {
                let visible = command.bytes().all(|byte| byte.is_ascii_graphic());
                if command.is_empty() || command.len() > MAX_COMMAND || !visible {
                    let detail = format!("a command is 1 to {MAX_COMMAND} visible ASCII characters");
                    return refuse(id, ErrorCode::Malformed, &detail);
                }
                Step::Act { id, command, action }
            }
            (State::Joined, message) => Step::Room(ClientEnvelope { id, message }),
        }
    }

    /// A token bucket.
    fn take(&mut self, bytes: usize, now: Duration) -> bool {
        let passed = now.saturating_sub(self.filled).as_secs_f64();
        self.bucket = (self.bucket + passed * self.limits.rate).min(self.limits.burst);
        self.filled = self.filled.max(now);
        let cost = 1.0 + bytes as f64 / self.limits.weight;
        let enough = self.bucket >= cost;
        if enough {
            self.bucket -= cost;
        }
        enough
    }
}

fn answer(re: Option<u32>, message: ServerMessage) -> Step {
    Step::Answer(ServerEnvelope { re, message })
}

fn error(re: Option<u32>, code: ErrorCode, detail: &str) -> ServerEnvelope {
    ServerEnvelope {
        re,
        message: ServerMessage::Error { code, detail: detail.to_owned(), retry_after: None },
    }
}

fn refuse(re: Option<u32>, code: ErrorCode, detail: &str) -> Step {
    Step::Answer(error(re, code, detail))
}

fn abuse(re: Option<u32>, code: ErrorCode, detail: &str) -> Step {
    Step::Close { error: error(re, code, detail), reason: CloseReason::Abuse }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Duration = Duration::from_secs(100);
    const HELLO: &str = r#"{"id":1,"type":"hello","version":1,"client":"test"}"#;
    const JOIN: &str = r#"{"id":2,"type":"join","token":"t"}"#;
    const STATS: &str = r#"{"id":3,"type":"stats"}"#;

    fn code(step: &Step) -> Option<ErrorCode> {
        match step {
            Step::Answer(envelope) | Step::Close { error: envelope, .. } => match &envelope.message {
                ServerMessage::Error { code, .. } => Some(*code),
                _ => None,
            },
            _ => None,
        }
    }

    #[test]
    fn a_connection_greets_joins_and_talks_to_its_room() {
        let mut session = Session::new(Limits::default(), NOW);
        assert_eq!(code(&session.handle_text(JOIN, NOW)), Some(ErrorCode::NotJoined));
        assert!(matches!(session.handle_text(r#"{"type":"ping"}"#, NOW), Step::Answer(_)));
        let welcome = session.handle_text(HELLO, NOW);
        assert!(matches!(
            welcome,
            Step::Answer(ServerEnvelope { re: Some(1), message: ServerMessage::Welcome { .. } })
        ));
        assert_eq!(code(&session.handle_text(STATS, NOW)), Some(ErrorCode::NotJoined));
        assert_eq!(session.handle_text(JOIN, NOW), Step::Join { id: Some(2), token: "t".to_owned() });
        assert_eq!(code(&session.handle_text(JOIN, NOW)), Some(ErrorCode::AlreadyJoined));
        assert_eq!(session.deadline(), Some(NOW + Limits::default().join));
        session.refused();
        let resume = r#"{"type":"resume","session":"s","media":false}"#;
        assert_eq!(
            session.handle_text(resume, NOW),
            Step::Resume { id: None, session: "s".to_owned(), media: false }
        );
        session.joined();
        assert_eq!(session.deadline(), None);
        assert!(matches!(session.handle_text(STATS, NOW), Step::Room(ClientEnvelope { id: Some(3), .. })));
        assert_eq!(code(&session.handle_text(HELLO, NOW)), Some(ErrorCode::Malformed));
        assert_eq!(code(&session.handle_text(resume, NOW)), Some(ErrorCode::AlreadyJoined));
    }

    #[test]
    fn an_act_goes_to_the_interview_and_one_of_a_wrong_form_is_refused_without_a_close() {
        let mut session = Session::new(Limits::default(), NOW);
        let act = |command: &str, text: &str| {
            format!(
                r#"{{"id":4,"type":"act","command":"{command}","action":{{"do":"say","text":"{text}"}}}}"#
            )
        };
        session.handle_text(HELLO, NOW);
        assert_eq!(code(&session.handle_text(&act("c", ""), NOW)), Some(ErrorCode::NotJoined));
        session.handle_text(JOIN, NOW);
        session.joined();
        let action = serde_json::json!({"do": "say", "text": "x"});
        let step = Step::Act { id: Some(4), command: "c-1".to_owned(), action };
        assert_eq!(session.handle_text(&act("c-1", "x"), NOW), step);
        for command in ["", "a b", "命令", &"c".repeat(65)] {
            let step = session.handle_text(&act(command, "x"), NOW);
            assert_eq!(code(&step), Some(ErrorCode::Malformed), "{command}");
            assert!(matches!(step, Step::Answer(_)));
        }
        let step = session.handle_text(&act("c", &"x".repeat(MAX_ACTION)), NOW);
        assert!(matches!(step, Step::Answer(_)));
        assert_eq!(code(&step), Some(ErrorCode::TooLarge));
    }

    #[test]
    fn another_version_is_told_and_may_try_again() {
        let mut session = Session::new(Limits::default(), NOW);
        let step = session.handle_text(r#"{"type":"hello","version":2,"client":"x"}"#, NOW);
        assert_eq!(code(&step), Some(ErrorCode::UnsupportedVersion));
        assert_eq!(code(&session.handle_text(HELLO, NOW)), None);
    }

    #[test]
    fn a_flood_is_closed_and_patience_refills_the_bucket() {
        let limits = Limits { rate: 2.0, burst: 4.0, ..Limits::default() };
        let mut session = Session::new(limits, NOW);
        let ping = r#"{"type":"ping"}"#;
        let passed = (0..10).take_while(|_| code(&session.handle_text(ping, NOW)).is_none()).count();
        assert_eq!(passed, 3);
        assert_eq!(code(&session.handle_text(ping, NOW + Duration::from_secs(1))), None);
        let big = "x".repeat(100_000);
        let step = session.handle_text(&big, NOW + Duration::from_secs(2));
        assert!(matches!(step, Step::Close { reason: CloseReason::Abuse, .. }));
        assert_eq!(code(&step), Some(ErrorCode::RateLimited));
        // A clock that goes back fills nothing.
        assert_eq!(code(&session.handle_text(&big, Duration::ZERO)), Some(ErrorCode::RateLimited));
    }

    #[test]
    fn rubbish_is_answered_a_few_times_and_then_closed() {
        let limits = Limits { unreadable: 3, ..Limits::default() };
        let mut session = Session::new(limits, NOW);
        assert!(matches!(session.handle_text("{", NOW), Step::Answer(_)));
        assert!(matches!(session.handle_text("{", NOW), Step::Answer(_)));
        assert!(matches!(session.handle_text("{", NOW), Step::Close { reason: CloseReason::Abuse, .. }));
        assert!(matches!(session.handle_binary(), Step::Close { .. }));
        let long = " ".repeat(crate::message::MAX_MESSAGE + 1);
        assert_eq!(code(&session.handle_text(&long, NOW)), Some(ErrorCode::TooLarge));
    }

    #[test]
    fn the_largest_message_fits_into_a_full_bucket() {
        let Limits { burst, weight, .. } = Limits::default();
        assert!(1.0 + crate::message::MAX_MESSAGE as f64 / weight < burst);
    }
}
