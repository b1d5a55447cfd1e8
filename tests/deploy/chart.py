"""deploy/helm: what the chart makes of its values, by helm itself, and the pods of each mode of TLS, started as their objects say."""

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import alone
import yaml
from front import NAME, TRUST, URL, walk
from kubernetes import read
from machine import ADDRESS, ROOT, check
from pod import Pod, validate

CHART = ROOT / "deploy/helm"
HELM = Path(sys.executable).parent / "helm"
# As `viva` is installed into the namespace `viva`.
RELEASE = ["viva", CHART, "--namespace", "viva", "--values", "-"]
# Labels and annotations that only Helm needs.
ITS_OWN = {"helm.sh/chart", "app.kubernetes.io/instance", "app.kubernetes.io/managed-by", "app.kubernetes.io/version"}
ITS_OWN |= {"checksum/config"}
TOKEN = "a-token-of-more-than-32-characters"

PLAIN = {"domain": NAME}
ACME = {"domain": NAME, "tls": {"mode": "acme"}}
FILES = {"domain": NAME, "tls": {"mode": "files", "secretName": "viva-tls"}}
# Every value that is optional, said.
MORE = {
    "image": {"repository": "registry.example/viva", "tag": "1", "pullPolicy": "Always", "pullSecrets": ["registry"]},
    "acme": {"contact": "it@example.edu", "directory": "https://acme.example.edu/directory", "ca": "-----BEGIN CERTIFICATE-----"},
    "publicAddresses": [ADDRESS, "2001:db8::10"],
    "media": {"port": 20000},
    "turn": {"port": 3479, "tlsPort": 0},
    "database": {"secretName": "viva-database", "secretKey": "address"},
    "metrics": {
        "secretName": "viva-metrics", "secretKey": "bearer",
        "serviceMonitor": {"enabled": True, "interval": "30s", "labels": {"release": "prometheus"}},
    },
    "settings": {"VIVA_MESSAGE_BYTES": 1048576, "VIVA_FACE_SINGLE": 0.41, "VIVA_TCP": True, "VIVA_SMS_HEADERS": "a: b\nc: d"},
    "settingsSecret": "viva-settings",
    "persistence": {"size": "10Gi", "storageClass": "fast"},
    "resources": {"requests": {"cpu": "8"}},
    "terminationGracePeriodSeconds": 60,
    "nodeSelector": {"kubernetes.io/hostname": "media-1"},
    "tolerations": [{"key": "media", "operator": "Exists", "effect": "NoSchedule"}],
    "affinity": {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [
        {"matchExpressions": [{"key": "media", "operator": "In", "values": ["yes"]}]}]}}},
    "proxy": {"image": {"repository": "registry.example/caddy", "tag": "2.8", "pullPolicy": "Never"},
              "size": "1Gi", "resources": {"limits": {"memory": "1Gi"}}},
}
# What is refused, and a piece of the sentence that says why.
WRONG = [
    ({}, "domain is required"),
    ({"domain": ""}, "domain: String length must be greater"),
    ({"domain": "https://exam.example.edu"}, "domain: Does not match format 'hostname'"),
    ({"tls": {"mode": "caddy"}}, 'tls.mode must be one of the following: "proxy", "acme", "files"'),
    ({"tls": {"mod": "acme"}}, "tls: Additional property mod is not allowed"),
    ({"colour": "red"}, "Additional property colour is not allowed"),
    ({"tls": {"mode": "files"}}, "say in tls.secretName which Secret"),
    ({"tls": {"mode": "proxy", "secretName": "viva-tls"}}, "for tls.mode files"),
    ({"settings": {"listen": "[::]:443"}}, 'Property name of "listen" does not match'),
    ({"settings": {"VIVA_LISTEN": "[::]:443"}}, "settings.VIVA_LISTEN: the chart says it itself"),
    ({"turn": {"port": 443}}, "behind the proxy viva has no right to ports below 1024"),
    ({"turn": {"port": 70000}}, "turn.port: Must be less than or equal to 65535"),
    ({"acme": {"directory": "http://acme.example.edu"}}, "acme.directory: Does not match pattern"),
    ({"metrics": {"serviceMonitor": {"enabled": True}}}, "needs metrics.secretName"),
    ({"persistence": {"size": 1}}, "persistence.size: Invalid type"),
]


