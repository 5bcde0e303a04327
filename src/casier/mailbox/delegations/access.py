"""Whose mailboxes an account opens besides its own, and what it may do there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.db.models import Q

from casier.directory.delegating import SENDING, effective
from casier.directory.models import Account, Address, DelegateRight, Delegation, Membership, Role
from casier.policies.api import policy_for


class Kind(StrEnum):
    """Why a mailbox is open to someone."""

    FUNCTIONAL = "functional"
    DELEGATED = "delegated"


@dataclass(frozen=True, slots=True)
class Opened:
    """Another's mailbox that is open to an account now."""

    kind: Kind
    mailbox_key: str
    name: str
    addresses: tuple[str, ...]  # the main one first
    writes: bool  # files and marks
    sends_as: bool
    on_behalf: bool
    until: datetime | None = None
    delegation: str = ""

    @property
    def address(self) -> str:
        """Its main address."""
        return self.addresses[0]


def opened_to(account: Account, now: datetime) -> list[Opened]:
    """Every mailbox that is open to ACCOUNT at NOW: functional ones by address, then those of colleagues."""
    return [*_functional(account), *_delegated(account, now)]


def opened(account: Account, mailbox_key: str, now: datetime) -> Opened | None:
    """The mailbox MAILBOX_KEY as it is open to ACCOUNT; None where it isn't."""
    return next((one for one in opened_to(account, now) if one.mailbox_key == mailbox_key), None)


def held_by(account: Account, now: datetime) -> Iterator[tuple[Delegation, DelegateRight]]:
    """The delegations that ACCOUNT holds at NOW, each with what it comes to."""
    rows = Delegation.objects.filter(delegate=account, ended_at=None).select_related("owner__person")
    held = list(rows.order_by("owner__person__family_name"))
    # Hardly anybody holds one: the policy is asked for who does.
    return effective(held, policy_for(account.academy), now) if held else iter(())


def _functional(account: Account) -> list[Opened]:
    memberships = account.memberships.filter(mailbox__is_closed=False).select_related("mailbox")
    rows = list(memberships.order_by("mailbox__name", "mailbox__mailbox_key"))
    addresses = _live(Q(mailbox__in=[row.mailbox_id for row in rows]))
    return [_member(row, addresses.get(row.mailbox_id, ())) for row in rows]


def _member(row: Membership, addresses: tuple[str, ...]) -> Opened:
    mailbox, writes = row.mailbox, row.role != Role.READ
    return Opened(
        Kind.FUNCTIONAL,
        mailbox.mailbox_key,
        mailbox.name,
        addresses or (mailbox.mailbox_key,),
        writes,
        writes,
        writes,
    )


def _delegated(account: Account, now: datetime) -> list[Opened]:
    held = list(held_by(account, now))
    addresses = _live(Q(account__in=[row.owner_id for row, _ in held]))
    return [
        Opened(
            Kind.DELEGATED,
            row.owner.mailbox_key,
            row.owner.person.full_name,
            addresses.get(row.owner_id, ()) or (row.owner.mailbox_key,),
            writes=right is not DelegateRight.READ,
            sends_as=right is DelegateRight.SEND_AS,
            on_behalf=right in SENDING,
            until=row.ends_at,
            delegation=row.id.hex,
        )
        for row, right in held
    ]


def _live(whose: Q) -> dict[UUID, tuple[str, ...]]:
    """The live addresses of owners, by their id."""
    found: dict[UUID, tuple[str, ...]] = {}
    rows = Address.objects.filter(whose, retired_at=None).order_by("-is_primary", "address")
    for owner, mailbox, address in rows.values_list("account", "mailbox", "address"):
        found[owner or mailbox] = (*found.get(owner or mailbox, ()), address)
    return found
