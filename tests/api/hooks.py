"""What schemathesis cannot know: who asks, which ids there are, what holds together; and a record of every answer."""

import atexit
import itertools
import json
import os
import time
from collections import defaultdict

import schemathesis
from schemathesis.core.parameters import ParameterLocation

from scene import OFFER, PASSWORD, PHOTO, PICTURE, ROOM, Candidate, Scene, addresses

# Each opens a seat of one room by WHIP and WHEP; one is taken only so often.
TOKENS = os.environ["VIVA_API_TOKENS"].split()
TOKEN, others = TOKENS[0], itertools.cycle(TOKENS[1:])
SIGNED_IN = os.environ["VIVA_API_AS"] == "administrator"
scene = Scene(os.environ["VIVA_API_URL"], os.environ["VIVA_API_PASSWORD"]) if SIGNED_IN else None
record = open(os.environ["VIVA_API_RECORD"], "w", encoding="utf-8")
atexit.register(record.close)
calls = defaultdict(itertools.count)
passwords, began = itertools.count(), time.monotonic()
known = set()
holders = {}
owners = {}

# Whoever has a code, and nothing else.
OPEN = {"POST /api/candidate/invitation", "POST /api/second-camera"}
# Who holds the cookie of these calls; all others of the candidate's path are for one who waits.
CANDIDATES = {
    "POST /api/candidate/password": "asked_for_password",
    "POST /api/candidate/identity/consent": "undecided",
    "POST /api/candidate/identity/staff": "undecided",
    "DELETE /api/candidate/identity/staff": "looked_at",
    "POST /api/candidate/identity/picture": "looked_at",
    "POST /api/candidate/identity/send": "asked_who",
    "POST /api/candidate/identity/verify": "sent",
    "POST /api/candidate/pledge": "promising",
    "POST /api/candidate/leave": "leaver",
    "POST /api/candidate/second-camera": "filmed",
    "DELETE /api/candidate/second-camera": "filmed",
}


@schemathesis.serializer("application/sdp", "application/trickle-ice-sdpfrag")
def plain(context, value):
    """Session descriptions are text."""
    return (value if isinstance(value, str) else json.dumps(value)).encode()


@schemathesis.auth(refresh_interval=None)
class Cookies:
    """The cookie that a call needs, of the administrator or of a candidate at the right step; or the token of a seat."""

    def get(self, case, context):
        path = case.operation.path
        if not SIGNED_IN or case.operation.label in OPEN:
            return None
        if path.startswith(("/whip/", "/whep/")):
            session = case.path_parameters.get("session")
            token = owners.get(session, TOKEN) if "{session}" in path else next(others)
            return "Authorization", f"Bearer {token}"
        if path.startswith("/api/candidate/") or path == "/api/candidate":
            candidate = getattr(scene, CANDIDATES.get(case.operation.label, "candidate"))()
            holders[candidate.cookie] = candidate
            return "viva_candidate", candidate.cookie
        if path.startswith("/api/second-camera"):
            return "viva_second_camera", scene.phone().cookie("viva_second_camera")
        if path == "/api/session/password":
            return "viva_session", scene.changers_session
        # Signing in and out goes without: the administrator's session has to last.
        needs = case.operation.label == "GET /api/session" or not path.startswith("/api/session")
        return ("viva_session", scene.administrator.cookie("viva_session")) if needs else None

    def set(self, case, cookie, context):
        name, value = cookie
        (case.headers if name == "Authorization" else case.cookies)[name] = value


@schemathesis.hook
def before_call(context, case, kwargs):
    """Makes a call that is meant to be valid name things that are there; three of four, so that others come too."""
    # Only where addresses are counted: elsewhere they would say nothing.
    if case.operation.path.startswith(("/api/session", "/api/candidate/invitation", "/api/connection-test")):
        case.headers["X-Forwarded-For"] = next(addresses)
    if case.method == "POST" and case.operation.path.startswith("/api/session"):
        pace()
    if not SIGNED_IN or case.meta is None:
        return
    valid = case.meta.generation.mode.is_positive
    right = next(calls[case.operation.label, valid]) % 4 != 3
    linked = known.intersection(case.path_parameters.values())
    if right and not linked and not case.meta.is_negative_at(ParameterLocation.PATH):
        case.path_parameters.update(ids(case.operation))
        if "{session}" in case.operation.path and not case.meta.is_negative_at(ParameterLocation.HEADER):
            case.path_parameters["session"], tag = scene.session(case.operation.path.split("/")[1], TOKEN)
            case.headers["If-Match"] = tag
    if case.operation.path == "/api/session/password" and isinstance(case.body, dict):
        # Another one would soon lock the account, and then nothing would be tried any more.
        if isinstance(case.body.get("old"), str):
            case.body["old"] = scene.changers_password
    if valid and case.media_type == "application/json":
        case.body = whole(case.body)
    if valid and case.operation.label in BODIES:
        BODIES[case.operation.label](case, kwargs, right)


