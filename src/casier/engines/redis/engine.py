"""Redis as a part."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from casier.engines.engine import Facts, NotReady, Socket
from casier.engines.probing import expect, unix
from casier.engines.redis.spec import RedisSpec
from casier.engines.running import own_folder
from casier.engines.templates import render_template
from casier.kernel.instance import Instance

TEMPLATES = Path(__file__).parent / "templates"


class Redis:
    """Follows `casier.engines.engine.Engine`."""

    name = "redis"
    user = "redis"

    def spec(self, instance: Instance, facts: Facts) -> RedisSpec:
        return RedisSpec.of(instance, facts)

    def render(self, spec: RedisSpec, staging: Path) -> None:
        render_template(TEMPLATES, "redis.conf.j2", staging / "redis.conf", spec=spec)

    def check(self, staging: Path) -> list[str]:
        """Redis has no checker; a line without a value is what a template can get wrong."""
        lines = (staging / "redis.conf").read_text("utf-8").splitlines()
        return [
            f"no value: {line}" for line in lines if line and not line.startswith("#") and " " not in line
        ]

    def prepare(self, instance: Instance) -> None:
        own_folder(instance.data / "redis", self.user, 0o750)

    def command(self, instance: Instance) -> list[str]:
        return ["/usr/bin/redis-server", str(instance.etc / "redis" / "redis.conf")]

    def probe(self, instance: Instance) -> None:
        """PING is refused with -LOADING until the data are read back."""
        path = instance.socket("redis", "casier", "redis.sock")
        expect("redis", unix(path), b"+PONG", b"PING\r\n")

    def reload(self, instance: Instance) -> None:  # noqa: ARG002 - the contract's signature
        raise NotReady("redis reads its configuration at a start only")

    def sockets(self) -> Sequence[Socket]:
        return (Socket("redis", "casier", "redis", "casier"),)
