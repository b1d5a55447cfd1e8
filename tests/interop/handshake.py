"""The DTLS handshake alone, by OpenSSL: every kind of certificate, a hello of two datagrams, and what is refused.

A client of WHIP without a media stack: it checks connectivity by hand, then `openssl s_client` shakes hands behind a relay.
"""

import re
import select
import socket
import subprocess
import tempfile
import threading
import time

import stun
from certificate import Certificate
from whip import Session

UFRAG, PASSWORD = "HAND", "handshakehandshakehandsh"
SRTP = ["-use_srtp", "SRTP_AES128_CM_SHA1_80"]
# 18 names of 100 bytes: more than one datagram, as hellos with ML-KEM are.
BIG_HELLO = ["-alpn", ",".join(f"x{number:02}-{'y' * 96}" for number in range(18))]
ACCEPTED = ["rsa-2048", "rsa-3072", "rsa-4096", "p-256", "p-384", "p-521"]
PATIENCE = 30.0


def faults(server, token):
    """Tries them all; what was not as it should be."""
    with tempfile.TemporaryDirectory(prefix="viva-handshake-") as folder:
        made = {kind: Certificate(kind, folder) for kind in [*ACCEPTED, "rsa-1024"]}
        tried = [accepted(server, token, kind, made[kind], SRTP) for kind in ACCEPTED]
        tried.append(accepted(server, token, "a hello of two datagrams", made["rsa-4096"], [*SRTP, *BIG_HELLO]))
        rsa = made["rsa-2048"]
        for what, shown, named, flags, reason in [
            ("rsa-1024", made["rsa-1024"], made["rsa-1024"], SRTP, "certificate"),
            ("no certificate", None, rsa, SRTP, "no_certificate"),
            ("another certificate than the offer names", rsa, made["p-256"], SRTP, "fingerprint"),
            ("no SRTP", rsa, rsa, [], "no_srtp"),
        ]:
            tried.append(refused(server, token, what, (shown, named, flags), reason))
    return [fault for fault in tried if fault]


def accepted(server, token, what, certificate, flags):
    with Handshake(server.url, token, certificate, certificate.fingerprint, flags) as handshake:
        done = handshake.until(lambda: "SRTP Extension negotiated" in handshake.told)
    return None if done else f"handshake with {what}: not done\n{handshake.told[-500:]}"


def refused(server, token, what, how, reason):
    shown, named, flags = how
    before = count(server, reason)
    with Handshake(server.url, token, shown, named.fingerprint, flags) as handshake:
        if not handshake.until(lambda: count(server, reason) == before + 1):
            return f"handshake with {what}: not counted as {reason}"
    logged = f'reason="{reason}"' in server.log()
    return None if logged else f"handshake with {what}: the log does not say {reason}"


def count(server, reason):
    """How many handshakes failed for this reason, as the metrics tell."""
    counts = re.findall(rf'^viva_handshakes_failed_total{{reason="{reason}",.*}} (\d+)', server.metrics(), re.M)
    return sum(map(int, counts))


class Handshake:
    """`openssl s_client` on the path of a WHIP session, within a `with`."""

    def __init__(self, base, token, shown, named, flags):
        self.told = ""
        self.session = Session(base, "whip", "handshakes", token, offer(named))
        self.server = address(self.session.answer)
        self.outer, self.inner = udp(), udp()
        self.check()
        port = self.inner.getsockname()[1]
        command = ["openssl", "s_client", "-dtls1_2", "-connect", f"127.0.0.1:{port}", "-mtu", "1200", *flags]
        # Debian's default level keeps a client from showing 1024 bits at all.
        command += ["-cipher", "ALL:@SECLEVEL=0"]
        command += ["-cert", shown.path, "-key", shown.key] if shown else []
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        for work in [self.relay, self.listen]:
            threading.Thread(target=work, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.outer.close()
        self.inner.close()
        self.session.end()

    def until(self, happened):
        """Waits until something has happened; false where it does not."""
        end = time.monotonic() + PATIENCE
        while not happened():
            if time.monotonic() > end:
                return False
            time.sleep(0.05)
        return True

    def check(self):
        """A connectivity check until it is answered."""
        credentials = [find(name, self.session.answer) for name in ["ice-ufrag", "ice-pwd"]]
        for _ in range(20):
            self.outer.sendto(stun.check(f"{credentials[0]}:{UFRAG}", credentials[1]), self.server)
            if select.select([self.outer], [], [], 1)[0] and self.outer.recv(2048)[:2] == stun.SUCCESS:
                return
        raise SystemExit("no answer to a connectivity check")

    def relay(self):
        """Datagrams both ways: records of DTLS only, towards the client (RFC 7983 §7)."""
        client = None
        try:
            while True:
                for ready in select.select([self.outer, self.inner], [], [])[0]:
                    data, sender = ready.recvfrom(4096)
                    if ready is self.inner:
                        client = sender
                        self.outer.sendto(data, self.server)
                    elif client and 20 <= data[0] <= 63:
                        self.inner.sendto(data, client)
        except (OSError, ValueError):
            return

    def listen(self):
        for line in self.process.stdout:
            self.told += line


def udp():
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    made.bind(("", 0))
    return made


def address(answer):
    """The server's first UDP candidate of IPv4."""
    host, port = re.search(r"a=candidate:\S+ 1 udp \d+ ([\d.]+) (\d+) typ host", answer, re.I).groups()
    return host, int(port)


def find(name, answer):
    return re.search(rf"^a={name}:(\S+)", answer, re.M)[1]


def offer(fingerprint):
    lines = ["v=0", "o=- 1 1 IN IP4 0.0.0.0", "s=-", "t=0 0", "a=group:BUNDLE 0", "m=video 9 UDP/TLS/RTP/SAVPF 96"]
    lines += ["c=IN IP4 0.0.0.0", "a=setup:actpass", f"a=ice-ufrag:{UFRAG}", f"a=ice-pwd:{PASSWORD}", "a=rtcp-mux"]
    lines += ["a=rtcp-rsize", "a=sendonly", "a=rtpmap:96 VP8/90000", "a=rtcp-fb:96 nack pli", "a=ssrc:77 cname:x"]
    lines += ["a=mid:0", f"a=fingerprint:sha-256 {fingerprint}", ""]
    return "\r\n".join(lines)
