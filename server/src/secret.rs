//! Secrets of the server: given in the settings, or made once and kept in the data directory.

use crate::{
    file::Draft,
    random,
    settings::{Secret, Settings},
};
use std::{fs, io, path::Path};

/// The name of the file of the key that signs tokens.
const SECRET: &str = "secret";
/// The name of the file of the keys that encrypt pictures of people, the newest in the first line.
const PICTURES_KEY: &str = "pictures_key";
/// The name of the file of the token that opens the metrics.
const METRICS_TOKEN: &str = "metrics_token";

/// The key that signs tokens.
///
/// # Errors
/// The data directory cannot be written, or the file in it is not what this program wrote.
pub fn secret(settings: &Settings) -> io::Result<String> {
    given_or_kept(&settings.secret, &settings.data_dir, SECRET)
}

/// The same, where it is there already: nothing is made.
///
/// # Errors
/// It is not there, cannot be read, or is not what this program wrote.
pub fn known_secret(settings: &Settings) -> io::Result<String> {
    if settings.secret.0.is_empty() {
        read(&settings.data_dir.join(SECRET))
    } else {
        Ok(settings.secret.0.clone())
    }
}

/// The token that opens the metrics.
///
/// # Errors
/// As for [`secret`].
pub fn metrics_token(settings: &Settings) -> io::Result<String> {
    given_or_kept(&settings.metrics_token, &settings.data_dir, METRICS_TOKEN)
}

/// The keys that encrypt pictures of people, the newest first.
///
/// # Errors
/// As for [`secret`].
pub fn pictures_keys(settings: &Settings) -> io::Result<Vec<String>> {
    let text = given_or_kept(&settings.pictures_key, &settings.data_dir, PICTURES_KEY)?;
    Ok(text.split(['\n', ',']).map(str::trim).filter(|key| !key.is_empty()).map(str::to_owned).collect())
}

/// Puts a new key before those that encrypt pictures of people in the data directory. A server takes it at its next start, and
/// encrypts anew what is under the older ones.
///
/// # Errors
/// The keys stand in the settings, or the file cannot be written.
pub fn renew_pictures_key(settings: &Settings) -> io::Result<()> {
    if !settings.pictures_key.0.is_empty() {
        let reason = "the keys stand in the setting pictures_key: put a new one there, before the others";
        return Err(io::Error::new(io::ErrorKind::InvalidInput, reason));
    }
    let path = settings.data_dir.join(PICTURES_KEY);
    let before = kept(&settings.data_dir, PICTURES_KEY)?;
    Draft::write(&path, format!("{}\n{before}", random::hex::<32>()).as_bytes())?.replace()
}

fn given_or_kept(given: &Secret, data_dir: &Path, name: &str) -> io::Result<String> {
    if given.0.is_empty() { kept(data_dir, name) } else { Ok(given.0.clone()) }
}

fn kept(data_dir: &Path, name: &str) -> io::Result<String> {
    let path = data_dir.join(name);
    match read(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        read => return read,
    }
    let named = |error| named(&path, &error);
    fs::create_dir_all(data_dir).map_err(named)?;
    let secret = random::hex::<32>();
    // Nobody ever reads a part, and of two starting at once one wins.
    match Draft::write(&path, secret.as_bytes()).and_then(Draft::place) {
        Ok(()) => Ok(secret),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => kept(data_dir, name),
        Err(error) => Err(named(error)),
    }
}

fn read(path: &Path) -> io::Result<String> {
    let text = fs::read_to_string(path).map_err(|error| named(path, &error))?;
    let text = text.trim();
    if text.len() < 32 {
        let short = io::Error::new(io::ErrorKind::InvalidData, "shorter than 32 characters");
        return Err(named(path, &short));
    }
    Ok(text.to_owned())
}

fn named(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn a_new_key_of_pictures_stands_before_the_old_ones() {
        let dir = std::env::temp_dir().join(format!("viva-keys-{}", random::hex::<8>()));
        let flags = [("data_dir".to_owned(), dir.display().to_string())];
        let settings = crate::settings::Sources { flags: flags.into(), ..Default::default() }.load().unwrap();
        let first = pictures_keys(&settings).unwrap();
        renew_pictures_key(&settings).unwrap();
        let both = pictures_keys(&settings).unwrap();
        assert_eq!((first.len(), both.len(), &both[1]), (1, 2, &first[0]));
        assert_eq!(fs::metadata(dir.join(PICTURES_KEY)).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read_dir(&dir).unwrap().count(), 1);
        fs::remove_dir_all(dir).unwrap();
    }

    #[test]
    fn a_secret_is_made_once_and_only_its_owner_reads_it() {
        let dir = std::env::temp_dir().join(format!("viva-secret-{}", random::hex::<8>()));
        let first = kept(&dir, SECRET).unwrap();
        assert_eq!(kept(&dir, SECRET).unwrap(), first);
        assert_eq!(fs::metadata(dir.join(SECRET)).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read_dir(&dir).unwrap().count(), 1);
        fs::write(dir.join(SECRET), "").unwrap();
        assert!(kept(&dir, SECRET).unwrap_err().to_string().contains("secret"));
        fs::remove_dir_all(dir).unwrap();
    }
}
