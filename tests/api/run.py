"""The REST API against its own description: schemathesis against a real server, then what it cannot ask for itself.

`run.py --examples 500` tries more; `--seed` others; `--only` those whose "METHOD /path" matches.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from pathlib import Path

import requests

from scene import PASSWORD, ROOM, Client
from server import Server

HERE = Path(__file__).resolve().parent
# Of the calls that are meant to be valid one in four names things that may not be there, and some come too soon.
SHARE = 0.5
# A few in minutes are allowed, and the calls are many.
LIMITED = {("POST /api/admin/sms/trial", "rate_limited")}
# Seats that are taken in turn by WHIP and WHEP.
SEATS = 12
# The demo has an administrator: there is no first one to be made. `server/src/account/tests.rs` has one made. No face is
# compared here: `server/src/tests/faces.rs` does that. What is deleted for good has to be named before, and an interview
# has to be over: `server/src/tests/personal.rs`.
NEVER = {
    "POST /api/admin/interviews/{id}/erase",
    "POST /api/admin/interviews/{id}/candidates/{seat}/erase",
    "POST /api/session/first",
    "GET /api/candidates/{seat}/face-pictures/{number}",
    "POST /api/candidates/{seat}/face-look",
    # A look takes a host's seat: server/src/tests/staff_check.rs has one.
    "GET /api/candidates/{seat}/showing",
    # A result takes a host's WebSocket: server/src/tests/interview_stage.rs has one.
    "POST /api/candidate/confirm",
    # A paper is read by a number that its upload has answered: server/src/tests/papers.rs uploads and reads some.
    "GET /api/candidate/papers/{number}",
    "GET /api/candidates/{seat}/papers/{number}",
    # No release is built for this test: server/src/tests/downloads.rs has some.
    "GET /downloads/{file}",
}


def main():
    options = arguments()
    began = time.monotonic()
    with Server() as server, tempfile.TemporaryDirectory(prefix="viva-api-") as folder:
        faults = refusals(server) if not options.only else []
        for who, phases in [("nobody", "coverage"), ("administrator", "coverage,fuzzing,stateful")]:
            calls, failed = schemathesis(server, Path(folder) / who, who, phases, options)
            faults += [f"schemathesis as {who}: its report stands above"] if failed else []
            faults += shares(calls, who, options)
        faults += [f"in the log: {line}" for line in server.log().splitlines() if re.search("panicked|ERROR", line)]
    for fault in faults:
        print(f"✗ {fault}", file=sys.stderr)
    print(f"{len(faults)} faults after {time.monotonic() - began:.0f} s.")
    sys.exit(1 if faults else 0)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=int, default=6, help="random calls of each operation, and walks along links")
    parser.add_argument("--seed", type=int, help="another seed than the one of each run")
    parser.add_argument("--only", help="operations whose `METHOD /path` matches")
    parser.add_argument("--verbose", action="store_true", help="what was answered, operation by operation")
    return parser.parse_args()


def schemathesis(server, record, who, phases, options):
    """Runs schemathesis; the calls that it made, and whether it found a fault."""
    environment = os.environ | {
        "VIVA_API_URL": server.url,
        "VIVA_API_PASSWORD": server.password,
        "VIVA_API_TOKENS": " ".join(server.token(ROOM, f"api-{number}") for number in range(SEATS)),
        "VIVA_API_AS": who,
        "VIVA_API_RECORD": str(record),
        "PYTHONPATH": str(HERE),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(HERE / "schemathesis.toml"), "run"]
    command += [f"{server.url}/api/openapi.json", "--phases", phases, "--max-examples", str(options.examples)]
    command += ["--seed", str(options.seed)] if options.seed is not None else []
    command += ["--include-name-regex", options.only] if options.only else []
    print(f"── as {who}", flush=True)
    done = subprocess.run(command, env=environment, cwd=record.parent)
    calls = [json.loads(line) for line in record.read_text(encoding="utf-8").splitlines()] if record.exists() else []
    return calls, done.returncode != 0


def shares(calls, who, options):
    """Whether the calls reached what they were meant for: a limit that refuses all would hide every other fault."""
    faults, valid = [], defaultdict(list)
    for call in calls:
        valid[call["operation"]] += [call] if call["valid"] else []
    statuses = Counter(call["status"] for call in calls)
    print(f"{who}: {len(calls)} calls, " + ", ".join(f"{count} × {status}" for status, count in sorted(statuses.items())))
    if statuses[429] > len(calls) / 50:
        faults.append(f"{who}: {statuses[429]} of {len(calls)} calls came too fast and tried nothing")
    for operation, known in sorted(valid.items()):
        known = [call for call in known if (operation, call["code"]) not in LIMITED]
        answers = Counter((call["status"], call["code"]) for call in known)
        good = sum(count for (status, _), count in answers.items() if status < 300)
        told = ", ".join(f"{count} × {status} {code or ''}".rstrip() for (status, code), count in answers.most_common())
        if options.verbose:
            print(f"  {operation}: {told}")
        if who == "administrator" and operation not in NEVER and (good == 0 or good < SHARE * len(known)):
            faults.append(f"{operation}: only {good} of {len(known)} valid calls succeeded ({told})")
    return faults


def refusals(server):
    """Every operation that names credentials is asked without, with others', and by staff that does not administer."""
    document = requests.get(f"{server.url}/api/openapi.json", timeout=20).json()
    administrator = Client(server.url).signed_in("admin", server.password)
    body = {"account": "examiner", "name": "考官", "password": PASSWORD}
    administrator.ask("POST", "/api/admin/accounts", json=body)
    staff = Client(server.url).signed_in("examiner", PASSWORD).cookie("viva_session")
    faults = []
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            if "security" not in operation:
                continue
            asked = [({}, 401, "unauthorized")]
            asked.append(({"viva_session": "0" * 43, "viva_candidate": "x.y"}, 401, "unauthorized"))
            if path.startswith("/api/admin/"):
                asked.append(({"viva_session": staff}, 403, "forbidden"))
            url = server.url + re.sub(r"{\w+}", "0" * 16, path).replace("checks/" + "0" * 16, "checks/camera")
            for cookies, status, code in asked:
                answer = requests.request(method, url, cookies=cookies, headers={"X-Viva": "1"}, timeout=20)
                told = answer.json().get("code") if answer.content else None
                if (answer.status_code, told) != (status, code):
                    faults.append(f"{method.upper()} {path} with {sorted(cookies)}: {answer.status_code} {told}")
    print(f"refused: {len(document['paths'])} addresses asked by others than theirs")
    return faults


main()
