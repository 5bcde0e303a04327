"""Running an engine's own tools, and owning its folders."""

from __future__ import annotations

import os
import pwd
import subprocess
from collections.abc import Sequence
from pathlib import Path

TOOL_SECONDS = 60


def run_tool(command: Sequence[str], user: str = "root", seconds: int = TOOL_SECONDS) -> tuple[int, str]:
    """Run COMMAND as USER without input; return its exit code and what it said. A hung tool has failed."""
    try:
        done = subprocess.run(
            list(command),
            user=None if user == "root" or os.geteuid() != 0 else user,
            group=None if user == "root" or os.geteuid() != 0 else pwd.getpwnam(user).pw_gid,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=seconds,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return 127, str(error)
    return done.returncode, done.stdout.decode("utf-8", "replace").strip()


def own_folder(path: Path, user: str, mode: int = 0o750, group: str = "") -> None:
    """Make PATH a folder of USER (and of GROUP instead of the user's own). Repairs owner and mode."""
    import grp

    path.mkdir(parents=True, exist_ok=True)
    account = pwd.getpwnam(user)
    gid = grp.getgrnam(group).gr_gid if group else account.pw_gid
    state = path.stat()
    if (state.st_uid, state.st_gid) != (account.pw_uid, gid):
        os.chown(path, account.pw_uid, gid)
    if state.st_mode & 0o7777 != mode:
        path.chmod(mode)
