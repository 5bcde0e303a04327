"""`./casier test`: every check of the project, stage by stage.

Each stage is one command line, so that what fails can be run again alone. A missing binary fails its stage:
a check that was skipped proves nothing.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
BIN = Path(sys.executable).parent
COUNTS = re.compile(r"(\d+) (passed|failed|error)")


@dataclass(frozen=True, slots=True)
class Stage:
    """A name to choose it by, what it is for, and what runs it; the runner returns True when all is well."""

    name: str
    purpose: str
    run: Callable[[list[str]], bool]
    default: bool = True


class Tally:
    """Tests counted over all stages, from the runners' own closing lines."""

    passed = 0
    failed = 0

    def read(self, line: str) -> None:
        for number, outcome in COUNTS.findall(line):
            if outcome == "passed":
                self.passed += int(number)
            else:
                self.failed += int(number)


TALLY = Tally()

# The last words of what failed, said again at the very end: a long record is often kept in part only.
LAST_WORDS = 30
WIDEST = 300
ENDED_BADLY: list[list[str]] = []


def run(command: list[str], cwd: Path = ROOT, env: dict[str, str] | None = None) -> bool:
    """Run COMMAND, show its output as it comes; True when it exits with 0."""
    print(f"  $ {' '.join(command)}", flush=True)
    process = subprocess.Popen(
        command,
        cwd=cwd,
        env={**os.environ, **(env or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    last = ""
    words: deque[str] = deque(maxlen=LAST_WORDS)
    with ended_with_us(process):
        for line in process.stdout or ():
            print(line, end="", flush=True)
            words.append(line.rstrip()[:WIDEST])
            if COUNTS.search(line):
                last = line
    TALLY.read(last)
    if process.wait() == 0:
        return True
    ENDED_BADLY.append([f"$ {' '.join(command)}", *words])
    return False


@contextmanager
def ended_with_us(process: subprocess.Popen[str]) -> Iterator[None]:
    """Wait until an interrupted PROCESS has tidied up. Ctrl-C reaches it by itself, other ends through us."""
    try:
        yield
    except BaseException as end:
        if not isinstance(end, KeyboardInterrupt):
            process.send_signal(signal.SIGINT)
        process.wait()
        raise


def pytest(*arguments: str, env: dict[str, str] | None = None) -> bool:
    # a short folder: sockets are made in it, whose paths must stay below 108 bytes
    own = ["--basetemp", f"{tempfile.gettempdir()}/p"]
    return run([str(BIN / "python"), "-m", "pytest", "-q", *own, *arguments], env=env)


def npm(*arguments: str) -> bool:
    """Run the npm of the project's own environment."""
    path = f"{BIN}{os.pathsep}{os.environ['PATH']}"
    return run(["npm", "--silent", *arguments], cwd=ROOT / "web", env={"PATH": path})


def lint(_: list[str]) -> bool:
    python = ["src", "tests", "bench"]
    return all(
        [
            run([str(BIN / "ruff"), "check", *python]),
            run([str(BIN / "ruff"), "format", "--check", *python]),
            run([str(BIN / "lint-imports")]),
            run([str(BIN / "mypy")]),
        ]
    )


def web(_: list[str]) -> bool:
    if not (ROOT / "web/node_modules/.package-lock.json").exists() and not npm("ci"):
        return False
    return all([npm("run", "typecheck"), npm("run", "lint"), npm("test"), npm("run", "build")])


def unit(extra: list[str]) -> bool:
    return pytest("-n", "2", "tests/unit", "tests/contract", *extra)


def postgresql(extra: list[str]) -> bool:
    with private_postgresql() as url:
        where = {"CASIER_TEST_DATABASE_URL": url}
        # Provisioning starts a store, whose checker can't read this user's folder: `engines` has it.
        apart = "--ignore=tests/engines/test_provision.py"
        return on_real_daemons(
            ["tests/unit", "tests/engines", apart, "-m", "django_db", *extra],
            where,
            SIDE_BY_SIDE,
        )


# Two at a time, each file in one process: it shares its daemons.
SIDE_BY_SIDE = ("-n", "2", "--dist", "loadfile")


def on_real_daemons(what: list[str], env: dict[str, str] | None = None, how: tuple[str, ...] = ()) -> bool:
    """Tests with many processes and clocks: what fails is tried once more, alone, and said to be unsteady."""
    before = TALLY.failed
    if pytest(*how, *what, env=env):
        return True
    print("  Once more, what failed:", flush=True)
    failed, TALLY.failed = TALLY.failed, before
    if pytest(*what, "--last-failed", "--last-failed-no-failures", "none", env=env):
        print(f"  UNSTEADY: {failed - before} failed first and passed alone; see above.", flush=True)
        return True
    return False


def engines(extra: list[str]) -> bool:
    return on_real_daemons(["tests/engines", *extra], how=SIDE_BY_SIDE)


def journeys(extra: list[str]) -> bool:
    # Each process has an instance of its own. The order is that of the collection: the longest first.
    return on_real_daemons(["tests/journeys", *extra], how=(*SIDE_BY_SIDE, "--no-loadscope-reorder"))


def roots(extra: list[str]) -> bool:
    """Everything is made by root: file systems, mounts, namespaces of processes."""
    if os.geteuid() != 0:
        print("  Roots of Debian can only be made by root.", flush=True)
        return False
    if run(["git", "diff", "--quiet", "HEAD"]) is False:
        print("  What isn't committed is not in the roots.", flush=True)
    return pytest("tests/roots", "-vv", *extra)


STAGES = (
    Stage("lint", "style, import rules, types", lint),
    Stage("web", "the web client: types, lint, tests, build and its weight", web),
    Stage("unit", "rules, codecs and rendered configurations, on SQLite", unit),
    Stage("postgresql", "what touches the database, on PostgreSQL", postgresql),
    Stage("engines", "real daemons in private folders", engines),
    Stage("journeys", "a whole instance, real clients, a real browser", journeys),
    Stage("roots", "from nothing on fresh Debian 12 and 13, and from 12 to 13", roots, default=False),
)


@contextmanager
def private_postgresql() -> Iterator[str]:
    """A throw-away PostgreSQL cluster on a Unix socket; yields its URL."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        raise SystemExit("PostgreSQL is missing: apt-get install postgresql")
    bin_dir = found[-1].parent
    folder = Path(tempfile.mkdtemp(prefix="casier-pg-"))
    shutil.chown(folder, "postgres", "postgres")
    # Tests empty what they have filled: nothing is worth tidying up, or kept for after a power cut.
    options = f"-k {folder} -c listen_addresses= -c fsync=off -c full_page_writes=off -c autovacuum=off"

    def as_postgres(program: str, *arguments: str, check: bool = True) -> None:
        command = ["runuser", "-u", "postgres", "--", str(bin_dir / program), "-D", f"{folder}/data"]
        subprocess.run([*command, *arguments], cwd="/", check=check, stdout=subprocess.DEVNULL)

    try:
        as_postgres("initdb", "-A", "trust")
        as_postgres("pg_ctl", "-o", options, "-l", f"{folder}/log", "-w", "start")
        yield f"postgresql://postgres@/postgres?host={folder}"
    finally:
        as_postgres("pg_ctl", "-m", "immediate", "stop", check=False)
        shutil.rmtree(folder, ignore_errors=True)


def main(arguments: list[str]) -> int:
    """Run the stages named in ARGUMENTS (by default all that need nothing but this machine's packages).

    What follows `--` goes to pytest.
    """
    cut = arguments.index("--") if "--" in arguments else len(arguments)
    wanted, extra = arguments[:cut], arguments[cut + 1 :]
    unknown = set(wanted) - {stage.name for stage in STAGES}
    if unknown:
        print(f"No stage {', '.join(sorted(unknown))}. Stages: {', '.join(s.name for s in STAGES)}.")
        return 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with private_temporary_folder():
        failed = run_stages(wanted, extra)
    for words in ENDED_BADLY if failed else ():
        print("\n" + "\n  ".join(words))
    print(f"\n{'Failed: ' + ', '.join(failed) if failed else 'Everything passed.'}")
    print(f"{TALLY.passed} passed, {max(TALLY.failed, len(failed))} failed", flush=True)
    return 1 if failed else 0


@contextmanager
def private_temporary_folder() -> Iterator[None]:
    """Let everything that is run below make its temporary files in one folder, and remove that.

    Open to all users like the machine's own, because engines that tests start inherit the variable.
    """
    with tempfile.TemporaryDirectory(prefix="casier-test-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o1777)
        os.environ["TMPDIR"] = folder
        tempfile.tempdir = None  # asked anew
        yield


def run_stages(wanted: list[str], extra: list[str]) -> list[str]:
    """Run the stages WANTED, or those of every day; the names of those that failed."""
    failed = []
    for stage in STAGES:
        if stage.name not in wanted if wanted else not stage.default:
            continue
        print(f"\n== {stage.name}: {stage.purpose}", flush=True)
        started = time.monotonic()
        if not stage.run(extra):
            failed.append(stage.name)
        outcome = "FAILED" if failed and failed[-1] == stage.name else "ok"
        print(f"== {stage.name}: {outcome} in {time.monotonic() - started:.0f} s", flush=True)
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
