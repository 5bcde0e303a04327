"""The declaration of accessibility says no more than what was checked; colours stand out by figures."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from casier.portal.accessibility.declaration import Criterion, declaration, judged
from casier.portal.theme import contrast

PROJECT = Path(__file__).resolve().parents[2]
TOKENS = PROJECT / "src/casier/portal/static/casier/tokens.css"
THEMES = (9, 2, 3, 13, 8, 2, 5, 10, 4, 14, 13, 11, 12)  # criteria of each theme of RGAA 4.1


def colours(selector: str) -> dict[str, str]:
    block = TOKENS.read_text("utf-8").partition(selector)[2].partition("}")[0]
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", block))


LIGHT = colours(":root {")
DARK = colours(':root[data-theme="dark"] {')


def test_all_criteria_are_there_once() -> None:
    themes = declaration().themes
    assert tuple(len(theme.criteria) for theme in themes) == THEMES
    for theme in themes:
        wanted = [f"{theme.number}.{at}" for at in range(1, len(theme.criteria) + 1)]
        assert [one.id for one in theme.criteria] == wanted


def test_what_is_said_rests_on_something_and_is_said_in_both_languages() -> None:
    for one in declaration().all():
        assert one.french, one.id
        assert one.english, one.id
        assert bool(one.by) == (one.state in {"C", "NC"}), one.id
        assert bool(one.why_french) == bool(one.why_english), one.id
        assert one.state != "NC" or one.why_french, one.id
        assert bool(one.how_french) == bool(one.how_english), one.id
        assert one.by != "review" or one.how_french, (one.id, "what was done to check it")
        assert one.by != "tool" or one.evidence, one.id


def test_tests_that_are_named_exist_and_checks_were_made() -> None:
    done = declaration().checked.checks
    for one in declaration().all():
        for evidence in one.evidence:
            if "::" in evidence:
                file, _, name = evidence.partition("::")
                assert f"def {name}(" in (PROJECT / file).read_text("utf-8"), (one.id, evidence)
            else:
                assert evidence in done, (one.id, evidence)


def test_a_check_that_found_something_takes_the_criterion_down() -> None:
    checked = replace(declaration().checked, faults={"axe label": 2})
    held = Criterion("11.1", "C", "Étiquettes", "Labels", "tool", ("axe label",))
    assert judged(held, checked).state == "NC"
    assert "2" in judged(held, checked).why_english
    assert judged(held, replace(checked, faults={})).state == "C"


def test_what_nobody_tested_counts_as_missing() -> None:
    found = declaration()
    untested = replace(found, themes=tuple(_with(theme, "NT") for theme in found.themes))
    assert untested.level == "none"
    assert untested.rate == 0
    assert replace(found, themes=tuple(_with(theme, "C") for theme in found.themes)).level == "full"


def _with(theme, state):  # type: ignore[no-untyped-def]
    return replace(theme, criteria=tuple(replace(one, state=state) for one in theme.criteria))


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
def test_controls_and_the_focus_stand_out(scheme: dict[str, str]) -> None:
    for ground in ("surface", "paper"):
        assert contrast(scheme["control"], scheme[ground]) >= 3
        assert contrast(scheme["accent"], scheme[ground]) >= 3
        assert contrast(scheme["danger"], scheme[ground]) >= 3
    assert contrast(scheme["accent"], scheme["accent-soft"]) >= 3


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
def test_words_are_read_on_each_ground(scheme: dict[str, str]) -> None:
    for ground in ("surface", "paper", "sunken", "accent-soft"):
        assert contrast(scheme["ink"], scheme[ground]) >= 4.5
        assert contrast(scheme["ink-soft"], scheme[ground]) >= 4.5


def test_styles_say_nothing_in_words() -> None:
    """Nobody who can't see styles misses words (RGAA 10.2)."""
    files = [*PROJECT.glob("web/src/**/*.css"), *PROJECT.glob("src/casier/portal/static/**/*.css")]
    said = [
        (file.name, text)
        for file in files
        for text in re.findall(r"(?<![-\w])content:\s*([^;}]+)", file.read_text("utf-8"))
    ]
    assert [
        one
        for one in said
        if re.search(r"[a-zA-Zé]{2}", re.sub(r"attr\([^)]*\)|none|counter\([^)]*\)", "", one[1]))
    ] == []


@pytest.mark.parametrize(
    "file",
    [
        "web/src/styles/base.css",
        "src/casier/portal/static/casier/portal.css",
        "src/casier/engines/nginx/templates/error.html.j2",
    ],
)
def test_ground_and_words_get_their_colours_together(file: str) -> None:
    """Whoever sets one of them in a browser of their own never reads one colour on itself (RGAA 10.5)."""
    rule = re.search(r"(?m)^body \{([^}]*)\}", (PROJECT / file).read_text("utf-8"))
    assert rule is not None
    assert re.search(r"(?<![-\w])color:", rule[1])
    assert "background:" in rule[1]


def test_no_words_stand_on_a_picture() -> None:
    """A ground that is a picture might not come, and leave words on nothing (RGAA 10.5)."""
    files = [*PROJECT.glob("web/src/**/*.css"), *PROJECT.glob("src/casier/portal/static/**/*.css")]
    assert [
        file.name for file in files if re.search(r"background[-a-z]*:[^;}]*url\(", file.read_text("utf-8"))
    ] == []
