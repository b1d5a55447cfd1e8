"""Who publishes what, and who receives it: the short list of `make test`, and the rest of `make interop`."""

from dataclasses import dataclass, field


@dataclass
class Scene:
    """One room with one publisher."""

    room: str
    publisher: str
    flags: list = field(default_factory=list)
    # Each with its flags.
    receivers: list = field(default_factory=list)
    seconds: float = 15


VP8 = ("--codec", "vp8")
H264 = ("--codec", "h264")

# Every client publishes, and every client that can receives, 15 s of picture and sound.
QUICK = [
    Scene("aiortc-vp8-rsa", "aiortc", ["--certificate", "rsa-2048"], [("gstreamer", VP8), ("werift", VP8)]),
    Scene("gstreamer-vp8-rsa", "gstreamer", [*VP8], [("aiortc", (*VP8, "--certificate", "rsa-2048"))]),
    Scene("ffmpeg-h264-rsa", "ffmpeg", ["--certificate", "rsa-2048"], [("aiortc", H264)]),
    Scene("node-datachannel-vp8", "node-datachannel", [*VP8], [("aiortc", (*VP8, "--certificate", "p-256"))]),
    Scene("werift-vp8", "werift", [*VP8], [("aiortc", VP8), ("node-datachannel", VP8)]),
]

# In the order of running, three rooms at a time. 45 s are longer than the consent of 30 s.
REST = [
    Scene("aiortc-h264", "aiortc", [*H264, "--certificate", "p-384"], [("aiortc", H264), ("werift", H264)]),
    Scene("aiortc-42c01f", "aiortc", [*H264, "--profile", "42c01f"], [("aiortc", H264)]),
    Scene("aiortc-sim", "aiortc", ["--sim"], [("aiortc", VP8)]),
    Scene("aiortc-no-consent", "aiortc", ["--no-consent"], [("aiortc", VP8)], 45),
    Scene("gstreamer-h264-rsa", "gstreamer", [*H264], [("aiortc", H264), ("gstreamer", H264)]),
    Scene("gstreamer-vp8-ec", "gstreamer", [*VP8, "--certificate", "p-256"], [("aiortc", VP8)]),
    Scene("gstreamer-long", "gstreamer", [*VP8], [("aiortc", VP8), ("gstreamer", VP8)], 45),
    # FFmpeg says baseline (4200…), which of these aiortc alone offers to receive.
    Scene("ffmpeg-ecdsa", "ffmpeg", [], [("aiortc", H264)]),
    Scene("ffmpeg-rsa-4096", "ffmpeg", ["--certificate", "rsa-4096"], [("aiortc", H264)]),
    Scene("node-datachannel-h264", "node-datachannel", [*H264], [("aiortc", H264)]),
    Scene("werift-h264", "werift", [*H264], [("aiortc", H264), ("node-datachannel", H264)]),
    Scene("rsa-everywhere", "gstreamer", [*VP8], [("gstreamer", VP8), ("node-datachannel", VP8), ("werift", VP8)]),
]
