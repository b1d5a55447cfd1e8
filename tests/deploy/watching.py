"""deploy/prometheus and deploy/grafana against a real server: every metric that they name is there, with the labels that they go
by, the rules hold together, and they fire when they should (tests of `promtool`)."""

import json
import re
import subprocess

import yaml
from machine import ROOT, check

ALERTS = ROOT / "deploy/prometheus/alerts.yaml"
BOARD = ROOT / "deploy/grafana/viva.json"
# What Prometheus itself knows of whom it asks.
ITS_OWN = {"up"}
# What Prometheus adds to every series.
ADDED = {"instance", "job", "le"}
# A metric in a query.
NAME = re.compile(r"\b(viva_[a-z0-9_]+|up)\b")


def run(machine):
    """Asks a server for its metrics, and holds the files against them."""
    data = machine.data("watching")
    settings = {"VIVA_DATA_DIR": str(data), "VIVA_LISTEN": "127.0.0.1:8080", "VIVA_DEMO": "true", "VIVA_SMS": "http"}
    settings |= {"VIVA_SMS_URL": "https://127.0.0.1:9/", "VIVA_SMS_BODY": "{phone} {text}"}
    process = machine.start([machine.program], settings)
    machine.until_answered(process, "http://127.0.0.1:8080/readyz")
    _, text = machine.ask("http://127.0.0.1:8080/metrics")
    text = text.rstrip("\n") + "\n"
    # 3 is a matter of taste: lines are measured in bits.
    promtool(["check", "metrics"], text, fine=(0, 3))
    described = set(re.findall(r"^# TYPE (\S+) ", text, re.M))
    series = {}
    for name, labels in re.findall(r"^([a-z_0-9]+)(?:\{([^}]*)\})? ", text, re.M):
        series.setdefault(name, set()).update(re.findall(r"(\w+)=\"", labels))
    rules = [rule for group in yaml.safe_load(ALERTS.read_text(encoding="utf-8"))["groups"] for rule in group["rules"]]
    asked = [(f"alert {rule['alert']}", rule["expr"]) for rule in rules]
    asked += [(f"board, {title}", expression) for title, expression in expressions(json.loads(BOARD.read_text(encoding="utf-8")))]
    check(len(asked) > 30, f"only {len(asked)} queries are found")
    for where, expression in asked:
        for name in set(NAME.findall(expression)) - ITS_OWN:
            known(where, name, series, described)
        for labels in re.findall(r"\b(?:by|without)\s*\(([^)]*)\)", expression):
            by(where, expression, {label.strip() for label in labels.split(",")}, series)
        parsed(machine, where, plain(expression))
    promtool(["check", "rules", str(ALERTS)])
    promtool(["test", "rules", str(ROOT / "tests/deploy/alerts_test.yaml")])


def expressions(board):
    """Every query of the dashboard, with the title of its panel."""
    for panel in board.get("panels", []):
        for target in panel.get("targets", []):
            yield panel.get("title", "?"), target["expr"]
        yield from expressions(panel)


def plain(expression):
    """As Prometheus reads it: what the dashboard fills in, filled in."""
    return expression.replace("$__rate_interval", "5m").replace("$__range", "1h").replace("$instance", ".*")


def known(where, name, series, described):
    """A series of this name is there, or the program counts by it what has not happened yet: that shows nothing."""
    base = re.sub(r"_(bucket|sum|count)$", "", name)
    if name in series or base in described:
        return
    sources = (ROOT / "server/src").rglob("*.rs")
    check(any(f'"{base}"' in file.read_text(encoding="utf-8") for file in sources), f"{where}: nothing counts {name}")


def by(where, expression, labels, series):
    """Each label belongs to a series of the query, or is Prometheus' own."""
    names = [name for name in NAME.findall(expression) if name in series]
    there = set().union(*(series[name] for name in names)) if names else None
    # What has not happened yet shows no labels.
    if there is None or not there:
        return
    check(labels <= there | ADDED, f"{where}: no series of it has {labels - there - ADDED}")


def parsed(machine, where, expression):
    """Prometheus can read the query: as a rule of its own."""
    file = machine.folder / "query.yaml"
    rules = {"groups": [{"name": "q", "rules": [{"record": "q", "expr": expression}]}]}
    file.write_text(yaml.safe_dump(rules), encoding="utf-8")
    promtool(["check", "rules", str(file)], where=where)


def promtool(arguments, text=None, where="", fine=(0,)):
    """Runs it; what it finds fault with ends the test."""
    try:
        done = subprocess.run(["promtool", *arguments], input=text, capture_output=True, text=True)
    except FileNotFoundError:
        check(False, "promtool is missing: Debian's `prometheus`, which scripts/setup test installs")
    check(done.returncode in fine, f"{where} promtool {arguments[0]} {arguments[1]}: {done.stdout}{done.stderr}")