def run(machine):
    """Every way of TLS, with default values and with all that can be said; and what is refused."""
    if missing():
        return
    described()
    for ways in (PLAIN, ACME, FILES):
        for values in (ways, MORE | ways):
            done = helm(["lint", "--strict", CHART, "--values", "-"], values)
            check(done.returncode == 0, f"helm lint finds fault: {done.stdout}{done.stderr}")
            objects = template(values)
            validate(objects)
            hold_together(objects)
    check(plain(template(PLAIN)) == plain(read(NAME)), "deploy/kubernetes/viva.yaml is another than the chart with default values")
    full = template(MORE | ACME)
    settings = next(part["data"] for part in full if part["kind"] == "ConfigMap" and part["metadata"]["name"] == "viva")
    said = {name: settings[name] for name in MORE["settings"]}
    expected = {"VIVA_MESSAGE_BYTES": "1048576", "VIVA_FACE_SINGLE": "0.41", "VIVA_TCP": "true", "VIVA_SMS_HEADERS": "a: b\nc: d"}
    check(said == expected, f"settings do not arrive as they were said: {said}")
    for values, sentence in WRONG:
        done = helm(["template", *RELEASE], values if values in ({}, {"domain": ""}) else PLAIN | values)
        check(done.returncode != 0 and sentence in done.stderr, f"{values}: {sentence!r} is not said: {done.stderr}")


def by_proxy(machine):
    """With all that can be said, and Prometheus within the cluster: it gets the metrics, and nobody else does."""
    if missing():
        return
    where = {"acme": {}, "turn": {}, "media": {}, "database": {}, "settingsSecret": ""}
    pod = Pod(machine, template(MORE | PLAIN | where), {"viva-metrics": {"bearer": TOKEN}})
    process = pod.start("viva")
    pod.start("proxy")
    machine.until_answered(process, f"{URL}/readyz", *TRUST)
    metrics(machine, source="127.0.0.1")
    address = ["--header", f"Host: {ADDRESS}", "--header", f"Authorization: Bearer {TOKEN}"]
    for name, arguments in [("from elsewhere", address), ("by the name", address[2:])]:
        status, _ = machine.ask(f"{URL}/metrics", *TRUST, *arguments)
        check(status == 403, f"the proxy gives the metrics {name}: {status}")
    adapted(machine)


def by_acme(machine):
    """viva itself on 443, 80 and the ports of TURN, with a certificate by an ACME server of one's own."""
    if missing():
        return
    authority = alone.acme(machine)
    acme = {"directory": alone.DIRECTORY, "ca": authority.read_text(encoding="utf-8"), "contact": "it@example.edu"}
    said = {"settings": {"VIVA_SMS": "outbox"}, "metrics": MORE["metrics"]}
    pod = Pod(machine, template(ACME | {"acme": acme} | said), {"viva-metrics": {"bearer": TOKEN}})
    process = pod.start("viva")
    alone.certified(machine, process, authority, pod.volume("data"))
    metrics(machine)
    by_tls(machine, pod)
    pod.probe("viva")


def by_files(machine):
    """viva itself with the certificate of a Secret, and a renewed one while it runs."""
    if missing():
        return
    pod = Pod(machine, template(FILES | {"metrics": MORE["metrics"]}), {"viva-tls": pair(machine), "viva-metrics": {"bearer": TOKEN}})
    process = pod.start("viva")
    walk(machine, process, turns=True)
    metrics(machine)
    by_tls(machine, pod)
    pod.probe("viva")
    first = alone.serial(machine)
    pod.project(pod.volume("tls"), pair(machine), 0o440)
    alone.renewed(machine, process, first)


def pair(machine):
    """A certificate and its key, as cert-manager writes them."""
    certificate, key = machine.folder / "tls.crt", machine.folder / "tls.key"
    alone.make(certificate, key, NAME)
    return {"tls.crt": certificate.read_text(encoding="utf-8"), "tls.key": key.read_text(encoding="utf-8")}


def metrics(machine, source=None):
    """As Prometheus asks by the ServiceMonitor: at the node's address, with the server's name in the handshake."""
    asked = [*TRUST, "--header", f"Host: {ADDRESS}"]
    status, _ = machine.ask(f"{URL}/metrics", *asked, source=source)
    check(status == 401, f"the metrics are given to who has no token: {status}")
    status, text = machine.ask(f"{URL}/metrics", *asked, "--header", f"Authorization: Bearer {TOKEN}", source=source)
    check(status == 200 and "# TYPE viva_" in text, f"Prometheus gets no metrics: {status} {text[:200]}")


def by_tls(machine, pod):
    """The ports of pages, TURN and media are there, and the pod says that it takes them."""
    ports = {part["containerPort"] for part in pod.container("viva")["ports"] if part["protocol"] == "TCP"}
    listened = {int(one.rpartition(":")[2]) for one in machine.listeners() if not one.startswith("127.0.0.1:")}
    check({80, 443, 3478, 5349, 10000} <= ports & listened, f"ports: said {ports}, there {listened}")


