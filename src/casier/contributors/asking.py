"""A head asks for a contributor, or takes the request back."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction

from casier.audit.api import Actor, record
from casier.contributors.access import acting, lock_request, lock_school
from casier.contributors.counting import check_pace, check_room, rules_of
from casier.contributors.errors import AlreadyAsked, BadRequest
from casier.contributors.models import Request, State
from casier.contributors.rules import Wanted, check, plain
from casier.contributors.sealing import SEALED, forget, seal
from casier.directory.mandates import Ability, require
from casier.directory.models import Account, School
from casier.identity.means.api import BadMeans, read_address, read_number
from casier.kernel.addresses import letters
from casier.life.clocks import day_of
from casier.policies.policy import Contributors


def ask(school: School, wanted: Wanted, *, asker: Account, by: Actor, now: datetime) -> Request:
    """ASKER, the head of SCHOOL, asks for a contributor; BY is ASKER, or the server's operator for them.

    Raises NotAllowed, NotTaken, BadRequest, TooMany, AlreadyAsked.
    """
    asked = plain(wanted)
    with transaction.atomic():
        locked = lock_school(school.pk)
        actor = acting(by, locked, now, Ability.REQUEST_CONTRIBUTOR)
        if actor is not None:
            asker = actor
        else:
            require(asker, Ability.REQUEST_CONTRIBUTOR, locked, now)
        rules = rules_of(locked.academy)
        if not locked.is_open:
            raise BadRequest("The school is closed.", field="school", why="closed")
        check(asked, rules, day_of(now))
        mail, telephone, hint = _reached(asked, rules)
        Account.objects.select_for_update(of=("self",)).get(pk=asker.pk)
        check_pace(asker, rules, now)
        check_room(locked, rules, day_of(now), waiting=True)
        _check_new(locked, asked)
        row = _row(locked, asked, asker, now)
        row.hint = hint
        seal(row, mail, telephone)
        row.save(force_insert=True)
        record(
            by, "contributor.asked", f"contributor:{row.id.hex}", asked.reason, academy=locked.academy.slug,
            at=now, school=locked.uai, name=row.full_name, starts_on=row.starts_on.isoformat(),
            ends_on=row.ends_on.isoformat(),
        )  # fmt: skip
    return row


def withdraw(request: Request, *, by: Actor, now: datetime) -> Request:
    """The school doesn't need it any more. Raises NotAllowed, WrongStep."""
    with transaction.atomic():
        row = lock_request(request)
        acting(by, row.school, now, Ability.REQUEST_CONTRIBUTOR)
        return settle(row, State.WITHDRAWN, by, "", now)


def settle(row: Request, state: State, by: Actor, answer: str, now: datetime) -> Request:
    """Note how a request ended, and forget how its contributor is reached. Inside a transaction."""
    row.state, row.decided_by, row.decided_at, row.answer = state, by.name, now, answer
    forget(row)
    row.save(update_fields=["state", "decided_by", "decided_at", "answer", "stay", "ends_on", *SEALED])
    record(
        by, f"contributor.{_PAST[state]}", f"contributor:{row.id.hex}", answer or row.reason,
        academy=row.school.academy.slug, at=now, school=row.school.uai, name=row.full_name,
        ends_on=row.ends_on.isoformat(), renewal=row.renewal,
    )  # fmt: skip
    return row


_PAST = {
    State.APPROVED: "approved",
    State.REFUSED: "refused",
    State.WITHDRAWN: "withdrawn",
    State.LAPSED: "lapsed",
}


def _reached(asked: Wanted, rules: Contributors) -> tuple[str, str, str]:
    """By what the contributor gets their way in: address, telephone, and both masked. Raises BadRequest.

    Where the policy wants paper, none of it is kept.
    """
    if rules.way_in == "sheet":
        return "", "", ""
    found, hints = {"mail": "", "telephone": ""}, []
    for name, typed, read in (
        ("mail", asked.mail, read_address),
        ("telephone", asked.telephone, read_number),
    ):
        if not typed:
            continue
        try:
            value = read(typed)
        except BadMeans as error:
            raise BadRequest("Can't be reached there.", field=name, why=error.why) from error
        if name == "telephone" and not value.takes_text:
            raise BadRequest("It takes no text messages.", field=name, why="no_text")
        found[name] = value.value
        hints.append(value.hint)
    return found["mail"], found["telephone"], ", ".join(hints)


def _check_new(school: School, asked: Wanted) -> None:
    """A page sent twice is one request. Raises AlreadyAsked."""
    name = (letters(asked.given_name), letters(asked.family_name))
    for row in Request.objects.filter(school=school, state=State.WAITING, renewal=False):
        same = (letters(row.given_name), letters(row.family_name)) == name
        if same and row.birth_date == asked.birth_date:
            raise AlreadyAsked("The same request waits already.", request=row.id.hex)


def _row(school: School, asked: Wanted, asker: Account, now: datetime) -> Request:
    return Request(
        id=uuid.uuid4(),
        school=school,
        asked_by=asker,
        asked_at=now,
        title=asked.title,
        given_name=asked.given_name,
        family_name=asked.family_name,
        birth_date=asked.birth_date,
        role=asked.role,
        starts_on=asked.starts_on,
        ends_on=asked.ends_on,
        reason=asked.reason,
    )
