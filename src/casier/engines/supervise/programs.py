"""From the table of parts to supervisord's configuration."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterable
from pathlib import Path

from casier.engines.engine import Program
from casier.engines.parts import Part
from casier.engines.supervise import prelude
from casier.kernel.instance import INSTANCE_ENV, Instance

LOG_BYTES = "20MB"
# What became of a message is told from these (`trace`): sixty thousand people fill a gigabyte of each a day.
TRACED, TRACED_BYTES = {"postfix", "rspamd", "syslog"}, "250MB"
# One a month, as the dates want it (`ageing.py`).
LOG_BACKUPS = 11
# Parts whose interesting lines come from elsewhere: Cyrus speaks to our syslog, so that is `cyrus.log`.
LOG_NAMES = {"syslog": "cyrus", "cyrus": "cyrmaster"}
MORE_LOGS = {"cyrus": ("cyrus",), "nginx": ("nginx-access",)}
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def config_file(instance: Instance) -> Path:
    """Where the supervisor's configuration is."""
    return instance.etc / "supervise" / "supervisord.conf"


def control_socket(instance: Instance) -> Path:
    """Where the supervisor listens; root alone may connect."""
    return instance.run / "supervise" / "control.sock"


def record_file(instance: Instance, part: str) -> Path:
    """Where the prelude writes the pid and start time of PART."""
    return instance.run / "parts" / part


def log_file(instance: Instance, part: str) -> Path:
    """The log of PART, the newest of its rotation."""
    return instance.log / f"{LOG_NAMES.get(part, part)}.log"


def log_files(instance: Instance, part: str) -> list[Path]:
    """Every log that tells of PART, those that are there."""
    names = [LOG_NAMES.get(part, part), *MORE_LOGS.get(part, ())]
    return [path for name in names if (path := instance.log / f"{name}.log").exists()]


def mark(instance: Instance, part: str) -> str:
    """What PART's processes carry in their environment."""
    return f"{instance.tag}/{part}"


def program(part: Part, instance: Instance) -> Program:
    """What to run for PART. Raises ImportError where it is not installed."""
    common = (
        (INSTANCE_ENV, str(instance.root)),
        ("LANG", "C.UTF-8"),
        ("PATH", f"{Path(sys.executable).parent}:{PATH}"),
        ("PYTHONDONTWRITEBYTECODE", "1"),
        ("PYTHONPATH", str(instance.app / "src")),
        ("PYTHONUNBUFFERED", "1"),
    )
    if part.engine:
        engine = part.load()
        command, user = tuple(engine.command(instance)), engine.user
    else:
        command, user = (sys.executable, "-m", part.module), part.user
    return Program(
        name=part.name,
        command=command,
        user=user,
        groups=part.groups,
        environment=common,
        directory=str(instance.root),
        after=part.after,
        dev_log=str(instance.socket("syslog", "cyrus", "log")) if part.dev_log else "",
        stop_signal=part.stop_signal,
        stop_seconds=part.stop_seconds,
    )


def supervisord_config(instance: Instance, programs: Iterable[Program]) -> str:
    """The whole configuration; the order of PROGRAMS doesn't matter."""
    run = instance.run / "supervise"
    head: dict[str, dict[str, object]] = {
        "unix_http_server": {"file": control_socket(instance), "chmod": "0700"},
        "supervisord": {
            "logfile": instance.log / "supervise.log",
            "logfile_maxbytes": LOG_BYTES,
            "logfile_backups": LOG_BACKUPS,
            "pidfile": run / "supervisord.pid",
            "identifier": f"casier-{instance.tag}",
            "childlogdir": instance.log,
            "user": "root",
            "umask": "022",
            "minfds": 1024,
            "silent": "true",
        },
        "rpcinterface:supervisor": {
            "supervisor.rpcinterface_factory": "supervisor.rpcinterface:make_main_rpcinterface"
        },
    }
    sections = {**head, **{f"program:{one.name}": _section(one, instance) for one in programs}}
    return "\n".join(_written(name, values) for name, values in sorted(sections.items()))


def _section(one: Program, instance: Instance) -> dict[str, object]:
    values = (*one.environment, (prelude.PART_ENV, mark(instance, one.name)))
    environment = ",".join(f'{name}="{value}"' for name, value in values)
    return {
        "command": shlex.join(_with_prelude(one, instance)),
        "directory": one.directory,
        "environment": environment,
        "autostart": "false",
        "autorestart": "true",
        "startsecs": 1,
        "startretries": 1_000_000_000,
        "stopsignal": one.stop_signal,
        "stopwaitsecs": one.stop_seconds,
        "killasgroup": "true",
        "redirect_stderr": "true",
        "stdout_logfile": log_file(instance, one.name),
        "stdout_logfile_maxbytes": TRACED_BYTES if one.name in TRACED else LOG_BYTES,
        "stdout_logfile_backups": LOG_BACKUPS,
    }


def _with_prelude(one: Program, instance: Instance) -> list[str]:
    words = [
        "/usr/bin/python3",
        "-I",
        "-S",
        str(instance.app / "src" / "casier/engines/supervise/prelude.py"),
    ]
    words += ["--mark", mark(instance, one.name), "--record", str(record_file(instance, one.name))]
    words += ["--user", one.user, "--open-files", str(one.open_files)]
    if one.groups:
        words += ["--groups", ",".join(one.groups)]
    if one.dev_log:
        words += ["--dev-log", one.dev_log]
    return [*words, "--", *one.command]


def _written(name: str, values: dict[str, object]) -> str:
    # supervisord expands %(name)s in values, so a percent sign of ours is doubled
    lines = [f"{key} = {str(value).replace('%', '%%')}" for key, value in values.items()]
    return "\n".join([f"[{name}]", *lines, ""])
