"""What 1,000 open push streams hold in memory, and how long an event takes to all of them.

python bench/push_connections.py [--streams 1000] [--people 250]

Streams are opened as nginx opens them, on the relay's Unix socket; memory is the PSS of the relay's process.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import statistics
import time

from edge_alone import Alone, pss_bytes, running_alone

REQUEST = (
    "GET /events HTTP/1.1\r\nHost: rouen.localhost\r\nX-Casier-User: {key}\r\n"
    "X-Casier-Account: {account}\r\nX-Casier-Session: {digest}\r\n\r\n"
)


async def listen(path: str, request: bytes) -> asyncio.StreamReader:
    """Open one stream and read up to its `ready`."""
    reader, writer = await asyncio.open_unix_connection(path, limit=4096)
    writer.write(request)
    await reader.readuntil(b"event: ready\ndata: {}\n\n")
    reader.kept = writer  # type: ignore[attr-defined]
    return reader


def requests(cookies: list[str], streams: int) -> list[bytes]:
    """One request a stream, spread over the people."""
    found = []
    for number in range(streams):
        person = number % len(cookies)
        digest = hashlib.sha256(cookies[person].encode()).hexdigest()
        key = f"personne.{person}@ac-rouen.test"
        found.append(REQUEST.format(key=key, account=f"{person:032x}", digest=digest).encode())
    return found


async def measure(alone: Alone, streams: int, people: int) -> None:
    path = str(alone.instance.socket("relay", "nginx", "http.sock"))
    cookies = alone.people(people)
    before = pss_bytes(alone.pid("relay"))
    readers = [await listen(path, request) for request in requests(cookies, streams)]
    await asyncio.sleep(11)  # two looks at all sessions are in the figure
    after = pss_bytes(alone.pid("relay"))
    delays = []
    for person in range(min(50, people)):
        message = {"account": f"personne.{person}@ac-rouen.test", "type": "send", "id": "1", "state": "sent"}
        start = time.perf_counter()
        alone.store.publish("casier:push", json.dumps(message))
        await asyncio.gather(*(reader.readuntil(b"}\n\n") for reader in readers[person::people]))
        delays.append(time.perf_counter() - start)
    print(f"relay alone {before / 1e6:.1f} MB, with {streams} streams {after / 1e6:.1f} MB", end=" ")
    print(f"({(after - before) / streams / 1e3:.1f} kB a stream)")
    print(f"an event reaches a person's streams in {statistics.median(delays) * 1e3:.1f} ms")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--streams", type=int, default=1000)
    parser.add_argument("--people", type=int, default=250)
    options = parser.parse_args()
    with running_alone() as alone:
        asyncio.run(measure(alone, options.streams, options.people))


if __name__ == "__main__":
    main()
