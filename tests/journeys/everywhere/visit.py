"""A person in front of a screen: what opening one needs."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Locator, Page, expect

from journeys.running import RunningInstance
from journeys.webmail import ROW

# Whether the window holds the list and the conversation side by side, and the folders too.
SPLIT, FOLDERS = 720, 1024


OVER = "dialog[open], .composer, :popover-open, .chips, .status-line, .subject, .toast, .selection-bar"
CLEAN = """([inbox, over]) => {
    const [all] = document.querySelectorAll('.segments button');
    return location.pathname === '/courrier/' && document.querySelector('.row[data-thread]') !== null
        && document.querySelector('h1.list-title')?.textContent === inbox && all?.ariaPressed === 'true'
        && document.querySelector(over) === null;
}"""


def begins(words: str) -> re.Pattern[str]:
    """What begins with WORDS, whatever spaces stand between them."""
    return re.compile(r"^" + r"\s".join(re.escape(word) for word in words.split()))


@dataclass
class Visit:
    """One browser window, in one language, at one width."""

    page: Page
    instance: RunningInstance
    person: dict[str, Any]
    french: bool = True
    width: int = 1440
    # What a screen put up for itself alone, to be taken down after the look.
    after: list[Callable[[], object]] = field(default_factory=list)

    def say(self, french: str, english: str) -> str:
        return french if self.french else english

    @property
    def wide(self) -> bool:
        return self.width >= FOLDERS

    @property
    def origin(self) -> str:
        return self.instance.web_url(self.person["academy"])

    def button(self, french: str, english: str, within: Locator | None = None) -> Locator:
        name = begins(self.say(french, english))
        return (within or self.page).get_by_role("button", name=name)

    def line(self, french: str, english: str) -> Locator:
        """A line of the menu that is open."""
        name = begins(self.say(french, english))
        return self.page.locator(":popover-open [role^=menuitem]").filter(has_text=name).first

    def follow(self, target: Locator) -> None:
        """Press TARGET and come to the page that it leads to, be it of the same address."""
        with self.page.expect_navigation():
            target.click()

    def do(self, french: str, english: str) -> None:
        """What the palette calls so."""
        self.page.keyboard.press("Control+k")
        field = self.page.get_by_role("dialog").get_by_role("combobox")
        field.fill(self.say(french, english))
        expect(self.page.locator(".palette-line").first).to_contain_text(self.say(french, english))
        field.press("Enter")

    def sheet(self) -> Locator:
        """The sheet on top."""
        found = self.page.locator("dialog[open]").last
        expect(found).to_be_visible()
        return found

    def home(self) -> None:
        """The inbox, with nothing over it; what a screen wrote is thrown away."""
        if self.page.evaluate(CLEAN, [self.say("Boîte de réception", "Inbox"), OVER]):
            return
        self.discard()
        self.page.goto(f"{self.origin}/courrier/")
        expect(self.page.locator(ROW).first).to_be_visible(timeout=20_000)

    def discard(self) -> None:
        """Throw away what is being written: a page that opens again opens it again."""
        for _ in range(3):
            small = self.page.locator(".composer-small .composer-restore")
            for sheet in range(self.page.locator("dialog[open]").count()):
                del sheet
                self.page.keyboard.press("Escape")
            if small.count():
                small.first.evaluate("button => button.click()")
            thrown = self.page.locator(".composer .composer-foot > .button:last-of-type")
            if not thrown.count():
                return
            thrown.last.evaluate("button => button.click()")  # whatever floats over it
            self.page.wait_for_timeout(100)

    def open(self, subject: str) -> None:
        """The conversation about SUBJECT, by search: it may be far down."""
        row = self.page.locator(ROW, has_text=subject).first
        expect(row).to_be_visible(timeout=15_000)
        row.locator(".row-subject").click(position={"x": 4, "y": 4})
        expect(self.page.locator(".message-body").first).to_be_visible(timeout=15_000)

    def folder(self, french: str, english: str) -> None:
        """The folder of that name in the list."""
        self.do(french, english)
        expect(self.page.locator(".list-title")).to_contain_text(self.say(french, english))

    def compose(self) -> Locator:
        self.page.keyboard.press("c")
        expect(self.page.locator(".editor-text")).to_be_visible()
        return self.page.locator(".composer:not(.composer-small)").last


# The way to a screen.
Opening = Callable[[Visit], None]


def by_menu(menu: Opening, french: str, english: str) -> Opening:
    """The sheet that a line of MENU leads to."""

    def open_it(v: Visit) -> None:
        menu(v)
        v.line(french, english).click()
        v.sheet()

    return open_it


def by_palette(french: str, english: str) -> Opening:
    """The sheet that the palette leads to."""

    def open_it(v: Visit) -> None:
        v.do(french, english)
        v.sheet()

    return open_it


@dataclass(frozen=True)
class Screen:
    """Something that one sees: its name, the way to it, and who sees it."""

    name: str
    open: Opening
    # The files of web/src that draw it; a test holds that every sheet is among them.
    draws: tuple[str, ...] = ()
    # At home a screen is opened over the mail page; elsewhere it goes to an address of its own.
    over_mail: bool = True
    # Only where the window is at least, or less than that.
    least: int = 0
    below: int = 10_000
    # A sheet that Escape closes: the keys then go back to what opened it.
    sheet: bool = False
