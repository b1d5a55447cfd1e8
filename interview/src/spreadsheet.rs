//! Texts in tables that spreadsheets open: kept from being computed or rewritten there, and read back as they were.

/// Digits of a figure that a spreadsheet still shows in full.
const SHOWN_DIGITS: usize = 11;

/// A text as a cell of a CSV file. What a spreadsheet would rewrite as a figure or a date is written as `="…"`, which it
/// shows as the text that it is, every digit of it. What it would compute has an apostrophe in front, the mark for “this is
/// text”: nothing that a stranger wrote stands in a formula but digits and what may stand between them. [`unescaped`] takes
/// both away.
pub fn escaped(text: &str) -> String {
    if is_figure(text) && !is_shown_in_full(text) {
        format!("=\"{text}\"")
    } else if is_meant_otherwise(text) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

/// The text of a cell that [`escaped`], or a spreadsheet, has marked as text by an apostrophe or as `="…"`.
pub fn unescaped(text: &str) -> String {
    if let Some(quoted) = text.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"')) {
        return quoted.replace("\"\"", "\"");
    }
    match text.strip_prefix('\'') {
        Some(rest) if is_meant_otherwise(rest) || is_figure(rest) => rest.to_owned(),
        _ => text.to_owned(),
    }
}

/// Would a spreadsheet take this text for a formula?
pub fn is_formula(text: &str) -> bool {
    text.starts_with([
        '=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠', '﹢', '﹣', '﹦', '﹫', '−',
    ])
}

/// Would a spreadsheet make something else of this text?
fn is_meant_otherwise(text: &str) -> bool {
    // An apostrophe that is part of the text must not be taken for the mark.
    let marked = text.strip_prefix('\'').is_some_and(|rest| is_meant_otherwise(rest) || is_figure(rest));
    is_formula(text) || marked || (is_figure(text) && !is_shown_in_full(text))
}

/// Digits with what may stand in figures, dates and times.
fn is_figure(text: &str) -> bool {
    let mut digits = text.chars().filter(char::is_ascii_digit);
    digits.next().is_some() && text.chars().all(|c| c.is_ascii_digit() || " .,:/-+%eE".contains(c))
}

fn is_shown_in_full(text: &str) -> bool {
    let whole = text.bytes().all(|b| b.is_ascii_digit());
    whole && text.len() <= SHOWN_DIGITS && (text == "0" || !text.starts_with('0'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_would_be_computed_or_rewritten_is_marked() {
        for text in
            ["=1+1", "=\"x\"", "+1x", "-x", "@x", "\tx", "\rx", "＝1+1", "＋1", "－1", "＠x", "'007", "'=1"]
        {
            assert_eq!(escaped(text), format!("'{text}"), "{text:?}");
        }
        for text in [
            "007",
            "110105194912310021",
            "+8613800138000",
            "-1",
            "1E5",
            "1-2",
            "3/4",
            "85.50",
            "2026-03-01 09:00",
        ] {
            assert_eq!(escaped(text), format!("=\"{text}\""), "{text:?}");
        }
        for text in ["", "李华", "13900139000", "0", "'t Hooft", "A007", "2026-11-28T12:00:00Z", "x=1"] {
            assert_eq!(escaped(text), text);
        }
    }

    #[test]
    fn the_marks_of_spreadsheets_are_read() {
        assert_eq!(unescaped("=\"007\""), "007");
        assert_eq!(unescaped("=\"a\"\"b\""), "a\"b");
        assert_eq!(unescaped("'009"), "009");
        assert_eq!(unescaped("'t Hooft"), "'t Hooft");
        assert_eq!(unescaped("'1234"), "1234");
    }

    proptest! {
        #[test]
        fn what_was_written_is_read(text in "\\PC{0,12}|['=+＝\"0-9eE.-]{0,8}") {
            prop_assert_eq!(unescaped(&escaped(&text)), text);
        }
    }
}
