"""What Redis is configured from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from casier.engines.engine import Facts
from casier.kernel.instance import Instance


@dataclass(frozen=True, slots=True)
class RedisSpec:
    """One Redis on Unix sockets only."""

    socket: Path
    folder: Path

    @classmethod
    def of(cls, instance: Instance, facts: Facts) -> RedisSpec:  # noqa: ARG003 - nothing depends on them yet
        return cls(instance.socket("redis", "casier", "redis.sock"), instance.data / "redis")
