"""Find a port offset at which a whole instance can run beside anything else on this machine."""

from __future__ import annotations

import random
import socket

from casier.kernel.instance import Port

HIGHEST = 32_767 - max(Port)  # stay below the range that the kernel gives to outgoing connections


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_offset() -> int:
    """An offset whose every port is free now."""
    offsets = list(range(200, HIGHEST, 40))
    random.SystemRandom().shuffle(offsets)
    for offset in offsets:
        if all(is_free(port + offset) for port in Port):
            return offset
    raise RuntimeError("no free range of ports on this machine")
