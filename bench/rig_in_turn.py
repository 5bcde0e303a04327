"""Roundcube and Casier at the same time, an operation of one after an operation of the other.

    CASIER_RIG_INSTANCE=/tmp/casier-rig PYTHONPATH=RIG:bench python3 bench/rig_in_turn.py [OPERATION…]

RIG is the folder of the webmail cost rig, which has been run before (its mail is loaded). Both stacks run;
each round does an operation some times on one, then on the other, and adds up the CPU of all processes of
each. What else the machine does, and how fast its cores happen to be, falls on both alike: the ratios are
steadier than those of two runs one after the other, which stand in docs/develop/costs.md as well. Prints
medians over the rounds, in ms of CPU as the kernel counts it. The scanners are shown (`filter`) but not
counted; `scan`, after `send`, is what handing the uploaded file to them costs beside, within `send`.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import socket
import statistics
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import peers
import rig_target
import targets

import bench

ROUNDS, EACH, WARM = int(os.environ.get("ROUNDS", "15")), int(os.environ.get("EACH", "4")), 12
NOT_COUNTED = {"mta", "filter"}
USERS = ["bench", "dest", *(f"u{number:02d}" for number in range(1, 51))]
Operation = Callable[[Any, int], object]


def operations(manifest: dict[str, Any]) -> dict[str, tuple[Operation, Operation]]:
    """What Roundcube does and what Casier does for the same."""
    read = [message for message in manifest["messages"] if message["seen"]]
    pick = [str(message["i"]) for message in random.Random(3).sample(read, 400)]
    headers, bodies = list(manifest["header_queries"]), list(manifest["body_queries"])
    file = random.Random(99).randbytes(1 << 20)

    def whole(session: Any, _number: int) -> None:
        session.t.whole = True
        session.list_page(1)
        session.t.whole = False

    def send(session: Any, number: int) -> None:
        session.send(f"dest@{peers.DOMAIN}", f"Rapport {number}", "Bonjour", f"r{number}.pdf", file)

    def first(session: Any, _number: int) -> None:
        session.list_page(1)

    same: dict[str, Operation] = {
        "page": first,
        "next": lambda session, _: session.list_page(2),
        "open": lambda session, number: session.open(pick[number % 400]),
        "header": lambda session, number: session.search("header", headers[number % len(headers)]),
        "body": lambda session, number: session.search("body", bodies[number % len(bodies)]),
        "mark": lambda session, number: session.mark(pick[number % 400], number // 400 % 2 == 1),
        "send": send,
    }
    return {"whole": (first, whole), **{name: (one, one) for name, one in same.items()}}


class Side:
    """One webmail: its servers, a session, and what its operations cost."""

    def __init__(self, target: Any) -> None:
        self.stack = target.stack()
        self.stack.start()
        target.ready(USERS)
        self.session = target.session("bench")
        self.session.login()
        self.rows: list[dict[str, float]] = []

    def measure(self, operation: Operation, start: int, count: int, *, settle: bool) -> None:
        """Do OPERATION COUNT times and note the CPU of one."""
        before = self.stack.cpu()
        for number in range(start, start + count):
            operation(self.session, number)
        if settle:
            bench.settle(self.stack)
        after = self.stack.cpu()
        self.rows.append({group: 1000 * (after[group] - before[group]) / count for group in after})

    def costs(self) -> list[float]:
        """What counts, round by round."""
        return [sum(ms for group, ms in row.items() if group not in NOT_COUNTED) for row in self.rows]

    def told(self) -> str:
        groups = {group: statistics.median(row[group] for row in self.rows) for group in self.rows[0]}
        parts = ", ".join(f"{group} {ms:.1f}" for group, ms in groups.items() if group != "mta")
        return f"{statistics.median(self.costs()):.1f} ms ({parts})"


def compare(name: str, pair: tuple[Operation, Operation], sides: tuple[Side, Side]) -> None:
    """Both sides in turn, and the line that tells of it."""
    for side, operation in zip(sides, pair, strict=True):
        side.rows.clear()
        for number in range(WARM):
            operation(side.session, number)
    for turn in range(ROUNDS):
        for side, operation in zip(sides, pair, strict=True):
            side.measure(operation, WARM + turn * EACH, EACH, settle=name == "send")
    theirs, ours = (side.costs() for side in sides)
    ratio = statistics.median(our / their for their, our in zip(theirs, ours, strict=True))
    print(f"{name:7s} {ratio:.2f}   Roundcube {sides[0].told()}   Casier {sides[1].told()}", flush=True)


class _Local(http.client.HTTPConnection):
    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(str(rig_target.ROOT / "run" / "edge-nginx" / "http.sock"))


def handing_to_scanner(side: Side) -> None:
    """What an upload's scan costs outside the scanners: the same file to the edge, which has it scanned."""
    file = random.Random(98).randbytes(1 << 20)
    headers = {"X-Casier-Kind": "upload", "X-Casier-Limit": str(2 << 20)}

    def scan(_session: Any, _number: int) -> None:
        edge = _Local("edge")
        edge.request("POST", "/jmap/upload/", file, headers)
        answer = edge.getresponse()
        assert answer.status == http.HTTPStatus.OK, answer.status
        assert answer.headers["X-Accel-Redirect"], "not scanned"
        edge.close()

    side.rows.clear()
    for turn in range(ROUNDS):
        side.measure(scan, turn * EACH, EACH, settle=False)
    print(f"scan            Casier {side.told()}", flush=True)


def main() -> None:
    corpus = Path(peers.TOP) / "corpus" / "5000"
    manifest = json.loads((corpus / "manifest.json").read_text())
    pair = (targets.Roundcube(), rig_target.Casier())
    for target in pair:
        target.users = USERS
    pair[1].load(str(corpus), manifest, USERS, 200)
    sides: list[Side] = []
    try:
        for target in pair:
            sides.append(Side(target))
        for name, both in operations(manifest).items():
            if not sys.argv[1:] or name in sys.argv[1:]:
                compare(name, both, (sides[0], sides[1]))
        if not sys.argv[1:] or "send" in sys.argv[1:]:
            handing_to_scanner(sides[1])
    finally:
        for side in sides:
            side.stack.stop()


if __name__ == "__main__":
    main()
