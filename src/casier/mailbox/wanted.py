"""What the engines should hold for an owner, as the directory and the policies say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from django.utils import timezone

from casier.directory.delegating import effective
from casier.directory.life import ENDED
from casier.directory.models import Account, AccountState, DelegateRight, Delegation, FunctionalMailbox, Role
from casier.engines.cyrus.rights import OWNER_RIGHTS, PERSON_RIGHTS, Rights
from casier.policies.api import Policy

# What a delegate may do; making and deleting folders stays the owner's.
DELEGATE_RIGHTS: Mapping[DelegateRight, str] = {
    DelegateRight.READ: "lr",
    DelegateRight.ORGANISE: "lrswiten",
    DelegateRight.BEHALF: "lrswipten",
    DelegateRight.SEND_AS: "lrswipten",
}
# RFC 4314. Nobody but the platform gets `a`: who may open a functional mailbox is the directory's to say.
RIGHTS: Mapping[Role, str] = {
    # No `s`: whoever answers shares one state of reading, which a reader must not change.
    Role.READ: "lr",
    Role.ANSWER: "lrswipten",
    Role.MANAGE: "lrswipkxten",
}


@dataclass(frozen=True, slots=True)
class WantedMailbox:
    """A mailbox as it should be; RIGHTS None: it was never open to others. OWN are those of its owner."""

    key: str
    store: str
    quota_bytes: int
    rights: Rights | None = None
    own: str = PERSON_RIGHTS
    # Whether the store lets its owner in now.
    opens: bool = True


def who_gave(accounts: Iterable[Account]) -> frozenset[UUID]:
    """Those of ACCOUNTS who ever opened their mailbox to somebody: few, asked once for many."""
    ids = [account.pk for account in accounts]
    return frozenset(Delegation.objects.filter(owner__in=ids).values_list("owner_id", flat=True))


def of_account(account: Account, policy: Policy, gave: frozenset[UUID] | None = None) -> WantedMailbox | None:
    """The mailbox of an account; None once it is closed: what is there stays until it is purged.

    GAVE: who ever gave a delegation, where that was asked for many at once.
    """
    if account.state in ENDED:
        return _left(account, policy)
    return WantedMailbox(
        account.mailbox_key,
        account.store.name,
        account.quota_bytes or policy.mail.quota_bytes,
        rights=_given(account, policy) if gave is None or account.pk in gave else None,
        opens=account.state != AccountState.SUSPENDED,
    )


def _left(account: Account, policy: Policy) -> WantedMailbox | None:
    """What a closed account left, where it was handed to somebody; else nobody asks for it."""
    if account.state != AccountState.CLOSED or account.provisioned_at is None:
        return None
    rights = _given(account, policy)
    if rights is None:
        return None
    # What its owner called personal isn't handed on with the rest: the charter says so.
    rights = replace(rights, but_personal=True)
    size = account.quota_bytes or policy.mail.quota_bytes
    return WantedMailbox(account.mailbox_key, account.store.name, size, rights=rights, opens=False)


def _given(account: Account, policy: Policy) -> Rights | None:
    """What the account's delegations come to now; None where it never gave one."""
    rows = list(account.delegations_given.select_related("owner", "delegate"))
    return rights_given(effective(rows, policy, timezone.now())) if rows else None


def rights_given(held: Iterable[tuple[Delegation, DelegateRight]]) -> Rights:
    """The rights of delegates, in the whole mailbox or in single folders."""
    everywhere: dict[str, str] = {}
    only: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for row, right in held:
        for folder in row.folders:
            only[folder][row.delegate.mailbox_key] = DELEGATE_RIGHTS[right]
        if not row.folders:
            everywhere[row.delegate.mailbox_key] = DELEGATE_RIGHTS[right]
    return Rights(everywhere, dict(only))


def of_mailbox(mailbox: FunctionalMailbox, policy: Policy) -> WantedMailbox | None:
    """A functional mailbox with the rights of its members. One that is closed opens to nobody any more."""
    if mailbox.is_closed and mailbox.provisioned_at is None:
        return None
    return WantedMailbox(
        mailbox.mailbox_key,
        mailbox.store.name,
        mailbox.quota_bytes or policy.mail.functional_quota_bytes,
        Rights(
            {member.account.mailbox_key: RIGHTS[Role(member.role)] for member in mailbox.memberships.all()},
            with_all=True,
        ),
        OWNER_RIGHTS,
    )


def whole_kilobytes(quota_bytes: int) -> int:
    """A quota as a store counts it."""
    return quota_bytes // 1024 * 1024
