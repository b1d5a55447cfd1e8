//! Photos in a ZIP archive as every system makes it: whose each is, and one at a time in memory.

use super::fault::Fault;
use crate::{http::admin::photo::picture, store::MAX_PHOTO_BYTES};
use encoding_rs::{BIG5, GB18030};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs::File,
    io::{self, Read},
};
use viva_interview::writing;
use zip::{ZipArchive, result::ZipError};

/// The largest archive, and the most that it unpacks into, in bytes. Pictures do not get smaller by packing.
pub const MAX_PHOTOS: usize = 512 * 1024 * 1024;
/// Files in an archive.
const MAX_ENTRIES: usize = 10_000;

/// Whom photos may be of.
#[derive(Debug, Clone)]
pub struct Person {
    pub number: String,
    pub name: String,
    /// The row in which this person stands.
    pub line: u32,
}

/// A photo that was found: of whom, where in the archive, of which type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    pub person: usize,
    entry: usize,
    pub kind: &'static str,
}

/// An archive whose photos are known.
pub struct Photos {
    zip: ZipArchive<File>,
    pub found: Vec<Found>,
}

impl Photos {
    /// Looks through an archive; nothing of it is kept in memory but names.
    ///
    /// # Errors
    /// Everything that is no photo of one of these people.
    pub fn new(file: File, people: &[Person]) -> Result<Self, Vec<Fault>> {
        Self::within(MAX_PHOTOS, file, people)
    }

    /// The same, unpacking at most so many bytes.
    fn within(most: usize, file: File, people: &[Person]) -> Result<Self, Vec<Fault>> {
        let whole = |problem| vec![Fault::new(0, "photos", problem)];
        let mut zip = ZipArchive::new(file).map_err(|error| whole(reason(&error)))?;
        if zip.len() > MAX_ENTRIES {
            return Err(vec![Fault::new(0, "photos", "too_many_files").most(MAX_ENTRIES)]);
        }
        if zip.has_duplicate_names() {
            return Err(whole("duplicate"));
        }
        let names = Names::of(people);
        let (mut found, mut of, mut faults) = (Vec::new(), BTreeSet::new(), Vec::new());
        let mut left = most as u64;
        for entry in 0..zip.len() {
            let (readings, directory) = match zip.by_index_data(entry) {
                Ok(data) => (readings(data.name_raw()), data.is_dir()),
                Err(error) => return Err(whole(reason(&error))),
            };
            if directory || readings.iter().any(|path| is_litter(path)) {
                continue;
            }
            let shown: String =
                readings.first().map(|path| base(path).chars().take(100).collect()).unwrap_or_default();
            let Some(person) = readings.iter().find_map(|path| names.person(base(path))) else {
                faults.push(Fault::new(0, &shown, "photo_of_nobody"));
                continue;
            };
            let fault =
                |problem| Fault::new(people.get(person).map_or(0, |person| person.line), &shown, problem);
            let size = match examined(&mut zip, entry) {
                Ok((kind, size)) => {
                    if of.insert(person) {
                        found.push(Found { person, entry, kind });
                    } else {
                        faults.push(fault("duplicate"));
                    }
                    size
                }
                Err("too_large") => {
                    faults.push(fault("too_large").most(MAX_PHOTO_BYTES / 1024 / 1024));
                    MAX_PHOTO_BYTES as u64
                }
                Err(problem) => {
                    faults.push(fault(problem));
                    0
                }
            };
            let Some(rest) = left.checked_sub(size) else {
                return Err(vec![Fault::new(0, "photos", "too_large").most(most / 1024 / 1024)]);
            };
            left = rest;
        }
        if faults.is_empty() { Ok(Self { zip, found }) } else { Err(faults) }
    }

