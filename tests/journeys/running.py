"""A whole instance, as its owner sees it: started and driven by the command line only."""

from __future__ import annotations

import json
import os
import shutil
import ssl
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from casier.kernel.instance import Instance, Port
from free_ports import free_offset
from journeys.commands import CASIER, Commands

CHROMIUM = "/usr/bin/chromium"
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass
class RunningInstance:
    """What tests ask of an instance."""

    root: Path
    accounts: list[dict[str, Any]] = field(default_factory=list)
    clients: ExitStack = field(default_factory=ExitStack)  # closed with the instance

    @cached_property
    def layout(self) -> Instance:
        return Instance.load(self.root)

    def port(self, port: Port) -> int:
        return self.layout.port(port)

    @property
    def ca(self) -> Path:
        return self.layout.tls / "ca.pem"

    @property
    def tls(self) -> ssl.SSLContext:
        """A context of its own for each use: HTTP clients write their protocols (ALPN) into theirs."""
        return ssl.create_default_context(cafile=str(self.ca))

    def web_url(self, academy: str = "") -> str:
        host = f"{academy}.localhost" if academy else "localhost"
        return f"https://{host}:{self.port(Port.WEB)}"

    @cached_property
    def commands(self) -> Commands:
        made = Commands(self.root)
        self.clients.callback(made.close)
        return made

    def start(self, *options: str) -> None:
        """Start this instance again, as it was."""
        self.casier("start", "--detach", *options)

    def stop(self) -> None:
        self.casier("stop")

    def casier(self, *arguments: str, input: str | None = None, check: bool = True) -> str:
        """Run ./casier with ARGUMENTS on this instance; its standard output."""
        if arguments[0] in {"start", "stop"}:
            self.commands.close()  # they have read the program as it was
        done = self.commands.run(*arguments, input=input)
        if check and done.returncode:
            raise AssertionError(
                f"casier {' '.join(arguments)} exited {done.returncode}\n{done.stdout}\n{done.stderr}"
            )
        return done.stdout

    def json(self, *arguments: str, input: str | None = None) -> Any:
        return json.loads(self.casier(*arguments, "--json", input=input))

    def status(self) -> Any:
        return json.loads(self.casier("status", "--json", check=False))

    def parts(self) -> dict[str, dict[str, Any]]:
        """Each part by its name, as it answers now; no message is sent for that."""
        told = json.loads(self.casier("status", "--json", "--no-message", check=False))
        return {part["name"]: part for part in told["parts"]}

    def demo(self, **wanted: str) -> dict[str, Any]:
        """The first demo account whose fields are WANTED."""
        if not self.accounts:
            self.accounts = self.json("demo", "accounts")
        return next(a for a in self.accounts if all(a[key] == value for key, value in wanted.items()))

    def app_password(self, address: str, name: str = "test") -> str:
        made = self.json("app-password", "create", address, "--name", name, "--untold")
        password: str = made["password"]
        return password


@contextmanager
def closing_clients(running: RunningInstance) -> Iterator[RunningInstance]:
    with running.clients:
        yield running


@contextmanager
def started(*options: str, folder: Path | None = None) -> Iterator[RunningInstance]:
    """A new instance in FOLDER (a new one by default) on ports of its own, stopped and removed at the end.

    CASIER_TEST_INSTANCE names one that runs already: quicker while writing a test.
    """
    if ready := os.environ.get("CASIER_TEST_INSTANCE"):
        with closing_clients(RunningInstance(Path(ready))) as running:
            yield running
        return
    root = folder or Path(tempfile.mkdtemp(prefix="casier-t-", dir="/tmp"))
    root.chmod(0o755)
    command = [str(CASIER), "start", "--instance", str(root), "--port-offset", str(free_offset()), "--detach"]
    try:
        subprocess.run([*command, *options], check=True, timeout=600)
        with closing_clients(RunningInstance(root)) as running:
            yield running
    finally:
        subprocess.run([str(CASIER), "stop", "--instance", str(root)], check=False, timeout=120)
        if not os.environ.get("CASIER_TEST_KEEP"):
            shutil.rmtree(root, ignore_errors=True)
