"""Postfix as a part of the platform."""

from __future__ import annotations

import smtplib
import subprocess
from collections.abc import Sequence
from pathlib import Path

from casier.engines.engine import Facts, NotReady, Socket
from casier.engines.postfix.queue import QueuedMessage, flush_queue, read_queue
from casier.engines.postfix.spec import PostfixSpec, Road, spec_from
from casier.engines.running import own_folder, run_tool
from casier.engines.templates import render_template
from casier.kernel.instance import Instance, Port

TEMPLATES = Path(__file__).parent / "templates"
# Sample lines that each table must take: a typing error in a table shows only when it is asked.
_TABLES = {"strip_all": "X-Casier-Login: a", "strip_but_login": "X-Casier-Else: a", "lmtp_status": "5.1.1 no"}
PROBE_SECONDS = 2.0


class Postfix:
    """See `engines.engine.Engine`."""

    name = "postfix"
    user = "root"  # its master binds port 25 and drops each process to `postfix`

    def spec(self, instance: Instance, facts: Facts) -> PostfixSpec:
        """What the configuration is rendered from. Raises EngineError on a wrong setting."""
        return spec_from(instance, facts)

    def render(self, spec: PostfixSpec, staging: Path) -> None:
        """Write the configuration, readable by all (it holds no secret) and writable by root alone."""
        roads = {road.name: road.seen_by_milter(spec.hostname) for road in Road}
        for template in sorted(TEMPLATES.rglob("*.j2")):
            name = template.relative_to(TEMPLATES).as_posix()
            target = staging / name.removesuffix(".j2")
            render_template(TEMPLATES, name, target, spec=spec, roads=roads)

    def check(self, staging: Path) -> list[str]:
        """Ask Postfix's own tools. An unused or misspelt parameter is a fault: it would do nothing."""
        faults = _complaints(["postconf", "-c", str(staging), "-n"])
        faults += _complaints(["postconf", "-c", str(staging), "-Mf"])
        faults += _complaints(["postconf", "-c", str(staging), "-P"])
        faults += _complaints(["postconf", "-c", str(staging), "-b", str(staging / "bounce.cf")])
        for table, line in _TABLES.items():
            command = ["postmap", "-c", str(staging), "-q", line, f"regexp:{staging / table}"]
            faults += _complaints(command)
        return faults

    def prepare(self, instance: Instance) -> None:
        """Make the queue's folder; Postfix makes those inside it when it starts."""
        root = instance.data / "postfix"
        own_folder(root, "root", 0o755)
        own_folder(root / "queue", "root", 0o755)
        own_folder(root / "lib", "postfix", 0o755)

    def command(self, instance: Instance) -> list[str]:
        """Postfix's master itself in the foreground, its log on standard output.

        `postfix start-fg` would put a shell in between, which dies of SIGTERM and leaves the master behind.
        """
        etc = instance.etc / "postfix"
        start = 'postfix -c "$0" check && exec "$(postconf -c "$0" -h daemon_directory)/master" -c "$0" -s'
        return ["/bin/sh", "-c", start, str(etc)]

    def probe(self, instance: Instance) -> None:
        """Greet the public port and the one behind nginx."""
        for port in (Port.SMTP, Port.POSTFIX_CLIENTS):
            _greet(instance.port(port))

    def reload(self, instance: Instance) -> None:
        """Read the new configuration; mail under way is finished with the old one."""
        code, said = run_tool(["postfix", "-c", str(instance.etc / "postfix"), "reload"])
        if code:
            raise NotReady(f"postfix reload: {said}")

    def sockets(self) -> Sequence[Socket]:
        """None: Postfix listens on TCP only."""
        return ()


def queue(instance: Instance) -> list[QueuedMessage]:
    """What waits in the queue, oldest first. Raises NotReady when Postfix can't say."""
    return read_queue(instance.etc / "postfix")


def flush(instance: Instance) -> None:
    """Try everything that waits in the queue again, now. Raises NotReady."""
    flush_queue(instance.data / "postfix" / "queue")


def _greet(port: int) -> None:
    try:
        with smtplib.SMTP("127.0.0.1", port, timeout=PROBE_SECONDS) as connection:
            connection.noop()
    except (OSError, smtplib.SMTPException) as error:
        raise NotReady(f"port {port} does not greet: {error}") from error


def _complaints(command: list[str]) -> list[str]:
    """What COMMAND says on standard error; a failure without words is named too."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)
    lines = [line for line in done.stderr.splitlines() if line.strip()]
    if done.returncode and not lines:
        lines = [f"{' '.join(command)} ended with {done.returncode}"]
    return lines
