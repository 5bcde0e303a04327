"""What runs between the supervisor and a part's own command; a script of the standard library alone.

1. End what is left of the part's previous incarnation: orphans keep sockets, locks and mailboxes open.
2. Write down this incarnation (`run/parts/<part>`), so that it can be found again after a crash of all.
3. Where asked, give the part its own /dev/log in a mount namespace: the host's /dev stays as it is.
4. Take the part's user and groups, and execute the command in place, outside a profile that the distribution
   has for it: those know the distribution's own folders only.

It is started once per part and restart, so it must be quick: no package of ours is imported.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import grp
import os
import pwd
import resource
import signal
import sys
import time
from pathlib import Path

PART_ENV = "CASIER_PART"
GRACE_SECONDS = 2.0
_CLONE_NEWNS = 0x00020000
_MS_BIND, _MS_REC, _MS_PRIVATE = 4096, 16384, 1 << 18
_APPARMOR = Path("/sys/module/apparmor/parameters/enabled")
_NEXT_PROFILE = Path("/proc/self/attr/exec")
_DEVICES = ("null", "zero", "full", "random", "urandom", "tty")


def start_time(pid: int) -> int | None:
    """The start time of PID in clock ticks since boot; with the pid it names one process for good."""
    fields = _stat(pid)
    return int(fields[19]) if fields else None


def session(pid: int) -> int | None:
    """The session PID belongs to, or None once it is gone."""
    fields = _stat(pid)
    return int(fields[3]) if fields else None


def parent(pid: int) -> int:
    """The parent of PID, 0 once PID is gone."""
    fields = _stat(pid)
    return int(fields[1]) if fields else 0


def _stat(pid: int) -> list[str] | None:
    try:
        text = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace")
    except OSError:
        return None
    # the command's name stands in parentheses and may hold spaces and parentheses itself
    fields = text[text.rindex(")") + 2 :].split()
    return None if fields[0] in ("Z", "X") else fields


def environment(pid: int) -> bytes:
    """The environment PID was executed with; empty where it can't be read or was overwritten by a title."""
    try:
        return Path(f"/proc/{pid}/environ").read_bytes()
    except OSError:
        return b""


def remains(record: Path, mark: str) -> list[int]:
    """The processes left of the incarnation in RECORD.

    Those of its session, those that carry its MARK, and orphans, which the supervisor adopts: they are
    nobody's any more.
    """
    leader, started = read_record(record) or (None, 0)
    wanted = f"{PART_ENV}={mark}".encode()
    orphaned = orphans(os.getppid(), record.parent)
    found = []
    for pid in pids():
        if pid == os.getpid():
            continue
        same_session = leader is not None and session(pid) == leader and _not_before(pid, started)
        orphan = pid in orphaned or session(pid) in orphaned
        if same_session or orphan or wanted in environment(pid).split(b"\0"):
            found.append(pid)
    return found


def orphans(supervisor: int, records: Path) -> set[int]:
    """The children of SUPERVISOR that are no part's first process: it adopted them when their parent died.

    None where SUPERVISOR is something else, such as the shell of someone who starts a part by hand.
    """
    if b"supervise.daemon" not in command_line(supervisor):
        return set()
    children = {
        (pid, start_time(pid))
        for pid in pids()
        if parent(pid) == supervisor
        and not any(word in command_line(pid) for word in (b"prelude.py", b"supervise.daemon"))
    }
    # Read after the processes were looked at: whoever had left its prelude by then has written its record.
    known = {found for path in records.glob("[a-z]*") if (found := read_record(path))}
    return {pid for pid, started in children if (pid, started) not in known}


def command_line(pid: int) -> bytes:
    """What PID was executed with, words separated by NUL; empty once it is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def end(processes: list[int], grace: float = GRACE_SECONDS) -> None:
    """Ask PROCESSES to end, then force those that have not after GRACE seconds."""
    alive = {pid: start_time(pid) for pid in processes}
    for name, seconds in ((signal.SIGTERM, grace), (signal.SIGKILL, 5.0)):
        for pid in alive:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, name)
        until = time.monotonic() + seconds
        while alive and time.monotonic() < until:
            alive = {pid: at for pid, at in alive.items() if at is not None and start_time(pid) == at}
            if alive:
                time.sleep(0.01)
        if not alive:
            return


def read_record(record: Path) -> tuple[int, int] | None:
    """The session leader's pid and start time in RECORD; None where there is none of this boot."""
    try:
        boot, pid, started = record.read_text("ascii").split()
    except (OSError, ValueError):
        return None
    return (int(pid), int(started)) if boot == boot_id() else None


def boot_id() -> str:
    """Changes with each boot of the machine: pids of another boot mean nothing."""
    return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()


