//! Whether the holder of a seat is still who was given its token, and who sat down in it.

use super::session::digest_of;
use crate::store::{Account, Store, StoreError};

/// Characters of a mark: more than anybody meets twice.
const LONG: usize = 16;

/// What an account is known by in the tokens of its seats: another after every change of it, such as a new password.
pub fn mark(account: &Account) -> String {
    let Account { account: name, password, administrator, changed_at, .. } = account;
    digest(&format!("{name}\n{password}\n{administrator}\n{changed_at}"))
}

/// Why somebody may sit in a seat of the staff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Grounds {
    /// By a token alone: the seat is of no account.
    Token,
    /// By an account as it was then.
    Account {
        /// Its name.
        account: String,
        /// Of what ends its seats when it changes.
        digest: String,
    },
}

/// On which grounds a token with this mark opens a seat of this account now, if it does. A seat of no account has no more
/// than its token; a token of the institution's own systems may have no mark.
///
/// # Errors
/// The store's.
pub async fn grounds(
    store: &dyn Store,
    account: &str,
    known: Option<&str>,
) -> Result<Option<Grounds>, StoreError> {
    if account.is_empty() {
        return Ok(Some(Grounds::Token));
    }
    let found = store.account(account).await?;
    let found = found.filter(|found| known.is_none_or(|known| known == mark(found)));
    Ok(found.as_ref().and_then(of))
}

impl Grounds {
    /// May whoever sat down on them stay?
    ///
    /// # Errors
    /// The store's.
    pub async fn hold(&self, store: &dyn Store) -> Result<bool, StoreError> {
        match self {
            Self::Token => Ok(true),
            Self::Account { account, .. } => {
                Ok(store.account(account).await?.as_ref().and_then(of).as_ref() == Some(self))
            }
        }
    }
}

/// The grounds that an account gives now. Another name of the person ends no seat.
fn of(found: &Account) -> Option<Grounds> {
    let Account { account, password, administrator, disabled, .. } = found;
    let digest = digest(&format!("{password}\n{administrator}"));
    (!disabled).then(|| Grounds::Account { account: account.clone(), digest })
}

fn digest(text: &str) -> String {
    let mut digest = digest_of(text);
    digest.truncate(LONG);
    digest
}
