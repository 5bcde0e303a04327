"""Find and end what an earlier run of this instance left behind."""

from __future__ import annotations

import os
from pathlib import Path

from casier.engines.supervise import prelude
from casier.kernel.instance import Instance

# Where the programs of the parts are, Debian's and our environment's.
_PROGRAMS = (
    "/usr/lib/postfix/",
    "/usr/lib/cyrus/",
    "/usr/sbin/cyrmaster",
    "/usr/sbin/nginx",
    "/usr/sbin/clamd",
    "/usr/bin/rspamd",
    "/usr/bin/redis-",
)


def leftovers(instance: Instance) -> list[int]:
    """The processes of this instance that run now, our own line of ancestors excepted.

    Three signs, because no one of them is on every process: the mark in the environment (engines that show a
    title overwrite it), the session of a recorded part, and an engine's program at work in the folder.
    """
    ours = _ancestors()
    leaders = _recorded(instance)
    prefix = f"{prelude.PART_ENV}={instance.tag}/".encode()
    found = []
    for pid in prelude.pids():
        if pid in ours:
            continue
        marked = any(item.startswith(prefix) for item in prelude.environment(pid).split(b"\0"))
        if marked or prelude.session(pid) in leaders or _engine_of(pid, instance.root):
            found.append(pid)
    return found


def end_leftovers(instance: Instance) -> int:
    """End them, and say how many there were. Repeats, for a dying parent may still have started a child."""
    total = 0
    for _ in range(5):
        found = leftovers(instance)
        if not found:
            break
        total += len(found)
        prelude.end(found)
    return total


def _recorded(instance: Instance) -> set[int]:
    leaders = set()
    for record in (instance.run / "parts").glob("[a-z]*"):
        known = prelude.read_record(record)
        # the leader itself may be gone; its number is not given again while its session has members
        if known and prelude.start_time(known[0]) in (known[1], None):
            leaders.add(known[0])
    return leaders


def _engine_of(pid: int, root: Path) -> bool:
    """Whether PID runs one of our programs inside ROOT: from its folder, or with a file of it as argument.

    Both are asked, so that an administrator's shell or editor there is left alone.
    """
    try:
        program = Path(f"/proc/{pid}/exe").readlink()
        folder = Path(f"/proc/{pid}/cwd").readlink()
    except OSError:
        return False
    if not str(program).startswith(_PROGRAMS):
        return False
    words = prelude.command_line(pid)
    inside = any(os.fsencode(root / name) in words for name in ("etc/", "run/", "data/", "app/"))
    return inside or folder.is_relative_to(root)


def _ancestors() -> set[int]:
    found, pid = set(), os.getpid()
    while pid > 1:
        found.add(pid)
        pid = prelude.parent(pid)
    return found
