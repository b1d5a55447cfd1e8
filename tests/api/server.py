"""A real `viva serve --demo` of the test's own: free ports, a data directory that goes with it."""

import os
import re
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import requests

ROOT = Path(__file__).resolve().parents[2]
# Debug builds on two busy cores take their time.
PATIENCE = 60.0


def program():
    """The program under test: `VIVA_BIN`, else what cargo built last for development."""
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    named = os.environ.get("VIVA_BIN")
    for path in [Path(named)] if named else [target / "debug/viva", target / "release/viva"]:
        if path.exists():
            return path
    raise SystemExit("viva is not built: cargo build --package viva-server --bin viva")


class Server:
    """A server that runs within a `with`."""

    def __enter__(self):
        self.data = Path(tempfile.mkdtemp(prefix="viva-api-"))
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        settings = {
            "LISTEN": f"127.0.0.1:{port}",
            "DATA_DIR": str(self.data),
            "MEDIA_PORT": "0",
            "SHARDS": "1",
            # Limits count by address. Here is the proxy in front, and each call comes from an address of its own.
            "TRUSTED_PROXIES": "127.0.0.1",
            # One candidate and one administrator ask for all.
            "SEAT_RATE": "100000",
            "SEAT_BURST": "100000",
            "LOG": os.environ.get("VIVA_LOG", "warn"),
        }
        known = {name: value for name, value in os.environ.items() if not name.startswith("VIVA_")}
        self.environment = known | {f"VIVA_{name}": value for name, value in settings.items()}
        self.log_path = self.data / "log"
        with self.log_path.open("wb") as log:
            self.process = subprocess.Popen(
                [program(), "serve", "--demo"],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        try:
            self.password = self.until_ready()
        except BaseException:
            self.__exit__()
            raise
        return self

    def until_ready(self):
        """Waits until the demo is there; the administrator's password."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and self.process.poll() is None:
            told = re.search(r"account admin, password (\S+)", self.log())
            try:
                if told and requests.get(f"{self.url}/readyz", timeout=5).ok:
                    return told[1]
            except requests.ConnectionError:
                pass
            time.sleep(0.05)
        raise SystemExit(f"viva did not start:\n{self.log()}")

    def token(self, room, name):
        """A token for the seat of this name, which may send and receive."""
        command = [program(), "token", "--room", room, "--name", name, "--publish", "--subscribe"]
        done = subprocess.run(command, env=self.environment, check=True, capture_output=True, text=True)
        return done.stdout.splitlines()[0]

    def log(self):
        """What it has logged so far."""
        return self.log_path.read_text(errors="replace")

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.data, ignore_errors=True)
