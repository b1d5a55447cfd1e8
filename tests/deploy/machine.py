"""A machine of the test's own: a network namespace with three addresses, in which programs run until the end."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Debug builds on two busy cores take their time.
PATIENCE = 60.0
# The machine's own, and two of people who come from elsewhere.
ADDRESS, FIRST, SECOND = "192.0.2.10", "198.51.100.7", "198.51.100.8"


class Fault(Exception):
    """Something is not as it should be; the sentence says what."""


def check(holds, sentence):
    """Ends this part of the test where it does not hold."""
    if not holds:
        raise Fault(sentence)


def program():
    """The program under test: `VIVA_BIN`, else what cargo built last for development."""
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    named = os.environ.get("VIVA_BIN")
    for path in [Path(named)] if named else [target / "debug/viva", target / "release/viva"]:
        if path.exists():
            return path
    raise SystemExit("viva is not built: cargo build --package viva-server --bin viva")


class Machine:
    """Lives within a `with`."""

    def __enter__(self):
        self.name = f"viva-deploy-{os.getpid()}"
        self.folder = Path(tempfile.mkdtemp(prefix="viva-deploy-"))
        self.folder.chmod(0o755)
        self.running = []
        # Whoever runs as an account of its own reads it too.
        self.program = self.folder / "viva"
        shutil.copy(program(), self.program)
        self.program.chmod(0o755)
        ip("netns", "add", self.name)
        for line in ["link set lo up", *(f"address add {a}/32 dev lo" for a in (ADDRESS, FIRST, SECOND))]:
            ip("-n", self.name, *line.split())
        return self

    def data(self, name, owner=0):
        """A data directory for a server that runs as this account."""
        folder = self.folder / name
        folder.mkdir(mode=0o700)
        os.chown(folder, owner, owner)
        return folder

    def start(self, command, environment, before=(), cwd=None):
        """Starts a program; what it writes is kept in its log. `before` is a command that runs the program."""
        log = self.folder / f"{len(self.running)}.log"
        within = ["ip", "netns", "exec", self.name, *before]
        known = {"PATH": os.environ["PATH"], "HOME": str(self.folder)}
        with log.open("wb") as out:
            process = subprocess.Popen(
                [*within, *map(str, command)],
                env=known | environment,
                cwd=cwd or self.folder,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
            )
        self.running.append(process)
        process.log = log
        return process

    def ask(self, url, *arguments, source=None):
        """The status and the text that curl gets."""
        command = ["ip", "netns", "exec", self.name, "curl", "--silent", "--show-error", "--max-time", "10"]
        command += ["--write-out", "\n%{http_code}", *(["--interface", source] if source else []), *arguments, url]
        done = subprocess.run(command, capture_output=True, text=True, errors="replace")
        text, _, status = done.stdout.rpartition("\n")
        return int(status or 0), text

    def exchange(self, kind, port, question):
        """What is answered to a few bytes; nothing where nobody does."""
        script = (
            "import socket, sys; s = socket.socket(socket.AF_INET, getattr(socket, sys.argv[1])); s.settimeout(5); "
            "s.connect((sys.argv[2], int(sys.argv[3]))); s.send(bytes.fromhex(sys.argv[4])); print(s.recv(2048).hex())"
        )
        command = ["ip", "netns", "exec", self.name, sys.executable, "-c", script, kind, ADDRESS, str(port), question.hex()]
        done = subprocess.run(command, capture_output=True, text=True)
        return bytes.fromhex(done.stdout.strip())

    def until_answered(self, process, url, *arguments):
        """Waits until it answers with success."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if process.poll() is not None:
                break
            if self.ask(url, *arguments)[0] == 200:
                return
            time.sleep(0.05)
        raise Fault(f"{url} does not answer:\n{process.log.read_text(errors='replace')}")

    def listeners(self):
        """Who listens by TCP, as `address:port`."""
        lines = subprocess.check_output(["ip", "netns", "exec", self.name, "ss", "-Htln"], text=True).splitlines()
        return {line.split()[3] for line in lines}

    def end(self):
        """Ends every program, politely first."""
        for process in reversed(self.running):
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.running.clear()

    def __exit__(self, *_):
        self.end()
        ip("netns", "delete", self.name)
        shutil.rmtree(self.folder, ignore_errors=True)


def ip(*arguments):
    """Runs iproute2."""
    subprocess.run(["ip", *arguments], check=True)
