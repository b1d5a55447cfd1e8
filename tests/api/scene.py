"""Interviews and people for valid calls, made over the API itself: ids, sessions, candidates at each step of their path."""

import itertools
import re
import time

import requests

PASSWORD = "correct horse battery"
ROOM = "api"
# A grey square of 64 pixels, as far as a JPEG says so before its pixels.
PICTURE = bytes.fromhex("ffd8 ffc0000b08004000400101 1100 ffda0008010100003f00 00 ffd9")
PHOTO = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(64)
# An invitation is tried ten times in a row by its right holder, a candidate is sent one SMS a minute, an interview has
# sixty seats of staff: before that others take over.
USES = 8

addresses = (f"10.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}" for n in itertools.count(1))


class Client:
    """A browser: its cookies, the guard, each call from another address."""

    def __init__(self, base):
        self.base = base
        self.session = requests.Session()

    def ask(self, method, path, **content):
        """The JSON of an answer of success."""
        headers = {"X-Viva": "1", "X-Forwarded-For": next(addresses)}
        response = self.session.request(method, self.base + path, headers=headers, timeout=20, **content)
        if not response.ok:
            raise RuntimeError(f"{method} {path}: {response.status_code} {response.text}")
        return response.json() if response.content else None

    def signed_in(self, account, password):
        self.ask("POST", "/api/session", json={"account": account, "password": password})
        return self

    def paired(self, code):
        """A phone that is a candidate's second camera."""
        self.ask("POST", "/api/second-camera", json={"code": code})
        return self

    def cookie(self, name):
        return self.session.cookies[name]


class Candidate:
    """A candidate of the scene, in a browser of their own."""

    def __init__(self, scene, interview, password=None):
        number = next(scene.numbers)
        self.scene, self.phone = scene, f"139{number:08}"
        body = {"name": "考生", "number": f"n{number}", "phone": self.phone, "password": password}
        made = scene.administrator.ask("POST", f"/api/admin/interviews/{interview}/candidates", json=body)
        self.seat, self.code = made["seat"], made["code"]
        self.client = Client(scene.base)

    def entered(self):
        self.client.ask("POST", "/api/candidate/invitation", json={"code": self.code})
        return self

    def asked_for_a_look(self):
        self.client.ask("POST", "/api/candidate/identity/staff")
        return self

    def asked_for_sms(self):
        self.client.ask("POST", "/api/candidate/identity/send")
        return self

    def sms_code(self):
        """The newest code that was sent to this candidate."""
        outbox = self.scene.administrator.ask("GET", "/api/admin/outbox")
        own = [message for message in outbox if message["phone"].endswith(self.phone)]
        texts = [message["text"] for message in own if message["kind"] == "identity"]
        return re.search(r"(?<!\d)\d{6}(?!\d)", texts[-1])[0]

    def proved(self):
        self.client.ask("POST", "/api/candidate/identity/verify", json={"code": self.sms_code()})
        return self

    def waiting(self):
        self.proved()
        for check in ["speaker", "microphone", "camera"]:
            self.client.ask("POST", f"/api/candidate/checks/{check}", json={"passed": True, "device": "d"})
        return self

    def link(self):
        """The code of a link for a second camera."""
        return self.client.ask("POST", "/api/candidate/second-camera")["code"]

    @property
    def cookie(self):
        return self.client.cookie("viva_candidate")


class Supply:
    """Gives one thing so often, then makes the next."""

    def __init__(self, make, uses=USES):
        self.make, self.uses, self.left = make, uses, 0

    def __call__(self):
        if self.left == 0:
            self.thing, self.left = self.make(), self.uses
        self.left -= 1
        return self.thing


