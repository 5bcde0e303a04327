"""The platform's own pages in a real browser: how one comes in, and whether a page keeps anybody out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Error

from journeys.running import RunningInstance

T = TypeVar("T")
# From a desk to a page that is read four times as large.
WIDTHS = (1440, 768, 390, 320)
# Makes the browser of a demo person who has come in: ADDRESS, the page, and how the browser is set up.
BrowserOf = Callable[..., Any]


def browser_of(
    instance: RunningInstance, chromium: Any, address: str, there: str = "/compte/", **setup: Any
) -> Any:
    """A browser in which the demo person with ADDRESS has come in and stands on the page THERE."""
    who = instance.demo(address=address)
    page = visitor(instance, chromium, who["academy"], **setup)
    sign_in(page, who["signInName"], who["password"], there)
    arrived(page, there)
    return page


def visitor(instance: RunningInstance, chromium: Any, academy: str, **setup: Any) -> Any:
    """A browser at the door of ACADEMY."""
    # The checker of accessibility is a script that no policy of contents lets in.
    usual = {"ignore_https_errors": True, "locale": "fr-FR", "bypass_csp": True}
    return chromium.new_context(base_url=instance.web_url(academy), **{**usual, **setup}).new_page()


def sign_in(page: Any, name: str, password: str, there: str = "/compte/") -> None:
    page.goto(f"/connexion/?suite={there}")
    page.fill("#identifiant", name)
    page.fill("#mot_de_passe", password)
    page.click("button.main")


def arrived(page: Any, there: str) -> None:
    """Wait until the page is THERE. The door's own address ends with what comes after it: it isn't meant."""
    page.wait_for_url(lambda url: urlsplit(url).path == urlsplit(there).path)


def look_again(page: Any) -> None:
    """Load the page anew; one that is on its way to somewhere is let arrive instead."""
    try:
        page.reload()
    except Error as failed:
        if "Not attached to an active page" not in failed.message:
            raise
        page.wait_for_load_state()


# What a page says that leaves while it is looked at.
_LEFT = ("Execution context was destroyed", "axe is not defined")


def at_rest(page: Any, look: Callable[[], T]) -> T:
    """What LOOK finds once the page is whole; one that was sent on a moment ago is let arrive first."""
    for _ in range(3):
        page.wait_for_load_state()
        try:
            return look()
        except Error as failed:
            if not any(words in failed.message for words in _LEFT):
                raise
    return look()


def violations(page: Any) -> list[str]:
    """What axe finds."""
    found = at_rest(page, lambda: Axe().run(page).response["violations"])
    return [f"{page.url} {fault['id']}: {fault['nodes'][0]['html'][:120]}" for fault in found]


def fits(page: Any, widths: Iterable[int] = WIDTHS) -> None:
    """Nothing is wider than the window, whose last width stays."""
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        wide = at_rest(page, lambda: page.evaluate("document.documentElement.scrollWidth"))
        assert wide <= width, (page.url, width)


def seemly(page: Any, widths: Iterable[int] = (1440, 390)) -> None:
    """Nothing is wider than the window, nothing is out of reach."""
    fits(page, widths)
    assert violations(page) == []


def seemly_by_day_and_night(page: Any) -> None:
    """On a desk in the light, on a telephone in the dark."""
    for width, scheme in ((1440, "light"), (390, "dark")):
        page.emulate_media(color_scheme=scheme)
        seemly(page, (width,))
    page.set_viewport_size({"width": 1440, "height": 900})
