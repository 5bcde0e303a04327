"""How fast feeds are read, and in how much memory.

python bench/feed_reading.py [--people 60000] [--schools 3000] [--pupils 200000] [--folder DIR]

Makes an academy's complete AAF set (UTF-8, then ISO-8859-15 in a zip) and its CSV, and reads each in a
process of its own: records, seconds of processor, records a second, the most memory that it held. The
seconds of the clock are shown beside; on a busy machine they say little.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from collections import Counter
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]

from casier.feed.reading.aaf import AafReader
from casier.feed.reading.columns import propose
from casier.feed.reading.csv import CsvReader
from casier.feed.records import Reader
from feed_files import Academy, Form, Shape, write_complete, write_csv


def read(path: Path) -> None:
    """Read PATH and print what it took."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started, clock = time.process_time(), time.perf_counter()
    reader: Reader = CsvReader(path, propose(path).map) if path.suffix == ".csv" else AafReader([path])
    kinds = Counter(type(record).__name__ for record in reader.records())
    spent, passed = time.process_time() - started, time.perf_counter() - clock
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({"kinds": kinds, "cpu": spent, "clock": passed, "before": before, "most": most}))


def made(folder: Path, shape: Shape) -> list[Path]:
    """The feeds to read, made in FOLDER."""
    academy = Academy(shape)
    started = time.process_time()
    write_complete(academy, folder / "utf-8", date(2026, 9, 1))
    print(f"made in {time.process_time() - started:.0f} s of processor")
    latin = write_complete(academy, folder / "latin", date(2026, 9, 1), Form(encoding="iso-8859-15"))
    with zipfile.ZipFile(folder / "latin.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for path in latin:
            archive.write(path, path.name)
    return [folder / "utf-8", folder / "latin.zip", write_csv(academy, folder / "numen.csv")]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--people", type=int, default=60_000)
    options.add_argument("--schools", type=int, default=3_000)
    options.add_argument("--pupils", type=int, default=200_000)
    options.add_argument("--folder", type=Path)
    options.add_argument("--read", type=Path, help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.read:
        read(given.read)
        return
    with tempfile.TemporaryDirectory(dir=given.folder) as folder:
        for path in made(Path(folder), Shape(given.schools, given.people, given.pupils)):
            tell(path)


def tell(path: Path) -> None:
    files = path.rglob("*") if path.is_dir() else [path]
    size = sum(file.stat().st_size for file in files) / 1e6
    answer = subprocess.run(
        [sys.executable, __file__, "--read", str(path)], check=True, capture_output=True, text=True
    )
    told = json.loads(answer.stdout)
    records = sum(told["kinds"].values())
    print(
        f"{path.name}: {size:.0f} MB, {records} records ({told['kinds']}), {told['cpu']:.1f} s of processor, "
        f"{records / told['cpu']:.0f} records/s, clock {told['clock']:.1f} s, "
        f"memory {told['before'] // 1024} → {told['most'] // 1024} MB"
    )


if __name__ == "__main__":
    main()