def adapted(machine):
    """Caddy can read its file with an ACME server of one's own, and asks that one."""
    maps = {part["metadata"]["name"]: part["data"] for part in template(MORE | PLAIN) if part["kind"] == "ConfigMap"}
    file, authority = machine.folder / "Caddyfile", machine.folder / "ca.pem"
    alone.make(authority, machine.folder / "ca-key.pem", "authority")
    file.write_text(maps["viva-proxy"]["Caddyfile"].replace("/etc/viva/acme/ca.pem", str(authority)), encoding="utf-8")
    known = {"VIVA_DOMAIN": "exam.example.edu", "PATH": os.environ["PATH"], "HOME": str(machine.folder)}
    command = ["caddy", "adapt", "--validate", "--config", file, "--adapter", "caddyfile"]
    done = subprocess.run(command, env=known, capture_output=True, text=True)
    check(done.returncode == 0, f"Caddy does not take its file: {done.stderr}")
    issuer = json.loads(done.stdout)["apps"]["tls"]["automation"]["policies"][0]["issuers"][0]
    expected = {"module": "acme", "email": MORE["acme"]["contact"], "ca": MORE["acme"]["directory"]}
    check(expected.items() <= issuer.items() and str(authority) in issuer["trusted_roots_pem_files"], f"Caddy asks {issuer}")


def described():
    """Versions are those of the program; every value has a comment and is in the schema, and the other way round."""
    chart = yaml.safe_load((CHART / "Chart.yaml").read_text(encoding="utf-8"))
    version = tomllib.loads((ROOT / "Cargo.toml").read_text(encoding="utf-8"))["workspace"]["package"]["version"]
    check(chart["version"] == chart["appVersion"] == version, f"the chart's version is not the program's, {version}")
    text = (CHART / "values.yaml").read_text(encoding="utf-8")
    schema = json.loads((CHART / "values.schema.json").read_text(encoding="utf-8"))
    known = set(leaves(schema["properties"])) - {("domain",), ("global",)}
    given = set(paths(yaml.safe_load(text), known))
    check(known == given, f"values.yaml and its schema differ: {known ^ given}")
    said = set(paths(MORE | FILES, known))
    check(known <= said, f"the test says not every value: {known - said}")


def leaves(properties, before=()):
    """The paths of all values that the schema knows."""
    for name, schema in properties.items():
        inner = schema.get("properties")
        yield from leaves(inner, (*before, name)) if inner else [(*before, name)]


def paths(values, known, before=()):
    """The paths of values, as far down as the schema names them."""
    for name, value in values.items():
        path = (*before, name)
        if path not in known and isinstance(value, dict):
            yield from paths(value, known, path)
        elif path != ("domain",):
            yield path


def hold_together(objects):
    """What an object names is there: labels, ports, maps."""
    kinds = {part["kind"]: part for part in objects}
    pod, service = kinds["StatefulSet"]["spec"]["template"], kinds["Service"]
    check(service["spec"]["selector"].items() <= pod["metadata"]["labels"].items(), "the Service finds no pod")
    ports = {port["name"] for part in pod["spec"]["containers"] for port in part["ports"]}
    check({port["targetPort"] for port in service["spec"]["ports"]} <= ports, "the Service names a port that is not there")
    maps = {part["metadata"]["name"] for part in objects if part["kind"] == "ConfigMap"}
    named = {part["configMap"]["name"] for part in pod["spec"].get("volumes", []) if "configMap" in part}
    check(named <= maps, f"the pod never starts: there is no {named - maps}")
    if "ServiceMonitor" in kinds:
        monitor = kinds["ServiceMonitor"]["spec"]
        check(monitor["selector"]["matchLabels"].items() <= service["metadata"]["labels"].items(), "the monitor finds no Service")
        asked = {part["port"] for part in monitor["endpoints"]}
        check(asked <= {port["name"] for port in service["spec"]["ports"]}, "the monitor names a port that is not there")


def plain(objects):
    """What objects mean, by kind and name: without what only Helm needs, and without the namespace, which Helm makes itself."""
    kept = [without(part) for part in objects if part["kind"] != "Namespace"]
    return {(part["kind"], part["metadata"]["name"]): part for part in kept}


def without(part):
    """The same without labels and annotations of Helm."""
    if isinstance(part, list):
        return [without(one) for one in part]
    if not isinstance(part, dict):
        return part
    kept = {key: without(value) for key, value in part.items() if key not in ITS_OWN}
    return {key: value for key, value in kept.items() if not (key == "annotations" and not value)}


def template(values):
    """The objects that helm makes of the values."""
    done = helm(["template", *RELEASE], values)
    check(done.returncode == 0, f"helm template fails: {done.stderr}")
    return [part for part in yaml.safe_load_all(done.stdout) if part]


def helm(words, values):
    """Runs helm, with values as if by a file."""
    return subprocess.run([HELM, *words], input=yaml.safe_dump(values), capture_output=True, text=True)


def missing():
    """PyPI has helm for no other machines."""
    if not HELM.exists():
        print(f"  not tried: there is no {HELM}, which tests/api/requirements.txt has for x86_64 alone")
    return not HELM.exists()
