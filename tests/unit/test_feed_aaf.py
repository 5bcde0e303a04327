"""What the field's AAF files hold, with their quirks, and the records that come of it."""

from __future__ import annotations

import tarfile
import tracemalloc
import zipfile
from datetime import date
from itertools import groupby
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casier.feed.reading.aaf import AafReader
from casier.feed.reading.cleaning import cleaned, department_of
from casier.feed.records import (
    BadFeed,
    Function,
    Operation,
    PersonRecord,
    PupilRecord,
    Record,
    Refused,
    SchoolRecord,
)
from casier.kernel.uai import key_letter
from feed_files import Academy, Changes, Form, Shape, write_complete, write_delta

Values = dict[str, str | list[str]]
DAY = date(2026, 9, 1)


def attributes(values: Values, tag: str = "attr", more: str = "") -> str:
    def of(value: str | list[str]) -> str:
        values = [value] if isinstance(value, str) else value
        return "".join(f"<value>{escape(one)}</value>" for one in values) or "<value/>"

    return "".join(f'<{tag} name="{name}"{more}>{of(value)}</{tag}>' for name, value in values.items())


def request(kind: str, key: str, values: Values, tag: str = "add") -> str:
    category = "categorieStructure" if kind == "EtabEducNat" else "categoriePersonne"
    changed = attributes(values, "modification", ' operation="replace"')
    inside = {
        "add": f"<attributes>{attributes(values)}</attributes>",
        "modify": f"<modifications>{changed}</modifications>",
        "delete": "",
    }[tag]
    return (
        f"<{tag}Request><operationalAttributes>{attributes({category: kind})}</operationalAttributes>"
        f"<identifier><id>{key}</id></identifier>{inside}</{tag}Request>"
    )


def read(folder: Path, body: str, name: str = "ENT_Delta_20260901_PersEducNat_0000.xml") -> list[Record]:
    (folder / name).write_text(f"<ficAlimMENESR>{body}</ficAlimMENESR>", "utf-8")
    return list(AafReader([folder]).records())


def person(folder: Path, values: Values, tag: str = "add") -> Record:
    names: Values = {"sn": "MARTIN", "givenName": "Anne"} if tag == "add" else {}
    (record,) = read(folder, request("PersEducNat", "7", {**names, **values}, tag))
    return record


def functions(folder: Path, values: Values, tag: str = "add") -> tuple[Function, ...]:
    record = person(folder, values, tag)
    assert isinstance(record, PersonRecord)
    return record.functions


@pytest.mark.parametrize(
    "form",
    [
        Form(),
        Form(declared=False),
        Form(mark=True, declared=False),
        Form(encoding="iso-8859-15"),
        Form(encoding="iso-8859-15", declared=False, doctype=False),
        Form(encoding="iso-8859-1"),
        Form(encoding="utf-16"),
        Form(records=40),
    ],
    ids=repr,
)
def test_a_feed_reads_the_same_in_every_form(form: Form, tmp_path: Path) -> None:
    academy = Academy(Shape(schools=6, people=90, pupils=20, seed=2))
    write_complete(academy, tmp_path, DAY, form)
    reader = AafReader([tmp_path])
    records = list(reader.records())
    assert not [one for one in records if isinstance(one, Refused)]
    kinds = [key for key, _ in groupby(getattr(one, "kind", "person") if isinstance(one, PupilRecord) else
                                       type(one).__name__ for one in records)]  # fmt: skip
    assert kinds == ["SchoolRecord", "PersonRecord", "pupil", "parent"]
    assert reader.complete
    assert reader.covers == {"schools", "people", "pupils", "parents"}
    people = [one for one in records if isinstance(one, PersonRecord)]
    assert [(one.key, one.family_name, one.birth_date) for one in people] == [
        (one.key, one.family_name, one.birth_date) for one in academy.people()
    ]
    told = {(one.key, f.school, f.code) for one in people for f in one.functions}
    assert told == {(one.key, p.school, p.code) for one in academy.people() for p in one.postings}
    schools = [one for one in records if isinstance(one, SchoolRecord)]
    assert [(one.uai, one.department, one.city) for one in schools] == [
        (one.uai, one.department, one.city) for one in academy.schools()
    ]
    assert not any("-ac-" in one.name for one in schools)


