"""Running the platform's own Python as its own user, for the instance's database and files."""

from __future__ import annotations

import getpass
import grp
import os
import pwd
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

from casier.boot.layout import USER
from casier.boot.words import say
from casier.kernel.errors import CasierError
from casier.kernel.instance import INSTANCE_ENV, Instance

# The exit code of a module of ours that has told, in words for a person, why it did nothing.
SAID = 3
_KEPT = ("LANG", "LC_ALL", "LC_MESSAGES", "TERM")


class CommandFailed(CasierError):
    """A command of the platform ended with an error; the message holds what it said."""

    code = "command_failed"


class Refused(CommandFailed):
    """…and told why in words for a person, which are the message."""


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
    command = f"python -m {module} {' '.join(arguments)}".strip()
    try:
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
    except subprocess.TimeoutExpired as error:
        late = say(f"n’a pas fini en {seconds} s", f"did not end within {seconds} s")
        raise CommandFailed(f"{command}: {late}") from error
    said = done.stdout.decode("utf-8", "replace").strip()
    if done.returncode == SAID:
        raise Refused(said[-3000:])
    if done.returncode != 0:
        raise CommandFailed(f"{command}\n{said[-3000:]}")
    return said


def platform_python(*, reads_any_file: bool) -> list[str]:
    """The words that run Python as the platform's user; with READS_ANY_FILE it may read whatever root may."""
    words = ["setpriv", f"--reuid={USER}", f"--regid={USER}", f"--groups={_groups()}"]
    if reads_any_file:
        # without no_setuid_fixup, access(2) would answer as if the capability were not there
        words += ["--securebits=+no_setuid_fixup"]
        words += ["--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"]
    return [*words, "--", sys.executable, "-P"]


def run_as_platform(instance: Instance, arguments: Sequence[str], *, reads_any_file: bool) -> int:
    """Run the same command line as the platform's user, from the instance's copy; return its exit code.

    Files of the database must stay that user's own, and a checkout may lie where it can't read. With
    READS_ANY_FILE it may read, not write, whatever root may (capabilities(7), CAP_DAC_READ_SEARCH).
    """
    words = [*platform_python(reads_any_file=reads_any_file), "-m", "casier.boot", *arguments]
    sys.stdout.flush()
    # the journal names who typed the command, not the user that it runs as
    who = os.environ.get("SUDO_USER") or getpass.getuser()
    # the launcher has gone to the program's folder; files on the command line are where it was called
    called_from = os.environ.get("CASIER_CALLED_FROM") or None
    return subprocess.call(words, env=environment(instance) | {"LOGNAME": who}, cwd=called_from)


def _groups() -> str:
    """The groups of the sockets that the platform's commands open: clamd's and the store's."""
    return ",".join(str(grp.getgrnam(name).gr_gid) for name in (USER, "_rspamd", "www-data", "mail"))


def _as_casier() -> dict[str, Any]:
    if os.geteuid() != 0:
        return {}
    account = pwd.getpwnam(USER)
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
