"""How long until a person who is signed in sees their mail, and what the first load weighs on the wire.

    python bench/first_list.py --instance DIR [--academy rouen] [--account NAME] [--rounds 7] [--json]

Debian's Chromium, headless, on this machine; each round has an empty cache and begins signed in. Told are the
medians from navigation to the first painted row, what came by then, and every request with its time and
weight. Exits 1 when a budget is missed: the list within 1 s, the first load within 200 kB compressed.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, cast

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

PROJECT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(PROJECT / "src"), str(PROJECT / "tests")]

from journeys.doors import open_wide
from journeys.running import CHROMIUM, CHROMIUM_ARGUMENTS, RunningInstance

LIST_WITHIN_MS = 1000
FIRST_LOAD_WITHIN = 200 * 1024
ROW = ".row[data-thread]"
# What the page itself is made of; mail and `/api/` are the person's own and depend on their mailbox.
PAGE = ("/courrier/", "/static/", "/theme.css")
# Notes the frame after the one in which a row is drawn: by then it is on the screen.
WATCH = """
new MutationObserver((_, watching) => {
  if (document.querySelector('.row[data-thread]') === null) return;
  watching.disconnect();
  requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => { window.firstRow = performance.now(); };
    channel.port2.postMessage(0);
  });
}).observe(document, { childList: true, subtree: true });
"""
SHOWN = """
async () => { while (!window.firstRow) await new Promise(requestAnimationFrame); return window.firstRow; }
"""


@dataclass(frozen=True, slots=True)
class Came:
    """One answer: when it was asked for and complete (ms after navigation), and its bytes on the wire."""

    path: str
    asked_ms: float
    done_ms: float
    wire_bytes: int


@dataclass(frozen=True, slots=True)
class Round:
    """One first load."""

    first_paint_ms: float
    first_row_ms: float
    page_bytes: int
    all_bytes: int
    came: tuple[Came, ...]


class Waterfall:
    """What the browser's network says about one page."""

    def __init__(self, devtools: CDPSession) -> None:
        self._asked: dict[str, tuple[str, float]] = {}
        self._done: dict[str, tuple[float, int]] = {}
        devtools.on("Network.requestWillBeSent", self._note_asked)
        devtools.on("Network.loadingFinished", self._note_done)
        devtools.send("Network.enable")

    def _note_asked(self, event: dict[str, Any]) -> None:
        self._asked[event["requestId"]] = (event["request"]["url"], event["timestamp"])

    def _note_done(self, event: dict[str, Any]) -> None:
        self._done[event["requestId"]] = (event["timestamp"], round(event["encodedDataLength"]))

    def came(self, until_ms: float) -> tuple[Came, ...]:
        """Everything asked for before UNTIL_MS that has come, in the order of asking."""
        start = min(asked for _url, asked in self._asked.values())
        rows = [
            Came("/" + url.split("/", 3)[3], (asked - start) * 1000, (done - start) * 1000, weight)
            for request, (url, asked) in self._asked.items()
            for done, weight in [self._done.get(request, (0.0, 0))]
            if done and url.startswith("https:")
        ]
        return tuple(sorted((row for row in rows if row.asked_ms < until_ms), key=lambda row: row.asked_ms))


def signed_in(browser: Browser, url: str, account: dict[str, Any]) -> Any:
    """What the browser keeps once ACCOUNT has signed in by the page that people use."""
    context = browser.new_context(ignore_https_errors=True, locale="fr-FR")
    page = context.new_page()
    page.goto(url)
    page.locator("input[autocomplete~=username]").fill(account["signInName"])
    page.locator("input[type=password]").fill(account["password"])
    page.locator("input[type=password]").press("Enter")
    page.locator(ROW).first.wait_for()
    kept = context.storage_state()
    context.close()
    return kept


def first_load(browser: Browser, url: str, kept: Any) -> Round:
    """Open the web client in a new window with an empty cache."""
    context = browser.new_context(ignore_https_errors=True, locale="fr-FR", storage_state=kept)
    try:
        page = context.new_page()
        page.add_init_script(WATCH)
        waterfall = Waterfall(context.new_cdp_session(page))
        page.goto(f"{url}/courrier/")
        page.locator(ROW).first.wait_for()
        return _measured(page, waterfall)
    finally:
        context.close()


def _measured(page: Page, waterfall: Waterfall) -> Round:
    first_row = float(page.evaluate(SHOWN))
    page.evaluate("document.fonts.ready.then(() => 0)")
    paints = "performance.getEntriesByType('paint').map(entry => entry.startTime)"
    came = waterfall.came(first_row)
    return Round(
        first_paint_ms=min(cast("list[float]", page.evaluate(paints)), default=0.0),
        first_row_ms=first_row,
        page_bytes=sum(one.wire_bytes for one in came if one.path.startswith(PAGE)),
        all_bytes=sum(one.wire_bytes for one in came),
        came=came,
    )


def told(rounds: list[Round]) -> str:
    """The figures for people, against their budgets."""

    def middle(name: str) -> float:
        return statistics.median(getattr(one, name) for one in rounds)

    typical = sorted(rounds, key=lambda one: one.first_row_ms)[len(rounds) // 2]
    lines = [
        f"first paint   {middle('first_paint_ms'):7.0f} ms",
        f"first row     {middle('first_row_ms'):7.0f} ms   budget {LIST_WITHIN_MS} ms",
        f"page          {middle('page_bytes') / 1024:7.1f} kB   budget {FIRST_LOAD_WITHIN // 1024} kB",
        f"with the mail {middle('all_bytes') / 1024:7.1f} kB",
        f"the {len(rounds)} rounds: {', '.join(f'{one.first_row_ms:.0f}' for one in rounds)} ms",
        *(
            f"  {one.asked_ms:6.0f} → {one.done_ms:6.0f} ms {one.wire_bytes / 1024:7.1f} kB  {one.path[:80]}"
            for one in typical.came
        ),
    ]
    return "\n".join(lines)


def main() -> int:
    """Measure, tell, compare with the budgets."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--instance", type=Path, required=True)
    parser.add_argument("--academy", default="rouen")
    parser.add_argument("--account", help="sign-in name; the academy's first demo account by default")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    instance = RunningInstance(asked.instance)
    open_wide(instance)
    wanted = {"academy": asked.academy} | ({"signInName": asked.account} if asked.account else {})
    url = instance.web_url(asked.academy)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS)
        kept = signed_in(browser, url, instance.demo(**wanted))
        rounds = [first_load(browser, url, kept) for _ in range(asked.rounds)]
        browser.close()
    print(json.dumps([asdict(one) for one in rounds]) if asked.json else told(rounds))
    late = statistics.median(one.first_row_ms for one in rounds) > LIST_WITHIN_MS
    heavy = statistics.median(one.page_bytes for one in rounds) > FIRST_LOAD_WITHIN
    return 1 if late or heavy else 0


if __name__ == "__main__":
    sys.exit(main())
