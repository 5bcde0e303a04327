"""What an idle instance holds in memory, part by part (PSS: what is shared is divided).

python bench/memory.py [INSTANCE]
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

CASIER = Path(__file__).resolve().parents[1] / "casier"
PYTHON_PARTS = {"edge", "relay", "web", "worker", "agent", "syslog", "supervisor"}


def pss_bytes(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)


def children() -> dict[int, list[int]]:
    tree: dict[int, list[int]] = defaultdict(list)
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            after_name = stat.read_text(errors="replace").rpartition(")")[2].split()
        except OSError:
            continue
        tree[int(after_name[1])].append(int(stat.parent.name))
    return tree


def whole(pid: int, tree: dict[int, list[int]]) -> int:
    """PSS of PID and all that it started."""
    return pss_bytes(pid) + sum(whole(child, tree) for child in tree[pid])


def main() -> None:
    instance = sys.argv[1] if len(sys.argv) > 1 else "/var/lib/casier"
    command = [str(CASIER), "status", "--json", "--instance", instance]
    status = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    tree = children()
    sizes = {part["name"]: whole(int(part["pid"]), tree) for part in status["parts"] if part.get("pid")}
    parents = {pid: parent for parent, pids in tree.items() for pid in pids}
    if sizes:
        supervisor = parents[int(next(p["pid"] for p in status["parts"] if p.get("pid")))]
        sizes["supervisor"] = pss_bytes(supervisor)
    for name, size in sorted(sizes.items(), key=lambda item: -item[1]):
        print(f"{name:12} {size / 1e6:7.1f} MB")
    print(f"{'Python parts':12} {sum(v for k, v in sizes.items() if k in PYTHON_PARTS) / 1e6:7.1f} MB")
    print(f"{'all':12} {sum(sizes.values()) / 1e6:7.1f} MB")


if __name__ == "__main__":
    main()
