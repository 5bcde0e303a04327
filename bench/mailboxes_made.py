"""What making mailboxes costs: the store's road alone, no directory. On a running instance, as root.

    CASIER_INSTANCE=… PYTHONPATH=src python bench/mailboxes_made.py --count 500 [--connections 8] [--again]

Tells the rate by the clock and the processor's time a mailbox, of this process and of each part of the
instance. --again looks at the same mailboxes once more. Names begin with --name, so that a store can be grown
step by step.
"""

from __future__ import annotations

import argparse
import os
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from casier.edge.tokens import Tokens
from casier.engines.cyrus.store import Store
from casier.kernel.instance import Instance

DOMAIN = "ac-rouen.fr"
_TICK = os.sysconf("SC_CLK_TCK")
_PARTS = {
    "imapd": "cyrus", "cyrus-master": "cyrus", "master": "cyrus", "idled": "cyrus", "httpd": "cyrus",
    "squatter": "cyrus", "lmtpd": "cyrus", "redis-server": "redis",
}  # fmt: skip


def processor(instance: Path) -> Counter[str]:
    """Seconds of processor of each part of INSTANCE, those of processes that ended included."""
    found: Counter[str] = Counter()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = stat.read_text()
            words = (stat.parent / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            environ = (stat.parent / "environ").read_bytes().decode(errors="replace")
        except OSError:
            continue
        if str(instance) not in words and str(instance) not in environ:
            continue
        name = text[text.index("(") + 1 : text.rindex(")")]
        fields = text[text.rindex(")") + 2 :].split()
        ticks = sum(int(fields[at]) for at in (11, 12, 13, 14))
        found[_part(name, words)] += ticks / _TICK  # type: ignore[assignment]
    return found


def _part(name: str, words: str) -> str:
    if name in _PARTS:
        return _PARTS[name]
    for part in ("edge", "relay", "agent", "worker", "syslog", "supervise", "watch"):
        if part in words:
            return part
    return name


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--name", default="banc")
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--again", action="store_true")
    asked = parser.parse_args()
    instance = Instance.load()
    tokens = Tokens(instance.key("token"))
    store = Store.of(instance, lambda user: tokens.make(user, time.time()))
    numbers = range(asked.first, asked.first + asked.count)
    keys = [f"{asked.name}.{number}@{DOMAIN}" for number in numbers]
    measured(instance, asked.connections, keys, lambda key: store.ensure_mailbox(key, 2**30))
    if asked.again:
        measured(instance, asked.connections, keys, lambda key: store.ensure_mailbox(key, 2**30))
    store.close()


def measured(instance: Instance, connections: int, keys: list[str], work: Callable[[str], None]) -> None:
    before, own, began = processor(instance.root), time.process_time(), time.monotonic()
    with ThreadPoolExecutor(connections) as pool:
        for _one in pool.map(work, keys):
            pass
    took, mine = time.monotonic() - began, time.process_time() - own
    spent = processor(instance.root)
    parts = {name: spent[name] - before[name] for name in spent if spent[name] - before[name] > 0.05}
    total = mine + sum(parts.values())
    told = ", ".join(f"{name} {1000 * value / len(keys):.1f}" for name, value in sorted(parts.items()))
    each = 1000 / len(keys)
    told = f"this process {each * mine:.1f}, {told}"
    print(
        f"{len(keys)} in {took:.1f} s: {len(keys) / took:.1f}/s; ms of CPU each: {each * total:.1f} ({told})"
    )


if __name__ == "__main__":
    main()
