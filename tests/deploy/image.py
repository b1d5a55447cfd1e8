"""deploy/Dockerfile: the image, started as deploy/ starts it.

Where a container engine is there that can fetch what the image is made of, the engine builds and starts it. Elsewhere the steps
of its last stage are done in a root of their own, made by debootstrap: its RUN lines are run, its COPY lines bring the program
under test, and the models and apps where they are there. The stages before (which compile the pages, the program and the apps,
and fetch the models) are not run there; `make test` compiles the same by itself, and that these stages find what they copy and
install what scripts/setup names is looked at.
"""

import os
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path

import alone
import chart
import yaml
from dockerfile import FILE, copy, pairs, stages
from front import NAME, TRUST, URL, walk
from machine import ADDRESS, PATIENCE, ROOT, check
from pod import Pod
from root import PATH, Root, codename, first_of

# What /readyz may say of the image on this machine: no models, a full disk.
KNOWN = re.compile(r"(ready|(faces_missing|disk_low)\b.*)?")


def run(machine):
    """Looks at what the stages name, then builds and starts the image by what is there."""
    found = stages()
    in_git(found)
    same_packages(found)
    tool = engine(found)
    if tool:
        built(tool)
        print(f"  built and started by {tool}")
        return
    release = re.match(r"debian:(\w+)", found[-1].base)[1]
    if codename() != release:
        print(f"  not tried: no engine can fetch {found[-1].base}, and this machine is no {release} that could make one")
        return
    steps(machine, found[-1], release)
    print(f"  no engine can fetch {found[-1].base}: the steps of the last stage were done in a root by debootstrap")


def in_git(found):
    """What the stages take from the context is in git, and is not kept from the engine; what they take from stages is made."""
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    names = {stage.name for stage in found}
    for stage in found:
        for source, paths, _ in stage.copies():
            check(source is None or source in names, f"the Dockerfile copies from {source}, which is no stage of it")
            for path in paths if source is None else []:
                done = subprocess.run(["git", "-C", ROOT, "ls-files", "--error-unmatch", path], capture_output=True)
                check(done.returncode == 0, f"the Dockerfile copies {path}, which is not in git")
                check(path not in ignored, f"the Dockerfile copies {path}, and .dockerignore keeps it away")


def same_packages(found):
    """The apps are built with the same packages in the image and on a machine."""
    setup = (ROOT / "scripts/setup").read_text(encoding="utf-8")
    named = set(re.search(r"(?m)^to_build_apps=\((.*)\)$", setup)[1].split())
    there = next(stage for stage in found if stage.name == "apps").installs()
    check(named == there, f"scripts/setup and the Dockerfile install others to build the apps: {named ^ there}")


def steps(machine, image, release):
    """The last stage in a root of its own: started as compose.yaml does, then as the chart does where viva ends TLS itself."""
    authority = alone.acme(machine)
    with Root(machine.folder / "root", release) as root:
        build(machine, root, image)
        bare(machine, root, image)
        # What the image trusts, with one more: the ACME server's, which no setting names.
        root.write("usr/local/share/ca-certificates/test.crt", authority.read_text(encoding="utf-8"))
        root.run("update-ca-certificates")
        by_chart(machine, root)


def build(machine, root, image):
    """Does what the instructions say."""
    empty = machine.folder / "empty"
    empty.mkdir()
    apps, models = ROOT / "release", ROOT / ".cache/faces"
    made = {
        "/build/target/release/viva": machine.program,
        "/downloads": apps if apps.is_dir() else empty,
        "/build/models": models if models.is_dir() else empty,
    }
    variables = {}
    for word, text in image.instructions:
        if word == "ENV":
            variables |= pairs(text)
        elif word == "RUN":
            root.run(text, variables)
        elif word == "COPY":
            source, paths, place = copy(text)
            check(source and len(paths) == 1 and paths[0] in made, f"what stands for {source}: {paths} in this test?")
            root.do("mkdir", "--parents", (root.folder / place[1:]).parent)
            root.do("cp", "--recursive", made[paths[0]], root.folder / place[1:])
    # What this test needed, and the image does not have.
    root.run("rm /etc/apt/apt.conf.d/machine")
    granted = root.do("getcap", "-r", root.folder / "usr").replace(str(root.folder), "").split("\n")
    check(granted == ["/usr/local/bin/low-ports cap_net_bind_service=ep", ""], f"files of the image have rights: {granted}")


