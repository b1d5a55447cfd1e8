//! File descriptors: as many as the system lets this process have, and a share for each of those who take them, so that none
//! starves another.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// For the database, files, requests to providers, and what the shards have open all the time.
const RESERVED: usize = 256;
/// Counts as the limit where the system names none: more than any machine serves.
const MOST: usize = 1 << 20;

/// How many connections each may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Descriptors {
    /// HTTP and WebSocket.
    pub http: usize,
    /// Media over TCP, all shards together.
    pub media: usize,
}

/// Raises the soft limit of this process to its hard one; how many descriptors it may have then.
pub fn raise() -> usize {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    if current != maximum
        && let Err(error) = setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum })
    {
        tracing::warn!(%error, "the limit of open files stays as it is");
    }
    let now = getrlimit(Resource::Nofile).current;
    now.and_then(|now| usize::try_from(now).ok()).map_or(MOST, |now| now.min(MOST))
}

impl Descriptors {
    /// Shares `limit` descriptors: some are kept back, a quarter of the rest is for media over TCP.
    pub fn share(limit: usize) -> Self {
        let rest = limit - RESERVED.min(limit / 4);
        let media = rest / 4;
        Self { http: rest - media, media }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_has_a_share_of_few_and_of_many_and_some_are_kept_back() {
        assert_eq!(Descriptors::share(1024), Descriptors { http: 576, media: 192 });
        assert_eq!(Descriptors::share(400), Descriptors { http: 225, media: 75 });
        let many = Descriptors::share(MOST);
        assert!(many.http > 700_000 && many.media > 200_000, "{many:?}");
        for limit in [16, 64, 400, 1024, 65_536] {
            let Descriptors { http, media } = Descriptors::share(limit);
            assert!(http > 0 && media > 0 && http + media < limit, "{limit}");
        }
    }

    #[test]
    fn the_soft_limit_is_the_hard_one_afterwards() {
        let limit = raise();
        let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
        assert_eq!(current, maximum);
        assert!(limit >= 16);
    }
}
