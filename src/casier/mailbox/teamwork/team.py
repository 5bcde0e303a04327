"""Who works together at a mailbox, and telling their open pages that something changed there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from casier.audit.wake import tell_browsers
from casier.directory.delegating import effective
from casier.directory.life import ENDED
from casier.directory.models import Account, Delegation, FunctionalMailbox, Membership, Role
from casier.kernel.errors import CasierError
from casier.mailbox.delegations.access import opened
from casier.policies.api import policy_for

EVENT = "teamwork"


class NotOpen(CasierError):
    """The mailbox isn't open to this account."""

    code = "mailbox_not_open"


class MayOnlyRead(CasierError):
    """The account reads this mailbox and changes nothing in it."""

    code = "may_only_read"


@dataclass(frozen=True, slots=True)
class Team:
    """The people of a mailbox; MAY_WORK are those who may say what is to be done there."""

    mailbox_key: str
    target: str  # as the journal names the mailbox
    members: tuple[Account, ...]
    may_work: frozenset[object]

    def tell(self, but: Account | None = None) -> None:
        """Let the open pages of the members ask again."""
        for member in self.members:
            if but is None or member.pk != but.pk:
                tell_browsers(settings.REDIS_SOCKET, EVENT, member.mailbox_key)


def team_of(mailbox_key: str, now: datetime) -> Team | None:
    """Who works at MAILBOX_KEY; None where nobody shares it."""
    mailbox = FunctionalMailbox.objects.filter(mailbox_key=mailbox_key, is_closed=False).first()
    if mailbox is not None:
        return _members(mailbox)
    owner = Account.objects.select_related("academy", "person").filter(mailbox_key=mailbox_key).first()
    return _delegates(owner, now) if owner is not None else None


def team_for(account: Account, mailbox_key: str, now: datetime, *, to_change: bool) -> Team:
    """The team of a mailbox that ACCOUNT belongs to. Raises NotOpen, MayOnlyRead."""
    team = team_of(mailbox_key, now)
    own = mailbox_key == account.mailbox_key
    if team is None or not (own or opened(account, mailbox_key, now)):
        raise NotOpen(mailbox=mailbox_key)
    if to_change and account.pk not in team.may_work:
        raise MayOnlyRead(mailbox=mailbox_key)
    return team


def _members(mailbox: FunctionalMailbox) -> Team:
    rows = Membership.objects.filter(mailbox=mailbox).exclude(account__state__in=sorted(ENDED))
    rows = rows.select_related("account__person").order_by(
        "account__person__family_name", "account__person__given_name"
    )
    members = list(rows)
    return Team(
        mailbox.mailbox_key,
        f"functional:{mailbox.pk.hex}",
        tuple(row.account for row in members),
        frozenset(row.account.pk for row in members if row.role != Role.READ),
    )


def _delegates(owner: Account, now: datetime) -> Team | None:
    rows = Delegation.objects.filter(owner=owner, ended_at=None).select_related("owner", "delegate__person")
    held = list(effective(rows, policy_for(owner.academy), now))
    if not held:
        return None
    writing = {row.delegate.pk for row, right in held if right != "read"}
    return Team(
        owner.mailbox_key,
        f"account:{owner.public_id}",
        (owner, *(row.delegate for row, _ in held)),
        frozenset({owner.pk, *writing}),
    )
