"""FFmpeg as a client: its WHIP muxer publishes a test picture and a tone. It has nothing that receives by WHEP."""

import argparse
import subprocess
import sys
import tempfile

import imageio_ffmpeg

from certificate import Certificate
from tally import say, when_told

PICTURE = ["-re", "-f", "lavfi", "-i", "testsrc2=size=320x240:rate=10"]
TONE = ["-re", "-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000"]
H264 = ["-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-bf", "0", "-pix_fmt", "yuv420p", "-g", "20"]
OPUS = ["-c:a", "libopus", "-ar", "48000", "-ac", "2"]


def main():
    options = arguments()
    with tempfile.TemporaryDirectory(prefix="viva-ffmpeg-") as folder:
        certificate = []
        if options.certificate:
            made = Certificate(options.certificate, folder)
            certificate = ["-cert_file", str(made.path), "-key_file", str(made.key)]
        command = [imageio_ffmpeg.get_ffmpeg_exe(), "-nostdin", "-loglevel", "error"]
        command += [*PICTURE, *TONE, *H264, "-profile:v", options.profile, *OPUS, "-f", "whip", *certificate]
        # Without this flag FFmpeg offers `a=setup:passive`, which RFC 9725 forbids.
        command += ["-whip_flags", "dtls_active", "-authorization", options.token]
        command += [f"{options.base}/whip/{options.room}"]
        process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        stopped = []
        when_told(lambda: (stopped.append(True), process.terminate()))
        told = process.communicate()[1]
        if stopped:
            say("end")
        else:
            say("error", why=told.strip()[-300:])
            sys.exit(1)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("way", choices=["whip"])
    parser.add_argument("base")
    parser.add_argument("room")
    parser.add_argument("token")
    parser.add_argument("--profile", default="baseline", choices=["baseline", "main", "high"])
    parser.add_argument("--certificate", help="another than its own")
    return parser.parse_args()


main()
