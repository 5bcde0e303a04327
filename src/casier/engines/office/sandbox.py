"""The walls around one conversion: no network, nothing of the machine but programs and fonts, limits on all.

Bubblewrap makes the namespaces (bwrap(1)); `prlimit` sets what one process may take; seccomp narrows the
kernel. All of it ends with the process that began it.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import tempfile
import time
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
# Of what is said: a crash tells its reason first, then a long list of where it was.
_SAID_EACH = 1000
_LOOKS_SECONDS = 0.1
_PEAK = re.compile(r"^VmPeak:\s+(\d+) kB", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended: exit code (or TIME_OVER), first and last of what it said, its most address space."""

    code: int
    said: str
    peak_bytes: int


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


def run_inside(job: Path, command: list[str], limits: Limits) -> Ended:
    """Run COMMAND inside."""
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
        code, peak = _wait(process, limits.wall_seconds)
        said.seek(0)
        return Ended(code, _ends(said.read()), peak)


def _ends(said: bytes) -> str:
    kept = said if len(said) <= 2 * _SAID_EACH else said[:_SAID_EACH] + b"\n[...]\n" + said[-_SAID_EACH:]
    return kept.decode("utf-8", "replace").strip()


def _wait(process: subprocess.Popen[bytes], seconds: float) -> tuple[int, int]:
    """Exit code, and the most address space that was seen of any process inside."""
    until, peak = time.monotonic() + seconds, 0
    try:
        while (left := until - time.monotonic()) > 0:
            try:
                return process.wait(min(left, _LOOKS_SECONDS)), peak
            except subprocess.TimeoutExpired:
                peak = max(peak, _peak_below(process.pid))
        return TIME_OVER, peak
    finally:
        # The first process of its namespace: with it, everything inside ends.
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _peak_below(pid: int) -> int:
    """The largest peak of PID and of what it began (proc(5)); what has just ended counts for nothing."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
        found = _PEAK.search(Path(f"/proc/{pid}/status").read_text("utf-8", "replace"))
    except OSError:
        return 0
    own = int(found[1]) * 1024 if found else 0
    return max([own, *(_peak_below(int(child)) for child in children)])
