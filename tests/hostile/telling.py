"""A whole run, and what it prints."""

from __future__ import annotations

import argparse
import json
import math
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Playwright, sync_playwright

from hostile import control, pane
from hostile.case import Case
from hostile.corpus import cases_of, own_cases, some_cases
from hostile.ending import apart
from hostile.listening import outside
from hostile.watching import Watch, named_in, watched_browser
from journeys.doors import open_wide
from journeys.running import RunningInstance

SLOWEST = 5


@dataclass
class Run:
    """What came of all cases."""

    results: list[pane.Result]
    refused: dict[str, str]
    fell: set[str]
    seconds: float

    @property
    def harmed(self) -> list[pane.Result]:
        return [result for result in self.results if not result.harmless]

    @property
    def untested(self) -> list[str]:
        """Families of which the unprotected page fell for nothing: there the watch may be blind."""
        families = {result.case.family for result in self.results if result.case.control}
        alive = {result.case.family for result in self.results if result.case.name in self.fell}
        return sorted(families - alive)


def open_all(
    playwright: Playwright,
    instance: RunningInstance,
    address: str,
    cases: Sequence[Case],
    *,
    loud: bool = False,
    seconds: float = math.inf,
    wanted_end: Callable[[], bool] = lambda: False,
) -> tuple[list[pane.Result], dict[str, str]]:
    """Deliver CASES to ADDRESS, open them, take them away again."""
    until = time.monotonic() + seconds

    def over() -> bool:
        return wanted_end() or time.monotonic() > until

    person = instance.demo(address=address)
    with tempfile.TemporaryDirectory(prefix="casier-t-", dir="/tmp") as folder, outside() as far:
        log = Path(folder) / "network.json"
        with watched_browser(playwright, far, log) as browser:
            context = browser.new_context(
                ignore_https_errors=True, locale="fr-FR", viewport={"width": 1440, "height": 900}
            )
            watch = Watch(context)
            reader = pane.Reader(context, watch, instance, address)
            pane.forget(reader.page)
            refused = pane.deliver(instance, person.get("mailboxKey") or address, cases)
            cases = [case for case in cases if case.name not in refused and not wanted_end()]
            places = pane.found_again(reader.page, cases)
            results = pane.opened(
                reader, watch, cases, places, _progress(len(cases)) if loud else lambda _: None, over
            )
            pane.forget(reader.page)
            context.close()
        pressed = {name for name, seen in watch.seen.items() if seen.get("opened")}
        heard = (far.names() | named_in(log)) - pressed
    for result in results:
        if result.case.name in heard and not result.fetched:
            result.fetched.append("name or address asked for")
    return results, refused


def fallen(playwright: Playwright, cases: Sequence[Case]) -> set[str]:
    """The cases that a page without protection falls for."""
    with outside() as far, watched_browser(playwright, far) as browser:
        context = browser.new_context(locale="fr-FR", viewport={"width": 1440, "height": 900})
        return control.fallen_for(context, Watch(context), far, cases)


def _progress(count: int) -> object:
    def tell(at: int) -> None:
        if at % 100 == 99:
            print(f"  {at + 1} of {count}", file=sys.stderr)

    return tell


def main() -> int:
    """The command line."""
    wanted = _wanted()
    return apart(lambda asked: _run(wanted, asked.is_set))


def _wanted() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bench/hostile_html", description="Hostile messages in the reading pane."
    )
    parser.add_argument("folder", nargs="?", type=Path, help="cases of your own")
    parser.add_argument("--instance", type=Path, default=Path("/var/lib/casier"))
    parser.add_argument("--address", default="claire.lefevre@ac-normandie.fr")
    parser.add_argument("--controls", choices=("all", "some", "none"), default="all")
    parser.add_argument("--only", default="", help="a family, or the name of one case")
    parser.add_argument(
        "--of-each", type=int, default=0, help="at most so many of each family, spread over it"
    )
    parser.add_argument("--part", type=_part, default=(1, 1), metavar="N/M", help="the Nth of M equal parts")
    parser.add_argument("--seconds", type=float, default=math.inf, help="open no more after so long")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


