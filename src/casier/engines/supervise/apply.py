"""Configure the engines: render, check with their own tools, swap, reload, probe; go back on failure."""

from __future__ import annotations

import ctypes
import hashlib
import os
import shutil
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from casier.engines.engine import Engine, EngineError, Facts, NotReady
from casier.engines.parts import Part
from casier.engines.supervise.control import Control
from casier.kernel.instance import Instance

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
PROBE_SECONDS = 20.0


class BadConfiguration(EngineError):
    """The engine's own checker refuses what was rendered; the running configuration is untouched."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """One engine's configuration, rendered and found good."""

    engine: Engine
    staging: Path
    changed: bool


def render_all(instance: Instance, facts: Facts, parts: Iterable[Part]) -> list[Rendered]:
    """Render and check every engine of PARTS side by side. Raises BadConfiguration with all findings."""
    engines = [part.load() for part in parts if part.engine]
    with ThreadPoolExecutor(max_workers=4) as pool:
        futures = [pool.submit(_render, engine, instance, facts) for engine in engines]
    problems = [str(error) for future in futures if (error := future.exception())]
    if problems:
        raise BadConfiguration("\n".join(problems))
    return [future.result() for future in futures]


def _render(engine: Engine, instance: Instance, facts: Facts) -> Rendered:
    staging = instance.etc / ".new" / engine.name
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir(parents=True)
    staging.chmod(0o755)
    engine.render(engine.spec(instance, facts), staging)
    changed = digest(staging) != digest(instance.etc / engine.name)
    # what was checked when it was swapped in needs no second check
    problems = engine.check(staging) if changed else []
    if problems:
        raise BadConfiguration(f"{engine.name}: " + "; ".join(problems))
    return Rendered(engine, staging, changed)


def digest(folder: Path) -> str:
    """What tells two configurations apart: names, modes, owners and contents below FOLDER."""
    found = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        state = path.lstat()
        found.update(f"{path.relative_to(folder)} {state.st_mode} {state.st_uid} {state.st_gid}\n".encode())
        if path.is_symlink():
            found.update(os.fsencode(path.readlink()))
        elif path.is_file():
            found.update(path.read_bytes())
    return found.hexdigest()


def swap(instance: Instance, rendered: Rendered) -> None:
    """Put the new configuration in place in one step; the old one is then in the staging folder."""
    target = instance.etc / rendered.engine.name
    if target.exists():
        exchange(rendered.staging, target)
    else:
        rendered.staging.rename(target)


def exchange(one: Path, other: Path) -> None:
    """Let two paths of one file system change places atomically (renameat2(2))."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.renameat2(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE) != 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code), str(one))


def install_all(instance: Instance, facts: Facts, parts: Iterable[Part]) -> list[str]:
    """Before a start: put every configuration in place. Return the names of the engines that changed."""
    changed = [one for one in render_all(instance, facts, parts) if one.changed]
    for one in changed:
        swap(instance, one)
    return [one.engine.name for one in changed]


def apply(instance: Instance, facts: Facts, parts: Iterable[Part]) -> list[str]:
    """Bring running engines to FACTS, one by one. Return the names of those that changed.

    Raises NotReady when an engine doesn't answer with its new configuration; it has its old one back then.
    """
    changed = [one for one in render_all(instance, facts, parts) if one.changed]
    for one in changed:
        swap(instance, one)
        try:
            reload_or_restart(one.engine, instance)
            wait_until_ready(one.engine, instance)
        except NotReady:
            exchange(one.staging, instance.etc / one.engine.name)
            reload_or_restart(one.engine, instance)
            raise
    return [one.engine.name for one in changed]


def reload_or_restart(engine: Engine, instance: Instance) -> None:
    """Make the running ENGINE take its configuration, by a restart where it knows no other way."""
    try:
        engine.reload(instance)
    except NotReady:
        control = Control(instance)
        control.stop(engine.name)
        control.start(engine.name)


def wait_until_ready(engine: Engine, instance: Instance, seconds: float = PROBE_SECONDS) -> None:
    """Return once ENGINE answers its probe. Raises NotReady with the last reason after SECONDS."""
    until = time.monotonic() + seconds
    while True:
        try:
            return engine.probe(instance)
        except NotReady:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
