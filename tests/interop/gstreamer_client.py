"""GStreamer's webrtcbin as a client, by the system's own Python: publishes a ball and ticks, or receives and decodes."""

import argparse
import re
import tempfile

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstSdp", "1.0")
gi.require_version("GstWebRTC", "1.0")
from gi.repository import GLib, Gst, GstSdp, GstWebRTC  # noqa: E402

from certificate import Certificate  # noqa: E402
from tally import Tally, say, when_told  # noqa: E402
from whip import Refused, Session  # noqa: E402

DIRECTION = GstWebRTC.WebRTCRTPTransceiverDirection
ENCODERS = {
    "vp8": "vp8enc deadline=1 cpu-used=8 keyframe-max-dist=3000 target-bitrate=300000 ! "
    "rtpvp8pay picture-id-mode=15-bit ! application/x-rtp,media=video,encoding-name=VP8,payload=96",
    "h264": "x264enc tune=zerolatency speed-preset=ultrafast bitrate=400 key-int-max=3000 ! "
    "video/x-h264,profile=constrained-baseline ! rtph264pay config-interval=-1 aggregate-mode=zero-latency ! "
    "application/x-rtp,media=video,encoding-name=H264,payload=96",
}
PUBLISHED = (
    "webrtcbin name=connection bundle-policy=max-bundle "
    "videotestsrc is-live=true pattern=ball ! video/x-raw,width=320,height=240,framerate=10/1 ! videoconvert ! "
    "{encoder} ! connection. "
    "audiotestsrc is-live=true wave=sine freq=440 ! audioconvert ! audioresample ! opusenc ! rtpopuspay pt=97 ! "
    "application/x-rtp,media=audio,encoding-name=OPUS,payload=97 ! connection."
)
RECEIVED = {
    "vp8": "encoding-name=VP8,payload=96,clock-rate=90000",
    "h264": "encoding-name=H264,payload=96,clock-rate=90000,packetization-mode=(string)1,"
    "profile-level-id=(string)42e01f",
}
SOUND = "application/x-rtp,media=audio,encoding-name=OPUS,payload=111,clock-rate=48000,encoding-params=(string)2"


def main():
    Gst.init(None)
    options = arguments()
    with tempfile.TemporaryDirectory(prefix="viva-gstreamer-") as folder:
        client = Client(options)
        if options.certificate != "rsa-2048":
            client.show(Certificate(options.certificate, folder))
        client.run()


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("way", choices=["whip", "whep"])
    parser.add_argument("base")
    parser.add_argument("room")
    parser.add_argument("token")
    parser.add_argument("--codec", default="vp8", choices=["vp8", "h264"])
    parser.add_argument("--certificate", default="rsa-2048", help="another than its own, which is RSA 2048")
    parser.add_argument("--seconds", type=float, default=15)
    return parser.parse_args()


