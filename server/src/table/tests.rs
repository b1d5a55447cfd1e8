//! Tables as table programs write them, with what each cell must become.

use super::*;
use std::io::{Cursor, Write};

fn rows(file: &[u8]) -> Result<Vec<(u32, Vec<String>)>, Unreadable> {
    let table = read(file, &Reading::default())?;
    let texts = |row: Row| (row.line, row.cells.into_iter().map(|cell| cell.text).collect());
    Ok(table.rows.into_iter().map(texts).collect())
}

fn own(cells: &[&str]) -> Vec<String> {
    cells.iter().map(|cell| (*cell).to_owned()).collect()
}

/// Cells by their letters and numbers, with what is wrong with them.
fn faults(table: &Table) -> Vec<(String, CellFault)> {
    let mut found = Vec::new();
    for row in &table.rows {
        for (cell, column) in row.cells.iter().zip(0..) {
            found.extend(cell.fault.map(|fault| (format!("{}{}", letters(column), row.line), fault)));
        }
    }
    found
}

#[test]
fn a_table_of_any_common_form_gives_its_rows() {
    let wanted = vec![(1, own(&["姓名", "考号"])), (3, own(&["李华", "007"]))];
    for text in [
        "\u{feff}姓名,考号\r\n,\r\n李华, 007 \r\n",
        "姓名\t考号\n\t\n李华\t007\n",
        "姓名;考号\r;\r李华;007",
        "姓名|考号\n|\n李华|007\n",
        "姓名，考号\n，\n李华，007\n",
        "sep=;\r\n姓名;考号\r\n;\r\n李华;007\r\n",
        "\"sep=\t\"\n姓名\t考号\n\n李华\t007\n",
        "姓名,考号\n\n李华,\"=\"\"007\"\"\"\n",
    ] {
        assert_eq!(rows(text.as_bytes()).as_ref(), Ok(&wanted), "{text:?}");
    }
    let broken = "姓名;考号\n\n\"李\n华\";007\n王芳;008".as_bytes();
    let of_broken = rows(broken).unwrap();
    assert_eq!((of_broken[1].0, of_broken[2].0), (3, 4));
    let titled = "复试名单，第一批,,\n姓名;考号\n李华;007\n".as_bytes();
    assert_eq!(rows(titled).unwrap()[1], (2, own(&["姓名", "考号"])));
    let (gbk, _, _) = encoding_rs::GBK.encode("姓名,考号\n,\n李华,007\n");
    assert_eq!(rows(&gbk).unwrap(), wanted);
}

#[test]
fn the_tricks_of_texts_are_read_or_named() {
    let text = "n,v\na,'009\nb,\"=\"\"007\"\"\"\nc,1.10101E+17\nd,#N/A\ne,=1+1\nf,12E34\ng,###\nh,1.1e17\n";
    let table = read(text.as_bytes(), &Reading::default()).unwrap();
    let texts: Vec<_> = table.rows.iter().map(|row| row.cells[1].text.as_str()).collect();
    assert_eq!(texts[1..3], ["009", "007"]);
    let wanted = [
        ("B4", CellFault::Scientific),
        ("B5", CellFault::Error),
        ("B6", CellFault::Formula),
        ("B8", CellFault::Error),
        ("B9", CellFault::Scientific),
    ];
    assert_eq!(faults(&table), wanted.map(|(cell, fault)| (cell.to_owned(), fault)));
}

#[test]
fn a_quotation_mark_that_does_not_close_hides_no_rows() {
    assert_eq!(rows("姓名,考号\n\"李华,1\n王芳,2\n".as_bytes()), Err(Unreadable::Quote(2)));
    assert!(rows("姓名,考号\n李\"华,1\n王芳,2\n".as_bytes()).is_ok());
}