def pace():
    """All passwords together may be tried a hundred times at once and five times a second: only long runs come to wait."""
    early = next(passwords) - 80 - 4.5 * (time.monotonic() - began)
    if early > 0:
        time.sleep(early / 4.5)


def ids(operation):
    """Ids for the parameters of this path."""
    path, method = operation.path, operation.method.upper()
    if "{room}" in path:
        return {"room": ROOM}
    if "{account}" in path:
        return {"account": scene.accounts[0]}
    if path.startswith("/api/seats/{seat}"):
        return {"seat": scene.own_seat}
    if path == "/api/candidates/{seat}/papers/{number}":
        # Of numbers that are none some are written as one is: whoever has papers would show one.
        return {}
    if path == "/api/candidates/{seat}/photo":
        return {"seat": scene.known.seat}
    if path == "/api/interviews/{id}/draws/{number}":
        return scene.committed()
    if path.endswith("/staff/{seat}/link"):
        return scene.linked(rehearsing="{rehearsal}" in path)
    if "/rehearsals" in path:
        return scene.rehearsed(opened="{rehearsal}" in path)
    if "{import}" in path:
        return scene.imported()
    if path.endswith("/chair"):
        interview = scene.spare()
        return {"id": interview, "seat": scene.seat(interview, role="host")}
    if "{seat}" in path:
        if method != "DELETE":
            return {"id": scene.kept, "seat": scene.known.seat}
        interview = scene.passing()
        staff = "/staff/" in path
        return {"id": interview, "seat": scene.seat(interview) if staff else Candidate(scene, interview).seat}
    if "{id}" in path:
        return {"id": scene.interview() if method == "DELETE" else scene.spare()}
    return {}


def whole(value):
    """Numbers without a fraction as whole ones: `1.0`, which a schema counts among them, is nothing that a client writes."""
    match value:
        case float() if value.is_integer():
            return int(value)
        case dict():
            return {name: whole(part) for name, part in value.items()}
        case list():
            return [whole(part) for part in value]
    return value


def unlike_blank(text, instead):
    """The text, unless there is nothing to see in it."""
    return text if any(c.isalnum() for c in text) else instead


def credentials(case, kwargs, right):
    if right:
        case.body = {"account": scene.accounts[1], "password": PASSWORD}


def own_password(case, kwargs, right):
    if right:
        case.body["new"] = f"{PASSWORD} {next(scene.numbers)}"


def invitation(case, kwargs, right):
    if right:
        case.body["code"] = scene.invited().code


def link(case, kwargs, right):
    if right:
        case.body["code"] = scene.filmed().link()


def invitations_password(case, kwargs, right):
    if right:
        case.body["password"] = PASSWORD


def sms_code(case, kwargs, right):
    if right and (holder := holders.get(case.cookies.get("viva_candidate"))):
        case.body["code"] = holder.sms_code()


def person(case, kwargs, right):
    """Somebody is looked for by something."""
    if right:
        case.query = {"number": "x1"}


def consent(case, kwargs, right):
    """The terms as they are; yes or no as it comes."""
    if right:
        case.body |= {"version": 1, "kept_days": 30, "verifier": "viva"}


def pledge(case, kwargs, right):
    if right:
        case.body["version"] = 1


def account(case, kwargs, right):
    if right:
        case.body["account"] = f"a.{next(scene.numbers)}"
        case.body["name"] = unlike_blank(case.body["name"], "张三")
        case.body["password"] = PASSWORD


def account_changes(case, kwargs, right):
    if right and case.body.get("password") is not None:
        case.body["password"] = PASSWORD
    if right and case.body.get("name") is not None:
        case.body["name"] = unlike_blank(case.body["name"], "张三")


def named_and_timed(body):
    """A name, and times in order."""
    body["opens_at"], body["closes_at"] = sorted([body["opens_at"], body["closes_at"]])
    if body["opens_at"] == body["closes_at"]:
        body["opens_at"] = max(0, body["opens_at"] - 1)
        body["closes_at"] = body["opens_at"] + 1
    body["name"] = unlike_blank(body["name"], "复试")


