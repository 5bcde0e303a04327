"""The help pages: complete in both languages, and readable by the page that shows them."""

from __future__ import annotations

import re

import pytest

from casier.portal.help.pages import FOLDER, LANGUAGES, ORDER, page, pages

NO_BREAK = "\u00a0"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_has_a_title_and_a_sentence(language: str) -> None:
    for one in pages(language):
        assert one.title, one.topic
        assert one.summary.endswith((".", "?")), one.topic
        assert "<h1" not in one.html


def test_both_languages_have_the_same_pages() -> None:
    french, english = ({one.topic for one in pages(language)} for language in LANGUAGES)
    assert french == english
    assert french <= set(ORDER), "a page that is in no order"


def test_pictures_that_are_named_exist() -> None:
    for language in LANGUAGES:
        for one in pages(language):
            for picture in re.findall(r'src="/static/([^"]+)"', one.html):
                assert (FOLDER.parent / "static" / picture).is_file(), picture


def test_an_unknown_page_is_none_and_an_unknown_language_french() -> None:
    assert page("fr", "nulle-part") is None
    assert pages("de") == pages("fr")
