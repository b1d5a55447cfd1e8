//! Janus' configuration: a folder of its own with what must be said, and everything else as Janus has it by itself.

use super::package::{PLUGIN, Package, TRANSPORT};
use std::{
    env, fs, io,
    net::Ipv4Addr,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
};

/// What must be said.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// The port of its API.
    pub port: u16,
    /// Where it sends media from.
    pub media: Ipv4Addr,
    /// Threads that all connections share; as shipped, each has its own.
    pub event_loops: Option<usize>,
}

/// A configuration that is there as long as this is.
pub struct Folder {
    /// Where it is.
    pub path: PathBuf,
}

impl Folder {
    /// Writes the configuration.
    ///
    /// # Errors
    /// Where that fails.
    pub fn write(package: &Package, settings: Settings) -> Result<Self, String> {
        let path = env::temp_dir().join(format!("viva-bench-janus-{}", settings.port));
        let folder = Self { path };
        folder.fill(package, settings).map_err(|error| format!("{}: {error}", folder.path.display()))?;
        Ok(folder)
    }

    fn fill(&self, package: &Package, settings: Settings) -> io::Result<()> {
        // One of a run that was killed.
        let _ = fs::remove_dir_all(&self.path);
        // Folders with nothing but the modules that are used: what is not there is not loaded.
        for folder in ["plugins", "transports", "events", "loggers"] {
            fs::create_dir_all(self.path.join(folder))?;
        }
        symlink(&package.plugin, self.path.join("plugins").join(PLUGIN))?;
        symlink(&package.transport, self.path.join("transports").join(TRANSPORT))?;
        fs::write(self.path.join("janus.jcfg"), core(&self.path, settings))?;
        fs::write(self.path.join("janus.transport.websockets.jcfg"), transport(settings.port))?;
        fs::write(self.path.join("janus.plugin.videoroom.jcfg"), VIDEOROOM)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // It lies where the system cleans up by itself.
        let _ = fs::remove_dir_all(&self.path);
    }
}

/// Rooms have names here, not numbers.
const VIDEOROOM: &str = "general: {\n\tstring_ids = true\n}\n";

fn core(folder: &Path, settings: Settings) -> String {
    let folder = folder.display();
    let loops = settings.event_loops.map_or_else(String::new, |count| format!("\tevent_loops = {count}\n"));
    // A lite agent spares the checks towards each client, as our own server does. A session ends with its WebSocket; if it
    // ended by time too, a machine that stands still for a minute would have an empty server to measure.
    format!(
        "general: {{\n\
         \tconfigs_folder = \"{folder}\"\n\
         \tplugins_folder = \"{folder}/plugins\"\n\
         \ttransports_folder = \"{folder}/transports\"\n\
         \tevents_folder = \"{folder}/events\"\n\
         \tloggers_folder = \"{folder}/loggers\"\n\
         \tdebug_level = 3\n\
         \tdebug_colors = false\n\
         \tsession_timeout = 0\n\
         {loops}}}\n\
         nat: {{\n\
         \tice_lite = true\n\
         \tice_enforce_list = \"{}\"\n\
         }}\n",
        settings.media
    )
}

fn transport(port: u16) -> String {
    format!(
        "general: {{\n\tjson = \"compact\"\n\tws = true\n\tws_port = {port}\n\tws_ip = \"127.0.0.1\"\n}}\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const SETTINGS: Settings =
        Settings { port: 18_188, media: Ipv4Addr::new(192, 0, 2, 7), event_loops: None };

    #[test]
    fn as_shipped_nothing_is_said_of_threads() {
        let text = core(Path::new("/somewhere"), SETTINGS);
        assert!(!text.contains("event_loops"), "{text}");
        assert!(text.contains("\tice_enforce_list = \"192.0.2.7\"\n"), "{text}");
        let text = core(Path::new("/somewhere"), Settings { event_loops: Some(1), ..SETTINGS });
        assert!(text.contains("\tevent_loops = 1\n"), "{text}");
    }

    #[test]
    fn the_folder_has_one_plugin_and_one_transport_and_goes_with_its_owner() {
        let module = env::temp_dir();
        let package = Package { program: module.clone(), plugin: module.clone(), transport: module };
        let folder = Folder::write(&package, SETTINGS).expect("a folder");
        let path = folder.path.clone();
        let inside = |name: &str| fs::read_dir(path.join(name)).expect("a folder").count();
        assert_eq!((inside("plugins"), inside("transports"), inside("events")), (1, 1, 0));
        let text = fs::read_to_string(path.join("janus.transport.websockets.jcfg")).expect("a file");
        assert!(text.contains("ws_port = 18188"), "{text}");
        drop(folder);
        assert!(!path.exists());
    }
}
