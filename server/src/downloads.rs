//! The apps that people install: what a release built, checked against its list, with this server's address put in.
//!
//! They are small and held in memory, so that a download touches no disk, and a folder that changes takes away nothing that
//! is under way.

mod stamp;

use crate::{file::bounded, text::hex};
use aws_lc_rs::digest::{SHA256, digest};
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, SystemTime},
};
use tokio::{sync::Mutex, task::spawn_blocking, time::Instant};
use url::Url;
use utoipa::ToSchema;

/// Where builds are looked for where the setting names no folder.
const FOLDERS: [&str; 3] = ["release", "/usr/local/share/viva/downloads", "/usr/share/viva/downloads"];
/// What a release says of its builds.
const LIST: &str = "builds.json";
/// Bytes of that list.
const LIST_BYTES: u64 = 64 * 1024;
/// Builds in it.
const BUILDS: usize = 16;
/// Bytes of one build. An app has a few hundred KiB.
const BUILD_BYTES: u64 = 64 * 1024 * 1024;
/// Characters of a name, a version, a date.
const SHORT: usize = 100;
/// How often the folder is looked at, at most.
const LOOK: Duration = Duration::from_secs(2);

/// For which system a build is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum System {
    /// A zip with a setup program.
    Windows,
    /// A zip with an app.
    Macos,
    /// A package for Debian, Ubuntu, UOS, Kylin.
    LinuxDeb,
    /// A package for Fedora, openEuler, openSUSE.
    LinuxRpm,
}

impl System {
    /// Its name in addresses, lists and metrics.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Windows => "windows",
            Self::Macos => "macos",
            Self::LinuxDeb => "linux_deb",
            Self::LinuxRpm => "linux_rpm",
        }
    }
}

/// One build, as it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Build {
    /// Its system.
    pub system: System,
    /// Its name, which can stand in a path.
    pub file: String,
    /// Of the bytes that are sent, in hexadecimal.
    pub sha256: String,
    /// The bytes, with the address of this server where the system's build has a place for it.
    pub data: Bytes,
}

/// What can be downloaded; nothing where no release is there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Offer {
    /// The release's version.
    pub version: String,
    /// When its commit was made, as RFC 3339 writes it.
    pub released_at: String,
    /// Every build that is what the list says.
    pub builds: Vec<Build>,
}

/// The list as it stands in the folder.
#[derive(Debug, Deserialize)]
struct List {
    version: String,
    released_at: String,
    /// One at a time: a system that a later release brings takes the others not away.
    builds: Vec<Value>,
}

#[derive(Debug, Deserialize)]
struct Listed {
    system: System,
    file: String,
    sha256: String,
}

/// The builds of the folder, read again when its list changes. Cheap to clone.
#[derive(Clone)]
pub struct Downloads(Arc<Inner>);

struct Inner {
    folders: Vec<PathBuf>,
    /// The address that the builds get; nothing where they cannot have it.
    address: Option<String>,
    held: Mutex<Held>,
}

#[derive(Default)]
struct Held {
    looked: Option<Instant>,
    seen: Option<Seen>,
    offer: Arc<Offer>,
}

/// What tells one list from the next: its path, length and time.
type Seen = (PathBuf, u64, Option<SystemTime>);

impl Downloads {
    /// Those of a folder, or of the usual places where it has no name; `base_url` is how people reach this server.
    pub fn new(folder: &str, base_url: &str) -> Self {
        let folders = match folder {
            "" => FOLDERS.iter().map(PathBuf::from).collect(),
            folder => vec![PathBuf::from(folder)],
        };
        Self(Arc::new(Inner { folders, address: address(base_url), held: Mutex::default() }))
    }

    /// What can be downloaded now.
    pub async fn offer(&self) -> Arc<Offer> {
        self.offer_at(Instant::now()).await
    }

