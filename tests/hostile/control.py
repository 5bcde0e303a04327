"""The same cases in a page without any protection: there the watch must see what they do."""

# Payloads and scripts of a page are kept whole.
# ruff: noqa: E501
from __future__ import annotations

from collections.abc import Sequence

from playwright.sync_api import BrowserContext, Error, Frame, Page

from hostile.case import After, Case
from hostile.listening import CONTROL_HOST, Outside
from hostile.watching import STIR, Watch

AT_ONCE = 12
CHROME = (
    "<!doctype html><meta charset=utf-8><title>Casier</title><header id=chrome style='height:80px;background:#eee'>"
    "<button>Bouton</button></header><div style='height:200px'></div>"
)
COVERED = """
() => {
  const home = document.getElementById('chrome');
  const hit = document.elementFromPoint(innerWidth / 2, 40);
  const found = [];
  if (home === null || home.offsetHeight === 0 || (hit !== home && !home.contains(hit))) found.push('covers');
  if (document.querySelector('input, textarea, select, [contenteditable]')) found.push('field');
  if (document.activeElement !== document.body && document.activeElement !== null) found.push('focus');
  return found;
}
"""


def fallen_for(context: BrowserContext, watch: Watch, outside: Outside, cases: Sequence[Case]) -> set[str]:
    """The names of those CASES that the unprotected page falls for."""
    outside.pages.update({case.name: _page_of(case).encode("utf-8", "replace") for case in cases})
    page = watch.page(context)
    watch.names = frozenset(case.name for case in cases)
    quiet = [case for case in cases if case.after is not After.COVER]
    for start in range(0, len(quiet), AT_ONCE):
        _open_framed(page, quiet[start : start + AT_ONCE])
        watch.tidy()
    for case in cases:
        if case.after is After.COVER:
            _open_alone(page, watch, case)
    page.goto("about:blank")
    wanted = {After.RUN: "ran", After.FETCH: "fetched", After.COVER: "covered"}
    fetched = outside.names()
    return {
        case.name
        for case in cases
        if watch.of(case.name).get(wanted[case.after]) or (case.after is After.FETCH and case.name in fetched)
    }


def _page_of(case: Case) -> str:
    return (CHROME if case.after is After.COVER else "<!doctype html>") + case.html


def _open_framed(page: Page, cases: Sequence[Case]) -> None:
    page.goto(f"http://{CONTROL_HOST}/rien.html")
    frames = "".join(f'<iframe name="{case.name}" src="/{case.name}"></iframe>' for case in cases)
    page.set_content(frames, wait_until="commit")
    page.wait_for_timeout(350)
    for frame in page.frames[1:]:
        _stir(frame)
    page.wait_for_timeout(150)


def _open_alone(page: Page, watch: Watch, case: Case) -> None:
    watch.case = case.name
    address = f"http://{CONTROL_HOST}/{case.name}"
    try:
        page.goto("about:blank")
        page.goto(address, wait_until="commit")
        page.wait_for_timeout(60)
        for found in page.evaluate(COVERED):
            watch.note("covered", found)
        _stir(page.main_frame)
        page.wait_for_timeout(60)
        if page.url != address:
            watch.note("covered", f"left for {page.url}")
    except Error as left:  # the case took the page away while it was asked
        watch.note("covered", f"left: {str(left)[:80]}")
        page.wait_for_timeout(200)
    watch.tidy()


def _stir(frame: Frame) -> None:
    try:
        frame.evaluate(f"({STIR})(document)")
    except Error:  # it has gone elsewhere by itself, or holds a document that can't be asked
        return
