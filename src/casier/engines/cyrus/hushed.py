"""What the kernel drops of what Cyrus says, before anybody is woken: the line of each request by the web.

nginx's log has told of the request already, with the account. This is a socket filter of the kernel's classic
kind (BPF): each instruction is an operation, a constant, and where to go on if so and if not.
"""

from __future__ import annotations

import contextlib
import ctypes
import socket
import struct
from collections.abc import Iterator

_SO_ATTACH_FILTER = 26  # Linux's; Python doesn't name it
_LENGTH, _WORD, _WORD_BY_INDEX, _BYTE_BY_INDEX, _SET_INDEX = 0x80, 0x20, 0x40, 0x50, 0x01
_EQUAL, _AT_LEAST, _GIVE = 0x15, 0x35, 0x06
_WHOLE = 0xFFFFFFFF
# Where a jump leads: to what comes next, or to a place with a name.
_NEXT, _SAID, _KEEP, _DROP = "", "said", "keep", "drop"
Step = tuple[int, int, str, str]

# <21>Mar  2 09:00:00 casier/http[12345]: login: [unix socket] a@b.fr Bearer User logged in
_PRIORITY, _PROGRAM, _LOGIN = b"<21>", b"casier/http[", b": login: [unix s"
_PROGRAM_AT, _PID_AT, _PID_DIGITS = 20, 32, 7
# A load beyond a datagram's end would drop it.
_SHORTEST = _PID_AT + _PID_DIGITS + 1 + len(_LOGIN)


def hush(server: socket.socket) -> None:
    """Have the kernel drop the web's logins on their way to SERVER. Where it can't, they come too."""
    program = instructions()
    held = ctypes.create_string_buffer(program)
    description = struct.pack("HP", len(program) // 8, ctypes.addressof(held))
    with contextlib.suppress(OSError):
        server.setsockopt(socket.SOL_SOCKET, _SO_ATTACH_FILTER, description)


def instructions() -> bytes:
    """The filter as the kernel reads it."""
    steps: list[Step] = [(_LENGTH, 0, _NEXT, _NEXT), (_AT_LEAST, _SHORTEST, _NEXT, _KEEP)]
    steps += [*_same(_WORD, 0, _PRIORITY), *_same(_WORD, _PROGRAM_AT, _PROGRAM)]
    for digits in range(1, _PID_DIGITS + 1):
        steps += [(_SET_INDEX, digits, _NEXT, _NEXT), (_BYTE_BY_INDEX, _PID_AT, _NEXT, _NEXT)]
        steps += [(_EQUAL, ord("]"), _SAID, _NEXT if digits < _PID_DIGITS else _KEEP)]
    said = len(steps)
    steps += _same(_WORD_BY_INDEX, _PID_AT + 1, _LOGIN)
    places = {_SAID: said, _DROP: len(steps), _KEEP: len(steps) + 1}
    steps += [(_GIVE, 0, _NEXT, _NEXT), (_GIVE, _WHOLE, _NEXT, _NEXT)]
    return b"".join(_packed(at, step, places) for at, step in enumerate(steps))


def _same(load: int, place: int, text: bytes) -> Iterator[Step]:
    """Go on where TEXT, of whole words of four bytes, stands at PLACE."""
    for start in range(0, len(text), 4):
        yield load, place + start, _NEXT, _NEXT
        yield _EQUAL, int.from_bytes(text[start : start + 4], "big"), _NEXT, _KEEP


def _packed(at: int, step: Step, places: dict[str, int]) -> bytes:
    operation, constant, yes, no = step
    jumps = (0 if to == _NEXT else places[to] - at - 1 for to in (yes, no))
    return struct.pack("HBBI", operation, *jumps, constant)
