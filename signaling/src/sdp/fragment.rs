//! Trickle and ICE restart by HTTP: `application/trickle-ice-sdpfrag` (RFC 8840 §9, RFC 9725 §4.3).

use super::{
    answer,
    candidate::is_candidate,
    error::{OfferError, OfferReason},
    negotiate::{Negotiated, Terms},
    offer,
};
use viva_media::{IceCredentials, Mid};

/// The longest fragment, in bytes.
const MAX_FRAGMENT: usize = 16 * 1024;
/// The most candidates of a fragment.
const MAX_CANDIDATES: usize = 64;

/// What a client says in a PATCH.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fragment {
    /// The client's credentials, where it names them: those in force (trickle), or new ones (restart).
    pub credentials: Option<IceCredentials>,
    /// The first media section that it names.
    pub mid: Option<Mid>,
    /// Candidates, from `candidate:` on. The server is ICE-lite and learns addresses from the checks.
    pub candidates: Vec<String>,
    /// No more candidates follow.
    pub end_of_candidates: bool,
}

/// The agreement after an ICE restart and the fragment that tells the client.
#[derive(Debug, Clone)]
pub struct Restart {
    /// The agreement from now on.
    pub negotiated: Negotiated,
    /// The body of the response, `application/trickle-ice-sdpfrag`.
    pub fragment: String,
}

impl Fragment {
    /// Reads a fragment.
    ///
    /// # Errors
    ///
    /// The line and the reason.
    pub fn parse(text: &str) -> Result<Self, OfferError> {
        if text.len() > MAX_FRAGMENT {
            return Err(OfferError::whole(OfferReason::TooMany("bytes in a fragment", MAX_FRAGMENT)));
        }
        let parts = offer::read_fragment(text)?;
        let mut fragment =
            Self { mid: parts.sections.iter().find_map(|section| section.mid), ..Self::default() };
        let shared = || parts.sections.iter().map(|section| &section.shared).chain([&parts.session]);
        let ufrag = shared().find_map(|shared| shared.ufrag.as_ref());
        let pwd = shared().find_map(|shared| shared.pwd.as_ref());
        fragment.credentials = match (ufrag, pwd) {
            (Some((_, ufrag)), Some((_, pwd))) => {
                Some(IceCredentials { ufrag: ufrag.clone(), pwd: pwd.clone() })
            }
            (None, None) => None,
            (Some((line, _)), None) | (None, Some((line, _))) => {
                return Err(OfferError::at(*line, OfferReason::NoIce));
            }
        };
        // What is no candidate, and what is more than anybody has, is passed over: none is needed.
        for line in text.lines().map(str::trim) {
            if line == "a=end-of-candidates" {
                fragment.end_of_candidates = true;
            } else if let Some(candidate) = line.strip_prefix("a=").filter(|a| a.starts_with("candidate:"))
                && fragment.candidates.len() < MAX_CANDIDATES
                && is_candidate(candidate)
            {
                fragment.candidates.push(candidate.to_owned());
            }
        }
        Ok(fragment)
    }

    /// True when it asks for an ICE restart: it names credentials, and not those in force.
    pub fn restarts(&self, negotiated: &Negotiated) -> bool {
        self.credentials.as_ref().is_some_and(|credentials| *credentials != negotiated.transport.remote)
    }
}

impl Negotiated {
    /// Restarts ICE without a new offer: the client's new credentials against our fresh ones of `terms`.
    pub fn restart(&self, remote: IceCredentials, terms: &Terms<'_>) -> Restart {
        let mut negotiated = self.clone();
        negotiated.transport.remote = remote;
        negotiated.transport.local = terms.local.clone();
        negotiated.ice_restarted = true;
        let fragment = answer::write_fragment(self.tagged, terms.local, terms.candidates);
        Restart { negotiated, fragment }
    }

    /// Names the ICE session for an `ETag` (RFC 9725 §4.3.1): another one after every restart.
    pub fn ice_session(&self) -> String {
        let ufrags = format!("{}-{}", self.transport.local.ufrag, self.transport.remote.ufrag);
        ufrags.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect()
    }
}
