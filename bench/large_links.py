"""What a file of 2 GB costs by link: upload in pieces, check, download; memory of each part, time, CPU.

    python bench/large_links.py INSTANCE [BYTES]

INSTANCE is a demo instance that runs. Random bytes go up as tus sends them and come down again as a recipient
of the same academy; they are compared by hash. The greatest resident memory of web, worker, edge and nginx is
read every 50 ms.
"""

from __future__ import annotations

import base64
import hashlib
import http.client
import json
import random
import re
import ssl
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from casier.kernel.instance import Instance, Port

PIECE = 8 << 20
CASIER = Path(__file__).resolve().parents[1] / "casier"


def blocks(size: int) -> list[bytes]:
    """Sixteen random blocks that are sent again and again: nothing of it can be compressed or shared."""
    chance = random.Random(2048)
    return [chance.randbytes(PIECE) for _ in range(16 if size >= 16 * PIECE else 1)]


def processes(root: Path) -> dict[str, list[int]]:
    """The processes of each part, by what stands in their command line."""
    found: dict[str, list[int]] = {"web": [], "worker": [], "edge": [], "nginx": [], "clamd": []}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            line = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            mine = str(root) in line or str(root) in (folder / "environ").read_text("utf-8", "replace")
        except OSError:
            continue
        for part, sign in (
            ("web", "casier.boot.web"), ("worker", "casier.boot.worker"), ("edge", "-m casier.edge "),
            ("nginx", "nginx"), ("clamd", "clamd"),
        ):  # fmt: skip
            if mine and (sign in line + " ") and "prelude" not in line:
                found[part].append(int(folder.name))
    return found


def memory(pids: list[int]) -> int:
    """Resident kilobytes of the largest of PIDS."""
    largest = 0
    for pid in pids:
        try:
            text = Path(f"/proc/{pid}/status").read_text()
        except OSError:
            continue
        if (value := re.search(r"VmRSS:\s+(\d+)", text)) is not None:
            largest = max(largest, int(value[1]))
    return largest


class Watch(threading.Thread):
    """The most that each part ever held."""

    def __init__(self, root: Path) -> None:
        super().__init__(daemon=True)
        self.parts = processes(root)
        self.before = {part: memory(pids) for part, pids in self.parts.items()}
        self.most = dict(self.before)
        self.over = threading.Event()

    def run(self) -> None:
        while not self.over.wait(0.05):
            for part, pids in self.parts.items():
                self.most[part] = max(self.most[part], memory(pids))


class Browser:
    """Someone signed in, or nobody yet."""

    def __init__(self, instance: Instance, academy: str) -> None:
        self.host = f"{academy}.localhost:{instance.port(Port.WEB)}"
        trust = ssl.create_default_context(cafile=str(instance.tls / "ca.pem"))
        self.connection = http.client.HTTPSConnection("localhost", instance.port(Port.WEB), context=trust)
        self.cookies: dict[str, str] = {}

    def ask(
        self, method: str, path: str, body: bytes | str = b"", **headers: str
    ) -> http.client.HTTPResponse:
        sent = {"Host": self.host, "Origin": f"https://{self.host}"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        self.connection.request(method, path, body, sent)
        answer = self.connection.getresponse()
        for header in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = header.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer

    def form(self, path: str, **fields: str) -> http.client.HTTPResponse:
        page = self.ask("GET", path).read().decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert token, page[:2000]
        body = urlencode({"csrfmiddlewaretoken": token[1], **fields})
        kind = "application/x-www-form-urlencoded"
        return self.ask("POST", path, body, Content_Type=kind, Referer=f"https://{self.host}{path}")

    def sign_in(self, person: dict[str, str]) -> None:
        answer = self.form("/connexion/", identifiant=person["signInName"], mot_de_passe=person["password"])
        answer.read()
        assert answer.status == 302, answer.status


def upload(who: Browser, size: int, pieces: list[bytes]) -> tuple[str, str, str]:
    """Send SIZE bytes; (path of the upload, path of the page, hash)."""
    name = base64.b64encode(b"captation.bin").decode()
    tus = {"Tus_Resumable": "1.0.0"}
    begun = who.ask(
        "POST", "/api/links/uploads", Upload_Length=str(size), Upload_Metadata=f"filename {name}", **tus
    )
    assert begun.status == 201, begun.read()
    begun.read()
    where, page = begun.headers["Location"], "/lien/" + begun.headers["X-Casier-Link"].split("/lien/")[1]
    digest, offset = hashlib.sha256(), 0
    while offset < size:
        piece = pieces[offset // PIECE % len(pieces)][: size - offset]
        digest.update(piece)
        kind = "application/offset+octet-stream"
        answer = who.ask("PATCH", where, piece, Content_Type=kind, Upload_Offset=str(offset), **tus)
        assert answer.status == 204, answer.read()
        answer.read()
        offset += len(piece)
    return where, page, digest.hexdigest()


def main() -> None:
    instance = Instance.load(Path(sys.argv[1]))
    size = int(sys.argv[2]) if len(sys.argv) > 2 else 2_000_000_000
    said = subprocess.run(
        [CASIER, "demo", "accounts", "--json", "--instance", instance.root], capture_output=True, check=True
    )
    people = [person for person in json.loads(said.stdout) if person["academy"] == "rouen"]
    sender, reader = people[0], people[1]
    pieces = blocks(size)
    one, other = Browser(instance, "rouen"), Browser(instance, "rouen")
    one.sign_in(sender)
    other.sign_in(reader)
    watch = Watch(instance.root)
    watch.start()
    begun = time.monotonic()
    _where, page, sent = upload(one, size, pieces)
    print(f"upload     {time.monotonic() - begun:6.1f} s  {size / 1e6:.0f} MB")
    asked = json.dumps(
        {"tokens": [page.split("/")[2]], "recipients": [reader["address"]], "sender": sender["address"]}
    )
    answer = one.ask("POST", "/api/links/sending", asked, Content_Type="application/json")
    assert answer.status == 200, answer.read()
    answer.read()
    begun = time.monotonic()
    while b'name="telecharger"' not in (shown := other.ask("GET", page).read()):
        assert time.monotonic() - begun < 600, shown
        time.sleep(0.2)
    print(f"check      {time.monotonic() - begun:6.1f} s")
    begun = time.monotonic()
    answer = other.form(page, telecharger="1")
    answer.read()
    answer = other.ask("GET", answer.headers["Location"])
    digest, count = hashlib.sha256(), 0
    while piece := answer.read(1 << 20):
        digest.update(piece)
        count += len(piece)
    print(f"download   {time.monotonic() - begun:6.1f} s  {answer.headers['Content-Disposition']}")
    assert (count, digest.hexdigest()) == (size, sent), "other bytes came back"
    watch.over.set()
    print("memory, kB   before     most")
    for part, most in watch.most.items():
        print(f"  {part:<9} {watch.before[part]:>8} {most:>8}")


if __name__ == "__main__":
    main()
