//! Archives as systems make them.

use super::*;
use std::io::{Seek, Write};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

const JPEG: &[u8] = b"\xff\xd8\xff\xe0\x00\x10JFIF picture";

fn people() -> Vec<Person> {
    let person =
        |number: &str, name: &str, line| Person { number: number.to_owned(), name: name.to_owned(), line };
    vec![
        person("007", "李华", 2),
        person("11010519491231002X", "王芳", 3),
        person("语文009", "张三", 4),
        person("É1", "José", 5),
    ]
}

fn found(file: File, people: &[Person]) -> Result<Photos, Vec<Fault>> {
    found_within(MAX_PHOTOS, file, people)
}

fn found_within(most: usize, file: File, people: &[Person]) -> Result<Photos, Vec<Fault>> {
    let mut photos = Photos::within(most);
    photos.add_archive(file, people).map(|()| photos)
}

/// An archive of files whose names are these bytes, as they stand.
fn archive(files: &[(&[u8], &[u8])]) -> File {
    let path = std::env::temp_dir().join(format!("viva-photos-{}", crate::random::hex::<8>()));
    let mut file = std::fs::OpenOptions::new().read(true).write(true).create_new(true).open(&path).unwrap();
    std::fs::remove_file(&path).unwrap();
    let mut zip = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    // The writer takes names as texts: each is put in as letters of its own length and written over afterwards.
    let stand_in = |at: usize, length: usize| char::from(b'a' + at as u8).to_string().repeat(length);
    for (at, (name, bytes)) in files.iter().enumerate() {
        let method = if at % 2 == 0 { CompressionMethod::Stored } else { CompressionMethod::Deflated };
        let options = SimpleFileOptions::default().compression_method(method).large_file(at == 0);
        zip.start_file(stand_in(at, name.len()), options).unwrap();
        zip.write_all(bytes).unwrap();
    }
    let mut bytes = zip.finish().unwrap().into_inner();
    for (at, (name, _)) in files.iter().enumerate() {
        let wanted = stand_in(at, name.len());
        let places: Vec<usize> = bytes
            .windows(wanted.len())
            .enumerate()
            .filter(|(_, part)| *part == wanted.as_bytes())
            .map(|(place, _)| place)
            .collect();
        assert_eq!(places.len(), 2, "{wanted}");
        for place in places {
            bytes[place..place + name.len()].copy_from_slice(name);
        }
    }
    file.write_all(&bytes).unwrap();
    file.rewind().unwrap();
    file
}

fn numbers(files: &[(&[u8], &[u8])]) -> Vec<usize> {
    found(archive(files), &people())
        .map(|photos| photos.found.iter().map(|found| found.person).collect())
        .unwrap()
}

fn problems(files: &[(&[u8], &[u8])]) -> Vec<(u32, &'static str)> {
    let faults = found(archive(files), &people()).err().unwrap();
    faults.into_iter().map(|fault| (fault.row, fault.problem)).collect()
}

fn encoded(encoding: &'static encoding_rs::Encoding, text: &str) -> Vec<u8> {
    encoding.encode(text).0.into_owned()
}

#[test]
fn a_photo_is_found_by_its_number_however_its_name_is_written() {
    for name in [
        "photos-of-all/007.jpg",
        "C:\\photos\\2026\\007.JPG",
        "photographs/００７.jpeg",
        "./pictures/007.jpg",
        "photographs-/007李华.jpg",
        "photographs-/李华_007.jpg",
        "photographs-/007-李华.png",
        "photographs-/007 (李华).jpg",
    ] {
        assert_eq!(numbers(&[(name.as_bytes(), JPEG)]), [0], "{name}");
    }
    assert_eq!(numbers(&[("photographs/11010519491231002x.jpg".as_bytes(), JPEG)]), [1]);
    // As macOS writes accents.
    assert_eq!(numbers(&[("photographs/E\u{301}1.jpg".as_bytes(), JPEG)]), [3]);
    for encoding in [encoding_rs::GBK, encoding_rs::UTF_8] {
        assert_eq!(numbers(&[(&encoded(encoding, "照片照片照片/语文009.jpg"), JPEG)]), [2]);
    }
    let big5 = [Person { number: "國文1".to_owned(), name: "陳".to_owned(), line: 2 }];
    let photos =
        found(archive(&[(&encoded(encoding_rs::BIG5, "照片照片照片/國文1.jpg"), JPEG)]), &big5).unwrap();
    assert_eq!(photos.found.len(), 1);
}

#[test]
fn what_systems_leave_in_archives_is_passed_over() {
    let litter = [
        "__MACOSX/photographs/._007.jpg",
        "photographs/Thumbs.db",
        "photographs/desktop.ini",
        "photographs/.DS_Store",
        "photographs-of-all/",
    ];
    let mut files: Vec<(&[u8], &[u8])> = litter.iter().map(|name| (name.as_bytes(), &b"x"[..])).collect();
    files.push((b"photographs-of-all/007.jpg", JPEG));
    assert_eq!(numbers(&files), [0]);
}

#[test]
fn what_is_no_photo_of_one_of_them_is_named() {
    assert_eq!(problems(&[("photographs/张三.jpg".as_bytes(), JPEG)]), [(0, "photo_of_nobody")]);
    assert_eq!(problems(&[(b"photographs/7.jpg", JPEG)]), [(0, "photo_of_nobody")]);
    assert_eq!(problems(&[(b"photographs/007.jpg", b"GIF89a")]), [(2, "not_a_photo")]);
    assert_eq!(
        problems(&[(b"photographs/007.jpg", JPEG), (b"photographs/007.png", JPEG)]),
        [(2, "duplicate")]
    );
    let large = [JPEG, &vec![0; MAX_PHOTO_BYTES]].concat();
    assert_eq!(problems(&[(b"photographs/007.jpg", &large)]), [(2, "too_large")]);
    let file = archive(&[]);
    file.set_len(3).unwrap();
    assert_eq!(found(file, &people()).err().unwrap()[0].problem, "broken");
}

#[test]
fn an_archive_that_unpacks_into_too_much_is_refused_and_a_photo_is_read_whole() {
    let picture = [JPEG, &vec![7; 1024 * 1024]].concat();
    let files: [(&[u8], &[u8]); 2] =
        [(b"photographs/007.jpg", &picture), (b"photographs/11010519491231002X.jpg", &picture)];
    let faults = found_within(2 * 1024 * 1024, archive(&files), &people()).err().unwrap();
    assert_eq!((faults[0].problem, faults[0].limit), ("too_large", Some(2)));
    assert_eq!(found_within(3 * 1024 * 1024, archive(&files), &people()).unwrap().found.len(), 2);
    let mut photos = found(archive(&[(b"photographs/007.jpg", &picture)]), &people()).unwrap();
    assert_eq!(photos.read(&photos.found[0].clone()).unwrap(), picture);
}

#[test]
fn streams_long_headers_and_names_in_extra_fields_are_read() {
    let opened =
        |name: &str| File::open(format!("{}/fixtures/archives/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap();
    for name in ["unicode-path.zip", "streamed.zip", "zip64-mac.zip"] {
        let mut photos = found(opened(name), &people()).unwrap_or_else(|faults| panic!("{name} {faults:?}"));
        assert_eq!(photos.found.iter().map(|found| found.person).collect::<Vec<_>>(), [2], "{name}");
        assert_eq!(photos.read(&photos.found[0].clone()).unwrap(), JPEG, "{name}");
    }
    assert_eq!(found(opened("encrypted.zip"), &people()).err().unwrap()[0].problem, "encrypted");
}
