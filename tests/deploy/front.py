"""What must hold of every deployment, asked from outside."""

from machine import ADDRESS, FIRST, SECOND, check

NAME = "viva.localhost"
URL = f"https://{NAME}"
# Certificates are by authorities of their own here; a real name gets a real one.
TRUST = ("--insecure", "--resolve", f"{NAME}:443:{ADDRESS}", "--resolve", f"{NAME}:80:{ADDRESS}")
# Wrong codes of one address until it has to wait; one school may mistype many.
PATIENT = 400
# The usual port of TURN, and a question that it answers everybody (RFC 8489 §5).
TURN = 3478
QUESTION = bytes([0, 1, 0, 0, 0x21, 0x12, 0xA4, 0x42]) + bytes(12)


def walk(machine, process, turns=False):
    """Pages, WebSocket, limits by address, what is not for everybody; TURN, where it has its port."""
    machine.until_answered(process, f"{URL}/readyz", *TRUST)
    status, text = machine.ask(f"http://{NAME}/room", *TRUST, "--head")
    check(status == 308 and f"location: {URL}/room".lower() in text.lower(), f"http is not led to https: {status} {text}")
    _, text = machine.ask(f"{URL}/", *TRUST, "--head")
    check("strict-transport-security: max-age=31536000" in text.lower(), f"no HSTS: {text}")
    check("content-security-policy" in text.lower(), f"no policy for pages: {text}")
    for path, allowed in [("/metrics", {401, 403}), ("/api/openapi.json", {401, 403})]:
        status, _ = machine.ask(URL + path, *TRUST)
        check(status in allowed, f"{path} answers everybody: {status}")
    for origin, expected in [(URL, 101), (f"{URL}:443", 101), ("https://other.example", 403)]:
        status = websocket(machine, origin)
        check(status == expected, f"a WebSocket of a page of {origin}: {status}, and should be {expected}")
    guesses(machine)
    if turns:
        turn(machine)
    clear(machine)


def websocket(machine, origin):
    """The status of opening a WebSocket."""
    headers = ["Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13"]
    headers += ["Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", f"Origin: {origin}"]
    each = [part for header in headers for part in ("--header", header)]
    return machine.ask(f"{URL}/ws", *TRUST, "--http1.1", "--max-time", "2", *each)[0]


def guesses(machine):
    """Whoever guesses codes has to wait; who comes from elsewhere has not."""
    def guess(source):
        headers = ("--header", "X-Viva: 1", "--header", "Content-Type: application/json")
        wrong = '{"code":"AAAAA-AAAAA"}'
        return machine.ask(f"{URL}/api/candidate/invitation", *TRUST, *headers, "--data", wrong, source=source)[0]

    told = [guess(FIRST)]
    while told[-1] != 429 and len(told) < PATIENT:
        told.append(guess(FIRST))
    check(told[-1] == 429, f"{PATIENT} wrong codes from one address: {told[-1]}")
    status = guess(SECOND)
    check(status != 429, "who comes from another address waits because of somebody else's guesses")


def turn(machine):
    """TURN answers at its usual port, over UDP and TCP."""
    for kind in ("SOCK_DGRAM", "SOCK_STREAM"):
        answer = machine.exchange(kind, TURN, QUESTION)
        check(answer[:2] == b"\x01\x01", f"TURN does not answer ({kind}): {answer!r}")


def clear(machine):
    """Nothing but pages and media is reached from elsewhere."""
    for listener in machine.listeners():
        address, _, port = listener.rpartition(":")
        if address.strip("[]") in ("127.0.0.1", "::1") or port in ("80", "443"):
            continue
        status, text = machine.ask(f"http://{ADDRESS}:{port}/healthz", "--max-time", "2")
        # A port of TURN, and one within TLS, say where the pages are, and nothing else.
        leads = any(word in text for word in ("for media (TURN)", "This port speaks HTTPS"))
        check(status == 0 or leads, f"port {port} speaks HTTP in the clear: {status}")
