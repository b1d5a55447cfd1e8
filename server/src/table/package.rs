//! The parts of an Office file and how they lead to each other (ECMA-376 part 2), and their XML, element by element.

use super::Charset;
use quick_xml::{
    Reader, XmlVersion,
    events::{BytesStart, Event},
};
use std::io::{Cursor, Read};
use zip::ZipArchive;

/// A file and its parts.
pub struct Package<'a>(ZipArchive<Cursor<&'a [u8]>>);

/// A relationship of a part to another.
pub struct Link {
    pub id: String,
    pub kind: String,
    pub target: String,
}

/// What stands in XML.
pub enum Node<'a> {
    Begin(&'a BytesStart<'a>),
    /// Text without what stands in it as a reference (`&quot;`).
    Text(&'a str),
    End(&'a BytesStart<'a>),
}

impl<'a> Package<'a> {
    /// None where the file is no archive.
    pub fn open(file: &'a [u8]) -> Option<Self> {
        ZipArchive::new(Cursor::new(file)).ok().map(Self)
    }

    /// Where a part leads; an empty path is the file itself.
    pub fn links(&mut self, path: &str) -> Option<Vec<Link>> {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let mut links = Vec::new();
        let own = format!("{folder}/_rels/{name}.rels");
        each(&self.part(own.trim_start_matches('/'))?, |element, end| {
            if !end && element.local_name().as_ref() == "Relationship" {
                let text = |name| attribute(element, name).unwrap_or_default();
                links.push(Link { id: text("Id"), kind: text("Type"), target: text("Target") });
            }
        });
        Some(links)
    }

    /// The text of a part.
    pub fn part(&mut self, path: &str) -> Option<String> {
        let named = |archive: &ZipArchive<_>| {
            let mut names = archive.file_names().filter_map(Result::ok);
            names.find(|name| is_same(name, path)).map(std::borrow::Cow::into_owned)
        };
        let name = named(&self.0)?;
        let mut bytes = Vec::new();
        self.0.by_name(&name).ok()?.read_to_end(&mut bytes).ok()?;
        [Charset::Utf8, Charset::Utf16Le, Charset::Utf16Be].iter().find_map(|charset| charset.text(&bytes))
    }
}

/// Are these two names of one part?
pub fn is_same(one: &str, other: &str) -> bool {
    let plain = |name: &str| name.replace('\\', "/").trim_start_matches('/').to_ascii_lowercase();
    plain(one) == plain(other)
}

/// Where a link of this part leads, from the root.
pub fn resolved(part: &str, target: &str) -> String {
    if let Some(path) = target.strip_prefix('/') {
        return path.to_owned();
    }
    let mut folders: Vec<&str> = part.split('/').collect();
    folders.pop();
    for step in target.split('/') {
        match step {
            ".." => drop(folders.pop()),
            "." => {}
            step => folders.push(step),
        }
    }
    folders.join("/")
}

/// `B7` as row and column from 0.
pub fn position(text: &str) -> Option<(u32, u32)> {
    let text = text.replace('$', "");
    let split = text.find(|c: char| c.is_ascii_digit())?;
    let (letters, digits) = text.split_at(split);
    let column = letters.bytes().try_fold(0_u32, |sum, letter| {
        let value = u32::from(letter.to_ascii_uppercase().checked_sub(b'A')?) + 1;
        sum.checked_mul(26)?.checked_add(value)
    })?;
    Some((digits.parse::<u32>().ok()?.checked_sub(1)?, column.checked_sub(1)?))
}

/// Hands over every element, at its begin and at its end; what is broken ends it, and the reader of values says so.
pub fn each(xml: &str, mut with: impl FnMut(&BytesStart<'_>, bool)) {
    walk(xml, |node| match node {
        Node::Begin(element) => with(element, false),
        Node::End(element) => with(element, true),
        Node::Text(_) => {}
    });
}

/// The same with what stands between them.
pub fn walk(xml: &str, mut with: impl FnMut(Node<'_>)) {
    let mut reader = Reader::from_str(xml);
    reader.config_mut().check_end_names = false;
    loop {
        match reader.read_event() {
            Ok(Event::Start(element)) => with(Node::Begin(&element)),
            Ok(Event::Empty(element)) => {
                with(Node::Begin(&element));
                with(Node::End(&element));
            }
            Ok(Event::End(element)) => with(Node::End(&BytesStart::new(element.name().as_ref()))),
            Ok(Event::Text(text)) => with(Node::Text(&text)),
            Ok(Event::Eof) | Err(_) => return,
            Ok(_) => {}
        }
    }
}

/// By its name without the namespace.
pub fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let found =
        element.attributes().flatten().find(|attribute| attribute.key.local_name().as_ref() == name)?;
    found.normalized_value(XmlVersion::Explicit1_0).ok().map(std::borrow::Cow::into_owned)
}
