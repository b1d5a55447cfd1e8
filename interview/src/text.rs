//! Texts that people wrote, made safe to keep and show.

use crate::Refused;

/// A text without what nobody sees: control characters but line breaks, marks that turn the writing direction of what
/// follows, blanks at both ends.
pub(crate) fn cleaned(text: &str) -> String {
    let turns = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
    let kept: String = text.chars().filter(|c| *c == '\n' || !(c.is_control() || turns(*c))).collect();
    kept.trim().to_owned()
}

/// A cleaned text of at most `longest` characters, perhaps empty.
pub(crate) fn optional(text: &str, longest: usize) -> Result<String, Refused> {
    let text = cleaned(text);
    if text.chars().count() > longest { Err(Refused::TextTooLong(longest)) } else { Ok(text) }
}

/// A cleaned text of one to `longest` characters.
pub(crate) fn required(text: &str, longest: usize) -> Result<String, Refused> {
    let text = optional(text, longest)?;
    if text.is_empty() { Err(Refused::TextEmpty) } else { Ok(text) }
}

/// A cleaned text, its end cut off where it is longer than `longest` characters.
pub(crate) fn cut(text: &str, longest: usize) -> String {
    cleaned(text).chars().take(longest).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_sees_goes_and_line_breaks_stay() {
        assert_eq!(cleaned(" a\u{0}\tb\nc\u{202e}\u{feff} "), "ab\nc");
    }

    #[test]
    fn lengths_count_characters() {
        assert_eq!(required("面谈", 2), Ok("面谈".to_owned()));
        assert_eq!(required("面谈室", 2), Err(Refused::TextTooLong(2)));
        assert_eq!(required("\u{7} ", 2), Err(Refused::TextEmpty));
        assert_eq!(optional("", 2), Ok(String::new()));
        assert_eq!(cut("面谈室", 2), "面谈");
    }
}
