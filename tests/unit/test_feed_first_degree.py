"""What feeds of the first degree call otherwise, and what they alone tell: classes, families, who directs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from feed_scene import COLLEGE, LYCEE, SCHOOLS, applied, later, person
from feed_scene import academy as make_academy

from casier.directory.models import Academy, Posting
from casier.feed.reading.aaf import AafReader
from casier.feed.records import (
    DIRECTS_SCHOOL,
    Function,
    Operation,
    PersonRecord,
    PupilRecord,
    Record,
    SchoolRecord,
)

Values = dict[str, list[str]]


def read(folder: Path, kind: str, values: Values, tag: str = "add") -> Record:
    """The one record of a file of KIND that says VALUES."""
    category = "categorieStructure" if kind == "EtabEducNat" else "categoriePersonne"
    inner, more = ("attr", "") if tag == "add" else ("modification", ' operation="replace"')
    said = "".join(
        f'<{inner} name="{name}"{more}>'
        + ("".join(f"<value>{escape(one)}</value>" for one in given) or "<value/>")
        + f"</{inner}>"
        for name, given in values.items()
    )
    outer = "attributes" if tag == "add" else "modifications"
    (folder / f"ENT1D_Delta_20260901_{kind}_0000.xml").write_text(
        f'<ficAlimMENESR><{tag}Request><operationalAttributes><attr name="{category}"><value>{kind}</value>'
        f"</attr></operationalAttributes><identifier><id>7</id></identifier><{outer}>{said}</{outer}>"
        f"</{tag}Request></ficAlimMENESR>",
        "utf-8",
    )
    (record,) = AafReader([folder]).records()
    return record


def test_a_school_has_its_town(tmp_path: Path) -> None:
    record = read(
        tmp_path,
        "EtabEducNat",
        {
            "ENTStructureUAI": [LYCEE], "ENTStructureNomCourant": ["ECOLE PRIMAIRE LES TILLEULS"],
            "ENTStructureVille": ["FÉCAMP"], "ENTStructureCodePostal": ["76400"],
        },
    )  # fmt: skip
    assert isinstance(record, SchoolRecord)
    assert (record.city, record.postal_code, record.department) == ("FÉCAMP", "76400", "76")
    assert {"city", "postal_code"} <= record.given


def test_a_pupil_has_classes_and_those_with_authority(tmp_path: Path) -> None:
    record = read(
        tmp_path,
        "Eleve",
        {
            "ENTPersonNom": ["ROY"], "ENTPersonPrenom": ["Zoé"], "ENTPersonStructRattach": ["10"],
            "ENTPersonClasses": ["10$X$ELEM$5501$CE2 A", "10$CM1"],
            "ENTEleveAutoriteParentale": ["81$1$0$0$1", "82"],
        },
    )  # fmt: skip
    assert isinstance(record, PupilRecord)
    assert record.classes == ("CE2 A", "CM1")
    assert record.parents == ("81", "82")
    assert {"classes", "parents"} <= record.given


def staff(folder: Path, values: Values, tag: str = "add") -> PersonRecord:
    names: Values = {"ENTPersonNom": ["ROY"], "ENTPersonPrenom": ["Ali"]} if tag == "add" else {}
    record = read(folder, "PersEducNat", {**names, **values}, tag)
    assert isinstance(record, PersonRecord)
    return record


def test_who_directs_a_school_is_its_head(tmp_path: Path) -> None:
    record = staff(
        tmp_path,
        {
            "ENTPersonFonctions": ["10$ENS$ENSEIGNEMENT$$"], "ENTEnsFonctionDir": ["10", "20"],
            "ENTPersonStructRattach": ["10"],
        },
    )  # fmt: skip
    assert record.functions == (
        Function("10", "ENS", "ENSEIGNEMENT"),
        Function("10", "DIR", DIRECTS_SCHOOL),
        Function("20", "DIR", DIRECTS_SCHOOL),
    )


@pytest.mark.parametrize("said", [[], ["N"], ["oui"], ["$"]])
def test_a_word_is_no_school(tmp_path: Path, said: list[str]) -> None:
    record = staff(tmp_path, {"ENTPersonFonctions": ["10$ENS$$$"], "ENTEnsFonctionDir": said})
    assert record.functions == (Function("10", "ENS"),)


def test_a_direction_that_the_functions_tell_is_told_once(tmp_path: Path) -> None:
    said: Values = {"ENTPersonFonctions": ["10$DIR$DIRECTION$$"], "ENTEnsFonctionDir": ["10"]}
    assert staff(tmp_path, said).functions == (Function("10", "DIR", "DIRECTION"),)


def test_a_change_of_the_direction_alone_says_nothing_of_the_functions(tmp_path: Path) -> None:
    record = staff(tmp_path, {"ENTEnsFonctionDir": []}, "modify")
    assert record.given == {"direction"}
    assert record.functions == ()


# What becomes of it ---------------------------------------------------------------------------------
HEAD = (Function("E1", "ENS"), Function("E1", "DIR", DIRECTS_SCHOOL))


@pytest.fixture(autouse=True)
def _silent_redis(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("casier.audit.outbox.wake_worker", lambda _socket: None)
    monkeypatch.setattr("casier.directory.publishing._publish_now", lambda _account: None)


@pytest.fixture
def academy(db: None) -> Academy:
    owner = make_academy()
    applied(owner, *SCHOOLS, person("P1", functions=HEAD))
    return owner


def live(days: int) -> list[tuple[str, str]]:
    day = later(days).today()
    rows = Posting.objects.exclude(ends_on__lt=day).order_by("school__uai", "function")
    return list(rows.values_list("school__uai", "function"))


def changed(given: set[str], *functions: Function) -> PersonRecord:
    made = person("P1", "", "", functions, operation=Operation.MODIFY, birth_date=None)
    return replace(made, given=frozenset(given))


def test_a_change_of_functions_leaves_the_direction(academy: Academy) -> None:
    applied(
        academy,
        changed({"functions"}, Function("E1", "ENS"), Function("E2", "ENS")),
        complete=False,
        clock=later(1),
    )
    assert live(2) == [(LYCEE, "DIR"), (LYCEE, "ENS"), (COLLEGE, "ENS")]


def test_a_change_that_speaks_of_it_ends_it(academy: Academy) -> None:
    applied(
        academy, changed({"functions", "direction"}, Function("E1", "ENS")), complete=False, clock=later(1)
    )
    assert live(2) == [(LYCEE, "ENS")]


def test_a_whole_feed_that_no_longer_names_it_ends_it(academy: Academy) -> None:
    applied(academy, *SCHOOLS, person("P1", functions=HEAD[:1]), clock=later(1))
    assert live(2) == [(LYCEE, "ENS")]


def test_who_has_no_function_left_leaves_though_nothing_is_said_of_a_direction(academy: Academy) -> None:
    applied(academy, changed({"functions"}), complete=False, clock=later(1))
    assert live(2) == []
