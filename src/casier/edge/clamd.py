"""A file's way through clamd: streamed, so that no file has to be readable by anyone else.

Protocol `INSTREAM` (clamd(8)): chunks after their length in four bytes, a zero length at the end; one line
comes back.
"""

from __future__ import annotations

import asyncio
import struct
from collections.abc import AsyncIterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

ANSWER_SECONDS = 120.0
CONNECT_SECONDS = 5.0


class Finding(StrEnum):
    """What clamd says of a file."""

    CLEAN = "clean"
    VIRUS = "virus"
    NOT_SCANNABLE = "not_scannable"  # encrypted, nested too deep or too large for clamd's limits
    UNKNOWN = "unknown"  # clamd is down or in error: nothing is known


@dataclass(frozen=True, slots=True)
class Report:
    """A finding and clamd's word for it (a signature's name, an error)."""

    finding: Finding
    detail: str = ""


def read_answer(line: bytes) -> Report:
    """Understand clamd's line: `stream: OK`, `stream: Eicar-Test-Signature FOUND`, `… ERROR`.

    Signatures that begin with Heuristics.Limits or Heuristics.Encrypted mean that it could not look inside.
    """
    text = line.decode("utf-8", "replace").strip("\0\r\n ")
    name = text.removeprefix("stream: ").rpartition(" ")[0]
    if text == "stream: OK":
        return Report(Finding.CLEAN)
    if text.endswith(" FOUND"):
        closed = name.startswith(("Heuristics.Limits", "Heuristics.Encrypted"))
        return Report(Finding.NOT_SCANNABLE if closed else Finding.VIRUS, name)
    if "size limit exceeded" in text:
        return Report(Finding.NOT_SCANNABLE, text)
    return Report(Finding.UNKNOWN, text)


async def scan(chunks: AsyncIterator[bytes], socket: Path) -> Report:
    """Stream CHUNKS to clamd at SOCKET. Whatever goes wrong on the way is UNKNOWN, never clean."""
    try:
        async with asyncio.timeout(CONNECT_SECONDS):
            reader, writer = await asyncio.open_unix_connection(str(socket))
    except (OSError, TimeoutError) as error:
        return Report(Finding.UNKNOWN, type(error).__name__)
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            return read_answer(await _stream(chunks, reader, writer))
    except (OSError, TimeoutError) as error:
        return Report(Finding.UNKNOWN, type(error).__name__)
    finally:
        writer.close()


async def _stream(
    chunks: AsyncIterator[bytes], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> bytes:
    """Send everything, then read the answer. clamd may answer and hang up early, at its size limit."""
    writer.write(b"zINSTREAM\0")
    try:
        async for chunk in chunks:
            writer.write(struct.pack("!I", len(chunk)))
            writer.write(chunk)
            await writer.drain()
        writer.write(struct.pack("!I", 0))
        await writer.drain()
    except (BrokenPipeError, ConnectionResetError):
        pass
    return await reader.read(4096)