def setup(case, kwargs, right):
    """Times in order, ids once, bounds in order, something that counts; the kind of the first stage stays."""
    body = case.body
    named_and_timed(body)
    # A zone is one of a list that the description does not hold.
    if "time_zone" in body:
        body["time_zone"] = "Europe/Berlin"
    for stage in body["stages"]:
        stage["name"] = unlike_blank(stage["name"], "候考")
    if case.method == "PUT":
        body["stages"][0]["kind"] = "waiting"
    for number, criterion in enumerate(body["criteria"]):
        criterion["id"] = f"c{number}"
        criterion["name"] = unlike_blank(criterion["name"], "专业")
        criterion["min"], criterion["max"] = sorted([criterion["min"], criterion["max"]])
        criterion["weight"] = max(1, criterion["weight"])
    numbers = itertools.count(1)
    for asked in body.get("questions", []):
        asked["id"], asked["name"] = next(numbers), unlike_blank(asked["name"], "A")
        for question in asked["questions"]:
            question["id"], question["text"] = next(numbers), unlike_blank(question["text"], "?")
            question["criterion"] = None


def copy(case, kwargs, right):
    named_and_timed(case.body)


def removed(case, kwargs, right):
    if right:
        interview = scene.passing()
        case.path_parameters["id"] = interview
        case.body["seats"] = [Candidate(scene, interview).seat]


def staff(case, kwargs, right):
    case.body["name"] = unlike_blank(case.body["name"], "考官")
    if right:
        case.body["account"] = scene.accounts[0]


def candidate(case, kwargs, right):
    case.body["name"] = unlike_blank(case.body["name"], "李华")
    case.body["number"] = f"x{next(scene.numbers)}"
    if right:
        # Any time but one within that of the interview is refused.
        case.body["starts_at"] = None
        case.body["phone"] = "+86 138-0013-8000"


def settings(case, kwargs, right):
    case.body["institution"] = unlike_blank(case.body["institution"], "大学")


def trial(case, kwargs, right):
    if right:
        case.body |= {"phone": "138-0013-8000", "words": "{name}：{code}"}


def reminder(case, kwargs, right):
    if right:
        case.body["seats"] = None


def begun(case, kwargs, right):
    """A list that names nothing twice; why it is drawn again."""
    if right:
        case.body |= {"kind": "rooms", "entries": ["1", "2", "3"], "lots": ["a", "b"], "reason": "again"}


def photo(case, kwargs, right):
    if right:
        # Nothing is to be seen on it.
        case.query = {"unfit_photo": "take"}
        kwargs["data"] = PHOTO


def picture(case, kwargs, right):
    if right:
        kwargs["data"] = PICTURE


def paper(case, kwargs, right):
    if right:
        case.query = {"name": "a.pdf"}
        kwargs["data"] = b"%PDF-1.4 a paper"


def table(case, kwargs, right):
    if right:
        rows = "".join(f"李华,t{next(scene.numbers)},13800138000,\n" for _ in range(2))
        kwargs["files"] = {"file": ("list.csv", f"姓名,考号,手机,时间\n{rows}".encode(), "text/csv")}


def accounts_table(case, kwargs, right):
    if right:
        rows = f"张三,t.{next(scene.numbers)},考官\n"
        kwargs["files"] = {"file": ("list.csv", f"姓名,账号,角色\n{rows}".encode(), "text/csv")}


def rooms_table(case, kwargs, right):
    # Opened and closed as the model is: of two times by chance the second is often before the first.
    case.query = {"dry_run": "false"}
    if right:
        rows = f"R{next(scene.numbers)},李华,r{next(scene.numbers)}\n"
        kwargs["files"] = {"file": ("rooms.csv", f"考场,姓名,考号\n{rows}".encode(), "text/csv")}


def offer(case, kwargs, right):
    if right:
        case.body = OFFER


def fragment(case, kwargs, right):
    if right:
        case.body = "a=ice-ufrag:abcd\r\na=ice-pwd:" + "a" * 24 + "\r\n"


