//! Links for people: the page of a room with the token of a seat.

use crate::{clock::unix_time, tokens::Tokens};
use std::{fmt::Write, time::Duration};
use viva_interview::{Role, SeatId};
use viva_signaling::token::{Claims, InvalidClaim};

/// The demo room and who is expected there.
const DEMO_ROOM: &str = "demo";
const DEMO_NAMES: [&str; 4] =
    ["考生 李华 (candidate)", "考官 王芳 (examiner)", "考官 Chen Wei (examiner)", "工作人员 Host"];
const DEMO_TTL: Duration = Duration::from_secs(12 * 3600);

/// A seat that a token shall open.
#[derive(Debug, Clone)]
pub struct SeatFor {
    /// The room's name.
    pub room: String,
    /// Whose seat it is.
    pub identity: String,
    /// The person's name.
    pub name: String,
    /// May send.
    pub publish: bool,
    /// May receive.
    pub subscribe: bool,
}

impl SeatFor {
    /// The token, good for so long.
    ///
    /// # Errors
    /// A name is empty or too long.
    pub fn token(self, tokens: &Tokens, ttl: Duration) -> Result<String, InvalidClaim> {
        let Self { room, identity, name, publish, subscribe } = self;
        let expires = unix_time().saturating_add(ttl).as_secs();
        tokens.sign(&Claims {
            room,
            identity,
            name,
            seat: None,
            second_camera: None,
            mark: None,
            codec: None,
            publish,
            subscribe,
            expires,
        })
    }
}

/// The page of a room with a token. The token stands in the fragment, which no server and no proxy gets to see.
pub fn link(base_url: &str, token: &str) -> String {
    format!("{base_url}/room#token={token}")
}

/// The page of a seat of the staff with its token; `None` for a role that is none of theirs. A patrol has one page for all.
pub fn of_staff(base_url: &str, role: Role, seat: SeatId, token: &str) -> Option<String> {
    let page = match role {
        Role::Examiner => format!("examiner/{seat}"),
        Role::Host => format!("host/{seat}"),
        Role::Patrol => "patrol".to_owned(),
        Role::Candidate => return None,
    };
    Some(format!("{base_url}/{page}#token={token}"))
}

/// Links to a demo room for several people.
///
/// # Errors
/// As [`SeatFor::token`].
pub fn demo(tokens: &Tokens, base_url: &str) -> Result<String, InvalidClaim> {
    let mut text = String::from("\nA demo room is open. One link a person (or a browser tab):\n\n");
    for name in DEMO_NAMES {
        let seat = SeatFor {
            room: DEMO_ROOM.to_owned(),
            identity: name.to_owned(),
            name: name.to_owned(),
            publish: true,
            subscribe: true,
        };
        let _ = writeln!(text, "  {name}\n  {}\n", link(base_url, &seat.token(tokens, DEMO_TTL)?));
    }
    Ok(text)
}
