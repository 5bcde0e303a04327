"""A fresh Debian in a folder, with processes and mounts of its own: nothing of it is left behind.

Everything inside hangs on one process, the root's first. The kernel ends the rest and takes the mounts away
when that one ends, and ends that one when the test run dies, by whatever death.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from casier.engines.supervise.prelude import start_time
from roots import machine
from waiting import wait_until

CHECKOUT = Path(__file__).resolve().parents[2]
COPY = "/root/casier"
INSTANCE = "/var/lib/casier"
# Processes and mounts of its own, ended and gone when whoever started it dies.
_ALONE = ("setpriv", "--pdeathsig=KILL", "--", "unshare", "--mount", "--pid", "--fork", "--kill-child=KILL")
_DEVICES = ("null", "zero", "full", "random", "urandom", "tty")

# Mounts what a system has, in the namespaces that unshare(1) made, and waits. CHLD is ignored so that the
# kernel buries whoever is orphaned in here.
_FIRST_PROCESS = """
set -e
root=$1; shift
mount --bind "$root" "$root"
mount -t proc proc "$root/proc"
mount --rbind /sys "$root/sys"
mount -t tmpfs -o mode=755 tmpfs "$root/dev"
for name in {devices}; do touch "$root/dev/$name"; mount --bind "/dev/$name" "$root/dev/$name"; done
mkdir "$root/dev/shm" "$root/dev/pts"
chmod 1777 "$root/dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666 devpts "$root/dev/pts"
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"
for folder in "$@"; do mkdir -p "$root$folder"; mount --bind "$folder" "$root$folder"; done
trap '' CHLD
exec chroot "$root" /bin/sh -c 'echo ready; exec sleep infinity'
"""


class InRoot(AssertionError):
    """A command in the root failed; the message holds what it said."""


@dataclass
class FreshRoot:
    """One root. `pid` is its first process, as the machine counts."""

    release: str
    folder: Path
    pid: int
    home: dict[str, str] = field(default_factory=machine.environment)

    def run(self, *command: str, check: bool = True, seconds: float = 900) -> str:
        """Run COMMAND in the copy, as root of this root; what it said. Raises InRoot where it fails."""
        words = [
            "nsenter",
            f"--target={self.pid}",
            "--mount",
            "--pid",
            "--root",
            "--wd",
            "--",
            "/bin/sh",
            "-c",
        ]
        done = subprocess.run(
            [*words, f'cd {COPY} && exec "$@"', "sh", *command],
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=seconds,
            check=False,
        )
        said = done.stdout.decode("utf-8", "replace")
        if check and done.returncode:
            raise InRoot(f"{self.release}: {' '.join(command)} exited {done.returncode}\n{said[-8000:]}")
        return said

    def timed(self, *command: str) -> tuple[float, str]:
        """Run COMMAND; how many seconds it took and what it said."""
        begun = time.monotonic()
        said = self.run(*command)
        return time.monotonic() - begun, said

    def path(self, inside: str) -> Path:
        """Where the machine sees what the root calls INSIDE."""
        return self.folder / inside.lstrip("/")

    def processes(self) -> list[str]:
        """The command lines of all that runs in here, the first process excepted."""
        words = ["ps", "-e", "-o", "pid=,stat=,args="]
        rows = [line.split(None, 2) for line in self._ps(words).splitlines()]
        own = {"/bin/sleep infinity", "sleep infinity", " ".join(words)}
        return [args for _, state, args in rows if not state.startswith("Z") and args not in own]

    def _ps(self, words: Sequence[str]) -> str:
        # the machine's own ps, looking at the root's /proc: a fresh root need not have one
        enter = ["nsenter", f"--target={self.pid}", "--pid", "--"]
        mount = ["unshare", "--mount", "--mount-proc", "--"]
        return subprocess.run([*enter, *mount, *words], capture_output=True, text=True, check=True).stdout

    def _environment(self) -> dict[str, str]:
        fixed = {
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": "/root",
            "LANG": "C.UTF-8",
            "TERM": "dumb",
        }
        return {**self.home, **fixed}


def _make(release: str, folder: Path) -> None:
    """Debian's smallest root with apt, from the machine's own sources, and the project as committed."""
    sources = folder.with_suffix(".sources")
    sources.write_text(machine.sources_for(release), "utf-8")
    settings = [f"--aptopt={line}" for line in machine.apt_settings().splitlines()]
    # systemd isn't run in a root, but knows which services the next boot of a real machine would start
    command = ["mmdebstrap", "--quiet", "--variant=apt", "--include=systemd,systemd-sysv", *settings]
    command = [*_ALONE, "--mount-proc", "--", *command, release, str(folder), str(sources)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise InRoot(f"mmdebstrap {release}: {done.stderr[-3000:]}")
    folder.chmod(0o755)
    machine.copy_settings(folder)
    copy_committed(folder / COPY.lstrip("/"))


def copy_committed(target: Path) -> None:
    """A clean copy of what is committed. git is run as the checkout's owner: it trusts nobody else's."""
    state = CHECKOUT.stat()
    target.mkdir(parents=True)
    archive = subprocess.Popen(
        ["git", "archive", "--format=tar", "HEAD"],
        cwd=CHECKOUT,
        user=state.st_uid,
        group=state.st_gid,
        extra_groups=[],
        stdout=subprocess.PIPE,
    )
    with archive:
        subprocess.run(["tar", "-x", "--no-same-owner", "-C", target], stdin=archive.stdout, check=True)
    if archive.returncode:
        raise InRoot(f"git archive exited {archive.returncode}")


@contextmanager
def _first_process(folder: Path) -> Iterator[int]:
    """Start it; yield its pid as the machine counts, and end it with all that hangs on it."""
    script = _FIRST_PROCESS.replace("{devices}", " ".join(_DEVICES))
    places = [str(place) for place in machine.package_folders()]
    command = [*_ALONE, "--ipc", "--uts", "--", "/bin/sh", "-c", script, "sh", str(folder), *places]
    first = 0
    try:
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            try:
                first = _reported(process, folder)
                yield first
            finally:
                process.kill()
    finally:
        wait_until("the end of the root's processes", lambda: not first or start_time(first) is None)


def _reported(process: subprocess.Popen[str], folder: Path) -> int:
    """The pid of what PROCESS started, once it says that the root in FOLDER is ready. Raises InRoot."""
    assert process.stdout is not None
    if process.stdout.readline() != "ready\n":
        raise InRoot(f"{folder}: no namespaces of its own (exit code {process.wait()})")
    return int(Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text("ascii"))


@contextmanager
def fresh_root(release: str) -> Iterator[FreshRoot]:
    """A root of RELEASE; it is gone afterwards, with its processes and mounts."""
    parent = Path(tempfile.mkdtemp(prefix=f"casier-root-{release}-"))
    parent.chmod(0o755)
    folder = parent / "root"
    try:
        _make(release, folder)
        with _first_process(folder) as pid:
            yield FreshRoot(release, folder, pid)
    finally:
        _remove(parent)


def _remove(folder: Path) -> None:
    """Remove FOLDER once nothing is mounted in it: a mount that lingers must not lose what lies behind it."""
    mounted = Path("/proc/self/mountinfo")
    wait_until(f"nothing to be mounted in {folder}", lambda: str(folder) not in mounted.read_text("utf-8"))
    shutil.rmtree(folder)
