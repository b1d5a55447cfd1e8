//! The password of an invitation as it is kept: a digest that it is checked by, and the password as the server alone can open
//! it, to write it into a message. Nobody learns it from the records.

use crate::limit;
use serde::{Deserialize, Serialize};

/// The password of an invitation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Form", into = "Form")]
pub struct Password {
    digest: String,
    sealed: Option<Sealed>,
}

/// Sealed anew each time, so that two of one password differ: they are equal, as are the digests beside them.
#[derive(Debug, Clone)]
struct Sealed(String);

impl PartialEq for Sealed {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Sealed {}

/// In a record: a digest alone, as it was once, or both.
#[derive(Clone, Serialize, Deserialize)]
#[serde(untagged)]
enum Form {
    Digest(String),
    Both { digest: String, sealed: String },
}

impl Password {
    /// One that can be told to whom it belongs.
    pub fn new(digest: impl Into<String>, sealed: impl Into<String>) -> Self {
        Self { digest: digest.into(), sealed: Some(Sealed(sealed.into())) }
    }

    /// One of which only the digest is known.
    pub fn of_digest(digest: impl Into<String>) -> Self {
        Self { digest: digest.into(), sealed: None }
    }

    /// What the server opens; none of one from before it was kept.
    pub fn sealed(&self) -> Option<&str> {
        self.sealed.as_ref().map(|sealed| sealed.0.as_str())
    }

    /// Is it this one?
    pub(crate) fn is(&self, digest: &str) -> bool {
        self.digest == digest
    }

    /// Is there none at all?
    pub(crate) const fn is_empty(&self) -> bool {
        self.digest.is_empty()
    }

    /// Is it longer than a digest or what is sealed may be?
    pub(crate) fn is_too_long(&self) -> bool {
        self.digest.len() > limit::DIGEST || self.sealed().is_some_and(|sealed| sealed.len() > limit::SEALED)
    }
}

impl From<Form> for Password {
    fn from(form: Form) -> Self {
        match form {
            Form::Digest(digest) => Self::of_digest(digest),
            Form::Both { digest, sealed } => Self::new(digest, sealed),
        }
    }
}

impl From<Password> for Form {
    fn from(Password { digest, sealed }: Password) -> Self {
        match sealed {
            None => Self::Digest(digest),
            Some(Sealed(sealed)) => Self::Both { digest, sealed },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_of_before_is_read_and_written_as_it_was() {
        let old: Password = serde_json::from_str("\"digest\"").unwrap();
        assert_eq!((old.is("digest"), old.is("other"), old.sealed()), (true, false, None));
        assert_eq!(serde_json::to_string(&old).unwrap(), "\"digest\"");
        let new = Password::new("digest", "sealed");
        let text = serde_json::to_string(&new).unwrap();
        assert_eq!(text, r#"{"digest":"digest","sealed":"sealed"}"#);
        assert_eq!(serde_json::from_str::<Password>(&text).unwrap().sealed(), Some("sealed"));
    }

    #[test]
    fn one_that_is_given_again_is_the_same_and_one_that_could_not_be_told_before_is_not() {
        assert_eq!(Password::new("digest", "sealed"), Password::new("digest", "sealed anew"));
        assert_ne!(Password::new("digest", "sealed"), Password::new("another", "sealed"));
        assert_ne!(Password::new("digest", "sealed"), Password::of_digest("digest"));
    }
}
