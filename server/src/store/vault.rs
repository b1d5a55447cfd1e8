//! Pictures of people, encrypted at rest: AES-256-GCM with a key that stands outside the database.
//!
//! A sealed picture is `viva1`, the id of the key (4 bytes), the nonce (12), the ciphertext and its tag (16). What it belongs
//! to is authenticated with it, so that no row can take the place of another. A picture from before there was a key has no
//! such beginning and is read as it is.

use super::StoreError;
use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    digest, hkdf,
};
use std::{fmt, sync::Arc};

const MAGIC: &[u8; 5] = b"viva1";
const ID: usize = 4;
const HEAD: usize = MAGIC.len() + ID + NONCE_LEN;

/// Seals and opens. Cheap to clone.
#[derive(Clone)]
pub struct Vault(Arc<Vec<Key>>);

struct Key {
    id: [u8; ID],
    key: LessSafeKey,
}

/// The texts of the keys are no keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a key of pictures has 32 characters or more")]
pub struct Unusable;

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Vault({} keys)", self.0.len())
    }
}

impl Vault {
    /// With these keys: the first one seals, each of them opens.
    ///
    /// # Errors
    /// There is none, or one is shorter than 32 characters.
    pub fn new<'a>(keys: impl IntoIterator<Item = &'a str>) -> Result<Self, Unusable> {
        let keys: Vec<Key> = keys.into_iter().map(Key::of).collect::<Result<_, _>>()?;
        if keys.is_empty() { Err(Unusable) } else { Ok(Self(Arc::new(keys))) }
    }

    /// The picture as it is stored; `of` is what it belongs to.
    ///
    /// # Errors
    /// It is longer than any cipher takes.
    pub(super) fn seal(&self, of: &str, picture: &[u8]) -> Result<Vec<u8>, StoreError> {
        let failed = || StoreError::Invalid("the picture cannot be encrypted".to_owned());
        let key = self.0.first().ok_or_else(failed)?;
        let nonce: [u8; NONCE_LEN] = crate::random::bytes();
        let mut sealed = Vec::with_capacity(HEAD + picture.len() + AES_256_GCM.tag_len());
        sealed.extend_from_slice(MAGIC);
        sealed.extend_from_slice(&key.id);
        sealed.extend_from_slice(&nonce);
        let mut body = picture.to_vec();
        let aad = Aad::from(of.as_bytes());
        key.key
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), aad, &mut body)
            .map_err(|_| failed())?;
        sealed.append(&mut body);
        Ok(sealed)
    }

    /// The picture that was stored for `of`.
    ///
    /// # Errors
    /// Its key is not among ours, or it was stored for something else, or was changed.
    pub(super) fn open(&self, of: &str, stored: Vec<u8>) -> Result<Vec<u8>, StoreError> {
        if !stored.starts_with(MAGIC) {
            return Ok(stored);
        }
        let corrupt = |why: &str| StoreError::Corrupt(format!("a picture: {why}"));
        let head = stored.get(..HEAD).ok_or_else(|| corrupt("it is cut off"))?;
        let (id, nonce) = head[MAGIC.len()..].split_at(ID);
        let key = self.0.iter().find(|key| key.id == id);
        let key =
            key.ok_or_else(|| corrupt("it was encrypted with another key than those of `pictures_key`"))?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| corrupt("it is cut off"))?;
        let mut body = stored[HEAD..].to_vec();
        let plain = key.key.open_in_place(nonce, Aad::from(of.as_bytes()), &mut body);
        let length = plain.map_err(|_| corrupt("it was changed, or belongs elsewhere"))?.len();
        body.truncate(length);
        Ok(body)
    }

    /// Was it sealed with the key that seals now?
    pub(super) fn is_fresh(&self, stored: &[u8]) -> bool {
        let id = stored.strip_prefix(MAGIC).and_then(|rest| rest.first_chunk::<ID>());
        self.0.first().is_some_and(|key| Some(&key.id) == id)
    }
}

impl Key {
    fn of(text: &str) -> Result<Self, Unusable> {
        if text.chars().count() < 32 {
            return Err(Unusable);
        }
        let mut bytes = [0; 32];
        let extracted = hkdf::Salt::new(hkdf::HKDF_SHA256, b"viva pictures 1").extract(text.as_bytes());
        let expanded = extracted.expand(&[b"key"], hkdf::HKDF_SHA256);
        expanded.and_then(|key| key.fill(&mut bytes)).map_err(|_| Unusable)?;
        let key = UnboundKey::new(&AES_256_GCM, &bytes).map_err(|_| Unusable)?;
        let digest = digest::digest(&digest::SHA256, &bytes);
        let id = *digest.as_ref().first_chunk().ok_or(Unusable)?;
        Ok(Self { id, key: LessSafeKey::new(key) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = "an old key of thirty-two characters";
    const NEW: &str = "a new key of thirty-two characters!";

    #[test]
    fn a_picture_opens_for_what_it_was_sealed_for_and_nothing_else() {
        let vault = Vault::new([NEW]).unwrap();
        let sealed = vault.seal("photo 1 2", b"picture").unwrap();
        assert!(!sealed.windows(7).any(|bytes| bytes == b"picture"));
        assert_ne!(vault.seal("photo 1 2", b"picture").unwrap(), sealed);
        assert_eq!(vault.open("photo 1 2", sealed.clone()).unwrap(), b"picture");
        assert!(vault.open("photo 1 3", sealed.clone()).is_err());
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert_ne!(vault.open("photo 1 2", changed).as_deref(), Ok(b"picture".as_slice()), "byte {at}");
        }
        assert!(
            (MAGIC.len()..sealed.len()).all(|end| vault.open("photo 1 2", sealed[..end].to_vec()).is_err())
        );
    }

    #[test]
    fn old_keys_open_and_the_newest_seals() {
        let old = Vault::new([OLD]).unwrap().seal("a", b"picture").unwrap();
        let both = Vault::new([NEW, OLD]).unwrap();
        assert_eq!(both.open("a", old.clone()).unwrap(), b"picture");
        assert!(!both.is_fresh(&old) && both.is_fresh(&both.seal("a", b"picture").unwrap()));
        assert!(!both.is_fresh(b"\xff\xd8 from before there was a key"));

        let error = Vault::new([NEW]).unwrap().open("a", old).unwrap_err();
        assert!(error.to_string().contains("pictures_key"), "{error}");
    }

    #[test]
    fn pictures_from_before_are_read_as_they_are_and_short_keys_are_none() {
        let vault = Vault::new([NEW]).unwrap();
        assert_eq!(vault.open("a", vec![0xff, 0xd8]).unwrap(), [0xff, 0xd8]);
        assert!(Vault::new(["short"]).is_err() && Vault::new([]).is_err());
    }
}
