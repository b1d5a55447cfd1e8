"""viva without a proxy, as the first command of deploy/README.md starts it and as systemd/alone.conf lets it: with a certificate
by ACME from a real ACME server, and with one from files."""

import configparser
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

from front import NAME, URL, walk
from machine import ADDRESS, FIRST, ROOT, SECOND, check

PATIENCE = 60
# Of the ACME server, in the machine's network.
DIRECTORY, MANAGES = "https://localhost:14000/dir", "https://localhost:15000"
# Its certificates count for so many seconds; viva renews them with a third left.
LIFE = 30
HERE = Path(__file__).parent
# How long the flood lasts, in seconds, and how often somebody joins during it.
FLOOD, JOINS = 10, 24


def by_domain(machine):
    """`viva serve --domain NAME`: the certificate comes by itself, is renewed, and the pages are there."""
    authority = acme(machine)
    data = machine.data("domain", OWNER)
    words = ["serve", "--domain", NAME, "--data-dir", data, "--acme-directory", DIRECTORY, "--acme-ca", authority]
    process = machine.start([machine.program, *words], {}, before=before())
    certified(machine, process, authority, data)


def certified(machine, process, authority, data):
    """What must hold of a server with a certificate by this ACME server, in whatever way it was started."""
    root = machine.folder / "root.pem"
    walk(machine, process, turns=True)
    root.write_text(machine.ask(f"{MANAGES}/roots/0", "--cacert", authority)[1], encoding="utf-8")
    trusted = ["--cacert", root, "--resolve", f"{NAME}:443:{ADDRESS}"]
    status, text = machine.ask(f"{URL}/", *map(str, trusted), "--head")
    check(status == 200 and text.startswith("HTTP/2"), f"the certificate is not the ACME server's: {status} {text}")
    status, _ = machine.ask(f"https://{ADDRESS}/", "--insecure")
    check(status == 0, "who asks for no name gets a certificate")
    renewed(machine, process, serial(machine))
    kept = {file.name: file.stat().st_mode & 0o777 for file in (data / "acme").glob("*/*")}
    check(kept == {"account.json": 0o600, "certificate.pem": 0o600}, f"what is kept of ACME: {kept}")


def by_files(machine):
    """`tls_certificate` and `tls_key`, and newer files while it runs."""
    data = machine.data("files", OWNER)
    certificate, key = data / "fullchain.pem", data / "privkey.pem"
    make(certificate, key, NAME)
    settings = {"VIVA_TLS_CERTIFICATE": str(certificate), "VIVA_TLS_KEY": str(key), "VIVA_PUBLIC_URL": URL}
    settings |= {"VIVA_LISTEN": "0.0.0.0:443", "VIVA_HTTP_LISTEN": "0.0.0.0:80", "VIVA_DATA_DIR": str(data)}
    process = machine.start([machine.program], settings, before=before())
    walk(machine, process)
    flooded(machine, settings)
    first = serial(machine)
    make(certificate, key, NAME)
    renewed(machine, process, first)


def renewed(machine, process, first):
    """Waits until another certificate is shown than the first one."""
    end = time.monotonic() + PATIENCE
    while serial(machine) == first:
        check(time.monotonic() < end, f"no newer certificate is shown:\n{process.log.read_text(errors='replace')}")
        time.sleep(0.2)


def flooded(machine, settings):
    """Handshakes from one address as fast as two programs can leave those of another below a second."""
    quiet = joins(machine, token(machine, settings, "quiet"))
    floods = [machine.start([sys.executable, HERE / "flood.py", "shake", SECOND, FLOOD], {}) for _ in range(2)]
    time.sleep(0.5)
    busy = joins(machine, token(machine, settings, "busy"))
    done = 0
    for flood in floods:
        flood.wait(FLOOD + PATIENCE)
        done += int(flood.log.read_text(errors="replace").split()[-1])
    said = f"half of the joins within {median(quiet):.0f} ms, and during a flood ({done / FLOOD:.0f} handshakes a second)"
    print(f"  {said} within {median(busy):.0f} ms, nine of ten within {most(busy):.0f} ms")
    # What a busy machine does to one of them proves nothing.
    check(most(busy) < 1000, f"a flood from one address makes others wait: {busy}")
    check(done > 1000, f"that was no flood: {done} handshakes")


