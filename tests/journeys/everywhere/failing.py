"""Each screen while the platform fails: what is said, whether one comes back, what goes on in silence."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from itertools import cycle
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Page, Route
from playwright.sync_api import Error as BrowserError

from journeys.everywhere.visit import Screen, Visit

TELLING = Path(__file__).with_name("failing.js")
ASKED = re.compile(r"^https://[^/]+/(api|jmap)/")
NUMBERS = re.compile(r"[0-9a-f-]{8,}|[A-Z][\w-]{12,}")
PAGE = "<html><head><title>{0} Error</title></head><body><center><h1>{0} Error</h1></center></body></html>"
# What the browser writes of each answer of 400 and above, and of a worker under our own certificate.
BROWSERS_OWN = re.compile(r"Failed to load resource|SSL certificate")
# Status and headers of the page of some proxy that comes instead of our answer; None: the line is cut.
FAILURES: dict[str, tuple[int, dict[str, str]] | None] = {
    "too-often": (429, {"Retry-After": "20"}),
    "broken": (500, {}),
    "gateway": (502, {}),
    "down": (503, {}),
    "too-large": (413, {}),
    "forbidden": (403, {}),
    "cut": None,
    "other-page": (200, {}),
}
# Those that trying again mends.
PASSING = ("too-often", "broken", "gateway", "down", "cut")
# What the mailbox would lose that the next screens need.
KEPT_WHOLE = {"folder-question", "folder-name", "folder-move", "trash-question", "link-question"}


@dataclass
class Told:
    """What a screen said while something failed."""

    screen: str
    failure: str
    asked: str  # what failed: everything, one request, or what its button does
    failed: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        return re.sub(r"[^\w.-]+", "_", f"{self.screen}--{self.failure}--{self.asked}")[:120]

    def as_data(self) -> dict[str, Any]:
        return asdict(self)


class Failing:
    """Between PAGE and the platform: notes what is asked, and lets it fail."""

    def __init__(self, page: Page) -> None:
        self.failure: str | None = None
        self.only: str | None = None
        self.asked: list[str] = []
        self.failed: list[str] = []
        self.thrown: list[str] = []
        self._page = page
        page.on("pageerror", lambda error: self.thrown.append(str(error)[:300]))
        page.on("console", self._console)

    def _console(self, line: ConsoleMessage) -> None:
        if line.type == "error" and not BROWSERS_OWN.search(line.text):
            self.thrown.append(line.text[:300])

    @contextmanager
    def between(self) -> Iterator[None]:
        self.asked, self.failed, self.thrown = [], [], []
        self._page.route(ASKED, self._answer)
        try:
            yield
        finally:
            self.failure = self.only = None
            self._page.unroute(ASKED, self._answer)

    def _answer(self, route: Route) -> None:
        by_itself = route.request.headers.get("x-casier-background") == "1"
        name = name_of(route)
        if not by_itself:
            self.asked.append(name)
        if self.failure is None or (self.only is not None and (by_itself or name != self.only)):
            route.fallback()
            return
        self.failed.append(f"({name})" if by_itself else name)
        answer = FAILURES[self.failure]
        if answer is None:
            route.abort("connectionreset")
            return
        status, headers = answer
        route.fulfill(status=status, headers=headers, content_type="text/html", body=PAGE.format(status))


def name_of(route: Route) -> str:
    """What is asked, without what changes from one time to the next."""
    path = urlsplit(route.request.url).path
    if path.rstrip("/") == "/jmap" and route.request.method == "POST":
        calls = json.loads(route.request.post_data or "{}").get("methodCalls", [])
        return "jmap " + "+".join(sorted({call[0] for call in calls}))
    path = "/".join(path.split("/")[:4])
    return f"{route.request.method} {NUMBERS.sub('…', path)}"


def opened(visit: Visit, failing: Failing, screen: Screen) -> str:
    """The way to SCREEN as far as it goes; why it went no further."""
    try:
        screen.open(visit)
    except (BrowserError, AssertionError) as error:
        return str(error).strip().splitlines()[0][:160]
    return ""


def look(visit: Visit, failing: Failing, told: Told, healthy: str, folder: Path) -> None:
    """What is on the page now, when nothing turns any more."""
    page = visit.page
    try:
        page.wait_for_function("() => casierFailing.busy().length === 0", timeout=7_000)
    except BrowserError:
        told.wrong += [f"turns for ever: {one}" for one in page.evaluate("casierFailing.busy()")]
    page.wait_for_timeout(250)
    page.screenshot(path=folder / f"{told.name}.png", animations="disabled")
    told.failed = sorted(set(failing.failed))
    told.words = page.evaluate("casierFailing.told()")
    told.wrong += page.evaluate(
        "([healthy, french]) => casierFailing.wrong(healthy, french)", [healthy, visit.french]
    )
    told.wrong += [f"thrown: {one}" for one in failing.thrown]
    missing = page.evaluate("(healthy) => casierFailing.missing(healthy)", healthy)
    if any(not one.startswith("(") for one in told.failed) and not told.words and missing > 3:
        told.wrong.append(f"silent: {missing} lines are missing")


def come_back(visit: Visit, failing: Failing, told: Told, *, safe: bool) -> None:
    """The failure has ended: trying again mends what is said."""
    failing.failure = None
    again = visit.page.locator(".trouble button").filter(has_text=visit.say("Réessayer", "Try again"))
    shown = [one for one in again.all() if one.is_visible()]
    if not shown:
        if (
            told.words
            and told.failure in PASSING
            and visit.page.locator(".trouble-page, .trouble-box").count()
        ):
            told.wrong.append("no way to try again")
        return
    if not safe:
        return
    shown[-1].click()
    try:
        visit.page.wait_for_function("() => casierFailing.told().length === 0", timeout=8_000)
    except BrowserError:
        left = visit.page.evaluate("casierFailing.told()")
        told.wrong.append(f"doesn't come back: {left}")


def rounds(
    visit: Visit, screen: Screen, folder: Path, failing: Failing, kinds: Iterator[str]
) -> Iterator[Told]:
    """SCREEN opened while all fails, while each of its requests fails alone, and what its button does."""
    visit.page.set_default_timeout(6_000)
    _prepare(visit, screen)
    with failing.between():
        if why := opened(visit, failing, screen):
            yield Told(screen.name, "none", "nothing", wrong=[f"doesn't open at all: {why}"])
            return
        visit.page.wait_for_timeout(250)
        asked = list(dict.fromkeys(failing.asked))
    visit.page.evaluate(TELLING.read_text("utf-8"))
    healthy = visit.page.evaluate("document.body.innerText")
    yield from _acted(visit, screen, folder, failing, next(kinds), healthy)
    for only in [None, *asked] if asked else []:
        told = Told(screen.name, next(kinds), only or "everything")
        _prepare(visit, screen)
        with failing.between():
            failing.failure, failing.only = told.failure, only
            visit.page.set_default_timeout(3_500)
            stuck = opened(visit, failing, screen)
            visit.page.evaluate(TELLING.read_text("utf-8"))
            look(visit, failing, told, healthy, folder)
            if stuck and not told.words:
                told.wrong.append(f"stuck and silent: {stuck}")
            come_back(visit, failing, told, safe=True)
        yield told


def _acted(
    visit: Visit, screen: Screen, folder: Path, failing: Failing, kind: str, healthy: str
) -> Iterator[Told]:
    """What the main button of what is open does while everything fails; nothing that was typed is lost."""
    told = Told(screen.name, kind, "its button")
    with failing.between():
        failing.failure = kind
        typed = visit.page.evaluate("casierFailing.act()")
        if typed is None:
            return
        visit.page.wait_for_timeout(700)
        look(visit, failing, told, healthy, folder)
        if failing.failed:
            told.wrong += visit.page.evaluate("(typed) => casierFailing.lost(typed)", typed)
            come_back(visit, failing, told, safe=screen.name not in KEPT_WHOLE)
            yield told


def _prepare(visit: Visit, screen: Screen) -> None:
    visit.page.set_default_timeout(8_000)
    while visit.after:
        visit.after.pop()()
    if screen.over_mail:
        visit.home()


def kinds_in_turn(wanted: list[str]) -> Iterator[str]:
    return cycle(wanted or list(FAILURES))
