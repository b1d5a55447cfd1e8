//! Reference photos that come with a list: in an archive or in the rows, looked at before anybody is imported.

use super::{
    api::{Answer, Stage, code, good},
    faces::{faces, frame, photo, turned},
    import::{cells, import, newcomers, rows},
};
use reqwest::Method;
use rust_xlsxwriter::{Image, Workbook};
use serde_json::json;
use std::io::{Cursor, Write};
use viva_face::Picture;
use zip::{ZipWriter, write::SimpleFileOptions};

type Part = (&'static str, &'static str, Vec<u8>);

/// A stage whose server has the models.
async fn stage() -> Stage {
    Stage::set(&[("face_models", &faces().display().to_string())]).await
}

fn archive(photos: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in photos {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A list of so many people, from 301 on.
fn list(people: u32) -> Vec<u8> {
    let rows: String = (301..301 + people).map(|number| format!("考生{number},{number}\n")).collect();
    format!("姓名,考号\n{rows}").into_bytes()
}

/// A plain wall.
fn wall() -> Vec<u8> {
    let rgb = [120_u8, 130, 120].into_iter().cycle().take(3 * 400 * 500).collect();
    Picture::from_rgb(400, 500, rgb).unwrap().jpeg().unwrap()
}

/// The photo with every so many pixels in both directions.
fn smaller(jpeg: &[u8], by: u32) -> Vec<u8> {
    let picture = Picture::decode(jpeg).unwrap();
    let (width, height) = (picture.width() / by, picture.height() / by);
    let pixel = |x: u32, y: u32| {
        let at = 3 * ((y * by) * picture.width() + x * by) as usize;
        picture.rgb()[at..at + 3].to_vec()
    };
    let rgb =
        (0..height).flat_map(|y| (0..width).map(move |x| (x, y))).flat_map(|(x, y)| pixel(x, y)).collect();
    Picture::from_rgb(width, height, rgb).unwrap().jpeg().unwrap()
}

fn unfit() -> Vec<Part> {
    let broken = photo("biden.jpg")[..2000].to_vec();
    let photos = [
        ("301.jpg", frame("obama.jpg", 0)),
        ("302.jpg", wall()),
        ("303.jpg", photo("sample2.jpg")),
        ("304.jpg", smaller(&frame("biden.jpg", 0), 7)),
        ("305.jpg", broken),
    ];
    vec![("file", "list.csv", list(6)), ("photos", "photos.zip", archive(&photos))]
}

/// Numbers of the newcomers with a photo.
async fn pictured(stage: &mut Stage) -> Vec<String> {
    newcomers(stage).await.into_iter().filter(|new| new.4).map(|new| new.1).collect()
}

fn named(answer: Answer) -> Vec<(u64, String)> {
    rows(answer).into_iter().map(|(row, _, problem)| (row, problem)).collect()
}

#[tokio::test]
async fn a_photo_with_which_no_face_can_be_compared_is_named_by_its_row_before_anybody_is_imported() {
    let mut stage = stage().await;
    let wanted =
        [(3, "photo_no_face"), (4, "photo_several_faces"), (5, "photo_face_small"), (6, "photo_damaged")];
    let wanted: Vec<_> = wanted.into_iter().map(|(row, problem)| (row, problem.to_owned())).collect();
    for query in ["?dry_run=true", ""] {
        assert_eq!(named(import(&mut stage, query, &unfit()).await), wanted, "{query}");
    }
    assert!(newcomers(&mut stage).await.is_empty());
    // A person decides: they are left out, or kept for people to look at.
    for (way, with) in [("skip", vec!["301"]), ("take", vec!["301", "302", "303", "304", "305"])] {
        let mut own = self::stage().await;
        let mut parts = unfit();
        parts.push(("choices", "c", json!({ "unfit_photos": way }).to_string().into_bytes()));
        for query in ["?dry_run=true", ""] {
            let added = good(import(&mut own, query, &parts).await);
            let warned = added["warnings"].as_array().unwrap().iter();
            let warned: Vec<_> = warned
                .map(|row| (row["row"].as_u64().unwrap(), row["problem"].as_str().unwrap().to_owned()))
                .collect();
            assert_eq!((added["added"].as_u64(), warned), (Some(6), wanted.clone()), "{way} {query}");
        }
        assert_eq!(pictured(&mut own).await, with);
    }
}

#[tokio::test]
async fn where_photos_cannot_be_looked_at_they_are_imported_and_that_is_said() {
    let mut stage = Stage::set(&[("face_models", "/nowhere")]).await;
    let added = good(import(&mut stage, "", &unfit()).await);
    assert_eq!(
        added["warnings"],
        json!([{ "row": 0, "column": "photos", "problem": "photos_unchecked", "limit": 5 }])
    );
    assert_eq!(pictured(&mut stage).await.len(), 5);
}

/// A list with photos over its rows and in its cells, and this far above the top of its row (in pixels).
fn workbook(photos: &[(u32, Vec<u8>, bool)]) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, text) in ["姓名", "考号", "签名", "照片"].into_iter().enumerate() {
        sheet.write(1, u16::try_from(column).unwrap(), text).unwrap();
    }
    sheet.write(0, 0, "复试名单").unwrap();
    for row in 2..8 {
        sheet.write(row, 0, format!("考生{row}")).unwrap();
        sheet.write(row, 1, format!("{}", 400 + row)).unwrap();
        sheet.set_row_height(row, 90).unwrap();
    }
    for (row, bytes, in_cell) in photos {
        let image = Image::new_from_buffer(bytes).unwrap();
        let high = 100.0 / image.height();
        let image = image.set_scale_width(high).set_scale_height(high);
        if *in_cell {
            sheet.embed_image(*row, 3, &image).unwrap();
        } else {
            sheet.insert_image_with_offset(*row - 1, 3, &image, 4, if *row == 2 { 10 } else { 95 }).unwrap();
        }
    }
    book.save_to_buffer().unwrap()
}

