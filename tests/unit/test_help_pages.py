"""The help pages: complete in both languages, and readable by the page that shows them."""

from __future__ import annotations

import re

import pytest

from casier.portal.help.pages import FOLDER, LANGUAGES, ORDER, page, pages


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


# Each capability of the mail page is explained on one of the pages.
EXPLAINED = {
    "announcements": "annonces", "cleaning": "menage", "filters": "filtres-et-absence",
    "followup": "etiquettes-et-suivi", "images": "images-et-liens", "labels": "etiquettes-et-suivi",
    "links": "liens", "notifications": "notifications", "palette": "clavier", "preview": "apercu",
    "receipts": "ecrire", "search": "recherche-et-clavier", "sendlater": "ecrire", "signatures": "signatures",
    "templates": "ecrire", "delegation": "boites-partagees", "teamwork": "boites-partagees",
    "device": "notifications", "offline": "hors-ligne", "restore": "retrouver",
    "transfer": "importer-exporter",
}  # fmt: skip
# Said by themselves until their pages are there.
UNEXPLAINED: set[str] = set()
FEATURES = FOLDER.parents[3] / "web/src/features"


def test_every_capability_has_its_page() -> None:
    there = {folder.name for folder in FEATURES.iterdir() if list(folder.glob("feature.ts*"))}
    assert there - set(EXPLAINED) - UNEXPLAINED == set(), "a capability that no page explains"
    assert set(EXPLAINED.values()) <= {one.topic for one in pages("fr")}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_has_a_small_picture_that_is_described(language: str) -> None:
    for one in pages(language):
        shown = re.findall(r'<img src="/static/([^"]+)" alt="([^"]*)"', one.html)
        assert shown, f"{language}/{one.topic} has no picture: bench/help_pictures makes them"
        for picture, words in shown:
            assert len(words) > 15, (one.topic, "what the picture shows, in words")
            assert (FOLDER.parent / "static" / picture).stat().st_size <= 30_000, picture


# What stands in quotes and is no button of ours: another program's, a mark, the beginning of a line.
SAID = {
    "fr": {"Enregistrer au format PDF", "au nom de", "mène à …", "sensible", "privé", "ne pas déranger"},
    "en": {"Save as PDF", "on behalf of", "leads to …", "confidential", "private", "do not disturb"},
}
QUOTED = {"fr": r"«([^»]+)»", "en": r"“([^”]+)”"}
WORDS = [*FOLDER.parents[3].glob("web/src/**/*.ts*"), *FOLDER.parent.glob("templates/**/*.html")]
WORDS += FOLDER.parents[1].glob("**/locale/en/**/*.po")


def _plain(text: str) -> str:
    """TEXT with one kind of space and of apostrophe."""
    for odd, usual in (("\\u00a0", " "), ("\\'", "’"), ("'", "’")):
        text = text.replace(odd, usual)
    return " ".join(text.split())


@pytest.mark.parametrize("language", LANGUAGES)
def test_buttons_are_called_what_they_are_called(language: str) -> None:
    shown = _plain(" ".join(file.read_text("utf-8") for file in WORDS if ".test." not in file.name))
    for file in sorted((FOLDER / language).glob("*.md")):
        text = file.read_text("utf-8")
        paths = [path for path in re.findall(r"\*\*([^*]+)\*\*", text) if "›" in path]
        named = [*re.findall(QUOTED[language], text), *(name for path in paths for name in path.split("›"))]
        unknown = {_plain(one).rstrip(".,") for one in named} - SAID[language]
        assert [one for one in unknown if one not in shown] == [], file.name


@pytest.mark.parametrize("language", LANGUAGES)
def test_tables_are_named_by_their_heading(language: str) -> None:
    for one in pages(language):
        assert one.html.count("<table") == one.html.count('<table aria-labelledby="table"') <= 1, one.topic


def test_french_spaces_hold() -> None:
    """A colon, a semicolon, a mark, the inside of quotes: never at the beginning or end of a line."""
    for file in sorted((FOLDER / "fr").glob("*.md")):
        written = re.sub(r"`[^`\n]*`|\]\([^)]*\)", "", file.read_text("utf-8"))
        assert re.findall(r".{0,20}(?:(?: |\n)[;:?!»](?=[ \n*.,]|$)|«[ \n])", written) == [], file.name


@pytest.mark.parametrize("language", LANGUAGES)
def test_apostrophes_are_curly(language: str) -> None:
    for file in sorted((FOLDER / language).glob("*.md")):
        assert re.findall(r".{0,20}'.{0,20}", file.read_text("utf-8")) == [], file.name


def test_an_unknown_page_is_none_and_an_unknown_language_french() -> None:
    assert page("fr", "nulle-part") is None
    assert pages("de") == pages("fr")
