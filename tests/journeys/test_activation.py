"""From the invitation to the mailbox, by each of the four ways, on a telephone's screen, with and without
script.

The people are made and invited at the command line, as an academy does; the policies are those that ship.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from casier.kernel.instance import Port
from journeys.doors import BECAUSE, shipped
from journeys.newcomers import UAI, Answering, Newcomer, newcomer
from journeys.running import RunningInstance

pytestmark = pytest.mark.journey
LOG = logging.getLogger(__name__)
TELEPHONE = {"width": 390, "height": 844}
# All that machines take of the three minutes that a newcomer has; the rest is theirs.
MOST_SECONDS = 60


@dataclass
class Walk:
    """What was seen on the way."""

    pages: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    seconds: float = 0


class Telephone(Answering):
    """A newcomer with a telephone in their hand, who does what each page asks."""

    def __init__(self, page: Any, instance: RunningInstance, who: Newcomer, *, script: bool) -> None:
        super().__init__(page, instance, who, script)
        self.walk = Walk()

    def go(self, home: str = "/courrier/") -> Walk:
        """From the address on the sheet to the mail."""
        self._timed(lambda: self.page.goto("/activation/"))
        for _ in range(24):
            path = urlsplit(self.page.url).path
            if path == home:
                return self.walk
            self._look(path)
            self._timed(lambda path=path: self.answer(path))  # type: ignore[misc]
        raise AssertionError(f"lost at {self.page.url}: {self.page.locator('main').inner_text()}")

    def _timed(self, do: Callable[[], Any]) -> None:
        began = time.monotonic()
        do()
        self.page.wait_for_load_state()
        self.walk.seconds += time.monotonic() - began

    def _look(self, path: str) -> None:
        """The page doesn't scroll sideways, axe finds nothing, nothing confidential stands in it."""
        self.walk.pages.append(path)
        assert self.who.numen not in self.page.content()
        assert self.who.numen not in self.page.url
        folder = os.environ.get("CASIER_PICTURES")
        if folder:
            name = f"{self.who.academy}-{len(self.walk.pages):02}{path.replace('/', '-').rstrip('-')}.png"
            self.page.screenshot(path=Path(folder) / name, full_page=True)
        if self.script:
            wide = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
            found = Axe().run(self.page).response["violations"]
            self.walk.faults += [f"{path} {fault['id']} {fault['nodes'][0]['html'][:90]}" for fault in found]
            self.walk.faults += [f"{path} is {wide} px too wide"] if wide > 0 else []


@pytest.fixture
def telephone(chromium: Any, instance: RunningInstance) -> Any:
    """Makes telephones for newcomers of an academy."""
    with ExitStack() as made:

        def new(academy: str, *, script: bool = True, **more: Any) -> Telephone:
            context = chromium.new_context(
                ignore_https_errors=True,
                base_url=f"https://{academy}.localhost:{instance.port(Port.WEB)}",
                locale="fr-FR",
                viewport=TELEPHONE,
                java_script_enabled=script,
                bypass_csp=script,
                **more,
            )
            made.callback(context.close)
            made.enter_context(shipped(instance, academy))
            return Telephone(context.new_page(), instance, newcomer(instance, academy), script=script)

        yield new


@pytest.mark.parametrize("academy", ["rouen", "normandie", "nancy-metz", "amiens"])
def test_a_newcomer_comes_to_their_mail(telephone: Any, academy: str) -> None:
    held = telephone(academy)
    walk = held.go()
    LOG.info("%s: %.1f s of machine, %d pages", academy, walk.seconds, len(walk.pages))
    assert walk.faults == []
    assert walk.seconds < MOST_SECONDS
    assert {"/activation/coordonnees/", "/connexion/charte/", "/connexion/mot-de-passe/"} <= set(walk.pages)
    assert walk.pages[-1] == "/activation/memo/"
    # and what opened it is worth nothing any more
    held.page.goto("/compte/memo/")
    expect(held.page.locator("main")).to_contain_text(held.who.address)
    page = held.page.context.browser.new_page(ignore_https_errors=True, locale="fr-FR")
    other = Telephone(page, held.instance, held.who, script=True)
    page.goto(f"https://{academy}.localhost:{held.instance.port(Port.WEB)}/activation/")
    if academy != "amiens":
        for _ in range({"rouen": 3}.get(academy, 1)):
            other.answer(urlsplit(page.url).path)
        expect(page.locator("[role=alert]")).to_contain_text("n’ouvrent aucun compte")
    page.close()


@pytest.mark.parametrize("academy", ["rouen", "amiens"])
def test_without_script_too(telephone: Any, academy: str) -> None:
    held = telephone(academy, script=False)
    held.go()
    held.page.goto("/compte/")
    expect(held.page.locator("main")).to_contain_text(held.who.address)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 768, 320])
def test_the_first_pages_at_other_widths(
    chromium: Any, instance: RunningInstance, scheme: str, width: int
) -> None:
    """Errors are told at the field, the focus is on what is wrong, nothing scrolls sideways."""
    context = chromium.new_context(
        ignore_https_errors=True, locale="fr-FR", bypass_csp=True, color_scheme=scheme,
        viewport={"width": width, "height": 900},
    )  # fmt: skip
    page = context.new_page()
    for academy in UAI:
        page.goto(f"https://{academy}.localhost:{instance.port(Port.WEB)}/activation/")
        if page.locator("form .typed").count():
            page.fill("form .typed", "12")
            page.click("button.main")
            expect(page.locator(".error")).to_be_visible()
            assert page.input_value("form .typed") == ""
        assert Axe().run(page).response["violations"] == []
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    for document in ("charte", "confidentialite"):
        page.goto(f"https://rouen.localhost:{instance.port(Port.WEB)}/documents/{document}/")
        assert Axe().run(page).response["violations"] == []
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    context.close()


def test_sheets_come_out_of_the_command_line(instance: RunningInstance) -> None:
    """Many in one file; the secret is in the file alone, and the one before is worth nothing."""
    who = newcomer(instance, "amiens")
    school = instance.casier("account", "invite", "--school", UAI["amiens"], "--pdf", "/dev/null", *BECAUSE)
    assert who.address in school
    assert who.secret not in school
    missing = ("--pdf", "/proc/none/sheets.pdf")
    assert not instance.casier("account", "invite", who.address, *missing, *BECAUSE, check=False)
    (again,) = instance.json("account", "invite", who.address, *BECAUSE)
    assert again["secret"]
    assert again["secret"] != who.secret