#[tokio::test]
async fn pictures_over_the_rows_of_a_workbook_and_in_its_cells_are_the_photos_of_the_people_there() {
    let mut own = stage().await;
    let (first, second) = (frame("obama.jpg", 0), frame("biden.jpg", 0));
    // The second lies with its upper edge on the row above.
    let photos =
        [(3, first.clone(), false), (4, second.clone(), true), (5, first.clone(), true), (6, second, false)];
    let file = workbook(&photos);
    let preview = good(import(&mut own, "/preview", &[("file", "list.xlsx", file.clone())]).await);
    assert_eq!(preview["pictures"], 4, "{preview}");
    let added = good(import(&mut own, "", &[("file", "list.xlsx", file)]).await);
    assert_eq!(added["warnings"], json!(null), "{added}");
    assert_eq!(pictured(&mut own).await, ["403", "404", "405", "406"]);
    // What is wrong is named by its cell.
    let mut other = stage().await;
    let file = workbook(&[(3, first.clone(), false), (4, wall(), true)]);
    let found = cells(import(&mut other, "", &[("file", "list.xlsx", file.clone())]).await);
    assert_eq!(found, [("D5".to_owned(), "photo_no_face".to_owned())]);
    // Beside the same person's photo in an archive it is one too many.
    let photos = archive(&[("403.jpg", first)]);
    let found =
        cells(import(&mut other, "", &[("file", "list.xlsx", file), ("photos", "a.zip", photos)]).await);
    assert_eq!(found, [("D4".to_owned(), "duplicate".to_owned())]);
}

#[tokio::test]
async fn a_workbook_may_be_large_by_its_pictures_and_by_nothing_else() {
    let mut own = stage().await;
    // What follows the end of a picture is passed over by whoever decodes it.
    let heavy = |filler: u8| [frame("obama.jpg", filler % 4), vec![filler; 3 * 1024 * 1024]].concat();
    let file = workbook(&[(3, heavy(1), false), (4, heavy(2), true), (5, heavy(3), false)]);
    assert!(file.len() > 8 * 1024 * 1024);
    good(import(&mut own, "", &[("file", "list.xlsx", file.clone())]).await);
    assert_eq!(pictured(&mut own).await, ["403", "404", "405"]);
    // The same bytes under another name are no pictures.
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    zip.start_file("xl/pictures.bin", stored).unwrap();
    zip.write_all(&vec![7; 6 * 1024 * 1024]).unwrap();
    let other = zip.finish().unwrap().into_inner();
    let (status, body) = import(&mut own, "", &[("file", "list.xlsx", other)]).await;
    assert_eq!(
        (status, &body["rows"][0]["problem"], &body["rows"][0]["limit"]),
        (422, &json!("too_large"), &json!(5))
    );
}

/// Puts a candidate's photo alone, and what is said of it.
async fn put(stage: &mut Stage, query: &str, bytes: Vec<u8>) -> Answer {
    let seat = &stage.candidates[0].1;
    let path = format!("/api/admin/interviews/{}/candidates/{seat}/photo{query}", stage.interview);
    let request = stage.administrator.request(Method::PUT, &path).body(bytes);
    stage.administrator.send(request).await
}

/// What is kept as the photo of the first candidate.
async fn kept(stage: &Stage) -> Option<Vec<u8>> {
    let id = |text: &str| u64::from_str_radix(text, 16).unwrap();
    let (interview, seat) = (id(&stage.interview), id(&stage.candidates[0].1));
    stage.server.app.store.photo(interview, seat).await.unwrap().map(|photo| photo.bytes)
}

