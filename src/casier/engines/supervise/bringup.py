"""Start the parts in their order, as many at once as the order allows, and wait until each answers."""

from __future__ import annotations

import errno
import socket
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from casier.engines.engine import EngineError, NotReady
from casier.engines.parts import Part
from casier.engines.supervise.control import Control
from casier.engines.supervise.programs import log_files
from casier.kernel.instance import Instance

# Long, for a first start on a busy machine: Rspamd compiles its patterns then.
READY_SECONDS = 300.0
# A part that still falls over after this long won't get up by itself: no need to wait for READY_SECONDS.
HOPELESS_SECONDS = 30.0
_POLL_SECONDS = 0.05

Report = Callable[[str, str, float], None]  # part, what happened ("starting", "ready" or a reason), seconds


class PartFailed(EngineError):
    """A part didn't become ready; its log says more."""


def probe_part(part: Part, instance: Instance, control: Control) -> None:
    """Return when PART answers; raise NotReady otherwise."""
    if part.engine:
        part.load().probe(instance)
    elif part.probe_socket:
        probe_socket(instance.run / part.probe_socket)
    else:
        state = next((one for one in control.states() if one.name == part.name), None)
        if state is None or state.state != "RUNNING":
            raise NotReady(state.detail if state else "unknown to the supervisor")


def probe_socket(path: Path, timeout: float = 2.0) -> None:
    """Return when something listens on the Unix socket PATH, of whichever kind; raise NotReady otherwise."""
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        with socket.socket(socket.AF_UNIX, kind) as client:
            client.settimeout(timeout)
            try:
                return client.connect(str(path))
            except OSError as error:
                if error.errno != errno.EPROTOTYPE:
                    raise NotReady(f"{path.name}: {error.strerror or error}") from error
    raise NotReady(f"{path.name}: unknown kind of socket")


class _Order:
    """Shared by the threads of one bring-up: what is ready, and the first failure."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self.ready = {part.name: threading.Event() for part in parts}
        self.failed = threading.Event()
        self.failures: list[Exception] = []

    def wait_for(self, part: Part) -> bool:
        """Whether all that PART needs is ready; False once any part has failed."""
        for name in part.after:
            event = self.ready.get(name)
            while event and not event.wait(_POLL_SECONDS):
                if self.failed.is_set():
                    return False
        return not self.failed.is_set()

    def fail(self, error: Exception) -> None:
        self.failures.append(error)
        self.failed.set()


def bring_up(
    instance: Instance,
    parts: Sequence[Part],
    control: Control,
    report: Report,
    seconds: float = READY_SECONDS,
) -> None:
    """Start PARTS and return when each has answered. Raises PartFailed with the first that has not."""
    order = _Order(parts)
    threads = [
        threading.Thread(target=_one, args=(part, instance, control, order, report, seconds), daemon=True)
        for part in parts
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if order.failures:
        raise order.failures[0]


def _one(
    part: Part, instance: Instance, control: Control, order: _Order, report: Report, seconds: float
) -> None:
    try:
        if not order.wait_for(part):
            return
        begun = time.monotonic()
        report(part.name, "starting", 0.0)
        control.start(part.name)
        _wait(part, instance, control, order, begun + seconds)
        report(part.name, "ready", time.monotonic() - begun)
        order.ready[part.name].set()
    except Exception as error:
        order.fail(error)


def _wait(part: Part, instance: Instance, control: Control, order: _Order, until: float) -> None:
    hopeless = time.monotonic() + HOPELESS_SECONDS
    while not order.failed.is_set():
        try:
            probe_part(part, instance, control)
        except NotReady as reason:
            now = time.monotonic()
            if now > until or (now > hopeless and _keeps_falling(part, control)):
                raise PartFailed(_explanation(part, instance, reason)) from None
        else:
            return
        time.sleep(_POLL_SECONDS)


def _keeps_falling(part: Part, control: Control) -> bool:
    state = next((one.state for one in control.states() if one.name == part.name), "")
    return state in ("BACKOFF", "EXITED", "FATAL")


def _explanation(part: Part, instance: Instance, reason: NotReady) -> str:
    lines = [
        f"  {line}"
        for log in log_files(instance, part.name)
        for line in log.read_text("utf-8", "replace").splitlines()[-5:]
    ]
    last = "\n".join(lines) or "  –"
    return f"{part.name} did not become ready: {reason}. The last lines of its log:\n{last}"
