"""An instance's folder for tests of single engines: complete, empty, on free ports, gone afterwards."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from casier.boot.layout import ensure_user, make_run_folders, open_instance
from casier.engines.parts import PARTS
from casier.engines.supervise.leftovers import end_leftovers
from casier.kernel.instance import Instance
from free_ports import free_offset

SOURCES = Path(__file__).resolve().parents[2] / "src"


@contextmanager
def private_instance() -> Iterator[Instance]:
    """The folder with its keys, users and sockets' folders; its processes are ended and it is removed."""
    ensure_user()
    root = Path(tempfile.mkdtemp(prefix="casier-e-", dir="/tmp"))
    root.chmod(0o755)
    instance = open_instance(root, free_offset(), None)
    make_run_folders(instance, [part for part in PARTS if part.present and not part.optional])
    (instance.app / "src").symlink_to(SOURCES)
    try:
        yield instance
    finally:
        end_leftovers(instance)
        shutil.rmtree(root, ignore_errors=True)
