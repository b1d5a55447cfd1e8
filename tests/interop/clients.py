"""Clients as processes: how each is started, what it has said, and whether what it received is right."""

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import imageio_ffmpeg

HERE = Path(__file__).resolve().parent
# GStreamer's bindings belong to the system's Python; the others have an environment of their own.
COMMANDS = {
    "aiortc": [sys.executable, "aiortc_client.py"],
    "ffmpeg": [sys.executable, "ffmpeg_client.py"],
    "gstreamer": ["/usr/bin/python3", "gstreamer_client.py"],
    "node-datachannel": ["node", "node_datachannel_client.js"],
    "werift": ["node", "werift_client.js"],
}
# Pictures and pieces of sound a second, as every publisher here sends them.
RATES = {"video": 10, "audio": 50}
SIZE = "320x240"
# Key frames that one publisher is asked for: a few for each receiver that comes, and not one for every frame.
ASKS = 15
# The tone of a publisher as aiortc decodes it; silence is below 100.
LOUD = 1000


class Client:
    """One client of one room, running from the moment that it is made."""

    def __init__(self, stack, way, server, room, flags=()):
        self.name = f"{stack} {'→' if way == 'whip' else '←'} {room}"
        self.said, self.stack = [], stack
        token = server.token(room, f"{stack}-{way}")
        program, script = COMMANDS[stack]
        command = [program, HERE / script, way, server.url, room, token, *flags]
        environment = os.environ | {"FFMPEG": imageio_ffmpeg.get_ffmpeg_exe(), "PYTHONDONTWRITEBYTECODE": "1"}
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, text=True
        )
        self.errors = []
        self.readers = [
            threading.Thread(target=self.read, daemon=True),
            threading.Thread(target=lambda: self.errors.extend(self.process.stderr), daemon=True),
        ]
        for reader in self.readers:
            reader.start()

    def read(self):
        for line in self.process.stdout:
            try:
                self.said.append(json.loads(line))
            except json.JSONDecodeError:
                self.errors.append(line)

    def wait(self, seconds):
        """Waits for its end, so long at most; whether it came."""
        try:
            self.process.wait(max(0.1, seconds))
        except subprocess.TimeoutExpired:
            return False
        for reader in self.readers:
            reader.join(5)
        return True

    def stop(self):
        """Tells it to end, and sees to it that it does."""
        if self.process.poll() is None:
            self.process.stdin.close()
        if not self.wait(20):
            self.process.kill()
            self.wait(10)

    def end(self):
        """What it said at its end; nothing where it has failed."""
        return next((line for line in self.said if line["what"] == "end"), None)

    def told(self):
        """All that it said, for a person."""
        said = " ".join(json.dumps(line) for line in self.said[-4:])
        return f"{said} {''.join(self.errors[-8:])}".strip()

    def fault_of_publisher(self):
        """Why it was no good publisher, if it was not."""
        end = self.end()
        if end is None or end.get("state", "connected") != "connected":
            return f"{self.name}: {self.told()}"
        if end.get("asks", 0) > ASKS:
            return f"{self.name}: asked for {end['asks']} key frames"
        return None

    def faults_of_receiver(self, seconds):
        """What is wrong with what it received: too little, with holes, of another size, or silent."""
        end = self.end()
        if end is None:
            return [f"{self.name}: {self.told()}"]
        faults = []
        for kind, seen in end["media"].items():
            expected = RATES[kind] * seen["seconds"]
            right = seen["seconds"] >= seconds and seen["frames"] >= 0.9 * expected
            right &= seen.get("missing", 0) <= 0.01 * expected
            right &= set(seen.get("sizes") or [SIZE]) == {SIZE} or kind == "audio"
            right &= self.stack != "aiortc" or kind == "video" or seen["peak"] >= LOUD
            faults += [] if right else [f"{self.name}: {kind} {seen}"]
        return faults
