"""An academy out of a seed. Anyone can be asked for by their number, so nobody is kept."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from itertools import accumulate
from random import Random

from casier.kernel.addresses import local_part
from casier.kernel.uai import key_letter
from feed_files.names import family_name, given_name

SUBJECTS = {
    "020700": ("LETTRES MODERNES", "L0202"),
    "061300": ("MATHEMATIQUES", "L1300"),
    "043700": ("HISTOIRE-GEOGRAPHIE", "L1000"),
    "030201": ("ANGLAIS LV1", "L0422"),
    "030602": ("ESPAGNOL LV2", "L0426"),
    "030402": ("ALLEMAND LV2", "L0421"),
    "062900": ("SCIENCES DE LA VIE ET DE LA TERRE", "L1600"),
    "062300": ("PHYSIQUE-CHIMIE", "L1500"),
    "100100": ("EDUCATION PHYSIQUE ET SPORTIVE", "L1900"),
    "080300": ("EDUCATION MUSICALE", "L1700"),
    "090100": ("ARTS PLASTIQUES", "L1800"),
    "070800": ("TECHNOLOGIE", "L1400"),
}
# code, label, label of the post, share among the people of a secondary school
_FUNCTIONS = (
    ("ENS", "ENSEIGNEMENT", "", 74),
    ("AED", "ASSISTANT D'EDUCATION", "", 8),
    ("ADF", "PERSONNELS ADMINISTRATIFS", "GESTION MATERIELLE", 5),
    ("DIR", "DIRECTION", "PERSONNEL DE DIRECTION", 4),
    ("EDU", "EDUCATION", "CONSEILLER PRINCIPAL D'EDUCATION", 3),
    ("AEH", "ACCOMPAGNANT D'ELEVES", "", 2),
    ("DOC", "DOCUMENTATION", "DOCUMENTATION", 1),
    ("ORI", "ORIENTATION", "PSYCHOLOGUE", 1),
    ("CTR", "CHEF DE TRAVAUX", "DIRECTEUR DELEGUE AUX FORMATIONS", 1),
    ("-", "-", "", 1),
)
_KINDS = {  # share of schools, weight of people
    "ECOLE ELEMENTAIRE": (0.62, 7),
    "ECOLE MATERNELLE": (0.18, 4),
    "COLLEGE": (0.135, 45),
    "LYCEE": (0.04, 110),
    "LYCEE PROFESSIONNEL": (0.024, 70),
    "SERVICE DEPARTEMENTAL": (0.001, 60),
}
_PATRONS = (
    "JEAN MOULIN", "VICTOR HUGO", "JULES FERRY", "MARIE CURIE", "PIERRE CORNEILLE", "SIMONE VEIL",
    "LOUIS PASTEUR",
    "LES TILLEULS", "GUSTAVE FLAUBERT", "ANDRÉ MALRAUX", "L'EUROPE", "JACQUES PRÉVERT", "LA FONTAINE",
    "ÉMILE ZOLA",
)  # fmt: skip
_CITIES = (
    "ROUEN", "CAEN", "LE HAVRE", "ÉVREUX", "DIEPPE", "SAINT-LÔ", "ALENÇON", "CHERBOURG-EN-COTENTIN",
    "L'AIGLE",
    "PONT-L'ÉVÊQUE", "LES ANDELYS", "FÉCAMP", "VIRE NORMANDIE", "MORTAGNE-AU-PERCHE",
)  # fmt: skip


@dataclass(frozen=True)
class Shape:
    """How large an academy, and what chance it comes from."""

    schools: int = 30
    people: int = 600
    pupils: int = 0
    seed: int = 1
    name: str = "NORMANDIE"
    domain: str = "ac-normandie.fr"
    departments: tuple[str, ...] = ("76", "27", "14", "50", "61")


@dataclass(frozen=True)
class Changes:
    """What a year does: how many come, leave, change school, and change their name."""

    arrivals: int = 0
    departures: int = 0
    moves: int = 0
    marriages: int = 0
    seed: int = 1


@dataclass(frozen=True)
class School:
    number: int
    key: str
    uai: str
    name: str
    kind: str
    department: str
    postal_code: str
    city: str
    district: str
    classes: tuple[str, ...]


@dataclass(frozen=True)
class Posting:
    school: str  # the key; now and then of a school that the files don't hold
    code: str
    label: str
    post: str = ""
    post_label: str = ""
    teaching: tuple[tuple[str, str], ...] = ()  # class, code of the subject
    principal_of: tuple[str, ...] = ()


@dataclass(frozen=True)
class Person:
    number: int
    key: str
    given_name: str
    family_name: str
    birth_name: str
    title: str
    birth_date: date
    numen: str
    mail: str
    postings: tuple[Posting, ...]


@dataclass(frozen=True)
class Pupil:
    number: int
    key: str
    given_name: str
    family_name: str
    birth_date: date
    school: str
    classes: tuple[str, ...]
    parents: tuple[str, ...]


@dataclass(frozen=True)
class Academy:
    """An academy on a day: its SHAPE, and what happened to its people since it was made."""

    shape: Shape
    arrived: int = 0
    gone: frozenset[int] = frozenset()
    moved: dict[int, int] = field(default_factory=dict)  # person, how often they moved
    married: dict[int, str] = field(default_factory=dict)  # person, the name taken

    def schools(self) -> Iterator[School]:
        """Every school, in the order of the file."""
        return iter(self._schools)

    def people(self) -> Iterator[Person]:
        """Everyone who is there, in the order of the file."""
        numbers = range(self.shape.people + self.arrived)
        return (self.person(number) for number in numbers if number not in self.gone)

    def pupils(self) -> Iterator[Pupil]:
        return (self._pupil(number) for number in range(self.shape.pupils))

    def after(self, changes: Changes) -> Academy:
        """The academy when CHANGES have happened."""
        chance = Random(f"{self.shape.seed}/changes/{changes.seed}")
        there = [n for n in range(self.shape.people + self.arrived) if n not in self.gone]
        touched = chance.sample(there, changes.departures + changes.moves + changes.marriages)
        gone, rest = touched[: changes.departures], touched[changes.departures :]
        moved, married = rest[: changes.moves], rest[changes.moves :]
        return replace(
            self,
            arrived=self.arrived + changes.arrivals,
            gone=self.gone | set(gone),
            moved=self.moved | {number: self.moved.get(number, 0) + 1 for number in moved},
            married=self.married | {number: family_name(chance) for number in married},
        )

    def person(self, number: int) -> Person:
        """The person of this number, as they are on this day."""
        seed = self.shape.seed
        chance = Random(f"{seed}/person/{number}")
        like = chance.random()  # one in two hundred bears the name of the one before: real homonyms
        names = Random(f"{seed}/person/{number - 1}") if like < 0.005 and number else chance
        if names is not chance:
            names.random()
        woman = names.random() < 0.63
        given, family = given_name(names, woman), family_name(names)
        born = date(1958, 1, 1) + timedelta(days=chance.randrange(365 * 45))
        birth_name = family
        if woman and chance.random() < 0.3:
            birth_name = family_name(chance)
        mail = f"{local_part(given, family)}{number}@{self.shape.domain}"
        if chance.random() < 0.2:
            mail = ""
        return Person(
            number=number,
            key=str(1_000_000 + number * 3 + seed % 3),
            given_name=given,
            family_name=self.married.get(number, family),
            birth_name=birth_name,
            title=("Mlle" if chance.random() < 0.02 else "Mme") if woman else "M.",
            birth_date=born,
            numen=_numen(number, seed),
            mail=mail,
            postings=self._postings(number),
        )

    def _postings(self, number: int) -> tuple[Posting, ...]:
        chance = Random(f"{self.shape.seed}/postings/{number}/{self.moved.get(number, 0)}")
        share = chance.random()
        many = 3 if share < 0.01 else 2 if share < 0.07 else 1
        schools = {self._drawn(chance).number: None for _ in range(many)}
        code, label, post, _ = chance.choices(_FUNCTIONS, [one[3] for one in _FUNCTIONS])[0]
        subject = chance.choice(list(SUBJECTS))
        postings = [_posting(self._schools[place], code, label, post, subject, chance) for place in schools]
        if chance.random() < 0.005:  # a school that another academy's file holds
            postings.append(replace(postings[0], school=str(900_000 + number), teaching=(), principal_of=()))
        return tuple(postings)

    def _pupil(self, number: int) -> Pupil:
        chance = Random(f"{self.shape.seed}/pupil/{number}")
        school = self._drawn(chance)
        family = family_name(chance)
        born = date(2009, 1, 1) + timedelta(days=chance.randrange(365 * 8))
        eldest = number - (number % 2 if chance.random() < 0.2 else 0)  # siblings share their parents
        return Pupil(
            number=number,
            key=str(4_000_000 + number),
            given_name=given_name(chance, chance.random() < 0.5),
            family_name=family,
            birth_date=born,
            school=school.key,
            classes=(chance.choice(school.classes),) if school.classes else (),
            parents=(str(7_000_000 + eldest * 2), str(7_000_001 + eldest * 2)),
        )

    def _drawn(self, chance: Random) -> School:
        weights = self._weights
        return self._schools[bisect(weights, chance.random() * weights[-1])]

    @cached_property
    def _weights(self) -> list[float]:
        return list(accumulate(_KINDS[school.kind][1] for school in self._schools))

    @cached_property
    def _schools(self) -> tuple[School, ...]:
        return tuple(_school(self.shape, number) for number in range(self.shape.schools))


def _school(shape: Shape, number: int) -> School:
    chance = Random(f"{shape.seed}/school/{number}")
    place, department = divmod(number, len(shape.departments))
    code = shape.departments[department]
    digits = f"{code.zfill(3)}{place + 1:04d}"
    # The first ones are a bit of everything, so that a small academy has all kinds.
    kinds = list(_KINDS)
    shares = [_KINDS[one][0] for one in kinds]
    kind = (
        ("COLLEGE", "LYCEE", "ECOLE ELEMENTAIRE")[number] if number < 3 else chance.choices(kinds, shares)[0]
    )
    name = (
        f"{kind}-{chance.choice(_PATRONS)}-ac-{shape.name}"
        if number % 3
        else f"{kind} {chance.choice(_PATRONS)}"
    )
    return School(
        number=number,
        key=str(10_000 + number * 7),
        uai=digits + key_letter(digits),
        name=name,
        kind=kind,
        department=code,
        postal_code=f"{code}{chance.randrange(1000):03d}",
        city=chance.choice(_CITIES),
        district=f"BASSIN {code}-{chance.randrange(4) + 1}",
        classes=_classes(kind, chance),
    )


def _classes(kind: str, chance: Random) -> tuple[str, ...]:
    levels = {
        "COLLEGE": ("6E", "5E", "4E", "3E"),
        "LYCEE": ("2GT", "1G", "TG", "TSTMG"),
        "LYCEE PROFESSIONNEL": ("2BP", "1BP", "TBP", "CAP1"),
        "ECOLE ELEMENTAIRE": ("CP", "CE1", "CE2", "CM1", "CM2"),
        "ECOLE MATERNELLE": ("PS", "MS", "GS"),
    }.get(kind, ())
    many = chance.randrange(2, 7) if kind in {"COLLEGE", "LYCEE"} else chance.randrange(1, 3)
    return tuple(f"{level} {'ABCDEFG'[one]}" for level in levels for one in range(many))


def _posting(school: School, code: str, label: str, post: str, subject: str, chance: Random) -> Posting:
    if school.kind.startswith("ECOLE"):
        code, label, post = chance.choice((("ENS", "ENSEIGNEMENT", ""), ("DIR", "DIRECTION", "")))
    if school.kind.startswith("SERVICE"):
        code, label, post = "ADA", "PERSONNELS ADMINISTRATIFS", "ADMINISTRATION"
    if code != "ENS":
        return Posting(school.key, code, label, post and "P0001", post)
    if not school.classes:
        return Posting(school.key, code, label)
    if school.kind.startswith("ECOLE"):
        taught = chance.choice(school.classes)
        return Posting(school.key, code, label, teaching=((taught, "023500"),), principal_of=())
    name, number = SUBJECTS[subject]
    classes = sorted(chance.sample(school.classes, min(len(school.classes), chance.randrange(1, 6))))
    principal = (chance.choice(classes),) if chance.random() < 0.3 else ()
    return Posting(school.key, code, label, number, name, tuple((one, subject) for one in classes), principal)


def _numen(number: int, seed: int) -> str:
    letters = "".join(chr(65 + (number * step + seed) % 26) for step in (1, 3, 7))
    return f"{seed % 100:02d}E{number:07d}{letters}"
