//! Passwords: what does as one, and their hashes (Argon2id).

use super::{
    AccountError,
    queue::{Lane, PATIENCE, Queue},
};
use crate::random;
use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use std::{collections::BTreeSet, sync::Arc, thread};
use tokio::task::spawn_blocking;
use unicode_normalization::UnicodeNormalization;

/// The shortest password, in characters.
pub const MIN_PASSWORD_CHARS: usize = 10;
/// The longest password, in bytes.
const MAX_PASSWORD_BYTES: usize = 512;

/// OWASP's first recommendation: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;

/// The hash of a password that nobody has, for accounts that do not exist.
pub(super) const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5IG5vYm9keQ$KGtm9UKaCpVJ5KcR0m5DVpaP0qkHZJ9m1xTqgO4sYwM";

/// The password does not do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WeakPassword {
    /// Shorter than [`MIN_PASSWORD_CHARS`].
    #[error("a password has {MIN_PASSWORD_CHARS} characters or more")]
    Short,
    /// Longer than 512 bytes.
    #[error("a password has {MAX_PASSWORD_BYTES} bytes at most")]
    Long,
    /// Few different characters, or a row of them.
    #[error("this password is too simple; use several words, or mix characters")]
    Simple,
    /// The account or the person's name, or either with little around it.
    #[error("the password must not be the name")]
    Name,
}

/// Whether a text does as a password of somebody with these names. There are no rules of composition: length counts.
pub(super) fn check(password: &str, names: &[&str]) -> Result<(), WeakPassword> {
    if password.len() > MAX_PASSWORD_BYTES {
        return Err(WeakPassword::Long);
    }
    let password: String = prepared(password).to_lowercase();
    if password.chars().count() < MIN_PASSWORD_CHARS {
        return Err(WeakPassword::Short);
    }
    let little_more = |name: &&str| {
        let name = name.to_lowercase();
        !name.is_empty()
            && password.contains(&name)
            && password.chars().count() < name.chars().count() + MIN_PASSWORD_CHARS / 2
    };
    if names.iter().any(little_more) {
        return Err(WeakPassword::Name);
    }
    let different = password.chars().collect::<BTreeSet<_>>().len();
    let codes: Vec<i64> = password.chars().map(|c| i64::from(u32::from(c))).collect();
    let in_a_row = codes.windows(2).filter(|pair| (pair[1] - pair[0]).abs() <= 1).count();
    if different < 5 || in_a_row * 4 > codes.len() * 3 { Err(WeakPassword::Simple) } else { Ok(()) }
}

/// A password that nobody guesses, in groups that can be read aloud: 99 bits.
pub fn generated() -> String {
    let text = super::first::letters::<20>();
    let groups: Vec<String> = text.chunks(5).map(|group| group.iter().collect()).collect();
    groups.join("-").to_lowercase()
}

/// Hashes passwords, a few at a time, off the threads that serve. Cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Hashing(Arc<Queue>);

impl Hashing {
    pub fn new() -> Self {
        let cores = thread::available_parallelism().map_or(1, usize::from);
        Self(Arc::new(Queue::new((cores / 2).clamp(1, 8), PATIENCE)))
    }

    /// The hash of a password with a salt of its own, as PHC text.
    pub async fn hash(&self, password: &str) -> Result<String, AccountError> {
        let password = prepared(password);
        self.off_thread(Lane::Known, move || {
            let salt = random::bytes::<16>();
            let hash: Option<PasswordHash> =
                argon2().and_then(|argon2| argon2.hash_password_with_salt(password.as_bytes(), &salt).ok());
            hash.map(|hash| hash.to_string())
        })
        .await?
        .ok_or(AccountError::SignInFailed)
    }

    /// Whether a password has this hash.
    pub async fn verify(&self, password: &str, hash: &str, lane: Lane) -> Result<bool, AccountError> {
        // Nobody has such a password; reading all of it would be work for nothing.
        let fits = password.len() <= MAX_PASSWORD_BYTES;
        let (password, hash) = (prepared(if fits { password } else { "" }), hash.to_owned());
        let matches = self
            .off_thread(lane, move || {
                let hash = PasswordHash::new(&hash).ok()?;
                argon2()?.verify_password(password.as_bytes(), &hash).ok()
            })
            .await?;
        Ok(fits && matches.is_some())
    }

    async fn off_thread<T: Send + 'static>(
        &self,
        lane: Lane,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, AccountError> {
        let busy = AccountError::RateLimited { wait: 5_000 };
        let Some(turn) = self.0.turn(lane).await else { return Err(busy) };
        let done = spawn_blocking(move || {
            let answer = work();
            drop(turn);
            answer
        });
        done.await.map_err(|_| busy)
    }
}

fn argon2() -> Option<Argon2<'static>> {
    let params = Params::new(MEMORY_KIB, PASSES, 1, None).ok()?;
    Some(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// A password as it is hashed: keyboards type the same letter in several ways.
fn prepared(password: &str) -> String {
    password.nfkc().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_hash_fits_its_password_alone_and_names_its_cost() {
        let hashing = Hashing::new();
        let hash = hashing.hash("correct horse battery").await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(hashing.verify("correct horse battery", &hash, Lane::Known).await.unwrap());
        assert!(
            hashing.verify("ｃorrect horse battery", &hash, Lane::Known).await.unwrap(),
            "typed with another keyboard"
        );
        for wrong in ["correct horse batterz", "", &"x".repeat(10_000)] {
            assert!(!hashing.verify(wrong, &hash, Lane::Known).await.unwrap());
        }
        assert_ne!(hashing.hash("correct horse battery").await.unwrap(), hash, "each has a salt of its own");
    }

    #[tokio::test]
    async fn the_hash_of_nobody_costs_what_others_cost_and_fits_nothing() {
        let parsed = PasswordHash::new(NOBODY).unwrap();
        let ours = PasswordHash::new(&Hashing::new().hash("correct horse battery").await.unwrap()).unwrap();
        assert_eq!(
            (parsed.algorithm, parsed.version, &parsed.params),
            (ours.algorithm, ours.version, &ours.params)
        );
        assert_eq!(parsed.hash.unwrap().len(), ours.hash.unwrap().len());
        assert!(!Hashing::new().verify("nobody", NOBODY, Lane::Known).await.unwrap());
    }

    #[test]
    fn length_counts_and_names_and_rows_do_not_do() {
        let check = |password: &str| check(password, &["li.ming", "李明"]);
        assert_eq!(check("short"), Err(WeakPassword::Short));
        assert_eq!(check(&"ab".repeat(300)), Err(WeakPassword::Long));
        for simple in ["aaaaaaaaaaaa", "abababababab", "1234567890", "abcdefghijklm"] {
            assert_eq!(check(simple), Err(WeakPassword::Simple), "{simple}");
        }
        for name in ["li.ming123", "Li.Ming2026"] {
            assert_eq!(check(name), Err(WeakPassword::Name), "{name}");
        }
        for good in ["correct horse battery", "面谈系统的管理密码很长", &generated()] {
            assert_eq!(check(good), Ok(()), "{good}");
        }
        assert_ne!(generated(), generated());
    }
}
