"""The supervisor's own process: supervisord, with five habits changed.

* Each part leads a session of its own, so that its whole family can be found and ended.
* A part that keeps failing is tried again for ever, at most `BACKOFF_LIMIT` seconds apart.
* Stopping asks all parts at once instead of one after the other.
* A log that can't be written (a full disk) loses lines, and nothing else.
* Logs go with their dates, and not by their size alone (`ageing.py`).

It holds the instance's lock as long as it lives: the kernel gives it back at any kind of death.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from supervisor import loggers
from supervisor.options import ProcessConfig, ServerOptions
from supervisor.process import Subprocess
from supervisor.supervisord import Supervisor

from casier.engines.supervise import ageing
from casier.engines.supervise.rotation import OWN_LOGS, rotate

BACKOFF_LIMIT = 10
ROTATION_SECONDS = 60.0
_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36


class PatientLog(loggers.RotatingFileHandler):  # type: ignore[misc]
    """A log file that a full disk can't break: lines are lost until there is room again.

    supervisord's own handler lets the error out, which ends the supervisor.
    """

    stream: Any
    maxBytes: int  # noqa: N815 - the handler's name for it

    def emit(self, record: Any) -> None:
        try:
            super().emit(record)
        except (OSError, ValueError):
            with contextlib.suppress(OSError, ValueError):
                self.stream.close()
            with contextlib.suppress(OSError):
                self.stream = open(self.baseFilename, "ab")  # noqa: PTH123, SIM115 - as the handler itself does

    def begin_anew(self) -> None:
        """Put the log aside whatever its size: supervisord's own does nothing below the limit."""
        limit, self.maxBytes = self.maxBytes, 1
        try:
            self.doRollover()
        finally:
            self.maxBytes = limit

    def handleError(self) -> None:  # noqa: N802 - the handler's name for it
        raise  # noqa: PLE0704 - it is called while the error is being handled


class _Part(Subprocess):  # type: ignore[misc]
    backoff: int

    def finish(self, pid: int, sts: int) -> None:
        super().finish(pid, sts)
        self.backoff = min(self.backoff, BACKOFF_LIMIT)


class _PartConfig(ProcessConfig):  # type: ignore[misc]
    def make_process(self, group: Any = None) -> _Part:
        process = _Part(self)
        process.group = group
        return process


class _Options(ServerOptions):  # type: ignore[misc]
    def processes_from_section(self, parser: Any, section: str, group_name: str, klass: Any = None) -> Any:
        return super().processes_from_section(parser, section, group_name, klass or _PartConfig)

    def setpgrp(self) -> None:
        os.setsid()


class _Supervisor(Supervisor):  # type: ignore[misc]
    next_rotation = 0.0

    def tick(self, now: float | None = None) -> None:
        super().tick(now)
        if time.monotonic() >= self.next_rotation:
            self.next_rotation = time.monotonic() + ROTATION_SECONDS
            self.rotate_own_logs()
            with contextlib.suppress(OSError):
                self.keep_to_the_dates(datetime.now(UTC))

    def rotate_own_logs(self, *, anyway: bool = False) -> None:
        """Logs that parts write themselves: put aside by size, then the part is told."""
        for log in OWN_LOGS:
            group = self.process_groups.get(log.part)
            if group is not None and rotate(Path(self.options.childlogdir), log, anyway=anyway):
                for process in group.processes.values():
                    process.signal(signal.SIGHUP)

    def keep_to_the_dates(self, now: datetime) -> None:
        """What was logged goes with its date: logs are begun anew each month, old ones deleted."""
        folder = Path(self.options.childlogdir)
        for log in OWN_LOGS:
            if ageing.too_long(folder / log.name, now):
                self.rotate_own_logs(anyway=True)
                ageing.begun(folder / log.name, now)
        for handler in self._handlers():
            path = Path(handler.baseFilename)
            if ageing.too_long(path, now):
                handler.begin_anew()
                ageing.begun(path, now)
        ageing.forget_old(folder, now)

    def _handlers(self) -> Iterator[Any]:
        """What writes the logs of the parts, and our own."""
        loggers_of = [self.options.logger]
        for group in self.process_groups.values():
            for process in group.processes.values():
                loggers_of += [getattr(one, "normallog", None) for one in process.dispatchers.values()]
        for logger in loggers_of:
            yield from (one for one in getattr(logger, "handlers", ()) if isinstance(one, PatientLog))

    def ordered_stop_groups_phase_1(self) -> None:
        for group in self.stop_groups or ():
            group.stop_all()


def die_with_parent(parent: int) -> None:
    """Be asked to stop when PARENT, who started us, is gone, even by kill -9 (prctl(2))."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:  # it died before we could ask
        sys.exit(1)


def adopt_orphans() -> None:
    """Become the parent of processes whose own parent dies, so that the prelude can find them (prctl(2))."""
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1)


def main(arguments: list[str]) -> None:
    """`python -m casier.engines.supervise.daemon CONFIG [--with-parent PID]`."""
    if "--with-parent" in arguments:
        die_with_parent(int(arguments[-1]))
    adopt_orphans()
    loggers.RotatingFileHandler = PatientLog
    options = _Options()
    options.realize(["--nodaemon", "--configuration", arguments[0]], doc=__doc__)
    options.first, options.test = True, False  # as supervisord's own main does
    _Supervisor(options).main()


if __name__ == "__main__":
    main(sys.argv[1:])