class Scene:
    """Everything that a valid call may name."""

    def __init__(self, base, password):
        self.base = base
        self.numbers = itertools.count(1)
        self.administrator = Client(base).signed_in("admin", password)
        self.accounts = [self.account() for _ in range(2)]
        # Who changes the own password is nobody whom others need.
        self.changer, self.changers_password = self.account(), PASSWORD
        self.changers_session = Client(base).signed_in(self.changer, PASSWORD).cookie("viva_session")

        # Where candidates walk, nobody changes times and stages.
        room = Supply(self.interview, 200)
        self.candidate = Supply(lambda: Candidate(self, room()).entered().asked_for_sms().waiting(), 10**9)
        self.leaver = Supply(lambda: Candidate(self, room()).entered().asked_for_sms().waiting(), 10**9)
        # A candidate may make two hundred links for a second camera.
        self.filmed = Supply(lambda: Candidate(self, room()).entered().asked_for_sms().waiting(), 100)
        # A phone that says good-bye is paired no longer.
        self.phone = Supply(lambda: Client(base).paired(self.filmed().link()), 1)
        self.invited = Supply(lambda: Candidate(self, room()))
        self.asked_for_password = Supply(lambda: Candidate(self, room(), PASSWORD).entered(), 1)
        self.asked_who = Supply(lambda: Candidate(self, room()).entered(), 1)
        self.undecided = Supply(lambda: Candidate(self, room()).entered(), 10**9)
        # Five changes a second are a seat's.
        self.looked_at = Supply(lambda: Candidate(self, room()).entered().asked_for_a_look(), 3)
        promises = Supply(lambda: self.interview(pledge={"text": "本人承诺独立完成面谈。"}), 200)
        self.promising = Supply(lambda: Candidate(self, promises()).entered().asked_for_sms().proved(), 1)
        self.sent = Supply(lambda: Candidate(self, room()).entered().asked_for_sms(), 1)

        self.spare = Supply(self.interview, 25)
        self.passing = Supply(self.interview, 25)
        self.kept = self.interview()
        self.known = Candidate(self, self.kept)
        self.photographed()
        self.own_seat = self.seat(self.kept, "admin")

    def rehearsed(self, opened):
        """An interview that opens tomorrow; with a rehearsal that is open."""
        interview = self.interview(opens_in=86_400_000)
        if not opened:
            return {"id": interview}
        made = self.administrator.ask("POST", f"/api/admin/interviews/{interview}/rehearsals", json={})
        return {"id": interview, "rehearsal": made["rehearsal"]}

    def linked(self, rehearsing):
        """A seat of the staff that belongs to no account: of an interview, or of its rehearsal that is open."""
        interview = self.interview(opens_in=86_400_000)
        seat = self.seat(interview)
        if not rehearsing:
            return {"id": interview, "seat": seat}
        rehearsals = f"/api/admin/interviews/{interview}/rehearsals"
        rehearsal = self.administrator.ask("POST", rehearsals, json={})["rehearsal"]
        (row,) = self.administrator.ask("GET", f"{rehearsals}/{rehearsal}/staff")
        return {"id": interview, "rehearsal": rehearsal, "seat": row["seat"]}

    def interview(self, pledge=None, opens_in=-60_000):
        now = int(time.time() * 1000)
        kinds = ["waiting", "interview", "confirmation", "end"]
        body = {
            "name": "复试",
            "opens_at": now + opens_in,
            "closes_at": now + 2 * 86_400_000,
            "stages": [{"name": kind, "kind": kind, "minutes": None} for kind in kinds],
            "criteria": [{"id": "a", "name": "a", "weight": 1, "max": 100, "min": 0}],
            "second_camera": "allowed",
            "pledge": pledge,
        }
        return self.administrator.ask("POST", "/api/admin/interviews", json=body)["id"]

    def account(self):
        name = f"person-{next(self.numbers)}"
        body = {"account": name, "name": name, "password": PASSWORD}
        self.administrator.ask("POST", "/api/admin/accounts", json=body)
        return name

    def seat(self, interview, account="", role="examiner"):
        body = {"account": account, "name": "考官", "role": role}
        return self.administrator.ask("POST", f"/api/admin/interviews/{interview}/staff", json=body)["seat"]

    def session(self, way, token):
        """A session of WHIP or WHEP: its id and its tag."""
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/sdp"}
        while True:
            answer = requests.post(f"{self.base}/{way}/{ROOM}", data=OFFER, headers=headers, timeout=20)
            if answer.status_code != 429:
                break
            # One identity takes a seat only so often.
            time.sleep(float(answer.headers["Retry-After"]))
        return answer.headers["Location"].rsplit("/")[-1], answer.headers["ETag"]

    def imported(self):
        """An import that can be undone: its interview and its id."""
        interview = self.passing()
        rows = f"姓名,考号,手机\n李华,u{next(self.numbers)},13800138000\n"
        files = {"file": ("list.csv", rows.encode(), "text/csv")}
        path = f"/api/admin/interviews/{interview}/candidates/import"
        return {"id": interview, "import": self.administrator.ask("POST", path, files=files)["import"]}

    def committed(self):
        """A draw that is begun and not drawn: its interview and its number."""
        interview = self.interview()
        body = {"kind": "rooms", "entries": ["1", "2"], "lots": ["a"]}
        self.administrator.ask("POST", f"/api/interviews/{interview}/draws", json=body)
        return {"id": interview, "number": 1}

    def photographed(self):
        # Nothing is to be seen on it.
        path = f"/api/admin/interviews/{self.kept}/candidates/{self.known.seat}/photo?unfit_photo=take"
        self.administrator.ask("PUT", path, data=PHOTO)



def section(kind, mid, way):
    number, codec = (111, "opus/48000/2") if kind == "audio" else (96, "VP8/90000")
    lines = [
        f"m={kind} 9 UDP/TLS/RTP/SAVPF {number}",
        "c=IN IP4 0.0.0.0",
        f"a=mid:{mid}",
        "a=rtcp-mux",
        f"a={way}",
        "a=ice-ufrag:abcd",
        "a=ice-pwd:" + "a" * 24,
        "a=setup:actpass",
        "a=fingerprint:sha-256 " + ":".join(["AB"] * 32),
        f"a=rtpmap:{number} {codec}",
    ]
    return lines


# Sound and picture in both directions: each way takes what is its own.
OFFER = "\r\n".join(
    ["v=0", "o=- 1 2 IN IP4 127.0.0.1", "s=-", "t=0 0", "a=group:BUNDLE 0 1 2 3"]
    + section("audio", 0, "sendonly")
    + section("video", 1, "sendonly")
    + section("audio", 2, "recvonly")
    + section("video", 3, "recvonly")
    + [""]
)
