"""The command line of an instance, quickly: most of what a command takes is finding and reading the program.

The first time each command goes the whole way, from `./casier` on. Later on it is run by a process that has
read all of the program and waits, as the user and with the rights that `./casier` would give it: each command
in a child of its own, which knows nothing of those before it.
"""

from __future__ import annotations

import getpass
import json
import os
import socket
import subprocess
import tempfile
from contextlib import ExitStack
from pathlib import Path

from casier.boot import content
from casier.boot.platform_commands import environment, platform_python
from casier.kernel.instance import Instance

CHECKOUT = Path(__file__).resolve().parents[2]
CASIER = CHECKOUT / "casier"
PROGRAM = Path(__file__).with_name("waiting_program.py")
Done = subprocess.CompletedProcess[str]


class Commands:
    """What is asked at the command line of the instance in ROOT."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._gone_all_the_way: set[tuple[str, ...]] = set()
        self._waiting: dict[bool, WaitingProgram] = {}

    def run(self, *arguments: str, input: str | None = None) -> Done:
        """Run ./casier with ARGUMENTS."""
        words = [*arguments, "--instance", str(self.root)]
        group, command = content.asked_for(arguments), arguments[:2]
        if group is None or group.changes_facts or command not in self._gone_all_the_way:
            self._gone_all_the_way.add(command)
            return subprocess.run(
                [str(CASIER), *words], input=input, capture_output=True, text=True, check=False
            )
        if group.reads_any_file not in self._waiting:
            program = WaitingProgram(Instance.load(self.root), reads_any_file=group.reads_any_file)
            self._waiting[group.reads_any_file] = program
        return self._waiting[group.reads_any_file].run(words, input or "")

    def close(self) -> None:
        """End what waits; the next command begins another."""
        while self._waiting:
            self._waiting.popitem()[1].close()


class WaitingProgram:
    """The program of INSTANCE, which has been read and waits for command lines."""

    def __init__(self, instance: Instance, *, reads_any_file: bool) -> None:
        self._orders, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            # As text: the platform's user may not be able to read the checkout.
            code = PROGRAM.read_text("utf-8")
            self._process = subprocess.Popen(
                [*platform_python(reads_any_file=reads_any_file), "-c", code, str(theirs.fileno())],
                env=environment(instance) | {"LOGNAME": os.environ.get("SUDO_USER") or getpass.getuser()},
                cwd=CHECKOUT,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
            )

    def run(self, words: list[str], given: str) -> Done:
        """The command line of WORDS, with GIVEN to read."""
        with ExitStack() as opened:
            read, said, complained = (opened.enter_context(tempfile.TemporaryFile()) for _ in range(3))
            read.write(given.encode())
            read.seek(0)
            answer, theirs = socket.socketpair()
            with answer:
                with theirs:
                    files = [file.fileno() for file in (read, said, complained, theirs)]
                    socket.send_fds(self._orders, [json.dumps(words).encode()], files)
                code = answer.recv(16)
            output, complaint = (_whole(file.fileno()) for file in (said, complained))
        assert code, f"casier {' '.join(words)} was killed\n{output}\n{complaint}"
        return subprocess.CompletedProcess(words, int(code), output, complaint)

    def close(self) -> None:
        self._orders.close()
        self._process.wait()


def _whole(file: int) -> str:
    """What another process wrote into FILE."""
    return os.pread(file, os.fstat(file).st_size, 0).decode("utf-8")
