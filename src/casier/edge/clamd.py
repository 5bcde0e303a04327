"""A file's way through clamd: streamed, so that no file has to be readable by anyone else.

Protocol `INSTREAM` (clamd(8)): chunks after their length in four bytes, a zero length at the end; one line
comes back.
"""

from __future__ import annotations

import asyncio
import struct
from collections.abc import AsyncIterator
from pathlib import Path

from casier.engines.clamav.clamd import Finding, Report, read_answer

ANSWER_SECONDS = 120.0
CONNECT_SECONDS = 5.0


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
