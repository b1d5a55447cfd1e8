"""deploy/kubernetes: its objects against their schemas, and its containers with the environment that they would get."""

import kubernetes_validate
import yaml
from compose import caddy
from front import NAME, walk
from machine import ADDRESS, ROOT, check

# Of a cluster that is kept up to date.
VERSION = "1.34"


def run(machine):
    """Checks the file, then starts both containers of the pod and asks from outside."""
    text = (ROOT / "deploy/kubernetes/viva.yaml").read_text(encoding="utf-8")
    objects = [part for part in yaml.safe_load_all(text) if part]
    for part in objects:
        kubernetes_validate.validate(part, VERSION, strict=True)
    maps = {part["metadata"]["name"]: part["data"] for part in objects if part["kind"] == "ConfigMap"}
    pod = next(part for part in objects if part["kind"] == "StatefulSet")["spec"]["template"]["spec"]
    viva, proxy = pod["containers"]
    file = (ROOT / "deploy/Caddyfile").read_text(encoding="utf-8")
    check(maps["viva-proxy"]["Caddyfile"] == file, "the proxy's file is another than deploy/Caddyfile")
    check(pod["hostNetwork"] and pod["enableServiceLinks"] is False, "the pod's network is not what it should be")
    settings = {}
    for source in viva["envFrom"]:
        settings |= maps[source["configMapRef"]["name"]] if "configMapRef" in source else {}
    settings = {key: value.replace("viva.example.org", NAME) for key, value in settings.items()}
    owner = pod["securityContext"]["runAsUser"]
    data = machine.data("kubernetes", owner)
    settings |= {"VIVA_DATA_DIR": str(data)} | links()
    before = ["setpriv", f"--reuid={owner}", f"--regid={owner}", "--clear-groups", "--no-new-privs", "--bounding-set=-all"]
    process = machine.start([machine.program], settings, before=before)
    variables = {entry["name"]: entry["value"].replace("viva.example.org", NAME) for entry in proxy["env"]}
    variables |= {key: f"{data}/{key}" for key in variables if key.startswith("XDG_")}
    machine.start(caddy(ROOT / "deploy/Caddyfile"), variables)
    walk(machine, process, turns=True)
    for name in ("startupProbe", "livenessProbe", "readinessProbe"):
        asked = viva[name]["httpGet"]
        status, said = machine.ask(f"http://{asked['host']}:{asked['port']}{asked['path']}")
        check(status == 200, f"{name}: {status} {said}")
    status, _ = machine.ask(f"http://{ADDRESS}:8080/healthz")
    check(status == 0, "viva answers in the clear at the node's address")


def links():
    """What Kubernetes would set for services `viva` and `viva-media`, were the links of services on."""
    variables = {}
    for name, host, port, protocol in [("VIVA", "10.96.12.7", 80, "TCP"), ("VIVA_MEDIA", "10.96.12.8", 10000, "UDP")]:
        url, base = f"{protocol.lower()}://{host}:{port}", f"{name}_PORT_{port}_{protocol}"
        variables |= {f"{name}_SERVICE_HOST": host, f"{name}_SERVICE_PORT": str(port), f"{name}_PORT": url, base: url}
        variables |= {f"{name}_SERVICE_PORT_MAIN": str(port), f"{base}_PROTO": protocol.lower()}
        variables |= {f"{base}_PORT": str(port), f"{base}_ADDR": host}
    return variables
