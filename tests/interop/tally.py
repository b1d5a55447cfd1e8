"""What a client has received, counted by the time of the media, not by the clock on the wall."""

import json
import sys
import threading


class Tally:
    """Frames, loudness and sizes of one client's picture and sound."""

    def __init__(self, seconds, kinds):
        self.seconds = seconds
        self.media = {kind: {"frames": 0, "seconds": 0.0, "sizes": {}, "peak": 0} for kind in kinds}
        self.first = {}

    def add(self, kind, at, size=None, peak=0):
        """Counts a decoded frame that is shown or heard at this second of its stream."""
        seen = self.media[kind]
        first = self.first.setdefault(kind, at)
        seen["frames"] += 1
        seen["seconds"] = round(max(seen["seconds"], at - first), 3)
        seen["peak"] = max(seen["peak"], peak)
        if size:
            seen["sizes"][size] = seen["sizes"].get(size, 0) + 1

    def is_full(self):
        """Has every kind been received for long enough?"""
        return all(seen["seconds"] >= self.seconds for seen in self.media.values())


def say(what, **more):
    """One line for the runner."""
    print(json.dumps({"what": what} | more), flush=True)


def when_told(stop):
    """Calls `stop` once the runner closes our standard input."""

    def wait():
        sys.stdin.read()
        stop()

    threading.Thread(target=wait, daemon=True).start()
