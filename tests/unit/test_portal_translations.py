"""English is complete, and what is shipped compiled is what is written."""

from __future__ import annotations

import ast
import gettext
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import casier.portal

PORTAL = Path(casier.portal.__file__).parent
CATALOGUE = PORTAL / "locale/en/LC_MESSAGES/django.po"
# Rooms of the portal, the console, identity and the mailbox have catalogues of their own, in their folders.
SOURCE = PORTAL.parent
CATALOGUES = [
    CATALOGUE,
    *(
        catalogue
        for place in ("portal", "mailbox", "identity", "console")
        for catalogue in sorted((SOURCE / place).rglob("locale/en/LC_MESSAGES/django.po"))
        if catalogue != CATALOGUE
    ),
]
NO_BREAK = "\u00a0"


@pytest.fixture(scope="module")
def english() -> dict[str, str]:
    catalogue: dict[str, str] = {}
    for source in CATALOGUES:
        with source.with_suffix(".mo").open("rb") as file:
            catalogue |= gettext.GNUTranslations(file)._catalog
    return catalogue


def unquoted(text: str) -> str:
    return re.sub(r"\\(.)", lambda sign: {"n": "\n"}.get(sign[1], sign[1]), text)


def test_the_compiled_catalogue_is_that_of_the_source(english: dict[str, str]) -> None:
    texts = [source.read_text(encoding="utf-8") for source in CATALOGUES]
    pairs = [
        pair for text in texts for pair in re.findall(r'^msgid "(.+)"\nmsgstr "(.*)"$', text, re.MULTILINE)
    ]
    assert len(pairs) > 100
    assert {unquoted(french): unquoted(words) for french, words in pairs}.items() <= english.items()
    assert not any(", fuzzy" in text for text in texts)
    assert all(words for _, words in pairs)


def test_every_sentence_of_a_page_is_in_english_too(english: dict[str, str]) -> None:
    for page in sorted([*PORTAL.rglob("*.html"), *(SOURCE / "console").rglob("*.html")]):
        for _, sentence in re.findall(r"""\{% translate (["'])(.+?)\1 %\}""", page.read_text("utf-8")):
            assert sentence in english, f"{page.name}: {sentence}"


def test_every_sentence_of_the_code_is_in_english_too(english: dict[str, str]) -> None:
    places = ("portal", "mailbox", "identity", "console")
    modules = [module for place in places for module in (SOURCE / place).rglob("*.py")]
    for module in modules:
        for sentence in re.findall(r"""\b_\((?:"(.+?)"|'.+?')\)""", module.read_text("utf-8")):
            assert unquoted(sentence) in english, f"{module.name}: {sentence}"


def in_page(text: str) -> Iterator[str]:
    """The sentences of a template, as a catalogue has them."""
    for _, sentence in re.findall(r"""(?:translate|_\()\s*(["'])(.+?)\1""", text):
        yield sentence
    for body in re.findall(r"\{% blocktranslate\b[^%]*%\}(.*?)\{% endblocktranslate %\}", text, re.DOTALL):
        for part in body.split("{% plural %}"):
            yield re.sub(r"\{\{ ?(\w+) ?\}\}", r"%(\1)s", part)


def in_module(text: str) -> Iterator[str]:
    """Every text of a module: some are translated far from where they stand."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def test_no_catalogue_keeps_what_nothing_says_any_more(english: dict[str, str]) -> None:
    said = {""}
    for module in SOURCE.rglob("*.py"):
        said.update(in_module(module.read_text("utf-8")))
    for page in SOURCE.rglob("*.html"):
        said.update(in_page(page.read_text("utf-8")))
    kept = {key[0] if isinstance(key, tuple) else key for key in english}
    assert kept - said == set()


def test_french_signs_keep_to_their_word(english: dict[str, str]) -> None:
    for sentence in (key for key in english if isinstance(key, str)):
        assert not re.search(r"\w [:;?!»]|« ", sentence), sentence
