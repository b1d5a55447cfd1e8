//! Debian's package of Janus: where its program and its modules are, and where it listens for media.

use nix::{ifaddrs::getifaddrs, net::if_::InterfaceFlags};
use std::{
    fs,
    net::Ipv4Addr,
    path::{Path, PathBuf},
};

/// Where Debian installs the program.
const PROGRAM: &str = "/usr/bin/janus";
/// Where the folder of each architecture is.
const LIBRARIES: &str = "/usr/lib";
pub const PLUGIN: &str = "libjanus_videoroom.so";
/// Its API by WebSocket.
pub const TRANSPORT: &str = "libjanus_websockets.so";

/// What is installed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    pub program: PathBuf,
    pub plugin: PathBuf,
    /// The API by WebSocket.
    pub transport: PathBuf,
}

impl Package {
    /// Looks for it.
    ///
    /// # Errors
    /// Says which package to install.
    pub fn find() -> Result<Self, String> {
        Self::find_in(Path::new(PROGRAM), Path::new(LIBRARIES)).ok_or_else(|| {
            "Janus is not installed: `apt-get install --no-install-recommends janus`, or leave out `--peer janus`"
                .to_owned()
        })
    }

    fn find_in(program: &Path, libraries: &Path) -> Option<Self> {
        let mut folders = fs::read_dir(libraries).ok()?.flatten().map(|entry| entry.path().join("janus"));
        let found = folders.find_map(|folder| {
            let plugin = folder.join("plugins").join(PLUGIN);
            let transport = folder.join("transports").join(TRANSPORT);
            (plugin.exists() && transport.exists()).then_some((plugin, transport))
        });
        let (plugin, transport) = found.filter(|_| program.exists())?;
        Some(Self { program: program.to_owned(), plugin, transport })
    }
}

/// An address for media: Janus takes no loopback interface, and traffic of a machine to its own address stays in the
/// machine all the same.
///
/// # Errors
/// Where there is no other interface.
pub fn media_address() -> Result<Ipv4Addr, String> {
    let interfaces = getifaddrs().map_err(|error| format!("the addresses of this machine: {error}"))?;
    let wanted = InterfaceFlags::IFF_UP | InterfaceFlags::IFF_RUNNING;
    let mut usable = interfaces.filter(|interface| {
        interface.flags.contains(wanted) && !interface.flags.contains(InterfaceFlags::IFF_LOOPBACK)
    });
    usable.find_map(|interface| Some(interface.address?.as_sockaddr_in()?.ip())).ok_or_else(|| {
        "Janus sends no media by the loopback interface, and this machine has no other with an IPv4 address: add one, \
         for example with `ip link add bench type dummy`, `ip address add 10.99.0.1/24 dev bench`, `ip link set bench up`"
            .to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_modules_are_found_in_the_folder_of_any_architecture() {
        let folder = std::env::temp_dir().join(format!("viva-bench-package-{}", std::process::id()));
        let janus = folder.join("some-linux-gnu").join("janus");
        for (place, module) in [("plugins", PLUGIN), ("transports", TRANSPORT)] {
            fs::create_dir_all(janus.join(place)).expect("a folder");
            fs::write(janus.join(place).join(module), []).expect("a file");
        }
        let (program, none) = (janus.join("plugins").join(PLUGIN), folder.join("janus"));
        let found = Package::find_in(&program, &folder);
        assert_eq!(found.map(|package| package.transport), Some(janus.join("transports").join(TRANSPORT)));
        assert_eq!(Package::find_in(&none, &folder), None, "modules without a program");
        fs::remove_dir_all(&folder).expect("the folder of this test");
    }
}