def test_archives_and_folders_read_like_files(tmp_path: Path) -> None:
    academy = Academy(Shape(schools=5, people=40, seed=2))
    paths = write_complete(academy, tmp_path / "files", DAY)
    expected = list(AafReader(paths).records())
    with zipfile.ZipFile(tmp_path / "feed.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for path in reversed(paths):
            archive.write(path, f"deep/{path.name}")
    with tarfile.open(tmp_path / "feed.tar.gz", "w:gz") as packed:
        for path in reversed(paths):
            packed.add(path, path.name)
    for place in (tmp_path / "files", tmp_path / "feed.zip", tmp_path / "feed.tar.gz"):
        assert list(AafReader([place]).records()) == expected
    assert list(AafReader([*paths, *paths]).records()) == expected


def test_a_delta_adds_changes_and_deletes(tmp_path: Path) -> None:
    before = Academy(Shape(schools=8, people=100, seed=5))
    after = before.after(Changes(arrivals=3, departures=2, moves=5, marriages=1))
    write_delta(before, after, tmp_path, DAY)
    reader = AafReader([tmp_path])
    people = [one for one in reader.records() if isinstance(one, PersonRecord)]
    assert not reader.complete
    assert [one.operation for one in people].count(Operation.DELETE) == 2
    assert [one.operation for one in people].count(Operation.ADD) == 3
    (married,) = [one for one in people if one.operation is Operation.MODIFY and "family_name" in one.given]
    assert married.given == {"family_name"}
    assert married.functions == ()


def test_what_is_taught_joins_the_function_of_its_school(tmp_path: Path) -> None:
    subjects = (
        "<addRequest><operationalAttributes><attr name='categorieMatiere'><value>Matiere</value></attr>"
        "</operationalAttributes><identifier><id>061300</id></identifier><attributes>"
        + attributes({"ENTMatJointure": "061300", "ENTLibelleMatiere": "MATHEMATIQUES"})
        + "</attributes></addRequest>"
    )
    (tmp_path / "ENT_Delta_20260901_MatiereEducNat_0000.xml").write_text(
        f"<ficAlimMENESR>{subjects}</ficAlimMENESR>"
    )
    found = functions(
        tmp_path,
        {
            "ENTPersonFonctions": ["10$ENS$ENSEIGNEMENT$L1300$MATHEMATIQUES", "20$DIR$DIRECTION$$", "30$-$-"],
            "ENTAuxEnsClassesMatieres": ["10$3A$061300", "10$4B$061300", "40$6C$999999"],
            "ENTAuxEnsClassesPrincipal": ["10$3A"],
        },
    )
    assert found == (
        Function("10", "ENS", "ENSEIGNEMENT", None, None, ("MATHEMATIQUES",), ("3A", "4B"), ("3A",)),
        Function("20", "DIR", "DIRECTION"),
        Function("30", "-"),
        Function("40", "ENS", "", None, None, ("999999",), ("6C",)),
    )


def test_two_posts_of_one_function_are_one(tmp_path: Path) -> None:
    value = ["10$ENS$ENSEIGNEMENT$L1300$MATHEMATIQUES", "10$ens$ENSEIGNEMENT$L1500$PHYSIQUE CHIMIE"]
    (found,) = functions(tmp_path, {"ENTPersonFonctions": value})
    assert found.subjects == ("MATHEMATIQUES", "PHYSIQUE CHIMIE")


def test_without_a_function_the_school_one_is_attached_to_is_known(tmp_path: Path) -> None:
    assert functions(tmp_path, {"ENTPersonFonctions": [], "ENTPersonStructRattach": "99"}) == (
        Function("99", "-"),
    )


def test_the_discipline_of_the_post_names_the_subject_where_nothing_else_does(tmp_path: Path) -> None:
    values: Values = {
        "ENTPersonFonctions": "10$ENS$ENSEIGNEMENT",
        "ENTAuxEnsDisciplinesPoste": "ANGLAIS$0422",
    }
    assert functions(tmp_path, values)[0].subjects == ("ANGLAIS",)


def test_a_change_of_classes_alone_says_nothing_of_the_functions(tmp_path: Path) -> None:
    record = person(tmp_path, {"ENTAuxEnsClassesMatieres": ["10$3A$061300"]}, "modify")
    assert isinstance(record, PersonRecord)
    assert record.given == {"classes"}
    assert record.functions == (Function("10", "", subjects=("061300",), classes=("3A",)),)


def test_names_of_first_degree_feeds(tmp_path: Path) -> None:
    values: Values = {
        "ENTPersonNom": "LE GOFF",
        "ENTPersonPrenom": "Gaëlle",
        "ENTPersonCivilite": "Mme",
        "ENTPersonMail": "",
    }
    (record,) = read(tmp_path, request("PersEducNat", "7", values))
    assert isinstance(record, PersonRecord)
    assert (record.family_name, record.given_name, record.title) == ("LE GOFF", "Gaëlle", "Mme")
    assert record.address == ""


def test_a_pupil_names_those_who_answer_for_them_in_either_way(tmp_path: Path) -> None:
    new: Values = {"ENTElevePersRelEleve": ["71$1$1$1$0$0", "72$2$0$1$0$0"], "ENTEleveClasses": ["10$3E 2"]}
    old: Values = {"ENTElevePere": "81", "ENTEleveMere": "82", "ENTEleveAutoriteParentale": ["81", "82"]}
    names: Values = {"sn": "A", "givenName": "B", "ENTPersonStructRattach": "10"}
    body = request("Eleve", "1", {**names, **new}) + request("Eleve", "2", {**names, **old})
    first, second = read(tmp_path, body, "ENT_Delta_20260901_Eleve_0000.xml")
    assert isinstance(first, PupilRecord)
    assert isinstance(second, PupilRecord)
    assert (first.parents, first.classes, first.school) == (("71", "72"), ("3E 2",), "10")
    assert second.parents == ("81", "82")


BAD: dict[str, tuple[Values, str]] = {
    "no name": ({"sn": ""}, "no_name"),
    "no day": ({"ENTPersonDateNaissance": "31/02/1980"}, "bad_day"),
    "a day of long ago": ({"ENTPersonDateNaissance": "01/01/0001"}, "bad_day"),
    "a long name": ({"sn": "A" * 101}, "too_long"),
    "another key inside": ({"ENTPersonJointure": "8"}, "two_keys"),
    "a function of no school": ({"ENTPersonFonctions": "$ENS$ENSEIGNEMENT"}, "bad_function"),
    "a function without code": ({"ENTPersonFonctions": "10"}, "bad_function"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_record_is_refused_alone(case: str, tmp_path: Path) -> None:
    values, code = BAD[case]
    good: Values = {"sn": "MARTIN", "givenName": "Anne"}
    body = request("PersEducNat", "6", good) + request("PersEducNat", "7", {**good, **values})
    first, second, third = read(tmp_path, body + request("PersEducNat", "9", good))
    assert isinstance(second, Refused)
    assert (second.code, second.key, second.place.number) == (code, "7", 2)
    assert isinstance(first, PersonRecord)
    assert isinstance(third, PersonRecord)


def test_odd_requests_are_told_not_lost(tmp_path: Path) -> None:
    good: Values = {"sn": "MARTIN", "givenName": "Anne"}
    body = (
        request("PersEducNat", "", good)
        + request("PersCollec", "1", good)
        + "<otherRequest><identifier><id>5</id></identifier></otherRequest>"
        + request("PersEducNat", "2", good, "modify").replace("replace", "append")
        + request("EtabEducNat", "3", {"ENTStructureUAI": "0761234A", "ENTStructureNomCourant": "X"})
    )
    records = read(tmp_path, body)
    assert [one.code for one in records if isinstance(one, Refused)] == [
        "no_key",
        "unknown_category",
        "unknown_request",
        "unknown_modification",
        "bad_uai",
    ]


def test_schools_come_first_though_one_file_holds_all(tmp_path: Path) -> None:
    school: Values = {"ENTStructureUAI": "0760001" + key_letter("0760001"), "ENTStructureNomCourant": "X"}
    names: Values = {"sn": "MARTIN", "givenName": "Anne"}
    body = request("EtabEducNat", "3", school) + request("Eleve", "4", names)
    body += request("PersEducNat", "5", names) + request("EtabEducNat", "6", school)
    records = read(tmp_path, body, "export.xml")
    assert [one.key for one in records] == ["3", "6", "5", "4"]
    assert not any(isinstance(one, Refused) for one in records)


@pytest.mark.parametrize(
    ("ends", "reason"),
    [
        (("Complet_20260901_PersEducNat_0000", "Delta_20260901_EtabEducNat_0000"), "two_extents"),
        (("Delta_20260901_PersEducNat_0000", "Delta_20260902_PersEducNat_0000"), "two_days"),
        (("Complet_20260901_PersEducNat_0000", "Complet_20260901_PersEducNat_0002"), "missing_part"),
        (("Complet_20260901_PersEducNat_0003",), "missing_part"),
    ],
)
def test_files_that_are_not_one_feed_are_refused(ends: tuple[str, ...], reason: str, tmp_path: Path) -> None:
    for end in ends:
        (tmp_path / f"ENT_{end}.xml").write_text("<ficAlimMENESR/>")
    with pytest.raises(BadFeed) as told:
        AafReader([tmp_path])
    assert told.value.facts["reason"] == reason


def test_only_names_make_a_feed_complete_and_never_those_of_one_school(tmp_path: Path) -> None:
    for number, (name, complete) in enumerate(
        {
            "ENT_Complet_20260901_PersEducNat_0000.xml": True,
            "ENT_0761234V_Complet_20260901_PersEducNat_0000.xml": False,
            "ENT_Delta_20260901_PersEducNat_0000.xml": False,
            "agents.xml": False,
        }.items()
    ):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / name).write_text("<ficAlimMENESR/>")
        assert AafReader([folder]).complete is complete
        assert AafReader([folder], complete=not complete).complete is not complete


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("  D\u0092ORNANO ", "D’ORNANO"),  # an apostrophe of Windows-1252, declared as ISO-8859
        ("Ele\u0301onore", "Eléonore"),
        ("Jean\u202eetreip", "Jeanetreip"),
        ("A\u00a0\t B\u200b", "A B"),
        ("L\u0153b", "Lœb"),
    ],
)
def test_values_are_cleaned(written: str, text: str) -> None:
    assert cleaned(written) == text


