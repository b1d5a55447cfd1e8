//! A PDF of plain pages: lines of text and bars of colour. Its font is one that readers of PDFs know; none is in the file.

use std::fmt::Write;

/// A colour: red, green, blue from 0 to 1.
pub type Colour = [f32; 3];

/// A page that is written from its top; lengths are in points (1/72 inch), from the left and from the bottom.
#[derive(Debug)]
pub struct Page {
    /// How wide and how high.
    pub size: [u32; 2],
    drawing: String,
}

impl Page {
    /// An empty one.
    pub const fn new(size: [u32; 2]) -> Self {
        Self { size, drawing: String::new() }
    }

    /// A line of text that begins here.
    pub fn text(&mut self, [x, y]: [f32; 2], size: f32, [red, green, blue]: Colour, text: &str) {
        let text = hex(text);
        let _ =
            writeln!(self.drawing, "{red} {green} {blue} rg BT /F {size} Tf {x:.1} {y:.1} Td <{text}> Tj ET");
    }

    /// A bar whose lower left corner is here.
    pub fn bar(&mut self, [x, y]: [f32; 2], [wide, high]: [f32; 2], [red, green, blue]: Colour) {
        let _ = writeln!(self.drawing, "{red} {green} {blue} rg {x:.1} {y:.1} {wide:.1} {high:.1} re f");
    }
}

/// How wide a character is, in parts of the size of its text: those of ASCII are half as wide as Chinese ones.
pub fn width(character: char) -> f32 {
    if character.is_ascii() { 0.5 } else { 1.0 }
}

/// The pages as one file (ISO 32000-1). The font has no outlines in it: its name, the standard encoding of its collection
/// (9.7.5.2, `UniGB-UCS2-H`) and the widths are enough for a reader to take a font of its own.
pub fn pdf(title: &str, pages: &[Page]) -> Vec<u8> {
    // 1 to 6 are those below, and two follow for each page.
    let kids: Vec<String> = (0..pages.len()).map(|index| format!("{} 0 R", 7 + 2 * index)).collect();
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R /Lang (zh-CN) >>".to_owned(),
        format!("<< /Type /Pages /Kids [{}] /Count {} >>", kids.join(" "), pages.len()),
        "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [4 0 R] >>"
            .to_owned(),
        // The first 95 characters of the collection are those of ASCII.
        "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /FontDescriptor 5 0 R /CIDSystemInfo \
         << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> /DW 1000 /W [1 95 500] >>"
            .to_owned(),
        "<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 \
         /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>"
            .to_owned(),
        // Text outside of pages is in UTF-16 with a mark of its order (7.9.2.2).
        format!("<< /Title <FEFF{}> /Producer (Viva) >>", hex(title)),
    ];
    for (Page { size: [wide, high], drawing }, index) in pages.iter().zip(0..) {
        objects.push(format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {wide} {high}] /Contents {} 0 R /Resources << /Font \
             << /F 3 0 R >> >> >>",
            8 + 2 * index
        ));
        objects.push(format!("<< /Length {} >>\nstream\n{drawing}endstream", drawing.len()));
    }
    file(&objects)
}

/// Objects one after another, the table of their places (7.5.4), and what leads to the first.
fn file(objects: &[String]) -> Vec<u8> {
    let mut file = "%PDF-1.4\n".to_owned();
    let mut places = Vec::with_capacity(objects.len());
    for (object, number) in objects.iter().zip(1..) {
        places.push(file.len());
        let _ = write!(file, "{number} 0 obj\n{object}\nendobj\n");
    }
    let (table, count) = (file.len(), objects.len() + 1);
    let _ = write!(file, "xref\n0 {count}\n0000000000 65535 f \n");
    for place in places {
        let _ = writeln!(file, "{place:010} 00000 n ");
    }
    let _ = write!(file, "trailer\n<< /Size {count} /Root 1 0 R /Info 6 0 R >>\nstartxref\n{table}\n%%EOF\n");
    file.into_bytes()
}

/// As units of UTF-16 with their higher bytes first; the encoding knows those of one unit.
fn hex(text: &str) -> String {
    text.encode_utf16().fold(String::new(), |mut hex, unit| {
        let _ = write!(hex, "{unit:04X}");
        hex
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number_behind(text: &str, what: &str) -> usize {
        let (_, rest) = text.split_once(what).unwrap();
        let digits = rest.trim_start().split(|c: char| !c.is_ascii_digit()).next().unwrap();
        digits.parse().unwrap()
    }

    #[test]
    fn the_table_of_a_file_leads_to_every_object_and_streams_are_as_long_as_they_say() {
        let mut pages = [Page::new([595, 842]), Page::new([400, 300])];
        pages[0].text([40.0, 700.0], 12.0, [0.0; 3], "李华 A");
        pages[1].bar([0.0, 0.0], [400.0, 20.5], [0.1, 0.2, 0.3]);
        let file = String::from_utf8(pdf("个人简历", &pages)).unwrap();
        assert!(file.starts_with("%PDF-1.4\n") && file.ends_with("%%EOF\n"));
        let table = &file[number_behind(&file, "startxref")..];
        assert!(table.starts_with("xref\n0 11\n"), "{table}");
        let rows: Vec<&str> = table.split_inclusive('\n').skip(3).take(10).collect();
        for (row, number) in rows.into_iter().zip(1..) {
            assert_eq!(row.len(), 20, "{row:?}");
            let object = &file[row[..10].parse().unwrap()..];
            assert!(object.starts_with(&format!("{number} 0 obj\n")), "{object}");
            if let Some((before, stream)) = object.split_once("\nendobj").unwrap().0.split_once("stream\n") {
                let inside = &stream[..number_behind(before, "/Length")];
                assert!(
                    inside.ends_with('\n') && stream[inside.len()..].starts_with("endstream"),
                    "{stream}"
                );
            }
        }
        assert!(file.contains("<674E534E00200041> Tj") && file.contains("<FEFF4E2A4EBA7B805386>"));
        assert!(file.contains("/Kids [7 0 R 9 0 R] /Count 2") && file.contains("0.0 0.0 400.0 20.5 re f"));
    }
}