/// As a camera that was held sideways gives it: the pixels lie on their side, and EXIF says so.
fn sideways(jpeg: &[u8], orientation: Option<u8>) -> Vec<u8> {
    let picture = Picture::decode(jpeg).unwrap();
    let (width, height) = (picture.height(), picture.width());
    // What stands at (x, y) upright lies at (y, the width of before - 1 - x).
    let pixel = |x: u32, y: u32| {
        let at = 3 * (x * picture.width() + picture.width() - 1 - y) as usize;
        picture.rgb()[at..at + 3].to_vec()
    };
    let rgb = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
    let rgb = rgb.flat_map(|(x, y)| pixel(x, y)).collect();
    let jpeg = Picture::from_rgb(width, height, rgb).unwrap().jpeg().unwrap();
    let Some(orientation) = orientation else { return jpeg };
    // A TIFF with the one entry 0x0112.
    let tiff =
        [b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0", &[orientation][..], b"\0\0\0\0\0\0"].concat();
    let exif = [b"Exif\0\0", tiff.as_slice()].concat();
    let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
    [&jpeg[..2], b"\xff\xe1", &length, &exif, &jpeg[2..]].concat()
}

/// A JPEG whose head claims 65,500 pixels a side.
fn bomb(jpeg: &[u8]) -> Vec<u8> {
    let mut bytes = jpeg.to_vec();
    let head = bytes.windows(2).position(|marker| matches!(marker, [0xff, 0xc0..=0xc2])).unwrap();
    bytes[head + 5..head + 9].copy_from_slice(&[0xff, 0xdc, 0xff, 0xdc]);
    bytes
}

#[tokio::test]
async fn one_photo_is_looked_at_as_those_of_a_list_are() {
    let mut stage = stage().await;
    let good_one = frame("obama.jpg", 0);
    assert_eq!(good(put(&mut stage, "", good_one.clone()).await), json!({}));
    let group = photo("sample2.jpg");
    for (bytes, problem) in [
        (wall(), "photo_no_face"),
        (group, "photo_several_faces"),
        (smaller(&frame("biden.jpg", 0), 7), "photo_face_small"),
        (turned(false), "photo_turned"),
        (sideways(&good_one, None), "photo_no_face"),
        (photo("biden.jpg")[..2000].to_vec(), "photo_damaged"),
        (b"\x89PNG\r\n\x1a\nand nothing more".to_vec(), "photo_damaged"),
        (bomb(&good_one), "photo_too_many_pixels"),
    ] {
        let (status, body) = put(&mut stage, "", bytes.clone()).await;
        let fault = json!({ "row": 0, "column": "photo", "problem": problem });
        assert_eq!((status, &body["code"], &body["rows"]), (422, &json!("photo_unfit"), &json!([fault])));
        assert!(kept(&stage).await.as_ref() == Some(&good_one), "{problem}: the older one stays");
        let taken = good(put(&mut stage, "?unfit_photo=take", bytes.clone()).await);
        assert_eq!(taken, json!({ "warnings": [fault] }));
        assert!(kept(&stage).await == Some(bytes), "{problem}: a person insisted");
        good(put(&mut stage, "", good_one.clone()).await);
    }
    // What EXIF sets upright is upright.
    good(put(&mut stage, "", sideways(&good_one, Some(6))).await);
    for (bytes, problem) in
        [(b"GIF89a".to_vec(), "unsupported_media_type"), (vec![0xff; 6 << 20], "too_large")]
    {
        assert_eq!(code(put(&mut stage, "?unfit_photo=take", bytes).await), problem);
    }
    assert_eq!(code(put(&mut stage, "?unfit_photo=skip", good_one.clone()).await), "malformed");
    // Without models nobody can look, and that is said.
    let mut blind = Stage::set(&[("face_models", "/nowhere")]).await;
    let unchecked = json!({ "row": 0, "column": "photo", "problem": "photos_unchecked", "limit": 1 });
    assert_eq!(good(put(&mut blind, "", wall()).await), json!({ "warnings": [unchecked] }));
}

#[tokio::test]
async fn photos_that_do_not_look_ahead_are_named_in_a_list() {
    let mut stage = stage().await;
    let photos = [
        ("301.jpg", turned(true)),
        ("302.jpg", frame("obama.jpg", 0)),
        ("303.jpg", sideways(&frame("biden.jpg", 0), None)),
    ];
    let parts = [("file", "list.csv", list(3)), ("photos", "photos.zip", archive(&photos))];
    let named = named(import(&mut stage, "", &parts).await);
    assert_eq!(named, [(2, "photo_turned".to_owned()), (4, "photo_no_face".to_owned())]);
    let file = workbook(&[(3, turned(false), true), (4, turned(true), false)]);
    let found = cells(import(&mut stage, "", &[("file", "list.xlsx", file)]).await);
    assert_eq!(
        found,
        [("D4", "photo_turned"), ("D5", "photo_turned")].map(|(a, b)| (a.to_owned(), b.to_owned()))
    );
    assert!(newcomers(&mut stage).await.is_empty());
}
