"""A browser whose every page is watched: code that runs, requests that leave, tabs, dialogs, downloads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, Request

from hostile.case import SAID, TRAP
from hostile.listening import NAMED, Outside
from journeys.running import CHROMIUM, CHROMIUM_ARGUMENTS

# Lists of payloads call these; none of them may stop the browser, and each call is a find.
TELL = (
    # A case of somebody else's doesn't say who it is: the frame that holds it does.
    r"const who = /^[a-z]\d{4}$/.test(window.name) ? window.name + ' ' : '';"
    "for (const name of ['alert', 'confirm', 'prompt', 'print'])"
    f" window[name] = (...what) => console.log('{SAID}' + who + name + ' ' + what.join(' '));"
)
# Set off whatever waits for an event, and press what can be pressed: more of it than a hand would, but not
# thousands of links, each of which opens a tab.
STIR = """
root => {
  const all = [...root.querySelectorAll('*')].slice(0, 400);
  for (const one of all) for (const {name} of [...one.attributes])
    if (name.startsWith('on')) one.dispatchEvent(new Event(name.slice(2)));
  const doors = 'a, area, button, summary, input[type=submit], input[type=image]';
  for (const one of [...root.querySelectorAll(doors)].slice(0, 20))
    one.dispatchEvent(new MouseEvent('click', {bubbles: true, cancelable: true, view: window}));
}
"""


class Watch:
    """What was seen in one browser context, case by case."""

    def __init__(self, context: BrowserContext) -> None:
        self.case = ""
        self.own: set[Page] = set()
        self._ours = False  # the next page to come is one of ours
        self.pressed: set[str] = set()  # cases whose links were pressed: a tab of theirs was asked for
        self.seen: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        context.add_init_script(TELL)
        context.on("console", self._console)
        context.on("request", self._request)
        context.on("page", self._page)

    def of(self, case: str) -> dict[str, list[str]]:
        return self.seen.get(case, {})

    def note(self, kind: str, what: str) -> None:
        """Under the case that WHAT names, else under the one that is open."""
        named = NAMED.search(what)
        said = what.partition(SAID)[2][:5]
        name = named[1] if named else said if said in self.names else self.case
        self.seen[name][kind].append(what[:200])

    names: frozenset[str] = frozenset()

    def page(self, context: BrowserContext) -> Page:
        """A page of our own: what opens besides was opened by a case."""
        self._ours = True
        page = context.new_page()
        self._ours = False
        return page

    def adopt(self, page: Page) -> None:
        self.own.add(page)
        page.on("dialog", self._dialog)
        page.on("download", lambda download: self.note("covered", f"download {download.url}"))

    def _dialog(self, dialog: Any) -> None:
        self.note("ran", f"dialog {dialog.message}")
        dialog.dismiss()

    def _console(self, message: ConsoleMessage) -> None:
        # The browser's own words about what it stopped quote the address: those are no sign of running.
        if message.text.startswith(SAID):
            self.note("ran", message.text)

    def _request(self, request: Request) -> None:
        host = urlsplit(request.url).hostname or ""
        if request.url.startswith(("data:", "blob:", "about:")) or host.endswith("localhost"):
            return
        self.note("opened" if self._is_new_tab(request) else "fetched", request.url)

    def _is_new_tab(self, request: Request) -> bool:
        try:
            return request.is_navigation_request() and request.frame.page not in self.own
        except Exception:  # a request without a frame: of a tab that isn't there yet, or of a worker
            return request.is_navigation_request()

    def _page(self, page: Page) -> None:
        if self._ours:
            self.adopt(page)
        if page in self.own or not self.own:
            return
        named = NAMED.search(page.url)
        case = named[1] if named else self.case
        self.note("opened" if case in self.pressed else "covered", f"tab {page.url}")
        self.waste.append(page)

    @property
    def waste(self) -> list[Page]:
        """Tabs that cases opened, to be closed between two of them."""
        if not hasattr(self, "_waste"):
            self._waste: list[Page] = []
        return self._waste

    def tidy(self) -> None:
        while self.waste:
            self.waste.pop().close()


@contextmanager
def watched_browser(playwright: Playwright, outside: Outside, log: Path | None = None) -> Iterator[Browser]:
    """Chromium for which every name but ours leads to OUTSIDE; LOG is told every name that it asks for."""
    arguments = [*CHROMIUM_ARGUMENTS, outside.rules]
    if log is not None:
        arguments += [f"--log-net-log={log}", "--net-log-capture-mode=Default"]
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
    try:
        yield browser
    finally:
        browser.close()


def named_in(log: Path) -> set[str]:
    """The cases whose names the browser's own account of its network holds: asked, connected or resolved."""
    with log.open("r", encoding="utf-8", errors="replace") as lines:
        return {name for line in lines if TRAP in line for name in NAMED.findall(line)}
