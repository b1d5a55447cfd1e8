"""deploy/systemd/viva.service: verified by systemd itself, and its command run as it says.

No systemd runs the test, so what only systemd's own start can show (the filter of system calls) is checked by its
reading of the file alone.
"""

import configparser
import resource
import shutil
import subprocess

from compose import caddy
from front import NAME, walk
from machine import ROOT, check

FILE = ROOT / "deploy/systemd/viva.service"
ALONE = ROOT / "deploy/systemd/alone.conf"
# Of 100, the less the better; systemd calls up to 40 "OK" and up to 20 "safe" for a service that needs the network.
EXPOSURE = 20


def run(machine):
    """Reads the file as systemd does, then starts its command as its account and asks from outside."""
    verify(machine)
    unit = configparser.ConfigParser(strict=False, interpolation=None, dict_type=Entries)
    unit.optionxform = str
    unit.read(FILE, encoding="utf-8")
    service = unit["Service"]
    state = machine.folder / "systemd"
    state.mkdir(mode=0o777)
    words = [line.replace("%S", str(state)) for line in service["Environment"].split("\n") if line]
    settings = dict(word.split("=", 1) for word in words)
    (state / "viva").mkdir(mode=int(service["StateDirectoryMode"], 8))
    shutil.chown(state / "viva", 61_184, 61_184)
    # A container may be given less than the file asks for.
    files = min(int(service["LimitNOFILE"]), resource.getrlimit(resource.RLIMIT_NOFILE)[1])
    # DynamicUser= takes an account of this range; NoNewPrivileges=, CapabilityBoundingSet=, LimitNOFILE=, UMask=.
    before = ["prlimit", f"--nofile={files}:{files}", "setpriv", "--reuid=61184", "--regid=61184", "--clear-groups"]
    before += ["--no-new-privs", "--bounding-set=-all", "sh", "-c", f'umask {service["UMask"]}; exec "$@"', "sh"]
    check(service["ExecStart"] == "/usr/local/bin/viva", f"the command is {service['ExecStart']}")
    # As /etc/viva/environment would.
    settings["VIVA_PUBLIC_URL"] = f"https://{NAME}"
    process = machine.start([machine.program], settings, before=before, cwd=state / "viva")
    machine.start(caddy(ROOT / "deploy/Caddyfile"), {"VIVA_DOMAIN": NAME})
    walk(machine, process)
    kept = (state / "viva").stat().st_mode & 0o777, (state / "viva/viva.db").stat().st_mode & 0o777
    check(kept == (0o700, 0o600), f"others can read what is kept: {kept}")
    process.terminate()
    check(process.wait(30) == 0, f"it did not end well: {process.log.read_text(errors='replace')}")


def verify(machine):
    """`systemd-analyze verify` and `security`, in a root of its own."""
    root = machine.folder / "root"
    (root / "usr/local/bin").mkdir(parents=True)
    (root / "etc/systemd/system").mkdir(parents=True)
    shutil.copy(machine.program, root / "usr/local/bin/viva")
    # Of the package procps, which this machine need not have.
    (root / "bin").mkdir()
    (root / "bin/kill").write_text("#!/bin/sh\n")
    (root / "bin/kill").chmod(0o755)
    unit = root / "etc/systemd/system/viva.service"
    shutil.copy(FILE, unit)
    judge(root, unit)
    # The same without a proxy.
    extra = root / "etc/systemd/system/viva.service.d"
    extra.mkdir()
    shutil.copy(ALONE, extra)
    joined = machine.folder / "viva.service"
    joined.write_text(FILE.read_text(encoding="utf-8") + ALONE.read_text(encoding="utf-8"), encoding="utf-8")
    judge(root, joined)


def judge(root, unit):
    """What systemd says of the service in this root, and of how much the whole of it may."""
    command = ["systemd-analyze", f"--root={root}", "--man=no", "verify", "viva.service"]
    done = subprocess.run(command, capture_output=True, text=True)
    own = [line for line in done.stderr.splitlines() if "viva.service" in line and "not found" not in line]
    check(not own, "systemd finds fault:\n" + "\n".join(own))
    command = ["systemd-analyze", "security", "--offline=true", "--no-pager", f"--threshold={EXPOSURE}", str(unit)]
    done = subprocess.run(command, capture_output=True, text=True)
    check(done.returncode == 0, f"the service may more than it needs: {done.stdout[-400:]}{done.stderr[-400:]}")


class Entries(dict):
    """Keys that stand several times add up, as in the files of systemd."""

    def __setitem__(self, key, value):
        if key in self and isinstance(value, list) and isinstance(self[key], list):
            value = self[key] + value
        super().__setitem__(key, value)
