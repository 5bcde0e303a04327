"""Files that say the wrong thing of their letters, or nothing: real feeds pass through many programs."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casier.feed.reading.aaf import AafReader
from casier.feed.reading.columns import propose
from casier.feed.reading.csv import CsvReader
from casier.feed.records import BadFeed, PersonRecord
from casier.kernel.misread import in_utf8

NAME = "ENT_Delta_20260901_PersEducNat_0000.xml"


def feed(encoding: str, *families: str) -> str:
    declared = f'<?xml version="1.0" encoding="{encoding}"?>' if encoding else ""
    return declared + "<ficAlimMENESR>" + "".join(map(_person, families)) + "</ficAlimMENESR>"


def _person(family: str) -> str:
    return (
        '<addRequest><operationalAttributes><attr name="categoriePersonne"><value>PersEducNat</value></attr>'
        f"</operationalAttributes><identifier><id>{len(family)}</id></identifier><attributes>"
        f'<attr name="sn"><value>{family}</value></attr><attr name="givenName"><value>Zoé</value></attr>'
        "</attributes></addRequest>"
    )


def read(folder: Path, content: bytes) -> list[tuple[str, str]]:
    (folder / NAME).write_bytes(content)
    records = list(AafReader([folder]).records())
    return [(one.given_name, one.family_name) for one in records if isinstance(one, PersonRecord)]


@pytest.mark.parametrize(
    ("says", "written"),
    [
        ("ISO-8859-1", "utf-8"),
        ("ISO-8859-15", "utf-8"),
        ("latin-9", "iso-8859-15"),
        ("latin9", "iso-8859-15"),
        ("UTF-16", "utf-8"),
        ("UTF-16", "iso-8859-15"),
        ("UTF-16", "utf-16-le"),
        ("UTF-16", "utf-16-be"),
        ("UTF-16BE", "utf-16-be"),
        ("UTF-8", "utf-16-le"),
        ("", "utf-16-be"),
        ("", "utf-8"),
        ("", "iso-8859-15"),
    ],
)
def test_letters_are_read_as_the_bytes_say(says: str, written: str, tmp_path: Path) -> None:
    assert read(tmp_path, feed(says, "ŒUVRÉ").encode(written)) == [("Zoé", "ŒUVRÉ")]
    # spaces before the declaration, as programs that paste files together leave them
    if not written.startswith("utf-16"):
        assert read(tmp_path, b"\n " + feed(says, "ŒUVRÉ").encode(written)) == [("Zoé", "ŒUVRÉ")]


def test_one_record_in_other_letters_spoils_no_other(tmp_path: Path) -> None:
    whole = feed("", "LÉA", "ŒUVRÉ")
    mixed = whole.encode().replace("LÉA".encode(), "LÉA".encode("iso-8859-15"))
    assert read(tmp_path, mixed) == [("Zoé", "LÉA"), ("Zoé", "ŒUVRÉ")]


def test_an_encoding_of_no_feed_is_still_refused(tmp_path: Path) -> None:
    for content in (feed("UTF-7", "A").encode(), codecs.BOM_UTF32_LE + feed("", "A").encode("utf-32-le")):
        with pytest.raises(BadFeed):
            read(tmp_path, content)


def test_one_line_in_other_letters_spoils_no_other(tmp_path: Path) -> None:
    head, first, last = "Prénom;Nom;Né le\n", "Zoé;Œuvré;31/12/1980\n", "Léa;Gaëtan;31/12/1981\n"
    path = tmp_path / "agents.csv"
    for last_in in ("cp1252", "iso-8859-15"):
        path.write_bytes((head + first).encode() + last.encode(last_in))
        records = [
            one for one in CsvReader(path, propose(path).map).records() if isinstance(one, PersonRecord)
        ]
        assert [(one.given_name, one.family_name) for one in records] == [("Zoé", "Œuvré"), ("Léa", "Gaëtan")]


@given(st.text("ÀÂÇÉÈÊËÎÏÔÖÙÛÜŸŒàâçéèêëîïôöùûüÿœ'- ABCxyz", max_size=40))
def test_what_is_right_stays_and_what_was_misread_is_mended(name: str) -> None:
    for encoding in ("iso-8859-15", "iso-8859-1", "cp1252"):
        if name.encode(encoding, "ignore").decode(encoding) == name:
            assert in_utf8(name, encoding) == name
        if encoding != "cp1252":
            assert in_utf8(name.encode().decode(encoding), encoding) == name
