"""Letters that a feed writes as HTML does: read as what they mean, once, from HTML's own list alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casier.feed.reading.aaf import AafReader
from casier.feed.reading.hardened import unescaped
from casier.feed.records import BadFeed, PersonRecord

NAME = "ENT_Delta_20260901_PersEducNat_0000.xml"
HEADS = {
    "nothing": "",
    "declaration": '<?xml version="1.0" encoding="ISO-8859-15"?>\n',
    "its type": '<?xml version="1.0"?>\n<!DOCTYPE ficAlimMENESR SYSTEM "ficAlimMENESR.dtd">\n',
}


def read(folder: Path, family: str, head: str = "", given_name: str = "Anne") -> PersonRecord:
    """The person whose family name is written as FAMILY, between the tags."""
    (folder / NAME).write_text(
        f'{head}<ficAlimMENESR><addRequest><operationalAttributes><attr name="categoriePersonne">'
        "<value>PersEducNat</value></attr></operationalAttributes><identifier><id>7</id></identifier>"
        f'<attributes><attr name="sn"><value>{family}</value></attr>'
        f'<attr name="givenName"><value>{given_name}</value></attr></attributes></addRequest>'
        "</ficAlimMENESR>",
        "utf-8",
    )
    (record,) = AafReader([folder]).records()
    assert isinstance(record, PersonRecord)
    return record


@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS)
@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("LEF&Egrave;VRE", "LEFÈVRE"),  # which XML doesn't know, without a description that says so
        ("&OElig;UVRARD", "ŒUVRARD"),
        ("D&amp;apos;ARC", "D'ARC"),
        ("D&amp;#039;ARC", "D'ARC"),
        ("D&amp;#x2019;ARC", "D’ARC"),
        ("M&amp;Uuml;LLER", "MÜLLER"),
        ("DUPONT &amp;amp; FILS", "DUPONT & FILS"),
        ("DUPONT &amp; FILS", "DUPONT & FILS"),
        ("&#201;LOI", "ÉLOI"),
        ("&amp;amp;Eacute;LOI", "&Eacute;LOI"),  # once and no further
        ("A&amp;zebra;B", "A&zebra;B"),
        ("R&amp;D", "R&D"),
        ("A&amp;nbsp;B", "A B"),
        ("A&amp;#0;B&amp;#27;", "A\ufffdB"),
    ],
)
def test_letters_are_read_as_what_they_mean(tmp_path: Path, written: str, name: str, head: str) -> None:
    record = read(tmp_path, written, head)
    assert (record.family_name, record.given_name) == (name, "Anne")


@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS)
@pytest.mark.parametrize("written", ["&secret;", "&zebra;", "A&eacutes;"])
def test_what_no_list_knows_is_refused_as_ever(tmp_path: Path, written: str, head: str) -> None:
    with pytest.raises(BadFeed) as told:
        read(tmp_path, written, head)
    assert told.value.facts["reason"] == "hostile"


def test_a_letter_outside_of_a_value_is_no_letter(tmp_path: Path) -> None:
    with pytest.raises(BadFeed) as told:
        read(tmp_path, "MARTIN</value>&eacute;<value>")
    assert told.value.facts["reason"] == "hostile"


@given(st.text())
def test_what_has_no_reference_stays_and_nothing_grows(text: str) -> None:
    assert len(unescaped(text)) <= len(text)
    assert unescaped(text) == text or "&" in text
