"""A few cases of each hostile family in the real reading pane, and the same in a page that protects nothing.

`bench/hostile_html` opens all of them, and those of anybody's own folder.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from hostile.corpus import cases_of, own_cases, some_cases
from hostile.telling import Run, fallen, open_all
from journeys.running import RunningInstance

READER = "claire.lefevre@ac-normandie.fr"
OF_EACH = 2
# Messages made to freeze the page want a machine of their own to be judged: the bench opens them.
HEAVY = "lourdeurs"


@pytest.fixture
def browsers(chromium: Any) -> Any:
    """What starts browsers: these tests need ones that find every name on this machine."""
    return PlaywrightOf(chromium)


class PlaywrightOf:
    """Just enough of Playwright: the kind of browser that runs already."""

    def __init__(self, browser: Any) -> None:
        self.chromium = browser.browser_type


def test_hostile_mail_does_nothing(instance: RunningInstance, browsers: Any) -> None:
    cases = some_cases(OF_EACH, [case for case in own_cases() if case.family != HEAVY])
    assert {case.family for case in cases} == {case.family for case in own_cases()} - {HEAVY}
    results, refused = open_all(browsers, instance, READER, cases)
    told = {result.case.name: (result.case.family, result.state, result.ran, result.fetched, result.covered)
            for result in results if not result.harmless}  # fmt: skip
    assert told == {}
    assert len(refused) < len(cases) / 10, refused


def test_a_page_without_protection_falls_for_each_family(browsers: Any) -> None:
    cases = [case for case in some_cases(OF_EACH) if case.html and case.control]
    run = Run([], {}, fallen(browsers, cases), 0)
    families = {case.family for case in cases}
    alive = {case.family for case in cases if case.name in run.fell}
    assert families - alive == set(), "the watch sees nothing of these, wherever they are opened"


def test_harmless_mail_sets_nothing_off(browsers: Any, tmp_path: Path) -> None:
    (tmp_path / "sage.html").write_text("<p>Un texte <b>ordinaire</b> et <a href='#'>un lien</a>.</p>")
    (tmp_path / "liste.json").write_text(json.dumps([{"payload": "<p>Rien</p>"}, "<p>Rien non plus</p>"]))
    cases = cases_of(tmp_path)
    assert len(cases) == 3
    assert fallen(browsers, cases) == set()
