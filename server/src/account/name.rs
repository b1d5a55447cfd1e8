//! Names: what is typed to sign in, and what a person is called.

use unicode_normalization::UnicodeNormalization;

/// The longest name, in characters.
pub const MAX_NAME_CHARS: usize = 64;

/// The name does not do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidName {
    /// Nothing there.
    #[error("the name is empty")]
    Empty,
    /// Longer than [`MAX_NAME_CHARS`].
    #[error("the name is longer than {MAX_NAME_CHARS} characters")]
    Long,
    /// Not for an account.
    #[error("the name of an account consists of letters, digits and . _ - @")]
    Character,
    /// Not for a person.
    #[error("a person's name has no control characters")]
    Control,
}

/// What is typed to sign in, in its one form: compatibility forms folded (`Ａ` is `A`), lower case, no space around.
///
/// # Errors
/// Empty, too long, or with a character that names of accounts do not have.
pub fn normalised(account: &str) -> Result<String, InvalidName> {
    let account = folded(account, |text| text.nfkc().flat_map(char::to_lowercase).collect())?;
    // Lower case may come apart into what composes again.
    let account: String = account.nfkc().collect();
    if account.chars().all(|c| c.is_alphanumeric() || "._-@".contains(c)) {
        Ok(account)
    } else {
        Err(InvalidName::Character)
    }
}

/// A person's name, composed and without space around.
///
/// # Errors
/// Empty, too long, or with control characters.
pub fn person(name: &str) -> Result<String, InvalidName> {
    let name = folded(name, |text| text.nfc().collect())?;
    if name.chars().any(char::is_control) { Err(InvalidName::Control) } else { Ok(name) }
}

fn folded(text: &str, fold: impl Fn(&str) -> String) -> Result<String, InvalidName> {
    // Before folding too: one character may become many.
    if text.len() > 8 * MAX_NAME_CHARS {
        return Err(InvalidName::Long);
    }
    let text = fold(text.trim()).trim().to_owned();
    match text.chars().count() {
        0 => Err(InvalidName::Empty),
        1..=MAX_NAME_CHARS => Ok(text),
        _ => Err(InvalidName::Long),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_account_has_one_form() {
        for text in ["Li.Ming@Example.com", "  li.ming@example.com ", "ＬＩ．ＭＩＮＧ＠example.com"] {
            assert_eq!(normalised(text).as_deref(), Ok("li.ming@example.com"), "{text}");
        }
        assert_eq!(normalised("张三").as_deref(), Ok("张三"));
        assert_eq!(normalised("Ångström"), normalised("A\u{30a}ngstro\u{308}m"));
        let twice = normalised("ÅǅΣ").unwrap();
        assert_eq!(normalised(&twice), Ok(twice.clone()));
    }

    #[test]
    fn what_is_no_name_is_refused() {
        assert_eq!(normalised("   "), Err(InvalidName::Empty));
        assert_eq!(normalised(&"a".repeat(65)), Err(InvalidName::Long));
        assert_eq!(normalised(&"\u{fdfa}".repeat(1000)), Err(InvalidName::Long));
        for text in ["a b", "a\0", "a'b", "<a>", "a\u{200b}b", "a/b"] {
            assert_eq!(normalised(text), Err(InvalidName::Character), "{text:?}");
        }
        assert_eq!(person("a\nb"), Err(InvalidName::Control));
        assert_eq!(person(" 张 三 ").as_deref(), Ok("张 三"));
    }
}
