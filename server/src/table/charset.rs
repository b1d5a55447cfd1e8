//! How the bytes of a text are meant: UTF-8, GB18030, Big5, UTF-16, told apart by what comes out of them.

use super::{heading, surname};
use encoding_rs::{BIG5, Encoding, GB18030, GBK, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Characters from which the encoding of a text is found out.
const SAMPLE: usize = 20_000;

/// How text is written in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
pub enum Charset {
    /// UTF-8.
    #[serde(rename = "utf-8")]
    Utf8,
    /// GB18030, with GBK and GB 2312 in it.
    #[serde(rename = "gb18030")]
    Gb18030,
    /// Big5, of Taiwan and Hong Kong.
    #[serde(rename = "big5")]
    Big5,
    /// UTF-16, the smaller byte first: “Unicode text” of Windows.
    #[serde(rename = "utf-16le")]
    Utf16Le,
    /// UTF-16, the larger byte first.
    #[serde(rename = "utf-16be")]
    Utf16Be,
    /// Windows-1252, of western Europe.
    #[serde(rename = "windows-1252")]
    Windows1252,
}

impl Charset {
    /// All of them, the likeliest first.
    pub const ALL: [Self; 6] =
        [Self::Utf8, Self::Gb18030, Self::Big5, Self::Utf16Le, Self::Utf16Be, Self::Windows1252];

    /// The text of these bytes; none where there is none.
    pub fn text(self, bytes: &[u8]) -> Option<String> {
        let encoding = match self {
            Self::Utf8 => UTF_8,
            Self::Gb18030 => GB18030,
            Self::Big5 => BIG5,
            Self::Utf16Le => UTF_16LE,
            Self::Utf16Be => UTF_16BE,
            Self::Windows1252 => WINDOWS_1252,
        };
        if matches!(self, Self::Utf16Le | Self::Utf16Be) && bytes.len() % 2 == 1 {
            return None;
        }
        let (text, broken) = encoding.decode_with_bom_removal(bytes);
        (!broken && !text.contains('\0')).then(|| text.into_owned())
    }

    /// The likeliest one and the text; none where nothing fits.
    pub fn guess(bytes: &[u8]) -> Option<(Self, String)> {
        let marked =
            [(&b"\xef\xbb\xbf"[..], Self::Utf8), (b"\xff\xfe", Self::Utf16Le), (b"\xfe\xff", Self::Utf16Be)];
        if let Some((_, charset)) = marked.iter().find(|(mark, _)| bytes.starts_with(mark)) {
            return charset.text(bytes).map(|text| (*charset, text));
        }
        if bytes.is_ascii() && !bytes.contains(&0) {
            return Self::Utf8.text(bytes).map(|text| (Self::Utf8, text));
        }
        let texts = Self::ALL.iter().filter_map(|charset| Some((*charset, charset.text(bytes)?)));
        let mut best: Option<(f64, Self, String)> = None;
        for (charset, text) in texts {
            let likelihood = charset.likelihood(&text);
            if best.as_ref().is_none_or(|(most, ..)| likelihood > *most) {
                best = Some((likelihood, charset, text));
            }
        }
        best.map(|(_, charset, text)| (charset, text))
    }

    /// How much a text looks like what people write, a number to compare with that of another charset.
    fn likelihood(self, text: &str) -> f64 {
        let end = text.char_indices().nth(SAMPLE).map_or(text.len(), |(end, _)| end);
        let text = text.get(..end).unwrap_or(text);
        let (mut sum, mut count) = (0.0, 0.0);
        let mut before = ' ';
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            if !c.is_ascii() {
                let after = chars.peek().copied().unwrap_or(' ');
                sum += self.commonness(c, before, after);
                count += 1.0;
            } else if c.is_ascii_control() && !matches!(c, '\t' | '\n' | '\r') {
                sum -= 5.0;
                count += 1.0;
            }
            before = c;
        }
        let cells = || text.split(['\n', '\r', ',', '\t', ';', '，', '"']).map(str::trim);
        let headings = cells().take(64).filter(|cell| !cell.is_ascii() && heading::resembles(cell)).count();
        let wide = || cells().take(4000).filter(|cell| !cell.is_ascii() && cell.chars().count() <= 5);
        let names = wide().filter(|cell| surname::starts(cell)).count() as f64 / wide().count().max(1) as f64;
        // UTF-16 of mere letters is a text of rare characters, too: the cells are what tells.
        let separated = text.contains([',', '\t', ';', '，']) && text.contains(['\n', '\r']);
        sum / f64::max(count, 1.0)
            + 3.0 * (headings.min(2) as f64)
            + 1.5 * names
            + if separated { 1.0 } else { 0.0 }
            + if self == Self::Utf8 { 0.3 } else { 0.0 }
    }

    /// From 1 for a character of every day to -5 for one that nobody writes.
    fn commonness(self, c: char, before: char, after: char) -> f64 {
        let beside_letter = before.is_ascii_alphabetic() || after.is_ascii_alphabetic();
        match c {
            '\u{4e00}'..='\u{9fff}' if beside_letter => -1.0,
            '\u{4e00}'..='\u{9fff}' => common_han(c, self == Self::Big5),
            '\u{3400}'..='\u{4dbf}' | '\u{20000}'..='\u{3ffff}' => 0.0,
            '\u{3000}'..='\u{303f}'
            | '\u{ff00}'..='\u{ffef}'
            | '\u{2010}'..='\u{2026}'
            | '\u{feff}'
            | '·' => 0.4,
            '\u{3040}'..='\u{30ff}' | '\u{ac00}'..='\u{d7af}' => 0.3,
            '\u{e000}'..='\u{f8ff}' | '\u{fffd}' => -5.0,
            c if c.is_control() => -5.0,
            // An accented letter stands among letters.
            '\u{c0}'..='\u{24f}' if c.is_alphabetic() => {
                if beside_letter {
                    0.8
                } else {
                    -0.5
                }
            }
            // Letters of another script stand among their own.
            c if c.is_alphabetic() && self == Self::Utf8 => {
                let of_kin =
                    |other: char| other.is_alphabetic() && u32::from(other) >> 8 == u32::from(c) >> 8;
                if of_kin(before) || of_kin(after) { 0.7 } else { -1.0 }
            }
            c if u32::from(c) >= 0x1f000 => 0.2,
            _ => -1.0,
        }
    }
}

