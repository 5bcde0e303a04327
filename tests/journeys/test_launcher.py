"""`./casier` itself: start, stop, status, a start that is killed, a port that is taken."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from casier.boot import lock
from casier.engines.parts import PARTS
from casier.engines.supervise.leftovers import leftovers
from casier.kernel.instance import Instance, Port
from free_ports import free_offset
from journeys.commands import CASIER
from waiting import wait_until

pytestmark = [pytest.mark.journey, pytest.mark.timeout(600)]


class Launcher:
    """One folder and its ports, driven by the command line."""

    def __init__(self, root: Path, offset: int) -> None:
        self.root, self.offset = root, offset

    def words(self, *arguments: str) -> list[str]:
        return [str(CASIER), *arguments, "--instance", str(self.root)]

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(self.words(*arguments), capture_output=True, text=True, check=False)

    def start(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self.run("start", "--no-demo", "--port-offset", str(self.offset), *arguments)

    def start_in_foreground(self) -> subprocess.Popen[str]:
        words = self.words("start", "--no-demo", "--port-offset", str(self.offset))
        return subprocess.Popen(words, stdout=subprocess.PIPE, text=True, start_new_session=True)

    def left(self) -> list[int]:
        return leftovers(Instance(self.root))


@pytest.fixture(scope="module")
def launcher() -> Iterator[Launcher]:
    root = Path(tempfile.mkdtemp(prefix="casier-l-", dir="/tmp"))
    root.chmod(0o755)
    made = Launcher(root, free_offset())
    yield made
    made.run("stop")
    shutil.rmtree(root, ignore_errors=True)


def mailboxes(launcher: Launcher) -> set[Path]:
    return set((launcher.root / "data" / "cyrus" / "spool").rglob("cyrus.index"))


def said_until(process: subprocess.Popen[str], word: str) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        if word in line:
            return
    raise AssertionError(f"the start ended without saying {word!r}")


def test_a_start_that_is_killed_at_any_step_is_repaired_by_the_next(launcher: Launcher) -> None:
    for word in ("Dossier", "Copie", "Base", "Configuration", "redis", "cyrus"):
        with launcher.start_in_foreground() as process:
            said_until(process, word)
            process.kill()
    done = launcher.start("--detach")
    assert done.returncode == 0, done.stdout + done.stderr
    assert launcher.run("stop").returncode == 0
    assert launcher.left() == []


def test_ctrl_c_leaves_no_process_and_no_lock(launcher: Launcher) -> None:
    with launcher.start_in_foreground() as process:
        said_until(process, "Ctrl-C")
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
    assert launcher.left() == []
    assert lock.is_free(launcher.root)


def test_a_second_start_is_told_of_the_first_and_status_has_its_shape(launcher: Launcher) -> None:
    assert launcher.start("--detach").returncode == 0
    second = launcher.start("--detach")
    assert second.returncode == 1
    assert str(launcher.root) in second.stderr
    done = launcher.run("status", "--json")
    status = json.loads(done.stdout)
    assert done.returncode == 0
    assert set(status) == {"ready", "urls", "ca", "parts"}
    assert status["ready"] is True
    assert set(status["urls"]) == {"web", "imaps", "smtps", "submission", "smtp"}
    assert Path(status["ca"]).is_file()
    assert [part["name"] for part in status["parts"]] == [part.name for part in PARTS if not part.optional]
    assert all(set(part) == {"name", "state", "pid", "detail"} for part in status["parts"])


def test_after_a_power_cut_everything_is_there_again(launcher: Launcher) -> None:
    launcher.start("--detach")
    before = mailboxes(launcher)
    assert before
    for pid in launcher.left():
        os.kill(pid, signal.SIGKILL)
    wait_until("the end of all", lambda: launcher.left() == [])
    assert launcher.start("--detach").returncode == 0
    assert before <= mailboxes(launcher)
    assert launcher.run("stop").returncode == 0


@pytest.mark.parametrize("detached", [True, False])
def test_stop_ends_what_a_killed_supervisor_left(launcher: Launcher, detached: bool) -> None:
    launcher.run("stop")
    if detached:
        assert launcher.start("--detach").returncode == 0
        start = None
    else:
        start = launcher.start_in_foreground()
        said_until(start, "Ctrl-C")
    killed = supervisor(launcher)
    if start is not None:
        start.kill()
    os.kill(killed, signal.SIGKILL)
    wait_until("the end of the supervisor", lambda: not Path(f"/proc/{killed}/fd/0").exists())
    assert launcher.left()
    done = launcher.run("stop")
    assert done.returncode == 0
    assert "restants" in done.stdout
    assert launcher.left() == []
    assert lock.is_free(launcher.root)
    if start is not None:
        start.communicate()


def test_stop_ends_a_supervisor_that_answers_nobody(launcher: Launcher) -> None:
    assert launcher.start("--detach").returncode == 0
    os.kill(supervisor(launcher), signal.SIGSTOP)
    assert launcher.run("stop").returncode == 0
    assert launcher.left() == []
    assert lock.is_free(launcher.root)


def supervisor(launcher: Launcher) -> int:
    """Its pid, as its own file has it."""
    return int((launcher.root / "run" / "supervise" / "supervisord.pid").read_text("ascii"))


def test_a_port_that_is_taken_is_named_with_the_way_out(launcher: Launcher) -> None:
    launcher.run("stop")
    with socket.create_server(("127.0.0.1", launcher.offset + Port.IMAPS)):
        done = launcher.start("--detach")
    assert done.returncode == 1
    assert str(launcher.offset + Port.IMAPS) in done.stderr
    assert "--port-offset" in done.stderr
    assert launcher.left() == []
