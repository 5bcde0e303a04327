"""The generator keeps its word: the same seed, the same bytes; what changed is what the delta tells."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

from casier.directory.numen import parse_numen
from casier.kernel.uai import parse_uai
from feed_files import Academy, Changes, Form, Shape, write_complete, write_csv, write_delta

DAY = date(2026, 9, 1)
SHAPE = Shape(schools=25, people=400, pupils=120, seed=3)


def test_the_same_seed_gives_the_same_bytes_and_another_one_others(tmp_path: Path) -> None:
    made = [
        [path.read_bytes() for path in write_complete(Academy(shape), tmp_path / name, DAY)]
        for name, shape in (("one", SHAPE), ("two", SHAPE), ("three", Shape(schools=25, people=400, seed=4)))
    ]
    assert made[0] == made[1]
    assert made[0] != made[2]


def test_an_academy_has_all_that_makes_matching_hard() -> None:
    people = list(Academy(Shape(schools=60, people=3000, seed=3)).people())
    schools = {school.key: school for school in Academy(Shape(schools=60, people=3000, seed=3)).schools()}
    assert all(parse_uai(school.uai) for school in schools.values())
    assert len({parse_numen(person.numen).reveal() for person in people}) == len(people)
    names = Counter((person.given_name, person.family_name) for person in people)
    assert max(names.values()) > 2
    assert any(len(person.postings) == 3 for person in people)
    assert any(posting.school not in schools for person in people for posting in person.postings)
    assert any(posting.principal_of for person in people for posting in person.postings)
    assert any(not person.mail for person in people)
    assert any(person.birth_name != person.family_name for person in people)
    assert {"ENS", "DIR", "EDU", "DOC", "AED", "-"} <= {one.code for p in people for one in p.postings}


def test_a_delta_tells_what_changed_and_no_more(tmp_path: Path) -> None:
    before = Academy(SHAPE)
    after = before.after(Changes(arrivals=5, departures=7, moves=11, marriages=3))
    (path,) = write_delta(before, after, tmp_path, DAY)
    requests = Counter(element.tag for element in ElementTree.parse(path).getroot())
    assert requests["addRequest"] == 5
    assert requests["deleteRequest"] == 7
    assert 10 <= requests["modifyRequest"] <= 14  # one may move to where they were
    assert len(list(after.people())) == SHAPE.people + 5 - 7


def test_files_have_the_form_asked_for(tmp_path: Path) -> None:
    paths = write_complete(Academy(SHAPE), tmp_path, DAY, Form(encoding="iso-8859-15", records=150))
    assert len([path for path in paths if "PersEducNat" in path.name]) == 3
    assert paths[0].read_bytes().startswith(b'<?xml version="1.0" encoding="ISO-8859-15"?>')
    assert "É".encode("iso-8859-15") in paths[0].read_bytes()
    rows = write_csv(Academy(SHAPE), tmp_path / "n.csv").read_text("utf-8-sig").splitlines()
    assert len(rows) > SHAPE.people
