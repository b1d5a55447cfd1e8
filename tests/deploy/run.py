"""Starts each deployment of deploy/ for real, as far as one machine can, and asks it what people would.

In a network namespace of its own, with Debian's Caddy for the proxy's image, Debian's Pebble for the ACME server, and a root by
debootstrap for viva's image where no container engine builds it. Needs root.
"""

import sys
import time

import alone
import chart
import compose
import image
import kubernetes
import systemd
import watching
from machine import Fault, Machine

DEPLOYMENTS = {
    "domain": alone.by_domain,
    "files": alone.by_files,
    "compose": compose.run,
    "kubernetes": kubernetes.run,
    "chart": chart.run,
    "chart-proxy": chart.by_proxy,
    "chart-acme": chart.by_acme,
    "chart-files": chart.by_files,
    "image": image.run,
    "systemd": systemd.run,
    "watching": watching.run,
}


def main():
    asked = sys.argv[1:] or list(DEPLOYMENTS)
    faults = 0
    for name in asked:
        began = time.monotonic()
        try:
            with Machine() as machine:
                DEPLOYMENTS[name](machine)
        except Fault as fault:
            faults += 1
            print(f"✗ {name}: {fault}", file=sys.stderr)
        else:
            print(f"✓ {name}: {time.monotonic() - began:.0f} s")
    sys.exit(1 if faults else 0)


main()
