"""deploy/compose.yaml: its services as it wires them, with Caddy from Debian in the place of the image."""

import re

import yaml
from dockerfile import stages
from front import NAME, walk
from machine import ROOT, check

HERE = ROOT / "deploy"


def run(machine):
    """Starts both services and asks from outside."""
    file = yaml.safe_load((HERE / "compose.yaml").read_text(encoding="utf-8"))
    viva, proxy = file["services"]["viva"], file["services"]["proxy"]
    check(viva["network_mode"] == proxy["network_mode"] == "host", "media or the proxy is behind a translation")
    check(viva["read_only"] and viva["cap_drop"] == ["ALL"], "viva may more than it needs")
    variables = {"VIVA_DOMAIN": NAME}
    data = machine.data("compose")
    # The image's own settings come first; its folder is a volume.
    settings = stages()[-1].environment() | substituted(viva["environment"], variables) | {"VIVA_DATA_DIR": str(data)}
    process = machine.start([machine.program], settings)
    caddyfile = next(volume.split(":")[0] for volume in proxy["volumes"] if "/etc/caddy/Caddyfile" in volume)
    machine.start(caddy(HERE / caddyfile), substituted(proxy["environment"], variables))
    walk(machine, process, turns=True)


def caddy(file):
    """The command of its image, with our file."""
    return ["caddy", "run", "--adapter", "caddyfile", "--config", file]


def substituted(environment, variables):
    """`${NAME}`, `${NAME:-default}` and `${NAME:?why}` as Compose reads them."""
    def value(match):
        name, _, rest = match[1].partition(":")
        check(name in variables or rest.startswith("-"), f"{name} is nowhere explained")
        return variables.get(name) or rest.removeprefix("-")

    return {key: re.sub(r"\$\{([^}]*)\}", value, str(text)) for key, text in environment.items()}
