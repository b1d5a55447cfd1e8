//! What people type, paste and import, in its one form: width, case, digits of any script, hyphens, what nobody sees.
//!
//! Used wherever such a text comes in, and on both sides of a comparison: import, entry, search, secrets.

use unicode_normalization::UnicodeNormalization;

/// The zeros of the decimal digits of Unicode that are no compatibility forms: each is followed by its nine others.
const ZEROS: [u32; 37] = [
    0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6, 0xe50, 0xed0,
    0xf20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50, 0x1bb0, 0x1c40, 0x1c50,
    0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0x10d30, 0x1e950,
];

/// A character that leaves no mark on the screen; blanks are seen.
pub fn is_unseen(c: char) -> bool {
    (c.is_control() && !c.is_whitespace())
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
            | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// The number of an exam card as it is kept: blanks are single, the check letter of an identity card is an `X`.
pub fn number(text: &str) -> String {
    let number = single_spaced(folded(text));
    match number.strip_suffix('x') {
        Some(digits) if digits.len() == 17 && digits.bytes().all(|b| b.is_ascii_digit()) => {
            format!("{digits}X")
        }
        _ => number,
    }
}

/// What two numbers of exam cards have in common when they are the same for a person: case and blanks do not count.
pub fn number_key(text: &str) -> String {
    // What stood between may have kept apart what composes; so below.
    number(text).chars().filter(|c| *c != ' ').flat_map(char::to_uppercase).nfkc().collect()
}

/// A phone's number without what people put between its digits; `00` in front is `+`. What is no digit stays and is
/// refused by who checks it; so do two numbers in one cell.
pub fn phone(text: &str) -> String {
    if text.trim().contains(['\n', '\r']) {
        return text.trim().to_owned();
    }
    let text = folded(text).to_lowercase();
    let text = text.strip_prefix("tel:").unwrap_or(&text);
    let phone: String = text.chars().filter(|c| !matches!(c, ' ' | '-' | '(' | ')' | '.')).nfkc().collect();
    match phone.strip_prefix("00") {
        Some(international) => format!("+{international}"),
        None => phone,
    }
}

/// A line that is read by its parts: of one kind of digits and marks, blanks single.
pub fn plain(text: &str) -> String {
    single_spaced(folded(text))
}

/// A person's name: composed, with single blanks, without what nobody sees. Joiners and variants of characters are
/// part of a name.
pub fn person(text: &str) -> String {
    let part =
        |c: char| matches!(c, '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}');
    let seen = text.chars().filter(|c| part(*c) || !is_unseen(*c));
    let seen = seen.map(|c| if c.is_whitespace() { ' ' } else { c });
    let name = single_spaced(seen.nfc().collect());
    name.trim_matches([' ', '\u{200c}', '\u{200d}']).to_owned()
}

/// A password as it is compared. Messengers and keyboards turn hyphens and quotation marks, put quotation marks around,
/// blanks between and a full stop behind; letters keep their case.
pub fn password(text: &str) -> String {
    let mut password: String = folded(text).chars().filter(|c| *c != ' ').nfkc().collect();
    loop {
        let inner = password.trim_end_matches('。');
        let inner = PAIRS
            .iter()
            .find_map(|(open, close)| inner.strip_prefix(*open)?.strip_suffix(*close))
            .unwrap_or(inner);
        if inner.len() == password.len() {
            return password;
        }
        password = inner.to_owned();
    }
}

/// The digits of a code sent by SMS. The letters that stand for digits on bad keyboards and in bad fonts are digits.
pub fn digits(text: &str) -> String {
    let digit = |c: char| match c {
        'O' | 'o' => '0',
        'I' | 'l' | '|' => '1',
        other => other,
    };
    folded(text).chars().map(digit).filter(char::is_ascii_digit).collect()
}

/// The letters and digits of a text as capitals, for codes that consist of nothing else.
pub fn code(text: &str) -> String {
    folded(text).chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
}

/// A column's heading as it is compared: letters and digits in small, without what stands in brackets.
pub fn heading(text: &str) -> String {
    let mut depth = 0_u32;
    let mut heading = String::new();
    for c in folded(text).chars().flat_map(char::to_lowercase) {
        match c {
            '(' | '[' | '{' | '<' | '【' | '〔' | '〈' | '《' => depth += 1,
            ')' | ']' | '}' | '>' | '】' | '〕' | '〉' | '》' => depth = depth.saturating_sub(1),
            c if depth == 0 && c.is_alphanumeric() => heading.push(c),
            _ => {}
        }
    }
    heading.nfkc().collect()
}

/// What may stand around a password in a message.
const PAIRS: [(char, char); 6] =
    [('"', '"'), ('\'', '\''), ('「', '」'), ('『', '』'), ('【', '】'), ('《', '》')];

/// Compatibility forms folded, digits and hyphens and quotation marks of one kind, every blank a space, nothing unseen.
fn folded(text: &str) -> String {
    // Once more behind: what is unseen would keep apart what composes, and some of it comes of composing.
    let seen = text.chars().filter(|c| !is_unseen(*c)).nfkc().filter(|c| !is_unseen(*c));
    seen.map(|c| match c {
        c if c.is_whitespace() => ' ',
        '\u{2010}'..='\u{2015}' | '\u{2043}' | '\u{2212}' | '\u{fe58}' => '-',
        '“' | '”' | '„' | '‟' | '〝' | '〞' | '″' | '«' | '»' => '"',
        '‘' | '’' | '‚' | '‛' | '′' => '\'',
        other => ascii_digit(other),
    })
    .collect()
}

fn ascii_digit(c: char) -> char {
    let value = ZEROS.iter().find_map(|zero| u32::from(c).checked_sub(*zero).filter(|value| *value < 10));
    value.and_then(|value| char::from_digit(value, 10)).unwrap_or(c)
}

fn single_spaced(text: String) -> String {
    text.split(' ').filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_number_has_one_form_however_it_came() {
        for text in ["007", "００７", " 007\u{200b}", "٠٠٧", "۰۰۷", "０\u{feff}07\u{a0}", "००७"]
        {
            assert_eq!(number(text), "007", "{text:?}");
        }
        assert_eq!(number("2026—01　Ａ"), "2026-01 A");
        assert_eq!(number("11010519491231002x"), "11010519491231002X");
        assert_eq!(number("ax"), "ax");
        assert_eq!(number_key("ab 12x"), number_key("ＡＢ12X"));
        assert_ne!(number_key("1-11"), number_key("11-1"));
        assert_ne!(number_key("007"), number_key("7"));
    }

    #[test]
    fn a_phone_has_its_digits_alone() {
        for text in [
            "139 0013 9000",
            "１３９００１３９０００",
            "139-0013-9000\u{200b}",
            "\u{202d}13900139000\u{202c}",
            "139‑0013–9000",
            "tel:139.0013.9000",
            "١٣٩٠٠١٣٩٠٠٠",
        ] {
            assert_eq!(phone(text), "13900139000", "{text:?}");
        }
        assert_eq!(phone("（＋８６）13900139000"), "+8613900139000");
        assert_eq!(phone("0086 13900139000"), "+8613900139000");
        assert_eq!(phone("13900139000\n13900139001"), "13900139000\n13900139001");
        assert_eq!(phone("13900139000/1"), "13900139000/1");
    }

    #[test]
    fn a_name_keeps_what_belongs_to_it() {
        assert_eq!(person(" 张　三\u{200b}\u{202e} "), "张 三");
        assert_eq!(person("李\r\n华"), "李 华");
        assert_eq!(person("e\u{301}"), "é");
        assert_eq!(person("\u{200d} A \u{200c}"), "A");
        assert_eq!(person("葛\u{e0100}城"), "葛\u{e0100}城", "a variant of a character is another name");
        assert_eq!(person("نیک\u{200c}نام"), "نیک\u{200c}نام");
    }

    #[test]
    fn a_password_is_what_was_meant_and_keeps_its_case() {
        for text in
            ["k7m2-P9", "ｋ7m2－Ｐ9", "“k7m2–P9”", " k7m2\u{a0}-P9\u{200b}。\n", "「k7m2-P9」。", "k7m2—P9"]
        {
            assert_eq!(password(text), "k7m2-P9", "{text:?}");
        }
        assert_ne!(password("k7m2-p9"), password("k7m2-P9"));
        assert_eq!(password("it’s"), "it's");
        assert_eq!(password("\u{200b}。"), "");
    }

    #[test]
    fn a_code_is_read_through_what_stands_around_it() {
        assert_eq!(digits("【123 456】。"), "123456");
        assert_eq!(digits("１２３４５６\n"), "123456");
        assert_eq!(digits("12O4l6"), "120416");
        assert_eq!(code("“abcd–efgh – 2345”。"), "ABCDEFGH2345");
    }

    #[test]
    fn headings_are_compared_without_ornaments() {
        for text in ["手机号", "\u{feff}＊手机号（11位）", "手 机 号：", "手机号[必填]*"] {
            assert_eq!(heading(text), "手机号", "{text:?}");
        }
        assert_eq!(heading("Phone_Number"), "phonenumber");
    }

    proptest! {
        #[test]
        fn every_form_is_its_own(text in "\\PC{0,20}|[\"'。‘’“” xX0-9A-Za-z０-９\u{200b}\u{202d}\u{301}\u{200d}-]{0,20}") {
            for form in [plain, number, number_key, phone, person, password, digits, code, heading] {
                let once = form(&text);
                prop_assert_eq!(form(&once), once.clone(), "{:?}", text);
            }
        }
    }
}
