//! Puts the address of this server into a build, beside what was signed.

use super::System;
use std::io::{Cursor, Write};
use zip::{
    CompressionMethod, DateTime, ZipArchive, ZipWriter,
    result::{ZipError, ZipResult},
    write::SimpleFileOptions,
};

/// The setup of the build for Windows.
const SETUP: &str = "Viva-Setup.exe";
/// Where the app of macOS looks for the address.
const IN_BUNDLE: &str = "Viva.app/Contents/Resources/server";
/// Members of a zip that is one of ours, at most.
const MEMBERS: usize = 64;

/// The build with the address, the same bytes each time; nothing where its system has no place for one.
///
/// # Errors
/// It is no zip, or has no such setup.
pub(super) fn stamped(system: System, data: &[u8], address: &str) -> ZipResult<Option<Vec<u8>>> {
    match system {
        System::Windows => windows(data, address).map(Some),
        System::Macos => rewritten(data, &[(IN_BUNDLE, &format!("{address}\n"))], str::to_owned).map(Some),
        System::LinuxDeb | System::LinuxRpm => Ok(None),
    }
}

/// A file beside the setup, and the address in the setup's own name: who starts it out of the opened zip starts it alone.
fn windows(data: &[u8], address: &str) -> ZipResult<Vec<u8>> {
    let ini = format!("[server]\r\naddress={address}\r\n");
    let host = address.split_once("://").map_or(address, |(_, host)| host).replace(':', "_");
    // A setup takes an address without a scheme as https, but for this machine itself.
    let is_usual =
        address.starts_with("https://") != matches!(host.split('_').next(), Some("localhost" | "127.0.0.1"));
    rewritten(data, &[("viva.ini", &ini)], |name| match name {
        SETUP if is_usual => format!("Viva-Setup@{host}.exe"),
        name => name.to_owned(),
    })
}

/// The same members by other names, and more of them.
fn rewritten(data: &[u8], more: &[(&str, &str)], renamed: impl Fn(&str) -> String) -> ZipResult<Vec<u8>> {
    let mut old = ZipArchive::new(Cursor::new(data))?;
    if old.len() > MEMBERS {
        return Err(ZipError::InvalidArchive("too many members".into()));
    }
    let mut new = ZipWriter::new(Cursor::new(Vec::with_capacity(data.len() + 1024)));
    let mut at = DateTime::default();
    for index in 0..old.len() {
        let member = old.by_index_raw(index)?;
        at = member.last_modified().unwrap_or(at);
        let name = renamed(&member.name()?);
        new.raw_copy_file_rename(member, name)?;
    }
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(at)
        .unix_permissions(0o644);
    for (name, text) in more {
        new.start_file(*name, options)?;
        new.write_all(text.as_bytes())?;
    }
    Ok(new.finish()?.into_inner())
}
