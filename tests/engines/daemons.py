"""Real daemons for tests: their configuration, their surroundings, a Redis of one's own, a supervised set."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from casier.boot import lock
from casier.boot.start import launch_supervisor
from casier.engines.engine import Engine, Facts, NotReady
from casier.engines.parts import Part
from casier.engines.supervise.apply import install_all
from casier.engines.supervise.bringup import bring_up
from casier.engines.supervise.control import Control
from casier.engines.supervise.leftovers import end_leftovers
from casier.engines.supervise.programs import config_file, program, supervisord_config
from casier.kernel.instance import Instance
from waiting import wait_until

SOURCE = Path(__file__).resolve().parents[2] / "src"


def environment(instance: Instance) -> dict[str, str]:
    """What a process of INSTANCE sees: this checkout's program."""
    return {**os.environ, "PYTHONPATH": str(SOURCE), "CASIER_INSTANCE": str(instance.root)}


def configure(engine: Engine, instance: Instance, facts: Facts) -> None:
    """Write the engine's configuration in its place; its own checker has nothing to say."""
    folder = instance.etc / engine.name
    engine.prepare(instance)
    engine.render(engine.spec(instance, facts), folder)
    assert engine.check(folder) == []


def probed(engine: Engine, instance: Instance) -> bool:
    """Whether the engine answers its own probe."""
    try:
        engine.probe(instance)
    except NotReady:
        return False
    return True


def redis_command(path: Path, *more: str) -> list[str]:
    """A Redis on the socket PATH that keeps nothing."""
    words = [
        "redis-server",
        "--port",
        "0",
        "--unixsocket",
        str(path),
        "--save",
        "",
        "--dir",
        str(path.parent),
    ]
    return [*words, *more]


@contextmanager
def own_redis(path: Path) -> Iterator[None]:
    """A Redis on the socket PATH, for tests that need nothing else."""
    process = subprocess.Popen(redis_command(path), stdout=subprocess.DEVNULL)
    try:
        wait_until("redis-server to listen", path.exists, 10)
        yield
    finally:
        process.terminate()
        process.wait(10)


@contextmanager
def supervised(instance: Instance, parts: Sequence[Part], facts: Facts) -> Iterator[None]:
    """PARTS under the real supervisor, all of them ready; no process is left afterwards."""
    for part in parts:
        if part.engine:
            part.load().prepare(instance)
    install_all(instance, facts, parts)
    config_file(instance).parent.mkdir()
    programs = [program(part, instance) for part in parts]
    config_file(instance).write_text(supervisord_config(instance, programs))
    descriptor = lock.take(instance.root)
    process = launch_supervisor(instance, descriptor, with_parent=False)
    os.close(descriptor)
    try:
        bring_up(instance, parts, Control(instance), lambda *_: None)
        yield
    finally:
        end_leftovers(instance)
        process.wait(20)
