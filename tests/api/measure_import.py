"""What an import of many large photos costs a server: `measure_import.py PHOTO…`, each a large JPEG of one person, such as
`cargo run -p viva-face --example large` makes. `--people` so many candidates with a photo each; their bytes differ.

It brings them in twice, as an archive and in the cells of a workbook, as the page does: a check first, then the import. It
prints the time of each request, and how much memory the process held at most meanwhile (VmHWM, with what it held before).
"""

import argparse
import io
import itertools
import threading
import time
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

from scene import Client
from server import Server, program

MIB = 1 << 20


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("photos", nargs="+", type=Path)
    parser.add_argument("--people", type=int, default=480)
    options = parser.parse_args()
    files = itertools.cycle([path.read_bytes() for path in options.photos])
    # What follows the end of a picture is passed over by whoever decodes it: no two photos are the same file.
    photos = [next(files) + number.to_bytes(4, "big") for number in range(options.people)]
    size = sum(map(len, photos)) / MIB
    print(f"{program()}: {len(photos)} photos, {size:.0f} MiB, {size / len(photos):.2f} MiB each")
    for name, parts in [("ZIP", archive(photos)), ("XLSX", workbook(photos))]:
        with Server() as server:
            measure(server, name, parts)


def measure(server, name, parts):
    client = Client(server.url).signed_in("admin", server.password)
    now = int(time.time() * 1000)
    stages = [{"name": "候考", "kind": "waiting", "minutes": None}]
    setup = {"name": name, "opens_at": now, "closes_at": now + 3_600_000, "stages": stages, "criteria": []}
    interview = client.ask("POST", "/api/admin/interviews", json=setup | {"second_camera": "off"})["id"]
    path = f"/api/admin/interviews/{interview}/candidates"
    for what, query in [("check", "?dry_run=true"), ("import", "")]:
        before = memory(server, "VmRSS")
        Path(f"/proc/{server.process.pid}/clear_refs").write_text("5")
        with Health(server) as health:
            began = time.monotonic()
            answer = client.session.post(
                f"{server.url}{path}/import{query}",
                files=parts,
                headers={"X-Viva": "1", "X-Forwarded-For": "10.9.9.9"},
                timeout=900,
            )
            took = time.monotonic() - began
        added = answer.json()
        print(
            f"{name} {what}: {took:.1f} s, at most {memory(server, 'VmHWM'):.0f} MiB, before {before:.0f} MiB; "
            f"{answer.status_code} {str(added)[:160]}; other requests at most {health.slowest * 1000:.0f} ms"
        )
    pictured = sum(row["photo"] for row in client.ask("GET", path))
    print(f"{name}: {pictured} candidates have a photo")


class Health:
    """Asks for something small all the while: others go on meanwhile."""

    def __init__(self, server):
        self.server, self.slowest, self.over = server, 0.0, threading.Event()
        self.thread = threading.Thread(target=self.ask)

    def ask(self):
        client = Client(self.server.url)
        while not self.over.wait(0.1):
            began = time.monotonic()
            client.ask("GET", "/api/settings")
            self.slowest = max(self.slowest, time.monotonic() - began)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.thread.join()


def memory(server, name):
    """Of the server's process, in MiB."""
    lines = Path(f"/proc/{server.process.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:")) / 1024


def people(count):
    return [(f"考生{number:04}", f"{number:06}") for number in range(1, count + 1)]


def archive(photos):
    rows = people(len(photos))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        for (_, number), photo in zip(rows, photos):
            file.writestr(f"{number}.jpg", photo)
    table = "姓名,考号\n" + "".join(f"{name},{number}\n" for name, number in rows)
    return {"file": ("list.csv", table.encode()), "photos": ("photos.zip", packed.getvalue())}


def workbook(photos):
    """A list with a picture over a cell of each row, by hand: what is measured is not who writes it."""
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    main_ = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    drawing = "http://schemas.openxmlformats.org/drawingml/2006"
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'

    def relations(*all_):
        rows = (f'<Relationship Id="{id_}" Type="{office}/{kind}" Target="{target}"/>' for id_, kind, target in all_)
        return f'{head}<Relationships xmlns="{package}/relationships">{"".join(rows)}</Relationships>'

    def cell(place, text):
        return f'<c r="{place}" t="inlineStr"><is><t>{escape(text)}</t></is></c>'

    def row(line, *texts):
        return f'<row r="{line}">' + "".join(cell(f"{column}{line}", text) for column, text in zip("ABC", texts)) + "</row>"

    rows = [row(1, "姓名", "考号", "照片")]
    rows += [row(line, name, number) for line, (name, number) in enumerate(people(len(photos)), 2)]
    anchors = "".join(
        f"<xdr:twoCellAnchor><xdr:from><xdr:col>2</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>{at + 1}</xdr:row>"
        f"<xdr:rowOff>0</xdr:rowOff></xdr:from><xdr:to><xdr:col>3</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>{at + 2}</xdr:row>"
        f'<xdr:rowOff>0</xdr:rowOff></xdr:to><xdr:pic><xdr:nvPicPr><xdr:cNvPr id="{at + 2}" name="{at}"/><xdr:cNvPicPr/>'
        f'</xdr:nvPicPr><xdr:blipFill><a:blip r:embed="p{at}"/></xdr:blipFill><xdr:spPr/></xdr:pic><xdr:clientData/>'
        f"</xdr:twoCellAnchor>"
        for at in range(len(photos))
    )
    parts = {
        "[Content_Types].xml": f'{head}<Types xmlns="{package}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/><Default Extension="jpeg" ContentType="image/jpeg"/>'
        '<Override PartName="/xl/workbook.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
        '<Override PartName="/xl/worksheets/sheet1.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
        '<Override PartName="/xl/drawings/drawing1.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.drawing+xml"/></Types>',
        "_rels/.rels": relations(("w", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'{head}<workbook xmlns="{main_}" xmlns:r="{office}"><sheets>'
        '<sheet name="名单" sheetId="1" r:id="s"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": relations(("s", "worksheet", "worksheets/sheet1.xml")),
        "xl/worksheets/sheet1.xml": f'{head}<worksheet xmlns="{main_}" xmlns:r="{office}"><sheetData>'
        f'{"".join(rows)}</sheetData><drawing r:id="d"/></worksheet>',
        "xl/worksheets/_rels/sheet1.xml.rels": relations(("d", "drawing", "../drawings/drawing1.xml")),
        "xl/drawings/drawing1.xml": f'{head}<xdr:wsDr xmlns:xdr="{drawing}/spreadsheetDrawing" xmlns:a="{drawing}/main" '
        f'xmlns:r="{office}">{anchors}</xdr:wsDr>',
        "xl/drawings/_rels/drawing1.xml.rels": relations(
            *((f"p{at}", "image", f"../media/image{at + 1}.jpeg") for at in range(len(photos)))
        ),
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        for name, text in parts.items():
            file.writestr(name, text, zipfile.ZIP_DEFLATED)
        for at, photo in enumerate(photos):
            file.writestr(f"xl/media/image{at + 1}.jpeg", photo)
    return {"file": ("list.xlsx", packed.getvalue())}


if __name__ == "__main__":
    main()
