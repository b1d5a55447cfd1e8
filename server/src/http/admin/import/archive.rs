//! Photos in a ZIP archive as every system makes it, and in the workbook itself: whose each is, and one at a time in memory.

use super::fault::Fault;
use crate::{http::admin::photo::picture, store::MAX_PHOTO_BYTES};
use encoding_rs::{BIG5, GB18030};
use std::{
    collections::BTreeMap,
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

/// A picture in a row of the table: of whom, which part of the workbook, in which column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    pub person: usize,
    pub part: String,
    pub column: u32,
}

/// A photo that was found: of whom, where, of which type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    pub person: usize,
    archive: usize,
    entry: usize,
    pub kind: &'static str,
    /// The row of the person, and the photo's name as that person's office knows it.
    line: u32,
    name: String,
    /// Of a picture in the table.
    column: Option<u32>,
}

/// Archives whose photos are known: a ZIP of photos, the workbook itself.
pub struct Photos {
    archives: Vec<ZipArchive<File>>,
    pub found: Vec<Found>,
    /// Bytes that may still be unpacked.
    left: u64,
    most: usize,
}

impl Found {
    /// What is wrong with it.
    pub fn fault(&self, problem: &'static str) -> Fault {
        let fault = Fault::new(self.line, &self.name, problem);
        match self.column {
            Some(column) => fault.at(column),
            None => fault,
        }
    }
}

impl Photos {
    /// None yet.
    pub fn none() -> Self {
        Self::within(MAX_PHOTOS)
    }

    /// The same, unpacking at most so many bytes.
    fn within(most: usize) -> Self {
        Self { archives: Vec::new(), found: Vec::new(), left: most as u64, most }
    }

    /// Looks through an archive of photos; nothing of it is kept in memory but names.
    ///
    /// # Errors
    /// Everything that is no photo of one of these people.
    pub fn add_archive(&mut self, file: File, people: &[Person]) -> Result<(), Vec<Fault>> {
        let whole = |problem| vec![Fault::new(0, "photos", problem)];
        let mut zip = ZipArchive::new(file).map_err(|error| whole(reason(&error)))?;
        if zip.len() > MAX_ENTRIES {
            return Err(vec![Fault::new(0, "photos", "too_many_files").most(MAX_ENTRIES)]);
        }
        if zip.has_duplicate_names() {
            return Err(whole("duplicate"));
        }
        let names = Names::of(people);
        let mut faults = Vec::new();
        for entry in 0..zip.len() {
            let (readings, directory) = match zip.by_index_data(entry) {
                Ok(data) => (readings(data.name_raw()), data.is_dir()),
                Err(error) => return Err(whole(reason(&error))),
            };
            if directory || readings.iter().any(|path| is_litter(path)) {
                continue;
            }
            let name: String =
                readings.first().map(|path| base(path).chars().take(100).collect()).unwrap_or_default();
            let Some(person) = readings.iter().find_map(|path| names.person(base(path))) else {
                faults.push(Fault::new(0, &name, "photo_of_nobody"));
                continue;
            };
            let line = people.get(person).map_or(0, |person| person.line);
            let archive = self.archives.len();
            let one = Found { person, archive, entry, kind: "", line, name, column: None };
            faults.extend(self.take(&mut zip, one)?);
        }
        self.archives.push(zip);
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }

    /// Looks through the pictures in the rows of a workbook.
    ///
    /// # Errors
    /// Everything that is no photo, or a second one of somebody.
    pub fn add_cells(&mut self, file: File, placed: &[Placed], people: &[Person]) -> Result<(), Vec<Fault>> {
        let whole = |error| vec![Fault::new(0, "file", reason(&error))];
        let mut zip = ZipArchive::new(file).map_err(whole)?;
        let mut entries = BTreeMap::new();
        for entry in 0..zip.len().min(MAX_ENTRIES) {
            let data = zip.by_index_data(entry).map_err(whole)?;
            entries.insert(String::from_utf8_lossy(data.name_raw()).to_lowercase(), entry);
        }
        let mut faults = Vec::new();
        for Placed { person, part, column } in placed {
            let line = people.get(*person).map_or(0, |person| person.line);
            let name: String = base(part).chars().take(100).collect();
            let entry = entries.get(&part.to_lowercase()).copied().unwrap_or(usize::MAX);
            let (person, column) = (*person, Some(*column));
            let one = Found { person, archive: self.archives.len(), entry, kind: "", line, name, column };
            faults.extend(self.take(&mut zip, one)?);
        }
        self.archives.push(zip);
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }

    /// Takes a photo that was found, or says what is wrong with it.
    ///
    /// # Errors
    /// All together is too much.
    fn take(&mut self, zip: &mut ZipArchive<File>, one: Found) -> Result<Option<Fault>, Vec<Fault>> {
        let (size, fault) = match examined(zip, one.entry) {
            Ok((kind, size)) if self.found.iter().all(|other| other.person != one.person) => {
                self.found.push(Found { kind, ..one });
                (size, None)
            }
            Ok((_, size)) => (size, Some(one.fault("duplicate"))),
            Err("too_large") => {
                let fault = one.fault("too_large").most(MAX_PHOTO_BYTES / 1024 / 1024);
                (MAX_PHOTO_BYTES as u64, Some(fault))
            }
            Err(problem) => (0, Some(one.fault(problem))),
        };
        let rest = self.left.checked_sub(size);
        self.left =
            rest.ok_or_else(|| vec![Fault::new(0, "photos", "too_large").most(self.most / 1024 / 1024)])?;
        Ok(fault)
    }

    /// The bytes of a photo.
    ///
    /// # Errors
    /// It cannot be read any more.
    pub fn read(&mut self, found: &Found) -> io::Result<Vec<u8>> {
        let zip = self.archives.get_mut(found.archive).ok_or(io::ErrorKind::NotFound)?;
        let entry = zip.by_index(found.entry).map_err(io::Error::other)?;
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
