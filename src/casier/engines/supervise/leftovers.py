"""Find and end what an earlier run of this instance left behind."""

from __future__ import annotations

import os
from pathlib import Path

from casier.engines.supervise import prelude
from casier.kernel.instance import Instance


def leftovers(instance: Instance) -> list[int]:
    """The processes of this instance that run now, our own line of ancestors excepted.

    Three signs, because no one of them is on every process: the mark in the environment (engines that show a
    title overwrite it), the session of a recorded part, and the instance's folder in the command line.
    """
    ours = _ancestors()
    leaders = _recorded(instance)
    needle = os.fsencode(instance.root)
    prefix = f"{prelude.PART_ENV}={instance.tag}/".encode()
    found = []
    for pid in prelude.pids():
        if pid in ours:
            continue
        marked = any(item.startswith(prefix) for item in prelude.environment(pid).split(b"\0"))
        if marked or prelude.session(pid) in leaders or _engine_of(pid, needle):
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


def _engine_of(pid: int, root: bytes) -> bool:
    """Whether PID's command line names a file below `root/etc`, `root/run` or `root/data`: only engines' do."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes()
        uid = Path(f"/proc/{pid}").stat().st_uid
    except OSError:
        return False
    if uid == 0 and not words.startswith((b"/usr/", b"nginx", b"postfix")):
        return False  # an administrator's editor or `tail` on our files is left alone
    return any(root + folder in words for folder in (b"/etc/", b"/run/", b"/data/"))


def _ancestors() -> set[int]:
    found, pid = set(), os.getpid()
    while pid > 1:
        found.add(pid)
        pid = prelude.parent(pid)
    return found
