"""One root for each Debian, made when it is first asked for, gone at the end of the run."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache

import pytest

from free_ports import free_offset
from roots.fresh_root import FreshRoot, fresh_root

RELEASES = ("bookworm", "trixie")
TOOLS = ("mmdebstrap", "unshare", "nsenter", "setpriv", "git")
TOLD: list[str] = []


@dataclass
class Started:
    """A root in which Casier was started once from nothing; SECONDS it took."""

    root: FreshRoot
    seconds: float


def tell(what: str, seconds: float) -> None:
    """Keep a figure for the closing lines, with the machine's load beside it."""
    TOLD.append(f"{what}: {seconds:.1f} s (load {os.getloadavg()[0]:.1f})")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for line in TOLD:
        terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def start_in() -> Iterator[Callable[[str], Started]]:
    """The started root of a release; both stay until the end, because one's instance moves to the other."""
    missing = [name for name in TOOLS if not shutil.which(name)]
    if os.geteuid() != 0 or missing:
        pytest.fail(f"Roots are made by root, with {', '.join(missing) or 'mmdebstrap'}.")
    with ExitStack() as stack:

        @cache
        def start(release: str) -> Started:
            root = stack.enter_context(fresh_root(release))
            assert root.processes() == []
            seconds, _ = root.timed("./casier", "start", "--detach", "--port-offset", str(free_offset()))
            tell(f"{release}: first start, from nothing", seconds)
            return Started(root, seconds)

        yield start


@pytest.fixture(scope="session", params=RELEASES)
def started(request: pytest.FixtureRequest, start_in: Callable[[str], Started]) -> Started:
    """Casier in a root of each release in turn."""
    return start_in(request.param)
