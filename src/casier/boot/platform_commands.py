"""Running the platform's own Python as its own user, for the instance's database and files."""

from __future__ import annotations

import grp
import os
import pwd
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

from casier.boot.layout import USER
from casier.kernel.errors import CasierError
from casier.kernel.instance import INSTANCE_ENV, Instance

_KEPT = ("LANG", "LC_ALL", "LC_MESSAGES", "TERM")


class CommandFailed(CasierError):
    """A command of the platform ended with an error; the message holds what it said."""

    code = "command_failed"


def environment(instance: Instance) -> dict[str, str]:
    """What the platform's processes see: this instance, its copy of the program, nothing of the caller's."""
    kept = {
        name: os.environ[name] for name in ("LANG", "LC_ALL", "LC_MESSAGES", "TERM") if name in os.environ
    }
    return {
        "LANG": "C.UTF-8",
        **kept,
        INSTANCE_ENV: str(instance.root),
        "HOME": "/nonexistent",
        "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        "PYTHONPATH": str(instance.app / "src"),
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def run_module(instance: Instance, module: str, *arguments: str, seconds: int = 900) -> str:
    """Run `python -m MODULE ARGUMENTS` as the user casier. Raises CommandFailed."""
    done: subprocess.CompletedProcess[bytes] = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        env=environment(instance),
        cwd=instance.root,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=seconds,
        check=False,
        **_as_casier(),
    )
    said = done.stdout.decode("utf-8", "replace").strip()
    if done.returncode != 0:
        raise CommandFailed(f"python -m {module} {' '.join(arguments)}\n{said[-3000:]}")
    return said


def become_platform_user(extra_groups: Sequence[str] = ("_rspamd", "mail")) -> None:
    """Drop from root to the platform's user for good: files of the database must stay its own."""
    if os.geteuid() != 0:
        return
    account = pwd.getpwnam(USER)
    os.setgroups([account.pw_gid, *(grp.getgrnam(name).gr_gid for name in extra_groups)])
    os.setresgid(account.pw_gid, account.pw_gid, account.pw_gid)
    os.setresuid(account.pw_uid, account.pw_uid, account.pw_uid)


def _as_casier() -> dict[str, Any]:
    if os.geteuid() != 0:
        return {}
    account = pwd.getpwnam(USER)
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
