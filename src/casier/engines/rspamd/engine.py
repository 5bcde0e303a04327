"""Rspamd as a part of the platform."""

from __future__ import annotations

import shutil
import socket
import struct
import tempfile
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path

from casier.engines.engine import Facts, NotReady, Socket
from casier.engines.rspamd.dkim import ensure_keys
from casier.engines.rspamd.spec import RspamdSpec, dkim_folder, spec_from
from casier.engines.running import own_folder, run_tool
from casier.engines.templates import render_template
from casier.kernel.instance import Instance, Port

TEMPLATES = Path(__file__).parent / "templates"
PROBE_SECONDS = 2.0
MAIN = "rspamd.conf"
_USER = "_rspamd"
# The milter protocol's first packet (SMFIC_OPTNEG): version 6, every action, no step left out.
_OPTNEG = struct.pack("!IcIII", 13, b"O", 6, 0x1FF, 0)


class Rspamd:
    """See `engines.engine.Engine`."""

    name = "rspamd"
    user = _USER

    def spec(self, instance: Instance, facts: Facts) -> RspamdSpec:
        """What the configuration is rendered from. Raises EngineError and InstanceError."""
        return spec_from(instance, facts)

    def render(self, spec: RspamdSpec, staging: Path) -> None:
        """Write the configuration. It holds keys, so that root and Rspamd alone may read it."""
        for template in sorted(TEMPLATES.rglob("*.j2")):
            name = template.relative_to(TEMPLATES).as_posix()
            render_template(TEMPLATES, name, staging / name.removesuffix(".j2"), mode=0o640, spec=spec)
        (staging / "lua").mkdir(parents=True, exist_ok=True)
        for rule in (TEMPLATES / "lua").glob("*.lua"):
            shutil.copyfile(rule, staging / "lua" / rule.name)
        _give_to_rspamd(staging)

    def check(self, staging: Path) -> list[str]:
        """Ask `rspamadm configtest`, which also loads the rules."""
        with tempfile.TemporaryDirectory() as scratch:  # the running Rspamd's databases are not its business
            (Path(scratch) / "db").mkdir()
            command = [
                "rspamadm",
                *variables(staging, Path(scratch)),
                "configtest",
                "-c",
                str(staging / MAIN),
            ]
            code, said = run_tool(command)
        faults = [line for line in said.splitlines() if _is_fault(line)]
        if code == 0 and "syntax OK" in said:
            return faults
        return faults or [f"rspamadm configtest ended with {code}: {said[-500:]}"]

    def prepare(self, instance: Instance) -> None:
        """Make the folders, and the signing key of each domain that has none."""
        root = instance.data / "rspamd"
        for folder in (root, root / "db", root / "tmp"):
            own_folder(folder, _USER)
        # Rspamd reads its keys; only root writes them.
        own_folder(dkim_folder(instance), "root", 0o750, group=_USER)
        ensure_keys(dkim_folder(instance), Facts.load(instance).domains)

    def command(self, instance: Instance) -> list[str]:
        """Rspamd in the foreground, its log on standard output."""
        config = instance.etc / "rspamd"
        return ["rspamd", "-f", "-c", str(config / MAIN), *variables(config, instance.data / "rspamd")]

    def probe(self, instance: Instance) -> None:
        """Shake hands as Postfix does, and ask the controller whether it runs."""
        _negotiate(instance.port(Port.RSPAMD_MILTER))
        _ping(instance.port(Port.RSPAMD_CONTROLLER))

    def reload(self, instance: Instance) -> None:  # noqa: ARG002 - the contract's signature
        """Always a restart: it is quick, and leaves no doubt which rules are in force."""
        raise NotReady("rspamd reads its configuration at a start only")

    def sockets(self) -> Sequence[Socket]:
        """None: Rspamd listens on TCP only."""
        return ()


def variables(config: Path, data: Path) -> list[str]:
    """Rspamd's own names for an instance's folders; the packaged configuration is read through them."""
    folders = {"LOCAL_CONFDIR": config, "DBDIR": data / "db", "RUNDIR": data / "db", "LOGDIR": data / "db"}
    return [f"--var={name}={path}" for name, path in folders.items()]


def _is_fault(line: str) -> bool:
    return any(word in line for word in ("error", "cannot", "invalid"))


def _give_to_rspamd(staging: Path) -> None:
    for path in [staging, *staging.rglob("*")]:
        shutil.chown(path, "root", _USER)
        path.chmod(0o750 if path.is_dir() else 0o640)


def _negotiate(port: int) -> None:
    try:
        with socket.create_connection(("127.0.0.1", port), PROBE_SECONDS) as connection:
            connection.settimeout(PROBE_SECONDS)
            connection.sendall(_OPTNEG)
            answer = connection.recv(5)
    except OSError as error:
        raise NotReady(f"the milter on port {port} does not answer: {error}") from error
    if answer[4:] != b"O":
        raise NotReady(f"the milter on port {port} answers {answer!r}")


def _ping(port: int) -> None:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/ping", timeout=PROBE_SECONDS) as answer:
            said = answer.read(100).strip()
    except (OSError, urllib.error.URLError) as error:
        raise NotReady(f"the controller on port {port} does not answer: {error}") from error
    if said != b"pong":
        raise NotReady(f"the controller on port {port} answers {said!r}")
