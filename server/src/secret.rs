//! The key that signs tokens: given in the settings, or made once and kept.

use crate::{random, settings::Settings};
use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

/// The name of the file in the data directory.
const FILE: &str = "secret";

/// The server's secret.
///
/// # Errors
/// The data directory cannot be written, or the file in it is not what this program wrote.
pub fn secret(settings: &Settings) -> io::Result<String> {
    if settings.secret.0.is_empty() { kept(&settings.data_dir) } else { Ok(settings.secret.0.clone()) }
}

fn kept(data_dir: &Path) -> io::Result<String> {
    let path = data_dir.join(FILE);
    let named = |error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", path.display()));
    match fs::read_to_string(&path) {
        Ok(text) if text.trim().len() >= 32 => return Ok(text.trim().to_owned()),
        Ok(_) => return Err(named(io::Error::new(io::ErrorKind::InvalidData, "shorter than 32 characters"))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(named(error)),
    }
    fs::create_dir_all(data_dir).map_err(named)?;
    let secret = random::hex::<32>();
    // Written whole under another name first, so that nobody ever reads a part; linked, so that of two starting at
    // once one wins.
    let draft = data_dir.join(format!("{FILE}.{}", random::hex::<8>()));
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft).map_err(named)?;
    file.write_all(secret.as_bytes())?;
    file.sync_all()?;
    let linked = fs::hard_link(&draft, &path);
    fs::remove_file(&draft)?;
    match linked {
        Ok(()) => Ok(secret),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => kept(data_dir),
        Err(error) => Err(named(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn a_secret_is_made_once_and_only_its_owner_reads_it() {
        let dir = std::env::temp_dir().join(format!("viva-secret-{}", random::hex::<8>()));
        let first = kept(&dir).unwrap();
        assert_eq!(kept(&dir).unwrap(), first);
        assert_eq!(fs::metadata(dir.join(FILE)).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read_dir(&dir).unwrap().count(), 1);
        fs::write(dir.join(FILE), "").unwrap();
        assert!(kept(&dir).unwrap_err().to_string().contains("secret"));
        fs::remove_dir_all(dir).unwrap();
    }
}