@given(st.text())
def test_cleaning_is_done_once_and_for_all(text: str) -> None:
    once = cleaned(text)
    assert cleaned(once) == once
    assert once.isprintable()


@pytest.mark.parametrize(
    ("uai", "postal_code", "department"),
    [("0761234V", "", "76"), ("6200001G", "", "2A"), ("9741234X", "", "974"), ("", "20200", "2B"),
     ("", "97400", "974"), ("", "76000", "76"), ("", "?", "")],
)  # fmt: skip
def test_departments(uai: str, postal_code: str, department: str) -> None:
    assert department_of(uai, postal_code) == department


def test_what_older_feeds_say_of_teaching(tmp_path: Path) -> None:
    (found,) = functions(
        tmp_path,
        {
            "ENTPersonFonctions": "10$ENS$ENSEIGNEMENT$L1600$SCIENCES VIE ET TERRE",
            "ENTAuxEnsClasses": ["10$3E2", "10$3E3"],
            "ENTAuxEnsMatiereEnseignEtab": "10$SCIENCES DE LA VIE ET DE LA TERRE",
            "ENTAuxEnsMEF": ["10$10310019110$3EME"],
        },
    )
    assert found.classes == ("3E2", "3E3")
    assert found.subjects == ("SCIENCES DE LA VIE ET DE LA TERRE", "SCIENCES VIE ET TERRE")


def test_reading_takes_the_same_memory_however_many_there_are(tmp_path: Path) -> None:
    peaks = []
    for people in (300, 1500):
        folder = tmp_path / str(people)
        write_complete(Academy(Shape(schools=5, people=people, seed=2)), folder, DAY)
        tracemalloc.start()
        assert sum(1 for _ in AafReader([folder]).records()) == people + 5
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.3


def test_parts_are_read_in_their_order_wherever_they_lie(tmp_path: Path) -> None:
    paths = []
    for part in (2, 0, 1):
        paths.append(tmp_path / str(part) / f"ENT_Complet_20260901_PersEducNat_000{part}.xml")
        paths[-1].parent.mkdir()
        paths[-1].write_text("<ficAlimMENESR/>")
    assert [name[-5] for name in AafReader(paths).files] == ["0", "1", "2"]
