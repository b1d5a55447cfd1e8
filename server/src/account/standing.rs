//! Whether the holder of a seat is still who was given its token.

use super::session::digest_of;
use crate::store::{Account, Store, StoreError};

/// Characters of a mark: more than anybody meets twice.
const LONG: usize = 16;

/// What an account is known by in the tokens of its seats: another after every change of it, such as a new password.
pub fn mark(account: &Account) -> String {
    let Account { account: name, password, administrator, changed_at, .. } = account;
    let mut mark = digest_of(&format!("{name}\n{password}\n{administrator}\n{changed_at}"));
    mark.truncate(LONG);
    mark
}

/// May a token with this mark still open a seat of this account? A seat of no account has no more than its token; a token
/// of the institution's own systems may have no mark.
///
/// # Errors
/// The store's.
pub async fn stands(store: &dyn Store, account: &str, known: Option<&str>) -> Result<bool, StoreError> {
    if account.is_empty() {
        return Ok(true);
    }
    let holds = |found: Account| !found.disabled && known.is_none_or(|known| known == mark(&found));
    Ok(store.account(account).await?.is_some_and(holds))
}
