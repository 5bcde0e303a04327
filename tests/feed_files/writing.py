"""The files of a feed: complete sets, deltas between two days, and CSV with the NUMEN."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from xml.sax.saxutils import escape

from feed_files.academy import SUBJECTS, Academy, Person, Posting, Pupil, School

Attributes = list[tuple[str, Iterable[str]]]
Request = tuple[str, str, str, Attributes]  # category, kind, key, attributes


@dataclass(frozen=True)
class Form:
    """How the files are written down: each is met in the field."""

    encoding: str = "utf-8"
    declared: bool = True
    mark: bool = False  # a byte order mark
    doctype: bool = True
    records: int = 0  # at most in one file; 0: all


def write_complete(academy: Academy, folder: Path, day: date, form: Form = Form()) -> list[Path]:
    """All that the feed knows of ACADEMY, a file (or several, see Form.records) for each kind."""
    made: list[Path] = []
    for kind, requests in _everything(academy):
        made += _files(folder, f"Complet_{day:%Y%m%d}_{kind}", map(_added, requests), form)
    return made


def write_delta(before: Academy, after: Academy, folder: Path, day: date, form: Form = Form()) -> list[Path]:
    """What changed among people from BEFORE to AFTER (which came of it by `Academy.after`)."""
    name = f"Delta_{day:%Y%m%d}_PersEducNat"
    return _files(folder, name, _differences(before, after), form)


def write_csv(academy: Academy, path: Path, delimiter: str = ";", encoding: str = "utf-8-sig") -> Path:
    """The staff with their NUMEN, a line for each function, columns as a personnel office names them."""
    uai = {school.key: school.uai for school in academy.schools()}
    with path.open("w", encoding=encoding, errors="replace", newline="") as file:
        rows = csv.writer(file, delimiter=delimiter)
        rows.writerow(
            ["Civilité", "Nom d'usage", "Nom de famille", "Prénom", "Date de naissance", "NUMEN", "Mél",
             "UAI", "Fonction", "Libellé fonction", "Discipline", "Classes", "Professeur principal"]
        )  # fmt: skip
        for person in academy.people():
            rows.writerows(_lines(person, uai))
    return path


def _lines(person: Person, uai: dict[str, str]) -> Iterator[list[str]]:
    for posting in person.postings:
        classes = dict.fromkeys(one for one, _ in posting.teaching)
        yield [
            person.title, person.family_name, person.birth_name, person.given_name,
            f"{person.birth_date:%d/%m/%Y}", person.numen, person.mail,
            uai.get(posting.school, ""), posting.code, posting.label, posting.post_label,
            ", ".join(classes), ", ".join(posting.principal_of),
        ]  # fmt: skip


def _everything(academy: Academy) -> Iterator[tuple[str, Iterator[Request]]]:
    yield "EtabEducNat", (_school(school, academy.shape.name) for school in academy.schools())
    yield "PersEducNat", (_person(person) for person in academy.people())
    yield "MatiereEducNat", (_subject(code, label) for code, (label, _) in SUBJECTS.items())
    yield "MefEducNat", iter([_mef()])
    if academy.shape.pupils:
        yield "Eleve", (_pupil(pupil) for pupil in academy.pupils())
        yield "PersRelEleve", (parent for pupil in academy.pupils() for parent in _parents(pupil))


def _differences(before: Academy, after: Academy) -> Iterator[str]:
    for number in sorted(after.gone - before.gone):
        yield _deleted("PersEducNat", before.person(number).key)
    first = before.shape.people + before.arrived
    for number in range(first, first + after.arrived - before.arrived):
        yield _added(_person(after.person(number)))
    for number in sorted({*after.moved, *after.married} - after.gone):
        old, new = _person(before.person(number)), _person(after.person(number))
        changed = [(name, values) for name, values in new[3] if values != dict(old[3])[name]]
        if changed:
            yield _modified("PersEducNat", new[2], changed)


def _school(school: School, academy: str) -> Request:
    return "categorieStructure", "EtabEducNat", school.key, [
        ("ENTStructureJointure", [school.key]),
        ("ENTStructureUAI", [school.uai]),
        ("ENTEtablissementUAI", [school.uai]),
        ("ENTStructureSIREN", [f"19{school.number:012d}"]),
        ("ENTStructureNomCourant", [school.name]),
        ("ENTStructureTypeStruct", [school.kind]),
        ("ENTEtablissementMinistereTutelle", ["MINISTERE DE L'EDUCATION NATIONALE"]),
        ("ENTEtablissementContrat", ["PU"]),
        ("street", [f"{school.number % 90 + 1} RUE DE L'ÉGLISE"]),
        ("postalCode", [school.postal_code]),
        ("l", [school.city]),
        ("telephoneNumber", []),
        ("ENTEtablissementBassin", [school.district]),
        ("ENTServAcAcademie", [academy]),
        ("ENTStructureClasses", [f"{one}$CLASSE {one}$10010012110" for one in school.classes]),
        ("ENTStructureMailSI", [f"ce.{school.uai.lower()}@ac-{academy.lower()}.fr"]),
    ]  # fmt: skip


def _person(person: Person) -> Request:
    there = person.postings
    teaching = [(one.school, *taught) for one in there for taught in one.teaching]
    return "categoriePersonne", "PersEducNat", person.key, [
        ("ENTPersonJointure", [person.key]),
        ("ENTPersonDateNaissance", [f"{person.birth_date:%d/%m/%Y}"]),
        ("ENTPersonNomPatro", [person.birth_name]),
        ("sn", [person.family_name]),
        ("givenName", [person.given_name]),
        ("ENTPersonAutresPrenoms", [person.given_name]),
        ("personalTitle", [person.title]),
        ("mail", [person.mail] if person.mail else []),
        ("ENTPersonStructRattach", [there[0].school]),
        ("ENTAuxEnsCategoDiscipline", []),
        ("ENTAuxEnsDisciplinesPoste", [f"{one.post_label}${one.post[1:]}" for one in there if one.post]),
        ("ENTAuxEnsClassesMatieres", ["$".join(one) for one in teaching]),
        ("ENTAuxEnsGroupesMatieres", []),
        ("ENTAuxEnsClassesPrincipal", [f"{one.school}${name}" for one in there for name in one.principal_of]),
        ("ENTPersonFonctions", [_function(one) for one in there]),
        ("PersEducNatPresenceDevantEleves", ["O" if teaching else "N"]),
    ]  # fmt: skip


def _function(posting: Posting) -> str:
    return "$".join((posting.school, posting.code, posting.label, posting.post, posting.post_label))


def _pupil(pupil: Pupil) -> Request:
    return "categoriePersonne", "Eleve", pupil.key, [
        ("ENTPersonJointure", [pupil.key]),
        ("ENTPersonDateNaissance", [f"{pupil.birth_date:%d/%m/%Y}"]),
        ("ENTPersonNomPatro", [pupil.family_name]),
        ("sn", [pupil.family_name]),
        ("givenName", [pupil.given_name]),
        ("personalTitle", ["M."]),
        ("ENTElevePersRelEleve", [f"{parent}$1$1$1$0$0" for parent in pupil.parents]),
        ("ENTPersonStructRattach", [pupil.school]),
        ("ENTEleveMEF", ["10010012110"]),
        ("ENTEleveClasses", [f"{pupil.school}${one}" for one in pupil.classes]),
        ("ENTEleveGroupes", []),
    ]  # fmt: skip


def _parents(pupil: Pupil) -> Iterator[Request]:
    for key, title in zip(pupil.parents, ("M.", "Mme"), strict=True):
        if int(key) - 7_000_000 != pupil.number * 2 + (title == "Mme"):
            continue  # told with the elder child
        yield (
            "categoriePersonne",
            "PersRelEleve",
            key,
            [
                ("ENTPersonJointure", [key]),
                ("sn", [pupil.family_name]),
                ("givenName", ["Dominique"]),
                ("personalTitle", [title]),
                ("mail", [f"parent{key}@exemple.fr"] if int(key) % 3 else []),
                ("ENTPersonAdresse", ["1 RUE DE L'ÉGLISE$$BÂTIMENT B"]),
            ],
        )


def _subject(code: str, label: str) -> Request:
    return "categorieMatiere", "Matiere", code, [("ENTMatJointure", [code]), ("ENTLibelleMatiere", [label])]


def _mef() -> Request:
    return (
        "categorieMef",
        "Mef",
        "10010012110",
        [
            ("ENTMefJointure", ["10010012110"]),
            ("ENTLibelleMef", ["6EME"]),
        ],
    )


def _added(request: Request) -> str:
    category, kind, key, attributes = request
    said = "\n".join(f'<attr name="{name}">{_values(values)}</attr>' for name, values in attributes)
    return f"<addRequest>\n{_head(category, kind, key)}<attributes>\n{said}\n</attributes>\n</addRequest>\n"


def _modified(kind: str, key: str, changed: Attributes) -> str:
    said = "\n".join(
        f'<modification name="{name}" operation="replace">{_values(values)}</modification>'
        for name, values in changed
    )
    head = _head("categoriePersonne", kind, key)
    return f"<modifyRequest>\n{head}<modifications>\n{said}\n</modifications>\n</modifyRequest>\n"


def _deleted(kind: str, key: str) -> str:
    return f"<deleteRequest>\n{_head('categoriePersonne', kind, key)}</deleteRequest>\n"


def _head(category: str, kind: str, key: str) -> str:
    return (
        f'<operationalAttributes><attr name="{category}"><value>{kind}</value></attr>'
        "</operationalAttributes>\n"
        f"<identifier><id>{key}</id></identifier>\n"
    )


def _values(values: Iterable[str]) -> str:
    return "".join(f"<value>{escape(value)}</value>" for value in values) or "<value/>"


def _files(folder: Path, name: str, requests: Iterable[str], form: Form) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    requests = iter(requests)
    made: list[Path] = []
    while True:
        part = islice(requests, form.records) if form.records else requests
        first = next(iter(part), None)
        if first is None and made:
            return made
        path = folder / f"ENTNormandie_{name}_{len(made):04d}.xml"
        _file(path, first, part, form)
        made.append(path)


def _file(path: Path, first: str | None, others: Iterable[str], form: Form) -> None:
    # What an encoding lacks is written as a reference, as XML has it.
    with path.open("w", encoding=form.encoding, errors="xmlcharrefreplace", newline="") as file:
        write: Callable[[str], int] = file.write
        if form.mark:
            write("\ufeff")
        if form.declared:
            write(f'<?xml version="1.0" encoding="{form.encoding.upper()}"?>\n')
        if form.doctype:
            write('<!DOCTYPE ficAlimMENESR SYSTEM "ficAlimMENESR.dtd">\n')
        write("<ficAlimMENESR>\n\n")
        write(first or "")
        for request in others:
            write(request)
        write("</ficAlimMENESR>\n")
