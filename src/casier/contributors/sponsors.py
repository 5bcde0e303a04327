"""Who answers for contributors: the head who asked, then whoever is the head of the school."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from casier.directory.life import OUT
from casier.directory.mandates import Ability, holders, may
from casier.directory.models import Academy, Account, School

ABILITY = Ability.REQUEST_CONTRIBUTOR


def in_charge(school: School, now: datetime, but: int | None = None) -> list[Account]:
    """Who may ask for contributors at SCHOOL now, those with an office of their own before those to whom one
    was lent; BUT: a person who can't answer for themselves.
    """
    rows = holders(ABILITY, school.academy, now).select_related("account__academy", "account__person")
    found = [row.account for row in rows.order_by("shared_from_id", "starts_at", "pk") if _own(row)]
    found += [row.account for row in rows.order_by("starts_at", "pk") if not _own(row)]
    possible = [one for one in dict.fromkeys(found) if one.person_id != but]
    return [one for one in possible if may(one, ABILITY, school, now)]


def surely_in_charge(academies: Iterable[Academy], now: datetime) -> set[tuple[int, UUID]]:
    """Schools with those who are in charge of one by an office for this school alone: a query an academy, so
    that a night needn't ask for each contributor. Who isn't here may be all the same: ask `sponsor_for`.
    """
    return {
        (row.school_id, row.account_id)
        for academy in academies
        for row in holders(ABILITY, academy, now).filter(school__isnull=False, shared_from=None)
        if row.school_id is not None and row.account.state not in OUT
    }


def _own(row: object) -> bool:
    return getattr(row, "shared_from_id", None) is None


def sponsor_for(
    school: School, first: Account | None, now: datetime, but: int | None = None
) -> Account | None:
    """FIRST as long as they are in charge of SCHOOL, else who is; None: nobody."""
    if first is not None and first.person_id != but and may(first, ABILITY, school, now):
        return first
    return next(iter(in_charge(school, now, but)), None)