    /// The bytes of a photo.
    ///
    /// # Errors
    /// It cannot be read any more.
    pub fn read(&mut self, found: Found) -> io::Result<Vec<u8>> {
        let entry = self.zip.by_index(found.entry).map_err(io::Error::other)?;
        let mut bytes = Vec::new();
        entry.take(MAX_PHOTO_BYTES as u64).read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}

/// The type and size of a picture, read through with its check sum.
fn examined(zip: &mut ZipArchive<File>, entry: usize) -> Result<(&'static str, u64), &'static str> {
    let mut entry = zip.by_index(entry).map_err(|error| reason(&error))?;
    let mut head = Vec::new();
    entry.by_ref().take(16).read_to_end(&mut head).map_err(|_| "broken")?;
    let most = MAX_PHOTO_BYTES as u64 + 1 - head.len() as u64;
    let size = io::copy(&mut entry.take(most), &mut io::sink()).map_err(|_| "broken")? + head.len() as u64;
    if size > MAX_PHOTO_BYTES as u64 {
        return Err("too_large");
    }
    picture(&head).map(|kind| (kind, size)).ok_or("not_a_photo")
}

fn reason(error: &ZipError) -> &'static str {
    match error {
        ZipError::UnsupportedArchive(why) if *why == ZipError::PASSWORD_REQUIRED => "encrypted",
        ZipError::InvalidPassword => "encrypted",
        ZipError::UnsupportedArchive(_) | ZipError::CompressionMethodNotSupported(_) => "unsupported_zip",
        _ => "broken",
    }
}

/// The path in every encoding in which it may be meant: archives of Windows say nothing of theirs.
fn readings(raw: &[u8]) -> Vec<String> {
    let utf8 = std::str::from_utf8(raw).ok().map(str::to_owned);
    let old = [GB18030, BIG5].into_iter().filter_map(|encoding| {
        encoding.decode_without_bom_handling_and_without_replacement(raw).map(std::borrow::Cow::into_owned)
    });
    let mut readings: Vec<String> = utf8.into_iter().chain(old).collect();
    if readings.is_empty() {
        readings.push(raw.iter().map(|byte| char::from(*byte)).collect());
    }
    readings
}

/// The name of the file, without its folders.
fn base(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or_default()
}

/// What systems leave in archives.
fn is_litter(path: &str) -> bool {
    const NAMES: [&str; 6] = ["thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r", "@eadir", "picasa.ini"];
    let base = base(path).to_lowercase();
    let folder =
        path.split(['/', '\\']).any(|part| part == "__MACOSX" || part.eq_ignore_ascii_case("@eadir"));
    folder || base.is_empty() || base.starts_with('.') || NAMES.contains(&base.as_str())
}

/// People by what photos of them may be called.
struct Names {
    numbers: BTreeMap<String, usize>,
    /// Number and name, in either order; none where that is not one person's.
    both: BTreeMap<String, Option<usize>>,
}

impl Names {
    fn of(people: &[Person]) -> Self {
        let numbers =
            people.iter().zip(0..).map(|(person, at)| (writing::number_key(&person.number), at)).collect();
        let mut both = BTreeMap::new();
        for (person, at) in people.iter().zip(0..) {
            for text in
                [format!("{}{}", person.number, person.name), format!("{}{}", person.name, person.number)]
            {
                both.entry(bare(&text)).and_modify(|other| *other = None).or_insert(Some(at));
            }
        }
        Self { numbers, both }
    }

    /// Whose photo is this? Its name is the number, or number and name; a name alone may be that of two people.
    fn person(&self, file: &str) -> Option<usize> {
        let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
        let by_number =
            [stem, file].iter().find_map(|text| self.numbers.get(&writing::number_key(text)).copied());
        by_number.or_else(|| self.both.get(&bare(stem)).copied().flatten())
    }
}

/// Letters and digits of any script.
fn bare(text: &str) -> String {
    writing::number_key(text).chars().filter(|c| c.is_alphanumeric()).collect()
}

#[cfg(test)]
mod tests;
