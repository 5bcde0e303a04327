"""Going around: each screen opened, looked at, closed, and where the keys are then."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page
from playwright.sync_api import Error as BrowserError

from journeys.everywhere import checks, content, inspecting
from journeys.everywhere.checks import Fault
from journeys.everywhere.visit import Screen, Visit
from journeys.running import RunningInstance
from journeys.webmail import signed_in


@dataclass(frozen=True)
class Terms:
    """How one looks: the language, the scheme, the window."""

    french: bool = True
    dark: bool = False
    width: int = 1440
    forced: bool = False  # the system's own few colours

    @property
    def height(self) -> int:
        return 844 if self.width < 600 else 450 if self.width == 720 else 900

    @property
    def name(self) -> str:
        scheme = "forced" if self.forced else "dark" if self.dark else "light"
        return f"{'fr' if self.french else 'en'}-{scheme}-{self.width}"


@dataclass
class Seen:
    """One screen under one set of terms, and what is wrong with it."""

    screen: str
    terms: str
    faults: list[Fault] = field(default_factory=list)
    seconds: float = 0.0

    def as_data(self) -> dict[str, Any]:
        return asdict(self)


@contextmanager
def window(chromium: Browser, terms: Terms) -> Iterator[BrowserContext]:
    """A browser window under TERMS; a phone has fingers."""
    phone = terms.width < 600
    context = chromium.new_context(
        viewport={"width": terms.width, "height": terms.height},
        color_scheme="dark" if terms.dark else "light",
        forced_colors="active" if terms.forced else "none",
        reduced_motion="reduce",
        locale="fr-FR" if terms.french else "en-GB",
        timezone_id="Europe/Paris",
        has_touch=phone,
        is_mobile=phone,
        ignore_https_errors=True,
        bypass_csp=True,  # axe is put into the page
    )
    yield context
    context.close()


def arrive(context: BrowserContext, instance: RunningInstance, address: str, terms: Terms) -> Visit:
    """Signed in as the demo person with ADDRESS, in the language of TERMS."""
    person = instance.demo(address=address)
    page = signed_in(context, instance, address)
    language = "fr" if terms.french else "en"
    content.ask(page, "PATCH", "/api/me", {"locale": language, "theme": "auto"})
    return Visit(page, instance, person, terms.french, terms.width)


Look = Callable[[Page, Terms], list[Fault]]


def axe_alone(page: Page, terms: Terms) -> list[Fault]:
    """The short look: axe, and nothing that scrolls sideways or loses the keys."""
    del terms
    page.evaluate(checks.OURS.read_text("utf-8"))
    lost = [
        Fault(check, "serious", line)
        for check in ("sideways", "focus")
        for line in page.evaluate(f"casierChecks.{check}()")
    ]
    return checks.axe(page, sheet_alone=True) + lost


def thorough(page: Page, terms: Terms) -> list[Fault]:
    """All that can be looked at."""
    language = "fr" if terms.french else "en"
    found = checks.axe(page) + checks.ours(page, language, fingers=terms.width < 600)
    return found + checks.spaced(page) + checks.still(page) + checks.rings(page)


def go_around(
    visit: Visit, terms: Terms, screens: Iterable[Screen], look: Look, pictures: Path | None = None
) -> Iterator[Seen]:
    """Each of SCREENS, opened afresh."""
    for screen in screens:
        if screen.least <= terms.width < screen.below:
            yield _seen(visit, terms, screen, look, pictures)
            _leave(visit)


def go_around_once(
    visit: Visit,
    all_terms: Sequence[Terms],
    screens: Iterable[Screen],
    look: Look,
    pictures: Path | None = None,
) -> Iterator[Seen]:
    """Each of SCREENS opened once and looked at under each of ALL_TERMS, which are of one language. These
    pages come whole from the server: with the window only their dress changes.
    """
    for screen in screens:
        for number, terms in enumerate(all_terms):
            turn(visit.page, terms)
            folder = pictures / terms.name if pictures is not None else None
            seen = _seen(visit, terms, screen, look, folder, is_open=number > 0)
            yield seen
            if any(fault.check == "opens" for fault in seen.faults):
                break
        _leave(visit)


def turn(page: Page, terms: Terms) -> None:
    """The window as TERMS want it, around the page that is there."""
    page.set_viewport_size({"width": terms.width, "height": terms.height})
    page.emulate_media(
        color_scheme="dark" if terms.dark else "light",
        forced_colors="active" if terms.forced else "none",
        reduced_motion="reduce",
    )
    devices = page.context.new_cdp_session(page)
    devices.send("Emulation.setTouchEmulationEnabled", {"enabled": terms.width < 600})
    devices.detach()


def _seen(
    visit: Visit, terms: Terms, screen: Screen, look: Look, pictures: Path | None, *, is_open: bool = False
) -> Seen:
    begun = time.monotonic()
    seen = Seen(screen.name, terms.name)
    try:
        if not is_open:
            _open(visit, screen)
        seen.faults = _looked(visit.page, terms, screen, look, pictures)
    except (BrowserError, AssertionError) as error:
        seen.faults = [Fault("opens", "critical", str(error).strip()[:400])]
        if pictures is not None:
            visit.page.screenshot(path=pictures / f"{screen.name}--not-opened.png")
    seen.seconds = round(time.monotonic() - begun, 2)
    return seen


def _leave(visit: Visit) -> None:
    """Take down what the screen put up for itself."""
    visit.page.unroute_all(behavior="ignoreErrors")
    while visit.after:
        visit.after.pop()()


def _open(visit: Visit, screen: Screen) -> None:
    if screen.over_mail:
        visit.home()
    screen.open(visit)
    visit.page.wait_for_timeout(120)  # sheets are loaded by pieces: what is drawn next frame belongs to it


def _looked(page: Page, terms: Terms, screen: Screen, look: Look, pictures: Path | None) -> list[Fault]:
    if pictures is not None:
        page.screenshot(path=pictures / f"{screen.name}.png", animations="disabled")
    found = look(page, terms)
    if pictures is not None:
        told = json.dumps(checks.inventory(page), ensure_ascii=False, indent=1)
        (pictures / f"{screen.name}.names.json").write_text(told, "utf-8")
        found += inspecting.inspect(page, pictures / "inspected", screen.name)
    if screen.sheet:
        found += _closed(page)
    return found


def _soon(page: Page, holds: Callable[[], bool]) -> bool:
    """Whether it HOLDS within a few seconds: what is closed on a busy machine is gone a moment later."""
    for _ in range(50):
        if holds():
            return True
        page.wait_for_timeout(100)
    return False


def _closed(page: Page) -> list[Fault]:
    """Escape closes it, and the keys go somewhere that one sees."""
    found = []
    over = page.locator("dialog[open], .composer, :popover-open")
    before = over.count()
    page.keyboard.press("Escape")
    page.wait_for_timeout(150)
    if not _soon(page, lambda: over.count() < before):
        found.append(Fault("escape", "serious", "Escape doesn't close it"))
    nowhere = "document.activeElement === document.body || document.activeElement === null"
    if not _soon(page, lambda: not page.evaluate(nowhere)):
        found.append(Fault("returns", "serious", "the keys are nowhere once it is closed"))
    return found