def _run(wanted: argparse.Namespace, wanted_end: Callable[[], bool]) -> int:
    cases = cases_of(wanted.folder) if wanted.folder else own_cases()
    if wanted.of_each and not wanted.folder:
        cases = some_cases(wanted.of_each)
    cases = tuple(case for case in cases if wanted.only in ("", case.family, case.name))
    number, parts = wanted.part
    cases = cases[len(cases) * (number - 1) // parts : len(cases) * number // parts]
    begun = time.monotonic()
    instance = RunningInstance(wanted.instance)
    open_wide(instance)
    with sync_playwright() as playwright:
        results, refused = open_all(
            playwright, instance, wanted.address, cases,
            loud=True, seconds=wanted.seconds, wanted_end=wanted_end,
        )  # fmt: skip
        for result in results:
            if not result.harmless and not wanted.json:
                print(f"! {result.case.name} {result.case.family} got through", file=sys.stderr)
        if wanted_end():
            print("! ended before all cases were opened", file=sys.stderr)
            wanted.controls = "none"
        tried = {"all": cases, "some": some_cases(3, cases), "none": ()}[wanted.controls]
        fell = fallen(playwright, [case for case in tried if case.html]) if tried else set()
    run = Run(results, refused, fell, time.monotonic() - begun)
    checked = bool(tried) and not wanted.folder
    print(json.dumps(_facts(run), ensure_ascii=False, indent=1)) if wanted.json else _print(
        run, checked=checked
    )
    return 1 if run.harmed or (checked and run.untested) else 0


def _part(text: str) -> tuple[int, int]:
    number, _, parts = text.partition("/")
    if not 1 <= int(number) <= int(parts):
        raise ValueError(text)
    return int(number), int(parts)


def _counts(run: Run) -> dict[str, int]:
    return {
        "opened": len(run.results),
        "refused": len(run.refused),
        "executed": sum(bool(result.ran) for result in run.results),
        "fetched": sum(bool(result.fetched) for result in run.results),
        "overlaid": sum(bool(result.covered) for result in run.results),
        "stalled": sum(result.state in pane.LOST for result in run.results),
        "unread": sum(result.state not in ("open", *pane.LOST) for result in run.results),
        "left": sum(bool(result.left) for result in run.results),
        "controls": len(run.fell),
    }


def _facts(run: Run) -> dict[str, object]:
    harmed = [
        {"case": result.case.name, "family": result.case.family, "state": result.state, "ran": result.ran,
         "took": result.took, "busy": result.busy, "fetched": result.fetched, "covered": result.covered,
         "html": result.case.html[:200]}
        for result in run.harmed
    ]  # fmt: skip
    return {**_counts(run), "untested": run.untested, "harmed": harmed, "seconds": round(run.seconds, 1)}


def _print(run: Run, *, checked: bool) -> None:
    families = Counter(result.case.family for result in run.results)
    fell = Counter(result.case.family for result in run.results if result.case.name in run.fell)
    for family, count in sorted(families.items()):
        print(f"{family:32} {count:5} opened   {fell[family]:5} succeed without protection")
    for result in run.harmed:
        print(f"! {result.case.name} {result.case.family} [{result.state}] {result.case.html[:100]!r}")
        for what in (*result.ran, *result.fetched, *result.covered):
            print(f"    {what}")
    for result in run.results:
        if result.left:
            print(f"  left by the sanitiser: {result.case.name} {result.left} {result.case.html[:80]!r}")
    for name, words in list(run.refused.items())[:10]:
        print(f"  refused by the store: {name} {words[:100]}")
    for result in sorted(run.results, key=lambda result: result.took, reverse=True)[:SLOWEST]:
        told = f"{result.took:6} ms until drawn, {result.busy:6} ms busy"
        print(f"  {told}: {result.case.name} {result.case.family}")
    facts = _counts(run)
    print(
        f"{facts['opened']} opened, {facts['executed']} executed, {facts['fetched']} fetched, "
        f"{facts['overlaid']} overlaid, {facts['stalled']} stalled, {facts['unread']} not drawn; "
        f"{facts['refused']} refused; "
        f"{facts['controls']} succeed without protection; {run.seconds:.0f} s"
    )
    for family in run.untested if checked else ():
        print(f"! the watch saw nothing of « {family} » in a page without protection")


__all__ = ["Run", "fallen", "main", "open_all"]
