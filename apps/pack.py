"""Packs what a release consists of, the same bytes for the same input: zips, the icon of macOS, the list of builds, the list of components.

`pack.py windows|macos|list|components …`; scripts/release calls it.
"""

import hashlib
import json
import os
import struct
import subprocess
import sys
import time
import uuid
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# The moment of the commit: all that has a time in it has this one.
MOMENT = int(os.environ["SOURCE_DATE_EPOCH"])

WINDOWS_README = """面谈 Viva {version}

1. 请先把这个压缩包里的文件全部解压到一个文件夹。
2. 双击其中的 Viva-Setup，按提示选择安装位置和附加快捷方式，直到“完成”。
   安装不需要管理员权限。
3. 双击桌面上的“Viva 面谈”，输入短信中的面谈邀请码。
   面谈在这台电脑的 Edge 或 Chrome 浏览器窗口中进行。
4. 卸载：设置 → 应用 → 已安装的应用 → Viva 面谈 → 卸载。

Viva {version}

1. Extract all files of this archive into a folder first.
2. Double-click Viva-Setup in it; choose folder and shortcuts, until “Finish”.
   No administrator's rights are needed.
3. Double-click “Viva 面谈” on the desktop and type the invitation code of your message.
   Interviews run in a window of this computer's Edge or Chrome.
4. To remove it: Settings → Apps → Installed apps → Viva 面谈 → Uninstall.

/S installs without questions, /D=FOLDER (the last argument) names the folder.
"""


def main(arguments):
    match arguments:
        case ["windows", version, setup, out]:
            readme = WINDOWS_README.format(version=version).replace("\n", "\r\n")
            members = [
                ("Viva-Setup.exe", Path(setup).read_bytes(), 0o644),
                ("README.txt", b"\xef\xbb\xbf" + readme.encode(), 0o644),
            ]
            write_zip(out, members)
        case ["macos", version, out]:
            write_zip(out, bundle(version))
        case ["list", version, commit, folder, *named]:
            write_list(version, commit, Path(folder), named)
        case ["components", version, commit, out]:
            write_components(version, commit, Path(out))
        case _:
            sys.exit(__doc__)


def write_zip(out, members):
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, data, mode in members:
            info = zipfile.ZipInfo(name, date_time=time.gmtime(MOMENT)[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            # Unix, so that what is a program stays one.
            info.create_system = 3
            info.external_attr = (0o100000 | mode) << 16
            archive.writestr(info, data)


def bundle(version):
    """What Viva.app holds."""
    apps = ROOT / "apps"
    plist = (apps / "macos/Info.plist").read_text().replace("@VERSION@", version)
    resources = ["viva-app", "no-browser.html", "no-dialog.html"]
    yield "Viva.app/Contents/Info.plist", plist.encode(), 0o644
    yield "Viva.app/Contents/MacOS/viva", (apps / "macos/viva").read_bytes(), 0o755
    for name in resources:
        mode = 0o755 if name == "viva-app" else 0o644
        yield f"Viva.app/Contents/Resources/{name}", (apps / "desktop" / name).read_bytes(), mode
    yield "Viva.app/Contents/Resources/viva.icns", icns(apps / "icons"), 0o644


def icns(folder):
    """The icon as macOS wants it: PNGs of several sizes, each behind its type and length."""
    kinds = [(b"ic11", 32), (b"ic12", 64), (b"ic07", 128), (b"ic08", 256), (b"ic09", 512), (b"ic10", 1024)]
    parts = b""
    for kind, size in kinds:
        data = (folder / f"{size}.png").read_bytes()
        parts += kind + struct.pack(">I", len(data) + 8) + data
    return b"icns" + struct.pack(">I", len(parts) + 8) + parts


def write_list(version, commit, folder, named):
    """builds.json, which the server reads: each build as SYSTEM=FILE."""
    builds = []
    for word in named:
        system, _, name = word.partition("=")
        data = (folder / name).read_bytes()
        digest = hashlib.sha256(data).hexdigest()
        builds.append({"system": system, "file": name, "size": len(data), "sha256": digest})
    stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(MOMENT))
    told = {"version": version, "released_at": stamp, "commit": commit, "builds": builds}
    (folder / "builds.json").write_text(json.dumps(told, indent=2) + "\n")


def write_components(version, commit, out):
    """The bill of materials as CycloneDX 1.5 (ECMA-424): the crates in the program, the packages in the pages."""
    components = sorted([*crates(), *packages()], key=lambda one: one["purl"])
    told = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'viva:{commit}')}",
        "version": 1,
        "metadata": {
            "timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(MOMENT)),
            "component": {
                "type": "application",
                "bom-ref": f"pkg:generic/viva@{version}",
                "name": "viva",
                "version": version,
                "purl": f"pkg:generic/viva@{version}",
                "licenses": [{"license": {"id": "Apache-2.0"}}],
            },
        },
        "components": components,
    }
    out.write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n")


def crates():
    """What the program is linked of or built with, from the lock file; what only tests use is left out."""
    asked = ["cargo", "metadata", "--format-version=1", "--locked", "--filter-platform=x86_64-unknown-linux-gnu"]
    known = json.loads(subprocess.run(asked, cwd=ROOT, check=True, capture_output=True).stdout)
    nodes = {node["id"]: node for node in known["resolve"]["nodes"]}
    hashes = lock_hashes()
    waiting = [one["id"] for one in known["packages"] if one["name"] == "viva-server"]
    reached = set(waiting)
    while waiting:
        for edge in nodes[waiting.pop()]["deps"]:
            wanted = any(kind["kind"] in (None, "build") for kind in edge["dep_kinds"])
            if wanted and edge["pkg"] not in reached:
                reached.add(edge["pkg"])
                waiting.append(edge["pkg"])
    for one in known["packages"]:
        if one["id"] not in reached or one["name"].startswith("viva-"):
            continue
        name, version = one["name"], one["version"]
        component = {
            "type": "library",
            "bom-ref": f"pkg:cargo/{name}@{version}",
            "name": name,
            "version": version,
            "purl": f"pkg:cargo/{name}@{version}",
        }
        if one["license"]:
            # Some still write the slash of old instead of OR.
            component["licenses"] = [{"expression": one["license"].replace("/", " OR ")}]
        if (name, version) in hashes:
            component["hashes"] = [{"alg": "SHA-256", "content": hashes[name, version]}]
        yield component


def lock_hashes():
    import tomllib

    lock = tomllib.loads((ROOT / "Cargo.lock").read_text())
    return {(one["name"], one["version"]): one["checksum"] for one in lock["package"] if "checksum" in one}


def packages():
    """What the pages are bundled of; what only builds and tests them is left out."""
    lock = json.loads((ROOT / "web/package-lock.json").read_text())
    for path, one in lock["packages"].items():
        if path == "" or one.get("dev") or one.get("optional"):
            continue
        name = path.rpartition("node_modules/")[2]
        purl = f"pkg:npm/{name.replace('@', '%40')}@{one['version']}"
        component = {"type": "library", "bom-ref": purl, "name": name, "version": one["version"], "purl": purl}
        if one.get("license"):
            component["licenses"] = [{"expression": one["license"]}]
        if one.get("integrity", "").startswith("sha512-"):
            import base64

            digest = base64.b64decode(one["integrity"].removeprefix("sha512-")).hex()
            component["hashes"] = [{"alg": "SHA-512", "content": digest}]
        yield component


if __name__ == "__main__":
    main(sys.argv[1:])
