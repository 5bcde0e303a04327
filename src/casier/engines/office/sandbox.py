"""The walls around one conversion: no network, nothing of the machine but programs and fonts, limits on all.

Bubblewrap makes the namespaces (bwrap(1)); `prlimit` sets what one process may take; seccomp narrows the
kernel. All of it ends with the process that began it.
"""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from casier.engines.office import seccomp

BWRAP = "/usr/bin/bwrap"
PRLIMIT = "/usr/bin/prlimit"
# Inside the walls /tmp is memory of its own: no other process sees it.
_SCRATCH = "/tmp"  # noqa: S108
_ENVIRONMENT = {"HOME": _SCRATCH, "LANG": "C.UTF-8", "PATH": "/usr/bin", "TZ": "Europe/Paris"}
_READ_ONLY = ("/usr",)
_IF_THERE = (
    "/etc/fonts",
    "/etc/libreoffice",
    "/etc/ld.so.cache",
    "/etc/alternatives",
    "/var/cache/fontconfig",
)
_LINKS = ("bin", "lib", "lib64")


@dataclass(frozen=True, slots=True)
class Limits:
    """What one conversion may take."""

    wall_seconds: float = 45
    cpu_seconds: int = 40
    memory_bytes: int = 2_500_000_000  # address space; LibreOffice alone maps some 900 MB
    file_bytes: int = 80_000_000
    scratch_bytes: int = 200_000_000
    processes: int = 200
    files: int = 512


DEFAULT = Limits()
TIME_OVER = -1


def walls(job: Path, limits: Limits, seccomp_at: int | None) -> list[str]:
    """The command that runs what follows it inside the walls: `/job` is JOB, `/tmp` is memory."""
    words = [BWRAP, "--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL", "--clearenv"]
    for name, value in _ENVIRONMENT.items():
        words += ["--setenv", name, value]
    for path in _READ_ONLY:
        words += ["--ro-bind", path, path]
    for path in _IF_THERE:
        words += ["--ro-bind-try", path, path]
    for name in _LINKS:
        words += ["--symlink", f"usr/{name}", f"/{name}"]
    words += ["--proc", "/proc", "--dev", "/dev", "--size", str(limits.scratch_bytes), "--tmpfs", _SCRATCH]
    words += ["--bind", str(job), "/job", "--chdir", "/job", "--hostname", "casier"]
    if seccomp_at is not None:
        words += ["--seccomp", str(seccomp_at)]
    words += ["--", PRLIMIT, f"--as={limits.memory_bytes}", f"--cpu={limits.cpu_seconds}"]
    words += [f"--fsize={limits.file_bytes}", f"--nproc={limits.processes}", f"--nofile={limits.files}"]
    return [*words, "--core=0", "--"]


def run_inside(job: Path, command: list[str], limits: Limits) -> tuple[int, str]:
    """Run COMMAND inside; its exit code and the last of what it said. TIME_OVER where it took too long."""
    with tempfile.TemporaryFile() as filtering, tempfile.TemporaryFile() as said:
        program = seccomp.program()
        if program is not None:
            filtering.write(program)
            filtering.seek(0)
        at = None if program is None else filtering.fileno()
        process = subprocess.Popen(
            [*walls(job, limits, at), *command],
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            pass_fds=() if at is None else (at,),
            start_new_session=True,
            cwd="/",
            env={"PATH": "/usr/bin:/bin"},
        )
        code = _wait(process, limits.wall_seconds)
        said.seek(0)
        return code, said.read()[-2000:].decode("utf-8", "replace").strip()


def _wait(process: subprocess.Popen[bytes], seconds: float) -> int:
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        return TIME_OVER
    finally:
        # The first process of its namespace: with it, everything inside ends.
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
