//! The link between the server and the load: loopback, or two virtual network cards with the server in a namespace.
//!
//! Over loopback whoever sends does the receivers' work in the kernel too. Between the cards that work is steered to the
//! cores of the load, as it is when receivers are other machines; namespaces need root and the program `ip`.

use clap::ValueEnum;
use nix::sched::{CloneFlags, setns};
use std::{
    ffi::{OsStr, OsString},
    fs::{self, File},
    net::{IpAddr, Ipv4Addr},
    process::{self, Command},
};

/// What a link is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LinkKind {
    /// The interface of a machine to itself.
    Loopback,
    /// A pair of virtual Ethernet cards.
    Veth,
}

/// A link that stands.
#[derive(Debug)]
pub struct Link {
    /// Where the server listens.
    pub server: Ipv4Addr,
    /// Where the load's sockets are.
    pub load: Ipv4Addr,
    namespace: Option<Namespace>,
}

impl Link {
    /// Makes one whose receiving is done on the cores of the load.
    ///
    /// # Errors
    /// Where namespaces are not permitted.
    pub fn new(kind: LinkKind, cores: &[usize]) -> Result<Self, String> {
        match kind {
            LinkKind::Loopback => Ok(Self::loopback()),
            LinkKind::Veth => Self::veth(cores),
        }
    }

    /// Loopback, which is always there.
    pub const fn loopback() -> Self {
        Self { server: Ipv4Addr::LOCALHOST, load: Ipv4Addr::LOCALHOST, namespace: None }
    }

    fn veth(cores: &[usize]) -> Result<Self, String> {
        // Of the range for measurements (RFC 2544).
        let (server, load) = (Ipv4Addr::new(198, 18, 0, 1), Ipv4Addr::new(198, 18, 0, 2));
        let name = format!("viva-{}", process::id());
        let (near, far) = (format!("vl{}", process::id()), format!("vs{}", process::id()));
        ip(&["netns", "add", &name])?;
        let namespace = Namespace { name, card: near };
        let (name, near) = (namespace.name.as_str(), namespace.card.as_str());
        ip(&["link", "add", near, "type", "veth", "peer", "name", &far, "netns", name])?;
        ip(&["address", "add", &format!("{load}/30"), "dev", near])?;
        ip(&["link", "set", near, "up"])?;
        ip(&["-n", name, "address", "add", &format!("{server}/30"), "dev", &far])?;
        ip(&["-n", name, "link", "set", &far, "up"])?;
        ip(&["-n", name, "link", "set", "lo", "up"])?;
        let cores = cores.iter().filter(|core| **core < 32).fold(0_u32, |mask, core| mask | 1 << core);
        let steering = format!("/sys/class/net/{near}/queues/rx-0/rps_cpus");
        fs::write(&steering, format!("{cores:x}")).map_err(|error| format!("{steering}: {error}"))?;
        Ok(Self { server, load, namespace: Some(namespace) })
    }

    /// Where the socket of a client has to be that talks to this server. Over loopback it has the server's own address: a
    /// server that is bound to an interface reaches no other address of its machine.
    pub fn local(&self, server: IpAddr) -> IpAddr {
        self.namespace.as_ref().map_or(server, |_| self.load.into())
    }

    /// What it is called in a report, if it is not loopback.
    pub fn name(&self) -> Option<&'static str> {
        self.namespace.as_ref().map(|_| "veth")
    }

    /// The calling thread is at the server's end from now on.
    ///
    /// # Errors
    /// Where it may not be.
    pub fn enter(&self) -> Result<(), String> {
        let Some(Namespace { name, .. }) = &self.namespace else { return Ok(()) };
        let file = File::open(format!("/run/netns/{name}")).map_err(|error| format!("{name}: {error}"))?;
        setns(file, CloneFlags::CLONE_NEWNET).map_err(|error| format!("{name}: {error}"))
    }

    /// The command that runs a program at the server's end.
    pub fn command(&self, program: &OsStr, arguments: &[String]) -> (OsString, Vec<OsString>) {
        let arguments = arguments.iter().map(OsString::from);
        let Some(Namespace { name, .. }) = &self.namespace else {
            return (program.to_owned(), arguments.collect());
        };
        let before = ["netns", "exec", name].map(OsString::from);
        ("ip".into(), before.into_iter().chain([program.to_owned()]).chain(arguments).collect())
    }
}

/// A namespace, and the card outside of it that leads there.
#[derive(Debug)]
struct Namespace {
    name: String,
    card: String,
}

impl Drop for Namespace {
    fn drop(&mut self) {
        // The other card goes with this one, and at once: a namespace may take its time. There is none where making it failed.
        let _ = ip(&["link", "delete", &self.card]);
        if let Err(error) = ip(&["netns", "delete", &self.name]) {
            tracing::warn!(%error, "a namespace stays behind");
        }
    }
}

fn ip(arguments: &[&str]) -> Result<(), String> {
    let output = Command::new("ip").args(arguments).output().map_err(|error| format!("ip: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("ip {}: {}", arguments.join(" "), String::from_utf8_lossy(&output.stderr).trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn over_loopback_the_server_is_started_as_it_is() {
        let (program, arguments) = Link::loopback().command("viva".as_ref(), &["serve".to_owned()]);
        assert_eq!((program, arguments), ("viva".into(), vec!["serve".into()]));
    }
}
