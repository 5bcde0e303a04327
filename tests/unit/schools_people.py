"""A school with a head, teachers and a mailbox; another school with its own head; the DSI."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from casier.audit.api import Actor
from casier.directory import actions
from casier.directory.models import (
    Academy,
    Account,
    FunctionalMailbox,
    Mandate,
    Office,
    Posting,
    PostingSource,
    Role,
    School,
)
from unit.life_people import DAY, OTHER_UAI, a_person, a_school, an_academy, at, posted, why


@dataclass
class Town:
    """Two schools. HEAD, JEAN (by the feed) and ANNE (member, manages the mailbox) work HERE."""

    academy: Academy
    here: School
    there: School
    head: Account
    other: Account  # the head of THERE
    dsi: Account
    jean: Account
    anne: Account
    box: FunctionalMailbox


def town(**leaving: Any) -> Town:
    academy = an_academy(**leaving)
    here, there = a_school(academy), a_school(academy, OTHER_UAI)
    head = someone(academy, "Thierry", "Morel", here, "DIR")
    other = someone(academy, "Ines", "Roy", there, "DIR")
    dsi = a_person(academy, "Paul", "Dupont")
    charge(head, Office.HEAD, here)
    charge(other, Office.HEAD, there)
    charge(dsi, Office.DSI)
    jean = someone(academy, "Jean", "Martin", here)
    anne = someone(academy, "Anne", "Leroy", here, "ADF")
    box = actions.create_functional_mailbox(academy, actions.NewMailbox("Accueil", here), **why())
    actions.set_member(box, anne, Role.MANAGE, **why())
    actions.set_member(box, jean, Role.ANSWER, **why())
    return Town(academy, here, there, head, other, dsi, jean, anne, box)


def someone(academy: Academy, given: str, family: str, school: School, function: str = "ENS") -> Account:
    account = a_person(academy, given, family)
    Posting.objects.create(person=account.person, school=school, function=function, source=PostingSource.FEED)
    return account


def charge(account: Account, office: Office, school: School | None = None) -> Mandate:
    return actions.give_mandate(account, actions.NewMandate(office, school), **why())


def acts(account: Account, day: Any = DAY, reason: str = "mutation") -> dict[str, Any]:
    """What ACCOUNT says as it acts."""
    return {"by": Actor.account(account.public_id, "192.0.2.1"), "reason": reason, "now": at(day)}


__all__ = ["Town", "acts", "charge", "posted", "someone", "town"]
