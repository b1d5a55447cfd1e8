"""One session by WHIP or WHEP (RFC 9725) over plain HTTP, for clients that speak Python."""

import urllib.error
import urllib.request


class Refused(Exception):
    """The server did not answer an offer with a session."""


class Session:
    """What came of an offer: the answer, and where the session is ended."""

    def __init__(self, base, way, room, token, offer):
        self.base, self.headers = base, {"Authorization": f"Bearer {token}"}
        headers = self.headers | {"Content-Type": "application/sdp"}
        status, self.answer, self.location = ask("POST", f"{base}/{way}/{room}", headers, offer.encode())
        if status != 201:
            raise Refused(f"{status} {self.answer.strip()}")

    def end(self):
        """Deletes the session; the status. 404 where the good-bye of DTLS was quicker."""
        return ask("DELETE", self.base + self.location, self.headers)[0]


def ask(method, url, headers=None, body=None):
    """One request: status, text, location."""
    request = urllib.request.Request(url, body, headers or {}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, answer.read().decode(), answer.headers["Location"]
    except urllib.error.HTTPError as refusal:
        return refusal.code, refusal.read().decode(), None
