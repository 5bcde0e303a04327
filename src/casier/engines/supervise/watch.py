"""Parts that run but no longer answer: told to begin anew, and started again where that doesn't help.

A process that dies comes back by the supervisor. This is for what lives on and doesn't work: a master that
has given up a service which failed too often (Cyrus disables it until it gets a signal), a server that hangs.

A process of its own, and root's: the supervisor forks, so it had better have one thread, and nothing to wait
for.
"""

from __future__ import annotations

import contextlib
import logging
import signal
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from casier.engines.engine import NotReady
from casier.engines.parts import PARTS, Part
from casier.engines.postfix.engine import flush
from casier.engines.supervise.apply import reload_or_restart
from casier.engines.supervise.bringup import probe_part
from casier.engines.supervise.control import Control, NotRunning
from casier.kernel.instance import Instance

LOG = logging.getLogger("casier.engines.supervise.watch")
NAME = "watch"
CALM_SECONDS = 30.0  # a look costs some 30 ms of CPU, most of it the engines' greetings
WORRIED_SECONDS = 5.0
# Nobody listens any more, or somebody listens and says nothing: a slow machine must be given time.
DEAF_SECONDS, SILENT_SECONDS = 15.0, 120.0
# A part may load for long before its first answer (signatures, a repair of its data).
WAKING_SECONDS = 600.0
LONGEST_PAUSE_SECONDS = 900.0
STOP_SECONDS = 60.0  # longer than any part may take to stop


@dataclass
class Patient:
    """What is known of one run of a part."""

    pid: int
    seen_at: float
    answered: bool = False
    failing_since: float | None = None
    treatments: int = 0
    treated_at: float = 0.0
    patience: float = DEAF_SECONDS


@dataclass
class Watch:
    """Decides from probes; PROBE raises NotReady, the treatments do what their names say."""

    parts: Sequence[Part]
    probe: Callable[[Part], None]
    reload: Callable[[Part], None]
    restart: Callable[[Part], None]
    recovered: Callable[[Part], None] = lambda _part: None
    now: Callable[[], float] = time.monotonic
    patients: dict[str, Patient] = field(default_factory=dict)

    def look(self, running: Mapping[str, int]) -> float:
        """Probe the parts that are RUNNING (name → pid), treat what needs it; seconds until the next look."""
        present = [part for part in self.parts if part.name in running]
        ill = [part for part in present if not self._answers(part, running[part.name])]
        names = {part.name for part in ill}
        for part in ill:
            # what it needs comes first: it may be well as soon as that is
            if names.isdisjoint(part.after) and running.keys() >= set(part.after):
                self._treat(part)
        return WORRIED_SECONDS if ill else CALM_SECONDS

    def _answers(self, part: Part, pid: int) -> bool:
        patient = self._patient(part, pid)
        try:
            self.probe(part)
        except NotReady as reason:
            patient.failing_since = patient.failing_since or self.now()
            patient.patience = SILENT_SECONDS if isinstance(reason.__cause__, TimeoutError) else DEAF_SECONDS
            return False
        if patient.failing_since is not None:
            self.recovered(part)
        patient.answered, patient.failing_since, patient.treatments = True, None, 0
        return True

    def _patient(self, part: Part, pid: int) -> Patient:
        known = self.patients.get(part.name)
        if known is None or known.pid != pid:
            treatments = known.treatments if known else 0  # a restart is not a cure yet
            known = self.patients[part.name] = Patient(pid, self.now(), treatments=treatments)
        return known

    def _due_at(self, patient: Patient) -> float:
        """Sooner where nobody listens, later after each treatment that didn't help."""
        failing = patient.failing_since if patient.answered else patient.seen_at + WAKING_SECONDS
        pause: float = min(patient.patience * 2**patient.treatments, LONGEST_PAUSE_SECONDS)
        return max(failing or 0.0, patient.treated_at) + pause

    def _treat(self, part: Part) -> None:
        patient = self.patients[part.name]
        if self.now() < self._due_at(patient):
            return
        patient.treatments += 1
        patient.treated_at = self.now()
        treatment = self.reload if patient.treatments == 1 else self.restart
        LOG.warning("%s runs and doesn't answer: %s", part.name, treatment.__name__)
        treatment(part)


def watch(instance: Instance, stop: threading.Event) -> None:
    """Look after INSTANCE's parts until STOP is set."""
    control = Control(instance, timeout=STOP_SECONDS)

    def reload(part: Part) -> None:
        if part.engine:
            reload_or_restart(part.load(), instance)
        else:
            restart(part)

    def restart(part: Part) -> None:
        control.stop(part.name)
        control.start(part.name)

    def probe(part: Part) -> None:
        probe_part(part, instance, control)

    def recovered(part: Part) -> None:
        # What met it while it was away waits for its next try, which may be minutes away.
        LOG.info("%s answers again", part.name)
        with contextlib.suppress(NotReady):
            flush(instance)

    others = [part for part in PARTS if part.name != NAME]
    watching, pause = Watch(others, probe, reload, restart, recovered), CALM_SECONDS
    while not stop.wait(pause):
        try:
            running = {state.name: state.pid for state in control.states() if state.state == "RUNNING"}
            pause = watching.look(running)
        except NotRunning:  # the supervisor is busy, or about to end
            pause = WORRIED_SECONDS


def main() -> None:
    """Serve until ended."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    watch(Instance.load(), stop)


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    main()
