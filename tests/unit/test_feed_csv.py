"""CSV feeds: columns proposed and kept, several functions of one person, and lines that are told."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casier.feed.reading.columns import ColumnMap, Proposal, propose
from casier.feed.reading.csv import CsvReader
from casier.feed.records import BadFeed, Operation, PersonRecord, Record, Refused, SchoolRecord
from casier.kernel.uai import key_letter
from feed_files import Academy, Shape, write_csv

UAI = "0760001" + key_letter("0760001")
NUMEN = "12A3456789XYZ"


def written(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "agents.csv"
    path.write_bytes(text.encode(encoding))
    return path


def read(folder: Path, text: str) -> list[Record]:
    path = written(folder, text)
    return list(CsvReader(path, propose(path).map).records())


def codes(records: list[Record]) -> list[str]:
    return [one.code if isinstance(one, Refused) else "read" for one in records]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "iso-8859-15", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_what_spreadsheets_save_is_read(delimiter: str, encoding: str, tmp_path: Path) -> None:
    text = "Prénom;Nom d'usage;Né(e) le\r\nÈve;Lœuf;31/12/1980\r\n".replace(";", delimiter)
    path = written(tmp_path, text, encoding)
    proposal = propose(path)
    assert proposal.missing == proposal.unknown == ()
    (record,) = CsvReader(path, proposal.map).records()
    assert isinstance(record, PersonRecord)
    assert (record.given_name, record.family_name, record.birth_date) == ("Ève", "Lœuf", date(1980, 12, 31))


def test_a_generated_file_gives_everyone_once(tmp_path: Path) -> None:
    academy = Academy(Shape(schools=10, people=300, seed=9))
    path = write_csv(academy, tmp_path / "numen.csv")
    proposal = propose(path)
    assert proposal.missing == proposal.unknown == ()
    people = [one for one in CsvReader(path, proposal.map).records() if isinstance(one, PersonRecord)]
    assert len(people) == 300
    by_numen = {one.numen.reveal(): one for one in people if one.numen}
    for person in academy.people():
        found = by_numen[person.numen]
        assert (found.given_name, found.birth_date) == (person.given_name, person.birth_date)
        assert len(found.functions) == len({(p.school, p.code) for p in person.postings})
        assert {c for f in found.functions for c in f.classes} == {
            c for p in person.postings for c, _ in p.teaching
        }


def test_columns_are_kept_and_used_again(tmp_path: Path) -> None:
    path = written(tmp_path, "Vorname;Name;Couleur\nAnne;Martin;bleu\n")
    first = propose(path)
    assert first.missing == ("given_name",)
    assert first.unknown == ("Vorname", "Couleur")
    chosen = ColumnMap({"given_name": "Vorname", "family_name": "Name"}, complete=True)
    kept = ColumnMap.from_json(json.loads(json.dumps(chosen.to_json())))
    assert kept == chosen
    again: Proposal = propose(path, kept)
    assert (again.map, again.missing, again.unknown) == (kept, (), ("Couleur",))
    assert CsvReader(path, kept).complete
    path = written(tmp_path, "Prenom;Nom\nAnne;Martin\n")
    assert propose(path, kept).map.columns == {"given_name": "Prenom", "family_name": "Nom"}
    with pytest.raises(BadFeed) as told:
        CsvReader(path, kept)
    assert told.value.facts["reason"] == "columns_gone"
    with pytest.raises(BadFeed) as told:
        CsvReader(path, ColumnMap({"given_name": "Prenom", "family_name": "Nom", "shoes": "Nom"}))
    assert told.value.facts["unknown"] == ("shoes",)


@pytest.mark.parametrize(
    "data",
    [None, {}, {"columns": {"password": "x"}, "holds": "people", "complete": False},
     {"columns": {"numen": 3}, "holds": "people", "complete": False},
     {"columns": {}, "holds": "pupils", "complete": False}],
)  # fmt: skip
def test_columns_that_were_not_kept_are_refused(data: object) -> None:
    with pytest.raises(BadFeed):
        ColumnMap.from_json(data)


def test_a_person_of_several_functions_stands_on_several_lines(tmp_path: Path) -> None:
    anne, other, again = read(
        tmp_path,
        "prenom;nom;naissance;uai;fonction;matiere;classes;debut;fin\n"
        f"Bob;Un;;{UAI};DIR;;;;\n"
        f"Anne;Martin;31/12/1980;{UAI};ens;Maths;6A, 6B;01/09/2026;31/08/2027\n"
        "Zoé;Deux;;12345;;;;;\n"
        "ANNE;MARTIN;31/12/1980;;DOC;;;;\n",
    )[0:3]
    assert isinstance(again, PersonRecord)
    assert [(one.school, one.code, one.classes) for one in again.functions] == [
        (UAI, "ENS", ("6A", "6B")),
        ("", "DOC", ()),
    ]
    assert again.functions[0].starts_on == date(2026, 9, 1)
    assert again.place.line == 3
    assert again.given >= {"functions", "classes", "subjects", "birth_date"}
    assert isinstance(other, PersonRecord)
    assert other.functions[0].school == "12345"
    assert other.functions[0].code == "-"
    assert isinstance(anne, PersonRecord)
    assert "birth_date" not in anne.given


def test_lines_of_one_person_that_differ_are_not_believed(tmp_path: Path) -> None:
    head = "cle;prenom;nom;naissance;uai\n"
    assert (
        codes(read(tmp_path, head + f"1;Anne;Martin;;{UAI}\n1;Anne;Petit;;{UAI}\n")) == ["lines_differ"] * 2
    )
    assert codes(read(tmp_path, head + f"1;Anne;Martin;;{UAI}\n1;Anne;Martin;;0760001A\n")) == [
        "other_line",
        "bad_uai",
    ]
    assert codes(read(tmp_path, head + f";Anne;Martin;;{UAI}\n;Anne;Martin;;\n")) == ["same_name"] * 2


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("Anne;;;;;", "no_name"),
        ("Anne;Martin;31/02/1980;;;", "bad_day"),
        ("Anne;Martin;;0760001A;;", "bad_uai"),
        ("Anne;Martin;;;12;", "bad_numen"),
        ("Anne;Martin;;;;chez moi", "bad_address"),
        ("Anne;Martin;;;;;;trop", "too_many_cells"),
        ("A" * 101 + ";Martin;;;;", "too_long"),
    ],
)
def test_a_bad_line_is_refused_alone_with_its_place(line: str, code: str, tmp_path: Path) -> None:
    text = f"prenom;nom;naissance;uai;numen;mel\nZoé;Un;;;;\n\n{line}\nZoé;Deux;;;;\n"
    first, second, third = read(tmp_path, text)
    assert isinstance(second, Refused)
    assert (second.code, second.place.number, second.place.line) == (code, 2, 4)
    assert codes([first, third]) == ["read", "read"]


def test_a_numen_is_never_shown(tmp_path: Path) -> None:
    path = written(tmp_path, f"prenom;nom;naissance;mystere\nAnne;Martin;{NUMEN};{NUMEN}\n")
    proposal = propose(path)
    (record,) = CsvReader(path, proposal.map).records()
    assert NUMEN not in repr(proposal) + repr(record)
    (record,) = read(tmp_path, f"prenom;nom;numen\nAnne;Martin;{NUMEN}\n")
    assert NUMEN not in repr(record)


def test_a_key_alone_adds_to_what_is_known(tmp_path: Path) -> None:
    (record,) = read(tmp_path, f"Jointure;NUMEN\n7;{NUMEN.lower()}\n")
    assert isinstance(record, PersonRecord)
    assert (record.operation, record.key, record.given) == (Operation.MODIFY, "7", {"numen"})


def test_schools_come_by_csv_too(tmp_path: Path) -> None:
    text = f"UAI;Dénomination;Commune;Code postal\n{UAI};Collège A;Rouen;76000\n{UAI};B;;\n0760001A;C;;\n"
    first, *others = read(tmp_path, text)
    assert isinstance(first, SchoolRecord)
    assert (first.key, first.name, first.department) == (UAI, "Collège A", "76")
    assert codes(others) == ["same_school", "bad_uai"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b";;;\n\n", "empty"),
        (b"PK\x03\x04rest", "workbook"),
        (b"\xd0\xcf\x11\xe0rest", "workbook"),
        (b"a" * 3_000_000, "line_too_long"),
        (b'prenom;nom\n"Anne;' + b"x\n" * 90_000, "quotes"),
        (b'prenom;nom\n"Anne;Martin\nLuc;Durand\n', "quotes"),  # or Luc would be lost
        (b'prenom;nom\nLuc;"Durand', "quotes"),
        (b'prenom;nom\n"Anne;Martin\n"Luc";Durand\nEve;Petit\n', "quotes"),
        (b";".join([b"a"] * 600), "too_many_columns"),
        (b"prenom\nAnne\n", "columns_missing"),
    ],
)
def test_what_is_no_table_is_refused(content: bytes, reason: str, tmp_path: Path) -> None:
    path = tmp_path / "agents.csv"
    path.write_bytes(content)
    with pytest.raises(BadFeed) as told:
        list(CsvReader(path, propose(path).map).records())
    assert told.value.facts["reason"] == reason


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadFeed):
        propose(tmp_path / "no.csv")
    with pytest.raises(BadFeed):
        CsvReader(tmp_path / "no.csv", ColumnMap())


def test_cells_are_only_text(tmp_path: Path) -> None:
    (record,) = read(tmp_path, 'prenom;nom\n"=HYPERLINK(""x"")";"<script>\u202e\x00alert\n1</script>"\n')
    assert isinstance(record, PersonRecord)
    assert record.given_name == '=HYPERLINK("x")'
    assert record.family_name == "<script> alert 1</script>"


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reading(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes(b"prenom;nom;numen;uai;debut\n" + content)
    with suppress(BadFeed):
        list(CsvReader(path, propose(path).map).records())


def test_a_refused_line_still_says_whose_it_is(tmp_path: Path) -> None:
    (record,) = read(tmp_path, f"prenom;nom;naissance;numen\nAnne;Martin;hier;{NUMEN}\n")
    assert isinstance(record, Refused)
    assert (record.given_name, record.family_name) == ("Anne", "Martin")
    assert record.numen is not None
    assert record.numen.reveal() == NUMEN
    assert NUMEN not in repr(record)


def test_quotes_that_nobody_needs_are_let_be(tmp_path: Path) -> None:
    lines = 'prenom;nom\n"Anne" ;Martin\nLuc;D"Arc\n"Eve";"Le\r\nGall"\n"Zoé";"dite ""Zo"""\n'
    people = [one for one in read(tmp_path, lines) if isinstance(one, PersonRecord)]
    assert [one.given_name for one in people] == ["Anne", "Luc", "Eve", "Zoé"]
    assert [one.family_name for one in people] == ["Martin", 'D"Arc', "Le Gall", 'dite "Zo"']


@pytest.mark.parametrize("again", ["Prénom;Nom", '"PRENOM" ; Nom', "Prénom;Nom;"])
def test_a_first_line_that_comes_again_is_nobody(again: str, tmp_path: Path) -> None:
    records = read(tmp_path, f"Prénom;Nom\nAnne;Martin\n{again}\nLuc;Durand\n")
    people = [one for one in records if isinstance(one, PersonRecord)]
    assert [(one.given_name, one.place.line) for one in people] == [("Anne", 2), ("Luc", 4)]
    assert len(records) == 2