/// The places in the old encodings tell which characters are of every day: both begin with the commonest.
fn common_han(c: char, traditional: bool) -> f64 {
    let lead = |encoding: &'static Encoding| {
        let mut utf8 = [0; 4];
        let (bytes, _, unknown) = encoding.encode(c.encode_utf8(&mut utf8));
        if unknown || bytes.len() != 2 { None } else { Some((bytes[0], bytes[1])) }
    };
    let place = if traditional { lead(BIG5) } else { lead(GBK) };
    match place {
        Some((0xa4..=0xc6, _)) if traditional => 1.0,
        Some((0xb0..=0xd7, 0xa1..)) if !traditional => 1.0,
        Some((0xd8..=0xf7, 0xa1..)) if !traditional => 0.5,
        Some(_) => 0.2,
        None => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guessed(encoding: &'static Encoding, text: &str) -> String {
        let (bytes, _, unknown) = encoding.encode(text);
        assert!(!unknown, "{text}");
        Charset::guess(&bytes).unwrap().1
    }

    #[test]
    fn short_lists_of_chinese_names_are_read_by_what_comes_out() {
        for name in ["郑强", "王芳", "李华", "欧阳娜娜", "张伟", "陈显扬", "赵小校", "许玄", "刘备", "联通"]
        {
            let text = format!("name,number\r\n{name},130\r\n");
            assert_eq!(guessed(GBK, &text), text, "{name}");
            assert_eq!(guessed(UTF_8, &text), text, "{name}");
        }
        for name in ["陳顯揚", "黃曉明", "王大同", "張學友", "歐陽娜娜", "劉備", "林志玲", "鄭強"]
        {
            let text = format!("name,number\r\n{name},132\r\n");
            assert_eq!(guessed(BIG5, &text), text, "{name}");
        }
    }

    #[test]
    fn headings_decide_where_names_do_not() {
        let text = "姓名,考號\r\n喜樂,1\r\n";
        assert_eq!(guessed(BIG5, text), text);
        let text = "姓名,考号\r\n喜乐,1\r\n";
        assert_eq!(guessed(GBK, text), text);
    }

    #[test]
    fn utf_16_is_known_with_and_without_its_mark() {
        let text = "姓名,考号\r\n李华,007\r\n";
        for (mark, big) in [(true, true), (true, false), (false, true), (false, false)] {
            let units = mark.then_some(0xfeff).into_iter().chain(text.encode_utf16());
            let bytes: Vec<u8> =
                units.flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect();
            assert_eq!(Charset::guess(&bytes).unwrap().1, text, "{mark} {big}");
        }
        let units = "name,number\nA,1\n".encode_utf16();
        assert_eq!(
            Charset::guess(&units.flat_map(u16::to_le_bytes).collect::<Vec<_>>()).unwrap().0,
            Charset::Utf16Le
        );
    }

    #[test]
    fn names_of_other_scripts_stay() {
        for text in [
            "name,number\nJosé García,1\nÖzgür,2\nŁukasz,3\n",
            "name,number\nИван Петров,1\n",
            "name,number\nمحمد علي,1\n",
            "name,number\n😀,1\n",
            "name,number\nRenée 王,1\n",
        ] {
            assert_eq!(guessed(UTF_8, text), text);
        }
        let text = "name,number\nJosé García,1\n";
        assert_eq!(guessed(WINDOWS_1252, text), text);
    }

    #[test]
    fn what_is_no_text_is_none() {
        assert_eq!(Charset::guess(&[0xff, 0xff, 0x00]), None);
        assert_eq!(Charset::guess(&[0, 1, 0, 2, 0]), None);
    }
}
