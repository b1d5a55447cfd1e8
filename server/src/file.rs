//! Files read within a bound, and written whole or not at all.

use crate::random;
use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

/// What stands in a file, as long as that is not more than `most` bytes.
///
/// # Errors
/// [`io::ErrorKind::FileTooLarge`]: it is longer; or it cannot be read.
pub fn bounded(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let length = fs::metadata(path)?.len();
    if length > most {
        let what = format!("{length} bytes, which is too much");
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, what));
    }
    fs::read(path)
}

/// A file that is written under another name beside its own, readable by the owner alone; gone unless it gets its name.
#[derive(Debug)]
pub struct Draft<'a> {
    path: &'a Path,
    draft: PathBuf,
}

impl<'a> Draft<'a> {
    /// Of a file at this path. It is on the disk when this returns.
    ///
    /// # Errors
    /// The disk fails, or the folder is not there.
    pub fn write(path: &'a Path, bytes: &[u8]) -> io::Result<Self> {
        let mut draft = path.as_os_str().to_owned();
        draft.push(format!(".{}", random::hex::<8>()));
        let draft = Self { path, draft: draft.into() };
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft.draft)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        Ok(draft)
    }

    /// It takes the place of what was there.
    ///
    /// # Errors
    /// The disk fails.
    pub fn replace(self) -> io::Result<()> {
        fs::rename(&self.draft, self.path)?;
        self.sync()
    }

    /// It gets its place if nobody has it: of two at once one wins.
    ///
    /// # Errors
    /// [`io::ErrorKind::AlreadyExists`]: somebody has; or the disk fails.
    pub fn place(self) -> io::Result<()> {
        fs::hard_link(&self.draft, self.path)?;
        self.sync()
    }

    /// The name of a file is on the disk, too.
    fn sync(&self) -> io::Result<()> {
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty());
        File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
    }
}

impl Drop for Draft<'_> {
    fn drop(&mut self) {
        // Where it was renamed there is none any more.
        let _ = fs::remove_file(&self.draft);
    }
}
