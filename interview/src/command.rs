//! What somebody wants: commands with an id, by an actor, with an action.

mod administrator;
mod draw;
mod path;
mod seat;
mod server;

pub use administrator::{AdministratorAction, ListedCandidate, NewCandidate, PasswordChange};
pub use draw::DrawAction;
pub use path::PathAction;
pub use seat::{Audience, DraftSeen, SeatAction};
pub use server::ServerAction;

use crate::{Actor, CommandId};

/// A wish that is answered once, however often it comes.
#[derive(Debug, Clone, PartialEq)]
pub struct Command {
    /// The same at each try.
    pub id: CommandId,
    /// Who wants it.
    pub by: Actor,
    /// What is wanted; each kind of actor has its own kind of action.
    pub action: Action,
}

/// What is wanted.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// By an administrator or the server: the interview and who sits in it.
    Administrator(AdministratorAction),
    /// By a candidate over HTTP: the path from the invitation to the waiting room, the second camera.
    Path(PathAction),
    /// By who sits in a seat, over the WebSocket.
    Seat(SeatAction),
    /// By a host or an administrator: a random draw.
    Draw(DrawAction),
    /// By the server itself: what no person may say.
    Server(ServerAction),
}
