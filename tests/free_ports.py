"""Find a port offset at which a whole instance can run beside anything else on this machine."""

from __future__ import annotations

import random
import socket

from casier.kernel.instance import Port

HIGHEST = 32_767 - max(Port)  # stay below the range that the kernel gives to outgoing connections
# No two ports of an instance lie a multiple of this apart: two offsets never have one in common.
STEP = 42
# What this process has taken, until it ends. An instance binds its ports long after they were looked for.
_TAKEN: list[socket.socket] = []
_MOST_TAKEN = 40
# Without a file: it goes with the process.
_NAME = "\0casier-test-{}"


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def is_taken(offset: int) -> bool:
    """Take OFFSET for this process, unless some process has it."""
    name = socket.socket(socket.AF_UNIX)
    try:
        name.bind(_NAME.format(offset))
    except OSError:
        name.close()
        return True
    _TAKEN.append(name)
    if len(_TAKEN) > _MOST_TAKEN:
        _TAKEN.pop(0).close()
    return False


def free_offset() -> int:
    """An offset whose every port is free now, and that no other process of tests has taken."""
    offsets = list(range(210, HIGHEST, STEP))
    random.SystemRandom().shuffle(offsets)
    for offset in offsets:
        if all(is_free(port + offset) for port in Port) and not is_taken(offset):
            return offset
    raise RuntimeError("no free range of ports on this machine")
