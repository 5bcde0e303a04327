"""`./casier status`: which part answers, and whether a message gets through."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from typing import Any

from casier.boot.platform_commands import CommandFailed, Refused, run_module
from casier.boot.readiness import check_ready
from casier.boot.summary import urls
from casier.engines.engine import NotReady
from casier.engines.parts import PARTS, part_named, parts_of
from casier.engines.supervise.bringup import probe_part
from casier.engines.supervise.control import Control, NotRunning, PartState
from casier.kernel.instance import Instance

DATABASE_SECONDS = 30
# They run without it, and do nothing; mail goes on.
NEED_DATABASE = frozenset({"web", "worker"})


@dataclass(frozen=True, slots=True)
class PartStatus:
    """One part; `state` is running (it answers), starting (it does not yet), failing or stopped."""

    name: str
    state: str
    pid: int
    detail: str


@dataclass(frozen=True, slots=True)
class Status:
    """The whole instance."""

    ready: bool
    urls: dict[str, str]
    ca: str
    parts: list[PartStatus]
    detail: str = ""

    def as_json(self) -> dict[str, Any]:
        """What programs read; why it isn't ready stands with the part concerned, or on the terminal."""
        values = asdict(self)
        del values["detail"]
        return values


def status_of(instance: Instance, *, message: bool = True) -> Status:
    """Ask every part, then send a message through all of them where MESSAGE is wanted."""
    control = Control(instance, timeout=5)
    try:
        states = control.states()
    except NotRunning:
        parts = [PartStatus(part.name, "stopped", 0, "") for part in parts_of(instance)]
        return _status(instance, False, parts, "stopped")
    order = {part.name: at for at, part in enumerate(PARTS)}
    states.sort(key=lambda state: order.get(state.name, len(order)))
    with ThreadPoolExecutor(max_workers=len(states) + 1) as pool:
        database = pool.submit(database_trouble, instance)
        parts = list(pool.map(lambda state: _part(state, instance, control), states))
    if trouble := database.result():
        return _status(instance, False, _without_database(parts, trouble), trouble)
    waiting = [part.name for part in parts if part.state != "running"]
    if waiting:
        return _status(instance, False, parts, ", ".join(waiting))
    if not message:
        return _status(instance, True, parts)
    try:
        check_ready(instance)
    except NotReady as reason:
        return _status(instance, False, parts, str(reason))
    return _status(instance, True, parts)


def database_trouble(instance: Instance) -> str:
    """Why the database doesn't answer the platform, and what to do; empty: it does."""
    try:
        run_module(instance, "casier.boot.database_check", seconds=DATABASE_SECONDS)
    except Refused as error:
        return str(error)
    except CommandFailed:  # the copy that runs is of before this question
        return ""
    return ""


def _without_database(parts: list[PartStatus], trouble: str) -> list[PartStatus]:
    """PARTS, of which those that work with the database fail."""
    first = trouble.splitlines()[0]
    return [
        replace(part, state="failing", detail=first)
        if part.name in NEED_DATABASE and part.state == "running"
        else part
        for part in parts
    ]


def _status(instance: Instance, ready: bool, parts: list[PartStatus], detail: str = "") -> Status:
    return Status(ready, urls(instance), str(instance.tls / "ca.pem"), parts, detail)


def _part(state: PartState, instance: Instance, control: Control) -> PartStatus:
    if state.state not in ("RUNNING", "STARTING"):
        word = "stopped" if state.state == "STOPPED" else "failing"
        return PartStatus(state.name, word, 0, state.detail)
    try:
        probe_part(part_named(state.name), instance, control)
    except (NotReady, NotRunning) as reason:
        return PartStatus(state.name, "starting", state.pid, str(reason))
    return PartStatus(state.name, "running", state.pid, state.detail)
