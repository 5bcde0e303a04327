"""Somebody whom another academy employs contributes here: one account, which stays theirs.

What this academy does to them is a posting at its school, and its end. It opens, closes and lengthens no
account of another academy, gives no way into one, and is told no more of its people than that they are
there: name and birth date are those of the request.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from casier.audit.api import Actor
from casier.contributors.access import NIGHT
from casier.contributors.errors import BadRequest
from casier.contributors.models import Request, Stay
from casier.directory.models import AccountState, Person, PostingSource
from casier.directory.postings import held_on
from casier.kernel.addresses import letters
from casier.life.clocks import day_of

MOST = 5


def is_neighbour(stay: Stay) -> bool:
    """Whether the contributor's account is another academy's than the school's."""
    return stay.account.academy_id != stay.school.academy_id


def neighbours(request: Request, now: datetime) -> list[Person]:
    """People of other academies whom REQUEST can only be about: the same name, the same birth date, an
    account in use, a posting of their own academy today. Nothing less says that it is them.
    """
    if request.birth_date is None:
        return []
    rows = Person.objects.filter(birth_date=request.birth_date, account__state=AccountState.ACTIVE)
    rows = rows.exclude(academy=request.school.academy_id).select_related("academy", "account__academy")
    named = [person for person in rows.order_by("pk") if is_called(person, request)]
    return _employed(named, day_of(now))[:MOST]


def is_called(person: Person, request: Request) -> bool:
    """Whether PERSON has the name of REQUEST, accents, spaces and hyphens aside."""
    known = {letters(person.family_name), letters(person.birth_name)} - {""}
    return letters(person.given_name) == letters(request.given_name) and letters(request.family_name) in known


def check_standing(stay: Stay, now: datetime) -> None:
    """Raises BadRequest where another academy's account ends, or would but for this stay."""
    if not is_neighbour(stay):
        return
    if stay.account.state != AccountState.ACTIVE or not _employed([stay.account.person], day_of(now)):
        raise BadRequest("Their academy's account ends.", field="ends_on", why="ends_elsewhere")


def by_whom(stay: Stay, by: Actor) -> Actor:
    """Who says that the account leaves with its last posting: of another academy's, the calendar alone."""
    return NIGHT if is_neighbour(stay) else by


def _employed(people: Iterable[Person], day: date) -> list[Person]:
    return [
        person
        for person in people
        if held_on(day)
        .filter(person=person, school__academy=person.academy_id)
        .exclude(source=PostingSource.SPONSOR)
        .exists()
    ]
