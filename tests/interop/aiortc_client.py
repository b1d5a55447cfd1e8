"""aiortc as a client: publishes a moving picture and a tone, or receives and decodes."""

import argparse
import asyncio
import fractions
import re
import tempfile
import time

import aioice.ice
import numpy
from aiortc import AudioStreamTrack, RTCCertificate, RTCPeerConnection, RTCRtpSender, RTCSessionDescription
from aiortc import VideoStreamTrack
from aiortc.mediastreams import MediaStreamError
from av import AudioFrame, VideoFrame
from cryptography.hazmat.primitives import serialization
from cryptography.x509 import load_pem_x509_certificate

from certificate import Certificate
from tally import Tally, say, when_told
from whip import Session

WIDTH, HEIGHT, RATE = 320, 240, 10
VIDEO_CLOCK = 90_000


def main():
    options = arguments()
    if options.no_consent:
        # Checks once and never again, as GStreamer 1.22 does.
        aioice.ice.CONSENT_INTERVAL = 10**9
    with tempfile.TemporaryDirectory(prefix="viva-aiortc-") as folder:
        use(Certificate(options.certificate, folder))
        asyncio.run(publish(options) if options.way == "whip" else receive(options))


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("way", choices=["whip", "whep"])
    parser.add_argument("base")
    parser.add_argument("room")
    parser.add_argument("token")
    parser.add_argument("--codec", default="vp8", choices=["vp8", "h264"])
    parser.add_argument("--profile", help="another profile-level-id than aiortc's own in the offer")
    parser.add_argument("--certificate", default="rsa-2048")
    parser.add_argument("--no-consent", action="store_true")
    parser.add_argument("--sim", action="store_true", help="the picture under two SSRCs of a SIM group, without rids")
    parser.add_argument("--no-audio", action="store_true")
    parser.add_argument("--seconds", type=float, default=15)
    return parser.parse_args()


def use(certificate):
    """Lets every connection of this process show this certificate."""
    key = serialization.load_pem_private_key(certificate.key.read_bytes(), None)
    shown = RTCCertificate(key=key, cert=load_pem_x509_certificate(certificate.path.read_bytes()))
    RTCCertificate.generateCertificate = classmethod(lambda _: shown)


class Camera(VideoStreamTrack):
    """A bar that moves over a ground whose colour changes."""

    count = 0

    async def recv(self):
        self.began = getattr(self, "began", time.monotonic())
        await asyncio.sleep(max(0, self.began + self.count / RATE - time.monotonic()))
        picture = numpy.full((HEIGHT, WIDTH, 3), (self.count * 5 % 255, 120, 60), numpy.uint8)
        left = self.count * 7 % (WIDTH - 40)
        picture[20:80, left : left + 40] = 255
        frame = VideoFrame.from_ndarray(picture, format="rgb24").reformat(format="yuv420p")
        frame.pts, frame.time_base = self.count * VIDEO_CLOCK // RATE, fractions.Fraction(1, VIDEO_CLOCK)
        self.count += 1
        return frame


class Microphone(AudioStreamTrack):
    """A tone of 440 Hz that swells and fades."""

    count = 0

    async def recv(self):
        silent = await super().recv()
        at = numpy.arange(self.count, self.count + silent.samples) / silent.sample_rate
        self.count += silent.samples
        wave = 9000 * numpy.sin(2 * numpy.pi * 440 * at) * (0.6 + 0.4 * numpy.sin(6 * numpy.pi * at))
        frame = AudioFrame.from_ndarray(wave.astype(numpy.int16).reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = silent.sample_rate, silent.pts, silent.time_base
        return frame


def send_twice(connection, offer):
    """Sends the picture under a second SSRC too; the offer that says so, as Chromium once munged it."""
    sender = next(sender for sender in connection.getSenders() if sender.kind == "video")
    first, second = sender._ssrc, sender._ssrc ^ 1
    transport = sender.transport
    send = transport._send_rtp

    async def both(packet):
        await send(packet)
        if packet[8:12] == first.to_bytes(4, "big"):
            await send(packet[:8] + second.to_bytes(4, "big") + packet[12:])

    transport._send_rtp = both
    cname = re.search(rf"a=ssrc:{first} cname:(\S+)", offer)[1]
    lines = [line for line in offer.split("\r\n") if not line.startswith("a=ssrc-group:FID")]
    place = next(place for place, line in enumerate(lines) if line.startswith(f"a=ssrc:{first} "))
    lines[place:place] = [f"a=ssrc-group:SIM {first} {second}", f"a=ssrc:{second} cname:{cname}"]
    return "\r\n".join(lines)


def count_asks(connection):
    """Counts the key frames that the server asks for, in a list of one number."""
    asks = [0]
    for sender in connection.getSenders():
        if sender.kind == "video":
            ask = sender._send_keyframe

            def counted(ask=ask):
                asks[0] += 1
                ask()

            sender._send_keyframe = counted
    return asks


def prefer(transceiver, codec):
    known = RTCRtpSender.getCapabilities("video").codecs
    transceiver.setCodecPreferences([one for one in known if one.mimeType.lower() == f"video/{codec}"])


async def connect(connection, options):
    """Offers, and takes the answer: the session."""

    @connection.on("connectionstatechange")
    def _():
        say(connection.connectionState)

    await connection.setLocalDescription(await connection.createOffer())
    offer = connection.localDescription.sdp
    if options.profile:
        offer = re.sub(r"profile-level-id=\w{6}", f"profile-level-id={options.profile}", offer)
    if options.sim:
        offer = send_twice(connection, offer)
    session = await asyncio.to_thread(
        Session, options.base, options.way, options.room, options.token, offer
    )
    await connection.setRemoteDescription(RTCSessionDescription(session.answer, "answer"))
    return session


async def publish(options):
    connection = RTCPeerConnection()
    camera = Camera()
    connection.addTrack(camera)
    if not options.no_audio:
        connection.addTrack(Microphone())
    for transceiver in connection.getTransceivers():
        transceiver.direction = "sendonly"
        if transceiver.kind == "video":
            prefer(transceiver, options.codec)
    asks = count_asks(connection)
    session = await connect(connection, options)
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    when_told(lambda: loop.call_soon_threadsafe(ended.set))
    await ended.wait()
    say("end", sent=camera.count, asks=asks[0], state=connection.connectionState)
    await asyncio.to_thread(session.end)
    await connection.close()


async def receive(options):
    connection = RTCPeerConnection()
    kinds = ["video"] if options.no_audio else ["video", "audio"]
    tally = Tally(options.seconds, kinds)
    full = asyncio.Event()
    for kind in kinds:
        transceiver = connection.addTransceiver(kind, direction="recvonly")
        if kind == "video":
            prefer(transceiver, options.codec)

    async def count(track):
        while True:
            try:
                frame = await track.recv()
            except MediaStreamError:
                return
            at = float(frame.pts * frame.time_base)
            if track.kind == "video":
                tally.add("video", at, f"{frame.width}x{frame.height}")
            else:
                tally.add("audio", at, peak=int(abs(frame.to_ndarray()).max()))
            if tally.is_full():
                full.set()

    counting = []
    connection.on("track", lambda track: counting.append(asyncio.ensure_future(count(track))))
    session = await connect(connection, options)
    loop = asyncio.get_running_loop()
    when_told(lambda: loop.call_soon_threadsafe(full.set))
    await full.wait()
    say("end", media=tally.media)
    await asyncio.to_thread(session.end)
    await connection.close()


main()
