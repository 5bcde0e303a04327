"""One demo instance for all journeys, and a browser that trusts its certificate."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from engine_logs import Watch, watched
from journeys import pages
from journeys.doors import open_wide
from journeys.pages import BrowserOf
from journeys.running import CHROMIUM, CHROMIUM_ARGUMENTS, RunningInstance, started
from journeys.turns import turn

HERE = Path(__file__).parent

# Of two processes that take files one after the other, none shall end minutes after the other.
LONGEST = (
    "test_every_screen.py",
    "test_survival.py",
    "test_launcher.py",
    "test_sending_survival.py",
)
# The first journey of a process waits for its instance, and all of them for each other's work.
PATIENCE = 600


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "alone: judges by the clock, so no other journey goes on meanwhile")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first, the others as they were."""
    rank = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: rank.get(item.path.name, len(LONGEST)))
    for item in items:
        if item.path.parent == HERE and item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(PATIENCE))


@pytest.fixture(autouse=True)
def _by_turns(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Journeys of several processes go on side by side, but for those that are to be alone."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        yield
        return
    of_all = tmp_path_factory.getbasetemp().parent
    with turn(of_all, alone=request.node.get_closest_marker("alone") is not None):
        yield


@pytest.fixture(scope="session")
def instance() -> Iterator[RunningInstance]:
    """The demo instance: four academies, twenty people, three thousand messages; its doors stand wide."""
    with started() as running:
        open_wide(running)
        yield running


@pytest.fixture(scope="session")
def playwright() -> Iterator[Any]:
    """What drives browsers: once only, a second one doesn't start beside it."""
    from playwright.sync_api import expect, sync_playwright

    # A busy machine isn't a fault, and one journey alone waits as long as all of them.
    expect.set_options(timeout=15_000)
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def chromium(playwright: Any) -> Iterator[Any]:
    """Debian's Chromium, driven by Playwright."""
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS)
    yield browser
    browser.close()


@pytest.fixture
def new_context(chromium: Any) -> Iterator[Callable[[], Any]]:
    """Makes browsers of French people at a desk, one for each visit; they are closed with the test."""
    with ExitStack() as made:

        def new() -> Any:
            context = chromium.new_context(
                viewport={"width": 1440, "height": 900},
                locale="fr-FR",
                timezone_id="Europe/Paris",
                ignore_https_errors=True,
            )
            made.callback(context.close)
            return context

        yield new


@pytest.fixture
def browser_of(instance: RunningInstance, chromium: Any) -> Iterator[BrowserOf]:
    """Makes browsers of demo people who have come in (`pages.browser_of`); they are closed with the test."""
    with ExitStack() as made:

        def come_in(address: str, there: str = "/compte/", **setup: Any) -> Any:
            page = pages.browser_of(instance, chromium, address, there, **setup)
            made.callback(page.context.close)
            return page

        yield come_in


@pytest.fixture(autouse=True, scope="session")
def _quiet_clients() -> None:
    """Journeys fail with what the platform said, not with a line for each request."""
    logging.getLogger("httpx").setLevel(logging.WARNING)


@pytest.fixture
def quiet_engines(instance: RunningInstance) -> Iterator[Watch]:
    """An error line that nobody expects, in any engine's log, fails the test (`engine_logs.py`)."""
    watch = watched(instance.layout)
    yield watch
    assert watch.unexpected() == []
