"""What one session check costs: processor time of the edge's Python process, and time until the answer.

python bench/session_check.py [--rounds 9] [--checks 2000] [--together 8]

Requests are what nginx sends for a POST to /jmap/ by a signed-in browser, over kept connections on the Unix
socket. Each round measures the edge's own CPU from /proc; the median of the rounds is what counts; Redis's
own is shown apart.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import time
from itertools import cycle

from edge_alone import ORIGIN, Alone, cpu_seconds, running_alone

REQUEST = (
    "GET /check HTTP/1.1\r\nHost: rouen.localhost:8443\r\nCookie: __Host-casier={cookie}\r\n"
    f"Origin: {ORIGIN}\r\nContent-Type: application/json\r\nSec-Fetch-Site: same-origin\r\n"
    "X-Real-IP: 127.0.0.1\r\nX-Forwarded-Proto: https\r\nX-Casier-Kind: jmap\r\nX-Casier-Method: POST\r\n"
    "X-Casier-Length: 212\r\n{more}\r\n"
)


async def ask(path: str, cookies: list[str], checks: int, more: str = "") -> list[float]:
    """CHECKS requests one after another on one connection; the seconds of each."""
    reader, writer = await asyncio.open_unix_connection(path)
    taken = []
    names = cycle(cookies)
    for _ in range(checks):
        start = time.perf_counter()
        writer.write(REQUEST.format(cookie=next(names), more=more).encode())
        answer = await reader.readuntil(b"\r\n\r\n")
        taken.append(time.perf_counter() - start)
        if not answer.startswith(b"HTTP/1.1 200"):
            raise SystemExit(answer.decode())
    writer.close()
    return taken


async def one_round(
    alone: Alone, cookies: list[str], checks: int, together: int
) -> tuple[float, float, float, float]:
    """CPU of the edge and of Redis a check, median wall time of a check, checks a second."""
    path = str(alone.instance.socket("edge", "nginx", "http.sock"))
    before = cpu_seconds(alone.pid("edge")), cpu_seconds(alone.pid("redis"))
    start = time.perf_counter()
    share = len(cookies) // together
    work = (ask(path, cookies[n * share : (n + 1) * share], checks // together) for n in range(together))
    taken = [seconds for part in await asyncio.gather(*work) for seconds in part]
    wall = time.perf_counter() - start
    edge, store = cpu_seconds(alone.pid("edge")) - before[0], cpu_seconds(alone.pid("redis")) - before[1]
    return edge / len(taken), store / len(taken), statistics.median(taken), len(taken) / wall


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--checks", type=int, default=2000)
    parser.add_argument("--together", type=int, default=8)
    options = parser.parse_args()
    with running_alone() as alone:
        cookies = alone.people(200)
        for together in (1, options.together):
            rounds = [
                await one_round(alone, cookies, options.checks, together) for _ in range(options.rounds + 1)
            ][1:]  # the first warms up
            edge, store, wall, rate = (statistics.median(column) for column in zip(*rounds, strict=True))
            print(
                f"{together:2} at once: edge {edge * 1000:.3f} ms CPU a check "
                f"(Redis {store * 1000:.3f}), answered in {wall * 1000:.2f} ms, {rate:.0f} a second"
            )


if __name__ == "__main__":
    asyncio.run(main())
