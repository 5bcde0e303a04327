"""What a review is about: the rights that people hold now, whether each still stands, and how it ends."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from casier.audit.api import Actor
from casier.directory import actions
from casier.directory.access import primary_address
from casier.directory.delegating import in_force as delegations_in_force
from casier.directory.mandates import Ability, holders, in_force, is_whole
from casier.directory.models import Academy, Account, Delegation, Mandate, Membership, Office, Role
from casier.rights.models import Kind, Line


def held_in(academy: Academy, now: datetime) -> list[Line]:
    """A line for each right that somebody holds in ACADEMY, not written yet.

    The platform's office is none of theirs: it is given and taken back at the command line.
    """
    return [*_offices(academy, now), *_managers(academy), *_opened(academy, now)]


def stands(line: Line, now: datetime) -> bool:
    """Whether what LINE is about is still held."""
    if line.kind == Kind.MANDATE:
        return in_force(now).filter(pk=line.thing).exists()
    if line.kind == Kind.MANAGER:
        return _manager(line).exists()
    return Delegation.objects.filter(delegations_in_force(now), pk=uuid.UUID(line.thing)).exists()


def withdraw(line: Line, *, by: Actor, reason: str, now: datetime) -> None:
    """Take back what LINE is about. One that has ended stays as it is."""
    if not stands(line, now):
        return
    if line.kind == Kind.MANDATE:
        actions.end_mandate(Mandate.objects.get(pk=line.thing), by=by, reason=reason, now=now)
    elif line.kind == Kind.MANAGER:
        row = _manager(line).select_related("mailbox", "account").get()
        actions.remove_member(row.mailbox, row.account, by=by, reason=reason, now=now)
    else:
        actions.end_delegation(
            Delegation.objects.get(pk=uuid.UUID(line.thing)), by=by, reason=reason, now=now
        )


def is_last(row: Mandate, now: datetime) -> bool:
    """Whether nobody could give offices in the academy without ROW."""
    if row.office != Office.DSI or not is_whole(row) or row.shared_from_id:
        return False
    others = holders(Ability.GIVE_MANDATES, row.academy, now).exclude(pk=row.pk)
    return not any(is_whole(other) for other in others)


def part_of(row: Mandate) -> str:
    """The part of the academy that an office is for, as its own name; "" for all of it."""
    if row.school:
        return row.school.name
    return row.network.name if row.network else row.department


def _offices(academy: Academy, now: datetime) -> list[Line]:
    # What a function or a group brings, the academy's own directory confirms each day.
    rows = in_force(now).filter(academy=academy, by_function="", by_group="").exclude(office=Office.PLATFORM)
    rows = rows.select_related(
        "account__person", "school", "network", "academy", "shared_from__account__person"
    )
    return [
        Line(
            kind=Kind.MANDATE, thing=str(row.pk), holder=row.account, school=row.school,
            facts={
                **_who(row.account),
                "right": str(row.office),
                "where": part_of(row),
                "uai": row.school.uai if row.school else "",
                "since": row.starts_at.isoformat(timespec="seconds"),
                "until": row.ends_at.isoformat(timespec="seconds") if row.ends_at else "",
                "why": row.reason,
                "lent_by": row.shared_from.account.person.full_name if row.shared_from else "",
            },
        )
        for row in rows.order_by("office", "account__person__family_name", "pk")
    ]  # fmt: skip


def _managers(academy: Academy) -> list[Line]:
    rows = Membership.objects.filter(
        mailbox__academy=academy, mailbox__is_closed=False, role=Role.MANAGE
    ).select_related("account__person", "mailbox__school")
    return [
        Line(
            kind=Kind.MANAGER, thing=str(row.pk), holder=row.account, school=row.mailbox.school,
            facts={
                **_who(row.account),
                "right": "manager",
                "where": row.mailbox.name,
                "uai": row.mailbox.school.uai if row.mailbox.school else "",
                "since": row.since.isoformat(timespec="seconds"),
            },
        )
        for row in rows.order_by("mailbox__name", "account__person__family_name", "pk")
    ]  # fmt: skip


def _opened(academy: Academy, now: datetime) -> list[Line]:
    """Mailboxes of those who hold an office, opened to others: who reads what is written to the office."""
    rows = Delegation.objects.filter(
        delegations_in_force(now), owner__academy=academy, owner__in=in_force(now).values("account")
    ).select_related("delegate__person", "owner__person")
    return [
        Line(
            kind=Kind.DELEGATION, thing=row.id.hex, holder=row.delegate, school=None,
            facts={
                **_who(row.delegate),
                "right": str(row.right),
                "where": row.owner.person.full_name,
                "since": row.starts_at.isoformat(timespec="seconds"),
                "until": row.ends_at.isoformat(timespec="seconds"),
            },
        )
        for row in rows.order_by("owner__person__family_name", "created_at")
    ]  # fmt: skip


def _who(account: Account) -> dict[str, Any]:
    return {"name": account.person.full_name, "address": primary_address(account)}


def _manager(line: Line) -> QuerySet[Membership]:
    return Membership.objects.filter(pk=line.thing, role=Role.MANAGE, mailbox__is_closed=False)
