"""The scenes written in `data/scenes/`, and the words that fill them."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from casier.demo import data, french


@dataclass(frozen=True, slots=True)
class Scene:
    """A kind of exchange: who writes to whom, what may be said, what may be answered."""

    name: str
    weight: int
    author: str
    to: str
    subjects: tuple[str, ...]
    paragraphs: tuple[tuple[str, ...], ...]
    replies: tuple[tuple[str, ...], ...] = ()
    reply_range: tuple[int, int] = (0, 0)
    dialogue: bool = False  # the last of the replies is the author's, the others are the addressees'
    months: tuple[int, ...] = ()
    attachment: str = ""
    attachment_rate: float = 1.0
    formal: bool = False
    html: bool = False
    newsletter: bool = False
    read_rate: float = 0.96


@dataclass(frozen=True, slots=True)
class Contact:
    """A sender from outside."""

    kind: str
    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Words:
    """What fills the scenes: lists of words by name, and contacts."""

    lists: dict[str, tuple[str, ...]]
    contacts: tuple[Contact, ...]

    def one(self, chance: random.Random, name: str) -> str:
        return chance.choice(self.lists[name])


@cache
def load() -> tuple[Scene, ...]:
    return tuple(_scene(row) for name in data.scene_files() for row in data.toml(name)["scene"])


@cache
def words() -> Words:
    values = data.toml("words.toml")
    contacts = tuple(Contact(**row) for row in values.pop("contact"))
    return Words({name: tuple(entries) for name, entries in values.items()}, contacts)


def _scene(row: dict[str, Any]) -> Scene:
    values: dict[str, Any] = {
        ("author" if key == "from" else key): _frozen(value) for key, value in row.items()
    }
    return Scene(**values)


def _frozen(value: object) -> object:
    return tuple(_frozen(item) for item in value) if isinstance(value, list) else value


def facts(when: datetime, chance: random.Random) -> dict[str, str]:
    """The facts of an exchange that begins at WHEN: one class, pupil, day from subject to last reply."""
    pick = words()
    day = _school_day(when + timedelta(days=chance.randrange(4, 26)))
    pupils = chance.sample(pick.lists["pupils"], 3)
    classes = chance.sample(pick.lists["classes"], 2)
    return {
        "classe": classes[0], "classe_bis": classes[1],
        "eleve": pupils[0], "eleve_bis": pupils[1], "eleve_ter": pupils[2],
        "jour": french.day(day), "veille": french.day(_school_day(day - timedelta(days=2))),
        "jour_bis": french.day(_school_day(day + timedelta(days=chance.randrange(1, 9)))),
        "passe": french.day(_school_day(when - timedelta(days=chance.randrange(2, 15)))),
        "date_courte": french.paris(when).strftime("%d/%m"), "semaine": str(when.isocalendar().week),
        "annee": str(day.year), "mois": french.MONTHS[french.paris(when).month - 1],
        "mois_futur": french.MONTHS[french.paris(when + timedelta(days=80)).month - 1],
        "numero": f"{chance.choice('ABDFR')}{chance.randrange(1000, 99999)}",
        "n": str(chance.randrange(12, 95) * 10), "k": str(chance.randrange(2, 7)),
        "salle": pick.one(chance, "rooms"), "heure": pick.one(chance, "hours"),
        "lieu": pick.one(chance, "places"),
        "ville": pick.one(chance, "towns"), "matiere": pick.one(chance, "subjects"),
        "projet": pick.one(chance, "projects"), "montant": pick.one(chance, "amounts"),
        "trimestre": pick.one(chance, "terms"), "niveau": pick.one(chance, "levels"),
    }  # fmt: skip


def _school_day(day: datetime) -> datetime:
    """DAY, or the Monday after a weekend."""
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)


def fill(text: str, values: dict[str, str]) -> str:
    return french.typographic(french.contracted(text.format_map(values)))