BODIES = {
    "GET /api/admin/people": person,
    "POST /whip/{room}": offer,
    "POST /whep/{room}": offer,
    "PATCH /whip/{room}/{session}": fragment,
    "PATCH /whep/{room}/{session}": fragment,
    "POST /api/session": credentials,
    "POST /api/session/password": own_password,
    "POST /api/candidate/invitation": invitation,
    "POST /api/candidate/password": invitations_password,
    "POST /api/second-camera": link,
    "POST /api/candidate/identity/verify": sms_code,
    "POST /api/candidate/identity/consent": consent,
    "POST /api/candidate/pledge": pledge,
    "POST /api/admin/accounts": account,
    "POST /api/admin/accounts/import": accounts_table,
    "PUT /api/admin/accounts/{account}": account_changes,
    "POST /api/admin/interviews": setup,
    "PUT /api/admin/interviews/{id}": setup,
    "POST /api/admin/interviews/{id}/copy": copy,
    "POST /api/admin/interviews/{id}/staff": staff,
    "POST /api/admin/interviews/{id}/candidates/remove": removed,
    "POST /api/admin/interviews/{id}/candidates": candidate,
    "PUT /api/admin/interviews/{id}/candidates/{seat}": candidate,
    "PUT /api/admin/interviews/{id}/candidates/{seat}/photo": photo,
    "POST /api/admin/interviews/{id}/candidates/{seat}/papers": paper,
    "POST /api/candidate/papers": paper,
    "POST /api/candidate/identity/picture": picture,
    "POST /api/admin/interviews/{id}/candidates/import": table,
    "POST /api/admin/interviews/{id}/rooms": rooms_table,
    "POST /api/admin/interviews/{id}/candidates/import/preview": table,
    "PUT /api/admin/settings": settings,
    "POST /api/admin/sms/trial": trial,
    "POST /api/admin/interviews/{id}/remind": reminder,
    "POST /api/interviews/{id}/draws": begun,
}


@schemathesis.hook
def after_call(context, case, response):
    """Writes down what was answered."""
    if case.operation.path == "/api/session/password" and response.status_code == 204:
        scene.changers_password = case.body["new"]
    valid = case.meta is not None and case.meta.generation.mode.is_positive
    if response.status_code < 300:
        learn(response)
    if response.status_code == 201 and case.operation.path.startswith(("/whip/", "/whep/")):
        token = response.request.headers.get("Authorization", "").removeprefix("Bearer ")
        owners[response.headers["location"][0].rsplit("/")[-1]] = token
    line = {"operation": case.operation.label, "valid": valid, "status": response.status_code, "code": code(response)}
    record.write(json.dumps(line) + "\n")


@schemathesis.hook
def filter_failure(context, failure, case, response):
    """Takes out what a schema cannot say: refusals of valid calls, and what is as good as a valid one."""
    if type(failure).__name__ == "AcceptedNegativeData":
        # Whatever is a text can be looked at as a table.
        return not case.operation.path.endswith("/import/preview")
    if type(failure).__name__ != "RejectedPositiveData":
        return True
    match code(response):
        # Hard to guess, unlike the name; letters of any script and little else; something to see.
        case "password_weak" | "name_invalid" | "text_empty":
            return False
        # Places that there are, each once; what an SMS can go to.
        case "sms_text_refused" | "phone_invalid":
            return False
        # A few trials in minutes, and no more.
        case "rate_limited":
            return not case.operation.path.endswith("/sms/trial")
        # Once in the interview; digits with something between; a time within that of the interview; a real file.
        case "import_refused":
            beyond = {"empty", "duplicate", "invalid", "broken", "column_missing", "no_heading", "quote", "decimal", "photo_damaged", "outside"}
            return not all(row["problem"] in beyond for row in response.json()["rows"])
        # A session description; the state of a session that another call has ended.
        case "bad_offer" | "precondition_failed":
            return False
        # What was typed is what had to be; the interview is over.
        case "not_confirmed" | "interview_open" | "candidate_entered" | "interview_over":
            return not case.operation.path.endswith(("/erase", "/remind"))
        # Choices are JSON in a field of text.
        case "malformed":
            return not case.operation.path.endswith(
                ("/candidates/import", "/import/preview", "/admin/people", "/rooms")
            )
        # Whether there is a face.
        case "photo_unfit":
            return "unfit_photo" not in (case.query or {})
        # A paper by its first bytes; so many of one candidate, of whom the calls add many; slides are a PDF.
        case "paper_kind" | "papers_too_large" | "limit_reached" | "papers_closed":
            return not case.operation.path.endswith(("/papers", "/draws"))
        # Somebody to draw for, each once; why it is drawn again; so many in one interview.
        case "nothing_to_draw" | "drawn_twice" | "drawn_before" | "draw_over" | "draw_too_late":
            return False
        # A picture by its first bytes.
        case "unsupported_media_type":
            return not case.operation.path.endswith("/photo")
    return True


def learn(response):
    """Keeps the ids that an answer names: links lead to them."""
    things = content(response)
    for thing in things if isinstance(things, list) else [things]:
        if isinstance(thing, dict):
            known.update(thing[name] for name in ("id", "seat", "account") if isinstance(thing.get(name), str))


def code(response):
    """The code of a problem."""
    told = content(response) if response.status_code >= 400 else None
    return told.get("code") if isinstance(told, dict) else None


def content(response):
    """The JSON of an answer, if it is that."""
    try:
        return response.json()
    except ValueError:
        return None
