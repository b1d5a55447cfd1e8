//! Files that wait on the disk while they are worked on: private, in a folder of their own, gone with the work.

use crate::random;
use std::{
    collections::BTreeSet,
    fs::{self, DirBuilder, File, OpenOptions, Permissions},
    io,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The name of the folder in the data directory.
const FOLDER: &str = "spool";

/// So many files are in memory at once on their way from the disk into the store.
const TURNS: usize = 2;

/// Whose upload it is: an interview and a seat.
type Owner = (u64, u64);

/// Makes such files. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Spool {
    folder: Arc<Path>,
    turns: Arc<Semaphore>,
    uploading: Arc<Mutex<BTreeSet<Owner>>>,
}

/// Nobody else uploads for the same owner meanwhile.
#[derive(Debug)]
pub struct Alone {
    uploading: Arc<Mutex<BTreeSet<Owner>>>,
    owner: Owner,
}

impl Spool {
    /// The folder in the data directory, made where it does not exist. What a run that was cut off has left in it, and what
    /// earlier versions have left beside it, is deleted.
    ///
    /// # Errors
    /// The folder cannot be made or read, or what is in it cannot be deleted.
    pub fn open(data_dir: &Path) -> io::Result<Self> {
        let folder = data_dir.join(FOLDER);
        let named = |error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", folder.display()));
        fs::create_dir_all(data_dir).map_err(named)?;
        match DirBuilder::new().mode(0o700).create(&folder) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(named(error)),
            _ => fs::set_permissions(&folder, Permissions::from_mode(0o700)).map_err(named)?,
        }
        sweep(&folder, |_| true).map_err(named)?;
        sweep(data_dir, |name| name.starts_with("import-") && name.ends_with(".zip")).map_err(named)?;
        Ok(Self { folder: folder.into(), turns: Arc::new(Semaphore::new(TURNS)), uploading: Arc::default() })
    }

    /// A new empty file to write, read and seek in, for its owner alone. It has no name any more when this returns, so that
    /// it is gone with its last handle, however the program ends.
    ///
    /// # Errors
    /// The folder cannot be written.
    pub fn file(&self) -> io::Result<File> {
        let path = self.folder.join(random::hex::<16>());
        let file = OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(&path)?;
        fs::remove_file(&path)?;
        Ok(file)
    }

    /// Waits until a file may be taken into memory; held as long as it is there.
    pub async fn turn(&self) -> Option<OwnedSemaphorePermit> {
        // The semaphore is never closed.
        self.turns.clone().acquire_owned().await.ok()
    }

    /// The one upload that this owner may have under way; none while there is another. So many slow ones do not fill the disk.
    pub fn alone(&self, owner: Owner) -> Option<Alone> {
        let mut uploading = self.uploading.lock().unwrap_or_else(PoisonError::into_inner);
        uploading.insert(owner).then(|| Alone { uploading: self.uploading.clone(), owner })
    }
}

impl Drop for Alone {
    fn drop(&mut self) {
        self.uploading.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.owner);
    }
}

/// Deletes the files of a folder whose names are meant. What is no file stays: this program makes none.
fn sweep(folder: &Path, meant: impl Fn(&str) -> bool) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if !entry.file_type()?.is_dir() && entry.file_name().to_str().is_some_and(&meant) {
            let path: PathBuf = entry.path();
            fs::remove_file(&path)?;
            tracing::info!(path = %path.display(), "a file that an earlier run has left is deleted");
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{
        io::{Read, Seek, Write},
        os::unix::fs::MetadataExt,
    };

    fn folder() -> PathBuf {
        std::env::temp_dir().join(format!("viva-spool-{}", random::hex::<8>()))
    }

    #[test]
    fn a_file_is_private_nameless_and_holds_what_was_written() {
        let data = folder();
        let spool = Spool::open(&data).unwrap();
        let mut file = spool.file().unwrap();
        file.write_all(b"photos").unwrap();
        file.rewind().unwrap();
        let mut text = String::new();
        file.read_to_string(&mut text).unwrap();
        assert_eq!(text, "photos");
        let metadata = file.metadata().unwrap();
        assert_eq!((metadata.mode() & 0o777, metadata.nlink()), (0o600, 0));
        let own = data.join(FOLDER);
        assert_eq!(fs::metadata(&own).unwrap().mode() & 0o777, 0o700);
        assert_eq!(fs::read_dir(&own).unwrap().count(), 0);
        fs::remove_dir_all(data).unwrap();
    }

    #[test]
    fn an_owner_has_one_upload_under_way() {
        let data = folder();
        let spool = Spool::open(&data).unwrap();
        let first = spool.alone((1, 2)).unwrap();
        assert!(spool.alone((1, 2)).is_none() && spool.alone((1, 3)).is_some());
        drop(first);
        assert!(spool.alone((1, 2)).is_some());
        fs::remove_dir_all(data).unwrap();
    }

    #[test]
    fn what_an_earlier_run_has_left_is_deleted_and_nothing_else() {
        let data = folder();
        Spool::open(&data).unwrap();
        let own = data.join(FOLDER);
        fs::set_permissions(&own, Permissions::from_mode(0o755)).unwrap();
        for path in [own.join("left"), data.join("import-00.zip"), data.join("viva.db"), data.join("secret")]
        {
            fs::write(path, "x").unwrap();
        }
        std::os::unix::fs::symlink(data.join("secret"), own.join("link")).unwrap();
        Spool::open(&data).unwrap();
        let mut left: Vec<_> = fs::read_dir(&data).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        left.sort();
        assert_eq!(left, ["secret", FOLDER, "viva.db"]);
        assert_eq!(fs::read_dir(&own).unwrap().count(), 0);
        assert_eq!(fs::metadata(&own).unwrap().mode() & 0o777, 0o700);
        fs::remove_dir_all(data).unwrap();
    }
}