def token(machine, settings, name):
    """For a seat of its own: one may not be taken again and again."""
    words = [machine.program, "token", "--room", "flood", "--name", name, "--publish"]
    known = {"PATH": os.environ["PATH"]} | settings
    told = subprocess.run(list(map(str, words)), env=known, cwd=machine.folder, capture_output=True, text=True, check=True)
    return told.stdout.split()[0]


def most(times):
    """Nine of ten are not above this."""
    return sorted(times)[len(times) * 9 // 10]


def joins(machine, token):
    """How long each took from another address, in milliseconds."""
    words = [sys.executable, HERE / "flood.py", "join", FIRST, token, JOINS]
    within = ["ip", "netns", "exec", machine.name, *map(str, words)]
    done = subprocess.run(within, capture_output=True, text=True)
    check(done.returncode == 0, f"nobody joins: {done.stdout}{done.stderr}")
    return [float(line) for line in done.stdout.split()]


# As systemd runs it: DynamicUser= takes an account of this range.
OWNER = 61_184


def before():
    """The account and the capabilities of systemd/viva.service with alone.conf."""
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str
    unit.read(ROOT / "deploy/systemd/alone.conf", encoding="utf-8")
    service = unit["Service"]
    check(service["AmbientCapabilities"] == service["CapabilityBoundingSet"] == "CAP_NET_BIND_SERVICE", "it may more")
    one = "-all,+net_bind_service"
    account = [f"--reuid={OWNER}", f"--regid={OWNER}", "--clear-groups", "--no-new-privs"]
    return ["setpriv", *account, f"--inh-caps={one}", f"--ambient-caps={one}", f"--bounding-set={one}"]


def acme(machine):
    """Starts Pebble and the DNS that it asks; the file by which it is trusted."""
    certificate, key = machine.folder / "pebble.pem", machine.folder / "pebble-key.pem"
    make(certificate, key, "localhost")
    certificate.chmod(0o644)
    config = machine.folder / "pebble.json"
    config.write_text(json.dumps({"pebble": {
        "listenAddress": "127.0.0.1:14000", "managementListenAddress": "127.0.0.1:15000",
        "certificate": str(certificate), "privateKey": str(key), "httpPort": 80, "tlsPort": 443,
        "ocspResponderURL": "", "externalAccountBindingRequired": False, "certificateValidityPeriod": LIFE,
    }}), encoding="utf-8")
    elsewhere = ["-http01", "", "-https01", "", "-tlsalpn01", "", "-management", "127.0.0.1:8055"]
    names = ["-dns01", "127.0.0.1:8053", "-defaultIPv4", ADDRESS, "-defaultIPv6", ""]
    machine.start(["pebble-challtestsrv", *elsewhere, *names], {})
    command = ["pebble", "-strict=true", "-dnsserver", "127.0.0.1:8053", "-config", config]
    process = machine.start(command, {"PEBBLE_VA_NOSLEEP": "1"})
    machine.until_answered(process, DIRECTORY, "--cacert", str(certificate))
    return certificate


def make(certificate, key, name):
    """A certificate that signs itself, in the place of what was there."""
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "90"]
    command += ["-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}"]
    command += ["-addext", "basicConstraints=critical,CA:FALSE", "-keyout", key, "-out", certificate]
    subprocess.run(list(map(str, command)), check=True, capture_output=True)
    for file in (certificate, key):
        subprocess.run(["chown", str(OWNER), str(file)], check=True)


def serial(machine):
    """The number of the certificate that is shown now."""
    within = ["ip", "netns", "exec", machine.name]
    asked = [*within, "openssl", "s_client", "-connect", f"{ADDRESS}:443", "-servername", NAME]
    shown = subprocess.run(asked, input=b"", capture_output=True).stdout
    return subprocess.run(["openssl", "x509", "-noout", "-serial"], input=shown, capture_output=True).stdout
