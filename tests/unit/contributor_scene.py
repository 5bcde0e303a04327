"""A school with a head, a DSI, and somebody from outside whom the head asks for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from life_people import DAY, ME, UAI, a_person, a_school, an_academy, at, why

from casier.audit.api import Actor
from casier.contributors import api
from casier.directory import actions
from casier.directory.actions import NewMandate
from casier.directory.models import Academy, Account, Mandate, Office, School

BORN = date(1980, 3, 14)
LATER = DAY + timedelta(days=90)
NOON = at(DAY)


@dataclass(frozen=True)
class Place:
    academy: Academy
    school: School
    head: Account
    dsi: Account


def a_place(**leaving: Any) -> Place:
    academy = an_academy(**leaving)
    school = a_school(academy, UAI)
    head, dsi = a_person(academy, "Hélène", "Charpentier"), a_person(academy, "Denis", "Sauvage")
    office(head, Office.HEAD, school)
    office(dsi, Office.DSI)
    return Place(academy, school, head, dsi)


def office(account: Account, which: Office, school: School | None = None, **more: Any) -> Mandate:
    return actions.give_mandate(account, NewMandate(which, school, **more), **why())


def acts(account: Account) -> Actor:
    return Actor.account(account.public_id, "192.0.2.7")


def wanted(given: str = "Inès", family: str = "Delmas", **more: Any) -> api.Wanted:
    facts: dict[str, Any] = {
        "role": "Intervenante théâtre", "starts_on": DAY, "ends_on": LATER, "reason": "atelier du mardi",
        "birth_date": BORN, "mail": "ines.delmas@laposte.net",
    }  # fmt: skip
    return api.Wanted(given, family, **{**facts, **more})


def asked(place: Place, now: datetime = NOON, **more: Any) -> api.Request:
    return api.ask(place.school, wanted(**more), asker=place.head, by=acts(place.head), now=now)


def begun(place: Place, now: datetime = NOON, **more: Any) -> api.Stay:
    """A contributor to whom the DSI has agreed."""
    request = asked(place, now, **more)
    return api.approve(request, api.Agreed(), by=acts(place.dsi), now=now)


__all__ = [
    "BORN",
    "DAY",
    "LATER",
    "ME",
    "Place",
    "a_place",
    "acts",
    "asked",
    "at",
    "begun",
    "office",
    "wanted",
    "why",
]
