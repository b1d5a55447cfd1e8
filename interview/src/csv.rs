//! Tables as CSV (RFC 4180) that spreadsheets open as text.

/// A table with its headings; begins with a byte order mark, without which spreadsheets take UTF-8 for something else.
pub(crate) fn table(headings: &[String], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let mut out = String::from('\u{feff}');
    line(&mut out, headings);
    for row in rows {
        line(&mut out, &row);
    }
    out
}

fn line(out: &mut String, cells: &[String]) {
    for (at, text) in cells.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        cell(out, text);
    }
    out.push_str("\r\n");
}

fn cell(out: &mut String, text: &str) {
    // What begins like a formula would be computed by who opens the file.
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let quoted = formula || text.contains([',', '"', '\n', '\r']);
    if quoted {
        out.push('"');
    }
    if formula {
        out.push('\'');
    }
    out.push_str(&text.replace('"', "\"\""));
    if quoted {
        out.push('"');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_where_needed_and_formulas_are_disarmed() {
        let cells = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        let out = table(&cells(&["a", "b"]), [cells(&["x,\"y\"", "=1+1"]), cells(&["", "王\n五"])]);
        assert_eq!(out, "\u{feff}a,b\r\n\"x,\"\"y\"\"\",\"'=1+1\"\r\n,\"王\n五\"\r\n");
    }
}
