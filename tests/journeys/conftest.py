"""One demo instance for all journeys, and a browser that trusts its certificate."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from engine_logs import Watch, watched
from journeys.doors import open_wide
from journeys.running import CHROMIUM, CHROMIUM_ARGUMENTS, RunningInstance, started


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