    /// The same, at this time.
    pub(crate) async fn offer_at(&self, now: Instant) -> Arc<Offer> {
        let mut held = self.0.held.lock().await;
        if held.looked.is_some_and(|looked| now.saturating_duration_since(looked) < LOOK) {
            return held.offer.clone();
        }
        held.looked = Some(now);
        let (inner, seen) = (self.0.clone(), held.seen.clone());
        // Who waits here for the lock waits for the same answer.
        let read = spawn_blocking(move || inner.read_unless(seen.as_ref())).await;
        if let Ok(Some((seen, offer))) = read {
            (held.seen, held.offer) = (seen, Arc::new(offer));
        }
        held.offer.clone()
    }
}

impl Inner {
    /// The offer, unless the list is still the one that was seen.
    fn read_unless(&self, seen: Option<&Seen>) -> Option<(Option<Seen>, Offer)> {
        let found = self.folders.iter().find_map(|folder| {
            let about = fs::metadata(folder.join(LIST)).ok()?;
            Some((folder.clone(), about.len(), about.modified().ok()))
        });
        if found.as_ref() == seen {
            return None;
        }
        let Some((folder, ..)) = &found else { return Some((None, Offer::default())) };
        match self.read(folder) {
            Ok(offer) => {
                tracing::info!(folder = %folder.display(), version = offer.version, builds = offer.builds.len(), "apps to download");
                Some((found, offer))
            }
            Err(reason) => {
                tracing::warn!(folder = %folder.display(), reason, "the apps to download cannot be used");
                Some((found, Offer::default()))
            }
        }
    }

    fn read(&self, folder: &Path) -> Result<Offer, String> {
        let text = bounded(&folder.join(LIST), LIST_BYTES).map_err(|error| format!("{LIST}: {error}"))?;
        let List { version, released_at, builds } =
            serde_json::from_slice(&text).map_err(|error| format!("{LIST}: {error}"))?;
        if !is_plain(&version) || !is_plain(&released_at.replace(':', "-")) {
            return Err(format!("{LIST}: a version or a time that is none"));
        }
        let mut offer = Offer { version, released_at, builds: Vec::new() };
        for listed in builds.into_iter().take(BUILDS) {
            match self.build(folder, listed) {
                Ok(build) if offer.builds.iter().all(|other| other.file != build.file) => {
                    offer.builds.push(build)
                }
                Ok(build) => tracing::warn!(file = build.file, "a build is listed twice"),
                Err(reason) => tracing::warn!(reason, "a build cannot be downloaded"),
            }
        }
        Ok(offer)
    }

    /// One build, when it is what the list says.
    fn build(&self, folder: &Path, listed: Value) -> Result<Build, String> {
        let Listed { system, file, sha256 } =
            serde_json::from_value(listed).map_err(|error| error.to_string())?;
        if !is_plain(&file) {
            return Err(format!("{file:?} is no name of a build"));
        }
        let data = bounded(&folder.join(&file), BUILD_BYTES).map_err(|error| format!("{file}: {error}"))?;
        if hash(&data) != sha256.to_ascii_lowercase() {
            return Err(format!("{file} is not what {LIST} says"));
        }
        let data = match &self.address {
            Some(address) => {
                stamp::stamped(system, &data, address).map_err(|error| format!("{file}: {error}"))?
            }
            None => None,
        }
        .unwrap_or(data);
        Ok(Build { system, file, sha256: hash(&data), data: data.into() })
    }
}

fn hash(data: &[u8]) -> String {
    hex(digest(&SHA256, data).as_ref())
}

/// Is it a word that can stand in a path, in a header and on a page as it is?
fn is_plain(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-+~".contains(&byte);
    (1..=SHORT).contains(&text.len()) && !text.starts_with('.') && text.bytes().all(plain)
}

/// The address of this server as the apps take it: a name or an IPv4 address, with a port where it is not the usual one, and
/// nothing behind.
fn address(base_url: &str) -> Option<String> {
    let url = Url::parse(base_url).ok()?;
    let host = url.host_str().filter(|host| !host.contains(['[', '_']))?;
    let is_here = matches!(host, "localhost" | "127.0.0.1");
    (url.scheme() == "https" || is_here).then(|| url.origin().ascii_serialization())
}
