"""The supervisor with small parts of its own: what dies comes back, and leaves nobody behind."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from casier.boot import lock
from casier.boot.start import launch_supervisor
from casier.engines.engine import Program
from casier.engines.supervise import prelude
from casier.engines.supervise.control import Control
from casier.engines.supervise.leftovers import end_leftovers, leftovers
from casier.engines.supervise.programs import config_file, supervisord_config
from casier.kernel.instance import Instance
from engines.private_instance import private_instance

pytestmark = pytest.mark.engines

# A parent with a child that survives it, as Cyrus's and Postfix's do; the second one even leaves the session.
FAMILY = ("/bin/sh", "-c", "sleep 1000 & wait")
RUNAWAY = ("/bin/sh", "-c", "env -i setsid sleep 1000 & wait")


def wait_for(what: str, condition: Callable[[], object], seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, f"waited in vain for {what}"
        time.sleep(0.05)


@contextmanager
def supervised(*programs: Program) -> Iterator[tuple[Instance, Control]]:
    with private_instance() as instance:
        config_file(instance).parent.mkdir()
        config_file(instance).write_text(supervisord_config(instance, programs))
        descriptor = lock.take(instance.root)
        process = launch_supervisor(instance, descriptor, with_parent=False)
        os.close(descriptor)
        control = Control(instance)
        for one in programs:
            control.start(one.name)
        yield instance, control
        end_leftovers(instance)
        process.wait(20)


def pid_of(control: Control, name: str) -> int:
    return next(state.pid for state in control.states() if state.name == name)


def children(pid: int) -> list[int]:
    return [one for one in prelude.pids() if prelude.parent(one) == pid]


@pytest.mark.parametrize("command", [FAMILY, RUNAWAY], ids=["child", "child-in-a-session-of-its-own"])
def test_a_killed_part_comes_back_without_its_orphans(command: tuple[str, ...]) -> None:
    with supervised(Program("one", command)) as (_, control):
        wait_for("the child", lambda: children(pid_of(control, "one")))
        before = pid_of(control, "one")
        (orphan,) = children(before)
        os.kill(before, signal.SIGKILL)
        wait_for("a new incarnation", lambda: pid_of(control, "one") not in (0, before))
        wait_for("the orphan's end", lambda: prelude.start_time(orphan) is None)


def test_a_part_that_falls_at_once_is_tried_again_and_others_are_left_alone() -> None:
    with supervised(Program("bad", ("/bin/false",)), Program("good", FAMILY)) as (instance, control):
        good = pid_of(control, "good")
        log = instance.log / "supervise.log"
        wait_for("three tries", lambda: log.read_text().count("spawned: 'bad'") >= 3, 30)
        assert pid_of(control, "good") == good


def test_a_part_runs_as_its_user_without_the_others_privileges() -> None:
    with supervised(Program("one", FAMILY, user="redis", groups=("casier",))) as (_, control):
        pid = pid_of(control, "one")
        wait_for("the drop", lambda: prelude.command_line(pid).startswith(b"/bin/sh\0"))
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        status = dict(line.split(":", 1) for line in lines)
        assert set(status["CapEff"].strip()) == {"0"}
        assert status["Uid"].split()[0] != "0"


def test_what_a_killed_supervisor_leaves_is_found_and_ended() -> None:
    with supervised(Program("one", FAMILY), Program("two", FAMILY, user="redis")) as (instance, control):
        wait_for("the children", lambda: all(children(pid_of(control, name)) for name in ("one", "two")))
        os.kill(control.pid(), signal.SIGKILL)
        wait_for("the lock", lambda: lock.is_free(instance.root))
        assert len(leftovers(instance)) >= 4
        end_leftovers(instance)
        assert leftovers(instance) == []


def test_the_lock_is_held_as_long_as_the_supervisor_lives() -> None:
    with supervised(Program("one", FAMILY)) as (instance, control):
        with pytest.raises(lock.Taken):
            lock.take(instance.root)
        control.shutdown()
        assert lock.wait_until_free(instance.root, 20)
        assert leftovers(instance) == []


def test_an_administrators_shell_in_the_folder_is_not_a_leftover() -> None:
    with private_instance() as instance:
        pid = os.spawnlp(os.P_NOWAIT, "sh", "sh", "-c", f"cd {instance.data}; exec sleep 1000")
        try:
            assert pid not in leftovers(instance)
        finally:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