def bare(machine, root, image):
    """Its own settings, a root that cannot be written to and no rights, as compose.yaml says; from the start to the end."""
    service = yaml.safe_load((ROOT / "deploy/compose.yaml").read_text(encoding="utf-8"))["services"]["viva"]
    check(service["read_only"] and service["cap_drop"] == ["ALL"] and "cap_add" not in service, "compose.yaml gives it rights")
    check(service["security_opt"] == ["no-new-privileges:true"], "compose.yaml lets it get rights")
    user, folder = image.last("USER"), image.last("VOLUME")
    line = next(line.split(":") for line in root.run("cat /etc/passwd").splitlines() if user in line.split(":")[::2])
    owner, group, home = int(line[2]), int(line[3]), line[5]
    check(owner != 0, "the image runs as root")
    # A new volume takes who owns the folder, and how.
    of = root.run(f"stat --format '%u %g %a' {folder}").split()
    data = machine.data("image", owner)
    os.chown(data, int(of[0]), int(of[1]))
    data.chmod(int(of[2], 8))
    before = root.enter(image.last("WORKDIR"), {folder: data})
    before += ["setpriv", f"--reuid={owner}", f"--regid={group}", "--clear-groups"]
    before += ["--no-new-privs", "--inh-caps=-all", "--bounding-set=-all"]
    variables = {"PATH": PATH, "HOME": home} | image.environment()
    process = machine.start(yaml.safe_load(image.last("ENTRYPOINT")), variables, before=before)
    try:
        machine.until_answered(process, f"http://{ADDRESS}:8080/healthz")
        machine.until_answered(process, f"http://{ADDRESS}:8080/readyz")
        _, said = machine.ask(f"http://{ADDRESS}:8080/readyz")
        check(all(KNOWN.fullmatch(line) for line in said.splitlines()), f"it lacks something: {said}")
        first = first_of(process)
        rights(first, owner, "0" * 16)
        os.kill(first, getattr(signal, image.last("STOPSIGNAL")))
        check(process.wait(30) == 0, f"it did not end well:\n{process.log.read_text(errors='replace')}")
    finally:
        process.kill()
        process.wait()


def by_chart(machine, root):
    """The chart's container with the certificate by ACME: the ports of the pages by `low-ports`, roots of the image's own."""
    if chart.missing():
        return
    pod = Pod(machine, chart.template(chart.ACME | {"acme": {"directory": alone.DIRECTORY}}))
    container = pod.container("viva")
    before = [*root.enter("/", pod.folders(container)), *pod.privileges(container)]
    process = machine.start(container["command"], {"PATH": PATH, "HOME": "/"} | pod.environment(container), before=before)
    try:
        machine.until_answered(process, f"{URL}/readyz", *TRUST)
        rights(first_of(process), pod.spec["securityContext"]["runAsUser"], f"{1 << 10:016x}")
        walk(machine, process, turns=True)
    finally:
        process.kill()
        process.wait()


def rights(process, owner, most):
    """Who it runs as, and with which capabilities."""
    lines = dict(line.split(":\t", 1) for line in Path(f"/proc/{process}/status").read_text(encoding="utf-8").splitlines())
    check(lines["Uid"].split() == [str(owner)] * 4, f"it runs as {lines['Uid']}")
    check({lines["CapPrm"], lines["CapEff"], lines["CapBnd"]} == {most}, f"it has rights: {lines['CapEff']}, {lines['CapBnd']}")


def engine(found):
    """The container engine that is there and can fetch what the stages are made of."""
    for tool in ("docker", "podman"):
        if shutil.which(tool) and all(fetches(tool, stage.base) for stage in found):
            return tool
    return None


def fetches(tool, base):
    """Whether it has this image, or gets it."""
    try:
        return any(
            subprocess.run([tool, *words, base], capture_output=True, timeout=300).returncode == 0
            for words in (["image", "inspect"], ["pull"])
        )
    except subprocess.TimeoutExpired:
        return False


def built(tool):
    """The whole image, built and started by an engine with what compose.yaml says, without its proxy."""
    name = f"viva-test-{os.getpid()}"
    done = subprocess.run([tool, "build", "--file", FILE, "--tag", name, ROOT], capture_output=True, text=True)
    check(done.returncode == 0, f"{tool} does not build it: {done.stdout[-2000:]}{done.stderr[-2000:]}")
    limits = ["--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges", "--publish", "127.0.0.1::8080"]
    try:
        asked(tool, "run", "--detach", "--name", name, *limits, name)
        port = asked(tool, "port", name, "8080/tcp").split(":")[-1].strip()
        end, status = time.monotonic() + PATIENCE, ""
        while status != "200" and time.monotonic() < end:
            words = ["curl", "--silent", "--output", os.devnull, "--write-out", "%{http_code}", f"http://127.0.0.1:{port}/readyz"]
            status = subprocess.run(words, capture_output=True, text=True).stdout
            time.sleep(0.2)
        check(status == "200", f"it does not answer: {status} {asked(tool, 'logs', name)}")
        check(asked(tool, "exec", name, "id", "--user").strip() != "0", "the image runs as root")
        asked(tool, "stop", "--time", "30", name)
        code = asked(tool, "inspect", "--format", "{{.State.ExitCode}}", name).strip()
        check(code == "0", f"it did not end well: {code} {asked(tool, 'logs', name)}")
    finally:
        subprocess.run([tool, "rm", "--force", "--volumes", name], capture_output=True)
        subprocess.run([tool, "rmi", "--force", name], capture_output=True)


def asked(*words):
    """What the engine says."""
    done = subprocess.run(words, capture_output=True, text=True)
    check(done.returncode == 0, f"{' '.join(map(str, words))}: {done.stderr}")
    return done.stdout