/// A workbook: sheets by name and state, their XML, and formats of numbers by style from 1.
fn book(sheets: &[(&str, &str, &str)], formats: &[&str]) -> Vec<u8> {
    const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const RELATIONS: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
    const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let mut named = String::new();
    let mut links = format!(r#"<Relationship Id="s" Type="{OFFICE}/styles" Target="styles.xml"/>"#);
    for (index, (name, state, _)) in sheets.iter().enumerate() {
        named += &format!(r#"<sheet name="{name}" sheetId="{0}" state="{state}" r:id="r{0}"/>"#, index + 1);
        links += &format!(
            r#"<Relationship Id="r{0}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{0}.xml"/>"#,
            index + 1
        );
    }
    let own = formats.iter().zip(164..);
    let codes: String = own
        .clone()
        .map(|(code, id)| {
            format!(r#"<numFmt numFmtId="{id}" formatCode="{}"/>"#, code.replace('"', "&quot;"))
        })
        .collect();
    let styles: String = own.map(|(_, id)| format!(r#"<xf numFmtId="{id}"/>"#)).collect();
    let mut parts = vec![
        (
            "[Content_Types].xml".to_owned(),
            r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>"#.to_owned(),
        ),
        (
            "_rels/.rels".to_owned(),
            format!(
                r#"<Relationships xmlns="{RELATIONS}"><Relationship Id="r" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
            ),
        ),
        (
            "xl/workbook.xml".to_owned(),
            format!(r#"<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{named}</sheets></workbook>"#),
        ),
        (
            "xl/_rels/workbook.xml.rels".to_owned(),
            format!(r#"<Relationships xmlns="{RELATIONS}">{links}</Relationships>"#),
        ),
        (
            "xl/styles.xml".to_owned(),
            format!(
                r#"<styleSheet xmlns="{MAIN}"><numFmts>{codes}</numFmts><cellXfs><xf numFmtId="0"/>{styles}</cellXfs></styleSheet>"#
            ),
        ),
    ];
    for (index, (_, _, xml)) in sheets.iter().enumerate() {
        parts.push((
            format!("xl/worksheets/sheet{}.xml", index + 1),
            format!(r#"<worksheet xmlns="{MAIN}">{xml}</worksheet>"#),
        ));
    }
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn one(cells: &str) -> Vec<u8> {
    book(&[("S", "visible", &format!("<sheetData>{cells}</sheetData>"))], &["000", "m\"月\"d\"日\""])
}

#[test]
fn a_workbook_gives_texts_and_whole_numbers_as_they_are_read() {
    let cells = r#"<row r="1"><c r="A1" t="inlineStr"><is><t>手机</t></is></c></row><row r="4"><c r="B4"><v>13800138000</v></c><c r="C4" s="1"><v>7</v></c><c r="D4" t="inlineStr"><is><r><t>李</t></r><r><t>华</t></r><rPh sb="0" eb="1"><t>LI</t></rPh></is></c><c r="E4" t="str"><f>B4</f><v>x</v></c></row>"#;
    let wanted = [(1, own(&["手机"])), (4, own(&["", "13800138000", "007", "李华", "x"]))];
    assert_eq!(rows(&one(cells)).unwrap(), wanted);
}

#[test]
fn cells_that_are_not_what_they_show_are_named() {
    let cells = r#"<row r="2"><c r="A2"><v>110105194912310021</v></c><c r="B2"><v>1.1010519491231003E17</v></c><c r="C2" s="2"><v>45000</v></c><c r="D2" t="b"><v>1</v></c><c r="E2" t="e"><v>#N/A</v></c><c r="F2"><f>A1</f></c><c r="G2"><f>A1</f><v></v></c><c r="H2" t="str"><f>A1</f><v></v></c><c r="I2"><v>0.30000000000000004</v></c></row>"#;
    let table = read(&one(cells), &Reading::default()).unwrap();
    let wanted = [
        ("A2", CellFault::Rounded),
        ("B2", CellFault::Rounded),
        ("C2", CellFault::Date),
        ("D2", CellFault::Boolean),
        ("E2", CellFault::Error),
        ("F2", CellFault::Formula),
        ("G2", CellFault::Formula),
        ("I2", CellFault::Unclear),
    ];
    assert_eq!(faults(&table), wanted.map(|(cell, fault)| (cell.to_owned(), fault)));
}

#[test]
fn what_is_hidden_or_merged_is_known() {
    let sheet = r#"<cols><col min="3" max="4" width="9" hidden="1"/><col min="6" max="6" width="0"/></cols><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c></row><row r="2" hidden="1"><c r="A2"><v>1</v></c></row><row r="3"><c r="B3"><v>2</v></c></row><row r="4" ht="0"><c r="B4"><v>3</v></c></row></sheetData><mergeCells><mergeCell ref="A1:A3"/><mergeCell ref="B3:C4"/></mergeCells>"#;
    let table = read(&book(&[("S", "visible", sheet)], &[]), &Reading::default()).unwrap();
    assert_eq!(table.hidden_columns.iter().copied().collect::<Vec<_>>(), [2, 3, 5]);
    assert_eq!(table.rows.iter().map(|row| row.hidden).collect::<Vec<_>>(), [false, true, false, true]);
    let wanted = ["A2", "A3", "B4"].map(|cell| (cell.to_owned(), CellFault::Merged));
    assert_eq!(faults(&table), wanted);
}

#[test]
fn the_sheet_that_lists_people_is_read_and_the_others_are_named() {
    let list = |name: &str| {
        format!(
            r#"<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>姓名</t></is></c><c r="B1" t="inlineStr"><is><t>考号</t></is></c></row><row r="2"><c r="A2" t="inlineStr"><is><t>{name}</t></is></c><c r="B2"><v>1</v></c></row></sheetData>"#
        )
    };
    let note =
        r#"<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>填表说明</t></is></c></row></sheetData>"#;
    let file = book(
        &[
            ("旧", "hidden", &list("旧人")),
            ("说明", "visible", note),
            ("一班", "visible", &list("李华")),
            ("二班", "visible", &list("王芳")),
        ],
        &[],
    );
    let table = read(&file, &Reading::default()).unwrap();
    assert_eq!(table.sheet.as_deref(), Some("一班"));
    let sheets: Vec<_> =
        table.sheets.iter().map(|sheet| (sheet.name.as_str(), sheet.hidden, sheet.people)).collect();
    assert_eq!(
        sheets,
        [("旧", true, true), ("说明", false, false), ("一班", false, true), ("二班", false, true)]
    );
    let how = Reading { sheet: Some("二班".to_owned()), ..Reading::default() };
    assert_eq!(read(&file, &how).unwrap().rows[1].cells[0].text, "王芳");
    let how = Reading { sheet: Some("三班".to_owned()), ..Reading::default() };
    assert_eq!(read(&file, &how), Err(Unreadable::NoSheet));
}

#[test]
fn a_cell_in_the_last_corner_costs_nothing_and_is_named() {
    let cells = r#"<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>"#;
    assert_eq!(rows(&one(cells)), Err(Unreadable::Columns(1_048_575, 16_383)));
    assert_eq!(
        (letters(0), letters(25), letters(26), letters(16_383)),
        ("A".into(), "Z".into(), "AA".into(), "XFD".into())
    );
}

#[test]
fn what_is_broken_or_too_much_says_what() {
    assert_eq!(rows(b"PK\x03\x04 and no more"), Err(Unreadable::Broken));
    assert_eq!(rows(&[0xff, 0xff, 0x00]), Err(Unreadable::Broken));
    assert_eq!(rows(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), Err(Unreadable::OldWorkbook));
    assert_eq!(rows(&vec![b'a'; MAX_FILE + 1]), Err(Unreadable::TooLarge(5)));
    assert_eq!(rows("a\n".repeat(2001).as_bytes()), Err(Unreadable::Rows(MAX_ROWS)));
    let contiguous: String =
        (1..=2001).map(|row| format!(r#"<row r="{row}"><c r="A{row}"><v>1</v></c></row>"#)).collect();
    assert_eq!(rows(&one(&contiguous)), Err(Unreadable::Rows(MAX_ROWS)));
    let bomb = one(&" ".repeat(65 * 1024 * 1024));
    assert!(bomb.len() < MAX_FILE);
    assert_eq!(rows(&bomb), Err(Unreadable::TooLarge(64)));
}

#[test]
fn what_a_sheet_says_of_itself_costs_no_more_than_the_sheet_is_looked_at() {
    let columns: String =
        (0..200).map(|first| format!(r#"<col min="{first}" max="4294967295" hidden="1"/>"#)).collect();
    let sheet = |rest: &str| {
        format!(
            r#"<cols>{columns}</cols><sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData>{rest}"#
        )
    };
    let table = read(&book(&[("S", "visible", &sheet(""))], &[]), &Reading::default()).unwrap();
    assert!(table.hidden_columns.iter().copied().eq(0..MAX_COLUMNS));
    let merged = |area: &str, times| {
        let areas = format!(r#"<mergeCell ref="{area}"/>"#).repeat(times);
        rows(&book(&[("S", "visible", &sheet(&format!("<mergeCells>{areas}</mergeCells>")))], &[]))
    };
    assert!(merged("B3:A1", 1).is_ok());
    assert!(merged("A1:XFD1048576", 1).is_ok());
    // Sixty-four columns of one row, more often than two thousand rows would have them.
    assert_eq!(merged("A1:XFD1048576", 2001), Err(Unreadable::Broken));
}

#[test]
fn two_sheets_are_two_parts() {
    let twice = book(&[("一班", "visible", "<sheetData/>"), ("一班", "visible", "<sheetData/>")], &[]);
    assert_eq!(rows(&twice), Err(Unreadable::Broken));
}

/// A workbook of these parts, with one sheet.
fn parts(sheet: &str, more: &[(&str, &str)]) -> Vec<u8> {
    let plain = book(&[("S", "visible", sheet)], &[]);
    let mut zip = zip::ZipWriter::new_append(Cursor::new(plain)).unwrap();
    for (name, text) in more {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

const IMAGE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image";

#[test]
fn a_picture_over_cells_belongs_to_the_row_in_which_most_of_it_is() {
    let anchor = |kind: &str, from: (u32, u32), end: &str| {
        format!(
            r#"<x:{kind}><x:from><x:col>3</x:col><x:colOff>0</x:colOff><x:row>{}</x:row><x:rowOff>{}</x:rowOff></x:from>{end}
            <x:pic><x:blipFill><a:blip r:embed="p1"/></x:blipFill><x:spPr><a:xfrm><a:ext cx="9" cy="9999999"/></a:xfrm></x:spPr></x:pic></x:{kind}>"#,
            from.0, from.1
        )
    };
    let to = |row: u32, offset: u32| {
        format!("<x:to><x:col>4</x:col><x:row>{row}</x:row><x:rowOff>{offset}</x:rowOff></x:to>")
    };
    let high = |emu: u32| format!(r#"<x:ext cx="1" cy="{emu}"/>"#);
    // Rows are 20 points high, the fifth 100.
    let sheet = r#"<sheetFormatPr defaultRowHeight="20"/><sheetData><row r="5" ht="100"/></sheetData>"#;
    let anchors = [
        anchor("twoCellAnchor", (2, 240_000), &to(3, 200_000)),
        anchor("twoCellAnchor", (2, 0), &to(4, 1_000_000)),
        anchor("twoCellAnchor", (2, 0), &to(2, 200_000)),
        anchor("oneCellAnchor", (3, 250_000), &high(500_000)),
        anchor("oneCellAnchor", (5, 0), &high(100_000)),
        // In the background of everything, before its own beginning, nowhere.
        anchor("twoCellAnchor", (2, 0), &to(900, 0)),
        anchor("twoCellAnchor", (7, 0), &to(4, 0)),
        anchor("oneCellAnchor", (4_294_967_295, 0), &high(1)),
    ];
    let drawing = format!("<x:wsDr xmlns:x='d' xmlns:a='a' xmlns:r='r'>{}</x:wsDr>", anchors.concat());
    let links = format!(
        r#"<Relationships><Relationship Id="p1" Type="{IMAGE}" Target="../media/image1.png"/></Relationships>"#
    );
    let file = parts(
        sheet,
        &[
            (
                "xl/worksheets/_rels/sheet1.xml.rels",
                r#"<Relationships><Relationship Id="d" Type="x/drawing" Target="../drawings/drawing1.xml"/></Relationships>"#,
            ),
            ("xl/drawings/drawing1.xml", &drawing),
            ("xl/drawings/_rels/drawing1.xml.rels", &links),
        ],
    );
    let found = pictures(&file, "S");
    let places: Vec<_> = found.iter().map(|picture| (picture.row, picture.column)).collect();
    assert_eq!(places[..5], [(3, 3), (4, 3), (2, 3), (4, 3), (5, 3)]);
    assert!(found.iter().all(|picture| picture.part == "xl/media/image1.png"), "{found:?}");
    assert!(places.len() <= 7, "{places:?}");
    assert_eq!(pictures(&file, "T"), []);
}

#[test]
fn a_picture_in_a_cell_of_wps_is_found_by_the_name_in_its_formula() {
    let sheet = r#"<sheetData><row r="2"><c r="C2" t="str"><f>_xlfn.DISPIMG(&quot;ID_A&quot;,1)</f><v>=DISPIMG(&quot;ID_A&quot;,1)</v></c></row>
        <row r="3"><c r="C3" t="str"><f>DISPIMG("ID_B",1)</f></c><c r="D3" t="str"><f>DISPIMG("ID_C",1)</f></c></row></sheetData>"#;
    let image = |name: &str, link: &str| {
        format!(
            r#"<e:cellImage><x:pic><x:nvPicPr><x:cNvPr id="2" name="{name}"/></x:nvPicPr><x:blipFill><a:blip r:embed="{link}"/></x:blipFill></x:pic></e:cellImage>"#
        )
    };
    let images = format!("<e:cellImages>{}{}</e:cellImages>", image("ID_A", "p1"), image("ID_B", "p2"));
    let links = format!(
        r#"<Relationships><Relationship Id="p1" Type="{IMAGE}" Target="media/a.jpeg"/><Relationship Id="p2" Type="{IMAGE}" Target="/xl/media/b.png"/></Relationships>"#
    );
    let book_links = r#"<Relationships><Relationship Id="r1" Type="x/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="w" Type="http://www.wps.cn/officeDocument/2020/cellImage" Target="cellimages.xml"/></Relationships>"#;
    let plain = parts(sheet, &[("xl/cellimages.xml", &images), ("xl/_rels/cellimages.xml.rels", &links)]);
    // The links of the workbook, in the place of those without the pictures.
    let mut from = zip::ZipArchive::new(Cursor::new(plain)).unwrap();
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..from.len() {
        let entry = from.by_index_raw(index).unwrap();
        if entry.name().unwrap() != "xl/_rels/workbook.xml.rels" {
            zip.raw_copy_file(entry).unwrap();
        }
    }
    zip.start_file("xl/_rels/workbook.xml.rels", zip::write::SimpleFileOptions::default()).unwrap();
    zip.write_all(book_links.as_bytes()).unwrap();
    let found = pictures(&zip.finish().unwrap().into_inner(), "S");
    let found: Vec<_> = found.iter().map(|one| (one.row, one.column, one.part.as_str())).collect();
    assert_eq!(found, [(1, 2, "xl/media/a.jpeg"), (2, 2, "xl/media/b.png")]);
}
