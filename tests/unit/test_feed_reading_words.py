"""Every reason that the readers give has words in both languages, and the words have their facts."""

from __future__ import annotations

import re
from pathlib import Path

import casier.feed.reading
import casier.kernel.tables
from casier.feed.reading import words
from casier.feed.reading.columns import fields
from casier.feed.words import fault, told

READING = Path(casier.feed.reading.__file__).parent
SOURCES = [*READING.glob("*.py"), Path(casier.kernel.tables.__file__)]
CODE = "\n".join(path.read_text("utf-8") for path in SOURCES if path.name != "words.py")


def test_every_refusal_and_every_fault_has_words() -> None:
    refusals = set(re.findall(r'Refusal\(\s*"(\w+)"', CODE))
    refusals |= set(re.findall(r'Refused\([^"{]*"(\w+)"', CODE)) | set(
        re.findall(r'_(?:all_)?refused\(\w+, "(\w+)"', CODE)
    )
    assert refusals == words.REFUSALS.keys()
    faults = set(re.findall(r'reason="(\w+)"', CODE)) | set(re.findall(r'_bad\(\s*"(\w+)"', CODE))
    assert faults | {"two_extents", "two_days"} == words.FAULTS.keys()
    assert {*fields("people"), *fields("schools")} <= words.FIELDS.keys()


def test_both_languages_have_the_same_facts_and_french_its_spaces() -> None:
    for french, english in (*words.REFUSALS.values(), *words.FAULTS.values()):
        assert set(re.findall(r"{(\w+)}", french)) >= set(re.findall(r"{(\w+)}", english)), french
        assert not re.search(r" [:;?!»]|« |'", french), french
        assert "'" not in english
        assert french.endswith((".", "?"))


def test_a_run_says_what_the_readers_say() -> None:
    assert "6A" in told("bad_function", {"value": "6A"}, english=False)
    assert "prénom" in told("no_name", {"field": "given_name"}, english=False)
    assert told("no_name", {}, english=True) == "A given name and a family name are needed."
    assert "agents.xml" in fault(
        {"code": "bad_feed", "reason": "hostile", "file": "agents.xml"}, english=True
    )


def test_facts_fill_the_sentence() -> None:
    said = words.refusal("no_name", {"field": "given_name"}, english=False)
    assert said == "Il manque\u00a0: prénom. Complétez la fiche dans l’application d’origine."
    missing = {"reason": "columns_missing", "missing": ("given_name", "family_name")}
    assert "given name, family name" in words.fault(missing, english=True)
    assert words.refusal("of_tomorrow", {}, english=True) == "of_tomorrow"
    assert words.fault({"reason": "of_tomorrow"}, english=True) == ""
