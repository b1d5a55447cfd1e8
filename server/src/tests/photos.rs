//! Reference photos that come with a list: in an archive or in the rows, looked at before anybody is imported.

use super::{
    api::{Answer, Stage, good},
    faces::{faces, frame, photo},
    import::{cells, import, newcomers, rows},
};
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
