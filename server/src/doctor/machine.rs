//! The machine: its clock, its kernel, its disk.

use super::{Check, Finding};
use crate::{clock::unix_time, descriptors, disk::Disk, random, settings::Settings};
use quinn_udp::{UdpSockRef, UdpSocketState};
use std::{
    fs,
    net::{Ipv4Addr, UdpSocket},
    time::Duration,
};

/// What a shard asks for, each way.
const BUFFER: u64 = 4 << 20;
/// Fewer open files are too few for a hall of 200 candidates.
const FILES: usize = 4096;
/// Clocks of two machines that differ by more are wrong: certificates, tokens and times in the audit go by them.
const APART: Duration = Duration::from_secs(5);
const APART_FAR: Duration = Duration::from_secs(120);
/// The setting that makes room, as a file of this repository.
const SYSCTL: &str = "cp deploy/sysctl/60-viva.conf /etc/sysctl.d/ && sysctl --system";

/// The clock against those of the database and of the ACME server, where there are such.
pub async fn clock(settings: &Settings) -> Vec<Finding> {
    let mut compared = Vec::new();
    if let Some(theirs) = super::services::database_time(settings).await {
        compared.push(("the database", theirs));
    }
    if !settings.domain.0.is_empty()
        && let Some(theirs) = super::names::date_of(settings, &settings.acme_directory).await
    {
        compared.push(("the ACME server", theirs));
    }
    let own = unix_time();
    let apart = |theirs: Duration| own.abs_diff(theirs);
    let Some((who, theirs)) = compared.iter().copied().max_by_key(|(_, theirs)| apart(*theirs)) else {
        return vec![Finding::ok(Check::Clock, "there is no other clock here to compare this one with")];
    };
    let apart = apart(theirs);
    let detail = format!("{} s from the clock of {who}", apart.as_secs());
    let remedy = "timedatectl set-ntp true";
    vec![match apart {
        apart if apart > APART_FAR => Finding::wrong(Check::Clock, detail, remedy),
        apart if apart > APART => Finding::warning(Check::Clock, detail, remedy),
        _ => Finding::ok(Check::Clock, detail),
    }]
}

/// Buffers, segmentation offload, open files.
pub fn kernel() -> Vec<Finding> {
    let granted = |name: &str| {
        let text = fs::read_to_string(format!("/proc/sys/net/core/{name}")).ok()?;
        text.trim().parse::<u64>().ok()
    };
    let least = ["rmem_max", "wmem_max"].into_iter().filter_map(granted).min();
    let buffers = match least {
        Some(bytes) if bytes < BUFFER => Finding::warning(
            Check::Kernel,
            format!("sockets get {} KiB at most: a burst of key frames overflows them", bytes / 1024),
            SYSCTL,
        ),
        Some(bytes) => Finding::ok(Check::Kernel, format!("sockets get up to {} KiB", bytes / 1024)),
        None => Finding::ok(Check::Kernel, "this kernel does not say what sockets get"),
    };
    let segments = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))
        .and_then(|socket| UdpSocketState::new(UdpSockRef::from(&socket)))
        .map_or(1, |state| state.max_gso_segments());
    let offload = if segments > 1 {
        Finding::ok(Check::Kernel, format!("UDP leaves in runs of up to {segments} packets"))
    } else {
        let detail = "no UDP segmentation offload: each packet is sent alone, at some times the CPU";
        Finding::warning(Check::Kernel, detail, "use Linux 4.18 or newer, without a sandbox such as gVisor")
    };
    let files = descriptors::raise();
    let open = if files < FILES {
        let detail = format!("{files} files may be open: too few for a hall of candidates");
        Finding::warning(Check::Kernel, detail, "LimitNOFILE=1048576 in the unit, or ulimit -n 65536")
    } else {
        Finding::ok(Check::Kernel, format!("{files} files may be open"))
    };
    vec![buffers, offload, open]
}

/// The disk of the data directory: can it be written, and is there room?
pub fn disk(settings: &Settings) -> Finding {
    let folder = settings.data_dir.display();
    // Before the first start the folder may not be there, and the one above it counts.
    let there = settings.data_dir.ancestors().find(|folder| folder.is_dir() || folder.as_os_str().is_empty());
    let there = match there {
        Some(there) if !there.as_os_str().is_empty() => there,
        _ => std::path::Path::new("."),
    };
    let trial = there.join(format!(".viva-doctor-{}", random::hex::<8>()));
    if let Err(error) = fs::write(&trial, b"doctor").and_then(|()| fs::remove_file(&trial)) {
        let detail = format!("`data_dir` is {folder}, and {} cannot be written: {error}", there.display());
        return Finding::wrong(
            Check::Disk,
            detail,
            "look as the account that viva runs as, or set `data_dir`",
        );
    }
    match Disk::of(there) {
        Err(error) => Finding::warning(Check::Disk, format!("{folder}: {error}"), "df -h"),
        Ok(disk) if disk.free < settings.disk_low.saturating_mul(1 << 20) => Finding::warning(
            Check::Disk,
            format!("{disk} are free on the disk of {folder}"),
            "make room: df -h; the setting `disk_low` says when it is low",
        ),
        Ok(disk) => Finding::ok(Check::Disk, format!("{disk} are free on the disk of {folder}")),
    }
}
