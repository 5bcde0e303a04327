"""An import that was looked at and waits: what the console shows before anything changes. Nothing is applied.

Half a page of a personnel office's table, the same every time: some who are there already, some who arrive,
and a few lines that somebody has to look at.
"""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

from casier.audit.api import Actor
from casier.directory.models import Academy, Person, Posting, School
from casier.feed.actions import begin, look
from casier.feed.clock import Clock
from casier.feed.models import Run
from casier.feed.opening import Asked, opened

_BY, _WHY = Actor.system("demo"), "démonstration : arrivées du second trimestre"
_COLUMNS = (
    "Jointure", "Civilité", "Nom", "Prénom", "Date de naissance", "UAI", "Fonction", "Discipline", "Classes",
    "Date début",
)  # fmt: skip
_GIVEN = ("Aurore", "Bastien", "Capucine", "Damien", "Élodie", "Florian", "Gaëlle", "Hakim", "Inès", "Joris")
_FAMILY = (
    "Aubry",
    "Besnard",
    "Carlier",
    "Delaunay",
    "Étienne",
    "Ferrand",
    "Guyot",
    "Hamel",
    "Jolivet",
    "Keller",
)
_SUBJECTS = ("Mathématiques", "Anglais", "Histoire-géographie", "Lettres", "Technologie")
_ARRIVING = 8


def look_at_an_import(now: datetime) -> None:
    """Have one run waiting in each academy that has schools and no run yet."""
    for academy in Academy.objects.filter(feed_runs=None, schools__is_open=True).distinct():
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"personnels-{now:%Y-%m-%d}.csv"
            _write(path, academy, now.date())
            reader, source = opened([path], academy, Asked(complete=False))
            clock = Clock(now)
            run: Run = begin(academy, source, by=_BY, reason=_WHY, clock=clock)
            look(run, reader, lambda _done, _total: None, clock)


def _write(path: Path, academy: Academy, today: date) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        rows = csv.writer(file, delimiter=";")
        rows.writerow(_COLUMNS)
        chance = Random(f"{academy.slug}/import")  # noqa: S311  a story, no secret
        rows.writerows(_rows(academy, chance, today))


def _rows(academy: Academy, chance: Random, today: date) -> Iterator[tuple[str, ...]]:
    open_ones = School.objects.filter(academy=academy, is_open=True)
    schools = list(open_ones.order_by("uai").values_list("uai", flat=True))
    yield from _there(academy, chance)
    names = list(zip(chance.sample(_GIVEN, _ARRIVING), chance.sample(_FAMILY, _ARRIVING), strict=True))
    for number, (given, family) in enumerate(names):
        born = date(1965, 1, 1) + timedelta(days=chance.randrange(365 * 35))
        starts = (today + timedelta(days=7 * number)).strftime("%d/%m/%Y") if number % 3 else ""
        yield (
            f"A{number:03d}", chance.choice(("M.", "Mme")), family.upper(), given.upper(),
            f"{born:%d/%m/%Y}", chance.choice(schools), "ENS", chance.choice(_SUBJECTS), "3A", starts,
        )  # fmt: skip
    given, family = names[0]
    yield ("B001", "Mme", "MOREL", "AGATHE", "12/05/1988", "0990000A", "ENS", "Anglais", "", "")
    yield ("B002", "M.", "", "LOUIS", "02/02/1979", schools[0], "ENS", "", "", "")
    yield ("B003", "M.", family.upper(), given.upper(), "31/02/1990", schools[0], "ENS", "", "", "")


def _there(academy: Academy, chance: Random) -> Iterator[tuple[str, ...]]:
    """Some whom the directory has: by name, and by birth date or school where that is known."""
    held = Posting.objects.filter(school__academy=academy, ends_on=None).select_related("person", "school")
    people: dict[int, Posting] = {one.person_id: one for one in held.order_by("person_id", "pk")}
    for posting in chance.sample(list(people.values()), min(6, len(people))):
        person: Person = posting.person
        born = f"{person.birth_date:%d/%m/%Y}" if person.birth_date else ""
        uai = posting.school.uai if posting.school else ""
        yield (
            "", person.title, person.family_name.upper(), person.given_name.upper(), born, uai,
            posting.function, chance.choice(_SUBJECTS), "4B", "",
        )  # fmt: skip
