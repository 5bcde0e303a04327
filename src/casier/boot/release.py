"""The copy of the program that the parts run: a checkout may lie where their users can't read."""

from __future__ import annotations

import compileall
import hashlib
import shutil
from pathlib import Path

from casier.engines.supervise.apply import exchange
from casier.kernel.instance import Instance

_IGNORED = ("__pycache__", "*.pyc", ".mypy_cache", ".ruff_cache")


def install_release(instance: Instance, checkout: Path) -> bool:
    """Bring `app/src` and `app/web` to what CHECKOUT holds, each in one step. Return whether one changed."""
    changed = _install(checkout / "src", instance.app / "src", compiled=True)
    web = checkout / "web" / "dist"
    if web.is_dir():
        changed = _install(web, instance.app / "web", compiled=False) or changed
    return changed


def _install(source: Path, target: Path, *, compiled: bool) -> bool:
    wanted, stamp = tree_hash(source), target.with_name(f".{target.name}.hash")
    if target.is_dir() and stamp.is_file() and stamp.read_text("ascii") == wanted:
        return False
    staging = target.with_name(f".{target.name}.new")
    shutil.rmtree(staging, ignore_errors=True)
    shutil.copytree(source, staging, ignore=shutil.ignore_patterns(*_IGNORED, "*.egg-info"))
    for path in (staging, *staging.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    if compiled:
        # the parts' users can't write beside the sources, and would compile anew at each start
        compileall.compile_dir(staging, quiet=2, workers=0, stripdir=str(staging), prependdir=str(target))
    stamp.unlink(missing_ok=True)
    if target.exists():
        exchange(staging, target)
        shutil.rmtree(staging)
    else:
        staging.rename(target)
    stamp.write_text(wanted, "ascii")
    return True


def tree_hash(folder: Path) -> str:
    """What tells two trees apart: names and contents, compiled files left out."""
    found = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts and not path.match("*.egg-info/*"):
            found.update(f"{path.relative_to(folder)}\0".encode())
            found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()
