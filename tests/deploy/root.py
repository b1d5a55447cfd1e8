"""A root file system of the test's own, in memory: Debian's smallest by debootstrap, in which programs run by themselves.

It is mounted where nobody but a process of this test sees it, and is gone with that process, whatever happens to the test.
"""

import os
import platform
import re
import subprocess
import time
from pathlib import Path

from machine import ROOT, check

# How long what debootstrap made is taken again, in seconds; what has changed since, apt brings.
FRESH = 30 * 24 * 3600
KEPT = ROOT / ".cache/debootstrap"
# As a container engine sets it.
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
# A process is the first of its own in the root, which it cannot write to; folders are mounted at their paths. In a mount
# namespace of its own, so that nothing of it stays.
ENTER = """
root=$1 folder=$2; shift 2
while [ "$1" != -- ]; do mount --bind "$1" "$root$2"; shift 2; done; shift
mount -o remount,bind,ro "$root"
mount -t proc proc "$root/proc"
exec chroot "$root" env --chdir="$folder" "$@"
"""


class Root:
    """Lives within a `with`; `release` is Debian's name for it."""

    def __init__(self, folder, release):
        self.folder, self.release = Path(folder), release

    def __enter__(self):
        self.folder.mkdir()
        mounted = 'mount -t tmpfs -o mode=755,size=2g root "$0" && echo && exec sleep infinity'
        command = ["setpriv", "--pdeathsig", "KILL", "unshare", "--mount", "--propagation", "private", "sh", "-c", mounted]
        self.holder = subprocess.Popen([*command, self.folder], stdout=subprocess.PIPE)
        try:
            check(self.holder.stdout.read(1) == b"\n", "no file system in memory can be mounted")
            self.within = ["nsenter", f"--mount=/proc/{self.holder.pid}/ns/mnt"]
            self.fill()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.holder.kill()
        self.holder.wait()
        self.holder.stdout.close()

    def fill(self):
        """What debootstrap makes, or has made lately; this machine's mirror and the way to it."""
        kept = KEPT / f"{self.release}-{platform.machine()}.tar"
        if kept.exists() and time.time() - kept.stat().st_mtime < FRESH:
            self.do("tar", "--extract", "--file", kept, "--directory", self.folder, "--numeric-owner")
        else:
            self.do("debootstrap", "--variant=minbase", self.release, self.folder, mirrors(self.release)[0][0])
            self.run("apt-get clean")
            KEPT.mkdir(parents=True, exist_ok=True)
            made = kept.with_suffix(f".{os.getpid()}")
            self.do("tar", "--create", "--file", made, "--directory", self.folder, "--one-file-system", "--numeric-owner", ".")
            made.rename(kept)
        self.write("etc/apt/sources.list", "".join(f"deb {url} {suite} main\n" for url, suite in mirrors(self.release)))
        self.write("etc/apt/apt.conf.d/machine", way())
        self.write("etc/resolv.conf", Path("/etc/resolv.conf").read_text(encoding="utf-8"))
        # As a container engine writes it.
        self.write("etc/hosts", "127.0.0.1 localhost\n::1 localhost\n")

    def do(self, *command, text=None):
        """Runs one of the machine's programs where the root is seen; what it writes."""
        words = list(map(str, [*self.within, *command]))
        done = subprocess.run(words, input=text, capture_output=True, text=True, errors="replace", cwd="/")
        check(done.returncode == 0, f"{' '.join(words)}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
        return done.stdout

    def run(self, script, environment=None):
        """Runs a line of a shell in the root, as RUN does."""
        variables = [f"{key}={value}" for key, value in ({"PATH": PATH, "HOME": "/root"} | (environment or {})).items()]
        return self.do("chroot", self.folder, "env", "--ignore-environment", *variables, "/bin/sh", "-c", script)

    def write(self, path, text):
        """A file of the root."""
        self.do("tee", self.folder / path, text=text)

    def enter(self, folder, mounts):
        """The command before another that runs it as a container would: in the folder, with others mounted at their paths."""
        for path in mounts:
            self.do("mkdir", "--parents", f"{self.folder}{path}")
        pairs = [str(part) for path, there in mounts.items() for part in (there, path)]
        own = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-ec", ENTER, "sh"]
        return [*self.within, *own, str(self.folder), folder, *pairs, "--"]


def first_of(process):
    """The number by which this machine knows the first process within. It answers, so it is what was to be started."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text(encoding="ascii").split()
    check(len(children) == 1, f"not one process was started, but {children}")
    return int(children[0])


def mirrors(release):
    """The addresses and suites of a release of Debian by which this machine is set up."""
    told = subprocess.run(["apt-get", "indextargets", "--format", "$(REPO_URI) $(RELEASE) $(COMPONENT)", "Created-By: Packages"],
                          capture_output=True, text=True, check=True).stdout
    lines = [line.split() for line in sorted(set(told.splitlines())) if line.endswith(" main")]
    known = [(url, suite) for url, suite, _ in lines if suite in (release, f"{release}-updates", f"{release}-security")]
    known.sort(key=lambda pair: len(pair[1]))
    check(known and known[0][1] == release, f"apt of this machine knows no {release}")
    return known


def way():
    """What apt of this machine says of the way to its mirrors."""
    told = subprocess.run(["apt-config", "dump"], capture_output=True, text=True, check=True).stdout
    return "".join(line + "\n" for line in told.splitlines() if re.match(r"Acquire::(http|https)::", line))


def codename():
    """Debian's name for what this machine runs; nothing where it is no Debian."""
    text = Path("/etc/os-release").read_text(encoding="utf-8")
    return (re.findall(r"(?m)^ID=debian$", text) and re.findall(r"(?m)^VERSION_CODENAME=(\w+)", text) or [""])[0]
