"""Run by alone.py in the machine's network: `flood.py shake SOURCE SECONDS` floods with TLS handshakes from one address,
`flood.py join SOURCE TOKEN COUNT` enters a room so often from another one and prints how long each time took."""

import asyncio
import base64
import json
import os
import socket
import ssl
import struct
import sys
import time

from front import NAME
from machine import ADDRESS

AT_ONCE = 300
PATIENCE = 10
PAUSE = 0.25


def hello():
    """What a client says first. The server makes its whole flight for it: keys are agreed upon, and it signs."""
    context = ssl.create_default_context()
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = context.wrap_bio(incoming, outgoing, server_hostname=NAME)
    try:
        client.do_handshake()
    except ssl.SSLWantReadError:
        pass
    return outgoing.read()


async def shake(source, seconds):
    """Begins handshakes and leaves each when the server has done its part; how many it did."""
    first, end, done = hello(), time.monotonic() + seconds, 0

    async def one():
        nonlocal done
        while time.monotonic() < end:
            try:
                reader, writer = await asyncio.open_connection(ADDRESS, 443, local_addr=(source, 0))
                writer.write(first)
                answer = await asyncio.wait_for(reader.read(1024), max(0.1, end - time.monotonic()))
                done += answer[:1] == b"\x16"
                writer.transport.abort()
            except (OSError, asyncio.TimeoutError):
                await asyncio.sleep(0.01)

    await asyncio.gather(*(one() for _ in range(AT_ONCE)))
    print(done)


def join(source, token, count):
    """Enters so often; the milliseconds until each was in its room."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    for _ in range(count):
        began = time.monotonic()
        plain = socket.create_connection((ADDRESS, 443), PATIENCE, (source, 0))
        with context.wrap_socket(plain, server_hostname=NAME) as stream:
            key = base64.b64encode(os.urandom(16)).decode()
            head = ["GET /ws HTTP/1.1", f"Host: {NAME}", "Connection: Upgrade", "Upgrade: websocket"]
            head += ["Sec-WebSocket-Version: 13", f"Sec-WebSocket-Key: {key}"]
            stream.sendall("\r\n".join([*head, "", ""]).encode())
            answer = b""
            while b"\r\n\r\n" not in answer:
                answer += stream.recv(4096)
            stream.sendall(frame({"id": 1, "type": "hello", "version": 1, "client": "flood"}))
            stream.sendall(frame({"id": 2, "type": "join", "token": token}))
            said = answer.partition(b"\r\n\r\n")[2]
            while b'"type":"joined"' not in said:
                part = stream.recv(65536)
                if not part or b'"type":"error"' in part:
                    raise SystemExit(f"not let in: {said + part}")
                said += part
            print(round((time.monotonic() - began) * 1000, 1))
        # One seat may not come and go faster.
        time.sleep(PAUSE)


def frame(message):
    """A message of text, masked as a client's is (RFC 6455 §5.2)."""
    text, mask = json.dumps(message).encode(), os.urandom(4)
    length = bytes([0x80 | len(text)]) if len(text) < 126 else bytes([0x80 | 126]) + struct.pack(">H", len(text))
    return b"\x81" + length + mask + bytes(byte ^ mask[index % 4] for index, byte in enumerate(text))


def main():
    what, source, *rest = sys.argv[1:]
    if what == "shake":
        asyncio.run(shake(source, float(rest[0])))
    else:
        join(source, rest[0], int(rest[1]))


main()
