//! Tables that administrators import: texts in any encoding, workbooks, and the XML inside of workbooks.

use super::Verdict::{self, Refused, Understood};
use std::io::{Cursor, Write};
use viva_server::table::{MAX_COLUMNS, MAX_ROWS, Reading, Table, find_headings, letters, meanings, read};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const RELATIONS: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
/// The most characters of a cell.
const CELL: usize = 1000;

/// A file. What begins as XML is read as the parts of a workbook too, since no fuzzer keeps the sums of an archive right:
/// sheet, styles, shared texts, workbook, with bytes of zero between; those that are left out are plain.
pub fn table(data: &[u8]) -> Verdict {
    let inside = data.starts_with(b"<").then(|| workbook(data));
    let files = [Some(data.to_vec()), inside];
    let taken: Vec<Verdict> = files.into_iter().flatten().map(|file| whole(&file)).collect();
    if taken.contains(&Understood) { Understood } else { Refused }
}

/// What is read keeps to all limits, and is the same for who asks for what was found out.
fn whole(file: &[u8]) -> Verdict {
    let Ok(table) = read(file, &Reading::default()) else { return Refused };
    assert!(table.rows.len() <= MAX_ROWS as usize);
    assert!(table.rows.is_sorted_by(|one, other| one.line < other.line), "rows out of order");
    for row in &table.rows {
        assert!(row.cells.len() <= MAX_COLUMNS as usize && row.line > 0);
        assert!(row.cells.iter().any(|cell| !cell.text.is_empty() || cell.fault.is_some()), "{row:?}");
        assert!(row.cells.iter().all(|cell| cell.text.chars().nth(CELL).is_none()), "{row:?}");
        let texts: Vec<String> = row.cells.iter().map(|cell| cell.text.clone()).collect();
        assert_eq!(meanings(&texts).len(), texts.len());
    }
    assert!(find_headings(&table.rows).is_none_or(|at| at < table.rows.len()));
    for column in &table.hidden_columns {
        assert!(*column < MAX_COLUMNS, "{}", letters(*column));
    }
    again(file, table);
    Understood
}

fn again(file: &[u8], table: Table) {
    let alike = table.sheets.iter().filter(|sheet| Some(&sheet.name) == table.sheet.as_ref()).count();
    if alike <= 1 {
        let how = Reading { charset: table.charset, sheet: table.sheet.clone(), many: false };
        assert_eq!(read(file, &how), Ok(table));
    }
}

/// A workbook of these parts.
fn workbook(data: &[u8]) -> Vec<u8> {
    let mut parts = data.split(|byte| *byte == 0);
    let mut part = |otherwise: String| parts.next().map_or(otherwise.into_bytes(), <[u8]>::to_vec);
    let sheet = part(String::new());
    let styles = part(format!(
        r#"<styleSheet xmlns="{MAIN}"><numFmts><numFmt numFmtId="164" formatCode="000"/><numFmt numFmtId="165" formatCode="m/d"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="165"/></cellXfs></styleSheet>"#
    ));
    let texts = part(format!(r#"<sst xmlns="{MAIN}"><si><t>考号</t></si><si><t>=1</t></si></sst>"#));
    let book = part(format!(
        r#"<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>"#
    ));
    let document = format!(
        r#"<Relationships xmlns="{RELATIONS}"><Relationship Id="r" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
    );
    let links = format!(
        r#"<Relationships xmlns="{RELATIONS}"><Relationship Id="r1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="{OFFICE}/styles" Target="styles.xml"/><Relationship Id="r3" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>"#
    );
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in [
        ("_rels/.rels", document.into_bytes()),
        ("xl/workbook.xml", book),
        ("xl/_rels/workbook.xml.rels", links.into_bytes()),
        ("xl/styles.xml", styles),
        ("xl/sharedStrings.xml", texts),
        ("xl/worksheets/sheet1.xml", sheet),
    ] {
        let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        archive.start_file(name, stored).expect("a name of ours");
        archive.write_all(&text).expect("memory takes it");
    }
    archive.finish().expect("memory takes it").into_inner()
}
