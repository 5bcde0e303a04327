"""The edge and the relay with a Redis of their own in a throwaway folder: what the benchmarks measure."""

from __future__ import annotations

import hashlib
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import redis

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))
from casier.kernel import published
from casier.kernel.instance import Instance
from casier.kernel.published import AccountState, SessionState

SOURCE = Path(__file__).resolve().parents[1] / "src"
ORIGIN = "https://rouen.localhost:8443"
KEYS = ("session", "jwt", "token", "header", "app-password", "internal", "srs")
PAIRS = ("redis-casier", "edge-nginx", "edge-cyrus", "edge-postfix", "relay-nginx", "relay-cyrus")
TICK = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pid: int) -> float:
    """What PID has used of the processor so far."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def pss_bytes(pid: int) -> int:
    """The memory of PID; what is shared is divided among those who share it."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))


@dataclass
class Alone:
    """A running edge, relay and Redis."""

    instance: Instance
    store: redis.Redis
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def pid(self, name: str) -> int:
        return self.processes[name].pid

    def people(self, count: int) -> list[str]:
        """COUNT accounts, each signed in once; their cookies."""
        now, cookies = int(time.time()), []
        pipeline = self.store.pipeline(transaction=False)
        for number in range(count):
            account, key = f"{number:032x}", f"personne.{number}@ac-rouen.test"
            state = AccountState(account, key, "store1", "rouen", addresses=[key])
            session = SessionState(account, now, now + 43200, 1800, ORIGIN, data={"_language": "fr"})
            cookie = secrets.token_urlsafe(32)
            digest = hashlib.sha256(cookie.encode()).hexdigest()
            pipeline.set(published.account_key(account), state.dumps())
            pipeline.set(published.session_key(digest), session.dumps())
            cookies.append(cookie)
        pipeline.execute()
        return cookies


@contextmanager
def running_alone() -> Iterator[Alone]:
    """Start all three, end all three."""
    with tempfile.TemporaryDirectory(prefix="casier-bench-") as folder:
        root = Path(folder)
        for pair in PAIRS:
            (root / "run" / pair).mkdir(parents=True)
        (root / "secrets").mkdir()
        for name in KEYS:
            (root / "secrets" / f"{name}.key").write_text(secrets.token_hex(32), "ascii")
        (root / "instance.toml").write_text(f"port_offset = {_free_offset()}\n", "ascii")
        instance = Instance.load(root)
        path = instance.socket("redis", "casier", "redis.sock")
        store = redis.Redis(unix_socket_path=str(path))
        alone = Alone(instance, store)
        try:
            alone.processes["redis"] = _start(
                ["redis-server", "--port", "0", "--unixsocket", path, "--save", ""]
            )
            for name, module in (("edge", "casier.edge"), ("relay", "casier.edge.relay")):
                alone.processes[name] = _start([sys.executable, "-m", module], instance)
            for name in ("edge", "relay"):
                _wait(instance.socket(name, "nginx", "http.sock"))
            yield alone
        finally:
            store.close()
            for process in alone.processes.values():
                process.terminate()
                process.wait()


def _start(command: list[object], instance: Instance | None = None) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONPATH": str(SOURCE)}
    if instance:
        environment["CASIER_INSTANCE"] = str(instance.root)
    return subprocess.Popen(
        list(map(str, command)), env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def _wait(path: Path, seconds: float = 20) -> None:
    until = time.monotonic() + seconds
    while True:
        with socket.socket(socket.AF_UNIX) as probe:
            if probe.connect_ex(str(path)) == 0:
                return
        if time.monotonic() > until:
            raise SystemExit(f"{path} does not answer")
        time.sleep(0.05)


def _free_offset() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1]) - 18300
