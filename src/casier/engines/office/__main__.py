"""`python -m casier.engines.office`: take documents on a socket, give PDF back.

It needs no setting of the instance and reads none: the folder is all that it is told.
"""

from __future__ import annotations

import logging
import os
import re
import signal
import socketserver
import sys
import threading
from pathlib import Path
from typing import Any, BinaryIO, cast

from casier.engines.office.bench import Bench
from casier.engines.office.converting import Converter, NotConverted
from casier.engines.office.frames import Standing, office_socket, read_line, written
from casier.engines.office.kinds import KINDS
from casier.engines.office.shelf import Shelf
from casier.kernel.instance import INSTANCE_ENV, Instance

LOG = logging.getLogger("casier.engines.office")
DOCUMENT_BYTES = 60_000_000
_PATIENCE = 30.0
_KEY = re.compile(r"[0-9a-f]{64}-[a-z]{3,5}")


class Service(socketserver.ThreadingUnixStreamServer):
    """One thread a question; the work itself is the bench's."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, path: Path, bench: Bench) -> None:
        path.unlink(missing_ok=True)
        before = os.umask(0)
        try:
            super().__init__(str(path), Answering)
        finally:
            os.umask(before)
        self.bench = bench


class Answering(socketserver.StreamRequestHandler):
    """One question, one answer."""

    timeout = _PATIENCE
    server: Service

    def handle(self) -> None:
        try:
            line = read_line(cast("BinaryIO", self.rfile))
            answer, content = self._answer(line)
        except (OSError, ValueError, TypeError, KeyError) as error:
            LOG.info("a question that can't be read: %s", type(error).__name__)
            return
        self.wfile.write(written(answer) + content)

    def _answer(self, line: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        bench = self.server.bench
        if line["do"] == "ping":
            return {"ok": True}, b""
        key = str(line["key"])
        if not _KEY.fullmatch(key):
            raise ValueError("key")
        if line["do"] == "state":
            return _told(bench.standing(key)), b""
        if line["do"] == "fetch":
            content = bench.shelf.get(key)
            return {"ok": content is not None, "size": len(content or b"")}, content or b""
        return _told(self._convert(key, line)), b""

    def _convert(self, key: str, line: dict[str, Any]) -> Standing:
        size = int(line["size"])
        if not 0 < size <= DOCUMENT_BYTES:
            return Standing("failed", "too_large")
        content = self.rfile.read(size)
        if len(content) != size:
            raise ValueError("cut short")
        return self.server.bench.add(key, KINDS[str(line["kind"])], str(line["owner"]), content)


def _told(standing: Standing) -> dict[str, Any]:
    return {"state": standing.state, "reason": standing.reason, "ahead": standing.ahead}


def first_to_go() -> None:
    """Where memory runs out, the kernel ends a conversion before anything of the mail (proc(5))."""
    Path("/proc/self/oom_score_adj").write_text("900", "ascii")


def main() -> int:
    """Serve until ended."""
    instance = Instance(Path(os.environ[INSTANCE_ENV]))
    first_to_go()
    os.nice(5)
    os.umask(0o077)
    folder = instance.data / "office"
    converter, shelf = Converter(folder), Shelf(folder / "kept")
    try:
        converter.make_ready()
    except NotConverted as error:
        LOG.error("a conversion can't be confined or started here: %s", error)
        return 1
    shelf.folder.mkdir(exist_ok=True)
    bench, stopping = Bench(converter.convert, shelf), threading.Event()
    working = threading.Thread(target=bench.work, args=(stopping,), daemon=True)
    with Service(office_socket(instance), bench) as service:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: threading.Thread(target=service.shutdown).start())
        working.start()
        LOG.info("ready")
        service.serve_forever(poll_interval=1)
    stopping.set()
    return 0


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    sys.exit(main())