def _not_before(pid: int, started: int) -> bool:
    at = start_time(pid)
    return at is not None and at >= started


def pids() -> list[int]:
    """Every process there is."""
    return [int(name) for name in os.listdir("/proc") if name.isdigit()]  # noqa: PTH208 - Path objects cost here


def write_record(record: Path) -> None:
    """Name this process and its start, atomically."""
    staging = record.with_name(f".{record.name}.new")
    staging.write_text(f"{boot_id()} {os.getpid()} {start_time(os.getpid())}\n", "ascii")
    staging.rename(record)


def private_dev_log(socket: str) -> None:
    """Show SOCKET as /dev/log to this process and its children only. Raises OSError."""
    libc = ctypes.CDLL(None, use_errno=True)

    def call(result: int, what: str) -> None:
        if result != 0:
            raise OSError(ctypes.get_errno(), what)

    def mount(source: str, target: str, kind: str, flags: int) -> None:
        arguments = (source.encode(), target.encode(), kind.encode(), flags, b"mode=0755")
        call(libc.mount(*arguments), f"mount {target}")

    call(libc.unshare(_CLONE_NEWNS), "unshare")
    for top in ("/", "/dev", "/dev/shm"):  # noqa: S108 - "/" is no mount point inside a chroot, nor need /dev be
        with contextlib.suppress(OSError):
            mount("none", top, "", _MS_REC | _MS_PRIVATE)
    staging = Path("/dev/shm")  # noqa: S108 - a mount point inside our own namespace
    mount("tmpfs", str(staging), "tmpfs", 0)
    for name in _DEVICES:
        (staging / name).touch()
        mount(f"/dev/{name}", str(staging / name), "", _MS_BIND)
    for name, target in (("fd", "/proc/self/fd"), ("stdin", "/proc/self/fd/0"), ("log", socket)):
        (staging / name).symlink_to(target)
    for name, target in (("stdout", "/proc/self/fd/1"), ("stderr", "/proc/self/fd/2")):
        (staging / name).symlink_to(target)
    (staging / "shm").mkdir(mode=0o1777)
    (staging / "shm").chmod(0o1777)
    mount(str(staging), "/dev", "", _MS_BIND | _MS_REC)


def leave_profile(enabled: Path = _APPARMOR, next_profile: Path = _NEXT_PROFILE) -> None:
    """Execute what comes next outside AppArmor's profiles, where the kernel has them. Raises OSError.

    Debian's profile of clamd lets it read /etc/clamav and /var/lib/clamav, and no instance of ours.
    """
    if enabled.exists() and enabled.read_text("ascii").startswith("Y"):
        next_profile.write_text("exec unconfined", "ascii")


def become(user: str, groups: list[str]) -> None:
    """Drop to USER with its own groups and GROUPS, for good."""
    account = pwd.getpwnam(user)
    if account.pw_uid == 0:
        return
    own = os.getgrouplist(user, account.pw_gid)
    os.setgroups(sorted({*own, *(grp.getgrnam(name).gr_gid for name in groups)}))
    os.setresgid(account.pw_gid, account.pw_gid, account.pw_gid)
    os.setresuid(account.pw_uid, account.pw_uid, account.pw_uid)
    os.environ.update(HOME=account.pw_dir, USER=user, LOGNAME=user)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--mark", required=True)
    parser.add_argument("--record", type=Path, required=True)
    parser.add_argument("--user", required=True)
    parser.add_argument("--groups", default="")
    parser.add_argument("--dev-log", default="")
    parser.add_argument("--open-files", type=int, default=65536)
    parser.add_argument("command", nargs="+")
    return parser.parse_args()


def main() -> None:
    """See the module."""
    options = _arguments()
    end(remains(options.record, options.mark))
    write_record(options.record)
    if options.dev_log:
        try:
            private_dev_log(options.dev_log)
        except OSError as error:
            print(f"prelude: no /dev/log of its own ({error}); the host's is used", file=sys.stderr)  # noqa: T201
    try:
        leave_profile()
    except OSError as error:
        print(f"prelude: AppArmor's profile stays ({error})", file=sys.stderr)  # noqa: T201
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    limit = options.open_files if hard == resource.RLIM_INFINITY else min(hard, options.open_files)
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, hard))
    for name in (
        "SUPERVISOR_ENABLED",
        "SUPERVISOR_SERVER_URL",
        "SUPERVISOR_GROUP_NAME",
        "SUPERVISOR_PROCESS_NAME",
    ):
        os.environ.pop(name, None)
    os.environ[PART_ENV] = options.mark
    become(options.user, [name for name in options.groups.split(",") if name])
    os.execvp(options.command[0], options.command)  # noqa: S606 - a list of words, no shell


if __name__ == "__main__":
    main()