class Client:
    """One pipeline with one webrtcbin."""

    def __init__(self, options):
        self.options, self.loop = options, GLib.MainLoop()
        self.session = self.fingerprint = None
        self.offered = False
        self.tally = Tally(options.seconds, ["video", "audio"])
        if options.way == "whip":
            self.pipeline = Gst.parse_launch(PUBLISHED.format(encoder=ENCODERS[options.codec]))
            self.connection = self.pipeline.get_by_name("connection")
        else:
            self.pipeline = Gst.Pipeline.new("received")
            self.connection = Gst.ElementFactory.make("webrtcbin", "connection")
            self.connection.set_property("bundle-policy", GstWebRTC.WebRTCBundlePolicy.MAX_BUNDLE)
            self.pipeline.add(self.connection)
            # Media goes to those alone who go on checking (RFC 7675); libnice would send indications instead.
            # Both are held: this version lends them out without a reference of one's own.
            self.ice = self.connection.get_property("ice-agent")
            self.agent = self.ice.get_property("agent")
            self.agent.set_property("keepalive-conncheck", True)
        self.connection.connect("notify::ice-gathering-state", lambda *_: GLib.idle_add(self.gathered))
        self.connection.connect("notify::connection-state", lambda *_: say(self.state()))
        self.connection.connect("on-negotiation-needed", self.offer)
        self.connection.connect("pad-added", self.decode)
        bus = self.pipeline.get_bus()
        bus.add_signal_watch()
        bus.connect("message::error", lambda _, message: self.fail(message.parse_error()[0].message))

    def show(self, certificate):
        """Replaces the certificate of webrtcbin, which makes one of its own and offers no property for another."""
        self.fingerprint = certificate.fingerprint

        def added(_bin, _parent, element):
            factory = element.get_factory()
            if factory and factory.get_name() == "dtlsdec":
                element.set_property("pem", certificate.pem())

        self.connection.connect("deep-element-added", added)

    def run(self):
        when_told(lambda: GLib.idle_add(self.loop.quit))
        self.pipeline.set_state(Gst.State.PLAYING)
        if self.options.way == "whep":
            for caps in [f"application/x-rtp,media=video,{RECEIVED[self.options.codec]}", SOUND]:
                self.connection.emit("add-transceiver", DIRECTION.RECVONLY, Gst.Caps.from_string(caps))
            self.offer()
        self.loop.run()
        sent = {"state": self.state()} if self.options.way == "whip" else {"media": self.tally.media}
        say("end", **sent)
        self.pipeline.set_state(Gst.State.NULL)
        if self.session:
            self.session.end()

    def state(self):
        return self.connection.get_property("connection-state").value_nick

    def fail(self, why):
        say("error", why=why)
        self.loop.quit()

    def offer(self, *_):
        if self.offered:
            return
        self.offered = True
        for index in range(2):
            transceiver = self.connection.emit("get-transceiver", index)
            if transceiver and self.options.way == "whip":
                transceiver.set_property("direction", DIRECTION.SENDONLY)
        self.connection.emit("create-offer", None, Gst.Promise.new_with_change_func(self.created))

    def created(self, promise, *_):
        promise.wait()
        # The offer belongs to the reply, which must live as long.
        reply = promise.get_reply()
        described = reply.get_value("offer")
        self.connection.emit("set-local-description", described, Gst.Promise.new())

    def gathered(self):
        complete = GstWebRTC.WebRTCICEGatheringState.COMPLETE
        described = self.connection.get_property("local-description")
        if self.session or not described:
            return
        if self.connection.get_property("ice-gathering-state") != complete:
            return
        offer = described.sdp.as_text()
        if self.fingerprint:
            offer = re.sub(r"(a=fingerprint:sha-256) \S+", rf"\1 {self.fingerprint}", offer)
        options = self.options
        try:
            self.session = Session(options.base, options.way, options.room, options.token, offer)
        except Refused as refused:
            self.fail(str(refused))
            return
        _, answer = GstSdp.SDPMessage.new_from_text(self.session.answer)
        described = GstWebRTC.WebRTCSessionDescription.new(GstWebRTC.WebRTCSDPType.ANSWER, answer)
        self.connection.emit("set-remote-description", described, Gst.Promise.new())

    def decode(self, _, pad):
        """What comes in goes through a decoder into a sink that counts."""
        if pad.get_direction() != Gst.PadDirection.SRC:
            return
        decoder = self.add("decodebin")
        decoder.connect("pad-added", self.sink)
        pad.link(decoder.get_static_pad("sink"))

    def sink(self, _, pad):
        sink = self.add("fakesink")
        sink.set_property("sync", False)
        sink.set_property("signal-handoffs", True)
        sink.connect("handoff", self.count)
        pad.link(sink.get_static_pad("sink"))

    def count(self, _, buffer, pad):
        caps = pad.get_current_caps().get_structure(0)
        at = buffer.pts / Gst.SECOND
        if caps.get_name() == "video/x-raw":
            self.tally.add("video", at, f"{caps.get_value('width')}x{caps.get_value('height')}")
        else:
            self.tally.add("audio", at)
        if self.tally.is_full():
            GLib.idle_add(self.loop.quit)

    def add(self, kind):
        element = Gst.ElementFactory.make(kind, None)
        self.pipeline.add(element)
        element.sync_state_with_parent()
        return element


main()
