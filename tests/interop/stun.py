"""The connectivity checks of a client by hand (RFC 8445 §7.2): one binding request, nominating."""

import binascii
import hashlib
import hmac
import os
import struct

COOKIE = 0x2112A442
SUCCESS = b"\x01\x01"
USERNAME, INTEGRITY, PRIORITY, USE_CANDIDATE, FINGERPRINT, CONTROLLING = 6, 8, 0x24, 0x25, 0x8028, 0x802A


def check(user, password):
    """A binding request from `theirs:ours` with the server's password."""
    body = attribute(USERNAME, user.encode()) + attribute(PRIORITY, struct.pack("!I", 0x6E0000FF))
    body += attribute(CONTROLLING, os.urandom(8)) + attribute(USE_CANDIDATE, b"")
    transaction = os.urandom(12)

    def head(more):
        return struct.pack("!HHI", 1, len(body) + more, COOKIE) + transaction

    body += attribute(INTEGRITY, hmac.new(password.encode(), head(24) + body, hashlib.sha1).digest())
    body += attribute(FINGERPRINT, struct.pack("!I", binascii.crc32(head(8) + body) ^ 0x5354554E))
    return head(0) + body


def attribute(kind, value):
    return struct.pack("!HH", kind, len(value)) + value + bytes(-len(value) % 4)
