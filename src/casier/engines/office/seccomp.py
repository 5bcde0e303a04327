"""What the kernel refuses to a conversion: a program for seccomp(2), for `bwrap --seccomp`.

A document needs files and memory. What it never needs is refused with EPERM, so that an error in LibreOffice
doesn't reach errors of the kernel's seldom used corners; sockets other than Unix's are refused as well.
"""

from __future__ import annotations

import platform
import struct
from dataclasses import dataclass

_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06  # BPF_LD|W|ABS, BPF_JEQ, BPF_JGE, BPF_RET
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16  # struct seccomp_data
_KILL, _REFUSE, _ALLOW = 0x80000000, 0x00050001, 0x7FFF0000
_AF_UNIX = 1
_X32 = 0x40000000


@dataclass(frozen=True, slots=True)
class _Machine:
    audit: int
    socket: int
    refused: tuple[int, ...]


# fmt: off
_MACHINES = {
    "x86_64": _Machine(0xC000003E, 41, (
        101, 103, 134, 139, 153, 154, 155, 156, 161, 163, 164, 165, 166, 167, 168, 169, 170, 171, 172, 173,
        174, 175, 176, 177, 178, 179, 180, 212, 227, 237, 238, 239, 246, 248, 249, 250, 256, 272, 278, 279,
        298, 303, 304, 305, 308, 310, 311, 312, 313, 320, 321, 323, 425, 426, 427, 428, 429, 430, 431, 432,
        433, 438, 440, 442,
    )),
    "aarch64": _Machine(0xC00000B7, 198, (
        18, 39, 40, 41, 42, 51, 58, 60, 89, 97, 104, 105, 106, 112, 116, 117, 142, 161, 162, 170, 171, 217,
        218, 219, 224, 225, 235, 236, 237, 238, 239, 241, 262, 264, 265, 266, 268, 270, 271, 272, 273, 280,
        282, 294, 425, 426, 427, 428, 429, 430, 431, 432, 433, 438, 440, 442,
    )),
}
# fmt: on


def program(machine: str = platform.machine()) -> bytes | None:
    """The filter for MACHINE; None where its numbers aren't known (the other walls stand)."""
    known = _MACHINES.get(machine)
    if known is None:
        return None
    refused = sorted(known.refused)
    steps = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_EQUAL, 1, 0, known.audit),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER),
    ]
    if machine == "x86_64":
        steps += [(_AT_LEAST, 0, 1, _X32), (_RETURN, 0, 0, _KILL)]
    steps += [step for number in refused for step in ((_EQUAL, 0, 1, number), (_RETURN, 0, 0, _REFUSE))]
    steps += [
        (_EQUAL, 0, 3, known.socket),
        (_LOAD, 0, 0, _FIRST_ARGUMENT),
        (_EQUAL, 1, 0, _AF_UNIX),
        (_RETURN, 0, 0, _REFUSE),
        (_RETURN, 0, 0, _ALLOW),
    ]
    return b"".join(struct.pack("=HBBI", *step) for step in steps)
