"""An instance that lasts as long as the process: for tests, type checks and `makemigrations`."""

from __future__ import annotations

import atexit
import secrets
import shutil
import tempfile
from pathlib import Path

from casier.kernel.instance import KEYS, Instance


def throwaway_instance() -> Instance:
    """Make one below the temporary folder, with fresh keys; it is removed when the process ends."""
    root = Path(tempfile.mkdtemp(prefix="casier-"))
    atexit.register(shutil.rmtree, root, ignore_errors=True)
    (root / "instance.toml").write_text("port_offset = 0\n", encoding="utf-8")
    (root / "secrets").mkdir(mode=0o700)
    for name in ("platform", "links/coming", "links/files"):
        (root / "data" / name).mkdir(parents=True)
    for name in KEYS:
        (root / "secrets" / f"{name}.key").write_text(secrets.token_hex(32), encoding="ascii")
    return Instance(root)
