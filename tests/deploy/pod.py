"""A pod of Kubernetes on the test's machine: its containers, each with the environment, the account, the rights and the files
that the objects give it."""

import itertools
import os
import shutil
import subprocess

import kubernetes_validate
from compose import caddy
from dockerfile import stages
from machine import ROOT, check

# Of a cluster that is kept up to date.
VERSION = "1.34"


class Pod:
    """The pod of the one StatefulSet among the objects; `secrets` are those of its namespace, as names and texts."""

    def __init__(self, machine, objects, secrets=None):
        self.machine = machine
        self.maps = {part["metadata"]["name"]: part["data"] for part in objects if part["kind"] == "ConfigMap"}
        self.secrets = secrets or {}
        self.set = next(part["spec"] for part in objects if part["kind"] == "StatefulSet")
        self.spec = self.set["template"]["spec"]
        check(self.spec["hostNetwork"] and self.spec["enableServiceLinks"] is False, "the pod's network is not what it should be")
        self.group = self.spec["securityContext"]["fsGroup"]
        self.folder = machine.folder / "volumes"
        self.folder.mkdir()
        self.volumes = {}

    def container(self, name):
        """One of the containers."""
        return next(part for part in self.spec["containers"] if part["name"] == name)

    def environment(self, container):
        """What the container's processes find: the image's own settings, those of the sources, and single ones."""
        settings = stages()[-1].environment() if container["name"] == "viva" else {}
        for source in container.get("envFrom", []):
            settings |= self.source(source)
        for entry in container.get("env", []):
            key = entry.get("valueFrom", {}).get("secretKeyRef")
            settings[entry["name"]] = self.secrets[key["name"]][key["key"]] if key else entry["value"]
        return settings

    def source(self, source):
        """All that one entry of `envFrom` gives."""
        kind, known = ("secretRef", self.secrets) if "secretRef" in source else ("configMapRef", self.maps)
        name = source[kind]["name"]
        check(name in known or source[kind].get("optional"), f"the pod never starts: there is no {name}")
        return known.get(name, {})

    def privileges(self, container):
        """The command that gives up everything that the container does not have."""
        owner, may = self.spec["securityContext"], container["securityContext"]
        check(owner["runAsNonRoot"] and may["readOnlyRootFilesystem"], f"{container['name']} may more than it needs")
        check(may["capabilities"]["drop"] == ["ALL"], f"{container['name']} keeps capabilities")
        rights = ",".join(["-all", *(f"+{right.lower()}" for right in may["capabilities"].get("add", []))])
        account = [f"--reuid={owner['runAsUser']}", f"--regid={owner['runAsGroup']}", f"--groups={self.group}"]
        escalates = [] if may["allowPrivilegeEscalation"] else ["--no-new-privs"]
        return ["setpriv", *account, *escalates, "--inh-caps=-all", f"--bounding-set={rights}"]

    def folders(self, container):
        """The folder behind each path that is mounted."""
        return {mount["mountPath"]: self.volume(mount["name"]) for mount in container["volumeMounts"]}

    def volume(self, name):
        """The folder of a volume, filled at the first time."""
        if name in self.volumes:
            return self.volumes[name]
        folder = self.volumes[name] = self.folder / name
        folder.mkdir()
        shutil.chown(folder, 0, self.group)
        volume = next((part for part in self.spec.get("volumes", []) if part["name"] == name), None)
        if volume is None:
            claims = [claim["metadata"]["name"] for claim in self.set["volumeClaimTemplates"]]
            check(name in claims, f"the pod never starts: there is no volume {name}")
            folder.chmod(0o2775)
        elif "configMap" in volume:
            self.project(folder, self.maps[volume["configMap"]["name"]], volume["configMap"].get("defaultMode", 0o644))
        else:
            self.project(folder, self.secrets[volume["secret"]["secretName"]], volume["secret"].get("defaultMode", 0o644))
        return folder

    def project(self, folder, files, mode):
        """Writes them as the kubelet does, also in the place of older ones: a link to a folder is exchanged."""
        name = next(f"..{number}" for number in itertools.count() if not (folder / f"..{number}").exists())
        (folder / name).mkdir()
        for file, text in files.items():
            (folder / name / file).write_text(text, encoding="utf-8")
            (folder / name / file).chmod(mode)
            shutil.chown(folder / name / file, 0, self.group)
            if not (folder / file).is_symlink():
                (folder / file).symlink_to(f"..data/{file}")
        (folder / "..new").symlink_to(name)
        (folder / "..new").rename(folder / "..data")

    def start(self, name, more=None):
        """Starts a container beside the test's own programs, with the folders in the place of the paths."""
        container = self.container(name)
        settings = self.environment(container) | (more or {})
        for path, folder in self.folders(container).items():
            settings = {key: value.replace(path, str(folder)) for key, value in settings.items()}
        if name == "proxy":
            command = caddy(self.volume("proxy") / "Caddyfile")
            bound(self.machine, "caddy", "caddy")
        else:
            command = container.get("command", [self.machine.program])
            # As the Dockerfile makes it; image.py starts that one.
            bound(self.machine, "setpriv", "low-ports")
        settings["PATH"] = f"{self.machine.folder}:{os.environ['PATH']}"
        return self.machine.start(command, settings, before=self.privileges(container))

    def probe(self, name):
        """Asks what the kubelet would ask."""
        container = self.container(name)
        for kind in ("startupProbe", "livenessProbe", "readinessProbe"):
            probe = container.get(kind, {})
            if "httpGet" in probe:
                asked = probe["httpGet"]
                url = f"{asked.get('scheme', 'HTTP').lower()}://{asked['host']}:{asked['port']}{asked['path']}"
                status, said = self.machine.ask(url, "--insecure")
                check(status == 200, f"{kind}: {status} {said}")
            elif "tcpSocket" in probe:
                ports = {part["name"]: part["containerPort"] for part in container["ports"]}
                port = ports.get(probe["tcpSocket"]["port"], probe["tcpSocket"]["port"])
                check(any(one.endswith(f":{port}") for one in self.machine.listeners()), f"{kind}: nobody listens at {port}")


def validate(objects):
    """Against the schemas of Kubernetes; those of operators are not among them."""
    for part in objects:
        if part["apiVersion"].partition("/")[0] != "monitoring.coreos.com":
            kubernetes_validate.validate(part, VERSION, strict=True)


def bound(machine, program, name):
    """A copy of a program whose file has the right to ports below 1024."""
    copy = machine.folder / name
    if not copy.exists():
        shutil.copy(shutil.which(program), copy)
        subprocess.run(["setcap", "cap_net_bind_service=+ep", copy], check=True)


def caddyfile():
    """What the proxies of deploy/ do."""
    return (ROOT / "deploy/Caddyfile").read_text(encoding="utf-8")
