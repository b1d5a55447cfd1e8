"""Clients of other makers against a real server: each publishes and receives, decoded where the client decodes.

`run.py` is the part of `make test`; `run.py --all` the whole matrix; `--only` the rooms whose name matches.
"""

import argparse
import re
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.append(str(HERE.parent / "api"))
from server import Server as ApiServer, program  # noqa: E402

import handshake  # noqa: E402
from clients import Client  # noqa: E402
from matrix import QUICK, REST  # noqa: E402
from whip import ask  # noqa: E402

# A busy machine is slow, not wrong: the media's own time is what counts.
PATIENCE = 100.0
AT_ONCE = 3


class Server(ApiServer):
    """The server of tests/api, with tokens for any seat and its metrics."""

    def token(self, room, name):
        command = [program(), "token", "--room", room, "--name", name, "--publish", "--subscribe"]
        done = subprocess.run(command, env=self.environment, check=True, capture_output=True, text=True)
        return done.stdout.splitlines()[0]

    def metrics(self):
        return ask("GET", f"{self.url}/metrics")[1]


def main():
    options = arguments()
    began = time.monotonic()
    chosen = [scene for scene in QUICK + (REST if options.all else []) if re.search(options.only, scene.room)]
    batches = [[scene for scene in chosen if scene in QUICK]]
    rest = [scene for scene in chosen if scene not in QUICK]
    batches += [rest[start : start + AT_ONCE] for start in range(0, len(rest), AT_ONCE)]
    with Server() as server:
        faults = [] if options.only else handshake.faults(server, server.token("handshakes", "openssl"))
        for batch in batches:
            faults += play(server, batch) if batch else []
        faults += [f"in the log: {line}" for line in server.log().splitlines() if re.search("panicked|ERROR", line)]
        if faults:
            warnings = [line for line in server.log().splitlines() if " WARN " in line]
            print("\n".join(warnings[-20:]), file=sys.stderr)
    for fault in faults:
        print(f"✗ {fault}", file=sys.stderr)
    print(f"{len(faults)} faults after {time.monotonic() - began:.0f} s.")
    sys.exit(1 if faults else 0)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", action="store_true", help="the whole matrix")
    parser.add_argument("--only", default="", help="rooms whose name matches")
    return parser.parse_args()


def play(server, scenes):
    """Runs the scenes at the same time; what was not as it should be."""
    running = []
    for scene in scenes:
        publisher = Client(scene.publisher, "whip", server, scene.room, scene.flags)
        receivers = [
            Client(stack, "whep", server, scene.room, [*flags, "--seconds", str(scene.seconds)])
            for stack, flags in scene.receivers
        ]
        running.append((scene, publisher, receivers))
    end = time.monotonic() + PATIENCE + max(scene.seconds for scene in scenes)
    for _, _, receivers in running:
        for receiver in receivers:
            receiver.wait(end - time.monotonic())
    faults = []
    for scene, publisher, receivers in running:
        for client in [*receivers, publisher]:
            client.stop()
        fault = publisher.fault_of_publisher()
        faults += [fault] if fault else []
        for receiver in receivers:
            wrong = receiver.faults_of_receiver(scene.seconds)
            faults += [*wrong, f"its publisher said: {publisher.told()}"] if wrong else []
            media = (receiver.end() or {}).get("media", {})
            counts = ", ".join(f"{seen['frames']} {kind} in {seen['seconds']:.1f} s" for kind, seen in media.items())
            print(f"{'✗' if wrong else '✓'} {receiver.name}: {counts}", flush=True)
    return faults


main()
