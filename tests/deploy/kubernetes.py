"""deploy/kubernetes: its objects against their schemas, and its containers with the environment that they would get."""

import yaml
from front import NAME, walk
from machine import ADDRESS, ROOT, check
from pod import Pod, caddyfile, validate

FILE = ROOT / "deploy/kubernetes/viva.yaml"


def run(machine):
    """Checks the file, then starts both containers of the pod and asks from outside."""
    objects = read(NAME)
    validate(objects)
    pod = Pod(machine, objects)
    check(pod.maps["viva-proxy"]["Caddyfile"] == caddyfile(), "the proxy's file is another than deploy/Caddyfile")
    process = pod.start("viva", links())
    pod.start("proxy")
    walk(machine, process, turns=True)
    pod.probe("viva")
    pod.probe("proxy")
    status, _ = machine.ask(f"http://{ADDRESS}:8080/healthz")
    check(status == 0, "viva answers in the clear at the node's address")


def read(name):
    """The objects of the file, with this name in the place of the example's."""
    text = FILE.read_text(encoding="utf-8").replace("viva.example.org", name)
    return [part for part in yaml.safe_load_all(text) if part]


def links():
    """What Kubernetes would set for services `viva` and `viva-media`, were the links of services on."""
    variables = {}
    for name, host, port, protocol in [("VIVA", "10.96.12.7", 80, "TCP"), ("VIVA_MEDIA", "10.96.12.8", 10000, "UDP")]:
        url, base = f"{protocol.lower()}://{host}:{port}", f"{name}_PORT_{port}_{protocol}"
        variables |= {f"{name}_SERVICE_HOST": host, f"{name}_SERVICE_PORT": str(port), f"{name}_PORT": url, base: url}
        variables |= {f"{name}_SERVICE_PORT_MAIN": str(port), f"{base}_PROTO": protocol.lower()}
        variables |= {f"{base}_PORT": str(port), f"{base}_ADDR": host}
    return variables
